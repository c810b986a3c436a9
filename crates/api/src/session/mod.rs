//! Signing in and out.

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this feature.
pub fn routes(_cfg: &mut ServiceConfig) {}
