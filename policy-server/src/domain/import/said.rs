//! What a line says, field by field, as it would be kept.

use std::str::FromStr;

use strum::VariantArray as _;

use super::{column::Column, plan::LineRemark, sheet::Row};
use crate::domain::{
    contact,
    ids::{AssetId, EndUserId, OrganizationId},
    language::Language,
    os_login::{self, OsLoginKey},
    take_over::serial_key,
};

/// What a line says.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) organization: SaidOrganization,
    pub(super) site: SaidSite,
    pub(super) end_user: SaidEndUser,
    pub(super) asset: SaidAsset,
}

#[derive(Debug, Default)]
pub(super) struct SaidOrganization {
    pub(super) id: Option<OrganizationId>,
    pub(super) external_id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct SaidSite {
    pub(super) name: Option<String>,
    pub(super) address: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct SaidEndUser {
    pub(super) id: Option<EndUserId>,
    pub(super) external_id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) language: Option<Language>,
    pub(super) login: Option<SaidLogin>,
}

#[derive(Debug, Clone)]
pub(super) struct SaidLogin {
    pub(super) name: String,
    pub(super) domain: String,
    pub(super) os_id: String,
}

#[derive(Debug, Default)]
pub(super) struct SaidAsset {
    pub(super) id: Option<AssetId>,
    pub(super) external_id: Option<String>,
    pub(super) name: Option<String>,
    /// As it is compared; one that tells nothing is none.
    pub(super) serial_key: Option<String>,
    pub(super) folder: Option<String>,
}

impl Said {
    /// What `row` says, and what is wrong with it.
    pub(super) fn read(row: &Row) -> (Self, Vec<LineRemark>) {
        let mut reader = Reader { row, faults: Vec::new() };
        if let Some(why) = &row.unreadable {
            reader.faults.push(LineRemark { column: None, detail: why.clone() });
            return (Self::default(), reader.faults);
        }
        let said = Self {
            organization: reader.organization(),
            site: reader.site(),
            end_user: reader.end_user(),
            asset: reader.asset(),
        };
        reader.find_orphans(&said);
        (said, reader.faults)
    }

    /// Whether it says nothing at all.
    pub(super) fn is_empty(&self) -> bool {
        !self.organization.is_named() && !self.end_user.is_named() && !self.asset.is_named() && self.site.name.is_none()
    }
}

impl SaidOrganization {
    /// Whether it is found under another name, too.
    pub(super) fn has_key(&self) -> bool {
        self.id.is_some() || self.external_id.is_some()
    }

    /// Whether anything says which one.
    pub(super) fn is_named(&self) -> bool {
        self.has_key() || self.name.is_some()
    }
}

impl SaidEndUser {
    /// Whether they are found under another name, too.
    pub(super) fn has_key(&self) -> bool {
        self.id.is_some() || self.external_id.is_some() || self.email.is_some() || self.login.is_some()
    }

    /// Whether anything says who.
    pub(super) fn is_named(&self) -> bool {
        self.has_key() || self.name.is_some()
    }
}

impl SaidAsset {
    /// Whether it is found under another name, too.
    pub(super) fn has_key(&self) -> bool {
        self.id.is_some() || self.external_id.is_some() || self.serial_key.is_some()
    }

    /// Whether anything says which one.
    pub(super) fn is_named(&self) -> bool {
        self.has_key() || self.name.is_some()
    }
}

impl SaidLogin {
    /// As it is compared.
    pub(super) fn key(&self) -> OsLoginKey {
        OsLoginKey::new(&self.name, &self.domain, &self.os_id)
    }
}

struct Reader<'a> {
    row: &'a Row,
    faults: Vec<LineRemark>,
}

