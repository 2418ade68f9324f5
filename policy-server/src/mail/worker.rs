//! Sends what is due. What the mail server has answered for is not sent again; a server that dies between that answer and
//! its own note sends once more, under the same message id.

use std::time::Duration;

use anyhow::Context as _;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use tokio::sync::watch;
use tracing::{error, warn};

use super::{
    letter::{Sender, letter},
    replies::reply_of,
    staff_links::PURPOSE,
};
use crate::{
    app::App,
    config::MailConfig,
    domain::{
        delivery::{Attempt, MAIL_LEASE, is_too_old, standing},
        plain_line::plain_line,
    },
    sealed, secrets,
    store::Mail,
};

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// How many mails are read from the outbox at once.
const AT_ONCE: u64 = 50;
/// The longest that the mail server may take for a mail: those behind it wait. lettre bounds no more than the time to connect.
const TIME_LIMIT: Duration = Duration::from_mins(1);
const _: () = assert!(TIME_LIMIT.as_secs() < MAIL_LEASE.as_secs(), "a mail is tried by one server at a time");
/// Answers that are about this server's password, not about a mail (RFC 4954 §6): once it is right, the mail goes.
const OUR_FAULT: [&str; 4] = ["530", "534", "535", "538"];
/// The longest and the shortest sleep between two looks into the outbox.
const SLEEP: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_mins(1);

/// Works until `stopping` says so; without a mail server there is nothing to do.
pub async fn run(app: &App, mut stopping: watch::Receiver<bool>) {
    let Some(config) = &app.config.mail else { return };
    while !*stopping.borrow() {
        let sent = send_due(app, config, &stopping).await.unwrap_or_else(|error| {
            error!("Mail cannot be sent: {error:#}");
            0
        });
        if sent == AT_ONCE {
            continue;
        }
        tokio::select! {
            () = app.mails_queued.notified() => {}
            () = tokio::time::sleep(sleep(app).await) => {}
            _ = stopping.changed() => {}
        }
    }
}

async fn sleep(app: &App) -> Duration {
    let next = app.store.next_mail_at().await.ok().flatten();
    let until = next.map_or(*SLEEP.end(), |next| {
        Duration::from_millis(u64::try_from(next.saturating_sub(app.now())).unwrap_or_default())
    });
    until.clamp(*SLEEP.start(), *SLEEP.end())
}

/// Sends what is due, one mail after the other; gives how many there were.
async fn send_due(app: &App, config: &MailConfig, stopping: &watch::Receiver<bool>) -> anyhow::Result<u64> {
    let due = app.store.due_mails(app.now(), AT_ONCE).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let transport: Transport =
        Transport::from_url(&config.smtp).context("preparing mail.smtp")?.timeout(Some(TIME_LIMIT)).build();
    let provider = app.provider().await?;
    let sender =
        Sender { name: &provider.name, address: &config.from, support: provider.support_email.as_deref(), reply: None };
    let sent = due.len() as u64;
    for mail in due {
        if *stopping.borrow() {
            break;
        }
        if app.store.claim_mail(&mail, app.now()).await? {
            send(app, &transport, sender, &mail).await?;
        }
    }
    Ok(sent)
}

async fn send(app: &App, transport: &Transport, sender: Sender<'_>, mail: &Mail) -> anyhow::Result<()> {
    let attempted = if is_too_old(mail.queued_at, app.now()) {
        Attempt::Refused("it waited for too long".into())
    } else {
        let reply = reply_of(app, mail).await?;
        attempt(app, transport, Sender { reply: reply.as_ref(), ..sender }, mail).await
    };
    if let Attempt::Failed(answer) | Attempt::Refused(answer) = &attempted {
        warn!(mail = %mail.id, "A mail was not sent: {answer}");
    }
    let [chance] = secrets::random::<1>()?;
    let standing = standing(attempted, mail.attempts + 1, mail.queued_at, app.now(), chance);
    Ok(app.store.save_mail_standing(mail.id, standing).await?)
}

async fn attempt(app: &App, transport: &Transport, sender: Sender<'_>, mail: &Mail) -> Attempt {
    let secret = mail.secret.as_deref().map(|secret| sealed::open(&app.key, PURPOSE, mail.id.0, secret)).transpose();
    let letter = match secret.and_then(|secret| letter(mail, sender, secret.as_deref())) {
        Ok(letter) => letter,
        Err(error) => return Attempt::Refused(format!("{error:#}")),
    };
    let sent = tokio::time::timeout(TIME_LIMIT, transport.send(letter)).await;
    let Ok(sent) = sent else { return Attempt::Failed("the mail server took too long".into()) };
    match sent {
        Ok(answer) => {
            Attempt::Delivered(plain_line(&format!("{} {}", answer.code(), answer.first_line().unwrap_or_default())))
        }
        Err(error) if error.is_permanent() && !is_our_fault(&error) => Attempt::Refused(plain_line(&error.to_string())),
        Err(error) => Attempt::Failed(plain_line(&error.to_string())),
    }
}

fn is_our_fault(error: &lettre::transport::smtp::Error) -> bool {
    error.status().is_some_and(|code| OUR_FAULT.contains(&code.to_string().as_str()))
}
