//! Signing in and out, and what one may change about oneself.

mod app_token;
mod dto;
mod me;
mod mine;
mod password;
mod sign_in;
mod web;

pub use dto::{GrantView, LoginView, MeView, NamedRef, RoleRef, Theme};
pub(crate) use me::{check_zone, me_of};
pub(crate) use sign_in::device;
pub(crate) use web::with_cookies;

use crate::router::Routes;

/// The routes of this feature.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(web::login)
        .service(web::refresh)
        .service(web::logout)
        .service(app_token::issue_token)
        .service(password::change_password);
    cfg.service(me::get_me).service(me::update_me);
    cfg.service(mine::list_my_sessions).service(mine::end_my_session).service(mine::end_my_other_sessions);
}
