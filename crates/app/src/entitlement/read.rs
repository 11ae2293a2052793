//! The facts that features look at, read in one snapshot, and the refusal when a feature is not unlocked.

use orglink_domain::entitlement::{Feature, FeatureFacts};
use orglink_domain::id::WorkspaceId;
use orglink_store::{Tx, entitlement};

use crate::{App, Error, Refusal, RefusalReason};

/// What features look at, of a workspace that was loaded before.
pub(crate) async fn find_facts(tx: &mut Tx, workspace: WorkspaceId) -> Result<FeatureFacts, Error> {
    let Some(found) = entitlement::find(tx, &workspace.to_string()).await? else {
        return Err(Error::broken("a workspace vanished while its features were read"));
    };
    let mut facts = found.facts;
    if let Some(organization) = found.organization {
        facts.switches = entitlement::list_switches(tx, organization).await?;
    }
    Ok(facts)
}

/// Refuses what a feature opens when it is not unlocked for the workspace: with every condition that fails, what makes it
/// so and who can.
///
/// # Errors
/// `feature_locked`; `not_served` when the catalog opens this with no feature.
#[allow(dead_code, reason = "what a feature opens comes next")]
pub(crate) async fn require(app: &App, tx: &mut Tx, workspace: WorkspaceId, gate: Option<&str>) -> Result<(), Error> {
    let Some(feature) = gate.and_then(|name| app.catalog.feature(name)) else {
        let detail = "This installation does not offer it: its catalog names no feature that opens it.";
        return Err(Error::refused("not_served", "Not offered here", detail));
    };
    refuse_locked(feature, &find_facts(tx, workspace).await?)
}

#[allow(dead_code, reason = "what a feature opens comes next")]
fn refuse_locked(feature: &Feature, facts: &FeatureFacts) -> Result<(), Error> {
    let failing: Vec<_> = feature.conditions(facts).into_iter().filter(|c| !c.is_met).collect();
    if failing.is_empty() {
        return Ok(());
    }
    let reason = |c: &orglink_domain::entitlement::Condition| RefusalReason {
        code: c.code.as_str(),
        detail: c.remedy.clone(),
        remedy: None,
        who: Some(c.code.who()),
    };
    let missing: Vec<&str> = failing.iter().map(|c| c.remedy.as_str()).collect();
    Err(Error::Refused(Box::new(Refusal {
        code: "feature_locked",
        title: "The workspace may not use this yet",
        detail: format!("{} is not unlocked for this workspace. {}", feature.title, missing.join(" ")),
        reasons: failing.iter().map(reason).collect(),
        differences: Vec::new(),
        is_about_permission: false,
    })))
}
