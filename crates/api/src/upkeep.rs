//! What is done now and then: old rows go, keys are renewed.

use std::time::Duration;

use chrono::TimeDelta;
use rapport_persistence::idempotency::keys_forget;
use rapport_persistence::sessions::session_purge;
use rapport_persistence::throttle::throttle_purge;

use crate::figures;
use crate::problem::Problem;
use crate::state::App;

/// How often.
const EVERY: Duration = Duration::from_secs(600);
/// How long answers are kept for retries.
const ANSWERS_KEPT: TimeDelta = TimeDelta::hours(24);
/// How long ended sessions and old failures are kept.
const TRACES_KEPT: TimeDelta = TimeDelta::days(30);

/// Goes on until the program ends.
pub async fn run(app: App) {
    loop {
        if let Err(problem) = once(&app).await {
            tracing::warn!(%problem, "upkeep failed; it is tried again later");
        }
        actix_web::rt::time::sleep(EVERY).await;
    }
}

/// One round.
///
/// # Errors
/// When the database fails.
pub async fn once(app: &App) -> Result<(), Problem> {
    figures::tidy();
    crate::health::measure(app).await;
    app.limits.shrink();
    let now = app.now();
    app.keys.prepare(&app.store, now).await?;
    app.store
        .write("upkeep", move |tx| {
            keys_forget(tx, (now - ANSWERS_KEPT).into())?;
            session_purge(tx, (now - TRACES_KEPT).into())?;
            throttle_purge(tx, (now - TRACES_KEPT).into())?;
            Ok::<_, Problem>(())
        })
        .await?;
    crate::trash::empty(app, now).await
}
