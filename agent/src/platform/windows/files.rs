//! Folders, and who may enter them: the system and the administrators.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::windows::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use tracing::warn;
use windows_sys::Win32::{
    Foundation::GENERIC_WRITE,
    Storage::FileSystem::{READ_CONTROL, WRITE_DAC},
};

use crate::{
    paths::Paths,
    platform::windows::{
        access::{self, Descriptor},
        account::Token,
    },
};

/// The SID of the system's own account.
pub(super) const SYSTEM: &str = "S-1-5-18";
/// The SID of the group of administrators.
pub(super) const ADMINISTRATORS: &str = "S-1-5-32-544";
/// Where the installed service listens.
pub(super) const SYSTEM_PIPE: &str = r"\\.\pipe\deskbell-agent";

/// Where an installed agent keeps its files.
pub fn system_paths() -> Paths {
    let folder = system_folder();
    Paths {
        config: folder.join("agent.toml"),
        enrollment_token: folder.join("enrollment-token"),
        state: folder.join("state"),
        socket: PathBuf::from(SYSTEM_PIPE),
        lock: folder.join("agent.lock"),
        machine: PathBuf::new(),
    }
}

/// The name of the pipe of an agent that keeps all its files below `root`: the folder's, with what a name cannot have
/// written otherwise.
pub fn socket_below(root: &Path) -> PathBuf {
    let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    let name = root.to_string_lossy().to_lowercase().replace(['\\', '/', ':'], "-");
    PathBuf::from(format!("{SYSTEM_PIPE}-{name}"))
}

/// Makes sure that the folder at `path` is there and that only the system, the administrators and this program's account
/// can enter it. The same for the installed agent's folder around it, where address and enrollment token lie.
pub fn prepare_state_folder(path: &Path) -> io::Result<()> {
    let around = path.parent().unwrap_or(path);
    if around == system_folder() {
        prepare(around)?;
    }
    prepare(path)
}

/// Creates an empty file that only the system, the administrators and this program's account can read.
pub fn create_private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).access_mode(GENERIC_WRITE | READ_CONTROL | WRITE_DAC);
    let file = options.open(path)?;
    access::restrict_file(&file, &private("")?)?;
    Ok(file)
}

/// Creates an empty file that everybody can read who can enter its folder.
pub fn create_public_file(path: &Path) -> io::Result<File> {
    File::create(path)
}

/// Returns at once: the file system keeps its own journal of names.
pub fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

fn system_folder() -> PathBuf {
    access::program_data().join("Deskbell")
}

fn prepare(path: &Path) -> io::Result<()> {
    let descriptor = private("OICI")?;
    if is_anothers(path)? {
        // Everybody may make folders in ProgramData: whoever made this one could give himself every right to it.
        let aside = path.with_extension(format!("of-another-account-{}", std::process::id()));
        warn!(folder = %path.display(), "The folder was made by another account; it is set aside and made anew");
        fs::rename(path, aside)?;
    }
    match access::create_folder(path, &descriptor) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => access::restrict_folder(path, &descriptor),
        other => other,
    }
}

/// Whether there is something at `path` that is no folder of the system, the administrators or this program's account. A
/// link to another place is none either.
fn is_anothers(path: &Path) -> io::Result<bool> {
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        found => found?,
    };
    if !found.is_dir() {
        return Ok(true);
    }
    let owner = access::owner_of_path(path)?;
    Ok(![SYSTEM, ADMINISTRATORS].contains(&owner.as_str()) && owner != Token::own()?.sid()?)
}

/// Open to the system, the administrators and this program's account; `flags` say what takes that over.
fn private(flags: &str) -> io::Result<Descriptor> {
    let own = Token::own()?.sid()?;
    let own = if own == SYSTEM { String::new() } else { format!("(A;{flags};FA;;;{own})") };
    Descriptor::parse(&format!("D:P(A;{flags};FA;;;SY)(A;{flags};FA;;;BA){own}"))
}
