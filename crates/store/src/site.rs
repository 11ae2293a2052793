//! Sites and the products on them.

use orglink_domain::id::{OrganizationId, SiteId};
use uuid::Uuid;

use crate::{StoreError, Tx};

/// One product on one site of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteProduct {
    pub site_id: SiteId,
    pub site: String,
    pub product: String,
}

/// The products of an organization, by site.
pub async fn list_products(tx: &mut Tx, id: OrganizationId) -> Result<Vec<SiteProduct>, StoreError> {
    let rows = fetch_all!(tx, sql!("site/list_products"), (Uuid, String, String), id.0)?;
    Ok(rows
        .into_iter()
        .map(|(site_id, site, product)| SiteProduct { site_id: SiteId(site_id), site, product })
        .collect())
}
