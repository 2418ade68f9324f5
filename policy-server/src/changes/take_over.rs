//! What staff say to the proposal that a new asset is a computer they know (AGT-12).

use deskbell_protocol::ProblemKind;
use serde_json::json;

use super::{assets::asset, record};
use crate::{
    app::App,
    domain::{
        asset::AssetEventKind,
        audit::{Actor, AuditAction},
        ids::AssetId,
        take_over::Obstacle,
    },
    problems::Refused,
    store::{Asset, Outbox},
};

/// Puts the asset in the place of its predecessor.
pub async fn confirm(app: &App, actor: &Actor, id: AssetId) -> Result<Asset, Refused> {
    let predecessor = asset(app, id).await?.predecessor_id;
    let record = record(app, actor, AuditAction::AssetTookOver, id.0, &json!({"predecessor_id": predecessor}));
    let predecessor = app.store.take_over(id, record, || app.new_id()).await?.map_err(refusal)?;
    app.fleet.reload_asset(&app.store, predecessor).await?;
    app.fleet.reload_asset(&app.store, id).await?;
    asset(app, id).await
}

/// Leaves both assets as they are and proposes it no more; with no proposal, nothing changes.
pub async fn decline(app: &App, actor: &Actor, id: AssetId) -> Result<Asset, Refused> {
    let row = asset(app, id).await?;
    let Some(predecessor) = row.predecessor_id else { return Ok(row) };
    let event = app.asset_event(id, AssetEventKind::TakeOverDeclined, predecessor.to_string());
    let record = record(app, actor, AuditAction::AssetTakeOverDeclined, id.0, &json!({"predecessor_id": predecessor}));
    let saved = app.store.change_asset(id, |row| {
        row.predecessor_id = None;
        Ok::<_, Refused>((Some(event), Outbox::default(), record))
    });
    saved.await?.ok_or_else(|| Refused::not_found("asset"))
}

fn refusal(obstacle: Obstacle) -> Refused {
    let why = match obstacle {
        Obstacle::NotProposed => "Nothing says that this asset is a computer that was known before.",
        Obstacle::Retired => "This asset is retired; enroll the computer again.",
        Obstacle::PredecessorRetired => "The asset from which this one would take over was retired in the meantime.",
    };
    Refused::new(ProblemKind::Conflict, why)
}
