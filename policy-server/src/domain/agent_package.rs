//! What the file name of one of the agent's packages says. `cargo packages` gives these names.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;
use strum::IntoStaticStr;

const PRODUCT: &str = "deskbell-agent";

/// A package, by its file name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackageName {
    /// What installs it.
    pub kind: PackageKind,
    /// For which processor.
    pub processor: Processor,
    /// Of the agent.
    pub version: Version,
}

/// What installs a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, IntoStaticStr, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PackageKind {
    /// Windows Installer.
    Msi,
    /// macOS's Installer.
    Pkg,
    /// Debian, Ubuntu and what descends from them.
    Deb,
    /// Fedora, RHEL, SUSE and what descends from them.
    Rpm,
}

/// For which processor a package is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, IntoStaticStr, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Processor {
    /// Intel's and AMD's.
    #[serde(rename = "x86_64")]
    #[strum(serialize = "x86_64")]
    X86,
    /// ARM's.
    #[serde(rename = "aarch64")]
    #[strum(serialize = "aarch64")]
    Arm,
    /// Both.
    Universal,
}

/// Three numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version([u32; 3]);

impl PackageName {
    /// What `file` says, where it is a package of the agent. Such a name is plain: it needs no quotes in any shell.
    pub fn of(file: &str) -> Option<Self> {
        let (stem, kind) = file.rsplit_once('.')?;
        let rest = stem.strip_prefix(PRODUCT)?;
        let (kind, version, processor) = match kind {
            "msi" => (PackageKind::Msi, rest.strip_prefix('-')?, Processor::X86),
            "pkg" => (PackageKind::Pkg, rest.strip_prefix('-')?, Processor::Universal),
            "deb" => {
                let (version, processor) = rest.strip_prefix('_')?.split_once('_')?;
                (PackageKind::Deb, version, processor_of(processor, ["amd64", "arm64"])?)
            }
            "rpm" => {
                let (version, processor) = rest.strip_prefix('-')?.split_once("-1.")?;
                (PackageKind::Rpm, version, processor_of(processor, ["x86_64", "aarch64"])?)
            }
            _ => return None,
        };
        Some(Self { kind, processor, version: Version::parse(version)? })
    }
}

impl PackageKind {
    /// The system, for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Msi => "Windows",
            Self::Pkg => "macOS",
            Self::Deb => "Debian, Ubuntu",
            Self::Rpm => "Fedora, RHEL, SUSE",
        }
    }
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(|part| {
            let plain = part.bytes().all(|byte| byte.is_ascii_digit());
            if plain { part.parse().ok() } else { None }
        });
        let version = [numbers.next()??, numbers.next()??, numbers.next()??];
        numbers.next().is_none().then_some(Self(version))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}

fn processor_of(name: &str, [x86, arm]: [&str; 2]) -> Option<Processor> {
    match name {
        name if name == x86 => Some(Processor::X86),
        name if name == arm => Some(Processor::Arm),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_says_by_its_name_what_it_is() {
        for (file, kind, processor) in [
            ("deskbell-agent-1.10.0.msi", PackageKind::Msi, Processor::X86),
            ("deskbell-agent-1.10.0.pkg", PackageKind::Pkg, Processor::Universal),
            ("deskbell-agent_1.10.0_arm64.deb", PackageKind::Deb, Processor::Arm),
            ("deskbell-agent-1.10.0-1.x86_64.rpm", PackageKind::Rpm, Processor::X86),
        ] {
            let version = Version([1, 10, 0]);
            assert_eq!(PackageName::of(file), Some(PackageName { kind, processor, version }), "{file}");
        }
        assert!(Version([1, 10, 0]) > Version([1, 2, 3]));
    }

    #[test]
    fn what_is_no_package_of_the_agent_has_no_name() {
        for file in [
            "",
            "deskbell-agent-1.2.msi",
            "deskbell-agent-1.2.3.4.msi",
            "deskbell-agent-1.2.+3.msi",
            "deskbell-agent-1.2.3.exe",
            "deskbell-server_1.2.3_amd64.deb",
            "deskbell-agent_1.2.3_riscv64.deb",
            "../deskbell-agent-1.2.3.msi",
            "deskbell-agent-1.2.3.msi/",
            "deskbell-agent-1.2.3 .msi",
        ] {
            assert_eq!(PackageName::of(file), None, "{file:?}");
        }
    }
}
