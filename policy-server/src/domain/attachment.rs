//! Files that go along with a ticket: how many, how large, under which names.

use std::{collections::BTreeSet, time::Duration};

use uuid::Uuid;

use crate::domain::{
    ids::{AssetId, EndUserId, OrganizationId, PortalUserId},
    plain_line::plain_line,
};

/// How many files can be sent at once, with a ticket or a comment.
pub const MAX_FILES: usize = 10;
/// The largest file, in bytes.
pub const MAX_FILE_BYTES: u64 = 20 * 1024 * 1024;
/// How many files a sender may send within [`FILES_SPAN`].
pub const MAX_FILES_IN_SPAN: u64 = 60;
/// The time in which a sender's files are counted.
pub const FILES_SPAN: Duration = Duration::from_hours(1);
/// The longest name of a file, in characters.
pub const MAX_FILE_NAME: usize = 120;

/// The name of a file whose own name says nothing.
const UNNAMED: &str = "file";

/// Who sends files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileSender {
    /// An asset, with the form.
    Asset(AssetId),
    /// Somebody who is signed in to the portal.
    PortalUser(PortalUserId),
    /// Whoever came by the link of this organization.
    Link(OrganizationId),
    /// Who sent a mail that became a ticket.
    Mail(EndUserId),
    /// Somebody of the staff, or a program, with a comment.
    Author(Uuid),
}

/// Why files are not taken. The portal has words of its own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    /// More than [`MAX_FILES`].
    #[error("must be at most {MAX_FILES}")]
    TooMany,
    /// The file with this name is over [`MAX_FILE_BYTES`].
    #[error("has the file {0}, which is larger than {megabytes} MB", megabytes = MAX_FILE_BYTES >> 20)]
    TooLarge(String),
    /// The sender would send more than [`MAX_FILES_IN_SPAN`].
    #[error("must be at most {MAX_FILES_IN_SPAN} in an hour")]
    TooManyThisHour,
}

/// Whether a form that has `taken` files may have one more, when its sender has `sent` others within the hour.
pub fn one_more(taken: usize, sent: u64) -> Result<(), FilesError> {
    if taken >= MAX_FILES {
        Err(FilesError::TooMany)
    } else if !within_hour(sent, taken + 1) {
        Err(FilesError::TooManyThisHour)
    } else {
        Ok(())
    }
}

/// Whether a sender that has `sent` files within the hour may send `more`.
pub fn within_hour(sent: u64, more: usize) -> bool {
    more == 0 || u64::try_from(more).is_ok_and(|more| sent.saturating_add(more) <= MAX_FILES_IN_SPAN)
}

/// The names under which files are kept: each without folders and control characters, with at most [`MAX_FILE_NAME`]
/// characters, and unlike the others in more than upper and lower case.
pub fn file_names<'a>(given: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    file_names_beside([], given)
}

/// The same beside files that are there already.
pub fn file_names_beside<'a>(
    there: impl IntoIterator<Item = &'a str>,
    given: impl IntoIterator<Item = &'a str>,
) -> Vec<String> {
    let mut taken: BTreeSet<_> = there.into_iter().map(str::to_lowercase).collect();
    given
        .into_iter()
        .map(|given| {
            let name = file_name(given);
            let mut candidates = (1..).map(|count| numbered(&name, count));
            candidates.find(|name| taken.insert(name.to_lowercase())).unwrap_or_else(|| UNNAMED.to_owned())
        })
        .collect()
}

/// The media type that a file's first bytes tell, of those that are never run; for all others that of plain bytes.
pub fn media_type(head: &[u8]) -> &'static str {
    match head {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        [b'%', b'P', b'D', b'F', b'-', ..] => "application/pdf",
        _ => "application/octet-stream",
    }
}

fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = plain_line(last);
    let name = name.trim_end_matches(['.', ' ']);
    if name.is_empty() { UNNAMED.to_owned() } else { name.to_owned() }
}

/// `name`, shortened before its ending where it is too long; from the second on with its number.
fn numbered(name: &str, count: usize) -> String {
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.chars().count() <= 16 => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let number = if count == 1 { String::new() } else { format!(" ({count})") };
    let room = MAX_FILE_NAME.saturating_sub(number.chars().count() + ending.chars().count());
    let stem: String = stem.chars().take(room).collect();
    format!("{stem}{number}{ending}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_the_last_part_of_a_path_and_has_nothing_hidden() {
        for (given, kept) in [
            ("screen.png", "screen.png"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\jane\\x.txt", "x.txt"),
            ("..", "file"),
            ("", "file"),
            ("a/", "file"),
            ("evil\u{202e}gpj.exe", "evilgpj.exe"),
            ("a\r\nContent-Type: text/html", "html"),
            ("x\0.png. ", "x.png"),
            (".profile", ".profile"),
        ] {
            assert_eq!(file_names([given]), [kept], "{given:?}");
        }
    }

    #[test]
    fn equal_names_are_numbered_before_their_ending() {
        let names = file_names(["image.png", "IMAGE.png", "a/image.png", "image (2).png", "x", "x"]);
        assert_eq!(names, ["image.png", "IMAGE (2).png", "image (3).png", "image (2) (2).png", "x", "x (2)"]);
        assert_eq!(file_names_beside(["X.png", "x (2).png"], ["x.png", "y.png"]), ["x (3).png", "y.png"]);
    }

    #[test]
    fn sixty_files_an_hour_and_ten_a_form() {
        assert_eq!(one_more(9, 0), Ok(()));
        assert_eq!(one_more(10, 0), Err(FilesError::TooMany));
        assert_eq!(one_more(0, 59), Ok(()));
        assert_eq!(one_more(1, 59), Err(FilesError::TooManyThisHour));
        assert!(within_hour(100, 0), "a ticket without files is always taken");
        assert!(!within_hour(u64::MAX, 1));
    }

    #[test]
    fn only_pictures_and_documents_that_are_never_run_have_a_type() {
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n...."), "image/png");
        assert_eq!(media_type(b"RIFF1234WEBPVP8 "), "image/webp");
        assert_eq!(media_type(b"%PDF-1.7"), "application/pdf");
        for other in [&b"<svg onload=alert(1)>"[..], b"<!doctype html>", b"MZ", b""] {
            assert_eq!(media_type(other), "application/octet-stream");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_given_the_names_are_short_plain_and_different(given in prop::collection::vec(".{0,300}", 0..12)) {
            let names = file_names(given.iter().map(String::as_str));
            prop_assert_eq!(names.len(), given.len());
            for name in &names {
                prop_assert!(!name.is_empty() && name.chars().count() <= MAX_FILE_NAME);
                prop_assert!(!name.contains(['/', '\\']) && !name.chars().any(char::is_control));
            }
            let different: BTreeSet<_> = names.iter().map(|name| name.to_lowercase()).collect();
            prop_assert_eq!(different.len(), names.len());
        }
    }
}
