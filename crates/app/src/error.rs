//! How a use case says no: absent, refused, bad input, or broken. Every surface translates these once.

use orglink_domain::eligibility::Reason;
use orglink_domain::plan::Difference;
use orglink_store::{IsRetryable, StoreError};
use serde::Serialize;

/// Why something was not done. Nothing has changed when one of these comes back.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or the one who asks may not know that it does.
    #[error("there is no {what} '{reference}', or you may not see it")]
    NotFound { what: &'static str, reference: String },
    /// Who asks is not known: no session, no token, or one that has ended.
    #[error("sign in first")]
    SignedOut,
    /// A rule says no.
    #[error("{}", .0.detail)]
    Refused(Box<Refusal>),
    /// What was sent cannot be understood.
    #[error("{}", bad_input_text(.0))]
    BadInput(Vec<InputError>),
    /// Too many attempts; try again after so many seconds.
    #[error("too many attempts; try again in {seconds} seconds")]
    TooManyAttempts { seconds: i64 },
    /// More requests than a limit allows; try again after so many seconds.
    #[error("more than {per_minute} requests a minute from one {limit}; try again in {seconds} seconds")]
    RateLimited { limit: &'static str, per_minute: u32, seconds: i64 },
    /// Somebody changed it between the read and the write; nothing was done. Use cases look again by themselves.
    #[error("somebody else changed this at the same moment; try again")]
    Stale,
    /// A change or a deletion did not say which version it is of (`If-Match`).
    #[error(
        "say which version of it you have seen: If-Match: \"VERSION\", as its ETag says, or If-Match: * for whichever it is"
    )]
    VersionRequired,
    /// It is no longer as the one who asks has seen it (`If-Match`).
    #[error(
        "somebody changed the {what} since you looked at it (you saw version {seen}, it is at {current} now); look again, then decide"
    )]
    VersionChanged { what: &'static str, seen: i64, current: i64 },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A rule that says no, with everything needed to do something about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Stable; scripts may rely on it.
    pub code: &'static str,
    pub title: &'static str,
    pub detail: String,
    pub reasons: Vec<RefusalReason>,
    /// What changed since the plan, when that is why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
    /// The one who asks lacks a role or a scope (HTTP 403); otherwise the state of things says no (409).
    #[serde(skip)]
    pub is_about_permission: bool,
}

/// One reason of a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusalReason {
    pub code: &'static str,
    pub detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<&'static str>,
}

/// One thing that is wrong with what was sent, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputError {
    /// The file, or the field of a request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<i64>,
    /// In bytes, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<i64>,
    /// The field of a request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
    pub detail: String,
}

fn bad_input_text(errors: &[InputError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl std::fmt::Display for InputError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}:")?;
        }
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        if let Some(column) = self.column {
            write!(f, "{column}:")?;
        }
        if let Some(field) = self.field {
            write!(f, "{field}:")?;
        }
        if self.file.is_some() || self.line.is_some() || self.field.is_some() {
            f.write_str(" ")?;
        }
        f.write_str(&self.detail)
    }
}

impl Error {
    /// It does not exist as far as the one who asks may know.
    #[must_use]
    pub fn not_found(what: &'static str, reference: &str) -> Self {
        Self::NotFound { what, reference: reference.chars().take(100).collect() }
    }

    /// Something inside does not work; told to nobody, logged.
    #[must_use]
    pub fn broken(what: &str) -> Self {
        Self::Store(std::io::Error::other(what.to_owned()).into())
    }

    /// A field of a request is wrong.
    #[must_use]
    pub fn field(field: &'static str, detail: impl Into<String>) -> Self {
        let field = Some(field);
        Self::BadInput(vec![InputError { file: None, line: None, column: None, field, detail: detail.into() }])
    }

    /// There is no room left to write; reading goes on.
    #[must_use]
    pub const fn is_about_room(&self) -> bool {
        matches!(self, Self::Store(StoreError::Full(_)))
    }

    /// The database takes no changes; reading goes on.
    #[must_use]
    pub const fn is_about_read_only(&self) -> bool {
        matches!(self, Self::Store(StoreError::ReadOnly(_)))
    }

    /// The state of things says no.
    #[must_use]
    pub fn refused(code: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self::Refused(Box::new(Refusal {
            code,
            title,
            detail: detail.into(),
            reasons: Vec::new(),
            differences: Vec::new(),
            is_about_permission: false,
        }))
    }

    /// The one who asks lacks something.
    #[must_use]
    pub fn forbidden(code: &'static str, title: &'static str, needed: &[String]) -> Self {
        let reasons = needed
            .iter()
            .map(|detail| RefusalReason { code, detail: detail.clone(), remedy: None, who: None })
            .collect();
        Self::Refused(Box::new(Refusal {
            code,
            title,
            detail: needed.join(" Or: "),
            reasons,
            differences: Vec::new(),
            is_about_permission: true,
        }))
    }
}

impl RefusalReason {
    /// A reason of eligibility.
    #[must_use]
    pub fn from_reason(reason: &Reason) -> Self {
        Self {
            code: reason.code.as_str(),
            detail: reason.detail.to_owned(),
            remedy: Some(reason.remedy),
            who: Some(reason.who),
        }
    }
}

impl IsRetryable for Error {
    fn is_retryable(&self) -> bool {
        matches!(self, Self::Store(e) if e.is_retryable())
    }
}
