//! The agent's packages: what the console and the API say of them, and who gets them.

use std::{fs, io::Read as _, path::PathBuf};

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use zip::ZipArchive;

use super::DATABASE;
use crate::{agents::ask_to_enroll, staff_members::member, world::Msp};

const MSI: &str = "deskbell-agent-1.10.0.msi";
const OLDER: &str = "deskbell-agent-1.2.3.msi";
const DEB: &str = "deskbell-agent_1.10.0_amd64.deb";

/// An MSP whose administrator put packages onto the server, and something else beside them.
async fn with_packages() -> Msp {
    let msp = Msp::start(DATABASE).await;
    fs::create_dir(folder(&msp)).expect("a folder");
    for file in [MSI, OLDER, DEB, "notes.txt", "deskbell-agent-1.2.3.msi.part"] {
        fs::write(folder(&msp).join(file), format!("what is in {file}")).expect("written");
    }
    msp
}

/// Where the server looks when nothing is configured.
fn folder(msp: &Msp) -> PathBuf {
    msp.world.data.join("packages")
}

async fn get(msp: &Msp, url: &str) -> Response {
    msp.world.client.get(url).send().await.expect("an answer")
}

fn url_of(packages: &Value, file: &str) -> String {
    let items = packages["items"].as_array().expect("a list");
    let package = items.iter().find(|package| package["file"] == file).expect("it is listed");
    package["url"].as_str().expect("a URL").to_owned()
}

/// Whoever has a link gets the package and nobody learns which there are: a link names the content.
#[tokio::test]
async fn a_package_is_given_to_whoever_has_its_link_and_listed_for_staff_and_programs_alone() {
    let msp = with_packages().await;
    let packages = msp.world.get("/agent-packages").await;
    let files: Vec<_> = packages["items"].as_array().expect("a list").iter().map(|package| &package["file"]).collect();
    assert_eq!(files, [MSI, OLDER, DEB]);
    assert_eq!(packages["items"][0]["version"], "1.10.0");
    assert_eq!(packages["items"][2]["processor"], "x86_64");

    let url = url_of(&packages, MSI);
    let package = get(&msp, &url).await;
    assert_eq!(package.status(), StatusCode::OK);
    assert_eq!(package.headers()["content-disposition"], format!("attachment; filename=\"{MSI}\""));
    assert_eq!(package.headers()["x-content-type-options"], "nosniff");
    assert_eq!(package.text().await.expect("text"), format!("what is in {MSI}"));

    let (hash, _) = url.rsplit_once('/').expect("a hash");
    for wrong in [
        format!("{hash}/{OLDER}"),
        format!("{hash}/notes.txt"),
        format!("{hash}/..%2Fdeskbell.key"),
        format!("{hash}/"),
        url.replace(hash, &format!("{}/packages/{}", msp.world.origin, "0".repeat(64))),
        format!("{}/packages/", msp.world.origin),
    ] {
        let answer = get(&msp, &wrong).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{wrong}");
        assert!(!answer.text().await.expect("text").contains("deskbell-agent"), "{wrong}");
    }

    // Another content has another link.
    fs::write(folder(&msp).join(MSI), "signed anew").expect("written");
    assert_eq!(get(&msp, &url).await.status(), StatusCode::NOT_FOUND);
    let url = url_of(&msp.world.get("/agent-packages").await, MSI);
    assert_eq!(get(&msp, &url).await.text().await.expect("text"), "signed anew");
}

