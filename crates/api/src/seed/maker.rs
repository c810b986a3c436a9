//! Makes records out of chance: customers, their contacts, and leads.

use std::collections::HashMap;
use std::sync::Arc;
use std::vec::IntoIter;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use rapport_domain::access::{Actor, Grants, Ownership, Via};
use rapport_domain::context::{Context, Locale};
use rapport_domain::lead::FirstResponse;
use rapport_domain::scoring::RatedBy;
use rapport_domain::text::{display_name, sort_key};
use rapport_persistence::Tx;
use rapport_persistence::activities::ActivityBody;
use rapport_persistence::bulk::Ready;
use rapport_persistence::contacts::{ContactBody, CustomerLink, EmailEntry, PhoneEntry};
use rapport_persistence::customers::{Address, CustomerBody};
use rapport_persistence::lead_statuses::{LeadStatusRow, lead_statuses_all};
use rapport_persistence::leads::LeadBody;
use rapport_persistence::opportunities::{OpportunityBody, StageMoveRow};
use rapport_persistence::pipelines::{StageRow, pipeline_default, stages_of};
use rapport_persistence::record::{Body, Record};
use rapport_persistence::records::Written;
use rapport_persistence::sources::sources_all;
use rapport_persistence::types::{Id, Instant, Json};
use rapport_persistence::users::UserRow;
use uuid::Uuid;

use crate::contacts::Contacts;
use crate::customers::Customers;
use crate::leads::Leads;
use crate::organisation::USUAL_RESPONSE_HOURS;
use crate::problem::{Code, Problem};
use crate::records::{RecordType, write};
use crate::sample::dice::{DatedIds, Dice};
use crate::sample::names::{self, Company};

/// How far back the records go: two years.
const SECONDS: i64 = 730 * 86_400;
/// Labels.
const TAGS: [&str; 12] = [
    "重点客户",
    "展会",
    "老客户",
    "代理商",
    "价格敏感",
    "长期合作",
    "key account",
    "trade fair",
    "reseller",
    "renewal",
    "2026",
    "试用",
];
/// Reasons for not buying that need no note.
const REASONS: [&str; 5] = ["no_need", "no_budget", "no_authority", "wrong_contact", "competitor"];

/// What the records refer to.
#[derive(Debug)]
pub(super) struct Setting {
    pub(super) owners: Vec<UserRow>,
    sources: Vec<String>,
    statuses: Vec<LeadStatusRow>,
    pub(super) stages: Vec<StageRow>,
}

/// Numbers for the records of a run.
#[derive(Debug)]
pub(super) struct Stock {
    pub(super) customers: IntoIter<i64>,
    pub(super) contacts: IntoIter<i64>,
    pub(super) leads: IntoIter<i64>,
    pub(super) opportunities: IntoIter<i64>,
    pub(super) activities: IntoIter<i64>,
}

/// What one transaction writes.
#[derive(Debug, Default)]
pub(super) struct Portion {
    pub(super) customers: Vec<Ready<CustomerBody>>,
    pub(super) contacts: Vec<Ready<ContactBody>>,
    pub(super) leads: Vec<Ready<LeadBody>>,
    pub(super) opportunities: Vec<Ready<OpportunityBody>>,
    pub(super) activities: Vec<Ready<ActivityBody>>,
    pub(super) moves: Vec<StageMoveRow>,
}

/// Makes records, the same for the same seed on the same day.
#[derive(Debug)]
pub(super) struct Maker {
    pub(super) dice: Dice,
    ids: Arc<DatedIds>,
    pub(super) today: DateTime<Utc>,
    pub(super) setting: Setting,
    pub(super) stock: Stock,
    /// The last rank in the column of each stage.
    pub(super) ranks: HashMap<Id, String>,
    /// How many customers there are, and how many there will be.
    made: usize,
    size: usize,
}

/// How many contacts so many customers have: every fifth has two.
pub(super) fn contacts_for(customers: usize) -> usize {
    customers + customers / 5
}

impl Setting {
    /// What the database offers.
    pub(super) fn load(tx: &mut Tx<'_>, owners: Vec<UserRow>) -> Result<Self, Problem> {
        let pipeline = pipeline_default(tx)?.ok_or_else(|| Problem::new(Code::Internal))?;
        let statuses =
            lead_statuses_all(tx)?.into_iter().filter(|status| status.is_active && status.category != "converted");
        Ok(Self {
            owners,
            sources: sources_all(tx)?.into_iter().map(|source| source.key).collect(),
            statuses: statuses.collect(),
            stages: stages_of(tx, pipeline.id.0)?,
        })
    }
}

impl Maker {
    /// A maker whose records end with today.
    pub(super) fn new(seed: u64, now: DateTime<Utc>, setting: Setting, stock: Stock) -> Self {
        let size = stock.customers.len();
        let today = now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
        let (dice, ids) = (Dice::new(seed), Arc::new(DatedIds::new(!seed)));
        Self { dice, ids, today, setting, stock, ranks: HashMap::new(), made: 0, size }
    }

