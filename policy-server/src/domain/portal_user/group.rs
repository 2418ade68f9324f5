//! What a portal user may do, and whose tickets they see.

use std::{collections::HashMap, fmt};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::domain::{
    access::{ComputerScope, OrganizationView, TicketScope},
    ids::{EndUserId, OrganizationId, PortalUserId, SiteId},
};

/// Something that a group allows.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
    JsonSchema,
)]
pub enum PortalPermission {
    /// Signing in, and every page behind the sign-in.
    #[serde(rename = "portal.access")]
    #[strum(serialize = "portal.access")]
    Access,
    /// Sending tickets from the tray (decision C6).
    #[serde(rename = "ticket.create.tray")]
    #[strum(serialize = "ticket.create.tray")]
    CreateTicketFromTray,
    /// Sending tickets from the portal.
    #[serde(rename = "ticket.create")]
    #[strum(serialize = "ticket.create")]
    CreateTicket,
    /// Seeing tickets, as far as the roles reach.
    #[serde(rename = "ticket.view")]
    #[strum(serialize = "ticket.view")]
    ViewTickets,
    /// Answering the tickets that one sees, closing them, and opening them again.
    #[serde(rename = "ticket.reply")]
    #[strum(serialize = "ticket.reply")]
    ReplyToTickets,
    /// Seeing what the organization is billed (RS-04).
    #[serde(rename = "billing.view")]
    #[strum(serialize = "billing.view")]
    ViewBilling,
    /// Reading articles that are not for everybody (ZOH-03).
    #[serde(rename = "article.view")]
    #[strum(serialize = "article.view")]
    ViewArticles,
    /// Go to the MSP's community (ZOH-02).
    #[serde(rename = "community.view")]
    #[strum(serialize = "community.view")]
    ViewCommunity,
}

impl PortalPermission {
    /// As it stands in documents.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// As it stands on pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::Access => "Come into the portal",
            Self::CreateTicketFromTray => "Send tickets from the tray",
            Self::CreateTicket => "Send tickets from the portal",
            Self::ViewTickets => "See tickets",
            Self::ReplyToTickets => "Answer, close and reopen tickets",
            Self::ViewBilling => "See invoices and the like",
            Self::ViewArticles => "Read articles",
            Self::ViewCommunity => "Open the community",
        }
    }
}

/// What a group is known by: the name of one that is built in, or an id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct GroupKey(pub String);

impl GroupKey {
    /// Nothing at all.
    pub const NO_ACCESS: &str = "no_access";
    /// Whoever came by the link of an organization without portal users (decision C7).
    pub const NO_PORTAL_USER: &str = "no_portal_user";
    /// Whoever is of an end user, where nobody says otherwise (RS-18).
    pub const LIMITED: &str = "limited";
    /// Whoever is the organization itself, where nobody says otherwise.
    pub const ADMIN: &str = "admin";

    /// That of a new portal user.
    pub fn of_new(end_user: Option<EndUserId>) -> Self {
        Self(if end_user.is_some() { Self::LIMITED } else { Self::ADMIN }.to_owned())
    }
}

impl fmt::Display for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Every group, with what it allows.
#[derive(Debug, Clone, Default)]
pub struct GroupPermissions(HashMap<GroupKey, Vec<PortalPermission>>);

impl GroupPermissions {
    /// Whether a group allows this. The one place that decides it; a group that is not there allows nothing.
    pub fn may(&self, group: &GroupKey, permission: PortalPermission) -> bool {
        self.0.get(group).is_some_and(|allowed| allowed.contains(&permission))
    }

    /// The same for whoever came by the organization's link.
    pub fn link_may(&self, permission: PortalPermission) -> bool {
        self.may(&GroupKey(GroupKey::NO_PORTAL_USER.into()), permission)
    }
}

impl FromIterator<(GroupKey, Vec<PortalPermission>)> for GroupPermissions {
    fn from_iter<I: IntoIterator<Item = (GroupKey, Vec<PortalPermission>)>>(groups: I) -> Self {
        Self(groups.into_iter().collect())
    }
}

