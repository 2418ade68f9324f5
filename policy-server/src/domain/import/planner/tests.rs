//! Plans of small files, and what is true of every plan.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::{
    folder::FolderPath,
    ids::{AssetId, EndUserId, FolderId, OsLoginId, SiteId},
    import::{KnownAsset, KnownEndUser, KnownLogin, KnownSite, Outcome, PlannedLine, Written},
};

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn organization(number: u128, name: &str) -> KnownOrganization {
    KnownOrganization { id: OrganizationId(id(number)), external_id: None, name: name.into(), email: None }
}

fn end_user(number: u128, organization: u128, name: &str, email: Option<&str>) -> KnownEndUser {
    KnownEndUser {
        id: EndUserId(id(number)),
        organization: OrganizationId(id(organization)),
        site: None,
        external_id: None,
        name: name.into(),
        email: email.map(Into::into),
        phone: None,
        language: None,
    }
}

fn asset(number: u128, organization: u128, name: &str, serial_key: &str) -> KnownAsset {
    KnownAsset {
        id: AssetId(id(number)),
        organization: OrganizationId(id(organization)),
        site: None,
        folder: None,
        external_id: None,
        name: name.into(),
        serial_key: serial_key.into(),
        end_user: None,
    }
}

/// Contoso with Jane (twice, with one address), Kim and two computers; Fabrikam with one.
fn known() -> Known {
    Known {
        organizations: vec![organization(1, "Contoso"), organization(2, "Fabrikam")],
        sites: vec![KnownSite {
            id: SiteId(id(20)),
            organization: OrganizationId(id(1)),
            name: "Head office".into(),
            address: String::new(),
        }],
        folders: [(30, "Floor 1/Lab"), (31, "Twice"), (32, "Twice")]
            .map(|(number, path)| FolderPath {
                id: FolderId(id(number)),
                organization: OrganizationId(id(1)),
                path: path.into(),
            })
            .into(),
        end_users: vec![
            end_user(10, 1, "Jane Doe", Some("info@contoso.example")),
            end_user(11, 1, "Joe Doe", Some("info@contoso.example")),
            end_user(12, 1, "Kim Lee", None),
        ],
        logins: vec![KnownLogin {
            id: OsLoginId(id(40)),
            organization: OrganizationId(id(1)),
            end_user: EndUserId(id(12)),
            name: "kim".into(),
            domain: "CONTOSO".into(),
            os_id: String::new(),
        }],
        assets: vec![asset(50, 1, "PC-1", "SER-1"), asset(51, 1, "PC-2", "SER-2"), asset(52, 2, "PC-1", "SER-3")],
    }
}

/// A file whose first line is `header`.
fn rows(header: &str, lines: &[&str]) -> Vec<Row> {
    let text = [header].iter().chain(lines).fold(String::new(), |text, line| text + line + "\n");
    crate::domain::import::read(text.as_bytes()).expect("a sheet").rows
}

fn planned(rows: &[Row], known: Known) -> Plan {
    let mut last = 1000;
    plan(rows, known, &mut || {
        last += 1;
        id(last)
    })
}

/// What the lines of a file come to, in words.
fn told(header: &str, lines: &[&str]) -> Vec<String> {
    planned(&rows(header, lines), known()).lines.iter().map(line_told).collect()
}

fn line_told(line: &PlannedLine) -> String {
    let column = |column: Option<Column>| column.map_or("", Column::name).to_owned();
    let faults = line.faults.iter().map(|fault| format!("{}: {}", column(fault.column), fault.detail));
    let changes = line.changes.iter().map(|change| {
        let fields = change.fields.iter().map(|field| {
            let before = field.before.as_ref().map(|before| format!("{before} -> ")).unwrap_or_default();
            format!("{}={before}{}", field.column.name(), field.after)
        });
        let fields: Vec<_> = fields.collect();
        format!("{:?} {} {} ({})", change.action, change.kind.title(), change.name, fields.join(", "))
    });
    let notes = line.notes.iter().map(|note| format!("note on {}: {}", column(note.column), note.detail));
    let parts: Vec<_> = changes.chain(faults).chain(notes).collect();
    format!("{} {:?} {}", line.line, line.outcome, parts.join("; ")).trim().to_owned()
}

