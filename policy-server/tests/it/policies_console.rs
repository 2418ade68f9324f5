//! The policy pages of the console, as a browser without scripts uses them.

use deskbell_protocol::{AgentState, MenuItem, MenuState, PolicyAnswer, menu};
use reqwest::{
    Method, StatusCode, header,
    multipart::{self, Part},
};
use scraper::{Html, Selector};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::{Agent, facts},
    browsers::{Browser, Page},
    staff_members::member,
    world::{Msp, World, policy_json},
};

/// The builder's form as the page has it, to be changed as a person would and sent by one of its buttons.
struct Form {
    path: String,
    fields: Vec<(String, String)>,
}

impl Form {
    fn of(page: &Page) -> Self {
        let html = Html::parse_document(&page.html);
        let select = |css: &str| Selector::parse(css).expect("a selector");
        let form = html.select(&select("form#policy")).next().unwrap_or_else(|| panic!("no form in {}", page.html));
        let mut fields = Vec::new();
        for field in form.select(&select("input, select, textarea")) {
            let Some(name) = field.attr("name") else { continue };
            let value = match field.value().name() {
                "textarea" => field.text().collect::<String>().trim_start_matches('\n').replace('\n', "\r\n"),
                "select" => {
                    let chosen = field.select(&select("option[selected]")).next();
                    let chosen = chosen.or_else(|| field.select(&select("option")).next());
                    chosen.and_then(|option| option.attr("value")).unwrap_or_default().to_owned()
                }
                _ if field.attr("type") == Some("file") => continue,
                _ if matches!(field.attr("type"), Some("checkbox" | "radio")) && field.attr("checked").is_none() => {
                    continue;
                }
                _ => field.attr("value").unwrap_or_default().to_owned(),
            };
            fields.push((name.to_owned(), value));
        }
        Self { path: form.attr("action").expect("an address").to_owned(), fields }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        let field = self.fields.iter_mut().find(|(known, _)| known == name);
        value.clone_into(&mut field.unwrap_or_else(|| panic!("the form has no {name}")).1);
        self
    }

    fn without(mut self, checkbox: &str) -> Self {
        self.fields.retain(|(name, _)| name != checkbox);
        self
    }

    async fn press(self, browser: &Browser<'_>, button: &str) -> Page {
        let pairs = self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        browser.post(&self.path, &pairs.chain([("action", button)]).collect::<Vec<_>>()).await
    }

    /// The same with a file, as browsers send it.
    async fn press_with(self, browser: &Browser<'_>, button: &str, field: &'static str, file: Vec<u8>) -> Page {
        let form = self.fields.into_iter().fold(multipart::Form::new(), |form, (name, value)| form.text(name, value));
        let form = form.text("action", button.to_owned()).part(field, Part::bytes(file).file_name("icon.png"));
        browser.post_files(&self.path, form).await
    }

    /// Ids of the entries with their depths, top to bottom.
    fn entries(&self) -> Vec<&str> {
        let entries = self.fields.iter().filter(|(name, _)| name == "entry");
        entries.map(|(_, value)| value.as_str()).collect()
    }

    /// The id of the last entry.
    fn last(&self) -> String {
        self.entries().last().and_then(|line| line.splitn(3, ':').nth(2)).expect("an entry").to_owned()
    }
}

/// A browser of somebody who may change policies.
async fn technician<'a>(msp: &'a Msp, email: &str) -> Browser<'a> {
    member(&msp.world, email, "technician").await.1
}

/// What a real tray would draw for this agent, line by line.
async fn drawn(agent: &Agent<'_>) -> Vec<String> {
    let answer: PolicyAnswer = agent.policy(None, 0).await.json().await.expect("JSON");
    let state =
        MenuState { agent: AgentState::Enrolled, offline_since: None, language: String::new(), hidden_at_first: true };
    let mut lines = Vec::new();
    texts(&menu(Some(&answer.policy), &answer.values, &state).items, &mut lines);
    lines
}

fn texts(items: &[MenuItem], lines: &mut Vec<String>) {
    for item in items {
        let caption = match item {
            MenuItem::Action { caption, .. }
            | MenuItem::Submenu { caption, .. }
            | MenuItem::Information { caption } => {
                serde_json::to_value(caption).expect("JSON")["text"].as_str().expect("a text").to_owned()
            }
            MenuItem::Separator => String::new(),
        };
        lines.push(caption);
        if let MenuItem::Submenu { items, .. } = item {
            texts(items, lines);
        }
    }
}

/// The lines of the page's preview.
fn previewed(page: &Page) -> Vec<String> {
    let html = Html::parse_document(&page.html);
    let lines = Selector::parse(".tray li").expect("a selector");
    let span = Selector::parse("span").expect("a selector");
    html.select(&lines)
        .map(|line| line.select(&span).next().map(|span| span.text().collect()).unwrap_or_default())
        .collect()
}

async fn etag(agent: &Agent<'_>) -> String {
    agent.policy(None, 0).await.headers()["etag"].to_str().expect("text").to_owned()
}

