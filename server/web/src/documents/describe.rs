//! The calls in the API's document, derived from the types of a kind of document.

use super::bodies::{Changing, Created, Creating};
use super::offered::{Change, New, Own};
use super::{CreateOffered, Offered, place};
use crate::extract::IdempotencyKey;
use crate::state::AppState;
use axum::routing::MethodRouter;
use protocol::{Document, Revised, Seen};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, Paths,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{
    Content, ContentBuilder, Header, Ref, RefOr, Required, ResponseBuilder, Schema,
};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use utoipa_axum::router::UtoipaMethodRouter;

/// The media type of bodies and answers.
const JSON: &str = "application/json";
/// The device of the examples.
const DEVICE: &str = "c2d81f6e93b70a54";

type Schemas = Vec<(String, RefOr<Schema>)>;

/// Describes the call that shows a document.
pub(super) fn show<O: Offered>(handler: MethodRouter<AppState>) -> UtoipaMethodRouter<AppState> {
    let mut schemas = parts::<O>();
    let example = O::example().map(|(value, _)| Revised { rev: 1, value });
    let answer = content::<O, Revised<O::Document>>(&mut schemas, &example);
    let operation = operation::<O>("show", "Shows", "As everybody sees it.")
        .parameters(key::<O>())
        .response("200", response("As everybody sees it.", answer));
    let path = place::call_path_of_one::<O::Document>();
    described(HttpMethod::Get, &path, operation, (schemas, handler))
}

/// Describes the call that changes a document.
pub(super) fn change<O: Offered>(handler: MethodRouter<AppState>) -> UtoipaMethodRouter<AppState> {
    let mut schemas = parts::<O>();
    let change = O::example_change();
    let seen = O::example().and_then(|(mut value, mut own)| {
        value.apply(&mut own, change.clone()).ok()?;
        Some(Seen { rev: 2, value, own })
    });
    let answer = content::<O, Seen<O::Document, Own<O>>>(&mut schemas, &seen);
    let example = json!({ "device_id": DEVICE, "change": change });
    let body = content::<O, Changing<Change<O>>>(&mut schemas, &example);
    let text = "With an `Idempotency-Key`, retries make the change once. What is against the rules is refused, and changes \
        nothing.";
    let operation = operation::<O>("change", "Changes", text)
        .parameters(key::<O>())
        .parameters(idempotency_key())
        .request_body(Some(request(body)))
        .response("200", response("As the person sees it now.", answer));
    let path = format!("{}/changes", place::call_path_of_one::<O::Document>());
    described(HttpMethod::Post, &path, operation, (schemas, handler))
}

/// Describes the call that creates a document.
pub(super) fn create<O: CreateOffered>(
    handler: MethodRouter<AppState>,
) -> UtoipaMethodRouter<AppState> {
    let mut schemas = parts::<O>();
    let created = O::example().map(|(value, own)| Created {
        key: O::KEY.to_owned(),
        rev: 1,
        value,
        own,
    });
    let answer = content::<O, Created<O::Document, Own<O>>>(&mut schemas, &created);
    let mut example = json!(O::example_new());
    if let Some(example) = example.as_object_mut() {
        example.insert("device_id".into(), DEVICE.into());
    }
    add::<New<O>>(&mut schemas, New::<O>::name().into());
    let body = content::<O, Creating<New<O>>>(&mut schemas, &example);
    let mut location = Header::new(String::schema());
    location.description = Some("Where it is.".into());
    let mut answer = response("It was created.", answer);
    answer.headers.insert("Location".into(), location);
    let text = "With an `Idempotency-Key`, retries create it once.";
    let operation = operation::<O>("create", "Creates", text)
        .parameters(idempotency_key())
        .request_body(Some(request(body)))
        .response("201", answer);
    let path = place::call_path::<O::Document>();
    described(HttpMethod::Post, &path, operation, (schemas, handler))
}

/// A call that does so to one of a kind.
fn operation<O: Offered>(id: &str, does: &str, text: &str) -> OperationBuilder {
    OperationBuilder::new()
        .operation_id(Some(format!("{id}_{}", O::Document::NAME)))
        .tag(place::group::<O::Document>())
        .summary(Some(format!("{does} {}.", O::NOUN)))
        .description(Some(text))
}

/// The key in the path, where there is more than one of the kind.
fn key<O: Offered>() -> Option<Vec<Parameter>> {
    let key = ParameterBuilder::new()
        .name("key")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(format!("Which one: the key of {}.", O::NOUN)))
        .schema(Some(String::schema()))
        .example(Some(Value::from(O::KEY)));
    (!place::is_single::<O::Document>()).then(|| vec![key.build()])
}

fn idempotency_key() -> Option<Vec<Parameter>> {
    Some(IdempotencyKey::into_params(|| Some(ParameterIn::Header)))
}

/// The schemas of a kind of document, to which those of bodies refer.
fn parts<O: Offered>() -> Schemas {
    let mut schemas = Schemas::new();
    add::<O::Document>(&mut schemas, O::Document::name().into());
    add::<Own<O>>(&mut schemas, Own::<O>::name().into());
    add::<Change<O>>(&mut schemas, Change::<O>::name().into());
    schemas
}

/// Adds the schema of a type, and those to which it refers.
fn add<T: ToSchema>(schemas: &mut Schemas, name: String) {
    T::schemas(schemas);
    schemas.push((name, T::schema()));
}

/// A body of that type, whose schema all calls of the kind share, with an example.
fn content<O: Offered, T: ToSchema>(schemas: &mut Schemas, example: &impl Serialize) -> Content {
    let name = format!("{}{}", T::name(), O::Document::name());
    add::<T>(schemas, name.clone());
    ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(name)))
        .example(serde_json::to_value(example).ok())
        .build()
}

fn request(content: Content) -> utoipa::openapi::request_body::RequestBody {
    RequestBodyBuilder::new()
        .required(Some(Required::True))
        .content(JSON, content)
        .build()
}

fn response(description: &str, content: Content) -> utoipa::openapi::Response {
    ResponseBuilder::new()
        .description(description)
        .content(JSON, content)
        .build()
}

/// A call with its handler, as utoipa's macro would describe it.
fn described(
    method: HttpMethod,
    path: &str,
    operation: OperationBuilder,
    (schemas, handler): (Schemas, MethodRouter<AppState>),
) -> UtoipaMethodRouter<AppState> {
    let mut paths = Paths::new();
    paths.add_path_operation(path, vec![method], operation);
    (schemas, paths, handler)
}
