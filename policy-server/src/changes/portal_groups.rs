//! Permission groups of portal users. Those that are built in stay as they are, but for what whoever comes by an organization's
//! link may do (decision C7).

use deskbell_protocol::ProblemKind;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{expected::Expected, fields::Fields, record, removal::NotRemoved};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact::{self, MAX_NAME},
        portal_user::{GroupKey, PortalPermission},
        search::search_key,
    },
    problems::Refused,
    store::{PortalGroup, portal_groups::MOST_GROUPS},
};

/// A new group.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(extend("examples" = [{"name": "Accounting", "like": "limited"}]))]
#[serde(deny_unknown_fields)]
pub struct NewPortalGroup {
    /// As people call it; no other is called so.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: String,
    /// What it allows; absent: nothing, or what `like` allows.
    pub permissions: Option<Vec<PortalPermission>>,
    /// The key of a group that allows the same.
    pub like: Option<GroupKey>,
}

/// What may change.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortalGroupChange {
    /// As people call it; no other is called so.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: Option<String>,
    /// What it allows, from the next request of everybody in it.
    pub permissions: Option<Vec<PortalPermission>>,
}

/// Makes a group.
pub async fn make(app: &App, actor: &Actor, new: NewPortalGroup) -> Result<PortalGroup, Refused> {
    let mut fields = Fields::default();
    let name = fields.check("/name", &new.name, contact::name);
    let like = match &new.like {
        Some(key) => {
            let found = app.store.portal_group(key).await?;
            if found.is_none() {
                fields.fault("/like", "is the key of no group".into());
            }
            found.map(|group| group.permissions.0)
        }
        None => None,
    };
    fields.done()?;
    if app.store.portal_groups().await?.len() as u64 >= MOST_GROUPS {
        return Err(Refused::new(
            ProblemKind::Conflict,
            format!("There are {MOST_GROUPS} groups, the most that can be."),
        ));
    }
    let row = PortalGroup {
        key: GroupKey(app.new_id().to_string()),
        name_key: search_key(&[&name]),
        name,
        built_in: false,
        permissions: crate::store::Json(in_order(new.permissions.or(like).unwrap_or_default())),
        created_at: app.now(),
    };
    let record = record(app, actor, AuditAction::PortalGroupMade, subject(&row.key), &json!({"key": row.key}));
    app.store.insert_portal_group(row.clone(), record).await.map_err(named_so)?;
    app.catch_up().await;
    Ok(row)
}

/// Changes a group: name and permissions of one's own, and what is allowed without portal users.
pub async fn change(
    app: &App,
    actor: &Actor,
    key: GroupKey,
    expected: &Expected,
    change: PortalGroupChange,
) -> Result<PortalGroup, Refused> {
    let id = subject(&key);
    let saved = app.store.change_portal_group(key, |row| {
        expected.check(row)?;
        let by_link = row.key.0 == GroupKey::NO_PORTAL_USER;
        if row.built_in && (change.name.is_some() || (change.permissions.is_some() && !by_link)) {
            return Err(built_in());
        }
        let mut fields = Fields::default();
        if let Some(name) = change.name {
            row.name = fields.check("/name", &name, contact::name);
            row.name_key = search_key(&[&row.name]);
        }
        fields.done()?;
        if let Some(permissions) = change.permissions {
            row.permissions.0 = in_order(permissions);
        }
        let detail = json!({"key": row.key, "permissions": row.permissions});
        Ok::<_, Refused>(record(app, actor, AuditAction::PortalGroupChanged, id, &detail))
    });
    let row = saved.await?.ok_or_else(|| Refused::not_found("permission group"))?;
    app.catch_up().await;
    Ok(row)
}

/// Removes a group in which nobody is.
pub async fn remove(app: &App, actor: &Actor, key: GroupKey, expected: &Expected) -> Result<PortalGroup, Refused> {
    let id = subject(&key);
    let removed = app.store.delete_portal_group(key, |row| {
        expected.check(row)?;
        if row.built_in {
            return Err(built_in().into());
        }
        let detail = json!({"key": row.key, "name": row.name});
        Ok::<_, NotRemoved>(record(app, actor, AuditAction::PortalGroupRemoved, id, &detail))
    });
    let needed = "Portal users are in this group; give them another one first.";
    let row = removed.await.map_err(|error| error.because(needed))?;
    let row = row.ok_or_else(|| Refused::not_found("permission group"))?;
    app.catch_up().await;
    Ok(row)
}

/// The group with this key.
pub async fn portal_group(app: &App, key: &GroupKey) -> Result<PortalGroup, Refused> {
    app.store.portal_group(key).await?.ok_or_else(|| Refused::not_found("permission group"))
}

fn built_in() -> Refused {
    Refused::new(ProblemKind::Conflict, "This group is built in; make one of your own that is like it.")
}

fn named_so(error: crate::store::StoreError) -> Refused {
    match error {
        crate::store::StoreError::Taken => Refused::field("/name", "is that of another group"),
        error => error.into(),
    }
}

fn subject(key: &GroupKey) -> Option<uuid::Uuid> {
    key.0.parse().ok()
}

fn in_order(mut permissions: Vec<PortalPermission>) -> Vec<PortalPermission> {
    permissions.sort_unstable();
    permissions.dedup();
    permissions
}
