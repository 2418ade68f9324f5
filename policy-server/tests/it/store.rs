use std::{collections::BTreeSet, sync::Arc};

use deskbell_protocol::Facts;
use deskbell_server::{
    config::Config,
    domain::{
        access::TicketScope,
        asset::{AssetEventKind, AssetState},
        attachment::FileSender,
        audit::{ActorKind, AuditAction},
        ids::{
            AssetEventId, AssetId, AssetSessionId, AssignmentId, AuditRecordId, EndUserId, EnrollmentTokenId,
            OrganizationId, TicketId,
        },
        ticket::{TicketSource, TicketStatus, Urgency},
        ticket_filter::TicketFilter,
    },
    store::{
        Asset, AssetEvent, AssetSession, Assignment, AuditRecord, EndUser, EnrollmentToken, Json, NewTicketRows,
        Organization, Outbox, PageRequest, Store, StoreError, Ticket, launches::LaunchCode,
    },
};
use uuid::Uuid;

use super::DATABASE;
use crate::world::command;

struct Rows {
    store: Store,
    organizations: [OrganizationId; 2],
    assets: [AssetId; 2],
    people: [EndUserId; 2],
    session: AssetSessionId,
    _folder: tempfile::TempDir,
}

fn os_user() -> Json<deskbell_protocol::OsUser> {
    Json(deskbell_protocol::OsUser { name: "jane".into(), domain: String::new(), id: "1".into() })
}

fn token_of(organization_id: OrganizationId, uses_left: Option<i64>) -> EnrollmentToken {
    let id = EnrollmentTokenId(Uuid::now_v7());
    EnrollmentToken {
        id,
        organization_id,
        folder_id: None,
        name: "T".into(),
        token_hash: id.to_string(),
        expires_at: None,
        uses_left,
        needs_approval: false,
        revoked_at: None,
        created_at: 0,
    }
}

fn asset_of(organization_id: OrganizationId, id: AssetId) -> Asset {
    Asset {
        id,
        organization_id,
        folder_id: None,
        name: "A".into(),
        search_key: String::new(),
        state: AssetState::Enrolled,
        fingerprint: String::new(),
        facts: Json(Facts::default()),
        sessions: Json(Vec::new()),
        agent_token_hash: id.to_string(),
        policy_id: None,
        enrolled_at: 0,
        reported_at: None,
        shared_identity_since: None,
        serial_key: String::new(),
        predecessor_id: None,
        site_id: None,
        external_id: None,
    }
}

fn event(asset: AssetId) -> AssetEvent {
    AssetEvent {
        id: AssetEventId(Uuid::now_v7()),
        asset_id: asset,
        kind: AssetEventKind::Enrolled,
        detail: String::new(),
        at: 0,
    }
}

fn record() -> AuditRecord {
    AuditRecord {
        id: AuditRecordId(Uuid::now_v7()),
        at: 0,
        actor_kind: ActorKind::CommandLine,
        actor_id: None,
        action: AuditAction::OrganizationMade,
        subject_id: None,
        detail: "{}".into(),
        request_id: None,
    }
}

