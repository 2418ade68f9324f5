use std::{net::TcpListener, path::Path, sync::Arc};

use deskbell_server::{
    clock::SystemClock,
    config::{Config, Tls},
    serve,
};
use serde_json::Value;

use crate::world::ServerProgram;

/// Writes a certificate for `localhost` and its key; gives the certificate.
fn certificate(folder: &Path) -> (Tls, reqwest::Certificate) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let tls = Tls { certificate: folder.join("server.pem"), key: folder.join("server.key") };
    std::fs::write(&tls.certificate, made.cert.pem()).expect("written");
    std::fs::write(&tls.key, made.signing_key.serialize_pem()).expect("written");
    let trusted = reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).expect("a certificate");
    (tls, trusted)
}

#[tokio::test]
async fn with_certificate_and_key_the_server_speaks_tls() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let folder = tempfile::tempdir().expect("a folder");
    let (tls, trusted) = certificate(folder.path());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let origin = format!("https://localhost:{port}");
    let mut config = Config { public_url: origin.parse().expect("a URL"), tls: Some(tls), ..Config::default() };
    config.data.folder = folder.path().to_owned();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(serve(config, Arc::new(SystemClock), vec![listener], async {
        stopped.await.ok();
    }));

    let client = reqwest::Client::builder().tls_certs_only([trusted]).no_proxy().build().expect("a client");
    let page = client.get(&origin).send().await.expect("an answer over TLS");
    assert_eq!(page.status(), 403);
    let plain = client.get(format!("http://localhost:{port}/")).send().await;
    assert!(plain.is_err(), "plain http is not answered on a TLS port");

    stop.send(()).expect("still running");
    serving.await.expect("ended").expect("ended well");
}

#[tokio::test]
async fn a_certificate_that_cannot_be_read_is_named() {
    let tls = Tls { certificate: "/nowhere/server.pem".into(), key: "/nowhere/server.key".into() };
    let config = Config { tls: Some(tls), ..Config::default() };
    let error = serve(config, Arc::new(SystemClock), Vec::new(), std::future::pending()).await.expect_err("no file");
    assert!(format!("{error:#}").contains("tls.certificate /nowhere/server.pem"), "{error:#}");
}

/// Each answer names its request, and the log, as JSON, tells of it without what is secret in its path.
#[tokio::test]
async fn the_log_names_requests_by_id_and_route_and_never_a_code() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let folder = tempfile::tempdir().expect("a folder");
    let environment = [("DESKBELL_SERVER__LOG__FORMAT", "json"), ("DESKBELL_SERVER__LOG__LEVEL", "debug")];
    let mut server = ServerProgram::start(folder.path(), "", &environment).await;
    let secret = "S".repeat(43);
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let answer = client.get(format!("{}/launch/{secret}", server.origin)).send().await.expect("an answer");
    let id = answer.headers()["x-request-id"].to_str().expect("text").to_owned();

    let line: Value = loop {
        let line = server.log.next_line().await.expect("a line").expect("a line");
        assert!(!line.contains(&secret), "the log tells a code: {line}");
        let line: Value = serde_json::from_str(&line).expect("JSON");
        if line["request_id"] == id.as_str() {
            break line;
        }
    };
    assert_eq!((&line["route"], &line["status"]), (&Value::from("/launch/{code}"), &Value::from(410)));
}
