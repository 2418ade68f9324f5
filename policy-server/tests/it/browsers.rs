//! A browser without scripts: keeps cookies, names its origin, follows nothing by itself.

use std::{cell::RefCell, collections::BTreeMap};

use reqwest::{RequestBuilder, StatusCode, header};
use scraper::{Html, Selector};

use crate::world::World;

pub(crate) const FORM: &str = "/my_profile/v2/asset_new_ticket_form";

pub(crate) struct Browser<'a> {
    world: &'a World,
    /// Whose pages it shows, where that is not the server's own.
    host: Option<String>,
    cookies: RefCell<BTreeMap<String, String>>,
}

pub(crate) struct Page {
    pub status: StatusCode,
    pub headers: header::HeaderMap,
    pub html: String,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(world: &'a World) -> Self {
        Self { world, host: None, cookies: RefCell::default() }
    }

    /// One that is at another host, whose name leads to this server.
    pub(crate) fn at(world: &'a World, host: &str) -> Self {
        Self { host: Some(host.to_owned()), ..Self::new(world) }
    }

    fn own_origin(&self) -> String {
        self.host.as_ref().map_or_else(|| self.world.origin.clone(), |host| format!("http://{host}"))
    }

    pub(crate) fn with_cookies(world: &'a World, cookies: BTreeMap<String, String>) -> Self {
        Self { cookies: RefCell::new(cookies), ..Self::new(world) }
    }

    pub(crate) fn into_cookies(self) -> BTreeMap<String, String> {
        self.cookies.into_inner()
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        self.send(self.world.client.get(format!("{}{path}", self.world.origin))).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.try_post(path, fields).await.expect("an answer")
    }

    pub(crate) async fn try_post(&self, path: &str, fields: &[(&str, &str)]) -> reqwest::Result<Page> {
        let origin = &self.world.origin;
        let post = self.world.client.post(format!("{origin}{path}")).header("origin", self.own_origin());
        self.try_send(post.form(fields)).await
    }

    /// Sends a form with files.
    pub(crate) async fn post_files(&self, path: &str, form: reqwest::multipart::Form) -> Page {
        let origin = &self.world.origin;
        let post = self.world.client.post(format!("{origin}{path}")).header("origin", self.own_origin());
        self.send(post.multipart(form)).await
    }

    /// Opens a link from the tray and follows it to its page.
    pub(crate) async fn open(&self, launch: &str) -> Page {
        let first = self.get(launch).await;
        assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.html);
        self.get(&first.location()).await
    }

    /// Sends the form of a page with these fields in place of its own.
    pub(crate) async fn send_form(&self, page: &Page, fields: &[(&str, &str)]) -> Page {
        self.send_form_to(FORM, page, fields).await
    }

    /// The same, for the form at `path`.
    pub(crate) async fn send_form_to(&self, path: &str, page: &Page, fields: &[(&str, &str)]) -> Page {
        let hidden = ["form_id", "form_for"].map(|name| (name, page.value(&format!("input[name={name}]"))));
        let own: Vec<_> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let kept = own.into_iter().filter(|(name, _)| !fields.iter().any(|(given, _)| given == name));
        self.post(path, &kept.chain(fields.iter().copied()).collect::<Vec<_>>()).await
    }

    pub(crate) fn cookies(&self) -> String {
        let cookies: Vec<_> = self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        cookies.join("; ")
    }

    /// What comes back, as it comes.
    pub(crate) async fn bytes(&self, request: RequestBuilder) -> Vec<u8> {
        let answer = request.header("cookie", self.cookies()).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        answer.bytes().await.expect("bytes").to_vec()
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Page {
        self.try_send(request).await.expect("an answer")
    }

    async fn try_send(&self, request: RequestBuilder) -> reqwest::Result<Page> {
        let request = match &self.host {
            Some(host) => request.header("host", host),
            None => request,
        };
        let answer = request.header("cookie", self.cookies()).send().await?;
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().expect("text").split(';').next().expect("a pair");
            let (name, value) = pair.split_once('=').expect("a pair");
            self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
        }
        let (status, headers) = (answer.status(), answer.headers().clone());
        Ok(Page { status, headers, html: answer.text().await? })
    }
}

impl Page {
    pub(crate) fn location(&self) -> String {
        self.headers[header::LOCATION].to_str().expect("text").to_owned()
    }

    /// The text of the first element that `css` selects; empty when there is none.
    pub(crate) fn text(&self, css: &str) -> String {
        let selector = Selector::parse(css).expect("a selector");
        let found = Html::parse_document(&self.html);
        found
            .select(&selector)
            .next()
            .map_or(String::new(), |element| element.text().collect::<String>().trim().to_owned())
    }

    /// The `value` of the first element that `css` selects.
    pub(crate) fn value(&self, css: &str) -> String {
        let selector = Selector::parse(css).expect("a selector");
        let found = Html::parse_document(&self.html);
        let element = found.select(&selector).next().unwrap_or_else(|| panic!("no {css} in {}", self.html));
        element.attr("value").unwrap_or_default().to_owned()
    }

    /// The texts of all elements that `css` selects.
    pub(crate) fn texts(&self, css: &str) -> Vec<String> {
        let found = Html::parse_document(&self.html);
        let selector = Selector::parse(css).expect("a selector");
        let texts = found.select(&selector).map(|element| element.text().collect::<String>());
        texts.map(|text| text.trim().to_owned()).collect()
    }

    /// An attribute of the first element that `css` selects.
    pub(crate) fn attribute(&self, css: &str, name: &str) -> String {
        self.attributes(css, name).into_iter().next().unwrap_or_else(|| panic!("no {css} in {}", self.html))
    }

    /// An attribute of all elements that `css` selects.
    pub(crate) fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        let found = Html::parse_document(&self.html);
        let selector = Selector::parse(css).expect("a selector");
        found.select(&selector).map(|element| element.attr(name).unwrap_or_default().to_owned()).collect()
    }

    pub(crate) fn has(&self, css: &str) -> bool {
        Html::parse_document(&self.html).select(&Selector::parse(css).expect("a selector")).next().is_some()
    }

    /// The page that sends people back to their tray, with nothing on it to send.
    pub(crate) fn is_again(&self) -> bool {
        self.status == StatusCode::GONE
            && self.text("h1") == "Please open it from the tray again"
            && !self.has("main form")
    }
}
