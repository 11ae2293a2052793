//! The facts that features look at, read in one snapshot, and the refusal when a feature is not unlocked.

use orglink_domain::entitlement::{ConditionCode, Feature, FeatureFacts, Stage};
use orglink_domain::id::WorkspaceId;
use orglink_domain::organization::Organization;
use orglink_domain::workspace::Workspace;
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
pub(crate) async fn require(app: &App, tx: &mut Tx, workspace: WorkspaceId, gate: Option<&str>) -> Result<(), Error> {
    let feature = opens(app, gate)?;
    let page = |_: ConditionCode| format!("{}/workspaces/{workspace}/features", app.settings.public_url);
    refuse_locked(feature, &find_facts(tx, workspace).await?, page)
}

/// The same as if the workspace were linked to an organization already.
///
/// # Errors
/// As [`require`].
pub(crate) async fn require_once_linked(
    app: &App,
    tx: &mut Tx,
    (workspace, organization): (&Workspace, &Organization),
    gate: Option<&str>,
) -> Result<(), Error> {
    let feature = opens(app, gate)?;
    let switches = entitlement::list_switches(tx, organization.id).await?;
    let page = |code: ConditionCode| match code {
        ConditionCode::Switch(_) => format!("{}/organizations/{}/features", app.settings.public_url, organization.slug),
        _ => format!("{}/workspaces/{}/features", app.settings.public_url, workspace.slug),
    };
    refuse_locked(feature, &FeatureFacts::supposing(workspace, Stage::Linked, &switches), page)
}

/// The feature that a gate names.
fn opens<'a>(app: &'a App, gate: Option<&str>) -> Result<&'a Feature, Error> {
    gate.and_then(|name| app.catalog.feature(name)).ok_or_else(|| {
        let detail = "This installation does not offer it: its catalog names no feature that opens it.";
        Error::refused("not_served", "Not offered here", detail)
    })
}

/// `page` is where each condition is looked at and met.
fn refuse_locked(feature: &Feature, facts: &FeatureFacts, page: impl Fn(ConditionCode) -> String) -> Result<(), Error> {
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
    let missing: Vec<String> = failing.iter().map(|c| format!("{} See {}.", c.remedy, page(c.code))).collect();
    Err(Error::Refused(Box::new(Refusal {
        code: "feature_locked",
        title: "The workspace may not use this yet",
        detail: format!("{} is not unlocked for this workspace. {}", feature.title, missing.join(" ")),
        reasons: failing.iter().map(reason).collect(),
        differences: Vec::new(),
        is_about_permission: false,
    })))
}
