//! The question of products: may this workspace use it, and if not, why? Answered from memory where it can be.

use std::sync::Arc;

use orglink_domain::entitlement::SwitchState;
use orglink_domain::id::WorkspaceId;
use orglink_domain::name::fold;
use orglink_policy::Action;
use orglink_store::entitlement;
use uuid::Uuid;

use super::find_facts;
use super::kept::Known;
use crate::secret::hash_of;
use crate::sign_in::find_bearer;
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal};

/// Who a token speaks for, as for every other request; remembered for a moment when it is a product's.
///
/// # Errors
/// `SignedOut` when there is no such token, or it has ended or was revoked.
pub async fn authenticate_product(app: &App, secret: &str) -> Result<Arc<Principal>, Error> {
    let hash = hash_of(secret);
    if let Some(known) = app.kept.caller(&hash) {
        return known.speak(app);
    }
    let reading = app.kept.begin_reading();
    let bearer = Arc::new(find_bearer(app, secret).await?);
    let principal = bearer.speak(app)?;
    if principal.is_product() {
        app.kept.keep_caller(hash, bearer, reading);
    }
    Ok(principal)
}

/// What features look at, of a workspace by slug or id: for a product at most a second old, for everybody else as it is now.
///
/// # Errors
/// `NotFound` when there is no such workspace, or whoever asks may not see it.
pub async fn know_workspace(app: &App, principal: &Principal, reference: &str) -> Result<Arc<Known>, Error> {
    if !principal.is_product() {
        let mut tx = app.db.begin_read().await?;
        let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::CheckEntitlements).await?;
        let workspace = proof.workspace();
        return Ok(Arc::new(Known {
            workspace: workspace.id,
            slug: fold(&workspace.slug),
            organization: proof.link().map(|link| link.organization_id),
            facts: find_facts(&mut tx, workspace.id).await?,
        }));
    }
    know(app, reference).await
}

/// The same on nobody's behalf: whoever asks was let in before.
async fn know(app: &App, reference: &str) -> Result<Arc<Known>, Error> {
    let kept = match Uuid::try_parse(reference) {
        Ok(id) => app.kept.workspace(WorkspaceId(id)),
        Err(_) => app.kept.workspace_named(&fold(reference)),
    };
    // The switches are the organization's: they change without the workspace.
    if let Some(known) = kept {
        match known.organization {
            None => return Ok(known),
            Some(organization) => {
                if let Some(switches) = app.kept.switches(organization) {
                    return Ok(with_switches(known, &switches));
                }
            }
        }
    }
    read(app, reference).await
}

/// The same as it is now, whatever is kept.
pub(super) async fn read(app: &App, reference: &str) -> Result<Arc<Known>, Error> {
    let reading = app.kept.begin_reading();
    let mut tx = app.db.begin_read().await?;
    let found = entitlement::find(&mut tx, reference).await?;
    let found = found.ok_or_else(|| Error::not_found("workspace", reference))?;
    let known = Arc::new(Known {
        workspace: found.workspace,
        slug: found.slug,
        organization: found.organization,
        facts: found.facts,
    });
    app.kept.keep_workspace(Arc::clone(&known), reading);
    let Some(organization) = known.organization else { return Ok(known) };
    let switches = entitlement::list_switches(&mut tx, organization).await?;
    let complete = with_switches(known, &switches);
    app.kept.keep_switches(organization, switches, reading);
    Ok(complete)
}

fn with_switches(known: Arc<Known>, switches: &[SwitchState]) -> Arc<Known> {
    if known.facts.switches == switches {
        return known;
    }
    let mut known = Known::clone(&known);
    known.facts.switches = switches.to_vec();
    Arc::new(known)
}