/// SYN-33, SYN-35, SYN-36: the section is there when a policy is made and when it is changed; entries of each type are
/// added, nested and put in order; what is saved is what a click opens.
#[tokio::test]
async fn a_policy_is_built_without_scripts_and_saved_whole() {
    let msp = Msp::start(DATABASE).await;
    let browser = technician(&msp, "kim@msp.example").await;
    let mut page = browser.get("/console/policies/new").await;
    assert_eq!(page.text("nav.sections a[href='#system-tray']"), "System Tray");
    assert_eq!(page.text("#system-tray h2"), "System Tray");
    for button in
        ["add-portal", "add-portal", "add-submenu", "add-link", "add-separator", "add-information", "add-copy"]
    {
        page = Form::of(&page).press(&browser, button).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.html);
        assert!(!page.has(".error"), "{button}: {}", page.text(".error"));
    }
    let form = Form::of(&page);
    let entries: Vec<_> = form.entries().into_iter().map(str::to_owned).collect();
    let id = |index: usize| entries[index].splitn(3, ':').nth(2).expect("an id").to_owned();
    let (second, submenu, link) = (id(1), id(2), id(3));
    assert_eq!(page.value(&format!("#target-{second}")), "/my_profile/v2/asset_new_ticket_form");
    let form = form
        .with("name", "Sales")
        .with(&format!("label-{second}"), "My tickets")
        .with(&format!("target-{second}"), "/my_profile/v2/index")
        .with(&format!("label-{submenu}"), "More")
        .with(&format!("label-{link}"), "Handbook")
        .with(&format!("target-{link}"), "https://kb.example/{{asset}}")
        .with(&format!("language-{link}"), "de")
        .with(&format!("words-{link}"), "Handbuch")
        .without("hides_tray");
    let page = form.press(&browser, &format!("into:{link}")).await;
    assert!(page.has(&format!("button[value='out:{link}'][autofocus]")), "the keyboard stays where it was");
    let page = Form::of(&page).press(&browser, &format!("up:{second}")).await;
    assert_eq!(msp.world.get("/policies").await["items"].as_array().map(Vec::len), Some(1), "nothing is stored yet");

    let saved = Form::of(&page).press(&browser, "save").await;

    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.html);
    let page = browser.get(&saved.location()).await;
    assert_eq!((page.text("h1").as_str(), page.text("#system-tray h2").as_str()), ("Sales", "System Tray"));
    let policy = saved.location().replace("/console", "").replace("?changed=0", "");
    let policy = msp.world.get(&policy).await;
    assert_eq!(policy["settings"]["hide_tray"], false);
    let entries = policy["menu"]["entries"].as_array().expect("a list");
    let types: Vec<_> = entries.iter().map(|entry| entry["type"].as_str().expect("a type")).collect();
    assert_eq!(types, ["portal", "portal", "submenu", "separator", "information", "copy"]);
    assert_eq!(entries[0]["id"], json!(second));
    assert_eq!(entries[0]["destination"], "/my_profile/v2/index");
    assert_eq!(
        entries[2]["entries"],
        json!([{"id": link, "type": "link", "url": "https://kb.example/{{asset}}",
                "label": {"text": "Handbook", "translations": {"de": "Handbuch"}}}])
    );
}

/// SYN-34: checked hides the tray, unchecked shows it; POL-02: not set here, what is above counts.
#[tokio::test]
async fn hide_system_tray_is_on_off_or_left_to_the_policy_above() {
    let msp = Msp::start(DATABASE).await;
    let browser = technician(&msp, "kim@msp.example").await;
    let agent = Agent::of_jane(&msp).await;
    let below = msp.world.made("/policies", json!({"name": "Contoso"})).await;
    let path = format!("/organizations/{}/policy", msp.organization);
    msp.world.done(Method::PUT, &path, json!({"policy_id": below})).await;
    let address = format!("/console/policies/{below}");
    for (boxes, hidden, stored) in [
        (vec!["sets_tray", "hides_tray"], true, json!(true)),
        (vec!["sets_tray"], false, json!(false)),
        (vec![], false, json!(null)),
    ] {
        let mut form = Form::of(&browser.get(&address).await).without("sets_tray").without("hides_tray");
        form.fields.extend(boxes.iter().map(|name| ((*name).to_owned(), "yes".to_owned())));
        let page = form.press(&browser, "preview").await;
        assert_eq!(Form::of(&page).press(&browser, "save").await.status, StatusCode::SEE_OTHER, "{boxes:?}");
        assert_eq!(msp.world.get(&format!("/policies/{below}")).await["settings"]["hide_tray"], stored);
        let answer: PolicyAnswer = agent.policy(None, 0).await.json().await.expect("JSON");
        assert_eq!(answer.policy.hide_tray, hidden, "{boxes:?}");
    }
    let mut form = Form::of(&browser.get(&address).await);
    form.fields.push(("hides_tray".into(), "yes".into()));
    let refused = form.press(&browser, "save").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text("#hides_tray-error").contains("not set here"), "{}", refused.html);
}

/// POL-07: one message for each fault, beside its field, and what was typed is still there.
#[tokio::test]
async fn each_fault_stands_beside_its_field() {
    let msp = Msp::start(DATABASE).await;
    let browser = technician(&msp, "kim@msp.example").await;
    let mut page = browser.get("/console/policies/new").await;
    let mut ids = Vec::new();
    for button in ["add-portal", "add-link", "add-copy", "add-submenu"] {
        page = Form::of(&page).press(&browser, button).await;
        ids.push(Form::of(&page).last());
    }
    let form = Form::of(&page)
        .with(&format!("label-{}", ids[0]), &"x".repeat(129))
        .with(&format!("target-{}", ids[0]), "https://evil.example/")
        .with(&format!("label-{}", ids[1]), "{{nobody}}")
        .with(&format!("target-{}", ids[1]), "javascript:alert(1)")
        .with(&format!("label-{}", ids[2]), "")
        .with(&format!("language-{}", ids[2]), "d e")
        .with("mode", "inherit");
    let page = form.press(&browser, "save").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (place, words) in [
        ("#name-error".to_owned(), "Must not be empty."),
        ("#mode-error".to_owned(), "take before, after or replace"),
        (format!("#label-{}-error", ids[0]), "at most 128"),
        (format!("#target-{}-error", ids[0]), "use a link entry"),
        (format!("#label-{}-error", ids[1]), "unknown variable {{nobody}}"),
        (format!("#target-{}-error", ids[1]), "Must begin with https://, mailto: or tel:."),
        (format!("#label-{}-error", ids[2]), "Must not be empty."),
        (format!("li[data-entry='{}'] .translation .error", ids[2]), "Needs a language"),
        (format!("li[data-entry='{}'] > fieldset > .error", ids[3]), "A submenu needs at least one entry."),
    ] {
        assert!(page.text(&place).contains(words), "{place}: {:?}", page.text(&place));
    }
    assert_eq!(page.value(&format!("#target-{}", ids[1])), "javascript:alert(1)");
    assert_eq!(msp.world.get("/policies").await["items"].as_array().map(Vec::len), Some(1));
}

