//! Takes the documents' pictures of the console from a demo that runs: `console-pictures NOTES FOLDER`, with the demo's
//! notes. What is on them is the demo's sample MSP with a few more computers and tickets.

use std::{fs, path::Path};

use anyhow::Context;
use deskbell_protocol::{AssetId, EnrollRequest, EnrollResponse, Facts, LaunchRequest, LaunchResponse, OsUser};
use deskbell_tests::support::{
    api::Api,
    browser::{Browser, BrowserOptions, keys},
    http,
    portal::OpenForm,
    sample,
};
use serde::Deserialize;
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

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (notes, folder) = (arguments.next().context("no NOTES")?, arguments.next().context("no FOLDER")?);
    let notes = fs::read_to_string(&notes).with_context(|| format!("reading {notes}"))?;
    let notes: Notes = serde_json::from_str(&notes).context("reading the demo's notes")?;
    let api = Api::new(&notes.server_url, &notes.api_token)?;
    let policy = fill_in(&api, &notes.server_url).await?;

    let link = api.add_staff("Kim Larsen", "kim@harbor-it.example", "technician").await?;
    let browser = Browser::start(&BrowserOptions { height: 860, ..BrowserOptions::default() }).await?;
    browser.open(link.as_str()).await?;
    browser.tab_to("password").await?;
    browser.type_keys(PASSWORD).await?;
    browser.leave_by(keys::ENTER).await?;
    let asset = notes.asset_id;
    for (name, path) in [
        ("console-overview", "console".to_owned()),
        ("console-asset", format!("console/assets/{asset}")),
        ("console-builder", format!("console/policies/{policy}?computer={}#system-tray", sample::COMPUTER)),
    ] {
        browser.open(notes.server_url.join(&path)?.as_str()).await?;
        browser.text("h1").await?;
        let picture = browser.screenshot().await?;
        fs::write(Path::new(&folder).join(format!("{name}.png")), picture).context("writing a picture")?;
    }
    browser.stop().await
}

/// A few more computers, of which some cannot open the form, and tickets; gives the sample's policy.
async fn fill_in(api: &Api, server: &Url) -> anyhow::Result<Uuid> {
    let sample = sample::fill_in(api).await?;
    let people = api.end_users().await?;
    let oskar = people.iter().find(|person| person.name == "Oskar Lindgren").context("no Oskar")?.id;
    for (name, person) in [("PC-043", Some(sample.jane)), ("OVEN-1", Some(oskar)), ("TILL-2", None)] {
        let computer = enroll(api, server, sample.organization, name).await?;
        if let Some(person) = person {
            api.assign(computer.asset, person).await?;
        }
        if person == Some(sample.jane) {
            for words in ["The oven beeps and shows E7.", "The scanner does not answer."] {
                OpenForm::open(launch(server, &computer).await?.as_str()).await?.send(Uuid::new_v4(), words).await?;
            }
        }
    }
    let policies = api.policies().await?;
    Ok(policies.iter().find(|policy| policy.name == "Every desk").context("no policy")?.id)
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
