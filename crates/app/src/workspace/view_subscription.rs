//! What a workspace pays for, and the salt of its access digest: for those who administer it.

use orglink_domain::workspace::{BillingCycle, ContactKind, SubscriptionPlan};
use orglink_policy::Action;
use orglink_store::workspace;

use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal};

/// What a workspace pays for.
#[derive(Debug, Clone)]
pub struct Subscription {
    pub plan: SubscriptionPlan,
    pub billing_cycle: BillingCycle,
    pub contacts: Vec<(ContactKind, String)>,
}

/// Looks at the subscription.
///
/// # Errors
/// `NotFound`, or a refusal for somebody who is no admin of the workspace.
pub async fn view_subscription(app: &App, principal: &Principal, reference: &str) -> Result<Subscription, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewSubscription).await?;
    Ok(Subscription {
        plan: proof.workspace().plan,
        billing_cycle: proof.workspace().billing_cycle,
        contacts: workspace::list_contacts(&mut tx, proof.workspace().id).await?,
    })
}

/// The salt with which the workspace's side can rebuild its access digest from an export.
///
/// # Errors
/// `NotFound`, or a refusal for somebody who is no admin of the workspace.
pub async fn view_access_salt(app: &App, principal: &Principal, reference: &str) -> Result<[u8; 32], Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewAccessSalt).await?;
    Ok(workspace::find_salt(&mut tx, proof.workspace().id).await?)
}
