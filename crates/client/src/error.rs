//! What can go wrong: the server says no, cannot be reached, or is none of orglink's.

use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::transport::Response;

/// Why a call has no answer. None of it ever holds the token.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server said no. When it did, nothing was changed.
    #[error("{0}")]
    Problem(Box<Problem>),
    /// The server could not be reached, was silent for too long, or went away in the middle. Whether something that
    /// writes was done is not known: send it again with the same idempotency key, or look.
    #[error("{0}")]
    Unreachable(String),
    /// Something answered, but not as orglink does.
    #[error("{0}")]
    Unexpected(Box<Unexpected>),
    /// What was given cannot be sent: an address, a token, a key. Nothing was sent.
    #[error("{0}")]
    Invalid(String),
}

/// An answer that is none of orglink's, or of a version that speaks otherwise.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Unexpected {
    pub status: u16,
    /// What was wrong with it.
    pub detail: String,
    pub request_id: Option<String>,
}

impl fmt::Display for Unexpected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server answered {}, not as orglink does", self.status)?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        Ok(())
    }
}

/// A problem document (RFC 9457). `code` is stable; texts may change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Problem {
    #[serde(rename = "type", default = "about_blank")]
    pub kind: String,
    pub status: u16,
    /// Which problem it is; programs may rely on it.
    pub code: String,
    pub title: String,
    pub detail: String,
    /// Why not, each with what would help and who can do it.
    #[serde(default)]
    pub reasons: Vec<ProblemReason>,
    /// What is wrong with what was sent (`bad_input`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<InputError>,
    /// What changed since the plan (`plan_changed`): path, before, after.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Value>,
    /// What the operator finds the request by in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// After how long it is worth trying again, where the server said so.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

fn about_blank() -> String {
    "about:blank".to_owned()
}

/// One reason of a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProblemReason {
    pub code: String,
    pub detail: String,
    /// What would help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// Who can do that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
}

/// One thing that is wrong with what was sent, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InputError {
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

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.detail, self.code)
    }
}

impl Error {
    /// The problem, when the server said no.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem(problem) => Some(problem),
            _ => None,
        }
    }

    /// The stable code of what the server said no with.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.problem().map(|problem| problem.code.as_str())
    }

    /// The status of the answer, when there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Problem(problem) => Some(problem.status),
            Self::Unexpected(answer) => Some(answer.status),
            Self::Unreachable(_) | Self::Invalid(_) => None,
        }
    }

    /// What to tell the operator, who finds the request by it in the log.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Problem(problem) => problem.request_id.as_deref(),
            Self::Unexpected(answer) => answer.request_id.as_deref(),
            Self::Unreachable(_) | Self::Invalid(_) => None,
        }
    }

    /// It is not there, or not for the owner of the token to see.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// The same may well be answered later: too many requests, a server that is away or being restarted.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Unreachable(_)) || matches!(self.status(), Some(429 | 502..=504))
    }

    pub(crate) fn unexpected(response: &Response, detail: impl fmt::Display) -> Self {
        Self::Unexpected(Box::new(Unexpected {
            status: response.status.as_u16(),
            detail: detail.to_string(),
            request_id: response.header("x-request-id").map(str::to_owned),
        }))
    }

    /// What an answer that is no good says.
    pub(crate) async fn of(mut response: Response) -> Self {
        let bytes = match response.bytes().await {
            Ok(bytes) => bytes,
            Err(broken_off) => return broken_off,
        };
        let Ok(mut problem) = serde_json::from_slice::<Problem>(&bytes) else {
            let is_elsewhere = response.status.is_redirection();
            let place = response.header("location").filter(|_| is_elsewhere);
            // Nobody is followed elsewhere: the token is for this server alone.
            let detail = place.map(|place| format!("it points to {place}; give that address if it is the right one"));
            return Self::unexpected(&response, detail.unwrap_or_default());
        };
        problem.request_id = problem.request_id.or_else(|| response.header("x-request-id").map(str::to_owned));
        problem.retry_after = response.retry_after();
        Self::Problem(Box::new(problem))
    }
}

/// Whether a status asks for patience.
pub(crate) fn is_later(status: StatusCode) -> bool {
    matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
}
