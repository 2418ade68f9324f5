//! Imports and exports over HTTP.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use deskbell_protocol::{EnrollRequest, Facts};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::Agent,
    staff_members::member,
    world::{Msp, World},
};

/// Sends a file and gives status and answer.
async fn send(world: &World, query: &str, csv: impl Into<reqwest::Body>) -> (StatusCode, Value) {
    let post = world.client.post(format!("{}/api/v1/imports{query}", world.origin)).bearer_auth(&world.api_token);
    let answer = post.header("content-type", "text/csv; charset=utf-8").body(csv).send().await.expect("an answer");
    (answer.status(), answer.json().await.expect("JSON"))
}

async fn imported(world: &World, csv: &str) -> Value {
    let (status, answer) = send(world, "", csv.to_owned()).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

/// A computer with this name and serial number.
async fn computer<'a>(world: &'a World, token: &str, name: &str, serial: &str) -> Agent<'a> {
    let facts = Facts { computer: name.into(), serial: serial.into(), ..Facts::default() };
    let request = EnrollRequest { enrollment_token: token.into(), fingerprint: "ab".repeat(32), facts, folder: None };
    let answer = world.client.post(format!("{}/agent/v1/enroll", world.origin)).json(&request).send().await;
    Agent::new(world, answer.expect("an answer").json().await.expect("JSON"))
}

async fn items(world: &World, path: &str) -> Vec<Value> {
    world.get(&format!("{path}?limit=200")).await["items"].as_array().expect("a list").clone()
}

async fn count(world: &World) -> Vec<usize> {
    let mut counts = Vec::new();
    for path in ["/organizations", "/sites", "/end-users", "/audit-records"] {
        counts.push(items(world, path).await.len());
    }
    counts
}

/// SYN-01: a file whose headers say `customer` and `contact` makes organizations and end users. A dry run tells it and
/// changes nothing, and importing it again finds nothing to do.
#[tokio::test]
async fn a_file_of_customers_and_contacts_is_told_then_imported_and_then_says_nothing_new() {
    let world = World::start(DATABASE).await;
    let before = count(&world).await;
    let file = "customer;location;contact;email;Warranty\r\nContoso;Head office;Jane Doe;jane@contoso.example;x\r\n\
                Contoso;;Kim Lee;;\r\nFabrikam;Plant;;;\r\n";

    let (status, told) = send(&world, "?dry_run=true", file).await;
    assert_eq!((status, &told["dry_run"]), (StatusCode::OK, &json!(true)), "{told}");
    assert_eq!(told["ignored_columns"], json!(["Warranty"]));
    assert_eq!(told["lines"][0]["line"], 2);
    assert_eq!(told["lines"][0]["changes"][2]["name"], "Jane Doe");
    assert_eq!(told["totals"]["organizations"], json!({"made": 2, "changed": 0}));
    assert_eq!(count(&world).await, before);

    let done = imported(&world, file).await;
    assert_eq!((&done["plan"], &done["lines"]), (&told["plan"], &told["lines"]), "what was told is what was done");
    let names = |rows: Vec<Value>| rows.into_iter().map(|row| row["name"].clone()).collect::<Vec<_>>();
    assert_eq!(names(items(&world, "/customers").await), ["Contoso", "Fabrikam"]);
    assert_eq!(names(items(&world, "/contacts").await), ["Jane Doe", "Kim Lee"]);
    let jane = &items(&world, "/end-users").await[0];
    assert_eq!(jane["site_id"], items(&world, "/sites").await[0]["id"]);

    let after = count(&world).await;
    let again = imported(&world, file).await;
    assert_eq!((&again["totals"]["unchanged"], &again["totals"]["made"]), (&json!(3), &json!(0)));
    assert_eq!(count(&world).await, after, "and leaves no record");
    let records = items(&world, "/audit-records").await;
    let of = |action: &str| records.iter().filter(|record| record["action"] == action).collect::<Vec<_>>();
    assert_eq!((of("import_done").len(), of("end_user_made").len()), (1, 2));
    assert_eq!(of("end_user_made")[0]["detail"]["import_id"], of("import_done")[0]["subject_id"]);
}

