//! The one-time link.

use rapport_persistence::settings::{setting_find, setting_put};
use rapport_persistence::users::user_exists;

use crate::auth::key::{secret_of, sha256};
use crate::problem::Problem;
use crate::state::App;

/// The setting with the hash of the token.
pub(super) const SETUP_TOKEN: &str = "setup_token";

/// Makes a new link if nobody has been added yet; the one before stops working.
///
/// # Errors
/// When the database fails.
pub async fn setup_link(app: &App, base: &str) -> Result<Option<String>, Problem> {
    let token = secret_of::<24>()?;
    let hash = sha256(&token);
    let is_needed = app
        .store
        .write("setup_link", move |tx| {
            if user_exists(tx)? {
                return Ok::<_, Problem>(false);
            }
            setting_put(tx, SETUP_TOKEN, &hash)?;
            Ok(true)
        })
        .await?;
    Ok(is_needed.then(|| format!("{base}/setup?token={token}")))
}

/// Whether the token is the one of the link that was printed last.
pub(super) fn is_token(db: &mut rapport_persistence::Db, sent: &str) -> Result<bool, Problem> {
    let stored: Option<String> = setting_find(db, SETUP_TOKEN)?;
    Ok(stored.is_some_and(|stored| stored == sha256(sent)))
}
