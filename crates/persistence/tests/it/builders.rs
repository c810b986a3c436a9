//! Rows for tests, and a database with the configuration they refer to.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use rapport_domain::access::{Action, Actor, Permit, Subject, Visibility, decide};
use rapport_domain::context::{Clock as _, Context, Locale};
use rapport_persistence::changes::Change;
use rapport_persistence::customer_pools::{CustomerPoolRow, customer_pool_insert};
use rapport_persistence::customers::CustomerBody;
use rapport_persistence::lead_statuses::{LeadStatusRow, lead_status_insert};
use rapport_persistence::leads::LeadBody;
use rapport_persistence::opportunities::OpportunityBody;
use rapport_persistence::pipelines::{PipelineRow, StageRow, pipeline_insert, stage_insert};
use rapport_persistence::record::{Body, Extras, Head, Record};
use rapport_persistence::records::{Written, number_next, record_find, record_insert, record_update};
use rapport_persistence::satellites::Satellites;
use rapport_persistence::sources::{SourceRow, source_insert};
use rapport_persistence::types::{Id, Instant, Json};
use rapport_persistence::{Db, Store, StoreError, Tx};
use rapport_testkit::{Database, TestClock, TestIds};
use uuid::Uuid;

/// A database with configuration, and the moment of the test.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) ctx: Context,
    /// Goes last: it takes the database along.
    pub(crate) database: Database,
}

impl World {
    /// Runs a test on every backend.
    pub(crate) async fn each(test: impl AsyncFn(&Self)) {
        for database in Database::all_migrated() {
            eprintln!("on {}", database.backend);
            let store = database.store();
            let ctx = Context {
                now: TestClock::default().now(),
                actor: Actor::system(),
                request_id: Some("r1".into()),
                locale: Locale::En,
                zone: chrono_tz::Tz::UTC,
                ids: Arc::new(TestIds::default()),
                is_one_of_many: false,
            };
            let world = Self { store, ctx, database };
            world.write(configure).await.unwrap();
            test(&world).await;
        }
    }

    /// Runs `work` in a transaction.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>, &Context) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let ctx = self.ctx.clone();
        self.store.write("test", move |tx| work(tx, &ctx)).await
    }
}

/// Leave to change the configuration.
pub(crate) fn may_configure() -> Permit {
    decide(&Actor::system(), Action::Configure, Subject::Configuration, None).unwrap()
}

/// Leave to make records.
pub(crate) fn may_create(subject: Subject) -> Permit {
    decide(&Actor::system(), Action::Create, subject, None).unwrap()
}

/// The id of the pipeline or stage with a number.
pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// The default pool, in which customers lie whom nobody owns.
pub(crate) const POOL: Uuid = Uuid::from_u128(900);

/// The usual pipeline, 1, has the stages 11 and 12 (open), 13 (won) and 14 (lost); pipeline 2 has
/// the stages 21 (open) and 22 (won).
fn configure(tx: &mut Tx<'_>, ctx: &Context) -> Result<(), StoreError> {
    let permit = may_configure();
    customer_pool_insert(tx, &permit, &default_pool(ctx))?;
    for (position, key) in (0..).zip(["web", "fair", "other"]) {
        source_insert(
            tx,
            &permit,
            &SourceRow { key: key.into(), names: names(key), position, is_active: true, version: 1 },
        )?;
    }
    for (position, (key, category)) in (0..).zip([("new", "new"), ("working", "working"), ("calling", "working")]) {
        lead_status_insert(tx, &permit, &status(key, category, position))?;
    }
    for number in [1, 2] {
        let row = PipelineRow {
            id: Id(id(number)),
            names: names("pipeline"),
            is_default: number == 1,
            position: number as i32 - 1,
            is_active: true,
            version: 1,
        };
        pipeline_insert(tx, &permit, &row)?;
    }
    for (number, category, probability) in
        [(11, "open", 10), (12, "open", 40), (13, "won", 100), (14, "lost", 0), (21, "open", 70), (22, "won", 100)]
    {
        stage_insert(tx, &permit, &stage(number, category, probability))?;
    }
    Ok(())
}

