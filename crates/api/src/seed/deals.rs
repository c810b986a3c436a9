//! Makes opportunities, and the way they have come through the stages.

use chrono::{DateTime, TimeDelta, Utc};
use rapport_domain::opportunity::{StageCategory, rank_last};
use rapport_persistence::bulk::Ready;
use rapport_persistence::customers::CustomerBody;
use rapport_persistence::opportunities::{OpportunityBody, StageMoveRow};
use rapport_persistence::pipelines::StageRow;
use rapport_persistence::record::Record;
use rapport_persistence::types::{Id, Instant};

use super::maker::{Maker, Portion, name};
use crate::opportunities::{Opportunities, put_first_times};

const PRODUCTS: [&str; 8] =
    ["年度采购", "设备升级", "系统集成", "维保续约", "试点项目", "Annual licence", "Pilot", "Upgrade"];
const LOST_REASONS: [&str; 5] = ["price", "competitor", "no_budget", "no_decision", "timing"];

impl Maker {
    /// An opportunity with a customer, who becomes active when it is won.
    pub(super) fn deal(&mut self, customer: &mut Record<CustomerBody>, portion: &mut Portion) {
        let path = self.path();
        let Some(stage) = path.last().cloned() else { return };
        let owner = self.owner_of(customer);
        let age = (self.today - customer.head.created_at.0).num_days().max(0);
        let at = customer.head.created_at.0 + TimeDelta::days(self.dice.between(0, age / 2)) + TimeDelta::hours(1);
        let (ctx, number) = (self.moment(owner, at), self.stock.opportunities.next());
        let mut record = self.blank::<Opportunities>(&ctx, number);
        let title = format!("{} {}", customer.head.name, self.dice.pick(&PRODUCTS));
        name(&mut record, title);
        let entered = self.walk(&record, &path, owner, portion);
        self.fill(&mut record, customer, &path, &stage, entered);
        if stage.category == "won" {
            customer.body.lifecycle = "active".to_owned();
            customer.body.relation = "customer".to_owned();
        }
        let written = self.written::<Opportunities>(&record);
        portion.opportunities.push(Ready::new(record, written));
    }

    /// The open stages in turn as far as chance goes, then perhaps one of the ends.
    fn path(&mut self) -> Vec<StageRow> {
        let is_open = |stage: &&StageRow| stage.category == "open";
        let open: Vec<StageRow> = self.setting.stages.iter().filter(is_open).cloned().collect();
        let reached = self.dice.below(open.len()) + 1;
        let mut path: Vec<StageRow> = open.into_iter().take(reached).collect();
        let end = match self.dice.below(100) {
            0..40 => None,
            40..65 => Some("won"),
            65..95 => Some("lost"),
            _ => Some("void"),
        };
        path.extend(end.and_then(|end| self.setting.stages.iter().find(|stage| stage.category == end)).cloned());
        path
    }

    /// Writes the moves along a path; answers when the last stage was entered.
    fn walk(
        &mut self,
        record: &Record<OpportunityBody>,
        path: &[StageRow],
        owner: usize,
        portion: &mut Portion,
    ) -> DateTime<Utc> {
        let mut entered = record.head.created_at.0;
        let steps = i64::try_from(path.len()).unwrap_or(1);
        let stride = (self.today - entered).num_seconds().max(steps) / steps;
        let mut from: Option<Id> = None;
        for stage in path {
            let seconds = if from.is_some() { self.dice.between(stride / 4, stride).max(1) } else { 0 };
            let ctx = self.moment(owner, entered + TimeDelta::seconds(seconds));
            portion.moves.push(StageMoveRow {
                id: Id(ctx.next_id()),
                opportunity_id: record.head.id,
                from_stage_id: from,
                to_stage_id: stage.id,
                seconds_in_from: seconds,
                reason: None,
                moved_at: Instant(ctx.now),
                moved_by: ctx.actor.user().map(Id),
            });
            (entered, from) = (ctx.now, Some(stage.id));
        }
        entered
    }

    fn fill(
        &mut self,
        record: &mut Record<OpportunityBody>,
        customer: &Record<CustomerBody>,
        path: &[StageRow],
        stage: &StageRow,
        entered: DateTime<Utc>,
    ) {
        let is_open = StageCategory::parse(&stage.category) == Some(StageCategory::Open);
        let rank = self.rank(stage.id);
        let body = &mut record.body;
        body.customer_id = customer.head.id;
        body.primary_contact_id = customer.body.primary_contact_id;
        (body.pipeline_id, body.stage_id) = (stage.pipeline_id, stage.id);
        body.category.clone_from(&stage.category);
        body.stage_entered_at = Instant(entered);
        body.amount = Some(self.dice.amount(1_000_000, 500_000_000, 100_000));
        let is_chinese =
            customer.body.profile.0.address.as_ref().is_some_and(|address| address.country.as_deref() == Some("CN"));
        body.currency = Some(if is_chinese { "CNY" } else { "USD" }.to_owned());
        body.probability = stage.probability;
        body.closed_at = (!is_open).then_some(Instant(entered));
        let expected = if is_open { self.today + TimeDelta::days(self.dice.between(-10, 90)) } else { entered };
        body.expected_close_on = Some(expected.date_naive());
        body.board_rank = rank;
        body.origin_lead_id = None;
        put_first_times(body, stage);
        let profile = &mut body.profile.0;
        profile.last_open_stage_id = path.iter().rfind(|stage| stage.category == "open").map(|stage| stage.id.0);
        if stage.category == "lost" {
            profile.lost_reason = Some(self.dice.pick(&LOST_REASONS).to_owned());
        }
    }

    /// A place at the end of a stage's column.
    fn rank(&mut self, stage: Id) -> String {
        let rank = rank_last(self.ranks.get(&stage).map(String::as_str)).unwrap_or_default();
        self.ranks.insert(stage, rank.clone());
        rank
    }

    pub(super) fn owner_of(&self, customer: &Record<CustomerBody>) -> usize {
        self.setting.owners.iter().position(|user| Some(user.id) == customer.head.owner_id).unwrap_or_default()
    }
}
