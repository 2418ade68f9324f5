//! What the agent service says to trays and command lines on its local socket or pipe: newline-delimited JSON, each
//! message one line of at most [`MAX_LINE_BYTES`].

use serde::{Deserialize, Serialize};

use crate::{
    UnixMillis,
    ids::{AssetId, EntryId, ItemId},
    launch::Refusal,
    menu::{AgentState, Menu},
    report::{SessionReport, ShortcutState, TrayState},
};

/// The longest line, in bytes; a longer one ends the connection.
pub const MAX_LINE_BYTES: usize = 1024 * 1024;

/// What a tray or a command line says to the service. Who says it is what the kernel tells of the connection, never a
/// field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ToService {
    /// First line of a tray: from here on the service sends it menus.
    Tray {
        /// The person's language, a BCP 47 tag.
        language: String,
        /// The tray's version.
        version: String,
    },
    /// A tray tells where its icon is.
    TrayState {
        /// Where.
        state: TrayState,
    },
    /// A tray tells what became of the keyboard shortcut; absent where there is none to be had.
    ShortcutState {
        /// What.
        state: Option<ShortcutState>,
    },
    /// A person chose a line of the menu.
    Clicked {
        /// Which.
        item: ItemId,
    },
    /// A command line asks for one [`ToClient::Status`].
    Status,
    /// A command line asks for one [`ToClient::ShowMenu`].
    Menu {
        /// The person's language, a BCP 47 tag.
        language: String,
    },
    /// A command line wants a portal entry opened: one [`ToClient::OpenUrl`] or [`ToClient::Failed`].
    Open {
        /// Which; absent: the first portal entry.
        entry: Option<EntryId>,
    },
}

/// What the service says back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ToClient {
    /// Draw this.
    ShowMenu {
        /// The whole menu.
        menu: Menu,
    },
    /// Show these pictures from here on.
    ShowIcon {
        /// The policy's; absent: Deskbell's own.
        pictures: Option<Pictures>,
    },
    /// Open this in the person's browser.
    OpenUrl {
        /// The link.
        url: String,
        /// Set when the link leads to a page that says why the portal refuses.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refusal: Option<Refusal>,
    },
    /// Put this on the clipboard.
    Copy {
        /// The text.
        text: String,
    },
    /// What was asked for did not happen.
    Failed {
        /// Why.
        failure: Failure,
        /// The MSP's number, as an alternative.
        support_phone: Option<String>,
        /// The MSP's address, as an alternative.
        support_email: Option<String>,
    },
    /// The answer to [`ToService::Status`].
    Status {
        /// Everything that `deskbell-agent status` prints.
        status: Box<Status>,
    },
    /// The tray must end.
    Quit {
        /// Why.
        reason: QuitReason,
    },
}

/// The pictures of an icon, each a PNG of [`crate::icon::ICON_PIXELS`] in base64 (AGT-19).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pictures {
    /// For light desktops, and for dark ones where `dark` is absent.
    pub light: String,
    /// For dark desktops.
    pub dark: Option<String>,
}

/// Why a tray must end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuitReason {
    /// Its session has a tray already.
    AnotherTray,
    /// Its session has ended, or is none of a person.
    NoSession,
    /// The service is of another version: the tray must be started anew from the program that is installed now.
    Outdated,
}

/// Why a click or `open` came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The policy has no such entry.
    NoSuchEntry,
    /// The policy server cannot be reached.
    ServerUnreachable,
    /// The server refuses this agent.
    Refused,
    /// This computer is not enrolled, or waits for approval.
    NotEnrolled,
    /// Staff have retired this computer.
    Retired,
    /// More than 10 in a minute.
    TooMany,
}

/// What an agent knows of itself (AGT-17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// Version of the running service.
    pub version: String,
    /// The policy server's address.
    pub server: Option<String>,
    /// Standing with the server.
    pub state: AgentState,
    /// This computer's id there.
    pub asset_id: Option<AssetId>,
    /// Since when the server is away.
    pub offline_since: Option<UnixMillis>,
    /// What the server or the network said last, when it was no success.
    pub last_error: Option<String>,
    /// The policy hides the tray; absent before the first policy.
    pub hidden_by_policy: Option<bool>,
    /// When the policy in force arrived.
    pub policy_since: Option<UnixMillis>,
    /// Where each session's icon is.
    pub sessions: Vec<SessionReport>,
}
