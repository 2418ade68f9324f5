//! Mail: what is written, what a mail server gets, and what is tried again.

use std::{collections::HashSet, sync::Arc, time::Duration};

use deskbell_server::{
    clock::{Clock as _, SystemClock},
    config::MailConfig,
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::{
        Mutex,
        mpsc::{self, UnboundedReceiver, UnboundedSender},
        watch,
    },
};

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::Browser,
    staff_members::member,
    world::{Msp, ServerProgram, World},
};

/// A mail server that answers the end of each mail with the next of its answers, and then with 250.
pub(super) struct MailServer {
    pub(super) url: String,
    /// Each mail that was offered: its envelope's recipient and its text.
    mails: UnboundedReceiver<(String, String)>,
}

impl MailServer {
    pub(super) async fn start(answers: &[&'static str]) -> Self {
        Self::busy_until(1, answers).await
    }

    /// One that lets everybody wait until so many have come.
    async fn busy_until(connections: usize, answers: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("smtp://127.0.0.1:{}", listener.local_addr().expect("an address").port());
        let (sender, mails) = mpsc::unbounded_channel();
        let answers = Arc::new(Mutex::new(answers.iter().rev().copied().collect::<Vec<_>>()));
        let come = watch::Sender::new(0);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                come.send_modify(|come| *come += 1);
                let (sender, answers, mut come) = (sender.clone(), Arc::clone(&answers), come.subscribe());
                tokio::spawn(async move {
                    come.wait_for(|come| *come >= connections).await.ok();
                    converse(stream, sender, answers).await
                });
            }
        });
        Self { url, mails }
    }

    pub(super) async fn next(&mut self) -> (String, String) {
        let next = tokio::time::timeout(Duration::from_secs(20), self.mails.recv()).await;
        next.expect("a mail comes").expect("the mail server runs")
    }
}

/// One conversation (RFC 5321 §3.1 to §3.3).
async fn converse(
    stream: TcpStream,
    mails: UnboundedSender<(String, String)>,
    answers: Arc<Mutex<Vec<&'static str>>>,
) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 mail.example\r\n").await?;
    let mut recipient = String::new();
    while let Some(line) = lines.next_line().await? {
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "RCPT" => {
                recipient = line;
                "250 Good"
            }
            "DATA" => {
                write.write_all(b"354 Go on\r\n").await?;
                let mut text = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    text.push_str(&line);
                    text.push('\n');
                }
                mails.send((recipient.clone(), text)).ok();
                answers.lock().await.pop().unwrap_or("250 Taken")
            }
            "QUIT" => "221 Bye",
            _ => "250 Good",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

async fn msp(server: &MailServer) -> Msp {
    let mail = MailConfig { smtp: server.url.clone(), from: "help@northwind.example".into() };
    let msp = Msp::of(World::configured(DATABASE, |config| config.mail = Some(mail)).await).await;
    let forward = json!({"address": "desk@northwind.example"});
    msp.world.done(Method::PUT, "/ticket-forwarding", forward).await;
    msp
}

