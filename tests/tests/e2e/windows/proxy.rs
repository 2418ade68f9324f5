//! The proxy that Windows knows of.

use std::fs;

use anyhow::Context;
use deskbell_tests::support::{deadline::PATIENT, loopback, wine::Wine};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
    time::timeout,
};

const SETTINGS: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings";

/// Under Wine: an enrollment asks the proxy of the Internet settings for the way to the server.
#[tokio::test(flavor = "multi_thread")]
async fn windows_an_enrollment_goes_through_the_systems_proxy() -> anyhow::Result<()> {
    let wine = Wine::start().await?;
    let listener = TcpListener::from_std(loopback::listener()?)?;
    wine.set_value(SETTINGS, "ProxyServer", &listener.local_addr()?.to_string()).await?;
    wine.set_number(SETTINGS, "ProxyEnable", 1).await?;
    wine.set_value(r"HKLM\Software\Policies\Deskbell", "server", "https://help.example/").await?;
    let folder = wine.path(r"C:\ProgramData\Deskbell");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("enrollment-token"), "token")?;
    wine.install_service().await?;
    wine.start_service().await?;

    let (stream, _) = timeout(PATIENT, listener.accept()).await.context("nobody asks the proxy")??;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).await?;
    assert_eq!(line, "CONNECT help.example:443 HTTP/1.1\r\n");
    Ok(())
}
