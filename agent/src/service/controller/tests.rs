use deskbell_protocol::{AssetId, PolicyAnswer, ProblemKind, Refusal, TrayState, ipc::Failure};

use super::*;
use crate::service::trays::SessionKind;

const PARKED: Option<Duration> = Some(Duration::from_secs(50));
const TRAY: ClientId = ClientId(1);

fn jane() -> OsUser {
    OsUser { name: "jane".into(), domain: String::new(), id: "1000".into() }
}

fn begin_tray(language: &str) -> ToService {
    ToService::Tray { language: language.into(), version: VERSION.into() }
}

fn token() -> AgentToken {
    AgentToken("agent-token".into())
}

fn identity() -> Identity {
    let asset_id = AssetId("018f0000-0000-7000-8000-000000000001".parse().expect("an id"));
    Identity { asset_id, agent_token: token(), fingerprint: "f".into() }
}

fn answer(title: &str) -> PolicyAnswer {
    serde_json::from_value(serde_json::json!({
        "policy": {
            "hide_tray": false,
            "support": {"name": title, "phone": "+1 555", "email": null},
            "menu": [
                {"id": "portal", "type": "portal", "label": {"text": "Portal", "translations": {"de": "Hilfe"}}},
                {"id": "kb", "type": "link", "label": {"text": "Handbook"}, "url": "https://kb.example/{{user}}"},
                {"id": "copy", "type": "copy", "label": {"text": "Copy"}, "text": "{{asset}} {{user}}"},
                {"id": "line", "type": "separator"}
            ]
        },
        "values": {"asset": "PC-042"}
    }))
    .expect("a policy")
}

fn cached(title: &str) -> CachedPolicy {
    CachedPolicy { answer: answer(title), etag: "\"1\"".into(), since: 0 }
}

fn refused(kind: ProblemKind) -> ServerError {
    ServerError::Refused { kind, detail: "because".into() }
}

fn away() -> ServerError {
    ServerError::Unreachable("connection refused".into())
}

fn answered(reply: Result<PolicyReply, ServerError>, parked: Option<Duration>, seconds: u64) -> Event {
    Event::PolicyAnswered { reply, parked, took: Duration::from_secs(seconds) }
}

fn new_policy(title: &str) -> Event {
    let reply = PolicyReply::New { answer: Box::new(answer(title)), etag: format!("\"{title}\"") };
    answered(Ok(reply), None, 0)
}

fn request(wait: Option<Duration>, etag: &str) -> Effect {
    Effect::RequestPolicy { token: token(), etag: Some(etag.to_owned()), wait }
}

fn backoff(failures: u32) -> Effect {
    Effect::Pause(Pause::after_failures(failures, None))
}

fn loaded(identity: Option<Identity>, policy: Option<CachedPolicy>) -> Event {
    Event::Loaded(Loaded { server: Some("https://x.example/".into()), identity, policy, ..Loaded::default() }.into())
}

/// An enrolled agent with a policy, parked at the server, with jane's German tray that shows its menu.
fn at_work() -> Controller {
    let mut agent = Controller::default();
    for event in [
        loaded(Some(identity()), Some(cached("a"))),
        answered(Ok(PolicyReply::Unchanged), None, 0),
        Event::ReportDue,
        Event::ReportAnswered(Ok(())),
        Event::ClientJoined(TRAY, Peer { user: jane(), session: None }),
        Event::ClientSaid(TRAY, begin_tray("de")),
    ] {
        let _ = agent.handle(0, event);
    }
    agent
}

/// What `effects` show on the tray, and the rest.
fn shown(effects: Vec<Effect>) -> (Option<Menu>, Vec<Effect>) {
    let mut menu = None;
    let rest = effects.into_iter().filter_map(|effect| match effect {
        Effect::Send(TRAY, ToClient::ShowMenu { menu: new }) => {
            menu = Some(new);
            None
        }
        other => Some(other),
    });
    let rest = rest.collect();
    (menu, rest)
}

fn click(agent: &mut Controller, item: &str) -> Vec<Effect> {
    agent.handle(0, Event::ClientSaid(TRAY, ToService::Clicked { item: item.parse().expect("an item") }))
}

fn failed(failure: Failure) -> Effect {
    Effect::Send(TRAY, ToClient::Failed { failure, support_phone: Some("+1 555".into()), support_email: None })
}

