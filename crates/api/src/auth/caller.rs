//! The extractor that says who asks.

use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use rapport_domain::access::{Actor, Permit, Subject, decide};
use rapport_domain::context::Context;
use rapport_persistence::roles::RoleRow;
use rapport_persistence::sessions::SessionRow;
use rapport_persistence::users::UserRow;
use uuid::Uuid;

use super::credential::Credential;
use super::people::Entrance;
use crate::problem::{Code, Problem};
use crate::state::App;

/// Someone who has proved who he is, with what he may do at this moment.
///
/// For requests that change something, or look at the person; whoever only reads takes a [`Credential`].
#[derive(Clone, Debug)]
pub struct Caller {
    /// The user.
    pub user: UserRow,
    /// His roles.
    pub roles: Vec<RoleRow>,
    /// The session, unless an API key was used.
    pub session: Option<SessionRow>,
    context: Context,
}

impl Caller {
    /// The moment of this request: when, who, in which language and zone.
    #[must_use]
    pub fn context(&self) -> Context {
        self.context.clone()
    }

    /// Who asks, for the policy.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.context.actor
    }

    /// The user's id.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.user.id.0
    }

    /// Asks the policy about something that has no owner.
    ///
    /// # Errors
    /// `forbidden`.
    pub fn may(&self, action: rapport_domain::access::Action, subject: Subject) -> Result<Permit, Problem> {
        Ok(decide(self.actor(), action, subject, None)?)
    }

    /// The session; API keys have none and may not do what needs one.
    ///
    /// # Errors
    /// `forbidden`.
    pub fn session(&self) -> Result<&SessionRow, Problem> {
        self.session.as_ref().ok_or_else(|| {
            Problem::new(Code::Forbidden)
                .because("API 密钥不能执行此操作", "An API key cannot do this: sign in instead")
        })
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, credential) = (request.clone(), Credential::from_request(request, payload));
        Box::pin(async move {
            if let Some(known) = request.extensions().get::<Rc<Self>>() {
                return Ok(Self::clone(known));
            }
            let app = request.app_data::<web::Data<App>>().cloned().ok_or_else(|| Problem::new(Code::Internal))?;
            let credential = credential.await?;
            let asked = credential.read_as(&app, &request, "authenticate", |_, person, context| {
                let session = match &person.entrance {
                    Entrance::Session(row) => Some(row.clone()),
                    Entrance::Key(_) => None,
                };
                let (user, roles, context) = (person.user.clone(), person.roles.clone(), context.clone());
                Ok(Self { user, roles, session, context })
            });
            let caller = asked.await?;
            request.extensions_mut().insert(Rc::new(caller.clone()));
            Ok(caller)
        })
    }
}
