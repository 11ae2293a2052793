//! One organization, as somebody with a role in it sees it.

use orglink_domain::organization::Organization;
use orglink_domain::role::OrganizationStanding;
use orglink_policy::Action;
use orglink_store::organization;

use crate::tenant::OrganizationProof;
use crate::{App, Error, Principal};

/// An organization with what the one who asks is to it.
#[derive(Debug, Clone)]
pub struct OrganizationView {
    pub organization: Organization,
    pub role: OrganizationStanding,
    pub domains: Vec<String>,
    pub linked_workspaces: i64,
    pub may_see_people: bool,
    /// The one who asks may change it.
    pub may_change: bool,
}

/// Looks at an organization.
///
/// # Errors
/// `NotFound` when it does not exist or may not be seen.
pub async fn view_organization(app: &App, principal: &Principal, reference: &str) -> Result<OrganizationView, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::ViewOrganization).await?;
    let id = proof.organization().id;
    Ok(OrganizationView {
        role: proof.role(),
        domains: organization::list_domains(&mut tx, id).await?,
        linked_workspaces: organization::count_links(&mut tx, id).await?,
        may_see_people: proof.may(app, Action::ViewOrganizationPeople),
        may_change: proof.may(app, Action::ChangeOrganization),
        organization: proof.organization().clone(),
    })
}