#[test]
fn without_an_identity_the_agent_enrolls_and_then_asks_for_the_policy() {
    let mut agent = Controller::default();
    assert_eq!(agent.handle(0, loaded(None, None)), [Effect::ReadFacts, Effect::Enroll]);

    let effects = agent.handle(0, Event::Enrolled(identity(), EnrollState::Enrolled));

    let first = Effect::RequestPolicy { token: token(), etag: None, wait: None };
    assert_eq!(effects, [Effect::SaveIdentity(identity()), first]);
    assert_eq!(agent.status().state, AgentState::Enrolled);
}

#[test]
fn without_a_server_the_agent_rests_and_says_why() {
    let mut agent = Controller::default();
    assert_eq!(agent.handle(0, Event::Loaded(Box::default())), [Effect::ReadFacts, Effect::Rest]);
    assert!(agent.status().last_error.expect("a reason").contains("no server"));
}

/// AGT-11: a token that is not taken is a clear reason, and the agent tries again with growing waits.
#[test]
fn an_enrollment_that_fails_is_repeated_with_growing_waits() {
    let mut agent = Controller::default();
    let _ = agent.handle(0, loaded(None, None));
    let revoked = || Event::EnrollmentFailed(refused(ProblemKind::EnrollmentTokenRevoked).into());

    assert_eq!(agent.handle(0, revoked()), [backoff(1)]);
    assert_eq!(agent.handle(0, Event::PauseEnded), [Effect::Enroll]);
    assert_eq!(agent.handle(0, revoked()), [backoff(2)]);

    let status = agent.status();
    assert_eq!(status.state, AgentState::NotEnrolled);
    assert!(status.last_error.expect("a reason").contains("because"));
}

#[test]
fn an_enrollment_that_finds_the_server_away_says_since_when() {
    let mut agent = Controller::default();
    let _ = agent.handle(1, loaded(None, None));
    assert_eq!(agent.handle(2, Event::EnrollmentFailed(away().into())), [backoff(1)]);
    assert_eq!(agent.status().offline_since, Some(2));
}

#[test]
fn an_identity_that_could_not_be_saved_is_saved_with_the_next_answer_and_never_lost() {
    let mut agent = Controller::default();
    let _ = agent.handle(0, loaded(None, None));
    let _ = agent.handle(0, Event::Enrolled(identity(), EnrollState::Enrolled));
    let _ = agent.handle(0, Event::IdentityNotSaved("no space".into()));
    assert_eq!(agent.status().last_error.as_deref(), Some("no space"));

    let effects = agent.handle(0, new_policy("a"));
    assert!(effects.contains(&Effect::SaveIdentity(identity())), "{effects:?}");

    let _ = agent.handle(0, Event::IdentitySaved);
    let effects = agent.handle(0, answered(Ok(PolicyReply::Unchanged), PARKED, 50));
    assert!(!effects.contains(&Effect::SaveIdentity(identity())), "{effects:?}");
}

#[test]
fn a_policy_that_could_not_be_saved_is_in_force_and_saved_with_a_later_answer() {
    let mut agent = at_work();
    let _ = agent.handle(0, new_policy("b"));
    let _ = agent.handle(0, Event::PolicyNotSaved("no space".into()));
    assert_eq!(agent.status().last_error.as_deref(), Some("no space"));
    let is_save = |effect: &Effect| matches!(effect, Effect::SavePolicy(_));

    let effects = agent.handle(0, answered(Ok(PolicyReply::Unchanged), PARKED, 50));
    assert!(effects.iter().any(is_save), "{effects:?}");

    let _ = agent.handle(0, Event::PolicySaved);
    let effects = agent.handle(0, answered(Ok(PolicyReply::Unchanged), PARKED, 50));
    assert!(!effects.iter().any(is_save), "{effects:?}");
    assert_eq!(agent.status().last_error, None);
}

