//! REST for automation: JSON, bearer tokens, problem documents (RFC 9457). Everything that a console could do.

mod api_tokens;
mod asset_assignment;
mod assets;
mod attachments;
mod audit_records;
pub(crate) mod caller;
pub(crate) mod comments;
mod end_users;
mod enrollment_tokens;
mod folders;
mod icons;
mod imports;
mod lists;
mod mails;
mod organizations;
mod os_logins;
mod policies;
mod policy_files;
mod portal_users;
mod portals;
mod provider;
mod sites;
mod staff;
mod take_over;
pub(crate) mod tickets;
mod webhooks;

use axum::{
    Router,
    routing::{delete, get, post, put},
};

use crate::{app::SharedApp, problems::Refused};

/// The routes below `/api/v1`. `customers` and `contacts` are other names for the same things (SYN-01).
pub fn routes() -> Router<SharedApp> {
    let router = Router::new()
        .route("/provider", get(provider::show).patch(provider::change))
        .route("/provider/policy", put(provider::attach_policy))
        .route("/portals", get(portals::list))
        .route("/portals/{id}", get(portals::show).patch(portals::change))
        .route("/folders", get(folders::list).post(folders::make))
        .route("/folders/{id}", get(folders::show).patch(folders::change))
        .route("/folders/{id}/policy", put(folders::attach_policy))
        .route("/portal-users", get(portal_users::list).post(portal_users::make))
        .route("/portal-users/{id}", get(portal_users::show).patch(portal_users::change))
        .route("/assets", get(assets::list))
        .route("/assets/{id}", get(assets::show).patch(assets::change))
        .route("/assets/{id}/approve", post(assets::approve))
        .route("/assets/{id}/retire", post(assets::retire))
        .route("/assets/{id}/take-over", post(take_over::confirm).delete(take_over::decline))
        .route("/assets/{id}/policy", put(assets::attach_policy))
        .route("/assets/{id}/effective-policy", get(assets::effective_policy))
        .route("/assets/{id}/events", get(assets::events))
        .route("/assets/{id}/assignments", get(asset_assignment::history))
        .route("/assets/{id}/assignment", put(asset_assignment::assign).delete(asset_assignment::unassign))
        .route("/policies", get(policies::list).post(policies::make))
        .route("/policies/{id}", get(policies::show).put(policies::save))
        .route("/policies/{id}/tray-states", get(policies::tray_states))
        .route("/icons", post(icons::upload))
        .route("/icons/{hash}", get(icons::show))
        .route("/policies/export", get(policy_files::export))
        .route("/policies/import", post(policy_files::import))
        .route("/policies/plan", post(policy_files::plan))
        .route("/policies/preview", post(policies::preview_new))
        .route("/policies/{id}/preview", post(policies::preview))
        .route("/policies/{id}/versions", get(policies::versions))
        .route("/policies/{id}/versions/{version}/restore", post(policies::restore))
        .route("/policies/{id}/changes", get(policies::compare))
        .route("/enrollment-tokens", get(enrollment_tokens::list).post(enrollment_tokens::make))
        .route("/enrollment-tokens/{id}/revoke", post(enrollment_tokens::revoke))
        .route("/os-logins/{id}", delete(os_logins::remove))
        .route("/tickets", get(tickets::list))
        .route("/tickets/{id}", get(tickets::show).patch(tickets::change))
        .route("/tickets/{id}/comments", get(comments::list).post(comments::make))
        .route("/tickets/{id}/attachments", get(attachments::list))
        .route("/attachments/{id}", get(attachments::content))
        .route("/staff", get(staff::list).post(staff::make))
        .route("/staff/{id}", get(staff::show).patch(staff::change))
        .route("/staff/{id}/reset", post(staff::reset))
        .route("/api-tokens", get(api_tokens::list).post(api_tokens::make))
        .route("/api-tokens/{id}/revoke", post(api_tokens::revoke))
        .route("/ticket-forwarding", get(mails::forwarding).put(mails::set_forwarding))
        .route("/mails", get(mails::list))
        .route("/mails/{id}", get(mails::show))
        .route("/mails/{id}/retry", post(mails::retry))
        .route("/webhook-endpoints", get(webhooks::list).post(webhooks::make))
        .route("/webhook-endpoints/{id}", get(webhooks::show).patch(webhooks::change))
        .route("/webhook-endpoints/{id}/deliveries", get(webhooks::deliveries))
        .route("/webhook-deliveries/{id}/replay", post(webhooks::replay))
        .route("/audit-records", get(audit_records::list))
        .route("/imports", post(imports::import))
        .route("/export", get(imports::export))
        .route("/sites", get(sites::list).post(sites::make))
        .route("/sites/{id}", get(sites::show).patch(sites::change).delete(sites::remove))
        .fallback(async || Refused::not_found("resource"));
    let router = ["organizations", "customers"].into_iter().fold(router, |router, name| {
        router
            .route(&format!("/{name}"), get(organizations::list).post(organizations::make))
            .route(&format!("/{name}/{{id}}"), get(organizations::show).patch(organizations::change))
            .route(&format!("/{name}/{{id}}/policy"), put(organizations::attach_policy))
    });
    ["end-users", "contacts"].into_iter().fold(router, |router, name| {
        router
            .route(&format!("/{name}"), get(end_users::list).post(end_users::make))
            .route(&format!("/{name}/{{id}}"), get(end_users::show).patch(end_users::change))
            .route(&format!("/{name}/{{id}}/os-logins"), get(os_logins::list).post(os_logins::make))
    })
}
