//! Who stands behind a job: whoever began it, as they are now.

use chrono_tz::Tz;

use rapport_domain::access::{KeyScope, Via};
use rapport_domain::context::{Context, Locale};
use rapport_persistence::Tx;
use rapport_persistence::api_keys::api_key_find;
use rapport_persistence::jobs::JobRow;
use rapport_persistence::users::user_find;

use crate::auth::people::actor_of;
use crate::problem::{Code, Problem};
use crate::state::App;

/// The moment of one item. Whoever began the job with an API key gets no more done than the key still may.
///
/// # Errors
/// `forbidden` when they have been deactivated, or the key has ended.
pub(super) fn context(tx: &mut Tx<'_>, app: &App, job: &JobRow) -> Result<Context, Problem> {
    let person = user_find(tx, job.created_by.0)?.filter(|user| user.is_active);
    let person = person.ok_or_else(|| ended("发起此任务的人已停用", "Whoever began this has been deactivated"))?;
    let via = match job.key_id {
        None => Via::System,
        Some(id) => {
            let key = api_key_find(tx, id.0)?.filter(|key| app.now() < key.expires_at.0);
            let key =
                key.ok_or_else(|| ended("发起此任务的 API 密钥已失效", "The API key that began this has ended"))?;
            Via::ApiKey { id: id.0, scopes: key.scopes.0.iter().filter_map(|scope| KeyScope::parse(scope)).collect() }
        }
    };
    let actor = actor_of(tx, &person, via)?;
    Ok(Context {
        locale: language(job),
        zone: person.time_zone.parse().unwrap_or(Tz::UTC),
        request_id: job.request_id.clone(),
        is_one_of_many: true,
        ..app.context_of(actor)
    })
}

/// The language of what is kept for people.
pub(super) fn language(job: &JobRow) -> Locale {
    Locale::parse(&job.language).unwrap_or_default()
}

fn ended(zh: &'static str, en: &'static str) -> Problem {
    Problem::new(Code::Forbidden).because(zh, en)
}
