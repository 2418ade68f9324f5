//! `deskbell-server policy`: policies as a file (POL-08). The same code as in the API, on the database itself: a server may
//! run, and its agents follow.

use std::{
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use deskbell_protocol::Problem;

use super::{app_with_agents, why};
use crate::{
    app::App,
    changes::policy_files::{self, PlannedAction, PlannedPolicy, PolicyFile, PolicyPlan},
    config::Config,
    domain::audit::Actor,
    json_body,
    problems::Refused,
};

/// What can be done with policies.
#[derive(Debug, Subcommand)]
pub(super) enum PolicyCommand {
    /// Writes every policy into a file, in an order that stays
    Export {
        /// The file; standard output when absent
        file: Option<PathBuf>,
    },
    /// Says what an import would change, and for how many computers, without changing it
    Plan(PolicyInput),
    /// Makes and saves what a file says, all of it or nothing; policies that it does not name stay as they are
    Import(PolicyInput),
}

/// A file that is read.
#[derive(Debug, Args)]
pub(super) struct PolicyInput {
    /// The file, as `policy export` writes it; "-" reads standard input
    file: PathBuf,
    /// Prints the plan, or what is wrong with the file, as the API tells it
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(config: Config, command: PolicyCommand) -> anyhow::Result<()> {
    let app = app_with_agents(config).await?;
    match command {
        PolicyCommand::Export { file } => export(&app, file.as_deref()).await,
        PolicyCommand::Plan(input) => {
            let plan = async { policy_files::plan(&app, read(&input.file)?).await };
            say(&input, plan.await, "would change")
        }
        PolicyCommand::Import(input) => {
            let plan = async { policy_files::import(&app, &Actor::CommandLine, read(&input.file)?).await };
            say(&input, plan.await, "changes")
        }
    }
}

async fn export(app: &App, file: Option<&Path>) -> anyhow::Result<()> {
    let text = policy_files::export(app).await.map_err(why)?.to_text()?;
    match file {
        Some(file) => std::fs::write(file, text).with_context(|| format!("writing {}", file.display())),
        None => std::io::stdout().write_all(text.as_bytes()).context("writing the policies"),
    }
}

fn read(file: &Path) -> Result<PolicyFile, Refused> {
    let mut text = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_end(&mut text).context("reading standard input")?;
    } else {
        text = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    }
    json_body::parse(&text)
}

/// Prints the plan, or says what is wrong.
fn say(input: &PolicyInput, plan: Result<PolicyPlan, Refused>, verb: &str) -> anyhow::Result<()> {
    match plan {
        Ok(plan) if input.json => print_json(&plan),
        Ok(plan) => print(&in_words(&plan, verb)),
        Err(Refused::Problem(problem)) => {
            if input.json {
                print_json(&problem)?;
            }
            Err(complaint(&input.file, &problem))
        }
        Err(failed @ Refused::Failed(_)) => Err(why(failed)),
    }
}

fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    print(&(serde_json::to_string_pretty(value)? + "\n"))
}

fn print(text: &str) -> anyhow::Result<()> {
    std::io::stdout().write_all(text.as_bytes()).context("writing to standard output")
}

/// One line for each field that is wrong.
fn complaint(file: &Path, problem: &Problem) -> anyhow::Error {
    if problem.errors.is_empty() {
        return anyhow::anyhow!(problem.detail.clone());
    }
    let fields: Vec<_> = problem.errors.iter().map(|error| format!("\n  {} {}", error.pointer, error.detail)).collect();
    anyhow::anyhow!("{} cannot be taken, nothing was changed:{}", file.display(), fields.concat())
}

fn in_words(plan: &PolicyPlan, verb: &str) -> String {
    let policies: String = plan.policies.iter().map(lines).collect();
    format!("{policies}Computers whose menu or tray {verb}: {}\n", plan.changed_assets)
}

fn lines(planned: &PlannedPolicy) -> String {
    let action = match planned.action {
        PlannedAction::Make => "make",
        PlannedAction::Save => "save",
        PlannedAction::Keep => "keep",
    };
    let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".into());
    let changes = planned.changes.iter().map(|change| match (&change.before, &change.after) {
        (None, Some(after)) => format!("      {}: {after}\n", change.what),
        (before, after) => format!("      {}: {} → {}\n", change.what, side(before), side(after)),
    });
    format!("{action}  {}\n{}", planned.name, changes.collect::<String>())
}
