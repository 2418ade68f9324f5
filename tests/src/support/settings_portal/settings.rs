//! What programs call.

use zbus::{
    fdo,
    object_server::SignalEmitter,
    zvariant::{OwnedValue, Value},
};

pub(super) const APPEARANCE: &str = "org.freedesktop.appearance";
pub(super) const COLOR_SCHEME: &str = "color-scheme";

/// The settings of a desktop.
pub(super) struct Settings {
    color_scheme: u32,
}

impl Settings {
    pub(super) fn new(color_scheme: u32) -> Self {
        Self { color_scheme }
    }
}

#[zbus::interface(name = "org.freedesktop.portal.Settings")]
impl Settings {
    fn read(&self, namespace: &str, key: &str) -> fdo::Result<OwnedValue> {
        if (namespace, key) != (APPEARANCE, COLOR_SCHEME) {
            return Err(fdo::Error::Failed("there is no such setting".into()));
        }
        // The portal's first version wraps every value once more.
        let wrapped = Value::Value(Box::new(self.color_scheme.into()));
        wrapped.try_into().map_err(|error: zbus::zvariant::Error| fdo::Error::Failed(error.to_string()))
    }

    /// A setting changed.
    #[zbus(signal)]
    pub(super) async fn setting_changed(
        emitter: &SignalEmitter<'_>,
        namespace: &str,
        key: &str,
        value: Value<'_>,
    ) -> zbus::Result<()>;
}
