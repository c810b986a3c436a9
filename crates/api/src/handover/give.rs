//! Handing over: everything that was asked for, or nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use uuid::Uuid;

use rapport_domain::access::{Action, Permit, Subject, decide};
use rapport_domain::context::Context;
use rapport_domain::handover::{self, Heir, Holding, Shares};
use rapport_domain::kind::RecordKind;
use rapport_persistence::Tx;
use rapport_persistence::assignment_rules::assignment_rules_hold;
use rapport_persistence::handovers::{HandoverItemRow, HandoverRow, handover_insert, handover_items_insert};
use rapport_persistence::holdings::{HeldRecord, Passing, Place, holdings_hold, holdings_pass};
use rapport_persistence::records::record_take;
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::users::{UserRow, user_names};

use super::dto::{CreateHandover, plural_of};
use super::heirs::{Choice, Heirs};
use super::{named, views};
use crate::notifications::telling::tell_heir;
use crate::pools::{self, Coming};
use crate::problem::{Code, FieldError, Problem};
use crate::records::fields::Faults;
use crate::records::reply::Reply;
use crate::users::{check_outranks, enter, find, set_active};

/// What the history calls it.
const HANDOVER: &str = "handover";
/// Characters of a reason.
const MAX_REASON: usize = 500;

/// Who gets which records of a kind.
type Plan = BTreeMap<Heir, Vec<HeldRecord>>;

/// What is being handed over.
struct Handing<'a> {
    ctx: &'a Context,
    permit: Permit,
    person: UserRow,
    heirs: Heirs,
    row: HandoverRow,
}

/// Hands over what somebody has.
///
/// # Errors
/// 404; 403 for whoever may not change them; every fault of the request; 409 `claim_refused` with everybody who would own too
/// many customers, `last_admin`, `cycle`, `nothing_to_hand_over`.
pub(super) fn create(tx: &mut Tx<'_>, ctx: &Context, user: Uuid, asked: &CreateHandover) -> Result<Reply, Problem> {
    let handing = Handing::begin(tx, ctx, user, asked)?;
    let plans = handing.plan(tx, asked)?;
    handing.check_caps(tx, asked, &plans)?;
    handover_insert(tx, &handing.permit, &handing.row)?;
    let mut items = Vec::new();
    for (holding, plan) in &plans {
        for (heir, records) in plan {
            items.extend(handing.pass(tx, *holding, *heir, records)?);
        }
    }
    let id = handing.row.id;
    items.extend(named::replace_in_rules(tx, ctx, &handing.permit, user, asked.assignment_rules_to)?.for_handover(id));
    items.extend(named::move_reports(tx, ctx, &handing.person, asked.reports_to)?.for_handover(id));
    if items.is_empty() && !handing.row.switched_off {
        return Err(Problem::new(Code::NothingToHandOver));
    }
    handover_items_insert(tx, &handing.permit, &items)?;
    if handing.row.switched_off {
        set_active(tx, ctx, user, false)?;
    }
    tell(tx, ctx, id, &items)?;
    let view = views::one(tx, ctx, &handing.row)?;
    Ok(Reply::json(201, &view)?.location(format!("/api/v1/handovers/{}", id.0)))
}

impl<'a> Handing<'a> {
    /// From now on nobody is given anything of whoever leaves, nor gives them anything, until it has ended.
    fn begin(tx: &mut Tx<'_>, ctx: &'a Context, user: Uuid, asked: &CreateHandover) -> Result<Self, Problem> {
        let permit = enter(tx, ctx)?;
        if asked.assignment_rules_to.is_some() {
            // Before people, as whoever gives leads by them does.
            assignment_rules_hold(tx)?;
        }
        record_take(tx, RecordKind::User, user)?;
        let person = find(tx, user)?;
        check_outranks(tx, ctx, user)?;
        let mut faults = Faults::default();
        let reason = faults.line("/reason", asked.reason.as_deref(), MAX_REASON);
        faults.finish()?;
        let heirs = Heirs::read(tx, &person, asked)?;
        let row = HandoverRow {
            id: Id(ctx.next_id()),
            user_id: person.id,
            switched_off: asked.deactivate && person.is_active,
            reason,
            created_at: Instant(ctx.now),
            created_by: ctx.actor.user().map(Id),
            undone_at: None,
            undone_by: None,
        };
        Ok(Self { ctx, permit, person, heirs, row })
    }

    /// Who gets what. When they are switched off, all that is open must go to somebody.
    fn plan(&self, tx: &mut Tx<'_>, asked: &CreateHandover) -> Result<Vec<(Holding, Plan)>, Problem> {
        let is_leaving = self.row.switched_off || !self.person.is_active;
        let (mut shares, mut faults, mut plans) = (Shares::default(), Vec::new(), Vec::new());
        for holding in Holding::OWNED {
            let choice = self.heirs.of(holding);
            if choice.is_none() && !is_leaving {
                continue;
            }
            let records = holdings_hold(tx, holding, self.person.id.0, asked.with_closed_opportunities)?;
            match choice {
                Some(choice) => plans.push((holding, share(&mut shares, choice, records))),
                None if !records.is_empty() => {
                    let fault = FieldError::at(format!("/{}", plural_of(holding)), Code::Required);
                    faults.push(fault.with("count", records.len()));
                }
                None => {}
            }
        }
        Problem::check(faults)?;
        Ok(plans)
    }

