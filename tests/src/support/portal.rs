//! A browser without scripts and pictures that opens a launch link and sends the form, as often as a test wants.

use anyhow::{Context, ensure};
use reqwest::{
    Client, StatusCode,
    header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE},
};
use url::Url;
use uuid::Uuid;

use crate::support::http;

const FORM: &str = "/my_profile/v2/asset_new_ticket_form";

/// A browser with the form open.
#[derive(Debug, Clone)]
pub struct OpenForm {
    http: Client,
    url: Url,
    cookie: String,
    form_for: String,
}

impl OpenForm {
    /// Opens the form with a launch link.
    pub async fn open(link: &str) -> anyhow::Result<Self> {
        let (http, link) = (http::client()?, Url::parse(link).context("reading the link")?);
        let launched = http.get(link.clone()).send().await.context("opening the link")?;
        ensure!(launched.status() == StatusCode::SEE_OTHER, "the link is answered with {}", launched.status());
        let cookie = launched.headers().get(SET_COOKIE).context("no cookie")?.to_str()?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let url = link.join(FORM)?;
        let page = http.get(url.clone()).header(COOKIE, &cookie).send().await.context("reading the form")?;
        let html = page.text().await.context("reading the form")?;
        let form_for = html.split("name=\"form_for\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let form_for = form_for.with_context(|| format!("no form in {html}"))?.to_owned();
        Ok(Self { http, url, cookie, form_for })
    }

    /// Sends the form with this id, and returns where its receipt is. An error says that nothing was acknowledged.
    pub async fn send(&self, form_id: Uuid, description: &str) -> anyhow::Result<String> {
        let fields = [("form_id", form_id.to_string()), ("form_for", self.form_for.clone())];
        let fields = fields.into_iter().chain([("description", description.to_owned())]);
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let origin = self.url.origin().ascii_serialization();
        let form = self.http.post(self.url.clone()).header(COOKIE, &self.cookie).header(ORIGIN, origin);
        let sent = form.header("content-type", "application/x-www-form-urlencoded").body(body).send().await?;
        ensure!(sent.status() == StatusCode::SEE_OTHER, "the form is answered with {}", sent.status());
        Ok(sent.headers().get(LOCATION).context("no receipt")?.to_str()?.to_owned())
    }
}