/// Invariant 2: an assignment ends the one before, the past is kept, and exactly the agents that it concerns are woken.
#[tokio::test]
async fn an_imported_assignment_reaches_the_agents_that_it_concerns_and_no_other() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let mut etags = Vec::new();
    let mut agents = Vec::new();
    for serial in ["SERIAL-1", "SERIAL-2", "SERIAL-3"] {
        let agent = computer(world, &msp.enrollment_token, serial, serial).await;
        agent.assign(&msp.jane).await;
        etags.push(agent.policy(None, 0).await.headers()["etag"].to_str().expect("text").to_owned());
        agents.push(agent);
    }
    let file = "organization,end_user,serial_number\nContoso,Kim Lee,serial-1\nContoso,Jane Doe,SERIAL-2\n";
    let poll = |at: usize, wait| agents[at].poll(Some(&etags[at]), wait).send();
    let (woken, done, second, third) = tokio::join!(poll(0, 20), imported(world, file), poll(1, 2), poll(2, 2));

    assert_eq!((&done["totals"]["assignments"], &done["totals"]["unchanged"]), (&json!(1), &json!(1)));
    let woken: Value = woken.expect("an answer").json().await.expect("JSON");
    assert_eq!(woken["values"]["end_user"], "Kim Lee");
    for asleep in [second, third] {
        assert_eq!(asleep.expect("an answer").status(), StatusCode::NOT_MODIFIED);
    }
    let history = world.get(&format!("/assets/{}/assignments", agents[0].asset)).await;
    let open: Vec<_> =
        history["items"].as_array().expect("a list").iter().map(|past| past["ended_at"].is_null()).collect();
    assert_eq!(open, [true, false]);
    let records = world.get(&format!("/audit-records?subject_id={}", agents[0].asset)).await;
    assert_eq!(records["items"][0]["action"], "asset_assigned");
    assert_eq!(records["items"][0]["detail"]["end_user_id"], history["items"][0]["end_user_id"]);
    let events = world.get(&format!("/assets/{}/events", agents[0].asset)).await;
    assert_eq!(events["items"].as_array().expect("a list").last().expect("an event")["kind"], "assigned");

    // A person's new name is on the menu of each of their computers.
    let renamed = format!("deskbell_end_user_id,end_user\n{},Jane Roe\n", msp.jane);
    let (woken, _) = tokio::join!(poll(2, 20), imported(world, &renamed));
    let woken: Value = woken.expect("an answer").json().await.expect("JSON");
    assert_eq!(woken["values"]["end_user"], "Jane Roe");
    imported(world, &renamed.replace("Roe", "Poe")).await;
    let told: Value = agents[2].policy(None, 0).await.json().await.expect("JSON");
    assert_eq!(told["values"]["end_user"], "Jane Poe", "as soon as it is done");
}

