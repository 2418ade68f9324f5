//! A PostgreSQL of this test process alone: begun by the first test that needs it, ended and removed when the process
//! ends, however it ends.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

use uuid::Uuid;

/// Runs PostgreSQL until its standard input ends, which is when the test process does. Nothing listens on a port.
/// `fsync` is off: these tests end servers of Deskbell, never PostgreSQL itself.
const RUN: &str = r#"
folder=$(mktemp -d /tmp/deskbell-postgres.XXXXXX) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
"$0/initdb" --pgdata=data --username=deskbell --auth=trust --encoding=UTF8 --no-locale > log 2>&1 || { cat log >&2; exit 1; }
"$0/postgres" -D data -k "$folder" -c listen_addresses= -c max_connections=300 -c fsync=off >> log 2>&1 < /dev/null &
until "$0/pg_isready" --quiet --host="$folder"; do
    kill -0 $! || { cat log >&2; exit 1; }
done
echo "$folder"
cat > /dev/null
kill -QUIT $!
wait
"#;

static CLUSTER: OnceLock<Cluster> = OnceLock::new();

struct Cluster {
    programs: PathBuf,
    socket_folder: String,
    /// Lives while its standard input is open.
    _process: Child,
}

/// Makes an empty database and gives its URL.
pub(crate) fn new_database() -> String {
    let Cluster { programs, socket_folder, .. } = CLUSTER.get_or_init(Cluster::start);
    let name = format!("test_{}", Uuid::now_v7().simple());
    let create = Command::new(programs.join("createdb"))
        .args(["--host", socket_folder, "--username", "deskbell", &name])
        .output()
        .expect("createdb runs");
    assert!(create.status.success(), "createdb: {}", String::from_utf8_lossy(&create.stderr));
    format!("postgres://deskbell@{}/{name}", socket_folder.replace('/', "%2F"))
}

impl Cluster {
    fn start() -> Self {
        let programs = programs();
        let mut run = as_ordinary_user();
        run.args(["sh", "-c", RUN]).arg(&programs).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = run.spawn().expect("a shell as an ordinary user");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut line).expect("text");
        assert!(line.ends_with('\n'), "PostgreSQL in {} did not start; the reason is above", programs.display());
        Self { programs, socket_folder: line.trim_end().to_owned(), _process: process }
    }
}

/// PostgreSQL refuses to run as root.
fn as_ordinary_user() -> Command {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    if id.stdout == b"0\n" {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]);
        command
    } else {
        Command::new("env")
    }
}

/// The newest PostgreSQL: on the search path, or where Debian has it.
fn programs() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).find(|folder| folder.join("initdb").exists());
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let debian = debian.map(|version| version.path().join("bin")).filter(|folder| folder.join("initdb").exists());
    let folder = on_path.or_else(|| debian.max_by_key(|folder| version(folder)));
    let folder = folder.expect("PostgreSQL is needed for these tests: install its server (Debian: postgresql)");
    // A link on the search path need not have every program beside it.
    let initdb = folder.join("initdb").canonicalize().expect("a file");
    initdb.parent().expect("a folder").to_owned()
}

fn version(programs: &Path) -> Option<u32> {
    programs.parent()?.file_name()?.to_str()?.parse().ok()
}
