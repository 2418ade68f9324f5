//! A real Request Tracker 5, started by the test on a database of its own, gets tickets. `tests/run --long` runs this: it
//! needs the packages `request-tracker5`, `rt5-db-sqlite` and `rt5-standalone`.

use std::{fs, net::TcpListener, os::fd::OwnedFd, path::Path, process::Stdio, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{Client, Method, StatusCode, multipart};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::{
    agents::Agent,
    browsers::{Browser, FORM},
    tls_relay::TlsRelay,
    transfers::{has_arrived, has_failed, set, ticket, transfer, wake},
    world::{Database, Msp, World},
};

const SERVER: &str = "/usr/share/request-tracker5/libexec/rt-server";

/// Makes a user with the rights that Deskbell's connector asks for, and prints a token.
const SET_UP: &str = r"
use lib '/usr/share/request-tracker5/lib';
use RT -init;
use RT::AuthToken;
my $user = RT::User->new(RT->SystemUser);
my ($id, $why) = $user->Create(Name => 'deskbell', Privileged => 1);
die $why unless $id;
my $queue = RT::Queue->new(RT->SystemUser);
$queue->Load('General');
for my $right (qw(SeeQueue CreateTicket ShowTicket)) {
    my ($done, $why) = $user->PrincipalObj->GrantRight(Right => $right, Object => $queue);
    die $why unless $done;
}
my ($made, $not, $token) = RT::AuthToken->new(RT->SystemUser)->Create(Owner => $user->Id, Description => 'Deskbell');
die $not unless $made;
print $token;
";

struct RequestTracker {
    folder: TempDir,
    token: String,
    running: Option<Running>,
    client: Client,
}

struct Running {
    process: Child,
    port: u16,
}

impl Drop for Running {
    /// Its workers, too: they are one group.
    fn drop(&mut self) {
        let group = self.process.id().map(|id| format!("-{id}"));
        let killed = group.map(|group| std::process::Command::new("kill").args(["-KILL", "--", &group]).status());
        assert!(killed.is_some_and(|status| status.is_ok()), "Request Tracker ended by itself");
    }
}

impl RequestTracker {
    async fn install() -> Self {
        assert!(Path::new(SERVER).exists(), "the package request-tracker5 is missing: run tests/run --long");
        rustls::crypto::ring::default_provider().install_default().ok();
        let folder = tempfile::tempdir().expect("a folder");
        let here = folder.path().display();
        let config = format!(
            "Set($rtname, 'rt.example'); Set($Organization, 'rt.example'); Set($WebDomain, 'localhost');\n\
             Set($DatabaseType, 'SQLite'); Set($DatabaseName, '{here}/rt.sqlite'); Set($MailCommand, 'mbox');\n\
             Set($WebSessionClass, 'Apache::Session::File'); Set($MasonSessionDir, '{here}/session');\n\
             Set($MasonDataDir, '{here}/mason'); Set($LogToSyslog, ''); Set($LogToSTDERR, 'error');\n\
             Set($LogDir, '{here}'); 1;\n"
        );
        fs::write(folder.path().join("RT_SiteConfig.pm"), config).expect("written");
        for name in ["session", "mason", "RT_SiteConfig.d"] {
            fs::create_dir(folder.path().join(name)).expect("made");
        }
        let mut tracker = Self { folder, token: String::new(), running: None, client: Client::new() };
        tracker
            .run(
                "/usr/sbin/rt-setup-database-5",
                &["--action", "init", "--dba", "rt", "--dba-password", "", "--skip-create"],
            )
            .await;
        tracker.token = tracker.run("perl", &["-e", SET_UP]).await;
        tracker
    }

    /// Runs one of its programs to its end, and gives what it prints.
    async fn run(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.command(program).args(arguments).output().await.expect("it runs");
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("RT_SITE_CONFIG", self.folder.path().join("RT_SiteConfig.pm"));
        command.env("RT_SITE_CONFIG_DIR", self.folder.path().join("RT_SiteConfig.d")).kill_on_drop(true);
        command
    }

    /// Starts it on a port that is open before: whoever asks at once waits until it is up.
    fn start(&mut self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let script = format!("exec 3<&0 0</dev/null; exec {SERVER} --server Starlet --max-workers 2");
        let mut command = self.command("sh");
        command.args(["-c", &script]).env("SERVER_STARTER_PORT", format!("127.0.0.1:{port}=3")).process_group(0);
        let process = command.stdin(OwnedFd::from(listener)).stdout(Stdio::null()).spawn().expect("it runs");
        self.running = Some(Running { process, port });
        port
    }

    fn stop(&mut self) {
        self.running = None;
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Value {
        let port = self.running.as_ref().expect("it runs").port;
        let url =
            url::Url::parse_with_params(&format!("http://127.0.0.1:{port}/REST/2.0/{path}"), query).expect("a URL");
        let get = self.client.get(url).header("authorization", format!("token {}", self.token));
        let answer = get.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.expect("JSON")
    }

    /// The numbers of the tickets that a query finds.
    async fn found(&self, query: &str) -> Vec<String> {
        let found = self.get("tickets", &[("query", query), ("per_page", "100")]).await;
        let items = found["items"].as_array().expect("a list").iter();
        items.map(|item| item["id"].to_string().trim_matches('"').to_owned()).collect()
    }

    /// Everything that is attached to a ticket, texts as well: names and contents.
    async fn attached(&self, ticket: &str) -> Vec<(String, Vec<u8>)> {
        let list = self.get(&format!("ticket/{ticket}/attachments"), &[]).await;
        let mut attached = Vec::new();
        for item in list["items"].as_array().expect("a list") {
            let id = item["id"].to_string();
            let one = self.get(&format!("attachment/{}", id.trim_matches('"')), &[]).await;
            let content = one["Content"].as_str().unwrap_or_default().replace('\n', "");
            let name = one["Filename"].as_str().unwrap_or_default().to_owned();
            attached.push((name, STANDARD.decode(content).expect("base64")));
        }
        attached
    }
}

async fn with_file(msp: &Msp, description: &str, file: (&str, Vec<u8>)) -> String {
    let agent = Agent::of_jane(msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    let mut parts = multipart::Form::new().text("description", description.to_owned());
    for name in ["form_id", "form_for"] {
        parts = parts.text(name, form.value(&format!("input[name={name}]")));
    }
    parts = parts.part("files", multipart::Part::bytes(file.1).file_name(file.0.to_owned()));
    let origin = &msp.world.origin;
    let post = msp.world.client.post(format!("{origin}{FORM}")).header("origin", origin).multipart(parts);
    browser.send(post).await.location().rsplit('/').next().expect("an id").to_owned()
}

#[tokio::test]
async fn a_real_request_tracker_gets_each_ticket_once_also_after_lost_answers_and_an_hour_away() {
    let mut tracker = RequestTracker::install().await;
    let relay = TlsRelay::start(tracker.start()).await;
    let msp = Msp::of(World::configured(Database::Sqlite, |config| config.outbound = relay.outbound()).await).await;
    let jane = json!({"name": "Doe, \"Jane\" <x@evil.example>", "email": "jane@contoso.example"});
    msp.world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), jane).await;
    set(&msp.world, &relay.origin, "General", &tracker.token).await;

    let png = (0..=255).cycle().take(300_000).collect::<Vec<u8>>();
    let first = with_file(&msp, "Drucker 東京 «brennt»\n\nSince 12’", ("東京 schön.png", png.clone())).await;
    let arrived = transfer(&msp, &first, has_arrived).await;
    let number = arrived["remote_number"].as_str().expect("a number");
    assert_eq!(arrived["remote_url"], format!("{}/Ticket/Display.html?id={number}", relay.origin));
    let made = tracker.get(&format!("ticket/{number}"), &[]).await;
    assert_eq!((&made["Subject"], &made["Status"]), (&json!("[1001] Drucker 東京 «brennt»"), &json!("new")));
    let requestors: Vec<_> = made["Requestor"].as_array().expect("a list").iter().map(|one| &one["id"]).collect();
    assert_eq!(requestors, [&json!("jane@contoso.example")]);
    let link = |id: &str| format!("{}/console/tickets/{id}", msp.world.origin);
    assert!(made["_hyperlinks"].to_string().contains(&link(&first)), "{made}");
    let attached = tracker.attached(number).await;
    let text = attached.iter().find_map(|(name, content)| {
        let text = String::from_utf8(content.clone()).ok().filter(|text| !text.is_empty())?;
        name.is_empty().then_some(text)
    });
    let text = text.expect("a text");
    assert!(text.starts_with("Drucker 東京 «brennt»\n\nSince 12’\n\nDeskbell: http://localhost:"), "{text}");
    assert!(text.contains("\nSerial number: SN-1\n") && text.contains("\nOrganization: Contoso\n"), "{text}");
    let file = attached.iter().find(|(name, _)| name == "東京 schön.png");
    let names: Vec<_> = attached.iter().map(|(name, content)| (name, content.len())).collect();
    assert!(file.is_some_and(|(_, content)| *content == png), "byte for byte: {names:?}");

    relay.lose_answers(1);
    let lost = ticket(&msp, &[("description", "The answer is lost")]).await;
    transfer(&msp, &lost, has_failed).await;
    assert_eq!(relay.answers_still_to_lose(), 0);
    wake(&msp, Duration::from_secs(5)).await;
    transfer(&msp, &lost, has_arrived).await;

    tracker.stop();
    relay.lead_to(None);
    let mut away = Vec::new();
    for description in ["one", "two", "three"] {
        let id = ticket(&msp, &[("description", description)]).await;
        transfer(&msp, &id, has_failed).await;
        away.push(id);
    }
    wake(&msp, Duration::from_hours(1)).await;
    for id in &away {
        transfer(&msp, id, |transfer| has_failed(transfer) && transfer["attempts"] == 2).await;
    }
    relay.lead_to(Some(tracker.start()));
    wake(&msp, Duration::from_hours(1)).await;
    for id in &away {
        transfer(&msp, id, has_arrived).await;
    }
    for id in [&[first, lost][..], &away].concat() {
        assert_eq!(tracker.found(&format!("RefersTo = '{}'", link(&id))).await.len(), 1, "{id}");
    }
    assert_eq!(tracker.found("Queue = 'General'").await.len(), 5);
}
