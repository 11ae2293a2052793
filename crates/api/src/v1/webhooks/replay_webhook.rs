//! Tells a webhook again of what happened.

use super::allowed;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use orglink_app::Error;
use orglink_app::webhook::{self, ReplayFrom, WebhooksOf};
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// From where on: one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// A position; events after it are told. 0 for everything.
    after: Option<i64>,
    /// A time; what happened then or later is told.
    from: Option<String>,
}

/// From where on it is.
#[derive(Serialize, ToSchema)]
pub struct Replayed {
    after: i64,
}

async fn replay(
    app: AppState,
    caller: Caller,
    (of, id): (WebhooksOf<'_>, &str),
    wanted: Replay,
) -> Result<(StatusCode, Json<Replayed>), Failure> {
    let principal = allowed(caller, of, Scope::Write)?;
    let from = match (wanted.after, wanted.from) {
        (Some(position), None) => ReplayFrom::After(position),
        (None, Some(time)) => ReplayFrom::Time(
            time.parse::<Timestamp>()
                .map_err(|_| Error::field("from", "this is not a time such as 2026-11-27T00:00:00Z"))?,
        ),
        _ => return Err(Failure(Error::field("after", "say from where on: `after` a position, or `from` a time"))),
    };
    let after = webhook::replay_webhook(&app, &principal, of, id, from).await?;
    Ok((StatusCode::ACCEPTED, Json(Replayed { after })))
}

/// Tell a webhook of a workspace you administer again of everything after a position, or from a time on, in order, with the ids that it had; also of what happened
/// before it was made. Scope: `write`; an extension, of its own: `events:read`.
#[utoipa::path(post, path = "/workspaces/{workspace}/webhooks/{webhook}/replay", tag = "webhooks", request_body = Replay,
    params(("workspace" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id")),
    responses((status = 202, body = Replayed), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "nothing_to_replay")))]
pub async fn replay_workspace_webhook(
    State(app): State<AppState>,
    caller: Caller,
    Path((workspace, id)): Path<(String, String)>,
    JsonBody(wanted): JsonBody<Replay>,
) -> Result<(StatusCode, Json<Replayed>), Failure> {
    replay(app, caller, (WebhooksOf::Workspace(&workspace), &id), wanted).await
}

/// Tell a webhook of an organization you administer again of everything after a position, or from a time on, in order, with the ids that it had; also of what happened
/// before it was made. Scope: `write`.
#[utoipa::path(post, path = "/organizations/{organization}/webhooks/{webhook}/replay", tag = "webhooks", request_body = Replay,
    params(("organization" = String, Path, description = "Slug or id"), ("webhook" = String, Path, description = "Id")),
    responses((status = 202, body = Replayed), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem, description = "nothing_to_replay")))]
pub async fn replay_organization_webhook(
    State(app): State<AppState>,
    caller: Caller,
    Path((organization, id)): Path<(String, String)>,
    JsonBody(wanted): JsonBody<Replay>,
) -> Result<(StatusCode, Json<Replayed>), Failure> {
    replay(app, caller, (WebhooksOf::Organization(&organization), &id), wanted).await
}
