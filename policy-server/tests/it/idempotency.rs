//! Requests that are sent again.

use std::{cell::RefCell, collections::BTreeSet, time::Duration};

use deskbell_server::{
    config::Config,
    domain::{
        idempotency::LEASE,
        ids::{ApiTokenId, IdempotentRequestId},
    },
    secrets,
    store::{
        IdempotentRequest, Store,
        idempotency::{KeptAnswer, Reservation},
    },
};
use futures_util::future::join_all;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::DATABASE;
use crate::{
    agents::problem,
    world::{Database, Msp, World},
};

async fn post(world: &World, path: &str, key: &str, body: &Value) -> reqwest::Result<Response> {
    let request = world.client.post(format!("{}/api/v1{path}", world.origin)).bearer_auth(&world.api_token);
    request.header("Idempotency-Key", key).json(body).send().await
}

/// Status, whether it was given before, and body.
async fn answer(world: &World, path: &str, key: &str, body: &Value) -> (StatusCode, bool, Value) {
    let answer = post(world, path, key, body).await.expect("an answer");
    let replayed = answer.headers().contains_key("idempotency-replayed");
    (answer.status(), replayed, answer.json().await.expect("JSON"))
}

async fn count(world: &World, path: &str) -> usize {
    world.get(path).await["items"].as_array().expect("a list").len()
}