/// POL-05: the menu beside the form is the one that the agent draws after the save; POL-06: until then no agent hears of it.
#[tokio::test]
async fn the_preview_is_the_menu_that_the_agent_draws_after_the_save() {
    let msp = Msp::start(DATABASE).await;
    let browser = technician(&msp, "kim@msp.example").await;
    let agent = Agent::of_jane(&msp).await;
    let before = etag(&agent).await;
    let address = format!("/console/policies/{}?computer=PC-042", msp.policy);
    let page = browser.get(&address).await;
    assert_eq!(previewed(&page), drawn(&agent).await);
    let page = Form::of(&page).press(&browser, "add-information").await;
    let page = Form::of(&page).press(&browser, "add-submenu").await;
    let page = Form::of(&page).press(&browser, "add-link").await;
    let link = Form::of(&page).last();
    let form = Form::of(&page).with(&format!("target-{link}"), "https://kb.example/");
    let page = form.press(&browser, &format!("into:{link}")).await;
    assert_eq!(previewed(&page), ["Customer Online Portal", "PC-042", "More", "Website"]);
    assert_eq!(page.text("#count strong"), "1 asset");
    assert_eq!(agent.policy(Some(&before), 0).await.status(), StatusCode::NOT_MODIFIED, "nothing before the save");

    let saved = Form::of(&page).press(&browser, "save").await;

    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.html);
    assert_eq!(drawn(&agent).await, previewed(&page));
}

/// POL-05: the count is that of the agents whose answer changes: not those below a policy that replaces the menu, not those of
/// another organization, not those that are retired.
#[tokio::test]
async fn as_many_assets_change_as_the_page_and_the_api_say() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let browser = technician(&msp, "kim@msp.example").await;
    let mut agents = Vec::new();
    for _ in 0..7 {
        agents.push(Agent::enroll(world, &msp.enrollment_token).await);
    }
    let folder = world.made("/folders", json!({"organization_id": msp.organization, "name": "Sales"})).await;
    let own = world.made("/policies", policy_json("Own menu", "Own")).await;
    world.done(Method::PUT, &format!("/folders/{folder}/policy"), json!({"policy_id": own})).await;
    for agent in &agents[..2] {
        world.done(Method::PATCH, &format!("/assets/{}", agent.asset), json!({"folder_id": folder})).await;
    }
    let third = format!("/assets/{}", agents[2].asset);
    world.done(Method::PUT, &format!("{third}/policy"), json!({"policy_id": own})).await;
    world.done(Method::POST, &format!("/assets/{}/retire", agents[3].asset), json!({})).await;
    let living: Vec<_> = agents.iter().enumerate().filter(|(index, _)| *index != 3).map(|(_, agent)| agent).collect();
    let mut before = Vec::new();
    for agent in &living {
        before.push(etag(agent).await);
    }
    let changed = policy_json("Standard", "Get help");
    let previewed = world.done(Method::POST, &format!("/policies/{}/preview", msp.policy), changed).await;
    assert_eq!(previewed["changed_assets"], json!(3));
    let form =
        Form::of(&browser.get(&format!("/console/policies/{}", msp.policy)).await).with("label-portal", "Get help");
    let told = form.press(&browser, "save").await;
    assert_eq!(told.status, StatusCode::OK, "the first press says how many, since nobody was told");
    assert_eq!(told.text("#count strong"), "3 assets");
    assert!(told.text(".note").contains("Not saved yet"), "{}", told.html);

    let saved = Form::of(&told).press(&browser, "save").await;

    assert!(saved.location().ends_with("?changed=3"), "{}", saved.html);
    assert_eq!(browser.get(&saved.location()).await.text(".note"), "Saved. The tray of 3 assets changes.");
    let mut count = 0;
    for (agent, before) in living.iter().zip(before) {
        count += usize::from(etag(agent).await != before);
    }
    assert_eq!(count, 3);
}

/// POL-06: three saves by two people: the history names them with what changed, and restoring the first gives its menu.
#[tokio::test]
async fn the_history_names_who_changed_what_and_any_version_comes_back() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let first = drawn(&agent).await;
    member(&msp.world, "boss@msp.example", "administrator").await;
    let address = format!("/console/policies/{}", msp.policy);
    for (email, name, label) in [("kim@msp.example", "Kim", "Get help"), ("lee@msp.example", "Lee", "Ask us")] {
        let (id, browser) = member(&msp.world, email, "technician").await;
        msp.world.done(Method::PATCH, &format!("/staff/{id}"), json!({"name": name})).await;
        let page = Form::of(&browser.get(&address).await).with("label-portal", label).press(&browser, "preview").await;
        assert_eq!(Form::of(&page).press(&browser, "save").await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(drawn(&agent).await, ["Ask us"]);
    let browser = technician(&msp, "max@msp.example").await;
    let versions = browser.get(&format!("{address}/versions")).await;
    let section = |version: u32| format!("section[aria-labelledby='version-{version}']");
    for (version, by, change) in [
        (3, "Lee", ["Ask us: label", "Get help", "Ask us"]),
        (2, "Kim", ["Get help: label", "Customer Online Portal", "Get help"]),
    ] {
        assert!(versions.text(&section(version)).contains(&format!("Saved by {by} at 2026-01-01 00:00 UTC")));
        for (column, words) in change.into_iter().enumerate() {
            let cell = format!("{} tbody td:nth-child({})", section(version), column + 1);
            assert_eq!(versions.text(&cell), words, "{version}");
        }
    }
    let compared = browser.get(&format!("{address}/versions/compare?from=1&to=3")).await;
    assert_eq!(compared.text("tbody td:nth-child(2)"), "Customer Online Portal");
    assert_eq!(compared.text("tbody td:nth-child(3)"), "Ask us");

    let restored = browser.post(&format!("{address}/versions/1/restore"), &[]).await;

    assert_eq!(restored.location(), format!("{address}/versions?done=saved"));
    assert_eq!(drawn(&agent).await, first);
    assert_eq!(msp.world.get(&format!("/policies/{}", msp.policy)).await["version"], json!(4));
    msp.world.done(Method::POST, &format!("/policies/{}/versions/3/restore", msp.policy), json!({})).await;
    assert_eq!(drawn(&agent).await, ["Ask us"]);
}

#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen() {
    let msp = Msp::start(DATABASE).await;
    let browser = technician(&msp, "kim@msp.example").await;
    let path = format!("/policies/{}", msp.policy);
    let open = Form::of(&browser.get(&format!("/console{path}")).await).with("label-portal", "Mine");
    msp.world.done(Method::PUT, &path, policy_json("Standard", "Theirs")).await;

    let page = open.press(&browser, "save").await;

    assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.html);
    assert!(page.text("#stale").contains("tests saved version 2"), "{}", page.text("#stale"));
    assert_eq!(page.text("#stale td:nth-child(3)"), "Theirs");
    assert_eq!(page.value("#label-portal"), "Mine");
    assert_eq!(msp.world.get(&path).await["menu"]["entries"][0]["label"]["text"], "Theirs");
    assert_eq!(Form::of(&page).press(&browser, "save").await.status, StatusCode::SEE_OTHER, "now they know");
    assert_eq!(msp.world.get(&path).await["menu"]["entries"][0]["label"]["text"], "Mine");

    let address = format!("{}/api/v1{path}", msp.world.origin);
    let read = msp.world.client.get(&address).bearer_auth(&msp.world.api_token).send().await.expect("an answer");
    assert_eq!(read.headers()[header::ETAG], "\"3\"");
    for (expected, status) in [
        ("\"2\"", StatusCode::PRECONDITION_FAILED),
        ("nonsense", StatusCode::UNPROCESSABLE_ENTITY),
        ("\"3\"", StatusCode::OK),
    ] {
        let put = msp.world.client.put(&address).bearer_auth(&msp.world.api_token).header(header::IF_MATCH, expected);
        let answer = put.json(&policy_json("Standard", "API")).send().await.expect("an answer");
        assert_eq!(answer.status(), status, "{expected}");
    }
}

