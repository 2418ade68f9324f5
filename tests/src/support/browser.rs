//! Chromium as a person uses it: pages, keys, what stands on the screen.

use std::{path::Path, time::Duration};

use anyhow::Context;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{deadline, web_driver::WebDriver};

/// Keys without a letter (W3C `WebDriver` §17.4.2).
pub mod keys {
    /// To the next field.
    pub const TAB: &str = "\u{e004}";
    /// Sends a form.
    pub const ENTER: &str = "\u{e007}";
    /// Ticks, presses and unfolds.
    pub const SPACE: &str = " ";
    /// Chooses the next one of several.
    pub const DOWN: &str = "\u{e015}";
    /// Chooses the one before.
    pub const UP: &str = "\u{e013}";
}

/// Light or dark, as the person's desktop asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorScheme {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scripts {
    /// They may.
    #[default]
    Run,
    /// They may not.
    Off,
}

/// What kind of browser.
#[derive(Debug, Clone)]
pub struct BrowserOptions {
    /// Light or dark.
    pub color_scheme: ColorScheme,
    /// Width of the page, in CSS pixels.
    pub width: u32,
    /// Height of the page, in CSS pixels.
    pub height: u32,
    /// Whether pages may run scripts.
    pub scripts: Scripts,
    /// What the person reads, as `Accept-Language`.
    pub languages: String,
    /// Whether to open pages whose certificate nobody vouches for: a test's own.
    pub trusts_everybody: bool,
    /// Whether to keep cookies from what other sites show within a page.
    pub blocks_third_party_cookies: bool,
}

impl Default for BrowserOptions {
    fn default() -> Self {
        Self {
            color_scheme: ColorScheme::default(),
            width: 1280,
            height: 800,
            scripts: Scripts::default(),
            languages: "en-US,en".into(),
            trusts_everybody: false,
            blocks_third_party_cookies: false,
        }
    }
}

/// A cookie, as the browser keeps it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Hidden from scripts.
    pub http_only: bool,
    /// Only sent where nobody listens in.
    pub secure: bool,
    /// `Lax`, `Strict` or `None`.
    pub same_site: String,
}

/// A browser with a profile of its own. Ends with its owner.
#[derive(Debug)]
pub struct Browser {
    driver: WebDriver,
    _profile: TempDir,
}

impl Browser {
    /// Starts a fresh browser.
    pub async fn start(options: &BrowserOptions) -> anyhow::Result<Self> {
        let profile = tempfile::tempdir().context("making a browser profile")?;
        let driver = WebDriver::start(capabilities(options, &profile)).await?;
        let browser = Self { driver, _profile: profile };
        browser.settle(options).await?;
        Ok(browser)
    }

    /// Opens an address, and waits until its page is there.
    pub async fn open(&self, url: &str) -> anyhow::Result<()> {
        self.driver.post("url", &json!({"url": url})).await.map(drop)
    }

    /// Opens an address in a tab of its own, as the desktop does for a link from another program.
    pub async fn open_in_new_tab(&self, url: &str) -> anyhow::Result<()> {
        let tab = self.driver.post("window/new", &json!({"type": "tab"})).await?;
        self.driver.post("window", &json!({"handle": tab["handle"]})).await?;
        self.open(url).await
    }

    /// Turns to the tab that was opened as number `index`, from 0 on.
    pub async fn turn_to_tab(&self, index: usize) -> anyhow::Result<()> {
        let tabs = self.driver.get("window/handles").await?;
        self.driver.post("window", &json!({"handle": tabs[index]})).await.map(drop)
    }

    /// Loads the page again, as F5 does.
    pub async fn reload(&self) -> anyhow::Result<()> {
        self.driver.post("refresh", &json!({})).await.map(drop)
    }

    /// Goes back to the page before, as the browser's button does.
    pub async fn back(&self) -> anyhow::Result<()> {
        self.driver.post("back", &json!({})).await.map(drop)
    }

    /// What the address bar shows.
    pub async fn address(&self) -> anyhow::Result<String> {
        self.driver.get("url").await.and_then(text)
    }

