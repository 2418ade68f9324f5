//! By which logins of operating systems an end user is known (decision C10).

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{end_users::end_user, fields::Fields, record};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        ids::{EndUserId, OsLoginId},
        os_login::{self, OsLoginKey},
    },
    problems::Refused,
    store::OsLogin,
};

/// A login that stands for an end user.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOsLogin {
    /// The user's name on the computer.
    pub name: String,
    /// The domain or workgroup; empty: any.
    #[serde(default)]
    pub domain: String,
    /// The SID or uid; empty: any.
    #[serde(default)]
    pub os_id: String,
}

/// Says that a login is this end user, on every asset of the organization.
pub async fn make(app: &App, actor: &Actor, id: EndUserId, new: NewOsLogin) -> Result<OsLogin, Refused> {
    let organization_id = end_user(app, id).await?.organization_id;
    let mut fields = Fields::default();
    let name = fields.check("/name", &new.name, os_login::name);
    let domain = fields.check("/domain", &new.domain, os_login::optional_part);
    let os_id = fields.check("/os_id", &new.os_id, os_login::optional_part);
    fields.done()?;
    let key = OsLoginKey::new(&name, &domain, &os_id);
    let row = OsLogin {
        id: OsLoginId(app.new_id()),
        organization_id,
        end_user_id: id,
        name,
        domain,
        os_id,
        name_key: key.name,
        domain_key: key.domain,
        os_id_key: key.os_id,
        created_at: app.now(),
    };
    let record = record(app, actor, AuditAction::OsLoginMade, row.id.0, &json!({"end_user_id": id}));
    app.store.insert_os_login(row.clone(), record).await?;
    Ok(row)
}

/// Takes a login away and answers with what it was. The sessions that it named the requester of are over.
pub async fn remove(app: &App, actor: &Actor, id: OsLoginId) -> Result<OsLogin, Refused> {
    let missing = || Refused::not_found("OS login");
    let row = app.store.os_login(id).await?.ok_or_else(missing)?;
    let detail = json!({"end_user_id": row.end_user_id});
    let record = record(app, actor, AuditAction::OsLoginRemoved, id.0, &detail);
    if app.store.delete_os_login(id, record).await? { Ok(row) } else { Err(missing()) }
}
