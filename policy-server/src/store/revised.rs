//! What a thing says at one moment, as far as staff and programs change it, has a name: its revision. Whoever changes it can
//! say which revision they saw.

use serde::Serialize;

use super::{
    Article, Asset, Department, EndUser, Folder, Organization, Policy, Portal, PortalGroup, PortalUser, Provider, Site,
    Staff, Ticket, WebhookEndpoint,
};
use crate::secrets;

/// Something that several can change.
pub trait Revised {
    /// The name of what it says now.
    fn revision(&self) -> String;
}

/// The name of what these fields say.
pub fn revision(fields: &impl Serialize) -> String {
    let mut sum = secrets::sha256(&serde_json::to_vec(fields).unwrap_or_default());
    sum.truncate(32);
    sum
}

/// A policy counts its versions.
impl Revised for Policy {
    fn revision(&self) -> String {
        self.version.to_string()
    }
}

/// Who reads an article is part of what it says.
impl Revised for Article {
    fn revision(&self) -> String {
        let Self { row, organizations } = self;
        let words = (&row.title, &row.section, &row.language, &row.body);
        revision(&(row.id, words, row.visibility, row.published, organizations))
    }
}

macro_rules! revised {
    ($($row:ident: $($field:ident)*;)*) => {$(
        impl Revised for $row {
            fn revision(&self) -> String {
                revision(&($(&self.$field,)*))
            }
        }
    )*};
}

// An agent's reports do not make another asset of it, nor does a sign-in make another member of the staff.
revised! {
    Asset: id name folder_id site_id external_id state policy_id predecessor_id;
    Department: id name active is_default auto_invite address;
    EndUser: id name email phone site_id language external_id;
    Folder: id parent_id name policy_id;
    Organization: id name email external_id policy_id portal_id portal_available link_enabled link_generation;
    Portal: id name prefix domain design draft version published access self_sign_up invitation_brings payment_update_url
        auto_invite embed_origins embed_fields embed_organization_id;
    PortalGroup: key name permissions;
    PortalUser: id end_user_id sign_in_name state email group_key is_user is_admin site_only language;
    Provider: id name support_phone support_email policy_id default_language;
    Site: id name address;
    Staff: id name email role deactivated_at;
    Ticket: id status assignee_id confidential updated_at;
    WebhookEndpoint: id url events disabled_at failing_since;
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::{ids::PortalId, portal_design::PortalDesign};

    #[test]
    fn another_text_has_another_revision_and_the_same_the_same() {
        let portal = |name: &str, published| {
            let portal = Portal::new(PortalId(Uuid::nil()), name.into(), None, PortalDesign::default());
            Portal { published, ..portal }
        };
        let revisions = [portal("a", true), portal("b", true), portal("a", false)].map(|portal| portal.revision());
        assert!(revisions[0] != revisions[1] && revisions[0] != revisions[2] && revisions[1] != revisions[2]);
        assert_eq!(portal("a", true).revision(), revisions[0]);
    }
}
