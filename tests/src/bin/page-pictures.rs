//! Takes the documents' pictures of console and portal from a demo that runs: `page-pictures NOTES FOLDER`, with the demo's
//! notes. What is on them is the demo's sample MSP with a few more computers, tickets and articles.

use std::{fs, path::PathBuf};

use anyhow::Context;
use deskbell_protocol::{AssetId, EnrollRequest, EnrollResponse, Facts, LaunchRequest, LaunchResponse, OsUser};
use deskbell_tests::support::{
    api::Api,
    browser::{Browser, BrowserOptions, ColorScheme, keys},
    http,
    portal::OpenForm,
    sample,
};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use url::Url;
use uuid::Uuid;

const PASSWORD: &str = "correct horse battery";

/// What the demo writes down of itself.
#[derive(Deserialize)]
struct Notes {
    server_url: Url,
    api_token: String,
    asset_id: AssetId,
}

/// A computer as the server sees one.
struct Computer {
    asset: AssetId,
    token: String,
}

/// A browser that takes pictures of pages of one server.
struct Photographer {
    browser: Browser,
    server: Url,
    folder: PathBuf,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (notes, folder) = (arguments.next().context("no NOTES")?, arguments.next().context("no FOLDER")?);
    let notes = fs::read_to_string(&notes).with_context(|| format!("reading {notes}"))?;
    let notes: Notes = serde_json::from_str(&notes).context("reading the demo's notes")?;
    let api = Api::new(&notes.server_url, &notes.api_token)?;
    let (policy, computer) = fill_in(&api, &notes.server_url).await?;
    let new = async |width, height| {
        let browser = Browser::start(&BrowserOptions { width, height, ..BrowserOptions::default() }).await?;
        anyhow::Ok(Photographer { browser, server: notes.server_url.clone(), folder: folder.clone().into() })
    };
    of_the_console(&api, new(1280, 860).await?, notes.asset_id, policy).await?;
    of_the_portal(&api, new(820, 900).await?, &computer).await
}

async fn of_the_console(api: &Api, kim: Photographer, asset: AssetId, policy: Uuid) -> anyhow::Result<()> {
    let link = api.add_staff("Kim Larsen", "kim@harbor-it.example", "administrator").await?;
    kim.browser.open(link.as_str()).await?;
    kim.browser.tab_to("password").await?;
    kim.browser.type_keys(PASSWORD).await?;
    kim.browser.leave_by(keys::ENTER).await?;
    kim.takes("console-overview", "console").await?;
    kim.takes("console-asset", &format!("console/assets/{asset}")).await?;
    let builder = format!("console/policies/{policy}?computer={}#system-tray", sample::COMPUTER);
    kim.takes("console-builder", &builder).await?;
    kim.takes("console-portal-design", &format!("console/portals/{}/design", portal(api).await?)).await?;
    kim.takes_both("portal-wizard", "console/portals/new", 1280).await?;
    kim.browser.stop().await
}

/// The form of the tray, then what is behind the sign-in.
async fn of_the_portal(api: &Api, jane: Photographer, computer: &Computer) -> anyhow::Result<()> {
    let form = launch(&jane.server, computer).await?;
    jane.browser.open(form.as_str()).await?;
    jane.takes_both("portal-form", "my_profile/v2/asset_new_ticket_form", 820).await?;
    let account = api.portal_users().await?.first().context("no portal user")?.id;
    let password = json!({"password": PASSWORD});
    api.send(Method::PATCH, &format!("portal-users/{account}"), Some(&password)).await?;
    jane.browser.open(jane.server.join("my_profile/user_login")?.as_str()).await?;
    jane.browser.fill("#name", "jane@lindgren-bakery.example").await?;
    jane.browser.fill("#password", PASSWORD).await?;
    jane.browser.leave_by_click("main form button").await?;
    jane.takes_both("portal-home", "my_profile/v2/index", 820).await?;
    let ticket = jane.browser.property(".tickets li:last-child a", "pathname").await?;
    let ticket = ticket.as_str().context("no ticket")?.trim_start_matches('/').to_owned();
    jane.takes_both("portal-ticket", &ticket, 820).await?;
    jane.browser.stop().await
}