#[test]
fn a_line_makes_what_it_names_and_assigns_the_computer() {
    let lines = told(
        "customer,location,contact,email,phone,serial number",
        &[
            "Litware,Berlin,Ann Roe,ann@litware.example,,",
            "contoso,HEAD  office,Kim Lee,kim@contoso.example,+1 555 0100,ser-1",
        ],
    );
    assert_eq!(
        lines,
        [
            "2 Made Make organization Litware (organization=Litware); \
             Make site Berlin (organization=Litware, site=Berlin); \
             Make end user Ann Roe (organization=Litware, site=Berlin, end_user=Ann Roe, \
             end_user_email=ann@litware.example)",
            "3 Changed Change end user Kim Lee (end_user_email=kim@contoso.example, end_user_phone=+1 555 0100); \
             Change asset PC-1 (site=Head office, end_user=Kim Lee)",
        ]
    );
}

#[test]
fn whoever_has_a_login_or_an_address_gets_the_computer_without_another_word() {
    let lines = told("serial_number,os_login,email", &["SER-2,contoso\\KIM,", "SER-9,,nobody@contoso.example"]);
    assert_eq!(
        lines,
        [
            "2 Changed Change asset PC-2 (end_user=Kim Lee)",
            "3 Unchanged note on serial_number: no computer with this serial number has enrolled; \
             import the line again when it has",
        ]
    );
}

#[test]
fn an_address_of_several_is_refused_unless_the_name_tells_them_apart() {
    let lines = told(
        "organization,end_user,end_user_email,serial_number",
        &["Contoso,,info@contoso.example,SER-1", "Contoso,joe doe,INFO@contoso.example,SER-2"],
    );
    assert_eq!(
        lines,
        [
            "2 Refused end_user_email: is the address of 2 end users: name one by deskbell_end_user_id, \
             end_user_external_id or end_user",
            "3 Changed Change end user Joe Doe (end_user=Joe Doe -> joe doe, \
             end_user_email=info@contoso.example -> INFO@contoso.example); Change asset PC-2 (end_user=joe doe)",
        ]
    );
}

#[test]
fn a_name_with_another_address_is_another_person() {
    let lines = told("organization,end_user,end_user_email", &["Contoso,Jane Doe,jane@contoso.example"]);
    assert_eq!(
        lines,
        [
            "2 Made Make end user Jane Doe (organization=Contoso, end_user=Jane Doe, end_user_email=jane@contoso.example); \
          note on end_user: is another person than the one of this name who is there, info@contoso.example"
        ]
    );
}

#[test]
fn two_lines_about_the_same_name_each_other() {
    let lines = told(
        "organization,end_user,end_user_phone,serial_number",
        &["Contoso,Kim Lee,,SER-1", "Contoso,Jane Doe,,SER-1", "Contoso,Ann,555-1,SER-2", "Contoso,Ann,555-2,"],
    );
    assert_eq!(
        lines,
        [
            "2 Refused : line 3 is about the same asset; leave one of them",
            "3 Refused : line 2 is about the same asset; leave one of them",
            "4 Changed Change asset PC-2 (end_user=Ann)",
            "5 Refused end_user_phone: contradicts line 4, which says of the same one: 555-1",
        ]
    );
}

