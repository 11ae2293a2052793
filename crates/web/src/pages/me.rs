//! What is the visitor's own: the browsers they are signed in with, and their tokens.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use orglink_app::session::{self, Session, browser_of};
use orglink_app::token::{self, NewToken};
use orglink_app::{Error, StoredToken};
use orglink_domain::id::SessionId;
use orglink_domain::token::Scope;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};
use serde::Deserialize;

use super::{ListQuery, chosen, saved, several};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "sessions.html")]
struct SessionsPage {
    shell: Shell,
    /// Each with its browser in words.
    sessions: Vec<(Session, String)>,
    here: SessionId,
}

#[derive(Template)]
#[template(path = "tokens.html")]
struct TokensPage {
    shell: Shell,
    tokens: Vec<StoredToken>,
    /// Every scope with what it allows.
    scopes: Vec<(Scope, &'static str)>,
    /// The token that was just made: shown this once.
    made: Option<String>,
}

pub async fn show_sessions(
    State(app): State<AppState>,
    visitor: Visitor,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let found = session::list_sessions(&app, visitor.principal()).await?;
    let named = |s: Session| {
        let browser = browser_of(s.user_agent.as_deref().unwrap_or_default());
        (s, browser)
    };
    let sessions = found.into_iter().map(named).collect();
    let here = visitor.signed_in.session_id;
    let shell = Shell::new(&app, &visitor, "Sessions").await?.here("Sessions");
    render(&SessionsPage { shell: shell.after_saving(query.saved.as_deref()), sessions, here })
}

#[derive(Deserialize)]
pub struct SessionForm {
    /// An id; `others` for all but this one.
    session: String,
}

pub async fn end_session(State(app): State<AppState>, form: CheckedForm<SessionForm>) -> Result<Redirect, Failure> {
    let (principal, here) = (form.visitor.principal(), form.visitor.signed_in.session_id);
    if form.form.session == "others" {
        session::end_other_sessions(&app, principal, Some(&here.to_string())).await?;
    } else {
        session::end_session(&app, principal, &form.form.session).await?;
    }
    Ok(saved("/me/sessions"))
}

async fn tokens_page(app: &AppState, visitor: &Visitor, made: Option<String>) -> Result<Html<String>, Failure> {
    let is_operator = visitor.principal().account()?.is_operator;
    let scopes = Scope::ALL.iter().filter(|s| is_operator || !s.is_for_operators());
    let shell = Shell::new(app, visitor, "Tokens").await?.here("Tokens");
    render(&TokensPage {
        shell,
        tokens: token::list_tokens(app, visitor.principal()).await?,
        scopes: scopes.map(|s| (*s, s.describe())).collect(),
        made,
    })
}

pub async fn show_tokens(State(app): State<AppState>, visitor: Visitor) -> Result<Html<String>, Failure> {
    tokens_page(&app, &visitor, None).await
}

#[derive(Deserialize)]
pub struct TokenForm {
    name: String,
    /// Scopes, separated by spaces.
    #[serde(default)]
    scope: String,
    days: String,
}

pub async fn create_token(State(app): State<AppState>, form: CheckedForm<TokenForm>) -> Result<Response, Failure> {
    let scopes = several(&form.form.scope).iter().map(|s| chosen("scope", s)).collect::<Result<_, _>>()?;
    let days = form.form.days.trim().parse().map_err(|_| Error::field("days", "say how many days, as a number"))?;
    let wanted = NewToken { name: form.form.name.trim().to_owned(), scopes, days };
    let made = token::create_token(&app, form.visitor.principal(), &wanted).await?;
    Ok(tokens_page(&app, &form.visitor, Some(made.secret.reveal().to_owned())).await?.into_response())
}

#[derive(Deserialize)]
pub struct RevokeForm {
    token: String,
}

pub async fn revoke_token(State(app): State<AppState>, form: CheckedForm<RevokeForm>) -> Result<Redirect, Failure> {
    token::revoke_token(&app, form.visitor.principal(), &form.form.token).await?;
    Ok(Redirect::to("/me/tokens"))
}
