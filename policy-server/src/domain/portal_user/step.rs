//! How a portal user comes from one state to another: one function, which also says what that sends and ends.

use super::PortalUserState;

/// What happens to a portal user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortalUserEvent {
    /// Staff enable somebody for the tray, without mail (decision C6).
    EnableForTray,
    /// Staff let somebody into the portal.
    Invite,
    /// Staff send another invitation.
    InviteAgain,
    /// The person uses the invitation.
    Accept,
    /// The person, whose address has asked for help before, signs up by themselves (ZOH-13).
    SignUp,
    /// The invitation's time is over.
    Lapse,
    /// Staff set a password, with which the person can come in (RS-14, RS-21).
    SetPassword,
    /// Staff shut somebody out.
    Deactivate,
    /// Staff take that back.
    Reactivate,
}

/// How a portal user stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: PortalUserState,
    /// Whether they ever could sign in, as far as they themselves are concerned.
    pub accepted: bool,
}

/// A mail that tells the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortalMail {
    /// The link with which they come in.
    Invitation,
    /// That they are shut out.
    Deactivation,
    /// That their password is another (decision C5).
    Changed,
}

/// What comes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// How they stand from now on.
    pub standing: Standing,
    /// The one mail that tells them, if any.
    pub mail: Option<PortalMail>,
    /// Whether every link that was mailed to them is dead.
    pub voids_tokens: bool,
    /// Whether their sessions end.
    pub ends_sessions: bool,
}

/// Why an event cannot happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepRefusal {
    /// Nobody is there.
    #[error("This end user is no portal user.")]
    NoPortalUser,
    /// There is no invitation.
    #[error("This portal user was never invited; invite them first.")]
    NeverInvited,
    /// The invitation was used.
    #[error("This portal user has accepted the invitation; only who has not can be invited again.")]
    Accepted,
    /// The invitation's time is over.
    #[error("The invitation has expired; another can be sent.")]
    Lapsed,
    /// They are shut out.
    #[error("This portal user is deactivated; reactivate them first.")]
    Deactivated,
}

/// What `event` makes of somebody; `None` is nobody's portal user yet.
pub fn step(before: Option<Standing>, event: PortalUserEvent) -> Result<Outcome, StepRefusal> {
    use PortalUserEvent::{
        Accept, Deactivate, EnableForTray, Invite, InviteAgain, Lapse, Reactivate, SetPassword, SignUp,
    };
    use PortalUserState::{Active, Deactivated, Enabled, Expired, Invited};
    let Some(before) = before else {
        return match event {
            EnableForTray => Ok(Outcome::quiet(Standing { state: Enabled, accepted: false })),
            Invite => Ok(Outcome::quiet(Standing { state: Invited, accepted: false }).with(PortalMail::Invitation)),
            SignUp => Ok(Outcome::quiet(Standing { state: Active, accepted: true })),
            InviteAgain | Accept | Lapse | SetPassword | Deactivate | Reactivate => Err(StepRefusal::NoPortalUser),
        };
    };
    let unchanged = Outcome::quiet(before);
    let to = |state| Outcome::quiet(Standing { state, ..before });
    let accepted = Outcome::quiet(Standing { state: Active, accepted: true }).voiding();
    match (event, before.state) {
        (Invite, Enabled) => Ok(to(Invited).with(PortalMail::Invitation)),
        // A switch that is on already sends nothing (RES-22).
        (EnableForTray | Reactivate, Enabled | Invited | Active | Expired)
        | (Invite, Invited | Active | Expired)
        | (Lapse, Enabled | Active | Expired | Deactivated)
        | (Deactivate, Deactivated) => Ok(unchanged),
        (InviteAgain, Invited | Expired) => Ok(to(Invited).with(PortalMail::Invitation).voiding()),
        (Accept, Invited) | (SignUp, Enabled | Invited | Expired) => Ok(accepted),
        (Lapse, Invited) => Ok(to(Expired).voiding()),
        (SetPassword, Enabled | Invited | Active | Expired) => Ok(accepted.with(PortalMail::Changed).ending()),
        (Deactivate, Enabled | Invited | Active | Expired) => {
            Ok(to(Deactivated).with(PortalMail::Deactivation).voiding().ending())
        }
        // Who had accepted comes in as before; anybody else needs an invitation, since the earlier one is dead (S8).
        (Reactivate, Deactivated) => Ok(to(if before.accepted { Active } else { Enabled })),
        (EnableForTray | Invite | InviteAgain | Accept | SignUp | SetPassword, Deactivated) => {
            Err(StepRefusal::Deactivated)
        }
        (InviteAgain | Accept, Enabled) => Err(StepRefusal::NeverInvited),
        (InviteAgain | Accept | SignUp, Active) => Err(StepRefusal::Accepted),
        (Accept, Expired) => Err(StepRefusal::Lapsed),
    }
}

impl Outcome {
    fn quiet(standing: Standing) -> Self {
        Self { standing, mail: None, voids_tokens: false, ends_sessions: false }
    }

    fn with(self, mail: PortalMail) -> Self {
        Self { mail: Some(mail), ..self }
    }

    fn voiding(self) -> Self {
        Self { voids_tokens: true, ..self }
    }

