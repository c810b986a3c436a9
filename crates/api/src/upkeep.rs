//! What is done now and then: old rows go, keys are renewed.

use std::time::Duration;

use chrono::TimeDelta;
use rapport_persistence::Tx;
use rapport_persistence::idempotency::keys_forget;
use rapport_persistence::outbox::outbox_trim;
use rapport_persistence::sessions::session_purge;
use rapport_persistence::throttle::throttle_purge;
use rapport_persistence::types::Instant;

use crate::notifications::sweep;
use crate::problem::Problem;
use crate::state::App;
use crate::{figures, jobs};

/// How often.
const EVERY: Duration = Duration::from_secs(600);
/// How long answers are kept for retries.
const ANSWERS_KEPT: TimeDelta = TimeDelta::hours(24);
/// How long it is known what has happened, for those who come back to a stream of events.
const EVENTS_KEPT: TimeDelta = TimeDelta::days(7);
/// Events that go in one transaction, which others wait for, and in one round.
const PORTION: i64 = 1000;
const PORTIONS: u32 = 200;
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
    trim_events(app, (now - EVENTS_KEPT).into()).await?;
    sweep::tidy(app, now).await?;
    jobs::tidy(app, now).await?;
    crate::trash::empty(app, now).await?;
    crate::files::tidy(app, now).await
}

async fn trim_events(app: &App, before: Instant) -> Result<(), Problem> {
    for _ in 0..PORTIONS {
        let trim = move |tx: &mut Tx<'_>| Ok::<_, Problem>(outbox_trim(tx, before, PORTION)?);
        let gone = app.store.write("upkeep_events", trim).await?;
        if i64::try_from(gone).is_ok_and(|gone| gone < PORTION) {
            break;
        }
    }
    Ok(())
}