impl Rows {
    /// Two organizations, each with an asset and an end user.
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = Config::default();
        config.data.folder = folder.path().to_owned();
        config.database.url = DATABASE.new_url();
        let store = Store::open(&config.database_location().expect("good")).await.expect("a database");
        let organizations = [(); 2].map(|()| OrganizationId(Uuid::now_v7()));
        let assets = [(); 2].map(|()| AssetId(Uuid::now_v7()));
        let people = [(); 2].map(|()| EndUserId(Uuid::now_v7()));
        for n in 0..2 {
            let organization_id = organizations[n];
            let organization = Organization {
                id: organization_id,
                name: n.to_string(),
                search_key: String::new(),
                email: None,
                policy_id: None,
                external_id: None,
                portal_id: None,
                portal_available: true,
                link_enabled: true,
                link_generation: 1,
                created_at: 0,
            };
            store.insert_organization(organization, record()).await.expect("made");
            let person = EndUser {
                id: people[n],
                organization_id,
                name: "P".into(),
                search_key: String::new(),
                email: None,
                phone: None,
                site_id: None,
                language: None,
                external_id: None,
                created_at: 0,
            };
            store.insert_end_user(person, record()).await.expect("made");
            let token = token_of(organization_id, None);
            store.insert_enrollment_token(token.clone(), record()).await.expect("made");
            let asset = asset_of(organization_id, assets[n]);
            let event = vec![event(assets[n])];
            assert!(store.enroll(token.id, asset, event, Outbox::default()).await.expect("made"));
        }
        let session = AssetSessionId(Uuid::now_v7());
        let code = LaunchCode {
            code_hash: "c".into(),
            asset_id: assets[0],
            assignment_id: None,
            os_login_id: None,
            entry_id: "e".into(),
            os_user: os_user(),
            expires_at: 1,
            session_id: None,
        };
        store.insert_launch_code(code, 0).await.expect("made");
        let session_row = AssetSession {
            id: session,
            token_hash: "s".into(),
            asset_id: assets[0],
            assignment_id: None,
            os_login_id: None,
            entry_id: "e".into(),
            os_user: os_user(),
            draft: None,
            created_at: 0,
            used_at: 0,
        };
        assert!(store.begin_asset_session("c", session_row).await.expect("made"));
        Self { store, organizations, assets, people, session, _folder: folder }
    }

    fn assignment(&self, organization: usize, asset: usize, person: usize) -> Assignment {
        Assignment {
            id: AssignmentId(Uuid::now_v7()),
            organization_id: self.organizations[organization],
            asset_id: self.assets[asset],
            end_user_id: self.people[person],
            started_at: 0,
            ended_at: None,
        }
    }

    async fn ticket(&self, organization: usize, asset: usize, person: usize) -> Result<TicketId, StoreError> {
        self.store.insert_ticket(self.new_ticket(organization, asset, person)).await
    }

    fn new_ticket(&self, organization: usize, asset: usize, person: usize) -> NewTicketRows {
        let ticket = Ticket {
            id: TicketId(Uuid::now_v7()),
            number: 0,
            organization_id: self.organizations[organization],
            asset_id: Some(self.assets[asset]),
            requester_id: Some(self.people[person]),
            sender_id: None,
            department_id: None,
            form_id: Uuid::now_v7(),
            source: TicketSource::Tray,
            subject: "S".into(),
            description: "D".into(),
            urgency: Urgency::Low,
            phone: None,
            unverified_name: None,
            unverified_email: None,
            address: None,
            confidential: false,
            status: TicketStatus::New,
            assignee_id: None,
            facts: Json(Facts::default()),
            os_user: os_user(),
            created_at: 0,
            updated_at: 0,
            search_key: String::new(),
        };
        NewTicketRows {
            ticket,
            event: Some(event(self.assets[asset])),
            people: Vec::new(),
            sender: FileSender::Asset(self.assets[asset]),
            draft: Some(self.session),
            attachments: Vec::new(),
            announce: Arc::new(|_, _| Outbox::default()),
        }
    }
}

/// Invariant 1: the database itself refuses a ticket whose organization is not its requester's and its asset's.
#[tokio::test]
async fn the_database_refuses_a_ticket_across_organizations() {
    let rows = Rows::new().await;
    assert!(rows.ticket(0, 0, 0).await.is_ok());
    for (organization, asset, person) in [(0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 0, 1), (1, 1, 0), (0, 1, 1)] {
        let refused = rows.ticket(organization, asset, person).await;
        assert!(matches!(refused, Err(StoreError::NoSuchReference)), "{organization} {asset} {person}: {refused:?}");
    }
    let page = PageRequest { after: None, limit: 10 };
    let all = rows.store.tickets(TicketScope::Automation, &TicketFilter::default(), page).await.expect("read");
    assert_eq!(
        all.items.iter().map(|ticket| ticket.number).collect::<Vec<_>>(),
        [1001],
        "a refused ticket takes no number"
    );
}

