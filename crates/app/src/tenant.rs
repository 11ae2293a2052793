//! Proofs: a workspace or an organization together with what the one who asks is to it.
//!
//! There is no other way to get hold of either on somebody's behalf. What they may not see is not there; what
//! they may see but not do is refused, saying what is needed.

use orglink_domain::consent::{Proposal, Side};
use orglink_domain::id::{OrganizationId, ProposalId, TenantId, WorkspaceId};
use orglink_domain::link::{Act, Link};
use orglink_domain::name::fold;
use orglink_domain::organization::{Organization, Site};
use orglink_domain::role::{OrganizationStanding, WorkspaceRole};
use orglink_domain::workspace::Workspace;
use orglink_policy::{Action, Standing};
use orglink_store::{Tx, account, link, organization, proposal, site, workspace};

use crate::{App, Error, Principal};

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
        if !proof.may(app, Action::ViewWorkspace) {
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
        let mut standing = Standing { workspace: role, ..principal.standing() };
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
        let found = organization::find_with_standing(tx, reference, account).await?;
        Ok(found.map(|(organization, role, is_unclaimed)| Self {
            organization,
            standing: Standing { organization: role, is_unclaimed, ..principal.standing() },
        }))
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

/// A proposal in which the one who asks has a say, or which they may look at, with both sides.
#[derive(Debug, Clone)]
pub struct ProposalProof {
    pub proposal: Proposal,
    pub workspace: WorkspaceProof,
    pub organization: OrganizationProof,
    /// That of which the workspace is to be moved.
    pub source: Option<OrganizationProof>,
    /// They were named as the one who will pay.
    pub is_payer: bool,
}

impl ProposalProof {
    /// Loads a proposal by id. Whoever has a say in it may see both sides as far as the plan shows them: its side was named,
    /// or handed over a code.
    ///
    /// # Errors
    /// `NotFound` when there is none, or for anybody who is not concerned.
    pub async fn load(app: &App, tx: &mut Tx, principal: &Principal, reference: &str) -> Result<Self, Error> {
        let absent = || Error::not_found("proposal", reference);
        let id = ProposalId(reference.parse().map_err(|_| absent())?);
        let proposal = proposal::find(tx, id).await?.ok_or_else(absent)?;
        Self::of(app, tx, principal, proposal).await?.ok_or_else(absent)
    }

    /// Nothing when they are not concerned, or one of the two is gone.
    pub(crate) async fn of(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        proposal: Proposal,
    ) -> Result<Option<Self>, Error> {
        let (w, o) = (proposal.workspace_id.to_string(), proposal.organization_id.to_string());
        let Some(workspace) = WorkspaceProof::read(tx, principal, &w).await? else { return Ok(None) };
        let Some(organization) = OrganizationProof::read(tx, principal, &o).await? else { return Ok(None) };
        let source = match proposal.source_id {
            Some(id) => OrganizationProof::read(tx, principal, &id.to_string()).await?,
            None => None,
        };
        let is_payer = match (&proposal.payer, principal.account_if_any()) {
            (Some(payer), Some(account)) => account.is_verified && fold(payer) == fold(&account.email),
            _ => false,
        };
        let is_concerned = is_payer
            || workspace.may(app, Action::ViewWorkspaceProposals)
            || organization.may(app, Action::ViewOrganizationProposals)
            || source.as_ref().is_some_and(|source| source.may(app, Action::ViewOrganizationProposals));
        Ok(is_concerned.then_some(Self { proposal, workspace, organization, source, is_payer }))
    }

    /// The sides that the one who asks can agree for.
    pub(crate) fn sides(&self, app: &App) -> Vec<Side> {
        if self.proposal.act == Act::Unlink {
            let may = self.workspace.may(app, Action::EndLink);
            return if may { vec![Side::Operator, Side::SecondOperator] } else { Vec::new() };
        }
        let may = |standing| app.may(Action::AgreeToLink, standing);
        let (none, nothing) = (OrganizationStanding::None, WorkspaceRole::None);
        // Each side by its own role alone: the workspace may be linked, and then knows of an organization too.
        let of_workspace = may(Standing { organization: none, ..self.workspace.standing });
        let of = |proof: &OrganizationProof| may(Standing { workspace: nothing, ..proof.standing });
        let of_organization = of(&self.organization);
        [
            (of_workspace, Side::Workspace),
            (self.source.as_ref().is_some_and(of), Side::Source),
            (of_organization, Side::Organization),
            (of_organization, Side::Approver),
            (self.is_payer, Side::Payer),
        ]
        .into_iter()
        .filter_map(|(may, side)| may.then_some(side))
        .collect()
    }
}

impl OrganizationProof {
    /// Loads an organization for somebody who wants to propose a link to it. Besides whoever has a role in it, whoever has a
    /// verified address at a domain that it has verified knows that it is there.
    ///
    /// # Errors
    /// `NotFound` for anybody else, or when there is none.
    pub(crate) async fn load_to_propose(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        reference: &str,
    ) -> Result<Self, Error> {
        let absent = || Error::not_found("organization", reference);
        let proof = Self::read(tx, principal, reference).await?.ok_or_else(absent)?;
        let is_known = match principal.account_if_any() {
            Some(who) if who.is_verified => {
                let domains = organization::list_domains(tx, proof.organization.id).await?;
                is_at_one(&who.email, &domains)
            }
            _ => false,
        };
        if is_known || proof.may(app, Action::ViewOrganization) { Ok(proof) } else { Err(absent()) }
    }
}

impl WorkspaceProof {
    /// Loads a workspace for somebody who wants to propose a link of it to an organization. Besides whoever may see it, an admin
    /// of the organization knows of it when all its admins have their addresses at domains that the organization has verified.
    ///
    /// # Errors
    /// `NotFound` for anybody else, or when there is none.
    pub(crate) async fn load_to_propose(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        reference: &str,
        organization: &OrganizationProof,
    ) -> Result<Self, Error> {
        let absent = || Error::not_found("workspace", reference);
        let proof = Self::read(tx, principal, reference).await?.ok_or_else(absent)?;
        if proof.may(app, Action::ViewWorkspace) {
            return Ok(proof);
        }
        let administers = organization.role() == OrganizationStanding::Admin;
        let domains =
            if administers { organization::list_domains(tx, organization.organization.id).await? } else { vec![] };
        let admins = workspace::list_admin_ids(tx, proof.workspace.id).await?;
        let admins = account::list_by_ids(tx, &admins).await?;
        let is_known = !admins.is_empty() && admins.iter().all(|a| is_at_one(&a.email, &domains));
        if is_known { Ok(proof) } else { Err(absent()) }
    }
}

/// Whether an address is at one of these domains.
fn is_at_one(email: &str, domains: &[String]) -> bool {
    let domain = fold(email.rsplit_once('@').map_or("", |(_, domain)| domain));
    domains.iter().any(|verified| fold(verified) == domain)
}

impl WorkspaceProof {
    /// What somebody may see of a workspace whose side gave them a link code.
    pub(crate) async fn by_code(tx: &mut Tx, principal: &Principal, id: WorkspaceId) -> Result<Option<Self>, Error> {
        Self::read(tx, principal, &id.to_string()).await
    }
}

impl OrganizationProof {
    /// What somebody may see of an organization whose side gave them a link code.
    pub(crate) async fn by_code(tx: &mut Tx, principal: &Principal, id: OrganizationId) -> Result<Option<Self>, Error> {
        Self::read(tx, principal, &id.to_string()).await
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
