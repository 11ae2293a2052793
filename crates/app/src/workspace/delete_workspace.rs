//! Deletes a workspace, after saying what hangs on it.

use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::TenantId;
use orglink_domain::plan::Summary;
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::{event, in_write, link, workspace};
use serde_json::json;

use crate::change::WorkspaceChange;
use crate::invitation::{Ended, end_all};
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Expected, Principal, Refusal, RefusalReason};

/// What deleting a workspace would mean.
#[derive(Debug, Clone)]
pub struct WorkspaceDeletion {
    pub workspace: Workspace,
    /// Why not; empty when it can be deleted.
    pub blockers: Vec<RefusalReason>,
    /// What would be gone with it.
    pub summary: Summary,
    /// Products of sites that would lose their connection to it.
    pub integrations: i64,
    /// Its link would end.
    pub is_linked: bool,
}

fn blockers(workspace: &Workspace) -> Vec<RefusalReason> {
    let reason = |code, detail: &str, remedy| RefusalReason {
        code,
        detail: detail.to_owned(),
        remedy: Some(remedy),
        who: Some("the operator"),
    };
    let hold = workspace.legal_hold.then(|| {
        let detail = "The workspace is under a legal hold and must stay as it is.";
        reason("legal_hold", detail, "Wait until the operator releases the hold.")
    });
    let transfer = workspace.open_transfer.then(|| {
        let detail = "The workspace is being handed to other owners.";
        reason("open_transfer", detail, "Finish or cancel that transfer.")
    });
    hold.into_iter().chain(transfer).collect()
}

/// Says what deleting would mean; changes nothing.
///
/// # Errors
/// `NotFound`, or a refusal for anybody but a workspace admin.
pub async fn preview_deletion(app: &App, principal: &Principal, reference: &str) -> Result<WorkspaceDeletion, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::DeleteWorkspace).await?;
    let id = proof.workspace().id;
    Ok(WorkspaceDeletion {
        blockers: blockers(proof.workspace()),
        summary: workspace::find_summary(&mut tx, id).await?,
        integrations: workspace::count_integrations(&mut tx, id).await?,
        is_linked: proof.link().is_some(),
        workspace: proof.workspace().clone(),
    })
}

/// Deletes a workspace with everything in it. If it is linked, the link ends with an event of its own, and its
/// place in the organization's quota is free.
///
/// # Errors
/// `NotFound`; a refusal with every blocker; `VersionChanged`; a refusal for anybody but a workspace admin.
pub async fn delete_workspace(
    app: &App,
    principal: &Principal,
    reference: &str,
    expected: Expected,
) -> Result<(), Error> {
    in_write!(app.db, tx, {
        let change =
            WorkspaceChange::begin_with_link(app, tx, principal, reference, Action::DeleteWorkspace, expected).await?;
        let blockers = blockers(change.workspace());
        if let Some(first) = blockers.first() {
            return Err(Error::Refused(Box::new(Refusal {
                code: first.code,
                title: "The workspace cannot be deleted",
                detail: first.detail.clone(),
                reasons: blockers,
                differences: Vec::new(),
                is_about_permission: false,
            })));
        }
        let (at, origin) = (change.at(), app.origin(principal.actor(), change.at()));
        let (id, version) = (change.workspace().id, change.workspace().version + 1);
        let organization_id = change.proof().link().map(|l| l.organization_id);
        if let Some(ended) = change.proof().link() {
            link::end(tx, ended.id, at).await?;
            let happened = NewEvent {
                kind: EventType::WorkspaceUnlinked,
                organization_id,
                workspace_id: Some(id),
                payload: json!({
                    "link": ended.id, "because": "workspace_deleted",
                    "workspace": { "id": id, "slug": change.workspace().slug },
                }),
            };
            event::append(tx, origin, happened, Some(version)).await?;
        }
        end_all(app, tx, principal, TenantId::Workspace(id), Ended::Place).await?;
        workspace::delete(tx, id, at).await?;
        let payload = json!({ "slug": change.workspace().slug, "name": change.workspace().name });
        let happened = NewEvent { kind: EventType::WorkspaceDeleted, organization_id, workspace_id: Some(id), payload };
        event::append(tx, origin, happened, Some(version)).await?;
        app.feed.poke();
        Ok(())
    })
}
