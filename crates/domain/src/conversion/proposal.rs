//! What a lead would become.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::fill::Fields;
use crate::contact::display_name;
use crate::customer::CustomerKind;

/// The longest name of an opportunity, in characters.
const MAX_NAME: usize = 200;
/// How much of the interest goes into the name.
const MAX_TOPIC: usize = 60;

/// What a lead knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeadFacts {
    /// Family name.
    pub family_name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// The company.
    pub company_name: Option<String>,
    /// The person's job title.
    pub title: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The telephone number, as typed.
    pub phone: Option<String>,
    /// The website.
    pub website: Option<String>,
    /// The industry.
    pub industry: Option<String>,
    /// How many people work there.
    pub employees: Option<i64>,
    /// The region.
    pub region: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The street and house.
    pub address_line: Option<String>,
    /// What they want, in their words.
    pub interest: Option<String>,
    /// What it may be worth, in whatever form the caller keeps money.
    pub estimated_amount: Option<Value>,
}

/// A customer as the lead suggests it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedCustomer {
    /// The company's name, or the person's.
    pub name: String,
    /// A company, unless the lead has none.
    pub kind: CustomerKind,
    /// The industry.
    pub industry: Option<String>,
    /// How many people work there.
    pub employees: Option<i64>,
    /// The website.
    pub website: Option<String>,
    /// The lead's telephone number, unless it is the contact's.
    pub phone: Option<String>,
    /// The lead's e-mail address, unless it is the contact's.
    pub email: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The street and house.
    pub address_line: Option<String>,
}

/// A contact as the lead suggests it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedContact {
    /// Family name.
    pub family_name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// The job title.
    pub job_title: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The telephone number, as typed.
    pub phone: Option<String>,
}

/// An opportunity as the lead suggests it.
#[derive(Clone, Debug, PartialEq)]
pub struct ProposedOpportunity {
    /// "<company or person> – <what they want, or the date>".
    pub name: String,
    /// What it may be worth.
    pub amount: Option<Value>,
    /// What they want.
    pub description: Option<String>,
}

/// All three.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The customer.
    pub customer: ProposedCustomer,
    /// The contact; `None` when the lead names no person.
    pub contact: Option<ProposedContact>,
    /// The opportunity.
    pub opportunity: ProposedOpportunity,
}

/// Reads the proposal off the lead. Blank texts count as missing.
#[must_use]
pub fn propose(lead: &LeadFacts, today: NaiveDate) -> Proposal {
    let contact = propose_contact(lead);
    let customer = propose_customer(lead, contact.is_some());
    let opportunity = ProposedOpportunity {
        name: opportunity_name(&customer.name, lead, today),
        amount: lead.estimated_amount.clone(),
        description: kept(lead.interest.as_ref()),
    };
    Proposal { customer, contact, opportunity }
}

impl ProposedCustomer {
    /// The fields with a value, by their names; the address in dotted form (`address.city`).
    #[must_use]
    pub fn fields(&self) -> Fields {
        filled([
            ("name", json!(self.name)),
            ("kind", json!(self.kind.as_str())),
            ("industry", json!(self.industry)),
            ("employees", json!(self.employees)),
            ("website", json!(self.website)),
            ("phone", json!(self.phone)),
            ("email", json!(self.email)),
            ("address.region", json!(self.region)),
            ("address.city", json!(self.city)),
            ("address.line", json!(self.address_line)),
        ])
    }
}

impl ProposedContact {
    /// The fields with a value, by their names; `email` and `phone` stand for the primary entry of each list.
    #[must_use]
    pub fn fields(&self) -> Fields {
        filled([
            ("family_name", json!(self.family_name)),
            ("given_name", json!(self.given_name)),
            ("job_title", json!(self.job_title)),
            ("email", json!(self.email)),
            ("phone", json!(self.phone)),
        ])
    }
}

impl ProposedOpportunity {
    /// The fields with a value, by their names.
    #[must_use]
    pub fn fields(&self) -> Fields {
        filled([("name", json!(self.name)), ("amount", json!(self.amount)), ("description", json!(self.description))])
    }
}

/// A company's switchboard is not its buyer's desk: what reaches a person goes to the contact, if there is one.
fn propose_customer(lead: &LeadFacts, has_contact: bool) -> ProposedCustomer {
    let company = kept(lead.company_name.as_ref());
    let kind = if company.is_some() { CustomerKind::Company } else { CustomerKind::Person };
    let is_reached_directly = kind == CustomerKind::Person || !has_contact;
    ProposedCustomer {
        name: company.unwrap_or_else(|| person(lead)),
        kind,
        industry: kept(lead.industry.as_ref()),
        employees: lead.employees,
        website: kept(lead.website.as_ref()),
        phone: kept(lead.phone.as_ref()).filter(|_| is_reached_directly),
        email: kept(lead.email.as_ref()).filter(|_| is_reached_directly),
        region: kept(lead.region.as_ref()),
        city: kept(lead.city.as_ref()),
        address_line: kept(lead.address_line.as_ref()),
    }
}

