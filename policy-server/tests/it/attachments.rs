use std::{path::PathBuf, time::Duration};

use reqwest::{
    Method, StatusCode, header,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, FORM, Page},
    world::{Msp, ServerProgram},
};

const MEGABYTE: usize = 1 << 20;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\nand so on";

/// The form of a page with files, as a browser sends it.
fn with_files(page: &Page, description: &str, files: &[(&str, &[u8])]) -> Form {
    let form = Form::new()
        .text("form_id", page.value("input[name=form_id]"))
        .text("form_for", page.value("input[name=form_for]"))
        .text("description", description.to_owned())
        .text("urgency", "high");
    files
        .iter()
        .fold(form, |form, (name, bytes)| form.part("files", Part::bytes(bytes.to_vec()).file_name((*name).to_owned())))
}

async fn send(msp: &Msp, browser: &Browser<'_>, form: Form) -> Page {
    let origin = &msp.world.origin;
    browser.send(msp.world.client.post(format!("{origin}{FORM}")).header("origin", origin).multipart(form)).await
}

async fn tickets(msp: &Msp) -> Vec<Value> {
    msp.world.get("/tickets").await["items"].as_array().expect("a list").clone()
}

async fn attachments(msp: &Msp, ticket: &Value) -> Vec<Value> {
    let path = format!("/tickets/{}/attachments", ticket["id"].as_str().expect("an id"));
    msp.world.get(&path).await["items"].as_array().expect("a list").clone()
}

/// What is being received.
fn unfinished(msp: &Msp) -> usize {
    std::fs::read_dir(msp.world.folder.path().join("attachments/tmp")).expect("a folder").count()
}

/// What has its place.
fn kept(msp: &Msp) -> Vec<PathBuf> {
    let folder = std::fs::read_dir(msp.world.folder.path().join("attachments")).expect("a folder");
    let folders = folder.map(|entry| entry.expect("an entry").path()).filter(|path| !path.ends_with("tmp"));
    folders
        .flat_map(|folder| std::fs::read_dir(folder).expect("a folder"))
        .map(|file| file.expect("a file").path())
        .collect()
}

