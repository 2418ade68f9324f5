//! Departments: whom at the MSP tickets are for, and whether new contacts are invited there (ZOH-15 to ZOH-20).

use deskbell_protocol::ProblemKind;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{
    expected::Seen,
    fields::{Fields, Wish},
    record,
    removal::NotRemoved,
};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact::{self, MAX_NAME},
        ids::DepartmentId,
        portal_user::sign_in_key,
        search::search_key,
    },
    problems::Refused,
    store::{Department, StoreError, departments::MOST_DEPARTMENTS},
};

/// A new department.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(extend("examples" = [{"name": "Service desk", "address": "help@msp.example", "auto_invite": true}]))]
#[serde(deny_unknown_fields)]
pub struct NewDepartment {
    /// Its name, which no other has.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: String,
    /// Where it gets mail; no other has this address.
    pub address: Option<String>,
    /// Whether tickets can be sent to it; absent: yes.
    pub active: Option<bool>,
    /// Whether it gets what goes to no other, as no other then does; absent: no.
    pub is_default: Option<bool>,
    /// Whether whoever becomes an end user by a request there is invited to the portal; absent: no.
    pub auto_invite: Option<bool>,
}

/// What may change.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartmentChange {
    /// Its name, which no other has.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: Option<String>,
    /// Where it gets mail; no other has this address.
    #[serde(default)]
    pub address: Wish<String>,
    /// Whether tickets can be sent to it.
    pub active: Option<bool>,
    /// Whether it gets what goes to no other, as no other then does.
    pub is_default: Option<bool>,
    /// Whether whoever becomes an end user by a request there is invited to the portal.
    pub auto_invite: Option<bool>,
}

/// Makes a department.
pub async fn make(app: &App, actor: &Actor, new: NewDepartment) -> Result<Department, Refused> {
    let there = app.store.departments().await?.len();
    if there >= usize::try_from(MOST_DEPARTMENTS).unwrap_or(usize::MAX) {
        return Err(Refused::new(
            ProblemKind::Conflict,
            format!("There can be {MOST_DEPARTMENTS} departments at most."),
        ));
    }
    let mut fields = Fields::default();
    let address = fields.check_optional("/address", new.address, contact::email);
    let row = Department {
        id: DepartmentId(app.new_id()),
        name_key: search_key(&[&new.name]),
        name: fields.check("/name", &new.name, contact::name),
        active: new.active.unwrap_or(true),
        is_default: new.is_default.unwrap_or(false),
        auto_invite: new.auto_invite.unwrap_or(false),
        address_key: address.as_deref().map(sign_in_key),
        address,
        created_at: app.now(),
    };
    fields.done()?;
    free(app, &row).await?;
    let record = record(app, actor, AuditAction::DepartmentMade, row.id.0, &switches(&row));
    app.store.insert_department(row.clone(), record).await.map_err(|error| taken(error).0)?;
    app.catch_up().await;
    Ok(row)
}

/// Changes a department.
pub async fn change(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<DepartmentId>>,
    change: DepartmentChange,
) -> Result<Department, Refused> {
    let Seen { id, expected } = seen.into();
    let mut wished = department(app, id).await?;
    let change = |row: &mut Department| {
        let mut fields = Fields::default();
        if let Some(name) = &change.name {
            row.name_key = search_key(&[name]);
            row.name = fields.check("/name", name, contact::name);
        }
        match &change.address {
            Wish::Keep => {}
            Wish::Clear => row.address = None,
            Wish::Set(address) => row.address = Some(fields.check("/address", address, contact::email)),
        }
        row.address_key = row.address.as_deref().map(sign_in_key);
        row.active = change.active.unwrap_or(row.active);
        row.is_default = change.is_default.unwrap_or(row.is_default);
        row.auto_invite = change.auto_invite.unwrap_or(row.auto_invite);
        fields.done()
    };
    change(&mut wished)?;
    free(app, &wished).await?;
    let saved = app.store.change_department(id, |row| {
        expected.check(row)?;
        change(row)?;
        Ok::<_, DepartmentFault>(record(app, actor, AuditAction::DepartmentChanged, id.0, &switches(row)))
    });
    let row = saved.await.map_err(|fault| fault.0)?.ok_or_else(missing)?;
    app.catch_up().await;
    Ok(row)
}

/// Removes a department that nothing has come to yet.
pub async fn remove(app: &App, actor: &Actor, seen: impl Into<Seen<DepartmentId>>) -> Result<Department, Refused> {
    let Seen { id, expected } = seen.into();
    let removed = app.store.delete_department(id, |row| {
        expected.check(row)?;
        Ok::<_, NotRemoved>(record(app, actor, AuditAction::DepartmentRemoved, id.0, &json!({})))
    });
    let needed = "Tickets or mails came to this department. Deactivate it, and nothing more does.";
    let row = removed.await.map_err(|error| error.because(needed))?.ok_or_else(missing)?;
    app.catch_up().await;
    Ok(row)
}

/// The department with this id.
pub async fn department(app: &App, id: DepartmentId) -> Result<Department, Refused> {
    app.store.department(id).await?.ok_or_else(missing)
}

fn missing() -> Refused {
    Refused::not_found("department")
}

fn switches(row: &Department) -> serde_json::Value {
    json!({"active": row.active, "is_default": row.is_default, "auto_invite": row.auto_invite})
}

/// The database keeps names and addresses apart; this says which of the two is another's.
async fn free(app: &App, row: &Department) -> Result<(), Refused> {
    let mut others = app.store.departments().await?;
    others.retain(|other| other.id != row.id);
    let mut fields = Fields::default();
    if others.iter().any(|other| other.name_key == row.name_key) {
        fields.fault("/name", "is the name of another department".into());
    }
    if row.address_key.is_some() && others.iter().any(|other| other.address_key == row.address_key) {
        fields.fault("/address", "is the address of another department".into());
    }
    fields.done()
}

/// Why a change is refused.
struct DepartmentFault(Refused);

impl From<StoreError> for DepartmentFault {
    fn from(error: StoreError) -> Self {
        taken(error)
    }
}

impl From<Refused> for DepartmentFault {
    fn from(refused: Refused) -> Self {
        Self(refused)
    }
}

fn taken(error: StoreError) -> DepartmentFault {
    DepartmentFault(match error {
        StoreError::Taken => Refused::new(
            ProblemKind::Conflict,
            "Another department was made or changed at the same moment. Look at the list and try again.",
        ),
        other => other.into(),
    })
}
