//! What every use case needs to know about the moment: when it is, who asks, and where new ids come from.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::access::Actor;

/// A source of new ids (version 7 in production, counted in tests).
pub trait Ids: Send + Sync {
    /// The next id; never the same twice.
    fn next(&self) -> Uuid;
}

/// A source of the present.
pub trait Clock: Send + Sync {
    /// The instant now, in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// A language Rapport speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// Simplified Chinese.
    #[default]
    ZhCn,
    /// English.
    En,
}

impl Locale {
    /// The BCP 47 tag: `zh-CN` or `en`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// Reads exactly the tags that `as_str` writes.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        [Self::ZhCn, Self::En].into_iter().find(|locale| locale.as_str() == tag)
    }
}

/// One request's (or job's) moment: frozen when it starts, handed down by reference.
#[derive(Clone)]
pub struct Context {
    /// The instant at which the use case began; the same for everything it writes.
    pub now: DateTime<Utc>,
    /// Who asks.
    pub actor: Actor,
    /// The request id, for logs and the audit trail.
    pub request_id: Option<String>,
    /// The language of messages.
    pub locale: Locale,
    /// The caller's time zone: decides which day "today" is.
    pub zone: Tz,
    /// Where new ids come from.
    pub ids: Arc<dyn Ids>,
    /// Whether this is one of many things that one request does: what people are told of it is gathered.
    pub is_one_of_many: bool,
}

impl Context {
    /// The calendar day it is for the caller.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }

    /// A new id.
    #[must_use]
    pub fn next_id(&self) -> Uuid {
        self.ids.next()
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("now", &self.now)
            .field("actor", &self.actor.user_id)
            .field("request_id", &self.request_id)
            .field("locale", &self.locale)
            .field("zone", &self.zone)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Same(Uuid);

    impl Ids for Same {
        fn next(&self) -> Uuid {
            self.0
        }
    }

    fn context(now: DateTime<Utc>, zone: Tz) -> Context {
        Context {
            now,
            actor: Actor::system(),
            request_id: None,
            locale: Locale::En,
            zone,
            ids: Arc::new(Same(Uuid::from_u128(7))),
            is_one_of_many: false,
        }
    }

    #[test]
    fn today_is_the_callers_day() {
        let evening = DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(20);
        assert_eq!(context(evening, Tz::UTC).today().to_string(), "1970-01-01");
        assert_eq!(context(evening, Tz::Asia__Shanghai).today().to_string(), "1970-01-02");
    }

    #[test]
    fn context_crosses_threads_and_gives_ids() {
        fn crosses<T: Clone + Send + Sync>(value: &T) -> T {
            value.clone()
        }
        let copy = crosses(&context(DateTime::UNIX_EPOCH, Tz::UTC));
        assert_eq!(copy.next_id(), Uuid::from_u128(7));
    }

    #[test]
    fn locales_read_back() {
        for locale in [Locale::ZhCn, Locale::En] {
            assert_eq!(Locale::parse(locale.as_str()), Some(locale));
        }
        assert_eq!(Locale::parse("zh-TW"), None);
    }
}
