//! Log lines, as text.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{filter::Targets, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::platform;

/// Starts logging at the level that `DESKBELL_LOG` names (`error`, `warn`, `info`, `debug`, `trace` or `off`), else at
/// `info`.
pub fn start() {
    let wanted = std::env::var("DESKBELL_LOG").unwrap_or_default();
    // An empty text is a level to the parser.
    let level = if wanted.is_empty() { None } else { wanted.parse().ok() };
    let lines = fmt::layer().with_writer(platform::log_writer()).with_ansi(false);
    // The D-Bus library warns whenever an icon is removed in good order.
    let levels =
        Targets::new().with_default(level.unwrap_or(LevelFilter::INFO)).with_target("zbus", LevelFilter::ERROR);
    tracing_subscriber::registry().with(lines).with(levels).init();
    if !wanted.is_empty() && level.is_none() {
        tracing::warn!(wanted, "DESKBELL_LOG names no level; logging at info");
    }
}
