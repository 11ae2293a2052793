//! The directories of the sites of an organization, and their end: the organization's own takes their groups.

use orglink_domain::id::{DirectoryGroupId, OrganizationId, SiteId};
use orglink_domain::name::fold;
use orglink_domain::user_management::DirectoryGroup;
use uuid::Uuid;

use super::from_row;
use crate::{StoreError, Tx};

/// The sites of an organization by slug, each with how many groups its directory has.
pub async fn list_sites(tx: &mut Tx, organization: OrganizationId) -> Result<Vec<(String, i64)>, StoreError> {
    fetch_all!(tx, sql!("directory/list_sites"), (String, i64), organization.0)
}

/// The groups of every site of an organization, each with the slug of its site.
pub async fn list_of_all_sites(
    tx: &mut Tx,
    organization: OrganizationId,
) -> Result<Vec<(String, DirectoryGroup)>, StoreError> {
    type Row = (String, Uuid, String, String);
    let rows = fetch_all!(tx, sql!("directory/list_of_all_sites"), Row, organization.0)?;
    Ok(rows.into_iter().map(|(site, id, slug, name)| (site, from_row((id, slug, name)))).collect())
}

/// Makes a group of a site the organization's, called so from now on.
pub async fn take_from_site(tx: &mut Tx, id: DirectoryGroupId, slug: &str, name: &str) -> Result<(), StoreError> {
    execute!(tx, sql!("directory/take_from_site"), id.0, slug, fold(slug), name)?;
    Ok(())
}

/// How many groups the organization's own directory has.
pub async fn count(tx: &mut Tx, organization: OrganizationId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("directory/count"), (i64,), organization.0)?.0)
}

/// How many that of a site has.
pub async fn count_of_site(tx: &mut Tx, site: SiteId) -> Result<i64, StoreError> {
    Ok(fetch_one!(tx, sql!("directory/count_of_site"), (i64,), site.0)?.0)
}
