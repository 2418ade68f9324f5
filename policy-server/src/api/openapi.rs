//! `GET /api/v1/openapi.json`: the description of this API (`OpenAPI` 3.1), made from the routes' table and the types of their
//! handlers. It tells what was compiled and nothing of this server, so anybody may read it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use axum::http::{HeaderName, Method, header};
use deskbell_protocol::{Problem, ProblemKind};
use serde_json::{Map, Value, json};

use super::{
    BASE,
    description::{Operation, Schemas},
    guard::{ApiRoute, Group},
};
use crate::{
    domain::role::{Permission, Role},
    problems::meaning,
};

/// The document.
pub(crate) static DOCUMENT: LazyLock<Value> = LazyLock::new(|| document(&super::guarded().groups()));

static TEXT: LazyLock<String> = LazyLock::new(|| format!("{:#}\n", *DOCUMENT));

/// Where the document keeps the schemas.
const SCHEMAS: &str = "#/components/schemas/";

/// The problems that requests end with, by status.
const PROBLEMS: [ProblemKind; 8] = [
    ProblemKind::Unauthorized,
    ProblemKind::Forbidden,
    ProblemKind::NotFound,
    ProblemKind::MethodNotAllowed,
    ProblemKind::Conflict,
    ProblemKind::OutOfDate,
    ProblemKind::Invalid,
    ProblemKind::Internal,
];

/// What holds for every request: a heading and a text, with code in backticks.
pub(crate) const ABOUT: [(&str, &str); 8] = [
    (
        "Tokens",
        "Each request carries `Authorization: Bearer TOKEN`. An administrator makes tokens in the console, here, or with \
         `deskbell-server api-token create`. A token has a role: `read_only` reads, `technician` changes what the MSP manages, \
         `administrator` decides who comes in. Each request names the least role that may make it.",
    ),
    (
        "Lists",
        "They come in pages. `limit` says how many items; `next_cursor` of an answer is the `cursor` of the next page, and \
         null on the last.",
    ),
    (
        "Problems",
        "Answers of 400 and above are problem documents (RFC 9457). Where fields are wrong, `errors` names each with a JSON \
         pointer into the body.",
    ),
    (
        "Changes that meet",
        "What can change has an `ETag`. Send it as `If-Match`, and the change is made only if nobody else has changed it since; \
         otherwise the answer is 412, and nothing has happened.",
    ),
    (
        "Sending again",
        "Each `POST` that changes something takes an `Idempotency-Key`. Sent again with the same key and body within 24 hours, it \
         is carried out once and answered as before, with `Idempotency-Replayed: true`. While the first is under way, the answer \
         is 409 with `Retry-After`; with another body it is 422. An answer with a secret is not kept, nor is one that the server \
         could not give any more: then the answer is 409 and names what was made. A request that was refused changed nothing, and \
         leaves its key free.",
    ),
    ("Fields", "A field that is not known is refused. In a change, a field that is left out stays as it is."),
    ("Times", "Whole milliseconds since 1970-01-01 00:00 UTC."),
    (
        "Old names",
        "`/customers` and `/contacts` are `/organizations` and `/end-users`; in bodies and queries, `customer_id` and `contact_id` \
         are taken for `organization_id` and `end_user_id`. Answers have the new names.",
    ),
];

