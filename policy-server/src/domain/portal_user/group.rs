//! What a portal user may do, and whose tickets they see.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::domain::{
    access::TicketScope,
    ids::{EndUserId, OrganizationId},
};

/// Something that a group allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PortalPermission {
    /// Signing in, and every page behind the sign-in.
    Access,
    /// Sending tickets from the tray (decision C6).
    CreateTicketFromTray,
    /// Seeing tickets, as far as the roles reach.
    ViewTickets,
}

/// What a portal user may do.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PortalGroup {
    /// Sends tickets from the tray, and cannot sign in.
    TrayOnly,
    /// Sends tickets from the tray, signs in and sees tickets.
    Limited,
}

impl PortalGroup {
    /// As it stands in addresses and documents.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// As it stands on pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::TrayOnly => "Tray only",
            Self::Limited => "Limited: tray and tickets",
        }
    }

    /// Whether it allows this. The one place that decides it.
    pub fn may(self, permission: PortalPermission) -> bool {
        use PortalPermission::{Access, CreateTicketFromTray, ViewTickets};
        let allowed: &[PortalPermission] = match self {
            Self::TrayOnly => &[CreateTicketFromTray],
            Self::Limited => &[Access, CreateTicketFromTray, ViewTickets],
        };
        allowed.contains(&permission)
    }
}

/// For whom a portal user submits and views tickets: one or both (NAB-14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles {
    /// "Portal user": for themselves.
    pub user: bool,
    /// "Portal admin": for all users of their organization.
    pub admin: bool,
}

impl Roles {
    /// Whose tickets these roles reach: the union (NAB-14). Whoever is of no end user is the organization itself, and sees
    /// all of it (RS-08, invariant 8).
    pub fn tickets(self, organization: OrganizationId, end_user: Option<EndUserId>) -> TicketScope {
        match end_user {
            Some(end_user) if !self.admin => TicketScope::EndUser(end_user),
            Some(_) | None => TicketScope::Organization(organization),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_end_user_sees_their_own_and_an_admin_or_the_organization_itself_sees_all_of_it() {
        let (organization, jane) = (OrganizationId(Uuid::from_u128(1)), EndUserId(Uuid::from_u128(2)));
        let (own, all) = (TicketScope::EndUser(jane), TicketScope::Organization(organization));
        for (user, admin, end_user, scope) in [
            (true, false, Some(jane), own),
            (false, true, Some(jane), all),
            (true, true, Some(jane), all),
            (true, false, None, all),
            (false, true, None, all),
        ] {
            assert_eq!(Roles { user, admin }.tickets(organization, end_user), scope, "{user} {admin} {end_user:?}");
        }
    }

    #[test]
    fn whoever_has_the_tray_alone_cannot_come_in() {
        assert!(PortalGroup::TrayOnly.may(PortalPermission::CreateTicketFromTray));
        assert!(!PortalGroup::TrayOnly.may(PortalPermission::Access));
        assert!(!PortalGroup::TrayOnly.may(PortalPermission::ViewTickets));
    }
}
