//! Invitations as people answer them: from the mail, from the inbox, all of one's own.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use orglink_app::access_request::{self, RequestView};
use orglink_app::invitation::{self, InvitationView, Newcomer};
use orglink_app::{MINIMUM_PASSWORD_LENGTH, PageRequest};
use orglink_domain::access_request::AccessRequestState;
use orglink_domain::invitation::InvitationState;
use orglink_http::{AppState, CheckedForm, Failure, FormRefusal, QueryString, Visitor, require_same_origin};
use serde::Deserialize;

use super::own_path;
use super::sign_in::{device_of, enter, read_form};
use crate::assets::{SCRIPT_PATH, STYLE_PATH};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "invitations.html")]
struct MinePage {
    shell: Shell,
    invitations: Vec<InvitationView>,
    requests: Vec<RequestView>,
    /// Somebody comes from asking.
    asked: bool,
    is_verified: bool,
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    shell: Shell,
    view: InvitationView,
    /// It is for the visitor, who may answer.
    is_mine: bool,
    /// Where the answers go.
    base: String,
}

/// For somebody who is signed out, or signed in as somebody else.
#[derive(Template)]
#[template(path = "invitation_by_mail.html")]
struct ByMailPage {
    style: &'static str,
    script: &'static str,
    view: InvitationView,
    is_usable: bool,
    secret: String,
    minimum: usize,
    /// As whom the visitor is signed in, and what their forms bring back.
    other: Option<(String, String)>,
    until: String,
}

#[derive(Deserialize)]
pub struct MineQuery {
    asked: Option<String>,
    saved: Option<String>,
}

pub async fn show_mine(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<MineQuery>,
) -> Result<Html<String>, Failure> {
    let (principal, page) = (visitor.principal(), PageRequest::new(None, Some(100))?);
    let invitations = invitation::list_my_invitations(&app, principal, None, &page).await?.items;
    let requests = access_request::list_my_requests(&app, principal, None, &page).await?.items;
    let is_verified = principal.account()?.is_verified;
    let shell = Shell::new(&app, &visitor, "Invitations and requests").await?;
    let shell = shell.here("Invitations and requests").after_saving(query.saved.as_deref());
    render(&MinePage { shell, invitations, requests, asked: query.asked.is_some(), is_verified })
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Html<String>, Failure> {
    let view = invitation::view_invitation(&app, visitor.principal(), &id).await?;
    page_for(&app, &visitor, view, format!("/invitations/id/{id}")).await
}

async fn page_for(
    app: &AppState,
    visitor: &Visitor,
    view: InvitationView,
    base: String,
) -> Result<Html<String>, Failure> {
    let me = visitor.principal().account()?;
    let is_mine = view.invitation.is_for(me);
    let shell = Shell::new(app, visitor, format!("Invitation · {}", view.place.name)).await?;
    let shell = shell.here("Invitations and requests");
    render(&InvitationPage { shell, view, is_mine, base })
}

/// The link in the mail. Looking at it uses nothing up; whoever is signed in as somebody else cannot use it.
pub async fn show_by_secret(
    State(app): State<AppState>,
    visitor: Option<Visitor>,
    Path(secret): Path<String>,
) -> Result<Response, Failure> {
    let found = invitation::find_by_secret(&app, &secret).await?;
    if let Some(visitor) = &visitor
        && found.view.invitation.is_for(visitor.principal().account()?)
    {
        let id = found.view.invitation.id;
        return Ok(page_for(&app, visitor, found.view, format!("/invitations/id/{id}")).await?.into_response());
    }
    let other = match &visitor {
        Some(visitor) => Some((visitor.principal().account()?.email.clone(), visitor.form_token(&app))),
        None => None,
    };
    let until = found.view.invitation.expires_at.to_minute();
    let page = ByMailPage {
        style: &STYLE_PATH,
        script: &SCRIPT_PATH,
        view: found.view,
        is_usable: found.is_usable,
        secret,
        minimum: MINIMUM_PASSWORD_LENGTH,
        other,
        until,
    };
    Ok(render(&page)?.into_response())
}

#[derive(Deserialize)]
pub struct JoinForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
}

/// Makes the account of somebody who has none, signs them in and shows the invitation.
pub async fn join(
    State(app): State<AppState>,
    Path(secret): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    require_same_origin(&app, request.headers())?;
    let device = device_of(request.headers(), request.extensions());
    let form = read_form::<JoinForm>(&app, request).await?;
    let who = Newcomer { name: form.name, password: form.password };
    let session = invitation::create_account_by_invitation(&app, &secret, &who, &device).await?;
    let id = invitation::find_by_secret(&app, &secret).await?.view.invitation.id;
    Ok(enter(&app, &session, &format!("/invitations/id/{id}")))
}

/// Says no by the link in the mail, signed in or not.
pub async fn decline_by_secret(
    State(app): State<AppState>,
    Path(secret): Path<String>,
    request: Request,
) -> Result<Redirect, Failure> {
    require_same_origin(&app, request.headers())?;
    invitation::decline_by_secret(&app, &secret).await?;
    Ok(Redirect::to(&format!("/invitations/{secret}")))
}

#[derive(Deserialize)]
pub struct Back {
    next: Option<String>,
}

pub async fn accept(
    State(app): State<AppState>,
    Path(id): Path<String>,
    form: CheckedForm<Back>,
) -> Result<Redirect, FormRefusal> {
    let view = invitation::view_invitation(&app, form.visitor.principal(), &id).await?;
    let form = if view.gives_power() { form.require_recent(&app)? } else { form };
    let accepted = invitation::accept_invitation(&app, form.visitor.principal(), &id).await?;
    Ok(Redirect::to(&accepted.path))
}

pub async fn decline(
    State(app): State<AppState>,
    Path(id): Path<String>,
    form: CheckedForm<Back>,
) -> Result<Redirect, Failure> {
    invitation::decline_invitation(&app, form.visitor.principal(), &id).await?;
    Ok(Redirect::to("/invitations?saved=yes"))
}

pub async fn withdraw(
    State(app): State<AppState>,
    Path(id): Path<String>,
    form: CheckedForm<Back>,
) -> Result<Redirect, Failure> {
    invitation::withdraw_invitation(&app, form.visitor.principal(), &id).await?;
    Ok(Redirect::to(&own_path(form.form.next.as_deref(), &format!("/invitations/id/{id}"))))
}

pub async fn resend(
    State(app): State<AppState>,
    Path(id): Path<String>,
    form: CheckedForm<Back>,
) -> Result<Redirect, Failure> {
    invitation::resend_invitation(&app, form.visitor.principal(), &id).await?;
    Ok(Redirect::to(&own_path(form.form.next.as_deref(), &format!("/invitations/id/{id}"))))
}
