//! Customers: companies and persons that business is done with.

mod dto;
pub(crate) mod lifecycle;
mod transfer;

use serde_json::{Value, json};
use uuid::Uuid;

use rapport_domain::access::Subject;
use rapport_domain::context::Context;
use rapport_domain::customer::{CustomerKind, Level, Lifecycle, Relation};
use rapport_domain::kind::RecordKind;
use rapport_domain::search::{Doc, Findable};
use rapport_domain::team::would_cycle;
use rapport_domain::text::{domain_of, name_key};
use rapport_persistence::customers::{Address, CustomerBody, CustomerProfile};
use rapport_persistence::names::referrers;
use rapport_persistence::record::Record;
use rapport_persistence::records::{record_find, record_hold};
use rapport_persistence::satellites::Satellites;
use rapport_persistence::types::{Id, Json};
use rapport_persistence::{Db, StoreError, Tx};

pub use dto::{AddressDto, CreateCustomer, CustomerView};
pub use lifecycle::{LifecycleMoveView, LifecyclePage, MoveLifecycle};
pub use transfer::{Along, CascadeView, TransferCascade, TransferCustomer, TransferredCustomer};

use crate::contacts::Contacts;
use crate::pools;
use crate::problem::{Code, Problem};
use crate::records::batch::{BatchAction, BatchOperation};
use crate::records::fields::{Faults, MoneyAmount};
use crate::records::references::{References, Wanted};
use crate::records::reply::Reply;
use crate::records::routes::Resources;
use crate::records::view::{HeadView, named};
use crate::records::{Common, RecordType, patch, write};
use crate::router::Routes;

/// How deep the tree of companies may be.
const MAX_DEPTH: usize = 10;

/// The record type.
#[derive(Clone, Copy, Debug)]
pub struct Customers;

/// The endpoints.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(lifecycle::move_customer_lifecycle);
    cfg.service(lifecycle::list_customer_lifecycle);
    cfg.service(transfer::preview_customer_transfer).service(transfer::transfer_customer);
    cfg.configure(pools::customer_routes);
    cfg.group("/customers", Resources::<Customers>::new());
}

impl RecordType for Customers {
    type Body = CustomerBody;
    type Input = CreateCustomer;
    type View = CustomerView;

    const SUBJECT: Subject = Subject::Customer;
    const NAME: &'static str = "Customer";
    const TAG: &'static str = "Customers";

