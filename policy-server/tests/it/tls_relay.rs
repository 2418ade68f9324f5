//! TLS in front of a plain server on this computer, and a network that loses answers.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU16, AtomicUsize, Ordering},
    },
};

use deskbell_server::config::OutboundConfig;
use rustls::pki_types::{PrivateKeyDer, pem::PemObject as _};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

pub(crate) struct TlsRelay {
    /// `https://localhost:<port>`.
    pub origin: String,
    target: Arc<Target>,
    folder: TempDir,
}

#[derive(Default)]
struct Target {
    /// The plain server's port; 0: it is away.
    port: AtomicU16,
    /// How many answers are still to be lost.
    lost: AtomicUsize,
}

impl TlsRelay {
    /// Relays to this port, one request a connection.
    pub(crate) async fn start(port: u16) -> Self {
        rustls::crypto::ring::default_provider().install_default().ok();
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("ca.pem"), made.cert.pem()).expect("written");
        let key = PrivateKeyDer::from_pem_slice(made.signing_key.serialize_pem().as_bytes()).expect("a key");
        let config = rustls::ServerConfig::builder().with_no_client_auth();
        let config = config.with_single_cert(vec![made.cert.der().clone()], key).expect("TLS");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("https://localhost:{}", listener.local_addr().expect("an address").port());
        let target = Arc::new(Target { port: AtomicU16::new(port), ..Target::default() });
        let relayed = Arc::clone(&target);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(relay(acceptor.clone(), stream, Arc::clone(&relayed)));
            }
        });
        Self { origin, target, folder }
    }

    /// The configuration of a server that may send here.
    pub(crate) fn outbound(&self) -> OutboundConfig {
        let allow = vec!["127.0.0.1/32".parse().expect("a network")];
        OutboundConfig { allow, ca_certificate: Some(self.certificate()) }
    }

    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Relays to this port from now on; without one, every connection is cut.
    pub(crate) fn lead_to(&self, port: Option<u16>) {
        self.target.port.store(port.unwrap_or_default(), Ordering::SeqCst);
    }

    /// From now on the answers to this many POST requests are lost, after the other side has done what was asked.
    pub(crate) fn lose_answers(&self, count: usize) {
        self.target.lost.store(count, Ordering::SeqCst);
    }

    pub(crate) fn answers_still_to_lose(&self) -> usize {
        self.target.lost.load(Ordering::SeqCst)
    }
}

async fn relay(acceptor: TlsAcceptor, stream: TcpStream, target: Arc<Target>) -> std::io::Result<()> {
    let port = target.port.load(Ordering::SeqCst);
    if port == 0 {
        return Ok(());
    }
    let (mut from, mut to) = tokio::io::split(acceptor.accept(stream).await?);
    let (mut answer, mut request) = TcpStream::connect(("127.0.0.1", port)).await?.into_split();
    let mut first = [0; 4];
    from.read_exact(&mut first).await?;
    request.write_all(&first).await?;
    tokio::spawn(async move { tokio::io::copy(&mut from, &mut request).await });
    let mut answered = vec![0; 1 << 16];
    let mut is_first = true;
    loop {
        let length = answer.read(&mut answered).await?;
        let lose = |left: usize| left.checked_sub(1).filter(|_| is_first && length > 0 && &first == b"POST");
        if length == 0 || target.lost.fetch_update(Ordering::SeqCst, Ordering::SeqCst, lose).is_ok() {
            return to.shutdown().await;
        }
        is_first = false;
        to.write_all(&answered[..length]).await?;
    }
}
