//! Why a workspace may not be linked: for one, for all that somebody administers, for an organization.

mod check_eligibility;
mod list_linkable;

pub use check_eligibility::{CheckedEligibility, check_eligibility};
pub use list_linkable::{EmptyCause, Linkable, LinkableWorkspace, LinkedNote, list_linkable};

use orglink_domain::eligibility::{
    Eligibility, OrganizationFacts, WorkspaceFacts, installation_reasons, pair_reasons, workspace_reasons,
};
use orglink_domain::workspace::Workspace;
use orglink_store::{Tx, installation, workspace};

use crate::{App, Error};

/// The answer of the pure functions for facts read now.
pub(crate) async fn read_eligibility(
    app: &App,
    tx: &mut Tx,
    workspace: &Workspace,
    is_linked: bool,
    organization: Option<&OrganizationFacts>,
) -> Result<Eligibility, Error> {
    let facts = workspace::find_facts(tx, workspace, is_linked).await?;
    eligibility_of(app, tx, &facts, organization).await
}

/// The same, for whoever has read the workspace's facts in the same snapshot.
pub(crate) async fn eligibility_of(
    app: &App,
    tx: &mut Tx,
    facts: &WorkspaceFacts,
    organization: Option<&OrganizationFacts>,
) -> Result<Eligibility, Error> {
    let rules = &app.catalog.eligibility;
    let mut codes = workspace_reasons(facts, rules);
    codes.extend(installation_reasons(installation::find_freeze(tx).await?.is_frozen));
    codes.extend(organization.map(pair_reasons).unwrap_or_default());
    Ok(Eligibility::from_codes(codes, rules))
}
