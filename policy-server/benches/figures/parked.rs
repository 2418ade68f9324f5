//! Parked agents: what one costs in memory, and how long a saved policy takes to reach all of them and one of them.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

use crate::{
    agents::{Agent, Fleet},
    server::Server,
    table::Row,
};

/// How often one agent's way from save to answer is measured.
const SINGLE_SAVES: usize = 50;

pub(crate) async fn rows(server: &Server, fleet: &Fleet) -> anyhow::Result<Vec<Row>> {
    let mut single = Vec::new();
    for n in 0..SINGLE_SAVES {
        single.push(save_and_wait(server, &fleet.agents[..1], &format!("One {n}")).await?.times[0]);
    }
    single.sort();
    let wave = save_and_wait(server, &fleet.agents, "All").await?;
    let mut times = wave.times;
    times.sort();
    let count = times.len();
    Ok(vec![
        Row::new("save to answer, one agent, median", milliseconds(single[SINGLE_SAVES / 2]), "ms").at_most(100.0),
        Row::new(format!("memory per parked agent, {count} parked"), wave.bytes_per_agent / 1024.0, "KB").at_most(12.0),
        Row::new(format!("save to answer, {count} agents, median"), milliseconds(times[count / 2]), "ms"),
        Row::new(format!("save to answer, {count} agents, p99"), milliseconds(times[count * 99 / 100]), "ms")
            .at_most(250.0),
    ])
}

struct Wave {
    times: Vec<Duration>,
    bytes_per_agent: f64,
}

/// Parks agents, saves the policy, and gives the time from the save's request to each agent's answer.
async fn save_and_wait(server: &Server, agents: &[Agent], label: &str) -> anyhow::Result<Wave> {
    let before = server.resident_bytes()?;
    let mut parked = Vec::with_capacity(agents.len());
    for agent in agents {
        parked.push(park(server, agent).await?);
    }
    // The last requests are on their way into the server.
    tokio::time::sleep(Duration::from_millis(if agents.len() > 1 { 1_000 } else { 20 })).await;
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let bytes_per_agent = (server.resident_bytes()? - before) / agents.len() as f64;

    let mut answers = JoinSet::new();
    for mut stream in parked {
        answers.spawn(async move {
            let mut first = [0; 15];
            stream.read_exact(&mut first).await?;
            ensure!(&first == b"HTTP/1.1 200 OK", "the answer is {}", String::from_utf8_lossy(&first));
            anyhow::Ok(Instant::now())
        });
    }
    let begin = Instant::now();
    server.save_policy(label).await?;
    let mut times = Vec::with_capacity(agents.len());
    while let Some(answered) = answers.join_next().await {
        times.push(answered??.duration_since(begin));
    }
    Ok(Wave { times, bytes_per_agent })
}

async fn park(server: &Server, agent: &Agent) -> anyhow::Result<TcpStream> {
    let etag = agent.etag(server).await?;
    let address = server.address.strip_prefix("http://").context("an address")?;
    let mut stream = TcpStream::connect(address).await?;
    let request = format!(
        "GET /agent/v1/policy HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nIf-None-Match: {etag}\r\nPrefer: wait=1800\r\n\r\n",
        server.host, agent.token
    );
    stream.write_all(request.as_bytes()).await?;
    Ok(stream)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
