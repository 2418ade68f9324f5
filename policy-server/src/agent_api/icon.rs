//! `GET /agent/v1/icons/{hash}`: an icon that the agent's policy names (AGT-19).

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::agent::EnrolledAgent;
use crate::{app::SharedApp, icons::answer, problems::Refused};

pub(super) async fn icon(
    State(app): State<SharedApp>,
    _: EnrolledAgent,
    Path(hash): Path<String>,
) -> Result<Response, Refused> {
    answer(&app, &hash).await
}