/// The tree: folders are made, renamed and moved by forms; a policy hangs where it was put, and moving a folder changes
/// the menus of what is in it.
#[tokio::test]
async fn the_tree_is_changed_by_forms_and_shown_level_by_level() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let browser = technician(&msp, "kim@msp.example").await;
    let agent = Agent::of_jane(&msp).await;
    let organization = format!("/console/tree/organizations/{}", msp.organization);
    assert!(browser.get("/console/policies").await.has(&format!("a[href='{organization}']")));
    let mut made = Vec::new();
    for name in ["Sales", "Paris"] {
        let answer = browser.post(&format!("{organization}/folders"), &[("name", name)]).await;
        made.push(answer.location().replace("?done=added", ""));
    }
    let [sales, paris] = &made[..] else { panic!("{made:?}") };
    let id = |place: &str| place.rsplit('/').next().expect("an id").to_owned();
    let policy = world.made("/policies", policy_json("Sales", "Ask Sales")).await;
    let attached = browser.post(&format!("{sales}/policy"), &[("policy_id", &policy)]).await;
    assert_eq!(attached.location(), format!("{sales}?done=saved"));
    world.done(Method::PATCH, &format!("/assets/{}", agent.asset), json!({"folder_id": id(paris)})).await;
    assert_eq!(drawn(&agent).await, ["Customer Online Portal"]);

    let moved = browser.post(paris, &[("name", "Paris office"), ("parent_id", &id(sales))]).await;

    assert_eq!(moved.location(), format!("{paris}?done=saved"));
    assert_eq!(drawn(&agent).await, ["Ask Sales"]);
    let page = browser.get(paris).await;
    assert_eq!(page.text(".way"), "Northwind IT / Contoso / Sales");
    assert!(page.has(&format!("a[href='/console/assets/{}/policy']", agent.asset)));
    let circle = browser.post(sales, &[("name", "Sales"), ("parent_id", &id(paris))]).await;
    assert_eq!(circle.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(circle.text("#parent_id-error").contains("in a circle"), "{}", circle.html);
    assert!(!browser.get(sales).await.has(&format!("option[value='{}']", id(paris))), "no folder goes into its own");
    let nameless = browser.post(&format!("{organization}/folders"), &[("name", " ")]).await;
    assert_eq!(nameless.text("#name-error"), "Must not be empty.");
    let list = browser.get("/console/policies").await;
    let row = format!("tr:has(a[href='/console/policies/{policy}'])");
    assert_eq!(list.text(&format!("{row} td:nth-child(3)")), "Sales");
    assert_eq!(list.text(&format!("{row} td:nth-child(4)")), "1 asset");
    browser.post(&format!("{sales}/policy"), &[("policy_id", "")]).await;
    assert_eq!(drawn(&agent).await, ["Customer Online Portal"]);
    browser.post("/console/tree/provider/policy", &[("policy_id", "")]).await;
    assert_eq!(drawn(&agent).await, Vec::<String>::new());
}

#[tokio::test]
async fn many_organizations_come_in_pages_and_are_found_by_name() {
    let msp = Msp::start(DATABASE).await;
    let browser = technician(&msp, "kim@msp.example").await;
    for number in 0..60 {
        msp.world.made("/organizations", json!({"name": format!("Customer {number:02}")})).await;
    }
    let names = |page: &Page| {
        let html = Html::parse_document(&page.html);
        let links = Selector::parse("a[href^='/console/tree/organizations/'] bdi").expect("a selector");
        html.select(&links).map(|link| link.text().collect::<String>()).collect::<Vec<_>>()
    };
    let first = browser.get("/console/policies?search=customer").await;
    assert_eq!(names(&first).len(), 50);
    let second = browser.get("/console/policies?search=customer&from=50").await;
    assert_eq!((names(&second).len(), names(&second)[0].as_str()), (10, "Customer 50"));
    assert_eq!(names(&browser.get("/console/policies?search=CUSTOMER%2007").await), ["Customer 07"]);
}

