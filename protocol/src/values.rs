//! What the variables of labels, links and copied text stand for on one asset (AGT-05).

use serde::{Deserialize, Serialize};

use crate::template::Variable;

/// The values of one asset: at most 1 KB as JSON. A text that is not known is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Values {
    /// The asset's name as staff see it, such as `PC-042`.
    pub asset: String,
    /// The organization that the asset belongs to.
    pub organization: String,
    /// The end user to whom the asset is assigned.
    pub end_user: String,
    /// The computer's own host name.
    pub computer: String,
    /// The computer's serial number.
    pub serial: String,
    /// Operating system and version.
    pub os: String,
    /// The computer's first address.
    pub ip: String,
    /// The operating system's name of the person at the tray. Never sent by the server: the agent fills it in for each
    /// session.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub user: String,
}

impl Values {
    /// What `variable` stands for here.
    pub fn value(&self, variable: Variable) -> &str {
        match variable {
            Variable::Asset => &self.asset,
            Variable::Organization => &self.organization,
            Variable::EndUser => &self.end_user,
            Variable::Computer => &self.computer,
            Variable::Serial => &self.serial,
            Variable::Os => &self.os,
            Variable::Ip => &self.ip,
            Variable::User => &self.user,
        }
    }
}
