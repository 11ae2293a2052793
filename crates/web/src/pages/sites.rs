//! The sites of an organization, and one with the products on it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::site::{self, SiteView, Sites};
use orglink_app::{Error, Expected};
use orglink_domain::name::fold;
use orglink_domain::organization::UserManagement;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{ListQuery, saved, seen};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "sites.html")]
struct SitesPage {
    shell: Shell,
    sites: Sites,
    /// Slug and titles of products.
    rows: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "site.html")]
struct SitePage {
    shell: Shell,
    view: SiteView,
    /// Name and title.
    there: Vec<(String, String)>,
    missing: Vec<(String, String)>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let sites = site::list_sites(&app, visitor.principal(), &slug, &query.request()?).await?;
    let title = |product: &String| app.catalog.product_title(product).to_owned();
    let titles = |products: &Vec<String>| products.iter().map(title).collect::<Vec<_>>().join(", ");
    let rows = sites.page.items.iter().map(|(site, products)| (site.slug.clone(), titles(products))).collect();
    let (slug, name) = (&sites.organization.slug, &sites.organization.name);
    let shell = Shell::new(&app, &visitor, format!("Sites · {name}")).await?;
    let shell = shell.in_organization(slug, name, "Sites").after_saving(query.saved.as_deref());
    render(&SitesPage { shell, sites, rows })
}

pub async fn show_one(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((slug, site)): Path<(String, String)>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let view = site::view_site(&app, visitor.principal(), (&slug, &site)).await?;
    let title = |name: &String| (name.clone(), app.catalog.product_title(name).to_owned());
    let there = view.products.iter().map(title).collect();
    let missing = app.catalog.products.keys().filter(|p| !view.products.contains(p)).map(title).collect();
    let (slug, name) = (&view.organization.slug, &view.organization.name);
    let shell = Shell::new(&app, &visitor, format!("{} · {name}", view.site.slug)).await?;
    let shell = shell.in_organization(slug, name, "Sites").after_saving(query.saved.as_deref());
    render(&SitePage { shell, view, there, missing })
}

#[derive(Deserialize)]
pub struct NewForm {
    slug: String,
}

pub async fn create(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<NewForm>,
) -> Result<Redirect, Failure> {
    let made = site::create_site(&app, form.visitor.principal(), &slug, &form.form.slug, None).await?;
    Ok(saved(&format!("/organizations/{slug}/sites/{}", made.answer)))
}

#[derive(Deserialize)]
pub struct ProductForm {
    product: String,
    /// `add` or `remove`.
    what: String,
    version: Option<String>,
}

pub async fn change_product(
    State(app): State<AppState>,
    Path((slug, site)): Path<(String, String)>,
    form: CheckedForm<ProductForm>,
) -> Result<Redirect, Failure> {
    let (is_there, expected) = match form.form.what.as_str() {
        "add" => (true, Expected::Any),
        "remove" => (false, seen(form.form.version.as_deref())?),
        _ => return Err(Failure(Error::field("what", "say add or remove"))),
    };
    let (principal, at) = (form.visitor.principal(), (slug.as_str(), site.as_str()));
    site::change_product(&app, principal, at, &form.form.product, is_there, expected).await?;
    Ok(saved(&format!("/organizations/{slug}/sites/{site}")))
}

#[derive(Deserialize)]
pub struct DeletionForm {
    /// The slug, typed.
    #[serde(default)]
    confirm: String,
    version: Option<String>,
}

pub async fn delete(
    State(app): State<AppState>,
    Path((slug, site)): Path<(String, String)>,
    form: CheckedForm<DeletionForm>,
) -> Result<Redirect, Failure> {
    let (principal, at) = (form.visitor.principal(), (slug.as_str(), site.as_str()));
    let there = site::view_site(&app, principal, at).await?.site;
    if fold(form.form.confirm.trim()) != fold(&there.slug) {
        let detail = format!("type the slug of the site, {}, to say that you mean it", there.slug);
        return Err(Failure(Error::field("confirm", detail)));
    }
    site::delete_site(&app, principal, at, seen(form.form.version.as_deref())?).await?;
    Ok(saved(&format!("/organizations/{slug}/sites")))
}
