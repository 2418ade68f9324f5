//! What a request asks for and what it is answered with, told by the types of its handler: an extractor says what it reads,
//! an answer what it carries. `openapi.rs` makes the document of it.

use std::collections::BTreeMap;

use axum::{Json, extract::State, http::StatusCode};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};

use super::caller::{Caller, MayWork};
use crate::{app::SharedApp, json_body::JsonBody, problems::Refused};

/// What one request is, as `OpenAPI` says it.
pub(crate) struct Operation<'a> {
    /// Of everything that crosses the wire.
    pub(super) schemas: &'a mut Schemas,
    /// The names of what varies in the path, in order.
    pub(super) names: Vec<String>,
    /// What is in path, query and headers.
    pub(super) parameters: Vec<Value>,
    /// What is sent.
    pub(super) body: Option<Value>,
    /// What comes back, by status.
    pub(super) answers: BTreeMap<u16, Value>,
}

/// The schemas of everything that crosses the wire: as it is read, and as it is written.
pub(crate) struct Schemas {
    pub(super) read: SchemaGenerator,
    pub(super) written: SchemaGenerator,
}

/// An extractor, which says what it takes from a request.
pub(crate) trait Asks {
    fn describe(operation: &mut Operation<'_>);
}

/// An answer, which says what it carries.
pub(crate) trait Answers {
    fn describe(operation: &mut Operation<'_>);
}

/// A handler, which says both.
pub(crate) trait Described<T> {
    fn describe(operation: &mut Operation<'_>);
}

impl Default for Schemas {
    fn default() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        });
        Self {
            read: settings.clone().for_deserialize().into_generator(),
            written: settings.for_serialize().into_generator(),
        }
    }
}

impl<'a> Operation<'a> {
    /// One of which nothing is known but its path.
    pub(super) fn new(schemas: &'a mut Schemas, path: &str) -> Self {
        let names = path.split(['{', '}']).skip(1).step_by(2).map(str::to_owned).collect();
        Self { schemas, names, parameters: Vec::new(), body: None, answers: BTreeMap::new() }
    }

    /// It may end with a problem of this status.
    pub(super) fn problem(&mut self, status: u16) {
        let reference = format!("#/components/responses/{status}");
        self.answers.entry(status).or_insert_with(|| json!({"$ref": reference}));
    }

    /// It is answered with a status and content.
    pub(super) fn answer(&mut self, status: u16, description: &str, media_type: &str, schema: &Value) {
        let content = json!({media_type: {"schema": schema}});
        self.answers.insert(status, json!({"description": description, "content": content}));
    }

    /// Each answer that is a success carries a header.
    pub(super) fn header(&mut self, name: &str, description: &str) {
        for (_, answer) in self.answers.range_mut(200..300) {
            let header = json!({"description": description, "required": true, "schema": {"type": "string"}});
            answer["headers"][name] = header;
        }
    }
}

impl Asks for State<SharedApp> {
    fn describe(_: &mut Operation<'_>) {}
}

impl Asks for MayWork {
    fn describe(_: &mut Operation<'_>) {}
}

/// The guard asks for the token.
impl Asks for Caller {
    fn describe(_: &mut Operation<'_>) {}
}

impl<T: JsonSchema, const MOST: usize> Asks for JsonBody<T, MOST> {
    fn describe(operation: &mut Operation<'_>) {
        let schema = operation.schemas.read.subschema_for::<T>();
        operation.body = Some(json!({"required": true, "content": {"application/json": {"schema": schema}}}));
        operation.problem(422);
    }
}

impl<T: JsonSchema> Answers for Json<T> {
    fn describe(operation: &mut Operation<'_>) {
        let schema = operation.schemas.written.subschema_for::<T>().to_value();
        operation.answer(200, "Done.", "application/json", &schema);
    }
}

/// A handler that gives a status alone has done something, and has nothing to say.
impl Answers for StatusCode {
    fn describe(operation: &mut Operation<'_>) {
        operation.answers.insert(204, json!({"description": "Done."}));
    }
}

impl<T: Answers> Answers for Result<T, Refused> {
    fn describe(operation: &mut Operation<'_>) {
        T::describe(operation);
    }
}

macro_rules! handlers {
    ($($($part:ident)*;)*) => {$(
        impl<F, Fut, R, $($part,)*> Described<($($part,)*)> for F
        where
            F: Fn($($part),*) -> Fut,
            Fut: Future<Output = R>,
            R: Answers,
            $($part: Asks,)*
        {
            fn describe(operation: &mut Operation<'_>) {
                $(<$part as Asks>::describe(operation);)*
                <R as Answers>::describe(operation);
            }
        }
    )*};
}

handlers! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
}
