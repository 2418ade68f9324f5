//! Sockets that listen on loopback before the server that will own them exists, so that nobody can take the port.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::Context;

/// A listener on a port that the kernel chose.
pub fn listener() -> anyhow::Result<TcpListener> {
    listener_on(0)
}

/// A listener on `port`, such as that of a server that was stopped and comes back.
pub fn listener_on(port: u16) -> anyhow::Result<TcpListener> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| format!("listening on loopback port {port}"))?;
    listener.set_nonblocking(true).context("making the listener non-blocking")?;
    Ok(listener)
}
