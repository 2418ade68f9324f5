//! Reads what decides over the form: once more at every request (invariant 6).

use deskbell_protocol::OsUser;

use crate::{
    app::App,
    domain::{
        launch::{Requester, RequesterBasis, Standing},
        os_login::OsLoginKey,
        portal_user::{GroupKey, PortalPermission},
    },
    store::{Asset, EndUser, StoreError, assets::Assigned},
};

/// How a click of `os_user` on an asset would be taken at this moment, and who the requester is (decision C10).
pub async fn standing(app: &App, asset: &Asset, os_user: &OsUser) -> Result<(Standing, Option<EndUser>), StoreError> {
    let candidates = app.store.candidates(asset, &OsLoginKey::of(os_user)).await?;
    let told = candidates.into_iter().min_by_key(|candidate| candidate.telling);
    let requester = told.as_ref().map(|told| Requester {
        end_user: told.end_user.id,
        basis: told.basis,
        portal_user: told.portal_user,
        may_send: may_send(app, told.group.as_ref()),
    });
    Ok((with_requester(app, asset, requester), told.map(|told| told.end_user)))
}

/// How a click of somebody whose login is not known would be taken, given to whom the asset is assigned.
pub fn standing_by_assignment(app: &App, asset: &Asset, assigned: Option<&Assigned>) -> Standing {
    let requester = assigned.map(|Assigned { open, portal_user, group }| Requester {
        end_user: open.end_user_id,
        basis: RequesterBasis::Assignment(open.id),
        portal_user: *portal_user,
        may_send: may_send(app, group.as_ref()),
    });
    with_requester(app, asset, requester)
}

fn may_send(app: &App, group: Option<&GroupKey>) -> bool {
    group.is_some_and(|group| app.looks.of_default().groups.may(group, PortalPermission::CreateTicketFromTray))
}

fn with_requester(app: &App, asset: &Asset, requester: Option<Requester>) -> Standing {
    let portal_published = app.looks.is_published_for(asset.organization_id);
    Standing { asset: asset.state, portal_published, requester }
}