#[test]
fn what_is_wrong_with_a_line_is_said_with_its_column_and_what_would_be_right() {
    for (header, line, expected) in [
        ("organization,email", "Contoso,jane", "end_user_email: must be an e-mail address, such as jane@example.com"),
        ("organization,email", "Contoso,new@x.example", "end_user: must not be empty: this end user of Contoso"),
        ("end_user,email", "Ann,ann@x.example", "organization: must say whose this is"),
        ("organization,serial", "Contoso,SER-3", "serial_number: is that of PC-1, which is an asset of Fabrikam"),
        ("organization,serial,folder", "Contoso,SER-1,Nowhere", "folder: names no folder of this organization"),
        ("organization,serial,folder", "Contoso,SER-1,Twice", "folder: is the path of 2 folders"),
        ("organization,folder", "Contoso,Lab", "serial_number: must not be empty where folder is not"),
        ("organization_id,organization", "7,", "organization: must not be empty: no organization has this external"),
        (
            "organization,contact,login",
            "Contoso,Jane Doe,CONTOSO\\kim",
            "os_login: is that of Kim Lee, but end_user names somebody else who is there",
        ),
        (
            "organization,deskbell_end_user_id",
            "Fabrikam,00000000-0000-0000-0000-00000000000c",
            "deskbell_end_user_id: is that of Kim Lee, who is not of Fabrikam",
        ),
        ("deskbell_asset_id", "x", "deskbell_asset_id: must be an id as an export of Deskbell has it"),
        ("organization,contact", "Contoso,a,b", ": has 3 cells where the first line has 2"),
    ] {
        let lines = told(header, &[line]);
        assert!(lines[0].starts_with("2 Refused") && lines[0].contains(expected), "{lines:?}");
    }
}

#[test]
fn an_external_id_goes_before_a_name_that_changed() {
    let mut known = known();
    known.organizations[0].external_id = Some("C7".into());
    known.end_users[0].external_id = Some("P1".into());
    known.assets[0].external_id = Some("A1".into());
    let rows = rows(
        "customer id,customer,contact id,contact,email,asset id,asset",
        &[
            "C7,Contoso Ltd,P1,Jane Roe,jane@contoso.example,A1,Desk 1",
            "C7,Contoso Ltd,P2,Jane Roe,jane@contoso.example,,",
        ],
    );
    let plan = planned(&rows, known);
    let lines: Vec<_> = plan.lines.iter().map(line_told).collect();
    assert!(lines[0].contains("organization=Contoso -> Contoso Ltd"), "{lines:?}");
    assert!(lines[0].contains("end_user=Jane Doe -> Jane Roe"), "{lines:?}");
    assert!(lines[0].contains("asset=PC-1 -> Desk 1"), "{lines:?}");
    assert!(lines[1].contains("Make end user Jane Roe"), "another id is another person: {lines:?}");
    assert!(lines[1].contains("note on end_user: is another person"), "{lines:?}");
}

/// What there is once a plan was carried out.
fn after(known: Known, plan: Plan) -> Known {
    fn written<T>(known: Vec<T>, changes: Vec<Written<T>>, id: impl Fn(&T) -> Uuid) -> Vec<T> {
        let mut all: BTreeMap<_, _> = known.into_iter().map(|thing| (id(&thing), thing)).collect();
        all.extend(changes.into_iter().map(|change| (id(&change.now), change.now)));
        all.into_values().collect()
    }
    Known {
        organizations: written(known.organizations, plan.organizations, |row| row.id.0),
        sites: written(known.sites, plan.sites, |row| row.id.0),
        folders: known.folders,
        end_users: written(known.end_users, plan.end_users, |row| row.id.0),
        logins: written(known.logins, plan.logins, |row| row.id.0),
        assets: written(known.assets, plan.assets, |row| row.id.0),
    }
}