/// POL-04: the page and the API name the level of each value.
#[tokio::test]
async fn each_value_in_force_names_the_level_that_it_comes_from() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let browser = technician(&msp, "kim@msp.example").await;
    let agent = Agent::enroll(world, &msp.enrollment_token).await;
    let own = json!({"mode": "after", "entries": [{"id": "kb", "type": "link", "label": {"text": "Handbook"}, "url": "https://kb.example/"}]});
    let settings = json!({"brand_name": "Contoso Desk", "shortcut": false, "keep_in_view": true});
    let own = world.made("/policies", json!({"name": "Own", "settings": settings, "menu": own})).await;
    let address = format!("/console/assets/{}/policy", agent.asset);
    let attached = browser.post(&address, &[("policy_id", &own)]).await;
    assert_eq!(attached.location(), format!("{address}?done=saved"));

    let page = browser.get(&address).await;

    let rows: Vec<_> = (1..=7)
        .map(|row| [1, 2, 3].map(|cell| page.text(&format!("#values tbody tr:nth-child({row}) td:nth-child({cell})"))))
        .collect();
    assert_eq!(rows[0], ["Hide System Tray", "off", "Northwind IT: Standard"]);
    assert_eq!(rows[1], ["Name of the tray", "Contoso Desk", "PC-042: Own"]);
    assert_eq!(rows[2], ["Icons", "Deskbell’s own", "nobody says so"]);
    assert_eq!(rows[3], ["Keyboard shortcut", "none", "PC-042: Own"]);
    assert_eq!(rows[4], ["Kept in view", "on", "PC-042: Own"]);
    assert_eq!((rows[5][0].as_str(), rows[5][2].as_str()), ("Customer Online Portal", "Northwind IT: Standard"));
    assert_eq!((rows[6][0].as_str(), rows[6][2].as_str()), ("Link", "PC-042: Own"));
    assert!(page.has(&format!("#values tr:nth-child(7) a[href='{address}']")));
    let effective = world.get(&format!("/assets/{}/effective-policy", agent.asset)).await;
    assert_eq!(effective["hide_tray_from"], json!({"type": "provider"}));
    assert_eq!(effective["menu_from"]["kb"], json!({"type": "asset", "id": agent.asset}));
    assert_eq!(effective["brand_name_from"], json!({"type": "asset", "id": agent.asset}));
    assert_eq!((&effective["shortcut_from"]["type"], &effective["icons_from"]), (&json!("asset"), &json!(null)));
}

/// A policy that counts nowhere can be looked at all the same, for a computer or alone.
#[tokio::test]
async fn a_new_policy_is_previewed_as_if_it_was_attached() {
    let msp = Msp::start(DATABASE).await;
    let browser = technician(&msp, "kim@msp.example").await;
    Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let page = Form::of(&browser.get("/console/policies/new").await).press(&browser, "add-information").await;
    assert_eq!(previewed(&page), ["{{asset}}"], "alone, variables stand as they are written");
    let page = Form::of(&page).with("computer", "pc-042").press(&browser, "preview").await;
    assert_eq!(previewed(&page), ["Customer Online Portal", "PC-042"]);
    assert!(page.text("#result").contains("does not count for"), "{}", page.text("#result"));
    let page = Form::of(&page).with("computer", "nobody").press(&browser, "preview").await;
    assert!(page.text("#result .error").contains("no computer called nobody"), "{}", page.html);
    let asset = msp.world.get("/assets").await["items"][0]["id"].clone();
    let mut asked = policy_json("New", "{{asset}}");
    asked["asset_id"] = asset;
    let answer: Value = msp.world.done(Method::POST, "/policies/preview", asked).await;
    assert_eq!((&answer["changed_assets"], &answer["in_force"]), (&json!(0), &json!("elsewhere")));
    assert_eq!(answer["menu"]["items"][0]["caption"]["text"], "PC-042");
}

/// SYN-53: the form, too, is seen before anybody publishes it, and cannot be sent from there.
#[tokio::test]
async fn the_form_is_seen_beforehand_and_sends_nothing() {
    let msp = Msp::start(DATABASE).await;
    let portal = msp.world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned();
    msp.world.done(Method::PATCH, &format!("/portals/{portal}"), json!({"published": false})).await;
    let browser = technician(&msp, "kim@msp.example").await;
    let page = browser.get("/console/policies/new").await;
    assert!(page.has("#preview a[href^='/console/policies/form']"));
    let form = browser.get("/console/policies/form?computer=PC-007").await;
    assert_eq!(form.text(".who"), "Reporting as Jane Doe for PC-007");
    assert!(form.has("textarea#description"));
    let policy = form.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
    assert!(policy.ends_with("; sandbox"), "{policy}");
}

/// POL-08: what is exported comes back byte by byte, on another server too; an import is all or nothing; the plan says what
/// it changes and for how many, and changes nothing.
#[tokio::test]
async fn policies_go_into_a_file_and_come_back_all_or_none() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    msp.world.made("/policies", policy_json("Another", "Ask us")).await;
    let file = msp.world.bytes("/policies/export").await;
    let parsed: Value = serde_json::from_slice(&file).expect("JSON");
    let names: Vec<_> = parsed["policies"].as_array().expect("a list").iter().map(|policy| &policy["name"]).collect();
    assert_eq!(names, ["Another", "Standard"]);
    let elsewhere = World::start(DATABASE).await;
    elsewhere.done(Method::POST, "/policies/import", parsed.clone()).await;
    assert_eq!(elsewhere.bytes("/policies/export").await, file);
    let again = elsewhere.done(Method::POST, "/policies/import", parsed.clone()).await;
    assert_eq!([&again["policies"][0]["action"], &again["policies"][1]["action"]], ["keep", "keep"]);

    let mut changed = parsed.clone();
    changed["policies"][1]["menu"]["entries"][0]["label"]["text"] = json!("Get help");
    let before = etag(&agent).await;
    let plan = msp.world.done(Method::POST, "/policies/plan", changed.clone()).await;
    assert_eq!((&plan["changed_assets"], &plan["policies"][1]["action"]), (&json!(1), &json!("save")));
    assert_eq!(plan["policies"][1]["changes"][0]["after"], "Get help");
    assert_eq!((etag(&agent).await, msp.world.bytes("/policies/export").await), (before, file.clone()));

    let mut bad = changed.clone();
    bad["policies"][0]["menu"]["entries"][0]["destination"] = json!("https://evil.example/");
    let (status, problem) = msp.world.api(Method::POST, "/policies/import", Some(bad)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["errors"][0]["pointer"], "/policies/0/menu/entries/0/destination");
    let mut twice = changed.clone();
    twice["policies"][0]["name"] = json!("Standard");
    let (status, problem) = msp.world.api(Method::POST, "/policies/import", Some(twice)).await;
    assert_eq!(
        (status, &problem["errors"][0]["pointer"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("/policies/1/name"))
    );
    assert_eq!(msp.world.bytes("/policies/export").await, file);

    msp.world.done(Method::POST, "/policies/import", changed).await;
    assert_eq!(drawn(&agent).await, ["Get help"]);
}

