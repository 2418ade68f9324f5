//! Articles: written in the console and by programs, read in the portal by those who may.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, FORM},
    staff_members::member,
    visitors::{SIGN_IN, signed_in},
    world::{Msp, World},
};

const ARTICLES: &str = "/my_profile/v2/articles";
const SUGGESTIONS: &str = "/my_profile/v2/article_suggestions";

/// Somebody who came by the link of an organization.
async fn by_link<'a>(msp: &'a Msp, organization: &str) -> Browser<'a> {
    let link = msp.world.get(&format!("/organizations/{organization}/portal-link")).await;
    let link = link["url"].as_str().expect("on").to_owned();
    let browser = Browser::new(&msp.world);
    browser.get(link.strip_prefix(&msp.world.origin).expect("our own")).await;
    browser
}

async fn article(world: &World, title: &str, body: &str, more: Value) -> String {
    let mut new = json!({"title": title, "body": body, "visibility": "portal", "published": true});
    for (field, value) in more.as_object().expect("fields") {
        new[field] = value.clone();
    }
    world.made("/articles", new).await
}

/// The titles that somebody finds, which are also those that they can read.
async fn titles(browser: &Browser<'_>, search: &str, all: &[(&str, &str)]) -> Vec<String> {
    let listed = browser.get(&format!("{ARTICLES}?q={search}")).await;
    assert_eq!(listed.status, StatusCode::OK, "{}", listed.html);
    let titles = listed.texts(".articles a");
    if search.is_empty() {
        for (title, id) in all {
            let shown = browser.get(&format!("{ARTICLES}/{id}")).await;
            let reads = shown.status == StatusCode::OK && shown.text("h1") == *title;
            assert_eq!(reads, titles.iter().any(|listed| listed == title), "{title}: {}", shown.status);
            assert!(reads || !shown.html.contains(title), "{title}: {}", shown.html);
        }
    }
    titles
}

async fn suggested(browser: &Browser<'_>, form: &str, text: &str) -> Vec<(String, String)> {
    let answer = browser.get(&format!("{SUGGESTIONS}?form={form}&text={text}")).await;
    assert_eq!(
        (answer.status, &answer.headers["content-type"]),
        (StatusCode::OK, &"application/json".parse().expect(""))
    );
    let answer: Value = serde_json::from_str(&answer.html).expect("JSON");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    answer["items"].as_array().expect("a list").iter().map(|item| (text(&item["title"]), text(&item["url"]))).collect()
}

