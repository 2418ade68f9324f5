//! `/api/v1/portal-users`: who may come into the portal.

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    answers::{Made, Tagged},
    caller::Caller,
    lists::{Asked, ListAnswer, MAX_LIMIT, page_request},
    paths::Path,
    preconditions::IfMatch,
};
use crate::{
    app::SharedApp,
    changes::{
        portal_invitations::{self, Invitations},
        portal_user_batch::{BatchStep, Chosen, Reviewed, apply, review},
        portal_user_steps,
        portal_users::{self, NewPortalUser, PortalUserChange},
    },
    domain::{
        ids::{EndUserId, OrganizationId, PortalUserId},
        language::Language,
        portal_user::{GroupKey, PortalUserState, sign_in_key},
    },
    json_body::JsonBody,
    problems::Refused,
    store::{PortalUser, lists::PortalUserFilter},
};

#[derive(Serialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, as programs see it")]
pub(super) struct PortalUserJson {
    id: PortalUserId,
    organization_id: OrganizationId,
    end_user_id: Option<EndUserId>,
    sign_in_name: String,
    state: PortalUserState,
    /// Where links are mailed to.
    email: Option<String>,
    /// What they may do: the key of a group.
    group: GroupKey,
    /// Whether they submit and view tickets for themselves.
    is_user: bool,
    /// Whether they do so for everybody of their organization.
    is_admin: bool,
    /// Whether, as a portal admin, they do so for the people at their own site alone.
    site_only: bool,
    /// In which language an organization itself is mailed; null: the MSP's. That of an end user is there.
    language: Option<Language>,
    /// Whether they have a password.
    has_password: bool,
    /// When they first could sign in.
    accepted_at: Option<UnixMillis>,
    created_at: UnixMillis,
}

impl From<PortalUser> for PortalUserJson {
    fn from(row: PortalUser) -> Self {
        Self {
            id: row.id,
            organization_id: row.organization_id,
            end_user_id: row.end_user_id,
            sign_in_name: row.sign_in_name,
            state: row.state,
            email: row.email,
            group: row.group_key,
            is_user: row.is_user,
            is_admin: row.is_admin,
            site_only: row.site_only,
            language: row.language,
            has_password: row.password_hash.is_some(),
            accepted_at: row.accepted_at,
            created_at: row.created_at,
        }
    }
}

/// Which portal users; what is left out narrows nothing.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PortalUserList {
    /// Only of this one.
    #[serde(alias = "customer_id")]
    organization_id: Option<OrganizationId>,
    /// Only of this one.
    #[serde(alias = "contact_id")]
    end_user_id: Option<EndUserId>,
    /// Only in this state.
    state: Option<PortalUserState>,
    /// Only with this one, whatever its case.
    sign_in_name: Option<String>,
    /// How many items; absent: 50.
    #[schemars(range(min = 1, max = MAX_LIMIT))]
    limit: Option<u64>,
    /// The `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<PortalUserList>,
) -> Result<Json<ListAnswer<PortalUserJson>>, Refused> {
    let page = page_request(list.limit, list.cursor)?;
    let filter = PortalUserFilter {
        organization: list.organization_id,
        end_user: list.end_user_id,
        state: list.state,
        sign_in_key: list.sign_in_name.as_deref().map(sign_in_key),
        only: Vec::new(),
    };
    Ok(ListAnswer::new(app.store.portal_users(&filter, page).await?, PortalUserJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewPortalUser>,
) -> Result<Made<Tagged<PortalUserJson>>, Refused> {
    let row = portal_users::make(&app, &actor, new).await?;
    Ok(Made(Tagged::of(row)))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(id): Path<PortalUserId>,
) -> Result<Tagged<PortalUserJson>, Refused> {
    let row = app.store.portal_user(id).await?;
    row.map(Tagged::of).ok_or_else(|| Refused::not_found("portal user"))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<PortalUserId>,
    IfMatch(expected): IfMatch,
    JsonBody(change): JsonBody<PortalUserChange>,
) -> Result<Tagged<PortalUserJson>, Refused> {
    Ok(Tagged::of(portal_users::change(&app, &actor, expected.of(id), change).await?))
}

pub(super) async fn invite(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<PortalUserId>,
) -> Result<Tagged<PortalUserJson>, Refused> {
    Ok(Tagged::of(portal_user_steps::invite(&app, &actor, id).await?))
}

pub(super) async fn invite_again(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<PortalUserId>,
) -> Result<Tagged<PortalUserJson>, Refused> {
    Ok(Tagged::of(portal_user_steps::invite_again(&app, &actor, id).await?))
}

/// Something that is done to many.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Batch {
    /// What.
    step: BatchStep,
    /// To whom: at most 1,000 together.
    chosen: Chosen,
    /// Whether it is only said what would be done.
    #[serde(default)]
    dry_run: bool,
}

/// What it came to.
#[derive(Serialize, JsonSchema)]
pub(super) struct BatchAnswer {
    /// To how many it was done, or would be.
    done_to: usize,
    /// Everybody who was chosen, once, in the order of their names.
    people: Vec<Reviewed>,
}

pub(super) async fn take_steps(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(Batch { step, chosen, dry_run }): JsonBody<Batch>,
) -> Result<Json<BatchAnswer>, Refused> {
    let people = if dry_run { review(&app, step, &chosen).await? } else { apply(&app, &actor, step, &chosen).await? };
    Ok(Json(BatchAnswer::of(people)))
}

impl BatchAnswer {
    fn of(people: Vec<Reviewed>) -> Self {
        Self { done_to: people.iter().filter(|person| person.skipped.is_none()).count(), people }
    }
}

pub(super) async fn invite_addresses(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<OrganizationId>,
    JsonBody(invitations): JsonBody<Invitations>,
) -> Result<Json<BatchAnswer>, Refused> {
    let people = portal_invitations::invite_addresses(&app, &actor, id, invitations).await?;
    Ok(Json(BatchAnswer::of(people)))
}

pub(super) async fn invite_end_user(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<EndUserId>,
) -> Result<Tagged<PortalUserJson>, Refused> {
    Ok(Tagged::of(portal_user_steps::invite_end_user(&app, &actor, id).await?))
}
