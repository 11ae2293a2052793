//! Proofs: a workspace or an organization together with what the one who asks is to it.
//!
//! There is no other way to get hold of either on somebody's behalf. What they may not see is not there; what
//! they may see but not do is refused, saying what is needed.

use orglink_domain::consent::Side;
use orglink_domain::id::{OrganizationId, TenantId, WorkspaceId};
use orglink_domain::link::Link;
use orglink_domain::organization::{Organization, Site};
use orglink_domain::role::{OrganizationStanding, WorkspaceRole};
use orglink_domain::workspace::Workspace;
use orglink_policy::{Action, Standing};
use orglink_store::{Tx, billing, directory, link, organization, site, workspace};

use crate::{App, Error, Principal};

mod billing_account;
mod proposed;

pub use billing_account::BillingAccountProof;
pub use proposed::ProposalProof;

/// A workspace that the one who asks may see.
#[derive(Debug, Clone)]
pub struct WorkspaceProof {
    workspace: Workspace,
    link: Option<Link>,
    standing: Standing,
}

/// An organization that the one who asks may see.
#[derive(Debug, Clone)]
pub struct OrganizationProof {
    organization: Organization,
    standing: Standing,
}

impl WorkspaceProof {
    /// Loads a workspace by slug or id for somebody who wants to do `action` with it.
    ///
    /// # Errors
    /// `NotFound` when it does not exist or they may not see it; a refusal when they may see it but not do that.
    pub async fn load(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        reference: &str,
        action: Action,
    ) -> Result<Self, Error> {
        let absent = || Error::not_found("workspace", reference);
        let proof = Self::read(tx, principal, reference).await?.ok_or_else(absent)?;
        // A product may ask something of workspaces that it does not see otherwise; an extension knows where it is.
        let is_at_home = principal.extension_if_any().is_some_and(|e| e.workspace == proof.workspace.id);
        if !proof.may(app, Action::ViewWorkspace) && !proof.may(app, action) && !is_at_home {
            return Err(absent());
        }
        proof.require(app, action)?;
        Ok(proof)
    }

    /// A workspace that is linked to an organization: for what its directory changes in it, by somebody of whom it is known
    /// already that they may change the directory, and for nothing else.
    ///
    /// # Errors
    /// Broken when it is not linked there.
    pub(crate) async fn governed(
        tx: &mut Tx,
        principal: &Principal,
        id: WorkspaceId,
        organization: &OrganizationProof,
    ) -> Result<Self, Error> {
        let found = Self::read(tx, principal, &id.to_string()).await?;
        let is_linked = |p: &Self| p.link.as_ref().is_some_and(|l| l.organization_id == organization.organization.id);
        found.filter(is_linked).ok_or_else(|| Error::broken("a directory says something of what is not linked there"))
    }

