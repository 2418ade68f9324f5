//! Mails as nobody should write them, many of them: each is accounted for, and the server goes on.

use std::{io::Write as _, sync::Mutex, time::Duration};

use reqwest::{Client, Method, StatusCode};
use serde_json::json;

use super::{
    DATABASE,
    inbound_mail::{DESK, JANE, genuine, mail, msp, take},
};
use crate::{
    mail_server::MailServer,
    world::{ServerProgram, World, command},
};

fn count() -> usize {
    if std::env::var_os("DESKBELL_LONG").is_some() { 1000 } else { 200 }
}

/// Mails as they come: plain, with HTML and files, signed lists, bounces, other scripts.
fn real() -> Vec<Vec<u8>> {
    let html = format!(
        "{}Message-ID: <h@x.example>\r\nFrom: =?iso-8859-1?Q?J=E4ne?= <{JANE}>\r\nTo: {DESK}\r\nSubject: =?utf-8?B?RHJ1Y2tlciDwn5Sl?=\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"o\"\r\n\r\n--o\r\nContent-Type: multipart/alternative; boundary=\"i\"\r\n\r\n\
         --i\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe\r\n\
         --i\r\nContent-Type: text/html\r\n\r\n<p>Gr&uuml;&szlig;e</p>\r\n--i--\r\n--o\r\nContent-Type: image/png; name*=utf-8''b%C3%A4.png\r\n\
         Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--o\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nx\r\n--o--\r\n",
        genuine(JANE)
    );
    let bounce = format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: {DESK}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\n\
         Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
         Message-ID: <0190a3c4-0000-7000-8000-000000000000.1001.00112233445566778899aabbccddeeff@msp.example>\r\n\r\n--b--\r\n"
    );
    let reply = mail(
        "In-Reply-To: <0190a3c4-0000-7000-8000-000000000000.1001.00112233445566778899aabbccddeeff@msp.example>\r\n",
        "r",
        JANE,
        "Re: x",
        "Yes\r\n\r\n> ##- x -##\r\n> y",
    );
    [mail(&genuine(JANE), "p", JANE, "Printer", "It burns."), html, bounce, reply].map(String::into_bytes).to_vec()
}

/// Changes a mail at a few places: bytes, lines, pieces of others, ends.
fn mangled(chance: &mut fastrand::Rng, real: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = real[chance.usize(..real.len())].clone();
    for _ in 0..chance.usize(1..8) {
        let place = chance.usize(..=bytes.len());
        match chance.usize(..7) {
            0 => bytes.truncate(place),
            1 => bytes.insert(place, chance.u8(..)),
            2 if place < bytes.len() => bytes[place] = chance.u8(..),
            3 => {
                let other = &real[chance.usize(..real.len())];
                let from = chance.usize(..other.len());
                let to = chance.usize(from..=other.len());
                bytes.splice(place..place, other[from..to].iter().copied());
            }
            4 => {
                let end = chance.usize(place..=bytes.len());
                bytes.drain(place..end);
            }
            5 => {
                let piece: &[u8] = [
                    b"\r\n" as &[u8],
                    b"\n\n",
                    b"\0",
                    b"--b",
                    b"=?utf-8?q?",
                    b"From: ",
                    b"\xff\xfe",
                    b";;;\"",
                    b"((((",
                ][chance.usize(..9)];
                bytes.splice(place..place, piece.iter().copied());
            }
            _ => {
                let long = vec![b"a \"(<,;\r\n"[chance.usize(..9)]; chance.usize(..20_000)];
                bytes.splice(place..place, long);
            }
        }
    }
    bytes
}

