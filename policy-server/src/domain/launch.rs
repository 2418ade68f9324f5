//! When a click on a tray opens the form, and how long what it opened holds (AGT-10, AGT-20, invariant 6).

use std::time::Duration;

use deskbell_protocol::{Refusal, UnixMillis};

use crate::domain::{
    asset::AssetState,
    ids::{AssignmentId, EndUserId, OsLoginId},
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
    /// Who asks, if anything tells.
    pub requester: Option<Requester>,
}

/// The end user on whose behalf a click is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requester {
    /// Who.
    pub end_user: EndUserId,
    /// What tells so.
    pub basis: RequesterBasis,
    /// Whether that end user is a portal user.
    pub portal_user: Option<PortalUserState>,
    /// Whether their group lets them send tickets from the tray (decision C6).
    pub may_send: bool,
}

/// What tells who asks. A session holds only while it is the same (invariant 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequesterBasis {
    /// The login of the operating system is that of an end user.
    OsLogin(OsLoginId),
    /// The asset is assigned to an end user.
    Assignment(AssignmentId),
}

/// How surely something tells who asks. Of several, the least one counts (decision C10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Telling {
    /// A known login with the account's id.
    AccountId,
    /// A known login by its name alone.
    LogOnName,
    /// The asset's assignment.
    Assignment,
}

impl RequesterBasis {
    /// A known login counts before the assignment (decision C10).
    pub fn of(os_login: Option<OsLoginId>, assignment: Option<AssignmentId>) -> Option<Self> {
        os_login.map(Self::OsLogin).or(assignment.map(Self::Assignment))
    }

    /// The login, if that is what tells.
    pub fn os_login(self) -> Option<OsLoginId> {
        match self {
            Self::OsLogin(id) => Some(id),
            Self::Assignment(_) => None,
        }
    }

    /// The assignment, if that is what tells.
    pub fn assignment(self) -> Option<AssignmentId> {
        match self {
            Self::OsLogin(_) => None,
            Self::Assignment(id) => Some(id),
        }
    }
}

/// On whose behalf the form is sent, or why there is no form. Neither sign-in nor portal access is needed (decision C6).
pub fn requester(standing: &Standing) -> Result<EndUserId, Refusal> {
    if standing.asset == AssetState::Retired {
        return Err(Refusal::AssetRetired);
    }
    if !standing.portal_published {
        return Err(Refusal::PortalNotPublished);
    }
    let requester = standing.requester.ok_or(Refusal::NoEndUser)?;
    match requester.portal_user {
        None => Err(Refusal::NotAPortalUser),
        Some(PortalUserState::Deactivated) => Err(Refusal::Deactivated),
        Some(_) if !requester.may_send => Err(Refusal::NotPermitted),
        Some(
            PortalUserState::Enabled | PortalUserState::Invited | PortalUserState::Active | PortalUserState::Expired,
        ) => Ok(requester.end_user),
    }
}

/// What an asset session was made for, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionTerms {
    /// What told at the click who asks.
    pub basis: Option<RequesterBasis>,
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
    /// Something else tells who asks, or nothing, or something at all: another assignment, another login.
    RequesterChanged,
    /// The MSP took the entry off the menu.
    EntryRemoved,
}

/// Whether a session still counts where `basis` tells who asks.
pub fn session_end(terms: SessionTerms, basis: Option<RequesterBasis>, now: UnixMillis) -> Option<SessionEnd> {
    if is_over(terms.used_at, SESSION_IDLE, now) || is_over(terms.created_at, SESSION_LIFETIME, now) {
        Some(SessionEnd::TimeOver)
    } else if terms.basis != basis {
        Some(SessionEnd::RequesterChanged)
    } else if !terms.entry_in_policy {
        Some(SessionEnd::EntryRemoved)
    } else {
        None
    }
}

/// Whether a launch code that expires at `expires_at` still opens the form.
pub fn is_live(expires_at: UnixMillis, now: UnixMillis) -> bool {
    now < expires_at && !is_over(expires_at, 2 * LAUNCH_LIFETIME, now)
}