    fn common(input: &CreateCustomer) -> Common<'_> {
        Common {
            id: input.id,
            owner_id: input.owner_id,
            source: input.source.as_deref(),
            tags: &input.tags,
            external_ids: &input.external_ids,
        }
    }

    fn input_of(record: &Record<CustomerBody>) -> CreateCustomer {
        CreateCustomer::of(record)
    }

    fn ruled(record: &Record<CustomerBody>) -> Vec<(&'static str, Value)> {
        let (body, profile) = (&record.body, &record.body.profile.0);
        vec![
            ("lifecycle", json!(body.lifecycle)),
            ("origin_lead_id", json!(body.origin_lead_id)),
            ("pool_id", json!(body.pool_id)),
            ("pool_reason", json!(profile.pool_reason)),
            ("pool_rule", json!(profile.pool_rule)),
            ("locked_until", json!(profile.locked_until)),
        ]
    }

    fn blank(_ctx: &Context) -> CustomerBody {
        CustomerBody {
            kind: CustomerKind::Company.as_str().to_owned(),
            relation: Relation::Prospect.as_str().to_owned(),
            lifecycle: Lifecycle::Prospect.as_str().to_owned(),
            level: None,
            industry: None,
            region: None,
            parent_id: None,
            primary_contact_id: None,
            origin_lead_id: None,
            profile: Json(CustomerProfile::default()),
            pool_id: None,
            pooled_at: None,
            counted_from: None,
            release_at: None,
        }
    }

    fn prepare(
        tx: &mut Tx<'_>,
        ctx: &Context,
        record: &mut Record<CustomerBody>,
        input: &CreateCustomer,
        before: Option<&Record<CustomerBody>>,
    ) -> Result<(), Problem> {
        let mut faults = Faults::default();
        read(&mut faults, record, input);
        check_links(tx, ctx, &mut faults, record, before)?;
        faults.finish()
    }

    fn settle(
        tx: &mut Tx<'_>,
        ctx: &Context,
        record: &mut Record<CustomerBody>,
        before: Option<&Record<CustomerBody>>,
    ) -> Result<(), Problem> {
        pools::settle(tx, ctx, record, before)
    }

    fn act(tx: &mut Tx<'_>, ctx: &Context, operation: &BatchOperation, id: Uuid) -> Result<Reply, Problem> {
        if operation.action != BatchAction::Transfer {
            return pools::act(tx, ctx, operation, id);
        }
        let data = operation.data.clone().unwrap_or_else(|| json!({}));
        let below = |problem: Problem| problem.below("/data");
        let asked: TransferCustomer = patch::read_input(data).map_err(below)?;
        transfer::transfer(tx, ctx, id, operation.version, &asked).map_err(below)
    }

    fn written(
        tx: &mut Tx<'_>,
        ctx: &Context,
        record: &Record<CustomerBody>,
        before: Option<&Record<CustomerBody>>,
    ) -> Result<(), Problem> {
        pools::note_move(tx, ctx, record, before)
    }

    fn check_restore(tx: &mut Tx<'_>, record: &Record<CustomerBody>) -> Result<(), Problem> {
        let parent = ("上级客户已在回收站", "Its parent is in the trash");
        write::require_alive::<Customers>(tx, record.body.parent_id, parent)
    }

    fn satellites(record: &Record<CustomerBody>) -> Satellites {
        let (head, profile) = (&record.head, &record.body.profile.0);
        let number = head.number.to_string();
        let doc = Doc {
            names: vec![&head.name],
            texts: [profile.domain.as_deref(), record.body.industry.as_deref()].into_iter().flatten().collect(),
            numbers: [
                Some(number.as_str()),
                profile.phone.as_deref(),
                profile.phone_e164.as_deref(),
                profile.tax_id.as_deref(),
            ]
            .into_iter()
            .flatten()
            .collect(),
            emails: profile.email.as_deref().into_iter().collect(),
        };
        let keys = [
            ("email", profile.email.clone()),
            ("phone", profile.phone_e164.clone()),
            ("domain", profile.domain.clone()),
            ("tax_id", profile.tax_id.as_deref().map(rapport_domain::text::fold)),
            ("name", Some(name_key(&head.name))),
        ];
        let Findable { tokens, body } = Findable::of(&doc);
        Satellites {
            tags: head.tags.0.clone(),
            external_ids: head.extras.0.external_ids.clone(),
            keys: keys.into_iter().filter_map(|(kind, value)| Some((kind, value?))).collect(),
            links: Vec::new(),
            tokens,
            body,
            is_trash: head.deleted_at.is_some(),
        }
    }

    fn origin(record: &Record<CustomerBody>) -> Option<Uuid> {
        record.body.origin_lead_id.map(Into::into)
    }

    fn dependants(db: &mut Db, id: Uuid, without: &[Uuid]) -> Result<Vec<(&'static str, i64)>, Problem> {
        let mut count = |kind: RecordKind, column| referrers(db, kind, column, id, without).map_err(StoreError::from);
        Ok(vec![
            ("contacts", count(RecordKind::Contact, "customer_id")?),
            ("opportunities", count(RecordKind::Opportunity, "customer_id")?),
            ("customers", count(RecordKind::Customer, "parent_id")?),
        ])
    }

    fn wanted(record: &Record<CustomerBody>, wanted: &mut Wanted) {
        wanted.name(RecordKind::Customer, record.body.parent_id.map(Into::into));
        wanted.name(RecordKind::Contact, record.body.primary_contact_id.map(Into::into));
        wanted.name(RecordKind::User, record.body.profile.0.previous_owner_id);
        if record.body.pool_id.is_some() || record.body.release_at.is_some() {
            wanted.pools();
        }
    }

    fn view(record: &Record<CustomerBody>, references: &References, ctx: &Context) -> CustomerView {
        let (body, profile) = (&record.body, &record.body.profile.0);
        let parent_id = body.parent_id.map(Into::into);
        let primary_contact_id = body.primary_contact_id.map(Into::into);
        CustomerView {
            head: HeadView::of(record, Self::SUBJECT, references, ctx),
            kind: body.kind.clone(),
            relation: body.relation.clone(),
            lifecycle: body.lifecycle.clone(),
            level: body.level.clone(),
            industry: body.industry.clone(),
            employees: profile.employees,
            annual_revenue: MoneyAmount::of(profile.annual_revenue_minor, profile.annual_revenue_currency.as_deref()),
            website: profile.website.clone(),
            domain: profile.domain.clone(),
            tax_id: profile.tax_id.clone(),
            phone: profile.phone.clone(),
            phone_e164: profile.phone_e164.clone(),
            email: profile.email.clone(),
            address: profile.address.as_ref().map(|address| AddressDto::of(address, body.region.as_deref())),
            parent_id,
            parent: named(parent_id, references),
            primary_contact_id,
            primary_contact: named(primary_contact_id, references),
            origin_lead_id: body.origin_lead_id.map(Into::into),
            description: profile.description.clone(),
            pool_id: body.pool_id.map(Into::into),
            pool: pools::named_pool(record, references, ctx.locale),
            pooled_at: body.pooled_at.map(Into::into),
            pool_reason: profile.pool_reason.clone(),
            pool_rule: profile.pool_rule.clone(),
            previous_owner: named(profile.previous_owner_id, references),
            release_at: body.release_at.map(Into::into),
            release_rule: profile.release_rule.clone(),
            release_soon: pools::is_released_soon(record, references, ctx.now),
            locked_until: profile.locked_until,
        }
    }

    fn detail(record: &Record<CustomerBody>, _references: &References) -> Option<String> {
        record.body.industry.clone().or_else(|| record.body.profile.0.domain.clone())
    }

    fn example() -> Value {
        json!({
            "name": "上海明德精密机械有限公司", "kind": "company", "level": "A", "industry": "制造业", "phone": "021-5888 1234",
            "website": "https://mingde.example", "source": "website", "tags": ["展会"],
            "annual_revenue": { "amount": "12800000.00", "currency": "CNY" }, "address": { "country": "CN", "region": "上海", "city": "上海" }
        })
    }
}

