//! Where a workspace is to go if nobody links it: said by an admin of either side, it counts with a yes from both.

use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::WorkspaceId;
use orglink_domain::organization::Organization;
use orglink_domain::role::OrganizationStanding;
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::campaign::{self, Preference};
use orglink_store::{Tx, event, in_write, organization, workspace};
use serde_json::json;

use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Principal};

/// Who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// An admin of the workspace: it should go there.
    Workspace,
    /// An admin of the organization: it may come.
    Organization,
}

/// A preference as somebody sees it.
#[derive(Debug, Clone)]
pub struct PreferenceView {
    pub workspace: String,
    pub workspace_name: String,
    pub organization: String,
    pub organization_name: String,
    pub workspace_yes: bool,
    pub organization_yes: bool,
}

impl PreferenceView {
    /// Both sides have said yes.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.workspace_yes && self.organization_yes
    }
}

/// Says yes to a workspace going to an organization, for one side; for both when the one who says it administers both. Saying it
/// again changes nothing.
///
/// # Errors
/// `NotFound` for a side that may not be seen (an organization's admin may name a workspace only once it was declared);
/// `already_linked`; a refusal without the role.
pub async fn prefer_organization(
    app: &App,
    principal: &Principal,
    side: Side,
    workspace: &str,
    organization: &str,
) -> Result<(), Error> {
    let account = principal.account()?.id;
    let at = app.now();
    in_write!(app.db, tx, {
        let (w, o, is_both) = sides(app, tx, principal, side, workspace, organization).await?;
        let ours = (side == Side::Workspace || is_both).then_some(account);
        let theirs = (side == Side::Organization || is_both).then_some(account);
        let said = campaign::list_preferences_of_workspace(tx, w.id).await?;
        let is_said = |p: &Preference| {
            p.organization_id == o.id
                && (ours.is_none() || ours == p.workspace_yes_by)
                && (theirs.is_none() || theirs == p.organization_yes_by)
        };
        // Said again by the same person, it is no news to anybody.
        if said.iter().any(is_said) {
            return Ok(());
        }
        if !workspace::guard(tx, w.id, w.version).await? {
            return Err(orglink_store::StoreError::Conflict.into());
        }
        campaign::save_preference(tx, w.id, o.id, ours, theirs, at).await?;
        append(app, tx, principal, (&w, &o), EventType::OrganizationPreferred, side).await
    })
}

/// Takes it back, from either side.
///
/// # Errors
/// As for saying it; `NotFound` when nothing was declared.
pub async fn withdraw_preference(
    app: &App,
    principal: &Principal,
    side: Side,
    workspace: &str,
    organization: &str,
) -> Result<(), Error> {
    in_write!(app.db, tx, {
        let (w, o, _) = sides(app, tx, principal, side, workspace, organization).await?;
        if !campaign::delete_preference(tx, w.id, o.id).await? {
            return Err(Error::not_found("preference", organization));
        }
        if !workspace::guard(tx, w.id, w.version).await? {
            return Err(orglink_store::StoreError::Conflict.into());
        }
        append(app, tx, principal, (&w, &o), EventType::PreferenceWithdrawn, side).await
    })
}

/// Both sides, through the one that the one who asks administers; and whether they administer both.
async fn sides(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    side: Side,
    workspace: &str,
    organization: &str,
) -> Result<(Workspace, Organization, bool), Error> {
    match side {
        Side::Workspace => {
            let w = WorkspaceProof::load(app, tx, principal, workspace, Action::PreferOrganization).await?;
            if w.link().is_some() {
                return Err(already_linked());
            }
            // Only an organization that they know: naming others must not tell which there are.
            let o = OrganizationProof::load(app, tx, principal, organization, Action::ViewOrganization).await?;
            let is_both = o.role() == OrganizationStanding::Admin && o.may(app, Action::AcceptWorkspace);
            Ok((w.workspace().clone(), o.organization().clone(), is_both))
        }
        Side::Organization => {
            let o = OrganizationProof::load(app, tx, principal, organization, Action::AcceptWorkspace).await?;
            let absent = || Error::not_found("workspace", workspace);
            let declared = campaign::list_preferences_of_organization(tx, o.organization().id).await?;
            let found =
                declared.iter().find(|p| p.workspace_slug == workspace || p.workspace_id.to_string() == workspace);
            let w = match found {
                Some(declared) => workspace::find(tx, declared.workspace_id).await?.ok_or_else(absent)?,
                // Not declared yet: then it must be one of theirs.
                None => {
                    let own = WorkspaceProof::load(app, tx, principal, workspace, Action::PreferOrganization).await?;
                    own.workspace().clone()
                }
            };
            if orglink_store::link::find_active(tx, w.id).await?.is_some() {
                return Err(already_linked());
            }
            Ok((w, o.organization().clone(), found.is_none()))
        }
    }
}

pub(super) fn already_linked() -> Error {
    Error::refused(
        "already_linked",
        "It is linked already",
        "The workspace is linked to an organization; nothing is to be decided any more.",
    )
}

async fn append(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    (w, o): (&Workspace, &Organization),
    kind: EventType,
    side: Side,
) -> Result<(), Error> {
    let side = match side {
        Side::Workspace => "workspace",
        Side::Organization => "organization",
    };
    let happened = NewEvent {
        kind,
        organization_id: Some(o.id),
        workspace_id: Some(w.id),
        payload: json!({ "side": side, "workspace": { "slug": w.slug }, "organization": { "slug": o.slug } }),
    };
    event::append(tx, app.origin(principal.actor(), app.now()), happened, Some(w.version + 1)).await?;
    app.feed.poke();
    Ok(())
}

/// What was declared for a workspace, as far as the one who asks may know the organizations.
pub(super) async fn preferences_of(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    id: WorkspaceId,
) -> Result<Vec<PreferenceView>, Error> {
    let mut views = Vec::new();
    for declared in campaign::list_preferences_of_workspace(tx, id).await? {
        let account = principal.account_if_any().map(|a| a.id);
        let standing = match account {
            Some(account) => organization::find_standing(tx, declared.organization_id, account).await?,
            None => OrganizationStanding::None,
        };
        let is_declarer = declared.workspace_yes_by.is_some() && declared.workspace_yes_by == account;
        if standing != OrganizationStanding::None
            || is_declarer
            || app.may(Action::ManageCampaigns, principal.standing())
        {
            views.push(view(declared));
        }
    }
    Ok(views)
}

fn view(declared: Preference) -> PreferenceView {
    PreferenceView {
        workspace: declared.workspace_slug,
        workspace_name: declared.workspace_name,
        organization: declared.organization_slug,
        organization_name: declared.organization_name,
        workspace_yes: declared.workspace_yes_by.is_some(),
        organization_yes: declared.organization_yes_by.is_some(),
    }
}

/// The workspaces that are declared to come to an organization.
///
/// # Errors
/// `NotFound`; a refusal for anybody but its admins.
pub async fn list_preferences(
    app: &App,
    principal: &Principal,
    organization: &str,
) -> Result<Vec<PreferenceView>, Error> {
    let mut tx = app.db.begin_read().await?;
    let o = OrganizationProof::load(app, &mut tx, principal, organization, Action::AcceptWorkspace).await?;
    let declared = campaign::list_preferences_of_organization(&mut tx, o.organization().id).await?;
    Ok(declared.into_iter().map(view).collect())
}
