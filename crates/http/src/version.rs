//! Versions on the wire: `ETag` out, `If-Match` in (RFC 9110). Everything inside a workspace or an organization carries
//! the version of that workspace or organization: its guard row is what orders all changes to it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, header};
use orglink_app::{Error, Expected};

use crate::{AppState, Failure};

/// Which version a change or a deletion is of; a request without `If-Match` is refused (428).
pub struct IfMatch(pub Expected);

impl FromRequestParts<AppState> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Failure> {
        let mut values = parts.headers.get_all(header::IF_MATCH).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return Err(Failure(Error::VersionRequired)) };
        let value = value.to_str().unwrap_or_default().trim();
        if value == "*" {
            return Ok(Self(Expected::Any));
        }
        let version = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).and_then(|v| v.parse().ok());
        match version {
            Some(version) => Ok(Self(Expected::Version(version))),
            None => {
                Err(Failure(Error::field("If-Match", "send the ETag as it came, one version in double quotes, or *")))
            }
        }
    }
}

/// The header that names a version.
#[must_use]
pub fn etag(version: i64) -> [(HeaderName, String); 1] {
    [(header::ETAG, format!("\"{version}\""))]
}
