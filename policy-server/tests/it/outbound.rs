//! Where the server sends requests to that somebody else names (server-side request forgery).

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use deskbell_server::{
    config::OutboundConfig,
    outbound::{Outbound, OutboundError, Question},
};

use crate::receiver::Receiver;

async fn posted(outbound: &Outbound, url: &str) -> Result<u16, OutboundError> {
    outbound.post(&url.parse().expect("a URL"), &[("webhook-id", "msg_1".into())], "{}".into()).await
}

/// Whether somebody has connected.
fn was_connected_to(listener: &TcpListener) -> bool {
    listener.set_nonblocking(true).expect("a listener");
    listener.accept().is_ok()
}

#[tokio::test]
async fn names_and_addresses_that_lead_inside_are_refused_without_a_connection() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let listener = TcpListener::bind("0.0.0.0:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let outbound = Outbound::new(OutboundConfig::default());
    for host in [
        "localhost",
        "LOCALHOST",
        "127.0.0.1",
        "0x7f.1",
        "2130706433",
        "0.0.0.0",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[fe80::1]",
        "[fd00::1]",
    ] {
        let refused = posted(&outbound, &format!("https://{host}:{port}/")).await;
        assert!(matches!(refused, Err(OutboundError::NotPublic(_))), "{host}: {refused:?}");
    }
    let name = posted(&outbound, &format!("https://localhost:{port}/")).await.expect_err("refused").to_string();
    assert_eq!(name, "localhost leads to an address that is not public and not listed in outbound.allow");
    assert!(!was_connected_to(&listener));
}

#[tokio::test]
async fn plain_http_is_refused_even_to_a_listed_address() {
    let receiver = Receiver::start().await;
    let outbound = Outbound::new(receiver.outbound());
    let plain = receiver.origin.replace("https", "http");
    assert!(matches!(posted(&outbound, &format!("{plain}/hook")).await, Err(OutboundError::NotHttps)));
    assert_eq!(posted(&outbound, &format!("{}/hook", receiver.origin)).await.expect("listed"), 204);
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let receiver = Receiver::start().await;
    let outbound = Outbound::new(OutboundConfig { ca_certificate: None, ..receiver.outbound() });
    let refused = posted(&outbound, &format!("{}/hook", receiver.origin)).await;
    assert!(matches!(refused, Err(OutboundError::BadCertificate(_))), "{refused:?}");
}

#[tokio::test]
async fn a_redirect_is_said_and_not_followed() {
    let mut receiver = Receiver::start().await;
    let outbound = Outbound::new(receiver.outbound());
    let refused = posted(&outbound, &format!("{}/elsewhere", receiver.origin)).await;
    assert!(matches!(refused, Err(OutboundError::Redirected(307))), "{refused:?}");
    assert!(receiver.messages.try_recv().is_err(), "nothing came to where the redirect leads");
}

#[tokio::test]
async fn an_endless_answer_is_cut_off_after_its_head() {
    let mut receiver = Receiver::start().await;
    let outbound = Outbound::new(receiver.outbound());
    let url = format!("{}/endless", receiver.origin);
    let prompt = Duration::from_secs(5);
    let posted = tokio::time::timeout(prompt, posted(&outbound, &url)).await.expect("the end is not waited for");
    assert_eq!(posted.expect("a status"), 200);
    tokio::time::timeout(prompt, receiver.cut_off.recv()).await.expect("it is cut off");
}

#[tokio::test]
async fn of_an_answer_that_is_read_a_megabyte_is_enough() {
    let receiver = Receiver::start().await;
    let outbound = Outbound::new(receiver.outbound());
    let url = format!("{}/endless", receiver.origin).parse().expect("a URL");
    let question = Question { url: &url, headers: &[], body: Some("{}".into()), time_limit: Duration::from_secs(20) };
    let refused = outbound.ask(question).await;
    assert!(matches!(refused, Err(OutboundError::TooLarge)), "{:?}", refused.map(|answer| answer.body.len()));
}

#[tokio::test]
async fn whoever_is_silent_is_waited_for_ten_seconds() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let receiver = Receiver::start().await;
    let outbound = Outbound::new(receiver.outbound());
    let begun = Instant::now();
    let refused = posted(&outbound, &format!("https://{}/", silent.local_addr().expect("an address"))).await;
    assert!(matches!(refused, Err(OutboundError::TimedOut)), "{refused:?}");
    assert!((9..15).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
}
