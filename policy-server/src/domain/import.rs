//! Imports: lines of a file that say what organizations, sites, end users, logins and assets there are, and the plan of what
//! that changes. A line says who owns a computer by naming both.
//!
//! An import adds and changes; it takes nothing away: an empty cell leaves what is there. Assets are never made by it, since a
//! computer comes to be by enrolling.

mod book;
mod column;
mod known;
mod plan;
mod planner;
mod said;
mod sheet;

pub use column::Column;
pub use known::{Known, KnownAsset, KnownEndUser, KnownLogin, KnownOrganization, KnownSite};
pub use plan::{
    ChangeAction, FieldChange, Kind, LineRemark, Outcome, Plan, PlannedChange, PlannedLine, Tally, Totals, Written,
};
pub use planner::plan;
pub use sheet::{MAX_BYTES, MAX_LINES, Row, Sheet, SheetWriter, exported, guarded, read};
