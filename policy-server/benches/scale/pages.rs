//! What is measured: every list and search of the console and of the API, and the pages of single things.

use anyhow::Context as _;
use reqwest::Method;
use serde_json::Value;

use crate::{
    data::{self, ASSETS, ORGANIZATIONS},
    server::Server,
};

/// Pages of one kind, asked for in turn.
pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) paths: Vec<String>,
}

/// Common words, rare ones, pieces of words, words that nothing has, and words that are common but never stand together.
const SEARCHES: [(&str, &[&str]); 6] = [
    ("a common word", &["printer", "the", "outlook"]),
    ("a few characters", &["e", "ou", "ß", "zz"]),
    ("a rare word", &["kalomibertan", "stestegra", "vexrou", "quidispel"]),
    ("nothing has it", &["xylophone", "printeroutlook", "thetoner", "zzzzzzzz"]),
    ("several words", &["printer paper", "drucker gr%C3%B6%C3%9Fe", "the is not my to does and", "printer xylophone"]),
    ("a number", &["1001", "%23500000", "999999999"]),
];

pub(crate) async fn pages(server: &Server<'_>) -> anyhow::Result<Vec<Page>> {
    let tickets = u64::try_from(server.database.number("SELECT count(*) FROM ticket")?)?;
    let policies = server.api(Method::GET, "/policies", Value::Null).await?;
    let policy = policies["items"][0]["id"].as_str().context("a policy")?.to_owned();
    let mut pages = console(tickets, &policy);
    pages.extend(queue(tickets));
    pages.extend(api(tickets, &policy));
    Ok(pages)
}

fn page(name: impl Into<String>, paths: impl IntoIterator<Item = String>) -> Page {
    Page { name: name.into(), paths: paths.into_iter().collect() }
}

fn console(tickets: u64, policy: &str) -> Vec<Page> {
    let organizations = || [0, 1, 777, ORGANIZATIONS - 1].map(data::organization);
    let assets = || (0..20).map(|n| data::asset(n * 4_999));
    let assets_with = |query: &str| vec![format!("/console/assets?{query}")];
    let audited = |n: u64| format!("/console/audit?subject={}", data::asset(n * 7 % ASSETS));
    vec![
        page("overview", ["/console".into()]),
        page("assets", assets_with("")),
        page("assets, deep", assets_with(&format!("before={}", data::asset(50_000)))),
        page("assets, in use", assets_with("state=enrolled")),
        page("assets, waiting", assets_with("state=waiting_for_approval")),
        page("assets, not ready", assets_with("not_ready=yes")),
        page("assets, of the largest organization", assets_with(&format!("organization={}", data::organization(0)))),
        page(
            "assets, of one, not ready",
            assets_with(&format!("not_ready=yes&organization={}", data::organization(9))),
        ),
        page("assets, search: many", assets_with("words=pc-0")),
        page("assets, search: one", assets_with("words=5cg0000042")),
        page("assets, search: none", assets_with("words=xylophone&state=enrolled&not_ready=yes")),
        page("an asset", assets().map(|id| format!("/console/assets/{id}"))),
        page("an asset's policy", assets().map(|id| format!("/console/assets/{id}/policy"))),
        page("organizations", ["/console/organizations".into()]),
        page("organizations, search: none", ["/console/organizations?words=xylophone".into()]),
        page("an organization", organizations().map(|id| format!("/console/organizations/{id}"))),
        page(
            "an organization, search among end users",
            organizations().map(|id| format!("/console/organizations/{id}?words=xylophone")),
        ),
        page("enrollment tokens", organizations().map(|id| format!("/console/organizations/{id}/enrollment"))),
        page("an end user", (0..20).map(|n| format!("/console/end-users/{}", data::end_user(n * 4_999)))),
        page("policies", ["/console/policies".into(), "/console/policies?search=ka&from=50".into()]),
        page("a policy", [format!("/console/policies/{policy}")]),
        page("policy tree, an organization", organizations().map(|id| format!("/console/tree/organizations/{id}"))),
        page("policy tree, a folder", (0..20).map(|n| format!("/console/tree/folders/{}", data::folder(n)))),
        page("audit log", ["/console/audit".into()]),
        page("audit log, of one asset", (0..20).map(audited)),
        page("mail", ["/console/settings/mail".into()]),
        page("webhooks", ["/console/settings/webhooks".into()]),
        page("a webhook endpoint", [format!("/console/settings/webhooks/{}", data::endpoint())]),
        page("staff", ["/console/staff".into()]),
        page("API tokens", ["/console/settings/api-tokens".into()]),
        page("a ticket", (0..20).map(|n| format!("/console/tickets/{}", data::ticket(n * (tickets / 20), tickets)))),
    ]
}

