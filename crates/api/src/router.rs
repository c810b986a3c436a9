//! Where every module says which paths it has: to the workers that serve them, and to who reads the contract.
//!
//! `utoipa-actix-web` would describe every path to every worker, which has no use for it: that took most of a worker's
//! start, and memory that stayed.

use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa::openapi::path::Paths;
use utoipa::openapi::{ComponentsBuilder, OpenApi, OpenApiBuilder, PathItem};
use utoipa_actix_web::OpenApiFactory;

/// The beginning of every path of the contract.
pub(crate) const PREFIX: &str = "/api/v1";

/// What is told of every endpoint.
type Listener<'a> = &'a mut dyn FnMut(&dyn OpenApiFactory);

/// A router to be, and who listens to what it says of itself.
#[expect(missing_debug_implementations, reason = "a router has nothing to show")]
pub struct Routes<'a> {
    router: &'a mut web::ServiceConfig,
    listener: Option<Listener<'a>>,
}

impl Routes<'_> {
    /// Adds what a module has.
    pub fn configure(&mut self, add: impl FnOnce(&mut Routes<'_>)) -> &mut Self {
        add(self);
        self
    }

    /// Adds an endpoint, or several.
    pub fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, factory: F) -> &mut Self {
        if let Some(listener) = &mut self.listener {
            listener(&factory);
        }
        self.undescribed(factory)
    }

    /// Adds what is described elsewhere: another way to the same endpoint.
    pub fn undescribed<F: HttpServiceFactory + 'static>(&mut self, factory: F) -> &mut Self {
        self.router.service(factory);
        self
    }
}

/// All of it, ready to be served.
pub(crate) fn scope(add: impl FnOnce(&mut Routes<'_>)) -> actix_web::Scope {
    web::scope(PREFIX).configure(|router| add(&mut Routes { router, listener: None }))
}

fn listen(add: impl FnOnce(&mut Routes<'_>), mut listener: impl FnMut(&dyn OpenApiFactory)) {
    let _unserved = web::scope(PREFIX).configure(|router| add(&mut Routes { router, listener: Some(&mut listener) }));
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
