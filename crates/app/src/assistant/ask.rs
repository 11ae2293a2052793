//! An assistant asks its own person to do something, by the digest of a plan. It takes everything that the act itself would take
//! but that person: both roles, eligibility, a plan that still holds; and the feature that the catalog's gate
//! `assistant_actions` names. A workspace that is to be linked can have no such feature yet: it is asked as if it were
//! linked to that organization, so that the organization's switch decides.

use orglink_domain::access_request::check_text;
use orglink_domain::assistant::{AssistantRequest, AssistantRequestState};
use orglink_domain::digest::Digest;
use orglink_domain::event::{EventType, Through};
use orglink_domain::id::{AssistantRequestId, OrganizationId, WorkspaceId};
use orglink_domain::link::Act;
use orglink_store::{StoreError, Tx, assistant_request, in_write};

use super::list_requests::{RequestView, view_request};
use super::note;
use crate::link::{
    Acknowledge, LinkRequest, PlannedPair, compare_with_shown, others_needed, plan_undo_within, refuse_ineligible,
    undo_changed,
};
use crate::{App, Error, Principal, entitlement};

/// How many requests of one person may be open, and how many may be made in a day.
const MOST_OPEN: i64 = 10;
const MOST_A_DAY: i64 = 50;
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// To link a workspace, by a plan that was drafted.
#[derive(Debug, Clone)]
pub struct LinkWish {
    pub workspace: String,
    pub organization: String,
    pub plan_digest: String,
    /// For the person, in the assistant's words.
    pub message: Option<String>,
}

/// To undo the link of a workspace, by a plan that was drafted.
#[derive(Debug, Clone)]
pub struct UndoWish {
    pub workspace: String,
    pub plan_digest: String,
    pub message: Option<String>,
}

/// Asks the person whose token it is to link a workspace. Asking again for what is open changes nothing.
///
/// # Errors
/// As linking itself (`NotFound`, a missing role, every reason of eligibility, `second_person_required`, `plan_changed`,
/// `plan_expired`); `feature_locked`, `not_served`; `request_limit`; `token_required`; bad input by field.
pub async fn request_link(app: &App, principal: &Principal, wish: &LinkWish) -> Result<RequestView, Error> {
    let (digest, message) = check(&wish.plan_digest, wish.message.as_deref())?;
    let request = LinkRequest {
        workspace: wish.workspace.clone(),
        organization: wish.organization.clone(),
        plan_digest: Some(digest),
        // The warnings are for the person.
        acknowledge: Acknowledge::Codes(Vec::new()),
    };
    let id: Result<AssistantRequestId, Error> = in_write!(app.db, tx, {
        let pair = PlannedPair::read(app, tx, principal, &request.workspace, &request.organization).await?;
        let (w, o) = (pair.workspace.workspace(), pair.organization.organization());
        let gate = app.catalog.gates.assistant_actions.as_deref();
        entitlement::require_once_linked(app, tx, (w, o), gate).await?;
        refuse_ineligible(&pair)?;
        if !app.settings.links_alone() {
            return Err(others_needed());
        }
        compare_with_shown(app, tx, &request, &pair).await?;
        create(app, tx, principal, (Act::Link, w.id, o.id), (digest, message.clone())).await
    });
    view_request(app, principal, &id?.to_string()).await
}

/// Asks the person whose token it is to undo the link of a workspace. Asking again for what is open changes nothing.
///
/// # Errors
/// As undoing itself; `feature_locked`, `not_served`; `request_limit`; `token_required`; bad input by field.
pub async fn request_undo(app: &App, principal: &Principal, wish: &UndoWish) -> Result<RequestView, Error> {
    let (digest, message) = check(&wish.plan_digest, wish.message.as_deref())?;
    let id: Result<AssistantRequestId, Error> = in_write!(app.db, tx, {
        let plan = plan_undo_within(app, tx, principal, &wish.workspace).await?;
        let gate = app.catalog.gates.assistant_actions.as_deref();
        entitlement::require(app, tx, plan.workspace.id, gate).await?;
        if plan.digest != digest {
            return Err(undo_changed());
        }
        let what = (Act::Undo, plan.workspace.id, plan.organization.id);
        create(app, tx, principal, what, (digest, message.clone())).await
    });
    view_request(app, principal, &id?.to_string()).await
}

fn check(digest: &str, message: Option<&str>) -> Result<(Digest, Option<String>), Error> {
    let digest = digest.trim().parse().map_err(|_| Error::field("plan_digest", "is the digest of a plan: sha256:…"))?;
    let message = check_text(message.unwrap_or_default()).map_err(|e| Error::field("message", e.to_string()))?;
    Ok((digest, message))
}

async fn create(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    (act, workspace_id, organization_id): (Act, WorkspaceId, OrganizationId),
    (plan_digest, message): (Digest, Option<String>),
) -> Result<AssistantRequestId, Error> {
    let (me, at) = (principal.account()?.id, app.now());
    let Some(token_id) = principal.token_id().filter(|_| principal.through() == Through::Own) else {
        let detail = "Only an assistant asks, by a token of its person. You can do it yourself.";
        return Err(Error::refused("token_required", "You need not ask yourself", detail));
    };
    assistant_request::expire(tx, me, at).await?;
    if let Some(open) = assistant_request::find_open(tx, me, act, &plan_digest).await? {
        return Ok(open.request.id);
    }
    let (open, lately) = assistant_request::count(tx, me, at.plus_seconds(-DAY_SECONDS)).await?;
    if open >= MOST_OPEN || lately >= MOST_A_DAY {
        let detail = format!(
            "{open} requests are open and {lately} were made within a day; {MOST_OPEN} may be open and {MOST_A_DAY} made in a \
             day. Let your person answer first."
        );
        return Err(Error::refused("request_limit", "Too many requests", detail));
    }
    let new = AssistantRequest {
        id: AssistantRequestId(app.new_id(at)),
        account_id: me,
        token_id,
        act,
        workspace_id,
        organization_id,
        plan_digest,
        message,
        state: AssistantRequestState::Open,
        created_at: at,
        expires_at: at.plus_seconds(AssistantRequest::LIFETIME_SECONDS),
        ended_at: None,
    };
    if !assistant_request::create(tx, &new).await? {
        // The same was asked at the same moment: look again.
        return Err(StoreError::Conflict.into());
    }
    note(app, tx, principal.actor(), EventType::AssistantRequestCreated, &new, at).await?;
    Ok(new.id)
}
