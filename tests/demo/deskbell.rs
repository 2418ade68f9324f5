//! The running parts: server, service, tray; started one after another, ended in reverse.

use std::{fmt, process::ExitCode};

use anyhow::Context;
use deskbell_protocol::AgentState;
use deskbell_tests::support::{
    agent::{Agent, Service},
    api::Api,
    child::{ChildProcess, Log},
    deadline::PATIENT,
    desktop::Desktop,
    sample::{self, COMPUTER},
    server_process::ServerFolder,
};

use crate::folder::{DemoFolder, Notes};

/// A whole Deskbell.
#[derive(Debug)]
pub(crate) struct Deskbell {
    /// What scripts need.
    pub(crate) notes: Notes,
    /// This computer's agent.
    pub(crate) agent: Agent,
    /// What the desktop does with icons.
    pub(crate) desktop: Desktop,
    server: ChildProcess,
    service: Service,
    tray: Option<ChildProcess>,
}

/// A part that ended by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    part: &'static str,
    code: i32,
    last_lines: Vec<String>,
}

impl Deskbell {
    /// Starts all parts. What an earlier start made is used again.
    pub(crate) async fn start(folder: &DemoFolder, port: u16, tray: bool) -> anyhow::Result<Self> {
        let server_folder = ServerFolder::prepare(&folder.server(), port)?;
        let mut notes = notes(folder, &server_folder).await?;
        folder.keep(&notes)?;
        let server = server_folder.serve(&Log::File(folder.path.join("server.log"))).await?;
        let agent = Agent::at(&folder.agent(), &folder.path)?;
        agent.use_server(server_folder.url.as_str())?;
        let api = Api::new(&notes.server_url, &notes.api_token)?;
        let sample = match notes.asset_id {
            Some(_) => None,
            None => Some(sample::fill_in(&api).await.context("filling in the sample")?),
        };
        if let Some(sample) = sample.filter(|_| !agent.is_enrolled()) {
            agent.give_enrollment_token(&api.make_enrollment_token(sample.organization).await?.token)?;
        }
        let service = agent.start_service()?;
        let enrolled = agent
            .until_status(&service, PATIENT, "the enrollment", |status| status.state == AgentState::Enrolled)
            .await?;
        if let Some(sample) = sample {
            let asset = enrolled.asset_id.context("the agent does not know which asset it is")?;
            api.rename_asset(asset, COMPUTER).await?;
            api.assign(asset, sample.jane).await?;
            notes.asset_id = Some(asset);
            folder.keep(&notes)?;
        }
        let desktop = if tray { Desktop::here().await } else { Desktop::NoSession };
        let tray = match desktop {
            Desktop::TrayHost | Desktop::NoTrayHost => Some(agent.start_tray_here()?),
            Desktop::NoSession => None,
        };
        Ok(Self { notes, agent, desktop, server, service, tray })
    }

    /// Where staff begin: the server's one-time link as long as nobody has used it, then the sign-in.
    pub(crate) fn console(&self) -> String {
        let begin = format!("{}users/", self.notes.server_url);
        let lines = self.server.lines();
        let link = lines.borrow().iter().find(|line| line.starts_with(&begin)).cloned();
        link.unwrap_or_else(|| format!("{begin}sign_in"))
    }

    /// Waits until a part ends by itself.
    pub(crate) async fn ended(&mut self) -> anyhow::Result<Ended> {
        let tray = async {
            match &mut self.tray {
                Some(tray) => tray.ended().await,
                None => std::future::pending().await,
            }
        };
        let (part, code, lines) = tokio::select! {
            code = self.server.ended() => ("policy server", code?, self.server.lines()),
            code = self.service.ended() => ("agent service", code?, self.service.lines()),
            code = tray => ("tray", code?, self.tray.as_ref().map_or_else(|| self.server.lines(), ChildProcess::lines)),
        };
        let last_lines = lines.borrow().iter().rev().take(5).rev().cloned().collect();
        Ok(Ended { part, code, last_lines })
    }

    /// Ends all parts: first the tray, last the server.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        if let Some(tray) = self.tray {
            tray.stop().await?;
        }
        self.service.stop().await?;
        self.server.stop().await
    }
}

/// The notes of an earlier start with this start's addresses, or new ones with a new API token.
async fn notes(folder: &DemoFolder, server: &ServerFolder) -> anyhow::Result<Notes> {
    let earlier = folder.notes()?;
    let api_token = match &earlier {
        Some(earlier) => earlier.api_token.clone(),
        None => server.make_api_token("demo").await?,
    };
    Ok(Notes {
        server_url: server.url.clone(),
        api_url: server.url.join("api/v1/").context("writing the API's address")?,
        api_token,
        agent_root: folder.agent(),
        asset_id: earlier.and_then(|earlier| earlier.asset_id),
    })
}

impl Ended {
    /// The part's exit code; 1 when it ended well, since it should not have ended.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(u8::try_from(self.code).ok().filter(|code| *code != 0).unwrap_or(1))
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The {} ended by itself with code {}. It said last:", self.part, self.code)?;
        self.last_lines.iter().try_for_each(|line| write!(f, "\n  {line}"))
    }
}
