//! The policy server as a program, as an MSP runs it.

use std::{
    fs::{self, DirBuilder},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    os::{fd::OwnedFd, unix::fs::DirBuilderExt},
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use tokio::{process::Command, time::timeout};
use url::Url;

use crate::support::{
    child::{ChildProcess, Log},
    deadline, http,
    programs::Programs,
};

/// What a server needs that speaks TLS, as files in PEM.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The server's name, which the certificate is for.
    pub host: String,
    /// The server's certificate.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
    /// The certificate of whoever vouches for it.
    pub authority: PathBuf,
}

/// A policy server's folder, with its configuration in it.
#[derive(Debug, Clone)]
pub struct ServerFolder {
    folder: PathBuf,
    /// Where the server can be reached.
    pub url: Url,
}

impl ServerFolder {
    /// Writes the configuration of a server that keeps everything in `folder` and listens on `port` of loopback. Fails
    /// when another program has the port.
    pub fn prepare(folder: &Path, port: u16) -> anyhow::Result<Self> {
        Self::write(folder, port, &free_addresses(port)?)
    }

    /// The same for a port that the caller holds, so that nobody else gets it while servers come and go.
    pub fn prepare_for(folder: &Path, listener: &TcpListener) -> anyhow::Result<Self> {
        let address = listener.local_addr().context("asking for the port")?;
        Self::write(folder, address.port(), &[address.to_string()])
    }

    /// The same for `addresses` that somebody holds already.
    pub(crate) fn write(folder: &Path, port: u16, addresses: &[String]) -> anyhow::Result<Self> {
        let mut private = DirBuilder::new();
        private.recursive(true).mode(0o700);
        private.create(folder).with_context(|| format!("making {}", folder.display()))?;
        let prepared = Self { folder: folder.to_owned(), url: format!("http://localhost:{port}").parse()? };
        let configuration = format!(
            "public_url = \"http://localhost:{port}\"\n\n[listen]\naddresses = {addresses:?}\n\n[data]\nfolder = {:?}\n",
            folder.display().to_string(),
        );
        fs::write(prepared.configuration(), configuration).context("writing the server's configuration")?;
        Ok(prepared)
    }

    /// Has the server send its mail by `smtp`.
    pub(crate) fn with_mail(self, smtp: &str) -> anyhow::Result<Self> {
        let plain = fs::read_to_string(self.configuration()).context("reading the server's configuration")?;
        let mail = format!("{plain}\n[mail]\nsmtp = {smtp:?}\nfrom = \"help@harbor-it.example\"\n");
        fs::write(self.configuration(), mail).context("writing the server's configuration")?;
        Ok(self)
    }

    /// Has the server speak TLS, with the certificate in `tls`.
    pub(crate) fn with_tls(mut self, tls: &TlsFiles) -> anyhow::Result<Self> {
        self.url.set_scheme("https").map_err(|()| anyhow::anyhow!("{} cannot be https", self.url))?;
        self.url.set_host(Some(&tls.host)).with_context(|| format!("{} is no host", tls.host))?;
        let plain = fs::read_to_string(self.configuration()).context("reading the server's configuration")?;
        let (certificate, key) = (tls.certificate.display().to_string(), tls.key.display().to_string());
        let secured = plain.replace("\"http://localhost", &format!("\"https://{}", tls.host));
        fs::write(self.configuration(), format!("{secured}\n[tls]\ncertificate = {certificate:?}\nkey = {key:?}\n"))
            .context("writing the server's configuration")?;
        Ok(self)
    }

    /// Starts the server, and waits until it is ready.
    pub async fn serve(&self, log: &Log) -> anyhow::Result<ChildProcess> {
        self.until_ready(ChildProcess::start("server", &mut self.command("serve")?, log)?).await
    }

    /// Starts the server on `listener`, handed over as a service manager would, and waits until it is ready.
    pub async fn serve_on(&self, listener: &TcpListener, log: &Log) -> anyhow::Result<ChildProcess> {
        let port = OwnedFd::from(listener.try_clone().context("handing the port over")?);
        let mut command = Command::new("sh");
        command.args(["-c", "exec 3<&0 0</dev/null; exec \"$0\" \"$@\""]).arg(&Programs::built()?.server);
        command.args(["serve", "--config"]).arg(self.configuration()).env("LISTEN_FDS", "1");
        self.until_ready(ChildProcess::start_with_input("server", &mut command, port.into(), log)?).await
    }

    async fn until_ready(&self, mut server: ChildProcess) -> anyhow::Result<ChildProcess> {
        let mut lines = server.lines();
        let ready = async {
            // The server says something whenever it has come a step further.
            while !self.is_ready().await {
                lines.changed().await.context("the server ended while starting")?;
            }
            anyhow::Ok(())
        };
        match timeout(deadline::PATIENT, ready).await {
            Ok(Ok(())) => Ok(server),
            Ok(Err(error)) => {
                let code = server.ended().await?;
                Err(error.context(format!("exit code {code}: {}", lines.borrow().join("\n"))))
            }
            Err(_) => {
                anyhow::bail!("the server is not ready after {:?}: {}", deadline::PATIENT, lines.borrow().join("\n"))
            }
        }
    }

    /// Makes a token for the API, with the server's command line.
    pub async fn make_api_token(&self, name: &str) -> anyhow::Result<String> {
        let mut command = self.command("api-token")?;
        let output = command.args(["create", name]).output().await.context("running deskbell-server")?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "deskbell-server api-token create: {errors}");
        let token = String::from_utf8(output.stdout).context("reading the API token")?;
        Ok(token.trim().to_owned())
    }

    async fn is_ready(&self) -> bool {
        let Ok(client) = http::client() else { return false };
        let answer = client.get(self.url.join("readyz").unwrap_or_else(|_| self.url.clone())).send().await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    fn command(&self, subcommand: &str) -> anyhow::Result<Command> {
        let mut command = Command::new(&Programs::built()?.server);
        command.arg(subcommand).arg("--config").arg(self.configuration());
        Ok(command)
    }

    /// Where the configuration is.
    pub(crate) fn configuration(&self) -> PathBuf {
        self.folder.join("deskbell-server.toml")
    }
}

/// Loopback addresses to listen on. A computer without IPv6 has one.
fn free_addresses(port: u16) -> anyhow::Result<Vec<String>> {
    let free = |address: IpAddr| TcpListener::bind(SocketAddr::new(address, port));
    free(Ipv4Addr::LOCALHOST.into())
        .with_context(|| format!("port {port} is taken by another program; choose another one with --port"))?;
    let addresses = [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()];
    Ok(addresses
        .into_iter()
        .filter(|address| free(*address).is_ok())
        .map(|address| SocketAddr::new(address, port).to_string())
        .collect())
}
