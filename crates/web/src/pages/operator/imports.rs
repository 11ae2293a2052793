//! Imports: sent, watched, looked back at.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::response::{Html, Redirect};
use orglink_app::import::{ImportOptions, ImportProgress, ImportRun, Source, import_records, require_import};
use orglink_app::operator::{self, PastImport};
use orglink_app::{Page, export};
use orglink_http::{AppState, CheckedUpload, Failure, QueryString, Visitor};

use crate::pages::ListQuery;
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "operator_imports.html")]
struct ImportsPage {
    shell: Shell,
    here: Vec<ImportRun>,
    past: Page<PastImport>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let past = operator::list_imports(&app, visitor.principal(), &query.request()?).await?;
    let here = app.imports.list();
    let shell = Shell::new(&app, &visitor, "Imports").await?.here("Imports");
    render(&ImportsPage { shell, here, past })
}

/// Begins an import and goes back to the page that shows how far it is.
pub async fn begin(State(app): State<AppState>, visitor: Visitor, request: Request) -> Result<Redirect, Failure> {
    let principal = visitor.principal().clone();
    export::require_export(&app, &principal)?;
    let upload = CheckedUpload::read(&app, &visitor, request).await?;
    let options = ImportOptions { is_dry_run: upload.fields.contains_key("dry_run"), rejects: None };
    require_import(&app, &principal, options.is_dry_run).await?;
    let source = Source { name: upload.name.chars().take(200).collect(), reader: Box::new(upload.file) };
    tokio::spawn(async move {
        let progress = Arc::new(ImportProgress::default());
        // How it ended is kept with the run, and shown.
        let _ = import_records(&app, &principal, vec![source], options, &progress).await;
    });
    Ok(Redirect::to("/operator/imports"))
}
