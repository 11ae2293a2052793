//! What one's assistants have asked for, and whether it can still be done.

use orglink_domain::assistant::{AssistantRequest, AssistantRequestState};
use orglink_domain::id::AssistantRequestId;
use orglink_domain::link::Act;
use orglink_mail::Named;
use orglink_policy::Action;
use orglink_store::Tx;
use orglink_store::assistant_request::{self, Asked};

use super::find;
use crate::link::{PlannedPair, plan_undo_within};
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Page, PageRequest, Principal};

/// What an assistant asked for, as its person sees it.
#[derive(Debug, Clone)]
pub struct RequestView {
    pub request: AssistantRequest,
    /// As it is now.
    pub state: AssistantRequestState,
    /// The name of the token by which it asked.
    pub token: String,
    pub is_token_alive: bool,
    /// None when they may not see it any more.
    pub workspace: Option<Named>,
    pub organization: Option<Named>,
    /// Why it can no longer be confirmed although it is open.
    pub obstacle: Option<String>,
    /// The page of ours where the person looks at the plan and decides; while that is possible.
    pub path: Option<String>,
}

/// One request of the one who asks.
///
/// # Errors
/// `NotFound` for anybody else's.
pub async fn view_request(app: &App, principal: &Principal, reference: &str) -> Result<RequestView, Error> {
    let mut tx = app.db.begin_read().await?;
    let asked = find(&mut tx, principal, reference).await?;
    view(app, &mut tx, principal, asked).await
}

/// The requests of the one who asks, newest first.
///
/// # Errors
/// When the local operator asks for nobody.
pub async fn list_requests(app: &App, principal: &Principal, page: &PageRequest) -> Result<Page<RequestView>, Error> {
    let me = principal.account()?.id;
    let mut tx = app.db.begin_read().await?;
    let found = assistant_request::list(&mut tx, me, page.after_id(AssistantRequestId)?, page.fetch()).await?;
    let Page { items, next } = page.page(found, |asked| asked.request.id.to_string());
    let mut views = Vec::with_capacity(items.len());
    for asked in items {
        views.push(view(app, &mut tx, principal, asked).await?);
    }
    Ok(Page { items: views, next })
}

async fn view(app: &App, tx: &mut Tx, principal: &Principal, asked: Asked) -> Result<RequestView, Error> {
    let Asked { request, token, is_token_alive } = asked;
    let state = request.state_at(app.now());
    let (w, o) = (request.workspace_id.to_string(), request.organization_id.to_string());
    let workspace = WorkspaceProof::load(app, tx, principal, &w, Action::ViewWorkspace).await;
    let workspace = seen(workspace)?.map(|p| Named::new(p.workspace().slug.clone(), p.workspace().name.clone()));
    let organization = OrganizationProof::load(app, tx, principal, &o, Action::ViewOrganization).await;
    let organization =
        seen(organization)?.map(|p| Named::new(p.organization().slug.clone(), p.organization().name.clone()));
    let obstacle = match state {
        AssistantRequestState::Open => obstacle(app, tx, principal, &request).await?,
        _ => None,
    };
    let is_possible = state == AssistantRequestState::Open && obstacle.is_none();
    let path = match (request.act, &workspace, &organization) {
        (Act::Undo, Some(w), _) => Some(format!("/workspaces/{}/undo", w.slug)),
        (_, _, Some(o)) => Some(format!("/organizations/{}/link/plans/{}", o.slug, request.plan_digest)),
        _ => None,
    };
    let path = path.filter(|_| is_possible);
    Ok(RequestView { request, state, token, is_token_alive, workspace, organization, obstacle, path })
}

fn seen<T>(loaded: Result<T, Error>) -> Result<Option<T>, Error> {
    match loaded {
        Ok(proof) => Ok(Some(proof)),
        Err(Error::NotFound { .. } | Error::Refused(_)) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Why the plan that was asked for cannot be done any more.
async fn obstacle(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    of: &AssistantRequest,
) -> Result<Option<String>, Error> {
    let (w, o) = (of.workspace_id.to_string(), of.organization_id.to_string());
    let now = match of.act {
        Act::Undo => plan_undo_within(app, tx, principal, &w).await.map(|plan| plan.digest),
        _ => match PlannedPair::read(app, tx, principal, &w, &o).await {
            Ok(pair) => match pair.plan.eligibility.blocking().next() {
                Some(reason) => return Ok(Some(reason.detail.to_owned())),
                None => Ok(pair.plan.digest),
            },
            Err(e) => Err(e),
        },
    };
    match now {
        Ok(digest) if digest == of.plan_digest => Ok(None),
        Ok(_) => {
            Ok(Some("Something has changed since; it asks for a plan that is no longer what would be done.".to_owned()))
        }
        Err(e @ (Error::NotFound { .. } | Error::Refused(_))) => Ok(Some(e.to_string())),
        Err(e) => Err(e),
    }
}
