//! What nobody has any more goes.

use chrono::{DateTime, TimeDelta, Utc};

use rapport_persistence::file_contents::contents_sweep;
use rapport_persistence::files::files_expire;
use rapport_persistence::types::Instant;
use rapport_persistence::{StoreError, Tx};

use crate::problem::Problem;
use crate::state::App;

/// How long a file is kept that is attached to nothing.
pub(crate) const LOOSE_KEPT: TimeDelta = TimeDelta::hours(24);
/// How long pieces are kept that are no content: longer than the slowest sender may take.
const ARRIVING_KEPT: TimeDelta = TimeDelta::hours(1);
/// Pieces that go in one transaction, which others wait for.
pub(super) const PORTION: i32 = 16;
/// Files that go in one transaction.
const FILES: i64 = 100;
/// Transactions of one round.
const ROUNDS: u32 = 1000;

/// One round.
///
/// # Errors
/// When the database fails.
pub(crate) async fn tidy(app: &App, now: DateTime<Utc>) -> Result<(), Problem> {
    let (loose, arriving) = (Instant(now - LOOSE_KEPT), Instant(now - ARRIVING_KEPT));
    for _ in 0..ROUNDS {
        let expire = move |tx: &mut Tx<'_>| files_expire(tx, loose, FILES);
        if app.store.write("expire_files", expire).await? == 0 {
            break;
        }
    }
    for _ in 0..ROUNDS {
        let sweep = move |tx: &mut Tx<'_>| -> Result<bool, StoreError> { contents_sweep(tx, arriving, PORTION) };
        if !app.store.write("sweep_contents", sweep).await? {
            break;
        }
    }
    Ok(())
}
