//! Somebody of the staff.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::{browsers::Browser, world::World};

pub(crate) const PASSWORD: &str = "correct horse battery";

/// Somebody who has used their link and is signed in.
pub(crate) async fn member<'a>(world: &'a World, email: &str, role: &str) -> (String, Browser<'a>) {
    let new = json!({"name": "Kim", "email": email, "role": role});
    let made = world.done(Method::POST, "/staff", new).await;
    let browser = Browser::new(world);
    let link = made["link"].as_str().expect("a link").strip_prefix(&world.origin).expect("our own").to_owned();
    let welcomed = browser.post(&link, &[("password", PASSWORD)]).await;
    assert_eq!(
        (welcomed.status, welcomed.location().as_str()),
        (StatusCode::SEE_OTHER, "/console"),
        "{}",
        welcomed.html
    );
    (made["id"].as_str().expect("an id").to_owned(), browser)
}