    /// Refuses what would be more than somebody may own, unless whoever may set the limit wants it so.
    fn check_caps(&self, tx: &mut Tx<'_>, asked: &CreateHandover, plans: &[(Holding, Plan)]) -> Result<(), Problem> {
        if asked.exceed_caps {
            let may = decide(&self.ctx.actor, Action::Configure, Subject::Configuration, None);
            return may.map(drop).map_err(|_| Problem::new(Code::Forbidden).at("/exceed_caps", Code::Forbidden));
        }
        let plan = plans.iter().find(|(holding, _)| *holding == Holding::Customer).map(|(_, plan)| plan);
        let coming = plan.into_iter().flatten().filter_map(|(heir, records)| {
            let team = self.heirs.place(*heir).team_id;
            Some(Coming { user: heir.user_id?, team, count: i64::try_from(records.len()).unwrap_or(i64::MAX) })
        });
        let over = pools::over_cap(tx, &self.heirs.pools, &coming.collect::<Vec<_>>())?;
        if over.is_empty() {
            return Ok(());
        }
        let names = user_names(tx, &over.iter().map(|over| over.user).collect::<Vec<_>>())?;
        let name = |user: Uuid| names.iter().find(|name| name.id.0 == user).map(|name| name.name.clone());
        let told = |over: &pools::OverCap| {
            let user = json!({ "id": over.user, "name": name(over.user) });
            json!({ "user": user, "limit": over.limit, "owned": over.owned, "given": over.given })
        };
        Err(Problem::new(Code::ClaimRefused)
            .because("接收人负责的客户将超过上限", "Somebody would own more customers than anybody may")
            .with("reason", "owned_cap")
            .with("over", over.iter().map(told).collect::<Vec<_>>()))
    }

    /// Gives records to an heir.
    fn pass(
        &self,
        tx: &mut Tx<'_>,
        holding: Holding,
        heir: Heir,
        records: &[HeldRecord],
    ) -> Result<Vec<HandoverItemRow>, Problem> {
        let from = Heir { user_id: Some(self.person.id.0), pool_id: None };
        let passing = Passing {
            holding,
            from: Place { heir: from, team_id: self.person.team_id.map(Into::into) },
            to: self.heirs.place(heir),
            records,
            action: HANDOVER,
            reason: self.row.reason.as_deref(),
        };
        let versions = holdings_pass(tx, &self.permit, self.ctx, &passing)?;
        if holding == Holding::Customer {
            let ids: Vec<Uuid> = versions.iter().map(|(id, _)| *id).collect();
            pools::passed(tx, self.ctx, &self.heirs.pools, (from, heir), &ids)?;
        }
        let item = |(id, version): (Uuid, i64)| HandoverItemRow {
            handover_id: self.row.id,
            kind: holding.as_str().to_owned(),
            record_id: Id(id),
            to_user_id: heir.user_id.map(Id),
            to_pool_id: heir.pool_id.map(Id),
            version,
            before: None,
            left_because: None,
        };
        Ok(versions.into_iter().map(item).collect())
    }
}

/// Shares records among those who take them over.
fn share(shares: &mut Shares, choice: &Choice, records: Vec<HeldRecord>) -> Plan {
    let mut plan = Plan::new();
    let mut turns = match choice {
        Choice::Users(users) => handover::Heirs::new(users.clone()),
        Choice::Pool(_) | Choice::Nobody => None,
    };
    for record in records {
        let heir = match choice {
            Choice::Pool(pool) => Heir { user_id: None, pool_id: Some(*pool) },
            Choice::Nobody => Heir::default(),
            Choice::Users(_) => {
                let user_id = turns.as_mut().and_then(|turns| shares.give(turns, record.id, &record.near));
                Heir { user_id, pool_id: None }
            }
        };
        plan.entry(heir).or_default().push(record);
    }
    plan
}

/// Everybody who takes something over is told once, with how much it is.
fn tell(tx: &mut Tx<'_>, ctx: &Context, handover: Id, items: &[HandoverItemRow]) -> Result<(), Problem> {
    let heirs: BTreeSet<Uuid> = items.iter().filter_map(|item| item.to_user_id).map(|user| user.0).collect();
    for heir in heirs.into_iter().filter(|heir| ctx.actor.user() != Some(*heir)) {
        let count = items.iter().filter(|item| item.to_user_id == Some(Id(heir))).count();
        tell_heir(tx, ctx, heir, handover, count)?;
    }
    Ok(())
}
