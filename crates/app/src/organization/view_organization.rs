//! One organization, as somebody with a role in it sees it.

use orglink_domain::name::fold;
use orglink_domain::organization::Organization;
use orglink_domain::role::{Administration, HeldRole, OrganizationStanding};
use orglink_policy::Action;
use orglink_store::organization;

use crate::tenant::OrganizationProof;
use crate::{App, Error, Principal, administration};

/// An organization with what the one who asks is to it.
#[derive(Debug, Clone)]
pub struct OrganizationView {
    pub organization: Organization,
    pub role: OrganizationStanding,
    /// Everything that the one who asks holds in it.
    pub roles: Vec<HeldRole>,
    pub domains: Vec<String>,
    pub linked_workspaces: i64,
    /// For whoever may see its people.
    pub administration: Option<Administration>,
    pub may_see_people: bool,
    /// The one who asks may change it.
    pub may_change: bool,
}

impl OrganizationView {
    /// What its admins should do something about.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        self.administration.and_then(|a| a.warning("organization"))
    }

    /// Nobody administers it who can act.
    #[must_use]
    pub fn needs_recovery(&self) -> bool {
        self.administration == Some(Administration::Nobody)
    }
}

/// Looks at an organization.
///
/// # Errors
/// `NotFound` when it does not exist or may not be seen.
pub async fn view_organization(app: &App, principal: &Principal, reference: &str) -> Result<OrganizationView, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::ViewOrganization).await?;
    let id = proof.organization().id;
    let roles = match principal.account_if_any() {
        Some(account) => {
            let email = fold(&account.email);
            organization::list_held(&mut tx, id, (&email, &email)).await?.into_iter().map(|(_, role)| role).collect()
        }
        None => Vec::new(),
    };
    let may_see_people = proof.may(app, Action::ViewOrganizationPeople);
    let administration = if may_see_people { Some(administration::of_organization(&mut tx, id).await?) } else { None };
    Ok(OrganizationView {
        role: proof.role(),
        roles,
        domains: organization::list_domains(&mut tx, id).await?,
        linked_workspaces: organization::count_links(&mut tx, id).await?,
        administration,
        may_see_people,
        may_change: proof.may(app, Action::ChangeOrganization),
        organization: proof.organization().clone(),
    })
}
