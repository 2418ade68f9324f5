//! Ids of what the store holds: `UUIDv7`, one type each, so that one cannot stand where another belongs.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        #[schemars(inline)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// A customer of the MSP.
    OrganizationId,
    /// A folder of an organization's assets.
    FolderId,
    /// A person who works with managed computers.
    EndUserId,
    /// A link that was mailed to a portal user.
    PortalTokenId,
    /// A browser in which a portal user is signed in.
    PortalSessionId,
    /// An end user, or a whole organization, that can come into the portal.
    PortalUserId,
    /// A browser that came by an organization's link.
    LinkSessionId,
    /// What another program bills an organization.
    BillingDocumentId,
    /// What the MSP has written down for end users.
    ArticleId,
    /// Whom at the MSP tickets are for.
    DepartmentId,
    /// A mail that came in.
    InboundMailId,
    /// A link with which somebody becomes a portal user by themselves.
    SignUpId,
    /// A link that shows how far a ticket is.
    StatusLinkId,
    /// A managed computer.
    AssetId,
    /// A span of time in which an asset is assigned to an end user.
    AssignmentId,
    /// A named, versioned policy.
    PolicyId,
    /// A portal of the MSP.
    PortalId,
    /// A secret with which computers enroll.
    EnrollmentTokenId,
    /// A secret with which programs use the API.
    ApiTokenId,
    /// A browser that came from a click on a tray.
    AssetSessionId,
    /// An event of an asset's timeline.
    AssetEventId,
    /// A login of an operating system that stands for an end user.
    OsLoginId,
    /// A ticket.
    TicketId,
    /// What somebody said about a ticket.
    CommentId,
    /// A file of a ticket.
    AttachmentId,
    /// The MSP itself.
    ProviderId,
    /// Somebody who works at the MSP.
    StaffId,
    /// A one-time link with which staff set a password.
    StaffLinkId,
    /// A browser in which staff signed in.
    StaffSessionId,
    /// A code that stands in for a lost authenticator, once.
    RecoveryCodeId,
    /// A mail on its way out.
    MailId,
    /// An address that is told of what happens.
    WebhookEndpointId,
    /// A message to such an address.
    WebhookDeliveryId,
    /// The ticket system that the MSP has besides.
    TicketSystemId,
    /// A ticket on its way there.
    TicketTransferId,
    /// A record of the audit log.
    AuditRecordId,
    /// A request that may be sent again.
    IdempotentRequestId,
    /// A place where an organization is.
    SiteId,
    /// A file that staff uploaded to be imported.
    ImportFileId,
}