/// What the builder shows of a setting with a value is what is saved again, in each of its states.
#[tokio::test]
async fn settings_with_a_value_come_back_from_the_form_as_they_were() {
    let msp = Msp::start(DATABASE).await;
    let browser = technician(&msp, "kim@msp.example").await;
    let path = format!("/policies/{}", msp.policy);
    let policy = msp.world.get(&path).await;
    for settings in [
        json!({"hide_tray": false, "brand_name": "Contoso Desk", "shortcut": "Ctrl+F12", "icons": false, "keep_in_view": true}),
        json!({"hide_tray": false, "brand_name": false, "shortcut": false, "icons": null, "keep_in_view": false}),
        json!({"hide_tray": false, "brand_name": null, "shortcut": null, "icons": null, "keep_in_view": null}),
    ] {
        let written = json!({"name": policy["name"], "settings": settings, "menu": policy["menu"]});
        msp.world.done(Method::PUT, &path, written).await;

        let page = browser.get(&format!("/console{path}")).await;
        let saved = Form::of(&page).with("name", "Renamed").press(&browser, "save").await;

        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.html);
        let policy = msp.world.get(&path).await;
        assert_eq!((&policy["name"], &policy["settings"]), (&json!("Renamed"), &settings));
    }
}

/// A square of one color.
fn png(side: u32, color: [u8; 3]) -> Vec<u8> {
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, side, side);
    encoder.set_color(png::ColorType::Rgb);
    let pixels = color.repeat((side * side) as usize);
    encoder.write_header().expect("a header").write_image_data(&pixels).expect("pixels");
    png
}

/// AGT-19: icons are chosen in the builder's own form, seen in their sizes on light and dark, kept while other buttons are
/// pressed, and in the agent's policy after the save; what is no icon is said beside its field.
#[tokio::test]
async fn icons_are_uploaded_within_the_form_seen_beforehand_and_saved_with_it() {
    let msp = Msp::start(DATABASE).await;
    let browser = technician(&msp, "kim@msp.example").await;
    let agent = Agent::of_jane(&msp).await;
    let address = format!("/console/policies/{}", msp.policy);
    let page = browser.get(&address).await;
    assert_eq!(page.attributes("#result .on-dark img", "src"), ["/static/icon.svg"; 3]);
    let form = Form::of(&page);

    for (file, words) in [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "The file is no PNG"),
        (png(8, [0; 3]), "The file is 8 × 8 pixels"),
        (vec![0; 300 * 1024], "The file has more than 256 KB."),
    ] {
        for (button, status) in [("save", StatusCode::UNPROCESSABLE_ENTITY), ("add-link", StatusCode::OK)] {
            let page = Form::of(&page).press_with(&browser, button, "light_file", file.clone()).await;
            assert_eq!(page.status, status, "{words}");
            assert!(page.text("#light_file-error").starts_with(words), "{}", page.text("#light_file-error"));
        }
    }
    let page = form.press_with(&browser, "preview", "light_file", png(100, [255, 0, 0])).await;
    assert!(page.has("#icons input[value=on][checked]"), "whoever sends an icon wants it");
    let light = page.value("input[name=icon_light]");
    let picture = format!("/console/icons/{light}");
    for background in ["light", "dark"] {
        let place = format!("#result .on-{background} img");
        assert_eq!(page.attributes(&place, "src"), [picture.as_str(); 3]);
        assert_eq!(page.attributes(&place, "width"), ["16", "24", "32"]);
    }
    let page = Form::of(&page).press_with(&browser, "add-information", "dark_file", png(64, [255; 3])).await;
    let page = Form::of(&page).press(&browser, "add-separator").await;
    let dark = page.value("input[name=icon_dark]");
    assert_eq!(page.attributes("#result .on-dark img", "src"), vec![format!("/console/icons/{dark}"); 3]);
    let shown = browser.get(&format!("/console/icons/{dark}")).await;
    assert_eq!(
        (shown.status, &shown.headers["content-type"]),
        (StatusCode::OK, &"image/png".parse().expect("a value"))
    );
    assert_eq!(browser.get("/console/icons/x").await.status, StatusCode::NOT_FOUND);
    let before: PolicyAnswer = agent.policy(None, 0).await.json().await.expect("JSON");
    assert_eq!(before.policy.icons, None, "nothing before the save");

    let page = Form::of(&page).press(&browser, "save").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.html);
    let answer: PolicyAnswer = agent.policy(None, 0).await.json().await.expect("JSON");
    assert_eq!(serde_json::to_value(answer.policy.icons).expect("JSON"), json!({"light": light, "dark": dark}));

    let page = Form::of(&browser.get(&address).await).press(&browser, "remove-dark-icon").await;
    assert_eq!(page.attributes("#result .on-dark img", "src"), [picture.as_str(); 3]);
    let page = Form::of(&page).with("icons_state", "off").press(&browser, "preview").await;
    assert_eq!(page.attributes("#result .on-light img", "src"), ["/static/icon.svg"; 3]);
    assert_eq!(page.value("input[name=icon_light]"), light, "chosen again, it is still there");
    Form::of(&page).press(&browser, "save").await;
    let policy = msp.world.get(&format!("/policies/{}", msp.policy)).await;
    assert_eq!(policy["settings"]["icons"], json!(false));
    let bare = Form::of(&browser.get(&address).await).with("icons_state", "on").press(&browser, "save").await;
    assert_eq!(bare.text("#light_file-error"), "Is missing: choose a PNG.");
}

