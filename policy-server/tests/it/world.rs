//! A running server with an empty database, a clock that stands still, and an API token made on the command line.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
};

use deskbell_server::{app::App, clock::ManualClock, config::Config, serve, store::Store};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};

use crate::{cluster, mail_server::MailServer};

/// 2026-01-01 00:00 UTC.
const NEW_YEAR: i64 = 1_767_225_600_000;

/// How long something may take that happens by itself.
const DEADLINE: std::time::Duration = std::time::Duration::from_secs(20);

/// What a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

pub(crate) struct World {
    pub origin: String,
    pub database_url: String,
    pub clock: Arc<ManualClock>,
    pub client: Client,
    pub folder: TempDir,
    /// Where [`World::program`] has its data.
    pub data: PathBuf,
    /// The port, kept while servers come and go.
    listener: TcpListener,
    pub api_token: String,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

/// An MSP with one organization, one end user and one enrollment token, its portal published, and a policy at the top of
/// the tree: a visible tray with one portal entry.
pub(crate) struct Msp {
    pub world: World,
    pub organization: String,
    pub jane: String,
    pub portal_user: String,
    pub policy: String,
    pub enrollment_token: String,
}

impl Database {
    /// `database.url` for a new, empty database.
    pub(crate) fn new_url(self) -> String {
        match self {
            Self::Sqlite => "sqlite".into(),
            Self::Postgres => cluster::new_database(),
        }
    }
}

impl World {
    pub(crate) async fn start(database: Database) -> Self {
        Self::configured(database, |_| {}).await
    }

    /// A server with something else than the defaults.
    pub(crate) async fn configured(database: Database, configure: impl FnOnce(&mut Config)) -> Self {
        rustls::crypto::ring::default_provider().install_default().ok();
        let folder = tempfile::tempdir().expect("a folder");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let origin = format!("http://localhost:{}", listener.local_addr().expect("an address").port());
        let mut config = Config { public_url: origin.parse().expect("a URL"), ..Config::default() };
        config.data.folder = folder.path().to_owned();
        let database_url = database.new_url();
        config.database.url.clone_from(&database_url);
        configure(&mut config);
        let clock = Arc::new(ManualClock::at(NEW_YEAR));
        let (stop, stopped) = oneshot::channel::<()>();
        let served = listener.try_clone().expect("the same port");
        let serving = serve(config, Arc::clone(&clock) as _, vec![served], async {
            stopped.await.ok();
        });
        let serving = tokio::spawn(async { serving.await.expect("the server runs to its end") });
        let client =
            Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().expect("a client");
        let ready = client.get(format!("{origin}/readyz")).send().await.expect("the server answers");
        assert_eq!(ready.status(), StatusCode::OK);
        let api_token = api_token(folder.path(), &database_url);
        Self {
            origin,
            database_url,
            clock,
            client,
            data: folder.path().to_owned(),
            folder,
            listener,
            api_token,
            stop: Some(stop),
            serving,
        }
    }

    /// The parts of another server on the same database.
    pub(crate) async fn beside(&self) -> Arc<App> {
        let mut config = Config { public_url: self.origin.parse().expect("a URL"), ..Config::default() };
        config.data.folder.clone_from(&self.data);
        config.database.url.clone_from(&self.database_url);
        let location = config.database_location().expect("a place");
        let store = Store::open(&location).await.expect("opened");
        Arc::new(App::new(config, store, Arc::clone(&self.clock) as _).await.expect("made"))
    }

    /// Ends the server that runs within the test. Its port stays open for [`Self::program`].
    pub(crate) async fn stop(&mut self) {
        drop(self.stop.take());
        (&mut self.serving).await.expect("the server ran to its end");
    }

    /// Runs the server's program on the same port and data.
    pub(crate) async fn program(&self, before: &str) -> ServerProgram {
        let listener = self.listener.try_clone().expect("the same port");
        let environment = [("DESKBELL_SERVER__DATABASE__URL", self.database_url.as_str())];
        ServerProgram::on(listener, &self.data, before, &environment).await
    }

