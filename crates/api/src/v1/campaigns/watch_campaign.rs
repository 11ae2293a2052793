//! How far a run is, as a stream.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::stream::{self, Stream};
use orglink_app::campaign::{self, Reached};
use orglink_domain::campaign::CampaignState;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// How often it is looked whether something has changed.
const LOOK: Duration = Duration::from_millis(500);
/// Then the stream ends; whoever still watches asks again, with the rights they have by then.
const LOOKS: u32 = 1800;

/// How far a campaign's run is.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReachedJson {
    #[schema(value_type = String)]
    state: CampaignState,
    to_link: i64,
    /// Of them, linked or settled otherwise.
    settled: i64,
    failed: i64,
}

impl ReachedJson {
    fn of(reached: Reached) -> Self {
        let Reached { state, to_link, settled, failed } = reached;
        Self { state, to_link, settled, failed }
    }
}

/// How far the run of a campaign is: server-sent events called `progress`, one at once and one whenever it has changed, each with
/// the whole of it as JSON. The stream ends when the campaign is over, and after 15 minutes. Scope: `operator`.
#[utoipa::path(get, path = "/campaigns/{campaign}/progress", tag = "campaigns",
    params(("campaign" = String, Path, description = "Name or id")),
    responses((status = 200, body = ReachedJson, content_type = "text/event-stream"), (status = 403, body = Problem),
        (status = 404, body = Problem)))]
pub async fn watch_campaign(
    State(app): State<AppState>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let first = campaign::view_progress(&app, &principal, &name).await?;
    let watched = stream::unfold((None, Some(first), 0), move |(before, first, looks)| {
        let (app, principal, name) = (app.clone(), principal.clone(), name.clone());
        async move {
            let mut next = first;
            for look in looks..LOOKS {
                let now = match next.take() {
                    Some(now) => now,
                    None => {
                        let is_over = before.is_some_and(|reached: Reached| reached.state.is_over());
                        if is_over {
                            return None;
                        }
                        tokio::time::sleep(LOOK).await;
                        // Away for a moment: the next look says it.
                        let Ok(now) = campaign::view_progress(&app, &principal, &name).await else { continue };
                        now
                    }
                };
                if before != Some(now) {
                    let event = Event::default().event("progress").json_data(ReachedJson::of(now));
                    return Some((Ok(event.unwrap_or_default()), (Some(now), None, look + 1)));
                }
            }
            None
        }
    });
    Ok(Sse::new(watched).keep_alive(KeepAlive::default()))
}
