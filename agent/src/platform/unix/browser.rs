//! The person's browser: `$BROWSER` as other programs read it, then the system's own way.

use std::{
    io,
    process::{Command, Stdio},
};

/// What opens a link as the person's settings say.
const OPENER: &str = if cfg!(target_os = "macos") { "/usr/bin/open" } else { "xdg-open" };

/// Opens `url` in the first browser of `preference` (the value of `$BROWSER`: commands between colons, with `%s` where
/// the link belongs) that starts, else as the person's settings say.
pub fn open_with(preference: &str, url: &str) -> io::Result<()> {
    let mut outcome = Err(io::ErrorKind::NotFound.into());
    for command in commands(preference, url) {
        outcome = start(&command);
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

fn commands(preference: &str, url: &str) -> Vec<Vec<String>> {
    preference.split(':').chain([OPENER]).filter_map(|command| words(command, url)).collect()
}

/// The words of one command: the link takes the place of `%s`, or comes last.
fn words(command: &str, url: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = command.split_whitespace().map(|word| word.replace("%s", url)).collect();
    if words.is_empty() {
        return None;
    }
    if !command.contains("%s") {
        words.push(url.to_owned());
    }
    Some(words)
}

/// Starts a program that outlives this one, and waits for it on a thread of its own so that nothing stays of it.
fn start(command: &[String]) -> io::Result<()> {
    let Some((program, arguments)) = command.split_first() else { return Err(io::ErrorKind::NotFound.into()) };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    std::thread::spawn(move || child.wait());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_takes_its_place_in_each_command_and_the_systems_own_way_comes_last() {
        let commands = commands("firefox:chromium --app=%s --new-window: ", "https://x.example/?a=b:c");
        let expected: [&[&str]; 3] = [
            &["firefox", "https://x.example/?a=b:c"],
            &["chromium", "--app=https://x.example/?a=b:c", "--new-window"],
            &[OPENER, "https://x.example/?a=b:c"],
        ];
        assert_eq!(commands, expected);
    }

    #[test]
    fn a_browser_that_is_not_installed_is_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let seen = folder.path().join("seen");
        let browser = format!("/nonexistent/browser %s:/usr/bin/touch {} ", seen.display());

        open_with(&format!("{browser}%s"), folder.path().join("link").to_str().expect("text")).expect("opened");

        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while !seen.exists() && std::time::Instant::now() < deadline {
            std::thread::yield_now();
        }
        assert!(seen.exists());
    }
}
