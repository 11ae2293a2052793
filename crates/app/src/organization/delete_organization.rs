//! Deletes an organization, after saying what hangs on it.

use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::TenantId;
use orglink_domain::organization::Organization;
use orglink_policy::Action;
use orglink_store::organization::Hanging;
use orglink_store::{Tx, billing_account, event, in_write, link, organization};
use serde_json::json;

use crate::change::OrganizationChange;
use crate::invitation::{Ended, end_all};
use crate::tenant::OrganizationProof;
use crate::{App, Error, Expected, Principal, Refusal, RefusalReason, domain_claim};

/// What deleting an organization would mean.
#[derive(Debug, Clone)]
pub struct OrganizationDeletion {
    pub organization: Organization,
    /// Why not; empty when it can be deleted.
    pub blockers: Vec<RefusalReason>,
    /// What would be gone with it.
    pub hanging: Hanging,
}

/// How many linked workspaces a refusal names.
const NAMED: i64 = 5;

async fn blockers(tx: &mut Tx, organization: &Organization) -> Result<Vec<RefusalReason>, Error> {
    let bills = billing_account::count_of_organization(tx, organization.id).await?;
    let of_bills = (bills > 0).then(|| RefusalReason {
        code: "has_billing_accounts",
        detail: format!("It has {bills} billing accounts, whose bills must be kept."),
        remedy: Some("An organization that has paid for workspaces stays; delete what is in it instead."),
        who: Some("nobody"),
    });
    let count = organization::count_links(tx, organization.id).await?;
    if count == 0 {
        return Ok(of_bills.into_iter().collect());
    }
    let first = link::list_of_organization(tx, organization.id, "", NAMED).await?;
    let names: Vec<&str> = first.iter().map(|l| l.workspace.slug.as_str()).collect();
    let more = if count > NAMED { format!(" and {} more", count - NAMED) } else { String::new() };
    let what = if count == 1 { "workspace is" } else { "workspaces are" };
    let of_links = RefusalReason {
        code: "has_linked_workspaces",
        detail: format!("{count} {what} linked to it: {}{more}.", names.join(", ")),
        remedy: Some("A link is permanent: it ends only when the workspace itself is deleted by its own admins."),
        who: Some("the admins of each workspace"),
    };
    Ok(std::iter::once(of_links).chain(of_bills).collect())
}

/// Says what deleting would mean; changes nothing.
///
/// # Errors
/// `NotFound`, or a refusal for anybody but an organization admin.
pub async fn preview_deletion(
    app: &App,
    principal: &Principal,
    reference: &str,
) -> Result<OrganizationDeletion, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::DeleteOrganization).await?;
    Ok(OrganizationDeletion {
        blockers: blockers(&mut tx, proof.organization()).await?,
        hanging: organization::count_what_hangs_on_it(&mut tx, proof.organization().id).await?,
        organization: proof.organization().clone(),
    })
}

/// Deletes an organization with its sites and roles. The accounts of its people stay.
///
/// # Errors
/// `NotFound`; `has_linked_workspaces`, `has_billing_accounts`; `VersionChanged`; a refusal for anybody but an organization admin.
pub async fn delete_organization(
    app: &App,
    principal: &Principal,
    reference: &str,
    expected: Expected,
) -> Result<(), Error> {
    in_write!(app.db, tx, {
        let action = Action::DeleteOrganization;
        let change = OrganizationChange::begin(app, tx, principal, reference, action, expected).await?;
        let gone = change.organization().clone();
        let blockers = blockers(tx, &gone).await?;
        if let Some(first) = blockers.first() {
            return Err(Error::Refused(Box::new(Refusal {
                code: first.code,
                title: "The organization cannot be deleted",
                detail: first.detail.clone(),
                reasons: blockers,
                differences: Vec::new(),
                is_about_permission: false,
            })));
        }
        end_all(app, tx, principal, TenantId::Organization(gone.id), Ended::Place).await?;
        let released = domain_claim::end_of_organization(tx, &gone).await?;
        organization::delete(tx, gone.id, change.at()).await?;
        let happened = NewEvent {
            kind: EventType::OrganizationDeleted,
            organization_id: Some(gone.id),
            workspace_id: None,
            payload: json!({ "slug": gone.slug, "name": gone.name }),
        };
        let mut events: Vec<NewEvent> = released
            .into_iter()
            .map(|(kind, payload)| NewEvent { kind, organization_id: Some(gone.id), workspace_id: None, payload })
            .collect();
        events.push(happened);
        let events: Vec<_> = events.into_iter().map(|event| (event, Some(gone.version + 1))).collect();
        event::append_all(tx, app.origin(principal.actor(), change.at()), &events).await?;
        app.feed.poke();
        Ok(())
    })
}
