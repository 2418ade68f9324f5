//! The Unix socket between service and trays. Everybody may connect; who they are is what the kernel says.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use deskbell_protocol::OsUser;
use nix::{
    errno::Errno,
    sys::signal::kill,
    unistd::{Pid, Uid, User},
};
use tokio::net::{UnixListener, UnixStream};

use crate::{
    platform::{Caller, session_of},
    service::sessions::Peer,
};

/// One connection at the service's end.
pub type Connection = UnixStream;

/// A client's end.
pub type Stream = std::os::unix::net::UnixStream;

/// The longest path that fits a socket's address, without the closing zero.
const MAX_SOCKET_PATH_BYTES: usize = if cfg!(target_os = "macos") { 103 } else { 107 };

/// The service's end. The socket file goes with it.
#[derive(Debug)]
pub struct Listener {
    listener: UnixListener,
    path: PathBuf,
}

impl Listener {
    /// Listens at `path`. The caller holds the service's lock, so a socket file that is already there is a dead one.
    pub fn bind(path: &Path) -> anyhow::Result<Self> {
        check_length(path).with_context(|| format!("listening on {}", path.display()))?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        }
        crate::durable_file::remove(path).with_context(|| format!("removing {}", path.display()))?;
        let listener = UnixListener::bind(path).with_context(|| format!("listening on {}", path.display()))?;
        fs::set_permissions(path, Permissions::from_mode(0o666))
            .with_context(|| format!("opening {} to every user", path.display()))?;
        Ok(Self { listener, path: path.to_owned() })
    }

    /// The next client, and who it is.
    pub async fn accept(&mut self) -> io::Result<(Connection, Caller)> {
        let (stream, _) = self.listener.accept().await?;
        let credentials = stream.peer_cred()?;
        let peer = Peer { user: user(credentials.uid()), session: session_of(&stream) };
        Ok((stream, Caller { peer, process: credentials.pid() }))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // It is only litter: the next start removes it too.
        let _ = fs::remove_file(&self.path);
    }
}

/// Connects to the service at `path`.
pub fn connect(path: &Path) -> io::Result<Stream> {
    check_length(path)?;
    Stream::connect(path)
}

/// Whether there is no such process any more.
pub fn has_ended(id: i32) -> bool {
    kill(Pid::from_raw(id), None) == Err(Errno::ESRCH)
}

fn check_length(path: &Path) -> io::Result<()> {
    let length = path.as_os_str().len();
    if length <= MAX_SOCKET_PATH_BYTES {
        return Ok(());
    }
    let words =
        format!("the path has {length} bytes, a socket's may have {MAX_SOCKET_PATH_BYTES}: use a shorter --root");
    Err(io::Error::new(io::ErrorKind::InvalidInput, words))
}

pub(in crate::platform) fn user(uid: u32) -> OsUser {
    let known = User::from_uid(Uid::from_raw(uid)).ok().flatten();
    let name = known.map_or_else(|| format!("uid {uid}"), |user| user.name);
    OsUser { name, domain: String::new(), id: uid.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_without_a_name_is_called_by_number() {
        assert_eq!(user(0).name, "root");
        assert_eq!(user(3_999_999_999).name, "uid 3999999999");
    }

    #[test]
    fn a_process_that_is_there_has_not_ended() {
        assert!(!has_ended(std::process::id().try_into().expect("an id")));
        assert!(has_ended(i32::MAX));
    }

    #[test]
    fn a_path_that_is_too_long_for_a_socket_is_named_as_the_reason() {
        let error = connect(Path::new(&format!("/{}", "x".repeat(107)))).expect_err("too long");
        assert!(error.to_string().contains("108 bytes"), "{error}");
    }
}
