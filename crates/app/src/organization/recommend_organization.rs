//! Which of somebody's own organizations a workspace belongs to, by evidence.
//!
//! Only organizations that the one who asks administers are compared: nobody learns of another. What is said of one of
//! them is a count of the workspace's members, for whoever may see those.

use orglink_domain::id::{OrganizationId, WorkspaceId};
use orglink_domain::organization::Organization;
use orglink_domain::recommendation::{Evidence, best, evidence, looks_wrong, score};
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::{Tx, recommendation};

use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal};

/// An organization with what speaks for it.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub organization: Organization,
    pub score: i64,
    pub evidence: Vec<Evidence>,
    /// It stands alone at the top.
    pub is_recommended: bool,
}

/// The organizations that somebody administers, what speaks for each.
#[derive(Debug, Clone, Default)]
pub struct Recommendation {
    /// Best first; alike, by slug.
    pub candidates: Vec<Candidate>,
}

impl Recommendation {
    /// The one that stands alone at the top.
    #[must_use]
    pub fn recommended(&self) -> Option<&Candidate> {
        self.candidates.iter().find(|c| c.is_recommended)
    }

    /// The one that has clearly more to do with the workspace than the one chosen.
    #[must_use]
    pub fn rather_than(&self, chosen: OrganizationId) -> Option<&Candidate> {
        let score = self.candidates.iter().find(|c| c.organization.id == chosen).map_or(0, |c| c.score);
        self.recommended().filter(|best| best.organization.id != chosen && looks_wrong(score, best.score))
    }
}

/// Compares the organizations that the one who asks administers, for a workspace whose people they may see.
///
/// # Errors
/// `NotFound` for a workspace that does not exist or may not be seen; a refusal for somebody who may not see its people.
pub async fn recommend_organization(
    app: &App,
    principal: &Principal,
    workspace: &str,
) -> Result<(Workspace, Recommendation), Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, workspace, Action::ViewWorkspacePeople).await?;
    let found = compare(app, &mut tx, principal, proof.workspace().id).await?;
    Ok((proof.workspace().clone(), found))
}

/// The comparison for a workspace that was loaded for the one who asks.
pub(crate) async fn compare(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    workspace: WorkspaceId,
) -> Result<Recommendation, Error> {
    let account = principal.account()?.id;
    let found = recommendation::list_evidence(tx, account, workspace).await?;
    let products = recommendation::list_products(tx, account).await?;
    let mut candidates = Vec::with_capacity(found.len());
    for (organization, mut facts) in found {
        let carried = products.get(&organization.id);
        let hub = &app.catalog.hub;
        let is_hub = !hub.is_empty() && hub.iter().all(|name| carried.is_some_and(|c| c.contains(name)));
        facts.hub = is_hub.then(|| hub.iter().map(|p| app.catalog.product_title(p)).collect::<Vec<_>>().join(" and "));
        let evidence = evidence(&facts);
        candidates.push(Candidate { organization, score: score(&evidence), evidence, is_recommended: false });
    }
    let scores: Vec<i64> = candidates.iter().map(|c| c.score).collect();
    if let Some(top) = best(&scores).and_then(|at| candidates.get_mut(at)) {
        top.is_recommended = true;
    }
    candidates.sort_by_key(|c| std::cmp::Reverse(c.score));
    Ok(Recommendation { candidates })
}