fn queue(tickets: u64) -> Vec<Page> {
    let queue = |query: &str| format!("/console/tickets?{query}");
    let organization = data::organization(777);
    let mut pages = vec![
        page("tickets", [queue("")]),
        page("tickets, any status", [queue("status=any")]),
        page(
            "tickets, waiting, deep",
            [queue(&format!("status=waiting&before={}", data::ticket(tickets / 2, tickets)))],
        ),
        page("tickets, closed", [queue("status=closed")]),
        page("tickets, mine", [queue("view=mine"), queue("view=mine&status=any")]),
        page("tickets, nobody's", [queue("view=nobody"), queue("view=nobody&status=closed")]),
        page("tickets, of an organization", [queue(&format!("organization={organization}"))]),
        page("tickets, of an organization, any", [queue(&format!("organization={organization}&status=any"))]),
        page("tickets, of the largest, any", [queue(&format!("organization={}&status=any", data::organization(0)))]),
        page("tickets, of an asset", (0..20).map(|n| queue(&format!("status=any&asset={}", data::asset(n * 4_999))))),
        page("tickets, of a day long ago", [queue("status=any&from=2022-05-05&to=2022-05-05")]),
        page("tickets, of a year long ago, not resolved", [queue("from=2022-01-01&to=2022-12-31")]),
        page("tickets, deep", [queue(&format!("status=any&before={}", data::ticket(tickets / 3, tickets)))]),
    ];
    for (what, searches) in SEARCHES {
        let paths = |query: String| searches.iter().map(move |words| queue(&format!("search={words}{query}")));
        pages.push(page(format!("tickets, search: {what}"), paths(String::new())));
        pages.push(page(format!("tickets, search, any: {what}"), paths("&status=any".into())));
        pages.push(page(
            format!("tickets, search, of an organization: {what}"),
            paths(format!("&status=any&organization={organization}")),
        ));
        pages.push(page(
            format!("tickets, search, of a month long ago: {what}"),
            paths("&status=any&from=2022-05-01&to=2022-05-31".into()),
        ));
        pages.push(page(format!("tickets, search, mine: {what}"), paths("&status=any&view=mine".into())));
    }
    pages
}

fn api(tickets: u64, policy: &str) -> Vec<Page> {
    let list = |name: &str, query: &str| page(format!("API {name}"), [format!("/api/v1/{name}?limit=200{query}")]);
    let deep = |name: &str, id: uuid::Uuid| {
        page(format!("API {name}, deep"), [format!("/api/v1/{name}?limit=200&cursor={id}")])
    };
    let middle = data::ticket(tickets / 2, tickets);
    let mut pages = vec![
        list("organizations", ""),
        deep("organizations", data::organization(1_500)),
        list("end-users", ""),
        deep("end-users", data::end_user(90_000)),
        list("portal-users", ""),
        list("folders", ""),
        list("assets", ""),
        deep("assets", data::asset(90_000)),
        list("tickets", ""),
        deep("tickets", middle),
        list("tickets", "&status=open"),
        list("tickets", "&assignee_id=nobody&status=closed"),
        list("tickets", &format!("&organization_id={}", data::organization(0))),
        list("mails", ""),
        list("audit-records", ""),
        list(&format!("webhook-endpoints/{}/deliveries", data::endpoint()), ""),
        list("staff", ""),
        page("API tray states of a policy", [format!("/api/v1/policies/{policy}/tray-states")]),
        page("API events of an asset", [format!("/api/v1/assets/{}/events", data::asset(4_711))]),
    ];
    for (what, searches) in SEARCHES {
        let paths = searches.iter().map(|words| format!("/api/v1/tickets?search={words}"));
        pages.push(page(format!("API tickets, search: {what}"), paths));
    }
    pages
}
