//! What somebody with one of the two roles can do about the other: ask, invite, and what is pending of either; where
//! links are proposed, they propose it or hand over a code instead.

use orglink_app::access_request::{RequestView, list_my_requests};
use orglink_app::invitation::{InvitationView, list_invitations_of_workspace, list_my_invitations};
use orglink_app::user_group::list_user_groups;
use orglink_app::workspace::view_workspace;
use orglink_app::{Error, PageRequest};
use orglink_domain::access_request::{AccessRequestState, AskedKind};
use orglink_domain::invitation::InvitationState;
use orglink_domain::role::WorkspaceRole;
use orglink_http::{AppState, Failure, Visitor};

use crate::failure::escaped;

/// The ways to the role that is missing.
pub struct Missing {
    /// What to ask for.
    pub kind: AskedKind,
    pub named: String,
    /// The step to come back to.
    pub return_to: String,
    /// Requests of the visitor that are open.
    pub requests: Vec<RequestView>,
    /// Invitations to the visitor that wait for an answer.
    pub invitations: Vec<InvitationView>,
    /// Where an organization admin can be invited to the Admin group of the workspace that is to be linked.
    pub invite: Option<Invite>,
    /// Where links are proposed.
    pub propose: Option<Propose>,
}

/// The way for whoever has one of the two roles.
pub struct Propose {
    /// The form, with what is known filled in.
    pub path: String,
    /// The name of what the visitor administers and can hand over a code of, and where that form goes.
    pub hand_over: Option<(String, String)>,
}

impl Propose {
    /// Nothing where one person with both roles is the only way.
    pub fn find(
        app: &AppState,
        workspace: Option<&str>,
        organization: &str,
        hand_over: Option<(String, String)>,
    ) -> Option<Self> {
        if !app.settings.needs_proposals() {
            return None;
        }
        let (workspace, organization) = (escaped(workspace.unwrap_or_default()), escaped(organization));
        let path = format!("/link/propose?workspace={workspace}&organization={organization}");
        Some(Self { path, hand_over })
    }
}

/// The workspace's own way: making an organization admin its admin.
pub struct Invite {
    pub workspace: String,
    pub slug: String,
    /// The page that adds members to its first group with the *Admin* lozenge.
    pub path: String,
    /// Those invited there already.
    pub pending: Vec<InvitationView>,
    /// The page of that group, where they can be withdrawn and sent again.
    pub group: String,
}

impl Missing {
    /// For a visitor who lacks a role; `workspace` is the one they want to link, if that is known.
    pub async fn find(
        app: &AppState,
        visitor: &Visitor,
        kind: AskedKind,
        named: &str,
        return_to: String,
        workspace: Option<&str>,
    ) -> Result<Self, Failure> {
        let (principal, page) = (visitor.principal(), PageRequest::new(None, Some(50))?);
        let open = Some(AccessRequestState::Open);
        let mut requests = list_my_requests(app, principal, open, &page).await?.items;
        requests.retain(|v| v.request.kind == kind && v.state == AccessRequestState::Open);
        let pending = Some(InvitationState::Pending);
        let mut invitations = list_my_invitations(app, principal, pending, &page).await?.items;
        invitations.retain(|v| v.state == InvitationState::Pending);
        let invite = match workspace {
            Some(workspace) => invite_to(app, visitor, workspace).await?,
            None => None,
        };
        let hand_over = invite.as_ref().map(|i| (i.workspace.clone(), format!("/workspaces/{}/link-code", i.slug)));
        let propose = Propose::find(app, workspace, named, hand_over);
        Ok(Self { kind, named: named.to_owned(), return_to, requests, invitations, invite, propose })
    }
}

/// Nothing for a workspace that the visitor does not administer.
async fn invite_to(app: &AppState, visitor: &Visitor, workspace: &str) -> Result<Option<Invite>, Failure> {
    let principal = visitor.principal();
    let view = match view_workspace(app, principal, workspace).await {
        Ok(view) if view.role == WorkspaceRole::Admin => view,
        Ok(_) | Err(Error::NotFound { .. } | Error::Refused(_)) => return Ok(None),
        Err(e) => return Err(e.into()),
    };
    let slug = &view.workspace.slug;
    let groups = list_user_groups(app, principal, slug).await?;
    let Some(group) = groups.iter().find(|g| g.group.is_admin) else { return Ok(None) };
    let (wanted, page) = (Some(InvitationState::Pending), PageRequest::new(None, Some(50))?);
    let mut pending = list_invitations_of_workspace(app, principal, slug, wanted, &page).await?.page.items;
    pending.retain(|v| v.is_admin && v.state == InvitationState::Pending);
    let group = format!("/workspaces/{slug}/user-groups/{}", group.group.slug);
    let (slug, workspace) = (view.workspace.slug, view.workspace.name);
    Ok(Some(Invite { workspace, slug, path: format!("{group}/add"), pending, group }))
}
