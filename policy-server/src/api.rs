//! REST for automation: JSON, bearer tokens, problem documents (RFC 9457). Everything that a console could do.

mod agent_packages;
mod answers;
mod api_tokens;
mod articles;
mod asset_assignment;
mod assets;
pub(crate) mod attachments;
mod audit_records;
mod billing_documents;
mod caller;
pub(crate) mod comments;
mod description;
mod end_users;
mod enrollment_tokens;
mod events;
mod folders;
mod guard;
mod icons;
mod idempotency;
mod imports;
mod lists;
mod logos;
mod mail_templates;
mod mails;
mod openapi;
mod organizations;
mod os_logins;
mod paths;
pub(crate) mod personal_data;
mod policies;
mod policy_files;
mod portal_groups;
mod portal_users;
mod portals;
mod preconditions;
mod provider;
mod readiness;
mod sites;
mod staff;
mod take_over;
mod ticket_systems;
pub(crate) mod tickets;
mod webhooks;

use axum::{Router, routing::get};
use deskbell_protocol::ProblemKind;

use crate::{
    app::SharedApp,
    domain::role::Permission::{Administer, Look, Work},
    metrics,
    problems::Refused,
    routes::{self, Table},
};

pub(crate) use answers::Text;
pub use guard::ApiRoute;
pub(crate) use guard::Routes;
pub(crate) use openapi::{ABOUT, DOCUMENT};

/// Below which path it all is.
pub const BASE: &str = "/api/v1";

