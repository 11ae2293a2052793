//! What workspaces pay today, after their link, and after their billing has migrated.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use orglink_app::billing::{self, BillingState, MigrationPlan, PreviewRequest, PreviewView};
use orglink_app::campaign::{self, NewPostponement};
use orglink_app::{Error, PageRequest, billing_account, organization, workspace};
use orglink_domain::billing::NoPrice;
use orglink_domain::billing::account::BillingAccount;
use orglink_domain::billing::preview::{PayerPreview, WorkspacePreview};
use orglink_domain::campaign::Purpose;
use orglink_domain::day::InvalidDay;
use orglink_domain::digest::Digest;
use orglink_domain::money::Amount;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::saved;
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
    /// Of one workspace, what its migration means.
    plan: Option<MigrationPlan>,
    /// Of an organization, who pays already.
    accounts: Vec<(BillingAccount, i64)>,
}

impl PreviewPage {
    fn who(&self, payer: &PayerPreview) -> String {
        let contacts = self.view.contacts(&payer.payer.contacts);
        match &payer.payer.reseller {
            Some(id) => format!("{} (reseller)", self.view.email(id)),
            None if contacts.is_empty() => "nobody yet: there is no billing contact".to_owned(),
            None => contacts.join(", "),
        }
    }
}

/// An amount with its currency, or why there is none.
fn money(w: &WorkspacePreview, price: &Result<Amount, NoPrice>) -> String {
    match price {
        Ok(amount) => format!("{amount} {}", w.currency),
        Err(e) => e.to_string(),
    }
}

#[derive(Default, Deserialize)]
pub struct On {
    #[serde(default)]
    on: String,
    /// Somebody comes from saving something here.
    saved: Option<String>,
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
    let plan = billing::plan_migration(&app, visitor.principal(), &slug).await?;
    let (slug, name) = (plan.workspace.slug.clone(), plan.workspace.name.clone());
    let shell = Shell::new(&app, &visitor, format!("Cost · {name}")).await?.after_saving(query.saved.as_deref());
    // Contacts and resellers need not be members: the other pages of the workspace are not theirs.
    let shell = match workspace::view_workspace(&app, visitor.principal(), &slug).await {
        Ok(_) => shell.in_workspace(&slug, &name, "Plan"),
        Err(Error::NotFound { .. }) => shell,
        Err(e) => return Err(e.into()),
    };
    let here = format!("/workspaces/{slug}/plan/preview");
    let on = view.preview.on.to_string();
    render(&PreviewPage { shell, view, here, of: name, on, plan: Some(plan), accounts: Vec::new() })
}

#[derive(Deserialize)]
pub struct Answer {
    /// `agree`, `withdraw`, `postpone` or `unpostpone`.
    what: String,
    #[serde(default)]
    plan_digest: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    reason: String,
}

/// What a reseller answers, and what admins ask for.
pub async fn answer(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<Answer>,
) -> Result<Redirect, Failure> {
    let (principal, given) = (form.visitor.principal(), &form.form);
    // Whoever may not see it is told nothing of what they sent.
    billing::plan_migration(&app, principal, &slug).await?;
    match given.what.as_str() {
        "agree" => {
            let shown = given.plan_digest.parse::<Digest>();
            let shown = shown.map_err(|e| Error::field("plan_digest", e.to_string()))?;
            billing::agree_to_migration(&app, principal, &slug, true, Some(shown)).await?;
        }
        "withdraw" => billing::agree_to_migration(&app, principal, &slug, false, None).await?,
        "postpone" => {
            let until = given.until.trim().parse().map_err(|e: InvalidDay| Error::field("until", e.to_string()))?;
            let wanted = NewPostponement { until, reason: given.reason.clone() };
            campaign::postpone(&app, principal, &slug, Purpose::Billing, &wanted).await?;
        }
        "unpostpone" => campaign::withdraw_postponement(&app, principal, &slug, Purpose::Billing).await?,
        _ => return Err(Error::field("what", "is agree, withdraw, postpone or unpostpone").into()),
    }
    Ok(saved(&format!("/workspaces/{slug}/plan/preview")))
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
    let page = PageRequest::default();
    let accounts =
        billing_account::list_organization_billing_accounts(&app, visitor.principal(), &found.slug, &page).await?.items;
    render(&PreviewPage { shell, view, here, of: found.name, on, plan: None, accounts })
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
