//! Makes a ticket of a form that is filled in well, with its files, its mails and all that goes out with it.

use std::sync::Arc;

use deskbell_protocol::{Facts, OsUser};
use uuid::Uuid;

use super::pages::PageFailed;
use crate::{
    announcements::{Asker, Audience, TicketFacts},
    app::SharedApp,
    attachments::{sent_files::kept, upload::ReceivedFile},
    domain::{
        asset::AssetEventKind,
        attachment::FileSender,
        ids::{AssetSessionId, EndUserId, OrganizationId, PortalUserId, TicketId},
        postal_address::PostalAddress,
        ticket::{NewTicket, TicketSource, TicketStatus, search_key},
    },
    store::{Asset, Attachment, EndUser, Json, NewTicketRows, StoreError, Ticket},
};

/// Where a ticket comes from.
pub(super) struct Origin {
    pub(super) organization: OrganizationId,
    pub(super) asset: Option<Asset>,
    /// Who asks; absent: the organization itself, or somebody whom nobody knows.
    pub(super) requester: Option<EndUser>,
    /// Who was signed in.
    pub(super) portal_user: Option<PortalUserId>,
    pub(super) os_user: OsUser,
    pub(super) source: TicketSource,
    pub(super) files_of: FileSender,
    pub(super) confidential: bool,
    /// Where whoever asks says that they are.
    pub(super) address: Option<PostalAddress>,
    /// Who else may see it.
    pub(super) people: Vec<EndUserId>,
    /// The session that is done with its draft.
    pub(super) draft: Option<AssetSessionId>,
}

/// Why a form that is filled in well makes no ticket.
pub(super) enum SendError {
    TooManyFiles,
    Failed(PageFailed),
}

impl<E: Into<anyhow::Error>> From<E> for SendError {
    fn from(error: E) -> Self {
        Self::Failed(error.into().into())
    }
}

/// The ticket of a form; the same one however often the form is sent (invariant 21).
pub(super) async fn made(
    app: &SharedApp,
    origin: Origin,
    form_id: Uuid,
    new: NewTicket,
    files: Vec<(String, ReceivedFile)>,
) -> Result<TicketId, SendError> {
    let Origin { organization, asset, requester, portal_user, .. } = origin;
    let sender = match portal_user.filter(|_| requester.is_none()) {
        Some(id) => app.store.portal_user(id).await?,
        None => None,
    };
    let asset_id = asset.as_ref().map(|asset| asset.id);
    // The files of a form that was sent before have nowhere to be kept.
    if !files.is_empty()
        && let Some(made) = app.store.ticket_of_form(organization, asset_id, form_id).await?
    {
        return Ok(made.id);
    }
    let ticket = Ticket {
        id: TicketId(app.new_id()),
        number: 0,
        organization_id: organization,
        asset_id,
        requester_id: requester.as_ref().map(|person| person.id),
        sender_id: portal_user,
        department_id: app.looks.of_default().departments.of_ticket(new.department),
        form_id,
        source: origin.source,
        search_key: search_key(&new.subject, &new.description),
        subject: new.subject,
        description: new.description,
        urgency: new.urgency,
        phone: new.phone,
        unverified_name: new.unverified_name,
        unverified_email: new.unverified_email,
        address: origin.address.map(Json),
        confidential: origin.confidential,
        status: TicketStatus::New,
        assignee_id: None,
        facts: asset.as_ref().map_or_else(|| Json(Facts::default()), |asset| asset.facts.clone()),
        os_user: Json(origin.os_user),
        created_at: app.now(),
        updated_at: app.now(),
    };
    let new_id = ticket.id;
    let attachments = kept(app, ticket.id, None, files).await?;
    let audience = Audience::load(app).await?;
    let online_profile = audience.online_profile(app, organization).await?;
    let organization = app.fleet.organization_name(organization);
    let site = match &asset {
        Some(asset) => audience.site_name(app, asset).await?,
        None => String::new(),
    };
    let about_app = Arc::clone(app);
    let asset_name = asset.map(|asset| asset.name).unwrap_or_default();
    let announce = move |ticket: &Ticket, attachments: &[Attachment]| {
        let asker = Asker::of(requester.as_ref(), sender.as_ref());
        let about = TicketFacts {
            ticket,
            organization: &organization,
            asset: &asset_name,
            site: &site,
            asker,
            online_profile: online_profile.as_ref(),
        };
        audience.ticket_created(&about_app, &about, attachments)
    };
    let new = NewTicketRows {
        event: asset_id.map(|id| app.asset_event(id, AssetEventKind::TicketCreated, String::new())),
        people: origin.people,
        sender: origin.files_of,
        draft: origin.draft,
        announce: Arc::new(announce),
        ticket,
        attachments,
    };
    match app.store.insert_ticket(new).await {
        Ok(id) => {
            if id == new_id {
                app.metrics.ticket_made();
                app.wake_outbox();
            }
            Ok(id)
        }
        Err(StoreError::TooManyFiles) => Err(SendError::TooManyFiles),
        Err(error) => Err(error.into()),
    }
}
