//! The rows of each table, one file a table.

pub(super) mod api_token;
pub(super) mod asset;
pub(super) mod asset_event;
pub(super) mod asset_session;
pub(super) mod assignment;
pub(super) mod attachment;
pub(super) mod audit_record;
pub(super) mod comment;
pub(super) mod end_user;
pub(super) mod enrollment_token;
pub(super) mod folder;
pub(super) mod launch_code;
pub(super) mod number_sequence;
pub(super) mod organization;
pub(super) mod os_login;
pub(super) mod policy;
pub(super) mod policy_version;
pub(super) mod portal;
pub(super) mod portal_user;
pub(super) mod provider;
pub(super) mod recovery_code;
pub(super) mod staff;
pub(super) mod staff_link;
pub(super) mod staff_session;
pub(super) mod ticket;
