//! Tickets from the portal: one's own, a colleague's, confidential ones, and ones that are shown to somebody by name.

use reqwest::{
    Method, StatusCode,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, Page},
    staff_members::member,
    visitors::{HOME, PASSWORD, SIGN_IN, colleague, signed_in},
    world::Msp,
};

const NEW_TICKET: &str = "/my_profile/v2/new_ticket";

async fn send(browser: &Browser<'_>, fields: &[(&str, &str)]) -> Page {
    let form = browser.get(NEW_TICKET).await;
    browser.send_form_to(NEW_TICKET, &form, fields).await
}

fn id(sent: &Page) -> String {
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    sent.location().rsplit('/').next().expect("an id").to_owned()
}

async fn sees(browser: &Browser<'_>, ticket: &str) -> bool {
    let listed = browser.get(HOME).await.has(&format!(".tickets a[href$='{ticket}']"));
    let shown = browser.get(&format!("/my_profile/v2/tickets/{ticket}")).await.status;
    assert_eq!(shown, if listed { StatusCode::OK } else { StatusCode::NOT_FOUND }, "list and page agree");
    listed
}

/// NAB-15, NAB-16, ZOH-01: a portal user sends tickets for themselves and follows them; a portal admin, and whoever is the
/// organization itself, does so for colleagues too, never for somebody of another organization.
#[tokio::test]
async fn tickets_are_sent_for_oneself_and_by_admins_for_colleagues_nab_16() {
    let msp = Msp::start(DATABASE).await;
    let jane = signed_in(&msp, &msp.portal_user, "jane").await;
    let (bob, bobs_account, bob_in) = colleague(&msp, "bob").await;
    let fabrikam = msp.world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let stranger = json!({"organization_id": fabrikam, "name": "Zoe", "email": "zoe@f.example"});
    msp.world.made("/end-users", stranger).await;

    let form = jane.get(NEW_TICKET).await;
    assert_eq!(form.value("#phone"), "+1 555 0142", "what is known is there");
    let sent = send(&jane, &[("description", "No paper\nSince noon"), ("urgency", "high"), ("phone", "7")]).await;
    let own = id(&sent);
    let ticket = msp.world.get(&format!("/tickets/{own}")).await;
    assert_eq!((&ticket["requester_id"], &ticket["sender_id"]), (&json!(msp.jane), &json!(msp.portal_user)));
    assert_eq!(
        (&ticket["subject"], &ticket["urgency"], &ticket["phone"]),
        (&json!("No paper"), &json!("high"), &json!("7"))
    );
    msp.world.done(Method::PATCH, &format!("/tickets/{own}"), json!({"status": "waiting"})).await;
    assert_eq!(jane.get(&sent.location()).await.text(".status"), "Waiting for an answer", "ZOH-01: followed");
    assert!(sees(&jane, &own).await && !sees(&bob_in, &own).await);

    let refused = send(&jane, &[("description", "x"), ("requester", "bob")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.html.contains("You can only send requests of your own."), "{}", refused.html);
    let empty = send(&jane, &[("description", " ")]).await;
    assert_eq!((empty.status, empty.text("#description-error").is_empty()), (StatusCode::UNPROCESSABLE_ENTITY, false));

    msp.world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"is_admin": true})).await;
    let for_bob = id(&send(&jane, &[("description", "For Bob"), ("requester", " BOB@c.example ")]).await);
    let ticket = msp.world.get(&format!("/tickets/{for_bob}")).await;
    assert_eq!((&ticket["requester_id"], &ticket["sender_id"]), (&json!(bob), &json!(msp.portal_user)));
    assert!(sees(&bob_in, &for_bob).await && sees(&jane, &for_bob).await);
    for (name, error) in [("Zoe", "Nobody in your organization is called Zoe"), ("zoe@f.example", "Nobody in your")] {
        let refused = send(&jane, &[("description", "x"), ("requester", name)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text("#requester-error").starts_with(error), "{}", refused.html);
        assert_eq!(refused.value("#requester"), name, "what was typed is kept");
    }
    msp.world.made("/end-users", json!({"organization_id": msp.organization, "name": "Bob"})).await;
    let several = send(&jane, &[("description", "x"), ("requester", "bob")]).await;
    assert!(several.text("#requester-error").contains("Several people are called bob"), "{}", several.html);

    let bobs = format!("/portal-users/{bobs_account}");
    msp.world.done(Method::PATCH, &bobs, json!({"end_user_id": null, "group": "admin"})).await;
    let of_all = id(&send(&bob_in, &[("description", "Of us all")]).await);
    let ticket = msp.world.get(&format!("/tickets/{of_all}")).await;
    assert_eq!((&ticket["requester_id"], &ticket["sender_id"]), (&json!(null), &json!(bobs_account)));
    assert!(sees(&jane, &of_all).await, "an admin sees what the organization sent");
}

