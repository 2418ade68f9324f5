//! Runs the server until it is told to stop.

use std::{
    io::Write as _,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use axum_server::{Handle, accept::NoDelayAcceptor, tls_rustls::RustlsConfig};
use tokio::{sync::watch, task::JoinSet};
use tracing::{info, warn};

use crate::{
    app::App,
    changes::staff,
    clock::Clock,
    config::{Config, Tls},
    connectors,
    data_folder::DataFolderLock,
    following, housekeeping, mail,
    router::router,
    store::Store,
    ticket_blocks,
    webhooks::worker,
};

/// How long requests that are being answered may still take once the server was told to stop. Parked polls are cut then;
/// agents come back by themselves.
const STOPPING: Duration = Duration::from_secs(2);
/// How often certificate and key are looked at for a change.
const CERTIFICATE_CHECK: Duration = Duration::from_mins(1);

/// Serves on `listeners` until `shutdown` is over. The database is open and up to date before the first request.
pub async fn serve(
    config: Config,
    clock: Arc<dyn Clock>,
    listeners: Vec<TcpListener>,
    shutdown: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    run(config, clock, listeners, shutdown, async |_| {}).await
}

/// The same for whoever reads what the program prints: where nobody can sign in yet, it says how to begin.
pub async fn serve_and_say_how_to_begin(
    config: Config,
    clock: Arc<dyn Clock>,
    listeners: Vec<TcpListener>,
    shutdown: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    run(config, clock, listeners, shutdown, say_how_to_begin).await
}

async fn run(
    config: Config,
    clock: Arc<dyn Clock>,
    listeners: Vec<TcpListener>,
    shutdown: impl Future<Output = ()>,
    begin: impl AsyncFnOnce(&App),
) -> anyhow::Result<()> {
    let tls = match &config.tls {
        Some(tls) => Some(certificate(tls).await?),
        None => None,
    };
    let _in_use = DataFolderLock::of_server(&config.data.folder)?;
    let store = Store::open(&config.database_location()?).await?;
    let app = Arc::new(App::new(config, store.clone(), clock).await?);
    begin(&app).await;
    info!(public_url = app.origin, "Deskbell's policy server is ready at {}", app.origin);
    let (stop_sending, sending) = send(&app);
    let handle = Handle::new();
    let mut servers = JoinSet::new();
    for listener in listeners {
        listener.set_nonblocking(true).context("preparing a listening port")?;
        let service = router(Arc::clone(&app)).into_make_service_with_connect_info::<SocketAddr>();
        let handle = handle.clone();
        match tls.clone() {
            Some(tls) => servers.spawn(async move {
                let server = axum_server::from_tcp_rustls(listener, tls)?.map(|tls| tls.acceptor(NoDelayAcceptor));
                with_limits(server).handle(handle).serve(service).await
            }),
            // Without TLS, HTTP/2 would have to be told from HTTP/1.1 by its first bytes, which doubles what each connection reads
            // into: 8 KB more for each agent that waits.
            None => servers.spawn(async move {
                // After the acceptor, which would take it back.
                with_limits(axum_server::from_tcp(listener)?.acceptor(NoDelayAcceptor))
                    .http1_only()
                    .handle(handle)
                    .serve(service)
                    .await
            }),
        };
    }
    tokio::pin!(shutdown);
    tokio::select! {
        () = &mut shutdown => handle.graceful_shutdown(Some(STOPPING)),
        Some(ended) = servers.join_next() => ended.context("a listening port")?.context("serving")?,
    }
    while let Some(ended) = servers.join_next().await {
        ended.context("a listening port")?.context("serving")?;
    }
    stop_sending.send_replace(true);
    // What is being sent may end; what does not is sent again by whoever comes next.
    tokio::time::timeout(STOPPING, sending.join_all()).await.ok();
    store.close().await.context("closing the database")?;
    info!("Deskbell's policy server has stopped");
    Ok(())
}

/// Sends what leaves the house, follows what other programs write, tidies up, and keeps searches fast, until told to stop.
fn send(app: &Arc<App>) -> (watch::Sender<bool>, JoinSet<()>) {
    let (stop, stopping) = watch::channel(false);
    let mut sending = JoinSet::new();
    let [mails, webhooks, transfers, changes, housekeeping, tickets] =
        [(); 6].map(|()| (Arc::clone(app), stopping.clone()));
    sending.spawn(async move { mail::worker::run(&mails.0, mails.1).await });
    sending.spawn(async move { worker::run(&webhooks.0, webhooks.1).await });
    sending.spawn(async move { connectors::worker::run(&transfers.0, transfers.1).await });
    sending.spawn(async move { following::run(&changes.0, changes.1).await });
    sending.spawn(async move { housekeeping::run(&housekeeping.0, housekeeping.1).await });
    sending.spawn(async move { ticket_blocks::run(&tickets.0, tickets.1).await });
    (stop, sending)
}

/// On standard output, not in the log: who has the link is the first administrator. Best effort: on a full disk, or where
/// nobody reads the output, the server runs all the same, and `staff add` makes another link.
async fn say_how_to_begin(app: &App) {
    match staff::first_link(app).await {
        Ok(Some(link)) => {
            let words =
                "Nobody can sign in to the console yet. Within 72 hours, this link makes the first administrator:";
            writeln!(std::io::stdout(), "{words}\n{link}").ok();
        }
        Ok(None) => {}
        Err(error) => warn!("No link for the first administrator could be made: {error:#}"),
    }
}

/// A client that begins a request and does not go on with it is cut off. `TCP_NODELAY` is set by the acceptors: an answer
/// whose last packet is small would otherwise wait for the other side's delayed acknowledgement (RFC 1122 §4.2.3.4).
fn with_limits<A: axum_server::Address, Acceptor>(
    mut server: axum_server::Server<A, Acceptor>,
) -> axum_server::Server<A, Acceptor> {
    let timer = hyper_util::rt::TokioTimer::new();
    server.http_builder().http1().timer(timer).header_read_timeout(Duration::from_secs(30));
    server
}

async fn certificate(tls: &Tls) -> anyhow::Result<RustlsConfig> {
    let naming = || format!("reading tls.certificate {} and tls.key {}", tls.certificate.display(), tls.key.display());
    let config = RustlsConfig::from_pem_file(&tls.certificate, &tls.key).await.with_context(naming)?;
    tokio::spawn(renew(config.clone(), tls.clone()));
    Ok(config)
}

/// Takes a renewed certificate over without a restart.
async fn renew(config: RustlsConfig, tls: Tls) {
    let changed =
        |tls: &Tls| [&tls.certificate, &tls.key].map(|file| std::fs::metadata(file).and_then(|m| m.modified()).ok());
    let mut known = changed(&tls);
    loop {
        tokio::time::sleep(CERTIFICATE_CHECK).await;
        let now = changed(&tls);
        if now == known {
            continue;
        }
        known = now;
        match config.reload_from_pem_file(&tls.certificate, &tls.key).await {
            Ok(()) => info!("The renewed certificate is in use"),
            Err(error) => tracing::error!(%error, "The changed certificate cannot be used, the old one stays: {error}"),
        }
    }
}
