//! A reseller agrees that the organization's account pays from the migration on, or takes that back.

use orglink_domain::digest::Digest;
use orglink_domain::event::{EventType, NewEvent};
use orglink_policy::Action;
use orglink_store::{StoreError, billing, event, in_write, workspace};
use serde_json::json;

use super::plan_migration::{BillingState, plan_of};
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal};

/// Agrees to the plan that was looked at, or no longer does.
///
/// # Errors
/// `NotFound`; a refusal for anybody but the reseller; `billing_migrated` when it is done; `plan_changed` when the plan is no longer what
/// was looked at.
pub async fn agree_to_migration(
    app: &App,
    principal: &Principal,
    reference: &str,
    agrees: bool,
    shown: Option<Digest>,
) -> Result<(), Error> {
    let me = principal.account()?.id;
    let at = app.now();
    in_write!(app.db, tx, {
        let proof = WorkspaceProof::load_as_payer(app, tx, principal, reference, Action::ViewBilling).await?;
        let plan = plan_of(app, tx, principal, &proof).await?;
        let w = proof.workspace();
        if plan.state == BillingState::Migrated {
            let detail = "The organization pays for it already: there is nothing to agree to any more.";
            return Err(Error::refused("billing_migrated", "Its billing has migrated", detail));
        }
        let is_reseller =
            billing::find_subscription(tx, w.id).await?.and_then(|s| s.reseller).is_some_and(|r| r.id == me);
        if !is_reseller {
            let needed = ["You need to be the reseller of the workspace.".to_owned()];
            return Err(Error::forbidden("not_allowed", "You may not do this", &needed));
        }
        if let (Some(shown), Some((_, digest))) = (shown, &plan.document)
            && shown != *digest
        {
            let detail = "Something about it has changed since you looked. Look at the plan again. Nothing was done.";
            return Err(Error::refused("plan_changed", "The plan has changed", detail));
        }
        if plan.as_reseller == Some(agrees) {
            return Ok(());
        }
        if !workspace::guard(tx, w.id, w.version).await? {
            return Err(StoreError::Conflict.into());
        }
        let Some((_, digest)) = &plan.document else { return Err(super::not_linked_yet()) };
        billing::agree(tx, w.id, me, agrees.then_some((at, *digest))).await?;
        let happened = NewEvent {
            kind: if agrees { EventType::ResellerAgreed } else { EventType::ResellerWithdrew },
            organization_id: None,
            workspace_id: Some(w.id),
            payload: json!({
                "workspace": { "id": w.id, "slug": w.slug }, "reseller": me,
                "plan_digest": digest,
            }),
        };
        event::append(tx, app.origin(principal.actor(), at), happened, Some(w.version + 1)).await?;
        app.feed.poke();
        Ok(())
    })
}