/// ZOH-03, C9: articles are listed, searched and read: public ones by everybody, those of the portal by whoever is in it, those of an
/// organization by whoever is in it for that one; drafts by nobody. A permission, the portal's switches and the visibility are
/// asked at each request, on the list, the page and the suggestions alike (S3).
#[tokio::test]
async fn articles_are_read_by_those_whom_they_are_for_zoh_03() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let fabrikam = world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let of = |organization: &str| json!({"visibility": "organizations", "organization_ids": [organization]});
    let all = [
        ("Public", article(world, "Public", "Opening hours", json!({"visibility": "public"})).await),
        ("Portal", article(world, "Portal", "Größe of 100% _paper_", json!({"section": "Printers"})).await),
        ("Contoso", article(world, "Contoso", "The code is 4711", of(&msp.organization)).await),
        ("Fabrikam", article(world, "Fabrikam", "The code is 4712", of(&fabrikam)).await),
        ("Draft", article(world, "Draft", "Not yet", json!({"visibility": "public", "published": false})).await),
    ];
    let all: Vec<_> = all.iter().map(|(title, id)| (*title, id.as_str())).collect();
    let jane = signed_in(&msp, &msp.portal_user, "jane").await;
    let (stranger, link) = (Browser::new(world), by_link(&msp, &fabrikam).await);

    assert_eq!(titles(&stranger, "", &all).await, ["Public"]);
    assert_eq!(stranger.get(&format!("{ARTICLES}/{}", all[1].1)).await.location(), SIGN_IN, "signing in would help");
    assert_eq!(
        stranger.get(&format!("{ARTICLES}/nothing")).await.location(),
        SIGN_IN,
        "the same for what is not there"
    );
    assert_eq!(titles(&jane, "", &all).await, ["Portal", "Contoso", "Public"], "sections first");
    assert_eq!(titles(&link, "", &all).await, ["Portal", "Fabrikam", "Public"]);
    assert_eq!(jane.get(ARTICLES).await.texts("main h2"), ["Printers"]);
    assert!(jane.get("/my_profile/v2/index").await.has(&format!("nav a[href='{ARTICLES}']")));

    for (search, found) in [
        ("CODE", vec!["Contoso"]),
        ("code+4711", vec!["Contoso"]),
        ("code+4712", vec![]),
        ("gr%C3%96%C3%9Fe", vec!["Portal"]),
        ("printers", vec!["Portal"]),
        ("100%25", vec!["Portal"]),
        ("1_0", vec![]),
        ("yet", vec![]),
        ("%00code%00", vec!["Contoso"]),
    ] {
        assert_eq!(titles(&jane, search, &[]).await, found, "{search}");
    }
    let nothing = jane.get(&format!("{ARTICLES}?q=%3Cb%3Enone")).await;
    assert_eq!(nothing.text("main p[role=status]"), "Nothing was found for <b>none.");

    let group = json!({"name": "No articles", "permissions": ["portal.access", "ticket.create.tray"]});
    let group = world.done(Method::POST, "/portal-groups", group).await;
    let account = format!("/portal-users/{}", msp.portal_user);
    world.done(Method::PATCH, &account, json!({"group": group["key"]})).await;
    assert_eq!(titles(&jane, "", &all).await, ["Public"], "S3: the group does not allow it");
    assert_eq!(suggested(&jane, "portal", "code").await, []);
    world.done(Method::PATCH, &account, json!({"group": "limited"})).await;
    assert_eq!(titles(&jane, "code", &[]).await, ["Contoso"]);

    let contoso = format!("/articles/{}", all[2].1);
    world.done(Method::PATCH, &contoso, json!({"published": false})).await;
    assert_eq!(titles(&jane, "", &all).await, ["Portal", "Public"]);
    world.done(Method::PATCH, &contoso, json!({"published": true, "organization_ids": [fabrikam]})).await;
    assert_eq!(titles(&link, "", &all).await, ["Portal", "Contoso", "Fabrikam", "Public"]);
    assert_eq!(titles(&jane, "", &all).await, ["Portal", "Public"]);

    let portal = world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned();
    for (off, on) in [(json!({"access": false}), json!({"access": true})), (json!({"published": false}), json!({}))] {
        world.done(Method::PATCH, &format!("/portals/{portal}"), off).await;
        for browser in [&stranger, &jane, &link] {
            for path in [ARTICLES.to_owned(), format!("{ARTICLES}/{}", all[0].1), format!("{SUGGESTIONS}?text=hours")] {
                let closed = browser.get(&path).await;
                assert_eq!(closed.status, StatusCode::FORBIDDEN, "S3: {path}");
                assert!(!closed.html.contains("Public"), "{}", closed.html);
            }
        }
        world.done(Method::PATCH, &format!("/portals/{portal}"), on).await;
    }
}

/// S16: what is written is Markdown: HTML in it is text, pictures and other addresses are no more than words, and nothing is
/// fetched: the page asks for nothing but its stylesheet and icon.
#[tokio::test]
async fn an_article_is_a_small_markdown_and_nothing_else_s16() {
    let msp = Msp::start(DATABASE).await;
    let body = "# Step\n\n<script>alert(1)</script>\n\n![map](http://192.0.2.1/pixel.png) [run](javascript:alert(1)) \
                [call](mailto:help@msp.example) <img src=x onerror=alert(1)>";
    let id = article(&msp.world, "<i>Map</i>", body, json!({"visibility": "public", "language": "de"})).await;
    let page = Browser::new(&msp.world).get(&format!("{ARTICLES}/{id}")).await;
    assert_eq!((page.text("h1"), page.text("article h2")), ("<i>Map</i>".into(), "Step".into()));
    assert!(!page.has("script, img, iframe, object, [onerror], i, [href^='javascript:']"), "{}", page.html);
    assert_eq!(page.attributes("article a", "href"), ["http://192.0.2.1/pixel.png", "mailto:help@msp.example"]);
    assert!(page.text("article").contains("<script>alert(1)</script>"), "{}", page.html);
    assert_eq!(page.attribute("article", "lang"), "de");
    let policy = page.headers["content-security-policy"].to_str().expect("text");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
}