async fn until(what: &str, mut reached: impl FnMut() -> bool, msp: &Msp) {
    let waiting = async {
        while !reached() {
            let get = msp.world.client.get(format!("{}/healthz", msp.world.origin));
            get.send().await.expect("an answer");
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.unwrap_or_else(|_| panic!("not reached: {what}"));
}

/// S15, S16: files of any type go along, are kept apart, and come back as downloads that no browser runs.
#[tokio::test]
async fn files_go_along_with_a_ticket_and_come_back_as_they_were() {
    let msp = Msp::start(DATABASE).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&Agent::of_jane(&msp).await.click().await).await;
    assert!(form.has("form[enctype='multipart/form-data'] input[type=file][name=files][multiple]"));
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    let files: [(&str, &[u8]); 5] =
        [("image.png", PNG), ("image.png", b"other"), ("..\\..\\Zo\u{eb}\u{202e}.svg", svg), ("empty", b""), ("", b"")];

    let sent = send(&msp, &browser, with_files(&form, "With files", &files)).await;

    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    let listed = attachments(&msp, &tickets(&msp).await[0]).await;
    let told: Vec<_> =
        listed.iter().map(|file| (file["name"].as_str(), file["size"].as_u64(), file["media_type"].as_str())).collect();
    let bytes = Some("application/octet-stream");
    assert_eq!(
        told,
        [
            (Some("image.png"), Some(17), Some("image/png")),
            (Some("image (2).png"), Some(5), bytes),
            (Some("Zo\u{eb}.svg"), Some(59), bytes),
            (Some("empty"), Some(0), bytes),
        ]
    );
    let receipt = browser.get(&sent.location()).await;
    assert_eq!(receipt.text(".files a"), "image.png");
    for (file, content) in listed.iter().zip([PNG, b"other", svg, b""]) {
        let path = format!("{}/files/{}", sent.location(), file["id"].as_str().expect("an id"));
        assert!(receipt.has(&format!(".files a[href='{path}']")));
        let page = browser.get(&path).await;
        assert_eq!(page.status, StatusCode::OK);
        for (name, value) in [
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
            (header::CACHE_CONTROL, "no-store"),
            (header::CONTENT_TYPE, file["media_type"].as_str().expect("a type")),
        ] {
            assert_eq!(page.headers[name], value, "{path}");
        }
        let get = msp.world.client.get(format!("{}{path}", msp.world.origin)).header("accept-encoding", "gzip");
        assert_eq!(browser.bytes(get).await, content);
        let api = msp.world.bytes(&format!("/attachments/{}", file["id"].as_str().expect("an id"))).await;
        assert_eq!(api, content);
    }
    let path = format!("{}/files/{}", sent.location(), listed[2]["id"].as_str().expect("an id"));
    let disposition = &browser.get(&path).await.headers[header::CONTENT_DISPOSITION];
    assert_eq!(disposition, "attachment; filename=\"Zo_.svg\"; filename*=UTF-8''Zo%C3%AB.svg");
    assert_eq!((kept(&msp).len(), unfinished(&msp)), (4, 0));
}

/// S4, S1, invariant 7: a file is for whoever sees its ticket, at this moment.
#[tokio::test]
async fn a_file_of_another_ticket_asset_or_person_does_not_exist() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    let first = send(&msp, &browser, with_files(&form, "One", &[("secret.txt", b"secret")])).await.location();
    let form = browser.get(FORM).await;
    let second = send(&msp, &browser, with_files(&form, "Two", &[])).await.location();
    let file = attachments(&msp, &tickets(&msp).await[0]).await[0]["id"].as_str().expect("an id").to_owned();
    let path = format!("{first}/files/{file}");
    assert_eq!(browser.get(&path).await.html, "secret");

    for wrong in [format!("{second}/files/{file}"), format!("{first}/files/{}", msp.jane), format!("{first}/files/x")] {
        assert_eq!(browser.get(&wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    let other_asset = Browser::new(&msp.world);
    other_asset.open(&Agent::of_jane(&msp).await.click().await).await;
    assert_eq!(other_asset.get(&path).await.status, StatusCode::NOT_FOUND);
    let joe = msp.world.made("/end-users", json!({"organization_id": msp.organization, "name": "Joe"})).await;
    let joe_user = json!({"organization_id": msp.organization, "end_user_id": joe, "sign_in_name": "joe"});
    msp.world.made("/portal-users", joe_user).await;
    agent.assign(&joe).await;
    assert!(browser.get(&path).await.is_again(), "Jane's session is over");
    let other_person = Browser::new(&msp.world);
    other_person.open(&agent.click().await).await;
    assert_eq!(other_person.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(Browser::new(&msp.world).get(&path).await.status, StatusCode::FORBIDDEN);
    let api = msp.world.client.get(format!("{}/api/v1/attachments/{file}", msp.world.origin));
    assert_eq!(api.send().await.expect("an answer").status(), StatusCode::UNAUTHORIZED);
    let (status, _) = msp.world.api(Method::GET, &format!("/attachments/{}", msp.jane), None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn too_many_or_too_large_files_are_said_beside_their_field_and_nothing_of_them_is_kept() {
    let msp = Msp::start(DATABASE).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&Agent::of_jane(&msp).await.click().await).await;
    let large = vec![7; 20 * MEGABYTE + 1];
    let eleven: Vec<_> = (0..11).map(|_| ("x.png", PNG)).collect();
    let choose = "Please choose your files again: browsers do not keep them while a form is corrected.";
    for (files, description, error) in [
        (
            vec![("a.png", PNG), ("b/large.zip", large.as_slice())],
            "Kept",
            format!("large.zip is larger than 20 MB. {choose}"),
        ),
        (eleven, "Kept", format!("These are more than 10 files. {choose}")),
        (vec![("a.png", PNG)], "", choose.to_owned()),
    ] {
        let again = send(&msp, &browser, with_files(&form, description, &files)).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(again.text("#files-error"), error);
        assert!(
            again.has("#files[aria-invalid=true][aria-describedby~=files-error]")
                && again.has("input[value=high][checked]")
        );
        assert_eq!(again.text("textarea"), description);
        assert_eq!((kept(&msp).len(), unfinished(&msp)), (0, 0));
    }
    assert!(tickets(&msp).await.is_empty());
    let sent = send(&msp, &browser, with_files(&form, "Fits", &[("large.zip", &large[1..])])).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    assert_eq!(attachments(&msp, &tickets(&msp).await[0]).await[0]["size"], 20 * MEGABYTE);
}

#[tokio::test]
async fn a_computer_sends_at_most_sixty_files_an_hour() {
    let msp = Msp::start(DATABASE).await;
    let browser = Browser::new(&msp.world);
    browser.open(&Agent::of_jane(&msp).await.click().await).await;
    let ten: Vec<_> = (0..10).map(|_| ("x.png", PNG)).collect();
    for _ in 0..6 {
        let form = browser.get(FORM).await;
        assert_eq!(send(&msp, &browser, with_files(&form, "x", &ten)).await.status, StatusCode::SEE_OTHER);
    }
    let form = browser.get(FORM).await;
    let again = send(&msp, &browser, with_files(&form, "Kept", &ten[..1])).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text("#files-error").starts_with("No more than 60 files an hour"), "{}", again.html);
    assert_eq!(again.text("textarea"), "Kept");

    let other = Browser::new(&msp.world);
    let form = other.open(&Agent::of_jane(&msp).await.click().await).await;
    assert_eq!(
        send(&msp, &other, with_files(&form, "x", &ten)).await.status,
        StatusCode::SEE_OTHER,
        "another computer"
    );
    assert_eq!(send(&msp, &browser, with_files(&again, "x", &[])).await.status, StatusCode::SEE_OTHER, "without files");
    msp.world.clock.advance(Duration::from_hours(1));
    let form = browser.get(FORM).await;
    assert_eq!(send(&msp, &browser, with_files(&form, "x", &ten)).await.status, StatusCode::SEE_OTHER, "an hour later");
}

/// Invariant 21, S19: with files, too.
#[tokio::test]
async fn the_same_form_with_files_sent_many_times_is_one_ticket_with_one_set_of_files() {
    let msp = Msp::start(DATABASE).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&Agent::of_jane(&msp).await.click().await).await;
    let files: [(&str, &[u8]); 2] = [("a.png", PNG), ("b.txt", b"b")];
    let sends = (0..8).map(|_| send(&msp, &browser, with_files(&form, "Once", &files)));
    let pages = futures_util::future::join_all(sends).await;
    let later = send(&msp, &browser, with_files(&form, "Later", &[("c.txt", b"c")])).await;
    for page in pages.iter().chain([&later]) {
        assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, pages[0].location()));
    }
    let made = tickets(&msp).await;
    assert_eq!((made.len(), attachments(&msp, &made[0]).await.len()), (1, 2));
    assert_eq!((kept(&msp).len(), unfinished(&msp)), (2, 0));
}

/// A request for the form by hand, with nothing after `body` though more is announced.
async fn begin_upload(msp: &Msp, browser: &Browser<'_>, body: &[u8]) -> TcpStream {
    let host = msp.world.origin.trim_start_matches("http://");
    let head = format!(
        "POST {FORM} HTTP/1.1\r\nhost: {host}\r\norigin: {}\r\ncookie: {}\r\ncontent-length: {}\r\n\
         content-type: multipart/form-data; boundary=x\r\n\r\n",
        msp.world.origin,
        browser.cookies(),
        100 * MEGABYTE,
    );
    let mut stream = TcpStream::connect(host.replace("localhost", "127.0.0.1")).await.expect("the server");
    stream.write_all(head.as_bytes()).await.expect("sent");
    stream.write_all(body).await.expect("sent");
    stream
}

const FILE_HEAD: &str = "--x\r\ncontent-disposition: form-data; name=\"files\"; filename=\"a.bin\"\r\n\r\n";

#[tokio::test]
async fn an_upload_that_is_cut_off_leaves_nothing() {
    let msp = Msp::start(DATABASE).await;
    let browser = Browser::new(&msp.world);
    browser.open(&Agent::of_jane(&msp).await.click().await).await;
    let stream = begin_upload(&msp, &browser, &[FILE_HEAD.as_bytes(), &vec![7; MEGABYTE]].concat()).await;
    until("the file is being received", || unfinished(&msp) == 1, &msp).await;
    drop(stream);
    until("nothing is left", || unfinished(&msp) == 0, &msp).await;
    assert!(kept(&msp).is_empty() && tickets(&msp).await.is_empty());
}

/// S17: nobody without a right to the form writes a byte to the disk.
#[tokio::test]
async fn files_of_strangers_and_of_other_sites_are_not_received() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    let file: [(&str, &[u8]); 1] = [("a.png", PNG)];
    // Receiving fails without this folder.
    std::fs::remove_dir(msp.world.folder.path().join("attachments/tmp")).expect("an empty folder");
    assert_eq!(send(&msp, &browser, with_files(&form, "x", &file)).await.status, StatusCode::INTERNAL_SERVER_ERROR);
    let stranger = Browser::new(&msp.world);
    let page = send(&msp, &stranger, with_files(&form, "Typed", &file)).await;
    assert!(page.status == StatusCode::GONE && page.text("textarea") == "Typed", "{}", page.html);
    for origin in ["https://evil.example", "null"] {
        let post = msp.world.client.post(format!("{}{FORM}", msp.world.origin)).header("origin", origin);
        let page = browser.send(post.multipart(with_files(&form, "x", &file))).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
    }
    msp.world.clock.advance(Duration::from_hours(3));
    assert_eq!(send(&msp, &browser, with_files(&form, "Typed", &file)).await.status, StatusCode::GONE);
    assert!(kept(&msp).is_empty() && tickets(&msp).await.is_empty());
}

