//! What can be asked of `deskbell-installer`.

use std::{env, path::PathBuf};

use anyhow::Context as _;
use clap::{Parser, Subcommand, ValueEnum as _};

use crate::{
    build::{self, Purpose, Target, Workspace},
    contents::Product,
    customer::Customer,
    packages::{self, Format, MOMENT, Order},
};

/// Builds Deskbell for every system, and makes its packages.
#[derive(Debug, Parser)]
#[command(name = "deskbell-installer", version)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build the programs for every system into `target/dist`, and check their sizes and the libraries that they need.
    Build {
        /// Build for these systems only.
        #[arg(long = "target", value_name = "SYSTEM")]
        targets: Vec<Target>,
        /// Build quickly, only to see that everything links: not optimized, of any size, into `target/tried`.
        #[arg(long)]
        quick: bool,
        /// The workspace to build.
        #[arg(long, value_name = "DIR", default_value = ".")]
        workspace: PathBuf,
    },
    /// Make packages of what was built, or of the same programs with your signature.
    ///
    /// The same programs give the same bytes; `SOURCE_DATE_EPOCH` sets the time that all files in a package bear.
    Packages {
        /// Make these kinds only.
        #[arg(long = "format", value_name = "KIND")]
        formats: Vec<Format>,
        /// Make packages of these only.
        #[arg(long = "product", value_name = "PRODUCT")]
        products: Vec<Product>,
        /// A folder with a folder of programs for each system, named as in `target/dist`.
        #[arg(long, value_name = "DIR", default_value = "target/dist")]
        binaries: PathBuf,
        /// Where packages go.
        #[arg(long, value_name = "DIR", default_value = "target/packages")]
        output: PathBuf,
        /// Have the packages for Windows and macOS enroll with this server, by the token that is in --token-file.
        #[arg(long, value_name = "URL", requires = "token_file")]
        server: Option<String>,
        /// The file with the enrollment token for --server.
        #[arg(long, value_name = "FILE", requires = "server")]
        token_file: Option<PathBuf>,
    },
}

impl Arguments {
    /// Does it.
    pub fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Build { targets, quick, workspace } => {
                let targets = if targets.is_empty() { Target::of_this_computer().to_vec() } else { targets };
                let purpose = if quick { Purpose::Trying } else { Purpose::Shipping };
                build::build(&Workspace::at(&workspace, purpose)?, &targets)
            }
            Command::Packages { formats, products, binaries, output, server, token_file } => {
                let formats = if formats.is_empty() { Format::value_variants() } else { &formats };
                let products = if products.is_empty() { Product::value_variants() } else { &products };
                let version = env!("CARGO_PKG_VERSION");
                let customer =
                    server.zip(token_file).map(|(server, token)| Customer::read(&server, &token)).transpose()?;
                let (binaries, output, customer) = (&binaries, &output, customer.as_ref());
                let order = Order { formats, products, binaries, output, version, moment: moment()?, customer };
                for package in packages::make(&order)? {
                    println!("{}", package.display());
                }
                Ok(())
            }
        }
    }
}

/// What every file in a package bears as its time. <https://reproducible-builds.org/specs/source-date-epoch/>
fn moment() -> anyhow::Result<u32> {
    match env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => seconds.parse().with_context(|| format!("SOURCE_DATE_EPOCH is {seconds:?}, not seconds")),
        Err(_) => Ok(MOMENT),
    }
}
