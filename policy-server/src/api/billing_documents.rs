//! `/api/v1/billing-documents`: invoices and the like, which the portal lists.

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answers::Made,
    caller::Caller,
    lists::{Asked, ListAnswer, OrganizationList},
    paths::Path,
};
use crate::{
    app::SharedApp,
    changes::billing_documents::{self, NewBillingDocument},
    domain::{
        billing::BillingKind,
        ids::{BillingDocumentId, OrganizationId},
    },
    json_body::JsonBody,
    problems::Refused,
    store::BillingDocument,
};

#[derive(Serialize, JsonSchema)]
pub(super) struct BillingDocumentJson {
    id: BillingDocumentId,
    organization_id: OrganizationId,
    kind: BillingKind,
    number: String,
    amount: String,
    issued_on: String,
    url: Option<String>,
    external_id: Option<String>,
    created_at: UnixMillis,
}

impl From<BillingDocument> for BillingDocumentJson {
    fn from(row: BillingDocument) -> Self {
        Self {
            id: row.id,
            organization_id: row.organization_id,
            kind: row.kind,
            number: row.number,
            amount: row.amount,
            issued_on: row.issued_on,
            url: row.url,
            external_id: row.external_id,
            created_at: row.created_at,
        }
    }
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<OrganizationList>,
) -> Result<Json<ListAnswer<BillingDocumentJson>>, Refused> {
    let found = app.store.billing_documents(list.organization_id, list.page()?).await?;
    Ok(ListAnswer::new(found, BillingDocumentJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewBillingDocument>,
) -> Result<Made<Json<BillingDocumentJson>>, Refused> {
    Ok(Made(Json(billing_documents::make(&app, &actor, new).await?.into())))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(id): Path<BillingDocumentId>,
) -> Result<Json<BillingDocumentJson>, Refused> {
    let row = app.store.billing_document(id).await?;
    row.map(|row| Json(row.into())).ok_or_else(|| Refused::not_found("billing document"))
}

pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<BillingDocumentId>,
) -> Result<Json<BillingDocumentJson>, Refused> {
    Ok(Json(billing_documents::remove(&app, &actor, id).await?.into()))
}
