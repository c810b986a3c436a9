//! Rows of what people want to be told of.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::connection::Db;
use crate::error::StoreError;
use crate::people_schema::notification_settings as settings;
use crate::store::Tx;
use crate::types::{Id, Instant, Json};

/// What somebody wants to be told of; without a row it is as it comes.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = settings, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct NotificationSettingsRow {
    /// Whose.
    pub user_id: Id,
    /// By which ways they are told of each kind.
    pub kinds: Json<BTreeMap<String, StoredWays>>,
    /// When they are left alone.
    pub quiet_hours: Option<Json<StoredHours>>,
    /// off, hourly or daily.
    pub digest: String,
    /// When the daily one comes: `HH:MM` of their zone.
    pub digest_at: String,
    /// One more with every change.
    pub version: i64,
    /// When they last changed it.
    pub updated_at: Instant,
}

/// By which ways somebody is told of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredWays {
    /// In the inbox of the page.
    pub inbox: bool,
    /// In the digest by e-mail.
    pub digest: bool,
}

/// Hours of every day: `HH:MM` each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredHours {
    /// From then on.
    pub start: String,
    /// Until then.
    pub end: String,
}

/// What somebody has chosen, if anything.
///
/// # Errors
/// When the database fails.
pub fn notification_settings_find(db: &mut Db, user: Uuid) -> Result<Option<NotificationSettingsRow>, StoreError> {
    Ok(settings::table.filter(settings::user_id.eq(Id(user))).first(db).optional()?)
}

/// Makes the first choice of somebody.
///
/// # Errors
/// `Unique` when another request was faster.
pub fn notification_settings_insert(tx: &mut Tx<'_>, row: &NotificationSettingsRow) -> Result<(), StoreError> {
    diesel::insert_into(settings::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Overwrites a choice that still has `version`.
///
/// # Errors
/// `Stale` when it has not.
pub fn notification_settings_update(
    tx: &mut Tx<'_>,
    row: &NotificationSettingsRow,
    version: i64,
) -> Result<(), StoreError> {
    let mine = settings::table.filter(settings::user_id.eq(row.user_id)).filter(settings::version.eq(version));
    match diesel::update(mine).set(row).execute(&mut **tx)? {
        0 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}