pub(super) async fn send_ticket(msp: &Msp, fields: &[(&str, &str)]) -> String {
    let agent = Agent::of_jane(msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    let receipt = browser.send_form(&form, fields).await;
    receipt.location().rsplit('/').next().expect("an id").to_owned()
}

fn state(list: &Value) -> (&Value, &Value) {
    (&list["items"][0]["state"], &list["items"][0]["attempts"])
}

#[tokio::test]
async fn without_a_mail_server_the_console_shows_what_would_be_sent() {
    let msp = Msp::start(DATABASE).await;
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    let path = "/console/settings/mail";
    let bad = boss.post(path, &[("address", "desk@northwind.example, x@y.example")]).await;
    assert_eq!(
        (bad.status, bad.value("#address").as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "desk@northwind.example, x@y.example")
    );
    assert!(bad.text("#address-error").contains("an e-mail address"), "{}", bad.html);
    let saved = boss.post(path, &[("address", "desk@northwind.example")]).await;
    assert_eq!(saved.location(), "/console/settings/mail?done=saved");
    let ticket = send_ticket(&msp, &[("description", "Printer on fire\nSince noon"), ("phone", "+1 555 0142")]).await;

    let list = boss.get(path).await;
    assert!(list.text(".caution").contains("No mail server is configured"));
    assert_eq!(list.text("tbody a"), "[1001] Contoso: Printer on fire");
    assert!(list.text("tbody tr").contains("Waiting"));
    let mails = msp.world.get("/mails").await;
    let mail = &mails["items"][0];
    let body = mail["body"].as_str().expect("text");
    for part in [
        &format!("{}/console/tickets/{ticket}", msp.world.origin),
        "Printer on fire\nSince noon",
        "Organization: Contoso",
        "Requester: Jane Doe",
        "Telephone: +1 555 0142",
        "Asset: PC-042",
        "Serial number: SN-1",
        "System: Debian GNU/Linux 12",
        "Addresses: 192.0.2.7",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
    let page = boss.get(&format!("{path}/{}", mail["id"].as_str().expect("an id"))).await;
    assert_eq!(page.text(".typed"), body.trim());
    boss.post(path, &[("address", " ")]).await;
    send_ticket(&msp, &[("description", "Once more")]).await;
    assert_eq!(
        msp.world.get("/mails").await["items"].as_array().expect("a list").len(),
        1,
        "nothing more is forwarded"
    );
}

/// Invariant 17, S11: nothing that an unverified person typed is in a mail.
#[tokio::test]
async fn of_an_unverified_person_a_mail_says_nothing_but_that_they_wrote() {
    let msp = Msp::start(DATABASE).await;
    msp.world.done(Method::PUT, "/ticket-forwarding", json!({"address": "desk@northwind.example"})).await;
    let fields = [("description", "Buy pills"), ("unverified_name", "Sam Boss"), ("phone", "+1 555 0199")];
    send_ticket(&msp, &fields).await;
    let mail = msp.world.get("/mails").await["items"][0].to_string();
    for typed in ["pills", "Sam", "0199"] {
        assert!(!mail.contains(typed), "{typed}: {mail}");
    }
    assert!(mail.contains("[1001] Contoso: from an unverified person") && mail.contains("Asset: PC-042"), "{mail}");
}

#[tokio::test]
async fn a_mail_is_tried_until_the_mail_server_answers_for_it_and_not_once_more() {
    let mut server = MailServer::start(&["451 Later"]).await;
    let msp = msp(&server).await;
    send_ticket(&msp, &[("description", "Drucker «brennt»")]).await;
    let (recipient, first) = server.next().await;
    assert_eq!(recipient, "RCPT TO:<desk@northwind.example>");
    for header in [
        "From: \"Northwind IT\" <help@northwind.example>",
        "To: desk@northwind.example",
        "Auto-Submitted: auto-generated",
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert!(first.lines().any(|line| line == header), "{header}: {first}");
    }
    let later = msp.world.once("/mails", |list| list["items"][0]["answer"] != "").await;
    assert_eq!(state(&later), (&json!("waiting"), &json!(1)));
    assert!(later["items"][0]["answer"].as_str().expect("text").contains("451"), "{later}");

    msp.world.clock.advance(Duration::from_secs(5));
    send_ticket(&msp, &[("description", "Another one wakes the sender")]).await;
    let message_id = |text: &str| text.lines().find(|line| line.starts_with("Message-ID: ")).map(str::to_owned);
    let offered = [server.next().await.1, server.next().await.1].map(|text| message_id(&text));
    assert_eq!(offered[0], message_id(&first), "the same mail, longer due, comes first");
    assert_ne!(offered[1], offered[0]);
    let sent = |list: &Value| list["items"].as_array().expect("a list").iter().all(|mail| mail["state"] == "delivered");
    let done = msp.world.once("/mails", sent).await;
    assert_eq!(done["items"][1]["attempts"], 2);
    msp.world.clock.advance(Duration::from_hours(1));
    send_ticket(&msp, &[("description", "And the last one")]).await;
    assert!(!offered.contains(&message_id(&server.next().await.1)), "what was taken is not sent again");
    msp.world.once("/mails", sent).await;
    assert!(server.mails.try_recv().is_err());
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_given_up_until_somebody_tries_it_again() {
    let mut server = MailServer::start(&["550 No such person"]).await;
    let msp = msp(&server).await;
    send_ticket(&msp, &[("description", "x")]).await;
    server.next().await;
    let refused = msp.world.once("/mails", |list| list["items"][0]["state"] == "given_up").await;
    let id = refused["items"][0]["id"].as_str().expect("an id");
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    let path = format!("/console/settings/mail/{id}");
    assert!(boss.get(&path).await.html.contains("550"));
    assert_eq!(boss.post(&format!("{path}/retry"), &[]).await.location(), format!("{path}?done=queued"));
    server.next().await;
    msp.world.once("/mails", |list| list["items"][0]["state"] == "delivered").await;
    assert_eq!(boss.post(&format!("{path}/retry"), &[]).await.status, StatusCode::CONFLICT);
}

/// Two servers that come to the same outbox at the same time: neither gets its first answer before the other is there, too.
#[tokio::test]
async fn each_mail_is_sent_once_by_one_of_two_servers() {
    let mut server = MailServer::busy_until(2, &[]).await;
    let mut msp = Msp::start(DATABASE).await;
    msp.world.clock.advance(Duration::from_millis((SystemClock.now() - msp.world.clock.now()).unsigned_abs()));
    msp.world.done(Method::PUT, "/ticket-forwarding", json!({"address": "desk@northwind.example"})).await;
    for _ in 0..8 {
        send_ticket(&msp, &[("description", "Printer on fire")]).await;
    }
    msp.world.stop().await;
    let mail = format!(
        "export DESKBELL_SERVER__MAIL__SMTP='{}'; export DESKBELL_SERVER__MAIL__FROM='help@northwind.example';",
        server.url
    );

    let environment = [("DESKBELL_SERVER__DATABASE__URL", msp.world.database_url.as_str())];
    let _servers = tokio::join!(msp.world.program(&mail), ServerProgram::start(&msp.world.data, &mail, &environment));

    let mut ids = HashSet::new();
    for _ in 0..8 {
        let (_, text) = server.next().await;
        let id = text.lines().find(|line| line.starts_with("Message-ID: ")).expect("an id").to_owned();
        assert!(ids.insert(id), "one is sent twice: {text}");
    }
    let delivered =
        |list: &Value| list["items"].as_array().expect("a list").iter().all(|mail| mail["state"] == "delivered");
    let list = msp.world.once("/mails", delivered).await;
    assert!(list["items"].as_array().expect("a list").iter().all(|mail| mail["attempts"] == 1), "{list}");
    assert!(server.mails.try_recv().is_err());
}
