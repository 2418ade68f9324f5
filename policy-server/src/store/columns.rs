//! How the types of the domain stand in columns: ids as `uuid`, names and JSON as `text`.

use std::{fmt, str::FromStr};

use deskbell_protocol::{Facts, OsUser, SessionReport};
use sea_orm::{ActiveValue, ColIdx, DbErr, IntoActiveValue, QueryResult, TryGetError, TryGetable, Value, sea_query};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::domain::{
    article::ArticleVisibility,
    asset::{AssetEventKind, AssetState},
    audit::{ActorKind, AuditAction},
    billing::BillingKind,
    comment::{AuthorKind, CommentKind},
    delivery::DeliveryState,
    department::AutoInvite,
    ids::{
        ApiTokenId, ArticleId, AssetEventId, AssetId, AssetSessionId, AssignmentId, AttachmentId, AuditRecordId,
        BillingDocumentId, CommentId, DepartmentId, EndUserId, EnrollmentTokenId, FolderId, IdempotentRequestId,
        ImportFileId, InboundMailId, LinkSessionId, MailId, OrganizationId, OsLoginId, PolicyId, PortalId,
        PortalSessionId, PortalTokenId, PortalUserId, ProviderId, RecoveryCodeId, SignUpId, SiteId, StaffId,
        StaffLinkId, StaffSessionId, StatusLinkId, TicketId, TicketSystemId, TicketTransferId, WebhookDeliveryId,
        WebhookEndpointId,
    },
    import::Totals,
    inbound_mail::{InboundOutcome, InboundReason},
    language::Language,
    mail_template::MailTemplateKey,
    policy::PolicyDocument,
    portal_design::PortalDesign,
    portal_user::{GroupKey, InvitationBrings, PortalPermission, PortalUserState, TokenPurpose},
    postal_address::PostalAddress,
    revision::RevisionKind,
    role::Role,
    staff::SessionStep,
    ticket::{TicketSource, TicketStatus, TypedTicket, Urgency},
    ticket_system::TicketSystemKind,
    webhook::WebhookEvent,
    website::CheckInFields,
};

/// A value that is stored as JSON text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json<T>(pub T);

impl<T: Serialize> fmt::Display for Json<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.0).map_err(|_| fmt::Error)?)
    }
}

impl<T: DeserializeOwned> FromStr for Json<T> {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text).map(Self)
    }
}

macro_rules! column {
    ($name:ty, $stored:ty, $to:expr, $from:expr, $array:ident, $column:expr) => {
        impl From<$name> for Value {
            fn from(value: $name) -> Self {
                let stored: $stored = $to(value);
                stored.into()
            }
        }

        impl TryGetable for $name {
            fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
                let stored = <$stored>::try_get_by(row, index)?;
                $from(stored).map_err(|error| {
                    TryGetError::DbErr(DbErr::Type(format!("{} in the database: {error}", stringify!($name))))
                })
            }
        }

        impl sea_query::ValueType for $name {
            fn try_from(value: Value) -> Result<Self, sea_query::ValueTypeErr> {
                let stored = <$stored as sea_query::ValueType>::try_from(value)?;
                $from(stored).map_err(|_| sea_query::ValueTypeErr)
            }

            fn type_name() -> String {
                stringify!($name).to_owned()
            }

            fn array_type() -> sea_query::ArrayType {
                sea_query::ArrayType::$array
            }

            fn column_type() -> sea_query::ColumnType {
                $column
            }
        }

        impl sea_query::Nullable for $name {
            fn null() -> Value {
                <$stored as sea_query::Nullable>::null()
            }
        }

        impl IntoActiveValue<$name> for $name {
            fn into_active_value(self) -> ActiveValue<$name> {
                ActiveValue::Set(self)
            }
        }
    };
}

/// What can be part of a key; no database numbers it.
macro_rules! keys {
    ($($name:ident),* $(,)?) => {$(
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )*};
}

macro_rules! uuid_columns {
    ($($name:ident),* $(,)?) => {$(
        column!($name, Uuid, |id: $name| id.0, |id| Ok::<_, std::convert::Infallible>($name(id)), Uuid, sea_query::ColumnType::Uuid);
        keys!($name);
    )*};
}

macro_rules! name_columns {
    ($($name:ty),* $(,)?) => {$(
        column!($name, String, |name: $name| <&'static str>::from(name).to_owned(), |text: String| text.parse::<$name>(), String, sea_query::ColumnType::Text);
    )*};
}

macro_rules! json_columns {
    ($($name:ty),* $(,)?) => {$(
        column!(Json<$name>, String, |json: Json<$name>| json.to_string(), |text: String| text.parse::<Json<$name>>(), String, sea_query::ColumnType::Text);
    )*};
}

uuid_columns!(
    ApiTokenId,
    ArticleId,
    AssetEventId,
    AssetId,
    AssetSessionId,
    AssignmentId,
    AttachmentId,
    AuditRecordId,
    BillingDocumentId,
    CommentId,
    DepartmentId,
    EndUserId,
    EnrollmentTokenId,
    FolderId,
    IdempotentRequestId,
    ImportFileId,
    InboundMailId,
    LinkSessionId,
    MailId,
    OrganizationId,
    OsLoginId,
    PolicyId,
    PortalId,
    PortalSessionId,
    PortalTokenId,
    PortalUserId,
    ProviderId,
    RecoveryCodeId,
    SignUpId,
    SiteId,
    StaffId,
    StaffLinkId,
    StaffSessionId,
    StatusLinkId,
    TicketId,
    TicketSystemId,
    TicketTransferId,
    WebhookDeliveryId,
    WebhookEndpointId,
);
name_columns!(
    ActorKind,
    ArticleVisibility,
    AssetEventKind,
    AssetState,
    AuditAction,
    AuthorKind,
    AutoInvite,
    BillingKind,
    CheckInFields,
    CommentKind,
    DeliveryState,
    Language,
    MailTemplateKey,
    InboundOutcome,
    InboundReason,
    InvitationBrings,
    PortalUserState,
    RevisionKind,
    Role,
    SessionStep,
    TicketSource,
    TicketStatus,
    TicketSystemKind,
    TokenPurpose,
    Urgency,
    WebhookEvent,
);
column!(
    GroupKey,
    String,
    |key: GroupKey| key.0,
    |text| Ok::<_, std::convert::Infallible>(GroupKey(text)),
    String,
    sea_query::ColumnType::Text
);
keys!(GroupKey, Language, MailTemplateKey);
json_columns!(
    Facts,
    OsUser,
    PolicyDocument,
    PortalDesign,
    PostalAddress,
    Totals,
    TypedTicket,
    Vec<PortalPermission>,
    Vec<SessionReport>,
    Vec<String>,
    Vec<WebhookEvent>
);
