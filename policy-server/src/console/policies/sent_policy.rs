//! The builder's form as it comes: its fields, and the icons that were chosen.

use axum::{
    Form,
    extract::{FromRequest as _, Request},
};
use deskbell_protocol::Fault;

use crate::{
    app::{App, SharedApp},
    domain::policy_draft::{IconShade, PolicyDraft},
    icons::{self, IconError},
    json_body::MAX_JSON_BYTES,
    multipart::{FormError, Parts, boundary},
    portal::pages::PageFailed,
};

/// Fields and files.
#[derive(Debug, Default)]
pub(super) struct SentPolicy {
    /// Names and values of the fields.
    pub(super) pairs: Vec<(String, String)>,
    uploads: Vec<Upload>,
}

#[derive(Debug)]
struct Upload {
    shade: IconShade,
    /// Absent where it is larger than any icon.
    content: Option<Vec<u8>>,
}

/// Reads the form.
pub(super) async fn read(app: &SharedApp, request: Request) -> Result<SentPolicy, FormError> {
    let Some(boundary) = boundary(request.headers()) else {
        let form = Form::<Vec<(String, String)>>::from_request(request, app).await;
        return form
            .map(|Form(pairs)| SentPolicy { pairs, ..SentPolicy::default() })
            .map_err(|_| FormError::Unreadable);
    };
    let mut parts = Parts::of(request.into_body(), boundary, MAX_JSON_BYTES);
    let mut sent = SentPolicy::default();
    while let Some(part) = parts.next().await? {
        let name = part.name();
        let shade = name.strip_suffix("_file").and_then(IconShade::named);
        match (part.file_name(), shade) {
            (Some(file), Some(shade)) => {
                let content = part.content(icons::MAX_UPLOAD_BYTES).await?;
                // Where no file is chosen, browsers send one without name and content.
                if !file.is_empty() || content.as_ref().is_none_or(|content| !content.is_empty()) {
                    sent.uploads.push(Upload { shade, content });
                }
            }
            (Some(_), None) => drop(part.content(0).await?),
            (None, _) => {
                let text = part.text().await?;
                sent.pairs.push((name, text));
            }
        }
    }
    Ok(sent)
}

impl SentPolicy {
    /// Keeps the icons that were chosen and puts them into the draft; what is no icon is named beside its field.
    pub(super) async fn keep_icons(self, app: &App, draft: &mut PolicyDraft) -> Result<Vec<Fault>, PageFailed> {
        let mut faults = Vec::new();
        for Upload { shade, content } in self.uploads {
            let kept = match content {
                Some(content) => icons::keep(app, content.into()).await,
                None => Err(IconError::TooLarge),
            };
            match kept {
                Ok((icon, _)) => draft.icons.take(shade, icon),
                Err(IconError::Failed(cause)) => return Err(cause.into()),
                Err(error) => {
                    let pointer = format!("/settings/icons/{}", shade.name());
                    faults.push(Fault { pointer, detail: format!("the file {error}") });
                }
            }
        }
        Ok(faults)
    }
}
