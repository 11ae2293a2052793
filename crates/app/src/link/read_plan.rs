//! Everything a plan is made of, read in one snapshot.

use orglink_domain::digest::Digest;
use orglink_domain::eligibility::WorkspaceFacts;
use orglink_domain::link::{Act, Link};
use orglink_domain::organization::Organization;
use orglink_domain::plan::{PLAN_VALIDITY_SECONDS, Plan, PlanFacts, PlannedGroup, PlannedSource, Warning};
use orglink_domain::role::WorkspaceRole;
use orglink_policy::{Action, Standing};
use orglink_store::plan::StoredPlan;
use orglink_store::{StoreError, Tx, access, entitlement, organization, pair, user_group, workspace};

use crate::eligibility::eligibility_of;
use crate::organization::{Recommendation, compare};
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Principal, Refusal, RefusalReason};

/// A pair that somebody with both roles wants to link, with the plan for it.
pub struct PlannedPair {
    pub workspace: WorkspaceProof,
    pub organization: OrganizationProof,
    /// The link that it has and the organization that it leaves, when it is to be moved.
    pub leaves: Option<(Link, Organization)>,
    pub plan: Plan,
    pub access_digest: Digest,
    /// What speaks for each organization of the one who asks: beside the plan, which is nobody's in particular.
    pub recommendation: Recommendation,
}

impl PlannedPair {
    /// Reads the pair and makes its plan.
    ///
    /// # Errors
    /// `NotFound` for what may not be seen; a refusal that names the missing role.
    pub async fn read(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        workspace: &str,
        organization: &str,
    ) -> Result<Self, Error> {
        let w = WorkspaceProof::load(app, tx, principal, workspace, Action::ViewWorkspace).await?;
        let o = OrganizationProof::load(app, tx, principal, organization, Action::ViewOrganization).await?;
        let is_unclaimed = o.is_unclaimed();
        let standing = Standing { workspace: w.role(), organization: o.role(), is_unclaimed, ..principal.standing() };
        require_both_roles(app, standing)?;
        Self::of(app, tx, principal, w, o, Act::Link).await
    }

    /// The same for somebody who may see both and speaks for one side.
    ///
    /// # Errors
    /// `NotFound` for what may not be seen; a refusal when two people are not asked for, or when they administer neither.
    pub async fn read_as_one_side(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        workspace: &str,
        organization: &str,
    ) -> Result<Self, Error> {
        if !app.settings.needs_proposals() {
            return Self::read(app, tx, principal, workspace, organization).await;
        }
        let o = OrganizationProof::load_to_propose(app, tx, principal, organization).await?;
        let w = WorkspaceProof::load_to_propose(app, tx, principal, workspace, &o).await?;
        let is_unclaimed = o.is_unclaimed();
        let standing = Standing { workspace: w.role(), organization: o.role(), is_unclaimed, ..principal.standing() };
        app.require(Action::AgreeToLink, standing)?;
        Self::of(app, tx, principal, w, o, Act::Link).await
    }

