//! A CONNECT proxy whose every tunnel leads to the test's policy server, behind a certificate of the test's choice. Who asks
//! for no tunnel is there at once.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, SystemTime},
};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

/// What TLS begins with.
const HANDSHAKE: u8 = 22;

/// Who issues certificates.
pub(crate) struct Authority {
    certificate: rcgen::Certificate,
    issuer: Issuer<'static, KeyPair>,
}

/// A running proxy; it ends with the test's process.
pub(crate) struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new([]).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    pub(crate) fn pem(&self) -> String {
        self.certificate.pem()
    }

    #[expect(clippy::disallowed_methods, reason = "a certificate is valid at a moment of the real clock")]
    fn issue(&self, name: &str, days_left: i64) -> ServerConfig {
        let mut params = CertificateParams::new([name.to_owned()]).expect("parameters");
        let days = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
        let (now, left) = (SystemTime::now(), days(days_left.unsigned_abs()));
        params.not_before = (now - days(60)).into();
        params.not_after = if days_left < 0 { now - left } else { now + left }.into();
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![CertificateDer::from(certificate)], key.into())
            .expect("a certificate with its key")
    }
}

impl Proxy {
    pub(crate) fn start(authority: &Authority, name: &str, days_left: i64, server: SocketAddr) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        let address = listener.local_addr().expect("an address");
        let acceptor = TlsAcceptor::from(Arc::new(authority.issue(name, days_left)));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        thread::spawn(move || {
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("a listener");
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(tunnel(stream, acceptor.clone(), server, Arc::clone(&heard)));
                }
            });
        });
        Self { address, asked }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The first line of each request.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic").clone()
    }
}

/// An agent that does not accept the certificate hangs up, which ends the tunnel.
async fn tunnel(
    mut stream: TcpStream,
    acceptor: TlsAcceptor,
    server: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
) -> std::io::Result<()> {
    let mut first = [0];
    stream.peek(&mut first).await?;
    if first != [HANDSHAKE] {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        asked.lock().expect("no panic").push(head.lines().next().unwrap_or_default().to_owned());
        stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await?;
    }
    let mut inside = acceptor.accept(stream).await?;
    copy_bidirectional(&mut inside, &mut TcpStream::connect(server).await?).await.map(drop)
}
