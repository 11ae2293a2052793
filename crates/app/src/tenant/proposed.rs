//! What is proposed, and what somebody may name or see for the sake of proposing it.

use orglink_domain::consent::{Proposal, Side};
use orglink_domain::id::{OrganizationId, ProposalId, WorkspaceId};
use orglink_domain::link::Act;
use orglink_domain::name::fold;
use orglink_domain::role::{OrganizationStanding, WorkspaceRole};
use orglink_policy::{Action, Standing};
use orglink_store::{Tx, account, organization, proposal, workspace};

use super::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Principal};

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
