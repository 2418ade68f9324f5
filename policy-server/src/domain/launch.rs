//! When a click on a tray opens the form, and how long what it opened holds (AGT-10, AGT-20, invariant 6).

use std::time::Duration;

use deskbell_protocol::{Refusal, UnixMillis};

use crate::domain::{
    asset::AssetState,
    ids::{AssignmentId, EndUserId},
    portal_user::PortalUserState,
};

/// How long a launch code can be used (invariant 14).
pub const LAUNCH_LIFETIME: Duration = Duration::from_mins(1);
/// How long an asset session holds without a request (AGT-10).
pub const SESSION_IDLE: Duration = Duration::from_hours(2);
/// How long an asset session holds at most (AGT-10).
pub const SESSION_LIFETIME: Duration = Duration::from_hours(12);

/// What decides over the form, as it is at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The asset's state.
    pub asset: AssetState,
    /// Whether the portal is published.
    pub portal_published: bool,
    /// The open assignment.
    pub assignment: Option<Assignment>,
}

/// An open assignment and what it means for the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignment {
    /// Which one.
    pub id: AssignmentId,
    /// To whom.
    pub end_user: EndUserId,
    /// Whether that end user is a portal user.
    pub portal_user: Option<PortalUserState>,
}

/// On whose behalf the form is sent, or why there is no form. Neither sign-in nor portal access is needed (decision C6).
pub fn requester(standing: &Standing) -> Result<EndUserId, Refusal> {
    if standing.asset == AssetState::Retired {
        return Err(Refusal::AssetRetired);
    }
    if !standing.portal_published {
        return Err(Refusal::PortalNotPublished);
    }
    let assignment = standing.assignment.ok_or(Refusal::NoEndUser)?;
    match assignment.portal_user {
        None => Err(Refusal::NotAPortalUser),
        Some(PortalUserState::Deactivated) => Err(Refusal::Deactivated),
        Some(
            PortalUserState::Enabled | PortalUserState::Invited | PortalUserState::Active | PortalUserState::Expired,
        ) => Ok(assignment.end_user),
    }
}

/// What an asset session was made for, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionTerms {
    /// The assignment that was open at the click.
    pub assignment: Option<AssignmentId>,
    /// When it began.
    pub created_at: UnixMillis,
    /// When it was used last.
    pub used_at: UnixMillis,
    /// Whether the effective policy still has its entry.
    pub entry_in_policy: bool,
}

/// Why a session no longer counts: the person must click the tray again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionEnd {
    /// Not used for [`SESSION_IDLE`], or older than [`SESSION_LIFETIME`].
    TimeOver,
    /// The asset was assigned to somebody else, or to nobody, or to somebody at all.
    AssignmentChanged,
    /// The MSP took the entry off the menu.
    EntryRemoved,
}

/// Whether a session still counts for an asset whose open assignment is `assignment`.
pub fn session_end(terms: SessionTerms, assignment: Option<AssignmentId>, now: UnixMillis) -> Option<SessionEnd> {
    let over = |since: UnixMillis, limit: Duration| {
        now.saturating_sub(since) > UnixMillis::try_from(limit.as_millis()).unwrap_or(UnixMillis::MAX)
    };
    if over(terms.used_at, SESSION_IDLE) || over(terms.created_at, SESSION_LIFETIME) {
        Some(SessionEnd::TimeOver)
    } else if terms.assignment != assignment {
        Some(SessionEnd::AssignmentChanged)
    } else if !terms.entry_in_policy {
        Some(SessionEnd::EntryRemoved)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const HOUR: UnixMillis = 60 * 60 * 1000;

    fn assignment(portal_user: Option<PortalUserState>) -> Assignment {
        Assignment { id: AssignmentId(Uuid::from_u128(1)), end_user: EndUserId(Uuid::from_u128(2)), portal_user }
    }

    fn ready() -> Standing {
        let assignment = Some(assignment(Some(PortalUserState::Enabled)));
        Standing { asset: AssetState::Enrolled, portal_published: true, assignment }
    }

    #[test]
    fn a_portal_user_in_any_state_but_deactivated_gets_the_form() {
        use PortalUserState::{Active, Deactivated, Enabled, Expired, Invited};
        for state in [Enabled, Invited, Active, Expired] {
            let standing = Standing { assignment: Some(assignment(Some(state))), ..ready() };
            assert_eq!(requester(&standing), Ok(EndUserId(Uuid::from_u128(2))), "{state:?}");
        }
        let deactivated = Standing { assignment: Some(assignment(Some(Deactivated))), ..ready() };
        assert_eq!(requester(&deactivated), Err(Refusal::Deactivated));
    }

    #[test]
    fn each_thing_that_is_missing_has_its_own_reason() {
        for (standing, refusal) in [
            (Standing { assignment: None, ..ready() }, Refusal::NoEndUser),
            (Standing { assignment: Some(assignment(None)), ..ready() }, Refusal::NotAPortalUser),
            (Standing { portal_published: false, ..ready() }, Refusal::PortalNotPublished),
            (Standing { asset: AssetState::Retired, ..ready() }, Refusal::AssetRetired),
        ] {
            assert_eq!(requester(&standing), Err(refusal));
        }
    }

    #[test]
    fn a_session_ends_after_2_idle_hours_12_hours_another_assignment_or_without_its_entry() {
        let id = AssignmentId(Uuid::from_u128(1));
        let other = AssignmentId(Uuid::from_u128(9));
        let terms = SessionTerms { assignment: Some(id), created_at: 0, used_at: 0, entry_in_policy: true };

        assert_eq!(session_end(terms, Some(id), 2 * HOUR), None);
        assert_eq!(session_end(terms, Some(id), 2 * HOUR + 1), Some(SessionEnd::TimeOver));
        let busy = SessionTerms { used_at: 12 * HOUR, ..terms };
        assert_eq!(session_end(busy, Some(id), 12 * HOUR), None);
        assert_eq!(session_end(busy, Some(id), 12 * HOUR + 1), Some(SessionEnd::TimeOver));
        assert_eq!(session_end(terms, Some(other), 0), Some(SessionEnd::AssignmentChanged));
        assert_eq!(session_end(terms, None, 0), Some(SessionEnd::AssignmentChanged));
        let without_entry = SessionTerms { entry_in_policy: false, ..terms };
        assert_eq!(session_end(without_entry, Some(id), 0), Some(SessionEnd::EntryRemoved));
    }
}
