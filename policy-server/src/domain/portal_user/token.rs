//! One-time links by mail: what each is for, and how long it counts (invariant 14).

use std::time::Duration;

use strum::{EnumString, IntoStaticStr, VariantArray};

/// The one thing that a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum TokenPurpose {
    /// Accepting an invitation.
    Invitation,
    /// Signing in (decision C2).
    SignIn,
    /// Setting a new password.
    PasswordReset,
}

impl TokenPurpose {
    /// How long a link counts.
    pub fn lifetime(self) -> Duration {
        match self {
            Self::Invitation => Duration::from_hours(7 * 24),
            Self::SignIn => Duration::from_mins(15),
            Self::PasswordReset => Duration::from_hours(1),
        }
    }

    /// Where the link leads, below the portal's origin.
    pub fn path(self) -> &'static str {
        match self {
            Self::Invitation => "/my_profile/invitation",
            Self::SignIn => "/my_profile/user_login/link",
            Self::PasswordReset => "/my_profile/user_login/reset",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Invariant 14.
    #[test]
    fn an_invitation_counts_for_7_days_a_sign_in_for_15_minutes_a_reset_for_60() {
        let minutes = |purpose: TokenPurpose| purpose.lifetime().as_secs() / 60;
        assert_eq!(minutes(TokenPurpose::Invitation), 7 * 24 * 60);
        assert_eq!((minutes(TokenPurpose::SignIn), minutes(TokenPurpose::PasswordReset)), (15, 60));
    }
}