fn propose_contact(lead: &LeadFacts) -> Option<ProposedContact> {
    let (family_name, given_name) = (kept(lead.family_name.as_ref()), kept(lead.given_name.as_ref()));
    (family_name.is_some() || given_name.is_some()).then(|| ProposedContact {
        family_name,
        given_name,
        job_title: kept(lead.title.as_ref()),
        email: kept(lead.email.as_ref()),
        phone: kept(lead.phone.as_ref()),
    })
}

fn opportunity_name(customer: &str, lead: &LeadFacts, today: NaiveDate) -> String {
    let topic =
        lead.interest.as_deref().and_then(|interest| interest.lines().map(str::trim).find(|line| !line.is_empty()));
    let topic = topic.map_or_else(|| today.to_string(), |topic| shortened(topic, MAX_TOPIC));
    let room = MAX_NAME.saturating_sub(topic.chars().count() + 3);
    format!("{} – {topic}", shortened(customer, room))
}

fn shortened(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let start: String = text.chars().take(max.saturating_sub(1)).collect();
    format!("{}…", start.trim_end())
}

fn person(lead: &LeadFacts) -> String {
    display_name(lead.family_name.as_deref(), lead.given_name.as_deref())
}

fn kept(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn filled<const N: usize>(fields: [(&str, Value); N]) -> Fields {
    fields.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 5).unwrap()
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn wang() -> LeadFacts {
        LeadFacts {
            family_name: text("王"),
            given_name: text("小明"),
            company_name: text("远景科技有限公司"),
            title: text("采购经理"),
            email: text("wang@example.com"),
            city: text("上海"),
            interest: text("\n  二期服务器采购 \n细节见附件"),
            estimated_amount: Some(json!({"amount": "1280.00", "currency": "CNY"})),
            ..LeadFacts::default()
        }
    }

    #[test]
    fn a_company_with_a_buyer() {
        let Proposal { customer, contact, opportunity } = propose(&wang(), today());
        assert_eq!((customer.name.as_str(), customer.kind), ("远景科技有限公司", CustomerKind::Company));
        assert_eq!(customer.email, None);
        let contact = contact.unwrap();
        assert_eq!(
            (contact.job_title.as_deref(), contact.email.as_deref()),
            (Some("采购经理"), Some("wang@example.com"))
        );
        assert_eq!(opportunity.name, "远景科技有限公司 – 二期服务器采购");
        assert_eq!(opportunity.amount, wang().estimated_amount);
    }

    #[test]
    fn a_person_without_a_company() {
        let lead = LeadFacts { company_name: text("  "), interest: None, ..wang() };
        let Proposal { customer, contact, opportunity } = propose(&lead, today());
        assert_eq!((customer.name.as_str(), customer.kind), ("王小明", CustomerKind::Person));
        assert_eq!(customer.email.as_deref(), Some("wang@example.com"));
        assert!(contact.is_some());
        assert_eq!(opportunity.name, "王小明 – 2026-03-05");
    }

    #[test]
    fn a_company_without_a_person() {
        let lead = LeadFacts { family_name: None, given_name: None, ..wang() };
        let proposal = propose(&lead, today());
        assert_eq!(proposal.contact, None);
        assert_eq!(proposal.customer.email.as_deref(), Some("wang@example.com"));
    }

    #[test]
    fn only_filled_fields_are_proposed() {
        let proposal = propose(&wang(), today());
        let names = |fields: Fields| fields.into_keys().collect::<Vec<_>>().join(" ");
        assert_eq!(names(proposal.customer.fields()), "address.city kind name");
        assert_eq!(names(proposal.contact.unwrap().fields()), "email family_name given_name job_title");
        assert_eq!(names(proposal.opportunity.fields()), "amount description name");
    }

    proptest! {
        #[test]
        fn the_name_of_an_opportunity_fits(company in "\\PC{0,300}", interest in prop::option::of("\\PC{0,300}")) {
            let lead = LeadFacts { company_name: Some(company), interest, ..LeadFacts::default() };
            let name = propose(&lead, today()).opportunity.name;
            prop_assert!(name.chars().count() <= MAX_NAME, "{}", name.chars().count());
        }
    }
}
