//! Opening links in the person's default browser.

use std::io;

use crate::platform;

/// Opens `url` in the person's default browser and returns when that was started.
pub fn open(url: &str) -> io::Result<()> {
    platform::open_with(&std::env::var("BROWSER").unwrap_or_default(), url)
}
