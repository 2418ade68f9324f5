//! An empty or filled database in a folder.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, ensure};

/// Runs PostgreSQL until its standard input ends. Nothing listens on a port. The folder is given to `nobody` where root
/// starts it, since PostgreSQL refuses to run as root.
const RUN: &str = r#"
programs=$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -V | tail -1)
[ -n "$programs" ] || programs=$(dirname "$(readlink -f "$(command -v initdb)")")
as=env
if [ "$(id -u)" = 0 ]; then
    chown nobody:nogroup "$0"
    as="setpriv --reuid=nobody --regid=nogroup --clear-groups"
fi
cd "$0" || exit 1
[ -d data ] || $as "$programs/initdb" --pgdata=data --username=deskbell --auth=trust --encoding=UTF8 --no-locale > log 2>&1
$as "$programs/postgres" -D data -k "$1" -c listen_addresses= -c fsync=off >> log 2>&1 < /dev/null &
until "$programs/pg_isready" --quiet --host="$1"; do
    kill -0 $! || { cat log >&2; exit 1; }
done
"$programs/createdb" --host="$1" --username=deskbell deskbell 2> /dev/null
echo ready
cat > /dev/null
kill -INT $!
wait
"#;

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

pub(crate) struct Database {
    pub(crate) kind: Kind,
    /// The server's data folder.
    pub(crate) folder: PathBuf,
    /// `database.url`.
    pub(crate) url: String,
    /// Runs as long as this lives.
    _cluster: Option<Cluster>,
}

struct Cluster {
    process: Child,
    sockets: tempfile::TempDir,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

impl Database {
    pub(crate) fn open(kind: Kind, folder: &Path) -> anyhow::Result<Self> {
        // The server keeps others out of its folder, so PostgreSQL has one beside it.
        let (cluster, folder) = (folder.join("cluster"), folder.join("server"));
        std::fs::create_dir_all(&folder)?;
        let (url, cluster) = match kind {
            Kind::Sqlite => ("sqlite".into(), None),
            Kind::Postgres => {
                let cluster = Cluster::start(&cluster)?;
                let sockets = cluster.sockets.path().to_str().context("a path")?.replace('/', "%2F");
                (format!("postgres://deskbell@{sockets}/deskbell"), Some(cluster))
            }
        };
        Ok(Self { kind, folder, url, _cluster: cluster })
    }

    /// Its own program, which reads SQL.
    pub(crate) fn program(&self) -> Command {
        let mut command;
        match self.kind {
            Kind::Sqlite => {
                command = Command::new("sqlite3");
                command.args(["-bail"]).arg(self.folder.join("deskbell.sqlite"));
            }
            Kind::Postgres => {
                command = Command::new("psql");
                command.args(["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", &self.url]);
            }
        }
        command
    }

    pub(crate) fn is_filled(&self) -> bool {
        self.folder.join("filled").exists()
    }

    pub(crate) fn note_filled(&self) -> anyhow::Result<()> {
        Ok(std::fs::write(self.folder.join("filled"), "")?)
    }

    /// The one number that a question is answered with.
    pub(crate) fn number(&self, sql: &str) -> anyhow::Result<i64> {
        let mut program = self.program();
        if self.kind == Kind::Postgres {
            program.args(["--tuples-only", "--no-align", "--command"]);
        }
        let output = program.arg(sql).stdin(Stdio::null()).output()?;
        let text = String::from_utf8(output.stdout)?;
        text.trim().parse().with_context(|| format!("{sql}: {text}"))
    }
}

impl Cluster {
    fn start(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let sockets = tempfile::tempdir()?;
        let mut run = Command::new("sh");
        run.args(["-c", &format!("chmod 777 \"$1\"; {RUN}")]).arg(folder).arg(sockets.path());
        let mut process = run.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().context("piped")?).read_line(&mut line)?;
        ensure!(line == "ready\n", "PostgreSQL did not start: see {}/log", folder.display());
        Ok(Self { process, sockets })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        self.process.wait().ok();
    }
}
