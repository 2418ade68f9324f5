//! How the server is reached: through which proxy, and with whose word for its certificate.

use std::{
    fs,
    net::{Ipv4Addr, Ipv6Addr},
    path::Path,
    time::Duration,
};

use anyhow::Context as _;
use reqwest::{Certificate, Client, ClientBuilder, NoProxy, Proxy, redirect};

use crate::{
    config::{Network, ServerUrl},
    platform::{self, SystemProxy},
};

const TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const KEEPALIVE: Duration = Duration::from_mins(1);

/// A client for `server`. Fails where https is wanted and nothing can vouch for a certificate.
pub(super) fn client(server: &ServerUrl, network: &Network) -> anyhow::Result<Client> {
    let builder = Client::builder()
        .user_agent(concat!("deskbell/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .tcp_keepalive(KEEPALIVE)
        .pool_max_idle_per_host(1);
    let builder = with_proxy(builder, server, network)?;
    let builder = with_certificates(resolving(builder, server), server, network)?;
    builder.build().context(
        "TLS cannot be set up: this system has no CA certificates that can be read; install them (package \
         ca-certificates), or set ca_certificate in agent.toml",
    )
}

/// The configured proxy, else the system's. This very computer needs none.
fn with_proxy(builder: ClientBuilder, server: &ServerUrl, network: &Network) -> anyhow::Result<ClientBuilder> {
    if server.is_loopback() {
        return Ok(builder.no_proxy());
    }
    if let Some(proxy) = &network.proxy {
        return Ok(builder
            .no_proxy()
            .proxy(Proxy::all(proxy.as_str()).context("the configured proxy cannot be used")?));
    }
    let Some(SystemProxy { url, reached_directly }) = platform::proxy_for_https() else { return Ok(builder) };
    let proxy = Proxy::https(url).context("the system's proxy cannot be used")?;
    Ok(builder.no_proxy().proxy(proxy.no_proxy(NoProxy::from_string(&reached_directly))))
}

/// RFC 6761 §6.3: these names are loopback, also where the system's resolver does not know it.
fn resolving(builder: ClientBuilder, server: &ServerUrl) -> ClientBuilder {
    if !server.host().ends_with(".localhost") {
        return builder;
    }
    builder.resolve_to_addrs(server.host(), &[(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()])
}

/// The system's certificates and the configured ones. Plain http needs none, and must work where there are none.
fn with_certificates(builder: ClientBuilder, server: &ServerUrl, network: &Network) -> anyhow::Result<ClientBuilder> {
    if !server.is_https() {
        return Ok(builder.tls_certs_only([]));
    }
    let Some(path) = &network.ca_certificate else { return Ok(builder) };
    let own = certificates(path).with_context(|| format!("the CA certificate {} cannot be used", path.display()))?;
    Ok(builder.tls_certs_merge(own))
}

fn certificates(path: &Path) -> anyhow::Result<Vec<Certificate>> {
    let certificates = Certificate::from_pem_bundle(&fs::read(path)?).context("it is not in PEM")?;
    anyhow::ensure!(!certificates.is_empty(), "it holds no certificate");
    Ok(certificates)
}
