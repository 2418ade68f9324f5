//! The console: where staff set policies, look after assets and people, and answer tickets.
//!
//! Complete without scripts. What a page changes goes through `changes/`, as the API's requests do. Its sentences are English and
//! stand in the templates: end users never see them.

mod account;
mod api_reference;
mod api_tokens;
mod articles;
mod asset;
mod assets;
mod audit_log;
mod departments;
mod end_user;
mod enrollment;
mod forms;
mod guard;
mod imports;
mod inbound_mail;
mod languages;
mod layout;
mod mail;
mod mail_domains;
mod mail_templates;
mod organization;
mod organizations;
mod overview;
mod packages;
mod page_script;
mod paging;
mod policies;
mod portal_groups;
mod portal_user;
mod portal_users;
mod portals;
mod provider;
pub(crate) mod readiness;
mod settings;
mod sign_in;
mod site;
mod staff;
mod stylesheet;
mod ticket;
mod ticket_system;
mod tickets;
pub(crate) mod times;
mod webhooks;
mod welcome;

use axum::{Router, routing::get};

use self::guard::Routes;
use crate::{
    app::SharedApp,
    domain::role::Permission::{Administer, Look, Work},
    routes::{self, Table},
};

pub use guard::GuardedRoute;

/// The console's pages for whoever signed in. Each names what it asks of them.
#[expect(clippy::too_many_lines, reason = "one table, one line a page")]
fn guarded() -> Routes {
    let routes = portal_groups::pages(portal_users::pages(policies::pages(Routes::default())));
    inbound_mail::pages(departments::pages(articles::pages(portals::pages(routes))))
        .get("/console", Look, overview::show)
        .get("/console/tickets", Look, tickets::list)
        .get("/console/tickets/{ticket}", Look, ticket::show)
        .post("/console/tickets/{ticket}", Work, ticket::change)
        .post("/console/tickets/{ticket}/people", Work, ticket::add_person)
        .post("/console/tickets/{ticket}/people/{end_user}/remove", Work, ticket::remove_person)
        .get("/console/account", Look, account::show)
        .own_post("/console/account/password", account::change_password)
        .own_post("/console/account/second-factor", account::set_second_factor)
        .own_post("/console/account/second-factor/remove", account::remove_second_factor)
        .own_post("/console/account/sessions/{session}/end", account::end_session)
        .own_post("/console/sign-out", sign_in::sign_out)
        .get("/console/assets", Look, assets::list)
        .get("/console/assets/{asset}", Look, asset::show)
        .post("/console/assets/{asset}", Work, asset::change)
        .post("/console/assets/{asset}/approve", Work, asset::approve)
        .post("/console/assets/{asset}/retire", Work, asset::retire)
        .post("/console/assets/{asset}/take-over", Work, asset::take_over)
        .post("/console/assets/{asset}/take-over/decline", Work, asset::decline_take_over)
        .post("/console/assets/{asset}/assignment", Work, asset::assign)
        .post("/console/assets/{asset}/enable", Work, asset::enable)
        .get("/console/organizations", Look, organizations::list)
        .post("/console/organizations", Work, organizations::add)
        .get("/console/organizations/{organization}", Look, organization::show)
        .post("/console/organizations/{organization}", Work, organization::change)
        .post("/console/organizations/{organization}/end-users", Work, organization::add_end_user)
        .post("/console/organizations/{organization}/enable", Work, organization::enable_all)
        .post("/console/organizations/{organization}/portal-link", Work, organization::switch_link)
        .post("/console/organizations/{organization}/view-portal", Work, organization::view_portal)
        .post("/console/organizations/{organization}/remove", Work, organization::remove)
        .post("/console/organizations/{organization}/mail-domains", Work, mail_domains::add)
        .post("/console/organizations/{organization}/mail-domains/{domain}/remove", Work, mail_domains::remove)
        .get("/console/organizations/{organization}/enrollment", Look, enrollment::list)
        .post("/console/organizations/{organization}/enrollment", Work, enrollment::make)
        .post("/console/enrollment-tokens/{token}/revoke", Work, enrollment::revoke)
        .get("/console/end-users/{end_user}", Look, end_user::show)
        .post("/console/end-users/{end_user}", Work, end_user::change)
        .post("/console/end-users/{end_user}/logins", Work, end_user::add_login)
        .post("/console/end-users/{end_user}/logins/{login}/remove", Work, end_user::remove_login)
        .post("/console/end-users/{end_user}/portal-user", Work, end_user::set_portal_user)
        .get("/console/end-users/{end_user}/personal-data", Administer, end_user::personal_data)
        .post("/console/end-users/{end_user}/erase", Administer, end_user::erase)
        .get("/console/settings", Look, settings::show)
        .get("/console/settings/provider", Administer, provider::show)
        .post("/console/settings/provider", Administer, provider::change)
        .get("/console/settings/api-tokens", Administer, api_tokens::list)
        .post("/console/settings/api-tokens", Administer, api_tokens::make)
        .post("/console/settings/api-tokens/{token}/revoke", Administer, api_tokens::revoke)
        .get("/console/settings/mail", Administer, mail::list)
        .post("/console/settings/mail", Administer, mail::set_forwarding)
        .post("/console/settings/mail/requesters", Administer, mail::set_requester_mail)
        .get("/console/settings/mail/templates", Administer, mail_templates::list)
        .get("/console/settings/mail/templates/{template}/{language}", Administer, mail_templates::show)
        .post("/console/settings/mail/templates/{template}/{language}", Administer, mail_templates::change)
        .post(
            "/console/settings/mail/templates/{template}/{language}/default",
            Administer,
            mail_templates::restore_default,
        )
        .get(
            "/console/settings/mail/templates/{template}/{language}/versions",
            Administer,
            mail_templates::list_versions,
        )
        .get(
            "/console/settings/mail/templates/{template}/{language}/versions/compare",
            Administer,
            mail_templates::compare,
        )
        .post(
            "/console/settings/mail/templates/{template}/{language}/versions/{version}/restore",
            Administer,
            mail_templates::restore,
        )
        .get("/console/settings/mail/{mail}", Administer, mail::show)
        .post("/console/settings/mail/{mail}/retry", Administer, mail::retry)
        .get("/console/settings/webhooks", Administer, webhooks::list)
        .post("/console/settings/webhooks", Administer, webhooks::add)
        .get("/console/settings/webhooks/{endpoint}", Administer, webhooks::show)
        .post("/console/settings/webhooks/{endpoint}", Administer, webhooks::change)
        .post("/console/settings/webhooks/{endpoint}/replay/{delivery}", Administer, webhooks::replay)
        .get("/console/settings/ticket-system", Administer, ticket_system::show)
        .post("/console/settings/ticket-system", Administer, ticket_system::set)
        .post("/console/settings/ticket-system/remove", Administer, ticket_system::remove)
        .post("/console/settings/ticket-system/{transfer}/retry", Administer, ticket_system::retry)
        .get("/console/staff", Administer, staff::list)
        .post("/console/staff", Administer, staff::add)
        .get("/console/staff/{staff}", Administer, staff::show)
        .post("/console/staff/{staff}", Administer, staff::change)
        .post("/console/staff/{staff}/reset", Administer, staff::reset)
        .get("/console/audit", Administer, audit_log::list)
        .post("/console/organizations/{organization}/sites", Work, organization::add_site)
        .get("/console/sites/{site}", Look, site::show)
        .post("/console/sites/{site}", Work, site::change)
        .post("/console/sites/{site}/remove", Work, site::remove)
        .get("/console/import", Work, imports::show)
        .post("/console/import", Work, imports::upload)
        .get("/console/import/{import}", Work, imports::look)
        .post("/console/import/{import}", Work, imports::apply)
        .post("/console/import/{import}/discard", Work, imports::discard)
        .get("/console/export", Look, imports::export)
}

