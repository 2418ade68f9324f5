//! The audit log: who changed what (invariant 20). A record carries ids and never personal data, so that it can stay when
//! a person is erased.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use uuid::Uuid;

use crate::domain::{
    ids::{ApiTokenId, IdempotentRequestId, OrganizationId, PortalUserId, StaffId},
    role::Role,
};

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who works at the MSP.
    Staff {
        /// Who.
        id: StaffId,
        /// As others know them.
        name: String,
        /// What they may do.
        role: Role,
    },
    /// A program with an API token.
    Program {
        /// Which token.
        id: ApiTokenId,
        /// The token's name.
        name: String,
        /// The request that this is done for, where it may be sent again.
        request: Option<IdempotentRequestId>,
    },
    /// Somebody who is signed in to the portal.
    PortalUser(PortalUserId),
    /// Whoever came by the link of this organization.
    OrganizationLink(OrganizationId),
    /// The server by itself, when a time is over.
    Clock,
    /// Whoever can run the server's program on its machine.
    CommandLine,
}

/// What kind of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ActorKind {
    /// See [`Actor::Staff`].
    Staff,
    /// See [`Actor::Program`].
    Program,
    /// See [`Actor::PortalUser`].
    PortalUser,
    /// See [`Actor::OrganizationLink`].
    OrganizationLink,
    /// See [`Actor::Clock`].
    Clock,
    /// See [`Actor::CommandLine`].
    CommandLine,
}

impl Actor {
    /// What kind.
    pub fn kind(&self) -> ActorKind {
        match self {
            Self::Staff { .. } => ActorKind::Staff,
            Self::Program { .. } => ActorKind::Program,
            Self::PortalUser(_) => ActorKind::PortalUser,
            Self::OrganizationLink(_) => ActorKind::OrganizationLink,
            Self::Clock => ActorKind::Clock,
            Self::CommandLine => ActorKind::CommandLine,
        }
    }

    /// The id, where there is one.
    pub fn id(&self) -> Option<Uuid> {
        match self {
            Self::Staff { id, .. } => Some(id.0),
            Self::Program { id, .. } => Some(id.0),
            Self::PortalUser(id) => Some(id.0),
            Self::OrganizationLink(id) => Some(id.0),
            Self::Clock | Self::CommandLine => None,
        }
    }

    /// The request that is carried out once, however often it is sent.
    pub fn request(&self) -> Option<IdempotentRequestId> {
        match self {
            Self::Program { request, .. } => *request,
            Self::Staff { .. } | Self::PortalUser(_) | Self::OrganizationLink(_) | Self::Clock | Self::CommandLine => {
                None
            }
        }
    }

    /// The name that stands beside what they did.
    pub fn name(&self) -> &str {
        match self {
            Self::Staff { name, .. } | Self::Program { name, .. } => name,
            Self::PortalUser(_) => "portal user",
            Self::OrganizationLink(_) => "organization link",
            Self::Clock => "clock",
            Self::CommandLine => "command line",
        }
    }
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "each name says what was done to which kind of thing")]
pub enum AuditAction {
    ProviderChanged,
    ProviderPolicyAttached,
    PortalMade,
    PortalChanged,
    PortalDrafted,
    PortalDesignPublished,
    PortalRemoved,
    OrganizationMade,
    OrganizationChanged,
    OrganizationRemoved,
    OrganizationPolicyAttached,
    FolderMade,
    FolderChanged,
    FolderPolicyAttached,
    FolderRemoved,
    EndUserMade,
    EndUserChanged,
    EndUserRemoved,
    OsLoginMade,
    OsLoginRemoved,
    PortalUserMade,
    PortalUserChanged,
    PortalUserInvited,
    PortalUserInvitedAgain,
    PortalUserAccepted,
    PortalUserInvitationLapsed,
    PortalUserDeactivated,
    PortalUserReactivated,
    PortalUserPasswordSet,
    PortalUserSignedIn,
    PortalUserSignedOut,
    PortalUserSessionEnded,
    PortalUserSignedUp,
    ArticleMade,
    ArticleChanged,
    ArticleRemoved,
    BillingDocumentMade,
    BillingDocumentRemoved,
    EndUserErased,
    PortalGroupMade,
    PortalGroupChanged,
    PortalGroupRemoved,
    OrganizationLinkEnabled,
    OrganizationLinkDisabled,
    OrganizationLinkUsed,
    OrganizationLinkLeft,
    PortalViewedAsOrganization,
    TicketMade,
    TicketPersonAdded,
    TicketPersonRemoved,
    PolicyMade,
    PolicySaved,
    PolicyRemoved,
    AssetChanged,
    AssetApproved,
    AssetRetired,
    AssetPolicyAttached,
    AssetAssigned,
    AssetUnassigned,
    AssetTookOver,
    AssetTakeOverDeclined,
    TicketChanged,
    TicketCommented,
    TicketForwardingChanged,
    MailRetried,
    EventMailed,
    RequesterMailChanged,
    MailTemplateSaved,
    TicketSystemChanged,
    TicketSystemRemoved,
    TicketTransferRetried,
    WebhookEndpointMade,
    WebhookEndpointChanged,
    WebhookEndpointRemoved,
    WebhookReplayed,
    EnrollmentTokenMade,
    EnrollmentTokenRevoked,
    ApiTokenMade,
    ApiTokenRevoked,
    StaffMade,
    StaffChanged,
    StaffDeactivated,
    StaffReactivated,
    StaffLinkMade,
    StaffPasswordSet,
    StaffSecondFactorSet,
    StaffSecondFactorRemoved,
    StaffRecoveryCodesMade,
    StaffRecoveryCodeUsed,
    StaffSignedIn,
    StaffSignedOut,
    StaffSessionEnded,
    SiteMade,
    SiteChanged,
    SiteRemoved,
    ImportDone,
}
