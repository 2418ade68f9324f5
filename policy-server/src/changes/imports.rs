//! Imports: what a file would change, and changing it, all of it or nothing.

use anyhow::Context as _;
use deskbell_protocol::{FieldError, ProblemKind};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::record;
use crate::{
    app::{App, SharedApp},
    domain::{
        asset::AssetEventKind,
        audit::{Actor, AuditAction},
        ids::AssignmentId,
        import::{KnownAsset, Outcome, Plan, PlannedLine, Row, Totals, Written, plan},
    },
    problems::Refused,
    secrets,
    store::{Assignment, AuditRecord, imports::ImportWrites},
};

/// How many faults an answer names.
const NAMED_FAULTS: usize = 100;

/// What an import would change.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Preview {
    /// Tells this plan from another.
    pub plan: String,
    /// How many of what.
    pub totals: Totals,
    /// One for each line.
    pub lines: Vec<PlannedLine>,
}

/// What came of an import.
#[derive(Debug)]
pub enum Imported {
    /// It was done.
    Done(Preview),
    /// Lines are wrong, so nothing was done.
    Refused(Preview),
    /// It would change something else than what was promised, so nothing was done.
    Differs(Preview),
}

/// What an import would change, without changing it.
pub async fn preview(app: &App, rows: &[Row]) -> Result<Preview, Refused> {
    let known = app.store.known().await?;
    Ok(Preview::of(&plan(rows, known, &mut || app.new_id())))
}

/// Imports all lines or none. With `promised`, the plan that somebody saw, only if it is the plan still. Whoever asked may go
/// away meanwhile: what was written reaches the agents all the same.
pub async fn import(
    app: SharedApp,
    actor: Actor,
    rows: Vec<Row>,
    promised: Option<String>,
) -> Result<Imported, Refused> {
    let import = tokio::spawn(async move { carry_out(&app, &actor, &rows, promised.as_deref()).await });
    import.await.context("an import ended early")?
}

async fn carry_out(app: &App, actor: &Actor, rows: &[Row], promised: Option<&str>) -> Result<Imported, Refused> {
    let decided = app.store.import(|known| {
        let plan = plan(rows, known, &mut || app.new_id());
        let preview = Preview::of(&plan);
        if promised.is_some_and(|promised| promised != preview.plan) {
            return (None, Imported::Differs(preview));
        }
        if plan.is_refused() {
            return (None, Imported::Refused(preview));
        }
        let writes = (!plan.changes_nothing()).then(|| writes(app, actor, plan));
        (writes, Imported::Done(preview))
    });
    let imported = decided.await?;
    app.catch_up().await;
    Ok(imported)
}

impl Imported {
    /// What was done, or why nothing was.
    pub fn done(self) -> Result<Preview, Refused> {
        match self {
            Self::Done(preview) => Ok(preview),
            Self::Refused(preview) => Err(Refused::invalid(preview.faults())),
            Self::Differs(_) => {
                let why = "The import would change something else than the plan that is named. Ask for the plan anew.";
                Err(Refused::new(ProblemKind::OutOfDate, why))
            }
        }
    }
}

impl Preview {
    fn of(plan: &Plan) -> Self {
        let lines = plan.lines.clone();
        let told = serde_json::to_vec(&lines).unwrap_or_default();
        Self { plan: secrets::sha256(&told), totals: plan.totals, lines }
    }

    /// The faults of the first lines that have some, each with a pointer such as `/lines/7/end_user_email`.
    fn faults(&self) -> Vec<FieldError> {
        let refused = self.lines.iter().filter(|line| line.outcome == Outcome::Refused);
        let faults = refused.flat_map(|line| line.faults.iter().map(|fault| (line.line, fault)));
        let faults = faults.take(NAMED_FAULTS).map(|(line, fault)| {
            let column = fault.column.map(|column| format!("/{}", column.name())).unwrap_or_default();
            FieldError { pointer: format!("/lines/{line}{column}"), detail: fault.detail.clone() }
        });
        faults.collect()
    }
}

fn writes(app: &App, actor: &Actor, plan: Plan) -> ImportWrites {
    let import = app.new_id();
    let reassigned: Vec<_> = plan.assets.iter().filter(|asset| asset.is_reassigned()).collect();
    let assignments: Vec<_> = reassigned.iter().filter_map(|asset| assignment(app, &asset.now)).collect();
    let events = assignments
        .iter()
        .map(|next| app.asset_event(next.asset_id, AssetEventKind::Assigned, next.end_user_id.to_string()));
    let events = events.collect();
    let records = records(app, actor, import, &plan, &assignments);
    ImportWrites { at: app.now(), assignments, events, records, plan }
}

fn assignment(app: &App, asset: &KnownAsset) -> Option<Assignment> {
    Some(Assignment {
        id: AssignmentId(app.new_id()),
        organization_id: asset.organization,
        asset_id: asset.id,
        end_user_id: asset.end_user?,
        started_at: app.now(),
        ended_at: None,
    })
}

/// One record for the import, and one for each thing, as if it had been changed by itself.
fn records(app: &App, actor: &Actor, import: Uuid, plan: &Plan, assignments: &[Assignment]) -> Vec<AuditRecord> {
    use AuditAction::{
        AssetAssigned, AssetChanged, EndUserChanged, EndUserMade, ImportDone, OrganizationChanged, OrganizationMade,
        OsLoginMade, SiteChanged, SiteMade,
    };
    let one = |action, subject: Uuid| record(app, actor, action, subject, &json!({"import_id": import}));
    let mut records = vec![record(app, actor, ImportDone, import, &json!(plan.totals))];
    let made = |before: bool, made, changed| if before { changed } else { made };
    records.extend(
        plan.organizations.iter().map(|Written { before, now }| {
            one(made(before.is_some(), OrganizationMade, OrganizationChanged), now.id.0)
        }),
    );
    records.extend(
        plan.sites.iter().map(|Written { before, now }| one(made(before.is_some(), SiteMade, SiteChanged), now.id.0)),
    );
    records.extend(
        plan.end_users
            .iter()
            .map(|Written { before, now }| one(made(before.is_some(), EndUserMade, EndUserChanged), now.id.0)),
    );
    records.extend(plan.logins.iter().map(|login| one(OsLoginMade, login.now.id.0)));
    records.extend(
        plan.assets.iter().filter(|asset| asset.is_changed_itself()).map(|asset| one(AssetChanged, asset.now.id.0)),
    );
    records.extend(assignments.iter().map(|next| {
        let detail = json!({"import_id": import, "end_user_id": next.end_user_id});
        record(app, actor, AssetAssigned, next.asset_id.0, &detail)
    }));
    records
}
