//! Letting people in as staff do it: by the end user's page, by address, many at once; and what races and random histories make of
//! it.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use deskbell_server::domain::portal_user::{PortalUserEvent, PortalUserState, Standing, step};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use uuid::Uuid;

use super::{DATABASE, mail::send_ticket};
use crate::{
    browsers::Browser,
    mail_server::{MailServer, Received},
    staff_members::member,
    visitors::{HOME, PASSWORD, SIGN_IN},
    world::{Database, Msp},
};

const JANE: &str = "jane@contoso.example";

fn long() -> bool {
    std::env::var_os("DESKBELL_LONG").is_some()
}

async fn msp(server: &MailServer) -> Msp {
    let msp = Msp::mailing(DATABASE, server).await;
    msp.world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"email": JANE})).await;
    msp
}

fn link(msp: &Msp, mail: &Received) -> String {
    mail.after(&msp.world.origin)
}

async fn portal_user(msp: &Msp) -> Value {
    msp.world.get(&format!("/portal-users/{}", msp.portal_user)).await
}

/// ZOH-06, ZOH-07: in Settings, at the portal users of an organization, addresses are typed: each is checked, what stands there
/// twice is mailed once, who has the address is invited, and whoever is new becomes an end user. Nothing happens while one is none.
#[tokio::test]
async fn people_are_invited_by_their_addresses_zoh_07() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    server.next_to("kim@msp.example").await;
    let settings = kim.get("/console/settings").await;
    assert!(settings.has("a[href='/console/portal-users']"));
    let list = format!("/console/portal-users?organization={}", msp.organization);
    let action = kim.get(&list).await.attribute("form:has(#addresses)", "action");
    let typed = "new@contoso.example\n JANE@contoso.example, new@CONTOSO.example\nno address";
    let again = kim.post(&action, &[("addresses", typed)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text("#addresses-error").contains("address is none"), "{}", again.html);
    assert_eq!(again.text("#addresses").trim(), typed.trim(), "what was typed is kept");
    assert!(server.has_nothing_more());
    let done = kim.post(&action, &[("addresses", &typed.replace("\nno address", ""))]).await;
    assert!(kim.get(&done.location()).await.text("p.note").starts_with("2 people"), "{}", done.location());
    let recipients = BTreeSet::from([server.next().await.recipient, server.next().await.recipient]);
    assert_eq!(recipients, BTreeSet::from([JANE.to_owned(), "new@contoso.example".to_owned()]));
    assert_eq!(portal_user(&msp).await["state"], "invited");
    let made = msp.world.get("/end-users?email=new@contoso.example").await;
    assert_eq!(made["items"][0]["organization_id"], json!(msp.organization));

    let path = format!("/organizations/{}/invitations", msp.organization);
    let wrong = json!({"emails": ["a@b.example", "x"]});
    let (status, problem) = msp.world.api(Method::POST, &path, Some(wrong)).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/emails/1")));
    let again = msp.world.done(Method::POST, &path, json!({"emails": [JANE]})).await;
    assert!(again["done_to"] == 0 && again["people"][0]["skipped"].as_str().expect("why").contains("invited before"));
    let twin = json!({"organization_id": msp.organization, "name": "Twin", "email": JANE});
    msp.world.made("/end-users", twin).await;
    let several = msp.world.done(Method::POST, &path, json!({"emails": [JANE]})).await;
    assert!(several["people"][0]["skipped"].as_str().expect("why").starts_with("Several end users"), "{several}");
    assert!(server.has_nothing_more());
}

