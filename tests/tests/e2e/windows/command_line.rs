//! The command line, on a computer that reaches its server through a proxy and knows it by a company's authority.

use std::{fs, net::Ipv4Addr};

use anyhow::Context;
use deskbell_protocol::AgentState;
use deskbell_tests::support::{agent::Outcome, deadline::PATIENT, server::TestServer, wine::Wine};
use serde_json::Value;

use super::{
    authority::Authority,
    computer::{POLICIES, until_status},
    proxy::Proxy,
};
use crate::desk::{Msp, PHONE, PORTAL};

const SETTINGS: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings";
const HOST: &str = "help.example";
const NOT_TRUSTED: &str = "the certificate of help.example was not accepted: its issuer is unknown";

/// AGT-14, AGT-17, under Wine: `enroll` and the service take the proxy of the Internet settings and trust whom Windows
/// trusts; a certificate that nobody vouches for is named with the reason; a proxy that is managed centrally goes before the
/// system's. Each command has text for people, JSON for scripts and its exit codes, 0 to 5.
#[tokio::test(flavor = "multi_thread")]
async fn windows_the_command_line_tells_what_is_going_on_behind_a_proxy() -> anyhow::Result<()> {
    let authority = Authority::new(HOST)?;
    let mut msp = Msp::on(TestServer::start_over_tls(&authority.files).await?).await?;
    let url = msp.server.url.clone();
    let port = url.port().context("a server without a port")?;
    let tunnel = format!("CONNECT {HOST}:{port} HTTP/1.1");
    let server = (Ipv4Addr::LOCALHOST, port).into();
    let (system, managed) = (Proxy::start(server)?, Proxy::start(server)?);
    let wine = Wine::start_drawing_nothing().await?;
    wine.set_value(SETTINGS, "ProxyServer", &system.address.to_string()).await?;
    // The list of certificates that were revoked is on this computer.
    wine.set_value(SETTINGS, "ProxyOverride", "127.0.0.1").await?;
    wine.set_number(SETTINGS, "ProxyEnable", 1).await?;
    fs::copy(&authority.files.authority, wine.path(r"C:\authority.pem"))?;
    fs::write(wine.path(r"C:\token"), msp.api.make_enrollment_token(msp.organization).await?.token)?;
    fs::write(wine.path(r"C:\wrong"), "a-token-that-nobody-gave-out")?;
    wine.install_service().await?;
    wine.start_service().await?;

    ends_with(&wine, 2, &["enrol"]).await?;
    let stranger = ends_with(&wine, 3, &["open", "--print-url"]).await?;
    assert!(stranger.stdout.is_empty() && !stranger.stderr.is_empty(), "{stranger:?}");
    let enroll = ["enroll", "--json", "--server", url.as_str(), "--token-file", r"C:\token"];
    let refused = ends_with(&wine, 4, &enroll).await?;
    assert!(refused.stderr.contains(NOT_TRUSTED) && refused.stderr.contains("are kept"), "{refused:?}");
    let says = |text: &str| text.contains(NOT_TRUSTED);
    until_status(&wine, "the service to say why", |status| status.last_error.as_deref().is_some_and(says)).await?;
    let doctor = ends_with(&wine, 1, &["doctor"]).await?;
    assert!(says(&doctor.stdout), "{doctor:?}");

    wine.done("sc", &["stop", "deskbell-agent"]).await?;
    let away = ends_with(&wine, 1, &["status"]).await?;
    assert!(away.stderr.contains("No service answers at"), "{away:?}");
    wine.desk(&["trust", r"C:\authority.pem"]).await?;
    let wrong = ends_with(&wine, 5, &["enroll", "--server", url.as_str(), "--token-file", r"C:\wrong"]).await?;
    assert!(wrong.stderr.contains("did not take the enrollment token"), "{wrong:?}");
    let enrolled = ends_with(&wine, 0, &enroll).await?.json()?;
    assert_eq!((&enrolled["state"], &enrolled["server"]), (&"enrolled".into(), &url.as_str().into()));
    let asked = system.asked().len();
    wine.set_value(SETTINGS, "ProxyServer", &format!("http=127.0.0.1:9;https={}", system.address)).await?;
    wine.start_service().await?;
    let status = until_status(&wine, "the first policy", |status| status.policy_since.is_some()).await?;
    assert!(system.asked().len() > asked, "the service went another way");
    let asset = status.asset_id.context("an enrolled computer without an id")?;
    assert_eq!((status.state, Value::from(asset.to_string())), (AgentState::Enrolled, enrolled["asset_id"].clone()));
    assert!(system.asked().iter().all(|asked| *asked == tunnel), "{:?}", system.asked());

    msp.api.assign(asset, msp.jane).await?;
    let text = ends_with(&wine, 0, &["status"]).await?.stdout;
    assert!(text.contains("State:      enrolled\n") && text.contains(url.as_str()), "{text}");
    let text = ends_with(&wine, 0, &["menu"]).await?.stdout;
    assert!(text.contains(&format!("{PORTAL} [portal]")), "{text}");
    let json = ends_with(&wine, 0, &["menu", "--json"]).await?.json()?;
    assert_eq!((&json["visible"], &json["items"][0]["id"]), (&true.into(), &"portal".into()));
    let opened = ends_with(&wine, 0, &["open", "portal", "--print-url", "--json"]).await?.json()?;
    assert!(opened["url"].as_str().is_some_and(|link| link.starts_with(&format!("{url}launch/"))), "{opened}");
    let gone = ends_with(&wine, 5, &["open", "handbook", "--print-url"]).await?;
    assert!(gone.stdout.is_empty(), "{gone:?}");

    wine.set_value(&format!(r"{POLICIES}\network"), "proxy", &format!("http://{}", managed.address)).await?;
    let shell = wine.start_desk(&["shell"])?;
    shell.line(PATIENT, "the icon", |line| (line.trim() == "icon").then_some(())).await?;
    let checks = ends_with(&wine, 0, &["doctor", "--json"]).await?.json()?;
    assert!(checks.as_array().is_some_and(|checks| checks.iter().all(|check| check["ok"] == true)), "{checks}");
    assert_eq!(managed.asked(), [tunnel]);

    msp.server.stop().await?;
    let offline = ends_with(&wine, 4, &["open", "--print-url"]).await?;
    assert!(offline.stderr.contains(PHONE), "{offline:?}");
    ends_with(&wine, 1, &["doctor"]).await.map(drop)
}

/// What the agent's command says, which ends with `code`.
async fn ends_with(wine: &Wine, code: i32, arguments: &[&str]) -> anyhow::Result<Outcome> {
    let outcome = wine.agent(arguments).await?;
    assert_eq!(outcome.code, code, "{arguments:?}: {outcome:?}");
    Ok(outcome)
}
