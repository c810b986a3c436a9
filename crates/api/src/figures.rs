//! Figures for Prometheus.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpResponse, web};
use metrics::{Counter, Histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::problem::{Code, Problem};

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
/// Upper ends of the buckets of durations, in seconds.
const SECONDS: [f64; 11] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// What is counted of one kind of answer.
struct Answers {
    method: &'static str,
    status: StatusCode,
    requests: Counter,
    seconds: Histogram,
}

thread_local! {
    // By route. To ask for a figure by its name means to write the name and to look for it, for every request.
    static ANSWERS: RefCell<HashMap<String, Vec<Answers>>> = RefCell::default();
}

/// Starts to count; once for the whole process.
pub fn install() {
    HANDLE.get_or_init(|| {
        let recorder = PrometheusBuilder::new().set_buckets(&SECONDS).and_then(PrometheusBuilder::install_recorder);
        recorder.map_err(|error| tracing::warn!(%error, "figures are not counted")).ok()
    });
}

/// Counts an answer. The words are few: a method that is known, and the template of a route.
pub(crate) fn answered(method: &'static str, route: &str, status: StatusCode, took: Duration) {
    let count = |answers: &Answers| {
        answers.requests.increment(1);
        answers.seconds.record(took.as_secs_f64());
    };
    let Some(Some(_)) = HANDLE.get() else { return };
    ANSWERS.with_borrow_mut(|known| {
        let of_route = known.get(route);
        match of_route.and_then(|kinds| kinds.iter().find(|kind| kind.method == method && kind.status == status)) {
            Some(answers) => count(answers),
            None => {
                let answers = Answers::new(method, route, status);
                count(&answers);
                known.entry(route.to_owned()).or_default().push(answers);
            }
        }
    });
}

impl Answers {
    fn new(method: &'static str, route: &str, status: StatusCode) -> Self {
        let labels =
            [("method", method.to_owned()), ("route", route.to_owned()), ("status", status.as_str().to_owned())];
        Self {
            method,
            status,
            requests: metrics::counter!("rapport_http_requests_total", &labels),
            seconds: metrics::histogram!("rapport_http_request_seconds", &labels),
        }
    }
}

/// Keeps the figures small; called now and then.
pub fn tidy() {
    if let Some(Some(handle)) = HANDLE.get() {
        handle.run_upkeep();
    }
}

/// The route of the figures.
pub(crate) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/metrics").route(web::get().to(get_metrics)));
}

async fn get_metrics() -> Result<HttpResponse, Problem> {
    match HANDLE.get() {
        Some(Some(handle)) => Ok(HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
            .body(handle.render())),
        _ => Err(Problem::new(Code::Unavailable)),
    }
}