#[tokio::test]
async fn a_request_that_is_sent_again_makes_one_thing_and_gets_the_same_answer() {
    let world = World::start(DATABASE).await;
    let contoso = json!({"name": "Contoso"});
    let first = answer(&world, "/organizations", "one", &contoso).await;
    assert_eq!((first.0, first.1), (StatusCode::CREATED, false));
    assert_eq!(
        answer(&world, "/organizations", "\"one\"", &contoso).await,
        (StatusCode::CREATED, true, first.2.clone())
    );
    assert_eq!(count(&world, "/organizations").await, 1);

    for (path, body) in [("/organizations", json!({"name": "Fabrikam"})), ("/policies", contoso.clone())] {
        let other = post(&world, path, "one", &body).await.expect("an answer");
        assert_eq!(other.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(problem(other).await.detail.contains("came with another request"));
    }
    let made = world.done(Method::POST, "/api-tokens", json!({"name": "other", "role": "technician"})).await;
    let other = world.client.post(format!("{}/api/v1/organizations", world.origin));
    let other = other.bearer_auth(made["token"].as_str().expect("a token")).header("Idempotency-Key", "one");
    let other = other.json(&json!({"name": "Fabrikam"})).send().await.expect("an answer");
    assert_eq!(other.status(), StatusCode::CREATED, "the key is each program's own");

    world.clock.advance(Duration::from_hours(24) + Duration::from_millis(1));
    let next_day = answer(&world, "/organizations", "one", &json!({"name": "Next day"})).await;
    assert_eq!((next_day.0, next_day.1), (StatusCode::CREATED, false), "a key is known for a day");
    for bad in [String::new(), "a b".into(), "x".repeat(256)] {
        let refused = post(&world, "/organizations", &bad, &contoso).await.expect("an answer");
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{bad:?}");
    }
}

#[tokio::test]
async fn a_request_that_was_refused_may_be_sent_better_under_its_key() {
    let world = World::start(DATABASE).await;
    let nameless = answer(&world, "/organizations", "one", &json!({"name": " "})).await;
    assert_eq!(nameless.0, StatusCode::UNPROCESSABLE_ENTITY);
    let named = answer(&world, "/organizations", "one", &json!({"name": "Contoso"})).await;
    assert_eq!((named.0, named.1), (StatusCode::CREATED, false));
    let taken = answer(&world, "/organizations", "two", &json!({"name": "Contoso"})).await;
    assert_eq!((taken.0, taken.1), (StatusCode::CONFLICT, false));
}

/// Whoever gets an answer once more can go on with it: its tag is there, too.
#[tokio::test]
async fn an_answer_that_is_given_again_has_its_tag() {
    let world = World::start(DATABASE).await;
    let mut tags = Vec::new();
    for _ in 0..2 {
        let answer = post(&world, "/organizations", "one", &json!({"name": "Contoso"})).await.expect("an answer");
        tags.push(answer.headers()["etag"].clone());
    }
    assert_eq!(tags[0], tags[1]);
}

/// A request that did something before it was refused is over: sent again, it does it no second time.
#[tokio::test]
async fn what_was_refused_after_it_changed_something_is_not_begun_anew() {
    let world = World::start(DATABASE).await;
    let mut config = Config::default();
    config.data.folder.clone_from(&world.data);
    config.database.url.clone_from(&world.database_url);
    let store = Store::open(&config.database_location().expect("a place")).await.expect("opens");
    let token = world.get("/api-tokens").await["items"][0]["id"].as_str().expect("an id").parse().expect("an id");
    let request = || IdempotentRequest {
        id: IdempotentRequestId(Uuid::now_v7()),
        api_token_id: ApiTokenId(token),
        key_hash: secrets::sha256(b"one"),
        request_hash: secrets::sha256(b"asked"),
        begun_at: 0,
        ended_at: None,
        status: None,
        etag: None,
        body: None,
    };
    let id = |id: Uuid| match DATABASE {
        Database::Sqlite => format!("x'{}'", id.simple()),
        Database::Postgres => format!("'{id}'"),
    };
    for changes in [false, true] {
        let begun = request();
        let reserved = store.reserve(begun.clone()).await.expect("reserved");
        assert_eq!(reserved, Reservation::Begun(begun.id), "what changed nothing is forgotten");
        if changes {
            let (record, request) = (id(Uuid::now_v7()), id(begun.id.0));
            let columns = "id, at, actor_kind, action, detail, request_id";
            world.run_sql(&format!(
                "INSERT INTO audit_record ({columns}) VALUES ({record}, 0, 'program', 'site_made', '{{}}', {request});"
            ));
        }
        store.release(begun.id, 0).await.expect("released");
    }
    let again = store.reserve(request()).await.expect("an answer");
    assert!(matches!(again, Reservation::Over(..)), "{again:?}");
    store.close().await.expect("closed");
}

/// Invariant 20: whoever is erased while a request about them is under way is not in what is kept of its answer, either.
#[tokio::test]
async fn an_answer_is_not_kept_when_somebody_was_erased_meanwhile() {
    let msp = Msp::start(DATABASE).await;
    let mut config = Config::default();
    config.data.folder.clone_from(&msp.world.data);
    config.database.url.clone_from(&msp.world.database_url);
    let store = Store::open(&config.database_location().expect("a place")).await.expect("opens");
    let token = msp.world.get("/api-tokens").await["items"][0]["id"].as_str().expect("an id").parse().expect("an id");
    let request = || IdempotentRequest {
        id: IdempotentRequestId(Uuid::now_v7()),
        api_token_id: ApiTokenId(token),
        key_hash: secrets::sha256(b"one"),
        request_hash: secrets::sha256(b"asked"),
        begun_at: 0,
        ended_at: None,
        status: None,
        etag: None,
        body: None,
    };
    let begun = request();
    store.reserve(begun.clone()).await.expect("reserved");
    msp.world.done(Method::POST, &format!("/end-users/{}/erase", msp.jane), json!({})).await;
    let answer =
        KeptAnswer { status: 201, etag: Some("\"of Jane\"".into()), body: Some("{\"name\": \"Jane\"}".into()) };
    store.keep_answer(begun.id, answer, 0).await.expect("kept");
    match store.reserve(request()).await.expect("an answer") {
        Reservation::Over(known, _) => assert_eq!((known.status, known.etag, known.body), (Some(201), None, None)),
        other => panic!("{other:?}"),
    }
    store.close().await.expect("closed");
}

/// S6: what is shown once is stored nowhere, so it cannot be shown again.
#[tokio::test]
async fn an_answer_with_a_secret_is_not_kept() {
    let world = World::start(DATABASE).await;
    let new = json!({"name": "scripts", "role": "read_only"});
    let (status, _, made) = answer(&world, "/api-tokens", "one", &new).await;
    assert_eq!(status, StatusCode::CREATED);
    let (status, _, again) = answer(&world, "/api-tokens", "one", &new).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let detail = again["detail"].as_str().expect("text");
    assert!(detail.contains("held a secret") && detail.contains(made["id"].as_str().expect("an id")), "{detail}");
    assert_eq!(count(&world, "/api-tokens").await, 2);
    let token = made["token"].as_str().expect("a token").as_bytes();
    assert!(!world.stored().windows(token.len()).any(|part| part == token));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_sent_many_times_at_once_makes_one_thing() {
    let world = World::start(DATABASE).await;
    let body = json!({"name": "Contoso"});
    let answers = join_all((0..12).map(|_| answer(&world, "/organizations", "one", &body))).await;
    let made: Vec<_> = answers.iter().filter(|(status, ..)| *status == StatusCode::CREATED).collect();
    assert!(!made.is_empty() && made.iter().all(|(.., body)| *body == made[0].2), "{answers:?}");
    assert_eq!(made.iter().filter(|(_, replayed, _)| !replayed).count(), 1);
    assert!(answers.iter().all(|(status, ..)| [StatusCode::CREATED, StatusCode::CONFLICT].contains(status)));
    assert_eq!(count(&world, "/organizations").await, 1);
}

/// A server that died between the change and the answer, and one that died before the change.
#[tokio::test]
async fn whoever_asks_again_after_a_crash_is_told_what_became_of_it() {
    let world = World::start(DATABASE).await;
    let body = json!({"name": "Contoso"});
    let (_, _, made) = answer(&world, "/organizations", "one", &body).await;
    world.sql("UPDATE idempotent_request SET ended_at = NULL, status = NULL, body = NULL");
    let early = post(&world, "/organizations", "one", &body).await.expect("an answer");
    assert_eq!(
        (early.status(), &early.headers()["retry-after"]),
        (StatusCode::CONFLICT, &"10".parse().expect("a header"))
    );
    world.clock.advance(LEASE);
    let (status, _, told) = answer(&world, "/organizations", "one", &body).await;
    let detail = told["detail"].as_str().expect("text");
    assert!(status == StatusCode::CONFLICT && detail.contains(made["id"].as_str().expect("an id")), "{detail}");

    let unfinished = json!({"name": "Fabrikam"});
    let asked = secrets::sha256(format!("POST\0/organizations\0{unfinished}\0").as_bytes());
    let id = |id: Uuid| match DATABASE {
        Database::Sqlite => format!("x'{}'", id.simple()),
        Database::Postgres => format!("'{id}'"),
    };
    let token = world.get("/api-tokens").await["items"][0]["id"].as_str().expect("an id").parse().expect("an id");
    let (old, token, key) = (id(Uuid::now_v7()), id(token), secrets::sha256(b"two"));
    let now = deskbell_server::clock::Clock::now(&*world.clock);
    let columns = "id, api_token_id, key_hash, request_hash, begun_at";
    let complaint = world
        .sql(&format!("INSERT INTO idempotent_request ({columns}) VALUES ({old}, {token}, '{key}', '{asked}', {now})"));
    assert_eq!(complaint, "");
    assert_eq!(answer(&world, "/organizations", "two", &unfinished).await.0, StatusCode::CONFLICT);
    world.clock.advance(LEASE);
    let (status, replayed, _) = answer(&world, "/organizations", "two", &unfinished).await;
    assert_eq!((status, replayed), (StatusCode::CREATED, false), "it is begun anew");
    let zombie = "INSERT INTO audit_record (id, at, actor_kind, action, detail, request_id) VALUES";
    let zombie =
        world.sql(&format!("{zombie} ({}, 0, 'program', 'organization_made', '{{}}', {old})", id(Uuid::now_v7())));
    assert!(
        zombie.contains("this request has been begun anew"),
        "the one before can change nothing any more: {zombie}"
    );
    assert_eq!(count(&world, "/organizations").await, 2);
}

/// Invariant 24: the server is killed at random points while requests are sent, each again until it is answered. Each makes
/// one thing.
#[tokio::test]
async fn each_request_with_a_key_makes_one_thing_whenever_the_server_is_killed() {
    let mut world = World::start(DATABASE).await;
    let organization = world.made("/organizations", json!({"name": "Contoso"})).await;
    world.stop().await;
    let world = world;
    let mut server = world.program("").await;
    let rounds = if std::env::var_os("DESKBELL_LONG").is_some() { 60 } else { 6 };
    let over = RefCell::new(false);
    let acknowledged = RefCell::new(BTreeSet::new());
    let sending = async |client: usize| {
        for n in 0.. {
            if *over.borrow() {
                return;
            }
            let key = format!("{client}-{n}");
            let body = json!({"organization_id": organization, "name": key});
            loop {
                match post(&world, "/end-users", &key, &body).await {
                    Ok(answer) if answer.status() == StatusCode::CREATED => break,
                    Ok(answer) if answer.headers().contains_key("retry-after") => {
                        tokio::time::sleep(Duration::from_millis(200)).await;
                    }
                    Ok(answer) => {
                        assert_eq!(answer.status(), StatusCode::CONFLICT);
                        assert!(problem(answer).await.detail.contains("was carried out before"));
                        break;
                    }
                    Err(_) => tokio::task::yield_now().await,
                }
            }
            acknowledged.borrow_mut().insert(key);
        }
    };
    let killing = async {
        for _ in 0..rounds {
            let until = acknowledged.borrow().len() + 3;
            while acknowledged.borrow().len() < until {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            tokio::time::sleep(Duration::from_micros(u64::try_from(Uuid::new_v4().as_u128() % 10_000).expect("small")))
                .await;
            server.process.kill().await.expect("killed");
            server = world.program("").await;
        }
        *over.borrow_mut() = true;
    };
    tokio::join!(killing, join_all((0..4).map(sending)));

    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = world.get(&format!("/end-users?limit=200{cursor}")).await;
        let names = page["items"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|item| item["name"].as_str().expect("a name").to_owned());
        found.extend(names);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    found.sort();
    assert_eq!(found, acknowledged.into_inner().into_iter().collect::<Vec<_>>(), "each once");
}
