//! Which methods a path has.

use serde_json::Value;

/// The templates of all paths with their methods.
#[derive(Debug)]
pub(super) struct Table(Vec<(Vec<String>, Vec<String>)>);

impl Table {
    pub(super) fn read(document: &Value) -> Self {
        let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
        Self(paths.map(|(template, item)| (split(template), methods(item))).collect())
    }

    /// The methods of the template that fits best, in order, joined for `Allow`: a fixed word is better than a placeholder.
    pub(super) fn allowed(&self, path: &str) -> Option<String> {
        let path = split(path);
        let fitting = self.0.iter().filter(|(template, _)| fits(template, &path));
        let (_, methods) =
            fitting.min_by_key(|(template, _)| template.iter().filter(|part| part.starts_with('{')).count())?;
        let mut found: Vec<&str> = methods.iter().map(String::as_str).collect();
        found.sort_unstable();
        Some(found.join(", "))
    }
}

fn split(path: &str) -> Vec<String> {
    path.split('/').map(str::to_owned).collect()
}

fn methods(item: &Value) -> Vec<String> {
    let names = item.as_object().into_iter().flat_map(|item| item.keys());
    let is_method = |name: &&String| ["get", "post", "put", "patch", "delete"].contains(&name.as_str());
    names.filter(is_method).map(|name| name.to_ascii_uppercase()).collect()
}

fn fits(template: &[String], path: &[String]) -> bool {
    template.len() == path.len()
        && template
            .iter()
            .zip(path)
            .all(|(part, given)| if part.starts_with('{') { !given.is_empty() } else { part == given })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_has_the_methods_of_its_templates() {
        let table = Table::read(&json!({"paths": {
            "/a/{id}": {"get": {}, "patch": {}, "parameters": []},
            "/a/b": {"post": {}},
        }}));
        assert_eq!(table.allowed("/a/1").as_deref(), Some("GET, PATCH"));
        assert_eq!(table.allowed("/a/b").as_deref(), Some("POST"));
        assert_eq!(table.allowed("/a"), None);
        assert_eq!(table.allowed("/a/"), None);
    }
}
