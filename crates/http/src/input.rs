//! Bodies and query strings, with errors that say what and where.

use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use orglink_app::Error;
use serde::de::DeserializeOwned;

use crate::{AppState, Failure};

/// A JSON body.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Failure> {
        let bytes =
            axum::body::Bytes::from_request(request, app).await.map_err(|e| Error::field("body", not_read(&e)))?;
        parse(&bytes).map(Self)
    }
}

/// A JSON body that may be left out: then what it says is the default.
pub struct JsonOrNothing<T>(pub T);

impl<T: DeserializeOwned + Default> FromRequest<AppState> for JsonOrNothing<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Failure> {
        let bytes =
            axum::body::Bytes::from_request(request, app).await.map_err(|e| Error::field("body", not_read(&e)))?;
        if bytes.is_empty() { Ok(Self(T::default())) } else { parse(&bytes).map(Self) }
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|e| {
        let input = orglink_app::InputError {
            file: None,
            line: i64::try_from(e.line()).ok(),
            column: i64::try_from(e.column()).ok(),
            field: Some("body"),
            detail: e.to_string(),
        };
        Failure(Error::BadInput(vec![input]))
    })
}

/// Why a body was not read to its end.
fn not_read(why: &axum::extract::rejection::BytesRejection) -> String {
    if why.status() == StatusCode::PAYLOAD_TOO_LARGE { "longer than 2 MiB".to_owned() } else { why.body_text() }
}

/// A query string.
pub struct QueryString<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for QueryString<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Failure> {
        Query::<T>::try_from_uri(&parts.uri)
            .map(|Query(value)| Self(value))
            .map_err(|e| Failure(Error::field("query", e.body_text())))
    }
}
