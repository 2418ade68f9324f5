//! What a large MSP has after five years. The same each time, from one seed.

use deskbell_protocol::{Facts, OsUser, SessionReport, TrayState};
use uuid::Uuid;

use crate::{
    database::Database,
    sink::{Sink, Value},
};
use Value::{Id, Null, Number, Text};

pub(crate) const ORGANIZATIONS: u64 = 2_000;
pub(crate) const ASSETS: u64 = 100_000;
/// How many assets the largest organization has.
const LARGEST: u64 = 5_000;
const STAFF: u64 = 20;
/// 2021-11-01 and 2026-11-01, UTC.
pub(crate) const BEGIN: i64 = 1_635_724_800_000;
pub(crate) const END: i64 = 1_793_491_200_000;
const FIRST_NUMBER: i64 = 1_001;

/// What people write about, the commonest first.
const WORDS: [&str; 40] = [
    "the", "is", "printer", "not", "my", "to", "does", "and", "work", "since", "outlook", "password", "screen", "it",
    "cannot", "open", "vpn", "network", "slow", "please", "error", "drucker", "laptop", "teams", "file", "update",
    "excel", "login", "monitor", "keyboard", "größe", "zugriff", "paper", "jam", "server", "phone", "webcam",
    "license", "scanner", "toner",
];

/// The table of a row, for its id.
#[derive(Clone, Copy)]
enum Of {
    Organization = 1,
    Folder,
    EndUser,
    PortalUser,
    Asset,
    Assignment,
    Event,
    Session,
    Ticket,
    Comment,
    Attachment,
    Staff,
    Audit,
    Mail,
    Endpoint,
    Delivery,
    Form,
}

/// `SplitMix64` (Steele, Lea, Flood 2014): the numbers that follow from a seed.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

