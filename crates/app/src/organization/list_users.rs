//! The people of an organization: everybody with a role on it, on one of its sites or on one app.

use orglink_domain::account::Account;
use orglink_domain::name::fold;
use orglink_domain::organization::Organization;
use orglink_domain::role::{Administration, HeldRole, OrganizationRole};
use orglink_policy::Action;
use orglink_store::organization;

use crate::tenant::OrganizationProof;
use crate::workspace::range_of;
use crate::{App, Error, Page, PageRequest, Principal, administration};

/// Somebody with what they hold.
#[derive(Debug, Clone)]
pub struct User {
    pub account: Account,
    pub roles: Vec<HeldRole>,
}

impl User {
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.roles.contains(&HeldRole::Organization(OrganizationRole::Admin))
    }
}

/// The people of an organization, as somebody sees them.
#[derive(Debug, Clone)]
pub struct Users {
    pub organization: Organization,
    pub page: Page<User>,
    pub administration: Administration,
    /// The one who asks may give and take roles.
    pub may_change: bool,
}

/// Those whose address contains `text`, by address.
///
/// # Errors
/// `NotFound`, or a refusal for somebody who is neither its admin nor its auditor.
pub async fn list_users(
    app: &App,
    principal: &Principal,
    reference: &str,
    text: &str,
    page: &PageRequest,
) -> Result<Users, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::ViewOrganizationPeople).await?;
    let id = proof.organization().id;
    let people = organization::list_users(&mut tx, id, page.after(), page.fetch(), text).await?;
    let people = page.page(people, |a| fold(&a.email));
    let (first, last) = range_of(&people.items);
    let held = organization::list_held(&mut tx, id, (&first, &last)).await?;
    let page = people.map(|account| User {
        roles: held.iter().filter(|(of, _)| *of == account.id).map(|(_, role)| role.clone()).collect(),
        account,
    });
    Ok(Users {
        administration: administration::of_organization(&mut tx, id).await?,
        may_change: proof.may(app, Action::ChangeRoles),
        organization: proof.organization().clone(),
        page,
    })
}
