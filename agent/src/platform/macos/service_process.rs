//! The service as a job of launchd, which starts it again whenever it ends.

/// What starts the service, in an administrator's words to a shell.
pub const START_SERVICE: &str = "sudo launchctl bootstrap system /Library/LaunchDaemons/org.deskbell.agent.plist";
/// What ends it and starts it.
pub const RESTART_SERVICE: &str = "sudo launchctl kickstart -k system/org.deskbell.agent";
/// What ends it, and keeps launchd from starting it again.
pub const STOP_SERVICE: &str = "sudo launchctl bootout system/org.deskbell.agent";