/// ZOH-04, ZOH-05, ZOH-10, RS-16, RS-17: an invitation has words from the start; edited, the next one has the new ones, with links to the
/// configured origin alone; mails about tickets can lead to the portal's sign-in, too, which is a page without scripts (SYN-29).
#[tokio::test]
async fn the_next_invitation_has_the_edited_words_zoh_05() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    msp.world.done(Method::POST, &format!("/end-users/{}/invite", msp.jane), json!({})).await;
    let first = server.next_to(JANE).await;
    assert!(first.text().contains("lets you into its portal"), "{}", first.text());
    let edited =
        json!({"subject": "Come in, {{person}}", "body": "Dear {{person}},\n\n{{link}}\n\n{{portal_login_url}}"});
    let template = "/mail-templates/portal_invitation/en";
    let saved = json!({"subject": edited["subject"], "body": edited["body"]});
    msp.world.done(Method::PUT, template, saved).await;
    msp.world.done(Method::POST, &format!("/portal-users/{}/invite-again", msp.portal_user), json!({})).await;
    let second = server.next_to(JANE).await;
    assert_eq!(second.subject(), "Come in, Jane Doe");
    let text = second.text();
    let mut links = text.lines().filter(|line| line.starts_with("http"));
    assert!(links.clone().count() == 2 && links.all(|line| line.starts_with(&msp.world.origin)), "{text}");

    let body = "{{ticket_number}}\n\n{{portal_login_url}}";
    msp.world.done(Method::PUT, "/mail-templates/ticket_created/en", json!({"subject": "S", "body": body})).await;
    msp.world.done(Method::PUT, "/requester-mail", json!({"enabled": true})).await;
    send_ticket(&msp, &[("description", "x")]).await;
    let login = link(&msp, &server.next_to(JANE).await);
    assert_eq!(login, SIGN_IN);
    let page = Browser::new(&msp.world).get(&login).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.has("form #password") && page.has("form #email") && !page.has("script"), "RS-16: {}", page.html);
    assert_eq!(Browser::new(&msp.world).get("/my_profile").await.location(), SIGN_IN, "RS-16");
}

/// RS-01, RS-02, RS-15, RS-19, RS-21, NAB-13, decision C11: somebody is added on the organization's page and comes to the same editor
/// as for a change; a second one with the same address is allowed and said to be one; a portal user is made with "+", given to the
/// new end user at once, with address and password, and signs in.
#[tokio::test]
async fn somebody_is_added_given_an_account_and_signs_in_rs_21() {
    let msp = Msp::start(DATABASE).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let organization = format!("/console/organizations/{}", msp.organization);
    let page = kim.get(&organization).await;
    assert!(page.has("a[href^='/console/portal-users?organization=']") && page.has("#portal-users-heading"), "RS-01");
    let person = [("end_user_name", "Ann"), ("end_user_email", "ann@c.example"), ("end_user_phone", "+1 555 0100")];
    let editor = kim.post(&format!("{organization}/end-users"), &person).await.location();
    let editor = editor.split('?').next().expect("a path").to_owned();
    let shown = kim.get(&editor).await;
    let fields = |page: &crate::browsers::Page| ["#name", "#email", "#phone"].map(|css| page.value(css));
    assert_eq!(fields(&shown), ["Ann", "ann@c.example", "+1 555 0100"]);
    assert!(!shown.html.contains("Same address"));
    let changed = [
        ("name", "Ann Lee"),
        ("email", "ann@c.example"),
        ("phone", "+1 555 0101"),
        ("site_id", ""),
        ("external_id", ""),
    ];
    kim.post(&editor, &changed).await;
    assert_eq!(fields(&kim.get(&editor).await), ["Ann Lee", "ann@c.example", "+1 555 0101"], "the same record");
    let twin = [("end_user_name", "Ann's office"), ("end_user_email", "ANN@c.example")];
    let twin = kim.post(&format!("{organization}/end-users"), &twin).await.location();
    let warned = kim.get(&twin).await;
    assert!(warned.html.contains("Same address") && warned.html.contains("Ann Lee"), "RS-19: {}", warned.html);

    let made = [("portal_user_sign_in_name", "ann"), ("portal_user_email", "")];
    let account = kim.post(&format!("{organization}/portal-users"), &made).await.location();
    let account = account.split('?').next().expect("a path").to_owned();
    let id = account.rsplit('/').next().expect("an id");
    let now = async || msp.world.get(&format!("/portal-users/{id}")).await;
    assert_eq!(now().await["end_user_id"], json!(null), "RS-13");
    let ann = editor.rsplit('/').next().expect("an id");
    let choice = kim.get(&account).await;
    assert!(choice.has(&format!("#end_user_id option[value='{ann}']")), "RS-15: {}", choice.html);
    let form = [
        ("sign_in_name", "ann"),
        ("email", "ann@c.example"),
        ("end_user_id", ann),
        ("group", "limited"),
        ("is_user", "yes"),
    ];
    kim.post(&account, &form).await;
    assert_eq!(now().await["end_user_id"], json!(ann), "RS-02");
    kim.post(&format!("{account}/password"), &[("password", PASSWORD)]).await;
    let browser = Browser::new(&msp.world);
    assert_eq!(browser.post(SIGN_IN, &[("name", "ann"), ("password", PASSWORD)]).await.location(), HOME);
}

