//! What the database computes of deals that stand too long is what the domain says, on both databases.

use chrono::{DateTime, TimeDelta, Utc};
use rapport_domain::access::{Action, Actor, Permit, Subject, decide};
use rapport_domain::context::Context;
use rapport_domain::opportunity::{StageCategory, StageDef, StaleTimes};
use rapport_persistence::opportunities::OpportunityBody;
use rapport_persistence::pipelines::{StageRow, stage_replace, stage_update};
use rapport_persistence::record::Record;
use rapport_persistence::stale_times::{stale_times_keep, stale_times_keep_in};
use rapport_persistence::types::{Id, Instant};
use rapport_persistence::{StoreError, Tx};
use uuid::Uuid;

use crate::builders::{World, customer, find, insert, may_configure, opportunity, stage};

/// What a stage may say: expected days and days of warning.
const DAYS: [(Option<i32>, Option<i32>); 6] =
    [(Some(10), Some(7)), (Some(1), None), (None, Some(3)), (Some(3650), Some(3650)), (Some(2), Some(9)), (None, None)];
/// Seconds since a deal came to its stage, and since something was last done about it.
const PAST: [(i64, Option<i64>); 6] = [
    (0, None),
    (86_400 * 9, None),
    (86_400 * 9, Some(86_400)),
    (86_400 * 9 + 1, Some(86_400 * 20)),
    (86_400 * 3, Some(0)),
    (86_400 * 700, Some(86_400 * 4 + 7)),
];

fn may_edit() -> Permit {
    decide(&Actor::system(), Action::Edit, Subject::Opportunity, None).unwrap()
}

fn deals(tx: &mut Tx<'_>, ctx: &Context, at: &StageRow) -> Result<Vec<Uuid>, StoreError> {
    let buyer = Id(insert(tx, ctx, customer(ctx, "Buyer"))?);
    let ago = |seconds: i64| Instant(ctx.now - TimeDelta::seconds(seconds) + TimeDelta::microseconds(123_457));
    let deal = |(n, (entered, last)): (usize, (i64, Option<i64>))| {
        let mut deal = opportunity(ctx, buyer, at, &format!("V{n}V"));
        deal.body.stage_entered_at = ago(entered);
        deal.head.last_activity_at = last.map(ago);
        deal.head.deleted_at = (n % 2 == 0).then_some(Instant(ctx.now));
        insert(tx, ctx, deal)
    };
    PAST.into_iter().enumerate().map(deal).collect()
}

fn of_domain(deal: &Record<OpportunityBody>, stage: &StageRow) -> StaleTimes {
    let days = |days: Option<i32>| days.map(|days| u16::try_from(days).unwrap());
    let def = StageDef {
        id: stage.id.0,
        pipeline_id: stage.pipeline_id.0,
        category: StageCategory::parse(&stage.category).unwrap(),
        probability: 10,
        position: 0,
        required_fields: Vec::new(),
        expected_days: days(stage.expected_days),
        warning_days: days(stage.warning_days),
    };
    StaleTimes::of(&def, deal.body.stage_entered_at.0, deal.head.last_activity_at.map(Into::into))
}

fn kept(deal: &Record<OpportunityBody>) -> StaleTimes {
    let at = |at: Option<Instant>| at.map(DateTime::<Utc>::from);
    StaleTimes { warn_at: at(deal.body.warn_at), stale_at: at(deal.body.stale_at) }
}

#[tokio::test]
async fn a_stage_with_other_days_gives_its_deals_the_times_of_the_domain() {
    World::each(async |world| {
        let work = |tx: &mut Tx<'_>, ctx: &Context| {
            let mut row = stage(11, "open", 10);
            let (inside, beside) = (deals(tx, ctx, &row)?, deals(tx, ctx, &stage(12, "open", 40))?);
            for (expected_days, warning_days) in DAYS {
                row = StageRow { expected_days, warning_days, version: row.version + 1, ..row };
                stage_update(tx, &may_configure(), &row, row.version - 1)?;
                stale_times_keep_in(tx, &may_configure(), row.id.0)?;
                for deal in &inside {
                    let deal = find::<OpportunityBody>(tx, *deal);
                    assert_eq!(
                        kept(&deal),
                        of_domain(&deal, &row),
                        "{} {expected_days:?} {warning_days:?}",
                        deal.head.name
                    );
                    assert_eq!(deal.head.version, 1, "what is derived is no edit");
                }
            }
            for deal in &beside {
                assert_eq!(
                    kept(&find::<OpportunityBody>(tx, *deal)),
                    StaleTimes::default(),
                    "no deal of another stage"
                );
            }
            Ok(())
        };
        world.write(work).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn one_deal_is_kept_alone_and_an_ended_one_has_no_times() {
    World::each(async |world| {
        let work = |tx: &mut Tx<'_>, ctx: &Context| {
            let won = StageRow { expected_days: Some(1), version: 2, ..stage(13, "won", 100) };
            stage_update(tx, &may_configure(), &won, 1)?;
            let (open, ended) = (deals(tx, ctx, &stage(11, "open", 10))?, deals(tx, ctx, &won)?);
            for deal in [open[0], ended[0]] {
                stale_times_keep(tx, &may_edit(), deal)?;
            }
            let [one, other, ended] = [open[0], open[1], ended[0]].map(|deal| find::<OpportunityBody>(tx, deal));
            assert_eq!(kept(&one), of_domain(&one, &stage(11, "open", 10)));
            assert!(kept(&one).warn_at.is_some());
            assert_eq!((kept(&other), kept(&ended)), (StaleTimes::default(), StaleTimes::default()));
            Ok(())
        };
        world.write(work).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn deals_of_a_replaced_stage_have_the_times_of_the_one_they_came_to() {
    World::each(async |world| {
        let work = |tx: &mut Tx<'_>, ctx: &Context| {
            let to = StageRow { expected_days: Some(4), warning_days: Some(2), version: 2, ..stage(12, "open", 40) };
            stage_update(tx, &may_configure(), &to, 1)?;
            let moved = deals(tx, ctx, &stage(11, "open", 10))?;
            stage_replace(tx, &may_configure(), ctx, &stage(11, "open", 10), &to)?;
            for deal in moved {
                let deal = find::<OpportunityBody>(tx, deal);
                assert_eq!(
                    (kept(&deal), kept(&deal).warn_at),
                    (of_domain(&deal, &to), Some(ctx.now + TimeDelta::days(2)))
                );
            }
            Ok(())
        };
        world.write(work).await.unwrap();
    })
    .await;
}
