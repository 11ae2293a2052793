//! Removes a domain: everybody who is managed by it is released, and what was announced is withdrawn.

use orglink_domain::domain_claim::account::{ClaimEnd, ClaimState};
use orglink_domain::event::EventType;
use orglink_policy::Action;
use orglink_store::{domain_claim, in_write};

use super::end_claims::end_of_domain;
use super::{find, told};
use crate::change::OrganizationChange;
use crate::{App, Error, Expected, Principal};

/// Removes a domain; the organization's new version.
///
/// # Errors
/// `NotFound`; `VersionChanged`; a refusal for anybody but an admin of the organization.
pub async fn remove_domain(
    app: &App,
    principal: &Principal,
    reference: &str,
    domain: &str,
    expected: Expected,
) -> Result<i64, Error> {
    in_write!(app.db, tx, {
        let action = Action::ManageDomains;
        let change = OrganizationChange::begin(app, tx, principal, reference, action, expected).await?;
        let of = find(tx, change.organization().id, domain).await?;
        let mut happened =
            end_of_domain(tx, change.organization(), of.id, ClaimState::ALL, ClaimEnd::DomainRemoved).await?;
        domain_claim::delete(tx, of.id).await?;
        happened.push((EventType::DomainRemoved, told(change.organization(), &of.domain)));
        change.finish_as(app, tx, principal, happened).await
    })
}
