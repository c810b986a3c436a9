//! Examples of whole bodies, put together from the examples of their fields.

use serde_json::{Map, Value, json};

use super::complete::set;

/// How deep examples nest before optional parts are left out.
const DEPTH: usize = 6;

/// The schemas examples are made from.
pub(super) struct Examples {
    schemas: Map<String, Value>,
}

impl Examples {
    pub(super) fn of(document: &Value) -> Self {
        let schemas = document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
        Self { schemas }
    }

    /// Adds an example to each content that has a schema and no example yet.
    pub(super) fn fill(&self, contents: &mut Value) {
        for (_, content) in contents.as_object_mut().into_iter().flatten() {
            let has_one = content.get("example").is_some() || content.get("examples").is_some();
            if let Some(schema) = content.get("schema").filter(|_| !has_one) {
                let example = self.example(schema, 0);
                set(content, "example", example);
            }
        }
    }

    fn example(&self, schema: &Value, depth: usize) -> Value {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let name = reference.rsplit('/').next().unwrap_or_default();
            return self.schemas.get(name).map_or(Value::Null, |schema| self.example(schema, depth + 1));
        }
        if let Some(given) = given(schema) {
            return given;
        }
        for word in ["oneOf", "anyOf"] {
            if let Some(choices) = schema.get(word).and_then(Value::as_array) {
                let real = choices.iter().find(|choice| !is_type(choice, "null"));
                return real.map_or(Value::Null, |choice| self.example(choice, depth));
            }
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            return self.joined(parts, depth);
        }
        self.of_type(schema, depth)
    }

    fn joined(&self, parts: &[Value], depth: usize) -> Value {
        let mut whole = Map::new();
        for part in parts {
            if let Value::Object(map) = self.example(part, depth) {
                whole.extend(map);
            }
        }
        Value::Object(whole)
    }

    fn of_type(&self, schema: &Value, depth: usize) -> Value {
        if is_type(schema, "object") || schema.get("properties").is_some() {
            return self.object(schema, depth);
        }
        if is_type(schema, "array") {
            let items = schema.get("items").filter(|_| depth < DEPTH);
            return items.map_or_else(|| json!([]), |items| json!([self.example(items, depth + 1)]));
        }
        if is_type(schema, "string") {
            return json!(text(schema));
        }
        if is_type(schema, "integer") || is_type(schema, "number") {
            return schema.get("minimum").cloned().unwrap_or_else(|| json!(1));
        }
        if is_type(schema, "boolean") { json!(true) } else { Value::Null }
    }

    fn object(&self, schema: &Value, depth: usize) -> Value {
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        let shown = properties.filter(|(name, _)| depth < DEPTH || required.contains(&name.as_str()));
        Value::Object(shown.map(|(name, schema)| (name.clone(), self.example(schema, depth + 1))).collect())
    }
}

/// The example a schema gives itself.
fn given(schema: &Value) -> Option<Value> {
    let first = |name: &str| schema.get(name).and_then(|list| list.get(0)).cloned();
    schema
        .get("example")
        .cloned()
        .or_else(|| first("examples"))
        .or_else(|| schema.get("const").cloned())
        .or_else(|| schema.get("default").cloned())
        .or_else(|| first("enum"))
}

fn is_type(schema: &Value, name: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(found)) => found == name,
        Some(Value::Array(found)) => found.iter().any(|found| found == name),
        _ => false,
    }
}

fn text(schema: &Value) -> &'static str {
    match schema.get("format").and_then(Value::as_str) {
        Some("uuid") => "01890a5d-ac96-774b-bcce-b302099a8057",
        Some("date-time") => "2026-11-21T08:00:00Z",
        Some("date") => "2026-11-21",
        Some("email") => "sun.wukong@example.com",
        Some("uri") => "https://example.com",
        Some("password") => "lantern-orbit-velvet",
        _ => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_put_together_from_its_parts() {
        let examples = Examples::of(&json!({"components": {"schemas": {
            "Money": {"type": "object", "properties": {"amount": {"type": "string", "example": "12.00"}}},
            "Deal": {"type": "object", "properties": {
                "id": {"type": "string", "format": "uuid"},
                "amount": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Money"}]},
                "stages": {"type": "array", "items": {"type": "string", "enum": ["open", "won"]}},
                "note": {"type": ["string", "null"]},
            }},
        }}}));
        let mut contents = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Deal"}}});
        examples.fill(&mut contents);
        let made = contents.pointer("/application~1json/example").cloned();
        assert_eq!(
            made,
            Some(
                json!({"id": "01890a5d-ac96-774b-bcce-b302099a8057", "amount": {"amount": "12.00"}, "stages": ["open"], "note": "text"})
            )
        );
    }
}
