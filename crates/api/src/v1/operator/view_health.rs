//! Looks at the health of the installation.

use axum::Json;
use axum::extract::State;
use orglink_app::operator::{self, Lag, LoopHealth};
use orglink_domain::clock::Timestamp;
use orglink_domain::notice::MailState;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// How the installation is, as the process that answers sees it.
#[derive(Serialize, ToSchema)]
pub struct HealthJson {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `sqlite` or `postgres`.
    database: &'static str,
    schema: i64,
    version: &'static str,
    /// The loops of this process; every replica has its own.
    loops: Vec<LoopJson>,
    /// Events that wait for their position, of all processes.
    events_waiting: LagJson,
    /// Links whose access was not compared yet.
    links_unchecked: LagJson,
    mails: MailsJson,
}

/// What is in the outbox.
#[derive(Serialize, ToSchema)]
pub struct MailsJson {
    /// This process sends mails.
    is_sending: bool,
    waiting: i64,
    /// Tried again by themselves.
    failed: i64,
    /// Not taken for good: somebody must decide.
    refused: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    oldest: Option<Timestamp>,
}

/// How one loop is.
#[derive(Serialize, ToSchema)]
pub struct LoopJson {
    name: &'static str,
    is_healthy: bool,
    runs: u64,
    failures: u64,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_success: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_failure: Option<Timestamp>,
    last_error: Option<String>,
    /// How long the last run took, in microseconds.
    last_micros: u64,
}

/// What waits, and since when.
#[derive(Serialize, ToSchema)]
pub struct LagJson {
    count: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    oldest: Option<Timestamp>,
}

impl LoopJson {
    fn of(name: &'static str, l: LoopHealth) -> Self {
        Self {
            name,
            is_healthy: l.is_healthy(),
            runs: l.runs,
            failures: l.failures,
            last_success: l.last_success,
            last_failure: l.last_failure,
            last_error: l.last_error,
            last_micros: l.last_micros,
        }
    }
}

/// How the program's loops are in this process, and what waits in the database. Scope: `operator`.
#[utoipa::path(get, path = "/operator/health", tag = "operator",
    responses((status = 200, body = HealthJson), (status = 403, body = Problem)))]
pub async fn view_health(State(app): State<AppState>, caller: Caller) -> Result<Json<HealthJson>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let found = operator::view_health(&app, &principal).await?;
    let lag = |l: Lag| LagJson { count: l.count, oldest: l.oldest };
    Ok(Json(HealthJson {
        at: found.at,
        database: found.database,
        schema: found.schema,
        version: env!("CARGO_PKG_VERSION"),
        loops: found.loops.into_iter().map(|(name, l)| LoopJson::of(name, l)).collect(),
        events_waiting: lag(found.events),
        links_unchecked: lag(found.links),
        mails: MailsJson {
            is_sending: found.mails.is_sending,
            waiting: found.mails.count(MailState::Waiting),
            failed: found.mails.count(MailState::Failed),
            refused: found.mails.count(MailState::Refused),
            oldest: found.mails.oldest_waiting(),
        },
    }))
}