impl Photographer {
    async fn takes(&self, name: &str, path: &str) -> anyhow::Result<()> {
        self.browser.open(self.server.join(path)?.as_str()).await?;
        self.browser.text("h1").await?;
        self.browser.evaluate("document.documentElement.style.scrollbarWidth = 'none'").await?;
        fs::write(self.folder.join(format!("{name}.png")), self.browser.screenshot().await?)
            .context("writing a picture")
    }

    /// In light and in dark.
    async fn takes_both(&self, name: &str, path: &str, width: u32) -> anyhow::Result<()> {
        for (scheme, suffix) in [(ColorScheme::Light, "light"), (ColorScheme::Dark, "dark")] {
            self.browser.look(scheme, width).await?;
            self.takes(&format!("{name}-{suffix}"), path).await?;
        }
        Ok(())
    }
}

async fn portal(api: &Api) -> anyhow::Result<String> {
    let portals = api.send(Method::GET, "portals", None).await?;
    Ok(portals["items"][0]["id"].as_str().context("no portal")?.to_owned())
}

/// A few more computers, of which some cannot open the form, tickets, an answer and articles; gives the sample's policy and Jane's
/// computer.
async fn fill_in(api: &Api, server: &Url) -> anyhow::Result<(Uuid, Computer)> {
    let sample = sample::fill_in(api).await?;
    let people = api.end_users().await?;
    let oskar = people.iter().find(|person| person.name == "Oskar Lindgren").context("no Oskar")?.id;
    let mut of_jane = None;
    for (name, person) in [("PC-043", Some(sample.jane)), ("OVEN-1", Some(oskar)), ("TILL-2", None)] {
        let computer = enroll(api, server, sample.organization, name).await?;
        if let Some(person) = person {
            api.assign(computer.asset, person).await?;
        }
        if person == Some(sample.jane) {
            for words in ["The oven beeps and shows E7.", "The scanner does not answer."] {
                OpenForm::open(launch(server, &computer).await?.as_str()).await?.send(Uuid::new_v4(), words).await?;
            }
            of_jane = Some(computer);
        }
    }
    let tickets = api.send(Method::GET, "tickets", None).await?;
    let comments = format!("tickets/{}/comments", tickets["items"][0]["id"].as_str().context("no ticket")?);
    let reply =
        json!({"kind": "reply", "text": "Thank you, Jane. We are looking at it now and call you within the hour."});
    api.send(Method::POST, &comments, Some(&reply)).await?;
    for (title, body) in [
        ("The printer says “offline”", "1. Switch it off.\n2. Wait a minute.\n3. Switch it on again."),
        ("Working from home", "Start the **VPN** first, then open your mail."),
    ] {
        let article = json!({"title": title, "body": body, "visibility": "portal", "published": true});
        api.send(Method::POST, "articles", Some(&article)).await?;
    }
    let design = json!({
        "welcome": "Good to see you. We answer between 8 and 18 o’clock.",
        "primary_color": "#14532d", "accent_color": "#15803d", "home": ["new_ticket", "tickets", "articles", "contact"],
    });
    api.send(Method::PATCH, &format!("portals/{}", portal(api).await?), Some(&design)).await?;
    let policies = api.policies().await?;
    let policy = policies.iter().find(|policy| policy.name == "Every desk").context("no policy")?.id;
    Ok((policy, of_jane.context("no computer of Jane's")?))
}

async fn enroll(api: &Api, server: &Url, organization: Uuid, name: &str) -> anyhow::Result<Computer> {
    let enrollment_token = api.make_enrollment_token(organization).await?.token;
    let facts = Facts { computer: name.into(), serial: name.into(), ..Facts::default() };
    let fingerprint = Uuid::new_v4().simple().to_string().repeat(2);
    let request = EnrollRequest { enrollment_token, fingerprint, facts, folder: None };
    let answer = http::client()?.post(server.join("agent/v1/enroll")?).json(&request).send().await?;
    let EnrollResponse { asset_id, agent_token, .. } = answer.json().await.context("enrolling")?;
    Ok(Computer { asset: asset_id, token: agent_token })
}

async fn launch(server: &Url, computer: &Computer) -> anyhow::Result<Url> {
    let os_user = OsUser { name: "jane".into(), domain: String::new(), id: "1000".into() };
    let request = LaunchRequest { entry: "portal".parse().context("an id")?, os_user };
    let post = http::client()?.post(server.join("agent/v1/launch")?).bearer_auth(&computer.token).json(&request);
    let LaunchResponse { url, .. } = post.send().await?.json().await.context("launching")?;
    Ok(url)
}