/// Reads every field that stands for itself.
fn read(faults: &mut Faults, record: &mut Record<CustomerBody>, input: &CreateCustomer) {
    record.head.name = faults.required_line("/name", input.name.as_deref(), 200);
    let body = &mut record.body;
    let word = |typed: &Option<String>, default: &str| typed.clone().unwrap_or_else(|| default.to_owned());
    let kind = faults.word("/kind", Some(&word(&input.kind, "company")), CustomerKind::parse);
    body.kind = kind.unwrap_or(CustomerKind::Company).as_str().to_owned();
    let relation = faults.word("/relation", Some(&word(&input.relation, "prospect")), Relation::parse);
    body.relation = relation.unwrap_or(Relation::Prospect).as_str().to_owned();
    body.level = faults.word("/level", input.level.as_deref(), Level::parse).map(|level| level.as_str().to_owned());
    body.industry = faults.line("/industry", input.industry.as_deref(), 100);
    body.parent_id = input.parent_id.map(Id);
    body.primary_contact_id = input.primary_contact_id.map(Id);
    let (address, region) = input.address.as_ref().map_or((None, None), |address| address.read(faults));
    body.region = region;
    let website = faults.website("/website", input.website.as_deref());
    let email = faults.email("/email", input.email.as_deref());
    let (phone, phone_e164) = faults.phone("/phone", input.phone.as_deref());
    let (annual_revenue_minor, annual_revenue_currency) =
        faults.money("/annual_revenue", input.annual_revenue.as_ref());
    let was = std::mem::take(&mut body.profile.0);
    body.profile = Json(CustomerProfile {
        employees: input.employees,
        annual_revenue_minor,
        annual_revenue_currency,
        domain: website.as_deref().or(email.as_deref()).and_then(domain_of),
        website,
        tax_id: faults.line("/tax_id", input.tax_id.as_deref(), 50),
        phone,
        phone_e164,
        email,
        address,
        description: faults.prose("/description", input.description.as_deref(), 10_000),
        ..was
    });
}

