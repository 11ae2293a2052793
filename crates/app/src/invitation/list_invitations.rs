//! Invitations in lists: of a place for its admins, of an address for whoever has it.

use orglink_domain::id::{InvitationId, TenantId};
use orglink_domain::invitation::{Invitation, InvitationState};
use orglink_policy::Action;
use orglink_store::{Tx, invitation};

use super::view_invitation::{require_admin, view};
use super::{InvitationView, PlaceNamed, find, name_of_tenant};
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Page, PageRequest, Principal};

/// The invitations to a place.
#[derive(Debug, Clone)]
pub struct PlaceInvitations {
    pub place: PlaceNamed,
    pub page: Page<InvitationView>,
}

/// Those to the user groups of a workspace, newest first; in one state or all.
///
/// # Errors
/// `NotFound`; a refusal for anybody but a workspace admin.
pub async fn list_invitations_of_workspace(
    app: &App,
    principal: &Principal,
    reference: &str,
    state: Option<InvitationState>,
    page: &PageRequest,
) -> Result<PlaceInvitations, Error> {
    let mut tx = app.db.begin_read().await?;
    let action = Action::ChangeWorkspacePeople;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, action).await?;
    let tenant = TenantId::Workspace(proof.workspace().id);
    of_place(app, &mut tx, tenant, PlaceNamed::workspace(proof.workspace()), state, page).await
}

/// Those to the roles of an organization, newest first; in one state or all.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an organization admin.
pub async fn list_invitations_of_organization(
    app: &App,
    principal: &Principal,
    reference: &str,
    state: Option<InvitationState>,
    page: &PageRequest,
) -> Result<PlaceInvitations, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::ChangeRoles).await?;
    let tenant = TenantId::Organization(proof.organization().id);
    of_place(app, &mut tx, tenant, PlaceNamed::organization(proof.organization()), state, page).await
}

async fn of_place(
    app: &App,
    tx: &mut Tx,
    tenant: TenantId,
    place: PlaceNamed,
    state: Option<InvitationState>,
    page: &PageRequest,
) -> Result<PlaceInvitations, Error> {
    let found = invitation::list_of_tenant(tx, tenant, state, page.after_id(InvitationId)?, page.fetch()).await?;
    Ok(PlaceInvitations { place, page: views(app, tx, found, page).await? })
}

/// Those addressed to the one who asks, newest first; none while their address is not verified.
///
/// # Errors
/// When the database is not reachable.
pub async fn list_my_invitations(
    app: &App,
    principal: &Principal,
    state: Option<InvitationState>,
    page: &PageRequest,
) -> Result<Page<InvitationView>, Error> {
    let me = principal.account()?;
    let mut tx = app.db.begin_read().await?;
    let found = if me.is_verified {
        invitation::list_to_address(&mut tx, &me.email, state, page.after_id(InvitationId)?, page.fetch()).await?
    } else {
        Vec::new()
    };
    views(app, &mut tx, found, page).await
}

/// Invitations that the one who asks has just made.
///
/// # Errors
/// `NotFound` for one that is not of a place they administer.
pub async fn list_invitations_of(
    app: &App,
    principal: &Principal,
    ids: &[InvitationId],
) -> Result<Vec<InvitationView>, Error> {
    let mut tx = app.db.begin_read().await?;
    let mut views = Vec::new();
    for id in ids {
        let reference = id.to_string();
        let found = find(&mut tx, &reference).await?;
        require_admin(app, &mut tx, principal, &found, &reference).await?;
        views.push(view(app, &mut tx, found).await?);
    }
    Ok(views)
}

/// What is about a place that is gone has nothing to show any more.
async fn views(
    app: &App,
    tx: &mut Tx,
    found: Vec<Invitation>,
    page: &PageRequest,
) -> Result<Page<InvitationView>, Error> {
    let page = page.page(found, |i| i.id.to_string());
    let mut items = Vec::new();
    for about in page.items {
        if name_of_tenant(tx, about.tenant).await?.is_some() {
            items.push(view(app, tx, about).await?);
        }
    }
    Ok(Page { items, next: page.next })
}
