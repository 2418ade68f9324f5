//! A person who works with managed computers.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{EndUserId, OrganizationId, SiteId};
use crate::domain::language::Language;

/// A person who works with managed computers.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "end_user")]
pub struct Model {
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EndUserId,
    /// Of which organization.
    pub organization_id: OrganizationId,
    /// The person's name.
    pub name: String,
    /// In what it is searched for.
    pub search_key: String,
    /// Neither needed nor unique (decision C11).
    pub email: Option<String>,
    /// Where the person can be called.
    pub phone: Option<String>,
    /// Where the person works; a site of the organization.
    pub site_id: Option<SiteId>,
    /// In which language the person is mailed; absent: the MSP's.
    pub language: Option<Language>,
    /// What the MSP's other program calls the person; unique.
    pub external_id: Option<String>,
    /// When the record was made.
    pub created_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
