//! Domains of an organization: the list, one of them with the record that shows it, and whom a claim would touch.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use orglink_app::domain_claim::{self, ClaimPreview, DomainView, DomainsView, NewClaim};
use orglink_app::{Error, Page, PageRequest};
use orglink_domain::account::Account;
use orglink_domain::digest::Digest;
use orglink_domain::domain_claim::DomainState;
use orglink_domain::domain_claim::account::Fit;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::proposals::{Fault, status};
use super::{ListQuery, saved, seen, several};
use crate::shell::{Shell, render};

/// The entry of the navigation.
pub const HERE: &str = "Domains";

#[derive(Template)]
#[template(path = "domains.html")]
struct DomainsPage {
    shell: Shell,
    view: DomainsView,
    domains: Page<DomainView>,
    notice_days: i64,
}

#[derive(Template)]
#[template(path = "domain.html")]
struct DomainPage {
    shell: Shell,
    /// Of this domain.
    path: String,
    view: DomainsView,
    domain: DomainView,
    /// Texts that were found, when somebody has just looked.
    texts: Option<Vec<String>>,
    notice_days: i64,
}

#[derive(Template)]
#[template(path = "domain_claim.html")]
struct ClaimPage {
    shell: Shell,
    /// Of the domain.
    path: String,
    view: DomainsView,
    domain: DomainView,
    preview: ClaimPreview,
    accounts: Page<(Account, Fit)>,
    /// Why nothing was claimed.
    fault: Option<Fault>,
}

const DAY: i64 = 24 * 60 * 60;

fn path_of(organization: &str, domain: &str) -> String {
    format!("/organizations/{organization}/domains/{domain}")
}

async fn frame(app: &AppState, visitor: &Visitor, title: &str, view: &DomainsView) -> Result<Shell, Failure> {
    let (slug, name) = (&view.organization.slug, &view.organization.name);
    let shell = Shell::new(app, visitor, format!("{title} · {name}")).await?;
    Ok(shell.in_organization(slug, name, HERE))
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let (view, domains) = domain_claim::list_domains(&app, visitor.principal(), &slug, &query.request()?).await?;
    let shell = frame(&app, &visitor, "Domains", &view).await?.after_saving(query.saved.as_deref());
    let notice_days = app.settings.domains.notice_seconds / DAY;
    render(&DomainsPage { shell, view, domains, notice_days })
}

#[derive(Deserialize)]
pub struct AddForm {
    #[serde(default)]
    domain: String,
}

pub async fn add(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<AddForm>,
) -> Result<Redirect, Failure> {
    let (added, _) = domain_claim::add_domain(&app, form.visitor.principal(), &slug, &form.form.domain).await?;
    Ok(Redirect::to(&path_of(&slug, &added.domain)))
}

async fn one(
    app: &AppState,
    visitor: &Visitor,
    (slug, domain): (&str, &str),
    texts: Option<Vec<String>>,
    after: Option<&str>,
) -> Result<Html<String>, Failure> {
    let (view, domain) = domain_claim::view_domain(app, visitor.principal(), slug, domain).await?;
    let shell = frame(app, visitor, &domain.claim.domain, &view).await?.after_saving(after);
    let path = path_of(&view.organization.slug, &domain.claim.domain);
    let notice_days = app.settings.domains.notice_seconds / DAY;
    render(&DomainPage { shell, path, view, domain, texts, notice_days })
}

pub async fn show_one(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((slug, domain)): Path<(String, String)>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    one(&app, &visitor, (&slug, &domain), None, query.saved.as_deref()).await
}

/// A form that says nothing but its token.
#[derive(Deserialize)]
pub struct Nothing {}

pub async fn check(
    State(app): State<AppState>,
    Path((slug, domain)): Path<(String, String)>,
    form: CheckedForm<Nothing>,
) -> Result<Html<String>, Failure> {
    let checked = domain_claim::check_domain(&app, form.visitor.principal(), &slug, &domain).await?;
    one(&app, &form.visitor, (&slug, &domain), Some(checked.texts), None).await
}

#[derive(Deserialize)]
pub struct VersionForm {
    version: Option<String>,
}

