//! Who holds which role on an organization.

use orglink_domain::account::Account;
use orglink_domain::role::OrganizationRole;
use orglink_policy::Action;
use orglink_store::organization;

use crate::tenant::OrganizationProof;
use crate::{App, Error, Principal};

/// Somebody with a role on the organization.
#[derive(Debug, Clone)]
pub struct Person {
    pub account: Account,
    pub role: OrganizationRole,
}

/// The people of an organization, by address (at most 1,000).
///
/// # Errors
/// `NotFound`, or a refusal for somebody who is neither its admin nor its auditor.
pub async fn list_people(app: &App, principal: &Principal, reference: &str) -> Result<Vec<Person>, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::ViewOrganizationPeople).await?;
    let people = organization::list_people(&mut tx, proof.organization().id).await?;
    Ok(people.into_iter().map(|(account, role)| Person { account, role }).collect())
}