/// POL-02, AGT-08, AGT-21: name, shortcut and place are given, taken away, or left to the policy above; the shortcut is
/// checked as it is typed, and what is filled in without being chosen is not dropped unseen.
#[tokio::test]
async fn name_and_shortcut_are_set_switched_off_or_left_to_the_policy_above() {
    let msp = Msp::start(DATABASE).await;
    let browser = technician(&msp, "kim@msp.example").await;
    let agent = Agent::of_jane(&msp).await;
    let above = json!({"brand_name": "Northwind Desk", "shortcut": "Ctrl+F12", "keep_in_view": true});
    let above = json!({"name": "Standard", "settings": above});
    msp.world.done(Method::PUT, &format!("/policies/{}", msp.policy), above).await;
    let below = msp.world.made("/policies", json!({"name": "Contoso", "settings": {"hide_tray": false}})).await;
    let path = format!("/organizations/{}/policy", msp.organization);
    msp.world.done(Method::PUT, &path, json!({"policy_id": below})).await;
    let address = format!("/console/policies/{below}?computer=PC-042");
    for (state, name, shortcut, title, keys) in [
        ("on", "Contoso Desk", "Ctrl+Alt+H", "Contoso Desk", Some("Ctrl+Alt+H")),
        ("off", "", "", "Northwind IT", None),
        ("inherit", "", "", "Northwind Desk", Some("Ctrl+F12")),
    ] {
        let form = Form::of(&browser.get(&address).await)
            .with("brand_name_state", state)
            .with("brand_name", name)
            .with("shortcut_state", state)
            .with("shortcut", shortcut)
            .with("keep_in_view_state", state);
        let page = form.press(&browser, "preview").await;
        assert_eq!(
            (page.text(".title bdi").as_str(), page.text(".title kbd")),
            (title, keys.unwrap_or_default().into())
        );
        let saved = Form::of(&page).press(&browser, "save").await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.html);
        let PolicyAnswer { policy, .. } = agent.policy(None, 0).await.json().await.expect("JSON");
        assert_eq!(policy.support.name, title);
        assert_eq!(policy.shortcut.map(|keys| keys.to_string()).as_deref(), keys);
        assert_eq!(policy.keep_in_view, state != "off");
    }
    for (field, state, typed, words) in [
        ("shortcut", "on", "F12", "A shortcut is written as Ctrl+F12"),
        ("shortcut", "on", "", "A shortcut is written as Ctrl+F12"),
        ("shortcut", "off", "Ctrl+F12", "Is filled in, but another choice is made above"),
        ("brand_name", "on", " ", "Must not be empty."),
        ("brand_name", "inherit", "Desk", "Is filled in, but another choice is made above"),
    ] {
        let form = Form::of(&browser.get(&address).await).with(&format!("{field}_state"), state).with(field, typed);
        let page = form.press(&browser, "save").await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {typed}");
        assert!(page.text(&format!("#{field}-error")).starts_with(words), "{field} {typed}: {}", page.html);
        assert_eq!(page.value(&format!("#{field}")), typed);
    }
}

/// POL-03: an entry keeps its id when it is moved and reworded, across versions, and in a file.
#[tokio::test]
async fn entries_keep_their_ids_across_edits_versions_and_files() {
    let msp = Msp::start(DATABASE).await;
    let browser = technician(&msp, "kim@msp.example").await;
    let address = format!("/console/policies/{}", msp.policy);
    let mut page = browser.get(&address).await;
    for button in ["add-submenu", "add-link", "add-information", "add-copy"] {
        page = Form::of(&page).press(&browser, button).await;
    }
    let ids = |form: &Form| {
        let ids = form.entries().into_iter().map(|line| line.splitn(3, ':').nth(2).expect("an id").to_owned());
        ids.collect::<Vec<_>>()
    };
    let [portal, submenu, link, information, copy] = &ids(&Form::of(&page))[..] else { panic!("five entries") };
    let page = Form::of(&page)
        .with(&format!("target-{link}"), "https://kb.example/")
        .with(&format!("label-{information}"), "{{asset}} of {{organization}}")
        .press(&browser, &format!("into:{link}"))
        .await;
    let page = Form::of(&page).press(&browser, &format!("before:{copy}:{portal}")).await;
    let page = Form::of(&page).press(&browser, &format!("below:{information}:{submenu}")).await;
    let order = [copy, portal, submenu, information, link].map(Clone::clone);
    assert_eq!(ids(&Form::of(&page)), order);
    let page = Form::of(&page).press(&browser, "save").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.html);
    assert_eq!(ids(&Form::of(&browser.get(&address).await)), order);

    let file: Value = serde_json::from_slice(&msp.world.bytes("/policies/export").await).expect("JSON");
    let page = Form::of(&browser.get(&address).await).press(&browser, &format!("remove:{submenu}")).await;
    let page = Form::of(&page).press(&browser, "save").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.html);
    assert_eq!(ids(&Form::of(&browser.get(&address).await)), order[..2]);
    browser.post(&format!("{address}/versions/2/restore"), &[]).await;
    assert_eq!(ids(&Form::of(&browser.get(&address).await)), order);
    let elsewhere = World::start(DATABASE).await;
    elsewhere.done(Method::POST, "/policies/import", file.clone()).await;
    let imported: Value = serde_json::from_slice(&elsewhere.bytes("/policies/export").await).expect("JSON");
    assert_eq!(imported["policies"][0]["menu"], file["policies"][0]["menu"]);
    assert_eq!(imported["policies"][0]["menu"]["entries"][0]["id"], json!(copy));
}

/// SYN-36: the destination that was saved in the builder is what a click opens.
#[tokio::test]
async fn the_saved_destination_is_what_a_click_opens() {
    let msp = Msp::start(DATABASE).await;
    let browser = technician(&msp, "kim@msp.example").await;
    let agent = Agent::of_jane(&msp).await;
    let address = format!("/console/policies/{}", msp.policy);
    let whole = format!("{}/my_profile", msp.world.origin);
    for (typed, opened) in [
        ("", "/my_profile/v2/asset_new_ticket_form"),
        ("/my_profile/v2/index", "/my_profile/v2/index"),
        (whole.as_str(), "/my_profile"),
        ("/my_profile/v2/asset_new_ticket_form", "/my_profile/v2/asset_new_ticket_form"),
    ] {
        let form = Form::of(&browser.get(&address).await).with("target-portal", typed);
        let page = form.press(&browser, "preview").await;
        let saved = Form::of(&page).press(&browser, "save").await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{typed}: {}", saved.html);
        let click = Browser::new(&msp.world).get(&agent.click().await).await;
        assert_eq!(click.location().trim_start_matches(&msp.world.origin), opened, "{typed}");
    }
}

