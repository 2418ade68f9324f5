//! What a program may need of its system, and how large it may be. Anything else stops the build: a new library is
//! something to decide, not to find out on a customer's computer.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context as _, bail, ensure};
use goblin::{
    Object,
    mach::{Mach, MachO, SingleArch},
};

use super::{Purpose, Target, mac_libraries};

const LINUX_LIBRARIES: [&str; 4] = ["ld-linux-x86-64.so.2", "libc.so.6", "libgcc_s.so.1", "libm.so.6"];

/// All of Windows itself.
const WINDOWS_LIBRARIES: [&str; 28] = [
    "advapi32.dll",
    "api-ms-win-core-path-l1-1-0.dll",
    "api-ms-win-core-synch-l1-2-0.dll",
    "api-ms-win-core-winrt-error-l1-1-0.dll",
    "bcrypt.dll",
    "bcryptprimitives.dll",
    "combase.dll",
    "comctl32.dll",
    "crypt32.dll",
    "gdi32.dll",
    "iphlpapi.dll",
    "kernel32.dll",
    "ktmw32.dll",
    "msi.dll",
    "msvcrt.dll",
    "netapi32.dll",
    "ntdll.dll",
    "oleaut32.dll",
    "pdh.dll",
    "powrprof.dll",
    "psapi.dll",
    "rpcrt4.dll",
    "secur32.dll",
    "shell32.dll",
    "user32.dll",
    "userenv.dll",
    "ws2_32.dll",
    "wtsapi32.dll",
];

/// What a program must keep to.
#[derive(Debug)]
pub struct Limits {
    /// The libraries that it may name; Windows does not tell upper case from lower.
    pub libraries: Vec<&'static str>,
    /// How large its file may be.
    pub bytes: usize,
}

impl Limits {
    /// Those of the program with this file name.
    pub fn of(target: Target, program: &str) -> Self {
        const MB: usize = 1_000_000;
        let (libraries, agent, tray) = match target {
            Target::Linux => (LINUX_LIBRARIES.to_vec(), 8 * MB, 5 * MB),
            Target::Windows => (WINDOWS_LIBRARIES.to_vec(), 8 * MB, 4 * MB),
            // Twice, once an architecture.
            Target::Macos => (mac_libraries::all().iter().map(|library| library.path).collect(), 20 * MB, 10 * MB),
        };
        let bytes = match program.trim_end_matches(".exe") {
            "deskbell-server" => 20 * MB,
            "deskbell-agent" => agent,
            _ => tray,
        };
        Self { libraries, bytes }
    }
}

/// Checks the program at `path`, and says in a line what it is. One that was built quickly may have any size.
pub fn check(target: Target, purpose: Purpose, path: &Path) -> anyhow::Result<String> {
    let content = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let limits = Limits::of(target, &path.file_name().unwrap_or_default().to_string_lossy());
    let imports = imports(&content).with_context(|| format!("reading {}", path.display()))?;
    let unexpected = unexpected(&imports, &limits.libraries);
    ensure!(
        unexpected.is_empty(),
        "{} needs {}, which installer/src/build/imports.rs does not list",
        path.display(),
        unexpected.join(", ")
    );
    let size = content.len();
    let fits = purpose == Purpose::Trying || size <= limits.bytes;
    ensure!(fits, "{} has {size} bytes; {} are allowed", path.display(), limits.bytes);
    Ok(format!("{}: {size} bytes, {} libraries", path.display(), imports.len()))
}

/// The libraries that a program names.
pub fn imports(program: &[u8]) -> anyhow::Result<BTreeSet<String>> {
    let names = match Object::parse(program)? {
        Object::Elf(elf) => elf.libraries.into_iter().map(str::to_owned).collect(),
        Object::PE(pe) => pe.libraries.into_iter().map(str::to_lowercase).collect(),
        Object::Mach(Mach::Binary(binary)) => libraries(&binary),
        Object::Mach(Mach::Fat(universal)) => {
            let mut names = BTreeSet::new();
            for slice in &universal {
                let SingleArch::MachO(binary) = slice? else { bail!("an archive, not a program") };
                names.extend(libraries(&binary));
            }
            names
        }
        _ => bail!("not a program"),
    };
    Ok(names)
}

fn libraries(binary: &MachO<'_>) -> BTreeSet<String> {
    // The first is the program itself.
    binary.libs.iter().skip(1).map(|name| (*name).to_owned()).collect()
}

fn unexpected<'a>(imports: &'a BTreeSet<String>, allowed: &[&str]) -> Vec<&'a str> {
    imports.iter().map(String::as_str).filter(|name| !allowed.contains(name)).collect()
}

/// The oldest glibc that has everything that a Linux program asks for, such as (2, 34).
pub fn glibc_version(program: &[u8]) -> anyhow::Result<(u32, u32)> {
    let Object::Elf(elf) = Object::parse(program)? else { bail!("not a program for Linux") };
    let libraries = elf.verneed.iter().flat_map(goblin::elf::VerneedSection::iter);
    let needed = libraries.flat_map(|library| library.iter().collect::<Vec<_>>());
    let names = needed.filter_map(|version| elf.dynstrtab.get_at(version.vna_name));
    let versions = names.filter_map(|name| {
        let mut parts = name.strip_prefix("GLIBC_")?.split('.').map(str::parse);
        Some((parts.next()?.ok()?, parts.next()?.ok()?))
    });
    versions.max().context("it needs no glibc")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_nobody_listed_is_named() {
        let imports = ["kernel32.dll", "evil.dll"].map(str::to_owned).into();
        assert_eq!(unexpected(&imports, &["kernel32.dll"]), ["evil.dll"]);
    }

    #[test]
    fn this_very_program_names_its_libraries() {
        let program = fs::read(std::env::current_exe().expect("a path")).expect("a program");
        assert!(!imports(&program).expect("libraries").is_empty());
    }
}
