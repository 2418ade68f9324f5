//! Whether an enrollment token lets a computer in (AGT-11).

use deskbell_protocol::{ProblemKind, UnixMillis};

use crate::domain::asset::AssetState;

/// What counts of an enrollment token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenTerms {
    /// When staff revoked it.
    pub revoked_at: Option<UnixMillis>,
    /// From when on it no longer counts.
    pub expires_at: Option<UnixMillis>,
    /// How many computers it can still enroll; absent: any number.
    pub uses_left: Option<i64>,
    /// Whether staff approve each computer.
    pub needs_approval: bool,
}

/// The state in which a computer begins, or why it may not.
pub fn admission(terms: TokenTerms, now: UnixMillis) -> Result<AssetState, ProblemKind> {
    if terms.revoked_at.is_some() {
        return Err(ProblemKind::EnrollmentTokenRevoked);
    }
    if terms.expires_at.is_some_and(|end| now >= end) {
        return Err(ProblemKind::EnrollmentTokenExpired);
    }
    if terms.uses_left.is_some_and(|left| left <= 0) {
        return Err(ProblemKind::EnrollmentTokenUsedUp);
    }
    Ok(if terms.needs_approval { AssetState::WaitingForApproval } else { AssetState::Enrolled })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_lets_in_until_it_is_revoked_late_or_used_up() {
        let good = TokenTerms { revoked_at: None, expires_at: Some(100), uses_left: Some(1), needs_approval: false };
        assert_eq!(admission(good, 99), Ok(AssetState::Enrolled));
        assert_eq!(admission(TokenTerms { needs_approval: true, ..good }, 99), Ok(AssetState::WaitingForApproval));
        assert_eq!(admission(good, 100), Err(ProblemKind::EnrollmentTokenExpired));
        assert_eq!(admission(TokenTerms { uses_left: Some(0), ..good }, 0), Err(ProblemKind::EnrollmentTokenUsedUp));
        assert_eq!(admission(TokenTerms { revoked_at: Some(1), ..good }, 0), Err(ProblemKind::EnrollmentTokenRevoked));
    }
}
