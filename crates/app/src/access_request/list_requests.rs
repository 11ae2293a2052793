//! Access requests in lists: of a place for its admins, of the one who asks.

use std::collections::HashMap;

use orglink_domain::access_request::{AccessRequest, AccessRequestState};
use orglink_domain::account::Account;
use orglink_domain::id::{AccessRequestId, AccountId, TenantId};
use orglink_domain::workspace::UserGroup;
use orglink_policy::Action;
use orglink_store::access_request::{self, RequestsOf};
use orglink_store::{Tx, account, user_group};

use super::{find, load_place};
use crate::invitation::PlaceNamed;
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Page, PageRequest, Principal};

/// A request as its asker or an admin of the place sees it.
#[derive(Debug, Clone)]
pub struct RequestView {
    pub request: AccessRequest,
    /// As it is now.
    pub state: AccessRequestState,
    /// Who asks: with name and address, which the admins need to decide.
    pub asker: Option<Account>,
}

/// The requests of a place.
#[derive(Debug, Clone)]
pub struct PlaceRequests {
    pub place: PlaceNamed,
    pub page: Page<RequestView>,
    /// Of a workspace: the groups with the *Admin* lozenge, by slug; approving adds the asker to one of them.
    pub groups: Vec<UserGroup>,
}

/// What is asked of an organization's admins, newest first; in one state or all.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an organization admin.
pub async fn list_requests_of_organization(
    app: &App,
    principal: &Principal,
    reference: &str,
    state: Option<AccessRequestState>,
    page: &PageRequest,
) -> Result<PlaceRequests, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::ChangeRoles).await?;
    let of = RequestsOf::Tenant(TenantId::Organization(proof.organization().id));
    let page = views(app, &mut tx, of, state, page).await?;
    Ok(PlaceRequests { place: PlaceNamed::organization(proof.organization()), page, groups: Vec::new() })
}

/// What is asked of a workspace's admins, newest first; in one state or all.
///
/// # Errors
/// `NotFound`; a refusal for anybody but a workspace admin.
pub async fn list_requests_of_workspace(
    app: &App,
    principal: &Principal,
    reference: &str,
    state: Option<AccessRequestState>,
    page: &PageRequest,
) -> Result<PlaceRequests, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ChangeWorkspacePeople).await?;
    let of = RequestsOf::Tenant(TenantId::Workspace(proof.workspace().id));
    let page = views(app, &mut tx, of, state, page).await?;
    let mut groups = user_group::list(&mut tx, proof.workspace().id).await?;
    groups.retain(|g| g.is_admin);
    Ok(PlaceRequests { place: PlaceNamed::workspace(proof.workspace()), page, groups })
}

/// What the one who asks has asked, newest first; in one state or all.
///
/// # Errors
/// When the database is not reachable.
pub async fn list_my_requests(
    app: &App,
    principal: &Principal,
    state: Option<AccessRequestState>,
    page: &PageRequest,
) -> Result<Page<RequestView>, Error> {
    let me = principal.account()?.id;
    let mut tx = app.db.begin_read().await?;
    views(app, &mut tx, RequestsOf::Account(me), state, page).await
}

/// One request, for its asker or an admin of the place.
///
/// # Errors
/// `NotFound` for anybody else.
pub async fn view_request(app: &App, principal: &Principal, reference: &str) -> Result<RequestView, Error> {
    let mut tx = app.db.begin_read().await?;
    let request = find(&mut tx, reference).await?;
    let is_own = principal.account_if_any().is_some_and(|a| a.id == request.asked_by);
    if !is_own {
        load_place(app, &mut tx, principal, &request, reference).await?;
    }
    let asker = account::find(&mut tx, request.asked_by).await?;
    Ok(RequestView { state: request.state_at(app.now()), asker, request })
}

async fn views(
    app: &App,
    tx: &mut Tx,
    of: RequestsOf,
    state: Option<AccessRequestState>,
    page: &PageRequest,
) -> Result<Page<RequestView>, Error> {
    let before = page.after_id(AccessRequestId)?;
    let found = access_request::list(tx, of, state, before, page.fetch()).await?;
    let ids: Vec<AccountId> = found.iter().map(|r| r.asked_by).collect();
    let people: HashMap<AccountId, Account> =
        account::list_by_ids(tx, &ids).await?.into_iter().map(|a| (a.id, a)).collect();
    let now = app.now();
    Ok(page.page(found, |r| r.id.to_string()).map(|request| RequestView {
        state: request.state_at(now),
        asker: people.get(&request.asked_by).cloned(),
        request,
    }))
}
