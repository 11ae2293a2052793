//! Lists imports: those of this process with their progress, and those that were kept.

use axum::Json;
use axum::extract::State;
use orglink_app::import::ImportRun;
use orglink_app::operator::{self, PastImport};
use orglink_domain::clock::Timestamp;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::Serialize;
use utoipa::ToSchema;

use crate::v1::PageQuery;

/// Imports.
#[derive(Serialize, ToSchema)]
pub struct ImportsJson {
    /// Of the process that answers: those that run, and the last that ended.
    here: Vec<ImportRunJson>,
    /// Kept ones of every process, newest first.
    items: Vec<PastImportJson>,
    next: Option<String>,
}

/// An import of this process.
#[derive(Serialize, ToSchema)]
pub struct ImportRunJson {
    name: String,
    by: String,
    is_dry_run: bool,
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    lines_read: u64,
    records_applied: u64,
    /// `running`, `done` or `refused`.
    state: &'static str,
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// Why it was refused, with file and line (the first 200).
    errors: Vec<String>,
}

impl ImportRunJson {
    fn of(run: ImportRun) -> Self {
        let (lines_read, records_applied) = run.progress.so_far();
        let (state, errors) = match run.ended.as_ref().map(|e| &e.outcome) {
            None => ("running", Vec::new()),
            Some(Ok(_)) => ("done", Vec::new()),
            Some(Err(errors)) => ("refused", errors.iter().map(ToString::to_string).collect()),
        };
        let ended_at = run.ended.map(|e| e.at);
        let (name, by, is_dry_run, started_at) = (run.name, run.by, run.is_dry_run, run.started_at);
        Self { name, by, is_dry_run, started_at, lines_read, records_applied, state, ended_at, errors }
    }
}

/// An import that was kept.
#[derive(Serialize, ToSchema)]
pub struct PastImportJson {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    by: String,
    created: u64,
    changed: u64,
    unchanged: u64,
}

impl PastImportJson {
    fn of(p: PastImport) -> Self {
        Self { at: p.at, by: p.by, created: p.created, changed: p.changed, unchanged: p.unchanged }
    }
}

/// Imports: those of this process with their progress, and those that were kept. Scope: `operator`.
#[utoipa::path(get, path = "/imports", tag = "operator", params(PageQuery),
    responses((status = 200, body = ImportsJson), (status = 403, body = Problem)))]
pub async fn list_imports(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(page): QueryString<PageQuery>,
) -> Result<Json<ImportsJson>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let past = operator::list_imports(&app, &principal, &page.request()?).await?.map(PastImportJson::of);
    let here = app.imports.list().into_iter().map(ImportRunJson::of).collect();
    Ok(Json(ImportsJson { here, items: past.items, next: past.next }))
}
