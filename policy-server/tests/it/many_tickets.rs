//! What is found among many tickets: the same by blocks as one by one, and the same as by looking at all of them.

use std::fmt::Write as _;

use deskbell_server::domain::grams::BLOCK;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::Page,
    staff_members::member,
    world::{Database, Msp},
};

/// 2026-01-01 00:00 UTC.
const NEW_YEAR: i64 = 1_767_225_600_000;
const HOUR: i64 = 60 * 60 * 1000;
/// Two blocks that are complete, and some tickets more.
const TICKETS: i64 = 2 * BLOCK + 300;

/// A ticket as the test knows it.
struct Known {
    number: i64,
    organization: usize,
    text: String,
    status: &'static str,
    assigned: bool,
    created_at: i64,
}

fn known(number: i64) -> Known {
    // Two pairs that only their signs tell apart.
    let common = ["Printer", "paper", "Größe", "vpn", "a_b", "acb", "100%", "1000"];
    let text = |n: i64| common[usize::try_from(n).expect("small") % common.len()];
    let rare = if number % 1000 == 7 { "Xylophon" } else { "" };
    // One word stands in the first block alone, and not in one organization.
    let old = if number < 900 && number % 3 == 0 { "Windows 7" } else { "" };
    Known {
        number,
        organization: usize::from(number % 3 == 0),
        // Every ticket has each piece of one word, and only two have the word.
        text: format!(
            "{} {} {rare}\n{old} ticket{} abcd bcde cdef{}",
            text(number),
            text(number / 7),
            number % 97,
            if number == 5 || number == 8000 { " ABCDEF" } else { "" }
        ),
        status: match number {
            _ if number % 500 == 3 => "waiting",
            _ if number > TICKETS - 100 => "new",
            _ if number % 2 == 0 => "closed",
            _ => "resolved",
        },
        assigned: number % 5 == 0,
        created_at: NEW_YEAR + number * HOUR,
    }
}

/// What a list is narrowed by: the words, and the rest as the API and this test say it.
struct Filter {
    words: &'static str,
    query: String,
    so: Box<dyn Fn(&Known) -> bool>,
}

impl Filter {
    fn finds(&self, ticket: &Known) -> bool {
        let key = ticket.text.to_lowercase();
        let has = |word: &str| {
            key.contains(&word.to_lowercase()) || word.trim_start_matches('#') == ticket.number.to_string()
        };
        self.words.split_whitespace().all(has) && (self.so)(ticket)
    }

    fn query(&self) -> String {
        let words = self.words.replace('%', "%25").replace('#', "%23").replace(' ', "+");
        format!("search={words}{}", self.query)
    }
}

fn filters(organizations: &[String; 2], staff: &str) -> Vec<Filter> {
    let words = [
        "printer",
        "größe",
        "e",
        "zz",
        "xylophone",
        "xylophon",
        "printerpaper",
        "printer paper",
        "printer windows",
        "windows 7",
        "100%",
        "a_b",
        "icket9",
        "abcdef",
        "#5000",
        "8300",
        "4096",
        "1 2 3 4",
    ];
    let mut filters = Vec::new();
    for words in words {
        let mut filter = |query: String, so: Box<dyn Fn(&Known) -> bool>| filters.push(Filter { words, query, so });
        filter(String::new(), Box::new(|_| true));
        filter("&status=waiting".into(), Box::new(|ticket| ticket.status == "waiting"));
        filter("&status=closed".into(), Box::new(|ticket| ticket.status == "closed"));
        filter(format!("&organization_id={}", organizations[1]), Box::new(|ticket| ticket.organization == 1));
        filter(format!("&assignee_id={staff}&status=resolved"), Box::new(|t| t.assigned && t.status == "resolved"));
        let (from, to) = (NEW_YEAR + 4000 * HOUR, NEW_YEAR + 4200 * HOUR);
        let query = format!("&assignee_id=nobody&created_from={from}&created_before={to}");
        filter(query, Box::new(move |ticket| !ticket.assigned && (from..to).contains(&ticket.created_at)));
    }
    filters
}

/// Makes the tickets, as many people would have over a year.
fn insert(msp: &Msp, assets: &[String; 2], requesters: &[String; 2], organizations: &[String; 2], staff: &str) {
    let id = |text: &str| match DATABASE {
        Database::Sqlite => format!("X'{}'", text.replace('-', "")),
        Database::Postgres => format!("'{text}'"),
    };
    let columns = "id, number, organization_id, asset_id, requester_id, form_id, source, subject, description, urgency, \
                   status, facts, os_user, created_at, updated_at, assignee_id, search_key";
    let mut script = String::from("BEGIN;\n");
    for ticket in (1..=TICKETS).map(known) {
        let made = u128::from(ticket.created_at.unsigned_abs()) << 80 | u128::from(ticket.number.unsigned_abs());
        let made = id(&Uuid::from_u128(made).to_string());
        let form = id(&Uuid::from_u128(ticket.number.unsigned_abs().into()).to_string());
        let [organization, asset, requester] =
            [organizations, assets, requesters].map(|ids| id(&ids[ticket.organization]));
        let assignee = if ticket.assigned { id(staff) } else { "NULL".into() };
        let Known { number, text, status, created_at, .. } = &ticket;
        let key = text.to_lowercase();
        writeln!(
            script,
            "INSERT INTO ticket ({columns}) VALUES ({made}, {number}, {organization}, {asset}, {requester}, {form}, \
             'tray', 'x', '{text}', 'low', '{status}', '{{}}', '{{\"name\":\"x\",\"id\":\"1\"}}', {created_at}, \
             {created_at}, {assignee}, '{key}');"
        )
        .expect("a string");
    }
    writeln!(script, "UPDATE number_sequence SET last = {TICKETS} WHERE name = 'ticket'; COMMIT;").expect("a string");
    msp.world.run_sql(&script);
}

