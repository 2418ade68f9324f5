//! The named pipe between service and trays. Every account of this computer may connect; who they are is what the kernel
//! says. A client speaks only with a service that the system or an administrator started.

use std::{
    fs::OpenOptions,
    io,
    os::windows::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use tokio::net::windows::named_pipe::{NamedPipeServer, ServerOptions};
use tracing::warn;
use windows_sys::Win32::{
    Foundation::ERROR_PIPE_BUSY,
    Storage::FileSystem::{FILE_FLAG_OVERLAPPED, SECURITY_IDENTIFICATION},
};

pub use crate::platform::windows::overlapped::Stream;
use crate::{
    platform::{
        Caller,
        windows::{
            access::{self, Descriptor},
            account::Token,
            files::{ADMINISTRATORS, SYSTEM, SYSTEM_PIPE},
            service_process::START_SERVICE,
        },
    },
    service::sessions::Peer,
};

/// One connection at the service's end.
pub type Connection = NamedPipeServer;

/// What a client needs: to read, to write, and to ask for the owner. Not `FILE_APPEND_DATA`, which for a pipe is the
/// right to serve it.
const CLIENT_RIGHTS: u32 = 0x0012_019b;

/// The service's end.
#[derive(Debug)]
pub struct Listener {
    path: PathBuf,
    descriptor: Descriptor,
    /// Where the next client connects.
    next: NamedPipeServer,
}

impl Listener {
    /// Listens at `path`. A pipe of that name that is there already is somebody else's, and an error.
    pub fn bind(path: &Path) -> anyhow::Result<Self> {
        let naming = || format!("listening on {}", path.display());
        ensure!(
            !access::is_pipe_there(path),
            "another program has made the pipe {} and is not spoken to; end it, then run `{START_SERVICE}`",
            path.display()
        );
        let owner = if path == Path::new(SYSTEM_PIPE) { format!("O:{SYSTEM}") } else { String::new() };
        let own = Token::own().and_then(|token| token.sid()).with_context(naming)?;
        // Nobody from the network; the own account everything; all who are logged on what a client needs.
        let sddl = format!("{owner}D:P(D;;GA;;;NU)(A;;GA;;;SY)(A;;GA;;;{own})(A;;{CLIENT_RIGHTS:#x};;;AU)");
        let descriptor = Descriptor::parse(&sddl).with_context(naming)?;
        let next = access::create_pipe(ServerOptions::new().first_pipe_instance(true), path, &descriptor)
            .with_context(naming)?;
        Ok(Self { path: path.to_owned(), descriptor, next })
    }

    /// The next client, and who it is.
    pub async fn accept(&mut self) -> io::Result<(Connection, Caller)> {
        self.next.connect().await?;
        let next = access::create_pipe(&mut ServerOptions::new(), &self.path, &self.descriptor)?;
        let stream = std::mem::replace(&mut self.next, next);
        let token = Token::of_client(&stream)?;
        let peer = Peer { user: token.user()?, session: token.session().ok().map(|session| session.to_string()) };
        let process = access::client_process(&stream);
        Ok((stream, Caller { peer, process }))
    }
}

/// Connects to the service at `path`.
pub fn connect(path: &Path) -> io::Result<Stream> {
    let mut options = OpenOptions::new();
    // Whoever serves the pipe learns who connects, and can do nothing in that name.
    options.access_mode(CLIENT_RIGHTS).custom_flags(FILE_FLAG_OVERLAPPED).security_qos_flags(SECURITY_IDENTIFICATION);
    let pipe = loop {
        match options.open(path) {
            Err(error) if error.raw_os_error() == Some(ERROR_PIPE_BUSY.cast_signed()) => access::wait_for_pipe(path)?,
            other => break other?,
        }
    };
    let owner = access::owner_of(&pipe)?;
    if !is_trusted(&owner, path)? {
        warn!(owner, "The pipe was made by an account that is not to be trusted, and is not used");
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, format!("{owner} owns it, not the system")));
    }
    Stream::new(pipe)
}

/// Whether `owner` may serve the pipe at `path`: one below a folder of somebody's own, that account as well.
fn is_trusted(owner: &str, path: &Path) -> io::Result<bool> {
    if path == Path::new(SYSTEM_PIPE) {
        return Ok(owner == SYSTEM);
    }
    Ok([SYSTEM, ADMINISTRATORS].contains(&owner) || owner == Token::own()?.sid()?)
}
