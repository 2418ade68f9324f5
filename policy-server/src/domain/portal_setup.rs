//! What there is to do until a portal is ready (NAB-01).

use super::portal_design::PortalDesign;

/// What is known of a portal and of the server that it is on.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked for by itself")]
pub struct SetupFacts<'a> {
    /// What is published.
    pub design: &'a PortalDesign,
    /// Whether there is a draft that is not.
    pub has_draft: bool,
    /// Whether end users can use it.
    pub published: bool,
    /// Whether there is a way to send mail.
    pub sends_mail: bool,
    /// Whether the MSP has said how it is reached.
    pub has_support: bool,
    /// Whether there is an address where customers give a new card.
    pub takes_payment: bool,
    /// Whether an organization that has this portal has an end user who can come in, or a link.
    pub lets_somebody_in: bool,
}

/// A step of the setup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetupStep {
    /// What is to be done.
    pub title: &'static str,
    /// How, while it is not.
    pub how: &'static str,
    /// Whether it is done.
    pub is_done: bool,
}

/// Every step, in the order in which they are taken.
pub fn setup(facts: SetupFacts<'_>) -> [SetupStep; 6] {
    let shipped = PortalDesign::default();
    let is_own = facts.design.logo.is_some()
        || (facts.design.display_name != shipped.display_name && facts.design.primary_color != shipped.primary_color);
    [
        SetupStep {
            title: "Make it look like yours",
            how: "Set name, colors and logo in its design, and publish that.",
            is_done: is_own && !facts.has_draft,
        },
        SetupStep {
            title: "Say how you are reached",
            how: "Set telephone or e-mail of the support: they stand where the portal cannot help.",
            is_done: facts.has_support,
        },
        SetupStep {
            title: "Have mail sent",
            how: "Set mail.smtp and mail.from in the server's configuration: invitations and sign-in links go by mail.",
            is_done: facts.sends_mail,
        },
        SetupStep {
            title: "Say where customers pay",
            how: "Set the address for a new card below: until then the two mails about payments lead to a page that says whom to ask.",
            is_done: facts.takes_payment,
        },
        SetupStep {
            title: "Let somebody in",
            how: "Invite an end user of an organization that has this portal, or enable end users for the tray.",
            is_done: facts.lets_somebody_in,
        },
        SetupStep {
            title: "Open it",
            how: "Publish the portal below. Until then its address says that it is not set up yet.",
            is_done: facts.published,
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_portal_has_everything_to_do_and_each_step_counts_alone() {
        let design = PortalDesign::default();
        let new = SetupFacts {
            design: &design,
            has_draft: false,
            published: false,
            sends_mail: false,
            has_support: false,
            takes_payment: false,
            lets_somebody_in: false,
        };
        let done = |facts| setup(facts).map(|step| step.is_done);
        assert_eq!(done(new), [false; 6]);
        assert_eq!(done(SetupFacts { published: true, ..new }), [false, false, false, false, false, true]);
        let own = PortalDesign {
            display_name: "Northwind".into(),
            primary_color: "#123456".into(),
            ..PortalDesign::default()
        };
        assert!(done(SetupFacts { design: &own, ..new })[0]);
        assert!(!done(SetupFacts { design: &own, has_draft: true, ..new })[0], "what is drafted is not seen");
    }
}
