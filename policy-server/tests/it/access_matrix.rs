//! S1: every route, with every kind of principal, about every class of object. The routes come from the router's own tables;
//! what is allowed is said here a second time, by paths alone. A route for which nothing is said fails the test.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use deskbell_server::{api, console, router};
use reqwest::{
    Method, StatusCode,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::{Agent, ask_to_enroll},
    browsers::{Browser, FORM, Page},
    staff_members::member,
    world::{Msp, World, policy_json},
};

/// Stands in the name or text of every object, followed by the object's class.
const MARK: &str = "Zq";

/// An icon of 16 by 16 pixels, all of one color.
const ICON: &str =
    "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAYAAAAf8/9hAAAAGUlEQVR42mOQ96v8TwlmGDVg1IBRA4aLAQAAOOUQ/IS0FQAAAABJRU5ErkJggg==";

/// What a route asks of whoever comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    Nothing,
    /// A role of staff or of an API token, by the face.
    Look,
    Work,
    Administer,
    Agent,
    /// A link or a token in path or body.
    Secret,
    Form,
    Ticket,
    /// Somebody in the portal.
    Portal,
    /// A portal user who is signed in.
    Account,
    /// Somebody whose group sees what is billed; here is none.
    Billing,
    /// The same, about a ticket.
    PortalTicket,
    /// Nothing, but it shows each reader other articles.
    Articles,
    /// Somebody who reads an article that names their organization.
    Article,
}

/// Who comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Nobody,
    Agent,
    WaitingAgent,
    RetiredAgent,
    Session,
    EndedSession,
    SessionOfAnother,
    PortalUser,
    PortalUserOfAnother,
    DeactivatedPortalUser,
    /// Who came by the link of an organization without portal users.
    LinkVisitor,
    Staff(Rank),
    Token(Rank),
    RevokedToken,
    LaunchCode,
    EnrollmentToken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    ReadOnly,
    Technician,
    Administrator,
}

