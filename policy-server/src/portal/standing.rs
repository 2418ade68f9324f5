//! Reads what decides over the form: once more at every request (invariant 6).

use deskbell_protocol::OsUser;

use crate::{
    app::App,
    domain::{
        ids::EndUserId,
        launch::{Requester, RequesterBasis, Standing},
        os_login::OsLoginKey,
    },
    store::{Asset, OsLogin, Portal, StoreError},
};

/// How a click of `os_user` on an asset would be taken at this moment (decision C10).
pub async fn standing(app: &App, asset: &Asset, portal: &Portal, os_user: &OsUser) -> Result<Standing, StoreError> {
    match os_login(app, asset, os_user).await? {
        Some(login) => {
            let requester = requester(app, login.end_user_id, RequesterBasis::OsLogin(login.id)).await?;
            Ok(Standing { asset: asset.state, portal_published: portal.published, requester: Some(requester) })
        }
        None => standing_by_assignment(app, asset, portal).await,
    }
}

/// How a click of somebody whose login is not known would be taken.
pub async fn standing_by_assignment(app: &App, asset: &Asset, portal: &Portal) -> Result<Standing, StoreError> {
    let requester = match app.store.open_assignment(asset.id).await? {
        Some(open) => Some(requester(app, open.end_user_id, RequesterBasis::Assignment(open.id)).await?),
        None => None,
    };
    Ok(Standing { asset: asset.state, portal_published: portal.published, requester })
}

async fn os_login(app: &App, asset: &Asset, os_user: &OsUser) -> Result<Option<OsLogin>, StoreError> {
    for key in OsLoginKey::of(os_user) {
        if let Some(login) = app.store.os_login_with(asset.organization_id, &key).await? {
            return Ok(Some(login));
        }
    }
    Ok(None)
}

async fn requester(app: &App, end_user: EndUserId, basis: RequesterBasis) -> Result<Requester, StoreError> {
    let portal_user = app.store.portal_user_of(end_user).await?.map(|portal_user| portal_user.state);
    Ok(Requester { end_user, basis, portal_user })
}
