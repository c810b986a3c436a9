//! Which methods a path has.

use std::collections::{BTreeSet, HashMap};

use utoipa::openapi::PathItem;

/// The templates of all paths with their methods, as a tree: every request is looked up.
#[derive(Debug, Default)]
pub(super) struct Table {
    methods: BTreeSet<&'static str>,
    words: HashMap<String, Table>,
    placeholder: Option<Box<Table>>,
}

impl Table {
    /// Of the paths that `each` visits, some of them several times, with one method each.
    pub(super) fn read(each: impl FnOnce(&mut dyn FnMut(String, &PathItem))) -> Self {
        let mut table = Self::default();
        each(&mut |template, item| table.add(&template, item));
        table
    }

    fn add(&mut self, template: &str, item: &PathItem) {
        let mut place = self;
        for part in template.split('/') {
            place = if part.starts_with('{') {
                place.placeholder.get_or_insert_default()
            } else {
                place.words.entry(part.to_owned()).or_default()
            };
        }
        place.methods.extend(methods(item));
    }

    /// The methods of the template that fits best, in order; `None` when there is no such path. A fixed word is better than
    /// a placeholder.
    pub(super) fn methods_of(&self, path: &str) -> Option<&BTreeSet<&'static str>> {
        let (part, rest) = path.split_once('/').map_or((path, None), |(part, rest)| (part, Some(rest)));
        let word = self.words.get(part);
        let any = self.placeholder.as_deref().filter(|_| !part.is_empty());
        [word, any].into_iter().flatten().find_map(|next| match rest {
            Some(rest) => next.methods_of(rest),
            None => Some(&next.methods).filter(|methods| !methods.is_empty()),
        })
    }
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

#[cfg(test)]
mod tests {
    use utoipa::openapi::path::{HttpMethod, OperationBuilder};

    use super::*;

    #[test]
    fn a_path_has_the_methods_of_its_templates() {
        let said = [
            ("/a/{id}", HttpMethod::Patch),
            ("/a/{id}", HttpMethod::Get),
            ("/a/b", HttpMethod::Post),
            ("/a/{id}/c", HttpMethod::Put),
        ];
        let table = Table::read(|visit| {
            for (path, method) in said {
                visit(path.to_owned(), &PathItem::new(method, OperationBuilder::new().build()));
            }
        });
        let methods = |path: &str| table.methods_of(path).map(|methods| methods.iter().copied().collect::<Vec<_>>());
        assert_eq!(methods("/a/1"), Some(vec!["GET", "PATCH"]));
        assert_eq!(methods("/a/b"), Some(vec!["POST"]), "the word, not the placeholder");
        assert_eq!(methods("/a/b/c"), Some(vec!["PUT"]), "the placeholder, where the word leads nowhere");
        for unknown in ["", "/", "/a", "/a/", "/a//c", "/a/1/c/", "/a/1/d", "/a/{id}/c/d"] {
            assert_eq!(methods(unknown), None, "{unknown}");
        }
    }
}
