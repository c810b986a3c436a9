//! The closed set of problem codes, with their status and their titles.

use actix_web::http::StatusCode;
use rapport_domain::context::Locale;
use serde::{Deserialize, Serialize};

/// Declares the codes: a word, a status, and a title in both languages.
macro_rules! codes {
    ($( $variant:ident = $word:literal, $status:ident, $zh:literal, $en:literal; )+) => {
        /// What went wrong, for programs: a closed set whose words never change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = ProblemCode)]
        #[expect(missing_docs, reason = "the titles say what the codes mean")]
        pub enum Code { $( $variant ),+ }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];

            /// The word: `not_found`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word ),+ }
            }

            /// The status an answer with this code has.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $( Self::$variant => StatusCode::$status ),+ }
            }

            /// A short title.
            #[must_use]
            pub const fn title(self, locale: Locale) -> &'static str {
                match (self, locale) { $(
                    (Self::$variant, Locale::ZhCn) => $zh,
                    (Self::$variant, Locale::En) => $en,
                )+ }
            }
        }
    };
}

codes! {
    MalformedJson = "malformed_json", BAD_REQUEST, "请求内容不是有效的 JSON", "The body is not valid JSON";
    UnknownField = "unknown_field", UNPROCESSABLE_ENTITY, "未知字段", "Unknown field";
    InvalidValue = "invalid_value", UNPROCESSABLE_ENTITY, "值无效", "Invalid value";
    Required = "required", UNPROCESSABLE_ENTITY, "必填", "Required";
    TooLong = "too_long", UNPROCESSABLE_ENTITY, "内容过长", "Too long";
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "请先登录", "Sign in first";
    InvalidCredentials = "invalid_credentials", UNAUTHORIZED, "邮箱或密码不正确", "Wrong e-mail or password";
    SessionRevoked = "session_revoked", UNAUTHORIZED, "登录已失效", "The session has ended";
    RefreshReused = "refresh_reused", UNAUTHORIZED, "刷新令牌被重复使用", "The refresh token was used before";
    Forbidden = "forbidden", FORBIDDEN, "没有权限", "Not allowed";
    NotFound = "not_found", NOT_FOUND, "未找到", "Not found";
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "不支持该方法", "Method not allowed";
    NotAcceptable = "not_acceptable", NOT_ACCEPTABLE, "无法提供所要求的格式", "Not acceptable";
    VersionConflict = "version_conflict", PRECONDITION_FAILED, "记录已被他人修改", "The record has changed";
    PreconditionRequired = "precondition_required", PRECONDITION_REQUIRED, "必须提供 If-Match", "If-Match is required";
    AlreadyConverted = "already_converted", CONFLICT, "线索已转化", "The lead has been converted";
    DuplicateCandidates = "duplicate_candidates", CONFLICT, "可能已有相同记录", "Similar records exist";
    LeadConverted = "lead_converted", CONFLICT, "线索已转化，不能再修改", "The lead is converted and closed for changes";
    AlreadyOwned = "already_owned", CONFLICT, "客户已有负责人", "The customer has an owner";
    ClaimRefused = "claim_refused", CONFLICT, "现在不能领取该客户", "The customer cannot be taken now";
    InPool = "in_pool", CONFLICT, "客户在公海中", "The customer lies in a pool";
    UndoRefused = "undo_refused", CONFLICT, "无法撤销", "Undo is not possible";
    HasDependants = "has_dependants", CONFLICT, "还有其他记录依赖它", "Other records depend on it";
    LimitReached = "limit_reached", CONFLICT, "已达到数量上限", "There are as many as there may be";
    InUse = "in_use", CONFLICT, "仍在使用中", "Still in use";
    Cycle = "cycle", CONFLICT, "形成了循环", "This would close a circle";
    Duplicate = "duplicate", CONFLICT, "已存在", "Already exists";
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY, "幂等键已用于其他请求", "The idempotency key belongs to another request";
    IdempotencyInProgress = "idempotency_in_progress", CONFLICT, "相同请求正在处理", "The same request is still running";
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE, "请求内容过大", "The body is too large";
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "不支持的内容类型", "Unsupported media type";
    ValidationFailed = "validation_failed", UNPROCESSABLE_ENTITY, "有字段不符合要求", "Some fields are not valid";
    FilterInvalid = "filter_invalid", BAD_REQUEST, "筛选条件无效", "The filter is not valid";
    FilterTooComplex = "filter_too_complex", BAD_REQUEST, "筛选条件过于复杂", "The filter is too complex";
    SortInvalid = "sort_invalid", BAD_REQUEST, "排序无效", "The sort order is not valid";
    CursorInvalid = "cursor_invalid", BAD_REQUEST, "分页游标无效", "The cursor is not valid";
    CursorMismatch = "cursor_mismatch", BAD_REQUEST, "分页游标属于其他列表", "The cursor belongs to another list";
    LimitInvalid = "limit_invalid", BAD_REQUEST, "每页数量无效", "The limit is not valid";
    ParameterInvalid = "parameter_invalid", BAD_REQUEST, "参数无效", "A parameter is not valid";
    StageRequirements = "stage_requirements", UNPROCESSABLE_ENTITY, "进入该阶段还缺少信息", "The stage asks for more";
    UseMove = "use_move", UNPROCESSABLE_ENTITY, "请使用移动操作更改阶段", "Use the move action";
    UseConversion = "use_conversion", UNPROCESSABLE_ENTITY, "请使用转化操作", "Use the conversion";
    TooManyRequests = "too_many_requests", TOO_MANY_REQUESTS, "请求过于频繁", "Too many requests";
    Timeout = "timeout", REQUEST_TIMEOUT, "请求超时", "The request took too long";
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "服务暂时不可用", "Temporarily unavailable";
    StorageFull = "storage_full", INSUFFICIENT_STORAGE, "存储空间已满", "The storage is full";
    Internal = "internal", INTERNAL_SERVER_ERROR, "服务器内部错误", "Something went wrong here";
    NothingToHandOver = "nothing_to_hand_over", CONFLICT, "没有可交接的内容", "There is nothing to hand over";
    LastAdmin = "last_admin", CONFLICT, "不能移除最后一位管理员", "The last administrator must stay";
    WeakPassword = "weak_password", UNPROCESSABLE_ENTITY, "密码过于简单", "The password is too weak";
    SetupDone = "setup_done", CONFLICT, "系统已完成初始设置", "Setup has been done";
    SetupTokenInvalid = "setup_token_invalid", FORBIDDEN, "设置链接无效", "The setup link is not valid";
    CrossSiteRequest = "cross_site_request", FORBIDDEN, "拒绝跨站请求", "Cross-site request refused";
    CredentialInUrl = "credential_in_url", BAD_REQUEST, "网址中不能包含凭证", "Credentials do not belong into a URL";
    MentionUnknown = "mention_unknown", UNPROCESSABLE_ENTITY, "没有可以提及的这位同事", "There is no such colleague to be mentioned";
    MentionNotVisible = "mention_not_visible", UNPROCESSABLE_ENTITY, "被提及的人看不到这条记录", "Who is mentioned does not see it";
    FileEmpty = "file_empty", UNPROCESSABLE_ENTITY, "文件是空的", "The file is empty";
    FileTypeMismatch = "file_type_mismatch", UNPROCESSABLE_ENTITY, "文件内容与其类型不符", "The file is not what it is said to be";
    FileTypeRefused = "file_type_refused", UNPROCESSABLE_ENTITY, "不接受可执行文件", "Programs are not taken";
    PlaceholderUnknown = "placeholder_unknown", UNPROCESSABLE_ENTITY, "未知的占位符", "There is no such placeholder";
    Gone = "gone", GONE, "已不再提供", "No longer available";
}

