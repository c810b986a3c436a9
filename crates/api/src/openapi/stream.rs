//! What the messages of the stream of events hold: JSON within text, of which the derived schema knows nothing.

use serde_json::{Value, json};
use utoipa::{PartialSchema as _, ToSchema};

use super::complete::set;
use crate::events::{ChangeEvent, Signal, StreamMessage};

/// What the HTML standard calls a message without a name, and so what readers of streams call it.
const NAMELESS: &str = "message";

/// Adds the schema of an event, and says where it is found and what a message is called that has no name.
pub(super) fn add_components(components: &mut Value) {
    let change = serde_json::to_value(ChangeEvent::schema()).unwrap_or_default();
    let Some(schemas) = components.get_mut("schemas") else { return };
    set(schemas, &ChangeEvent::name(), change);
    let reference = format!("#/components/schemas/{}", ChangeEvent::name());
    let held = json!({ "anyOf": [{ "$ref": reference }, { "type": "object", "maxProperties": 0 }] });
    if let Some(data) = schemas.pointer_mut(&format!("/{}/properties/data", StreamMessage::name())) {
        set(data, "contentSchema", held);
    }
    if let Some(Value::Array(names)) = schemas.pointer_mut(&format!("/{}/enum", <Signal as ToSchema>::name())) {
        names.push(NAMELESS.into());
    }
}