/// The document as it is given out.
pub(super) async fn show() -> ([(HeaderName, &'static str); 2], &'static str) {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, &TEXT)
}

/// The least role that has a permission.
fn least_role(permission: Permission) -> Role {
    match permission {
        Permission::Look => Role::ReadOnly,
        Permission::Work => Role::Technician,
        Permission::Administer => Role::Administrator,
        Permission::HandMailIn => Role::MailGateway,
    }
}

fn document(groups: &[Group]) -> Value {
    let mut schemas = Schemas::default();
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let problem = schemas.written.subschema_for::<Problem>().to_value();
    let mut operations = Vec::new();
    for group in groups {
        for route in group.routes().filter(|route| !route.is_alias) {
            operations.push((route.clone(), group.name, described(route, &mut schemas)));
        }
    }
    let (components, read_names) = components(schemas);
    for (route, group, operation) in operations {
        let method = route.method.as_str().to_lowercase();
        let operation = written(&route, group, operation, &read_names);
        paths.entry(route.path).or_default().insert(method, operation);
    }
    let mut document = json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Deskbell API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT.map(|(title, text)| format!("**{title}.** {text}")).join("\n\n"),
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": BASE}],
        "security": [{"token": []}],
        "tags": groups.iter().map(|group| json!({"name": group.name, "description": group.about})).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "An API token. Its role is what it may do."},
            },
            "responses": responses(&problem),
            "schemas": components,
        },
    });
    rename(&mut document, &|name| Some(shown_name(name)));
    without_rows(&mut document);
    document
}

/// What one request asks for and is answered with.
struct Described {
    parameters: Vec<Value>,
    body: Option<Value>,
    answers: BTreeMap<u16, Value>,
}

fn described(route: &ApiRoute, schemas: &mut Schemas) -> Described {
    let mut operation = Operation::new(schemas, &route.path);
    (route.describe)(&mut operation);
    operation.problem(401);
    if route.permission != Permission::Look {
        operation.problem(403);
    }
    if route.method != Method::GET {
        operation.problem(409);
    }
    if route.may_be_sent_again() {
        operation.parameters.push(json!({
            "name": "Idempotency-Key",
            "in": "header",
            "description": "A new text of your own, such as a UUID. Sent again with the same key within 24 hours, the request is \
                            carried out once.",
            "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
        }));
        operation.problem(422);
    }
    operation.problem(500);
    operation.problem(503);
    let Operation { parameters, body, answers, .. } = operation;
    Described { parameters, body, answers }
}

fn written(route: &ApiRoute, group: &str, described: Described, read_names: &BTreeMap<String, String>) -> Value {
    let Described { parameters, body, answers } = described;
    let role = least_role(route.permission).name();
    let mut asked = json!({"parameters": parameters, "requestBody": body});
    rename(&mut asked, &|name| read_names.get(name).cloned());
    let mut operation = json!({
        "operationId": route.operation_id,
        "summary": route.summary,
        "tags": [group],
        "security": [{"token": [role]}],
        "parameters": asked["parameters"],
        "responses": answers.into_iter().map(|(status, answer)| (status.to_string(), answer)).collect::<Map<_, _>>(),
    });
    if !asked["requestBody"].is_null() {
        operation["requestBody"] = asked["requestBody"].take();
    }
    operation
}

fn responses(problem: &Value) -> Map<String, Value> {
    let response = |kind: ProblemKind| {
        let (status, title) = meaning(kind);
        let mut response = json!({
            "description": format!("{title}."),
            "content": {"application/problem+json": {"schema": problem}},
        });
        if kind == ProblemKind::Unauthorized {
            let challenge = json!({"description": "`Bearer`.", "required": true, "schema": {"type": "string"}});
            response["headers"]["WWW-Authenticate"] = challenge;
        }
        if kind == ProblemKind::Conflict {
            let pause = json!({"description": "In how many seconds to ask again.", "schema": {"type": "integer"}});
            response["headers"]["Retry-After"] = pause;
        }
        (status.as_str().to_owned(), response)
    };
    let too_slow = ("503".to_owned(), json!({"description": "It took longer than 30 seconds."}));
    PROBLEMS.into_iter().map(response).chain([too_slow]).collect()
}

