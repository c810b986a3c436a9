//! Rows of contacts.

use rapport_domain::access::Permit;
use rapport_domain::context::Context;
use rapport_domain::kind::RecordKind;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::changes::{FieldChange, changes_insert};
use crate::error::StoreError;
use crate::fragment::Fragment;
use crate::reassignment::{Touched, change, stamp};
use crate::record::record_table;
use crate::store::Tx;
use crate::types::{Id, Json};

/// What a contact has beside its columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the API, documented there")]
pub struct ContactProfile {
    pub family_name: Option<String>,
    pub given_name: Option<String>,
    pub salutation: Option<String>,
    pub department: Option<String>,
    pub decision_role: Option<String>,
    pub emails: Vec<EmailEntry>,
    pub phones: Vec<PhoneEntry>,
    pub wechat: Option<String>,
    pub birthday: Option<Birthday>,
    pub preferred_channel: Option<String>,
    pub preferred_language: Option<String>,
    pub time_zone: Option<String>,
    pub do_not_call: bool,
    pub do_not_email: bool,
    pub customers: Vec<CustomerLink>,
    pub notes: Option<String>,
}

/// One of a contact's e-mail addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the API, documented there")]
pub struct EmailEntry {
    pub kind: String,
    pub value: String,
    pub primary: bool,
    pub opted_out: bool,
    pub invalid: bool,
}

/// One of a contact's phone numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the API, documented there")]
pub struct PhoneEntry {
    pub kind: String,
    pub value: String,
    pub e164: Option<String>,
    pub primary: bool,
}

/// A day of birth; the year is optional.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are those of the API, documented there")]
pub struct Birthday {
    pub month: u32,
    pub day: u32,
    pub year: Option<i32>,
}

/// Where a contact works or worked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the API, documented there")]
pub struct CustomerLink {
    pub customer_id: Uuid,
    pub role: Option<String>,
    pub since: Option<chrono::NaiveDate>,
    pub until: Option<chrono::NaiveDate>,
    pub primary: bool,
}

record_table! {
    contacts, Contact, profile: ContactProfile;
    /// The columns of a contact's own.
    #[expect(missing_docs, reason = "the names are those of the API, documented there")]
    pub struct ContactBody {
        pub customer_id: Option<Id> => Nullable<Uid>,
        pub job_title: Option<String> => Nullable<Text>,
        pub email: Option<String> => Nullable<Text>,
        pub phone: Option<String> => Nullable<Text>,
        pub reports_to_id: Option<Id> => Nullable<Uid>,
        pub origin_lead_id: Option<Id> => Nullable<Uid>,
        pub profile: Json<ContactProfile> => Doc,
    }
    sorts {}
}

/// Takes a contact away as the primary one from every customer, dead or alive, that is not one of `keep`.
///
/// # Errors
/// When the database fails.
pub fn primary_contact_drop(
    tx: &mut Tx<'_>,
    _permit: &Permit,
    context: &Context,
    contact: Uuid,
    keep: &[Uuid],
) -> Result<(), StoreError> {
    let mut sql = Fragment::sql("UPDATE customers SET ")
        .append(stamp(context))
        .push(", primary_contact_id = NULL WHERE primary_contact_id = ")
        .bind(contact);
    if !keep.is_empty() {
        sql = sql.push(" AND id NOT IN (").bind_all(keep.iter().map(|id| (*id).into())).push(")");
    }
    let touched: Vec<Touched> = sql.push(" RETURNING id, version").ad_hoc().load_rows(tx)?;
    let field = FieldChange { field: "primary_contact_id".to_owned(), old: json!(contact), new: json!(null) };
    let told =
        |row: &Touched| change(context, RecordKind::Customer, row.id, row.version, "update", vec![field.clone()]);
    let changes: Vec<_> = touched.iter().map(told).collect();
    Ok(changes_insert(tx, &changes.iter().collect::<Vec<_>>())?)
}