#[tokio::test]
async fn one_wrong_line_and_nothing_is_imported_and_each_fault_is_named() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let before = count(world).await;
    let file =
        "organization,end_user,email\nLitware,Ann Roe,ann@litware.example\nLitware,Joe,joe\n,Sue,sue@x.example\n";
    let (status, told) = send(world, "?dry_run=true", file).await;
    assert_eq!((status, &told["totals"]["refused"]), (StatusCode::OK, &json!(2)), "{told}");
    let (status, answer) = send(world, "", file).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let pointers: Vec<_> =
        answer["errors"].as_array().expect("a list").iter().map(|error| error["pointer"].clone()).collect();
    assert_eq!(pointers, ["/lines/3/end_user_email", "/lines/4/organization"], "{answer}");
    assert_eq!(count(world).await, before);

    for (body, words) in [("", "is empty"), ("warranty\n1\n", "no column"), ("customer,company\na,b\n", "two columns")]
    {
        let (status, answer) = send(world, "", body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer["detail"].as_str().expect("text").contains(words), "{answer}");
    }
    let (status, _) = send(world, "", vec![b'x'; (10 << 20) + 1]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn rows_of_json_say_the_same_under_old_names_too() {
    let world = World::start(DATABASE).await;
    let rows = json!({"rows": [
        {"customer": "Contoso", "customer_id": "C-7", "contact": "Jane Doe", "contact_id": "P-1", "end_user_phone": null},
        {"organization_external_id": "C-7", "organization": "Contoso Ltd", "end_user_external_id": "P-2", "end_user": "Kim"},
    ]});
    let (status, refused) = world.api(Method::POST, "/imports?dry_run=true", Some(rows)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        refused["lines"][1]["faults"][0]["detail"].as_str().expect("text").contains("contradicts line 1"),
        "{refused}"
    );
    let rows =
        json!({"rows": [{"customer": "Contoso", "customer_id": "C-7", "contact": "Jane Doe", "contact_id": "P-1"}]});
    world.done(Method::POST, "/imports", rows).await;
    let renamed = json!({"rows": [{"customer": "Contoso Ltd", "customer_id": "C-7", "contact": "Jane Roe", "contact_id": "P-1"}]});
    let done = world.done(Method::POST, "/imports", renamed).await;
    assert_eq!((&done["totals"]["made"], &done["totals"]["changed"]), (&json!(0), &json!(1)), "{done}");
    assert_eq!(items(&world, "/organizations").await[0]["name"], "Contoso Ltd");
    assert_eq!(items(&world, "/end-users").await[0]["name"], "Jane Roe");
    let (status, wrong) = world.api(Method::POST, "/imports", Some(json!({"rows": [{"warranty": "x"}]}))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong["detail"].as_str().expect("text").contains("warranty"), "{wrong}");
}

#[tokio::test]
async fn a_plan_that_was_agreed_to_is_not_carried_out_when_it_would_be_another() {
    let world = World::start(DATABASE).await;
    let file = "organization,end_user\nContoso,Jane Doe\n";
    let (_, told) = send(&world, "?dry_run=true", file).await;
    let query = format!("?plan={}", told["plan"].as_str().expect("a plan"));
    world.made("/organizations", json!({"name": "Contoso"})).await;
    let (status, _) = send(&world, &query, file).await;
    assert_eq!(status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(items(&world, "/end-users").await.len(), 0);
}

/// S14: invariant 22 in the export of names that are formulas; and what is exported changes nothing when it is imported.
#[tokio::test]
async fn an_export_has_no_formulas_and_changes_nothing_when_it_is_imported() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let site =
        json!({"organization_id": msp.organization, "name": "@home", "address": "-1 Main; \"Street\"\nSpringfield"});
    let site = world.made("/sites", site).await;
    let floor = world.made("/folders", json!({"organization_id": msp.organization, "name": "Floor/1"})).await;
    let folder = json!({"organization_id": msp.organization, "parent_id": floor, "name": "=Lab"});
    let folder = world.made("/folders", folder).await;
    world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"site_id": site, "external_id": "+1"})).await;
    world.done(Method::POST, &format!("/end-users/{}/os-logins", msp.jane), json!({"name": "a\\b"})).await;
    let login = json!({"name": "jane", "domain": "=CONTOSO", "os_id": "S-1-5-21-7"});
    world.done(Method::POST, &format!("/end-users/{}/os-logins", msp.jane), login).await;
    for (name, email) in [
        ("=HYPERLINK(\"http://evil.example\")", None),
        ("'=x", None),
        ("Twin", Some("t@x.example")),
        ("Twin", Some("t@x.example")),
    ] {
        world.made("/end-users", json!({"organization_id": msp.organization, "name": name, "email": email})).await;
    }
    let agent = computer(world, &msp.enrollment_token, "-PC", "SERIAL-1").await;
    let nameless = computer(world, &msp.enrollment_token, "", "0").await;
    agent.assign(&msp.jane).await;
    world.done(Method::PATCH, &format!("/assets/{}", agent.asset), json!({"folder_id": folder, "site_id": site})).await;
    let retired = computer(world, &msp.enrollment_token, "OLD", "SERIAL-2").await;
    world.done(Method::POST, &format!("/assets/{}/retire", retired.asset), json!({})).await;

    let file = String::from_utf8(world.bytes("/export").await).expect("UTF-8");
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let mut cells =
        reader.records().flat_map(|record| record.expect("a record").iter().map(str::to_owned).collect::<Vec<_>>());
    assert!(cells.all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0'])), "{file}");
    assert!(file.contains("'=HYPERLINK") && file.contains("''=x") && file.contains("'+1 555 0142"), "{file}");
    assert!(file.contains("\r\n") && !file.contains("SERIAL-2"), "{file}");
    assert!(file.contains(&nameless.asset));

    let before = count(world).await;
    let done = imported(world, &file).await;
    let others: Vec<_> =
        done["lines"].as_array().expect("a list").iter().filter(|line| line["outcome"] != "unchanged").collect();
    assert!(others.is_empty(), "{others:?}");
    assert_eq!(done["totals"]["unchanged"], 10, "one line for each thing");
    assert_eq!(count(world).await, before);
    let changed = file.replace("''=x", "Ann Roe");
    imported(world, &changed).await;
    assert!(
        items(world, "/end-users").await.iter().any(|row| row["name"] == "Ann Roe"),
        "found by its id under another name"
    );
}