struct Principal {
    who: Who,
    /// Sent in every way in which anything is sent.
    secret: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Route {
    method: Method,
    path: String,
}

/// One object of each class, all of one customer where they are of a customer.
#[derive(Debug, Clone, Default)]
struct Objects {
    organization: String,
    folder: String,
    end_user: String,
    portal_user: String,
    login: String,
    site: String,
    asset: String,
    enrollment_token: String,
    ticket: String,
    attachment: String,
    article: String,
}

impl Objects {
    /// Ids of what is no longer there.
    fn gone() -> Self {
        let id = || "0190a3c4-0000-7000-8000-000000000000".to_owned();
        Self {
            organization: id(),
            folder: id(),
            end_user: id(),
            portal_user: id(),
            login: id(),
            site: id(),
            asset: id(),
            enrollment_token: id(),
            ticket: id(),
            attachment: id(),
            article: id(),
        }
    }
}

/// What the MSP itself has.
#[derive(Debug, Default)]
struct OfMsp {
    portal: String,
    policy: String,
    staff: String,
    api_token: String,
    endpoint: String,
    delivery: String,
    billing_document: String,
    department: String,
    inbound_mail: String,
    mail: String,
    icon: String,
    import: String,
}

/// A page of the MSP's own in the portal.
const PAGE: &str = "0190a3c4-0000-7000-8000-0000000000aa";

/// What a route asks, by its path; nothing where this test does not know the route.
fn asks(Route { method, path }: &Route) -> Option<Asks> {
    let (face, rest) = path.strip_prefix('/')?.split_once('/').unwrap_or((path.trim_start_matches('/'), ""));
    let reads = method == Method::GET;
    let by_method = if reads { Asks::Look } else { Asks::Work };
    let section = rest.split('/').next().unwrap_or_default();
    match face {
        "" | "healthz" | "readyz" | "static" | "packages" => Some(Asks::Nothing),
        "metrics" => Some(Asks::Look),
        "agent" => match rest {
            "v1/enroll" => Some(Asks::Secret),
            "v1/policy" | "v1/icons/{hash}" | "v1/report" | "v1/launch" => Some(Asks::Agent),
            _ => None,
        },
        "launch" => Some(Asks::Secret),
        "embed" => match rest {
            "login" | "check_in" | "check_in/frame" | "look_up" => Some(Asks::Nothing),
            "status/{token}" => Some(Asks::Secret),
            _ => None,
        },
        "users" => match rest {
            "sign_in" | "sign_in/code" => Some(Asks::Nothing),
            "welcome/{token}" => Some(Asks::Secret),
            _ => None,
        },
        "my_profile" => match rest {
            "{*path}" | "user_login" | "user_login/link" | "user_login/reset" | "sign_up" | "language"
            | "v2/payment" => Some(Asks::Nothing),
            "user_login/link/{token}"
            | "user_login/reset/{token}"
            | "invitation/{token}"
            | "link/{token}"
            | "view/{code}"
            | "sign_up/{token}" => Some(Asks::Secret),
            "" | "password" | "details" | "sessions/{session}/end" | "v2/computers" => Some(Asks::Account),
            "sign_out" | "v2/index" | "v2/new_ticket" | "v2/pages/{page}" => Some(Asks::Portal),
            "v2/billing" => Some(Asks::Billing),
            "v2/articles" | "v2/article_suggestions" => Some(Asks::Articles),
            "v2/articles/{article}" => Some(Asks::Article),
            "v2/tickets/{ticket}" | "v2/tickets/{ticket}/files/{attachment}" => Some(Asks::PortalTicket),
            "v2/tickets/{ticket}/answers" | "v2/tickets/{ticket}/close" | "v2/tickets/{ticket}/reopen" => {
                Some(Asks::PortalTicket)
            }
            "v2/asset_new_ticket_form" => Some(Asks::Form),
            "v2/asset_ticket/{ticket}" | "v2/asset_ticket/{ticket}/files/{attachment}" => Some(Asks::Ticket),
            _ => None,
        },
        "console" => match section {
            "settings" if rest == "settings" => Some(Asks::Look),
            "settings" | "staff" | "audit" | "portals" => Some(Asks::Administer),
            "account" | "sign-out" | "{*path}" => Some(Asks::Look),
            "policies" | "articles" if rest.ends_with("/new") => Some(Asks::Work),
            "import" | "packages" => Some(Asks::Work),
            "end-users" if rest.ends_with("/erase") || rest.ends_with("/personal-data") => Some(Asks::Administer),
            "" | "tickets" | "assets" | "organizations" | "enrollment-tokens" | "end-users" | "policies" | "tree"
            | "sites" | "icons" | "export" | "portal-users" | "articles" | "inbound-mail" => Some(by_method),
            _ => None,
        },
        "api" => match rest.strip_prefix("v1/")?.split('/').next().unwrap_or_default() {
            "openapi.json" | "docs" => Some(Asks::Nothing),
            "policies" if ["plan", "preview"].iter().any(|shows| rest.ends_with(shows)) => Some(Asks::Look),
            "agent-packages" => Some(Asks::Look),
            "end-users" | "contacts" if rest.ends_with("/erase") || rest.ends_with("/personal-data") => {
                Some(Asks::Administer)
            }
            "provider" | "portals" | "logos" | "organizations" | "customers" | "folders" | "end-users" | "contacts"
            | "os-logins" | "portal-users" | "assets" | "enrollment-tokens" | "policies" | "icons" | "tickets"
            | "attachments" | "readiness" | "sites" | "imports" | "export" | "billing-documents" | "articles"
            | "inbound-mails" => Some(by_method),
            "events" => Some(Asks::Work),
            "portal-groups" | "departments" if reads => Some(Asks::Look),
            // A mail gateway's token may, too; none is tried here.
            "portal-groups" | "departments" | "inbound-mail" => Some(Asks::Administer),
            "ticket-forwarding" | "requester-mail" | "mail-templates" | "ticket-system" | "ticket-transfers"
            | "mails" | "webhook-endpoints" | "webhook-deliveries" | "staff" | "api-tokens" | "audit-records" => {
                Some(Asks::Administer)
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether somebody may do what a route does. For tickets: those of their own.
fn may(who: Who, route: &Route, asks: Asks) -> bool {
    let least = match asks {
        Asks::Nothing | Asks::Articles => return true,
        Asks::Secret | Asks::Billing => return false,
        Asks::Agent => return who == Who::Agent,
        Asks::Form => return matches!(who, Who::Session | Who::SessionOfAnother),
        Asks::Ticket => return who == Who::Session,
        Asks::Portal => return matches!(who, Who::PortalUser | Who::PortalUserOfAnother | Who::LinkVisitor),
        Asks::Account => return matches!(who, Who::PortalUser | Who::PortalUserOfAnother),
        Asks::PortalTicket => return who == Who::PortalUser,
        Asks::Article => return matches!(who, Who::Session | Who::PortalUser),
        Asks::Look => Rank::ReadOnly,
        Asks::Work => Rank::Technician,
        Asks::Administer => Rank::Administrator,
    };
    match who {
        Who::Staff(rank) => route.path.starts_with("/console") && rank >= least,
        Who::Token(rank) => !route.path.starts_with("/console") && rank >= least,
        _ => false,
    }
}

/// Every route of the server.
fn routes() -> Vec<Route> {
    let mut routes: Vec<_> = console::table()
        .into_iter()
        .map(|route| Route { method: route.method, path: route.path.to_owned() })
        .chain(api::table().into_iter().map(|route| Route { method: route.method, path: route.path }))
        .collect();
    // Here each path is tried both ways: one that it has not is refused as well.
    for path in router::paths() {
        routes.extend([Method::GET, Method::POST].map(|method| Route { method, path: path.clone() }));
    }
    routes
}

/// A route's path with the ids of these objects in it.
fn address(Route { path, .. }: &Route, objects: &Objects, msp: &OfMsp) -> String {
    let mut section = "";
    let mut parts = Vec::new();
    for part in path.split('/') {
        let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else {
            section = part;
            parts.push(part.to_owned());
            continue;
        };
        let class = if ["id", "token"].contains(&name) { section } else { name };
        parts.push(match class {
            "organizations" | "customers" | "organization" => objects.organization.clone(),
            "folders" | "folder" => objects.folder.clone(),
            "end-users" | "contacts" | "end_user" => objects.end_user.clone(),
            "portal-users" | "portal_user" => objects.portal_user.clone(),
            "os-logins" | "login" => objects.login.clone(),
            "assets" | "asset" => objects.asset.clone(),
            "enrollment-tokens" => objects.enrollment_token.clone(),
            "tickets" | "ticket" => objects.ticket.clone(),
            "attachments" | "attachment" | "file" => objects.attachment.clone(),
            "articles" | "article" => objects.article.clone(),
            "portals" | "portal" => msp.portal.clone(),
            "page" => PAGE.into(),
            "policies" | "policy" => msp.policy.clone(),
            "staff" => msp.staff.clone(),
            "api-tokens" => msp.api_token.clone(),
            "webhook-endpoints" | "endpoint" => msp.endpoint.clone(),
            "webhook-deliveries" | "delivery" => msp.delivery.clone(),
            "billing-documents" => msp.billing_document.clone(),
            "departments" | "department" => msp.department.clone(),
            "inbound-mails" | "inbound_mail" => msp.inbound_mail.clone(),
            "domain" => "zq.example".into(),
            "mails" | "mail" => msp.mail.clone(),
            "hash" | "sha256" => msp.icon.clone(),
            "version" => "1".into(),
            "sites" | "site" => objects.site.clone(),
            "import" => msp.import.clone(),
            "key" | "group" => "limited".into(),
            "template" => "ticket_comment".into(),
            "language" => "en".into(),
            // Made up.
            "session" | "ticket-transfers" | "transfer" => "0190a3c4-0000-7000-8000-000000000000".into(),
            "welcome" | "code" | "link" | "reset" | "invitation" | "sign_up" | "status" => "A".repeat(43),
            "*path" => "nowhere".into(),
            other => panic!("{path}: this test does not know {other}"),
        });
    }
    parts.join("/")
}

/// Sends a request as somebody, with what they have in every place where the server looks for anything.
async fn ask(world: &World, portal: &str, principal: &Principal, route: &Route, path: &str, harm: bool) -> Page {
    let mut request = world.client.request(route.method.clone(), format!("{}{path}", world.origin));
    let secret = &principal.secret;
    if principal.who != Who::Nobody {
        let cookies = format!("__Host-staff={secret}; __Host-asset-{portal}={secret}; __Host-portal-{portal}={secret}");
        request = request.bearer_auth(secret).header("cookie", cookies);
    }
    let by_json = path.starts_with("/api/") || path.starts_with("/agent/");
    request = match route.method {
        Method::GET => request,
        Method::PATCH if by_json && harm => request.json(&json!({"name": "Taken"})),
        Method::PUT if by_json && harm => request.json(&json!({"policy_id": null, "end_user_id": null})),
        _ if by_json => request.json(&json!({})),
        _ if harm => request.header("origin", &world.origin).form(&[
            ("name", "Taken"),
            ("text", "Taken"),
            ("kind", "note"),
            ("status", "closed"),
            ("state", "deactivated"),
            ("description", "Taken"),
            ("assignee", ""),
            ("policy_id", ""),
            ("end_user_id", ""),
            ("login_name", "taken"),
            ("email", "taken@msp.example"),
            ("role", "administrator"),
        ]),
        _ => request.header("origin", &world.origin).form::<[(&str, &str)]>(&[]),
    };
    let answer = request.send().await.expect("an answer");
    let (status, headers) = (answer.status(), answer.headers().clone());
    let html = String::from_utf8_lossy(&answer.bytes().await.expect("bytes")).into_owned();
    Page { status, headers, html }
}

fn is_denied(page: &Page, route: &Route) -> bool {
    let signs_in = || {
        let to = page.headers.get("location").map_or("", |to| to.to_str().expect("text"));
        to.starts_with("/users/sign_in") || to == "/my_profile/user_login"
    };
    match page.status {
        StatusCode::SEE_OTHER => signs_in(),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => true,
        // What is not there for anybody, or not for them: the portal and the agents' answers say so.
        StatusCode::NOT_FOUND
        | StatusCode::GONE
        | StatusCode::METHOD_NOT_ALLOWED
        | StatusCode::UNPROCESSABLE_ENTITY => !route.path.starts_with("/console") && !route.path.starts_with("/api"),
        _ => false,
    }
}

/// A ticket with a file, and what staff said about it; gives its id and the file's.
async fn ticket(world: &World, browser: &Browser<'_>, page: &Page, mark: &str) -> (String, String) {
    let form = Form::new()
        .text("form_id", page.value("input[name=form_id]"))
        .text("form_for", page.value("input[name=form_for]"))
        .text("description", format!("{MARK}ticket {mark}"))
        .part("files", Part::bytes(format!("{MARK}attachment").into_bytes()).file_name("notes.txt"));
    let post = world.client.post(format!("{}{FORM}", world.origin)).header("origin", &world.origin).multipart(form);
    let id = browser.send(post).await.location().rsplit('/').next().expect("an id").to_owned();
    for kind in ["reply", "note"] {
        let said = json!({"kind": kind, "text": format!("{MARK}{kind}")});
        world.done(Method::POST, &format!("/tickets/{id}/comments"), said).await;
    }
    let files = world.get(&format!("/tickets/{id}/attachments")).await;
    (id, files["items"][0]["id"].as_str().expect("an id").to_owned())
}

/// A customer with one of everything, an agent of its asset, and a browser that came from its tray.
async fn customer<'a>(world: &'a World, mark: &str) -> (Objects, Agent<'a>, Browser<'a>) {
    let named = |class: &str| format!("{MARK}{class} {mark}");
    let organization = world.made("/organizations", json!({"name": named("organization")})).await;
    let of = |class: &str| json!({"organization_id": organization, "name": named(class)});
    let folder = world.made("/folders", of("folder")).await;
    let end_user = world.made("/end-users", of("end_user")).await;
    let portal_user =
        json!({"organization_id": organization, "end_user_id": end_user, "sign_in_name": named("portal_user")});
    let portal_user = world.made("/portal-users", portal_user).await;
    let login = world.made(&format!("/end-users/{end_user}/os-logins"), json!({"name": named("login")})).await;
    let site = world.made("/sites", of("site")).await;
    let token = world.done(Method::POST, "/enrollment-tokens", of("enrollment_token")).await;
    let agent = Agent::enroll(world, token["token"].as_str().expect("a token")).await;
    let asset = json!({"name": named("asset"), "folder_id": folder});
    world.done(Method::PATCH, &format!("/assets/{}", agent.asset), asset).await;
    agent.assign(&end_user).await;
    let browser = Browser::new(world);
    let form = browser.open(&agent.click().await).await;
    let (ticket, attachment) = ticket(world, &browser, &form, mark).await;
    let article = json!({
        "title": named("article"), "body": "x", "visibility": "organizations", "organization_ids": [organization],
        "published": true,
    });
    let article = world.made("/articles", article).await;
    let (asset, enrollment_token) = (agent.asset.clone(), token["id"].as_str().expect("an id").to_owned());
    let objects = Objects {
        organization,
        folder,
        end_user,
        portal_user,
        login,
        site,
        asset,
        enrollment_token,
        ticket,
        attachment,
        article,
    };
    (objects, agent, browser)
}

async fn of_msp(world: &World, customer: &Objects) -> OfMsp {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let icon = world.client.post(format!("{}/api/v1/icons", world.origin)).bearer_auth(&world.api_token);
    let icon = icon.body(STANDARD.decode(ICON).expect("base64")).send().await.expect("an answer");
    let icon: Value = icon.json().await.expect("JSON");
    let staff = json!({"name": format!("{MARK}staff"), "email": "zq@msp.example", "role": "technician"});
    let api_token = json!({"name": format!("{MARK}api_token"), "role": "technician"});
    let endpoint = json!({"url": format!("https://hooks.example/{MARK}endpoint"), "events": ["ticket.commented"]});
    let endpoint = world.made("/webhook-endpoints", endpoint).await;
    let made = OfMsp {
        portal: text(&world.get("/portals").await["items"][0]["id"]),
        policy: world.made("/policies", policy_json(&format!("{MARK}policy"), &format!("{MARK}entry"))).await,
        staff: world.made("/staff", staff).await,
        api_token: world.made("/api-tokens", api_token).await,
        icon: text(&icon["sha256"]),
        ..OfMsp::default()
    };
    let page = json!([{"type": "page", "id": PAGE, "label": "Hours", "text": "9 to 5"}]);
    world.done(Method::PATCH, &format!("/portals/{}", made.portal), json!({"menu": page})).await;
    // A message and a mail come of what happens.
    let said = json!({"kind": "reply", "text": format!("{MARK}delivery")});
    world.done(Method::POST, &format!("/tickets/{}/comments", customer.ticket), said).await;
    let deliveries = world.get(&format!("/webhook-endpoints/{endpoint}/deliveries")).await;
    let mail = text(&world.get("/mails").await["items"][0]["id"]);
    let system = json!({"kind": "request_tracker", "url": "https://rt.example", "queue": "Desk", "token": "t"});
    world.done(Method::PUT, "/ticket-system", system).await;
    let import = uploaded(world).await;
    let billed = json!({
        "organization_id": customer.organization, "kind": "invoice", "number": format!("{MARK}billing"), "amount": "1 EUR",
        "issued_on": "2026-11-27",
    });
    let billing_document = world.made("/billing-documents", billed).await;
    let department = world.made("/departments", json!({"name": format!("{MARK}department")})).await;
    let post = world.client.post(format!("{}/api/v1/inbound-mail", world.origin)).bearer_auth(&world.api_token);
    let inbound =
        post.body(format!("From: zq@zq.example\r\nSubject: {MARK}inbound_mail\r\n\r\n{MARK}inbound_mail\r\n"));
    let inbound: Value = inbound.send().await.expect("an answer").json().await.expect("JSON");
    let made = OfMsp { department, inbound_mail: text(&inbound["id"]), ..made };
    OfMsp { billing_document, delivery: text(&deliveries["items"][0]["id"]), endpoint, mail, import, ..made }
}

/// The id of a file that waits to be imported.
async fn uploaded(world: &World) -> String {
    let (_, staff) = member(world, "importer@msp.example", "technician").await;
    let file = Part::bytes(format!("organization\n{MARK}import\n").into_bytes()).file_name("import.csv");
    let post = world.client.post(format!("{}/console/import", world.origin)).header("origin", &world.origin);
    let page = staff.send(post.multipart(Form::new().part("file", file))).await;
    page.location().rsplit('/').next().expect("an id").to_owned()
}

fn secret_of(browser: &Browser<'_>) -> String {
    browser.cookies().split_once('=').expect("a cookie").1.to_owned()
}

/// A portal user who signed in with a password that staff gave them.
async fn signed_in(world: &World, portal_user: &str) -> String {
    let password = "walnut ferry candle";
    world.done(Method::PATCH, &format!("/portal-users/{portal_user}"), json!({"password": password})).await;
    let name = world.get(&format!("/portal-users/{portal_user}")).await["sign_in_name"].clone();
    let browser = Browser::new(world);
    let form = [("name", name.as_str().expect("text")), ("password", password)];
    let page = browser.post("/my_profile/user_login", &form).await;
    assert_eq!((page.status, page.location().as_str()), (StatusCode::SEE_OTHER, "/my_profile/v2/index"));
    secret_of(&browser)
}

async fn principals(msp: &Msp, session: &Browser<'_>, other: &Browser<'_>, agent: &Agent<'_>) -> Vec<Principal> {
    let world = &msp.world;
    let mut principals = vec![
        Principal { who: Who::Nobody, secret: String::new() },
        Principal { who: Who::Agent, secret: agent.token().to_owned() },
        Principal { who: Who::Session, secret: secret_of(session) },
        Principal { who: Who::SessionOfAnother, secret: secret_of(other) },
        Principal { who: Who::EnrollmentToken, secret: msp.enrollment_token.clone() },
        Principal { who: Who::LaunchCode, secret: agent.click().await.rsplit('/').next().expect("a code").to_owned() },
    ];
    let retired = Agent::of_jane(msp).await;
    let ended = Agent::of_jane(msp).await;
    let browser = Browser::new(world);
    browser.open(&ended.click().await).await;
    world.done(Method::DELETE, &format!("/assets/{}/assignment", ended.asset), json!({})).await;
    principals.push(Principal { who: Who::EndedSession, secret: secret_of(&browser) });
    world.done(Method::POST, &format!("/assets/{}/retire", retired.asset), json!({})).await;
    principals.push(Principal { who: Who::RetiredAgent, secret: retired.token().to_owned() });
    let token = json!({"organization_id": msp.organization, "name": "long-lived", "needs_approval": true});
    let token = world.done(Method::POST, "/enrollment-tokens", token).await;
    let waiting = ask_to_enroll(world, token["token"].as_str().expect("a token")).await;
    let waiting: deskbell_protocol::EnrollResponse = waiting.json().await.expect("JSON");
    principals.push(Principal { who: Who::WaitingAgent, secret: waiting.agent_token });
    for (role, rank) in
        [("read_only", Rank::ReadOnly), ("technician", Rank::Technician), ("administrator", Rank::Administrator)]
    {
        let (_, browser) = member(world, &format!("{role}@msp.example"), role).await;
        principals.push(Principal { who: Who::Staff(rank), secret: secret_of(&browser) });
        let made = world.done(Method::POST, "/api-tokens", json!({"name": role, "role": role})).await;
        let secret = made["token"].as_str().expect("a token").to_owned();
        principals.push(Principal { who: Who::Token(rank), secret });
    }
    let revoked = world.done(Method::POST, "/api-tokens", json!({"name": "revoked", "role": "administrator"})).await;
    let path = format!("/api-tokens/{}/revoke", revoked["id"].as_str().expect("an id"));
    world.done(Method::POST, &path, json!({})).await;
    let secret = revoked["token"].as_str().expect("a token").to_owned();
    principals.push(Principal { who: Who::RevokedToken, secret });
    principals
}

/// What the API shows of what there is, and of what was done to it. Endpoints change by themselves, when they cannot be reached.
async fn everything(world: &World) -> Vec<Value> {
    let mut all = Vec::new();
    for list in [
        "audit-records",
        "organizations",
        "folders",
        "end-users",
        "portal-users",
        "assets",
        "enrollment-tokens",
        "policies",
        "tickets",
        "staff",
        "api-tokens",
        "mails",
        "portals",
    ] {
        let all_of_it = if list == "audit-records" { "?limit=200" } else { "" };
        all.push(world.get(&format!("/{list}{all_of_it}")).await);
    }
    all
}

#[test]
fn every_route_says_what_it_asks() {
    let unknown: Vec<_> = routes().into_iter().filter(|route| asks(route).is_none()).collect();
    assert!(unknown.is_empty(), "say in this file what these ask: {unknown:?}");
    let known: BTreeSet<_> = routes().into_iter().map(|route| route.path).collect();
    assert!(known.len() > 100, "{}", known.len());
    for path in ["/launch/{code}", "/agent/v1/policy", "/users/sign_in", "/healthz", "/metrics", FORM] {
        assert!(known.contains(path), "{path} is not in the tables");
    }
}

/// The matrix sees only what is in the tables, so nothing else may make routes.
#[test]
fn no_route_is_made_beside_the_tables() {
    let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read_to_string(&path).expect("text").contains(".route(") {
                found.push(path.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("below it").display().to_string());
            }
        }
    }
    found.sort();
    assert_eq!(found, ["src/api/guard.rs", "src/console/guard.rs", "src/routes.rs"]);
}

/// S1, RES-03: what somebody may not do is refused, tells nothing of any object, and does nothing; what they may is done. A ticket
/// of another person, computer or customer does not exist for a session, nor do its files.
#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one world for the whole matrix: making it takes most of the time")]
async fn every_route_is_for_those_who_may_and_tells_others_nothing() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    world.done(Method::PUT, "/ticket-forwarding", json!({"address": "queue@msp.example"})).await;
    let (own, agent, session) = customer(world, "of one").await;
    let (others, _, other) = customer(world, "of another").await;
    let at_msp = of_msp(world, &own).await;
    let colleague = Agent::of_jane(&msp).await;
    let browser = Browser::new(world);
    let form = browser.open(&colleague.click().await).await;
    let (colleagues_ticket, colleagues_file) = ticket(world, &browser, &form, "of a colleague").await;
    world.done(Method::PATCH, &format!("/tickets/{colleagues_ticket}"), json!({"confidential": true})).await;
    let mut principals = principals(&msp, &session, &other, &agent).await;
    principals.push(Principal { who: Who::PortalUser, secret: signed_in(world, &own.portal_user).await });
    principals.push(Principal { who: Who::PortalUserOfAnother, secret: signed_in(world, &others.portal_user).await });
    let shut_out = signed_in(world, &msp.portal_user).await;
    world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"state": "deactivated"})).await;
    principals.push(Principal { who: Who::DeactivatedPortalUser, secret: shut_out });
    let without = json!({"name": "Without portal users"});
    let without = world.made("/organizations", without).await;
    let link =
        world.get(&format!("/organizations/{without}/portal-link")).await["url"].as_str().expect("on").to_owned();
    let by_link = Browser::new(world);
    by_link.get(link.strip_prefix(&world.origin).expect("our own")).await;
    principals.push(Principal { who: Who::LinkVisitor, secret: secret_of(&by_link) });
    let portal = at_msp.portal.as_str();
    let before = everything(world).await;

    // Whatever it is about: their own, a colleague's that is confidential, another customer's, or what is gone.
    let colleagues = Objects { ticket: colleagues_ticket.clone(), attachment: colleagues_file.clone(), ..own.clone() };
    let gone = Objects::gone();
    let long = std::env::var_os("DESKBELL_LONG").is_some();
    let classes = [(&own, true), (&others, false), (&colleagues, false), (&gone, false)];
    let mut checks = 0;
    for (objects, is_own) in classes.into_iter().filter(|(_, is_own)| *is_own || long) {
        for route in &routes() {
            let asked = asks(route).unwrap_or_else(|| panic!("{route:?} is not in the matrix"));
            // Of tickets and articles, what each may see of each is below.
            if !is_own && matches!(asked, Asks::Ticket | Asks::PortalTicket | Asks::Article) {
                continue;
            }
            let path = address(route, objects, &at_msp);
            for principal in principals.iter().filter(|principal| !may(principal.who, route, asked)) {
                let side = format!(
                    "{path}?organization={0}&organization_id={0}&search={MARK}&subject={1}",
                    objects.organization, objects.asset
                );
                for path in [&path, &side] {
                    let page = ask(world, portal, principal, route, path, true).await;
                    let what = format!("{:?}: {} {path}: {}", principal.who, route.method, page.status);
                    assert!(is_denied(&page, route), "{what}");
                    assert!(!page.html.contains(MARK), "{what}: {}", page.html);
                    checks += 2;
                }
            }
        }
    }
    assert!(checks >= if long { 50_000 } else { 10_000 }, "{checks}");
    for route in routes().iter().filter(|route| asks(route) == Some(Asks::Nothing)) {
        for principal in &principals {
            let page = ask(world, portal, principal, route, &address(route, &own, &at_msp), true).await;
            let what = format!("{:?}: {} {}: {}", principal.who, route.method, route.path, page.status);
            assert!(!page.status.is_server_error() && !page.html.contains(MARK), "{what}: {}", page.html);
        }
    }
    assert_eq!(everything(world).await, before, "what was refused changed something");

    let get = |path: String| Route { method: Method::GET, path };
    for principal in &principals {
        for (article, mark, reads) in [
            (&own.article, "of one", matches!(principal.who, Who::Session | Who::PortalUser)),
            (&others.article, "of another", matches!(principal.who, Who::SessionOfAnother | Who::PortalUserOfAnother)),
        ] {
            let form = if matches!(principal.who, Who::Session | Who::SessionOfAnother) { "tray" } else { "portal" };
            let lists = ["/my_profile/v2/articles".to_owned(), format!("/my_profile/v2/articles?q={MARK}article")];
            let suggestions = format!("/my_profile/v2/article_suggestions?form={form}&text={MARK}article");
            for path in lists.into_iter().chain([suggestions, format!("/my_profile/v2/articles/{article}")]) {
                let page = ask(world, portal, principal, &get(path.clone()), &path, false).await;
                let (what, title) = (format!("{:?}: {path}", principal.who), format!("{MARK}article {mark}"));
                assert_eq!(page.html.contains(&title), reads, "{what}: {}", page.html);
                assert!(page.status == StatusCode::OK || !reads && path.ends_with(article), "{what}: {}", page.status);
            }
        }
        for (ticket, attachment, is_own) in [
            (&own.ticket, &own.attachment, true),
            (&own.ticket, &others.attachment, false),
            (&others.ticket, &own.attachment, false),
            (&others.ticket, &others.attachment, false),
            (&colleagues_ticket, &colleagues_file, false),
        ] {
            let receipt = get(format!("/my_profile/v2/asset_ticket/{ticket}"));
            let file = get(format!("{}/files/{attachment}", receipt.path));
            let sees = match principal.who {
                Who::Session => *ticket == own.ticket,
                Who::SessionOfAnother => *ticket == others.ticket,
                _ => false,
            };
            let page = ask(world, portal, principal, &receipt, &receipt.path, false).await;
            let what = format!("{:?}: {}", principal.who, receipt.path);
            assert_eq!(page.status == StatusCode::OK, sees, "{what}: {}", page.status);
            assert_eq!(page.html.contains(MARK), sees, "{what}: {}", page.html);
            let note = format!("{MARK}note");
            assert!(!page.html.contains(&note), "invariant 9: {what}");
            let sees = match principal.who {
                Who::PortalUser => *ticket == own.ticket,
                Who::PortalUserOfAnother => *ticket == others.ticket,
                _ => false,
            };
            let ticket_page = get(format!("/my_profile/v2/tickets/{ticket}"));
            let page = ask(world, portal, principal, &ticket_page, &ticket_page.path, false).await;
            let what = format!("{:?}: {}", principal.who, ticket_page.path);
            assert_eq!(
                (page.status == StatusCode::OK, page.html.contains(MARK)),
                (sees, sees),
                "{what}: {}",
                page.html
            );
            assert!(!page.html.contains(&note), "invariant 9: {what}");
            let gets = sees && (is_own || *attachment == others.attachment && *ticket == others.ticket);
            let file_page = get(format!("{}/files/{attachment}", ticket_page.path));
            let page = ask(world, portal, principal, &file_page, &file_page.path, false).await;
            assert_eq!(page.status == StatusCode::OK, gets, "{:?}: {}", principal.who, file_page.path);
            let gets = match principal.who {
                Who::Session => is_own,
                Who::SessionOfAnother => *ticket == others.ticket && *attachment == others.attachment,
                _ => false,
            };
            let page = ask(world, portal, principal, &file, &file.path, false).await;
            let what = format!("{:?}: {}", principal.who, file.path);
            assert_eq!((page.status == StatusCode::OK, page.html.contains(MARK)), (gets, gets), "{what}");
        }
    }

    // Whoever may gets what is asked for: without that, refusals would show nothing.
    let mut seen = String::new();
    // Reads first, and the portal before what can be retired.
    let reads_and_others = [true, false].map(|reads| routes().into_iter().rev().map(move |route| (reads, route)));
    for (reads, route) in reads_and_others.into_iter().flatten() {
        let asked = asks(&route).expect("in the matrix");
        // The last one leads to the portal's sign-in, where the organization has portal users.
        let leaves = [
            "/console/sign-out",
            "/my_profile/sign_out",
            "/my_profile/sessions/{session}/end",
            "/console/organizations/{organization}/view-portal",
            // Would take the rest of the matrix its person; `personal_data.rs` does it.
            "/console/end-users/{end_user}/erase",
            "/api/v1/end-users/{id}/erase",
            "/api/v1/contacts/{id}/erase",
        ]
        .contains(&route.path.as_str());
        if (route.method == Method::GET) != reads
            || leaves
            || matches!(asked, Asks::Nothing | Asks::Secret | Asks::Articles)
        {
            continue;
        }
        let path = address(&route, &own, &at_msp);
        for principal in principals.iter().filter(|principal| may(principal.who, &route, asked)) {
            let page = ask(world, portal, principal, &route, &path, false).await;
            let what = format!("{:?}: {} {path}: {}", principal.who, route.method, page.status);
            assert!(!page.status.is_server_error(), "{what}");
            // There is no logo.
            let is_absent = path.ends_with("/nowhere") || path.ends_with("/logo.png");
            let not_there = reads && page.status == StatusCode::NOT_FOUND && !is_absent;
            let denied = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&page.status) || not_there;
            assert!(
                !denied && (page.status != StatusCode::SEE_OTHER || !is_denied(&page, &route)),
                "{what}: {}",
                page.html
            );
            seen.push_str(&page.html);
        }
    }
    for class in [
        "organization",
        "folder",
        "end_user",
        "portal_user",
        "login",
        "site",
        "import",
        "asset",
        "enrollment_token",
        "ticket",
        "attachment",
        "article",
        "reply",
        "note",
        "policy",
        "staff",
        "api_token",
        "endpoint",
        "delivery",
    ] {
        assert!(seen.contains(&format!("{MARK}{class}")), "nobody saw the {class}");
    }
}
