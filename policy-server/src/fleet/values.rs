//! An asset's own values, rendered once for all its polls.

use std::sync::Arc;

use deskbell_protocol::Values;

use crate::{secrets, store::Asset};

/// The values of an asset.
#[derive(Debug, Clone)]
pub(super) struct RenderedValues {
    values: Values,
    /// As the agent gets them.
    pub(super) json: Arc<str>,
    /// SHA-256 of the JSON.
    pub(super) hash: String,
}

impl RenderedValues {
    /// The values, cut so that they stay within 1 KB however long the names are.
    pub(super) fn new(asset: &Asset, end_user: &str, organization: &str) -> Self {
        let facts = &asset.facts.0;
        let cut = |text: &str| text.chars().take(100).collect::<String>();
        Self::of(Values {
            asset: cut(&asset.name),
            organization: organization.to_owned(),
            end_user: cut(end_user),
            computer: cut(&facts.computer),
            serial: cut(&facts.serial),
            os: cut(&facts.os),
            ip: facts.addresses.first().map(|address| cut(address)).unwrap_or_default(),
            user: String::new(),
        })
    }

    /// The values.
    pub(super) fn values(&self) -> &Values {
        &self.values
    }

    /// Renders them again where the organization has another name.
    pub(super) fn name_organization(&mut self, name: &str) {
        if self.values.organization != name {
            *self = Self::of(Values { organization: name.to_owned(), ..std::mem::take(&mut self.values) });
        }
    }

    fn of(values: Values) -> Self {
        let json = serde_json::to_string(&values).unwrap_or_else(|_| "{}".into());
        Self { values, hash: secrets::sha256(json.as_bytes()), json: json.into() }
    }
}
