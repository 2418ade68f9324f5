//! `/api/v1/organizations/{id}/mail-domains`: the domains of an organization's addresses.

use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::request::Parts,
};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    caller::Caller,
    description::{Asks, Operation},
    lists::{Asked, ListAnswer, PlainList},
    paths::Path,
};
use crate::{
    app::SharedApp,
    changes::{mail_domains, organizations::organization},
    domain::ids::OrganizationId,
    problems::Refused,
    store::{MailDomain, Page},
};

#[derive(Serialize, JsonSchema)]
pub(super) struct MailDomainJson {
    domain: String,
    added_at: UnixMillis,
}

impl From<MailDomain> for MailDomainJson {
    fn from(row: MailDomain) -> Self {
        Self { domain: row.domain, added_at: row.added_at }
    }
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Path(id): Path<OrganizationId>,
    Asked(list): Asked<PlainList>,
) -> Result<Json<ListAnswer<MailDomainJson>>, Refused> {
    list.page()?;
    organization(&app, id).await?;
    // There are few enough for one page.
    let page = Page { items: app.store.mail_domains(id).await?, next: None };
    Ok(ListAnswer::new(page, MailDomainJson::from))
}

/// A domain that is claimed: it may be none.
pub(super) struct Claimed(OrganizationId, String);

impl<S: Send + Sync> FromRequestParts<S> for Claimed {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let Path((id, domain)) = Path::from_request_parts(parts, state).await?;
        Ok(Self(id, domain))
    }
}

impl Asks for Claimed {
    fn describe(operation: &mut Operation<'_>) {
        Path::<(OrganizationId, String)>::describe(operation);
        operation.problem(422);
    }
}

pub(super) async fn add(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Claimed(id, domain): Claimed,
) -> Result<Json<MailDomainJson>, Refused> {
    Ok(Json(mail_domains::add(&app, &actor, id, &domain).await?.into()))
}

pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path((id, domain)): Path<(OrganizationId, String)>,
) -> Result<Json<MailDomainJson>, Refused> {
    Ok(Json(mail_domains::remove(&app, &actor, id, &domain).await?.into()))
}
