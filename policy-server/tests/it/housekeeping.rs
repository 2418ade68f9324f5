//! What nobody needs any more is removed, and nothing else.

use std::{
    fmt::Write as _,
    fs::File,
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

use deskbell_server::{
    app::App,
    clock::{Clock as _, ManualClock},
    config::Config,
    housekeeping::tidy,
    store::Store,
};
use reqwest::{Method, multipart::Part};
use serde_json::json;
use uuid::Uuid;

use super::{DATABASE, mail::send_ticket};
use crate::{
    agents::Agent,
    browsers::{Browser, FORM},
    mail_server::MailServer,
    receiver::Receiver,
    world::{Database, Msp, World},
};

const DAY: Duration = Duration::from_hours(24);

/// What another server on the same data tidies up so many days after this one's today.
pub(super) async fn tidy_after(world: &World, days: u32) {
    tidy_with(world, days, |_| {}).await;
}

async fn tidy_with(world: &World, days: u32, configure: impl FnOnce(&mut Config)) {
    let mut config = Config::default();
    configure(&mut config);
    config.data.folder = world.data.clone();
    config.database.url.clone_from(&world.database_url);
    let store = Store::open(&config.database_location().expect("a place")).await.expect("opens");
    let clock = ManualClock::at(world.clock.now());
    clock.advance(DAY * days);
    let app = App::new(config, store, Arc::new(clock)).await.expect("the parts of a server");
    tidy(&app).await.expect("tidied up");
    app.store.close().await.expect("closed");
}

#[tokio::test]
async fn what_was_sent_is_deleted_after_ninety_days_and_what_waits_is_not() {
    let mut server = MailServer::start(&["250 Taken", "451 Later"]).await;
    let mut receiver = Receiver::start().await;
    let mail = server.config();
    let world = World::configured(DATABASE, |config| {
        config.mail = Some(mail);
        config.outbound = receiver.outbound();
    });
    let msp = Msp::of(world.await).await;
    msp.world.done(Method::PUT, "/ticket-forwarding", json!({"address": "desk@northwind.example"})).await;
    let endpoint = json!({"url": format!("{}/hook", receiver.origin), "events": ["ticket.created"]});
    let endpoint = msp.world.made("/webhook-endpoints", endpoint).await;
    let deliveries = format!("/webhook-endpoints/{endpoint}/deliveries");
    for answer in [204, 503] {
        receiver.answer_with(answer);
        send_ticket(&msp, &[("description", "Printer on fire")]).await;
        server.next().await;
        receiver.next().await;
        msp.world.once("/mails", |list| list["items"][0]["answer"] != "").await;
        msp.world.once(&deliveries, |list| list["items"][0]["answer"] != "").await;
    }
    let states = async |path: &str| {
        let list = msp.world.get(path).await;
        list["items"].as_array().expect("a list").iter().map(|one| one["state"].clone()).collect::<Vec<_>>()
    };
    tidy_after(&msp.world, 90).await;
    assert_eq!(states("/mails").await, ["waiting", "delivered"]);
    assert_eq!(states(&deliveries).await, ["waiting", "delivered"]);

    tidy_after(&msp.world, 91).await;

    assert_eq!(states("/mails").await, ["waiting"]);
    assert_eq!(states(&deliveries).await, ["waiting"]);
}

/// More than what is deleted at once; and nothing where the MSP wishes to keep it.
#[tokio::test]
async fn however_much_was_sent_all_of_it_is_deleted_unless_it_is_to_be_kept() {
    let world = World::start(DATABASE).await;
    let now = world.clock.now();
    let mut script = String::from("BEGIN;\n");
    for n in 0..1001_u128 {
        let id = Uuid::from_u128(u128::from(now.unsigned_abs()) << 80 | n);
        let id = match DATABASE {
            Database::Sqlite => format!("x'{}'", id.simple()),
            Database::Postgres => format!("'{id}'"),
        };
        let columns = "id, recipient, subject, body, state, attempts, queued_at, due_at, answer, created_at, ended_at";
        writeln!(
            script,
            "INSERT INTO mail ({columns}) VALUES ({id}, 'a@b.example', '', '', 'delivered', 1, {now}, {now}, '', {now}, {now});"
        )
        .expect("a string");
    }
    world.run_sql(&(script + "COMMIT;"));
    tidy_with(&world, 1000, |config| config.retention.outbox_days = 0).await;
    assert_eq!(world.query("SELECT count(*) FROM mail"), "1001");

    tidy_after(&world, 91).await;

    assert_eq!(world.query("SELECT count(*) FROM mail"), "0");
}

#[tokio::test]
async fn a_file_that_no_ticket_names_is_removed_after_a_day() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    let page = browser.open(&agent.click().await).await;
    let form = reqwest::multipart::Form::new()
        .text("form_id", page.value("input[name=form_id]"))
        .text("form_for", page.value("input[name=form_for]"))
        .text("description", "Look at this")
        .text("urgency", "high")
        .part("files", Part::bytes(b"named".to_vec()).file_name("named.txt"));
    let origin = &msp.world.origin;
    browser.send(msp.world.client.post(format!("{origin}{FORM}")).header("origin", origin).multipart(form)).await;
    let ticket = msp.world.get("/tickets").await["items"][0]["id"].as_str().expect("an id").to_owned();
    let attachments = msp.world.get(&format!("/tickets/{ticket}/attachments")).await;
    let attachment = attachments["items"][0]["id"].as_str().expect("an id").to_owned();

    let folder = msp.world.data.join("attachments");
    let put = |name: &str| {
        let file = folder.join("ab").join(name);
        std::fs::create_dir_all(folder.join("ab")).expect("made");
        std::fs::write(&file, name).expect("written");
        file
    };
    let (old, new) = (put("cd"), put("ef"));
    let today = UNIX_EPOCH + Duration::from_millis(msp.world.clock.now().unsigned_abs());
    for part in std::fs::read_dir(&folder).expect("a folder") {
        for file in std::fs::read_dir(part.expect("an entry").path()).expect("a folder") {
            let file = file.expect("an entry").path();
            let written = if file == new { today } else { today - Duration::from_millis(1) };
            let file = File::options().write(true).open(file).expect("there");
            file.set_modified(written).expect("its time is set");
        }
    }
    tidy_after(&msp.world, 1).await;

    assert!(!old.exists(), "nobody names it");
    assert!(new.exists(), "a ticket that names it may be on its way");
    assert_eq!(msp.world.bytes(&format!("/attachments/{attachment}")).await, b"named");
}