    /// Types what leads to another page, and waits until that is there.
    pub async fn leave_by(&self, keys: &str) -> anyhow::Result<()> {
        self.until_left(self.type_keys(keys)).await
    }

    /// Clicks on what leads to another page, here or in the frame that it was turned to, and waits until that is there.
    pub async fn leave_by_click(&self, selector: &str) -> anyhow::Result<()> {
        self.until_left(self.click(selector)).await
    }

    async fn until_left(&self, done: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
        let before = self.evaluate("performance.timeOrigin").await?;
        done.await?;
        let left = async {
            // While one page goes and the other comes, there may be none to ask.
            while self
                .evaluate("document.readyState === 'complete' && performance.timeOrigin")
                .await
                .ok()
                .is_none_or(|now| now == before || now == json!(false))
            {}
        };
        tokio::time::timeout(deadline::SOON, left).await.context("no other page came")
    }

    /// What the first element that matches `selector` shows to a reader. Waits for the element.
    pub async fn text(&self, selector: &str) -> anyhow::Result<String> {
        loop {
            let element = self.element(selector).await?;
            match self.driver.get(&format!("{element}/text")).await {
                // It was on the page before, or a script has put another one into its place.
                Err(error) if format!("{error:#}").contains("stale element reference") => {}
                shown => return shown.and_then(text),
            }
        }
    }

    /// Waits until the keyboard would type into what matches `selector`. Unlike `:focus`, that holds after Tab has gone all
    /// around, too, where a browser without a window keeps nothing that could have the focus in between.
    pub async fn until_focused(&self, selector: &str) -> anyhow::Result<()> {
        let focused = async {
            let asked = "return document.activeElement.matches(arguments[0])";
            while self.run(asked, &json!([selector])).await.ok() != Some(json!(true)) {}
        };
        tokio::time::timeout(deadline::SOON, focused).await.with_context(|| format!("{selector} never had the focus"))
    }

    /// Whether anything on the page matches `selector` once `present` does, which is waited for.
    pub async fn has(&self, selector: &str, present: &str) -> anyhow::Result<bool> {
        self.element(present).await?;
        Ok(self.run("return document.querySelector(arguments[0]) !== null", &json!([selector])).await? == json!(true))
    }

    /// A property of the first element that matches `selector`, such as `value` of a field.
    pub async fn property(&self, selector: &str, property: &str) -> anyhow::Result<Value> {
        let element = self.element(selector).await?;
        self.driver.get(&format!("{element}/property/{property}")).await
    }

    /// The `name` of what the keyboard would type into, or its element type without one.
    pub async fn focus(&self) -> anyhow::Result<String> {
        self.run("const e = document.activeElement; return e.name || e.localName", &json!([])).await.and_then(text)
    }

    /// Types, as on a keyboard: into whatever has the focus. For keys without a letter see [`keys`].
    pub async fn type_keys(&self, text: &str) -> anyhow::Result<()> {
        let strokes: Vec<_> = text
            .chars()
            .flat_map(|key| [json!({"type": "keyDown", "value": key}), json!({"type": "keyUp", "value": key})])
            .collect();
        let keyboard = json!({"actions": [{"type": "key", "id": "keyboard", "actions": strokes}]});
        self.driver.post("actions", &keyboard).await.map(drop)
    }

    /// Presses Tab until the field called `name` has the focus.
    pub async fn tab_to(&self, name: &str) -> anyhow::Result<()> {
        self.tab_to_match(&format!("[name='{name}']")).await
    }

    /// Presses Tab until what matches `selector` has the focus.
    pub async fn tab_to_match(&self, selector: &str) -> anyhow::Result<()> {
        let mut passed = Vec::new();
        let where_it_is = "const e = document.activeElement; return [e.matches(arguments[0]), e.name || e.localName]";
        while passed.len() < 150 {
            self.type_keys(keys::TAB).await?;
            let there = self.run(where_it_is, &json!([selector])).await?;
            if there[0] == json!(true) {
                return Ok(());
            }
            passed.push(there[1].clone());
        }
        anyhow::bail!("Tab does not lead to {selector}; it led to {passed:?}")
    }