    /// The next so many customers and what belongs to them.
    pub(super) fn portion(&mut self, customers: usize) -> Portion {
        let mut portion = Portion::default();
        for _ in 0..customers {
            let company = names::company(&mut self.dice);
            let mut customer = self.customer(&company);
            let contacts = if self.made % 5 == 4 { 2 } else { 1 };
            let mut contacts: Vec<_> = (0..contacts).map(|_| self.contact(&company, &customer)).collect();
            customer.body.primary_contact_id = contacts.first().map(|contact| contact.head.id);
            self.deeds(&mut customer, contacts.first_mut(), &mut portion);
            for contact in contacts {
                let written = self.written::<Contacts>(&contact);
                portion.contacts.push(Ready::new(contact, written));
            }
            if self.made % 2 == 1 {
                let lead = self.lead();
                let written = self.written::<Leads>(&lead);
                portion.leads.push(Ready::new(lead, written));
            }
            if self.made % 10 == 9 {
                self.deal(&mut customer, &mut portion);
            }
            let written = self.written::<Customers>(&customer);
            portion.customers.push(Ready::new(customer, written));
            self.made += 1;
        }
        portion
    }

    /// The moment of a record that was made some time ago by one of the owners.
    pub(super) fn moment(&self, owner: usize, at: DateTime<Utc>) -> Context {
        let user = self.setting.owners.get(owner);
        let actor = Actor {
            user_id: user.map_or_else(Uuid::nil, |user| user.id.0),
            name: user.map(|user| user.name.clone()).unwrap_or_default(),
            team_id: user.and_then(|user| user.team_id).map(Into::into),
            team_and_below: Vec::new(),
            pool_id: None,
            grants: Grants::everything(),
            via: Via::Cli,
        };
        Context {
            now: at,
            actor,
            request_id: None,
            locale: Locale::ZhCn,
            zone: Tz::UTC,
            ids: self.ids.clone(),
            is_one_of_many: false,
        }
    }

    /// When the next customer or lead was made: they come one after the other within the last two years, the more the
    /// nearer to today, as in a business that grows. So their numbers and ids rise with time, and the ids of whatever is written
    /// with them too: trees of ids grow at their end, as they do where people write things down as they happen. With ids all
    /// over two years every transaction would write nearly every page of these trees again.
    fn next_day(&mut self) -> DateTime<Utc> {
        let done = i64::try_from(self.made).unwrap_or(0) * 1_000_000 / i64::try_from(self.size).unwrap_or(1).max(1);
        let left = SECONDS - SECONDS * (done * (2_000_000 - done) / 1_000_000) / 1_000_000;
        let at = self.today - TimeDelta::seconds(left + self.dice.between(1, 60));
        self.ids.set(at);
        at
    }

    /// A record with nothing in it but its head.
    pub(super) fn blank<R: RecordType>(&mut self, ctx: &Context, number: Option<i64>) -> Record<R::Body> {
        let owner = Ownership { owner_id: ctx.actor.user(), team_id: ctx.actor.team_id, ..Ownership::default() };
        let mut record = Record { head: write::blank_head(ctx, None, owner), body: R::blank(ctx) };
        record.head.number = number.unwrap_or_default();
        let source = self.dice.below(self.setting.sources.len());
        record.head.source = self.setting.sources.get(source).cloned();
        if self.dice.chance(30) {
            record.head.tags = Json(vec![self.dice.pick(&TAGS).to_owned()]);
        }
        record
    }

    /// The history and everything else that accompanies a record.
    pub(super) fn written<R: RecordType>(&self, record: &Record<R::Body>) -> Written {
        let owner = self.setting.owners.iter().position(|user| Some(user.id) == record.head.owner_id);
        let ctx = self.moment(owner.unwrap_or_default(), record.head.created_at.0);
        write::written::<R>(&ctx, None, record, "create")
    }

    fn customer(&mut self, company: &Company) -> Record<CustomerBody> {
        let (owner, at) = (self.dice.skewed(self.setting.owners.len()), self.next_day());
        let (ctx, number) = (self.moment(owner, at), self.stock.customers.next());
        let mut record = self.blank::<Customers>(&ctx, number);
        record.body.counted_from = Some(record.head.created_at);
        name(&mut record, company.name.clone());
        let (phone, e164) = names::phone(&mut self.dice, company.is_chinese);
        let body = &mut record.body;
        body.level =
            self.dice.pick(&[None, None, Some("A"), Some("B"), Some("C"), Some("C"), Some("D")]).map(str::to_owned);
        body.industry = Some(company.industry.to_owned());
        body.region = Some(company.region.to_owned());
        let profile = &mut body.profile.0;
        profile.website = Some(format!("https://www.{}", company.domain));
        profile.domain = Some(company.domain.clone());
        profile.email = Some(format!("info@{}", company.domain));
        (profile.phone, profile.phone_e164) = (Some(phone), Some(e164));
        profile.employees = Some(self.dice.amount(5, 20_000, 5));
        profile.address = Some(Address {
            country: Some(company.country.to_owned()),
            region: Some(company.region.to_owned()),
            city: Some(company.city.to_owned()),
            ..Address::default()
        });
        record
    }

