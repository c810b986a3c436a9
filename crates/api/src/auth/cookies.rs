//! The cookies of a browser: two while it is signed in, and one by which its device is known afterwards.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

use crate::config::Config;

/// The name of the cookie with the access token.
#[must_use]
pub fn access_name(config: &Config) -> &'static str {
    if config.is_https() { "__Host-rapport_access" } else { "rapport_access" }
}

/// The name of the cookie with the refresh token.
#[must_use]
pub fn refresh_name(config: &Config) -> &'static str {
    if config.is_https() { "__Host-rapport_refresh" } else { "rapport_refresh" }
}

/// The name of the cookie by which a device is known that has signed in before.
#[must_use]
pub fn device_name(config: &Config) -> &'static str {
    if config.is_https() { "__Host-rapport_device" } else { "rapport_device" }
}

/// A cookie that scripts cannot read and that other sites' pages do not send.
pub(crate) fn build(config: &Config, name: &'static str, value: String, seconds: Option<i64>) -> Cookie<'static> {
    let mut cookie =
        Cookie::build(name, value).path("/").http_only(true).same_site(SameSite::Strict).secure(config.is_https());
    if let Some(seconds) = seconds {
        cookie = cookie.max_age(Duration::seconds(seconds));
    }
    cookie.finish()
}

/// The cookies that take both away.
pub(crate) fn removals(config: &Config) -> [Cookie<'static>; 2] {
    [access_name(config), refresh_name(config)].map(|name| {
        let mut cookie = build(config, name, String::new(), Some(0));
        cookie.make_removal();
        cookie.set_path("/");
        cookie.set_http_only(true);
        cookie.set_same_site(SameSite::Strict);
        cookie.set_secure(config.is_https());
        cookie
    })
}
