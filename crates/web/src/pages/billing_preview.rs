//! What workspaces pay today, after their link, and after their billing has migrated.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse as _, Response};
use orglink_app::billing::{self, PreviewRequest, PreviewView};
use orglink_app::{Error, organization, workspace};
use orglink_domain::billing::NoPrice;
use orglink_domain::billing::preview::{PayerPreview, WorkspacePreview};
use orglink_domain::day::InvalidDay;
use orglink_domain::money::Amount;
use orglink_http::{AppState, Failure, QueryString, Visitor};
use serde::Deserialize;

use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "billing_preview.html")]
struct PreviewPage {
    shell: Shell,
    view: PreviewView,
    /// The path of this page.
    here: String,
    /// What it is about, in words.
    of: String,
    /// As it was asked for.
    on: String,
}

impl PreviewPage {
    fn money(&self, w: &WorkspacePreview, price: &Result<Amount, NoPrice>) -> String {
        match price {
            Ok(amount) => format!("{amount} {}", w.currency),
            Err(e) => e.to_string(),
        }
    }

    fn who(&self, payer: &PayerPreview) -> String {
        let contacts = self.view.contacts(&payer.payer.contacts);
        match &payer.payer.reseller {
            Some(id) => format!("{} (reseller)", self.view.email(id)),
            None if contacts.is_empty() => "nobody yet: there is no billing contact".to_owned(),
            None => contacts.join(", "),
        }
    }
}

#[derive(Default, Deserialize)]
pub struct On {
    #[serde(default)]
    on: String,
}

impl On {
    fn request(&self) -> Result<PreviewRequest, Error> {
        let given = Some(self.on.trim()).filter(|on| !on.is_empty()).map(str::parse).transpose();
        let on = given.map_err(|e: InvalidDay| Error::field("on", e.to_string()))?;
        Ok(PreviewRequest { on, ..PreviewRequest::default() })
    }
}

pub async fn of_workspace(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<On>,
) -> Result<Html<String>, Failure> {
    let request = PreviewRequest { workspaces: vec![slug.clone()], ..query.request()? };
    let view = billing::preview_billing(&app, visitor.principal(), &request).await?;
    let found = workspace::view_workspace(&app, visitor.principal(), &slug).await?.workspace;
    let shell = Shell::new(&app, &visitor, format!("Cost · {}", found.name)).await?;
    let shell = shell.in_workspace(&found.slug, &found.name, "Plan");
    let here = format!("/workspaces/{}/plan/preview", found.slug);
    let on = view.preview.on.to_string();
    render(&PreviewPage { shell, view, here, of: found.name, on })
}

pub async fn of_organization(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<On>,
) -> Result<Html<String>, Failure> {
    let request = PreviewRequest { organization: Some(slug.clone()), ..query.request()? };
    let view = billing::preview_billing(&app, visitor.principal(), &request).await?;
    let found = organization::view_organization(&app, visitor.principal(), &slug).await?.organization;
    let shell = Shell::new(&app, &visitor, format!("Billing · {}", found.name)).await?;
    let shell = shell.in_organization(&found.slug, &found.name, "Billing");
    let here = format!("/organizations/{}/billing", found.slug);
    let on = view.preview.on.to_string();
    render(&PreviewPage { shell, view, here, of: found.name, on })
}

/// The same for a spreadsheet.
pub async fn csv(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<On>,
) -> Result<Response, Failure> {
    let request = PreviewRequest { organization: Some(slug), ..query.request()? };
    let view = billing::preview_billing(&app, visitor.principal(), &request).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"billing-preview.csv\""),
    ];
    Ok((headers, billing::preview_csv(&view)).into_response())
}