/// Every request below [`BASE`], each with what it asks of a token. `customers` and `contacts` are other names for the same
/// things (SYN-01).
#[expect(clippy::too_many_lines, reason = "one table, one line a request")]
fn guarded() -> Routes {
    Routes::default()
        .about("MSP", "The MSP itself: its name, its support, and the policy at the top of the tree.")
        .get("/provider", Look, "Show the MSP", provider::show)
        .patch("/provider", Work, "Change the MSP", provider::change)
        .put("/provider/policy", Work, "Hang a policy on the top of the tree", provider::attach_policy)
        .about("Portals", "What end users see, and whether they do.")
        .get("/portals", Look, "List the portals", portals::list)
        .get("/portals/{id}", Look, "Show a portal", portals::show)
        .post("/portals", Work, "Make a portal", portals::make)
        .patch("/portals/{id}", Work, "Change a portal", portals::change)
        .delete("/portals/{id}", Work, "Remove a portal that no organization has", portals::remove)
        .put("/portals/{id}/draft", Work, "Keep a draft of a design", portals::save_draft)
        .delete("/portals/{id}/draft", Work, "Forget a draft", portals::drop_draft)
        .post("/portals/{id}/publish", Work, "Publish the draft of a design", portals::publish_draft)
        .get("/portals/{id}/versions", Look, "List what was published", portals::versions)
        .post("/portals/{id}/versions/{version}/restore", Work, "Publish an earlier version", portals::restore)
        .post("/logos", Work, "Upload a logo", logos::upload)
        .about("Organizations", "The MSP's customers. Also at `/customers`.")
        .get("/organizations", Look, "List organizations", organizations::list)
        .post("/organizations", Work, "Make an organization", organizations::make)
        .get("/organizations/{id}", Look, "Show an organization", organizations::show)
        .patch("/organizations/{id}", Work, "Change an organization", organizations::change)
        .delete("/organizations/{id}", Work, "Remove an organization of which nothing is kept", organizations::remove)
        .put("/organizations/{id}/policy", Work, "Hang a policy on an organization", organizations::attach_policy)
        .post("/organizations/{id}/enable-for-tray", Work, "Make its end users portal users", organizations::enable)
        .post("/organizations/{id}/invitations", Work, "Invite by e-mail address", portal_users::invite_addresses)
        .get("/organizations/{id}/portal-link", Look, "Show the link of an organization", organizations::portal_link)
        .put("/organizations/{id}/portal-link", Work, "Switch the link of an organization", organizations::switch_link)
        .about("Sites", "Where organizations are: places with an address.")
        .get("/sites", Look, "List sites", sites::list)
        .post("/sites", Work, "Make a site", sites::make)
        .get("/sites/{id}", Look, "Show a site", sites::show)
        .patch("/sites/{id}", Work, "Change a site", sites::change)
        .delete("/sites/{id}", Work, "Remove a site where nobody and nothing is", sites::remove)
        .about("Import and export", "Organizations, sites, end users, logins and assignments, many at once.")
        .post("/imports", Work, "Import many lines, or tell what that would change", imports::import)
        .get("/export", Look, "Export what an import reads", imports::export)
        .about("Folders", "The tree of assets below an organization.")
        .get("/folders", Look, "List folders", folders::list)
        .post("/folders", Work, "Make a folder", folders::make)
        .get("/folders/{id}", Look, "Show a folder", folders::show)
        .patch("/folders/{id}", Work, "Change or move a folder", folders::change)
        .delete("/folders/{id}", Work, "Remove an empty folder", folders::remove)
        .put("/folders/{id}/policy", Work, "Hang a policy on a folder", folders::attach_policy)
        .about("End users", "The people who work with managed computers. Also at `/contacts`.")
        .get("/end-users", Look, "List end users", end_users::list)
        .post("/end-users", Work, "Make an end user", end_users::make)
        .get("/end-users/{id}", Look, "Show an end user", end_users::show)
        .patch("/end-users/{id}", Work, "Change an end user", end_users::change)
        .delete("/end-users/{id}", Work, "Remove an end user of whom nothing is kept", end_users::remove)
        .post("/end-users/{id}/enable-for-tray", Work, "Make an end user a portal user", end_users::enable)
        .post("/end-users/{id}/invite", Work, "Invite an end user to the portal", portal_users::invite_end_user)
        .get("/end-users/{id}/personal-data", Administer, "Give what is kept of a person", personal_data::show)
        .post("/end-users/{id}/erase", Administer, "Replace what is kept of a person, for good", personal_data::erase)
        .get("/end-users/{id}/os-logins", Look, "List an end user's logins", os_logins::list)
        .post("/end-users/{id}/os-logins", Work, "Say that a login is an end user", os_logins::make)
        .delete("/os-logins/{id}", Work, "Take a login from its end user", os_logins::remove)
        .about("Portal users", "Who may come into the portal, and how they are let in.")
        .get("/portal-users", Look, "List portal users", portal_users::list)
        .post("/portal-users", Work, "Make a portal user", portal_users::make)
        .get("/portal-users/{id}", Look, "Show a portal user", portal_users::show)
        .patch("/portal-users/{id}", Work, "Change, deactivate or reactivate a portal user", portal_users::change)
        .post("/portal-users/steps", Work, "Invite, deactivate or reactivate many", portal_users::take_steps)
        .post("/portal-users/{id}/invite", Work, "Mail an invitation, once", portal_users::invite)
        .post("/portal-users/{id}/invite-again", Work, "Mail another invitation", portal_users::invite_again)
        .about("Permission groups", "What portal users may do.")
        .get("/portal-groups", Look, "List permission groups", portal_groups::list)
        .post("/portal-groups", Administer, "Make a permission group", portal_groups::make)
        .get("/portal-groups/{key}", Look, "Show a permission group", portal_groups::show)
        .patch("/portal-groups/{key}", Administer, "Change a permission group", portal_groups::change)
        .delete("/portal-groups/{key}", Administer, "Remove a group in which nobody is", portal_groups::remove)
        .about("Billing documents", "What another program bills organizations, for the portal to list.")
        .get("/billing-documents", Look, "List billing documents", billing_documents::list)
        .post("/billing-documents", Work, "Add a billing document", billing_documents::make)
        .get("/billing-documents/{id}", Look, "Show a billing document", billing_documents::show)
        .delete("/billing-documents/{id}", Work, "Remove a billing document", billing_documents::remove)
        .about("Articles", "What you have written down for end users, in Markdown.")
        .get("/articles", Look, "List articles, without their texts", articles::list)
        .post("/articles", Work, "Write an article", articles::make)
        .get("/articles/{id}", Look, "Show an article", articles::show)
        .patch("/articles/{id}", Work, "Change an article", articles::change)
        .delete("/articles/{id}", Work, "Remove an article", articles::remove)
        .about("Assets", "Managed computers, and to whom they belong.")
        .get("/assets", Look, "List assets", assets::list)
        .get("/assets/{id}", Look, "Show an asset", assets::show)
        .patch("/assets/{id}", Work, "Change an asset", assets::change)
        .post("/assets/{id}/approve", Work, "Let an asset in that waits for approval", assets::approve)
        .post("/assets/{id}/retire", Work, "Take an asset out of use for good", assets::retire)
        .post("/assets/{id}/take-over", Work, "Put an asset in the place of its predecessor", take_over::confirm)
        .delete("/assets/{id}/take-over", Work, "Leave an asset and its predecessor apart", take_over::decline)
        .put("/assets/{id}/policy", Work, "Hang a policy on an asset", assets::attach_policy)
        .get("/assets/{id}/effective-policy", Look, "Show what is in force for an asset", assets::effective_policy)
        .get("/assets/{id}/events", Look, "List what happened to an asset", assets::events)
        .get("/assets/{id}/assignments", Look, "List to whom an asset belonged", asset_assignment::history)
        .put("/assets/{id}/assignment", Work, "Assign an asset to an end user", asset_assignment::assign)
        .delete("/assets/{id}/assignment", Work, "Take an asset from its end user", asset_assignment::unassign)
        .get("/readiness", Look, "Count the assets that can open the form", readiness::show)
        .about("Enrollment tokens", "With which computers become assets.")
        .get("/enrollment-tokens", Look, "List enrollment tokens", enrollment_tokens::list)
        .post("/enrollment-tokens", Work, "Make an enrollment token", enrollment_tokens::make)
        .post("/enrollment-tokens/{id}/revoke", Work, "Revoke an enrollment token", enrollment_tokens::revoke)
        .about("Agent packages", "The agent's packages that this server gives out.")
        .get("/agent-packages", Look, "List the agent's packages", agent_packages::list)
        .post(
            "/agent-packages/{sha256}/with-token",
            Look,
            "Pack a package with a token and a script that installs it",
            agent_packages::with_token,
        )
        .about("Policies", "What trays show: settings and a menu, in versions.")
        .get("/policies", Look, "List policies", policies::list)
        .post("/policies", Work, "Make a policy", policies::make)
        .get("/policies/export", Look, "Export all policies as a file", policy_files::export)
        .post("/policies/import", Work, "Import policies from a file", policy_files::import)
        .post("/policies/plan", Look, "Show what an import would change", policy_files::plan)
        .post("/policies/preview", Look, "Preview a policy that does not exist yet", policies::preview_new)
        .get("/policies/{id}", Look, "Show a policy", policies::show)
        .put("/policies/{id}", Work, "Save a policy", policies::save)
        .delete("/policies/{id}", Work, "Remove a policy that is attached nowhere", policies::remove)
        .post("/policies/{id}/preview", Look, "Show what a save would change", policies::preview)
        .post(
            "/policies/{id}/enable-for-tray",
            Work,
            "Make the end users that it reaches portal users",
            policies::enable,
        )
        .get("/policies/{id}/versions", Look, "List the saves of a policy", policies::versions)
        .post("/policies/{id}/versions/{version}/restore", Work, "Restore an earlier version", policies::restore)
        .get("/policies/{id}/changes", Look, "Compare two versions", policies::compare)
        .get("/policies/{id}/tray-states", Look, "Count where the icons are", policies::tray_states)
        .about("Icons", "The MSP's own icons, which policies name by their hash.")
        .post("/icons", Work, "Upload an icon", icons::upload)
        .get("/icons/{hash}", Look, "Show an icon", icons::show)
        .about("Tickets", "What end users ask for, what is said about it, and the files.")
        .get("/tickets", Look, "List tickets", tickets::list)
        .get("/tickets/{id}", Look, "Show a ticket", tickets::show)
        .patch("/tickets/{id}", Work, "Change a ticket", tickets::change)
        .get("/tickets/{id}/people", Look, "List who else may see a ticket", tickets::people)
        .put("/tickets/{id}/people/{end_user}", Work, "Let somebody see a ticket", tickets::add_person)
        .delete("/tickets/{id}/people/{end_user}", Work, "Let somebody see a ticket no more", tickets::remove_person)
        .get("/tickets/{id}/comments", Look, "List what was said about a ticket", comments::list)
        .post_files("/tickets/{id}/comments", Work, "Say something about a ticket", comments::make)
        .get("/tickets/{id}/attachments", Look, "List the files of a ticket", attachments::list)
        .get("/attachments/{id}", Look, "Show a file", attachments::content)
        .about("Mail", "What goes out by e-mail.")
        .get("/ticket-forwarding", Administer, "Show where new tickets are forwarded to", mails::forwarding)
        .put("/ticket-forwarding", Administer, "Set where new tickets are forwarded to", mails::set_forwarding)
        .get("/mails", Administer, "List mails", mails::list)
        .get("/mails/{id}", Administer, "Show a mail", mails::show)
        .post("/mails/{id}/retry", Administer, "Try a mail again that was given up", mails::retry)
        .get("/requester-mail", Administer, "Show whether requesters get mails", mails::requester_mail)
        .put("/requester-mail", Administer, "Set whether requesters get mails", mails::set_requester_mail)
        .about("Events", "Mails to customers that a billing system or a calendar has sent.")
        .post("/events/{template}", Work, "Mail a customer about a bill or an appointment", events::mail)
        .about("Mail templates", "The words of mails, in versions.")
        .get("/mail-templates", Administer, "List mail templates", mail_templates::list)
        .get("/mail-templates/{template}/{language}", Administer, "Show a mail template", mail_templates::show)
        .put("/mail-templates/{template}/{language}", Administer, "Save a mail template", mail_templates::save)
        .delete(
            "/mail-templates/{template}/{language}",
            Administer,
            "Go back to what Deskbell ships",
            mail_templates::restore_default,
        )
        .post(
            "/mail-templates/{template}/{language}/preview",
            Administer,
            "Show a mail about a sample",
            mail_templates::preview,
        )
        .get(
            "/mail-templates/{template}/{language}/versions",
            Administer,
            "List the saves of a mail template",
            mail_templates::versions,
        )
        .post(
            "/mail-templates/{template}/{language}/versions/{version}/restore",
            Administer,
            "Restore an earlier version of a mail template",
            mail_templates::restore,
        )
        .get(
            "/mail-templates/{template}/{language}/changes",
            Administer,
            "Compare two versions of a mail template",
            mail_templates::compare,
        )
        .about("Ticket system", "The ticket system that the MSP has besides.")
        .get("/ticket-system", Administer, "Show the ticket system", ticket_systems::show)
        .put("/ticket-system", Administer, "Set the ticket system", ticket_systems::set)
        .delete("/ticket-system", Administer, "Send no more tickets to the ticket system", ticket_systems::remove)
        .get("/ticket-transfers", Administer, "List tickets on their way", ticket_systems::transfers)
        .post(
            "/ticket-transfers/{id}/retry",
            Administer,
            "Send a ticket again that was given up",
            ticket_systems::retry,
        )
        .about("Webhooks", "Which programs are told of what happens (Standard Webhooks).")
        .get("/webhook-endpoints", Administer, "List webhook endpoints", webhooks::list)
        .post("/webhook-endpoints", Administer, "Make a webhook endpoint", webhooks::make)
        .get("/webhook-endpoints/{id}", Administer, "Show a webhook endpoint", webhooks::show)
        .patch("/webhook-endpoints/{id}", Administer, "Change a webhook endpoint", webhooks::change)
        .delete("/webhook-endpoints/{id}", Administer, "Remove a webhook endpoint", webhooks::remove)
        .get("/webhook-endpoints/{id}/deliveries", Administer, "List messages to an endpoint", webhooks::deliveries)
        .post("/webhook-deliveries/{id}/replay", Administer, "Send a message again", webhooks::replay)
        .about("Staff", "Who works at the MSP.")
        .get("/staff", Administer, "List staff", staff::list)
        .post("/staff", Administer, "Add somebody to the staff", staff::make)
        .get("/staff/{id}", Administer, "Show somebody of the staff", staff::show)
        .patch("/staff/{id}", Administer, "Change somebody of the staff", staff::change)
        .post("/staff/{id}/reset", Administer, "Make a link that sets a new password", staff::reset)
        .get("/staff/{id}/sessions", Administer, "List where somebody is signed in", staff::sessions)
        .delete("/staff/{id}/sessions/{session}", Administer, "End a session", staff::end_session)
        .about("API tokens", "Which programs may use this API.")
        .get("/api-tokens", Administer, "List API tokens", api_tokens::list)
        .post("/api-tokens", Administer, "Make an API token", api_tokens::make)
        .post("/api-tokens/{id}/revoke", Administer, "Revoke an API token", api_tokens::revoke)
        .about("Audit log", "Who changed what, the newest first.")
        .get("/audit-records", Administer, "List who changed what", audit_records::list)
        .also("/organizations", "/customers")
        .also("/end-users", "/contacts")
}

/// The routes below [`BASE`].
pub fn routes(app: &SharedApp) -> Router<SharedApp> {
    let other_method = async || Refused::new(ProblemKind::MethodNotAllowed, "See Allow for what can be done here.");
    guarded()
        .router(app)
        .merge(routes::router(open_table()))
        .fallback(async || Refused::not_found("resource"))
        .method_not_allowed_fallback(other_method)
}

/// What is there without a token.
pub(crate) fn open_table() -> Table {
    vec![("/openapi.json", get(openapi::show))]
}

/// Every request that asks for a token, for the test that tries each with each role.
pub fn table() -> Vec<ApiRoute> {
    let below = guarded().table().into_iter().map(|route| ApiRoute { path: format!("{BASE}{}", route.path), ..route });
    below.chain(metrics::guarded().table()).collect()
}
