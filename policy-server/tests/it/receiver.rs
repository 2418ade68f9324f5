//! A receiver of webhooks on this computer: https with a certificate of its own, answering with whatever it is told to.

use std::{
    net::TcpListener,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::post,
};
use axum_server::tls_rustls::RustlsConfig;
use deskbell_server::config::OutboundConfig;
use futures_util::stream;
use tempfile::TempDir;
use tokio::sync::{
    mpsc::{self, UnboundedReceiver, UnboundedSender},
    watch,
};

pub(crate) struct Receiver {
    /// `https://localhost:<port>`.
    pub origin: String,
    /// What came in.
    pub messages: UnboundedReceiver<(HeaderMap, String)>,
    /// Whether an endless answer was cut off by the other side.
    pub cut_off: UnboundedReceiver<()>,
    answer: Arc<AtomicU16>,
    folder: TempDir,
}

/// How many messages `/together` waits for before it answers the first.
const TOGETHER: usize = 2;

#[derive(Clone)]
struct Answering {
    messages: UnboundedSender<(HeaderMap, String)>,
    cut_off: UnboundedSender<()>,
    answer: Arc<AtomicU16>,
    come: watch::Sender<usize>,
}

/// Says so when it is dropped.
struct Tells(UnboundedSender<()>);

impl Drop for Tells {
    fn drop(&mut self) {
        self.0.send(()).ok();
    }
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        rustls::crypto::ring::default_provider().install_default().ok();
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("ca.pem"), made.cert.pem()).expect("written");
        let tls = RustlsConfig::from_pem(made.cert.pem().into(), made.signing_key.serialize_pem().into());
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener");
        let origin = format!("https://localhost:{}", listener.local_addr().expect("an address").port());
        let ((messages, received), (cut_off, was_cut_off)) = (mpsc::unbounded_channel(), mpsc::unbounded_channel());
        let answer = Arc::new(AtomicU16::new(204));
        let state = Answering { messages, cut_off, answer: Arc::clone(&answer), come: watch::Sender::new(0) };
        let routes = Router::new()
            .route("/hook", post(take))
            .route("/elsewhere", post(redirect))
            .route("/endless", post(endless))
            .route("/together", post(together))
            .route("/silent", post(std::future::pending::<StatusCode>))
            .with_state(state);
        let server = axum_server::from_tcp_rustls(listener, tls.await.expect("TLS")).expect("a server");
        tokio::spawn(server.serve(routes.into_make_service()));
        Self { origin, messages: received, cut_off: was_cut_off, answer, folder }
    }

    /// The configuration of a server that may send here.
    pub(crate) fn outbound(&self) -> OutboundConfig {
        let allow = vec!["127.0.0.1/32".parse().expect("a network")];
        OutboundConfig { allow, ca_certificate: Some(self.certificate()) }
    }

    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    pub(crate) fn answer_with(&self, status: u16) {
        self.answer.store(status, Ordering::SeqCst);
    }

    /// The next message.
    pub(crate) async fn next(&mut self) -> (HeaderMap, String) {
        let next = tokio::time::timeout(Duration::from_secs(20), self.messages.recv()).await;
        next.expect("a message comes").expect("the receiver runs")
    }
}

async fn take(State(answering): State<Answering>, headers: HeaderMap, body: String) -> StatusCode {
    answering.messages.send((headers, body)).ok();
    StatusCode::from_u16(answering.answer.load(Ordering::SeqCst)).expect("a status")
}

/// As [`take`], once another message is on its way, too.
async fn together(State(answering): State<Answering>, headers: HeaderMap, body: String) -> StatusCode {
    answering.come.send_modify(|come| *come += 1);
    answering.come.subscribe().wait_for(|come| *come >= TOGETHER).await.ok();
    take(State(answering), headers, body).await
}

async fn redirect() -> Response {
    (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "/hook")]).into_response()
}

async fn endless(State(answering): State<Answering>) -> Response {
    let tells = Tells(answering.cut_off);
    let pieces =
        stream::unfold(tells, async |tells| Some((Ok::<_, std::io::Error>([b'x'; 16 * 1024].to_vec()), tells)));
    Body::from_stream(pieces).into_response()
}