    fn contact(&mut self, company: &Company, customer: &Record<CustomerBody>) -> Record<ContactBody> {
        let owner =
            self.setting.owners.iter().position(|user| Some(user.id) == customer.head.owner_id).unwrap_or_default();
        let at = customer.head.created_at.0 + TimeDelta::seconds(self.dice.between(1, 200));
        let (ctx, number) = (self.moment(owner, at), self.stock.contacts.next());
        let mut record = self.blank::<Contacts>(&ctx, number);
        let person = names::person(&mut self.dice, company.is_chinese);
        let (phone, e164) = names::phone(&mut self.dice, company.is_chinese);
        let email = format!("{}@{}", person.mailbox, company.domain);
        name(&mut record, display_name(&person.family, &person.given));
        let body = &mut record.body;
        body.customer_id = Some(customer.head.id);
        body.job_title = Some(person.title.to_owned());
        body.email = Some(email.clone());
        body.phone = Some(phone.clone());
        let profile = &mut body.profile.0;
        (profile.family_name, profile.given_name) = (Some(person.family), Some(person.given));
        profile.emails = vec![EmailEntry { kind: "work".into(), value: email, primary: true, ..EmailEntry::default() }];
        profile.phones = vec![PhoneEntry { kind: "mobile".into(), value: phone, e164: Some(e164), primary: true }];
        profile.customers =
            vec![CustomerLink { customer_id: customer.head.id.0, primary: true, ..CustomerLink::default() }];
        record
    }

    fn lead(&mut self) -> Record<LeadBody> {
        let (owner, at) = (self.dice.skewed(self.setting.owners.len()), self.next_day());
        let (ctx, number) = (self.moment(owner, at), self.stock.leads.next());
        let mut record = self.blank::<Leads>(&ctx, number);
        let company = names::company(&mut self.dice);
        let person = names::person(&mut self.dice, company.is_chinese);
        let (phone, e164) = names::phone(&mut self.dice, company.is_chinese);
        name(&mut record, display_name(&person.family, &person.given));
        let body = &mut record.body;
        body.rating = self.dice.pick(&[None, Some("hot"), Some("warm"), Some("cold"), Some("cold")]).map(str::to_owned);
        body.rating_by = body.rating.is_some().then(|| RatedBy::Person.as_str().to_owned());
        body.amount = Some(self.dice.amount(500_000, 200_000_000, 100_000));
        body.currency = Some(if company.is_chinese { "CNY" } else { "USD" }.to_owned());
        body.region = Some(company.region.to_owned());
        let profile = &mut body.profile.0;
        (profile.family_name, profile.given_name) = (Some(person.family), Some(person.given));
        profile.title = Some(person.title.to_owned());
        profile.email = Some(format!("{}@{}", person.mailbox, company.domain));
        profile.domain = Some(company.domain);
        (profile.phone, profile.phone_e164) = (Some(phone), Some(e164));
        profile.industry = Some(company.industry.to_owned());
        profile.city = Some(company.city.to_owned());
        body.company_name = Some(company.name);
        self.status(&mut record);
        record
    }

    /// A status, with what it demands.
    fn status(&mut self, record: &mut Record<LeadBody>) {
        let at = self.dice.below(self.setting.statuses.len());
        let Some(status) = self.setting.statuses.get(at) else { return };
        record.body.status.clone_from(&status.key);
        record.body.status_category.clone_from(&status.category);
        let profile = &mut record.body.profile.0;
        match status.category.as_str() {
            "nurturing" => {
                profile.revisit_on = Some((self.today + TimeDelta::days(self.dice.between(5, 120))).date_naive());
            }
            "disqualified" => profile.disqualified_reason = Some(self.dice.pick(&REASONS).to_owned()),
            _ => {}
        }
        let usual = FirstResponse::due_after(record.head.created_at.0, USUAL_RESPONSE_HOURS);
        record.body.first_response_due_at = usual.map(Instant);
        if status.category != "new" {
            let (made, waited) = (record.head.created_at.0, TimeDelta::hours(self.dice.between(1, 30)));
            record.body.first_responded_at = Some((made + waited).min(self.today.max(made)).into());
        }
    }
}

/// Names a record, for people and for sorting.
pub(super) fn name<B: Body>(record: &mut Record<B>, name: String) {
    record.head.name_sort = sort_key(&name);
    record.head.name = name;
}