/// S12: a thousand mangled mails: no crash, and each is accounted for; the same again changes nothing. A person's mail after
/// them is taken as ever.
#[tokio::test]
async fn mangled_mails_are_each_accounted_for() {
    let seed = std::env::var("DESKBELL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_127);
    println!("DESKBELL_SEED={seed}");
    let (mut chance, real) = (fastrand::Rng::with_seed(seed), real());
    let server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let mut last = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    for _ in 0..count() {
        last = mangled(&mut chance, &real);
        let account = take(&msp.world, last.clone()).await;
        assert!(account["outcome"].is_string(), "{account}");
        ids.insert(account["id"].as_str().expect("an id").to_owned());
    }
    let rows = || msp.world.query("SELECT count(*) FROM inbound_mail").parse::<usize>().expect("a number");
    assert_eq!(rows(), ids.len(), "each has its account");
    take(&msp.world, last).await;
    assert_eq!(rows(), ids.len(), "the same again is the same");
    let account = take(&msp.world, mail(&genuine(JANE), "after", JANE, "Still here", "x")).await;
    assert_eq!(account["outcome"], "ticket");
}

/// Sends mails of new senders, one after the other, until the server is gone; gives how many it was sent.
async fn send_until_killed(
    client: &Client,
    origin: &str,
    token: &str,
    first: usize,
    answered: &Mutex<Vec<usize>>,
) -> usize {
    for n in first.. {
        if !handed_over(client, origin, token, n).await {
            return n;
        }
        answered.lock().expect("a lock").push(n);
    }
    unreachable!("it goes on until the server is gone")
}

async fn handed_over(client: &Client, origin: &str, token: &str, n: usize) -> bool {
    let from = format!("new{n}@contoso.example");
    let raw = mail(&genuine(&from), &n.to_string(), &from, "Printer", "It burns.");
    let sent = client.post(format!("{origin}/api/v1/inbound-mail")).bearer_auth(token).body(raw).send().await;
    sent.is_ok_and(|answer| answer.status() == StatusCode::CREATED)
}

/// Invariants 12, 21, 24: whenever a server is killed, it has each mail that it answered for; those that it did not are taken
/// when they come again. In the end each is one ticket of one contact with one invitation.
#[tokio::test]
async fn a_killed_server_loses_no_mail_and_takes_none_twice() {
    let rounds = if std::env::var_os("DESKBELL_LONG").is_some() { 60 } else { 6 };
    let server = MailServer::start(&[]).await;
    let mut msp = msp(&server).await;
    let desk = json!({"name": "Desk", "is_default": true, "auto_invite": true});
    msp.world.done(Method::POST, "/departments", desk).await;
    msp.world.stop().await;
    let environment = [
        ("DESKBELL_SERVER__DATABASE__URL", msp.world.database_url.as_str()),
        ("DESKBELL_SERVER__INBOUND_MAIL__AUTHSERV_ID", "mx.msp.example"),
        // Nobody takes mail there: it waits.
        ("DESKBELL_SERVER__MAIL__SMTP", "smtp://127.0.0.1:9"),
        ("DESKBELL_SERVER__MAIL__FROM", DESK),
    ];
    let (client, token) = (&msp.world.client, &msp.world.api_token);
    let (mut next, answered) = (0, Mutex::new(Vec::new()));
    for _ in 0..rounds {
        let mut program = ServerProgram::start(&msp.world.data, "", &environment).await;
        let origin = program.origin.clone();
        let before = answered.lock().expect("a lock").len();
        let killing = async {
            while answered.lock().expect("a lock").len() < before + 2 {
                tokio::task::yield_now().await;
            }
            tokio::time::sleep(Duration::from_millis(fastrand::u64(0..60))).await;
            program.process.kill().await.expect("killed");
        };
        // The mail that the server was killed with comes again from the next.
        (next, ()) = tokio::join!(send_until_killed(client, &origin, token, next, &answered), killing);
    }
    let program = ServerProgram::start(&msp.world.data, "", &environment).await;
    for n in 0..=next {
        assert!(handed_over(client, &program.origin, token, n).await, "mail {n} again");
    }
    let count =
        |what: &str| msp.world.query(&format!("SELECT count(*) FROM {what}")).parse::<usize>().expect("a number");
    assert!(answered.lock().expect("a lock").len() >= 2 * rounds);
    assert_eq!(count("inbound_mail WHERE outcome = 'ticket'"), next + 1);
    assert_eq!(count("ticket WHERE source = 'mail'"), next + 1);
    assert_eq!(count("end_user WHERE email LIKE 'new%'"), next + 1);
    assert_eq!(count("mail WHERE template = 'portal_invitation'"), next + 1, "one invitation each");
}

/// `receive-mail` takes a mail from a mail server, and tells it to keep what it could not store.
#[tokio::test]
async fn a_mail_server_hands_mail_over_by_the_command_line() {
    let world = World::start(DATABASE).await;
    let run = |stdin: &[u8], url: &str| {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(stdin).expect("written");
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_deskbell-server"));
        program.arg("receive-mail").env("DESKBELL_SERVER__DATA__FOLDER", &world.data);
        program.env("DESKBELL_SERVER__DATABASE__URL", url).stdin(file.reopen().expect("a file"));
        program.output().expect("it runs").status.code()
    };
    let raw = mail("", "1", JANE, "Printer", "It burns.").into_bytes();
    assert_eq!([run(&raw, &world.database_url), run(&raw, &world.database_url)], [Some(0), Some(0)]);
    let listed = world.get("/inbound-mails?outcome=quarantined").await;
    assert_eq!(listed["items"].as_array().expect("a list").len(), 1);
    assert_eq!(run(&raw, "postgres://nobody@127.0.0.1:1/none"), Some(75), "the mail server keeps it");
    assert_eq!(run(&raw, "nonsense"), Some(75));
    assert_eq!(run(&vec![b'x'; 25 * 1024 * 1024 + 1], &world.database_url), Some(65));
}

/// A gateway's token hands mail in and does nothing else; nobody of the staff has its role.
#[tokio::test]
async fn a_mail_gateway_hands_mail_in_and_nothing_else() {
    let world = World::start(DATABASE).await;
    let made = command(&world.data, &world.database_url, &["api-token", "create", "mx", "--role", "mail_gateway"]);
    let token = String::from_utf8(made.stdout).expect("text").trim().to_owned();
    let send = async |path: &str, token: &str| {
        let post = world.client.post(format!("{}/api/v1{path}", world.origin)).bearer_auth(token);
        post.body(mail("", "1", JANE, "x", "y")).send().await.expect("an answer").status()
    };
    assert_eq!(send("/inbound-mail", &token).await, StatusCode::CREATED);
    let get = world.client.get(format!("{}/api/v1/tickets", world.origin)).bearer_auth(&token);
    assert_eq!(get.send().await.expect("an answer").status(), StatusCode::FORBIDDEN);
    let technician = world.done(Method::POST, "/api-tokens", json!({"name": "t", "role": "technician"})).await;
    assert_eq!(send("/inbound-mail", technician["token"].as_str().expect("a token")).await, StatusCode::FORBIDDEN);
    let staff = json!({"name": "Kim", "email": "kim@msp.example", "role": "mail_gateway"});
    assert_eq!(world.api(Method::POST, "/staff", Some(staff)).await.0, StatusCode::UNPROCESSABLE_ENTITY);
}
