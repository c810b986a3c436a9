//! The routes and the use case of the first run.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use rapport_domain::access::{Actor, BuiltInRole};
use rapport_domain::context::Context;
use rapport_persistence::roles::{guard_pass, role_find_by_key};
use rapport_persistence::settings::{setting_delete, setting_put};
use rapport_persistence::users::user_exists;
use rapport_persistence::{Db, Tx};
use uuid::Uuid;

use super::dto::{Setup, SetupState};
use super::link::{SETUP_TOKEN, is_token};
use crate::auth::origin::refuse_foreign;
use crate::auth::password::check_new;
use crate::auth::sessions::{Kind, begin};
use crate::extract::Body;
use crate::organisation::{ORGANISATION, Organisation, USUAL_GRACE_DAYS, USUAL_RESPONSE_HOURS, UpdateOrganisation};
use crate::problem::{Code, Problem};
use crate::router::Routes;
use crate::session::{LoginView, device, me_of, with_cookies};
use crate::state::App;
use crate::users::{CreateUser, NewUser, add};

type Answer = Result<HttpResponse, Problem>;

/// The routes of this feature.
pub fn routes(cfg: &mut Routes<'_>) {
    cfg.service(get_setup).service(set_up);
}

/// Read whether the first run is still to come.
///
/// Open to everyone; says nothing else.
#[utoipa::path(tag = "Setup", operation_id = "getSetup", security(()), responses((status = 200, description = "Whether nobody has been added yet.", body = SetupState)))]
#[get("/setup")]
pub(crate) async fn get_setup(app: Data<App>) -> Answer {
    let required = app.store.read("get_setup", |db| Ok::<_, Problem>(!user_exists(db)?)).await?;
    Ok(HttpResponse::Ok().json(SetupState { required }))
}

/// Set up Rapport.
///
/// Once: makes the first administrator and signs in. The token stands in the link that was printed on the console.
#[utoipa::path(tag = "Setup", operation_id = "setUp", security(()), request_body = Setup, responses((status = 201, description = "Set up, and signed in.", body = LoginView)))]
#[post("/setup")]
pub(crate) async fn set_up(app: Data<App>, request: HttpRequest, body: Body<Setup>) -> Answer {
    refuse_foreign(&app, &request)?;
    app.limits.login(crate::request::RequestInfo::of(&request).address)?;
    let Body(setup) = body;
    let token = setup.token.clone();
    app.store.read("check_setup", move |db| check_open(db, &token)).await?;
    let organisation = read_organisation(&setup)?;
    check_new(
        &setup.admin.password,
        "/admin/password",
        &[&setup.admin.email, &setup.admin.name, &setup.organisation_name],
    )?;
    let hash = app.hasher.hash(setup.admin.password.clone()).await?;
    let (context, keys, device) = (app.context_of(Actor::system()), app.keys.clone(), device(&request));
    let (sent, at_once) = (setup.clone(), context.clone());
    let user = app.store.write("set_up", move |tx| found(tx, &at_once, &sent, &organisation, &hash)).await?;
    if setup.sample_data {
        add_samples(&app, context.clone()).await;
    }
    let tokens =
        app.store.write("begin_session", move |tx| begin(tx, &context, &keys, user, Kind::Web, &device)).await?;
    let user = me_of(&app, &request, user).await?;
    Ok(with_cookies(&app, &tokens, HttpResponse::Created()).json(LoginView { user }))
}

/// Sample data is a help, not a condition: without it Rapport is set up all the same.
async fn add_samples(app: &App, context: Context) {
    if let Err(problem) =
        app.store.write("sample_data", move |tx| crate::demo::add_sample_data(tx, &context, None)).await
    {
        tracing::warn!(?problem, "the sample data could not be added");
    }
}

fn check_open(db: &mut Db, token: &str) -> Result<(), Problem> {
    if user_exists(db)? {
        return Err(Problem::new(Code::SetupDone));
    }
    if !is_token(db, token)? {
        return Err(Problem::new(Code::SetupTokenInvalid));
    }
    Ok(())
}

/// The organisation and its first administrator, in one transaction that only one caller wins.
fn found(
    tx: &mut Tx<'_>,
    context: &Context,
    setup: &Setup,
    organisation: &Organisation,
    hash: &str,
) -> Result<Uuid, Problem> {
    guard_pass(tx, "access")?;
    check_open(tx, &setup.token)?;
    setting_put(tx, ORGANISATION, organisation)?;
    let admin = role_find_by_key(tx, BuiltInRole::Admin.as_str())?.ok_or_else(|| Problem::internal("no admin role"))?;
    let input = CreateUser {
        name: setup.admin.name.clone(),
        email: setup.admin.email.clone(),
        password: None,
        language: None,
        time_zone: None,
        team_id: None,
        manager_id: None,
        role_ids: vec![admin.id.0],
        is_active: true,
    };
    let new = NewUser { input, password_hash: Some(hash.to_owned()) };
    let user = add(tx, context, &new).map_err(|problem| problem.below("/admin"))?;
    setting_delete(tx, SETUP_TOKEN)?;
    Ok(user.id.0)
}

fn read_organisation(setup: &Setup) -> Result<Organisation, Problem> {
    let typed = UpdateOrganisation {
        name: setup.organisation_name.clone(),
        currency: setup.currency.clone(),
        language: setup.language,
        time_zone: setup.time_zone.clone(),
        lead_response_hours: Some(USUAL_RESPONSE_HOURS),
        stale_grace_days: Some(USUAL_GRACE_DAYS),
        ..UpdateOrganisation::default()
    };
    typed.read("/organisation_name", None)
}
