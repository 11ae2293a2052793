//! What a workspace can use, and what each feature waits for.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use orglink_app::entitlement::{self, Entitlements};
use orglink_http::{AppState, Failure, Visitor};

use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "features.html")]
struct FeaturesPage {
    shell: Shell,
    found: Entitlements,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Html<String>, Failure> {
    let found = entitlement::view_entitlements(&app, visitor.principal(), &slug).await?;
    let (slug, name) = (found.workspace.slug.clone(), found.workspace.name.clone());
    let shell = Shell::new(&app, &visitor, format!("Features · {name}")).await?;
    let shell = shell.in_workspace(&slug, &name, "Features").live("workspace", &slug);
    render(&FeaturesPage { shell, found })
}