    /// Chooses a file for the field that matches `selector`, as the system's dialog would.
    pub async fn choose_file(&self, selector: &str, file: &Path) -> anyhow::Result<()> {
        let field = self.element(selector).await?;
        let path = file.to_str().context("a path that is no text")?;
        self.driver.post(&format!("{field}/value"), &json!({"text": path})).await.map(drop)
    }

    /// Types into the field that matches `selector`, on the page or in the frame that it was turned to.
    pub async fn fill(&self, selector: &str, text: &str) -> anyhow::Result<()> {
        let field = self.element(selector).await?;
        self.driver.post(&format!("{field}/value"), &json!({"text": text})).await.map(drop)
    }

    /// Clicks on what matches `selector`, there.
    pub async fn click(&self, selector: &str) -> anyhow::Result<()> {
        let element = self.element(selector).await?;
        self.driver.post(&format!("{element}/click"), &json!({})).await.map(drop)
    }

    /// Turns to the page within the frame that matches `selector`, whatever has come there.
    pub async fn turn_to_frame(&self, selector: &str) -> anyhow::Result<()> {
        let frame = WebDriver::argument(&self.element(selector).await?);
        self.driver.post("frame", &json!({"id": frame})).await.map(drop)
    }

    /// What stands at the page or in the frame that it was turned to, as the browser keeps it.
    pub async fn source(&self) -> anyhow::Result<String> {
        self.driver.get("source").await.and_then(text)
    }

    /// Drags what matches `from` with the mouse, and lets it go at the lower edge of what matches `to`.
    pub async fn drag(&self, from: &str, to: &str) -> anyhow::Result<()> {
        let places = "const [from, to] = [...arguments].map((each) => document.querySelector(each));
            from.scrollIntoView();
            const [a, b] = [from, to].map((each) => each.getBoundingClientRect());
            return [a.x + a.width / 2, a.y + a.height / 2, b.x + b.width / 2, b.bottom - 4].map(Math.round)";
        let places = self.run(places, &json!([from, to])).await?;
        let to = |x: usize, y: usize| json!({"type": "pointerMove", "duration": 50, "x": places[x], "y": places[y]});
        let (down, up) = (json!({"type": "pointerDown", "button": 0}), json!({"type": "pointerUp", "button": 0}));
        // A drag begins with a small move.
        let steps = [to(0, 1), down, to(0, 3), to(2, 3), up];
        let mouse = json!({"actions": [{"type": "pointer", "id": "mouse", "actions": steps}]});
        self.driver.post("actions", &mouse).await.map(drop)
    }

    /// Presses the mouse on what matches `selector` for so long, with the Shift key held or not.
    pub async fn press_on(&self, selector: &str, held: Duration, shift: bool) -> anyhow::Result<()> {
        let place = "const one = document.querySelector(arguments[0]);
            one.scrollIntoView({block: 'center'});
            const edges = one.getBoundingClientRect();
            return [edges.x + edges.width / 2, edges.y + edges.height / 2].map(Math.round)";
        let place = self.run(place, &json!([selector])).await?;
        let (shift_key, pause) = ("\u{e008}", json!({"type": "pause"}));
        let key = |kind: &str| if shift { json!({"type": kind, "value": shift_key}) } else { pause.clone() };
        let mouse = json!([
            {"type": "pause"},
            {"type": "pointerMove", "duration": 0, "x": place[0], "y": place[1]},
            {"type": "pointerDown", "button": 0},
            {"type": "pause", "duration": u64::try_from(held.as_millis())?},
            {"type": "pointerUp", "button": 0},
            {"type": "pause"},
        ]);
        let keys = json!([key("keyDown"), pause, pause, pause, pause, key("keyUp")]);
        let actions = json!({"actions": [
            {"type": "key", "id": "keyboard", "actions": keys},
            {"type": "pointer", "id": "mouse", "actions": mouse},
        ]});
        self.driver.post("actions", &actions).await.map(drop)
    }

