//! A digest as a message: two parts that say the same, and headers by which machines know what it is.

use chrono::{DateTime, Utc};
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use uuid::Uuid;

use super::letter::Letter;
use crate::mail::Mailer;
use crate::problem::Problem;

const HTML: (&str, &str) = ("mail.html", include_str!("mail.html"));
const TEXT: (&str, &str) = ("mail.txt", include_str!("mail.txt"));

/// The message; `None` when nothing can be sent to the address at all.
///
/// # Errors
/// When it cannot be laid out: a mistake of ours.
pub(super) fn message(
    mailer: &Mailer,
    letter: &Letter,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<Message>, Problem> {
    let (text, html) = (lay_out(TEXT, letter)?, lay_out(HTML, letter)?);
    let Ok(address) = letter.email.parse() else { return Ok(None) };
    let message = Message::builder()
        .from(mailer.sender().clone())
        .to(Mailbox::new(Some(letter.name.clone()), address))
        .date(now.into())
        .subject(letter.subject.as_str())
        .raw_header(ours("Message-ID", format!("<{}@{}>", id.simple(), mailer.domain())))
        // Nobody's absence is to be told to it.
        .raw_header(ours("Auto-Submitted", "auto-generated".to_owned()))
        .raw_header(ours("List-Unsubscribe", format!("<{}>", letter.settings.url)))
        .multipart(MultiPart::alternative_plain_html(text, html));
    message.map(Some).map_err(Problem::internal)
}

/// A header whose value is ours, ASCII without line ends, and must not be folded or encoded: an id, a word, an address.
fn ours(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.clone(), value)
}

/// The name of a template says by its ending how what it is given is escaped.
fn lay_out((name, template): (&str, &str), letter: &Letter) -> Result<String, Problem> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // A line that holds nothing but a tag leaves none behind.
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(Problem::internal)?;
    environment.set_syntax(syntax);
    environment.render_named_str(name, template, Serde(letter)).map_err(Problem::internal)
}