#[tokio::test]
async fn a_form_without_shape_or_end_is_refused_with_a_page() {
    let msp = Msp::start(DATABASE).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&Agent::of_jane(&msp).await.click().await).await;
    let long = send(&msp, &browser, with_files(&form, &"x".repeat(200_000), &[("a.png", PNG)])).await;
    assert_eq!((long.status, long.text("h1").as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "That is too much at once"));
    let origin = &msp.world.origin;
    let post = msp.world.client.post(format!("{origin}{FORM}")).header("origin", origin);
    let cut = post.header("content-type", "multipart/form-data; boundary=x").body(format!("{FILE_HEAD}no end"));
    assert_eq!(browser.send(cut).await.status, StatusCode::BAD_REQUEST);

    // A part whose head never ends is not gathered in memory.
    let mut stream = begin_upload(&msp, &browser, b"--x\r\n").await;
    let mut taken = 0;
    while taken < 100 && stream.write_all(&vec![b'a'; MEGABYTE]).await.is_ok() {
        taken += 1;
    }
    assert!(taken < 50, "{taken} MB were taken of a part's head");
    assert_eq!((kept(&msp).len(), unfinished(&msp), tickets(&msp).await.len()), (0, 0, 0));
}

#[tokio::test]
async fn what_a_server_was_receiving_when_it_ended_is_removed_at_the_next_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let tmp = folder.path().join("attachments/tmp");
    std::fs::create_dir_all(&tmp).expect("a folder");
    std::fs::write(tmp.join("orphan"), "x").expect("written");
    std::fs::write(tmp.join("held"), "x").expect("written");
    let held = std::fs::File::open(tmp.join("held")).expect("a file");
    held.lock().expect("the lock of another server");
    let _server = ServerProgram::start(folder.path(), "", &[]).await;
    let left: Vec<_> =
        std::fs::read_dir(&tmp).expect("a folder").map(|file| file.expect("a file").file_name()).collect();
    assert_eq!(left, ["held"]);
}