impl Reader<'_> {
    fn organization(&mut self) -> SaidOrganization {
        SaidOrganization {
            id: self.id(Column::DeskbellOrganizationId),
            external_id: self.text(Column::OrganizationExternalId, contact::external_id),
            name: self.text(Column::Organization, contact::name),
            email: self.text(Column::OrganizationEmail, contact::email),
        }
    }

    fn site(&mut self) -> SaidSite {
        SaidSite {
            name: self.text(Column::Site, contact::name),
            address: self.text(Column::SiteAddress, contact::address),
        }
    }

    fn end_user(&mut self) -> SaidEndUser {
        SaidEndUser {
            id: self.id(Column::DeskbellEndUserId),
            external_id: self.text(Column::EndUserExternalId, contact::external_id),
            name: self.text(Column::EndUser, contact::name).or_else(|| self.name_in_parts()),
            email: self.text(Column::EndUserEmail, contact::email),
            phone: self.text(Column::EndUserPhone, contact::phone),
            language: self.language(),
            login: self.login(),
        }
    }

    fn language(&mut self) -> Option<Language> {
        let cell = self.row.cell(Column::EndUserLanguage)?;
        let names = || Language::VARIANTS.iter().map(|language| language.name()).collect::<Vec<_>>().join(", ");
        self.kept(Column::EndUserLanguage, Language::of_tag(cell).ok_or_else(|| format!("must be one of {}", names())))
    }

    fn name_in_parts(&mut self) -> Option<String> {
        if self.row.cell(Column::EndUser).is_some() {
            return None;
        }
        let parts = [Column::FirstName, Column::LastName].map(|column| self.text(column, contact::name));
        let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return None;
        }
        self.kept(Column::LastName, contact::name(&name))
    }

    fn login(&mut self) -> Option<SaidLogin> {
        let written = self.row.cell(Column::OsLogin)?;
        let domain = self.text(Column::OsDomain, os_login::optional_part);
        let (domain, name) = match (domain, written.split_once('\\')) {
            (None, Some((domain, name))) => (domain.to_owned(), name),
            (domain, _) => (domain.unwrap_or_default(), written),
        };
        let domain = self.kept(Column::OsLogin, os_login::optional_part(&domain))?;
        let name = self.kept(Column::OsLogin, os_login::name(name))?;
        let os_id = self.text(Column::OsId, os_login::optional_part).unwrap_or_default();
        Some(SaidLogin { name, domain, os_id })
    }

    fn asset(&mut self) -> SaidAsset {
        let serial_key = self.row.cell(Column::SerialNumber).map(serial_key);
        SaidAsset {
            id: self.id(Column::DeskbellAssetId),
            external_id: self.text(Column::AssetExternalId, contact::external_id),
            name: self.text(Column::Asset, contact::name),
            serial_key: serial_key.filter(|key| !key.is_empty()),
            folder: self.text(Column::Folder, |path| Ok(path.to_owned())),
        }
    }

    /// What is said of something that the line does not name.
    fn find_orphans(&mut self, said: &Said) {
        for (column, is_named, needed) in [
            (Column::OrganizationEmail, said.organization.is_named(), Column::Organization),
            (Column::SiteAddress, said.site.name.is_some(), Column::Site),
            (Column::EndUserPhone, said.end_user.is_named(), Column::EndUser),
            (Column::EndUserLanguage, said.end_user.is_named(), Column::EndUser),
            (Column::OsDomain, said.end_user.login.is_some(), Column::OsLogin),
            (Column::OsId, said.end_user.login.is_some(), Column::OsLogin),
            (Column::Folder, said.asset.is_named(), Column::SerialNumber),
        ] {
            if self.row.cell(column).is_some() && !is_named && self.faults.is_empty() {
                self.faults.push(LineRemark::of(needed, format!("must not be empty where {} is not", column.name())));
            }
        }
    }

    fn id<T: FromStr>(&mut self, column: Column) -> Option<T> {
        let cell = self.row.cell(column)?;
        self.kept(column, cell.parse().map_err(|_| "must be an id as an export of Deskbell has it".to_owned()))
    }

    fn text(&mut self, column: Column, parse: impl Fn(&str) -> Result<String, String>) -> Option<String> {
        let cell = self.row.cell(column)?;
        self.kept(column, parse(cell))
    }

    fn kept<T>(&mut self, column: Column, parsed: Result<T, String>) -> Option<T> {
        parsed.map_err(|detail| self.faults.push(LineRemark::of(column, detail))).ok()
    }
}
