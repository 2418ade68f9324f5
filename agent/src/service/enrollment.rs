//! Making this computer an asset, for the service and for `deskbell-agent enroll`.

use deskbell_protocol::{EnrollRequest, EnrollState};

use crate::{
    config::EnrollmentToken,
    durable_file,
    paths::Paths,
    service::{
        controller::EnrollmentFailure,
        identity::{self, AgentToken, Identity},
        inventory,
        server_client::{ServerClient, ServerError},
    },
};

/// Enrolls with the token that an administrator put into the enrollment token's file, else with the `configured` one.
pub async fn enroll_with_kept_token(
    client: &ServerClient,
    paths: &Paths,
    configured: Option<EnrollmentToken>,
    folder: Option<String>,
    fingerprint: String,
) -> Result<(Identity, EnrollState), EnrollmentFailure> {
    let text = durable_file::read(&paths.enrollment_token).map_err(|error| {
        EnrollmentFailure::Files(format!("{} cannot be read: {error}", paths.enrollment_token.display()))
    })?;
    let configured = configured.map(|EnrollmentToken(token)| token);
    let mut tokens = [text, configured].into_iter().flatten().map(|token| token.trim().to_owned());
    let token = tokens.find(|token| !token.is_empty()).ok_or(EnrollmentFailure::NoToken)?;
    identity::check_can_save(paths).map_err(|error| EnrollmentFailure::Files(format!("{error:#}")))?;
    Ok(enroll(client, paths, &token, folder, fingerprint).await?)
}

/// Enrolls with `token`, and asks for `folder`.
pub async fn enroll(
    client: &ServerClient,
    paths: &Paths,
    token: &str,
    folder: Option<String>,
    fingerprint: String,
) -> Result<(Identity, EnrollState), ServerError> {
    let request = EnrollRequest {
        enrollment_token: token.to_owned(),
        fingerprint: fingerprint.clone(),
        facts: inventory::facts(&paths.machine),
        folder,
    };
    let response = client.enroll(&request).await?;
    let agent_token = AgentToken(response.agent_token);
    Ok((Identity { asset_id: response.asset_id, agent_token, fingerprint }, response.state))
}