/// ZOH-22, RS-24: each field is edited and read back through page and API; a bad value is refused beside its field, and nothing is
/// changed.
#[tokio::test]
async fn each_field_of_a_portal_user_is_edited_and_read_back_zoh_22() {
    let msp = Msp::start(DATABASE).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let page = format!("/console/portal-users/{}", msp.portal_user);
    let bob = msp.world.made("/end-users", json!({"organization_id": msp.organization, "name": "Bob"})).await;
    let taken = json!({"organization_id": msp.organization, "sign_in_name": "taken"});
    msp.world.made("/portal-users", taken).await;
    let form = [
        ("sign_in_name", "j.smith"),
        ("email", "js@c.example"),
        ("end_user_id", bob.as_str()),
        ("group", "tray_only"),
        ("is_admin", "yes"),
    ];
    assert_eq!(kim.post(&page, &form).await.status, StatusCode::SEE_OTHER);
    let wanted = json!({
        "sign_in_name": "j.smith", "email": "js@c.example", "end_user_id": bob, "group": "tray_only", "is_user": false,
        "is_admin": true,
    });
    let is = async |wanted: &Value| {
        let row = portal_user(&msp).await;
        for (field, value) in wanted.as_object().expect("fields") {
            assert_eq!(&row[field], value, "{field}");
        }
        let shown = kim.get(&page).await;
        assert_eq!(shown.value("#sign_in_name"), row["sign_in_name"].as_str().expect("text"));
        assert_eq!(shown.value("#email"), row["email"].as_str().unwrap_or_default());
        assert_eq!(shown.value("#end_user_id option[selected]"), row["end_user_id"].as_str().unwrap_or_default());
        assert_eq!(shown.value("#group option[selected]"), row["group"].as_str().expect("text"));
        for role in ["is_user", "is_admin"] {
            assert_eq!(json!(shown.has(&format!("input[name={role}][checked]"))), row[role], "{role}");
        }
    };
    is(&wanted).await;
    let path = format!("/portal-users/{}", msp.portal_user);
    let back = json!({
        "sign_in_name": "JSmith", "email": null, "end_user_id": msp.jane, "group": "limited", "is_user": true, "is_admin": false,
    });
    msp.world.done(Method::PATCH, &path, back.clone()).await;
    is(&back).await;
    for (field, value, pointer) in [
        ("sign_in_name", json!(" "), "/sign_in_name"),
        ("sign_in_name", json!("Taken"), "/sign_in_name"),
        ("email", json!("x"), "/email"),
        ("group", json!("x"), "/group"),
    ] {
        let (status, problem) = msp.world.api(Method::PATCH, &path, Some(json!({field: value}))).await;
        assert!(status.is_client_error(), "{field} {value}: {problem}");
        if status == StatusCode::UNPROCESSABLE_ENTITY {
            assert_eq!(problem["errors"][0]["pointer"], json!(pointer), "{problem}");
        }
        is(&back).await;
    }
    let bad = [("sign_in_name", ""), ("email", "x"), ("end_user_id", ""), ("group", "limited"), ("is_user", "yes")];
    let again = kim.post(&page, &bad).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.has("#sign_in_name-error") && again.has("#email-error"), "{}", again.html);
    is(&back).await;
}