pub async fn remove(
    State(app): State<AppState>,
    Path((slug, domain)): Path<(String, String)>,
    form: CheckedForm<VersionForm>,
) -> Result<Redirect, Failure> {
    let expected = seen(form.form.version.as_deref())?;
    domain_claim::remove_domain(&app, form.visitor.principal(), &slug, &domain, expected).await?;
    Ok(saved(&format!("/organizations/{slug}/domains")))
}

pub async fn preview(
    State(app): State<AppState>,
    Path((slug, domain)): Path<(String, String)>,
    form: CheckedForm<Nothing>,
) -> Result<Redirect, Failure> {
    let preview = domain_claim::preview_claim(&app, form.visitor.principal(), &slug, &domain).await?;
    Ok(Redirect::to(&format!("{}/claim?digest={}", path_of(&slug, &domain), preview.digest)))
}

#[derive(Debug, Default, Deserialize)]
pub struct ClaimQuery {
    digest: Option<String>,
    cursor: Option<String>,
}

/// Whom the claim that was previewed would touch; whoever has no preview goes back for one.
pub async fn show_claim(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((slug, domain)): Path<(String, String)>,
    QueryString(query): QueryString<ClaimQuery>,
) -> Result<Response, Failure> {
    let principal = visitor.principal();
    let (view, domain) = domain_claim::view_domain(&app, principal, &slug, &domain).await?;
    let (slug, name) = (&view.organization.slug, &domain.claim.domain);
    let path = path_of(slug, name);
    let digest = query.digest.as_deref().and_then(|digest| digest.parse::<Digest>().ok());
    let preview = match digest {
        Some(digest) => domain_claim::find_preview(&app, principal, (slug, name), &digest).await?,
        None => None,
    };
    let Some(preview) = preview else { return Ok(Redirect::to(&path).into_response()) };
    claim_page(&app, &visitor, (view, domain), preview, query.cursor.as_deref(), None).await
}

async fn claim_page(
    app: &AppState,
    visitor: &Visitor,
    (view, domain): (DomainsView, DomainView),
    preview: ClaimPreview,
    cursor: Option<&str>,
    fault: Option<Fault>,
) -> Result<Response, Failure> {
    let (slug, name) = (&view.organization.slug, &domain.claim.domain);
    let (path, page) = (path_of(slug, name), PageRequest::new(cursor, Some(100))?);
    let accounts = domain_claim::list_accounts(app, visitor.principal(), slug, name, &page).await?;
    let shell = frame(app, visitor, &format!("Claim accounts at {name}"), &view).await?;
    let status = status(fault.as_ref());
    let page = ClaimPage { shell, path, view, domain, preview, accounts, fault };
    Ok((status, render(&page)?).into_response())
}

#[derive(Deserialize)]
pub struct ClaimForm {
    #[serde(default)]
    digest: String,
    /// The ids that were ticked, separated by spaces.
    #[serde(default)]
    accounts: String,
    /// `some` or `all`.
    #[serde(default)]
    who: String,
}

pub async fn claim(
    State(app): State<AppState>,
    Path((slug, domain)): Path<(String, String)>,
    form: CheckedForm<ClaimForm>,
) -> Result<Response, Failure> {
    let principal = form.visitor.principal();
    // What is wrong with a form is nobody's to know who may not see what it is about.
    let found = domain_claim::view_domain(&app, principal, &slug, &domain).await?;
    let ClaimForm { digest, accounts, who } = form.form;
    let digest = digest.parse().map_err(|_| Error::field("digest", "preview the claim first"))?;
    let accounts = match who.as_str() {
        "all" => None,
        "some" => Some(several(&accounts)),
        _ => return Err(Failure(Error::field("who", "use the buttons of the page"))),
    };
    let wanted = NewClaim { digest, accounts };
    match domain_claim::claim_accounts(&app, principal, (&slug, &domain), &wanted, None).await {
        Ok(_) => {
            let to = format!("/organizations/{slug}/managed-accounts?state=announced&saved=yes");
            Ok(Redirect::to(&to).into_response())
        }
        // Nothing was claimed: here is how things stand now, to decide again.
        Err(no) if found.1.claim.can_claim() => {
            let fault = Some(Fault::of(no)?);
            let preview = domain_claim::preview_claim(&app, principal, &slug, &domain).await?;
            claim_page(&app, &form.visitor, found, preview, None, fault).await
        }
        Err(no) => Err(Failure(no)),
    }
}
