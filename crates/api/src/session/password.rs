//! Changing one's password.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use rapport_persistence::sessions::session_revoke_all;
use rapport_persistence::users::user_set_password;

use super::dto::ChangePassword;
use super::sign_in::{Credentials, prove};
use crate::auth::Caller;
use crate::auth::password::check_new;
use crate::extract::Body;
use crate::problem::{Code, Problem};
use crate::state::App;

/// Change one's password.
///
/// Needs the password so far, and ends every other session of the user.
#[utoipa::path(tag = "Sign-in", operation_id = "changePassword", request_body = ChangePassword,
    responses((status = 204, description = "The password is changed.")))]
#[post("/auth/password")]
pub(crate) async fn change_password(
    app: Data<App>,
    caller: Caller,
    body: Body<ChangePassword>,
) -> Result<HttpResponse, Problem> {
    let (user, session) = (caller.id(), caller.session()?.id.0);
    let Body(sent) = body;
    check_new(&sent.new_password, "/new_password", &[&caller.user.email, &caller.user.name])?;
    let email = caller.user.email.clone();
    let proof = Credentials { email, password: sent.current_password, device: None };
    prove(&app, proof).await.map_err(|problem| match problem.code() {
        Code::InvalidCredentials => Problem::validation().at("/current_password", Code::InvalidCredentials),
        _ => problem,
    })?;
    let hash = app.hasher.hash(sent.new_password).await?;
    let now = app.now().into();
    app.store
        .write("change_password", move |tx| {
            user_set_password(tx, user, &hash, now)?;
            session_revoke_all(tx, user, Some(session), "password", now)?;
            Ok::<_, Problem>(())
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
