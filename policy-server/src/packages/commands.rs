//! What to type, or to give to a tool, so that computers get the agent and enroll: one text for each way (AGT-15).
//!
//! A token is in no process's arguments where a system has another way.

use askama::Template;
use schemars::JsonSchema;
use serde::Serialize;

use super::{AgentPackage, newest};
use crate::domain::agent_package::{PackageKind, Processor};

/// One way of installing the agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InstallCommand {
    /// On what, such as `Windows`.
    pub system: String,
    /// By what, such as `Intune`.
    pub tool: String,
    /// What to do with the text.
    pub hint: String,
    /// The command, script or file, with the token in it.
    pub text: String,
}

/// What the texts are made of.
#[derive(Clone, Copy)]
pub(super) struct Filling<'a> {
    pub(super) package: &'a AgentPackage,
    pub(super) origin: &'a str,
    pub(super) token: &'a str,
}

/// A text of the folder `templates/installation`, filled in.
macro_rules! text {
    ($path:literal, $filling:expr) => {{
        #[derive(askama::Template)]
        #[template(path = $path, escape = "none", whitespace = "preserve")]
        struct Text<'a> {
            filling: $crate::packages::commands::Filling<'a>,
        }
        askama::Template::render(&Text { filling: $filling })
    }};
}
pub(super) use text;

#[derive(Template)]
#[template(path = "installation/ansible.txt", escape = "none", whitespace = "preserve")]
struct Ansible<'a> {
    packages: Vec<&'a AgentPackage>,
    origin: &'a str,
    token: &'a str,
}

#[derive(Template)]
#[template(path = "installation/by_hand.txt", escape = "none", whitespace = "preserve")]
struct ByHand<'a> {
    origin: &'a str,
}

/// Every way for which there is a package, then the one that needs none of this server's.
pub fn commands(origin: &str, token: &str, packages: &[AgentPackage]) -> Result<Vec<InstallCommand>, askama::Error> {
    let packages = newest(packages);
    let mut commands = Vec::new();
    for package in &packages {
        let filling = Filling { package, origin, token };
        for (tool, hint, text) in ways(filling)? {
            let system = system(package);
            commands.push(InstallCommand { system, tool: tool.into(), hint: hint.into(), text });
        }
    }
    let on_linux = |package: &&AgentPackage| matches!(package.name.kind, PackageKind::Deb | PackageKind::Rpm);
    let linux: Vec<_> = packages.into_iter().filter(on_linux).collect();
    if !linux.is_empty() {
        let hint = "A playbook: ansible-playbook -i INVENTORY deskbell.yml";
        let text = Ansible { packages: linux, origin, token }.render()?;
        commands.push(InstallCommand { system: "Linux".into(), tool: "Ansible".into(), hint: hint.into(), text });
    }
    commands.push(InstallCommand {
        system: "Any system".into(),
        tool: "Installed already".into(),
        hint: "With the token in a file that only administrators can read.".into(),
        text: ByHand { origin }.render()?,
    });
    Ok(commands)
}

/// The ways for one package: tool, hint, text.
fn ways(filling: Filling<'_>) -> Result<Vec<(&'static str, &'static str, String)>, askama::Error> {
    Ok(match filling.package.name.kind {
        PackageKind::Msi => vec![
            (
                "Command line",
                "In a command prompt, as administrator.",
                text!("installation/windows_command.txt", filling)?,
            ),
            (
                "An RMM's script",
                "PowerShell, as the system's account.",
                text!("installation/windows_script.txt", filling)?,
            ),
            (
                "Intune",
                "Upload the MSI as a line-of-business app, with these command-line arguments.",
                text!("installation/windows_arguments.txt", filling)?,
            ),
            (
                "GPO",
                "A startup script of computers: put it beside the MSI, into the policy's folder for startup scripts.",
                text!("installation/windows_startup.txt", filling)?,
            ),
        ],
        PackageKind::Pkg => {
            let script = text!("installation/macos_script.txt", filling)?;
            vec![("Shell, Jamf, another RMM's script", "As root. In Jamf, a script of a policy.", script)]
        }
        PackageKind::Deb => {
            vec![("Shell, an RMM's script", "As root.", text!("installation/deb_script.txt", filling)?)]
        }
        PackageKind::Rpm => {
            vec![("Shell, an RMM's script", "As root.", text!("installation/rpm_script.txt", filling)?)]
        }
    })
}

fn system(package: &AgentPackage) -> String {
    let title = package.name.kind.title();
    match package.name.processor {
        Processor::Arm => format!("{title} on ARM"),
        Processor::X86 | Processor::Universal => title.into(),
    }
}

/// For Ansible's conditions.
impl AgentPackage {
    fn is_deb(&self) -> bool {
        self.name.kind == PackageKind::Deb
    }

    fn processor(&self) -> &'static str {
        self.name.processor.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::agent_package::PackageName;

    /// A package of this name, whose content does not matter.
    fn package(file: &str) -> AgentPackage {
        let name = PackageName::of(file).expect("a package's name");
        AgentPackage { name, file: file.into(), size: 1, sha256: "ab".repeat(32) }
    }

    #[test]
    fn the_newest_package_of_each_kind_is_installed() {
        let files = ["deskbell-agent-1.2.3.msi", "deskbell-agent-1.10.0.msi", "deskbell-agent_1.2.3_amd64.deb"];
        let packages = files.map(package);
        let commands = commands("https://help.example", "TOKEN", &packages).expect("texts");
        let ways: Vec<_> = commands.iter().map(|one| (one.system.as_str(), one.tool.as_str())).collect();
        assert_eq!(
            ways,
            [
                ("Windows", "Command line"),
                ("Windows", "An RMM's script"),
                ("Windows", "Intune"),
                ("Windows", "GPO"),
                ("Debian, Ubuntu", "Shell, an RMM's script"),
                ("Linux", "Ansible"),
                ("Any system", "Installed already"),
            ]
        );
        assert!(commands.iter().all(|one| !one.text.contains("1.2.3.msi")), "an older version is installed");
        let intune = &commands[2].text;
        assert_eq!(intune.trim(), "SERVER_URL=https://help.example ENROLLMENT_TOKEN=TOKEN");
    }
}