/// While a ticket is typed, at most three articles that may help are named: of those that whoever has the form before them reads,
/// the best first. Words that are in any text find nothing.
#[tokio::test]
async fn articles_are_suggested_to_whoever_types_a_ticket() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let fabrikam = world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let mut ids = Vec::new();
    for (title, body) in [
        ("The weather", "A printer needs paper"),
        ("Printer without paper", "Open the tray."),
        ("Printer offline", "Restart it."),
        ("Printer names", "A list"),
    ] {
        ids.push(article(world, title, body, json!({})).await);
    }
    let other = json!({"visibility": "organizations", "organization_ids": [fabrikam]});
    article(world, "Printer of Fabrikam", "Paper is in the cellar", other).await;
    article(world, "Public printer", "x", json!({"visibility": "public"})).await;
    let jane = signed_in(&msp, &msp.portal_user, "jane").await;
    let names = |items: Vec<(String, String)>| items.into_iter().map(|(title, _)| title).collect::<Vec<_>>();

    let found = suggested(&jane, "portal", "My%20PRINTER%20has%20no%20paper!").await;
    assert_eq!(found[0], ("Printer without paper".into(), format!("{ARTICLES}/{}", ids[1])));
    assert_eq!(names(found), ["Printer without paper", "Printer offline", "Printer names"]);
    assert_eq!(names(suggested(&jane, "portal", "paper").await), ["Printer without paper", "The weather"]);
    for nothing in ["the%20and%20with", "", "%25", "__", "zzz", "a%00b"] {
        assert_eq!(suggested(&jane, "portal", nothing).await, [], "{nothing}");
    }
    assert_eq!(names(suggested(&Browser::new(world), "portal", "printer").await), ["Public printer"]);

    // From a tray: as whoever is the requester there, whoever else is in the browser's portal.
    let tray = by_link(&msp, &fabrikam).await;
    assert_eq!(names(suggested(&tray, "tray", "printer").await), ["Public printer"], "no tray");
    let form = tray.open(&Agent::of_jane(&msp).await.click().await).await;
    let from = form.attribute("#suggestions", "data-from");
    assert_eq!(from, format!("{SUGGESTIONS}?form=tray&text="));
    let found = suggested(&tray, "tray", "cellar%20paper%20offline").await;
    assert_eq!(names(found.clone()), ["Printer without paper", "Printer offline", "The weather"]);
    assert_eq!(tray.get(&found[0].1).await.text("h1"), "Printer without paper", "and it can be read");
    assert_eq!(names(suggested(&tray, "portal", "cellar").await), ["Printer of Fabrikam"]);
    world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"group": "tray_only"})).await;
    assert_eq!(names(suggested(&tray, "tray", "printer").await), ["Public printer"], "S3: the group does not allow it");
    assert!(tray.get(FORM).await.has("#suggestions"));

    world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"group": "limited"})).await;
    let form = jane.get("/my_profile/v2/new_ticket").await;
    assert_eq!(form.attribute("#suggestions", "data-from"), format!("{SUGGESTIONS}?text="));
}