/// SYN-43, AGT-08: the policy's page says for how many of its assets the portal is ready and why it is not for the others,
/// repairs at once what can be, and counts where the icons are.
#[tokio::test]
async fn a_policy_says_who_cannot_open_the_form_and_where_its_icons_are() {
    let msp = Msp::start(DATABASE).await;
    let browser = technician(&msp, "kim@msp.example").await;
    let ready = Agent::of_jane(&msp).await;
    let nobodys = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let lee = json!({"organization_id": msp.organization, "name": "Lee"});
    let lee = msp.world.made("/end-users", lee).await;
    let agents = [
        Agent::enroll(&msp.world, &msp.enrollment_token).await,
        Agent::enroll(&msp.world, &msp.enrollment_token).await,
    ];
    // Whoever had it before is nobody's business here.
    let before = msp.world.made("/end-users", json!({"organization_id": msp.organization, "name": "Max"})).await;
    agents[0].assign(&before).await;
    for agent in &agents {
        agent.assign(&lee).await;
    }
    let elsewhere = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let own = msp.world.made("/policies", policy_json("Own", "Help")).await;
    msp.world.done(Method::PUT, &format!("/assets/{}/policy", elsewhere.asset), json!({"policy_id": own})).await;
    let sessions = [json!({"os_user": {"name": "jane", "id": "1"}, "tray": "visible"})];
    let report = json!({"facts": facts(), "sessions": sessions});
    ready.request(Method::POST, "/report").json(&report).send().await.expect("an answer");
    let address = format!("/console/policies/{}", msp.policy);

    let page = browser.get(&address).await;
    assert_eq!(page.text("#reach summary"), "Counts for 5 assets: 1 can open the form, 4 cannot");
    let counts = [page.texts("#ready dt"), page.texts("#ready dd"), page.texts("#trays dt"), page.texts("#trays dd")];
    assert_eq!(counts[0], ["Portal ready", "No end user is assigned", "The end user is no portal user"]);
    assert_eq!((&counts[1][..], counts[2][0].as_str()), (&["1", "2", "2"].map(str::to_owned)[..], "In view"));
    assert_eq!(counts[3], ["1", "0", "0", "0", "0"]);
    assert_eq!(page.text("#reach form button"), "Enable the end users of 2 assets for the tray, no mail");
    let page = browser.get(&format!("/console/policies/{own}")).await;
    assert_eq!(page.text("#reach summary"), "Counts for 1 asset: 0 can open the form, 1 cannot");
    assert!(!page.has("#reach form"), "nobody is to be enabled");

    let enabled = browser.post(&format!("{address}/enable"), &[]).await;

    assert_eq!(enabled.location(), format!("{address}?done=enabled"));
    let page = browser.get(&enabled.location()).await;
    assert_eq!(page.text("[role=status]"), "Enabled for the tray. No mail was sent.");
    assert_eq!(page.text("#reach summary"), "Counts for 5 assets: 3 can open the form, 2 cannot");
    for agent in &agents {
        assert!(agent.launch().await.refusal.is_none());
    }
    assert!(nobodys.launch().await.refusal.is_some());
}

/// POL-07: neither too deep, nor too much, nor a link that runs or reads something can be saved: the builder says so beside
/// the field, the API with a pointer.
#[tokio::test]
async fn what_is_too_deep_too_much_or_no_link_is_refused_with_its_place() {
    let msp = Msp::start(DATABASE).await;
    let browser = technician(&msp, "kim@msp.example").await;
    let path = format!("/policies/{}", msp.policy);
    let entry = |id: &str| json!({"id": id, "type": "information", "label": {"text": "x"}});
    let nested = (0..5).rev().fold(entry("leaf"), |inside, depth| {
        json!({"id": format!("s{depth}"), "type": "submenu", "label": {"text": "x"}, "entries": [inside]})
    });
    let many = (0..65).map(|number| entry(&format!("e{number}"))).collect::<Vec<_>>();
    for (entries, pointer, words) in [
        (json!([nested]), "/menu/entries/0/entries/0/entries/0/entries/0", "4"),
        (json!(many), "/menu/entries", "64"),
        (json!([entry("a"), entry("a")]), "/menu/entries/1/id", "a"),
    ] {
        let mut policy = policy_json("Standard", "x");
        policy["menu"]["entries"] = entries;
        let (status, answer) = msp.world.api(Method::PUT, &path, Some(policy)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        let found = answer["errors"].as_array().expect("a list").iter();
        let found: Vec<_> = found.map(|error| (error["pointer"].as_str(), error["detail"].as_str())).collect();
        let here = |(at, detail): &(Option<&str>, Option<&str>)| {
            at.is_some_and(|at| at.starts_with(pointer)) && detail.is_some_and(|detail| detail.contains(words))
        };
        assert!(found.iter().any(here), "{pointer}: {found:?}");
    }
    let page = Form::of(&browser.get(&format!("/console{path}")).await).press(&browser, "add-link").await;
    let link = Form::of(&page).last();
    for target in ["file:///etc/passwd", "data:text/html,x", "vbscript:x", "JavaScript:x", "https://{{asset}}.example/"]
    {
        let page = Form::of(&page).with(&format!("target-{link}"), target).press(&browser, "save").await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{target}");
        assert_ne!(page.text(&format!("#target-{link}-error")), "", "{target}");
    }
    assert_eq!(msp.world.get(&path).await["version"], json!(1));
}

/// New entries go where the form says: to the end of the menu, or into a submenu.
#[tokio::test]
async fn an_entry_is_added_right_into_a_submenu() {
    let msp = Msp::start(DATABASE).await;
    let browser = technician(&msp, "kim@msp.example").await;
    let page = browser.get("/console/policies/new").await;
    assert!(!page.has("#add_into"), "there is no submenu");
    let page = Form::of(&page).press(&browser, "add-submenu").await;
    let submenu = Form::of(&page).last();
    let page = Form::of(&page).with("add_into", &submenu).press(&browser, "add-information").await;
    assert_eq!(previewed(&page), ["More", "{{asset}}"]);
    let page = Form::of(&page).press(&browser, "add-copy").await;
    let depths: Vec<_> = Form::of(&page).entries().iter().map(|line| line[..1].to_owned()).collect();
    assert_eq!(depths, ["0", "1", "1"], "the choice stays");
    let page = Form::of(&page).with("add_into", "").press(&browser, "add-separator").await;
    assert_eq!(Form::of(&page).entries().last().map(|line| &line[..1]), Some("0"));
}
