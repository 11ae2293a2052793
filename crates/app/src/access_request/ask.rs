//! Asks to become an admin of a place, by its name alone.

use orglink_domain::access_request::{AccessRequest, AccessRequestState, AskedKind, check_text};
use orglink_domain::event::EventType;
use orglink_domain::id::{AccessRequestId, OrganizationId, TenantId, WorkspaceId};
use orglink_domain::name::check_slug;
use orglink_policy::Action;
use orglink_store::{access_request, in_write};
use serde::Serialize;

use super::note;
use crate::idempotency::{Answered, Attempt};
use crate::{App, Error, Principal};

/// How many requests of one person may be open, and how many they may make in a day.
const MOST_OPEN: i64 = 10;
const MOST_A_DAY: i64 = 20;
const DAY_SECONDS: i64 = 24 * 60 * 60;
/// The longest path that is kept to go back to.
const MOST_PATH: usize = 500;

/// What somebody asks.
#[derive(Debug, Clone, Serialize)]
pub struct Ask {
    pub kind: AskedKind,
    /// The slug; whether there is such a place makes no difference to the answer.
    pub named: String,
    pub message: Option<String>,
    /// The page of ours to go back to when the answer is yes.
    pub return_to: Option<String>,
}

/// Asks; the request's id. Its admins, if there is such a place, hear of it; the asker is told no names, and for a
/// name of nothing gets the same answer, from the same statements.
///
/// # Errors
/// Bad input by field; `already_admin`; `request_open`; `request_limit`; a refusal for somebody without a verified
/// address.
pub async fn ask_for_access(
    app: &App,
    principal: &Principal,
    ask: &Ask,
    idempotency_key: Option<&str>,
) -> Result<Answered<AccessRequestId>, Error> {
    app.require(Action::AskForAccess, principal.standing())?;
    let me = principal.account()?.id;
    let field = match ask.kind {
        AskedKind::Organization => "organization",
        AskedKind::Workspace => "workspace",
    };
    let named = check_slug(ask.named.trim()).map_err(|e| Error::field(field, e.to_string()))?;
    let text = ask.message.as_deref().unwrap_or_default();
    let message = check_text(text).map_err(|e| Error::field("message", e.to_string()))?;
    let return_to = ask.return_to.as_deref().filter(|path| is_own_path(path)).map(str::to_owned);
    let attempt = Attempt::new(principal, "ask_for_access", idempotency_key, ask)?;
    in_write!(app.db, tx, {
        if let Some(earlier) = attempt.find(tx).await? {
            return Ok(earlier);
        }
        let at = app.now();
        let (open, lately) = access_request::count_of_account(tx, me, at.plus_seconds(-DAY_SECONDS)).await?;
        if open >= MOST_OPEN || lately >= MOST_A_DAY {
            let detail = format!(
                "You have {open} open requests and made {lately} within a day; {MOST_OPEN} may be open and {MOST_A_DAY} \
                 made in a day. Withdraw one, or wait."
            );
            return Err(Error::refused("request_limit", "Too many requests", detail));
        }
        let place = access_request::find_place(tx, ask.kind, named, me).await?;
        if place.is_some_and(|(_, is_admin)| is_admin) {
            let detail = format!("You administer the {field} '{named}' already: go on, nothing is missing.");
            return Err(Error::refused("already_admin", "You are an admin there already", detail));
        }
        let new = AccessRequest {
            id: AccessRequestId(app.new_id(at)),
            asked_by: me,
            kind: ask.kind,
            named: named.to_owned(),
            tenant: place.map(|(id, _)| match ask.kind {
                AskedKind::Organization => TenantId::Organization(OrganizationId(id)),
                AskedKind::Workspace => TenantId::Workspace(WorkspaceId(id)),
            }),
            message: message.clone(),
            return_to: return_to.clone(),
            state: AccessRequestState::Open,
            created_at: at,
            expires_at: at.plus_seconds(AccessRequest::LIFETIME_SECONDS),
            ended_at: None,
            ended_by: None,
            reason: None,
        };
        super::answer_request::expire_own(app, tx, me, at).await?;
        if !access_request::create(tx, &new).await? {
            let detail = format!("You have asked to become admin of '{named}' already, and the request is open.");
            return Err(Error::refused("request_open", "You have asked already", detail));
        }
        note(app, tx, principal.actor(), EventType::AccessRequestCreated, &new, at).await?;
        attempt.keep(tx, &new.id, at).await
    })
}

/// A path of ours: never another site's.
fn is_own_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= MOST_PATH
        && path.chars().all(|c| !c.is_control() && c != '\\')
}
