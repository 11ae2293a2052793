//! What somebody may be invited to, loaded for whoever invites.

use std::collections::HashMap;

use orglink_domain::account::Account;
use orglink_domain::id::{AccountId, TenantId};
use orglink_domain::invitation::{Invitation, Target};
use orglink_domain::name::fold;
use orglink_domain::role::{HeldRole, OrganizationRole};
use orglink_domain::user_management::DirectoryGroup;
use orglink_domain::workspace::UserGroup;
use orglink_policy::Action;
use orglink_store::{Tx, account, directory, organization, user_group, workspace};
use serde::Serialize;
use uuid::Uuid;

use super::PlaceNamed;
use crate::change::moved_to_organization;
use crate::directory::{DirectoryOf, DirectoryProof};
use crate::organization::{RoleAt, RolePlace};
use crate::tenant::{OrganizationProof, TenantProof, WorkspaceProof};
use crate::user_group::find_group;
use crate::{App, Error, Principal};

/// To what people are invited, as a surface names it.
#[derive(Debug, Clone, Serialize)]
pub enum InviteTo<'a> {
    /// A user group of a workspace, by their slugs.
    UserGroup(&'a str, &'a str),
    /// A group of a directory, by its slug.
    DirectoryGroup(DirectoryOf<'a>, &'a str),
    /// A role in an organization, by its slug: `organization/admin`, `site/SITE/site_admin`, `app/SITE/PRODUCT/app_admin`.
    Role(&'a str, String),
}

/// The same, found, with the proof that the one who asks may invite there.
pub(super) enum Place {
    UserGroup(WorkspaceProof, UserGroup),
    DirectoryGroup(DirectoryProof, DirectoryGroup),
    Role(OrganizationProof, HeldRole),
}

/// What somebody with an address is to a place already: read by the address alone, in the same statements whether or
/// not anybody has it.
#[derive(Debug, Clone)]
pub(super) enum Relation {
    /// Has already what they would be invited to.
    Has,
    /// Somebody whom the place's admins see there anyway.
    Member(AccountId),
    /// Anybody else, or nobody.
    Unknown,
}

impl Place {
    pub(super) async fn load(app: &App, tx: &mut Tx, principal: &Principal, to: &InviteTo<'_>) -> Result<Self, Error> {
        match to {
            InviteTo::UserGroup(workspace, group) => {
                let action = Action::ChangeWorkspacePeople;
                let proof = WorkspaceProof::load(app, tx, principal, workspace, action).await?;
                let group = find_group(tx, &proof, group).await?;
                let attached = directory::list_of_workspace(tx, proof.workspace().id).await?;
                if let Some((_, to, organization)) = attached.iter().find(|(id, ..)| *id == group.id) {
                    return Err(moved_to_organization(app, &group.slug, organization, &to.slug));
                }
                Ok(Self::UserGroup(proof, group))
            }
            InviteTo::DirectoryGroup(of, slug) => {
                let proof = DirectoryProof::load(app, tx, principal, *of, Action::ManageDirectory).await?;
                let group = proof.find_group(tx, slug).await?;
                Ok(Self::DirectoryGroup(proof, group))
            }
            InviteTo::Role(organization, role) => {
                let proof = OrganizationProof::load(app, tx, principal, organization, Action::ChangeRoles).await?;
                let Some(Target::Role(role)) = Target::parse(role) else {
                    return Err(Error::field("role", "choose a role that there is"));
                };
                RoleAt::find(tx, proof.organization().id, RolePlace::of(&role)).await?;
                Ok(Self::Role(proof, role))
            }
        }
    }

    pub(super) const fn tenant(&self) -> TenantId {
        match self {
            Self::UserGroup(proof, _) => TenantId::Workspace(proof.workspace().id),
            Self::DirectoryGroup(proof, _) => TenantId::Organization(proof.organization().id),
            Self::Role(proof, _) => TenantId::Organization(proof.organization().id),
        }
    }

    pub(super) fn target(&self) -> Target {
        match self {
            Self::UserGroup(_, group) => Target::UserGroup(group.slug.clone()),
            Self::DirectoryGroup(proof, group) => proof.named().target(&group.slug),
            Self::Role(_, role) => Target::Role(role.clone()),
        }
    }