/// For whom a portal user submits and views tickets: one or both (NAB-14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roles {
    /// "Portal user": for themselves.
    pub user: bool,
    /// "Portal admin": for all users of their organization.
    pub admin: bool,
    /// As an admin, for the people at this one's own site alone (NAB-27).
    pub site_only: bool,
}

impl Roles {
    /// Whose tickets these roles reach: the union (NAB-14). Whoever is of no end user is the organization itself, and sees
    /// all of it but what others keep to themselves (RS-08, invariant 8).
    pub fn tickets(
        self,
        portal_user: PortalUserId,
        organization: OrganizationId,
        end_user: Option<EndUserId>,
        site: Option<SiteId>,
    ) -> TicketScope {
        let view = OrganizationView { organization, portal_user: Some(portal_user), end_user, site: None };
        match (end_user, site) {
            (Some(end_user), _) if !self.admin => TicketScope::EndUser(end_user),
            (Some(_), Some(site)) if self.site_only => {
                TicketScope::Organization(OrganizationView { site: Some(site), ..view })
            }
            // Whoever is at no site has nobody beside them there.
            (Some(end_user), None) if self.site_only => TicketScope::EndUser(end_user),
            (_, _) => TicketScope::Organization(view),
        }
    }

    /// Whose computers they see: those of the people whose tickets they reach.
    pub fn computers(
        self,
        organization: OrganizationId,
        end_user: Option<EndUserId>,
        site: Option<SiteId>,
    ) -> ComputerScope {
        match (end_user, site) {
            (Some(end_user), _) if !self.admin => ComputerScope::EndUser(end_user),
            (Some(_), Some(site)) if self.site_only => ComputerScope::Site(site),
            (Some(end_user), None) if self.site_only => ComputerScope::EndUser(end_user),
            (_, _) => ComputerScope::Organization(organization),
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
        let account = PortalUserId(Uuid::from_u128(3));
        let (own, mill) = (TicketScope::EndUser(jane), SiteId(Uuid::from_u128(4)));
        let view = |end_user, site| {
            let portal_user = Some(account);
            TicketScope::Organization(OrganizationView { organization, portal_user, end_user, site })
        };
        let (user, admin) = ((true, false), (false, true));
        for ((user, admin), site_only, end_user, site, scope) in [
            (user, false, Some(jane), Some(mill), own),
            (admin, false, Some(jane), Some(mill), view(Some(jane), None)),
            ((true, true), false, Some(jane), None, view(Some(jane), None)),
            (user, false, None, None, view(None, None)),
            (admin, false, None, None, view(None, None)),
            (admin, true, Some(jane), Some(mill), view(Some(jane), Some(mill))),
            (admin, true, Some(jane), None, own),
            (user, true, Some(jane), Some(mill), own),
            (admin, true, None, None, view(None, None)),
        ] {
            let reached = Roles { user, admin, site_only }.tickets(account, organization, end_user, site);
            assert_eq!(reached, scope, "{user} {admin} {site_only} {end_user:?} {site:?}");
            let computers = match scope {
                TicketScope::EndUser(end_user) => ComputerScope::EndUser(end_user),
                TicketScope::Organization(OrganizationView { site: Some(site), .. }) => ComputerScope::Site(site),
                _ => ComputerScope::Organization(organization),
            };
            let reached = Roles { user, admin, site_only }.computers(organization, end_user, site);
            assert_eq!(reached, computers, "{user} {admin} {site_only} {end_user:?} {site:?}");
        }
    }

    #[test]
    fn a_group_allows_what_it_lists_and_one_that_is_not_there_nothing() {
        let key = |name: &str| GroupKey(name.into());
        let groups: GroupPermissions =
            [(key("tray_only"), vec![PortalPermission::CreateTicketFromTray])].into_iter().collect();
        for permission in PortalPermission::VARIANTS {
            let allowed = *permission == PortalPermission::CreateTicketFromTray;
            assert_eq!(groups.may(&key("tray_only"), *permission), allowed, "{permission:?}");
            assert!(!groups.may(&key("gone"), *permission) && !groups.link_may(*permission), "{permission:?}");
        }
    }
}
