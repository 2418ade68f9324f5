//! Reads what decides over the form: once more at every request (invariant 6).

use crate::{
    app::App,
    domain::launch::{Assignment, Standing},
    store::{Asset, Portal, StoreError},
};

/// An asset's standing at this moment.
pub async fn standing(app: &App, asset: &Asset, portal: &Portal) -> Result<Standing, StoreError> {
    let assignment = match app.store.open_assignment(asset.id).await? {
        Some(open) => {
            let portal_user = app.store.portal_user_of(open.end_user_id).await?.map(|portal_user| portal_user.state);
            Some(Assignment { id: open.id, end_user: open.end_user_id, portal_user })
        }
        None => None,
    };
    Ok(Standing { asset: asset.state, portal_published: portal.published, assignment })
}
