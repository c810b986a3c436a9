//! Where every module says which paths it has: to the workers that serve them, and to who reads the contract.
//!
//! `utoipa-actix-web` would describe every path to every worker, which has no use for it: that took most of a worker's
//! start, and memory that stayed.
//!
//! actix compares a request with one pattern after the other, and those that begin like the right one take as long as the
//! right one. Here the first word of a path is looked for, then each of its endpoints is told by its [`Place`], so that one
//! pattern is compared, and order counts only between a fixed word and a placeholder.

mod place;

use std::collections::BTreeMap;

use actix_web::dev::HttpServiceFactory;
use actix_web::guard::fn_guard;
use actix_web::{Scope, web};
use utoipa::openapi::path::Paths;
use utoipa::openapi::{ComponentsBuilder, OpenApi, OpenApiBuilder, PathItem};
use utoipa_actix_web::OpenApiFactory;

use place::Place;
pub(crate) use place::{Endpoint, PathId, template_of};

/// The beginning of every path of the contract.
pub(crate) const PREFIX: &str = "/api/v1";

/// What is told of every endpoint.
type Listener<'a> = &'a mut dyn FnMut(&dyn OpenApiFactory);

/// Whom a router to be is for.
enum Reader<'a> {
    /// A worker, which serves it: what there is by the first words of paths.
    Worker(&'a mut BTreeMap<String, Scope>),
    /// Who wants to know what it says of itself.
    Listener(Listener<'a>),
}

/// A router to be.
#[expect(missing_debug_implementations, reason = "a router has nothing to show")]
pub struct Routes<'a>(Reader<'a>);

impl Routes<'_> {
    /// Adds what a module has.
    pub fn configure(&mut self, add: impl FnOnce(&mut Routes<'_>)) -> &mut Self {
        add(self);
        self
    }

    /// Adds an endpoint.
    pub fn service<E: HttpServiceFactory + OpenApiFactory + utoipa::Path + 'static>(
        &mut self,
        endpoint: E,
    ) -> &mut Self {
        match &mut self.0 {
            Reader::Listener(listener) => listener(&endpoint),
            Reader::Worker(words) => {
                let path = E::path();
                let place = Place::new(&path, &E::methods());
                serve(words, &path, web::scope("").guard(place).service(endpoint));
            }
        }
        self
    }

    /// Adds several endpoints below a path, which find the right one themselves.
    pub fn group<G: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, path: &str, group: G) -> &mut Self {
        match &mut self.0 {
            Reader::Listener(listener) => listener(&group),
            Reader::Worker(words) => serve(words, path, group),
        }
        self
    }
}

fn serve(words: &mut BTreeMap<String, Scope>, path: &str, factory: impl HttpServiceFactory + 'static) {
    let word = path.split('/').nth(1).unwrap_or_default().to_owned();
    let before = words.remove(&word).unwrap_or_else(|| {
        let beginning = format!("{PREFIX}/{word}");
        let is_below = move |path: &str| {
            path.strip_prefix(&beginning).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        web::scope("").guard(fn_guard(move |request| is_below(request.head().uri.path())))
    });
    words.insert(word, before.service(factory));
}

/// All of it, ready to be served.
pub(crate) fn scope(add: impl FnOnce(&mut Routes<'_>)) -> Scope {
    let mut words = BTreeMap::new();
    add(&mut Routes(Reader::Worker(&mut words)));
    words.into_values().fold(web::scope(PREFIX), Scope::service)
}

fn listen(add: impl FnOnce(&mut Routes<'_>), mut listener: impl FnMut(&dyn OpenApiFactory)) {
    add(&mut Routes(Reader::Listener(&mut listener)));
}

/// The paths of one endpoint, from the root.
fn paths_of(endpoint: &dyn OpenApiFactory) -> impl Iterator<Item = (String, PathItem)> {
    endpoint.paths().paths.into_iter().map(|(path, item)| (format!("{PREFIX}{path}"), item))
}

/// Goes through all paths, of which none is kept.
pub(crate) fn each_path(add: impl FnOnce(&mut Routes<'_>), visit: &mut dyn FnMut(String, &PathItem)) {
    listen(add, |endpoint| paths_of(endpoint).for_each(|(path, item)| visit(path, &item)));
}

/// All of it as an OpenAPI document.
pub(crate) fn document(add: impl FnOnce(&mut Routes<'_>)) -> OpenApi {
    let (mut paths, mut schemas) = (Paths::new(), Vec::new());
    listen(add, |endpoint| {
        let mut found = Paths::new();
        found.paths = paths_of(endpoint).collect();
        paths.merge(found);
        endpoint.schemas(&mut schemas);
    });
    let components = ComponentsBuilder::new().schemas_from_iter(schemas).build();
    OpenApiBuilder::new().paths(paths).components(Some(components)).build()
}
