//! Web addresses and the domains by which companies are recognised.

use thiserror::Error;
use url::{Host, Url};

/// Longest web address that is kept.
const MAX_WEBSITE: usize = 2048;

/// Providers of mail boxes for everybody: their domain says nothing about an employer.
const FREE_MAIL: [&str; 40] = [
    "126.com",
    "139.com",
    "163.com",
    "163.net",
    "189.cn",
    "21cn.com",
    "aliyun.com",
    "aol.com",
    "foxmail.com",
    "fastmail.com",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "hotmail.co.uk",
    "icloud.com",
    "live.cn",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rocketmail.com",
    "sina.cn",
    "sina.com",
    "sohu.com",
    "tom.com",
    "vip.qq.com",
    "web.de",
    "yahoo.com",
    "yandex.ru",
    "yeah.net",
];

/// Why a web address is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WebsiteError {
    /// Nothing was typed.
    #[error("must not be empty")]
    Empty,
    /// Longer than 2048 characters.
    #[error("must have at most {MAX_WEBSITE} characters")]
    TooLong,
    /// Not an address of the web.
    #[error("must be an http or https address")]
    Invalid,
}

/// Reads a web address; `https://` is added when no scheme was typed.
///
/// # Errors
/// `Empty`, `TooLong`, or `Invalid` for another scheme, credentials, or a host without a dot.
pub fn website(typed: &str) -> Result<String, WebsiteError> {
    let url = parse_web(typed)?;
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    let is_public = match url.host() {
        Some(Host::Domain(host)) => is_domain(host),
        Some(_) => true,
        None => false,
    };
    if !matches!(url.scheme(), "http" | "https") || has_credentials || !is_public {
        return Err(WebsiteError::Invalid);
    }
    let address = url.to_string();
    if address.chars().count() > MAX_WEBSITE {
        return Err(WebsiteError::TooLong);
    }
    Ok(address)
}

/// The domain that a web address or an e-mail address speaks of, lower-cased and without `www.`.
///
/// `None` when there is none, for addresses by number, and for mail providers that serve everybody.
#[must_use]
pub fn domain_of(url_or_email: &str) -> Option<String> {
    let typed = url_or_email.trim();
    let is_email = typed.contains('@') && !typed.contains('/');
    let source = typed.rsplit_once('@').filter(|_| is_email).map_or(typed, |(_, host)| host);
    let url = parse_web(source).ok()?;
    let Some(Host::Domain(host)) = url.host() else { return None };
    let host = host.trim_end_matches('.');
    let domain = host.strip_prefix("www.").unwrap_or(host).to_lowercase();
    let is_useful = is_domain(&domain) && !(is_email && is_free_mail(&domain));
    is_useful.then_some(domain)
}

fn parse_web(typed: &str) -> Result<Url, WebsiteError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(WebsiteError::Empty);
    }
    if typed.chars().count() > MAX_WEBSITE {
        return Err(WebsiteError::TooLong);
    }
    if typed.chars().any(|letter| letter.is_control() || letter.is_whitespace()) {
        return Err(WebsiteError::Invalid);
    }
    let address = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    Url::parse(&address).map_err(|_| WebsiteError::Invalid)
}

fn is_domain(host: &str) -> bool {
    host.len() <= 253 && host.contains('.') && host.trim_end_matches('.').split('.').all(|label| !label.is_empty())
}

fn is_free_mail(domain: &str) -> bool {
    FREE_MAIL.contains(&domain) || domain.starts_with("yahoo.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_is_added_and_others_are_refused() {
        assert_eq!(website("example.com"), Ok("https://example.com/".into()));
        assert_eq!(website(" http://Example.com/a?b=c "), Ok("http://example.com/a?b=c".into()));
        assert_eq!(website("https://例子.中国"), Ok("https://xn--fsqu00a.xn--fiqs8s/".into()));
        assert_eq!(website("  "), Err(WebsiteError::Empty));
        for bad in [
            "javascript:alert(1)",
            "javascript://example.com/%0aalert(1)",
            "ftp://example.com",
            "localhost",
            "a b.com",
            "https://user:secret@example.com",
            "https://",
            "https://..",
            "example.com\0",
        ] {
            assert_eq!(website(bad), Err(WebsiteError::Invalid), "{bad:?}");
        }
        assert_eq!(website(&format!("example.com/{}", "a".repeat(2048))), Err(WebsiteError::TooLong));
        assert_eq!(website(&format!("example.com/{}", "é".repeat(1000))), Err(WebsiteError::TooLong));
    }

    #[test]
    fn an_accepted_address_is_accepted_again() {
        let once = website("Example.com/a b".replace(' ', "%20").as_str());
        assert_eq!(once.clone().and_then(|address| website(&address)), once);
    }

    #[test]
    fn the_domain_names_the_company() {
        assert_eq!(domain_of("https://www.Example.com/x").as_deref(), Some("example.com"));
        assert_eq!(domain_of("ada@Sub.Example.com").as_deref(), Some("sub.example.com"));
        assert_eq!(domain_of("https://gmail.com").as_deref(), Some("gmail.com"));
        for none in
            ["", "ada@qq.com", "ada@GMAIL.com", "ada@yahoo.co.jp", "localhost", "http://127.0.0.1/", "not a host"]
        {
            assert_eq!(domain_of(none), None, "{none:?}");
        }
    }
}
