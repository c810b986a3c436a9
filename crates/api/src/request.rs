//! What is known of every request before anyone handles it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap, HeaderName, X_FORWARDED_FOR};
use actix_web::{HttpMessage as _, HttpRequest};
use rapport_domain::context::Locale;
use uuid::Uuid;

// Made once: a name that is only a text is checked and copied for every look.
static X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The id, the language and the sender of a request; the outermost middleware puts it there.
#[derive(Clone, Debug)]
pub struct RequestInfo {
    /// The id: the caller's `X-Request-Id` if it is one, else a new one.
    pub id: String,
    /// The trace this request is a part of, 32 hexadecimal digits, if the caller has begun one (W3C Trace Context).
    pub trace: Option<String>,
    /// The language of answers; `None` when the caller did not say.
    pub language: Option<Locale>,
    /// The sender's address.
    pub address: IpAddr,
    /// The path.
    pub path: String,
}

/// Who is asking, once that is known.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    /// The user; for the log.
    pub id: Uuid,
    /// The language of the answers, refusals among them.
    pub language: Locale,
}

impl RequestInfo {
    pub(crate) fn read(request: &ServiceRequest, new_id: Uuid, trusted: &[IpAddr]) -> Self {
        let headers = request.headers();
        Self {
            id: sent_id(headers).unwrap_or_else(|| new_id.to_string()),
            trace: trace_id(headers),
            language: headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).and_then(best_language),
            address: sender(headers, request.peer_addr().map(|peer| peer.ip()), trusted),
            path: request.path().to_owned(),
        }
    }

    /// What is known of a request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_else(|| Self {
            id: String::new(),
            trace: None,
            language: None,
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            path: request.path().to_owned(),
        })
    }

    /// The language of error messages: English unless the caller says otherwise.
    #[must_use]
    pub fn locale(&self) -> Locale {
        self.language.unwrap_or(Locale::En)
    }
}

/// An id of the caller is taken over if it is short and harmless.
fn sent_id(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(&X_REQUEST_ID)?.to_str().ok()?;
    let is_harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    ((8..=64).contains(&text.len()) && text.bytes().all(is_harmless)).then(|| text.to_owned())
}

/// The trace id of `traceparent` (W3C Trace Context, section 3.2): `version-trace-parent-flags`. A later version may have
/// more parts; what cannot be read is left aside, as the recommendation has it.
fn trace_id(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(&TRACEPARENT)?.to_str().ok()?;
    let parts: Vec<&str> = text.split('-').collect();
    let [version, trace, parent, flags, rest @ ..] = parts.as_slice() else { return None };
    let is_hex = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    let is_named = |text: &str, length: usize| is_hex(text, length) && text.bytes().any(|byte| byte != b'0');
    let is_version = is_hex(version, 2) && *version != "ff" && (rest.is_empty() || *version != "00");
    (is_version && is_named(trace, 32) && is_named(parent, 16) && is_hex(flags, 2)).then(|| (*trace).to_owned())
}

/// Behind trusted proxies the sender is the last address that is not theirs. What stands before a hop that cannot be
/// read, no proxy of ours has written.
fn sender(headers: &HeaderMap, peer: Option<IpAddr>, trusted: &[IpAddr]) -> IpAddr {
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).to_canonical();
    let hops = headers.get_all(&X_FORWARDED_FOR).flat_map(|value| value.to_str().unwrap_or_default().split(','));
    let hops: Vec<&str> = hops.collect();
    let mut nearest = peer;
    for hop in hops.into_iter().rev() {
        let Some(before) = hop_address(hop).filter(|_| trusted.contains(&nearest)) else { break };
        nearest = before;
    }
    nearest
}

/// The address of a hop; some proxies add the port.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let with_port = || hop.parse().ok().map(|address: SocketAddr| address.ip());
    hop.parse().ok().or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

/// The language we speak that the caller likes best (RFC 9110, section 12.5.4).
fn best_language(header: &str) -> Option<Locale> {
    let mut best: Option<(f32, Locale)> = None;
    for range in header.split(',') {
        let (tag, quality) = range.split_once(";q=").unwrap_or((range, "1"));
        let quality: f32 = quality.trim().parse().unwrap_or(0.0);
        let locale = match tag.trim().to_ascii_lowercase().split('-').next() {
            Some("zh") => Locale::ZhCn,
            Some("en") => Locale::En,
            _ => continue,
        };
        if quality > best.map_or(0.0, |(best, _)| best) {
            best = Some((quality, locale));
        }
    }
    best.map(|(_, locale)| locale)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_best_language_wins() {
        assert_eq!(best_language("zh-CN,zh;q=0.9,en;q=0.8"), Some(Locale::ZhCn));
        assert_eq!(best_language("fr, en-GB;q=0.7, zh;q=0.3"), Some(Locale::En));
        assert_eq!(best_language("fr"), None);
        assert_eq!(best_language("zh;q=0"), None);
    }

    #[test]
    fn forwarded_addresses_are_believed_from_proxies_only() {
        let proxy: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
        let request = TestRequest::default()
            .insert_header(("x-forwarded-for", "1.1.1.1, 203.0.113.9, 10.0.0.1"))
            .to_srv_request();
        assert_eq!(sender(request.headers(), Some(proxy), &[proxy]).to_string(), "203.0.113.9");
        assert_eq!(sender(request.headers(), Some(proxy), &[]), proxy);
    }

    #[test]
    fn the_last_hop_that_was_not_ours_is_the_sender_however_it_is_spelt() {
        let proxy: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
        let of = |hops: &str| {
            let request = TestRequest::default().insert_header(("x-forwarded-for", hops)).to_srv_request();
            let peer = IpAddr::V6(Ipv4Addr::new(10, 0, 0, 1).to_ipv6_mapped());
            sender(request.headers(), Some(peer), &[proxy]).to_string()
        };
        for hops in
            ["203.0.113.9", "1.1.1.1, 203.0.113.9:4711", "1.1.1.1,::ffff:203.0.113.9 ", "203.0.113.9, 10.0.0.1:80"]
        {
            assert_eq!(of(hops), "203.0.113.9", "{hops}");
        }
        assert_eq!(of("1.1.1.1, [2001:db8::1]:4711"), "2001:db8::1");
        for unreadable in ["1.1.1.1, unknown", "1.1.1.1, ", ""] {
            assert_eq!(of(unreadable), "10.0.0.1", "{unreadable}");
        }
    }

    #[test]
    fn a_trace_is_read_from_its_one_spelling() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        let found = |text: &str| {
            trace_id(TestRequest::default().insert_header(("traceparent", text)).to_srv_request().headers())
        };
        for good in ["00-T-00f067aa0ba902b7-01", "cc-T-00f067aa0ba902b7-01-what-comes-later"] {
            assert_eq!(found(&good.replace('T', trace)).as_deref(), Some(trace), "{good}");
        }
        for bad in [
            "",
            "00-T",
            "00-T-00f067aa0ba902b7",
            "00-T-00f067aa0ba902b7-01-more",
            "ff-T-00f067aa0ba902b7-01",
            "00-T-0000000000000000-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-T-00f067aa0ba902b7-1",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(found(&bad.replace('T', trace)), None, "{bad}");
        }
    }

    #[test]
    fn strange_request_ids_are_replaced() {
        for (sent, is_kept) in
            [("abcdef-123456", true), ("short", false), ("with space 12345", false), (&"x".repeat(65) as &str, false)]
        {
            let request = TestRequest::default().insert_header(("x-request-id", sent)).to_srv_request();
            assert_eq!(sent_id(request.headers()).is_some(), is_kept, "{sent}");
        }
    }
}
