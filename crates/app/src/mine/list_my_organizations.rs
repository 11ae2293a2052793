//! The organizations in which somebody holds a role.

use orglink_domain::name::fold;
use orglink_domain::organization::Organization;
use orglink_domain::role::HeldRole;
use orglink_store::organization;

use crate::{App, Error, Page, PageRequest, Principal};

/// An organization, with every role that the one who asks holds in it.
#[derive(Debug, Clone)]
pub struct MyOrganization {
    pub organization: Organization,
    pub roles: Vec<HeldRole>,
}

/// The organizations in which the one who asks holds any role, by slug.
///
/// # Errors
/// When the local operator asks for nobody.
pub async fn list_my_organizations(
    app: &App,
    principal: &Principal,
    page: &PageRequest,
) -> Result<Page<MyOrganization>, Error> {
    let account = principal.account()?;
    let mut tx = app.db.begin_read().await?;
    let found = organization::list_of_account(&mut tx, account.id, page.after(), page.fetch(), false).await?;
    let email = fold(&account.email);
    let mut items = Vec::new();
    for organization in found {
        let held = organization::list_held(&mut tx, organization.id, (&email, &email)).await?;
        items.push(MyOrganization { organization, roles: held.into_iter().map(|(_, role)| role).collect() });
    }
    Ok(page.page(items, |o| fold(&o.organization.slug)))
}
