//! `org.kde.StatusNotifierWatcher`: where icons announce themselves.

use tokio::sync::mpsc;
use zbus::{message::Header, object_server::SignalEmitter};

/// What items and hosts call.
pub(super) struct Watcher {
    register: mpsc::UnboundedSender<String>,
    services: Vec<String>,
    hosts: Vec<String>,
}

impl Watcher {
    /// A watcher that passes on the bus name of each icon that registers, with its path where that is its own.
    pub(super) fn new(register: mpsc::UnboundedSender<String>) -> Self {
        Self { register, services: Vec::new(), hosts: vec!["the host that this is".into()] }
    }
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    async fn register_status_notifier_item(
        &mut self,
        service: String,
        #[zbus(header)] header: Header<'_>,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> zbus::fdo::Result<()> {
        // Some programs register an object path of their own instead of a name.
        let name = match header.sender() {
            Some(sender) if service.starts_with('/') => format!("{sender}{service}"),
            _ => service,
        };
        if !self.services.contains(&name) {
            self.services.push(name.clone());
        }
        // Fails only while this host is ending.
        let _ = self.register.send(name.clone());
        Self::status_notifier_item_registered(&emitter, &name).await?;
        Ok(())
    }

    fn register_status_notifier_host(&mut self, service: String) {
        self.hosts.push(service);
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.services.clone()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        !self.hosts.is_empty()
    }

    #[expect(clippy::unused_self, reason = "zbus reads every property through a reference")]
    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    /// An icon came.
    #[zbus(signal)]
    async fn status_notifier_item_registered(emitter: &SignalEmitter<'_>, service: &str) -> zbus::Result<()>;

    /// A host came.
    #[zbus(signal)]
    async fn status_notifier_host_registered(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;
}
