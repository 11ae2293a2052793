//! Why a workspace may not be linked: for one, for all that somebody administers, for an organization.

mod check_eligibility;
mod list_linkable;

pub use check_eligibility::{CheckedEligibility, check_eligibility};
pub(crate) use list_linkable::linked_notes;
pub use list_linkable::{EmptyCause, Linkable, LinkableWorkspace, LinkedNote, list_linkable};

use orglink_domain::clock::Timestamp;
use orglink_domain::eligibility::{
    Eligibility, OrganizationFacts, ReasonCode, WorkspaceFacts, installation_reasons, pair_reasons, workspace_reasons,
};
use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_domain::id::WorkspaceId;
use orglink_domain::workspace::Workspace;
use orglink_store::{Tx, event, installation, workspace};
use serde_json::json;

use crate::{App, Error};

/// What turned whether a workspace can be linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    Change,
    Import,
}

impl Cause {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Import => "import",
        }
    }
}

/// The answer of the pure functions for facts read now.
pub(crate) async fn read_eligibility(
    app: &App,
    tx: &mut Tx,
    workspace: &Workspace,
    is_linked: bool,
    organization: Option<&OrganizationFacts>,
) -> Result<Eligibility, Error> {
    let facts = workspace::find_facts(tx, workspace, is_linked).await?;
    let is_frozen = installation::find_freeze(tx).await?.is_frozen;
    Ok(eligibility_of(app, &facts, organization, is_frozen))
}

/// The same, for whoever has read everything in the same snapshot.
pub(crate) fn eligibility_of(
    app: &App,
    facts: &WorkspaceFacts,
    organization: Option<&OrganizationFacts>,
    is_frozen: bool,
) -> Eligibility {
    let rules = &app.catalog.eligibility;
    let mut codes = workspace_reasons(facts, rules);
    codes.extend(installation_reasons(is_frozen));
    codes.extend(organization.map(pair_reasons).unwrap_or_default());
    Eligibility::from_codes(codes, rules)
}

/// The event of a change of reasons that turned whether a person may link the workspace; nothing when it did not. The
/// operator's stop switch is no reason of a workspace: turning it tells nobody. A link has an event of its own that says so.
pub(crate) fn turned(
    app: &App,
    id: WorkspaceId,
    before: &[ReasonCode],
    after: &[ReasonCode],
    cause: Cause,
) -> Option<NewEvent> {
    let answer = |codes: &[ReasonCode]| Eligibility::from_codes(codes.iter().copied(), &app.catalog.eligibility);
    let (before, after) = (answer(before), answer(after));
    let blocking: Vec<ReasonCode> = after.blocking().map(|r| r.code).collect();
    (before.eligible != after.eligible).then(|| NewEvent {
        kind: EventType::WorkspaceEligibilityChanged,
        organization_id: None,
        workspace_id: Some(id),
        payload: json!({ "eligible": after.eligible, "reasons": blocking, "because": cause.as_str() }),
    })
}

/// Makes a workspace's stored reasons what the rules say, with the event when that turned whether it can be linked.
pub(crate) async fn keep_reasons(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    id: WorkspaceId,
    truth: &[ReasonCode],
    at: Timestamp,
) -> Result<(), Error> {
    let before: Vec<ReasonCode> = workspace::list_reasons(tx, id).await?.into_iter().map(|(code, _)| code).collect();
    workspace::change_reasons(tx, id, truth, at).await?;
    if let Some(happened) = turned(app, id, &before, truth, Cause::Change) {
        event::append(tx, app.origin(actor, at), happened, None).await?;
    }
    Ok(())
}
