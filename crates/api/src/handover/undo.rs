//! Giving back what was handed over and still stands as it was given.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use rapport_domain::access::Permit;
use rapport_domain::context::Context;
use rapport_domain::handover::{Heir, Holding, LeftBecause, UNDO_WITHIN, is_too_late, left_because};
use rapport_domain::kind::RecordKind;
use rapport_persistence::assignment_rules::assignment_rules_hold;
use rapport_persistence::customer_moves::customer_owner_pass;
use rapport_persistence::handovers::{
    HandoverItemRow, HandoverRow, handover_find, handover_items_leave, handover_items_of, handover_undo,
};
use rapport_persistence::holdings::{HeldRecord, Passing, Place, StandingRecord, holdings_pass, standings_hold};
use rapport_persistence::records::record_take;
use rapport_persistence::types::Instant;
use rapport_persistence::users::UserRow;
use rapport_persistence::{StoreError, Tx};

use super::{named, views};
use crate::pools::{self, Pools};
use crate::problem::{Code, Problem};
use crate::records::reply::Reply;
use crate::users::{check_outranks, enter, find, set_active};

/// What the history calls it.
const UNDO: &str = "handover_undo";

/// What an undo needs to know.
struct Undoing<'a> {
    ctx: &'a Context,
    permit: Permit,
    row: HandoverRow,
    person: UserRow,
    pools: Pools,
}

/// Undoes a handover, once.
///
/// # Errors
/// 404, 403; 409 `undo_refused` with the reason: undone, too_late, or inactive.
pub(super) fn undo(tx: &mut Tx<'_>, ctx: &Context, id: Uuid) -> Result<Reply, Problem> {
    let undoing = Undoing::begin(tx, ctx, id)?;
    for holding in Holding::OWNED {
        let items = handover_items_of(tx, id, holding)?;
        let left = undoing.give_back(tx, holding, &items)?;
        handover_items_leave(tx, &undoing.permit, id, holding, &left)?;
    }
    let rules = handover_items_of(tx, id, Holding::AssignmentRule)?;
    let left = named::restore_rules(tx, ctx, &undoing.permit, &rules)?;
    handover_items_leave(tx, &undoing.permit, id, Holding::AssignmentRule, &left)?;
    let reports = handover_items_of(tx, id, Holding::Report)?;
    let left = named::restore_reports(tx, ctx, undoing.person.id.0, &reports)?;
    handover_items_leave(tx, &undoing.permit, id, Holding::Report, &left)?;
    let row = handover_find(tx, id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
    Reply::ok(&views::one(tx, ctx, &row)?)
}

fn refused(reason: &str, until: Option<DateTime<Utc>>) -> Problem {
    Problem::new(Code::UndoRefused).with("reasons", json!([{ "reason": reason, "until": until }]))
}

impl<'a> Undoing<'a> {
    /// Of two who undo it one does; whoever was switched off by it is back.
    fn begin(tx: &mut Tx<'_>, ctx: &'a Context, id: Uuid) -> Result<Self, Problem> {
        let permit = enter(tx, ctx)?;
        let row = handover_find(tx, id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        let user = row.user_id.0;
        check_outranks(tx, ctx, user)?;
        if row.undone_at.is_some() {
            return Err(refused("undone", None));
        }
        if is_too_late(row.created_at.0, ctx.now) {
            return Err(refused("too_late", Some(row.created_at.0 + UNDO_WITHIN)));
        }
        if !handover_undo(tx, &permit, id, Instant(ctx.now), ctx.actor.user())? {
            return Err(StoreError::Retry.into());
        }
        // Before people, as whoever gives leads by them does.
        assignment_rules_hold(tx)?;
        record_take(tx, RecordKind::User, user)?;
        if !find(tx, user)?.is_active {
            if !row.switched_off {
                return Err(refused("inactive", None).because("请先启用该用户", "Switch them on first"));
            }
            set_active(tx, ctx, user, true)?;
        }
        let person = find(tx, user)?;
        let pools = Pools::hold(tx)?;
        customer_owner_pass(tx, user)?;
        Ok(Self { ctx, permit, row, person, pools })
    }

    /// Gives back what still stands as it was given; answers what does not, and why.
    fn give_back(
        &self,
        tx: &mut Tx<'_>,
        holding: Holding,
        items: &[HandoverItemRow],
    ) -> Result<Vec<(Uuid, LeftBecause)>, Problem> {
        let ids: Vec<Uuid> = items.iter().map(|item| item.record_id.0).collect();
        let found = standings_hold(tx, holding, self.row.created_at, &ids)?;
        let mut found: BTreeMap<Uuid, StandingRecord> = found.into_iter().map(|one| (one.record.id, one)).collect();
        let (mut left, mut returned) = (Vec::new(), BTreeMap::<(Heir, Option<Uuid>), Vec<HeldRecord>>::new());
        for item in items {
            let now = found.remove(&item.record_id.0);
            match (left_because(item.heir(), self.row.created_at.0, now.as_ref().map(|now| &now.standing)), now) {
                (None, Some(now)) => returned.entry((item.heir(), now.team_id)).or_default().push(now.record),
                (reason, _) => left.push((item.record_id.0, reason.unwrap_or(LeftBecause::Gone))),
            }
        }
        for ((heir, team_id), records) in returned {
            self.pass(tx, holding, Place { heir, team_id }, &records)?;
        }
        Ok(left)
    }

    fn pass(&self, tx: &mut Tx<'_>, holding: Holding, from: Place, records: &[HeldRecord]) -> Result<(), Problem> {
        let heir = Heir { user_id: Some(self.person.id.0), pool_id: None };
        let to = Place { heir, team_id: self.person.team_id.map(Into::into) };
        let passing = Passing { holding, from, to, records, action: UNDO, reason: None };
        let versions = holdings_pass(tx, &self.permit, self.ctx, &passing)?;
        if holding == Holding::Customer {
            let ids: Vec<Uuid> = versions.iter().map(|(id, _)| *id).collect();
            pools::passed(tx, self.ctx, &self.pools, (from.heir, heir), &ids)?;
        }
        Ok(())
    }
}
