//! Pools as they are sent: read, and found good.

use uuid::Uuid;

use rapport_domain::text;
use rapport_persistence::Tx;
use rapport_persistence::customer_pools::CustomerPoolRow;
use rapport_persistence::teams::team_hold;
use rapport_persistence::types::Id;

use super::dto::{CreateCustomerPool, PoolRelease};
use crate::configuration::faults::check_range;
use crate::problem::{Code, FieldError, Problem};

/// Characters of a name.
const MAX_NAME: usize = 100;
/// Days of a rule.
const MAX_DAYS: i32 = 3650;

/// What can be written of a pool as it is.
pub(super) fn input_of(row: &CustomerPoolRow) -> CreateCustomerPool {
    CreateCustomerPool {
        name: row.name.clone(),
        team_id: row.team_id.map(Into::into),
        is_active: row.is_active,
        release: PoolRelease::of(row),
        warn_days: row.warn_days,
        owned_cap: row.owned_cap,
        claims_per_day: row.claims_per_day,
        cooldown_days: row.cooldown_days,
    }
}

/// Reads what was sent into a pool. Its team stays until the pool is written.
///
/// # Errors
/// Every fault, each with its place.
pub(super) fn read(tx: &mut Tx<'_>, row: &mut CustomerPoolRow, input: &CreateCustomerPool) -> Result<(), Problem> {
    let mut faults = Vec::new();
    row.name = name(input, row.is_default, &mut faults);
    row.name_key = row.name.as_deref().map(text::fold);
    row.team_id = team(tx, input.team_id, row.is_default, &mut faults)?.map(Id);
    if row.is_default && !input.is_active {
        let fault = FieldError::at("/is_active", Code::InvalidValue);
        faults.push(fault.because("默认公海不能停用", "The default pool serves whoever no other does, always"));
    }
    check_numbers(input, &mut faults);
    Problem::check(faults)?;
    row.is_active = input.is_active;
    row.no_activity_days = input.release.no_activity_days;
    row.no_opportunity_days = input.release.no_opportunity_days;
    row.not_won_days = input.release.not_won_days;
    row.warn_days = input.warn_days;
    row.owned_cap = input.owned_cap;
    row.claims_per_day = input.claims_per_day;
    row.cooldown_days = input.cooldown_days;
    Ok(())
}

/// The default pool may go without a name: then it is called in the language of the reader.
fn name(input: &CreateCustomerPool, is_default: bool, faults: &mut Vec<FieldError>) -> Option<String> {
    let Some(typed) = input.name.as_deref() else {
        if !is_default {
            faults.push(FieldError::at("/name", Code::Required));
        }
        return None;
    };
    text::line(typed, MAX_NAME).map_err(|error| faults.push(FieldError::of_text("/name", error))).ok()
}

fn team(
    tx: &mut Tx<'_>,
    typed: Option<Uuid>,
    is_default: bool,
    faults: &mut Vec<FieldError>,
) -> Result<Option<Uuid>, Problem> {
    let fault = match (typed, is_default) {
        (None, true) => return Ok(None),
        (None, false) => FieldError::at("/team_id", Code::Required),
        (Some(_), true) => FieldError::at("/team_id", Code::InvalidValue).because(
            "默认公海面向所有其他人员，不能指定团队",
            "The default pool serves whoever no other does: it has no team",
        ),
        (Some(team), false) if team_hold(tx, team)?.is_none() => FieldError::at("/team_id", Code::NotFound),
        (Some(team), false) => return Ok(Some(team)),
    };
    faults.push(fault);
    Ok(None)
}

fn check_numbers(input: &CreateCustomerPool, faults: &mut Vec<FieldError>) {
    check_range("/release/no_activity_days", input.release.no_activity_days, 1, MAX_DAYS, faults);
    check_range("/release/no_opportunity_days", input.release.no_opportunity_days, 1, MAX_DAYS, faults);
    check_range("/release/not_won_days", input.release.not_won_days, 1, MAX_DAYS, faults);
    check_range("/warn_days", Some(input.warn_days), 0, 90, faults);
    check_range("/owned_cap", input.owned_cap, 1, 100_000, faults);
    check_range("/claims_per_day", input.claims_per_day, 1, 1000, faults);
    check_range("/cooldown_days", Some(input.cooldown_days), 0, 365, faults);
}
