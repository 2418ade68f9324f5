//! The files of a form: received piece by piece, within the limits on their number and size, and kept.

use crate::{
    app::App,
    attachments::{folder::AttachmentFolder, upload::ReceivedFile},
    domain::{
        attachment::{FileSender, FilesError, MAX_FILE_BYTES, file_names, one_more},
        ids::{AttachmentId, CommentId, TicketId},
    },
    multipart::{FormError, Part},
    store::Attachment,
};

/// The files of a form.
#[derive(Debug, Default)]
pub struct SentFiles {
    /// Each with the name that the browser gave.
    pub received: Vec<(String, ReceivedFile)>,
    /// Why there are none.
    pub error: Option<FilesError>,
    /// Whether any were chosen.
    pub chosen: bool,
}

/// What becomes of files.
#[derive(Clone, Copy)]
pub enum FileRule<'a> {
    /// Nothing will come of them: they are read and forgotten.
    Forget,
    /// They are received, as many as their sender may still send within the hour.
    Receive {
        /// Where to.
        app: &'a App,
        /// By whom.
        sender: FileSender,
    },
}

impl SentFiles {
    /// Receives one more file.
    pub async fn take(&mut self, name: String, mut part: Part<'_>, rule: FileRule<'_>) -> Result<(), FormError> {
        let mut piece = part.next().await?;
        // Where no file is chosen, browsers send one without name and content (HTML, "constructing the entry list").
        if name.is_empty() && piece.is_none() {
            return Ok(());
        }
        self.chosen = true;
        let mut upload = match self.place_for_one_more(rule).await? {
            Some(folder) => Some(folder.begin().await.map_err(FormError::Failed)?),
            None => None,
        };
        while let Some(bytes) = piece {
            if let Some(open) = &mut upload {
                if open.size() + bytes.len() as u64 > MAX_FILE_BYTES {
                    self.refuse(FilesError::TooLarge(file_names([name.as_str()]).concat()));
                    upload = None;
                } else {
                    open.write(&bytes).await.map_err(FormError::Failed)?;
                }
            }
            piece = part.next().await?;
        }
        if let Some(upload) = upload {
            self.received.push((name, upload.finish().await.map_err(FormError::Failed)?));
        }
        Ok(())
    }

    async fn place_for_one_more<'a>(&mut self, rule: FileRule<'a>) -> Result<Option<&'a AttachmentFolder>, FormError> {
        let FileRule::Receive { app, sender } = rule else { return Ok(None) };
        if self.error.is_some() {
            return Ok(None);
        }
        let sent = app.store.files_of_hour(sender, app.now()).await.map_err(|error| FormError::Failed(error.into()))?;
        match one_more(self.received.len(), sent) {
            Ok(()) => Ok(Some(&app.attachments)),
            Err(error) => {
                self.refuse(error);
                Ok(None)
            }
        }
    }

    fn refuse(&mut self, error: FilesError) {
        self.error = Some(error);
        self.received.clear();
    }
}

/// Puts files in their places and gives their rows: files of a ticket's form, or of a comment.
pub async fn kept(
    app: &App,
    ticket_id: TicketId,
    comment_id: Option<CommentId>,
    files: Vec<(String, ReceivedFile)>,
) -> anyhow::Result<Vec<Attachment>> {
    let names = file_names(files.iter().map(|(name, _)| name.as_str()));
    let mut rows = Vec::with_capacity(files.len());
    for ((name, (_, file)), position) in names.into_iter().zip(files).zip(0..) {
        rows.push(Attachment {
            id: AttachmentId(app.new_id()),
            ticket_id,
            comment_id,
            position,
            name,
            size: i64::try_from(file.size)?,
            media_type: file.media_type.to_owned(),
            sha256: file.sha256.clone(),
        });
        app.attachments.keep(file).await?;
    }
    Ok(rows)
}
