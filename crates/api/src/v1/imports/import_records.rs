//! Imports records that are sent.

use std::collections::BTreeMap;
use std::io::{Seek as _, Write as _};
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use futures_util::StreamExt as _;
use orglink_app::Error;
use orglink_app::import::{self, ImportOptions, ImportProgress, ImportReport, Source};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How to import.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// Say what would change; change nothing.
    #[serde(default)]
    dry_run: bool,
    /// How errors name the file.
    name: Option<String>,
}

/// What an import did, by type of record.
#[derive(Serialize, ToSchema)]
pub struct ImportJson {
    created: BTreeMap<String, u64>,
    changed: BTreeMap<String, u64>,
    unchanged: BTreeMap<String, u64>,
}

impl ImportJson {
    fn of(report: ImportReport) -> Self {
        let words = |counts: BTreeMap<orglink_app::record::RecordType, u64>| {
            counts.into_iter().map(|(t, n)| (t.to_string(), n)).collect()
        };
        Self { created: words(report.created), changed: words(report.changed), unchanged: words(report.unchanged) }
    }
}

/// Import records (NDJSON, plain, gzip or Zstandard). All of it is kept, or nothing; refused while imports are
/// stopped (409 `imports_frozen`). Scope: `operator`.
#[utoipa::path(post, path = "/imports", tag = "operator", params(ImportQuery),
    request_body(content = String, content_type = "application/x-ndjson"),
    responses((status = 200, body = ImportJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub async fn import_records(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(query): QueryString<ImportQuery>,
    body: Body,
) -> Result<Json<ImportJson>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    import::require_import(&app, &principal, query.dry_run).await?;
    let file = spool(body, app.settings.import.max_bytes).await?;
    let source = Source { name: query.name.unwrap_or_else(|| "-".to_owned()), reader: Box::new(file) };
    let options = ImportOptions { is_dry_run: query.dry_run, rejects: None };
    let report =
        import::import_records(&app, &principal, vec![source], options, &Arc::new(ImportProgress::default())).await?;
    Ok(Json(ImportJson::of(report)))
}

/// What is sent, in a temporary file: a slow sender holds no lock and no memory.
async fn spool(body: Body, max: u64) -> Result<std::fs::File, Error> {
    let broken = |e: std::io::Error| Error::broken(&e.to_string());
    let mut file = tempfile::tempfile().map_err(broken)?;
    let mut stream = body.into_data_stream();
    let mut total = 0_u64;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|e| Error::field("body", e.to_string()))?;
        total += chunk.len() as u64;
        if total > max {
            return Err(Error::field("body", format!("more than {max} bytes (import.max_bytes)")));
        }
        file.write_all(&chunk).map_err(broken)?;
    }
    file.rewind().map_err(broken)?;
    Ok(file)
}