    /// Makes the plan of a pair that was loaded for the one who asks.
    ///
    /// # Errors
    /// When the database is not reachable.
    pub async fn of(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        w: WorkspaceProof,
        o: OrganizationProof,
        act: Act,
    ) -> Result<Self, Error> {
        let leaves = match (act, w.link()) {
            (Act::Transfer, Some(link)) => {
                let source = organization::find(tx, link.organization_id).await?;
                let source = source.ok_or_else(|| Error::broken("an organization vanished under a link"))?;
                Some((link.clone(), source))
            }
            _ => None,
        };
        let source = match &leaves {
            Some((link, organization)) => Some(PlannedSource {
                link: link.id,
                organization: organization.clone(),
                admins: organization::list_admin_ids(tx, organization.id).await?,
                switches: entitlement::list_switches(tx, organization.id).await?,
            }),
            None => None,
        };
        let (workspace, organization) = (w.workspace(), o.organization());
        let counted = pair::find_facts(tx, workspace.id).await?;
        let organization_facts = organization::find_facts(tx, organization, Some(workspace.id), app.now()).await?;
        let groups = user_group::list_with_admins(tx, workspace.id).await?;
        let access_digest = access::find_digest(tx, workspace.id, groups.iter().map(|(group, _)| group)).await?;
        let workspace_facts = WorkspaceFacts {
            // Where it is now is no reason against a move.
            is_linked: w.link().is_some() && leaves.is_none(),
            kind: workspace.kind,
            plan: workspace.plan,
            status: workspace.status,
            open_transfer: workspace.open_transfer,
            legal_hold: workspace.legal_hold,
            labels: workspace::list_labels(tx, workspace.id).await?,
            active_admins: counted.active_admins,
        };
        let facts = PlanFacts {
            workspace: workspace.clone(),
            organization: organization.clone(),
            organization_admins: organization::list_admin_ids(tx, organization.id).await?,
            switches: entitlement::list_switches(tx, organization.id).await?,
            groups: groups.into_iter().map(|(group, admin_members)| PlannedGroup { group, admin_members }).collect(),
            eligibility: eligibility_of(app, &workspace_facts, Some(&organization_facts), counted.is_frozen),
            labels: workspace_facts.labels,
            policy: app.settings.link_policy,
            source,
            summary: counted.summary,
        };
        let plan =
            Plan::new(&facts, &app.catalog).map_err(|e| StoreError::from(std::io::Error::other(e.to_string())))?;
        // Nothing to compare for whoever administers one alone; and what the evidence says of a workspace is for its admins.
        let administered = match w.role() {
            WorkspaceRole::Admin => organization::list_administered(tx, principal.account()?.id).await?.len(),
            _ => 0,
        };
        let recommendation = match administered {
            0 | 1 => Recommendation::default(),
            _ => compare(app, tx, principal, w.workspace().id).await?,
        };
        Ok(Self { workspace: w, organization: o, leaves, plan, access_digest, recommendation })
    }

    /// What the one who links must acknowledge: the plan's warnings, and those that are theirs alone.
    pub fn warnings(&self) -> Vec<Warning> {
        let is_wrong = self.recommendation.rather_than(self.organization.organization().id).is_some();
        let own = is_wrong.then_some(Warning::WrongOrganization);
        self.plan.warnings.iter().copied().chain(own).collect()
    }

    /// The plan as it is kept.
    pub fn stored(&self, now: orglink_domain::clock::Timestamp) -> StoredPlan {
        StoredPlan {
            digest: self.plan.digest,
            workspace_id: self.workspace.workspace().id,
            organization_id: self.organization.organization().id,
            document: self.plan.document.clone(),
            summary: self.plan.summary.clone(),
            workspace_version: self.workspace.workspace().version,
            created_at: now,
            valid_until: now.plus_seconds(PLAN_VALIDITY_SECONDS),
        }
    }
}

/// Refuses whoever lacks a role on one side, naming which.
pub fn require_both_roles(app: &App, standing: Standing) -> Result<(), Error> {
    use orglink_domain::role::OrganizationStanding;
    if app.may(Action::LinkWorkspace, standing) {
        return Ok(());
    }
    let mut reasons = Vec::new();
    let mut missing = |code, detail: &str, remedy, who| {
        let detail = detail.to_owned();
        reasons.push(RefusalReason { code, detail, remedy: Some(remedy), who: Some(who) });
    };
    if standing.workspace != WorkspaceRole::Admin {
        missing(
            "workspace_admin_required",
            "You are not an admin of the workspace.",
            "Ask an admin of the workspace to link it, or to add you to a group with the Admin lozenge.",
            "a workspace admin",
        );
    }
    if standing.organization != OrganizationStanding::Admin {
        missing(
            "organization_admin_required",
            "You are not an admin of the organization.",
            "Ask an admin of the organization to make you one, or have one of them become workspace admin and link it.",
            "an organization admin",
        );
    }
    if standing.is_unclaimed {
        missing(
            "organization_unclaimed",
            "The organization was made by a campaign and nobody has claimed it yet.",
            "Claim the organization first.",
            "an organization admin",
        );
    }
    if !standing.is_verified {
        missing(
            "verified_address_required",
            "Your e-mail address is not verified.",
            "Verify your e-mail address first.",
            "you",
        );
    }
    let code = reasons.first().map_or("not_allowed", |r| r.code);
    Err(Error::Refused(Box::new(Refusal {
        code,
        title: "You may not link this workspace",
        detail: "Whoever links must be an admin of the workspace and an admin of the organization.".to_owned(),
        reasons,
        differences: Vec::new(),
        is_about_permission: true,
    })))
}
