//! What requests claim of themselves, and what people are called, changes nothing in a mail but the words that are theirs.

use std::{collections::BTreeSet, time::Duration};

use mail_parser::MessageParser;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::{DATABASE, mail::send_ticket};
use crate::{
    agents::Agent,
    browsers::Browser,
    mail_server::{MailServer, Received},
    visitors::PASSWORD,
    world::Msp,
};

const JANE: &str = "jane@contoso.example";
const SUE: &str = "sue@contoso.example";

/// Requests that each cause a mail with a link.
struct Causes<'a> {
    msp: &'a Msp,
    ticket: String,
    staff: String,
    invited: String,
}

impl<'a> Causes<'a> {
    /// Jane signs in with a password; Sue has asked for help and cannot sign in yet; Max was invited.
    async fn of(msp: &'a Msp, server: &mut MailServer) -> Self {
        let world = &msp.world;
        let person = async |name: &str, email: &str| {
            let person = json!({"organization_id": msp.organization, "name": name, "email": email});
            world.made("/end-users", person).await
        };
        world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"email": JANE})).await;
        world.done(Method::PUT, "/requester-mail", json!({"enabled": true})).await;
        let portal = world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned();
        world.done(Method::PATCH, &format!("/portals/{portal}"), json!({"self_sign_up": true})).await;
        let sue = person("Sue", SUE).await;
        world.done(Method::POST, &format!("/end-users/{sue}/enable-for-tray"), json!({})).await;
        let agent = Agent::enroll(world, &msp.enrollment_token).await;
        agent.assign(&sue).await;
        let browser = Browser::new(world);
        let form = browser.open(&agent.click().await).await;
        browser.send_form(&form, &[("description", "Mine")]).await;
        let ticket = send_ticket(msp, &[("description", "Printer")]).await;
        let account = format!("/portal-users/{}", msp.portal_user);
        world.done(Method::PATCH, &account, json!({"password": PASSWORD})).await;
        world.done(Method::PATCH, &account, json!({"email": JANE})).await;
        let max = person("Max", "max@contoso.example").await;
        let invited = world.done(Method::POST, &format!("/end-users/{max}/invite"), json!({})).await;
        let invited = invited["id"].as_str().expect("an id").to_owned();
        let staff = json!({"name": "Kim", "email": "kim@msp.example", "role": "technician"});
        let staff = world.done(Method::POST, "/staff", staff).await["id"].as_str().expect("an id").to_owned();
        world.once("/mails?limit=200", |list| !list.to_string().contains("waiting")).await;
        while server.next_if_any().is_some() {}
        Self { msp, ticket, staff, invited }
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let world = &self.msp.world;
        world.client.post(format!("{}{path}", world.origin)).header("origin", &world.origin).form(fields)
    }

    fn api(&self, path: &str, body: &Value) -> RequestBuilder {
        let world = &self.msp.world;
        world.client.post(format!("{}/api/v1{path}", world.origin)).bearer_auth(&world.api_token).json(body)
    }

    /// One of each.
    fn requests(&self) -> Vec<RequestBuilder> {
        let reply = json!({"kind": "reply", "text": "Is it on?"});
        let statement = json!({"end_user_id": self.msp.jane, "amount": "1 EUR", "date": "2026-01-01"});
        vec![
            self.form("/my_profile/user_login/link", &[("email", JANE)]),
            self.form("/my_profile/user_login/reset", &[("email", JANE)]),
            self.form("/my_profile/sign_up", &[("email", SUE)]),
            self.api(&format!("/portal-users/{}/invite-again", self.invited), &json!({})),
            self.api(&format!("/staff/{}/reset", self.staff), &json!({})),
            self.api(&format!("/tickets/{}/comments", self.ticket), &reply),
            self.api("/events/statement", &statement),
            self.api("/events/credit_card_expired", &json!({"end_user_id": self.msp.jane})),
        ]
    }

    /// The mails that the requests cause with these headers, in the order of their subjects, without their secrets.
    async fn mails(&self, server: &mut MailServer, headers: &[(&str, String)]) -> Vec<String> {
        self.msp.world.clock.advance(Duration::from_hours(1));
        let requests = self.requests();
        let expected = requests.len();
        for request in requests {
            let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
            let answer = request.send().await.expect("an answer");
            assert!(answer.status().is_success(), "{headers:?}: {}", answer.status());
        }
        let mut mails = Vec::new();
        for _ in 0..expected {
            let mail = server.next().await;
            mails.push(format!("{}\n{}", mail.recipient, masked(&mail.source)));
        }
        assert!(server.has_nothing_more(), "{headers:?}");
        mails.sort();
        mails
    }
}

