//! The MSP's own mail templates, with every version.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use super::{
    AuditRecord, MailTemplateVersion, Store, StoreError, insert,
    row::mail_template_version::{Column, Entity},
};
use crate::domain::{language::Language, mail_template::MailTemplateKey};

impl Store {
    /// The versions that count; what has none is as Deskbell ships it.
    pub async fn mail_templates_in_force(&self) -> Result<Vec<MailTemplateVersion>, StoreError> {
        Ok(Entity::find().filter(Column::SupersededAt.is_null()).all(&self.read).await?)
    }

    /// Every save of a template, the first one first.
    pub async fn mail_template_versions(
        &self,
        template: MailTemplateKey,
        language: Language,
    ) -> Result<Vec<MailTemplateVersion>, StoreError> {
        let select = Entity::find().filter(Column::Template.eq(template)).filter(Column::Language.eq(language));
        Ok(select.order_by_asc(Column::Version).all(&self.read).await?)
    }

    /// Saves a template's next version. Two saves of the same version meet in its key: the second is
    /// [`StoreError::Taken`].
    pub async fn save_mail_template(&self, row: MailTemplateVersion, record: AuditRecord) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        Entity::update_many()
            .col_expr(Column::SupersededAt, Expr::value(row.saved_at))
            .filter(Column::Template.eq(row.template))
            .filter(Column::Language.eq(row.language))
            .filter(Column::SupersededAt.is_null())
            .exec(&transaction)
            .await?;
        insert(&transaction, row).await?;
        insert(&transaction, record).await?;
        Ok(transaction.commit().await?)
    }
}
