//! What the ids of tickets are called, for lists that people read.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    EndUser, PortalUser, Store, StoreError, Ticket,
    row::{asset, end_user, organization, portal_user},
};
use crate::domain::ids::{AssetId, EndUserId, OrganizationId, PortalUserId};

/// Names of what some tickets are about.
#[derive(Debug, Default)]
pub struct TicketNames {
    /// Of organizations.
    pub organizations: HashMap<OrganizationId, String>,
    /// Of assets.
    pub assets: HashMap<AssetId, String>,
    /// Requesters.
    pub requesters: HashMap<EndUserId, EndUser>,
    /// Who was signed in and sent what the organization itself asks.
    pub senders: HashMap<PortalUserId, PortalUser>,
}

impl Store {
    /// The names of what `tickets` are about.
    pub async fn ticket_names(&self, tickets: &[Ticket]) -> Result<TicketNames, StoreError> {
        let organizations = tickets.iter().map(|ticket| ticket.organization_id);
        let organizations = organization::Entity::find().filter(organization::Column::Id.is_in(organizations));
        let assets =
            asset::Entity::find().filter(asset::Column::Id.is_in(tickets.iter().filter_map(|ticket| ticket.asset_id)));
        let requesters = tickets.iter().filter_map(|ticket| ticket.requester_id);
        let requesters = end_user::Entity::find().filter(end_user::Column::Id.is_in(requesters));
        let senders = tickets.iter().filter(|ticket| ticket.requester_id.is_none());
        let senders: Vec<_> = senders.filter_map(|ticket| ticket.sender_id).collect();
        let senders = if senders.is_empty() {
            Vec::new()
        } else {
            let theirs = portal_user::Column::Id.is_in(senders);
            portal_user::Entity::find().filter(theirs).all(&self.read).await?
        };
        Ok(TicketNames {
            senders: senders.into_iter().map(|row| (row.id, row)).collect(),
            organizations: organizations.all(&self.read).await?.into_iter().map(|row| (row.id, row.name)).collect(),
            assets: assets.all(&self.read).await?.into_iter().map(|row| (row.id, row.name)).collect(),
            requesters: requesters.all(&self.read).await?.into_iter().map(|row| (row.id, row)).collect(),
        })
    }
}
