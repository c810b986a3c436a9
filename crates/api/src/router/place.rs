//! Which endpoint a request is for.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::dev::{AppService, HttpServiceFactory, Payload, ResourceDef};
use actix_web::guard::{Guard, GuardContext};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, Route};
use utoipa::openapi::path::HttpMethod;
use uuid::Uuid;

use super::PREFIX;
use crate::problem::{Code, Problem};

/// Whether a request is for an endpoint, by words that are compared as they are: a letter of a fixed word that is written
/// as `%63` makes it another path.
#[derive(Debug)]
pub(super) struct Place {
    template: Rc<str>,
    methods: Vec<&'static str>,
    /// What is before the first placeholder.
    beginning: String,
    /// What is after each placeholder.
    rest: Vec<String>,
}

/// The endpoint of a request, once it is found.
#[derive(Clone, Debug)]
struct Found(Rc<str>);

impl Place {
    /// Of a template, every placeholder of which takes a whole part of the path.
    pub(super) fn new(template: &str, methods: &[HttpMethod]) -> Self {
        let template = format!("{PREFIX}{template}");
        let mut parts = template.split('{');
        let beginning = parts.next().unwrap_or_default().to_owned();
        let rest = parts.map(|part| part.split_once('}').unwrap_or_default().1.to_owned()).collect();
        Self { methods: methods.iter().map(name_of).collect(), beginning, rest, template: template.into() }
    }

    fn fits(&self, path: &str) -> bool {
        self.left_of(path).is_some_and(str::is_empty)
    }

    /// What a path that begins like the template has after it.
    fn left_of<'a>(&self, path: &'a str) -> Option<&'a str> {
        let left = path.strip_prefix(self.beginning.as_str())?;
        self.rest.iter().try_fold(left, |left, rest| {
            let end = left.find('/').unwrap_or(left.len());
            left.get(end..).filter(|_| end > 0)?.strip_prefix(rest.as_str())
        })
    }
}

impl Guard for Place {
    fn check(&self, request: &GuardContext<'_>) -> bool {
        let head = request.head();
        let is_it = self.methods.contains(&head.method.as_str()) && self.fits(head.uri.path());
        if is_it {
            request.req_data_mut().insert(Found(Rc::clone(&self.template)));
        }
        is_it
    }
}

fn name_of(method: &HttpMethod) -> &'static str {
    match method {
        HttpMethod::Get => "GET",
        HttpMethod::Post => "POST",
        HttpMethod::Put => "PUT",
        HttpMethod::Delete => "DELETE",
        HttpMethod::Options => "OPTIONS",
        HttpMethod::Head => "HEAD",
        HttpMethod::Patch => "PATCH",
        HttpMethod::Trace => "TRACE",
    }
}

/// An endpoint that needs no pattern, since its [`Place`] says it all: its handler takes an id as a [`PathId`].
pub(crate) struct Endpoint {
    place: Place,
    route: Route,
}

impl Endpoint {
    /// Of a template below [`PREFIX`].
    pub(crate) fn new(template: &str, method: HttpMethod, route: Route) -> Self {
        Self { place: Place::new(template, &[method]), route }
    }
}

impl HttpServiceFactory for Endpoint {
    fn register(self, config: &mut AppService) {
        config.register_service(ResourceDef::prefix(""), Some(vec![Box::new(self.place)]), self.route, None);
    }
}

/// The template of the endpoint that took a request, from the root; `None` when nobody did.
pub(crate) fn template_of(request: &HttpRequest) -> Option<Rc<str>> {
    let found = request.extensions().get::<Found>().map(|found| Rc::clone(&found.0));
    found.or_else(|| request.match_pattern().map(Rc::from))
}

/// What stands for the first placeholder in the path of a request, where that is an id.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PathId(Option<Uuid>);

impl PathId {
    /// The id. Asked for by the handler, since who may not ask is not told what there is.
    ///
    /// # Errors
    /// 404: what is no id is no record.
    pub(crate) fn get(self) -> Result<Uuid, Problem> {
        self.0.ok_or_else(|| Problem::new(Code::NotFound))
    }
}

impl FromRequest for PathId {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let template = template_of(request).unwrap_or_default();
        let mut pairs = template.split('/').zip(request.path().split('/'));
        let part = pairs.find(|(word, _)| word.starts_with('{')).map(|(_, part)| part);
        ready(Ok(Self(part.and_then(|part| Uuid::try_parse(part).ok()))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paths that a template and its neighbours could be meant by.
    fn paths_like(template: &str) -> Vec<String> {
        let filled = |value: &str| {
            let parts = template.split('/');
            parts.map(|part| if part.starts_with('{') { value } else { part }).collect::<Vec<_>>().join("/")
        };
        let whole = ["1", "0190-a", "", "/", "a/b", "客户", "%20", "by", "search"].map(filled);
        let whole = whole.into_iter().map(|path| format!("{PREFIX}{path}"));
        whole.flat_map(|path| [format!("{path}/"), format!("{path}x"), path[1..].to_owned(), path]).collect()
    }

    #[test]
    fn places_are_told_as_by_the_patterns_of_actix() {
        let mut templates = Vec::new();
        crate::server::each_path(&mut |path, _| templates.push(path));
        assert!(templates.len() > 150, "{}", templates.len());
        let paths: Vec<String> = templates.iter().flat_map(|path| paths_like(&path[PREFIX.len()..])).collect();
        for template in templates {
            let (place, pattern) = (Place::new(&template[PREFIX.len()..], &[]), ResourceDef::new(template.as_str()));
            for path in &paths {
                assert_eq!(place.fits(path), pattern.is_match(path), "{template} {path}");
            }
        }
    }
}