/// A mail without what differs each time: its date, and what is long and random. Only that of the sign-in stays the same.
fn masked(source: &str) -> String {
    // Lines are broken where they are too long (RFC 2045 §6.7).
    let source = source.replace("=\n", "");
    let lines = source.lines().filter(|line| !line.starts_with("Date: "));
    let random = |word: &str| word.len() >= 32;
    let is_in_word = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let mut text = String::new();
    for line in lines {
        let mut word = String::new();
        for c in line.chars().chain(['\n']) {
            if is_in_word(c) {
                word.push(c);
            } else {
                text.push_str(if random(&word) { "*" } else { &word });
                text.push(c);
                word.clear();
            }
        }
    }
    text
}

/// S5, invariant 16: whatever a request says of host, scheme, path and referrer, each mail is the same, but for its secrets.
#[tokio::test]
async fn what_a_request_claims_of_itself_changes_no_mail() {
    const HEADERS: [&str; 16] = [
        "x-forwarded-host",
        "x-forwarded-server",
        "x-forwarded-proto",
        "x-forwarded-port",
        "x-forwarded-prefix",
        "x-forwarded-scheme",
        "x-forwarded-for",
        "x-forwarded",
        "forwarded",
        "x-host",
        "x-original-host",
        "x-original-url",
        "x-rewrite-url",
        "x-http-host-override",
        "x-real-ip",
        "referer",
    ];
    let mut server = MailServer::start(&[]).await;
    let msp = Msp::mailing(DATABASE, &server).await;
    let causes = Causes::of(&msp, &mut server).await;
    let usual = causes.mails(&mut server, &[]).await;
    let (scheme, host) = msp.world.origin.split_once("://").expect("two parts");
    assert!(usual.len() == 8 && usual.iter().all(|mail| mail.contains(&msp.world.origin)), "{usual:?}");
    let values = [
        "evil.example".to_owned(),
        "evil.example:443".to_owned(),
        "https://evil.example/".to_owned(),
        "https".to_owned(),
        "81".to_owned(),
        "/evil".to_owned(),
        "for=203.0.113.9;host=evil.example;proto=https".to_owned(),
        format!("{host}, evil.example"),
        format!("{host}.evil.example"),
        format!("evil.example@{host}"),
        "203.0.113.9".to_owned(),
    ];
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..24 {
        let some = random.choose_multiple(HEADERS, 4);
        let mut headers: Vec<_> =
            some.into_iter().map(|name| (name, random.choice(&values).expect("one").clone())).collect();
        if random.bool() {
            headers.push(("host", host.to_uppercase()));
        }
        let mails = causes.mails(&mut server, &headers).await;
        assert_eq!(mails, usual, "{headers:?}");
    }
    for foreign in ["evil.example", "localhost", "localhost:1", "[::1]:80"]
        .map(str::to_owned)
        .into_iter()
        .chain(values[7..10].to_vec())
    {
        for request in causes.requests() {
            let Ok(answer) = request.header("host", &foreign).send().await else { continue };
            let status = answer.status();
            assert!(
                [StatusCode::MISDIRECTED_REQUEST, StatusCode::BAD_REQUEST].contains(&status),
                "{foreign}: {status}"
            );
        }
    }
    assert_eq!(causes.mails(&mut server, &[]).await, usual, "a foreign host caused none ({scheme})");
}