/// All numbers of a list, part by part.
async fn listed(msp: &Msp, query: &str) -> Vec<i64> {
    let mut numbers = Vec::new();
    let mut cursor = String::new();
    loop {
        let (status, part) = msp.world.api(Method::GET, &format!("/tickets?limit=190&{query}{cursor}"), None).await;
        assert_eq!(status, StatusCode::OK, "{query}: {part}");
        let items = part["items"].as_array().expect("a list").iter();
        numbers.extend(items.map(|ticket| ticket["number"].as_i64().expect("a number")));
        match &part["next_cursor"] {
            Value::String(next) => cursor = format!("&cursor={next}"),
            _ => return numbers,
        }
    }
}

fn numbers_on(page: &Page) -> Vec<i64> {
    page.texts(".queue .number").iter().map(|number| number.parse().expect("a number")).collect()
}

async fn compare(msp: &Msp, filters: &[Filter], when: &str) {
    for filter in filters {
        let expected: Vec<_> =
            (1..=TICKETS).map(known).filter(|ticket| filter.finds(ticket)).map(|ticket| ticket.number).collect();
        assert_eq!(listed(msp, &filter.query()).await, expected, "{when}: {}", filter.query());
    }
}

#[tokio::test]
async fn a_search_finds_in_blocks_what_it_finds_one_by_one_and_pages_lose_nothing() {
    let mut msp = Msp::start(DATABASE).await;
    let other = msp.world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let omar = msp.world.made("/end-users", json!({"organization_id": other, "name": "Omar"})).await;
    let token = json!({"organization_id": other, "name": "other"});
    let token = msp.world.done(Method::POST, "/enrollment-tokens", token).await["token"].clone();
    let assets = [
        Agent::enroll(&msp.world, &msp.enrollment_token).await.asset,
        Agent::enroll(&msp.world, token.as_str().expect("a token")).await.asset,
    ];
    let (kim, _) = member(&msp.world, "kim@msp.example", "technician").await;
    let organizations = [msp.organization.clone(), other];
    insert(&msp, &assets, &[msp.jane.clone(), omar], &organizations, &kim);
    let filters = filters(&organizations, &kim);

    compare(&msp, &filters, "one by one").await;
    msp.world.stop().await;
    let _program = msp.world.program("").await;
    let blocks = "SELECT last FROM number_sequence WHERE name = 'ticket_block'";
    while msp.world.query(blocks) != "2" {}
    compare(&msp, &filters, "by blocks").await;

    let (_, lee) = member(&msp.world, "lee@msp.example", "technician").await;
    for (query, so) in [
        ("search=printer", &(|t: &Known| t.text.contains("Printer")) as &dyn Fn(&Known) -> bool),
        ("search=abcdef", &|t: &Known| t.text.contains("ABCDEF")),
        ("search=windows", &|t: &Known| t.text.contains("Windows")),
        ("search=paper&view=nobody", &|t: &Known| t.text.contains("paper") && !t.assigned),
        ("", &|_| true),
        ("view=nobody", &|t: &Known| !t.assigned),
        ("from=2026-02-01&to=2026-10-01", &|t: &Known| {
            (NEW_YEAR + 31 * 24 * HOUR..NEW_YEAR + 274 * 24 * HOUR).contains(&t.created_at)
        }),
    ] {
        let expected = (1..=TICKETS).rev().map(known);
        let expected = expected.filter(|ticket| ["new", "open", "waiting"].contains(&ticket.status) && so(ticket));
        let expected: Vec<_> = expected.map(|ticket| ticket.number).collect();
        let mut found = Vec::new();
        let mut page = lee.get(&format!("/console/tickets?{query}")).await;
        loop {
            found.extend(numbers_on(&page));
            let Some(older) = page.attributes("main > p > a", "href").into_iter().find(|link| link.contains("before="))
            else {
                break;
            };
            page = lee.get(&older).await;
        }
        assert_eq!(found, expected, "{query}");
    }
    // A search that reads very many says so, and where it goes on.
    let page = lee.get("/console/tickets?status=any&search=abcdef&to=2026-11-01").await;
    assert!(page.text("main").contains("Not found yet"), "{}", page.text("main"));
    // What is sent after the blocks is found, too, and the newest comes first.
    let page = lee.get("/console/tickets?status=any&search=ticket").await;
    assert_eq!(numbers_on(&page)[..3], [TICKETS, TICKETS - 1, TICKETS - 2]);
}
