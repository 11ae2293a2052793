//! Sites with what is on them.

use orglink_domain::clock::Timestamp;
use orglink_domain::id::{AccountId, OrganizationId, SiteId, WorkspaceId};
use orglink_domain::name::fold;
use uuid::Uuid;

use crate::row::Time;
use crate::{StoreError, Tx};

/// A site with everything on it, as ids and names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteState {
    pub id: SiteId,
    pub organization_id: OrganizationId,
    pub products: Vec<String>,
    pub admins: Vec<AccountId>,
    pub integrations: Vec<(String, WorkspaceId)>,
}

/// A site by its folded slug.
pub async fn find_site(tx: &mut Tx, slug: &str) -> Result<Option<SiteState>, StoreError> {
    let Some((id, organization)) = fetch_optional!(tx, sql!("import/find_site"), (Uuid, Uuid), slug)? else {
        return Ok(None);
    };
    let products = fetch_all!(tx, sql!("import/list_site_products"), (String,), id)?;
    let admins = fetch_all!(tx, sql!("import/list_site_admins"), (Uuid,), id)?;
    let integrations = fetch_all!(tx, sql!("import/list_site_integrations"), (String, Uuid), id)?;
    Ok(Some(SiteState {
        id: SiteId(id),
        organization_id: OrganizationId(organization),
        products: products.into_iter().map(|(p,)| p).collect(),
        admins: admins.into_iter().map(|(a,)| AccountId(a)).collect(),
        integrations: integrations.into_iter().map(|(p, w)| (p, WorkspaceId(w))).collect(),
    }))
}

pub async fn create_site(
    tx: &mut Tx,
    id: SiteId,
    organization: OrganizationId,
    slug: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    execute!(tx, sql!("import/create_site"), id.0, organization.0, slug, fold(slug), Time(at))?;
    Ok(())
}

/// Makes what is on a site exactly this.
pub async fn replace_site(tx: &mut Tx, site: &SiteState) -> Result<(), StoreError> {
    let id = site.id.0;
    execute!(tx, sql!("import/delete_site_products"), id)?;
    execute!(tx, sql!("import/delete_site_admins"), id)?;
    execute!(tx, sql!("import/delete_site_integrations"), id)?;
    insert_all!(tx, "site_product (site_id, product)", site.products, |b, product| {
        b.push_bind(id).push_bind(product.as_str());
    });
    execute!(tx, sql!("import/delete_lost_app_roles"), id)?;
    insert_all!(tx, "site_role (site_id, account_id, role)", site.admins, |b, account| {
        b.push_bind(id).push_bind(account.0).push_bind("site_admin");
    });
    insert_all!(tx, "site_integration (site_id, product, workspace_id)", site.integrations, |b, row| {
        b.push_bind(id).push_bind(row.0.as_str()).push_bind(row.1.0);
    });
    Ok(())
}
