//! Configuration in use is replaced: every record moves, also those in the trash, each with its history.

use rapport_domain::kind::RecordKind;
use rapport_persistence::StoreError;
use rapport_persistence::changes::changes_of;
use rapport_persistence::customers::CustomerBody;
use rapport_persistence::lead_statuses::{
    lead_status_delete, lead_status_find, lead_status_in_use, lead_status_replace,
};
use rapport_persistence::leads::LeadBody;
use rapport_persistence::opportunities::{OpportunityBody, stage_moves_of};
use rapport_persistence::pipelines::{
    pipeline_default, pipeline_delete, pipelines_all, stage_delete, stage_find, stage_in_use, stage_replace,
    stage_update, stages_of,
};
use rapport_persistence::sources::{source_delete, source_in_use, source_replace, sources_all};
use rapport_persistence::types::{Id, Instant};

use crate::builders::{World, customer, find, id, insert, lead, may_configure, opportunity, stage, status};

#[tokio::test]
async fn configuration_is_read_in_order() {
    World::each(async |world| {
        let read = |tx: &mut rapport_persistence::Tx<'_>, _: &_| {
            assert_eq!(
                sources_all(tx)?.iter().map(|row| row.key.clone()).collect::<Vec<_>>(),
                ["web", "fair", "other"]
            );
            assert_eq!(pipelines_all(tx)?.len(), 2);
            assert_eq!(pipeline_default(tx)?.unwrap().id.0, id(1));
            assert_eq!(
                stages_of(tx, id(1))?,
                [stage(11, "open", 10), stage(12, "open", 40), stage(13, "won", 100), stage(14, "lost", 0)]
            );
            assert_eq!(lead_status_find(tx, "calling")?, Some(status("calling", "working", 2)));
            Ok(())
        };
        world.write(read).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_replaced_source_leaves_a_trace_in_every_record() {
    World::each(async |world| {
        let made = world.write(|tx, ctx| {
            let living = insert(tx, ctx, customer(ctx, "a"))?;
            let mut dead = lead(ctx, "b", "new", "new");
            dead.head.deleted_at = Some(Instant(ctx.now));
            Ok((living, insert(tx, ctx, dead)?))
        });
        let (living, dead) = made.await.unwrap();
        let refused = world.write(|tx, _| source_delete(tx, &may_configure(), "web")).await;
        assert!(matches!(refused, Err(StoreError::Reference)), "{refused:?}");
        let replace = move |tx: &mut rapport_persistence::Tx<'_>, ctx: &_| {
            let counts = source_in_use(tx, "web")?;
            assert_eq!(counts.iter().map(|(_, count)| count).sum::<i64>(), 2);
            assert_eq!(source_replace(tx, &may_configure(), ctx, "web", "web")?, 0);
            assert_eq!(source_replace(tx, &may_configure(), ctx, "web", "fair")?, 2);
            source_delete(tx, &may_configure(), "web")
        };
        world.write(replace).await.unwrap();
        let check = move |tx: &mut rapport_persistence::Tx<'_>, _: &_| {
            assert_eq!(find::<CustomerBody>(tx, living).head.source.as_deref(), Some("fair"));
            let lead = find::<LeadBody>(tx, dead);
            assert_eq!((lead.head.source.as_deref(), lead.head.version), (Some("fair"), 2));
            let history = changes_of(tx, RecordKind::Lead, dead, None, 10)?;
            assert_eq!((history[0].version, history[0].action.as_str()), (2, "update"));
            assert_eq!((&history[0].fields.0[0].old, &history[0].fields.0[0].new), (&"web".into(), &"fair".into()));
            Ok(())
        };
        world.write(check).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn more_records_than_one_statement_takes_are_replaced() {
    World::each(async |world| {
        let replaced = world.write(|tx, ctx| {
            for number in 0..1001 {
                insert(tx, ctx, lead(ctx, &format!("{number}"), "working", "working"))?;
            }
            let to = status("calling", "working", 2);
            lead_status_replace(tx, &may_configure(), ctx, &status("working", "working", 1), &to)
        });
        assert_eq!(replaced.await.unwrap(), 1001);
        let left = world.write(|tx, _| {
            lead_status_delete(tx, &may_configure(), "working")?;
            lead_status_in_use(tx, "calling")
        });
        assert_eq!(left.await.unwrap(), 1001);
    })
    .await;
}

#[tokio::test]
async fn only_the_same_category_may_replace() {
    World::each(async |world| {
        let refused = world.write(|tx, ctx| {
            lead_status_replace(tx, &may_configure(), ctx, &status("working", "working", 1), &status("new", "new", 0))
        });
        assert!(matches!(refused.await, Err(StoreError::Constraint(_))));
        let refused = world
            .write(|tx, ctx| stage_replace(tx, &may_configure(), ctx, &stage(11, "open", 10), &stage(13, "won", 100)));
        assert!(matches!(refused.await, Err(StoreError::Constraint(_))));
    })
    .await;
}

#[tokio::test]
async fn opportunities_follow_into_the_stage_that_replaces_theirs() {
    World::each(async |world| {
        let made = world.write(|tx, ctx| {
            let buyer = Id(insert(tx, ctx, customer(ctx, "a"))?);
            insert(tx, ctx, opportunity(ctx, buyer, &stage(12, "open", 40), "V"))?;
            let plain = insert(tx, ctx, opportunity(ctx, buyer, &stage(11, "open", 10), "B"))?;
            let mut typed = opportunity(ctx, buyer, &stage(11, "open", 10), "C");
            typed.body.probability = 55;
            typed.body.profile.0.typed_probability = Some(55);
            typed.head.deleted_at = Some(Instant(ctx.now));
            let mut won = opportunity(ctx, buyer, &stage(13, "won", 100), "A");
            won.body.profile.0.last_open_stage_id = Some(id(11));
            Ok((plain, insert(tx, ctx, typed)?, insert(tx, ctx, won)?))
        });
        let (plain, typed, won) = made.await.unwrap();
        let refused = world.write(|tx, _| stage_delete(tx, &may_configure(), id(11))).await;
        assert!(matches!(refused, Err(StoreError::Reference)), "{refused:?}");
        let moved = world.write(|tx, ctx| {
            let count = stage_replace(tx, &may_configure(), ctx, &stage(11, "open", 10), &stage(12, "open", 40))?;
            stage_delete(tx, &may_configure(), id(11))?;
            Ok((count, stage_in_use(tx, id(12))?, stage_find(tx, id(11))?))
        });
        assert_eq!(moved.await.unwrap(), (2, 3, None));
        let check = move |tx: &mut rapport_persistence::Tx<'_>, ctx: &rapport_domain::context::Context| {
            let (plain, typed, won) = (
                find::<OpportunityBody>(tx, plain),
                find::<OpportunityBody>(tx, typed),
                find::<OpportunityBody>(tx, won),
            );
            assert_eq!((plain.body.stage_id.0, plain.body.probability, plain.head.version), (id(12), 40, 2));
            assert_eq!((typed.body.stage_id.0, typed.body.probability), (id(12), 55));
            assert_eq!(won.body.profile.0.last_open_stage_id, Some(id(12)));
            assert_eq!((won.head.version, won.body.probability), (1, 100));
            // Behind the card that was there, in their old order.
            assert!("V" < plain.body.board_rank.as_str() && plain.body.board_rank < typed.body.board_rank);
            let moves = stage_moves_of(tx, plain.head.id.0)?;
            assert_eq!((moves.len(), moves[0].from_stage_id, moves[0].seconds_in_from), (1, Some(Id(id(11))), 86_400));
            assert_eq!(plain.body.stage_entered_at, Instant(ctx.now));
            let history = changes_of(tx, RecordKind::Opportunity, plain.head.id.0, None, 10)?;
            assert_eq!((history[0].action.as_str(), history[0].version, history[0].fields.0.len()), ("move", 2, 1));
            Ok(())
        };
        world.write(check).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn deals_of_a_removed_pipeline_go_on_in_another_and_keep_the_day_they_were_closed() {
    World::each(async |world| {
        let moved = world.write(|tx, ctx| {
            let buyer = Id(insert(tx, ctx, customer(ctx, "a"))?);
            let open = insert(tx, ctx, opportunity(ctx, buyer, &stage(21, "open", 70), "B"))?;
            let won = insert(tx, ctx, opportunity(ctx, buyer, &stage(22, "won", 100), "C"))?;
            let closed_at = find::<OpportunityBody>(tx, won).body.closed_at;
            stage_replace(tx, &may_configure(), ctx, &stage(21, "open", 70), &stage(11, "open", 10))?;
            stage_replace(tx, &may_configure(), ctx, &stage(22, "won", 100), &stage(13, "won", 100))?;
            pipeline_delete(tx, &may_configure(), id(2))?;
            let (open, won) = (find::<OpportunityBody>(tx, open), find::<OpportunityBody>(tx, won));
            assert_eq!((open.body.pipeline_id.0, open.body.stage_id.0, open.body.closed_at), (id(1), id(11), None));
            assert_eq!((won.body.pipeline_id.0, won.body.probability, won.body.closed_at), (id(1), 100, closed_at));
            let fields: Vec<_> = changes_of(tx, RecordKind::Opportunity, won.head.id.0, None, 1)?[0].fields.0.clone();
            assert_eq!(
                fields.iter().map(|change| change.field.as_str()).collect::<Vec<_>>(),
                ["stage_id", "pipeline_id"]
            );
            Ok(pipelines_all(tx)?.len())
        });
        assert_eq!(moved.await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_stale_version_is_noticed() {
    World::each(async |world| {
        let stale = world.write(|tx, _| stage_update(tx, &may_configure(), &stage(11, "open", 20), 7)).await;
        assert!(matches!(stale, Err(StoreError::Stale)), "{stale:?}");
    })
    .await;
}
