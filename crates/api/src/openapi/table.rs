//! Which methods a path has.

use std::collections::{BTreeMap, BTreeSet};

use utoipa::openapi::PathItem;

/// The templates of all paths with their methods.
#[derive(Debug)]
pub(super) struct Table(Vec<(Vec<String>, BTreeSet<&'static str>)>);

impl Table {
    /// Of the paths that `each` visits, some of them several times, with one method each.
    pub(super) fn read(each: impl FnOnce(&mut dyn FnMut(String, &PathItem))) -> Self {
        let mut templates = BTreeMap::<String, BTreeSet<&'static str>>::new();
        each(&mut |template, item| templates.entry(template).or_default().extend(methods(item)));
        Self(templates.into_iter().map(|(template, methods)| (split(&template), methods)).collect())
    }

    /// The methods of the template that fits best, in order, joined for `Allow`: a fixed word is better than a placeholder.
    pub(super) fn allowed(&self, path: &str) -> Option<String> {
        let path = split(path);
        let fitting = self.0.iter().filter(|(template, _)| fits(template, &path));
        let (_, methods) =
            fitting.min_by_key(|(template, _)| template.iter().filter(|part| part.starts_with('{')).count())?;
        Some(methods.iter().copied().collect::<Vec<_>>().join(", "))
    }
}

fn split(path: &str) -> Vec<String> {
    path.split('/').map(str::to_owned).collect()
}

fn methods(item: &PathItem) -> impl Iterator<Item = &'static str> {
    let each = [
        ("DELETE", &item.delete),
        ("GET", &item.get),
        ("PATCH", &item.patch),
        ("POST", &item.post),
        ("PUT", &item.put),
    ];
    each.into_iter().filter(|(_, operation)| operation.is_some()).map(|(name, _)| name)
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

    use super::*;

    #[test]
    fn a_path_has_the_methods_of_its_templates() {
        let said = [("/a/{id}", HttpMethod::Patch), ("/a/{id}", HttpMethod::Get), ("/a/b", HttpMethod::Post)];
        let table = Table::read(|visit| {
            for (path, method) in said {
                visit(path.to_owned(), &PathItem::new(method, OperationBuilder::new().build()));
            }
        });
        assert_eq!(table.allowed("/a/1").as_deref(), Some("GET, PATCH"));
        assert_eq!(table.allowed("/a/b").as_deref(), Some("POST"));
        assert_eq!(table.allowed("/a"), None);
        assert_eq!(table.allowed("/a/"), None);
    }
}