/// Invariant 2: the database itself refuses an end user of another organization and a second open assignment.
#[tokio::test]
async fn the_database_refuses_a_foreign_and_a_second_open_assignment() {
    let rows = Rows::new().await;
    for (organization, asset, person) in [(0, 0, 1), (1, 0, 1), (1, 0, 0)] {
        let next = Some(rows.assignment(organization, asset, person));
        let refused = rows.store.reassign(rows.assets[0], next, event(rows.assets[0]), record()).await;
        assert!(matches!(refused, Err(StoreError::NoSuchReference)), "{organization} {asset} {person}");
    }
    rows.store
        .reassign(rows.assets[0], Some(rows.assignment(0, 0, 0)), event(rows.assets[0]), record())
        .await
        .expect("good");
    // Ending the assignments of another asset leaves this one open: the second meets the unique index.
    let second =
        rows.store.reassign(rows.assets[1], Some(rows.assignment(0, 0, 0)), event(rows.assets[0]), record()).await;
    assert!(matches!(second, Err(StoreError::Taken)), "{second:?}");
    assert!(rows.store.open_assignment(rows.assets[0]).await.expect("read").is_some());
}

#[test]
fn programs_that_open_a_new_database_at_once_wait_for_each_other() {
    let (folder, url) = (tempfile::tempdir().expect("a folder"), DATABASE.new_url());
    let outputs: Vec<_> = std::thread::scope(|scope| {
        let started: Vec<_> =
            (0..6).map(|_| scope.spawn(|| command(folder.path(), &url, &["api-token", "create", "tests"]))).collect();
        started.into_iter().map(|thread| thread.join().expect("ran")).collect()
    });
    for output in outputs {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Invariants 1 and 24: tickets that are sent at once share transactions, and each has its own number and its own fate.
#[tokio::test]
async fn tickets_of_one_moment_are_made_together_and_refused_alone() {
    let rows = Rows::new().await;
    let sent = (0..40).map(|n| rows.ticket(0, usize::from(n % 10 == 9), 0));

    let made = futures_util::future::join_all(sent).await;

    let (made, refused): (Vec<_>, Vec<_>) = made.into_iter().partition(Result::is_ok);
    assert!(refused.iter().all(|one| matches!(one, Err(StoreError::NoSuchReference))), "{refused:?}");
    assert_eq!((made.len(), refused.len()), (36, 4));
    let page = PageRequest { after: None, limit: 100 };
    let stored = rows.store.tickets(TicketScope::Staff, &TicketFilter::default(), page).await.expect("a list").items;
    let numbers: BTreeSet<_> = stored.iter().map(|ticket| ticket.number).collect();
    assert_eq!((stored.len(), numbers.len()), (36, 36));
}

/// AGT-11: however many computers enroll at once, a token takes in as many as it may.
#[tokio::test]
async fn computers_that_enroll_at_once_use_a_token_up_to_its_count() {
    let rows = Rows::new().await;
    let token = token_of(rows.organizations[0], Some(5));
    rows.store.insert_enrollment_token(token.clone(), record()).await.expect("made");
    let enrolling = (0..12).map(|_| {
        let asset = asset_of(rows.organizations[0], AssetId(Uuid::now_v7()));
        rows.store.enroll(token.id, asset, Vec::new(), Outbox::default())
    });

    let made = futures_util::future::join_all(enrolling).await;

    assert_eq!(made.into_iter().filter(|made| *made.as_ref().expect("an answer")).count(), 5);
    assert_eq!(rows.store.fleet_assets().await.expect("a list").len(), rows.assets.len() + 5);
}
