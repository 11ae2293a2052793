//! The organizations somebody has to do with.

use orglink_domain::name::fold;
use orglink_domain::organization::Organization;
use orglink_store::organization;
use uuid::Uuid;

use crate::{App, Error, Page, PageRequest, Principal};

/// The organizations in which the one who asks holds any role, by slug; all of them for an operator.
///
/// # Errors
/// When the database is not reachable.
pub async fn list_organizations(
    app: &App,
    principal: &Principal,
    page: &PageRequest,
) -> Result<Page<Organization>, Error> {
    let mut tx = app.db.begin_read().await?;
    let account = principal.account_if_any().map_or(orglink_domain::id::AccountId(Uuid::nil()), |a| a.id);
    let everything = principal.sees_everything();
    let items = organization::list_of_account(&mut tx, account, page.after(), page.fetch(), everything).await?;
    Ok(page.page(items, |o| fold(&o.slug)))
}

/// The organizations that the one who asks is admin of: where they may link to.
///
/// # Errors
/// When the database is not reachable.
pub async fn list_administered_organizations(app: &App, principal: &Principal) -> Result<Vec<Organization>, Error> {
    let mut tx = app.db.begin_read().await?;
    Ok(organization::list_administered(&mut tx, principal.account()?.id).await?)
}
