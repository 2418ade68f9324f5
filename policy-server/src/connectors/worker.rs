//! Brings tickets into the MSP's own ticket system, one after the other, and tries again what failed.
//!
//! Before a ticket is made it is looked for: an answer that was lost, or a server that died before it noted the answer,
//! makes no second one.

use std::time::Duration;

use tokio::sync::watch;
use tracing::{error, warn};

use super::{Connection, PURPOSE, outgoing_ticket::OutgoingTicket};
use crate::{
    app::App,
    domain::{
        delivery::{Attempt, is_too_old, standing},
        ticket_system::RemoteTicket,
    },
    sealed, secrets,
    store::{TicketSystem, TicketTransfer},
};

/// How many transfers are read at once.
const AT_ONCE: u64 = 50;
/// The longest and the shortest sleep between two looks.
const SLEEP: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_mins(1);

/// Works until `stopping` says so. Wakes when something is written, and when something is due again.
pub async fn run(app: &App, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        let sent = send_due(app, &stopping).await.unwrap_or_else(|error| {
            error!("Tickets cannot be brought into the ticket system: {error:#}");
            0
        });
        if sent == AT_ONCE {
            continue;
        }
        tokio::select! {
            () = app.transfers_queued.notified() => {}
            () = tokio::time::sleep(sleep(app).await) => {}
            _ = stopping.changed() => {}
        }
    }
}

async fn sleep(app: &App) -> Duration {
    let next = app.store.next_ticket_transfer_at().await.ok().flatten();
    let until = next.map_or(*SLEEP.end(), |next| {
        Duration::from_millis(u64::try_from(next.saturating_sub(app.now())).unwrap_or_default())
    });
    until.clamp(*SLEEP.start(), *SLEEP.end())
}

/// Sends what is due, one ticket after the other: their files are in memory. Gives how many there were.
async fn send_due(app: &App, stopping: &watch::Receiver<bool>) -> anyhow::Result<u64> {
    let Some(system) = app.store.ticket_system().await? else { return Ok(0) };
    let due = app.store.due_ticket_transfers(app.now(), AT_ONCE).await?;
    let sent = due.len() as u64;
    for transfer in due {
        if *stopping.borrow() {
            break;
        }
        if app.store.claim_ticket_transfer(&transfer, app.now()).await? {
            send(app, &system, &transfer).await?;
        }
    }
    Ok(sent)
}

async fn send(app: &App, system: &TicketSystem, transfer: &TicketTransfer) -> anyhow::Result<()> {
    let (attempted, remote) = if is_too_old(transfer.queued_at, app.now()) {
        (Attempt::Refused("it waited for too long".into()), None)
    } else {
        match transferred(app, system, transfer).await {
            Ok(Some(remote)) => (Attempt::Delivered(format!("#{}", remote.number)), Some(remote)),
            Ok(None) => (Attempt::Refused("the ticket is gone".into()), None),
            Err(error) => (Attempt::Failed(format!("{error:#}")), None),
        }
    };
    if let Attempt::Failed(answer) | Attempt::Refused(answer) = &attempted {
        warn!(transfer = %transfer.id, "A ticket was not brought into the ticket system: {answer}");
    }
    let [chance] = secrets::random::<1>()?;
    let standing = standing(attempted, transfer.attempts + 1, transfer.queued_at, app.now(), chance);
    Ok(app.store.save_transfer_standing(transfer.id, standing, remote).await?)
}

/// The ticket over there, found or made; nothing when it is gone here.
async fn transferred(
    app: &App,
    system: &TicketSystem,
    transfer: &TicketTransfer,
) -> anyhow::Result<Option<RemoteTicket>> {
    let token = sealed::open(&app.key, PURPOSE, system.id.0, &system.token)?;
    let TicketSystem { kind, url, queue, .. } = system;
    let connection = Connection { outbound: &app.outbound, kind: *kind, url, queue, token };
    if let Some(found) = connection.find(&app.ticket_url(transfer.ticket_id)).await? {
        return Ok(Some(found));
    }
    match OutgoingTicket::load(app, transfer.ticket_id).await? {
        Some(ticket) => Ok(Some(connection.make(&ticket).await?)),
        None => Ok(None),
    }
}