/// The parent must be visible and close no circle, the primary contact must be one of the customer's own.
fn check_links(
    tx: &mut Tx<'_>,
    ctx: &Context,
    faults: &mut Faults,
    record: &Record<CustomerBody>,
    before: Option<&Record<CustomerBody>>,
) -> Result<(), Problem> {
    let was = before.map(|before| &before.body);
    let parent = record.body.parent_id.filter(|parent| was.and_then(|was| was.parent_id) != Some(*parent));
    if let Some(parent) = parent {
        // Two moves at once could close a circle that neither sees: they go one after the other.
        rapport_persistence::roles::guard_pass(tx, "customer_tree")?;
        faults.reference("/parent_id", Some(parent.0), write::is_visible::<Customers>(tx, ctx, parent.0)?);
        check_tree(tx, record.head.id.0, parent.0)?;
    }
    let contact =
        record.body.primary_contact_id.filter(|contact| was.and_then(|was| was.primary_contact_id) != Some(*contact));
    if let Some(contact) = contact {
        record_hold(tx, RecordKind::Contact, contact.0)?;
        let is_own = match write::find::<Contacts>(tx, ctx, contact.0) {
            Ok(contact) => contact.body.profile.0.customers.iter().any(|link| link.customer_id == record.head.id.0),
            Err(problem) if problem.code() == Code::NotFound => false,
            Err(problem) => return Err(problem),
        };
        faults.reference("/primary_contact_id", Some(contact.0), is_own);
    }
    Ok(())
}

fn check_tree(tx: &mut Tx<'_>, id: Uuid, parent: Uuid) -> Result<(), Problem> {
    let mut depth = 0;
    let mut failed = None;
    let is_cycle = would_cycle(id, parent, |node| {
        depth += 1;
        let everything = rapport_domain::access::Visibility::Everything;
        let row: Result<Option<Record<CustomerBody>>, _> = record_find(tx, &everything, node);
        row.unwrap_or_else(|error| {
            failed = Some(error);
            None
        })
        .and_then(|row| row.body.parent_id)
        .map(Into::into)
        .filter(|_| depth <= MAX_DEPTH)
    });
    if let Some(error) = failed {
        return Err(StoreError::from(error).into());
    }
    if is_cycle || depth >= MAX_DEPTH {
        return Err(Problem::new(Code::Cycle).at("/parent_id", Code::Cycle));
    }
    Ok(())
}

impl AddressDto {
    fn of(address: &Address, region: Option<&str>) -> Self {
        Self {
            country: address.country.clone(),
            region: region.map(str::to_owned),
            city: address.city.clone(),
            district: address.district.clone(),
            line: address.line.clone(),
            postcode: address.postcode.clone(),
        }
    }

    /// The stored address, and the region, which has a column of its own.
    fn read(&self, faults: &mut Faults) -> (Option<Address>, Option<String>) {
        let country = faults.line("/address/country", self.country.as_deref(), 2);
        if country.as_deref().is_some_and(|code| code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()))
        {
            faults.add("/address/country", Code::InvalidValue);
        }
        let region = faults.line("/address/region", self.region.as_deref(), 100);
        let address = Address {
            country,
            region: region.clone(),
            city: faults.line("/address/city", self.city.as_deref(), 100),
            district: faults.line("/address/district", self.district.as_deref(), 100),
            line: faults.line("/address/line", self.line.as_deref(), 300),
            postcode: faults.line("/address/postcode", self.postcode.as_deref(), 20),
        };
        if address == Address::default() { (None, None) } else { (Some(address), region) }
    }
}
