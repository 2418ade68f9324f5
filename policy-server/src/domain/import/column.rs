//! The columns of an import: what they are called, and by which names of other programs they are known (SYN-01).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// A column, in the order in which an export has them.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    IntoStaticStr,
    VariantArray,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(into = "&'static str", try_from = "String")]
#[strum(serialize_all = "snake_case")]
pub enum Column {
    /// Deskbell's own id, as an export has it.
    DeskbellOrganizationId,
    /// What the MSP's other program calls the organization.
    OrganizationExternalId,
    /// The organization's name.
    Organization,
    /// The organization's address.
    OrganizationEmail,
    /// The name of the site: of the asset where the line has one, else of the end user, else by itself.
    Site,
    /// The site's address.
    SiteAddress,
    /// Deskbell's own id, as an export has it.
    DeskbellEndUserId,
    /// What the MSP's other program calls the end user.
    EndUserExternalId,
    /// The end user's name. On the line of an asset: to whom it is assigned.
    EndUser,
    /// The name in two columns.
    FirstName,
    /// See [`Self::FirstName`].
    LastName,
    /// The end user's address.
    EndUserEmail,
    /// Where the end user can be called.
    EndUserPhone,
    /// In which language the end user is mailed, as a tag such as `de`.
    EndUserLanguage,
    /// A login that stands for the end user, perhaps as `DOMAIN\name`.
    OsLogin,
    /// The login's domain.
    OsDomain,
    /// The SID or uid that the login must have.
    OsId,
    /// Deskbell's own id, as an export has it.
    DeskbellAssetId,
    /// What the MSP's other program calls the asset.
    AssetExternalId,
    /// The asset's name.
    Asset,
    /// The serial number, as the computer tells it.
    SerialNumber,
    /// The folder, as `above/below`.
    Folder,
}

impl Column {
    /// Its name in the header.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The column that a header means, written in any case, with or without blanks and hyphens.
    pub fn of_header(header: &str) -> Option<Self> {
        let key = compact(header);
        let mut columns = Self::VARIANTS.iter().copied();
        columns.find(|column| compact(column.name()) == key || column.aliases().contains(&key.as_str()))
    }

    /// What other programs call it, as [`compact`] leaves it.
    fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::OrganizationExternalId => {
                &["organizationid", "customerid", "customerexternalid", "companyid", "clientid", "accountid"]
            }
            Self::Organization => &[
                "organizationname",
                "customer",
                "customername",
                "company",
                "companyname",
                "client",
                "clientname",
                "account",
                "accountname",
                "businessname",
            ],
            Self::OrganizationEmail => &["customeremail", "companyemail", "clientemail"],
            Self::Site => &["sitename", "location", "locationname"],
            Self::SiteAddress => &["locationaddress", "address"],
            Self::EndUserExternalId => &["enduserid", "contactid", "contactexternalid"],
            Self::EndUser => &["endusername", "contact", "contactname", "fullname", "displayname"],
            Self::FirstName => &["givenname"],
            Self::LastName => &["surname", "familyname"],
            Self::EndUserEmail => &["email", "emailaddress", "mail", "contactemail", "primaryemail"],
            Self::EndUserPhone => &["phone", "phonenumber", "telephone", "contactphone"],
            Self::OsLogin => &["osuser", "login", "loginname", "logonname", "windowslogin", "samaccountname"],
            Self::OsDomain => &["logindomain", "ntdomain"],
            Self::OsId => &["sid", "objectsid"],
            Self::AssetExternalId => &["assetid", "deviceid", "computerid", "machineid"],
            Self::Asset => &[
                "assetname",
                "computer",
                "computername",
                "device",
                "devicename",
                "hostname",
                "machine",
                "machinename",
                "workstation",
            ],
            Self::SerialNumber => &["serial", "serialno", "servicetag"],
            Self::Folder => &["assetfolder", "foldername"],
            // Other programs have languages that Deskbell lacks, over which no import is to fail.
            Self::EndUserLanguage | Self::DeskbellOrganizationId | Self::DeskbellEndUserId | Self::DeskbellAssetId => {
                &[]
            }
        }
    }
}

impl TryFrom<String> for Column {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::of_header(&name).ok_or_else(|| format!("is no column of an import: {name}"))
    }
}

/// A header without case and without what is neither letter nor digit.
fn compact(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn headers_of_other_programs_are_known() {
        for (header, column) in [
            ("Customer", Column::Organization),
            ("contact", Column::EndUser),
            ("Contact Name", Column::EndUser),
            ("E-mail Address", Column::EndUserEmail),
            ("SERIAL_NUMBER", Column::SerialNumber),
            ("Service Tag", Column::SerialNumber),
            ("Hostname", Column::Asset),
            ("deskbell_end_user_id", Column::DeskbellEndUserId),
            ("Contact ID", Column::EndUserExternalId),
        ] {
            assert_eq!(Column::of_header(header), Some(column), "{header}");
        }
        assert_eq!(Column::of_header("Warranty"), None);
        assert_eq!(Column::of_header(""), None);
    }

    #[test]
    fn no_name_means_two_columns() {
        let mut meanings: BTreeMap<String, Column> = BTreeMap::new();
        for column in Column::VARIANTS {
            for name in column.aliases().iter().map(|alias| (*alias).to_owned()).chain([compact(column.name())]) {
                assert_eq!(compact(&name), name);
                assert_eq!(meanings.insert(name.clone(), *column), None, "{name}");
            }
        }
    }
}