/// AGT-11: the console shows a new token once, with the command for each tool and the folder's computers in mind; the same
/// comes by the API. A token that ended is packed no more.
#[tokio::test]
async fn the_console_shows_how_to_install_the_agent_with_a_new_token() {
    let msp = with_packages().await;
    let world = &msp.world;
    let (_, kim) = member(world, "kim@msp.example", "technician").await;
    let folder = json!({"organization_id": msp.organization, "name": "Sales"});
    let folder = world.made("/folders", folder).await;
    let from_folder = kim.get(&format!("/console/tree/folders/{folder}")).await;
    let way = from_folder.attribute("a[href*='/enrollment']", "href");
    let page = kim.get(&way).await;
    assert_eq!(page.attribute("#folder_id option[selected]", "value"), folder);
    assert_eq!((page.value("#days").as_str(), page.value("#uses").as_str()), ("30", "100"), "it ends by itself");
    assert!(page.texts("td").contains(&MSI.to_owned()), "{}", page.html);

    let path = format!("/console/organizations/{}/enrollment", msp.organization);
    let sent = [("name", "November"), ("folder_id", folder.as_str()), ("days", "30"), ("uses", "1")];
    let made = kim.post(&path, &sent).await;
    assert_eq!(made.headers["cache-control"], "no-store");
    let token = made.value("#token");
    let texts = made.texts("pre");
    let url = url_of(&world.get("/agent-packages").await, MSI);
    assert!(texts[0].contains(&url) && texts[0].contains(&format!("ENROLLMENT_TOKEN={token}")), "{}", texts[0]);
    assert_eq!(made.texts("h2")[..2], ["Windows", "Debian, Ubuntu"]);
    let answer = ask_to_enroll(world, &token).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    let asset: Value = answer.json().await.expect("JSON");
    let asset = world.get(&format!("/assets/{}", asset["asset_id"].as_str().expect("an id"))).await;
    assert_eq!(asset["folder_id"], folder.as_str());

    let by_api = json!({"organization_id": msp.organization, "name": "by API"});
    let by_api = world.done(Method::POST, "/enrollment-tokens", by_api).await;
    let tools: Vec<_> = by_api["commands"].as_array().expect("commands").iter().map(|one| &one["tool"]).collect();
    assert_eq!(tools.len(), texts.len(), "{tools:?}");

    // Its one use is gone.
    let pack = made.attribute("form[action$='/with-token']", "action");
    let refused = kim.post(&pack, &[("enrollment_token", &token)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.text("h1"), "Nothing to download");
}

/// The package is what it was, so that its signature stays good; what only administrators may read is theirs alone.
#[tokio::test]
async fn a_package_with_the_token_is_the_package_as_it_is_and_a_script() {
    let msp = with_packages().await;
    let packages = msp.world.get("/agent-packages").await;
    let (token, origin) = (&msp.enrollment_token, &msp.world.origin);
    for (file, expected) in [(MSI, vec!["install.cmd"]), (DEB, vec!["enrollment-token", "install.sh"])] {
        let url = url_of(&packages, file);
        let sha256 = url.split('/').rev().nth(1).expect("a hash");
        let post = msp.world.client.post(format!("{origin}/api/v1/agent-packages/{sha256}/with-token"));
        let post = post.bearer_auth(&msp.world.api_token).json(&json!({"enrollment_token": token}));
        let answer = post.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let bytes = answer.bytes().await.expect("bytes").to_vec();
        let mut zip = ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip");
        let folder = file.rsplit_once('.').expect("an ending").0;
        let mut read = |name: &str| {
            let mut member = zip.by_name(&format!("{folder}/{name}")).expect("it is there");
            let mut text = String::new();
            member.read_to_string(&mut text).expect("text");
            (text, member.unix_mode().expect("a mode") & 0o777)
        };
        assert_eq!(read(file).0, format!("what is in {file}"));
        for name in &expected {
            let (text, mode) = read(name);
            match *name {
                "enrollment-token" => assert_eq!((text.trim(), mode), (token.as_str(), 0o600)),
                "install.sh" => {
                    assert!(text.contains(&format!("--server {origin} --token-file enrollment-token")), "{text}");
                    assert_eq!(mode, 0o755);
                }
                _ => assert!(text.contains(&format!("SERVER_URL={origin} ENROLLMENT_TOKEN={token}\r\n")), "{text}"),
            }
        }
        assert_eq!(zip.len(), expected.len() + 1);
    }
}
