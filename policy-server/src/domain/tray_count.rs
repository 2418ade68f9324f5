//! How many sessions have their icon where (AGT-08).

use deskbell_protocol::{SessionReport, TrayState};
use schemars::JsonSchema;
use serde::Serialize;

/// Sessions by where their icon is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TrayCount {
    /// On the screen.
    pub visible: u64,
    /// In Windows 11's overflow.
    pub overflow: u64,
    /// Hidden by policy.
    pub hidden: u64,
    /// On a desktop that shows no icons.
    pub no_tray_host: u64,
    /// Nowhere: the tray process ended.
    pub stopped: u64,
}

impl std::iter::Sum for TrayCount {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |sum, count| Self {
            visible: sum.visible + count.visible,
            overflow: sum.overflow + count.overflow,
            hidden: sum.hidden + count.hidden,
            no_tray_host: sum.no_tray_host + count.no_tray_host,
            stopped: sum.stopped + count.stopped,
        })
    }
}

impl<'a> Extend<&'a SessionReport> for TrayCount {
    fn extend<T: IntoIterator<Item = &'a SessionReport>>(&mut self, sessions: T) {
        for session in sessions {
            *match session.tray {
                TrayState::Visible => &mut self.visible,
                TrayState::Overflow => &mut self.overflow,
                TrayState::Hidden => &mut self.hidden,
                TrayState::NoTrayHost => &mut self.no_tray_host,
                TrayState::Stopped => &mut self.stopped,
            } += 1;
        }
    }
}
