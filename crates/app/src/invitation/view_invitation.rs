//! An invitation as the invited person, or the admins of its place, see it.

use orglink_domain::id::TenantId;
use orglink_domain::invitation::{Invitation, InvitationState, Target};
use orglink_domain::organization::Organization;
use orglink_domain::role::{AppRole, HeldRole, OrganizationRole, SiteRole};
use orglink_domain::workspace::Workspace;
use orglink_store::{Tx, account, invitation, organization, user_group, workspace};

use super::place::{Inviting, load_place, place_of_inviter};
use super::{absent, find};
use crate::tenant::{TenantProof, instead};
use crate::{App, Error, Principal};

/// A workspace or an organization by its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceNamed {
    /// `workspace` or `organization`.
    pub kind: &'static str,
    pub slug: String,
    pub name: String,
}

impl PlaceNamed {
    pub(crate) fn workspace(w: &Workspace) -> Self {
        Self { kind: "workspace", slug: w.slug.clone(), name: w.name.clone() }
    }

    pub(crate) fn organization(o: &Organization) -> Self {
        Self { kind: "organization", slug: o.slug.clone(), name: o.name.clone() }
    }

    /// The page of its own.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/{}s/{}", self.kind, self.slug)
    }
}

/// An invitation with what a person needs to decide about it.
#[derive(Debug, Clone)]
pub struct InvitationView {
    pub invitation: Invitation,
    /// As it is now.
    pub state: InvitationState,
    pub place: PlaceNamed,
    /// What one becomes, in words.
    pub becomes: String,
    /// What that allows, in a sentence.
    pub allows: String,
    /// Whoever accepts administers the whole place.
    pub is_admin: bool,
    /// The name of whoever answers for it.
    pub invited_by: String,
    /// They may still invite there; otherwise somebody else must send it again before it can be accepted.
    pub inviter_may: bool,
    /// Others that are pending for the same address in the same place; whether accepting this one settles them.
    pub others: Vec<(Target, bool)>,
}

/// What a link in a mail leads to.
#[derive(Debug, Clone)]
pub struct BySecret {
    pub view: InvitationView,
    /// The secret can still be used to make an account with the invited address.
    pub is_usable: bool,
}

/// An invitation for the one it is for, or for an admin of its place.
///
/// # Errors
/// `NotFound` for anybody else.
pub async fn view_invitation(app: &App, principal: &Principal, reference: &str) -> Result<InvitationView, Error> {
    let mut tx = app.db.begin_read().await?;
    let found = find(&mut tx, reference).await?;
    require_concerned(app, &mut tx, principal, &found, reference).await?;
    view(app, &mut tx, found).await
}

/// What the link in a mail leads to; looking at it uses nothing up.
///
/// # Errors
/// `NotFound` when it is no secret of an invitation.
pub async fn find_by_secret(app: &App, secret: &str) -> Result<BySecret, Error> {
    let mut tx = app.db.begin_read().await?;
    let (found, is_open) = super::secret::find(app, &mut tx, secret).await?;
    let view = view(app, &mut tx, found).await?;
    let is_usable = is_open && view.state == InvitationState::Pending;
    Ok(BySecret { view, is_usable })
}

/// Nobody else learns that it exists.
pub(super) async fn require_concerned(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    about: &Invitation,
    reference: &str,
) -> Result<(), Error> {
    let is_theirs = principal.account_if_any().is_some_and(|a| a.is_verified && about.is_for(a));
    if is_theirs { Ok(()) } else { require_admin(app, tx, principal, about, reference).await }
}

/// Whoever may invite to its place; to anybody else it is not there.
pub(super) async fn require_admin(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    about: &Invitation,
    reference: &str,
) -> Result<(), Error> {
    let found = match load_place(app, tx, principal, about).await {
        // What was to a group of a site that is gone is still the organization's to look up.
        Err(Error::NotFound { what: "site", .. }) => {
            TenantProof::load(app, tx, principal, about.tenant).await.map(Inviting::Tenant)
        }
        found => found,
    };
    found.map_err(instead(|| absent(reference)))?;
    Ok(())
}

/// The names of a place that is there.
pub(crate) async fn name_of_tenant(tx: &mut Tx, id: TenantId) -> Result<Option<PlaceNamed>, Error> {
    Ok(match id {
        TenantId::Workspace(id) => workspace::find(tx, id).await?.as_ref().map(PlaceNamed::workspace),
        TenantId::Organization(id) => organization::find(tx, id).await?.as_ref().map(PlaceNamed::organization),
    })
}