/// ZOH-25, ZOH-26: several who have not accepted are invited again after a page that asks; each earlier link is dead.
#[tokio::test]
async fn several_are_invited_again_after_a_page_that_asks_zoh_25() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    server.next_to("kim@msp.example").await;
    let path = format!("/organizations/{}/invitations", msp.organization);
    msp.world.done(Method::POST, &path, json!({"emails": [JANE, "bob@c.example"]})).await;
    let first = [server.next().await, server.next().await].map(|mail| link(&msp, &mail));
    let list = msp.world.get("/portal-users").await;
    let ids: Vec<_> =
        list["items"].as_array().expect("a list").iter().map(|row| row["id"].as_str().expect("an id")).collect();
    let chosen: Vec<_> = ids.iter().map(|id| ("portal_user", *id)).chain([("step", "invite_again")]).collect();
    let review = kim.post("/console/portal-users/review", &chosen).await;
    assert_eq!(review.text("#done-heading"), "2 people");
    assert!(server.has_nothing_more(), "nothing before it is confirmed");
    let fields = review.attributes("main form input[type=hidden]", "name");
    let fields: Vec<_> = fields.into_iter().zip(review.attributes("main form input[type=hidden]", "value")).collect();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    kim.post("/console/portal-users/steps", &fields).await;
    let second = [server.next().await, server.next().await].map(|mail| link(&msp, &mail));
    let browser = Browser::new(&msp.world);
    for link in &first {
        assert_eq!(browser.post(link, &[("password", PASSWORD)]).await.status, StatusCode::GONE);
    }
    for link in &second {
        assert_eq!(browser.post(link, &[("password", PASSWORD)]).await.location(), HOME);
    }
}

