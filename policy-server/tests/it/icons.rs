use deskbell_protocol::{IconHash, PolicyAnswer};
use png::{BitDepth, ColorType, Encoder};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::{Agent, problem},
    world::{Msp, World},
};

/// A square of one color.
fn png(side: u32, color: [u8; 4]) -> Vec<u8> {
    let mut png = Vec::new();
    let mut encoder = Encoder::new(&mut png, side, side);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    let pixels = color.repeat((side * side) as usize);
    encoder.write_header().expect("a header").write_image_data(&pixels).expect("pixels");
    png
}

async fn send(world: &World, upload: Vec<u8>) -> Response {
    let post = world.client.post(format!("{}/api/v1/icons", world.origin)).bearer_auth(&world.api_token);
    post.header("content-type", "image/png").body(upload).send().await.expect("an answer")
}

async fn uploaded(world: &World, upload: Vec<u8>) -> String {
    let answer = send(world, upload).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    answer.json::<Value>().await.expect("JSON")["sha256"].as_str().expect("a hash").to_owned()
}

fn with_settings(settings: &Value) -> Value {
    json!({"name": "Standard", "settings": settings})
}

/// AGT-19: the uploaded pixels reach agents as a PNG of 64 pixels that the server wrote, named by its hash.
#[tokio::test]
async fn an_uploaded_icon_reaches_the_agents_of_a_policy_that_names_it() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let (red, blue) = (png(100, [255, 0, 0, 255]), png(64, [0, 0, 255, 128]));
    let light = uploaded(&msp.world, red.clone()).await;
    let dark = uploaded(&msp.world, blue).await;
    assert_eq!(uploaded(&msp.world, red.clone()).await, light, "the same picture has the same name");
    let icons = json!({"light": light, "dark": dark});

    let path = format!("/policies/{}", msp.policy);
    let saved = msp.world.done(Method::PUT, &path, with_settings(&json!({"icons": icons}))).await;

    assert_eq!(saved["settings"]["icons"], icons);
    let answer: PolicyAnswer = agent.policy(None, 0).await.json().await.expect("JSON");
    assert_eq!(serde_json::to_value(answer.policy.icons).expect("JSON"), icons);
    let effective = msp.world.get(&format!("/assets/{}/effective-policy", agent.asset)).await;
    assert_eq!(effective["icons_from"], json!({"type": "provider"}));
    let fetched = agent.request(Method::GET, &format!("/icons/{light}")).send().await.expect("an answer");
    assert_eq!(fetched.headers()["content-type"], "image/png");
    assert_eq!(fetched.headers()["x-content-type-options"], "nosniff");
    let fetched = fetched.bytes().await.expect("bytes").to_vec();
    assert!(fetched != red && fetched == msp.world.bytes(&format!("/icons/{light}")).await);
    let mut reader = png::Decoder::new(std::io::Cursor::new(fetched)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let frame = reader.next_frame(&mut pixels).expect("pixels");
    assert_eq!((frame.width, frame.height), (64, 64));
    assert!(pixels.chunks_exact(4).all(|pixel| pixel == [255, 0, 0, 255]));
}

/// AGT-19: what is no PNG, whatever it is called, and what is too large are refused with a pointer.
#[tokio::test]
async fn what_is_no_icon_is_refused_with_the_reason() {
    let world = World::start(DATABASE).await;
    for (upload, words) in [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "no PNG"),
        (b"MZ\x90\0 icon.png".to_vec(), "no PNG"),
        (Vec::new(), "no PNG"),
        (png(8, [0; 4]), "8 × 8"),
        (png(1025, [0; 4]), "1025 × 1025"),
        (png(64, [0; 4])[..60].to_vec(), "damaged"),
        (vec![b'x'; 256 * 1024 + 1], "more than 262144 bytes"),
    ] {
        let answer = send(&world, upload).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        let problem = problem(answer).await;
        assert!(problem.detail.contains(words) && problem.errors.len() == 1, "{problem:?}");
    }
}

