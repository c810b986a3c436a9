//! Settings of the organisation, one document by key.

use diesel::prelude::*;
use serde_json::Value;

use crate::connection::{Both, Db};
use crate::error::StoreError;
use crate::people_schema::settings;
use crate::store::Tx;
use crate::types::{Document, Json};

/// The setting `key`, if it has been made.
///
/// # Errors
/// When the database fails, or the document has another shape.
pub fn setting_find<T: Document>(db: &mut Db, key: &str) -> Result<Option<T>, StoreError> {
    let row = settings::table.filter(settings::key.eq(key)).select(settings::value);
    Ok(row.get_result::<Json<T>>(db).optional()?.map(|json| json.0))
}

/// Makes or replaces the setting `key`.
///
/// # Errors
/// When the database fails.
pub fn setting_put<T: Document>(tx: &mut Tx<'_>, key: &str, value: &T) -> Result<(), StoreError> {
    let value = serde_json::to_value(value).map_err(|error| StoreError::Internal(error.to_string()))?;
    let row = (settings::key.eq(key), settings::value.eq(Json(value.clone())));
    let insert = diesel::insert_into(settings::table).values(row).on_conflict(settings::key).do_update();
    Both(insert.set(settings::value.eq(Json(value)))).execute(&mut **tx)?;
    Ok(())
}

/// Removes the setting `key`.
///
/// # Errors
/// When the database fails.
pub fn setting_delete(tx: &mut Tx<'_>, key: &str) -> Result<(), StoreError> {
    diesel::delete(settings::table.filter(settings::key.eq(key))).execute(&mut **tx)?;
    Ok(())
}

/// Takes the setting `key` away if it is exactly `value`; answers whether it was. For tokens that work once.
///
/// # Errors
/// When the database fails.
pub fn setting_take(tx: &mut Tx<'_>, key: &str, value: &str) -> Result<bool, StoreError> {
    let is_it = setting_find::<Value>(tx, key)?.is_some_and(|stored| stored.as_str() == Some(value));
    if is_it {
        setting_delete(tx, key)?;
    }
    Ok(is_it)
}
