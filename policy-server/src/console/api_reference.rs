//! `/api/v1/docs`: the API's description as a page, for people. It is drawn from the document that programs read.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde_json::Value;

use super::{
    guard::SignedIn,
    layout::{Layout, Section},
};
use crate::{
    api::{ABOUT, DOCUMENT},
    app::SharedApp,
    domain::staff::SessionStep,
    portal::pages::{PageFailed, page},
};

#[derive(Template)]
#[template(path = "console/api_reference.html")]
struct ReferencePage {
    layout: Layout,
    about: Vec<(&'static str, Words)>,
    groups: Vec<GroupPart>,
    schemas: Vec<SchemaPart>,
}

/// A text in pieces, and whether each is code.
type Words = Vec<(bool, String)>;

struct GroupPart {
    name: String,
    about: Words,
    operations: Vec<OperationPart>,
}

struct OperationPart {
    id: String,
    method: String,
    path: String,
    summary: String,
    role: String,
    parameters: Vec<FieldLine>,
    body: Option<Kind>,
    answers: Vec<AnswerLine>,
}

struct AnswerLine {
    status: String,
    text: Words,
    kind: Option<Kind>,
}

struct SchemaPart {
    name: String,
    about: Words,
    /// One for each shape that it can have.
    shapes: Vec<Vec<FieldLine>>,
    /// What it is where it has no fields.
    kind: Option<Kind>,
    /// The values that it can have, where each has its words.
    values: Vec<(String, Words)>,
}

struct FieldLine {
    name: String,
    /// `path`, `query`, `header`, or empty.
    place: String,
    kind: Kind,
    is_required: bool,
    text: Words,
}

/// What a value is: words, some of which lead to a schema.
type Kind = Vec<(String, Option<String>)>;

/// The page, for anybody.
pub(super) async fn show(State(app): State<SharedApp>, headers: HeaderMap) -> Result<Response, PageFailed> {
    let layout = match SignedIn::load(&app, &headers, SessionStep::SignedIn).await? {
        Some(signed_in) => Layout::load(&app, &signed_in, Section::Settings),
        None => Layout::outside(&app),
    };
    let document = &*DOCUMENT;
    let groups = items(&document["tags"]).map(|tag| group(document, tag)).collect();
    let schemas = fields(&document["components"]["schemas"]).map(|(name, schema)| schema_part(name, schema)).collect();
    let about = ABOUT.iter().map(|(title, text)| (*title, words(text))).collect();
    page(StatusCode::OK, &ReferencePage { layout, about, groups, schemas })
}

fn group(document: &Value, tag: &Value) -> GroupPart {
    let of_group = |operation: &Value| items(&operation["tags"]).any(|name| *name == tag["name"]);
    let operations = fields(&document["paths"]).flat_map(|(path, methods)| {
        let in_order = ["get", "post", "put", "patch", "delete"].into_iter();
        in_order.filter_map(move |method| Some((path, method, methods.get(method)?)))
    });
    GroupPart {
        name: text(&tag["name"]),
        about: described(tag),
        operations: operations
            .filter(|(.., operation)| of_group(operation))
            .map(|(path, method, operation)| operation_part(document, path, method, operation))
            .collect(),
    }
}

fn operation_part(document: &Value, path: &str, method: &str, operation: &Value) -> OperationPart {
    let parameters = items(&operation["parameters"]).map(|parameter| FieldLine {
        name: text(&parameter["name"]),
        place: text(&parameter["in"]),
        kind: kind(&parameter["schema"]),
        is_required: parameter["required"] == true,
        text: described(parameter),
    });
    let answers = fields(&operation["responses"]).map(|(status, answer)| {
        let answer = answer["$ref"].as_str().and_then(|name| document.pointer(&name[1..])).unwrap_or(answer);
        AnswerLine { status: status.clone(), text: described(answer), kind: content(answer) }
    });
    OperationPart {
        id: text(&operation["operationId"]),
        method: method.to_uppercase(),
        path: format!("{}{path}", text(&document["servers"][0]["url"])),
        summary: text(&operation["summary"]),
        role: text(&operation["security"][0]["token"][0]),
        parameters: parameters.collect(),
        body: content(&operation["requestBody"]),
        answers: answers.collect(),
    }
}

fn content(carrier: &Value) -> Option<Kind> {
    let (media_type, content) = fields(&carrier["content"]).next()?;
    match media_type.as_str() {
        "application/json" | "application/problem+json" => Some(kind(&content["schema"])),
        other => Some(vec![(other.to_owned(), None)]),
    }
}

fn schema_part(name: &str, schema: &Value) -> SchemaPart {
    let alternatives: Vec<_> = items(&schema["oneOf"]).chain(items(&schema["anyOf"])).collect();
    let values = alternatives.iter().filter(|one| one.get("const").is_some());
    let values: Vec<_> = values.map(|one| (text(&one["const"]), described(one))).collect();
    let mut shapes: Vec<_> =
        alternatives.iter().filter(|one| one.get("properties").is_some()).map(|one| shape(one)).collect();
    if schema.get("properties").is_some() {
        shapes.insert(0, shape(schema));
    }
    let is_plain = shapes.is_empty() && values.is_empty();
    SchemaPart { name: name.to_owned(), about: described(schema), shapes, kind: is_plain.then(|| kind(schema)), values }
}

fn shape(schema: &Value) -> Vec<FieldLine> {
    let lines = fields(&schema["properties"]).map(|(name, field)| FieldLine {
        name: name.clone(),
        place: String::new(),
        kind: kind(field),
        is_required: items(&schema["required"]).any(|required| required == name),
        text: described(field),
    });
    lines.collect()
}

fn kind(schema: &Value) -> Kind {
    let plain = |text: &str| vec![(text.to_owned(), None)];
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        return vec![(name.to_owned(), Some(name.to_owned()))];
    }
    if let Some(value) = schema.get("const") {
        return plain(&value.to_string());
    }
    if let Some(values) = schema.get("enum") {
        return plain(&items(values).map(Value::to_string).collect::<Vec<_>>().join(", "));
    }
    let alternatives: Vec<_> = items(&schema["oneOf"]).chain(items(&schema["anyOf"])).map(kind).collect();
    if !alternatives.is_empty() {
        return alternatives.join(&(" or ".to_owned(), None));
    }
    let names: Vec<_> = match &schema["type"] {
        Value::Array(several) => several.iter().map(text).collect(),
        one => vec![text(one)],
    };
    let mut kind = Kind::new();
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            kind.push((" or ".into(), None));
        }
        match (name.as_str(), schema.get("format").and_then(Value::as_str)) {
            ("array", _) => {
                kind.push(("list of ".into(), None));
                kind.extend(self::kind(&schema["items"]));
            }
            ("object", _) if schema["additionalProperties"].is_object() => {
                kind.push(("map of ".into(), None));
                kind.extend(self::kind(&schema["additionalProperties"]));
            }
            ("string", Some(format)) => kind.push((format!("string ({format})"), None)),
            ("", _) => kind.push(("anything".into(), None)),
            (name, _) => kind.push((name.to_owned(), None)),
        }
    }
    kind
}

fn described(thing: &Value) -> Words {
    words(thing["description"].as_str().unwrap_or_default())
}

/// Splits at backticks.
fn words(text: &str) -> Words {
    let pieces = text.split('`').enumerate().filter(|(_, piece)| !piece.is_empty());
    pieces.map(|(index, piece)| (index % 2 == 1, piece.to_owned())).collect()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn fields(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}