/// NAB-21, NAB-25: from the overview, people are chosen; a thousand are invited at once, each gets one mail however often it is
/// confirmed, and the mails go out a few at a time.
#[tokio::test]
async fn a_thousand_people_are_mailed_once_each_nab_25() {
    let count = if long() { 1000 } else { 100 };
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let mut ids = Vec::new();
    for n in 0..count {
        let person =
            json!({"organization_id": msp.organization, "name": format!("P{n}"), "email": format!("p{n}@c.example")});
        ids.push(msp.world.made("/end-users", person).await);
    }
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    server.next_to("kim@msp.example").await;
    let overview = kim.get("/console").await;
    assert_eq!(overview.attributes("#uninvited-heading ~ form input[name=end_user]", "value").len(), 10, "NAB-21");
    let batch = json!({"step": "invite", "chosen": {"end_user_ids": ids}});
    let done = msp.world.done(Method::POST, "/portal-users/steps", batch.clone()).await;
    assert_eq!(done["done_to"], json!(count));
    let again = msp.world.done(Method::POST, "/portal-users/steps", batch).await;
    assert_eq!(again["done_to"], 0);
    let mut mailed = BTreeSet::new();
    for _ in 0..count {
        assert!(mailed.insert(server.next().await.recipient), "somebody was mailed twice");
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(server.has_nothing_more());
}

/// Rows of portal users, without addresses.
pub(super) fn portal_users(msp: &Msp, count: usize) {
    let id = |id: &str| match DATABASE {
        Database::Sqlite => format!("X'{}'", id.replace('-', "")),
        Database::Postgres => format!("'{id}'"),
    };
    let organization = id(&msp.organization);
    let mut script = String::from("BEGIN;\n");
    for n in 0..count {
        let user = id(&Uuid::now_v7().to_string());
        writeln!(
            script,
            "INSERT INTO portal_user (id, organization_id, sign_in_name, sign_in_key, state, group_key, is_user, is_admin, \
             created_at) VALUES ({user}, {organization}, 'user{n}', 'user{n}', 'active', 'limited', TRUE, FALSE, 0);"
        )
        .expect("written");
    }
    script.push_str("COMMIT;\n");
    msp.world.run_sql(&script);
}

/// RS-25, ZOH-33: a thousand portal users of one organization come in pages, and signing in takes no longer for it; the export of
/// 50,000 begins within ten times its second, before it is complete.
#[tokio::test]
async fn many_portal_users_come_in_pages_and_their_export_begins_at_once_zoh_33() {
    let count = if long() { 50_000 } else { 5_000 };
    let msp = Msp::start(DATABASE).await;
    portal_users(&msp, count);
    msp.world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"password": PASSWORD})).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let list = format!("/console/portal-users?organization={}", msp.organization);
    let first = kim.get(&list).await;
    assert_eq!(first.texts("tbody tr").len(), 50);
    let older = first.attribute("a[href*='before=']", "href");
    assert_eq!(kim.get(&older).await.texts("tbody tr").len(), 50);
    let begun = Instant::now();
    let browser = Browser::new(&msp.world);
    assert_eq!(browser.post(SIGN_IN, &[("name", "jane"), ("password", PASSWORD)]).await.location(), HOME);
    assert!(begun.elapsed() < Duration::from_secs(10));

    let origin = &msp.world.origin;
    let post = msp.world.client.post(format!("{origin}/console/portal-users/export")).header("origin", origin);
    let post = post.form(&[("organization", &msp.organization)]).header("cookie", kim.cookies());
    let begun = Instant::now();
    let mut answer = post.send().await.expect("an answer");
    let head = answer.chunk().await.expect("bytes").expect("a first part");
    assert!(begun.elapsed() < Duration::from_secs(10), "the first byte");
    let mut rest = head.to_vec();
    while let Some(more) = answer.chunk().await.expect("bytes") {
        rest.extend_from_slice(&more);
    }
    assert!(head.len() < rest.len() / 2, "it was sent as a whole");
    let lines = String::from_utf8(rest).expect("text").lines().count();
    assert_eq!(lines, count + 2, "a head, and everybody");
    let parts = parts_of_export(&msp, &kim).await;
    assert!(parts.len() > count / 500 && parts.iter().all(|size| *size < 500 * 200), "made as it is sent: {parts:?}");
}

/// The sizes of the parts that the export is sent in, as the server makes them (RFC 9112 §7.1).
async fn parts_of_export(msp: &Msp, kim: &Browser<'_>) -> Vec<usize> {
    let origin = &msp.world.origin;
    let host = origin.strip_prefix("http://").expect("on loopback");
    let form = format!("organization={}", msp.organization);
    let request = format!(
        "POST /console/portal-users/export HTTP/1.1\r\nhost: {host}\r\norigin: {origin}\r\ncookie: {}\r\nconnection: \
         close\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        kim.cookies(),
        form.len()
    );
    let mut stream = tokio::net::TcpStream::connect(host).await.expect("connected");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("read");
    let answer = String::from_utf8(answer).expect("text");
    let mut rest = answer.split_once("\r\n\r\n").expect("a head").1;
    let mut parts = Vec::new();
    while let Some((size, more)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).expect("a size");
        if size == 0 {
            break;
        }
        parts.push(size);
        rest = &more[size + 2..];
    }
    parts
}

