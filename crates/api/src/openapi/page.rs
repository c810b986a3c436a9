//! The contract as a page for people: plain HTML made here, so that it needs no script and nothing from elsewhere.

use std::fmt::Write as _;

use serde_json::Value;

use super::complete::METHODS;

/// The style of the page.
pub(super) const STYLE: &str = include_str!("docs.css");

/// The page.
pub(super) fn page(document: &Value) -> String {
    let mut html = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Rapport API</title>\n<link rel=\"stylesheet\" href=\"/docs/docs.css\">\n</head>\n<body>\n",
    );
    let _ = writeln!(
        html,
        "<header><h1>Rapport API</h1><p>{}</p><p><a href=\"/api/v1/openapi.json\">OpenAPI 3.1 document</a></p></header>",
        escape(text(document, "/info/description"))
    );
    let tags = document.get("tags").and_then(Value::as_array).into_iter().flatten();
    let tags: Vec<(&str, &str)> = tags.map(|tag| (text(tag, "/name"), text(tag, "/description"))).collect();
    html.push_str("<nav aria-label=\"Sections\"><ul>\n");
    for (tag, _) in &tags {
        let _ = writeln!(html, "<li><a href=\"#{}\">{}</a></li>", anchor(tag), escape(tag));
    }
    html.push_str("</ul></nav>\n<main>\n");
    for (tag, description) in &tags {
        let _ =
            writeln!(html, "<section id=\"{}\"><h2>{}</h2><p>{}</p>", anchor(tag), escape(tag), escape(description));
        operations(&mut html, document, tag);
        html.push_str("</section>\n");
    }
    html.push_str("<section id=\"schemas\"><h2>Schemas</h2>\n");
    schemas(&mut html, document);
    html.push_str("</section>\n</main>\n</body>\n</html>\n");
    html
}

fn operations(html: &mut String, document: &Value, tag: &str) {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    for (path, item) in paths {
        for method in METHODS {
            let Some(operation) = item.get(method).filter(|operation| text(operation, "/tags/0") == tag) else {
                continue;
            };
            let _ = write!(
                html,
                "<details id=\"{id}\"><summary><b class=\"{method}\">{upper}</b> <code>{path}</code> {summary}</summary>\n<p>{description}</p>\n",
                id = text(operation, "/operationId"),
                upper = method.to_ascii_uppercase(),
                path = escape(path),
                summary = escape(text(operation, "/summary")),
                description = escape(text(operation, "/description")),
            );
            parameters(html, document, operation);
            bodies(html, operation);
            html.push_str("</details>\n");
        }
    }
}

fn parameters(html: &mut String, document: &Value, operation: &Value) {
    let Some(list) = operation.get("parameters").and_then(Value::as_array).filter(|list| !list.is_empty()) else {
        return;
    };
    html.push_str(
        "<h3>Parameters</h3><table><thead><tr><th>Name</th><th>In</th><th>Meaning</th></tr></thead><tbody>\n",
    );
    for parameter in list.iter().filter_map(|parameter| resolve(document, parameter)) {
        let _ = writeln!(
            html,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
            escape(text(parameter, "/name")),
            escape(text(parameter, "/in")),
            escape(text(parameter, "/description"))
        );
    }
    html.push_str("</tbody></table>\n");
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> Option<&'a Value> {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => document.pointer(reference.strip_prefix('#')?),
        None => Some(value),
    }
}

fn bodies(html: &mut String, operation: &Value) {
    if let Some(content) = operation.pointer("/requestBody/content/application~1json") {
        html.push_str("<h3>Body</h3>\n");
        content_of(html, content);
    }
    html.push_str("<h3>Answers</h3><ul>\n");
    for (status, response) in operation.get("responses").and_then(Value::as_object).into_iter().flatten() {
        let refusal = text(response, "/$ref").rsplit('/').next().unwrap_or_default();
        let meaning = if refusal.is_empty() { text(response, "/description") } else { refusal };
        let _ = writeln!(html, "<li><b>{status}</b> {}", escape(meaning));
        if let Some(content) = response.pointer("/content/application~1json") {
            content_of(html, content);
        }
        html.push_str("</li>\n");
    }
    html.push_str("</ul>\n");
}

fn content_of(html: &mut String, content: &Value) {
    let name = text(content, "/schema/$ref").rsplit('/').next().unwrap_or_default();
    if !name.is_empty() {
        let _ = writeln!(html, "<p>Schema <a href=\"#schema-{name}\">{name}</a></p>");
    }
    if let Some(example) = content.get("example") {
        pretty(html, example);
    }
}

fn schemas(html: &mut String, document: &Value) {
    for (name, schema) in document.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten() {
        let _ = writeln!(
            html,
            "<details id=\"schema-{name}\"><summary><code>{name}</code> {}</summary>",
            escape(text(schema, "/description"))
        );
        pretty(html, schema);
        html.push_str("</details>\n");
    }
}

fn pretty(html: &mut String, json: &Value) {
    let _ =
        writeln!(html, "<pre tabindex=\"0\">{}</pre>", escape(&serde_json::to_string_pretty(json).unwrap_or_default()));
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn anchor(tag: &str) -> String {
    tag.to_ascii_lowercase().replace(' ', "-")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
