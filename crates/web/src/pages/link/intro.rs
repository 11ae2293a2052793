//! What linking means, before anything is chosen; or what is missing to do it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use orglink_app::organization;
use orglink_domain::access_request::{AccessRequest, AskedKind};
use orglink_domain::link::Act;
use orglink_domain::organization::Organization;
use orglink_domain::plan::Warning;
use orglink_domain::role::OrganizationStanding;
use orglink_http::{AppState, Failure, QueryString, Visitor};

use super::{Chosen, Missing, undo_window};
use crate::pages::proposals::rule_in_words;
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "link_intro.html")]
struct IntroPage {
    shell: Shell,
    organization: Organization,
    is_admin: bool,
    has_others: bool,
    warnings: Vec<Warning>,
    /// For how long a link can be undone, in words; none when it is permanent at once.
    undo_window: Option<String>,
    query: String,
    /// Who must agree, where links are proposed.
    rule: Option<String>,
    /// For whoever is not an admin of the organization.
    missing: Option<Missing>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(chosen): QueryString<Chosen>,
) -> Result<Html<String>, Failure> {
    let view = organization::view_organization(&app, visitor.principal(), &slug).await?;
    let others = organization::list_administered_organizations(&app, visitor.principal()).await?;
    let organization = view.organization;
    let shell = Shell::new(&app, &visitor, format!("Link to {}", organization.name)).await?.in_organization(
        &organization.slug,
        &organization.name,
        "Apps",
    );
    let is_admin = view.role == OrganizationStanding::Admin;
    let undo_window = undo_window(&app);
    let policy = app.settings.link_policy;
    let permanent = match (policy.undo_window_seconds, policy.transfer) {
        (0, false) => Some(Warning::LinkIsPermanent),
        (0, true) => Some(Warning::LinkCanOnlyBeMoved),
        _ => None,
    };
    let warnings = std::iter::once(Warning::PeopleStayInWorkspace).chain(permanent).collect();
    let mut missing = None;
    if !is_admin {
        let here = format!("/organizations/{}/link{}", organization.slug, chosen.query());
        let (kind, workspace) = (AskedKind::Organization, chosen.workspace.as_deref());
        missing = Some(Missing::find(&app, &visitor, kind, &organization.slug, here, workspace).await?);
    }
    render(&IntroPage {
        shell,
        is_admin,
        missing,
        has_others: others.iter().any(|o| o.id != organization.id),
        warnings,
        undo_window,
        query: chosen.query(),
        rule: app.settings.needs_proposals().then(|| rule_in_words(&app, Act::Link)),
        organization,
    })
}