/// Invariant 10, ZOH-28, ZOH-31: while many requests of a live session race, a deactivation is acknowledged; no request that was sent
/// after it opens anything, by page, ticket or launch.
#[tokio::test(flavor = "multi_thread")]
async fn no_request_succeeds_after_a_deactivation_however_many_race() {
    let wanted = if long() { 10_000 } else { 1_000 };
    let msp = Msp::start(DATABASE).await;
    msp.world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"password": PASSWORD})).await;
    let browser = Browser::new(&msp.world);
    browser.post(SIGN_IN, &[("name", "jane"), ("password", PASSWORD)]).await;
    let (cookies, url) = (browser.cookies(), format!("{}{HOME}", msp.world.origin));
    let (over, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut racers = Vec::new();
    for _ in 0..16 {
        let (client, url, cookies) = (msp.world.client.clone(), url.clone(), cookies.clone());
        let (over, answered) = (Arc::clone(&over), Arc::clone(&answered));
        racers.push(tokio::spawn(async move {
            let mut outcomes = Vec::new();
            while !over.load(Ordering::Relaxed) {
                let sent = Instant::now();
                let answer = client.get(&url).header(header::COOKIE, &cookies).send().await.expect("an answer");
                outcomes.push((sent, answer.status() == StatusCode::OK));
                answered.fetch_add(1, Ordering::Relaxed);
            }
            outcomes
        }));
    }
    // Half of them before, half after.
    let half = async || {
        let before = answered.load(Ordering::Relaxed);
        while answered.load(Ordering::Relaxed) < before + wanted / 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    half().await;
    let deactivated = json!({"state": "deactivated"});
    msp.world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), deactivated).await;
    let acknowledged = Instant::now();
    half().await;
    over.store(true, Ordering::Relaxed);
    let (mut before, mut after) = (0, 0);
    for racer in racers {
        for (sent, opened) in racer.await.expect("it ended") {
            assert!(!(opened && sent > acknowledged), "{:?} after it", sent - acknowledged);
            if opened { before += 1 } else { after += 1 }
        }
    }
    assert!(before + after >= wanted && before > wanted / 4 && after > wanted / 4, "{before} opened, {after} refused");
}

/// Invariants 10 to 15 through HTTP: random histories of one portal user, each step by its own way in, come to what the pure rules
/// say: the same state, one mail or none, and a session that lives exactly as long as it may.
#[tokio::test]
async fn random_histories_through_http_end_as_the_rules_say() {
    let (histories, steps) = if long() { (40, 60) } else { (3, 40) };
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let seed = std::env::var("DESKBELL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_127);
    let mut random = fastrand::Rng::with_seed(seed);
    for history in 0..histories {
        let email = format!("h{history}@c.example");
        let person = json!({"organization_id": msp.organization, "name": format!("H{history}"), "email": email});
        let person = msp.world.made("/end-users", person).await;
        let mut world = History { person, email, account: None, standing: None, invitation: None, browser: None };
        for number in 0..steps {
            let event = EVENTS[random.usize(..EVENTS.len())];
            let what = format!("seed {seed}, history {history}, step {number}: {event:?} from {:?}", world.standing);
            world.take(&msp, &mut server, event, &what).await;
        }
        assert!(server.has_nothing_more(), "seed {seed}: a mail too many");
    }
}

const EVENTS: [PortalUserEvent; 7] = [
    PortalUserEvent::EnableForTray,
    PortalUserEvent::Invite,
    PortalUserEvent::InviteAgain,
    PortalUserEvent::Accept,
    PortalUserEvent::SetPassword,
    PortalUserEvent::Deactivate,
    PortalUserEvent::Reactivate,
];

/// What is known of one person, and their browser.
struct History<'a> {
    person: String,
    email: String,
    account: Option<String>,
    standing: Option<Standing>,
    /// The newest link.
    invitation: Option<String>,
    browser: Option<Browser<'a>>,
}

