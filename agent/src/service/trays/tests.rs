use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const NEW: &str = "2.0.0";
const OLD: &str = "1.0.0";

fn user(id: &str) -> OsUser {
    OsUser { name: format!("user{id}"), domain: String::new(), id: id.to_owned() }
}

fn desktop(id: &str, user_id: &str) -> Session {
    Session { id: id.to_owned(), user: user(user_id), kind: SessionKind::Person, is_graphical: true, is_closing: false }
}

/// What may happen on a computer that several people use.
#[derive(Debug, Clone)]
enum Step {
    LogOn {
        user: u8,
        kind: SessionKind,
        graphical: bool,
    },
    /// A person locks, unlocks, or switches to another session: nothing about trays.
    LockOrSwitch,
    Disconnect(usize),
    LogOff(usize),
    StartTray {
        session: usize,
        version: &'static str,
        by_service_manager: bool,
    },
    Crash(usize),
    Upgrade,
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![
        6 => Just(SessionKind::Person),
        1 => Just(SessionKind::Greeter),
        1 => Just(SessionKind::Service)
    ];
    let version = prop_oneof![4 => Just(NEW), 1 => Just(OLD)];
    prop_oneof![
        4 => (0..4_u8, kind, any::<bool>()).prop_map(|(user, kind, graphical)| Step::LogOn { user, kind, graphical }),
        1 => Just(Step::LockOrSwitch),
        1 => any::<usize>().prop_map(Step::Disconnect),
        2 => any::<usize>().prop_map(Step::LogOff),
        8 => (any::<usize>(), version, any::<bool>()).prop_map(|(session, version, by_service_manager)| {
            Step::StartTray { session, version, by_service_manager }
        }),
        2 => any::<usize>().prop_map(Step::Crash),
        1 => Just(Step::Upgrade),
    ]
}

/// A computer in the middle of its history. Trays that are told to end do so at once.
#[derive(Debug, Default)]
struct Computer {
    sessions: Vec<Session>,
    trays: Vec<Tray>,
    started: u64,
}

impl Computer {
    fn take(&mut self, step: &Step) {
        match step {
            Step::LogOn { user: number, kind, graphical } => {
                self.started += 1;
                let session = desktop(&format!("c{}", self.started), &number.to_string());
                self.sessions.push(Session { kind: *kind, is_graphical: *graphical, ..session });
            }
            Step::Disconnect(which) => {
                if let Some(session) = pick(*which, &mut self.sessions) {
                    session.is_closing = true;
                }
            }
            Step::LogOff(which) if !self.sessions.is_empty() => {
                self.sessions.remove(which % self.sessions.len());
            }
            Step::StartTray { session, version, by_service_manager } => {
                let Some(session) = pick(*session, &mut self.sessions).cloned() else { return };
                self.started += 1;
                let named = (!by_service_manager).then_some(session.id.as_str());
                let taken = self.trays.iter().map(|tray| tray.place.clone()).collect();
                let place = place(&self.sessions, named, &session.user.id, &taken);
                self.trays.push(Tray { client: ClientId(self.started), place, version: (*version).to_owned() });
            }
            Step::Crash(which) if !self.trays.is_empty() => {
                self.trays.remove(which % self.trays.len());
            }
            Step::LockOrSwitch | Step::LogOff(_) | Step::Crash(_) => {}
            Step::Upgrade => self.trays.iter_mut().for_each(|tray| tray.version = OLD.to_owned()),
        }
    }

    fn obey(&mut self, plan: &Plan) {
        self.trays.retain(|tray| plan.quitting.iter().all(|(client, _)| *client != tray.client));
    }
}

fn pick<T>(which: usize, from: &mut [T]) -> Option<&mut T> {
    let count = from.len();
    from.get_mut(which.checked_rem(count)?)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

    /// AGT-01: whatever happened, each person's session keeps at most one tray, no other session keeps any, every
    /// reason is true, and a session that needs a tray has one or is named.
    #[test]
    fn after_any_history_there_is_one_tray_in_each_persons_session(steps in prop::collection::vec(step(), 1..60)) {
        let mut computer = Computer::default();
        for step in &steps {
            computer.take(step);
            let before = computer.trays.clone();
            let plan = plan(&computer.sessions, &computer.trays, NEW);
            computer.obey(&plan);

            let mut kept: BTreeMap<&Place, u32> = BTreeMap::new();
            for tray in &computer.trays {
                *kept.entry(&tray.place).or_default() += 1;
                prop_assert_eq!(&tray.version, NEW);
            }
            prop_assert!(kept.values().all(|count| *count == 1), "two trays in a session: {:?}", kept);
            for place in kept.keys() {
                let Place::Session(id) = place else { continue };
                let session = computer.sessions.iter().find(|session| session.id == *id);
                let lives = session.is_some_and(|s| s.kind == SessionKind::Person && !s.is_closing);
                prop_assert!(lives, "a tray in no person's session: {:?}", place);
            }
            for (client, reason) in &plan.quitting {
                let Some(tray) = before.iter().find(|tray| tray.client == *client) else { continue };
                match reason {
                    QuitReason::Outdated => prop_assert_eq!(&tray.version, OLD),
                    QuitReason::AnotherTray => prop_assert!(kept.contains_key(&tray.place)),
                    QuitReason::NoSession => prop_assert!(!kept.contains_key(&tray.place)),
                }
            }
            for session in computer.sessions.iter().filter(|session| needs_tray(session)) {
                let has_tray = kept.contains_key(&Place::Session(session.id.clone()));
                prop_assert_eq!(!has_tray, plan.without_tray.contains(session));
            }
            let again = super::plan(&computer.sessions, &computer.trays, NEW);
            prop_assert_eq!(again.quitting, [], "the second look finds something that the first did not");
        }
    }
}

#[test]
fn the_newer_of_two_trays_in_a_session_must_go() {
    let tray =
        |id, place: &str| Tray { client: ClientId(id), place: Place::Session(place.into()), version: NEW.into() };
    let sessions = [desktop("c1", "1000"), desktop("c2", "1000")];
    let plan = plan(&sessions, &[tray(1, "c1"), tray(2, "c1"), tray(3, "c2")], NEW);
    assert_eq!(plan, Plan { quitting: vec![(ClientId(2), QuitReason::AnotherTray)], without_tray: Vec::new() });
}

#[test]
fn a_tray_of_the_users_service_manager_takes_the_desktop_that_has_none() {
    let sessions = [desktop("c1", "1000"), desktop("c2", "1000"), desktop("c3", "1001")];
    let taken = BTreeSet::from([Place::Session("c1".into())]);
    assert_eq!(place(&sessions, None, "1000", &taken), Place::Session("c2".into()));
    assert_eq!(place(&sessions, Some("c1"), "1000", &taken), Place::Session("c1".into()));
    // Somebody else's session does not become one's own by being started from it.
    assert_eq!(place(&sessions, Some("c3"), "1000", &BTreeSet::new()), Place::Session("c1".into()));
    assert_eq!(place(&sessions, Some("c3"), "1002", &BTreeSet::new()), Place::User("1002".into()));
}