    pub(super) fn named(&self) -> PlaceNamed {
        match self {
            Self::UserGroup(proof, _) => PlaceNamed::workspace(proof.workspace()),
            Self::DirectoryGroup(proof, _) => PlaceNamed::organization(proof.organization()),
            Self::Role(proof, _) => PlaceNamed::organization(proof.organization()),
        }
    }

    /// Whoever holds it administers the whole place.
    pub(super) fn is_admin(&self) -> bool {
        match self {
            Self::UserGroup(_, group) => group.is_admin,
            Self::DirectoryGroup(..) => false,
            Self::Role(_, role) => *role == HeldRole::Organization(OrganizationRole::Admin),
        }
    }

    /// What the people with these addresses are to it, in the order of the addresses.
    pub(super) async fn relations(&self, tx: &mut Tx, emails: &[String]) -> Result<Vec<Relation>, Error> {
        let folded: Vec<String> = emails.iter().map(|e| fold(e)).collect();
        match self {
            Self::UserGroup(proof, group) => {
                let id = proof.workspace().id;
                let by_address = |people: Vec<Account>| -> HashMap<String, AccountId> {
                    people.into_iter().map(|a| (fold(&a.email), a.id)).collect()
                };
                let members = by_address(workspace::list_members_by_address(tx, id, &folded).await?);
                let inside = by_address(user_group::list_members_by_address(tx, group.id, &folded).await?);
                let relation = |email: &String| match (inside.get(email), members.get(email)) {
                    (Some(_), _) => Relation::Has,
                    (None, Some(id)) => Relation::Member(*id),
                    (None, None) => Relation::Unknown,
                };
                Ok(folded.iter().map(relation).collect())
            }
            Self::DirectoryGroup(proof, group) => {
                let mut relations = Vec::new();
                for email in emails {
                    // Read in the same statements whether or not anybody has it.
                    let found = account::find_by_email(tx, email).await?.map_or(AccountId(Uuid::nil()), |a| a.id);
                    let is_inside = directory::is_member(tx, group.id, found).await?;
                    let is_known = organization::is_known(tx, proof.organization().id, found).await?;
                    relations.push(match (is_inside, is_known) {
                        (true, _) => Relation::Has,
                        (false, true) => Relation::Member(found),
                        (false, false) => Relation::Unknown,
                    });
                }
                Ok(relations)
            }
            Self::Role(proof, role) => {
                let mut relations = Vec::new();
                for email in &folded {
                    let held = organization::list_held(tx, proof.organization().id, (email, email)).await?;
                    relations.push(match held.first() {
                        _ if held.iter().any(|(_, held)| held == role) => Relation::Has,
                        Some((id, _)) => Relation::Member(*id),
                        None => Relation::Unknown,
                    });
                }
                Ok(relations)
            }
        }
    }
}

/// The place of an invitation, for somebody who may invite to it.
pub(super) enum Inviting {
    Tenant(TenantProof),
    Directory(DirectoryProof),
}

/// The place of an invitation, for somebody who wants to invite to it, or to take that back.
///
/// # Errors
/// `NotFound`, or a refusal for whoever may not.
pub(super) async fn load_place(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    about: &Invitation,
) -> Result<Inviting, Error> {
    let site = match &about.target {
        Target::DirectoryGroup(_) => None,
        Target::SiteGroup(site, _) => Some(site.as_str()),
        Target::UserGroup(_) | Target::Role(_) => {
            return TenantProof::load(app, tx, principal, about.tenant).await.map(Inviting::Tenant);
        }
    };
    let organization = about.tenant.uuid().to_string();
    let of = DirectoryOf { organization: &organization, site };
    DirectoryProof::load(app, tx, principal, of, Action::ManageDirectory).await.map(Inviting::Directory)
}

/// The same as if whoever answers for it asked now; none when they may not invite there any more.
pub(super) async fn place_of_inviter(app: &App, tx: &mut Tx, about: &Invitation) -> Result<Option<Inviting>, Error> {
    let found = account::find(tx, about.invited_by).await?;
    let Some(inviter) = found.filter(|a| !a.is_suspended) else { return Ok(None) };
    match load_place(app, tx, &Principal::session(inviter), about).await {
        Ok(place) => Ok(Some(place)),
        Err(Error::NotFound { .. } | Error::Refused(_)) => Ok(None),
        Err(e) => Err(e),
    }
}
