//! When to tell the server how this computer is: when that differs from what it was told, a second later, so that
//! changes that come together travel together.

use deskbell_protocol::Report;

use crate::service::pause::Pause;

/// What was reported, and what is on its way.
#[derive(Debug, Default)]
pub struct Reporting {
    told: Option<Report>,
    stage: Stage,
    failures: u32,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Idle,
    Waiting,
    Sending(Box<Report>),
}

impl Reporting {
    /// How long to wait before [`Reporting::take`], if `current` is news and nothing is under way.
    pub fn pause(&mut self, current: &Report) -> Option<Pause> {
        if self.stage != Stage::Idle || self.told.as_ref() == Some(current) {
            return None;
        }
        self.stage = Stage::Waiting;
        Some(if self.failures == 0 { Pause::to_collect() } else { Pause::after_failures(self.failures, None) })
    }

    /// The wait is over: `current` is what to send, unless it is what the server knows already.
    pub fn take(&mut self, current: Report) -> Option<Report> {
        if self.told.as_ref() == Some(&current) {
            self.stage = Stage::Idle;
            return None;
        }
        self.stage = Stage::Sending(Box::new(current.clone()));
        Some(current)
    }

    /// The wait is over and the server is not there to be told.
    pub fn postpone(&mut self) {
        self.stage = Stage::Idle;
    }

    /// The server took it.
    pub fn sent(&mut self) {
        if let Stage::Sending(report) = std::mem::take(&mut self.stage) {
            self.told = Some(*report);
        }
        self.failures = 0;
    }

    /// The server did not take it.
    pub fn failed(&mut self) {
        self.stage = Stage::Idle;
        self.failures = self.failures.saturating_add(1);
    }

    /// The server knows nothing of this computer: it was enrolled anew.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use deskbell_protocol::Facts;

    use super::*;

    fn report(computer: &str) -> Report {
        Report { facts: Facts { computer: computer.to_owned(), ..Facts::default() }, sessions: Vec::new() }
    }

    #[test]
    fn what_changes_while_waiting_travels_with_the_same_report() {
        let mut reporting = Reporting::default();
        assert_eq!(reporting.pause(&report("a")), Some(Pause::to_collect()));
        assert_eq!(reporting.pause(&report("b")), None);
        assert_eq!(reporting.take(report("b")), Some(report("b")));
        reporting.sent();
        assert_eq!(reporting.pause(&report("b")), None);
    }

    #[test]
    fn what_changes_back_while_waiting_is_not_sent() {
        let mut reporting = Reporting::default();
        let _ = reporting.pause(&report("a"));
        let _ = reporting.take(report("a"));
        reporting.sent();
        let _ = reporting.pause(&report("b"));
        assert_eq!(reporting.take(report("a")), None);
        assert_eq!(reporting.pause(&report("b")), Some(Pause::to_collect()));
    }

    #[test]
    fn what_changes_while_sending_is_sent_afterwards() {
        let mut reporting = Reporting::default();
        let _ = reporting.pause(&report("a"));
        let _ = reporting.take(report("a"));
        assert_eq!(reporting.pause(&report("b")), None);
        reporting.sent();
        assert_eq!(reporting.pause(&report("b")), Some(Pause::to_collect()));
    }

    #[test]
    fn a_report_that_was_not_taken_is_sent_again_with_growing_waits() {
        let mut reporting = Reporting::default();
        for failures in 1..4 {
            let _ = reporting.pause(&report("a"));
            let _ = reporting.take(report("a"));
            reporting.failed();
            let pause = reporting.pause(&report("a"));
            assert_eq!(pause, Some(Pause::after_failures(failures, None)));
            reporting.postpone();
        }
    }
}