/// Lines over few words, so that they meet each other and what there is.
fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    let cell = |words: &'static [&'static str]| prop::option::weighted(0.35, prop::sample::select(words));
    let cells = (
        (
            cell(&["E1", "E2"]),
            prop::option::weighted(0.8, prop::sample::select(&["Contoso", "CONTOSO", "Fabrikam", "Litware"][..])),
            cell(&["a@x.example", "b@x.example"]),
            cell(&["Head office", "Berlin"]),
            cell(&["1 Main Street", "2 Main Street"]),
        ),
        (
            cell(&["P1", "P2"]),
            cell(&["Jane Doe", "jane doe", "Kim Lee", "Ann Roe"]),
            cell(&["info@contoso.example", "kim@contoso.example", "KIM@contoso.example"]),
            cell(&["555-1", "555-2"]),
            cell(&["de", "fr", "DE-at"]),
            cell(&["CONTOSO\\kim", "jane", "ann"]),
        ),
        (
            cell(&["A1", "A2"]),
            cell(&["PC-1", "PC-2", "PC-9"]),
            cell(&["SER-1", "SER-2", "SER-3", "SER-9"]),
            cell(&["floor 1 / lab"]),
        ),
    );
    let row = cells.prop_map(|((e1, e2, e3, e4, e5), (p1, p2, p3, p4, p5, p6), (a1, a2, a3, a4))| {
        let columns = [
            (Column::OrganizationExternalId, e1),
            (Column::Organization, e2),
            (Column::OrganizationEmail, e3),
            (Column::Site, e4),
            (Column::SiteAddress, e5),
            (Column::EndUserExternalId, p1),
            (Column::EndUser, p2),
            (Column::EndUserEmail, p3),
            (Column::EndUserPhone, p4),
            (Column::EndUserLanguage, p6),
            (Column::OsLogin, p5),
            (Column::AssetExternalId, a1),
            (Column::Asset, a2),
            (Column::SerialNumber, a3),
            (Column::Folder, a4),
        ];
        let cells = columns.into_iter().filter_map(|(column, cell)| Some((column, cell?.to_owned())));
        Row { line: 0, cells: cells.collect(), unreadable: None }
    });
    prop::collection::vec(row, 0..6).prop_map(|rows| {
        let numbered = rows.into_iter().zip(2..);
        numbered.map(|(row, line)| Row { line, ..row }).collect()
    })
}

/// Lines that are in order, since most random ones contradict each other.
fn sound_rows() -> impl Strategy<Value = Vec<Row>> {
    any_rows().prop_map(|rows| {
        let mut sound: Vec<Row> = Vec::new();
        for row in rows {
            sound.push(row);
            if planned(&sound, known()).is_refused() {
                sound.pop();
            }
        }
        sound
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_plan_names_each_line_once_and_gives_a_reason_where_it_refuses(rows in any_rows()) {
        let plan = planned(&rows, known());
        let lines: Vec<_> = plan.lines.iter().map(|line| line.line).collect();
        prop_assert_eq!(lines, rows.iter().map(|row| row.line).collect::<Vec<_>>());
        for line in &plan.lines {
            prop_assert_eq!(line.outcome == Outcome::Refused, !line.faults.is_empty());
        }
        let written = plan.organizations.len() + plan.sites.len() + plan.end_users.len() + plan.logins.len()
            + plan.assets.len();
        let told = plan.lines.iter().map(|line| line.changes.len()).sum::<usize>();
        prop_assert!(told == written || plan.is_refused() && told <= written);
    }

    #[test]
    fn a_file_that_was_imported_says_nothing_new(rows in sound_rows()) {
        let first = planned(&rows, known());
        let again = planned(&rows, after(known(), first));
        let lines: Vec<_> = again.lines.iter().map(line_told).collect();
        prop_assert!(again.changes_nothing() && !again.is_refused(), "{:?}", lines);
    }

    /// Invariants 1 to 3: nothing comes to stand in two organizations, and what must be unique is.
    #[test]
    fn what_comes_of_a_plan_stays_within_organizations_and_unique(rows in sound_rows()) {
        let known = after(known(), planned(&rows, known()));
        let home: BTreeMap<_, _> = known.end_users.iter().map(|row| (row.id, row.organization)).collect();
        let sites: BTreeMap<_, _> = known.sites.iter().map(|row| (row.id, row.organization)).collect();
        for asset in &known.assets {
            prop_assert!(asset.end_user.is_none_or(|end_user| home[&end_user] == asset.organization));
            prop_assert!(asset.site.is_none_or(|site| sites[&site] == asset.organization));
        }
        for person in &known.end_users {
            prop_assert!(person.site.is_none_or(|site| sites[&site] == person.organization));
        }
        let ids = known.end_users.iter().filter_map(|row| row.external_id.as_ref());
        let mut ids: Vec<_> = ids.collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), all);
        let mut names: Vec<_> = known.organizations.iter().map(|row| &row.name).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        prop_assert_eq!(names.len(), all);
    }
}