impl Code {
    /// Reads the word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == word)
    }

    /// The word as it stands in the address of its page: `not-found`.
    #[must_use]
    pub fn kebab(self) -> String {
        self.as_str().replace('_', "-")
    }

    /// The code of an answer that came without a problem, by its status.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::Unauthenticated,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            405 => Self::MethodNotAllowed,
            406 => Self::NotAcceptable,
            408 => Self::Timeout,
            412 => Self::VersionConflict,
            413 => Self::BodyTooLarge,
            415 => Self::UnsupportedMediaType,
            429 => Self::TooManyRequests,
            400..=499 => Self::ParameterInvalid,
            503 => Self::Unavailable,
            _ => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_and_serialises_as_its_word() {
        for code in Code::ALL {
            assert_eq!(Code::parse(code.as_str()), Some(*code));
            assert_eq!(serde_json::json!(code), serde_json::json!(code.as_str()));
            assert!(code.status().is_client_error() || code.status().is_server_error());
        }
    }

    #[test]
    fn a_bare_status_gets_a_code_of_its_class() {
        for status in [400, 401, 403, 404, 405, 406, 408, 412, 413, 415, 417, 429, 431, 500, 503] {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            assert_eq!(Code::of_status(status).status().is_client_error(), status.is_client_error(), "{status}");
        }
    }
}