/// All schemas under one name each, and the new names of those that are read otherwise than they are written: a field that
/// may be left out in a request is always there in an answer.
fn components(mut schemas: Schemas) -> (Map<String, Value>, BTreeMap<String, String>) {
    let (read, mut written) = (schemas.read.take_definitions(true), schemas.written.take_definitions(true));
    let mut differ = BTreeSet::new();
    loop {
        let known = differ.len();
        let both = read.iter().filter_map(|(name, schema)| Some((name, schema, written.get(name)?)));
        let more = both.filter(|(_, read, written)| read != written || mentions(read, &differ));
        let more: Vec<_> = more.map(|(name, ..)| name.clone()).collect();
        differ.extend(more);
        if differ.len() == known {
            break;
        }
    }
    let read_names: BTreeMap<_, _> = differ.into_iter().map(|name| (name.clone(), format!("{name}AsSent"))).collect();
    for (name, mut schema) in read {
        rename(&mut schema, &|name| read_names.get(name).cloned());
        written.entry(read_names.get(&name).unwrap_or(&name).clone()).or_insert(schema);
    }
    let shown = written.into_iter().map(|(name, schema)| (shown_name(&name), schema));
    (shown.collect(), read_names)
}

/// The code's `TicketJson` is everybody else's `Ticket`.
fn shown_name(name: &str) -> String {
    name.replace("Json", "")
}

fn mentions(schema: &Value, names: &BTreeSet<String>) -> bool {
    match schema {
        Value::Object(fields) => fields.iter().any(|(key, value)| match value {
            Value::String(reference) if key == "$ref" => {
                reference.strip_prefix(SCHEMAS).is_some_and(|name| names.contains(name))
            }
            value => mentions(value, names),
        }),
        Value::Array(items) => items.iter().any(|item| mentions(item, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Gives each schema that is referred to the name that `new_name` has for it.
fn rename(value: &mut Value, new_name: &impl Fn(&str) -> Option<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(reference) if key == "$ref" => {
                        if let Some(name) = reference.strip_prefix(SCHEMAS).and_then(new_name) {
                            *reference = format!("{SCHEMAS}{name}");
                        }
                    }
                    value => rename(value, new_name),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, new_name)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Takes out of descriptions what speaks to whoever reads the code: the rows that a sentence comes from, and links.
fn without_rows(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(text) if key == "description" => *text = for_users(text),
                    value => without_rows(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_rows),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn for_users(text: &str) -> String {
    let text = text.replace("[`", "`").replace("`]", "`");
    let mut kept = String::with_capacity(text.len());
    for (index, piece) in text.split(" (").enumerate() {
        match piece.split_once(')') {
            Some((inside, rest)) if index > 0 && inside.split(", ").all(is_row) => kept.push_str(rest),
            _ if index > 0 => kept.extend([" (", piece]),
            _ => kept.push_str(piece),
        }
    }
    kept
}

/// Such as `SYN-36`, `decision C10`, `invariant 2`, `POL-01 to POL-04`.
fn is_row(text: &str) -> bool {
    let word = |word: &str| {
        let (letters, digits) = word.split_at(word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len()));
        matches!(word, "decision" | "invariant" | "to")
            || (letters.chars().all(|c| c.is_ascii_uppercase() || c == '-')
                && !digits.is_empty()
                && digits.chars().all(|c| c.is_ascii_digit()))
    };
    text.split(' ').all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_for_those_who_use_the_api() {
        for (written, shown) in [
            ("Its icon (AGT-19).", "Its icon."),
            ("Who (decision C10) does [`Self`] (RFC 7396).", "Who does `Self` (RFC 7396)."),
            ("One (POL-01 to POL-04, invariant 2) of (a) b", "One of (a) b"),
        ] {
            assert_eq!(for_users(written), shown);
        }
    }

    /// Everything that the document refers to is in it, and no request is called like another.
    #[test]
    fn the_document_is_whole() {
        let text = DOCUMENT.to_string();
        for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(DOCUMENT.pointer(reference).is_some(), "{reference}");
        }
        let mut names = BTreeSet::new();
        for operation in DOCUMENT["paths"].as_object().into_iter().flat_map(|paths| paths.values()) {
            for operation in operation.as_object().into_iter().flat_map(|methods| methods.values()) {
                let name = operation["operationId"].as_str().unwrap_or_default();
                assert!(names.insert(name), "{name} twice");
            }
        }
        assert!(names.len() > 80);
    }
}