/// The names of a mail's headers, by the letter of RFC 5322 §2.2 and RFC 5321 §4.5.3.1.6, whatever a kinder reader would take.
fn header_names(mail: &Received) -> BTreeSet<String> {
    assert!(mail.has_plain_lines, "{:?}", mail.source);
    let (head, _) = mail.source.split_once("\n\n").expect("a head and a body");
    let mut names = BTreeSet::new();
    for line in head.lines() {
        assert!(line.len() <= 998 && line.bytes().all(|byte| (32..127).contains(&byte) || byte == b'\t'), "{line:?}");
        if line.starts_with([' ', '\t']) {
            assert!(!names.is_empty() && !line.trim().is_empty(), "{head}");
            continue;
        }
        let (name, _) = line.split_once(':').unwrap_or_else(|| panic!("{line:?} is no header"));
        assert!(!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{line:?}");
        assert!(names.insert(name.to_owned()), "{name} twice: {head}");
    }
    names
}

/// What people may try to be called.
fn name(random: &mut fastrand::Rng) -> String {
    const PIECES: [&str; 26] = [
        "\r\n",
        "\n",
        "\r",
        "\r\n\r\n",
        "Bcc: x@evil.example",
        "\r\nBcc: x@evil.example\r\n",
        ",",
        ";",
        ":",
        "\"",
        "\\",
        "<",
        "x@evil.example",
        ">",
        "(",
        ")",
        "=?utf-8?q?=0D=0ABcc:_x@evil.example?=",
        "=?utf-8?b?DQpCY2M6IHhAZXZpbC5leGFtcGxl?=",
        "é",
        "東京",
        "\u{202e}",
        "\u{2028}",
        "\u{85}",
        "\0",
        " ",
        "Jane",
    ];
    let long = if random.u8(..8) == 0 { "x".repeat(random.usize(..160)) } else { String::new() };
    let pieces = (0..random.usize(1..7)).map(|_| *random.choice(&PIECES).expect("one"));
    format!("{}{long}", pieces.collect::<String>())
}

/// S13: whatever the MSP, its customers, their people and their invoices are called, it is refused, or the mail has the headers
/// that it has anyway, one sender and one recipient, and the name as it is read.
#[tokio::test]
async fn no_name_makes_a_header() {
    let mut server = MailServer::start(&[]).await;
    let msp = Msp::mailing(DATABASE, &server).await;
    let world = &msp.world;
    world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"email": JANE})).await;
    let expected: BTreeSet<_> =
        "From To Subject Message-ID Reply-To Content-Type Content-Language Auto-Submitted Date MIME-Version"
            .split(' ')
            .map(str::to_owned)
            .collect();
    let mut random = fastrand::Rng::with_seed(13);
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..120 {
        let name = name(&mut random);
        // This mail server, like many, has no SMTPUTF8 (RFC 6531).
        let plain: String = name.chars().filter(char::is_ascii).collect();
        let named = [
            ("/provider".to_owned(), json!({"name": name})),
            (format!("/organizations/{}", msp.organization), json!({"name": name})),
            (format!("/end-users/{}", msp.jane), json!({"name": name})),
            (format!("/end-users/{}", msp.jane), json!({"email": format!("jane{plain}@contoso.example")})),
        ];
        for (path, change) in named {
            let (status, answer) = world.api(Method::PATCH, &path, Some(change)).await;
            assert!([StatusCode::OK, StatusCode::UNPROCESSABLE_ENTITY].contains(&status), "{name:?}: {answer}");
            if status == StatusCode::OK { taken += 1 } else { refused += 1 }
        }
        let written =
            json!({"subject": format!("{name} {{{{number}}}} {{{{msp}}}}"), "body": "{{person}} {{organization}}"});
        world.api(Method::PUT, "/mail-templates/paid_invoice/en", Some(written)).await;
        let invoice = json!({"end_user_id": msp.jane, "number": name, "amount": name});
        let (status, _) = world.api(Method::POST, "/events/paid_invoice", Some(invoice)).await;
        if status != StatusCode::ACCEPTED {
            let invoice = json!({"end_user_id": msp.jane, "number": "RE-17", "amount": "1 EUR"});
            world.done(Method::POST, "/events/paid_invoice", invoice).await;
        }
        let mail = server.next().await;
        assert_eq!(header_names(&mail), expected, "{name:?}");
        let read = MessageParser::default().parse(&mail.source).expect("a mail");
        let (from, to) = (read.from().expect("a sender"), read.to().expect("a recipient"));
        let addresses =
            [from, to].map(|list| list.iter().map(|one| one.address.clone().unwrap_or_default()).collect::<Vec<_>>());
        let recipient =
            world.get(&format!("/end-users/{}", msp.jane)).await["email"].as_str().expect("text").to_owned();
        assert_eq!(addresses[0], ["help@northwind.example"], "{name:?}: {}", mail.source);
        assert_eq!(addresses[1], [recipient.as_str()], "{name:?}: {}", mail.source);
        assert_eq!(mail.recipient, recipient);
        let provider = world.get("/provider").await["name"].as_str().expect("text").to_owned();
        let shown = from.first().and_then(|one| one.name.clone()).unwrap_or_default();
        let words = |text: &str| {
            text.replace('\u{202e}', "").split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(words(&shown), words(&provider), "{}", mail.source);
        // Back, so that the next address is not ever longer.
        world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"email": JANE})).await;
    }
    assert!(taken > 40 && refused > 40, "{taken} {refused}");
}
