//! Figures for Prometheus.

use std::sync::OnceLock;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpResponse, web};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::problem::{Code, Problem};

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
/// Upper ends of the buckets of durations, in seconds.
const SECONDS: [f64; 11] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Starts to count; once for the whole process.
pub fn install() {
    HANDLE.get_or_init(|| {
        let recorder = PrometheusBuilder::new().set_buckets(&SECONDS).and_then(PrometheusBuilder::install_recorder);
        recorder.map_err(|error| tracing::warn!(%error, "figures are not counted")).ok()
    });
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