/// Invariant 8: a confidential ticket is its own people's and the MSP's; adding somebody by name shows it to them alone, with its
/// files and answers, and taking them off hides it at once. Nobody of another organization can be added.
#[tokio::test]
async fn confidential_tickets_are_kept_and_shown_by_name() {
    let msp = Msp::start(DATABASE).await;
    let jane = signed_in(&msp, &msp.portal_user, "jane").await;
    let (bob, _, bob_in) = colleague(&msp, "bob").await;
    let (_, _, eve_in) = colleague(&msp, "eve").await;
    let (_, anns_account, ann_in) = colleague(&msp, "ann").await;
    msp.world.done(Method::PATCH, &format!("/portal-users/{anns_account}"), json!({"is_admin": true})).await;
    let whole = json!({"organization_id": msp.organization, "sign_in_name": "office"});
    let whole = msp.world.made("/portal-users", whole).await;
    let office_in = signed_in(&msp, &whole, "office").await;

    let open = id(&send(&jane, &[("description", "Open")]).await);
    let form = jane.get(NEW_TICKET).await;
    let sent = Form::new()
        .text("form_id", form.value("input[name=form_id]"))
        .text("form_for", form.value("input[name=form_for]"))
        .text("description", "My salary")
        .text("confidential", "yes")
        .text("people", "bob\n\nbob@c.example\n")
        .part("files", Part::bytes(&b"4711"[..]).file_name("salary.txt"));
    let kept = id(&jane.post_files(NEW_TICKET, sent).await);
    for (browser, of_open, of_kept) in [
        (&jane, true, true),
        (&bob_in, false, true),
        (&eve_in, false, false),
        (&ann_in, true, false),
        (&office_in, true, false),
    ] {
        assert_eq!((sees(browser, &open).await, sees(browser, &kept).await), (of_open, of_kept));
    }
    let reply = json!({"kind": "reply", "text": "Raised"});
    msp.world.done(Method::POST, &format!("/tickets/{kept}/comments"), reply).await;
    let page = bob_in.get(&format!("/my_profile/v2/tickets/{kept}")).await;
    let file = page.attribute("a[href*='/files/']", "href");
    assert!(page.html.contains("Raised"));
    for (browser, status) in [
        (&jane, StatusCode::OK),
        (&bob_in, StatusCode::OK),
        (&ann_in, StatusCode::NOT_FOUND),
        (&office_in, StatusCode::NOT_FOUND),
    ] {
        assert_eq!(browser.get(&file).await.status, status);
    }
    let nobody = send(&jane, &[("description", "x"), ("people", "bob\nzoe")]).await;
    assert!(nobody.text("#people-error").contains("Nobody in your organization is called zoe"), "{}", nobody.html);

    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let console = format!("/console/tickets/{kept}");
    let page = kim.get(&console).await;
    assert!(page.text(".badge:last-of-type") == "Confidential" && page.html.contains("bob"), "{}", page.html);
    kim.post(&format!("{console}/people/{bob}/remove"), &[]).await;
    assert!(!sees(&bob_in, &kept).await, "at once");
    kim.post(&format!("{console}/people"), &[("person", "EVE@c.example")]).await;
    assert!(sees(&eve_in, &kept).await);
    let wrong = kim.post(&format!("{console}/people"), &[("person", "zoe")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text("#person-error").contains("nobody of this organization"), "{}", wrong.html);
    kim.post(&console, &[("status", "open"), ("assignee", "")]).await;
    assert!(sees(&ann_in, &kept).await && sees(&office_in, &kept).await, "no longer confidential");

    let people = format!("/tickets/{kept}/people");
    let names = |answer: Value| {
        answer["people"].as_array().expect("a list").iter().map(|p| p["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(msp.world.get(&people).await), ["eve"]);
    assert_eq!(names(msp.world.done(Method::PUT, &format!("{people}/{bob}"), json!({})).await), ["bob", "eve"]);
    assert_eq!(names(msp.world.done(Method::PUT, &format!("{people}/{bob}"), json!({})).await), ["bob", "eve"], "once");
    let fabrikam = msp.world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let zoe = msp.world.made("/end-users", json!({"organization_id": fabrikam, "name": "Zoe"})).await;
    let foreign = msp.world.api(Method::PUT, &format!("{people}/{zoe}"), Some(json!({}))).await;
    assert_eq!(foreign.0, StatusCode::NOT_FOUND);
    let statement = match DATABASE {
        crate::world::Database::Sqlite => {
            format!("INSERT INTO ticket_person VALUES (X'{}', X'{}', 0);", kept.replace('-', ""), zoe.replace('-', ""))
        }
        crate::world::Database::Postgres => format!("INSERT INTO ticket_person VALUES ('{kept}', '{zoe}', 0);"),
    };
    assert!(
        msp.world.sql(&statement).contains("the person is of another organization"),
        "the database refuses it, too"
    );
    let removed = msp.world.done(Method::DELETE, &format!("{people}/{bob}"), json!({})).await;
    assert_eq!(names(removed), ["eve"]);
}

/// NAB-27: a contact's site is optional; a portal admin of their own site alone sees and sends for the people there, and for nobody
/// else of the organization; at no site, for themselves.
#[tokio::test]
async fn a_portal_admin_can_be_limited_to_their_site_nab_27() {
    let msp = Msp::start(DATABASE).await;
    let mill = msp.world.made("/sites", json!({"organization_id": msp.organization, "name": "Mill"})).await;
    let (ann, anns_account, ann_in) = colleague(&msp, "ann").await;
    let (bob, _, bob_in) = colleague(&msp, "bob").await;
    let (_, _, eve_in) = colleague(&msp, "eve").await;
    assert_eq!(msp.world.get(&format!("/end-users/{ann}")).await["site_id"], json!(null), "optional");
    let [of_bob, of_eve] =
        [id(&send(&bob_in, &[("description", "B")]).await), id(&send(&eve_in, &[("description", "E")]).await)];
    let account = format!("/portal-users/{anns_account}");
    msp.world.done(Method::PATCH, &account, json!({"is_admin": true})).await;
    assert!(sees(&ann_in, &of_bob).await && sees(&ann_in, &of_eve).await);
    msp.world.done(Method::PATCH, &account, json!({"site_only": true})).await;
    assert!(!sees(&ann_in, &of_bob).await && !sees(&ann_in, &of_eve).await, "at no site");
    let refused = send(&ann_in, &[("description", "x"), ("requester", "bob")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for person in [&ann, &bob] {
        msp.world.done(Method::PATCH, &format!("/end-users/{person}"), json!({"site_id": mill})).await;
    }
    assert!(sees(&ann_in, &of_bob).await && !sees(&ann_in, &of_eve).await);
    let for_bob = id(&send(&ann_in, &[("description", "For Bob"), ("requester", "bob")]).await);
    assert!(sees(&bob_in, &for_bob).await && sees(&ann_in, &for_bob).await);
    let refused = send(&ann_in, &[("description", "x"), ("requester", "eve")]).await;
    assert!(refused.text("#requester-error").starts_with("Nobody in your organization"), "{}", refused.html);
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    assert!(kim.get(&format!("/console{account}")).await.has("input[name=site_only][checked]"));
}

/// SYN-40: an entry that leads to the whole portal opens it after the sign-in with the computer chosen already; a new-ticket entry
/// still opens the form of that computer. Somebody else's computer cannot be named.
#[tokio::test]
async fn an_entry_to_the_whole_portal_comes_with_its_computer_syn_40() {
    let msp = Msp::start(DATABASE).await;
    let mut document = crate::world::policy_json("Standard", "Customer Online Portal");
    document["menu"]["entries"][0]["destination"] = json!(HOME);
    let (status, saved) = msp.world.api(Method::PUT, &format!("/policies/{}", msp.policy), Some(document)).await;
    assert_eq!(status, StatusCode::OK, "{saved}");
    let agent = Agent::of_jane(&msp).await;
    msp.world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"password": PASSWORD})).await;
    let browser = Browser::new(&msp.world);
    let launched = browser.get(&agent.click().await).await;
    assert_eq!(launched.location(), HOME);
    assert_eq!(browser.get(HOME).await.location(), SIGN_IN);
    browser.post(SIGN_IN, &[("name", "jane"), ("password", PASSWORD)]).await;
    let home = browser.get(HOME).await;
    assert!(home.text("main").contains("Report a problem with this computer, PC-042"), "{}", home.html);
    let form = browser.get(NEW_TICKET).await;
    assert_eq!(form.value("#asset option[selected]"), agent.asset);
    let sent = browser.send_form_to(NEW_TICKET, &form, &[("description", "x"), ("asset", &agent.asset)]).await;
    let ticket = msp.world.get(&format!("/tickets/{}", id(&sent))).await;
    assert_eq!((&ticket["asset_id"], &ticket["facts"]["computer"]), (&json!(agent.asset), &json!("PC-042")));
    let tray = browser.get(crate::browsers::FORM).await;
    assert_eq!(tray.text(".who"), "Reporting as Jane Doe for PC-042");

    let (_, _, bob) = colleague(&msp, "bob").await;
    let foreign = send(&bob, &[("description", "x"), ("asset", &agent.asset)]).await;
    assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY);
}