fn pick(texts: &[&'static str], n: u64) -> &'static str {
    texts[usize::try_from(n).unwrap_or_default() % texts.len()]
}

fn id(of: Of, n: u64, at: i64) -> Uuid {
    let at = u128::from(at.unsigned_abs());
    Uuid::from_u128(at << 80 | 7 << 76 | (of as u128) << 64 | 2 << 62 | u128::from(n))
}

fn plain(of: Of, n: u64) -> Uuid {
    id(of, n, BEGIN + i64::try_from(n).unwrap_or_default())
}

pub(crate) fn organization(n: u64) -> Uuid {
    plain(Of::Organization, n)
}

pub(crate) fn asset(n: u64) -> Uuid {
    plain(Of::Asset, n)
}

pub(crate) fn end_user(n: u64) -> Uuid {
    plain(Of::EndUser, n)
}

pub(crate) fn folder(n: u64) -> Uuid {
    plain(Of::Folder, n)
}

pub(crate) fn endpoint() -> Uuid {
    plain(Of::Endpoint, 0)
}

pub(crate) fn ticket(n: u64, tickets: u64) -> Uuid {
    id(Of::Ticket, n, made_at(n, tickets))
}

fn made_at(n: u64, tickets: u64) -> i64 {
    BEGIN + (END - BEGIN) / i64::try_from(tickets).unwrap_or(1) * i64::try_from(n).unwrap_or_default()
}

/// Whose an asset is.
fn owner(asset: u64) -> u64 {
    if asset < LARGEST { 0 } else { asset % ORGANIZATIONS }
}

/// A word that is seldom used.
fn rare_word(n: u64) -> String {
    let syllables =
        ["ka", "lo", "mi", "ber", "tan", "vex", "rou", "dis", "pel", "nor", "qui", "zen", "hol", "gra", "ste"];
    [n, n / 15, n / 225, n / 3375].map(|n| pick(&syllables, n % 15)).concat()
}

fn sentence(dice: &mut Dice, words: u64) -> String {
    let mut text = String::new();
    for n in 0..words {
        if n > 0 {
            text.push(if n % 12 == 11 { '\n' } else { ' ' });
        }
        // A third are rare; of the common ones the first come most.
        if dice.below(3) == 0 {
            text.push_str(&rare_word(dice.below(50_000)));
        } else {
            let (a, b) = (dice.below(40), dice.below(40));
            text.push_str(pick(&WORDS, a * b / 40));
        }
    }
    text
}

fn person(n: u64) -> String {
    let first = ["Jane", "Omar", "Lee", "Åsa", "Kim", "José", "Ann", "Ravi", "Mia", "Tom"];
    format!("{} {}{n}", pick(&first, n % 10), rare_word(n * 7 % 50_000))
}

fn facts(n: u64) -> Facts {
    Facts {
        computer: format!("pc-{n:06}"),
        serial: format!("5CG{n:07}"),
        manufacturer: "LENOVO".into(),
        model: "ThinkPad T14 Gen 4".into(),
        os: "Debian GNU/Linux 12".into(),
        architecture: "x86_64".into(),
        processor: "13th Gen Intel(R) Core(TM) i5-1345U".into(),
        memory_bytes: 16 << 30,
        addresses: vec![format!("10.{}.{}.{}", n >> 16 & 255, n >> 8 & 255, n & 255)],
        agent_version: "0.1.0".into(),
    }
}

fn os_user(n: u64) -> OsUser {
    OsUser { name: format!("user{n}"), domain: String::new(), id: "1000".into() }
}

/// The portal user of an end user, or none.
fn portal_state(n: u64) -> Option<&'static str> {
    match n % 50 {
        0..=3 => None,
        4 => Some("deactivated"),
        _ => Some("enabled"),
    }
}

fn is_assigned(asset: u64) -> bool {
    !asset.is_multiple_of(13)
}

pub(crate) fn fill(database: &Database, tickets: u64) -> anyhow::Result<()> {
    let mut sink = Sink::open(database)?;
    people(&mut sink)?;
    assets(&mut sink)?;
    self::tickets(&mut sink, tickets)?;
    messages(&mut sink)?;
    sink.close()
}

fn people(sink: &mut Sink) -> anyhow::Result<()> {
    sink.table("organization", "id, name, email, created_at, search_key")?;
    for n in 0..ORGANIZATIONS {
        let name = format!("{} {n:04} Ltd", rare_word(n * 31 % 50_000));
        sink.row(&[Id(organization(n)), Text(&name), Null, Number(BEGIN), Text(&name.to_lowercase())])?;
    }
    sink.table("folder", "id, organization_id, parent_id, name")?;
    for n in 0..ORGANIZATIONS * 3 {
        let owner = organization(n / 3);
        let parent = if n % 3 == 2 { Id(folder(n - 1)) } else { Null };
        sink.row(&[Id(folder(n)), Id(owner), parent, Text(pick(&["Offices", "Laptops", "Sales"], n % 3))])?;
    }
    sink.table("end_user", "id, organization_id, name, email, phone, created_at, search_key")?;
    for n in 0..ASSETS {
        let (name, email) = (person(n), format!("user{n}@customer.example"));
        let key = format!("{name} {email}").to_lowercase();
        let owner = organization(owner(n));
        sink.row(&[Id(end_user(n)), Id(owner), Text(&name), Text(&email), Null, Number(BEGIN), Text(&key)])?;
    }
    let columns = "id, organization_id, end_user_id, sign_in_name, sign_in_key, state, group_key, created_at";
    sink.table("portal_user", columns)?;
    for n in 0..ASSETS {
        let Some(state) = portal_state(n) else { continue };
        let (owner, name) = (organization(owner(n)), format!("user{n}@customer.example"));
        let user = plain(Of::PortalUser, n);
        let (person, group) = (Id(end_user(n)), Text("limited"));
        sink.row(&[Id(user), Id(owner), person, Text(&name), Text(&name), Text(state), group, Number(BEGIN)])?;
    }
    sink.table("staff", "id, name, email, email_key, role, totp_last_step, created_at")?;
    for n in 0..STAFF {
        let (name, email) = (person(n), format!("staff{n}@msp.example"));
        let role = Text("technician");
        sink.row(&[Id(plain(Of::Staff, n)), Text(&name), Text(&email), Text(&email), role, Number(0), Number(BEGIN)])?;
    }
    Ok(())
}

fn assets(sink: &mut Sink) -> anyhow::Result<()> {
    sink.table(
        "asset",
        "id, organization_id, folder_id, name, state, fingerprint, facts, sessions, agent_token_hash, enrolled_at, \
         reported_at, serial_key, search_key, requester_state",
    )?;
    for n in 0..ASSETS {
        let facts = facts(n);
        let tray = if n % 9 == 0 { TrayState::Hidden } else { TrayState::Visible };
        let sessions = [SessionReport { os_user: os_user(n), tray, shortcut: None }];
        let (facts_json, sessions) = (serde_json::to_string(&facts)?, serde_json::to_string(&sessions)?);
        let state = match n % 100 {
            0 => "waiting_for_approval",
            1 | 2 => "retired",
            _ => "enrolled",
        };
        let name = format!("PC-{n:06}");
        let key = format!("{name} {} {}", facts.computer, facts.serial).to_lowercase();
        let requester = match portal_state(n) {
            _ if !is_assigned(n) => "unassigned",
            None => "no_portal_user",
            Some(state) => state,
        };
        let (owner, hash) = (owner(n), format!("{n:064x}"));
        sink.row(&[
            Id(asset(n)),
            Id(organization(owner)),
            if n % 4 == 0 { Null } else { Id(folder(owner * 3 + n % 3)) },
            Text(&name),
            Text(state),
            Text(&hash),
            Text(&facts_json),
            Text(&sessions),
            Text(&hash),
            Number(BEGIN),
            Number(END),
            Text(&facts.serial.to_lowercase()),
            Text(&key),
            Text(requester),
        ])?;
    }
    sink.table("assignment", "id, organization_id, asset_id, end_user_id, started_at, ended_at")?;
    for n in 0..ASSETS {
        let owner = organization(owner(n));
        if n % 3 == 0 {
            let (past, end) = (id(Of::Assignment, n, BEGIN - 1), Number(BEGIN + 1));
            sink.row(&[Id(past), Id(owner), Id(asset(n)), Id(end_user(n)), Number(BEGIN - 1), end])?;
        }
        if is_assigned(n) {
            let open = id(Of::Assignment, n, BEGIN + 2);
            sink.row(&[Id(open), Id(owner), Id(asset(n)), Id(end_user(n)), Number(BEGIN + 2), Null])?;
        }
    }
    sink.table("asset_event", "id, asset_id, kind, detail, at")?;
    for n in 0..ASSETS * 4 {
        let kind = pick(&["enrolled", "launch_refused", "ticket_created", "shared_identity"], n % 4);
        sink.row(&[Id(plain(Of::Event, n)), Id(asset(n / 4)), Text(kind), Text(""), Number(BEGIN)])?;
    }
    sink.table("asset_session", "id, token_hash, asset_id, entry_id, os_user, created_at, used_at")?;
    for n in 0..ASSETS {
        let (hash, user) = (format!("{n:064x}"), serde_json::to_string(&os_user(n))?);
        let session = plain(Of::Session, n);
        sink.row(&[Id(session), Text(&hash), Id(asset(n)), Text("portal"), Text(&user), Number(END), Number(END)])?;
    }
    Ok(())
}

fn tickets(sink: &mut Sink, tickets: u64) -> anyhow::Result<()> {
    sink.table(
        "ticket",
        "id, number, organization_id, asset_id, requester_id, form_id, source, subject, description, urgency, status, facts, \
         os_user, created_at, assignee_id, updated_at, search_key",
    )?;
    let mut dice = Dice(1);
    for n in 0..tickets {
        let of = dice.below(ASSETS);
        let words = 8 + dice.below(60);
        let text = sentence(&mut dice, words);
        let subject = text.lines().next().unwrap_or_default();
        let at = made_at(n, tickets);
        // What is new is among the latest; some wait for long.
        let status = match tickets - n {
            0..=3_000 => "new",
            3_001..=6_000 => "open",
            _ => pick(&["closed", "resolved", "closed", "closed"], dice.below(4)),
        };
        let status = if dice.below(200) == 0 { "waiting" } else { status };
        let assignee = match dice.below(STAFF + 5) {
            person if person < STAFF && status != "new" => Id(plain(Of::Staff, person)),
            _ => Null,
        };
        sink.row(&[
            Id(ticket(n, tickets)),
            Number(FIRST_NUMBER + i64::try_from(n)?),
            Id(organization(owner(of))),
            Id(asset(of)),
            Id(end_user(of)),
            Id(plain(Of::Form, n)),
            Text("tray"),
            Text(subject),
            Text(&text),
            Text("normal"),
            Text(status),
            Text(&serde_json::to_string(&facts(of))?),
            Text(&serde_json::to_string(&os_user(of))?),
            Number(at),
            assignee,
            Number(at),
            Text(&format!("{subject}\n{text}").to_lowercase()),
        ])?;
    }
    sink.table("comment", "id, ticket_id, kind, author_kind, author_id, text, created_at")?;
    for n in 0..tickets {
        let (at, words) = (made_at(n, tickets) + 1, 5 + dice.below(20));
        let kind = if dice.below(4) == 0 { "note" } else { "reply" };
        let (author, text) = (plain(Of::Staff, dice.below(STAFF)), sentence(&mut dice, words));
        let comment = id(Of::Comment, n, at);
        let of = ticket(n, tickets);
        sink.row(&[Id(comment), Id(of), Text(kind), Text("staff"), Id(author), Text(&text), Number(at)])?;
    }
    sink.table("attachment", "id, ticket_id, position, name, size, media_type, sha256")?;
    for n in (0..tickets).step_by(20) {
        let (file, of, hash) = (plain(Of::Attachment, n), ticket(n, tickets), format!("{n:064x}"));
        let kind = Text("image/png");
        sink.row(&[Id(file), Id(of), Number(0), Text("screen.png"), Number(48_000), kind, Text(&hash)])?;
    }
    let last = FIRST_NUMBER - 1 + i64::try_from(tickets)?;
    sink.statement(&format!("UPDATE number_sequence SET last = {last} WHERE name = 'ticket';"))
}

fn messages(sink: &mut Sink) -> anyhow::Result<()> {
    sink.table("audit_record", "id, at, actor_kind, actor_id, action, subject_id, detail")?;
    for n in 0..500_000 {
        let at = made_at(n, 500_000);
        let (record, person, of) = (id(Of::Audit, n, at), plain(Of::Staff, n % STAFF), asset(n * 7 % ASSETS));
        let (staff, action) = (Text("staff"), Text("asset_changed"));
        sink.row(&[Id(record), Number(at), staff, Id(person), action, Id(of), Text("{\"name\":true}")])?;
    }
    sink.table(
        "mail",
        "id, recipient, subject, body, state, attempts, queued_at, due_at, answer, created_at, ended_at",
    )?;
    for n in 0..200_000 {
        let at = made_at(n, 200_000);
        let (mail, body) = (id(Of::Mail, n, at), "A ticket was sent. ".repeat(20));
        let (to, subject, state) = (Text("queue@msp.example"), Text("[1001] Printer"), Text("delivered"));
        let (at, answer) = (|| Number(at), Text("250 queued"));
        sink.row(&[Id(mail), to, subject, Text(&body), state, Number(1), at(), at(), answer, at(), at()])?;
    }
    sink.table("webhook_endpoint", "id, url, events, disabled_at, created_at")?;
    let (url, events) = (Text("https://hooks.example/deskbell"), Text("[\"ticket.created\"]"));
    sink.row(&[Id(endpoint()), url, events, Number(END), Number(BEGIN)])?;
    sink.table(
        "webhook_delivery",
        "id, endpoint_id, event, body, state, attempts, queued_at, due_at, answer, created_at, ended_at",
    )?;
    for n in 0..300_000 {
        let at = made_at(n, 300_000);
        let (delivery, event, state) = (id(Of::Delivery, n, at), Text("ticket.created"), Text("delivered"));
        let (at, answer) = (|| Number(at), Text("204"));
        let body = Text("{\"type\":\"ticket.created\"}");
        sink.row(&[Id(delivery), Id(endpoint()), event, body, state, Number(1), at(), at(), answer, at(), at()])?;
    }
    Ok(())
}
