//! The whole policy on one page.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use rapport_domain::access::{Action, Grants, Subject, print_matrix};
use rapport_persistence::roles::{RoleRow, role_list};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::problem::Problem;
use crate::roles::RoleView;
use crate::router::Routes;
use crate::state::App;

/// The routes of this feature.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(get_access_matrix);
}

/// Who may do what.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessMatrix {
    /// Every role as a table of text, for people.
    pub text: String,
    /// Every role, for programs.
    pub roles: Vec<RoleView>,
}

/// Read the access matrix.
///
/// Every role with what it allows, to be reviewed: as text and as data.
#[utoipa::path(tag = "Roles", operation_id = "getAccessMatrix", responses((status = 200, description = "Who may do what.", body = AccessMatrix)))]
#[get("/access/matrix")]
pub(crate) async fn get_access_matrix(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    caller.may(Action::Configure, Subject::Role)?;
    let rows = app.store.read("get_access_matrix", |db| Ok::<_, Problem>(role_list(db)?)).await?;
    let grants: Vec<(&str, Grants)> = rows.iter().map(|row| (row.key.as_str(), RoleRow::grants(row))).collect();
    let text = print_matrix(grants.iter().map(|(key, grants)| (*key, grants)));
    let locale = caller.context().locale;
    Ok(HttpResponse::Ok()
        .json(AccessMatrix { text, roles: rows.iter().map(|row| RoleView::of(row, locale)).collect() }))
}
