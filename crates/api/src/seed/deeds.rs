//! Makes activities: what was done about a customer and its contact, and now and then what comes next.

use chrono::{DateTime, TimeDelta, Utc};
use rapport_domain::activity::{ActivityKind, ActivityStatus, Direction, Outcome};
use rapport_persistence::activities::ActivityBody;
use rapport_persistence::bulk::Ready;
use rapport_persistence::contacts::ContactBody;
use rapport_persistence::customers::CustomerBody;
use rapport_persistence::record::{Head, Record};
use rapport_persistence::types::Instant;

use super::maker::{Maker, Portion, name};
use crate::activities::Activities;

const KINDS: [&str; 7] = ["call", "call", "call", "email", "message", "meeting", "note"];
const DONE: [(&str, &str); 8] = [
    ("电话沟通报价", "对方认可方案，价格需要再谈，下周给答复。"),
    ("发送产品资料", "已发送最新选型手册和案例。"),
    ("现场拜访", "看了产线，主要痛点是换型时间长。"),
    ("微信确认需求", "需求表已收到，缺少电源规格。"),
    ("Call about the quote", "They accept the scope, the price is still open."),
    ("Sent the brochure", "Catalogue and two reference stories."),
    ("Visit on site", "Changeover takes too long, that is where we help."),
    ("Notes from the trade fair", "Wants to see a demo in spring."),
];
const NEXT: [&str; 4] = ["回访报价结果", "安排演示", "Follow up on the quote", "Send the contract"];
/// Of a million customers so many have very much: every so many-th, and how much.
const BUSY: [(usize, usize); 3] = [(100_000, 5000), (1000, 100), (50, 10)];

/// How many activities so many customers may have at most.
pub(super) fn at_most_for(customers: usize) -> usize {
    let busy: usize = BUSY.iter().map(|(every, many)| customers / every * many).sum();
    customers * 5 + busy
}

impl Maker {
    /// What was done about a customer and its first contact; both are marked with the last and the next.
    pub(super) fn deeds(
        &mut self,
        customer: &mut Record<CustomerBody>,
        mut contact: Option<&mut Record<ContactBody>>,
        portion: &mut Portion,
    ) {
        let made = self.number_of(customer);
        let busy = BUSY.iter().find(|(every, _)| made % every == every - 1).map(|(_, many)| *many);
        let count = busy.unwrap_or_else(|| self.dice.below(5));
        for _ in 0..count {
            let at = self.between(customer.head.created_at.0);
            self.deed(customer, contact.as_deref_mut(), ActivityStatus::Done, at, portion);
        }
        if self.dice.chance(30) {
            let at = self.today + TimeDelta::minutes(self.dice.between(-10 * 1440, 30 * 1440));
            self.deed(customer, contact, ActivityStatus::Open, at, portion);
        }
    }

    fn number_of(&self, customer: &Record<CustomerBody>) -> usize {
        usize::try_from(customer.head.number).unwrap_or_default()
    }

    /// Any moment since a record was made.
    fn between(&mut self, since: DateTime<Utc>) -> DateTime<Utc> {
        let seconds = (self.today - since).num_seconds().max(1);
        since + TimeDelta::seconds(self.dice.between(0, seconds))
    }

    fn deed(
        &mut self,
        customer: &mut Record<CustomerBody>,
        contact: Option<&mut Record<ContactBody>>,
        status: ActivityStatus,
        at: DateTime<Utc>,
        portion: &mut Portion,
    ) {
        let (owner, number) = (self.owner_of(customer), self.stock.activities.next());
        let is_done = status == ActivityStatus::Done;
        let ctx = self.moment(owner, if is_done { at } else { self.today - TimeDelta::days(1) });
        let mut record = self.blank::<Activities>(&ctx, number);
        record.head.source = None;
        let kind = if is_done { self.dice.pick(&KINDS) } else { ActivityKind::Task.as_str() };
        let (subject, text) = if is_done { self.dice.pick(&DONE) } else { (self.dice.pick(&NEXT), "") };
        name(&mut record, subject.to_owned());
        let body = &mut record.body;
        body.customer_id = Some(customer.head.id);
        body.contact_id = contact.as_ref().map(|contact| contact.head.id);
        kind.clone_into(&mut body.kind);
        status.as_str().clone_into(&mut body.status);
        body.at = Some(Instant(at));
        (body.happened_at, body.due_at) = if is_done { (body.at, None) } else { (None, body.at) };
        let profile = &mut body.profile.0;
        profile.body = (!text.is_empty()).then(|| text.to_owned());
        if ActivityKind::parse(kind).is_some_and(ActivityKind::has_direction) {
            profile.direction = Some(Direction::Outbound.as_str().to_owned());
        }
        if kind == ActivityKind::Call.as_str() {
            profile.outcome =
                Some(self.dice.pick(&[Outcome::Reached.as_str(), Outcome::NotReached.as_str()]).to_owned());
            profile.duration_minutes = Some(self.dice.between(1, 40));
        }
        mark(&mut customer.head, &record);
        if let Some(contact) = contact {
            mark(&mut contact.head, &record);
        }
        let written = self.written::<Activities>(&record);
        portion.activities.push(Ready::new(record, written));
    }
}

/// What `activity_marks` would write.
fn mark(head: &mut Head, record: &Record<ActivityBody>) {
    let (done, due) = (record.body.happened_at, record.body.due_at);
    head.last_activity_at = head.last_activity_at.max(done);
    head.next_activity_at = match (head.next_activity_at, due) {
        (Some(known), Some(due)) => Some(known.min(due)),
        (known, due) => known.or(due),
    };
}
