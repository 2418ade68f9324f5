//! Making this computer an asset, for the service and for `deskbell-agent enroll`.

use deskbell_protocol::{EnrollRequest, EnrollState};

use crate::{
    durable_file,
    paths::Paths,
    service::{
        controller::EnrollmentFailure,
        identity::{self, AgentToken, Identity},
        inventory,
        server_client::{ServerClient, ServerError},
    },
};

/// Enrolls with the token that an administrator put into the enrollment token's file.
pub async fn enroll_with_token_file(
    client: &ServerClient,
    paths: &Paths,
    fingerprint: String,
) -> Result<(Identity, EnrollState), EnrollmentFailure> {
    let text = durable_file::read(&paths.enrollment_token).map_err(|error| {
        EnrollmentFailure::Files(format!("{} cannot be read: {error}", paths.enrollment_token.display()))
    })?;
    let token = text.as_deref().map(str::trim).filter(|token| !token.is_empty()).ok_or(EnrollmentFailure::NoToken)?;
    identity::check_can_save(paths).map_err(|error| EnrollmentFailure::Files(format!("{error:#}")))?;
    Ok(enroll(client, paths, token, fingerprint).await?)
}

/// Enrolls with `token`.
pub async fn enroll(
    client: &ServerClient,
    paths: &Paths,
    token: &str,
    fingerprint: String,
) -> Result<(Identity, EnrollState), ServerError> {
    let request = EnrollRequest {
        enrollment_token: token.to_owned(),
        fingerprint: fingerprint.clone(),
        facts: inventory::facts(&paths.machine),
    };
    let response = client.enroll(&request).await?;
    let agent_token = AgentToken(response.agent_token);
    Ok((Identity { asset_id: response.asset_id, agent_token, fingerprint }, response.state))
}
