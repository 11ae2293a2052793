//! Everything that a users migration is planned of, read in one snapshot.

use std::collections::{BTreeMap, BTreeSet};

use orglink_domain::id::AccountId;
use orglink_domain::invitation::{InvitationState, Target};
use orglink_domain::name::fold;
use orglink_domain::user_management::{
    DirectoryEntry, Fate, Mapping, NoPlan, Person, PlaceAccess, UsersFacts, UsersPlan,
};
use orglink_policy::{Action, Standing};
use orglink_store::{Tx, account, directory, installation, invitation, organization, stage};

use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Principal};

/// A workspace with its organization, for somebody who administers one of them, with the plan for its users.
pub(crate) struct Planned {
    pub workspace: WorkspaceProof,
    pub organization: OrganizationProof,
    pub facts: UsersFacts,
    pub plan: UsersPlan,
}

impl Planned {
    /// Reads it for somebody who administers the workspace, its organization or both.
    ///
    /// # Errors
    /// `NotFound`; `not_linked`; bad input for a mapping that cannot be; a refusal for whoever administers neither.
    pub async fn read(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        workspace: &str,
        mapping: &Mapping,
    ) -> Result<Self, Error> {
        let w = WorkspaceProof::load(app, tx, principal, workspace, Action::ViewWorkspace).await?;
        let Some(link) = w.link() else {
            let detail = "The workspace is not linked to an organization: there is no directory that its users could \
                          migrate into. Link it first.";
            return Err(Error::refused("not_linked", "It is not linked", detail));
        };
        let o = OrganizationProof::governing(tx, principal, link).await?;
        let is_unclaimed = o.is_unclaimed();
        let standing = Standing { workspace: w.role(), organization: o.role(), is_unclaimed, ..principal.standing() };
        app.require(Action::AgreeToLink, Standing { is_unclaimed: false, ..standing })?;
        Self::of(app, tx, (w, o), mapping).await
    }

    /// Makes the plan of a pair that was loaded for the one who asks.
    ///
    /// # Errors
    /// `not_linked`; bad input for a mapping that cannot be.
    pub async fn of(
        app: &App,
        tx: &mut Tx,
        (w, o): (WorkspaceProof, OrganizationProof),
        mapping: &Mapping,
    ) -> Result<Self, Error> {
        let (workspace, organization) = (w.workspace(), o.organization());
        let Some(link) = w.link().filter(|link| link.organization_id == organization.id) else {
            let detail = "The workspace is no longer linked to that organization. Nothing was done.";
            return Err(Error::refused("not_linked", "It is not linked there", detail));
        };
        let here = directory::find_access(tx, workspace.id, &workspace.slug).await?;
        let entries = directory::list_entries(tx, organization.id).await?;
        let others = merged_places(tx, &here, &entries, mapping).await?;
        let managers: BTreeSet<AccountId> = directory::list_managers(tx, organization.id).await?.into_iter().collect();
        let people = people(tx, &here, &entries).await?;
        let pending =
            invitation::list_pending_of_tenant(tx, orglink_domain::id::TenantId::Workspace(workspace.id)).await?;
        let now = app.now();
        let invitations = pending.into_iter().filter(|i| i.state_at(now) == InvitationState::Pending);
        let invitations = invitations.filter_map(|i| match i.target {
            Target::UserGroup(slug) => Some((i.email, slug)),
            _ => None,
        });
        let facts = UsersFacts {
            workspace: workspace.clone(),
            organization: organization.clone(),
            link: link.id,
            is_migrated: stage::find(tx, link.id).await?.users_migrated_at.is_some(),
            is_unclaimed: o.is_unclaimed(),
            is_frozen: installation::find_freeze(tx).await?.is_frozen,
            policy: app.settings.link_policy,
            here,
            others,
            directory: entries,
            people,
            domains: organization::list_domains(tx, organization.id).await?,
            invitations: invitations.collect(),
            managers,
        };
        let plan = UsersPlan::new(&facts, mapping).map_err(|e| match e {
            NoPlan::Mapping(fault) => Error::field("mapping", fault.to_string()),
            NoPlan::Json(e) => Error::broken(&e.to_string()),
        })?;
        Ok(Self { workspace: w, organization: o, facts, plan })
    }
}

/// The other workspaces of which something changes when groups are merged.
async fn merged_places(
    tx: &mut Tx,
    here: &PlaceAccess,
    entries: &[DirectoryEntry],
    mapping: &Mapping,
) -> Result<Vec<PlaceAccess>, Error> {
    let mut places: BTreeMap<_, String> = BTreeMap::new();
    for fate in mapping.values() {
        let Fate::Merge(into) = fate else { continue };
        let Some(entry) = entries.iter().find(|e| fold(&e.group.slug) == fold(into)) else { continue };
        for attached in directory::list_attached(tx, entry.group.id).await? {
            if attached.workspace_id != here.workspace {
                places.insert(attached.workspace_id, attached.workspace);
            }
        }
    }
    let mut found = Vec::new();
    for (id, slug) in places {
        found.push(directory::find_access(tx, id, &slug).await?);
    }
    Ok(found)
}

/// Everybody who is in the workspace's groups or in the directory.
async fn people(
    tx: &mut Tx,
    here: &PlaceAccess,
    entries: &[DirectoryEntry],
) -> Result<BTreeMap<AccountId, Person>, Error> {
    let of_here = here.groups.iter().flat_map(|g| g.members.iter().copied());
    let everybody: BTreeSet<AccountId> = of_here
        .chain(entries.iter().flat_map(|e| e.members.iter().copied()))
        .chain(here.direct.keys().copied())
        .collect();
    let ids: Vec<AccountId> = everybody.into_iter().collect();
    let person = |a: orglink_domain::account::Account| Person {
        id: a.id,
        email: a.email,
        name: a.name,
        is_verified: a.is_verified,
        is_robot: a.is_robot,
        is_suspended: a.is_suspended,
    };
    Ok(account::list_by_ids(tx, &ids).await?.into_iter().map(|a| (a.id, person(a))).collect())
}

/// Whether the one who asks administers the workspace, and the organization.
pub(super) fn sides(app: &App, planned: &Planned) -> (bool, bool) {
    use orglink_domain::role::{OrganizationStanding, WorkspaceRole};
    let of_workspace = planned.workspace.role() == WorkspaceRole::Admin;
    let of_organization = planned.organization.role() == OrganizationStanding::Admin;
    (of_workspace, of_organization && planned.organization.may(app, Action::ManageDirectory))
}