/// A default pool without rules.
pub(crate) fn default_pool(ctx: &Context) -> CustomerPoolRow {
    let now = Instant(ctx.now);
    CustomerPoolRow {
        id: Id(POOL),
        name: None,
        name_key: None,
        team_id: None,
        is_default: true,
        is_active: true,
        no_activity_days: None,
        no_opportunity_days: None,
        not_won_days: None,
        warn_days: 3,
        owned_cap: None,
        claims_per_day: None,
        cooldown_days: 0,
        rules_since: now,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

pub(crate) fn names(name: &str) -> Json<BTreeMap<String, String>> {
    Json(BTreeMap::from([("en".to_owned(), name.to_owned())]))
}

pub(crate) fn status(key: &str, category: &str, position: i32) -> LeadStatusRow {
    LeadStatusRow {
        key: key.into(),
        names: names(key),
        category: category.into(),
        color: "gray".into(),
        position,
        is_active: true,
        version: 1,
    }
}

pub(crate) fn stage(number: u128, category: &str, probability: i32) -> StageRow {
    StageRow {
        id: Id(id(number)),
        pipeline_id: Id(id(number / 10)),
        names: names("stage"),
        category: category.into(),
        probability,
        color: "gray".into(),
        position: (number % 10) as i32,
        expected_days: None,
        warning_days: Some(7),
        required_fields: Json(vec!["amount".into()]),
        version: 1,
    }
}

fn head(ctx: &Context, name: &str) -> Head {
    Head {
        id: Id(ctx.next_id()),
        number: 0,
        name: name.into(),
        name_sort: name.into(),
        source: Some("web".into()),
        owner_id: None,
        team_id: None,
        tags: Json(Vec::new()),
        extras: Json(Extras::default()),
        last_activity_at: None,
        next_activity_at: None,
        version: 1,
        created_at: Instant(ctx.now),
        created_by: None,
        updated_at: Instant(ctx.now),
        updated_by: None,
        deleted_at: None,
        deleted_by: None,
    }
}

pub(crate) fn customer(ctx: &Context, name: &str) -> Record<CustomerBody> {
    let body = CustomerBody {
        kind: "company".into(),
        relation: "prospect".into(),
        lifecycle: "prospect".into(),
        level: None,
        industry: None,
        region: None,
        parent_id: None,
        primary_contact_id: None,
        origin_lead_id: None,
        profile: Json::default(),
        pool_id: Some(Id(POOL)),
        pooled_at: Some(Instant(ctx.now)),
        counted_from: None,
        release_at: None,
    };
    Record { head: head(ctx, name), body }
}

pub(crate) fn lead(ctx: &Context, name: &str, status: &str, category: &str) -> Record<LeadBody> {
    let body = LeadBody {
        company_name: None,
        status: status.into(),
        status_category: category.into(),
        rating: None,
        rating_by: None,
        score: 0,
        score_changes_at: None,
        amount: None,
        currency: None,
        region: None,
        first_response_due_at: None,
        first_responded_at: None,
        profile: Json::default(),
    };
    Record { head: head(ctx, name), body }
}

/// An opportunity that has stood in a stage for a day.
pub(crate) fn opportunity(ctx: &Context, customer: Id, stage: &StageRow, rank: &str) -> Record<OpportunityBody> {
    let day_ago: DateTime<Utc> = ctx.now - TimeDelta::days(1);
    let body = OpportunityBody {
        customer_id: customer,
        primary_contact_id: None,
        pipeline_id: stage.pipeline_id,
        stage_id: stage.id,
        category: stage.category.clone(),
        stage_entered_at: Instant(day_ago),
        amount: Some(100),
        currency: Some("CNY".into()),
        probability: stage.probability,
        expected_close_on: None,
        closed_at: (stage.category != "open").then_some(Instant(day_ago)),
        board_rank: rank.into(),
        warn_at: None,
        stale_at: None,
        origin_lead_id: None,
        profile: Json::default(),
    };
    Record { head: head(ctx, rank), body }
}

pub(crate) fn written<B: Body>(ctx: &Context, record: &Record<B>, satellites: Satellites) -> Written {
    let change = Change {
        id: Id(ctx.next_id()),
        record_type: B::KIND.as_str().into(),
        record_id: record.head.id,
        version: 1,
        action: "create".into(),
        via: "system".into(),
        actor_id: None,
        actor_name: "Rapport".into(),
        request_id: None,
        at: Instant(ctx.now),
        fields: Json(Vec::new()),
    };
    Written { satellites, change, from: None }
}

/// Inserts a record, which may be in the trash at once, and answers its id.
pub(crate) fn insert<B: Body>(tx: &mut Tx<'_>, ctx: &Context, mut record: Record<B>) -> Result<Uuid, StoreError> {
    record.head.number = number_next(tx, B::KIND)?;
    let gone = record.head.deleted_at.take();
    let permit = may_create(Subject::from(B::KIND));
    record_insert(tx, &permit, &record, &written(ctx, &record, Satellites::default()))?;
    if gone.is_some() {
        record.head.deleted_at = gone;
        let (nothing, trashed) = (Satellites::default(), written(ctx, &record, Satellites::default()));
        record_update(tx, &permit, &record, record.head.version, &nothing, &trashed)?;
    }
    Ok(record.head.id.0)
}

/// A record that is there, dead or alive.
pub(crate) fn find<B: Body>(db: &mut Db, record: Uuid) -> Record<B> {
    record_find(db, &Visibility::Everything, record).unwrap().expect("the record")
}
