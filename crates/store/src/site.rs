//! Sites, the products on them, and the roles there.

use orglink_domain::id::{AccountId, OrganizationId, SiteId};
use orglink_domain::name::fold;
use orglink_domain::organization::Site;
use orglink_domain::role::{AppRole, SiteRole};
use uuid::Uuid;

use crate::row::{Time, can_be_stored};
use crate::{StoreError, Tx};

/// One product on one site of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteProduct {
    pub site_id: SiteId,
    pub site: String,
    pub product: String,
}

type SiteRow = (Uuid, String, Time);

fn from_row((id, slug, created_at): SiteRow) -> Site {
    Site { id: SiteId(id), slug, created_at: created_at.0 }
}

/// The products of an organization, by site.
pub async fn list_products(tx: &mut Tx, id: OrganizationId) -> Result<Vec<SiteProduct>, StoreError> {
    let rows = fetch_all!(tx, sql!("site/list_products"), (Uuid, String, String), id.0)?;
    Ok(rows
        .into_iter()
        .map(|(site_id, site, product)| SiteProduct { site_id: SiteId(site_id), site, product })
        .collect())
}

/// The sites of an organization, after a folded slug.
pub async fn list(tx: &mut Tx, id: OrganizationId, after: &str, limit: i64) -> Result<Vec<Site>, StoreError> {
    Ok(fetch_all!(tx, sql!("site/list"), SiteRow, id.0, after, limit)?.into_iter().map(from_row).collect())
}

pub async fn find(tx: &mut Tx, id: OrganizationId, slug: &str) -> Result<Option<Site>, StoreError> {
    if !can_be_stored(slug) {
        return Ok(None);
    }
    Ok(fetch_optional!(tx, sql!("site/find"), SiteRow, id.0, fold(slug))?.map(from_row))
}

/// Keeps a new site; false when the slug is taken.
pub async fn create(tx: &mut Tx, organization: OrganizationId, site: &Site) -> Result<bool, StoreError> {
    let (slug, at) = (site.slug.as_str(), Time(site.created_at));
    Ok(execute!(tx, sql!("site/create"), site.id.0, organization.0, slug, fold(slug), at)? == 1)
}

/// Deletes a site with its products, roles, integrations and directory.
pub async fn delete(tx: &mut Tx, id: SiteId) -> Result<(), StoreError> {
    execute!(tx, sql!("site/delete"), id.0)?;
    Ok(())
}

pub async fn list_products_of(tx: &mut Tx, id: SiteId) -> Result<Vec<String>, StoreError> {
    let rows = fetch_all!(tx, sql!("site/list_products_of"), (String,), id.0)?;
    Ok(rows.into_iter().map(|(product,)| product).collect())
}

pub async fn add_product(tx: &mut Tx, id: SiteId, product: &str) -> Result<(), StoreError> {
    execute!(tx, sql!("site/add_product"), id.0, product)?;
    Ok(())
}

/// Takes a product from a site, with the roles on it and what it is connected to.
pub async fn remove_product(tx: &mut Tx, id: SiteId, product: &str) -> Result<(), StoreError> {
    execute!(tx, sql!("site/remove_product"), id.0, product)?;
    execute!(tx, sql!("site/delete_integrations"), id.0, product)?;
    execute!(tx, sql!("import/delete_lost_app_roles"), id.0)?;
    Ok(())
}

/// How many workspaces the products of a site are connected to.
pub async fn count_integrations(tx: &mut Tx, id: SiteId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("site/count_integrations"), (i64,), id.0)?.0)
}

pub async fn is_admin(tx: &mut Tx, id: SiteId, account: AccountId) -> Result<bool, StoreError> {
    Ok(fetch_one!(tx, sql!("site/is_admin"), (i64,), id.0, account.0)?.0 > 0)
}

/// Whether somebody says there who has access.
pub async fn is_user_access_admin(tx: &mut Tx, id: SiteId, account: AccountId) -> Result<bool, StoreError> {
    Ok(fetch_one!(tx, sql!("site/is_user_access_admin"), (i64,), id.0, account.0)?.0 > 0)
}

pub async fn count_admins(tx: &mut Tx, id: SiteId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("site/count_admins"), (i64,), id.0)?.0)
}

/// Gives a role on a site, or takes it; false when nothing had to be done.
pub async fn change_role(
    tx: &mut Tx,
    id: SiteId,
    account: AccountId,
    role: SiteRole,
    is_given: bool,
) -> Result<bool, StoreError> {
    let statement = if is_given { sql!("import/grant_site_role") } else { sql!("site/revoke_role") };
    Ok(execute!(tx, statement, id.0, account.0, role.as_str())? == 1)
}

/// Gives a role on one app of a site, or takes it; false when nothing had to be done.
pub async fn change_app_role(
    tx: &mut Tx,
    (id, product): (SiteId, &str),
    account: AccountId,
    role: AppRole,
    is_given: bool,
) -> Result<bool, StoreError> {
    let statement = if is_given { sql!("import/grant_app_role") } else { sql!("site/revoke_app_role") };
    Ok(execute!(tx, statement, id.0, product, account.0, role.as_str())? == 1)
}
