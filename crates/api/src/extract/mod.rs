//! How requests are read: bodies and parameters, with every mistake said as a problem.

mod body;
pub mod optional;
mod params;
mod strict;
pub mod times;
mod unique;
mod value;
pub(crate) mod version;

pub use body::{Body, JsonBody, RawBody, validate};
pub use params::{Params, at_most, parse_pairs};
pub(crate) use strict::escape;
pub use strict::{parse_body, read_value};

use actix_web::web;

use crate::problem::{Code, Problem};

/// A path whose parts do not parse names nothing.
#[must_use]
pub fn path_config() -> web::PathConfig {
    web::PathConfig::default().error_handler(|_, _| Problem::new(Code::NotFound).into())
}
