//! What callers hand back to us: cursors, access tokens, API keys, and the parameters of a list.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rapport_api::auth::{key, token};
use rapport_api::config::Config;
use rapport_api::records::list::{ListPlan, ListRequest};
use rapport_api::state::App;
use rapport_domain::access::Actor;
use rapport_domain::kind::RecordKind;
use rapport_testkit::Database;
use sha2::Sha256;
use uuid::Uuid;

pub(crate) const CURSOR_WORDS: &[&str] = &[
    "{\"l\":\"",
    "\"v\":[",
    "\"i\":\"",
    "null",
    "\"null\"",
    "{\"text\":\"\"}",
    "{\"int\":1}",
    "{\"date\":\"2026-01-01\"}",
    "{\"at\":\"",
    "]",
    "}",
];
pub(crate) const TOKEN_WORDS: &[&str] =
    &[".", "eyJ", "\"alg\":\"none\"", "\"kid\":\"", "\"exp\":", "\"typ\":\"at+jwt\"", "9999999999", "\"sub\":\""];
const KEY: &[u8] = b"a key of thirty-two bytes, or so";

/// A program over an empty database, whose keys sign.
fn app() -> &'static App {
    static APP: OnceLock<(App, Database)> = OnceLock::new();
    let (app, _) = APP.get_or_init(|| {
        let database = Database::sqlite();
        let app = App::new(database.store(), Config::default());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let prepared = runtime.map(|runtime| runtime.block_on(app.prepare()));
        assert!(prepared.is_ok_and(|done| done.is_ok()), "an empty database cannot be prepared");
        (app, database)
    });
    app
}

fn read(kind: RecordKind, request: &ListRequest) -> bool {
    ListPlan::read(kind, request, KEY, &app().context_of(Actor::cli())).is_ok()
}

/// The parameters of a list, one a line: filter, words, order, cursor, count, fields, includes.
pub(crate) fn list_request(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines().map(str::to_owned);
    let request = ListRequest {
        filter: lines.next(),
        q: lines.next(),
        sort: lines.next(),
        cursor: lines.next(),
        count: lines.next(),
        fields: lines.next(),
        include: lines.next(),
        ..ListRequest::default()
    };
    for kind in RecordKind::OWNED {
        read(kind, &request);
    }
}

/// Bytes as a cursor are refused unless we have signed them; what we have signed is read without a panic, whatever it says.
pub(crate) fn cursor(bytes: &[u8]) {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(KEY) else { return };
    mac.update(bytes);
    let mac = mac.finalize().into_bytes();
    let with = |tail: &[u8]| URL_SAFE_NO_PAD.encode([bytes, tail].concat());
    let asked = |cursor: String| ListRequest { cursor: Some(cursor), ..ListRequest::default() };
    for kind in RecordKind::OWNED {
        let raw = asked(String::from_utf8_lossy(bytes).into_owned());
        assert!(bytes.is_empty() || !read(kind, &raw), "a cursor that nobody has signed is believed");
        let halved = mac.get(..8).unwrap_or_default();
        for tail in [&[][..], &[0; 16][..], halved] {
            assert!(!read(kind, &asked(with(tail))), "a cursor with another signature is believed");
        }
        read(kind, &asked(with(mac.get(..16).unwrap_or_default())));
    }
}

/// No bytes are an access token, nor is one of ours with anything changed.
pub(crate) fn access(bytes: &[u8]) {
    static OURS: OnceLock<(String, DateTime<Utc>)> = OnceLock::new();
    let keys = &app().keys;
    let (user, session) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let (ours, now) = OURS.get_or_init(|| {
        let now = app().now();
        (token::issue(keys, user, session, Uuid::from_u128(3), now).unwrap_or_default(), now)
    });
    let now = *now;
    assert_eq!(token::read(keys, ours, now), Some((user, session)), "our own token is refused");
    assert_eq!(token::read(keys, ours, now + TimeDelta::minutes(11)), None, "a token holds too long");
    let text = String::from_utf8_lossy(bytes);
    assert_eq!(token::read(keys, &text, now), None, "a token that nobody has signed is believed");
    let place = bytes.first().map_or(0, |byte| usize::from(*byte)) % ours.len().max(1);
    let changed = format!("{}{text}{}", ours.get(..place).unwrap_or_default(), ours.get(place..).unwrap_or_default());
    assert!(text.is_empty() || token::read(keys, &changed, now).is_none(), "a token with more in it is believed");
    let parts: Vec<&str> = ours.split('.').collect();
    if let [header, claims, signature] = parts.as_slice() {
        let said = URL_SAFE_NO_PAD.encode(bytes);
        for forged in [
            format!("{said}.{claims}.{signature}"),
            format!("{header}.{said}.{signature}"),
            format!("{header}.{claims}.{said}"),
        ] {
            assert!(forged == *ours || token::read(keys, &forged, now).is_none(), "a forged token is believed");
        }
    }
}

/// A key reads back as it was made, and with anything changed it is none.
pub(crate) fn api_key(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(sent) = key::parse(&text) {
        assert!(
            sent.public.len() == 8 && text.len() == 62 && text.starts_with(key::PREFIX),
            "something else is read as a key"
        );
    }
    let Ok(made) = key::make() else { return };
    assert!(key::parse(&made.text).is_some_and(|sent| sent.matches(&made.hash)), "a key does not fit its hash");
    let longer = format!("{}{text}", made.text);
    assert!(text.is_empty() || key::parse(&longer).is_none(), "a longer key is one");
    if let Some(first) = bytes.first() {
        let mut changed = made.text.clone().into_bytes();
        let place = usize::from(*first) % changed.len();
        if let Some(byte) = changed.get_mut(place) {
            *byte = bytes.last().copied().unwrap_or_default() & 0x7f;
        }
        let changed = String::from_utf8_lossy(&changed).into_owned();
        let is_right = key::parse(&changed).is_some_and(|sent| sent.matches(&made.hash));
        assert!(changed == made.text || !is_right, "a changed key opens");
    }
}
