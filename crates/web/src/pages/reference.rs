//! The API's reference: for whoever writes a program, signed in or not, without a network beyond this server.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Html;
use orglink_app::Error;
use orglink_domain::token::Scope;
use orglink_http::{AppState, Failure};

use crate::assets::{SCRIPT_PATH, STYLE_PATH};
use crate::reference::{Api, Reference, Section};
use crate::shell::render;

#[derive(Template)]
#[template(path = "reference.html")]
struct ReferencePage<'a> {
    style: &'static str,
    script: &'static str,
    reference: &'a Reference,
    /// Where this installation is.
    here: &'a str,
    scopes: Vec<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "reference_section.html")]
struct SectionPage<'a> {
    style: &'static str,
    script: &'static str,
    reference: &'a Reference,
    section: &'a Section,
}

pub async fn show(State(app): State<AppState>, Extension(api): Extension<Arc<Api>>) -> Result<Html<String>, Failure> {
    let here = app.settings.public_url.as_str();
    let scopes = Scope::ALL.iter().map(|scope| (scope.as_str(), scope.describe())).collect();
    render(&ReferencePage { style: &STYLE_PATH, script: &SCRIPT_PATH, reference: api.reference(), here, scopes })
}

pub async fn show_section(
    Extension(api): Extension<Arc<Api>>,
    Path(section): Path<String>,
) -> Result<Html<String>, Failure> {
    let absent = || Error::NotFound { what: "part of the reference", reference: section.clone() };
    let reference = api.reference();
    let section = reference.section(&section).ok_or_else(absent)?;
    render(&SectionPage { style: &STYLE_PATH, script: &SCRIPT_PATH, reference, section })
}
