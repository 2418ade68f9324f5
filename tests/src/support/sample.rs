//! A small MSP to look at: who its customers are, and what their computers' trays show.

use deskbell_protocol::Entry;
use serde_json::json;
use uuid::Uuid;

use crate::support::api::{Api, Named, PolicyDraft};

/// The MSP's name.
pub const PROVIDER: &str = "Harbor IT";

/// The MSP's number.
pub const PHONE: &str = "+1 555 0100";

/// The MSP's address.
pub const EMAIL: &str = "help@harbor-it.example";

/// The person at the sample's computer.
pub const JANE: &str = "Jane Doe";

/// The sample's computer.
pub const COMPUTER: &str = "PC-042";

/// What is needed to go on from a filled-in MSP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// The organization of Jane's computer.
    pub organization: Uuid,
    /// Jane.
    pub jane: Uuid,
}

/// Fills in the MSP. What is there already, by name, stays as it is.
pub async fn fill_in(api: &Api) -> anyhow::Result<Sample> {
    api.set_provider(PROVIDER, PHONE, EMAIL).await?;
    api.publish_portal(PROVIDER).await?;
    let organizations = api.organizations().await?;
    let bakery = organization(api, &organizations, "Lindgren Bakery", "office@lindgren-bakery.example").await?;
    let dental = organization(api, &organizations, "Riverside Dental", "desk@riverside-dental.example").await?;
    let people = api.end_users().await?;
    let jane = end_user(api, &people, bakery, JANE, "jane@lindgren-bakery.example").await?;
    end_user(api, &people, bakery, "Oskar Lindgren", "oskar@lindgren-bakery.example").await?;
    end_user(api, &people, dental, "Priya Nair", "priya@riverside-dental.example").await?;
    if !api.portal_users().await?.iter().any(|user| user.end_user_id == Some(jane)) {
        api.make_portal_user(bakery, jane, "jane@lindgren-bakery.example").await?;
    }
    if find(&api.policies().await?, "Every desk").is_none() {
        let policy = api.make_policy(&policy()).await?;
        api.attach_policy(bakery, policy).await?;
        api.attach_policy(dental, policy).await?;
    }
    Ok(Sample { organization: bakery, jane })
}

/// A policy with every type of menu entry.
pub fn policy() -> PolicyDraft {
    PolicyDraft { name: "Every desk".into(), hide_tray: false, entries: entries() }
}

fn entries() -> Vec<Entry> {
    let entries = json!([
        {"id": "about", "type": "information", "label": {"text": "{{asset}} · {{organization}}"}},
        {"id": "portal", "type": "portal", "label": {
            "text": "Customer Online Portal", "translations": {"de": "Kundenportal", "sv": "Kundportal"}
        }},
        {"id": "line", "type": "separator"},
        {"id": "handbook", "type": "link", "label": {"text": "Handbook"},
         "url": "https://handbook.harbor-it.example/?computer={{computer}}"},
        {"id": "more", "type": "submenu", "label": {"text": "More help"}, "entries": [
            {"id": "call", "type": "link", "label": {"text": "Call us"}, "url": "tel:+15550100"},
            {"id": "write", "type": "link", "label": {"text": "Write to us"},
             "url": "mailto:help@harbor-it.example?subject={{asset}}"},
            {"id": "details", "type": "copy", "label": {"text": "Copy computer details"},
             "text": "{{computer}}\n{{serial}}\n{{os}}\n{{ip}}"}
        ]}
    ]);
    serde_json::from_value(entries).expect("a menu that is written here")
}

async fn organization(api: &Api, known: &[Named], name: &str, email: &str) -> anyhow::Result<Uuid> {
    match find(known, name) {
        Some(id) => Ok(id),
        None => api.make_organization(name, email).await,
    }
}

async fn end_user(api: &Api, known: &[Named], organization: Uuid, name: &str, email: &str) -> anyhow::Result<Uuid> {
    match find(known, name) {
        Some(id) => Ok(id),
        None => api.make_end_user(organization, name, email).await,
    }
}

fn find(known: &[Named], name: &str) -> Option<Uuid> {
    known.iter().find(|named| named.name == name).map(|named| named.id)
}
