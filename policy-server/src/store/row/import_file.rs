//! A file that staff uploaded to be imported.

use sea_orm::entity::prelude::*;

use crate::{
    domain::{
        ids::{ImportFileId, StaffId},
        import::Totals,
    },
    store::columns::Json,
};

/// A file that staff uploaded to be imported.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_file")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ImportFileId,
    /// Who uploaded it.
    pub staff_id: StaffId,
    /// What it was called.
    pub name: String,
    /// What it says; nothing once it is imported.
    pub content: Vec<u8>,
    /// What came of it, once it is imported.
    pub totals: Option<Json<Totals>>,
    /// When it was uploaded.
    pub created_at: i64,
    /// When it was imported.
    pub imported_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