/// Those of them that files go through: they may take long, and what they answer is not compressed.
fn guarded_files() -> Routes {
    Routes::default()
        .post("/console/tickets/{ticket}/comments", Work, ticket::comment)
        .get("/console/tickets/{ticket}/files/{file}", Look, ticket::file)
        .post("/console/portal-users/export", Work, portal_users::export)
        .post("/console/packages/{sha256}/with-token", Work, packages::with_token)
}

/// The routes of the console and of the staff's sign-in.
pub fn routes(app: &SharedApp) -> Router<SharedApp> {
    guarded().router(app).merge(routes::router(open_table()))
}

/// What is there for whoever is not signed in, too.
pub fn open_table() -> Table {
    vec![
        ("/users/sign_in", get(sign_in::show).post(sign_in::password)),
        ("/users/sign_in/code", get(sign_in::show_code).post(sign_in::code)),
        ("/users/welcome/{token}", get(welcome::show).post(welcome::set_password)),
        ("/static/console.css", get(stylesheet::stylesheet)),
        page_script::BUILDER.table_entry(),
        page_script::CHOOSE.table_entry(),
        page_script::MAIL_TEMPLATE.table_entry(),
        ("/api/v1/docs", get(api_reference::show)),
        ("/console/{*path}", get(layout::not_found).post(layout::not_found)),
    ]
}

/// The routes of the console that files go through.
pub fn file_routes(app: &SharedApp) -> Router<SharedApp> {
    guarded_files().router(app)
}

/// Every guarded route, for the test that tries each with each role.
pub fn table() -> Vec<GuardedRoute> {
    [guarded(), guarded_files()].into_iter().flat_map(Routes::table).collect()
}