/// AGT-06: the cached policy's menu is there before the server is.
#[test]
fn the_cached_menu_is_shown_at_once_and_says_since_when_the_server_is_away() {
    let mut agent = Controller::default();
    let effects = agent.handle(1, loaded(Some(identity()), Some(cached("a"))));
    assert_eq!(effects, [Effect::ReadFacts, request(None, "\"1\"")]);
    let _ = agent.handle(2, Event::ClientJoined(TRAY, Peer { user: jane(), session: None }));
    let (menu, _) = shown(agent.handle(3, Event::ClientSaid(TRAY, begin_tray("en"))));
    assert_eq!(menu.expect("a menu").title, "a");

    let (menu, rest) = shown(agent.handle(4, answered(Err(away()), None, 0)));

    let json = serde_json::to_string(&menu).expect("serializes");
    assert!(json.contains(r#"{"kind":"offline","since":4}"#) && json.contains("call_support"), "{json}");
    assert_eq!(rest, [backoff(1)]);
    assert_eq!(agent.status().offline_since, Some(4));
}

#[test]
fn the_menu_says_since_the_first_failure_and_is_whole_again_when_the_server_is_back() {
    let mut agent = at_work();
    let _ = agent.handle(10, answered(Err(away()), None, 0));
    assert_eq!(agent.handle(11, Event::PauseEnded), [request(None, "\"1\"")]);
    assert_eq!(agent.handle(20, answered(Err(away()), None, 0)), [backoff(2)]);
    assert_eq!(agent.status().offline_since, Some(10));

    let (menu, rest) = shown(agent.handle(30, answered(Ok(PolicyReply::Unchanged), None, 0)));

    assert!(!serde_json::to_string(&menu.expect("a menu")).expect("serializes").contains("offline"));
    assert_eq!(rest, [Effect::ReadFacts, request(PARKED, "\"1\"")]);
    assert_eq!((agent.status().offline_since, agent.status().last_error), (None, None));
}

/// AGT-03: a policy that arrives is on the menu at once.
#[test]
fn a_new_policy_is_saved_and_shown_and_the_next_one_waited_for() {
    let mut agent = at_work();
    let (menu, rest) = shown(agent.handle(7, new_policy("b")));
    assert_eq!(menu.expect("a menu").title, "b");
    let policy = CachedPolicy { answer: answer("b"), etag: "\"b\"".into(), since: 7 };
    assert_eq!(rest, [Effect::ReadFacts, Effect::SavePolicy(policy), request(PARKED, "\"b\"")]);
}

#[test]
fn a_whole_wait_lengthens_the_next_one() {
    let mut agent = at_work();
    let effects = agent.handle(0, answered(Ok(PolicyReply::Unchanged), PARKED, 50));
    assert_eq!(effects, [Effect::ReadFacts, request(Some(Duration::from_secs(75)), "\"1\"")]);
}

#[test]
fn a_cut_wait_is_tried_again_at_once_and_shortens_the_next_one_without_being_offline() {
    for error in [away(), ServerError::Busy { status: 504, retry_after: None }] {
        let mut agent = at_work();
        assert_eq!(agent.handle(0, answered(Err(error), PARKED, 30)), [request(None, "\"1\"")]);
        assert_eq!(agent.status().offline_since, None);
        let effects = agent.handle(0, answered(Ok(PolicyReply::Unchanged), None, 0));
        assert_eq!(effects, [Effect::ReadFacts, request(Some(Duration::from_secs(25)), "\"1\"")]);
    }
}

#[test]
fn a_server_that_does_not_wait_is_not_asked_without_a_pause() {
    let mut agent = at_work();
    for failures in 1..4 {
        let effects = agent.handle(0, answered(Ok(PolicyReply::Unchanged), PARKED, 0));
        assert_eq!(effects, [Effect::ReadFacts, backoff(failures)]);
        assert_eq!(agent.handle(0, Event::PauseEnded), [request(PARKED, "\"1\"")]);
    }
}

#[test]
fn the_servers_wish_to_come_back_later_is_honored() {
    let mut agent = at_work();
    let retry_after = Some(Duration::from_secs(90));
    let (_, rest) = shown(agent.handle(0, answered(Err(ServerError::Busy { status: 503, retry_after }), None, 0)));
    assert_eq!(rest, [Effect::Pause(Pause::after_failures(1, retry_after))]);
}

#[test]
fn a_policy_that_cannot_be_understood_leaves_the_last_one_in_force() {
    let mut agent = at_work();
    let (menu, rest) = shown(agent.handle(0, answered(Err(ServerError::Unreadable("nonsense".into())), None, 0)));
    assert_eq!((menu, rest), (None, vec![backoff(1)]));
    assert!(agent.status().last_error.expect("a reason").contains("nonsense"));
    assert_eq!(agent.status().hidden_by_policy, Some(false));
}

/// AGT-11: unknown to the server is a state of its own: the menu stays without the portal, and a new token is tried.
#[test]
fn a_refused_agent_keeps_its_menu_without_the_portal_and_tries_to_enroll() {
    let mut agent = at_work();
    let (menu, rest) = shown(agent.handle(0, answered(Err(refused(ProblemKind::Unauthorized)), PARKED, 9)));
    let json = serde_json::to_string(&menu.expect("a menu")).expect("serializes");
    assert!(!json.contains("Hilfe") && json.contains("Handbook"), "{json}");
    assert_eq!(rest, [Effect::Enroll]);
    assert_eq!(agent.status().state, AgentState::Refused);

    assert_eq!(agent.handle(0, Event::EnrollmentFailed(EnrollmentFailure::NoToken)), [request(None, "\"1\"")]);
    assert_eq!(agent.handle(0, answered(Err(refused(ProblemKind::Unauthorized)), None, 0)), [backoff(1)]);
    assert_eq!(agent.handle(0, Event::PauseEnded), [Effect::Enroll]);
    assert_eq!(agent.status().last_error.as_deref(), Some("because"));
}

/// AGT-11: waiting for approval is a state of its own; the approval arrives without another request.
#[test]
fn an_agent_that_waits_for_approval_shows_nothing_and_stays_parked() {
    let mut agent = at_work();
    let waiting = || Err(refused(ProblemKind::WaitingForApproval));
    let (menu, rest) = shown(agent.handle(0, answered(waiting(), None, 0)));
    assert!(!menu.expect("a menu").visible);
    assert_eq!(rest, [Effect::ReadFacts, request(PARKED, "\"1\"")]);
    assert_eq!(agent.status().state, AgentState::WaitingForApproval);

    let effects = agent.handle(0, answered(waiting(), PARKED, 50));
    assert_eq!(effects, [Effect::ReadFacts, request(PARKED, "\"1\"")]);
    let effects = agent.handle(0, answered(waiting(), PARKED, 0));
    assert_eq!(effects, [Effect::ReadFacts, backoff(1)]);
}

/// AGT-11: retired is a state of its own: no tray, and one question an hour.
#[test]
fn a_retired_agent_shows_nothing_and_is_dormant() {
    let mut agent = at_work();
    let (menu, rest) = shown(agent.handle(0, answered(Err(refused(ProblemKind::AssetRetired)), PARKED, 9)));
    assert!(!menu.expect("a menu").visible);
    assert_eq!(rest, [Effect::Pause(Pause::dormant())]);
    assert_eq!(agent.status().state, AgentState::Retired);
    assert_eq!(agent.handle(0, Event::PauseEnded), [request(None, "\"1\"")]);
}

#[test]
fn a_page_of_something_else_retires_nothing_and_counts_as_away() {
    let mut agent = at_work();
    let _ = agent.handle(5, answered(Err(ServerError::NotDeskbell("https://x.example/".into())), None, 0));
    assert_eq!((agent.status().state, agent.status().offline_since), (AgentState::Enrolled, Some(5)));
}

/// AGT-10: the requester is whom the kernel named.
#[test]
fn a_click_on_the_portal_asks_for_a_launch_and_the_link_goes_to_that_tray() {
    let mut agent = at_work();
    let launch = LaunchRequest { entry: "portal".parse().expect("an id"), os_user: jane() };
    assert_eq!(click(&mut agent, "portal"), [Effect::RequestLaunch(TRAY, token(), launch)]);

    let url = "https://portal.example/launch/x";
    let response = LaunchResponse { url: url.parse().expect("a link"), refusal: Some(Refusal::NoEndUser) };
    let effects = agent.handle(0, Event::LaunchAnswered(TRAY, Ok(response)));
    let refusal = Some(Refusal::NoEndUser);
    assert_eq!(effects, [Effect::Send(TRAY, ToClient::OpenUrl { url: url.into(), refusal })]);
}

/// AGT-05: links and copied texts are filled in for the person who clicks, without the server.
#[test]
fn links_and_texts_are_filled_in_locally_for_the_person_who_clicks() {
    let mut agent = at_work();
    let url = "https://kb.example/jane".to_owned();
    assert_eq!(click(&mut agent, "kb"), [Effect::Send(TRAY, ToClient::OpenUrl { url, refusal: None })]);
    let text = "PC-042 jane".to_owned();
    assert_eq!(click(&mut agent, "copy"), [Effect::Send(TRAY, ToClient::Copy { text })]);
    assert_eq!(click(&mut agent, "gone"), []);
}

#[test]
fn the_eleventh_launch_in_a_minute_is_refused_with_the_msps_number() {
    let mut agent = at_work();
    for _ in 0..10 {
        assert!(matches!(click(&mut agent, "portal").as_slice(), [Effect::RequestLaunch(..)]));
    }
    assert_eq!(click(&mut agent, "portal"), [failed(Failure::TooMany)]);
}

#[test]
fn a_launch_that_fails_is_explained() {
    for (error, failure) in [
        (away(), Failure::ServerUnreachable),
        (refused(ProblemKind::NotFound), Failure::NoSuchEntry),
        (refused(ProblemKind::Unauthorized), Failure::Refused),
        (refused(ProblemKind::AssetRetired), Failure::Retired),
        (refused(ProblemKind::WaitingForApproval), Failure::NotEnrolled),
        (ServerError::Busy { status: 429, retry_after: None }, Failure::TooMany),
        (ServerError::Unreadable("the launch link is not https".into()), Failure::ServerUnreachable),
    ] {
        assert_eq!(at_work().handle(0, Event::LaunchAnswered(TRAY, Err(error))), [failed(failure)]);
    }
}

/// AGT-18: `open` without an entry takes the first portal entry, also for somebody without a tray.
#[test]
fn open_takes_the_first_portal_entry_and_explains_why_it_cannot() {
    let open = |agent: &mut Controller, entry: Option<&str>| {
        let entry = entry.map(|entry| entry.parse().expect("an id"));
        agent.handle(0, Event::ClientSaid(TRAY, ToService::Open { entry }))
    };
    assert!(
        matches!(open(&mut at_work(), None).as_slice(), [Effect::RequestLaunch(TRAY, _, launch)] if launch.entry.as_str() == "portal")
    );
    assert_eq!(open(&mut at_work(), Some("line")), [failed(Failure::NoSuchEntry)]);

    let mut agent = at_work();
    let _ = agent.handle(0, answered(Err(refused(ProblemKind::AssetRetired)), None, 0));
    assert_eq!(open(&mut agent, None), [failed(Failure::Retired)]);
}

fn icon(digit: &str) -> IconHash {
    digit.repeat(64).parse().expect("a hash")
}

/// The policy "b", with this icon.
fn policy_with_icon(digit: &str) -> Event {
    let mut answer = answer("b");
    answer.policy.icons = Some(Icons { light: icon(digit), dark: None });
    answered(Ok(PolicyReply::New { answer: Box::new(answer), etag: format!("\"{digit}\"") }), None, 0)
}

fn pictures(effects: &[Effect]) -> Vec<Option<String>> {
    let pictures = effects.iter().filter_map(|effect| match effect {
        Effect::Send(TRAY, ToClient::ShowIcon { pictures }) => Some(pictures.clone().map(|pictures| pictures.light)),
        _ => None,
    });
    pictures.collect()
}

/// AGT-19: fetched once, kept, shown; with the next policy the default until its icon is here.
#[test]
fn a_policys_icon_is_fetched_once_and_shown() {
    let mut agent = at_work();
    assert!(agent.handle(0, policy_with_icon("a")).contains(&Effect::FetchIcon(token(), icon("a"))));
    let _ = agent.handle(0, Event::PolicySaved);
    assert_eq!(agent.handle(0, answered(Ok(PolicyReply::Unchanged), PARKED, 50)).len(), 2);

    let effects = agent.handle(0, Event::IconFetched(icon("a"), Ok(vec![1])));

    let icons = Icons { light: icon("a"), dark: None };
    assert!(effects.contains(&Effect::SaveIcon { icons, hash: icon("a"), png: vec![1] }), "{effects:?}");
    assert_eq!(pictures(&effects), [Some("AQ==".into())]);
    let effects = agent.handle(0, policy_with_icon("b"));
    assert_eq!(pictures(&effects), [None]);
    assert!(effects.contains(&Effect::FetchIcon(token(), icon("b"))));
}

#[test]
fn an_icon_that_cannot_be_had_leaves_the_default_and_is_tried_again() {
    let mut agent = at_work();
    let _ = agent.handle(0, policy_with_icon("a"));
    let effects = agent.handle(0, Event::IconFetched(icon("a"), Err(refused(ProblemKind::NotFound))));
    assert_eq!(effects, [Effect::PauseIcon(Pause::after_failures(1, None))]);
    assert_eq!(agent.handle(0, Event::IconDue), [Effect::FetchIcon(token(), icon("a"))]);
}

#[test]
fn an_icon_of_a_policy_that_is_gone_is_not_kept() {
    let mut agent = at_work();
    let _ = agent.handle(0, policy_with_icon("a"));
    let _ = agent.handle(0, new_policy("c"));
    assert_eq!(agent.handle(0, Event::IconFetched(icon("a"), Ok(vec![1]))), []);
}

#[test]
fn with_the_server_away_the_kept_icon_is_shown_and_none_is_fetched() {
    let mut agent = Controller::default();
    let mut policy = cached("a");
    policy.answer.policy.icons = Some(Icons { light: icon("a"), dark: None });
    let server = Some("https://x.example/".into());
    let icons = [(icon("a"), vec![1])].into();
    let kept = Loaded { server, hidden_at_first: true, identity: Some(identity()), policy: Some(policy), icons };
    let _ = agent.handle(0, Event::Loaded(kept.into()));
    let _ = agent.handle(0, Event::ClientJoined(TRAY, Peer { user: jane(), session: None }));
    let effects = agent.handle(0, Event::ClientSaid(TRAY, begin_tray("en")));
    assert_eq!(pictures(&effects), [Some("AQ==".into())]);
    assert!(
        matches!(effects.first(), Some(Effect::Send(_, ToClient::ShowIcon { .. }))),
        "before the menu: {effects:?}"
    );
    assert_eq!(agent.handle(0, answered(Err(away()), None, 0)).len(), 2);
}

/// AGT-08: what a tray tells about its icon reaches the server.
#[test]
fn a_trays_state_is_reported_and_so_is_its_end() {
    let mut agent = at_work();
    let sessions = |effects: &[Effect]| match effects {
        [Effect::SendReport(_, report)] => report.sessions.iter().map(|session| session.tray).collect::<Vec<_>>(),
        other => panic!("no report: {other:?}"),
    };
    let state = TrayState::Visible;
    let effects = agent.handle(0, Event::ClientSaid(TRAY, ToService::TrayState { state }));
    assert_eq!(effects, [Effect::PauseReport(Pause::to_collect())]);
    assert_eq!(sessions(&agent.handle(0, Event::ReportDue)), [TrayState::Visible]);
    assert_eq!(agent.handle(0, Event::ReportAnswered(Ok(()))), []);

    assert_eq!(agent.handle(0, Event::ClientLeft(TRAY)), [Effect::PauseReport(Pause::to_collect())]);
    assert_eq!(sessions(&agent.handle(0, Event::ReportDue)), [TrayState::Stopped]);
}

#[test]
fn reports_wait_for_the_server_to_be_back() {
    let mut agent = at_work();
    let _ = agent.handle(0, answered(Err(away()), None, 0));
    let state = TrayState::Visible;
    assert_eq!(agent.handle(0, Event::ClientSaid(TRAY, ToService::TrayState { state })), []);
    let effects = agent.handle(0, answered(Ok(PolicyReply::Unchanged), None, 0));
    assert!(effects.contains(&Effect::PauseReport(Pause::to_collect())), "{effects:?}");
}

#[test]
fn changed_facts_are_reported() {
    let mut agent = at_work();
    let effects = agent.handle(0, Event::FactsRead(Facts { computer: "pc".into(), ..Facts::default() }));
    assert_eq!(effects, [Effect::PauseReport(Pause::to_collect())]);
}

/// AGT-01, AGT-16: where the service starts trays, a session that has none gets one, and when it has, no other.
#[test]
fn a_session_without_a_tray_gets_one_where_the_service_starts_them() {
    let session =
        Session { id: "1".into(), user: jane(), kind: SessionKind::Person, is_graphical: true, is_closing: false };
    let mut agent = Controller::keeping_trays();
    let effects = agent.handle(0, Event::SessionsChanged(Some(vec![session])));
    assert!(matches!(effects.as_slice(), [Effect::PauseTrays(_)]), "{effects:?}");
    assert_eq!(agent.handle(3000, Event::TraysDue)[0], Effect::StartTrays(vec!["1".into()]));

    let _ = agent.handle(3100, Event::ClientJoined(TRAY, Peer { user: jane(), session: Some("1".into()) }));
    let _ = agent.handle(3100, Event::ClientSaid(TRAY, begin_tray("en")));
    assert_eq!(agent.handle(9000, Event::TraysDue), []);

    let effects = agent.handle(90_000, Event::ClientLeft(TRAY));
    assert!(matches!(effects.as_slice(), [Effect::PauseTrays(_)]), "{effects:?}");
}
