//! Whether an asset can open the form, in the words of staff (SYN-43): the reason and what to do.

use deskbell_protocol::Refusal;

use crate::{
    domain::{
        ids::{AssignmentId, EndUserId},
        launch::{Requester, RequesterBasis, Standing, requester},
        portal_user::PortalUserState,
    },
    store::{Portal, lists::AssetLine, reach::Reached},
};

/// Why a click of somebody whose login is not known would not open the form.
pub(super) fn line_refusal(portal: &Portal, line: &AssetLine) -> Option<Refusal> {
    refusal(portal, line.state, line.end_user_id.is_some(), line.portal_user_state)
}

/// How many assets in use are ready, and how many are not and why.
pub(crate) fn counts(portal: &Portal, counts: &[Reached]) -> (i64, Vec<(Refusal, i64)>) {
    use crate::domain::asset::AssetState::Enrolled;
    let mut ready = 0;
    let mut not_ready: Vec<(Refusal, i64)> = Vec::new();
    for count in counts {
        match refusal(portal, Enrolled, count.end_user_known, count.portal_user_state) {
            None => ready += count.assets,
            Some(reason) => match not_ready.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, assets)) => *assets += count.assets,
                None => not_ready.push((reason, count.assets)),
            },
        }
    }
    not_ready.sort_unstable_by_key(|(reason, _)| *reason);
    (ready, not_ready)
}

/// The reason as staff read it.
pub(super) fn refusal_sentence(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NoEndUser => "No end user is assigned",
        Refusal::NotAPortalUser => "The end user is no portal user",
        Refusal::Deactivated => "The portal user is deactivated",
        Refusal::NotPermitted => "The portal user’s group sends no tickets from the tray",
        Refusal::PortalNotPublished => "The portal is not published",
        Refusal::AssetRetired => "The asset is retired",
    }
}

/// What decides is the same rule as at a click; who exactly it is about plays no part.
fn refusal(
    portal: &Portal,
    asset: crate::domain::asset::AssetState,
    assigned: bool,
    portal_user: Option<PortalUserState>,
) -> Option<Refusal> {
    let somebody = Requester {
        end_user: EndUserId(uuid::Uuid::nil()),
        basis: RequesterBasis::Assignment(AssignmentId(uuid::Uuid::nil())),
        portal_user,
        // Lists do not look at groups; a click and the asset's page do.
        may_send: true,
    };
    let standing = Standing { asset, portal_published: portal.published, requester: assigned.then_some(somebody) };
    requester(&standing).err()
}
