//! An agent as the server sees one.

use deskbell_protocol::{EnrollRequest, EnrollResponse, Facts, LaunchRequest, LaunchResponse, OsUser, Problem};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::json;

use crate::world::{Msp, World};

pub(crate) struct Agent<'a> {
    pub world: &'a World,
    pub asset: String,
    token: String,
}

pub(crate) fn facts() -> Facts {
    Facts {
        computer: "PC-042".into(),
        serial: "SN-1".into(),
        os: "Debian GNU/Linux 12".into(),
        memory_bytes: 8 << 30,
        addresses: vec!["192.0.2.7".into()],
        ..Facts::default()
    }
}

pub(crate) fn enroll_request(world: &World, token: &str) -> RequestBuilder {
    let request =
        EnrollRequest { enrollment_token: token.into(), fingerprint: "ab".repeat(32), facts: facts(), folder: None };
    world.client.post(format!("{}/agent/v1/enroll", world.origin)).json(&request)
}

pub(crate) async fn ask_to_enroll(world: &World, token: &str) -> Response {
    enroll_request(world, token).send().await.expect("an answer")
}

pub(crate) async fn problem(answer: Response) -> Problem {
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    answer.json().await.expect("a problem document")
}

impl<'a> Agent<'a> {
    pub(crate) async fn enroll(world: &'a World, enrollment_token: &str) -> Self {
        let answer = ask_to_enroll(world, enrollment_token).await;
        assert_eq!(answer.status(), StatusCode::CREATED);
        Self::new(world, answer.json().await.expect("JSON"))
    }

    pub(crate) fn new(world: &'a World, enrolled: EnrollResponse) -> Self {
        Self { world, asset: enrolled.asset_id.to_string(), token: enrolled.agent_token }
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// An agent whose asset is assigned to Jane.
    pub(crate) async fn of_jane(msp: &'a Msp) -> Self {
        let agent = Self::enroll(&msp.world, &msp.enrollment_token).await;
        agent.assign(&msp.jane).await;
        agent
    }

    pub(crate) async fn assign(&self, end_user: &str) {
        let path = format!("/assets/{}/assignment", self.asset);
        self.world.done(Method::PUT, &path, json!({"end_user_id": end_user})).await;
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.world.client.request(method, format!("{}/agent/v1{path}", self.world.origin)).bearer_auth(&self.token)
    }

    pub(crate) async fn policy(&self, etag: Option<&str>, wait_seconds: u32) -> Response {
        self.poll(etag, wait_seconds).send().await.expect("an answer")
    }

    pub(crate) fn poll(&self, etag: Option<&str>, wait_seconds: u32) -> RequestBuilder {
        let request = self.request(Method::GET, "/policy").header("prefer", format!("wait={wait_seconds}"));
        match etag {
            Some(etag) => request.header("if-none-match", etag),
            None => request,
        }
    }

    pub(crate) async fn ask_to_launch(&self, entry: &str) -> Response {
        let os_user = OsUser { name: "jane".into(), domain: String::new(), id: "1000".into() };
        let launch = LaunchRequest { entry: entry.parse().expect("an id"), os_user };
        self.request(Method::POST, "/launch").json(&launch).send().await.expect("an answer")
    }

    pub(crate) async fn launch(&self) -> LaunchResponse {
        let answer = self.ask_to_launch("portal").await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.expect("JSON")
    }

    /// A click: the link's path.
    pub(crate) async fn click(&self) -> String {
        let LaunchResponse { url, .. } = self.launch().await;
        assert!(url.as_str().starts_with(&self.world.origin), "{url}");
        url.path().to_owned()
    }
}
