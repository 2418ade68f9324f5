//! From the click in the tray to the first byte of the form, over TLS: tray, service, server, the start of a browser
//! that only tells its link, two requests on a new connection.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use deskbell_tests::support::deadline::SOON;
use reqwest::{
    StatusCode,
    header::{COOKIE, LOCATION, SET_COOKIE},
};

use crate::{
    computer::{Computer, PORTAL, client},
    table::Row,
};

/// An agent takes 10 clicks a minute from each person.
const CLICKS_AT_ONCE: usize = 10;

/// Clicks `count` times.
pub(crate) async fn times(computer: &mut Computer, count: usize) -> anyhow::Result<Vec<Row>> {
    let mut times = Vec::with_capacity(count);
    for click in 0..count {
        if click > 0 && click % CLICKS_AT_ONCE == 0 {
            tokio::time::sleep(Duration::from_secs(61)).await;
        }
        times.push(time(computer).await?);
    }
    times.sort();
    let milliseconds = |part: usize| times[(count * part / 100).min(count - 1)].as_secs_f64() * 1e3;
    Ok(vec![
        Row::new(format!("click to the form's first byte, median of {count}"), milliseconds(50), "ms"),
        Row::new(format!("click to the form's first byte, p95 of {count}"), milliseconds(95), "ms").at_most(50.0),
    ])
}

async fn time(computer: &mut Computer) -> anyhow::Result<Duration> {
    let client = client(&computer.certificate)?;
    let begin = Instant::now();
    computer.host.click(&[PORTAL]).await?;
    let link = computer.browser.next(SOON).await?;
    let launched = client.get(&link).send().await?;
    let header = |name| launched.headers().get(name).and_then(|value| value.to_str().ok()).context("a redirect");
    let cookie = header(SET_COOKIE)?.split(';').next().unwrap_or_default().to_owned();
    let form = launched.url().join(header(LOCATION)?)?;
    let mut answer = client.get(form).header(COOKIE, cookie).send().await?;
    ensure!(answer.status() == StatusCode::OK, "the form answers {}", answer.status());
    answer.chunk().await?;
    Ok(begin.elapsed())
}