/// Whether `since` lies further away than `limit`: in the past, or in the future, where a clock that was set back would
/// otherwise lend a session or a code more time than it was given.
fn is_over(since: UnixMillis, limit: Duration, now: UnixMillis) -> bool {
    u128::from(now.abs_diff(since)) > limit.as_millis()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const HOUR: UnixMillis = 60 * 60 * 1000;

    const ASSIGNMENT: RequesterBasis = RequesterBasis::Assignment(AssignmentId(Uuid::from_u128(1)));

    fn jane(portal_user: Option<PortalUserState>) -> Requester {
        Requester { end_user: EndUserId(Uuid::from_u128(2)), basis: ASSIGNMENT, portal_user, may_send: true }
    }

    fn ready() -> Standing {
        let requester = Some(jane(Some(PortalUserState::Enabled)));
        Standing { asset: AssetState::Enrolled, portal_published: true, requester }
    }

    #[test]
    fn a_portal_user_in_any_state_but_deactivated_gets_the_form() {
        use PortalUserState::{Active, Deactivated, Enabled, Expired, Invited};
        for state in [Enabled, Invited, Active, Expired] {
            let standing = Standing { requester: Some(jane(Some(state))), ..ready() };
            assert_eq!(requester(&standing), Ok(EndUserId(Uuid::from_u128(2))), "{state:?}");
        }
        let deactivated = Standing { requester: Some(jane(Some(Deactivated))), ..ready() };
        assert_eq!(requester(&deactivated), Err(Refusal::Deactivated));
    }

    #[test]
    fn each_thing_that_is_missing_has_its_own_reason() {
        let not_permitted = Requester { may_send: false, ..jane(Some(PortalUserState::Active)) };
        for (standing, refusal) in [
            (Standing { requester: None, ..ready() }, Refusal::NoEndUser),
            (Standing { requester: Some(jane(None)), ..ready() }, Refusal::NotAPortalUser),
            (Standing { requester: Some(not_permitted), ..ready() }, Refusal::NotPermitted),
            (Standing { portal_published: false, ..ready() }, Refusal::PortalNotPublished),
            (Standing { asset: AssetState::Retired, ..ready() }, Refusal::AssetRetired),
        ] {
            assert_eq!(requester(&standing), Err(refusal));
        }
    }

    #[test]
    fn a_known_login_counts_before_the_assignment() {
        let (login, assignment) = (OsLoginId(Uuid::from_u128(3)), AssignmentId(Uuid::from_u128(1)));
        for (known, open, basis) in [
            (None, None, None),
            (None, Some(assignment), Some(RequesterBasis::Assignment(assignment))),
            (Some(login), None, Some(RequesterBasis::OsLogin(login))),
            (Some(login), Some(assignment), Some(RequesterBasis::OsLogin(login))),
        ] {
            assert_eq!(RequesterBasis::of(known, open), basis);
        }
    }

    #[test]
    fn a_code_lives_for_its_minute_and_a_clock_that_is_set_back_lends_it_one_more_at_most() {
        assert!(is_live(60_000, 0) && is_live(60_000, 59_999) && is_live(60_000, -60_000));
        assert!(!is_live(60_000, 60_000) && !is_live(60_000, -60_001));
    }

    #[test]
    fn a_session_ends_after_2_idle_hours_12_hours_another_basis_or_without_its_entry() {
        let other = RequesterBasis::Assignment(AssignmentId(Uuid::from_u128(9)));
        let login = RequesterBasis::OsLogin(OsLoginId(Uuid::from_u128(1)));
        let terms = SessionTerms { basis: Some(ASSIGNMENT), created_at: 0, used_at: 0, entry_in_policy: true };

        assert_eq!(session_end(terms, Some(ASSIGNMENT), 2 * HOUR), None);
        assert_eq!(session_end(terms, Some(ASSIGNMENT), 2 * HOUR + 1), Some(SessionEnd::TimeOver));
        let busy = SessionTerms { used_at: 12 * HOUR, ..terms };
        assert_eq!(session_end(busy, Some(ASSIGNMENT), 12 * HOUR), None);
        assert_eq!(session_end(busy, Some(ASSIGNMENT), 12 * HOUR + 1), Some(SessionEnd::TimeOver));
        let future = SessionTerms { used_at: 3 * HOUR, ..terms };
        assert_eq!(session_end(future, Some(ASSIGNMENT), 0), Some(SessionEnd::TimeOver), "the clock was set back");
        for changed in [Some(other), Some(login), None] {
            assert_eq!(session_end(terms, changed, 0), Some(SessionEnd::RequesterChanged));
        }
        let without_entry = SessionTerms { entry_in_policy: false, ..terms };
        assert_eq!(session_end(without_entry, Some(ASSIGNMENT), 0), Some(SessionEnd::EntryRemoved));
    }
}
