//! The digest: what somebody has not read, by e-mail, as often as they have chosen. Every node may look; whoever claims one in
//! the database sends it. Between sending and noting it a crash repeats that one mail at most, with the same Message-ID.

mod claim;
mod letter;
mod message;
mod words;

use std::time::Duration;

use chrono::TimeDelta;

use rapport_persistence::digests::{DigestRow, digests_due};
use rapport_persistence::types::Instant;

use self::claim::{Claimed, Settled};
use crate::mail::{Failure, Mailer};
use crate::problem::Problem;
use crate::state::App;

pub(crate) use claim::replan;

/// How often the clock is looked at.
const EVERY: Duration = Duration::from_secs(30);
/// What came within this time waits: a transaction that writes more of it may not have ended. So it is also how long after its
/// time a digest is sent.
const SETTLING: TimeDelta = TimeDelta::minutes(1);
/// How much longer than sending takes a claim lasts.
const RESERVE: TimeDelta = TimeDelta::minutes(1);
/// People who are looked up at a time.
const PORTION: i64 = 100;

/// Goes on until the program ends; without a mail server it has nothing to do.
pub async fn run(app: App) {
    let mailer = match Mailer::of(&app.config) {
        Ok(Some(mailer)) => mailer,
        Ok(None) => return,
        Err(error) => return tracing::error!(%error, "no digests are sent"),
    };
    loop {
        if let Err(problem) = once(&app, &mailer).await {
            tracing::warn!(%problem, "digests could not be looked up; it is tried again");
        }
        actix_web::rt::time::sleep(EVERY).await;
    }
}

/// Sends everybody what is due, one after the other; answers how many mails were sent. When the server is not there, the rest
/// is left for the next look.
///
/// # Errors
/// When the database fails.
pub async fn once(app: &App, mailer: &Mailer) -> Result<usize, Problem> {
    let mut sent = 0;
    loop {
        let until = Instant(app.now() - SETTLING);
        let look = move |db: &mut rapport_persistence::Db| Ok::<_, Problem>(digests_due(db, until, PORTION)?);
        let due = app.store.read("look_for_due_digests", look).await?;
        for row in &due {
            match tell(app, mailer, *row).await? {
                Some(Ok(())) => sent += 1,
                Some(Err(Failure::NoServer(_))) => return Ok(sent),
                Some(Err(_)) | None => {}
            }
        }
        if i64::try_from(due.len()).is_ok_and(|found| found < PORTION) {
            return Ok(sent);
        }
    }
}

/// Sends somebody what is due, if it is still so; answers what became of a mail, if there was one.
async fn tell(app: &App, mailer: &Mailer, row: DigestRow) -> Result<Option<Result<(), Failure>>, Problem> {
    let patience = TimeDelta::from_std(mailer.patience()).unwrap_or(RESERVE);
    let (here, lease) = (app.clone(), patience + RESERVE);
    let origin = mailer.origin().to_owned();
    let claim = move |tx: &mut rapport_persistence::Tx<'_>| claim::claim(tx, &here, &row, lease, &origin);
    let Some(Claimed { row, letter, id }) = app.store.write("claim_digest", claim).await? else { return Ok(None) };
    let result = match message::message(mailer, &letter, id, app.now())? {
        Some(message) => mailer.send(message).await,
        None => Err(Failure::Refused(None)),
    };
    let now = app.now();
    let settle = move |tx: &mut rapport_persistence::Tx<'_>| claim::settle(tx, now, &row, result);
    let settled = app.store.write("settle_digest", settle).await?;
    note(&row, result, settled);
    Ok(Some(result))
}

/// Counts and logs what became of a mail, without saying to whom it goes.
fn note(row: &DigestRow, result: Result<(), Failure>, settled: Settled) {
    metrics::counter!("rapport_digests_total", "outcome" => settled.as_str()).increment(1);
    let Err(failure) = result else { return };
    let (user, attempts) = (row.user_id.0, row.attempts);
    let next = match settled {
        Settled::GivenUp => "it is given up, and the next one tells of the same",
        Settled::Sent | Settled::Retried => "it is tried again",
    };
    tracing::warn!(%user, attempts, %failure, "a digest could not be sent: {next}");
}
