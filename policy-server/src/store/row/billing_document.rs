//! What another program bills an organization.

use sea_orm::entity::prelude::*;

use crate::domain::{
    billing::BillingKind,
    ids::{BillingDocumentId, OrganizationId},
};

/// What another program bills an organization.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "billing_document")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BillingDocumentId,
    /// Whom it is for.
    pub organization_id: OrganizationId,
    /// What it is.
    pub kind: BillingKind,
    /// What people call it.
    pub number: String,
    /// How much, with the currency.
    pub amount: String,
    /// Of which day (ISO 8601).
    pub issued_on: String,
    /// Where it can be seen.
    pub url: Option<String>,
    /// What the other program calls it; unique.
    pub external_id: Option<String>,
    /// When it came here.
    pub created_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
