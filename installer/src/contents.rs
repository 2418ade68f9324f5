//! What is installed where: the one list that every package format is made from, and that every format's tests are held
//! against. What else a computer gets (state, sockets, the service's registration) the programs and scripts make.

use std::path::Path;

use clap::ValueEnum;

/// What a package installs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Product {
    /// The service and the tray of a managed computer.
    Agent,
    /// The policy server.
    Server,
}

/// Where it is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Any distribution with systemd.
    Linux,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
}

/// One installed file.
#[derive(Debug, Clone, Copy)]
pub struct Item {
    /// Where it is installed: an absolute path; on Windows, a name below the installation folder.
    pub path: &'static str,
    /// What is in it.
    pub content: Content,
    /// Its permissions; Windows gives those of the folder.
    pub mode: u32,
    /// Whose it is.
    pub owner: &'static str,
    /// Its group.
    pub group: &'static str,
    /// Whether an administrator's changes outlive an upgrade.
    pub is_configuration: bool,
}

/// What is in a file.
#[derive(Debug, Clone, Copy)]
pub enum Content {
    /// A program, by its file name in the folder of what was built or signed.
    Program(&'static str),
    /// The same in every package.
    Text(&'static str),
}

const LICENSES: &str = concat!(include_str!("../../LICENSE-MIT"), "\n----\n\n", include_str!("../../LICENSE-APACHE"));

const LINUX_AGENT: &[Item] = &[
    program("/usr/bin/deskbell-agent", "deskbell-agent"),
    program("/usr/bin/deskbell-tray", "deskbell-tray"),
    configuration("/etc/xdg/autostart/deskbell-tray.desktop", include_str!("../linux/agent/deskbell-tray.desktop")),
    text("/usr/lib/systemd/system/deskbell-agent.service", include_str!("../linux/agent/deskbell-agent.service")),
    text("/usr/share/applications/deskbell-help.desktop", include_str!("../linux/agent/deskbell-help.desktop")),
    text("/usr/share/doc/deskbell-agent/agent.example.toml", include_str!("../../agent/agent.example.toml")),
    text("/usr/share/doc/deskbell-agent/copyright", LICENSES),
];

const LINUX_SERVER: &[Item] = &[
    program("/usr/bin/deskbell-server", "deskbell-server"),
    text("/usr/lib/systemd/system/deskbell-server.service", include_str!("../linux/server/deskbell-server.service")),
    text("/usr/lib/sysusers.d/deskbell-server.conf", include_str!("../linux/server/sysusers.conf")),
    text("/usr/lib/tmpfiles.d/deskbell-server.conf", include_str!("../linux/server/tmpfiles.conf")),
    text(
        "/usr/share/deskbell-server/server.example.toml",
        include_str!("../../policy-server/deskbell-server.example.toml"),
    ),
    text("/usr/share/doc/deskbell-server/copyright", LICENSES),
];

const MACOS_AGENT: &[Item] = &[
    wheel(text("/Applications/Get IT help.app/Contents/Info.plist", include_str!("../macos/help-Info.plist"))),
    wheel(script("/Applications/Get IT help.app/Contents/MacOS/get-help", include_str!("../macos/get-help"))),
    wheel(text("/Library/Deskbell/agent.example.toml", include_str!("../../agent/agent.example.toml"))),
    wheel(program("/Library/Deskbell/deskbell-agent", "deskbell-agent")),
    wheel(program("/Library/Deskbell/deskbell-tray", "deskbell-tray")),
    wheel(text("/Library/Deskbell/licenses.txt", LICENSES)),
    wheel(script("/Library/Deskbell/uninstall", include_str!("../macos/uninstall"))),
    wheel(text("/Library/LaunchAgents/org.deskbell.tray.plist", include_str!("../macos/org.deskbell.tray.plist"))),
    wheel(text("/Library/LaunchDaemons/org.deskbell.agent.plist", include_str!("../macos/org.deskbell.agent.plist"))),
];

const WINDOWS_AGENT: &[Item] = &[
    text("agent.example.toml", include_str!("../../agent/agent.example.toml")),
    program("deskbell-agent.exe", "deskbell-agent.exe"),
    program("deskbell-tray.exe", "deskbell-tray.exe"),
    text("licenses.txt", LICENSES),
];

/// What is installed of `product` on `system`, by path; nothing where it does not run.
pub fn contents(product: Product, system: System) -> &'static [Item] {
    match (product, system) {
        (Product::Agent, System::Linux) => LINUX_AGENT,
        (Product::Server, System::Linux) => LINUX_SERVER,
        (Product::Agent, System::Macos) => MACOS_AGENT,
        (Product::Agent, System::Windows) => WINDOWS_AGENT,
        (Product::Server, System::Macos | System::Windows) => &[],
    }
}

impl Product {
    /// The name of its package.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agent => "deskbell-agent",
            Self::Server => "deskbell-server",
        }
    }

    /// One line that says what it is.
    pub fn summary(self) -> &'static str {
        match self {
            Self::Agent => "IT support's menu in the tray, and its service",
            Self::Server => "Deskbell's policy server: console, portal and API",
        }
    }
}

const fn program(path: &'static str, name: &'static str) -> Item {
    Item { content: Content::Program(name), mode: 0o755, ..text(path, "") }
}

const fn configuration(path: &'static str, content: &'static str) -> Item {
    Item { is_configuration: true, ..text(path, content) }
}

const fn script(path: &'static str, content: &'static str) -> Item {
    Item { mode: 0o755, ..text(path, content) }
}

/// macOS's name for root's group.
const fn wheel(item: Item) -> Item {
    Item { group: "wheel", ..item }
}

const fn text(path: &'static str, content: &'static str) -> Item {
    Item { path, content: Content::Text(content), mode: 0o644, owner: "root", group: "root", is_configuration: false }
}

/// The folders that are Deskbell's own, because a part of their path has its name: they go with the package.
pub fn own_folders(items: &[Item]) -> Vec<&'static str> {
    let is_own = |folder: &Path| {
        folder.file_name().is_some_and(|name| name.to_string_lossy().to_lowercase().starts_with("deskbell"))
    };
    let mut folders: Vec<_> = items
        .iter()
        .flat_map(|item| Path::new(item.path).ancestors().skip(1))
        .filter(|folder| folder.ancestors().any(is_own))
        .filter_map(Path::to_str)
        .collect();
    folders.sort_unstable();
    folders.dedup();
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_folders_with_deskbells_name_go_with_the_package() {
        let own = own_folders(contents(Product::Server, System::Linux));
        assert_eq!(own, ["/usr/share/deskbell-server", "/usr/share/doc/deskbell-server"]);
    }
}
