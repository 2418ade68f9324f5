//! What there is, as far as an import has to do with it.

use crate::domain::{
    folder::FolderPath,
    ids::{AssetId, EndUserId, FolderId, OrganizationId, OsLoginId, SiteId},
    language::Language,
};

/// What there is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Every organization.
    pub organizations: Vec<KnownOrganization>,
    /// Every site.
    pub sites: Vec<KnownSite>,
    /// Every folder.
    pub folders: Vec<FolderPath>,
    /// Every end user.
    pub end_users: Vec<KnownEndUser>,
    /// Every login.
    pub logins: Vec<KnownLogin>,
    /// Every asset that is not retired.
    pub assets: Vec<KnownAsset>,
}

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownOrganization {
    /// Which one.
    pub id: OrganizationId,
    /// What the MSP's other program calls it.
    pub external_id: Option<String>,
    /// Its name.
    pub name: String,
    /// Its address.
    pub email: Option<String>,
}

/// A site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSite {
    /// Which one.
    pub id: SiteId,
    /// Whose.
    pub organization: OrganizationId,
    /// Its name.
    pub name: String,
    /// Its address; empty when it is not known.
    pub address: String,
}

/// An end user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownEndUser {
    /// Who.
    pub id: EndUserId,
    /// Of which organization.
    pub organization: OrganizationId,
    /// Where they work.
    pub site: Option<SiteId>,
    /// What the MSP's other program calls them.
    pub external_id: Option<String>,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: Option<String>,
    /// Where they can be called.
    pub phone: Option<String>,
    /// In which language they are mailed.
    pub language: Option<Language>,
}

/// A login that stands for an end user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLogin {
    /// Which one.
    pub id: OsLoginId,
    /// Of which organization.
    pub organization: OrganizationId,
    /// Who it is.
    pub end_user: EndUserId,
    /// The log-on name.
    pub name: String,
    /// The domain; empty: none.
    pub domain: String,
    /// The SID or uid; empty: any.
    pub os_id: String,
}

/// An asset that is not retired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAsset {
    /// Which one.
    pub id: AssetId,
    /// Whose.
    pub organization: OrganizationId,
    /// Where it stands.
    pub site: Option<SiteId>,
    /// In which folder.
    pub folder: Option<FolderId>,
    /// What the MSP's other program calls it.
    pub external_id: Option<String>,
    /// Its name.
    pub name: String,
    /// Its serial number as it is compared; empty when it tells nothing.
    pub serial_key: String,
    /// To whom it is assigned.
    pub end_user: Option<EndUserId>,
}
