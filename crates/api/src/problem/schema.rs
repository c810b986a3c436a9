//! The shape of a problem in the published contract.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Code;

/// Why a request was refused (RFC 9457). Further members may follow, such as `current` or `candidates`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemView {
    /// The address of a page about the code.
    #[schema(example = "/problems/not-found")]
    pub r#type: String,
    /// A short title in the language of the request.
    #[schema(example = "Not found")]
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, example = 404)]
    pub status: i32,
    /// What happened, in the language of the request.
    #[schema(example = "Not found")]
    pub detail: String,
    /// The path of the request.
    #[schema(example = "/api/v1/leads/01890a5d-ac96-774b-bcce-b302099a8057")]
    pub instance: String,
    /// The code, for programs.
    pub code: Code,
    /// The id of the request, as in the logs.
    pub request_id: String,
    /// What is wrong, thing by thing.
    pub errors: Vec<FieldErrorView>,
}

/// One thing that is wrong with a request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FieldError)]
pub struct FieldErrorView {
    /// A JSON pointer into the body.
    #[schema(example = "/name", nullable = false)]
    pub pointer: Option<String>,
    /// A parameter of the query, the path or a header.
    #[schema(nullable = false)]
    pub parameter: Option<String>,
    /// The code, for programs.
    pub code: Code,
    /// What is wrong, in the language of the request.
    #[schema(example = "Required")]
    pub detail: String,
    /// Numbers and names that belong to the code.
    pub params: Map<String, Value>,
}