/// AGT-19, POL-07: a policy names only icons that are there; the fault says which.
#[tokio::test]
async fn a_policy_with_an_unknown_icon_or_a_wrong_setting_is_refused_with_a_pointer() {
    let msp = Msp::start(DATABASE).await;
    let known = uploaded(&msp.world, png(64, [1; 4])).await;
    let unknown = "a".repeat(64);
    let path = format!("/policies/{}", msp.policy);
    for (settings, pointer) in [
        (json!({"icons": {"light": unknown}}), "/settings/icons/light"),
        (json!({"icons": {"light": known, "dark": unknown}}), "/settings/icons/dark"),
        (json!({"icons": {"light": "../etc"}}), "/settings/icons/light"),
        (json!({"icons": true}), "/settings/icons"),
        (json!({"brand_name": " "}), "/settings/brand_name"),
        (json!({"brand_name": true}), "/settings/brand_name"),
        (json!({"shortcut": "F12"}), "/settings/shortcut"),
        (json!({"shortcut": "ctrl+F12"}), "/settings/shortcut"),
        (json!({"keep_in_view": "yes"}), "/settings/keep_in_view"),
    ] {
        let (status, answer) = msp.world.api(Method::PUT, &path, Some(with_settings(&settings))).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{settings}");
        assert_eq!(answer["errors"][0]["pointer"], json!(pointer), "{answer}");
    }
    assert_eq!(msp.world.get(&path).await["version"], json!(1));
}

/// POL-02, AGT-19, AGT-21: name, icons and shortcut are given by one level and taken away by a lower one.
#[tokio::test]
async fn a_lower_level_can_take_name_icons_and_shortcut_away() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let icon = uploaded(&msp.world, png(64, [1; 4])).await;
    let given = json!({"brand_name": "Contoso Desk", "icons": {"light": icon}, "shortcut": "Shift+Ctrl+F12"});
    msp.world.done(Method::PUT, &format!("/policies/{}", msp.policy), with_settings(&given)).await;
    let answer: PolicyAnswer = agent.policy(None, 0).await.json().await.expect("JSON");
    assert_eq!(answer.policy.support.name, "Contoso Desk");
    assert_eq!(answer.policy.shortcut.map(|shortcut| shortcut.to_string()).as_deref(), Some("Ctrl+Shift+F12"));
    assert!(answer.policy.icons.is_some());

    let off = json!({"name": "Off", "settings": {"brand_name": false, "icons": false, "shortcut": false}});
    let off = msp.world.made("/policies", off).await;
    msp.world.done(Method::PUT, &format!("/assets/{}/policy", agent.asset), json!({"policy_id": off})).await;

    let answer: PolicyAnswer = agent.policy(None, 0).await.json().await.expect("JSON");
    assert_eq!(answer.policy.support.name, "Northwind IT");
    assert_eq!((answer.policy.icons, answer.policy.shortcut), (None, None));
}

#[tokio::test]
async fn icons_are_for_agents_and_the_api_alone() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let icon = uploaded(&msp.world, png(64, [1; 4])).await;
    for path in ["/agent/v1/icons", "/api/v1/icons"] {
        let stranger = msp.world.client.get(format!("{}{path}/{icon}", msp.world.origin)).send().await;
        assert_eq!(stranger.expect("an answer").status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    let absent: IconHash = "0".repeat(64).parse().expect("a hash");
    for name in [absent.as_str(), "..%2f..%2fetc%2fpasswd", "x"] {
        let answer = agent.request(Method::GET, &format!("/icons/{name}")).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{name}");
        problem(answer).await;
    }
    msp.world.done(Method::POST, &format!("/assets/{}/retire", agent.asset), json!({})).await;
    let answer = agent.request(Method::GET, &format!("/icons/{icon}")).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::GONE);
}
