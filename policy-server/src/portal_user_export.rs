//! Portal users as a file, written while it is sent (ZOH-32, ZOH-34). No secret is in it, and no hash of one.

use axum::response::Response;
use futures_util::stream;
use uuid::Uuid;

use crate::{
    app::{App, SharedApp},
    domain::import::guarded,
    export::download,
    store::{PageRequest, PortalUser, StoreError, lists::PortalUserFilter, portal_users::PortalUserNames},
};

/// How many are written at once.
const AT_ONCE: u64 = 500;
const COLUMNS: [&str; 9] = [
    "Sign-in name",
    "End user",
    "Organization",
    "E-mail address",
    "State",
    "Group",
    "Portal user",
    "Portal admin",
    "Id",
];

/// What is written next.
enum Next {
    Header,
    After(Option<Uuid>),
    Nothing,
}

/// The file, as a download. It begins with a byte order mark, without which Excel does not see that it is UTF-8.
pub fn file(app: SharedApp, filter: PortalUserFilter) -> Response {
    let parts = stream::try_unfold(Next::Header, move |next| {
        let (app, filter) = (SharedApp::clone(&app), filter.clone());
        async move { part(&app, &filter, next).await }
    });
    download("portal-users.csv", parts)
}

async fn part(app: &App, filter: &PortalUserFilter, next: Next) -> Result<Option<(Vec<u8>, Next)>, StoreError> {
    let after = match next {
        Next::Header => {
            let columns = written([COLUMNS.map(str::to_owned)]);
            return Ok(Some(("\u{feff}".bytes().chain(columns).collect(), Next::After(None))));
        }
        Next::After(after) => after,
        Next::Nothing => return Ok(None),
    };
    let found = app.store.portal_users(filter, PageRequest { after, limit: AT_ONCE }).await?;
    let names = app.store.portal_user_names(&found.items).await?;
    let lines = found.items.into_iter().map(|row| line(row, &names));
    let next = found.next.map_or(Next::Nothing, |after| Next::After(Some(after)));
    Ok(Some((written(lines), next)))
}

fn line(row: PortalUser, names: &PortalUserNames) -> [String; 9] {
    let yes = |holds: bool| if holds { "yes" } else { "no" }.to_owned();
    let (end_user, organization) = (names.end_user(&row).unwrap_or_default(), names.organization(&row));
    [
        row.sign_in_name,
        end_user,
        organization,
        row.email.unwrap_or_default(),
        row.state.name().to_owned(),
        row.group_key.0.clone(),
        yes(row.is_user),
        yes(row.is_admin),
        row.id.to_string(),
    ]
}

/// Lines as RFC 4180 has them, no cell of which a spreadsheet takes for a formula.
fn written(lines: impl IntoIterator<Item = [String; 9]>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for line in lines {
        writer
            .write_record(line.iter().map(|cell| guarded(cell).into_owned()))
            .expect("memory takes whatever is written");
    }
    writer.into_inner().expect("memory takes whatever is written")
}
