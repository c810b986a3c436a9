//! Which methods a path has.

use utoipa::openapi::{OpenApi, PathItem};

/// The templates of all paths with their methods.
#[derive(Debug)]
pub(super) struct Table(Vec<(Vec<String>, Vec<&'static str>)>);

impl Table {
    pub(super) fn read(document: &OpenApi) -> Self {
        Self(document.paths.paths.iter().map(|(template, item)| (split(template), methods(item))).collect())
    }

    /// The methods of the template that fits best, in order, joined for `Allow`: a fixed word is better than a placeholder.
    pub(super) fn allowed(&self, path: &str) -> Option<String> {
        let path = split(path);
        let fitting = self.0.iter().filter(|(template, _)| fits(template, &path));
        let (_, methods) =
            fitting.min_by_key(|(template, _)| template.iter().filter(|part| part.starts_with('{')).count())?;
        Some(methods.join(", "))
    }
}

fn split(path: &str) -> Vec<String> {
    path.split('/').map(str::to_owned).collect()
}

/// In the order of the alphabet.
fn methods(item: &PathItem) -> Vec<&'static str> {
    let each = [
        ("DELETE", &item.delete),
        ("GET", &item.get),
        ("PATCH", &item.patch),
        ("POST", &item.post),
        ("PUT", &item.put),
    ];
    each.into_iter().filter(|(_, operation)| operation.is_some()).map(|(name, _)| name).collect()
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
    use utoipa::openapi::path::{HttpMethod, OperationBuilder};
    use utoipa::openapi::{InfoBuilder, Paths};

    use super::*;

    #[test]
    fn a_path_has_the_methods_of_its_templates() {
        let mut paths = Paths::new();
        for (path, method) in [("/a/{id}", HttpMethod::Patch), ("/a/{id}", HttpMethod::Get), ("/a/b", HttpMethod::Post)]
        {
            paths.add_path_operation(path, vec![method], OperationBuilder::new().build());
        }
        let table = Table::read(&OpenApi::new(InfoBuilder::new().build(), paths));
        assert_eq!(table.allowed("/a/1").as_deref(), Some("GET, PATCH"));
        assert_eq!(table.allowed("/a/b").as_deref(), Some("POST"));
        assert_eq!(table.allowed("/a"), None);
        assert_eq!(table.allowed("/a/"), None);
    }
}
