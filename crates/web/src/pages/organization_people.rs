//! Who holds which role in an organization, on its sites and apps; giving and taking roles.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::invitation::{InvitationView, list_invitations_of_organization};
use orglink_app::organization::{self, RolePlace, User, Users};
use orglink_app::{Expected, PageRequest, Principal, site};
use orglink_domain::invitation::InvitationState;
use orglink_domain::role::{AppRole, HeldRole, OrganizationRole, SiteRole};
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{ListQuery, Sent, chosen, saved, seen};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "organization_people.html")]
struct PeoplePage {
    shell: Shell,
    users: Users,
    rows: Vec<Row>,
    text: String,
    /// What a role can be given on: value and words.
    places: Vec<(String, String)>,
    /// Invitations that nobody has answered, for admins.
    pending: Vec<InvitationView>,
    pending_here: String,
    /// How many were invited and added just now.
    sent: Option<(i64, i64)>,
}

/// Somebody with what they hold, each as a form names it and as a person reads it.
struct Row {
    name: String,
    id: String,
    email: String,
    is_admin: bool,
    roles: Vec<(String, String)>,
}

impl Row {
    fn of(user: &User) -> Self {
        Self {
            name: user.account.name.clone(),
            id: user.account.id.to_string(),
            email: user.account.email.clone(),
            is_admin: user.is_admin(),
            roles: user.roles.iter().map(|held| (name_of(held), held.words())).collect(),
        }
    }
}

/// A role as a form names it: `organization/admin`, `site/SITE/site_admin`, `app/SITE/PRODUCT/app_admin`.
pub fn name_of(held: &HeldRole) -> String {
    match held {
        HeldRole::Organization(role) => format!("organization/{role}"),
        HeldRole::Site(site, role) => format!("site/{site}/{role}"),
        HeldRole::App(site, product, role) => format!("app/{site}/{product}/{role}"),
    }
}

fn place_of(name: &str) -> Result<RolePlace<'_>, Failure> {
    let parts: Vec<&str> = name.split('/').collect();
    match parts.as_slice() {
        ["organization", role] => Ok(RolePlace::Organization(chosen("role", role)?)),
        ["site", site, role] => Ok(RolePlace::Site(site, chosen("role", role)?)),
        ["app", site, product, role] => Ok(RolePlace::App(site, product, chosen("role", role)?)),
        _ => Err(Failure(orglink_app::Error::field("role", "choose a role from the list"))),
    }
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
    QueryString(sent): QueryString<Sent>,
) -> Result<Html<String>, Failure> {
    let principal = visitor.principal();
    let users = organization::list_users(&app, principal, &slug, query.text(), &query.request()?).await?;
    let (mut places, mut pending) = (Vec::new(), Vec::new());
    if users.may_change {
        places = roles_to_give(&app, principal, &slug).await?;
        let (wanted, page) = (Some(InvitationState::Pending), PageRequest::new(None, Some(500))?);
        pending = list_invitations_of_organization(&app, principal, &slug, wanted, &page).await?.page.items;
        pending.retain(|v| v.state == InvitationState::Pending);
    }
    let (pending_here, sent) = (format!("/organizations/{}/people", users.organization.slug), sent.counts());
    let (slug, name) = (&users.organization.slug, &users.organization.name);
    let shell = Shell::new(&app, &visitor, format!("Admins and roles · {name}")).await?;
    let shell = shell.in_organization(slug, name, "Admins and roles").after_saving(query.saved.as_deref());
    let rows = users.page.items.iter().map(Row::of).collect();
    render(&PeoplePage { shell, rows, text: query.text().to_owned(), users, places, pending, pending_here, sent })
}

/// Every role there is in an organization, each as a form names it and as a person reads it.
pub(super) async fn roles_to_give(
    app: &AppState,
    principal: &Principal,
    organization: &str,
) -> Result<Vec<(String, String)>, Failure> {
    let mut held: Vec<HeldRole> = OrganizationRole::ALL.iter().map(|role| HeldRole::Organization(*role)).collect();
    // A form offers the first sites; any other is reached through its own page.
    let first = PageRequest::new(None, Some(20))?;
    for (site, products) in site::list_sites(app, principal, organization, &first).await?.page.items {
        held.extend(SiteRole::ALL.iter().map(|role| HeldRole::Site(site.slug.clone(), *role)));
        for product in products {
            let of = |role: &AppRole| HeldRole::App(site.slug.clone(), product.clone(), *role);
            held.extend(AppRole::ALL.iter().map(of));
        }
    }
    Ok(held.iter().map(|h| (name_of(h), h.words())).collect())
}

#[derive(Deserialize)]
pub struct RoleForm {
    account: String,
    role: String,
    version: Option<String>,
}

pub async fn grant(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<RoleForm>,
) -> Result<Redirect, Failure> {
    let (principal, place) = (form.visitor.principal(), place_of(&form.form.role)?);
    organization::change_role(&app, principal, &slug, place, &form.form.account, true, Expected::Any).await?;
    Ok(saved(&format!("/organizations/{slug}/people")))
}

pub async fn revoke(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<RoleForm>,
) -> Result<Redirect, Failure> {
    let (principal, place) = (form.visitor.principal(), place_of(&form.form.role)?);
    let expected = seen(form.form.version.as_deref())?;
    organization::change_role(&app, principal, &slug, place, &form.form.account, false, expected).await?;
    // Whoever gave up their own role may not be let in any more.
    match organization::view_organization(&app, principal, &slug).await {
        Ok(view) if view.may_see_people => Ok(saved(&format!("/organizations/{slug}/people"))),
        Ok(_) => Ok(Redirect::to(&format!("/organizations/{slug}"))),
        Err(_) => Ok(Redirect::to("/")),
    }
}