    /// The same for what has to do with money, which is also the affair of its contacts and of its reseller.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub async fn load_as_payer(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        reference: &str,
        action: Action,
    ) -> Result<Self, Error> {
        let absent = || Error::not_found("workspace", reference);
        let mut proof = Self::read(tx, principal, reference).await?.ok_or_else(absent)?;
        if let Some(account) = principal.account_if_any() {
            proof.standing.is_payer = billing::is_payer(tx, proof.workspace.id, account.id).await?;
        }
        if !proof.may(app, Action::ViewWorkspace) && !proof.may(app, action) {
            return Err(absent());
        }
        proof.require(app, action)?;
        Ok(proof)
    }

    /// Proves nothing yet.
    async fn read(tx: &mut Tx, principal: &Principal, reference: &str) -> Result<Option<Self>, Error> {
        let account = principal.account_if_any().map(|a| a.id);
        let Some((workspace, role)) = workspace::find_with_role(tx, reference, account).await? else {
            return Ok(None);
        };
        let link = link::find_active(tx, workspace.id).await?;
        let mut standing = Standing { workspace: role, ..principal.standing_in(workspace.id) };
        if let (Some(link), Some(account)) = (&link, account) {
            standing.organization = organization::find_standing(tx, link.organization_id, account).await?;
        }
        Ok(Some(Self { workspace, link, standing }))
    }

    /// What somebody else is to the workspace that was loaded for the one who asks.
    pub(crate) async fn standing_of(&self, tx: &mut Tx, other: &Principal) -> Result<Standing, Error> {
        let of_other = Self::read(tx, other, &self.workspace.id.to_string()).await?;
        Ok(of_other.map_or_else(|| other.standing(), |proof| proof.standing))
    }

    #[must_use]
    pub const fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// The link that is active, if it is linked.
    #[must_use]
    pub const fn link(&self) -> Option<&Link> {
        self.link.as_ref()
    }

    /// Whether it is linked to this organization, as far as the one who asks may know.
    pub(crate) fn is_linked_to(&self, app: &App, organization: OrganizationId) -> bool {
        self.link.as_ref().is_some_and(|l| l.organization_id == organization) && self.may(app, Action::ViewLink)
    }

    #[must_use]
    pub const fn role(&self) -> WorkspaceRole {
        self.standing.workspace
    }

    /// Whether the one who asks may do this with it.
    #[must_use]
    pub fn may(&self, app: &App, action: Action) -> bool {
        app.may(action, self.standing)
    }

    /// Refuses what the one who asks may not do with it.
    pub(crate) fn require(&self, app: &App, action: Action) -> Result<(), Error> {
        app.require(action, self.standing)
    }

    /// The same for what hangs on a link that may be an earlier one: then what they are to the organization of today says
    /// nothing.
    pub(crate) fn require_of(&self, app: &App, action: Action, of: &Link) -> Result<(), Error> {
        if self.is_current(of) {
            return self.require(app, action);
        }
        app.require(action, Standing { organization: OrganizationStanding::None, ..self.standing })
    }

    /// Whether a link is the one that it has now.
    pub(crate) fn is_current(&self, link: &Link) -> bool {
        self.link.as_ref().is_some_and(|active| active.id == link.id)
    }

    /// Which side of its link the one who asks decides for, as an admin.
    pub(crate) fn side(&self) -> Option<Side> {
        let is_of_organization = self.standing.organization == OrganizationStanding::Admin;
        Side::of(self.standing.workspace == WorkspaceRole::Admin, is_of_organization)
    }
}

impl OrganizationProof {
    /// The organization that a workspace is linked to, whatever the one who asks is to it: for what somebody was promised in
    /// the workspace before its users migrated.
    ///
    /// # Errors
    /// Broken when it is gone.
    pub(crate) async fn governing(tx: &mut Tx, principal: &Principal, link: &Link) -> Result<Self, Error> {
        let found = Self::read(tx, principal, &link.organization_id.to_string()).await?;
        found.ok_or_else(|| Error::broken("an organization vanished under a link"))
    }

    /// Loads an organization by slug or id for somebody who wants to do `action` with it.
    ///
    /// # Errors
    /// `NotFound` when it does not exist or they may not see it; a refusal when they may see it but not do that.
    pub async fn load(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        reference: &str,
        action: Action,
    ) -> Result<Self, Error> {
        let absent = || Error::not_found("organization", reference);
        let proof = Self::read(tx, principal, reference).await?.ok_or_else(absent)?;
        if !proof.may(app, Action::ViewOrganization) {
            return Err(absent());
        }
        proof.require(app, action)?;
        Ok(proof)
    }

    /// Proves nothing yet.
    async fn read(tx: &mut Tx, principal: &Principal, reference: &str) -> Result<Option<Self>, Error> {
        let account = principal.account_if_any().map(|a| a.id);
        let Some((organization, role, is_unclaimed)) = organization::find_with_standing(tx, reference, account).await?
        else {
            return Ok(None);
        };
        let mut standing = Standing { organization: role, is_unclaimed, ..principal.standing() };
        if let (OrganizationStanding::Holder, Some(account)) = (role, account) {
            standing.is_user_access_admin = directory::is_manager(tx, organization.id, account).await?;
        }
        Ok(Some(Self { organization, standing }))
    }

