//! One's own account: name, time zone, address.

use askama::Template;
use axum::extract::State;
use axum::http::{Extensions, HeaderMap};
use axum::response::{Html, Redirect};
use orglink_app::account::{self, AccountView, ProfileChange};
use orglink_domain::clock::Zone;
use orglink_domain::domain_claim::account::ClaimState;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::security::Nothing;
use super::sign_in::device_of;
use super::{ListQuery, saved};
use crate::shell::{Shell, render};

const HERE: &str = "/me/account";

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    shell: Shell,
    view: AccountView,
    zones: Vec<String>,
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let shell = Shell::new(&app, &visitor, "Account").await?.here("Account").after_saving(query.saved.as_deref());
    let view = account::view_account(&app, visitor.principal()).await?;
    render(&AccountPage { shell, view, zones: Zone::names() })
}

#[derive(Deserialize)]
pub struct ProfileForm {
    name: Option<String>,
    time_zone: Option<String>,
}

pub async fn change(State(app): State<AppState>, form: CheckedForm<ProfileForm>) -> Result<Redirect, Failure> {
    let ProfileForm { name, time_zone } = form.form;
    account::change_profile(&app, form.visitor.principal(), &ProfileChange { name, time_zone }).await?;
    Ok(saved(HERE))
}

#[derive(Deserialize)]
pub struct AddressForm {
    email: String,
}

pub async fn ask_for_address(
    State(app): State<AppState>,
    headers: HeaderMap,
    extensions: Extensions,
    form: CheckedForm<AddressForm>,
) -> Result<Redirect, Failure> {
    let device = device_of(&headers, &extensions);
    account::ask_for_address(&app, form.visitor.principal(), &form.form.email, &device).await?;
    Ok(saved(HERE))
}

pub async fn withdraw_address(State(app): State<AppState>, form: CheckedForm<Nothing>) -> Result<Redirect, Failure> {
    account::withdraw_address(&app, form.visitor.principal()).await?;
    Ok(saved(HERE))
}