/// Programs make, read, change and remove articles, on what they have seen, with a record of each; every fault names its field.
#[tokio::test]
async fn programs_look_after_articles() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let new = json!({
        "title": " Printing ", "section": "Printers", "language": "de", "body": "1. Print", "visibility": "organizations",
        "organization_ids": [msp.organization, msp.organization],
    });
    let made = world.done(Method::POST, "/articles", new.clone()).await;
    let id = made["id"].as_str().expect("an id");
    assert_eq!((&made["title"], &made["published"]), (&json!("Printing"), &json!(false)));
    assert_eq!(made["organization_ids"], json!([msp.organization]));
    assert_eq!(world.get(&format!("/articles/{id}")).await, made);
    let list = world.get("/articles?limit=1").await;
    assert_eq!((&list["items"][0]["id"], &list["items"][0]["body"]), (&json!(id), &Value::Null), "without texts");

    let wrong = |field: &str, value: Value| {
        let mut wrong = new.clone();
        wrong[field] = value;
        wrong
    };
    for (field, value) in [
        ("title", json!("")),
        ("title", json!("a\nb")),
        ("section", json!("x".repeat(61))),
        ("language", json!("not a language")),
        ("body", json!("x".repeat(100_001))),
        ("organization_ids", json!(["0190a3c4-0000-7000-8000-000000000000"])),
        ("visibility", json!("everybody")),
    ] {
        let (status, problem) = world.api(Method::POST, "/articles", Some(wrong(field, value))).await;
        assert_eq!(
            (status, &problem["errors"][0]["pointer"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(format!("/{field}")))
        );
    }
    let (status, problem) = world.api(Method::POST, "/articles", Some(wrong("visibility", json!("public")))).await;
    assert_eq!(
        (status, &problem["errors"][0]["pointer"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("/organization_ids"))
    );
    let long = json!({"title": "Long", "body": "🙂".repeat(100_000), "visibility": "public"});
    world.made("/articles", long).await;

    let path = format!("{}/api/v1/articles/{id}", world.origin);
    let shown = world.client.get(&path).bearer_auth(&world.api_token).send().await.expect("an answer");
    let tag = shown.headers()["etag"].clone();
    let change =
        |body: Value| world.client.patch(&path).bearer_auth(&world.api_token).header("if-match", &tag).json(&body);
    let first = change(json!({"published": true, "section": null})).send().await.expect("an answer");
    assert_eq!(first.status(), StatusCode::OK);
    let late = change(json!({"organization_ids": []})).send().await.expect("an answer");
    assert_eq!(late.status(), StatusCode::PRECONDITION_FAILED);
    let (status, _) = world.api(Method::PATCH, &format!("/articles/{id}"), Some(json!({"organization_ids": []}))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "published for nobody");
    let removed = world.done(Method::DELETE, &format!("/articles/{id}"), json!({})).await;
    assert_eq!((&removed["section"], &removed["organization_ids"]), (&Value::Null, &json!([msp.organization])));
    let (status, _) = world.api(Method::GET, &format!("/articles/{id}"), None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let records = world.get(&format!("/audit-records?subject_id={id}")).await;
    let actions: Vec<_> = records["items"].as_array().expect("a list").iter().map(|record| &record["action"]).collect();
    assert_eq!(actions, ["article_removed", "article_changed", "article_made"]);

    let gone = world.made("/organizations", json!({"name": "Gone"})).await;
    let left = json!({"visibility": "organizations", "organization_ids": [gone]});
    let left = article(world, "Left", "x", left).await;
    world.done(Method::DELETE, &format!("/organizations/{gone}"), json!({})).await;
    assert_eq!(world.get(&format!("/articles/{left}")).await["organization_ids"], json!([]), "nobody reads it");
}

/// Staff write, preview, publish and remove articles in the console without scripts; who may only look reads them there.
#[tokio::test]
async fn staff_write_articles_in_the_console() {
    let msp = Msp::start(DATABASE).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let form = kim.get("/console/articles/new").await;
    assert!(form.has("textarea#body") && kim.get("/console/articles").await.has("a[href='/console/articles/new']"));
    let typed = [("title", "Printing"), ("body", "# Step\n\n<b>x</b>"), ("visibility", "portal"), ("published", "yes")];
    let with = |more: &[(&'static str, &'static str)]| typed.iter().chain(more).copied().collect::<Vec<_>>();
    let preview = kim.post("/console/articles", &with(&[("action", "preview")])).await;
    assert_eq!((preview.status, preview.text("#preview h2:not([id])")), (StatusCode::OK, "Step".into()));
    assert!(preview.text("#body").contains("# Step") && !preview.has("#preview b"), "{}", preview.html);
    assert_eq!(msp.world.get("/articles").await["items"], json!([]), "nothing is kept by a look");
    let unknown = kim.post("/console/articles", &with(&[("organization_ids", "Contosso"), ("action", "save")])).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(unknown.text("#organization_ids-error"), "No organization is called Contosso.");
    let saved = kim.post("/console/articles", &with(&[("action", "save")])).await;
    let page = saved.location();
    let page = page.strip_suffix("?done=added").expect("added");
    let id = page.rsplit('/').next().expect("an id");
    let jane = signed_in(&msp, &msp.portal_user, "jane").await;
    assert_eq!(titles(&jane, "", &[("Printing", id)]).await, ["Printing"]);

    let shown = kim.get(page).await;
    let revision = shown.value("input[name=revision]");
    let for_contoso = [
        ("title", "Printing"),
        ("body", "Changed"),
        ("visibility", "organizations"),
        ("organization_ids", " Contoso \r\n"),
        ("revision", revision.as_str()),
        ("action", "save"),
    ];
    assert_eq!(kim.post(page, &for_contoso).await.location(), format!("{page}?done=saved"));
    assert_eq!(titles(&jane, "", &[("Printing", id)]).await, [""; 0], "a draft again");
    assert_eq!(msp.world.get(&format!("/articles/{id}")).await["organization_ids"], json!([msp.organization]));
    let late = kim.post(page, &for_contoso).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED, "somebody saved it since");
    assert!(late.text("#body").contains("Changed"), "what was typed is kept");

    let (_, lou) = member(&msp.world, "lou@msp.example", "read_only").await;
    let read = lou.get(page).await;
    assert!(read.text("#preview").contains("Changed") && !read.has("main form"), "{}", read.html);
    assert_eq!(kim.post(&format!("{page}/remove"), &[]).await.location(), "/console/articles?done=removed");
    assert_eq!(kim.get(page).await.status, StatusCode::NOT_FOUND);
}