/// A browser without scripts uploads a file, looks at the plan, and imports it.
#[tokio::test]
async fn a_file_is_looked_at_in_the_console_before_it_is_imported() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let agent = computer(world, &msp.enrollment_token, "PC-042", "SERIAL-1").await;
    let (_, kim) = member(world, "kim@msp.example", "technician").await;
    let upload = async |csv: &str| {
        let part = reqwest::multipart::Part::bytes(csv.as_bytes().to_vec()).file_name("contacts.csv");
        let form = reqwest::multipart::Form::new().part("file", part);
        let post = world.client.post(format!("{}/console/import", world.origin)).header("origin", &world.origin);
        kim.send(post.multipart(form)).await
    };
    let wrong = upload("warranty\n1\n").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text("#file-error").starts_with("The file has no column that is known"), "{}", wrong.html);

    let bad = upload("customer,contact,email\nContoso,<b>Kim</b>,kim\n").await;
    let page = kim.get(&bad.location()).await;
    assert_eq!(page.text("h1"), "contacts.csv");
    assert!(
        page.text(".error").starts_with("1 line cannot be imported") && !page.has("input[name=plan]"),
        "{}",
        page.html
    );
    assert_eq!(page.texts(".plan td:nth-child(-n+2)"), ["2", "Refused"]);
    assert!(page.text(".plan").contains("end_user_email must be an e-mail address"), "{}", page.html);
    let discarded = kim.post(&page.attribute("form[action$='/discard']", "action"), &[]).await;
    assert_eq!(discarded.location(), "/console/import?done=removed");
    assert_eq!(kim.get(&bad.location()).await.status, StatusCode::NOT_FOUND);

    let sent = upload("customer,contact,email,serial_number\nContoso,Kim Lee,kim@contoso.example,SERIAL-1\n").await;
    let page = kim.get(&sent.location()).await;
    assert!(page.text(".plan").contains("New end user Kim Lee"), "{}", page.html);
    world.done(Method::PUT, &format!("/assets/{}/assignment", agent.asset), json!({"end_user_id": msp.jane})).await;
    let differs = kim.post(&sent.location(), &[("plan", &page.value("input[name=plan]"))]).await;
    assert_eq!(differs.status, StatusCode::CONFLICT);
    assert!(differs.text("[role=alert]").starts_with("Something was changed since"), "{}", differs.html);
    assert!(differs.text(".plan del").contains("Jane Doe"), "the new plan is shown");
    let done = kim.post(&sent.location(), &[("plan", &differs.value("input[name=plan]"))]).await;
    assert_eq!(done.location(), format!("{}?done=imported", sent.location()));
    let page = kim.get(&done.location()).await;
    assert_eq!(page.text("[role=status]"), "Imported.");
    assert_eq!(page.texts(".totals td")[4], "1", "{}", page.html);
    let kim_lee = &items(world, "/end-users").await[1];
    assert_eq!(world.get(&format!("/assets/{}", agent.asset)).await["assignment"]["end_user_id"], kim_lee["id"]);

    let again = kim.post(&sent.location(), &[("plan", "x")]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert_eq!(world.query("SELECT sum(length(content)) FROM import_file"), "0", "what was imported is not kept");
    kim.post(&format!("{}/discard", sent.location()), &[]).await;
    assert_eq!(kim.get(&sent.location()).await.text("h1"), "contacts.csv", "what was imported cannot be discarded");
    assert_eq!(kim.get("/console/import").await.text("#imported-heading ~ .scroll td a"), "contacts.csv");
    let export = kim.get("/console/export").await;
    assert!(export.html.starts_with('\u{feff}') && export.html.contains("Kim Lee"));
    assert_eq!(export.headers["content-disposition"], "attachment; filename=\"deskbell.csv\"");
}

/// Each column is written, or importing the same again would find something to do.
#[tokio::test]
async fn what_an_import_changes_is_all_written() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let agent = computer(world, &msp.enrollment_token, "PC-042", "SERIAL-1").await;
    world.made("/folders", json!({"organization_id": msp.organization, "name": "Lab"})).await;
    for name in ["Depot", "Plant"] {
        world.made("/sites", json!({"organization_id": msp.organization, "name": name})).await;
    }
    let (of, jane, asset) = (&msp.organization, &msp.jane, &agent.asset);
    let file = format!(
        "deskbell_organization_id,organization,organization_external_id,organization_email,site,site_address,\
         deskbell_end_user_id,end_user,end_user_external_id,end_user_email,end_user_phone,end_user_language,os_login,\
         deskbell_asset_id,asset,asset_external_id,folder\n\
         {of},Contoso Ltd,C-7,desk@contoso.example,,,,,,,,,,,,,\n\
         {of},,,,Depot,1 Main Street,,,,,,,,,,,\n\
         {of},,,,Depot,,{jane},Jane Roe,P-1,jane@contoso.example,+1 555 0143,de-AT,jane,,,,\n\
         {of},,,,Plant,,{jane},,,,,,,{asset},Front desk,A-7,Lab\n"
    );
    let done = imported(world, &file).await;
    assert_eq!((&done["totals"]["changed"], &done["totals"]["unchanged"]), (&json!(3), &json!(0)), "{done}");

    let again = imported(world, &file).await;

    assert_eq!(again["totals"]["unchanged"], 4, "{again}");
    let asset = world.get("/assets?q=front").await;
    assert_eq!(asset["items"][0]["id"], json!(agent.asset), "found under its new name");
    for path in ["/organizations?q=ltd", "/end-users?q=roe", "/end-users?email=jane%40contoso.example"] {
        assert_eq!(world.get(path).await["items"].as_array().map(Vec::len), Some(1), "{path}");
    }
    let jane = world.get(&format!("/end-users/{}", msp.jane)).await;
    assert_eq!((&jane["phone"], &jane["external_id"]), (&json!("+1 555 0143"), &json!("P-1")));
    assert_eq!(jane["language"], "de");
}

