//! Leaving.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use orglink_app::account::{self, Leaving, Pending};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem, ProblemReason};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something that you leave.
#[derive(Serialize, ToSchema)]
pub struct LeavingJson {
    slug: String,
    name: String,
    is_admin: bool,
    /// Nobody else administers it.
    is_last_admin: bool,
}

impl LeavingJson {
    fn of(l: Leaving) -> Self {
        Self { slug: l.slug, name: l.name, is_admin: l.is_admin, is_last_admin: l.is_last_admin }
    }
}

/// What is pending of you, each in words.
#[derive(Serialize, ToSchema)]
pub struct PendingJson {
    /// Invitations to you: they end.
    invitations: Vec<String>,
    /// Your requests for roles: they end.
    requests: Vec<String>,
    /// Recoveries that were to make you an admin: they end.
    recoveries: Vec<String>,
    /// Invitations that you have sent: another admin must send them again before they can be accepted.
    sent_invitations: Vec<String>,
}

impl PendingJson {
    fn of(p: Pending) -> Self {
        let Pending { invitations, requests, recoveries, sent_invitations } = p;
        Self { invitations, requests, recoveries, sent_invitations }
    }
}

/// What erasing your account would do.
#[derive(Serialize, ToSchema)]
pub struct ErasurePreview {
    email: String,
    workspaces: Vec<LeavingJson>,
    organizations: Vec<LeavingJson>,
    tokens: i64,
    sessions: i64,
    passkeys: usize,
    watched_workspaces: usize,
    pending: PendingJson,
    /// What stands in its way, each with what to do; empty when nothing does.
    reasons: Vec<ProblemReason>,
}

/// What erasing your account would do, and what stands in its way. Scope: `read`.
#[utoipa::path(get, path = "/me/erasure", tag = "account",
    responses((status = 200, body = ErasurePreview), (status = 403, body = Problem)))]
pub async fn preview_erasure(State(app): State<AppState>, caller: Caller) -> Result<Json<ErasurePreview>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let e = account::preview_erasure(&app, &principal).await?;
    Ok(Json(ErasurePreview {
        reasons: e.reasons().iter().map(ProblemReason::of).collect(),
        email: e.email,
        workspaces: e.workspaces.into_iter().map(LeavingJson::of).collect(),
        organizations: e.organizations.into_iter().map(LeavingJson::of).collect(),
        tokens: e.tokens,
        sessions: e.sessions,
        passkeys: e.passkeys,
        watched_workspaces: e.watched_workspaces,
        pending: PendingJson::of(e.pending),
    }))
}

/// That you mean it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ErasureRequest {
    /// The e-mail address of your account.
    confirm: String,
}

/// Close your account and erase what is personal of it, once and for all. Scope: `admin`.
#[utoipa::path(post, path = "/me/erasure", tag = "account", request_body = ErasureRequest,
    responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn erase_account(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(wanted): JsonBody<ErasureRequest>,
) -> Result<StatusCode, Failure> {
    let principal = caller.with_scope(Scope::Admin)?;
    account::erase_account(&app, &principal, &wanted.confirm).await?;
    Ok(StatusCode::NO_CONTENT)
}
