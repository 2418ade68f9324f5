//! Who comes to the portal: where they sign in, with what, and where that leads.

use reqwest::Method;
use serde_json::json;

use crate::{browsers::Browser, world::Msp};

pub(crate) const SIGN_IN: &str = "/my_profile/user_login";
pub(crate) const HOME: &str = "/my_profile/v2/index";
pub(crate) const PASSWORD: &str = "walnut ferry candle";

/// A portal user who is signed in, with [`PASSWORD`].
pub(crate) async fn signed_in<'a>(msp: &'a Msp, account: &str, name: &str) -> Browser<'a> {
    msp.world.done(Method::PATCH, &format!("/portal-users/{account}"), json!({"password": PASSWORD})).await;
    let browser = Browser::new(&msp.world);
    browser.post(SIGN_IN, &[("name", name), ("password", PASSWORD)]).await;
    browser
}

/// A colleague of Jane's with an account: their ids and their browser.
pub(crate) async fn colleague<'a>(msp: &'a Msp, name: &str) -> (String, String, Browser<'a>) {
    let person = json!({"organization_id": msp.organization, "name": name, "email": format!("{name}@c.example")});
    let person = msp.world.made("/end-users", person).await;
    let account = json!({"organization_id": msp.organization, "end_user_id": person, "sign_in_name": name});
    let account = msp.world.made("/portal-users", account).await;
    let browser = signed_in(msp, &account, name).await;
    (person, account, browser)
}
