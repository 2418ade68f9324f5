use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    time::Duration,
};

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::sync::watch;
use uuid::Uuid;

use super::DATABASE;
use crate::{
    agents::{Agent, enroll_request},
    browsers::{Browser, FORM},
    world::{Database, Msp, World},
};

/// Requests that never stop, and what was acknowledged.
struct Clients<'a> {
    msp: &'a Msp,
    begun: watch::Sender<usize>,
    over: Cell<bool>,
    /// From the description that was sent to the receipt's address.
    receipts: RefCell<BTreeMap<String, String>>,
    agents: RefCell<Vec<Agent<'a>>>,
}

fn rounds() -> usize {
    let long = std::env::var_os("DESKBELL_LONG").is_some();
    match (DATABASE, long) {
        (Database::Sqlite, false) => 50,
        (Database::Sqlite, true) => 1000,
        (Database::Postgres, false) => 10,
        (Database::Postgres, true) => 200,
    }
}

fn below(limit: u128) -> u128 {
    Uuid::new_v4().as_u128() % limit
}

impl<'a> Clients<'a> {
    fn new(msp: &'a Msp) -> Self {
        let (receipts, agents) = (RefCell::default(), RefCell::default());
        Self { msp, begun: watch::Sender::new(0), over: Cell::new(false), receipts, agents }
    }

    fn begin(&self) {
        self.begun.send_modify(|begun| *begun += 1);
    }

    /// Waits until so many more requests have begun.
    async fn go_on_for(&self, requests: usize) {
        let mut begun = self.begun.subscribe();
        let until = *begun.borrow() + requests;
        begun.wait_for(|begun| *begun >= until).await.expect("the sender is here");
    }

    /// Sends one ticket after the other, each until it is acknowledged, and every third once more after that.
    async fn send_tickets(&self, browser: &Browser<'_>, form_for: &str) {
        for n in 0.. {
            if self.over.get() {
                return;
            }
            let description = format!("{form_for} {n}");
            let form_id = Uuid::new_v4().to_string();
            let receipt = self.send_ticket(browser, form_for, &form_id, &description).await;
            if n % 3 == 0 {
                let again = self.send_ticket(browser, form_for, &form_id, &description).await;
                assert_eq!(receipt, again, "one form is one ticket");
            }
            self.receipts.borrow_mut().insert(description, receipt);
        }
    }

    async fn send_ticket(&self, browser: &Browser<'_>, form_for: &str, form_id: &str, description: &str) -> String {
        let fields = [("description", description), ("form_id", form_id), ("form_for", form_for)];
        loop {
            self.begin();
            if let Ok(page) = browser.try_post(FORM, &fields).await {
                assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.html);
                return page.location();
            }
        }
    }

    /// Enrolls one agent after the other; each time, one that was enrolled before asks for its policy.
    async fn enroll(&self) {
        while !self.over.get() {
            self.begin();
            if let Ok(answer) = enroll_request(&self.msp.world, &self.msp.enrollment_token).send().await {
                assert_eq!(answer.status(), StatusCode::CREATED);
                if let Ok(enrolled) = answer.json().await {
                    self.agents.borrow_mut().push(Agent::new(&self.msp.world, enrolled));
                }
            }
            let poll = {
                let agents = self.agents.borrow();
                let one = below(agents.len().max(1) as u128);
                agents.get(usize::try_from(one).expect("small")).map(|agent| agent.poll(None, 0))
            };
            if let Some(poll) = poll
                && let Ok(answer) = poll.send().await
            {
                assert_eq!(answer.status(), StatusCode::OK, "an agent that was enrolled");
            }
        }
    }
}

/// The tickets that are there: description and receipt's address.
async fn tickets(world: &World) -> Vec<(String, String)> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = world.get(&format!("/tickets?limit=200{cursor}")).await;
        found.extend(page["items"].as_array().expect("a list").iter().map(|ticket| {
            let (description, id) = (ticket["description"].as_str(), ticket["id"].as_str());
            (description.expect("text").to_owned(), format!("/my_profile/v2/asset_ticket/{}", id.expect("text")))
        }));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

/// Invariant 24, invariant 21: the server is killed at random points while clients send; each ticket that was
/// acknowledged is there, once, and each agent that was enrolled is known.
#[tokio::test]
async fn what_was_acknowledged_survives_kill_9_at_any_moment() {
    let mut msp = Msp::start(DATABASE).await;
    msp.world.stop().await;
    let msp = msp;
    let mut server = msp.world.program("").await;
    let mut people = Vec::new();
    for _ in 0..4 {
        let browser = Browser::new(&msp.world);
        let form = browser.open(&Agent::of_jane(&msp).await.click().await).await;
        people.push((browser, form.value("input[name=form_for]")));
    }
    let clients = Clients::new(&msp);

    let killing = async {
        for _ in 0..rounds() {
            clients.go_on_for(usize::try_from(below(40)).expect("small")).await;
            tokio::time::sleep(Duration::from_micros(u64::try_from(below(10_000)).expect("small"))).await;
            server.process.kill().await.expect("killed");
            server = msp.world.program("").await;
        }
        clients.over.set(true);
    };
    let sending = join_all(people.iter().map(|(browser, form_for)| clients.send_tickets(browser, form_for)));
    tokio::join!(killing, sending, clients.enroll());

    let (receipts, agents) = (clients.receipts.into_inner(), clients.agents.into_inner());
    let found = tickets(&msp.world).await;
    assert!(receipts.len() > rounds() && agents.len() > rounds() / 2, "hardly anything was acknowledged");
    assert_eq!(found.len(), receipts.len(), "as many as were acknowledged");
    assert_eq!(BTreeMap::from_iter(found), receipts);
    for agent in agents {
        let report = json!({"facts": {"computer": "PC"}, "sessions": []});
        let answer = agent.request(Method::POST, "/report").json(&report).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::NO_CONTENT, "{}", agent.asset);
    }
}
