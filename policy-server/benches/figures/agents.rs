//! Agents that enroll, ask for their policy and open the form.

use std::{sync::Arc, time::Instant};

use anyhow::{Context as _, ensure};
use deskbell_protocol::{EnrollRequest, EnrollResponse, Facts, LaunchRequest, LaunchResponse, OsUser};
use reqwest::Method;
use serde_json::json;
use tokio::task::JoinSet;

use crate::server::Server;

/// How many computers enroll at the same time.
const AT_ONCE: usize = 64;

pub(crate) struct Fleet {
    pub(crate) agents: Vec<Agent>,
    pub(crate) enrollments_per_second: f64,
}

pub(crate) struct Agent {
    pub(crate) token: String,
    asset: String,
}

/// A browser with an asset session.
pub(crate) struct Visit {
    pub(crate) cookie: String,
    pub(crate) form_address: String,
    pub(crate) form_for: String,
    pub(crate) compressed_bytes: f64,
}

impl Fleet {
    pub(crate) async fn enroll(server: &Server, count: usize) -> anyhow::Result<Self> {
        let url = Arc::new(format!("{}/agent/v1/enroll", server.origin));
        let begin = Instant::now();
        let mut workers = JoinSet::new();
        for worker in 0..AT_ONCE {
            let (client, url, token) = (server.client.clone(), Arc::clone(&url), server.enrollment_token.clone());
            workers.spawn(async move {
                let mut agents = Vec::new();
                for n in (worker..count).step_by(AT_ONCE) {
                    let facts =
                        Facts { computer: format!("PC-{n:05}"), os: "Debian GNU/Linux 12".into(), ..Facts::default() };
                    let request = EnrollRequest {
                        enrollment_token: token.clone(),
                        fingerprint: format!("{n:064x}"),
                        facts,
                        folder: None,
                    };
                    let answer = client.post(url.as_str()).json(&request).send().await?.error_for_status()?;
                    let EnrollResponse { asset_id, agent_token, .. } = answer.json().await?;
                    agents.push(Agent { token: agent_token, asset: asset_id.to_string() });
                }
                anyhow::Ok(agents)
            });
        }
        let mut agents = Vec::with_capacity(count);
        while let Some(made) = workers.join_next().await {
            agents.extend(made??);
        }
        let seconds = begin.elapsed().as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
        Ok(Self { enrollments_per_second: agents.len() as f64 / seconds, agents })
    }

    /// How large a policy answer is.
    pub(crate) async fn policy_bytes(&self, server: &Server) -> anyhow::Result<usize> {
        Ok(self.agents[0].policy(server).await?.bytes().await?.len())
    }
}

impl Agent {
    async fn policy(&self, server: &Server) -> anyhow::Result<reqwest::Response> {
        let get = server.client.get(format!("{}/agent/v1/policy", server.origin)).bearer_auth(&self.token);
        Ok(get.send().await?.error_for_status()?)
    }

    pub(crate) async fn etag(&self, server: &Server) -> anyhow::Result<String> {
        Ok(self.policy(server).await?.headers()["etag"].to_str()?.to_owned())
    }

    /// Clicks, and opens the form as a browser would: page, stylesheet, icon.
    pub(crate) async fn visit(&self, server: &Server) -> anyhow::Result<Visit> {
        let path = format!("/assets/{}/assignment", self.asset);
        server.api(Method::PUT, &path, json!({"end_user_id": server.end_user})).await?;
        let os_user = OsUser { name: "jane".into(), domain: String::new(), id: "1000".into() };
        let request = LaunchRequest { entry: "portal".parse()?, os_user };
        let post = server.client.post(format!("{}/agent/v1/launch", server.origin)).bearer_auth(&self.token);
        let launch: LaunchResponse = post.json(&request).send().await?.error_for_status()?.json().await?;
        let opened = server.client.get(launch.url).send().await?;
        let cookie = opened.headers()["set-cookie"].to_str()?.split(';').next().context("a cookie")?.to_owned();
        let form = opened.headers()["location"].to_str()?.to_owned();
        let get = |path: String| server.client.get(format!("{}{path}", server.origin)).header("cookie", &cookie);
        let page = get(form.clone()).send().await?.error_for_status()?.text().await?;
        let part = |before: &str| page.split(before).nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned);
        let (stylesheet, icon) =
            (part("stylesheet\" href=\"").context("a style")?, part("icon\" href=\"").context("an icon")?);
        let mut compressed_bytes = 0.0;
        for path in [form.clone(), stylesheet, icon] {
            let answer = get(path).header("accept-encoding", "gzip").send().await?.error_for_status()?;
            #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
            let bytes = answer.bytes().await?.len() as f64;
            compressed_bytes += bytes;
        }
        let form_for = part("name=\"form_for\" value=\"").context("a form")?;
        ensure!(!form_for.is_empty(), "the form names nobody");
        Ok(Visit { cookie, form_address: format!("{}{form}", server.address), form_for, compressed_bytes })
    }
}