    fn ending(self) -> Self {
        Self { ends_sessions: true, ..self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;

    const EVENTS: [PortalUserEvent; 9] = [
        PortalUserEvent::EnableForTray,
        PortalUserEvent::Invite,
        PortalUserEvent::InviteAgain,
        PortalUserEvent::Accept,
        PortalUserEvent::SignUp,
        PortalUserEvent::Lapse,
        PortalUserEvent::SetPassword,
        PortalUserEvent::Deactivate,
        PortalUserEvent::Reactivate,
    ];

    /// What a history leaves behind: how the person stands, and what of it a mailbox and browsers still hold.
    #[derive(Debug, Default, Clone)]
    struct World {
        standing: Option<Standing>,
        /// Links that open something, the newest last, by the number of their mail.
        live_links: Vec<u32>,
        sessions: u32,
        mails: Vec<PortalMail>,
    }

    impl World {
        fn take(&mut self, event: PortalUserEvent) -> Result<Outcome, StepRefusal> {
            let outcome = step(self.standing, event)?;
            self.standing = Some(outcome.standing);
            if outcome.voids_tokens {
                self.live_links.clear();
            }
            if outcome.ends_sessions {
                self.sessions = 0;
            }
            if let Some(mail) = outcome.mail {
                self.mails.push(mail);
                if mail == PortalMail::Invitation {
                    self.live_links.push(u32::try_from(self.mails.len()).expect("few mails"));
                }
            }
            if outcome.standing.state == PortalUserState::Active {
                self.sessions += 1;
            }
            Ok(outcome)
        }

        fn state(&self) -> Option<PortalUserState> {
            self.standing.map(|standing| standing.state)
        }
    }

    fn history() -> impl Strategy<Value = Vec<PortalUserEvent>> {
        vec(select(&EVENTS), 200)
    }

    // 256 histories of 200 steps are 51,200; PROPTEST_CASES asks for more.
    proptest! {
        /// Invariants 10, 11, 14, ZOH-24, ZOH-26, ZOH-30, RES-22: after every step of any history.
        #[test]
        fn any_history_keeps_the_rules(history in history()) {
            use PortalUserState::{Active, Deactivated, Expired, Invited};
            let mut world = World::default();
            for event in history {
                let before = world.clone();
                let taken = world.take(event);
                let Ok(outcome) = taken else {
                    prop_assert_eq!(world.standing, before.standing, "a refusal changes nothing");
                    continue;
                };
                // ZOH-26, invariant 11: one link opens the door at most, the newest one, and only while it is awaited.
                prop_assert!(world.live_links.len() <= 1);
                prop_assert_eq!(world.state() == Some(Invited), world.live_links.len() == 1);
                // ZOH-24, invariant 11: only from invited or expired, and always with a new link.
                if event == PortalUserEvent::InviteAgain {
                    prop_assert!(matches!(before.state(), Some(Invited | Expired)));
                    prop_assert!(world.live_links != before.live_links && outcome.voids_tokens);
                }
                // Invariant 10: no session and no link is left; exactly one mail, however often it is asked for.
                if event == PortalUserEvent::Deactivate {
                    prop_assert_eq!(world.sessions, 0);
                    prop_assert!(world.live_links.is_empty());
                    let once = usize::from(before.state() != Some(Deactivated));
                    prop_assert_eq!(world.mails.len() - before.mails.len(), once);
                    prop_assert_eq!(step(world.standing, event), Ok(Outcome::quiet(outcome.standing)));
                }
                // RES-22: an invitation goes out when the switch turns on, and never from a state in which it is on.
                if event == PortalUserEvent::Invite && matches!(before.state(), Some(Invited | Active | Expired)) {
                    prop_assert_eq!(&world.mails, &before.mails);
                }
                // ZOH-09: active through an acceptance, a password that staff set, or the end of a deactivation.
                if world.state() == Some(Active) && before.state() != Some(Active) {
                    prop_assert!(outcome.standing.accepted);
                }
            }
        }
    }

    /// RES-21: straight to the invitation, or over the tray: the same state and the same single mail.
    #[test]
    fn both_ways_into_the_portal_end_alike_res_21() {
        let (mut straight, mut over_the_tray) = (World::default(), World::default());
        straight.take(PortalUserEvent::Invite).expect("invited");
        over_the_tray.take(PortalUserEvent::EnableForTray).expect("enabled");
        assert_eq!(over_the_tray.mails, []);
        over_the_tray.take(PortalUserEvent::Invite).expect("invited");
        assert_eq!(straight.standing, over_the_tray.standing);
        assert_eq!(
            (&straight.mails, &over_the_tray.mails),
            (&vec![PortalMail::Invitation], &vec![PortalMail::Invitation])
        );
    }

    /// ZOH-30: who had accepted comes in again, and nobody else does (S8).
    #[test]
    fn a_reactivated_portal_user_comes_in_only_if_they_had_accepted_zoh_30() {
        for (accepted, state) in [(true, PortalUserState::Active), (false, PortalUserState::Enabled)] {
            let deactivated = Standing { state: PortalUserState::Deactivated, accepted };
            let back = step(Some(deactivated), PortalUserEvent::Reactivate).expect("reactivated");
            assert_eq!((back.standing.state, back.mail), (state, None));
        }
    }

    #[test]
    fn nobody_can_be_invited_again_deactivated_or_let_in_before_they_are_a_portal_user() {
        for event in EVENTS {
            let makes =
                matches!(event, PortalUserEvent::EnableForTray | PortalUserEvent::Invite | PortalUserEvent::SignUp);
            assert_eq!(step(None, event).is_ok(), makes, "{event:?}");
        }
    }
}
