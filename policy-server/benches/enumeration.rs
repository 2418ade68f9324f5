//! Whether the doors of the portal tell by their time who is known here (S9): 2,000 tries with somebody known and 2,000 with
//! somebody unknown, in turn, at each door. Bytes are compared, too.
//!
//! `cargo bench -p deskbell-server --bench enumeration` takes about four minutes. With `-- --tries N`, as many.

#[expect(dead_code, reason = "other benches need more of it")]
#[path = "figures/server.rs"]
mod server;
#[expect(dead_code, reason = "other benches need more of it")]
#[path = "figures/table.rs"]
mod table;

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use clap::Parser;
use reqwest::Method;
use serde_json::json;

use crate::{server::Server, table::Row};

/// How many portal users there are: each is tried a few times only, so that no limit comes in.
const ACCOUNTS: usize = 500;
const PASSWORD: &str = "walnut ferry candle";

#[derive(Parser)]
struct Arguments {
    /// How often each door is tried with somebody known, and as often with somebody unknown.
    #[arg(long, default_value_t = 2000)]
    tries: usize,
    /// Of `cargo test --benches`, which asks for a list of tests: there are none.
    #[arg(long, hide = true)]
    list: bool,
    /// Of `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if arguments.list || !arguments.bench {
        return Ok(());
    }
    rustls::crypto::ring::default_provider().install_default().ok();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(doors(arguments.tries))
}

async fn doors(tries: usize) -> anyhow::Result<()> {
    let server = Server::start().await.context("starting the server")?;
    let organization = fill(&server).await?;
    let known = |n: usize| format!("user{}@known.example", n % ACCOUNTS);
    let unknown = |n: usize| format!("user{}@other.example", n % ACCOUNTS);
    let with_password = |name: String| vec![("name", name), ("password", "not this one".to_owned())];
    let with_address = |email: String| vec![("email", email)];
    table::head();
    let sign_in = "/my_profile/user_login";
    let door = Door { server: &server, tries };
    let wrong = door.post(sign_in, |n| with_password(known(n)), |n| with_password(unknown(n))).await?;
    wrong.show("a wrong password");
    for (name, path) in [
        ("a link to sign in", "/my_profile/user_login/link"),
        ("a link for a new password", "/my_profile/user_login/reset"),
        ("signing up", "/my_profile/sign_up"),
    ] {
        door.post(path, |n| with_address(known(n)), |n| with_address(unknown(n))).await?.show(name);
    }
    let forged = |id: String| format!("/my_profile/link/{id}-{}", "A".repeat(43));
    let other = "0190a3c4000070008000000000000000".to_owned();
    let id = organization.replace('-', "");
    door.get(|_| forged(id.clone()), |_| forged(other.clone())).await?.show("a forged link of an organization");
    let token = |n: usize| format!("/my_profile/invitation/{n:043}");
    door.get(token, |_| "/my_profile/invitation/x".to_owned()).await?.show("an invitation that is none");
    Ok(())
}

/// Portal users with a password and an address, and sign-up switched on; gives their organization.
async fn fill(server: &Server) -> anyhow::Result<String> {
    let portals = server.api(Method::GET, "/portals", json!(null)).await?;
    let portal = portals["items"][0]["id"].as_str().context("a portal")?.to_owned();
    server.api(Method::PATCH, &format!("/portals/{portal}"), json!({"self_sign_up": true})).await?;
    let organization = server.api(Method::POST, "/organizations", json!({"name": "Known"})).await?["id"].clone();
    for n in 0..ACCOUNTS {
        let email = format!("user{n}@known.example");
        let person = json!({"organization_id": organization, "name": format!("User {n}"), "email": email});
        let person = server.api(Method::POST, "/end-users", person).await?["id"].clone();
        let account =
            json!({"organization_id": organization, "end_user_id": person, "sign_in_name": email, "email": email});
        let account = server.api(Method::POST, "/portal-users", account).await?["id"].clone();
        let path = format!("/portal-users/{}", account.as_str().context("an id")?);
        server.api(Method::PATCH, &path, json!({"password": PASSWORD})).await?;
    }
    Ok(organization.as_str().context("an id")?.to_owned())
}

struct Door<'a> {
    server: &'a Server,
    tries: usize,
}

/// How long each try took, with somebody known and with somebody unknown.
#[derive(Default)]
struct Tried {
    known: Vec<Duration>,
    unknown: Vec<Duration>,
}

impl Door<'_> {
    async fn post(
        &self,
        path: &str,
        known: impl Fn(usize) -> Vec<(&'static str, String)>,
        unknown: impl Fn(usize) -> Vec<(&'static str, String)>,
    ) -> anyhow::Result<Tried> {
        let client = &self.server.client;
        let request =
            |fields: Vec<(&'static str, String)>| client.post(format!("{}{path}", self.server.address)).form(&fields);
        self.in_turn(|n| request(known(n)), |n| request(unknown(n))).await
    }

    async fn get(&self, known: impl Fn(usize) -> String, unknown: impl Fn(usize) -> String) -> anyhow::Result<Tried> {
        let client = &self.server.client;
        let request = |path: String| client.get(format!("{}{path}", self.server.address));
        self.in_turn(|n| request(known(n)), |n| request(unknown(n))).await
    }

    async fn in_turn(
        &self,
        known: impl Fn(usize) -> reqwest::RequestBuilder,
        unknown: impl Fn(usize) -> reqwest::RequestBuilder,
    ) -> anyhow::Result<Tried> {
        let mut tried = Tried::default();
        for n in 0..self.tries {
            // Each from an address of its own, which no limit knows yet; whose turn is first changes.
            let from = |of: usize| format!("10.{of}.{}.{}", n / 250 % 250, n % 250);
            let ours = |request: reqwest::RequestBuilder, of| {
                let request = request.header("host", &self.server.host).header("origin", &self.server.origin);
                timed(request.header("x-forwarded-for", from(of)))
            };
            let (first, second) = if n % 2 == 0 {
                let first = ours(known(n), 1).await?;
                (first, ours(unknown(n), 2).await?)
            } else {
                let second = ours(unknown(n), 2).await?;
                (ours(known(n), 1).await?, second)
            };
            // What was typed is said back.
            let bytes = |text: &str| text.replace("known.example", "other.example");
            ensure!(first.1 == second.1 && bytes(&first.2) == second.2, "{} {}\n{}", first.1, first.2, second.2);
            tried.known.push(first.0);
            tried.unknown.push(second.0);
        }
        Ok(tried)
    }
}

async fn timed(request: reqwest::RequestBuilder) -> anyhow::Result<(Duration, u16, String)> {
    let begun = Instant::now();
    let answer = request.send().await?;
    let (status, text) = (answer.status().as_u16(), answer.text().await?);
    Ok((begun.elapsed(), status, text))
}

impl Tried {
    fn show(mut self, name: &str) {
        let mut median = |times: fn(&mut Self) -> &mut Vec<Duration>| {
            let times = times(&mut self);
            times.sort_unstable();
            times[times.len() / 2].as_secs_f64() * 1000.0
        };
        let (known, unknown) = (median(|tried| &mut tried.known), median(|tried| &mut tried.unknown));
        table::row(&Row::new(format!("{name}: median, known"), known, "ms").beside("unknown", unknown));
        table::row(&Row::new(format!("{name}: apart"), (known - unknown).abs(), "ms").at_most(2.0));
    }
}
