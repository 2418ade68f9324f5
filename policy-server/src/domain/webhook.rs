//! Webhooks: what is told, and to which addresses, after the Standard Webhooks specification.

use std::time::Duration;

use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use url::Url;

use crate::domain::delivery::{Attempt, millis};

/// How long an endpoint may fail, without once taking a message, until nothing is sent there any more.
pub const FAILING_FOR: Duration = Duration::from_hours(5 * 24);
/// The longest address.
const MAX_URL: usize = 2000;

/// What is told.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray, JsonSchema,
)]
pub enum WebhookEvent {
    /// Somebody sent a ticket.
    #[serde(rename = "ticket.created")]
    #[strum(serialize = "ticket.created")]
    TicketCreated,
    /// Status or assignee changed.
    #[serde(rename = "ticket.updated")]
    #[strum(serialize = "ticket.updated")]
    TicketUpdated,
    /// Somebody said something about a ticket.
    #[serde(rename = "ticket.commented")]
    #[strum(serialize = "ticket.commented")]
    TicketCommented,
    /// A computer became an asset, perhaps one that waits for approval.
    #[serde(rename = "asset.enrolled")]
    #[strum(serialize = "asset.enrolled")]
    AssetEnrolled,
    /// An asset is out of use for good.
    #[serde(rename = "asset.retired")]
    #[strum(serialize = "asset.retired")]
    AssetRetired,
}

impl WebhookEvent {
    /// As it stands in forms and messages.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// An endpoint's address as it is kept, or what would be right. Where it leads is looked at when it is connected to.
pub fn endpoint_url(text: &str) -> Result<String, String> {
    let fit = |url: &Url| url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
    match text.trim().parse::<Url>() {
        Ok(url) if fit(&url) && url.as_str().len() <= MAX_URL && url.fragment().is_none() => Ok(url.into()),
        _ => Err("must be an address that begins with https://, without user, password and #".into()),
    }
}

/// What a status says of a message.
pub fn attempt(status: u16) -> Attempt {
    match status {
        200..300 => Attempt::Delivered(status.to_string()),
        _ => Attempt::Failed(status.to_string()),
    }
}

/// Since when an endpoint fails, and whether nothing is to be sent there any more, after an attempt.
pub fn health(failing_since: Option<UnixMillis>, attempt: &Attempt, now: UnixMillis) -> (Option<UnixMillis>, bool) {
    match attempt {
        Attempt::Delivered(_) => (None, false),
        Attempt::Failed(_) | Attempt::Refused(_) => {
            let since = failing_since.unwrap_or(now);
            (Some(since), now.saturating_sub(since) >= millis(FAILING_FOR))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_https_and_carries_no_password() {
        assert_eq!(endpoint_url(" https://psa.example/hook?x=1 "), Ok("https://psa.example/hook?x=1".into()));
        assert_eq!(endpoint_url("https://0x7f.1/"), Ok("https://127.0.0.1/".into()), "it is refused when connecting");
        for bad in
            ["", "http://psa.example/", "https://u:p@psa.example/", "file:///etc/passwd", "https://", "https://a/#b"]
        {
            assert!(endpoint_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_endpoint_that_failed_for_five_days_is_switched_off_and_one_success_is_enough_to_stay() {
        let failed = Attempt::Failed(String::new());
        let days = |days: i64| days * 24 * 60 * 60 * 1000;
        assert_eq!(health(None, &failed, days(1)), (Some(days(1)), false));
        assert_eq!(health(Some(days(1)), &failed, days(6) - 1), (Some(days(1)), false));
        assert_eq!(health(Some(days(1)), &failed, days(6)), (Some(days(1)), true));
        assert_eq!(health(Some(days(1)), &attempt(204), days(9)), (None, false));
        assert_eq!(attempt(302), Attempt::Failed("302".into()));
    }
}
