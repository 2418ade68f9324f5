//! The computer's facts, as the system tells them at the moment.

use std::{net::IpAddr, path::Path};

use deskbell_protocol::Facts;
use sysinfo::{CpuRefreshKind, MemoryRefreshKind, Networks, RefreshKind, System};

use crate::platform;

const MAX_ADDRESSES: usize = 8;

/// What is known of the computer that describes itself below `machine`.
pub fn facts(machine: &Path) -> Facts {
    let wanted =
        RefreshKind::nothing().with_memory(MemoryRefreshKind::nothing().with_ram()).with_cpu(CpuRefreshKind::nothing());
    let system = System::new_with_specifics(wanted).ok();
    let product = platform::system_product(machine);
    Facts {
        computer: System::host_name().unwrap_or_default(),
        serial: product.serial,
        manufacturer: product.manufacturer,
        model: product.model,
        os: System::long_os_version().unwrap_or_default(),
        architecture: System::cpu_arch(),
        processor: system.as_ref().map(processor).unwrap_or_default(),
        memory_bytes: system.as_ref().map(System::total_memory).unwrap_or_default(),
        addresses: addresses(),
        agent_version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn processor(system: &System) -> String {
    system.cpus().first().map(|cpu| cpu.brand().trim().to_owned()).unwrap_or_default()
}

fn addresses() -> Vec<String> {
    let Ok(networks) = Networks::new_with_refreshed_list() else { return Vec::new() };
    reachable(networks.values().flat_map(|network| network.ip_networks().iter().map(|network| network.addr)))
}

/// The addresses that another computer could use, in an order that does not change between calls.
fn reachable(addresses: impl Iterator<Item = IpAddr>) -> Vec<String> {
    let mut addresses: Vec<IpAddr> = addresses.filter(is_reachable).collect();
    addresses.sort();
    addresses.dedup();
    addresses.iter().take(MAX_ADDRESSES).map(IpAddr::to_string).collect()
}

fn is_reachable(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !address.is_loopback() && !address.is_link_local() && !address.is_unspecified(),
        IpAddr::V6(address) => !address.is_loopback() && !address.is_unicast_link_local() && !address.is_unspecified(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_and_link_local_addresses_are_left_out_and_the_rest_is_in_order() {
        let given =
            ["192.0.2.9", "127.0.0.1", "169.254.1.1", "fe80::1", "::1", "2001:db8::1", "192.0.2.1", "192.0.2.9"];
        let addresses = reachable(given.iter().map(|address| address.parse().expect("an address")));
        assert_eq!(addresses, ["192.0.2.1", "192.0.2.9", "2001:db8::1"]);
    }

    #[test]
    fn at_most_eight_addresses_are_told() {
        let many = (1..=20).map(|last| IpAddr::from([192, 0, 2, last]));
        assert_eq!(reachable(many).len(), 8);
    }

    #[test]
    fn this_computer_has_a_name_and_a_system() {
        let facts = facts(Path::new("/"));
        assert!(!facts.computer.is_empty() && !facts.os.is_empty() && facts.memory_bytes > 0, "{facts:?}");
    }
}
