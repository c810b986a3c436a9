//! Contacts as they are sent and received.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use rapport_persistence::contacts::ContactBody;
use rapport_persistence::record::{ExternalId, Record};

use crate::extract::times::optional_day;
use crate::records::batch::ExternalKey;
use crate::records::fields::{email_value_schema, phone_value_schema};
use crate::records::references::References;
use crate::records::view::{HeadView, NamedRef, named};

/// What can be written of a contact. A family name or a given name is needed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct CreateContact {
    /// An id of your own choice (UUID), for apps that create offline.
    pub id: Option<Uuid>,
    /// The family name.
    #[schema(max_length = 100, example = "王")]
    pub family_name: Option<String>,
    /// The given name.
    #[schema(max_length = 100, example = "小明")]
    pub given_name: Option<String>,
    /// How to address them.
    #[schema(max_length = 50, example = "先生")]
    pub salutation: Option<String>,
    /// What they do.
    #[schema(max_length = 100, example = "采购经理")]
    pub job_title: Option<String>,
    /// Where in the company.
    #[schema(max_length = 100)]
    pub department: Option<String>,
    /// Their part in a decision.
    #[schema(pattern = "^(decision_maker|influencer|user|gatekeeper)$")]
    pub decision_role: Option<String>,
    /// E-mail addresses; the first valid one is primary unless another says so.
    #[schema(max_items = 20)]
    pub emails: Vec<EmailDto>,
    /// Phone numbers.
    #[schema(max_items = 20)]
    pub phones: Vec<PhoneDto>,
    /// The WeChat name.
    #[schema(max_length = 100)]
    pub wechat: Option<String>,
    /// The day of birth.
    pub birthday: Option<BirthdayDto>,
    /// How they like to be reached.
    #[schema(pattern = "^(phone|email|wechat)$")]
    pub preferred_channel: Option<String>,
    /// A BCP 47 tag.
    #[schema(max_length = 35, example = "zh-CN")]
    pub preferred_language: Option<String>,
    /// An IANA zone.
    #[schema(max_length = 64, example = "Asia/Shanghai")]
    pub time_zone: Option<String>,
    /// Must not be phoned.
    pub do_not_call: bool,
    /// Must not be written to.
    pub do_not_email: bool,
    /// Where they work and worked.
    #[schema(max_items = 20)]
    pub customers: Vec<CustomerLinkDto>,
    /// Another contact.
    pub reports_to_id: Option<Uuid>,
    /// Anything else.
    #[schema(max_length = 10_000)]
    pub notes: Option<String>,
    /// Who owns it; the caller, if left out.
    pub owner_id: Option<Uuid>,
    /// Where it came from: a key of `/sources`.
    #[schema(max_length = 50)]
    pub source: Option<String>,
    /// Labels.
    #[schema(max_items = 50)]
    pub tags: Vec<String>,
    /// What other systems call it.
    #[schema(max_items = 20, value_type = Vec<ExternalKey>)]
    pub external_ids: Vec<ExternalId>,
}

/// An e-mail address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = EmailEntry)]
pub struct EmailDto {
    /// work, home or other.
    #[schema(pattern = "^(work|home|other)$", default = "work")]
    pub kind: Option<String>,
    /// The address.
    #[schema(required = true, schema_with = email_value_schema)]
    pub value: String,
    /// The one to use.
    pub primary: bool,
    /// Does not want mail there.
    pub opted_out: bool,
    /// Mail came back.
    pub invalid: bool,
}

/// A phone number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = PhoneEntry)]
pub struct PhoneDto {
    /// mobile, work, home or other.
    #[schema(pattern = "^(mobile|work|home|other)$", default = "mobile")]
    pub kind: Option<String>,
    /// The number, as typed.
    #[schema(required = true, schema_with = phone_value_schema)]
    pub value: String,
    /// The one to use.
    pub primary: bool,
}

/// A phone number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Phone)]
pub struct PhoneView {
    /// mobile, work, home or other.
    pub kind: String,
    /// The number, as typed.
    pub value: String,
    /// The same in E.164, where it can be read.
    pub e164: Option<String>,
    /// The one to use.
    pub primary: bool,
}

/// A day of birth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Birthday)]
pub struct BirthdayDto {
    /// The month.
    #[schema(minimum = 1, maximum = 12)]
    pub month: u32,
    /// The day.
    #[schema(minimum = 1, maximum = 31)]
    pub day: u32,
    /// The year, if known.
    #[serde(default)]
    #[schema(minimum = 1900, maximum = 2100)]
    pub year: Option<i32>,
}

/// An employer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CustomerLinkInput)]
pub struct CustomerLinkDto {
    /// The customer.
    pub customer_id: Uuid,
    /// What they do there.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub role: Option<String>,
    /// Since when.
    #[serde(default, deserialize_with = "optional_day")]
    pub since: Option<NaiveDate>,
    /// Until when.
    #[serde(default, deserialize_with = "optional_day")]
    pub until: Option<NaiveDate>,
    /// The present main one.
    #[serde(default)]
    pub primary: bool,
}

/// An employer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CustomerLink)]
pub struct CustomerLinkView {
    /// The customer.
    pub customer_id: Uuid,
    /// Its name.
    pub name: Option<String>,
    /// What they do there.
    pub role: Option<String>,
    /// Since when.
    pub since: Option<NaiveDate>,
    /// Until when.
    pub until: Option<NaiveDate>,
    /// The present main one.
    pub primary: bool,
}