pub(super) async fn view(app: &App, tx: &mut Tx, about: Invitation) -> Result<InvitationView, Error> {
    let now = app.now();
    // A place that is gone keeps no pending invitation; what ended before has nothing to show.
    let place = name_of_tenant(tx, about.tenant).await?.ok_or_else(|| absent(&about.id.to_string()))?;
    let (becomes, allows, is_admin) = words_of(tx, &about).await?;
    let inviter = account::find(tx, about.invited_by).await?;
    let inviter_may = place_of_inviter(app, tx, &about).await?.is_some();
    let others = others_of(tx, &about, now).await?;
    Ok(InvitationView {
        state: about.state_at(now),
        place,
        becomes,
        allows,
        is_admin,
        invited_by: inviter.map_or_else(|| "a former account".to_owned(), |a| a.name),
        inviter_may,
        others: others.into_iter().map(|(other, is_settled)| (other.target, is_settled)).collect(),
        invitation: about,
    })
}

/// Pending invitations of the same address in the same place; whether accepting this one settles each.
pub(super) async fn others_of(
    tx: &mut Tx,
    about: &Invitation,
    now: orglink_domain::clock::Timestamp,
) -> Result<Vec<(Invitation, bool)>, Error> {
    let pending = InvitationState::Pending;
    let same_place = |i: &Invitation| i.tenant == about.tenant && i.id != about.id && i.state_at(now) == pending;
    let others: Vec<Invitation> = invitation::list_to_address(tx, &about.email, Some(pending), None, 500)
        .await?
        .into_iter()
        .filter(same_place)
        .collect();
    let mut admin_groups = Vec::new();
    if let (TenantId::Workspace(id), false) = (about.tenant, others.is_empty()) {
        admin_groups = user_group::list(tx, id).await?.into_iter().filter(|g| g.is_admin).map(|g| g.slug).collect();
    }
    let is_admin = |slug: &str| admin_groups.iter().any(|g| g == slug);
    Ok(others
        .into_iter()
        .map(|other| {
            let is_settled = about.target.settles(&other.target, is_admin);
            (other, is_settled)
        })
        .collect())
}

/// What one becomes, what that allows, whether it administers the place.
pub(super) async fn words_of(tx: &mut Tx, about: &Invitation) -> Result<(String, String, bool), Error> {
    let group = match (&about.target, about.tenant) {
        (Target::UserGroup(slug), TenantId::Workspace(id)) => user_group::find(tx, id, slug).await?,
        _ => None,
    };
    let is_admin = group.as_ref().map_or(about.target == ORGANIZATION_ADMIN, |g| g.is_admin);
    let becomes = group.as_ref().map_or_else(|| about.target.words(), |g| format!("a member of {}", g.name));
    let mut allows = match (&about.target, group) {
        (Target::UserGroup(_), Some(group)) if group.is_admin => {
            "Its members administer the workspace: groups, people, settings, and linking it to an organization."
                .to_owned()
        }
        (Target::UserGroup(_), Some(group)) => {
            format!(
                "Its members have '{}' on the workspace's repositories unless one says otherwise.",
                group.repository_permission
            )
        }
        (Target::UserGroup(_), None) => "The group is no longer there.".to_owned(),
        (Target::DirectoryGroup(_), _) => {
            "Whoever is in it is in the user groups of the workspaces that are attached to it, and can do what those allow."
                .to_owned()
        }
        (Target::SiteGroup(..), _) => {
            "The site keeps its own groups of people. Being in one of them opens no workspace; should the organization have one \
             directory later, the group is in it."
                .to_owned()
        }
        (Target::Role(role), _) => allowed_by(role).to_owned(),
    };
    if about.hands_over {
        allows.push_str(" It is handed over: whoever invites you gives up being an admin when you accept.");
    }
    Ok((becomes, allows, is_admin))
}

const ORGANIZATION_ADMIN: Target = Target::Role(HeldRole::Organization(OrganizationRole::Admin));

const fn allowed_by(role: &HeldRole) -> &'static str {
    match role {
        HeldRole::Organization(OrganizationRole::Admin) => {
            "An organization admin can do everything in the organization, and start linking a workspace to it; not read the content of a linked workspace."
        }
        HeldRole::Organization(OrganizationRole::Auditor) => "An auditor reads what happened, and changes nothing.",
        HeldRole::Organization(OrganizationRole::BillingAdmin) => "A billing admin sees payment details and invoices.",
        HeldRole::Organization(OrganizationRole::UserAccessAdmin)
        | HeldRole::Site(_, SiteRole::UserAccessAdmin)
        | HeldRole::App(_, _, AppRole::UserAccessAdmin) => "A user access admin gives and takes access to apps.",
        HeldRole::Site(_, SiteRole::Admin) => "A site admin manages the site's products and their settings.",
        HeldRole::App(_, _, AppRole::AppAdmin) => "An app admin manages this app's settings.",
    }
}

impl InvitationView {
    /// Whoever accepts administers something from then on: they prove first that it is them.
    #[must_use]
    pub const fn gives_power(&self) -> bool {
        self.is_admin || matches!(self.invitation.target, Target::Role(_))
    }
}
