//! Whether an asset can open the form, in the words of staff (SYN-43): the reason and what to do.

use deskbell_protocol::Refusal;

use crate::{
    app::App,
    domain::{
        asset::AssetState,
        ids::{AssignmentId, EndUserId},
        launch::{Requester, RequesterBasis, Standing, requester},
    },
    store::{
        lists::AssetLine,
        reach::{Asking, Reached},
    },
};

/// Why a click of somebody whose login is not known would not open the form.
pub(super) fn line_refusal(app: &App, line: &AssetLine) -> Option<Refusal> {
    refusal(app.looks.is_published_for(line.organization_id), line.state, line.asking())
}

/// How many assets in use are ready, and how many are not and why.
pub(crate) fn counts(counts: &[Reached]) -> (i64, Vec<(Refusal, i64)>) {
    let mut ready = 0;
    let mut not_ready: Vec<(Refusal, i64)> = Vec::new();
    for count in counts {
        match refusal(count.portal_published, AssetState::Enrolled, count.asking) {
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
fn refusal(portal_published: bool, asset: AssetState, asking: Asking) -> Option<Refusal> {
    let somebody = Requester {
        end_user: EndUserId(uuid::Uuid::nil()),
        basis: RequesterBasis::Assignment(AssignmentId(uuid::Uuid::nil())),
        portal_user: asking.portal_user_state,
        may_send: asking.may_send,
    };
    let standing = Standing { asset, portal_published, requester: asking.end_user_known.then_some(somebody) };
    requester(&standing).err()
}