/// A contact.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Contact)]
#[expect(missing_docs, reason = "as in CreateContact")]
pub struct ContactView {
    #[serde(flatten)]
    pub head: HeadView,
    pub family_name: Option<String>,
    pub given_name: Option<String>,
    pub salutation: Option<String>,
    pub job_title: Option<String>,
    pub department: Option<String>,
    pub decision_role: Option<String>,
    pub emails: Vec<EmailDto>,
    pub phones: Vec<PhoneView>,
    /// The primary e-mail address.
    pub email: Option<String>,
    /// The primary phone number.
    pub phone: Option<String>,
    pub wechat: Option<String>,
    pub birthday: Option<BirthdayDto>,
    pub preferred_channel: Option<String>,
    pub preferred_language: Option<String>,
    pub time_zone: Option<String>,
    pub do_not_call: bool,
    pub do_not_email: bool,
    pub customers: Vec<CustomerLinkView>,
    /// The present main employer.
    pub customer_id: Option<Uuid>,
    /// Its name.
    pub customer: Option<NamedRef>,
    pub reports_to_id: Option<Uuid>,
    /// Their name.
    pub reports_to: Option<NamedRef>,
    /// The lead it came from.
    pub origin_lead_id: Option<Uuid>,
    pub notes: Option<String>,
}

impl CreateContact {
    /// The writable fields of a contact as they are.
    pub(super) fn of(record: &Record<ContactBody>) -> Self {
        let (head, body, profile) = (&record.head, &record.body, &record.body.profile.0);
        Self {
            id: None,
            family_name: profile.family_name.clone(),
            given_name: profile.given_name.clone(),
            salutation: profile.salutation.clone(),
            job_title: body.job_title.clone(),
            department: profile.department.clone(),
            decision_role: profile.decision_role.clone(),
            emails: emails(body),
            phones: profile
                .phones
                .iter()
                .map(|phone| PhoneDto {
                    kind: Some(phone.kind.clone()),
                    value: phone.value.clone(),
                    primary: phone.primary,
                })
                .collect(),
            wechat: profile.wechat.clone(),
            birthday: birthday(body),
            preferred_channel: profile.preferred_channel.clone(),
            preferred_language: profile.preferred_language.clone(),
            time_zone: profile.time_zone.clone(),
            do_not_call: profile.do_not_call,
            do_not_email: profile.do_not_email,
            customers: profile
                .customers
                .iter()
                .map(|link| CustomerLinkDto {
                    customer_id: link.customer_id,
                    role: link.role.clone(),
                    since: link.since,
                    until: link.until,
                    primary: link.primary,
                })
                .collect(),
            reports_to_id: body.reports_to_id.map(Into::into),
            notes: profile.notes.clone(),
            owner_id: head.owner_id.map(Into::into),
            source: head.source.clone(),
            tags: head.tags.0.clone(),
            external_ids: head.extras.0.external_ids.clone(),
        }
    }
}

fn emails(body: &ContactBody) -> Vec<EmailDto> {
    let entries = body.profile.0.emails.iter();
    entries
        .map(|email| EmailDto {
            kind: Some(email.kind.clone()),
            value: email.value.clone(),
            primary: email.primary,
            opted_out: email.opted_out,
            invalid: email.invalid,
        })
        .collect()
}

fn birthday(body: &ContactBody) -> Option<BirthdayDto> {
    body.profile.0.birthday.map(|day| BirthdayDto { month: day.month, day: day.day, year: day.year })
}

impl ContactView {
    pub(super) fn of(record: &Record<ContactBody>, head: HeadView, references: &References) -> Self {
        let (body, profile) = (&record.body, &record.body.profile.0);
        let (customer_id, reports_to_id) = (body.customer_id.map(Into::into), body.reports_to_id.map(Into::into));
        Self {
            head,
            family_name: profile.family_name.clone(),
            given_name: profile.given_name.clone(),
            salutation: profile.salutation.clone(),
            job_title: body.job_title.clone(),
            department: profile.department.clone(),
            decision_role: profile.decision_role.clone(),
            emails: emails(body),
            phones: profile
                .phones
                .iter()
                .map(|phone| PhoneView {
                    kind: phone.kind.clone(),
                    value: phone.value.clone(),
                    e164: phone.e164.clone(),
                    primary: phone.primary,
                })
                .collect(),
            email: body.email.clone(),
            phone: body.phone.clone(),
            wechat: profile.wechat.clone(),
            birthday: birthday(body),
            preferred_channel: profile.preferred_channel.clone(),
            preferred_language: profile.preferred_language.clone(),
            time_zone: profile.time_zone.clone(),
            do_not_call: profile.do_not_call,
            do_not_email: profile.do_not_email,
            customers: profile
                .customers
                .iter()
                .map(|link| CustomerLinkView {
                    customer_id: link.customer_id,
                    name: references.name(link.customer_id).map(str::to_owned),
                    role: link.role.clone(),
                    since: link.since,
                    until: link.until,
                    primary: link.primary,
                })
                .collect(),
            customer_id,
            customer: named(customer_id, references),
            reports_to_id,
            reports_to: named(reports_to_id, references),
            origin_lead_id: body.origin_lead_id.map(Into::into),
            notes: profile.notes.clone(),
        }
    }
}
