//! `/console/portal-users`: who may come into the portal, and many of them at once: chosen, looked at, confirmed (ZOH-06,
//! ZOH-25, ZOH-27, ZOH-38, NAB-21 to NAB-26).

use std::{collections::HashMap, str::FromStr};

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use strum::VariantArray as _;
use uuid::Uuid;

use super::{
    forms::{FormErrors, Outcome, Sent},
    guard::{Routes, SignedIn},
    layout::{self, Layout, Section},
    page_script::{self, with_scripts},
    paging::{ON_A_PAGE, Paging},
    portal_user,
    times::moment,
};
use crate::{
    app::{App, SharedApp},
    changes::{
        portal_invitations::{Invitations, invite_addresses},
        portal_user_batch::{BatchStep, Chosen, MAX_BATCH, Reviewed, apply, review},
    },
    domain::{
        ids::{OrganizationId, PortalUserId},
        portal_user::PortalUserState,
        role::Permission::{Look, Work},
    },
    portal::pages::{PageFailed, page},
    portal_user_export,
    problems::Refused,
    store::{PageRequest, PortalUser, lists::PortalUserFilter},
};

const LIST: &str = "/console/portal-users";

#[derive(Template)]
#[template(path = "console/portal_users.html")]
struct PortalUsersPage {
    layout: Layout,
    may_work: bool,
    asked: Asked,
    organization: Option<(OrganizationId, String)>,
    states: &'static [PortalUserState],
    steps: &'static [BatchStep],
    lines: Vec<Line>,
    paging: Paging,
    /// What a batch came to.
    came_to: Option<String>,
    /// Addresses that were typed and not invited.
    typed: String,
    errors: FormErrors,
    script: &'static str,
}

/// A portal user on a line.
struct Line {
    id: PortalUserId,
    sign_in_name: String,
    person: Option<String>,
    organization_id: OrganizationId,
    organization: String,
    email: String,
    state: &'static str,
    group: String,
    is_admin: bool,
    since: String,
}

#[derive(Template)]
#[template(path = "console/portal_users_review.html")]
struct ReviewPage {
    layout: Layout,
    choice: Choice,
    step: BatchStep,
    done_to: Vec<Reviewed>,
    skipped: Vec<Reviewed>,
    refused: Option<String>,
}

/// What was asked for.
#[derive(Debug, Clone, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    organization: Option<OrganizationId>,
    #[serde(default)]
    state: String,
    before: Option<Uuid>,
    /// A batch that was done, and to how many.
    step: Option<BatchStep>,
    #[serde(default)]
    done_to: usize,
    #[serde(default)]
    skipped: usize,
}

/// Who was chosen, and for what.
#[derive(Debug, Default)]
struct Choice {
    step: Option<BatchStep>,
    chosen: Chosen,
    organization: Option<OrganizationId>,
}

impl Choice {
    /// Of a form that says some things several times. Where it says `all`, whoever it showed is chosen.
    fn of(fields: &[(String, String)]) -> Self {
        let first = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let all = first("all").is_some();
        let (end_user, portal_user) =
            if all { ("shown_end_user", "shown_portal_user") } else { ("end_user", "portal_user") };
        Self {
            step: first("step").and_then(|step| step.parse().ok()),
            chosen: Chosen { end_user_ids: ids(fields, end_user), portal_user_ids: ids(fields, portal_user) },
            organization: first("organization").and_then(|id| id.parse().ok()),
        }
    }
}

/// Every id that a field says.
fn ids<T: FromStr>(fields: &[(String, String)], name: &str) -> Vec<T> {
    fields.iter().filter(|(known, _)| known == name).filter_map(|(_, value)| value.parse().ok()).collect()
}

impl PortalUsersPage {
    fn is_asked(&self, state: PortalUserState) -> bool {
        state.name() == self.asked.state
    }
}

/// The pages of portal users.
pub(super) fn pages(routes: Routes) -> Routes {
    routes
        .get(LIST, Look, list)
        .post("/console/portal-users/review", Work, look_over)
        .post("/console/portal-users/steps", Work, carry_out)
        .post("/console/organizations/{organization}/portal-users", Work, portal_user::add)
        .post("/console/organizations/{organization}/invitations", Work, invite)
        .get("/console/portal-users/{portal_user}", Look, portal_user::show)
        .post("/console/portal-users/{portal_user}", Work, portal_user::change)
        .post("/console/portal-users/{portal_user}/password", Work, portal_user::set_password)
}

