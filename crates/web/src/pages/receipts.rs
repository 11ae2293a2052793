//! Receipts: downloaded from where a link is shown, and checked by anybody, signed in or not.

use askama::Template;
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName};
use axum::response::{Html, IntoResponse, Response};
use orglink_app::Error;
use orglink_app::receipt::{self, Exported, verify_receipt};
use orglink_domain::ledger::VerifierKey;
use orglink_domain::receipt::{Act, Fact, LIMITS, Wrong};
use orglink_domain::text::UnknownWord;
use orglink_http::{AppState, Failure, QueryString, Visitor};
use serde::Deserialize;

use crate::assets::{SCRIPT_PATH, STYLE_PATH};
use crate::shell::render;

#[derive(Template)]
#[template(path = "receipts.html")]
struct ReceiptsPage {
    style: &'static str,
    script: &'static str,
    /// What was found, once something was sent.
    found: Option<Result<Sheet, Wrong>>,
    limits: &'static str,
    /// The key that it was checked with.
    key: String,
    /// That key is the one of this installation.
    is_own_key: bool,
}

/// What a receipt that holds shows.
struct Sheet {
    headline: String,
    facts: Vec<Fact>,
    checked_at: String,
}

#[derive(Deserialize)]
pub struct Query {
    act: Option<String>,
}

impl Query {
    fn act(&self) -> Result<Option<Act>, Error> {
        let act = self.act.as_deref().map(str::parse).transpose();
        act.map_err(|e: UnknownWord| Error::field("act", e.to_string()))
    }
}

/// The receipt of the link that a workspace has, or of what ended its last one.
pub async fn download_of_workspace(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(workspace): Path<String>,
    QueryString(query): QueryString<Query>,
) -> Result<Response, Failure> {
    let act = query.act()?;
    Ok(file(receipt::export_workspace_receipt(&app, visitor.principal(), &workspace, None, act).await?))
}

/// The receipt of a link, for either side.
pub async fn download_of_link(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(link): Path<String>,
    QueryString(query): QueryString<Query>,
) -> Result<Response, Failure> {
    let act = query.act()?;
    Ok(file(receipt::export_link_receipt(&app, visitor.principal(), &link, act).await?))
}

fn file(exported: Exported) -> Response {
    let headers: [(HeaderName, String); 2] = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", exported.file_name)),
    ];
    (headers, exported.bytes).into_response()
}

pub async fn show() -> Result<Html<String>, Failure> {
    render(&page(None, String::new(), true))
}

fn page(found: Option<Result<Sheet, Wrong>>, key: String, is_own_key: bool) -> ReceiptsPage {
    ReceiptsPage { style: &STYLE_PATH, script: &SCRIPT_PATH, found, limits: LIMITS, key, is_own_key }
}

/// What somebody wants checked: a file or a text, and a key when it is not this installation's.
#[derive(Default)]
struct Sent {
    receipt: Vec<u8>,
    key: String,
}

impl Sent {
    async fn read(app: &AppState, request: Request) -> Result<Self, Failure> {
        let bad = |detail: String| Failure(Error::field("form", detail));
        let form = Multipart::from_request(request, app).await;
        let mut form = form.map_err(|_| bad("choose the file of a receipt, or paste it".to_owned()))?;
        let mut sent = Self::default();
        while let Some(field) = form.next_field().await.map_err(|e| bad(e.body_text()))? {
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|e| bad(e.body_text()))?;
            match name.as_str() {
                // Whichever of the two was used.
                "file" | "receipt" if sent.receipt.is_empty() => sent.receipt = bytes.to_vec(),
                "key" => String::from_utf8_lossy(&bytes).trim().clone_into(&mut sent.key),
                _ => {}
            }
        }
        if sent.receipt.is_empty() {
            Err(bad("choose the file of a receipt, or paste it".to_owned()))
        } else {
            Ok(sent)
        }
    }

    /// The key to check with, and whether it is ours.
    async fn key(&self, app: &AppState) -> Result<(VerifierKey, bool), Failure> {
        if self.key.is_empty() {
            let ours = receipt::find_key(app, &self.receipt).await?;
            let none = || {
                Error::field(
                    "key",
                    "this installation has no ledger yet: paste the public key of the one that made the receipt",
                )
            };
            return Ok((ours.ok_or_else(none)?, true));
        }
        let parsed = self.key.parse();
        let detail = "this is no public key of a ledger, as orglink ledger public-key prints it";
        Ok((parsed.map_err(|_| Error::field("key", detail))?, false))
    }
}

/// Checks what was sent. It changes nothing and tells nothing that was not sent, so that anybody may.
pub async fn check(State(app): State<AppState>, request: Request) -> Result<Html<String>, Failure> {
    let sent = Sent::read(&app, request).await?;
    let (key, is_own_key) = sent.key(&app).await?;
    let found = verify_receipt(&sent.receipt, &key).map(|verified| Sheet {
        headline: verified.headline(),
        facts: verified.facts(),
        checked_at: app.now().to_minute(),
    });
    render(&page(Some(found), key.to_string(), is_own_key))
}
