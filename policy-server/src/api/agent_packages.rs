//! `/api/v1/agent-packages`: what is installed on managed computers.

use axum::{Json, extract::State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{answers::Download, lists::ListAnswer, paths::Path};
use crate::{
    app::SharedApp,
    domain::agent_package::{PackageKind, Processor},
    json_body::JsonBody,
    packages::packed::packed,
    problems::Refused,
    store::Page,
};

#[derive(Serialize, JsonSchema)]
pub(super) struct AgentPackageJson {
    kind: PackageKind,
    processor: Processor,
    /// Three numbers, such as `1.2.3`.
    version: String,
    file: String,
    /// In bytes.
    size: u64,
    /// Of its content, in hexadecimal.
    sha256: String,
    /// Where it is downloaded without a token.
    url: String,
}

/// A token to be packed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenToPack {
    /// The secret of an enrollment token that counts.
    enrollment_token: String,
}

/// The packages in the server's folder by system, the newest first, all of them.
pub(super) async fn list(State(app): State<SharedApp>) -> Result<Json<ListAnswer<AgentPackageJson>>, Refused> {
    let page = Page { items: app.packages.list().await?, next: None };
    Ok(ListAnswer::new(page, |package| AgentPackageJson {
        kind: package.name.kind,
        processor: package.name.processor,
        version: package.name.version.to_string(),
        url: format!("{}{}", app.origin, package.path()),
        file: package.file,
        size: package.size,
        sha256: package.sha256,
    }))
}

/// A zip with the package as it is, the token, and a script that installs it with both.
pub(super) async fn with_token(
    State(app): State<SharedApp>,
    Path(sha256): Path<String>,
    JsonBody(asked): JsonBody<TokenToPack>,
) -> Result<Download, Refused> {
    packed(&app, &sha256, &asked.enrollment_token).await.map(Download)
}