/// The list.
async fn list(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageFailed> {
    listed(&app, &signed_in, asked, StatusCode::OK, String::new(), FormErrors::default()).await
}

/// Addresses, one a line.
#[derive(Debug, Deserialize)]
struct SentAddresses {
    addresses: String,
}

/// Invites by address, in the list of an organization (ZOH-06, ZOH-07).
async fn invite(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<OrganizationId>,
    Sent(SentAddresses { addresses }): Sent<SentAddresses>,
) -> Result<Response, PageFailed> {
    let apart = |c: char| c.is_whitespace() || c == ',' || c == ';';
    let emails = addresses.split(apart).filter(|text| !text.is_empty()).map(str::to_owned).collect();
    let invited = invite_addresses(&app, &signed_in.actor(), id, Invitations { emails }).await;
    match Outcome::of(invited)? {
        Outcome::Done(people) => Ok(to_list(Some(id), BatchStep::Invite, &people)),
        Outcome::Again(status, errors) => {
            let asked = Asked { organization: Some(id), ..Asked::default() };
            listed(&app, &signed_in, asked, status, addresses, errors.of_lines("addresses")).await
        }
    }
}

async fn listed(
    app: &App,
    signed_in: &SignedIn,
    asked: Asked,
    status: StatusCode,
    typed: String,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let filter = PortalUserFilter {
        organization: asked.organization,
        state: asked.state.parse().ok(),
        ..PortalUserFilter::default()
    };
    let found = app.store.newest_portal_users(&filter, PageRequest { after: asked.before, limit: ON_A_PAGE }).await?;
    let organization = match asked.organization {
        Some(id) => app.store.organization(id).await?.map(|row| (id, row.name)),
        None => None,
    };
    let key = asked.organization.map(|id| id.to_string()).unwrap_or_default();
    let query = [("organization", key.as_str()), ("state", asked.state.as_str())];
    let shown = PortalUsersPage {
        layout: Layout::load(app, signed_in, Section::Organizations),
        may_work: signed_in.may(Work),
        organization,
        states: PortalUserState::VARIANTS,
        steps: BatchStep::VARIANTS,
        paging: Paging::new(LIST, &query, asked.before.is_some(), found.next),
        lines: lines(app, found.items).await?,
        came_to: asked.step.map(|step| came_to(step, asked.done_to, asked.skipped)),
        asked,
        typed,
        errors,
        script: page_script::CHOOSE.address(),
    };
    Ok(with_scripts(page(status, &shown)?))
}

/// Shows what would be done to whom, and to whom not and why (NAB-24).
async fn look_over(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageFailed> {
    let choice = Choice::of(&fields);
    let Some(step) = choice.step else { return nothing_to_do(&app, &signed_in) };
    let reviewed = review(&app, step, &choice.chosen).await;
    reviewed_page(&app, &signed_in, step, choice, reviewed)
}

/// Does it (NAB-25), and says to how many (NAB-26).
async fn carry_out(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageFailed> {
    let choice = Choice::of(&fields);
    let Some(step) = choice.step else { return nothing_to_do(&app, &signed_in) };
    let people = match apply(&app, &signed_in.actor(), step, &choice.chosen).await {
        Ok(people) => people,
        refused => return reviewed_page(&app, &signed_in, step, choice, refused),
    };
    Ok(to_list(choice.organization, step, &people))
}

/// Back to the list, which says to how many it was done.
fn to_list(organization: Option<OrganizationId>, step: BatchStep, people: &[Reviewed]) -> Response {
    let skipped = people.iter().filter(|person| person.skipped.is_some()).count();
    let of = organization.map(|id| format!("organization={id}&")).unwrap_or_default();
    let done_to = people.len() - skipped;
    Redirect::to(&format!("{LIST}?{of}step={}&done_to={done_to}&skipped={skipped}", step.name())).into_response()
}

/// Those who were chosen as a file (ZOH-32); nobody: all of the list.
pub(super) async fn export(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageFailed> {
    let Choice { chosen, organization, .. } = Choice::of(&fields);
    if chosen.portal_user_ids.len() > MAX_BATCH {
        return nothing_to_do(&app, &signed_in);
    }
    let state = fields.iter().find(|(name, _)| name == "state").and_then(|(_, state)| state.parse().ok());
    let filter = PortalUserFilter { organization, state, only: chosen.portal_user_ids, ..PortalUserFilter::default() };
    Ok(portal_user_export::file(app, filter))
}

fn nothing_to_do(app: &App, signed_in: &SignedIn) -> Result<Response, PageFailed> {
    layout::nothing_done(app, signed_in, "Choose people and what to do, at most 1,000 at once.")
}

fn reviewed_page(
    app: &App,
    signed_in: &SignedIn,
    step: BatchStep,
    choice: Choice,
    reviewed: Result<Vec<Reviewed>, Refused>,
) -> Result<Response, PageFailed> {
    let (status, refused, people) = match reviewed {
        Ok(people) => (StatusCode::OK, None, people),
        Err(Refused::Failed(cause)) => return Err(cause.into()),
        Err(Refused::Problem(problem)) => (StatusCode::UNPROCESSABLE_ENTITY, Some(problem.detail), Vec::new()),
    };
    let (done_to, skipped) = people.into_iter().partition(|person| person.skipped.is_none());
    let layout = Layout::load(app, signed_in, Section::Organizations);
    page(status, &ReviewPage { layout, choice, step, done_to, skipped, refused })
}

/// Portal users as they stand on lines.
async fn lines(app: &App, rows: Vec<PortalUser>) -> Result<Vec<Line>, PageFailed> {
    let names = app.store.portal_user_names(&rows).await?;
    let groups = app.store.portal_groups().await?.into_iter();
    let names_of_groups: HashMap<_, _> = groups.map(|group| (group.key, group.name)).collect();
    let lines = rows.into_iter().map(|row| Line {
        id: row.id,
        person: names.end_user(&row),
        organization: names.organization(&row),
        organization_id: row.organization_id,
        email: row.email.unwrap_or_default(),
        state: row.state.title(),
        group: names_of_groups.get(&row.group_key).cloned().unwrap_or_default(),
        is_admin: row.is_admin,
        since: moment(row.created_at),
        sign_in_name: row.sign_in_name,
    });
    Ok(lines.collect())
}

/// What a batch came to, in a sentence.
fn came_to(step: BatchStep, done_to: usize, skipped: usize) -> String {
    let people = |count: usize| if count == 1 { "1 person".to_owned() } else { format!("{count} people") };
    let were = if done_to == 1 { "was" } else { "were" };
    let what = match step {
        BatchStep::Invite => "invited",
        BatchStep::InviteAgain => "invited again",
        BatchStep::Deactivate => "deactivated",
        BatchStep::Reactivate => "reactivated",
    };
    match skipped {
        0 => format!("{} {were} {what}.", people(done_to)),
        _ => format!("{} {were} {what}, {skipped} skipped.", people(done_to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::EndUserId;

    #[test]
    fn a_sentence_says_to_how_many_it_was_done() {
        assert_eq!(came_to(BatchStep::Invite, 1, 0), "1 person was invited.");
        assert_eq!(came_to(BatchStep::Deactivate, 12, 3), "12 people were deactivated, 3 skipped.");
    }

    #[test]
    fn all_that_was_shown_is_chosen_where_the_form_says_so() {
        let (shown, ticked) = (Uuid::from_u128(1).to_string(), Uuid::from_u128(2).to_string());
        let mut fields = vec![("shown_end_user".to_owned(), shown.clone()), ("end_user".to_owned(), ticked.clone())];
        assert_eq!(Choice::of(&fields).chosen.end_user_ids, [EndUserId(Uuid::from_u128(2))]);
        fields.push(("all".to_owned(), "yes".to_owned()));
        assert_eq!(Choice::of(&fields).chosen.end_user_ids, [EndUserId(Uuid::from_u128(1))]);
    }
}