    /// Runs a statement on the database by its own program, and gives what it complains of.
    pub(crate) fn sql(&self, statement: &str) -> String {
        let output = self.sql_program().arg(statement).output().expect("it runs");
        String::from_utf8(output.stderr).expect("text")
    }

    /// What a question to the database is answered with, in one column.
    pub(crate) fn query(&self, question: &str) -> String {
        let mut program = self.sql_program();
        program.stdin(std::process::Stdio::null()).arg(question);
        let output = program.output().expect("it runs");
        assert!(output.status.success(), "{question}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    }

    /// Runs statements, however many.
    pub(crate) fn run_sql(&self, script: &str) {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), script).expect("written");
        let mut program = if self.database_url.starts_with("postgres:") {
            let mut psql = Command::new("psql");
            psql.args([&self.database_url, "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"]);
            psql
        } else {
            let mut sqlite = Command::new("sqlite3");
            sqlite.arg("-bail").arg(self.data.join("deskbell.sqlite"));
            sqlite
        };
        let output = program.stdin(file.reopen().expect("a file")).output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn sql_program(&self) -> Command {
        if self.database_url.starts_with("postgres:") {
            let mut psql = Command::new("psql");
            psql.args([&self.database_url, "--tuples-only", "--no-align", "--command"]);
            psql
        } else {
            let mut sqlite = Command::new("sqlite3");
            sqlite.arg(self.data.join("deskbell.sqlite"));
            sqlite
        }
    }

    /// Everything that is in the database, as it stands there.
    pub(crate) fn stored(&self) -> Vec<u8> {
        if self.database_url.starts_with("postgres:") {
            let dump = Command::new("pg_dump").arg(&self.database_url).output().expect("pg_dump runs");
            assert!(dump.status.success(), "pg_dump: {}", String::from_utf8_lossy(&dump.stderr));
            return dump.stdout;
        }
        let files = std::fs::read_dir(self.folder.path()).expect("the data folder");
        let files = files.map(|file| file.expect("a file").path()).filter(|path| path.is_file());
        files.flat_map(|file| std::fs::read(file).expect("readable")).collect()
    }

    /// Asks the API and gives status and body.
    pub(crate) async fn api(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let request = self.client.request(method, format!("{}/api/v1{path}", self.origin)).bearer_auth(&self.api_token);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let answer = request.send().await.expect("an answer");
        (answer.status(), answer.json().await.expect("JSON"))
    }

    /// What the API shows as soon as it is `so`.
    pub(crate) async fn once(&self, path: &str, so: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        let found = async {
            loop {
                last = self.get(path).await;
                if so(&last) {
                    return;
                }
            }
        };
        let in_time = tokio::time::timeout(DEADLINE, found).await.is_ok();
        assert!(in_time, "GET {path} never was as expected, but {last}");
        last
    }

    /// A file of the API.
    pub(crate) async fn bytes(&self, path: &str) -> Vec<u8> {
        let get = self.client.get(format!("{}/api/v1{path}", self.origin)).bearer_auth(&self.api_token);
        let answer = get.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "GET {path}");
        answer.bytes().await.expect("bytes").to_vec()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.api(Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK, "GET {path}: {body}");
        body
    }

    /// Makes or changes something that must succeed.
    pub(crate) async fn done(&self, method: Method, path: &str, body: Value) -> Value {
        let (status, answer) = self.api(method.clone(), path, Some(body)).await;
        assert!(status.is_success(), "{method} {path}: {answer}");
        answer
    }

    pub(crate) async fn made(&self, path: &str, body: Value) -> String {
        self.done(Method::POST, path, body).await["id"].as_str().expect("an id").to_owned()
    }
}

impl Msp {
    pub(crate) async fn start(database: Database) -> Self {
        Self::of(World::start(database).await).await
    }

    /// The portal at `public_url`.
    pub(crate) async fn portal(&self) -> String {
        self.world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned()
    }

    /// The same, with mails that go to this server.
    pub(crate) async fn mailing(database: Database, mails: &MailServer) -> Self {
        Self::of(World::configured(database, |config| config.mail = Some(mails.config())).await).await
    }

