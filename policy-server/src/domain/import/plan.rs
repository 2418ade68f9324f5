//! What an import would change, line by line.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    column::Column,
    known::{KnownAsset, KnownEndUser, KnownLogin, KnownOrganization, KnownSite},
};

/// What an import would change. Each line is named once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// One for each line, in their order.
    pub lines: Vec<PlannedLine>,
    /// How many of what.
    pub totals: Totals,
    /// The organizations that are made or changed.
    pub organizations: Vec<Written<KnownOrganization>>,
    /// The sites that are made or changed.
    pub sites: Vec<Written<KnownSite>>,
    /// The end users who are made or changed.
    pub end_users: Vec<Written<KnownEndUser>>,
    /// The logins that are made.
    pub logins: Vec<Written<KnownLogin>>,
    /// The assets that are changed.
    pub assets: Vec<Written<KnownAsset>>,
}

/// A thing that is made or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T> {
    /// What it was; absent: it is made.
    pub before: Option<T>,
    /// What it becomes.
    pub now: T,
}

/// What comes of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlannedLine {
    /// Its number.
    pub line: usize,
    /// What comes of it as a whole.
    pub outcome: Outcome,
    /// What it makes and changes; nothing where it is refused. What several lines say stands at the one that is about it, else
    /// at the first.
    pub changes: Vec<PlannedChange>,
    /// Why it is refused.
    pub faults: Vec<LineRemark>,
    /// What else staff should know.
    pub notes: Vec<LineRemark>,
}

/// What comes of a line as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Something is made.
    Made,
    /// Something is changed.
    Changed,
    /// Everything is so already.
    Unchanged,
    /// Something is wrong with it.
    Refused,
}

impl Outcome {
    /// As it stands on pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::Made => "Makes",
            Self::Changed => "Changes",
            Self::Unchanged => "Unchanged",
            Self::Refused => "Refused",
        }
    }
}

/// Something that a line makes or changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlannedChange {
    /// What kind of thing.
    pub kind: Kind,
    /// Made or changed.
    pub action: ChangeAction,
    /// Which one, unless it is made.
    pub id: Option<Uuid>,
    /// What it is called.
    pub name: String,
    /// What becomes of each of its fields.
    pub fields: Vec<FieldChange>,
}

/// Kinds of things that lines are about, from the most general.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An organization.
    Organization,
    /// A site.
    Site,
    /// An end user.
    EndUser,
    /// A login of an operating system.
    OsLogin,
    /// An asset.
    Asset,
}

impl Kind {
    /// As it stands in sentences.
    pub fn title(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Site => "site",
            Self::EndUser => "end user",
            Self::OsLogin => "login",
            Self::Asset => "asset",
        }
    }
}

/// What becomes of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeAction {
    /// There is none yet.
    Make,
    /// Some fields differ.
    Change,
}

impl ChangeAction {
    /// As it stands on pages, before what it is done to.
    pub fn title(self) -> &'static str {
        match self {
            Self::Make => "New",
            Self::Change => "Changed",
        }
    }
}

/// What becomes of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FieldChange {
    /// Which one.
    pub column: Column,
    /// What is there.
    pub before: Option<String>,
    /// What will be there.
    pub after: String,
}

/// Something about a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LineRemark {
    /// Which column it is about; absent: the line as a whole.
    pub column: Option<Column>,
    /// What is wrong and what would be right, or what is to be known.
    pub detail: String,
}

/// How many of what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// Lines that make something.
    pub made: usize,
    /// Lines that change something.
    pub changed: usize,
    /// Lines that say what is so already.
    pub unchanged: usize,
    /// Lines that are refused.
    pub refused: usize,
    /// Lines about computers that have not enrolled.
    pub not_enrolled: usize,
    /// Organizations.
    pub organizations: Tally,
    /// Sites.
    pub sites: Tally,
    /// End users.
    pub end_users: Tally,
    /// Logins.
    pub os_logins: Tally,
    /// Assets.
    pub assets: Tally,
    /// How many of the assets go to another end user.
    pub assignments: usize,
}

/// How many things of a kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tally {
    /// Are made.
    pub made: usize,
    /// Are changed.
    pub changed: usize,
}

impl Plan {
    /// Whether a line is refused, and so all of it.
    pub fn is_refused(&self) -> bool {
        self.totals.refused > 0
    }

    /// Whether everything is as the file says already.
    pub fn changes_nothing(&self) -> bool {
        self.totals.made + self.totals.changed == 0
    }
}

impl Written<KnownAsset> {
    /// Whether it goes to another end user.
    pub fn is_reassigned(&self) -> bool {
        self.before.as_ref().is_none_or(|before| before.end_user != self.now.end_user)
    }

    /// Whether something else about it changes.
    pub fn is_changed_itself(&self) -> bool {
        let before = |before: &KnownAsset| KnownAsset { end_user: self.now.end_user, ..before.clone() };
        self.before.as_ref().is_none_or(|asset| before(asset) != self.now)
    }
}

impl LineRemark {
    /// About a column.
    pub(super) fn of(column: Column, detail: impl Into<String>) -> Self {
        Self { column: Some(column), detail: detail.into() }
    }
}

impl Tally {
    /// Of what is written.
    pub(super) fn of<T>(written: &[Written<T>]) -> Self {
        let made = written.iter().filter(|each| each.before.is_none()).count();
        Self { made, changed: written.len() - made }
    }
}
