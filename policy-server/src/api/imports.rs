//! `/api/v1/imports`: organizations, sites, end users, logins and assignments from many lines at once; and
//! `/api/v1/export`, which gives such lines out.

use std::collections::BTreeMap;

use axum::{
    Json,
    body::{Bytes, to_bytes},
    extract::{FromRequest, Request, State},
    http::header,
};
use deskbell_protocol::ProblemKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    answers::CsvFile,
    caller::Caller,
    description::{Asks, Operation},
    lists::Asked,
};
use crate::{
    app::SharedApp,
    changes::imports::{self, Preview},
    domain::{
        ids::OrganizationId,
        import::{Column, MAX_BYTES, MAX_LINES, Row, Sheet, read},
    },
    export::{self, Beginning},
    json_body,
    problems::Refused,
};

/// What is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportQuery {
    /// Only tell what would change.
    #[serde(default)]
    dry_run: bool,
    /// Only if it is this plan, which a dry run has told.
    plan: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct ImportJson {
    dry_run: bool,
    /// Headers of the file that mean nothing here.
    ignored_columns: Vec<String>,
    #[serde(flatten)]
    preview: Preview,
}

/// The lines, as CSV (`Content-Type: text/csv`) or as JSON: `{"rows": [{"organization": …}]}`.
pub(super) struct SentLines(Sheet);

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SentRows {
    rows: Vec<BTreeMap<Column, Option<String>>>,
}

impl<S: Send + Sync> FromRequest<S> for SentLines {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_csv = content_type.is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("text/csv"));
        let too_large = |_| {
            Refused::new(
                ProblemKind::Invalid,
                format!("The body could not be read, or has more than {MAX_BYTES} bytes."),
            )
        };
        let bytes = to_bytes(request.into_body(), MAX_BYTES).await.map_err(too_large)?;
        if is_csv {
            let refused = |why| Refused::new(ProblemKind::Invalid, format!("The file {why}."));
            return read(&bytes).map(Self).map_err(refused);
        }
        rows(&bytes).map(Self)
    }
}

impl Asks for SentLines {
    fn describe(operation: &mut Operation<'_>) {
        let rows = operation.schemas.read.subschema_for::<SentRows>();
        let content = json!({"application/json": {"schema": rows}, "text/csv": {"schema": {"type": "string"}}});
        operation.body = Some(json!({"required": true, "content": content}));
        operation.problem(422);
    }
}

pub(super) async fn import(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Asked(asked): Asked<ImportQuery>,
    SentLines(Sheet { rows, ignored }): SentLines,
) -> Result<Json<ImportJson>, Refused> {
    let preview = if asked.dry_run {
        imports::preview(&app, &rows).await?
    } else {
        imports::import(app, actor, rows, asked.plan).await?.done()?
    };
    Ok(Json(ImportJson { dry_run: asked.dry_run, ignored_columns: ignored, preview }))
}

/// What is to be given out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportQuery {
    /// Only of this one.
    organization_id: Option<OrganizationId>,
}

/// Everything that an import can say, as a file that changes nothing when it is imported.
pub(super) async fn export(State(app): State<SharedApp>, Asked(asked): Asked<ExportQuery>) -> Result<CsvFile, Refused> {
    Ok(CsvFile(export::file(app, asked.organization_id, Beginning::Header)))
}

fn rows(bytes: &Bytes) -> Result<Sheet, Refused> {
    let SentRows { rows } = json_body::parse(bytes)?;
    if rows.len() > MAX_LINES {
        return Err(Refused::field("/rows", format!("must have at most {MAX_LINES} items")));
    }
    let rows = rows.into_iter().zip(1..).map(|(cells, line)| {
        let cells = cells.into_iter().filter_map(|(column, cell)| Some((column, cell?)));
        Row { line, cells: cells.collect(), unreadable: None }
    });
    Ok(Sheet { rows: rows.collect(), ignored: Vec::new() })
}
