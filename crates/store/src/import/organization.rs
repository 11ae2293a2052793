//! Organizations, their admins and domains.

use orglink_domain::id::{AccountId, OrganizationId};
use orglink_domain::organization::Organization;

use crate::organization::OrganizationRow;
use crate::{StoreError, Tx};

/// The organizations of these folded slugs that exist.
pub async fn find_organizations(tx: &mut Tx, slugs: &[String]) -> Result<Vec<Organization>, StoreError> {
    let rows = fetch_in!(
        tx,
        OrganizationRow,
        "SELECT id, slug, name, user_management, link_quota, identity_provider, version, created_at FROM organization WHERE slug_folded IN (",
        slugs,
        |slug| slug.as_str(),
        ")"
    );
    rows.into_iter().map(crate::organization::from_row).collect()
}

/// Writes the facts of an organization, its version one higher.
pub async fn change_organization(tx: &mut Tx, o: &Organization) -> Result<(), StoreError> {
    execute!(
        tx,
        sql!("import/change_organization"),
        o.id.0,
        &o.name,
        o.user_management.as_str(),
        o.link_quota,
        o.identity_provider.as_deref()
    )?;
    Ok(())
}

/// Raises the version of an organization something of which changed.
pub async fn raise_organization_version(tx: &mut Tx, id: OrganizationId) -> Result<(), StoreError> {
    execute!(tx, sql!("import/raise_organization_version"), id.0)?;
    Ok(())
}

/// Makes the admins of an organization exactly these.
pub async fn replace_admins(tx: &mut Tx, id: OrganizationId, admins: &[AccountId]) -> Result<(), StoreError> {
    execute!(tx, sql!("import/delete_organization_admins"), id.0)?;
    insert_rows!(tx, "INSERT INTO organization_role (organization_id, account_id, role)", admins, |b, account| {
        b.push_bind(id.0).push_bind(account.0).push_bind("admin");
    });
    Ok(())
}

/// Makes the verified domains of an organization exactly these.
pub async fn replace_domains(tx: &mut Tx, id: OrganizationId, domains: &[String]) -> Result<(), StoreError> {
    execute!(tx, sql!("import/delete_organization_domains"), id.0)?;
    insert_rows!(tx, "INSERT INTO organization_domain (organization_id, domain)", domains, |b, domain| {
        b.push_bind(id.0).push_bind(domain.as_str());
    });
    Ok(())
}
