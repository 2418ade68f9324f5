//! `deskbell-server portal`: portals, without a browser (RES-06).

use clap::{
    Subcommand,
    builder::{PossibleValuesParser, TypedValueParser as _},
};
use strum::VariantArray as _;

use super::{app, why};
use crate::{
    changes::portals::{self, NewPortal},
    config::Config,
    domain::{audit::Actor, portal_design::ColorMode},
};

/// What can be done with portals.
#[derive(Debug, Subcommand)]
pub(super) enum PortalCommand {
    /// Makes a portal that nobody can use before it is published, and prints its id and its address
    Create {
        /// What staff call it
        name: String,
        /// The first label of its host, or its path below /portal/
        #[arg(long)]
        prefix: String,
        /// Light, dark, or as the reader's system is
        #[arg(long, default_value = "system", value_parser = color_mode_parser())]
        color_mode: ColorMode,
    },
    /// Lists the portals: id, address, whether it is published, and name
    List,
}

pub(super) async fn run(config: Config, command: PortalCommand) -> anyhow::Result<()> {
    let app = app(config).await?;
    match command {
        PortalCommand::Create { name, prefix, color_mode } => {
            let new = NewPortal { name, prefix, color_mode };
            let row = portals::make(&app, &Actor::CommandLine, new).await.map_err(why)?;
            println!("{}\t{}", row.id, app.looks.of(row.id).url("/"));
        }
        PortalCommand::List => {
            for row in app.store.portals().await? {
                let state = if row.published { "published" } else { "not published" };
                println!("{}\t{}\t{state}\t{}", row.id, app.looks.of(row.id).url("/"), row.name);
            }
        }
    }
    Ok(())
}

fn color_mode_parser() -> impl clap::builder::TypedValueParser<Value = ColorMode> {
    let names = ColorMode::VARIANTS.iter().map(|mode| <&str>::from(*mode));
    PossibleValuesParser::new(names).try_map(|name| name.parse::<ColorMode>())
}