impl<'a> History<'a> {
    async fn take(&mut self, msp: &'a Msp, server: &mut MailServer, event: PortalUserEvent, what: &str) {
        let expected = step(self.standing, event);
        let done = self.do_it(msp, event).await;
        let Ok(outcome) = expected else {
            assert!(!done.is_success() && !done.is_redirection(), "{what}: {done}");
            return self.agrees(msp, what).await;
        };
        assert!(done.is_success() || done == StatusCode::SEE_OTHER, "{what}: {done}");
        self.standing = Some(outcome.standing);
        if let Some(browser) = self.browser.take_if(|_| outcome.ends_sessions) {
            assert_eq!(browser.get(HOME).await.location(), SIGN_IN, "{what}: a session outlived it");
        }
        if self.account.is_none() {
            let found = msp.world.get(&format!("/portal-users?end_user_id={}", self.person)).await;
            self.account = found["items"][0]["id"].as_str().map(str::to_owned);
        }
        let has_address = portal_address(msp, self.account.as_deref()).await;
        if outcome.mail.is_some() && has_address {
            let mail = server.next().await;
            assert_eq!(mail.recipient, self.email, "{what}");
            if mail.text().contains("/my_profile/invitation/") {
                self.invitation = Some(link(msp, &mail));
            }
        }
        assert!(server.has_nothing_more(), "{what}: one mail at most");
        self.agrees(msp, what).await;
    }

    async fn do_it(&mut self, msp: &'a Msp, event: PortalUserEvent) -> StatusCode {
        let of_person = format!("/end-users/{}", self.person);
        let of_account =
            format!("/portal-users/{}", self.account.clone().unwrap_or_else(|| Uuid::now_v7().to_string()));
        let (method, path, body) = match event {
            PortalUserEvent::EnableForTray if self.deactivated() => return StatusCode::CONFLICT,
            PortalUserEvent::EnableForTray => (Method::POST, format!("{of_person}/enable-for-tray"), json!({})),
            PortalUserEvent::Invite => (Method::POST, format!("{of_person}/invite"), json!({})),
            PortalUserEvent::InviteAgain => (Method::POST, format!("{of_account}/invite-again"), json!({})),
            PortalUserEvent::SetPassword => (Method::PATCH, of_account, json!({"password": PASSWORD})),
            PortalUserEvent::Deactivate => (Method::PATCH, of_account, json!({"state": "deactivated"})),
            PortalUserEvent::Reactivate => (Method::PATCH, of_account, json!({"state": "enabled"})),
            PortalUserEvent::Accept | PortalUserEvent::SignUp | PortalUserEvent::Lapse => {
                let Some(link) = &self.invitation else { return StatusCode::GONE };
                let browser = Browser::new(&msp.world);
                let answer = browser.post(link, &[("password", PASSWORD)]).await.status;
                if answer == StatusCode::SEE_OTHER {
                    self.browser = Some(browser);
                }
                return answer;
            }
        };
        msp.world.api(method, &path, Some(body)).await.0
    }

    fn deactivated(&self) -> bool {
        self.standing.is_some_and(|standing| standing.state == PortalUserState::Deactivated)
    }

    /// The server says what the rules say; whoever is active is in, by their session or with their password, and nobody else.
    async fn agrees(&mut self, msp: &'a Msp, what: &str) {
        let found = msp.world.get(&format!("/portal-users?end_user_id={}", self.person)).await;
        let state = self.standing.map(|standing| standing.state.name());
        assert_eq!(found["items"][0]["state"].as_str(), state, "{what}");
        let is_active = self.standing.is_some_and(|standing| standing.state == PortalUserState::Active);
        let browser = if let Some(browser) = self.browser.take() {
            browser
        } else {
            let browser = Browser::new(&msp.world);
            browser.post(SIGN_IN, &[("name", &self.email), ("password", PASSWORD)]).await;
            browser
        };
        assert_eq!(browser.get(HOME).await.status == StatusCode::OK, is_active, "{what}: who is in");
        self.browser = Some(browser).filter(|_| is_active);
        if !is_active {
            // Wrong tries are counted: they shut nobody out here.
            msp.world.clock.advance(Duration::from_mins(15));
        }
    }
}

/// Whether mails of an account have somewhere to go: only from the first invitation on.
async fn portal_address(msp: &Msp, account: Option<&str>) -> bool {
    match account {
        Some(id) => msp.world.get(&format!("/portal-users/{id}")).await["email"].is_string(),
        None => false,
    }
}
