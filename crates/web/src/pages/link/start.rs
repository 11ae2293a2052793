//! Which organization? One is taken, several are offered, none can be made in place.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use orglink_app::Error;
use orglink_app::organization::{self, Candidate};
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
    /// What speaks for each, when it is known for which workspace; best first.
    candidates: Vec<Candidate>,
    recommended: String,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(chosen): QueryString<Chosen>,
) -> Result<Response, Failure> {
    let mut organizations = organization::list_administered_organizations(&app, visitor.principal()).await?;
    let query = chosen.query();
    if let [only] = organizations.as_slice() {
        return Ok(Redirect::to(&format!("/organizations/{}/link{query}", only.slug)).into_response());
    }
    let shell = Shell::new(&app, &visitor, "Choose an organization").await?.here("Link a workspace");
    let (kind, here) = (AskedKind::Organization, format!("/link{query}"));
    let missing = Missing::find(&app, &visitor, kind, "", here, chosen.workspace.as_deref()).await?;
    let workspace = chosen.workspace.unwrap_or_default();
    let candidates = candidates(&app, &visitor, &workspace).await?;
    let recommended = candidates.iter().find(|c| c.is_recommended).map(|c| c.organization.slug.clone());
    let recommended = recommended.unwrap_or_default();
    // The recommended one comes first; the others keep their order.
    organizations.sort_by_key(|o| o.slug != recommended);
    Ok(render(&StartPage { shell, organizations, query, workspace, missing, candidates, recommended })?.into_response())
}

/// What speaks for each organization; nothing for a workspace that the visitor may not see, or that is not chosen yet.
async fn candidates(app: &AppState, visitor: &Visitor, workspace: &str) -> Result<Vec<Candidate>, Error> {
    if workspace.is_empty() {
        return Ok(Vec::new());
    }
    match organization::recommend_organization(app, visitor.principal(), workspace).await {
        Ok((_, found)) => Ok(found.candidates),
        Err(Error::NotFound { .. } | Error::Refused(_)) => Ok(Vec::new()),
        Err(e) => Err(e),
    }
}