    /// The same on a server that runs.
    pub(crate) async fn of(world: World) -> Self {
        let provider =
            json!({"name": "Northwind IT", "support_phone": "+1 555 0100", "support_email": "help@northwind.example"});
        world.done(Method::PATCH, "/provider", provider).await;
        let organization = world.made("/organizations", json!({"name": "Contoso"})).await;
        let jane = json!({"organization_id": organization, "name": "Jane Doe", "phone": "+1 555 0142"});
        let jane = world.made("/end-users", jane).await;
        let portal_user = json!({"organization_id": organization, "end_user_id": jane, "sign_in_name": "jane"});
        let portal_user = world.made("/portal-users", portal_user).await;
        let portal = world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned();
        world.done(Method::PATCH, &format!("/portals/{portal}"), json!({"published": true})).await;
        let policy = world.made("/policies", policy_json("Standard", "Customer Online Portal")).await;
        world.done(Method::PUT, "/provider/policy", json!({"policy_id": policy})).await;
        let token = json!({"organization_id": organization, "name": "roll-out"});
        let token = world.done(Method::POST, "/enrollment-tokens", token).await;
        let enrollment_token = token["token"].as_str().expect("a token").to_owned();
        Self { world, organization, jane, portal_user, policy, enrollment_token }
    }
}

/// A policy with a visible tray and one portal entry, `portal`.
pub(crate) fn policy_json(name: &str, label: &str) -> Value {
    let entry = json!({"id": "portal", "type": "portal", "label": {"text": label}});
    json!({"name": name, "settings": {"hide_tray": false}, "menu": {"mode": "replace", "entries": [entry]}})
}

/// Makes an API token on the command line.
pub(crate) fn api_token(folder: &Path, database_url: &str) -> String {
    let output = command(folder, database_url, &["api-token", "create", "tests"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

/// Runs the server's program with its data in `folder` and its database at `database_url`.
pub(crate) fn command(folder: &Path, database_url: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_deskbell-server"))
        .args(arguments)
        .env("DESKBELL_SERVER__DATA__FOLDER", folder)
        .env("DESKBELL_SERVER__DATABASE__URL", database_url)
        .output()
        .expect("the program runs")
}

/// The server's program on a port that this test holds, so that nobody else can take it: handed over as a service manager
/// would. `before` is shell that runs first, such as a limit.
pub(crate) struct ServerProgram {
    pub(crate) origin: String,
    pub(crate) process: tokio::process::Child,
    pub(crate) log: tokio::io::Lines<tokio::io::BufReader<tokio::process::ChildStderr>>,
    /// What it prints.
    pub(crate) printed: tokio::io::BufReader<tokio::process::ChildStdout>,
}

impl ServerProgram {
    /// Starts it and waits until its log says that it is ready; gives the lines until then, too.
    pub(crate) async fn start(folder: &Path, before: &str, environment: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        Self::on(listener, folder, before, environment).await
    }

    async fn on(listener: TcpListener, folder: &Path, before: &str, environment: &[(&str, &str)]) -> Self {
        use tokio::io::AsyncBufReadExt as _;
        let origin = format!("http://localhost:{}", listener.local_addr().expect("an address").port());
        let script = format!("{before} exec 3<&0 0</dev/null; exec \"$0\" serve");
        let mut process = tokio::process::Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_deskbell-server")])
            .env("LISTEN_FDS", "1")
            .env("DESKBELL_SERVER__DATA__FOLDER", folder)
            .env("DESKBELL_SERVER__PUBLIC_URL", &origin)
            .envs(environment.iter().copied())
            .stdin(std::os::fd::OwnedFd::from(listener))
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the program runs");
        let mut log = tokio::io::BufReader::new(process.stderr.take().expect("piped")).lines();
        while !log.next_line().await.expect("a line").expect("it says that it is ready").contains("is ready") {}
        let printed = tokio::io::BufReader::new(process.stdout.take().expect("piped"));
        Self { origin, process, log, printed }
    }
}
