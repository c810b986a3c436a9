//! Schemas that are the schema of a new thing with a change, so that a field is described once.

use serde_json::Value;
use utoipa::PartialSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, Type};

fn changed<New: PartialSchema>(change: impl FnOnce(&mut Object)) -> RefOr<Schema> {
    let mut schema = New::schema();
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        change(object);
    }
    schema
}

/// What may change of a thing: everything that `New` says of a new one, and nothing required.
pub(crate) fn update_of<New: PartialSchema>(description: &str, example: Value) -> RefOr<Schema> {
    changed::<New>(|object| {
        object.required.clear();
        object.description = Some(description.to_owned());
        object.example = Some(example);
    })
}

/// A rule to be tried: a new one, or another form of the one whose `id` is told beside it.
pub(crate) fn trial_of<New: PartialSchema>() -> RefOr<Schema> {
    changed::<New>(|object| {
        let id = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
            .description(Some("The rule that it replaces; without it, it is tried as a new one."));
        object.properties.insert("id".to_owned(), id.into());
        object.description = Some("A new rule, or another form of one that is there.".to_owned());
    })
}
