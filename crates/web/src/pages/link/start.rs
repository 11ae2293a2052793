//! Which organization? One is taken, several are offered, none can be made in place.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use orglink_app::organization;
use orglink_domain::access_request::{AccessRequest, AskedKind};
use orglink_domain::organization::Organization;
use orglink_http::{AppState, Failure, QueryString, Visitor};

use super::{Chosen, Missing};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "link_start.html")]
struct StartPage {
    shell: Shell,
    organizations: Vec<Organization>,
    query: String,
    workspace: String,
    missing: Missing,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(chosen): QueryString<Chosen>,
) -> Result<Response, Failure> {
    let organizations = organization::list_administered_organizations(&app, visitor.principal()).await?;
    let query = chosen.query();
    if let [only] = organizations.as_slice() {
        return Ok(Redirect::to(&format!("/organizations/{}/link{query}", only.slug)).into_response());
    }
    let shell = Shell::new(&app, &visitor, "Choose an organization").await?.here("Link a workspace");
    let (kind, here) = (AskedKind::Organization, format!("/link{query}"));
    let missing = Missing::find(&app, &visitor, kind, "", here, chosen.workspace.as_deref()).await?;
    let workspace = chosen.workspace.unwrap_or_default();
    Ok(render(&StartPage { shell, organizations, query, workspace, missing })?.into_response())
}
