//! Everything that `deskbell-agent` may have to complain about: one sentence on what happened and one on what to do,
//! and the exit code.

use deskbell_protocol::{ProblemKind, ipc::Failure};

use crate::{platform, service::server_client::ServerError};

const FAILED: u8 = 1;
const NOT_ENROLLED: u8 = 3;
const SERVER_UNREACHABLE: u8 = 4;
const REFUSED: u8 = 5;

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Complaint {
    /// The service cannot start.
    #[error("{0}.")]
    CannotRun(String),
    /// No service answers.
    #[error("No service answers at {socket} ({reason}). Start it with `{}`.", platform::START_SERVICE)]
    ServiceAway {
        /// Where it was looked for.
        socket: String,
        /// What the system says.
        reason: String,
    },
    /// The service is of another version.
    #[error("The service's answer does not fit the question. Restart it with `{}`.", platform::RESTART_SERVICE)]
    OddAnswer,
    /// The enrollment token cannot be read.
    #[error("The enrollment token cannot be read from {0}. Give a file that holds it, or - for standard input.")]
    TokenUnreadable(String),
    /// The server is away; the service goes on trying.
    #[error(
        "{server} cannot be reached ({reason}). Address and token are kept, and the service enrolls as soon as it can."
    )]
    EnrollsLater {
        /// The server.
        server: String,
        /// What happened.
        reason: String,
    },
    /// The server did not take the enrollment token.
    #[error("{server} did not take the enrollment token: {detail} Ask for a new one.")]
    TokenRefused {
        /// The server.
        server: String,
        /// The server's words.
        detail: String,
    },
    /// Whatever answers there is no Deskbell server.
    #[error("What answers at {0} does not look like a Deskbell server. Check the address.")]
    NotDeskbell(String),
    /// The server refuses for another reason.
    #[error("{server} refused: {detail}")]
    ServerRefused {
        /// The server.
        server: String,
        /// The server's words.
        detail: String,
    },
    /// A file cannot be read, written or removed.
    #[error("{0}. Check the folder's owner and free space, and run this as an administrator.")]
    Files(String),
    /// The service said no, in the catalog's words.
    #[error("{words}")]
    Failed {
        /// Why.
        failure: Failure,
        /// The same for people.
        words: String,
    },
    /// The portal shows a page that says why not.
    #[error("{0} The page says whom to ask.")]
    PortalRefused(String),
    /// No browser could be started.
    #[error("No browser could be started ({0}). Set BROWSER, or use --print-url.")]
    NoBrowser(String),
    /// The service runs and would write again what is to be removed.
    #[error("The service is running. Stop it first with `{}`.", platform::STOP_SERVICE)]
    ServiceRuns,
    /// The doctor found something.
    #[error("{0} of the checks found a problem. Each line above says what to do.")]
    Unhealthy(usize),
}

impl Complaint {
    /// The complaint about an enrollment at `server`.
    pub fn about_enrollment(server: String, error: ServerError) -> Self {
        match error {
            ServerError::Unreachable(_) | ServerError::Busy { .. } => {
                Self::EnrollsLater { server, reason: error.to_string() }
            }
            ServerError::NotDeskbell(_) | ServerError::Unreadable(_) => Self::NotDeskbell(server),
            ServerError::Refused { kind, detail } => match kind {
                ProblemKind::EnrollmentTokenUnknown
                | ProblemKind::EnrollmentTokenRevoked
                | ProblemKind::EnrollmentTokenExpired
                | ProblemKind::EnrollmentTokenUsedUp
                | ProblemKind::Unauthorized => Self::TokenRefused { server, detail },
                ProblemKind::NotFound
                | ProblemKind::MethodNotAllowed
                | ProblemKind::Forbidden
                | ProblemKind::Invalid
                | ProblemKind::Conflict
                | ProblemKind::OutOfDate
                | ProblemKind::TooManyRequests
                | ProblemKind::WaitingForApproval
                | ProblemKind::AssetRetired
                | ProblemKind::Internal => Self::ServerRefused { server, detail },
            },
        }
    }

    /// What the program ends with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::CannotRun(_)
            | Self::ServiceAway { .. }
            | Self::OddAnswer
            | Self::TokenUnreadable(_)
            | Self::NotDeskbell(_)
            | Self::Files(_)
            | Self::NoBrowser(_)
            | Self::ServiceRuns
            | Self::Unhealthy(_) => FAILED,
            Self::EnrollsLater { .. } => SERVER_UNREACHABLE,
            Self::TokenRefused { .. } | Self::ServerRefused { .. } | Self::PortalRefused(_) => REFUSED,
            Self::Failed { failure, .. } => match failure {
                Failure::NotEnrolled => NOT_ENROLLED,
                Failure::ServerUnreachable => SERVER_UNREACHABLE,
                Failure::NoSuchEntry | Failure::Refused | Failure::Retired | Failure::TooMany => REFUSED,
            },
        }
    }
}
