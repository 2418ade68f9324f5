//! The content of files that go along with tickets: received, kept in the data folder, given out.
//!
//! Who may send or see one is not decided here.

pub mod download;
pub mod folder;
pub mod sent_files;
pub mod upload;

use std::collections::HashMap;

use crate::{domain::ids::CommentId, store::Attachment};

/// The files of a ticket by the comment that they came with; those of its form under none.
pub fn by_comment(files: Vec<Attachment>) -> HashMap<Option<CommentId>, Vec<Attachment>> {
    let mut found = HashMap::<_, Vec<_>>::new();
    for file in files {
        found.entry(file.comment_id).or_default().push(file);
    }
    found
}
