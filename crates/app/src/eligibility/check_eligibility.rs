//! Why this workspace may not be linked, alone or to one organization.

use orglink_domain::eligibility::Eligibility;
use orglink_domain::organization::Organization;
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::organization;

use super::read_eligibility;
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Principal};

/// The answer and what it is about.
#[derive(Debug, Clone)]
pub struct CheckedEligibility {
    pub workspace: Workspace,
    pub organization: Option<Organization>,
    pub eligibility: Eligibility,
}

/// Checks a workspace, with the organization's own reasons when one is named.
///
/// # Errors
/// `NotFound` for a workspace or organization that does not exist or may not be seen.
pub async fn check_eligibility(
    app: &App,
    principal: &Principal,
    workspace: &str,
    organization: Option<&str>,
) -> Result<CheckedEligibility, Error> {
    let mut tx = app.db.begin_read().await?;
    let workspace_proof = WorkspaceProof::load(app, &mut tx, principal, workspace, Action::ViewWorkspace).await?;
    let pair = match organization {
        None => None,
        Some(reference) => {
            let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::ViewOrganization).await?;
            let (of, now) = (Some(workspace_proof.workspace().id), app.now());
            let facts = organization::find_facts(&mut tx, proof.organization(), of, now).await?;
            Some((proof, facts))
        }
    };
    let facts = pair.as_ref().map(|(_, facts)| facts);
    let eligibility =
        read_eligibility(app, &mut tx, workspace_proof.workspace(), workspace_proof.link().is_some(), facts).await?;
    Ok(CheckedEligibility {
        workspace: workspace_proof.workspace().clone(),
        organization: pair.map(|(proof, _)| proof.organization().clone()),
        eligibility,
    })
}
