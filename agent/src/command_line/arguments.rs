//! What can be asked of `deskbell-agent`.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use deskbell_protocol::EntryId;

use crate::config::ServerUrl;

const EXIT_CODES: &str = "Exit codes:
  0  done
  1  failed
  2  wrong usage
  3  this computer is not enrolled
  4  the server cannot be reached
  5  refused, by policy or by the portal; the reason is on standard error";

/// Deskbell's agent: the background service of this computer, and the commands that ask it.
#[derive(Debug, Parser)]
#[command(name = "deskbell-agent", version, after_help = EXIT_CODES)]
pub struct Arguments {
    /// Keep all of the agent's files in DIR, in place of the system's folders.
    #[arg(long, global = true, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Print JSON, for scripts.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the service; the system's service manager does this.
    Run,
    /// Make this computer an asset of the MSP whose server is at URL.
    ///
    /// If the server cannot be reached, address and token are kept, and the service enrolls as soon as it can.
    Enroll {
        /// The policy server's address: https, or http to localhost for a server on this computer.
        #[arg(long, value_name = "URL")]
        server: ServerUrl,
        /// The file with the enrollment token; - reads it from standard input.
        #[arg(long, value_name = "FILE")]
        token_file: PathBuf,
        /// The folder to hang in: its name, or several with / between them, from the token's place on.
        #[arg(long, value_name = "NAMES")]
        folder: Option<String>,
        /// Whether there is no icon until the first policy arrives; without it, there is none.
        #[arg(long, value_name = "true|false")]
        hide_tray: Option<bool>,
        /// Ask no server: keep both for the service, which enrolls this computer. Installers do this.
        #[arg(long)]
        later: bool,
    },
    /// Tell how this computer stands with its server, and where the icon of each session is.
    Status,
    /// Print the menu that the tray shows to you.
    Menu,
    /// Open an entry of the menu in your browser, by default the first entry of the portal.
    Open {
        /// The entry's id, as `deskbell-agent menu` prints it.
        entry: Option<EntryId>,
        /// Print the link, which is good once and for a minute, and open no browser.
        #[arg(long)]
        print_url: bool,
    },
    /// Check everything that the agent needs, and say what to do about what is missing.
    Doctor,
    /// Forget who this computer is: remove identity, cached policy and enrollment token. The configuration stays.
    UninstallState,
}
