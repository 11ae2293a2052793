//! The stages of a workspace on one line.

use axum::Json;
use axum::extract::{Path, State};
use orglink_app::workspace::{self, TimelineEntry};
use orglink_domain::clock::Timestamp;
use orglink_domain::timeline::Step;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// The stages of a workspace, the oldest first.
#[derive(Serialize, ToSchema)]
pub struct TimelineJson {
    workspace: String,
    entries: Vec<TimelineEntryJson>,
}

/// Something that happened, or is to come.
#[derive(Serialize, ToSchema)]
pub struct TimelineEntryJson {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `workspace`, `linking`, `billing` or `users`: which of the things that are confused easily it is about.
    #[schema(value_type = String)]
    step: Step,
    what: String,
    /// Who decided it; none of what is to come.
    by: Option<String>,
    changes: &'static str,
    /// What it does not change.
    leaves: &'static str,
    is_to_come: bool,
    /// Id of its event; none of what is to come.
    event: Option<String>,
}

impl TimelineEntryJson {
    fn of(entry: TimelineEntry) -> Self {
        Self {
            at: entry.at,
            step: entry.effect.step,
            what: entry.what,
            by: entry.by,
            changes: entry.effect.changes,
            leaves: entry.effect.leaves,
            is_to_come: entry.event.is_none(),
            event: entry.event.map(|id| id.to_string()),
        }
    }
}

/// The stages of a workspace you are a member of: what happened, who decided, what each changed and did not, and the dates to come. Scope: `read`.
#[utoipa::path(get, path = "/workspaces/{workspace}/timeline", tag = "events",
    params(("workspace" = String, Path, description = "Slug or id")),
    responses((status = 200, body = TimelineJson), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn view_timeline(
    State(app): State<AppState>,
    caller: Caller,
    Path(workspace): Path<String>,
) -> Result<Json<TimelineJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let found = workspace::view_timeline(&app, &principal, &workspace).await?;
    let entries = found.entries.into_iter().map(TimelineEntryJson::of).collect();
    Ok(Json(TimelineJson { workspace: found.workspace.slug, entries }))
}