/// A computer that was retired has not enrolled: its line waits, and its history stays as it is.
#[tokio::test]
async fn a_retired_computer_is_assigned_to_nobody() {
    let msp = Msp::start(DATABASE).await;
    let agent = computer(&msp.world, &msp.enrollment_token, "PC-042", "SERIAL-1").await;
    msp.world.done(Method::POST, &format!("/assets/{}/retire", agent.asset), json!({})).await;
    let done = imported(&msp.world, "organization,end_user,serial_number\nContoso,Jane Doe,SERIAL-1\n").await;
    let note = done["lines"][0]["notes"][0]["detail"].as_str().expect("text");
    assert!(note.contains("with this serial number has enrolled"), "{done}");
    let assignments = msp.world.get(&format!("/assets/{}/assignments", agent.asset)).await;
    assert_eq!(assignments["items"], json!([]));
}

/// What stands in one column of an export, each text once.
fn column(csv: &[u8], name: &str) -> BTreeSet<String> {
    let mut reader = csv::Reader::from_reader(csv);
    let at = reader.headers().expect("a header").iter().position(|header| header == name).expect(name);
    let cells = reader.records().map(|record| record.expect("a record")[at].to_owned());
    cells.filter(|cell| !cell.is_empty()).collect()
}

/// That of one organization tells nothing of another, and that of all is whole, however many there are.
#[tokio::test]
async fn an_export_is_of_one_organization_alone_or_of_all_of_them() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let agent = computer(world, &msp.enrollment_token, "PC-042", "SERIAL-1").await;
    agent.assign(&msp.jane).await;
    world.done(Method::DELETE, &format!("/assets/{}/assignment", agent.asset), json!({})).await;
    let others: Vec<_> = (1..=45).map(|n| format!("Customer {n},Person {n}")).collect();
    imported(world, &format!("organization,end_user\n{}\n", others.join("\n"))).await;

    let all = world.bytes("/export").await;

    assert_eq!((column(&all, "organization").len(), column(&all, "end_user").len()), (46, 46));
    let mut reader = csv::Reader::from_reader(&*all);
    let mut lines = reader.deserialize::<BTreeMap<String, String>>().map(|line| line.expect("a line"));
    let unassigned = lines.find(|line| line["asset"] == "PC-042").expect("its line");
    assert_eq!(unassigned["end_user"], "", "it was Jane's");
    let (_, kim) = member(world, "kim@msp.example", "technician").await;
    let page = kim.get(&format!("/console/export?organization={}", msp.organization)).await;
    let by_page = page.html.trim_start_matches('\u{feff}').as_bytes();
    let by_api = world.bytes(&format!("/export?organization_id={}", msp.organization)).await;
    for one in [by_page, &by_api] {
        assert_eq!(column(one, "organization"), ["Contoso".to_owned()].into());
        assert_eq!(column(one, "end_user"), ["Jane Doe".to_owned()].into());
    }
}

#[tokio::test]
async fn a_file_that_nobody_imports_is_forgotten_after_a_day() {
    let world = World::start(DATABASE).await;
    let upload = async |email: &str| {
        let (_, staff) = member(&world, email, "technician").await;
        let part = reqwest::multipart::Part::bytes(&b"organization\nContoso\n"[..]).file_name("a.csv");
        staff.post_files("/console/import", reqwest::multipart::Form::new().part("file", part)).await.location()
    };
    upload("kim@msp.example").await;
    world.clock.advance(Duration::from_hours(24));
    upload("lee@msp.example").await;
    assert_eq!(world.query("SELECT count(*) FROM import_file"), "2");
    world.clock.advance(Duration::from_millis(1));
    upload("max@msp.example").await;
    assert_eq!(world.query("SELECT count(*) FROM import_file"), "2");
}
