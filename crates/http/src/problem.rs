//! The one translation of what a use case says no with into HTTP: problem documents (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use orglink_app::{Error, InputError, Refusal, RefusalReason};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::RequestId;

/// A use case's no, on its way out.
pub struct Failure(pub Error);

impl<E: Into<Error>> From<E> for Failure {
    fn from(e: E) -> Self {
        Self(e.into())
    }
}

/// A problem document. `code` is stable; texts may change.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: `code` says which problem it is.
    #[serde(rename = "type")]
    pub kind: String,
    pub status: u16,
    /// Stable; scripts may rely on it.
    pub code: String,
    pub title: String,
    pub detail: String,
    /// Why not, each with what would help and who can do it.
    #[serde(default)]
    pub reasons: Vec<ProblemReason>,
    /// What is wrong with what was sent (`bad_input`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemInput>,
    /// What changed since the plan (`plan_changed`): path, before, after.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<serde_json::Value>,
    /// What the operator finds this request by in the log; also in the header `X-Request-Id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// One reason of a refusal.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProblemReason {
    pub code: String,
    pub detail: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
}

/// One thing that is wrong with what was sent.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProblemInput {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    pub detail: String,
}

/// After how many seconds it is worth asking again when the database is away or full.
const AWAY_SECONDS: &str = "5";

/// The status that a no is answered with.
#[must_use]
pub fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::NotFound { .. } => StatusCode::NOT_FOUND,
        Error::SignedOut => StatusCode::UNAUTHORIZED,
        Error::Refused(r) if r.is_about_permission => StatusCode::FORBIDDEN,
        Error::Refused(r) if r.code == "idempotency_key_reused" => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Refused(r) if r.code == "wrong_credentials" => StatusCode::UNAUTHORIZED,
        Error::Refused(_) | Error::Stale => StatusCode::CONFLICT,
        Error::VersionRequired => StatusCode::PRECONDITION_REQUIRED,
        Error::VersionChanged { .. } => StatusCode::PRECONDITION_FAILED,
        Error::BadInput(_) => StatusCode::BAD_REQUEST,
        Error::TooManyAttempts { .. } | Error::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Store(e) if e.is_unavailable() => StatusCode::SERVICE_UNAVAILABLE,
        Error::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl Problem {
    /// A problem without reasons.
    #[must_use]
    pub fn new(status: StatusCode, code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank".to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            title: title.to_owned(),
            detail: detail.into(),
            reasons: Vec::new(),
            errors: Vec::new(),
            differences: Vec::new(),
            request_id: RequestId::current().map(|id| id.as_str().to_owned()),
        }
    }

    /// The document of a no. What broke inside is logged here, once, and not told.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        let status = status_of(error);
        match error {
            Error::NotFound { .. } => Self::new(status, "not_found", "Not found", error.to_string()),
            Error::SignedOut => Self::new(
                status,
                "signed_out",
                "Sign in first",
                "Send a token: Authorization: Bearer TOKEN. Make one with `orglink token create`.",
            ),
            Error::Refused(refusal) => Self::refusal(status, refusal),
            Error::BadInput(errors) => Self {
                errors: errors.iter().map(ProblemInput::of).collect(),
                ..Self::new(status, "bad_input", "This cannot be understood", error.to_string())
            },
            Error::TooManyAttempts { .. } => {
                Self::new(status, "too_many_attempts", "Too many attempts", error.to_string())
            }
            Error::RateLimited { .. } => Self::new(status, "rate_limited", "Too many requests", error.to_string()),
            Error::VersionRequired => {
                Self::new(status, "version_required", "Say which version you mean", error.to_string())
            }
            Error::VersionChanged { .. } => {
                Self::new(status, "version_changed", "It has changed meanwhile", error.to_string())
            }
            Error::Stale => Self::new(status, "too_busy", "Too many changes at once", error.to_string()),
            Error::Store(e) if error.is_about_room() => {
                tracing::error!(error = %e, "there is no room left");
                let detail = "There is no room left to write. Nothing was changed, and reading goes on; the operator has to make room.";
                Self::new(status, "storage_full", "No room left", detail)
            }
            Error::Store(e) if error.is_about_read_only() => {
                tracing::error!(error = %e, "the database takes no changes");
                let detail = "The database takes no changes right now. Nothing was changed, and reading goes on; try again in a moment.";
                Self::new(status, "database_read_only", "Not possible right now", detail)
            }
            Error::Store(e) if e.is_unavailable() => {
                tracing::error!(error = %e, "the database is away");
                let detail = "The database is not reachable right now. Nothing was changed; try again in a moment.";
                Self::new(status, "database_unavailable", "Not possible right now", detail)
            }
            Error::Store(e) => {
                tracing::error!(error = %e, "a request failed inside");
                let detail = "Something broke inside; nothing was changed. The operator finds the cause in the log.";
                Self::new(status, "internal_error", "Something broke", detail)
            }
        }
    }

    fn refusal(status: StatusCode, refusal: &Refusal) -> Self {
        let reasons = refusal.reasons.iter().map(ProblemReason::of).collect();
        let differences = refusal.differences.iter().filter_map(|d| serde_json::to_value(d).ok()).collect();
        Self { reasons, differences, ..Self::new(status, refusal.code, refusal.title, refusal.detail.clone()) }
    }
}

impl ProblemReason {
    #[must_use]
    pub fn of(r: &RefusalReason) -> Self {
        Self {
            code: r.code.to_owned(),
            detail: r.detail.clone(),
            remedy: r.remedy.map(str::to_owned),
            who: r.who.map(str::to_owned),
        }
    }
}

impl ProblemInput {
    fn of(error: &InputError) -> Self {
        Self {
            file: error.file.clone(),
            line: error.line,
            column: error.column,
            field: error.field.map(str::to_owned),
            detail: error.detail.clone(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(AWAY_SECONDS));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"orglink\""));
        }
        response
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = Problem::of(&self.0).into_response();
        if let Error::TooManyAttempts { seconds } | Error::RateLimited { seconds, .. } = self.0
            && let Ok(value) = HeaderValue::from_str(&seconds.to_string())
        {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        response
    }
}