    /// What somebody else is to the organization that was loaded for the one who asks.
    pub(crate) async fn standing_of(&self, tx: &mut Tx, other: &Principal) -> Result<Standing, Error> {
        let of_other = Self::read(tx, other, &self.organization.id.to_string()).await?;
        Ok(of_other.map_or_else(|| other.standing(), |proof| proof.standing))
    }

    #[must_use]
    pub const fn organization(&self) -> &Organization {
        &self.organization
    }

    #[must_use]
    pub const fn role(&self) -> OrganizationStanding {
        self.standing.organization
    }

    /// A campaign made it and nobody has claimed it yet.
    #[must_use]
    pub const fn is_unclaimed(&self) -> bool {
        self.standing.is_unclaimed
    }

    /// Whether the one who asks may do this with it.
    #[must_use]
    pub fn may(&self, app: &App, action: Action) -> bool {
        app.may(action, self.standing)
    }

    /// Refuses what the one who asks may not do with it.
    pub(crate) fn require(&self, app: &App, action: Action) -> Result<(), Error> {
        app.require(action, self.standing)
    }
}

/// A workspace or an organization where the one who asks may say who has which role.
#[derive(Debug, Clone)]
pub enum TenantProof {
    Workspace(WorkspaceProof),
    Organization(OrganizationProof),
}

impl TenantProof {
    /// Loads it for somebody who wants to invite people there, or to answer whoever asks for a role.
    ///
    /// # Errors
    /// `NotFound`, or a refusal; see [`instead`].
    pub async fn load(app: &App, tx: &mut Tx, principal: &Principal, id: TenantId) -> Result<Self, Error> {
        let reference = id.uuid().to_string();
        match id {
            TenantId::Workspace(_) => {
                let action = Action::ChangeWorkspacePeople;
                WorkspaceProof::load(app, tx, principal, &reference, action).await.map(Self::Workspace)
            }
            TenantId::Organization(_) => {
                let action = Action::ChangeRoles;
                OrganizationProof::load(app, tx, principal, &reference, action).await.map(Self::Organization)
            }
        }
    }
}

/// For what hangs on a place that somebody may not see, or not change: what they are told instead of that.
pub(crate) fn instead(told: impl FnOnce() -> Error) -> impl FnOnce(Error) -> Error {
    |error| match error {
        Error::NotFound { .. } | Error::Refused(_) => told(),
        other => other,
    }
}

/// A site of an organization that the one who asks may see, with what they are to it.
#[derive(Debug, Clone)]
pub struct SiteProof {
    organization: OrganizationProof,
    site: Site,
}

impl SiteProof {
    /// Loads a site by slug, within its organization, for somebody who wants to do `action` with it.
    ///
    /// # Errors
    /// `NotFound` when it does not exist or they may not see it; a refusal when they may see it but not do that.
    pub async fn load(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        (organization, slug): (&str, &str),
        action: Action,
    ) -> Result<Self, Error> {
        let mut proof = OrganizationProof::load(app, tx, principal, organization, Action::ViewOrganization).await?;
        let absent = || Error::not_found("site", slug);
        let site = site::find(tx, proof.organization.id, slug).await?.ok_or_else(absent)?;
        if let Some(account) = principal.account_if_any() {
            proof.standing.is_site_admin = site::is_admin(tx, site.id, account.id).await?;
            proof.standing.is_user_access_admin |= site::is_user_access_admin(tx, site.id, account.id).await?;
        }
        app.require(action, proof.standing)?;
        Ok(Self { organization: proof, site })
    }

    #[must_use]
    pub const fn site(&self) -> &Site {
        &self.site
    }

    #[must_use]
    pub const fn organization(&self) -> &OrganizationProof {
        &self.organization
    }
}
