//! The file that proves a link, or its undoing.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName};
use axum::response::IntoResponse;
use orglink_app::Error;
use orglink_app::receipt::{self, Exported};
use orglink_domain::receipt::Act;
use orglink_domain::text::UnknownWord;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which receipt of a workspace.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceReceiptQuery {
    /// Of this link of the workspace, by id; otherwise of the one that it has, or had last.
    link: Option<String>,
    /// `link`, `undo` for the receipt of taking it back, or `migrate_users` for that of its users' migration.
    act: Option<String>,
}

/// Which receipt of a link.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LinkReceiptQuery {
    /// `link`, as when absent, `undo` for the receipt of taking it back, or `migrate_users` for that of its users' migration.
    act: Option<String>,
}

fn act_of(given: Option<&str>) -> Result<Option<Act>, Error> {
    given.map(|text| text.parse().map_err(|e: UnknownWord| Error::field("act", e.to_string()))).transpose()
}

/// The exact bytes, to be kept as a file.
fn file(exported: Exported) -> impl IntoResponse {
    let headers: [(HeaderName, String); 2] = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", exported.file_name)),
    ];
    (headers, exported.bytes)
}

/// The receipt of a workspace's link, for an admin of either side or an auditor of the organization: one file that proves by
/// itself what was decided, by whom, and that the ledger holds it. Scope: `read`.
///
/// Keep the bytes as they are: they are the receipt (docs/receipts.md). `orglink receipt verify` checks them with nothing but the
/// public key.
#[utoipa::path(get, path = "/workspaces/{workspace}/receipt", tag = "links",
    params(("workspace" = String, Path, description = "Slug or id"), WorkspaceReceiptQuery),
    responses((status = 200, content_type = "application/json", body = Object), (status = 400, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem,
            description = "receipt_not_ready (try again in some seconds), not_linked, not_undone, receipt_erased, receipt_not_possible")))]
pub async fn export_workspace_receipt(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
    QueryString(query): QueryString<WorkspaceReceiptQuery>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let act = act_of(query.act.as_deref())?;
    let link = query.link.as_deref();
    Ok(file(receipt::export_workspace_receipt(&app, &principal, &workspace, link, act).await?))
}

/// The receipt of a link by its id, from either side, also when it has ended. Scope: `read`.
#[utoipa::path(get, path = "/links/{link}/receipt", tag = "links",
    params(("link" = String, Path, description = "Id"), LinkReceiptQuery),
    responses((status = 200, content_type = "application/json", body = Object), (status = 400, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem,
            description = "receipt_not_ready (try again in some seconds), not_undone, receipt_erased, receipt_not_possible")))]
pub async fn export_link_receipt(
    State(app): State<AppState>,
    caller: Caller,
    Path(link): Path<String>,
    QueryString(query): QueryString<LinkReceiptQuery>,
) -> Result<impl IntoResponse, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let act = act_of(query.act.as_deref())?;
    Ok(file(receipt::export_link_receipt(&app, &principal, &link, act).await?))
}
