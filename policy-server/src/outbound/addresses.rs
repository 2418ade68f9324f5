//! Names are looked up here, and the connection is made to the very addresses that were checked: a name that leads
//! elsewhere the next time (DNS rebinding) gains nothing.

use std::net::SocketAddr;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::domain::network::may_connect;

/// Looks names up and gives only addresses that may be connected to.
pub(super) struct CheckedAddresses {
    /// Those that may be connected to beside public ones.
    pub(super) allowed: Vec<IpNet>,
}

/// A name that leads to no address that may be connected to.
#[derive(Debug, thiserror::Error)]
#[error("{0} leads to no public address")]
pub(super) struct NotPublic(pub(super) String);

/// A name that leads nowhere.
#[derive(Debug, thiserror::Error)]
#[error("{0} was not found: {1}")]
pub(super) struct NotFound(pub(super) String, pub(super) std::io::Error);

impl Resolve for CheckedAddresses {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = self.allowed.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let found = found.map_err(|error| NotFound(name.as_str().to_owned(), error))?;
            let checked: Vec<SocketAddr> = found.filter(|address| may_connect(address.ip(), &allowed)).collect();
            if checked.is_empty() {
                return Err(NotPublic(name.as_str().to_owned()).into());
            }
            Ok::<Addrs, _>(Box::new(checked.into_iter()))
        })
    }
}
