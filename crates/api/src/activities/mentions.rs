//! Colleagues whom the text of an activity names.

use uuid::Uuid;

use rapport_domain::mention::{MAX_MENTIONS, Mention, mentions};
use rapport_persistence::Tx;
use rapport_persistence::activities::ActivityBody;
use rapport_persistence::record::Record;
use rapport_persistence::users::user_names;

use crate::problem::{Code, FieldError, Problem};
use crate::records::fields::Faults;

/// Reads whom the text names. Those who were not named before must be there; whether they see it is asked when it is written.
///
/// # Errors
/// When the database fails.
pub(super) fn check(
    tx: &mut Tx<'_>,
    faults: &mut Faults,
    record: &mut Record<ActivityBody>,
    before: Option<&Record<ActivityBody>>,
) -> Result<(), Problem> {
    let found = mentions(record.body.profile.0.body.as_deref().unwrap_or_default());
    if found.len() > MAX_MENTIONS {
        let fault = FieldError::at("/body", Code::TooLong)
            .because(format!("最多提及 {MAX_MENTIONS} 人"), format!("At most {MAX_MENTIONS} people can be mentioned"));
        faults.push(fault.with("max", MAX_MENTIONS));
        return Ok(());
    }
    let known = before.map(|before| before.body.profile.0.mentions.as_slice()).unwrap_or_default();
    let new: Vec<&Mention> = found.iter().filter(|mention| !known.contains(&mention.user_id)).collect();
    let ids: Vec<Uuid> = new.iter().map(|mention| mention.user_id).collect();
    let there = user_names(tx, &ids)?;
    for mention in new {
        if !there.iter().any(|user| user.id.0 == mention.user_id && user.is_active) {
            faults.push(unknown(mention));
        }
    }
    record.body.profile.0.mentions = found.iter().map(|mention| mention.user_id).collect();
    Ok(())
}

fn unknown(mention: &Mention) -> FieldError {
    let name = mention.name.as_str();
    FieldError::at("/body", Code::MentionUnknown)
        .because(format!("没有可以提及的同事“{name}”"), format!("There is no colleague {name} to be mentioned"))
        .with("user_id", mention.user_id.to_string())
        .with("name", name)
}