    /// Whether the page would ask before it is left, as it can once somebody has typed into it (HTML, "prompt to unload").
    pub async fn asks_before_leaving(&self) -> anyhow::Result<bool> {
        let script = "return !window.dispatchEvent(new Event('beforeunload', {cancelable: true}))";
        Ok(self.run(script, &json!([])).await? == json!(true))
    }

    /// The cookies of the page's address.
    pub async fn cookies(&self) -> anyhow::Result<Vec<Cookie>> {
        let cookies = self.driver.get("cookie").await?;
        serde_json::from_value(cookies).context("reading the browser's cookies")
    }

    /// What stands on the screen, as a PNG.
    pub async fn screenshot(&self) -> anyhow::Result<Vec<u8>> {
        let picture = self.driver.get("screenshot").await.and_then(text)?;
        BASE64_STANDARD.decode(picture).context("reading the screenshot")
    }

    /// Looks at the page in another color scheme and width.
    pub async fn look(&self, color_scheme: ColorScheme, width: u32) -> anyhow::Result<()> {
        self.show_as(&BrowserOptions { color_scheme, width, ..BrowserOptions::default() }).await
    }

    /// What an expression is worth on the page, once its promise is kept. The page's own policy for scripts plays no part.
    pub async fn evaluate(&self, expression: &str) -> anyhow::Result<Value> {
        let asked = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.driver.devtools("Runtime.evaluate", asked).await?;
        anyhow::ensure!(answer["exceptionDetails"].is_null(), "the page threw {}", answer["exceptionDetails"]);
        Ok(answer["result"]["value"].clone())
    }

    /// Closes the browser, as a person does: the profile is gone afterwards.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.driver.stop().await
    }

    /// What can be set only while the browser runs.
    async fn settle(&self, options: &BrowserOptions) -> anyhow::Result<()> {
        let find_within = u64::try_from(deadline::SOON.as_millis())?;
        let load_within = u64::try_from(Duration::from_secs(30).as_millis())?;
        self.driver.post("timeouts", &json!({"implicit": find_within, "pageLoad": load_within})).await?;
        self.show_as(options).await
    }

    async fn show_as(&self, options: &BrowserOptions) -> anyhow::Result<()> {
        let scheme = match options.color_scheme {
            ColorScheme::Light => "light",
            ColorScheme::Dark => "dark",
        };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.driver.devtools("Emulation.setEmulatedMedia", media).await?;
        let screen = json!({"width": options.width, "height": options.height, "deviceScaleFactor": 1, "mobile": false});
        self.driver.devtools("Emulation.setDeviceMetricsOverride", screen).await.map(drop)
    }

    async fn run(&self, script: &str, arguments: &Value) -> anyhow::Result<Value> {
        self.driver.post("execute/sync", &json!({"script": script, "args": arguments})).await
    }

    async fn element(&self, selector: &str) -> anyhow::Result<String> {
        let found = self.driver.elements(selector).await?;
        if let Some(element) = found.into_iter().next() {
            return Ok(element);
        }
        let page = self.driver.get("source").await.and_then(text)?;
        anyhow::bail!("nothing matches {selector} at {}:\n{page}", self.address().await?)
    }
}

fn capabilities(options: &BrowserOptions, profile: &TempDir) -> Value {
    let arguments = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];
    let mut arguments: Vec<String> = arguments.map(str::to_owned).to_vec();
    arguments.push(format!("--user-data-dir={}", profile.path().display()));
    let scripts = match options.scripts {
        Scripts::Run => 1,
        Scripts::Off => 2,
    };
    let preferences = json!({
        "profile.managed_default_content_settings.javascript": scripts,
        "intl.accept_languages": options.languages,
        "profile.block_third_party_cookies": options.blocks_third_party_cookies,
        "profile.cookie_controls_mode": i32::from(options.blocks_third_party_cookies),
    });
    json!({"browserName": "chrome", "acceptInsecureCerts": options.trusts_everybody, "goog:chromeOptions": {"args": arguments, "prefs": preferences}})
}

fn text(value: Value) -> anyhow::Result<String> {
    match value {
        Value::String(text) => Ok(text),
        other => anyhow::bail!("the browser answered {other} instead of a text"),
    }
}
