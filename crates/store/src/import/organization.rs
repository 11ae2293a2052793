//! Organizations, their admins and domains.

use std::collections::HashMap;

use orglink_domain::id::{AccountId, OrganizationId};
use orglink_domain::name::fold;
use orglink_domain::organization::Organization;
use uuid::Uuid;

use crate::organization::OrganizationRow;
use crate::row::Time;
use crate::{StoreError, Tx};

/// An organization with the lists that belong to its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationState {
    pub organization: Organization,
    /// Sorted.
    pub admins: Vec<AccountId>,
    /// Sorted.
    pub domains: Vec<String>,
}

/// The organizations of these folded slugs that exist.
pub async fn find_organizations(tx: &mut Tx, slugs: &[String]) -> Result<Vec<Organization>, StoreError> {
    let rows = fetch_by_keys!(
        tx,
        OrganizationRow,
        "SELECT id, slug, name, user_management, link_quota, identity_provider, version, created_at FROM organization WHERE slug_folded",
        slugs,
        |slug| slug.as_str(),
        ""
    );
    rows.into_iter().map(crate::organization::from_row).collect()
}

/// The same with their lists, by folded slug.
pub async fn find_organization_states(
    tx: &mut Tx,
    slugs: &[String],
) -> Result<HashMap<String, OrganizationState>, StoreError> {
    let mut found: HashMap<Uuid, OrganizationState> = HashMap::new();
    for organization in find_organizations(tx, slugs).await? {
        let id = organization.id.0;
        found.insert(id, OrganizationState { organization, admins: vec![], domains: vec![] });
    }
    let ids: Vec<Uuid> = found.keys().copied().collect();
    let admins = fetch_by_keys!(
        tx,
        (Uuid, Uuid),
        "SELECT organization_id, account_id FROM organization_role WHERE role = 'admin' AND organization_id",
        ids,
        |id| *id,
        "ORDER BY account_id"
    );
    for (id, account) in admins {
        if let Some(state) = found.get_mut(&id) {
            state.admins.push(AccountId(account));
        }
    }
    let domains = fetch_by_keys!(
        tx,
        (Uuid, String),
        "SELECT organization_id, domain FROM organization_domain WHERE organization_id",
        ids,
        |id| *id,
        "ORDER BY domain"
    );
    for (id, domain) in domains {
        if let Some(state) = found.get_mut(&id) {
            state.domains.push(domain);
        }
    }
    Ok(found.into_values().map(|state| (fold(&state.organization.slug), state)).collect())
}

/// Keeps new organizations.
pub async fn create_organizations(tx: &mut Tx, states: &[OrganizationState]) -> Result<(), StoreError> {
    insert_all!(
        tx,
        "organization (id, slug, slug_folded, name, user_management, link_quota, identity_provider, version, created_at)",
        states,
        |b, row| {
            let o = &row.organization;
            b.push_bind(o.id.0)
                .push_bind(o.slug.as_str())
                .push_bind(fold(&o.slug))
                .push_bind(o.name.as_str())
                .push_bind(o.user_management.as_str())
                .push_bind(o.link_quota)
                .push_bind(o.identity_provider.as_deref())
                .push_bind(o.version)
                .push_bind(Time(o.created_at));
        }
    );
    add_lists(tx, &states.iter().collect::<Vec<_>>()).await
}

/// Makes an organization and its lists what its record says, its version one higher.
pub async fn change_organization(
    tx: &mut Tx,
    before: &OrganizationState,
    after: &OrganizationState,
) -> Result<(), StoreError> {
    let o = &after.organization;
    let (management, provider) = (o.user_management.as_str(), o.identity_provider.as_deref());
    execute!(tx, sql!("import/change_organization"), o.id.0, &o.name, management, o.link_quota, provider)?;
    if before.admins != after.admins {
        execute!(tx, sql!("import/delete_organization_admins"), o.id.0)?;
    }
    if before.domains != after.domains {
        execute!(tx, sql!("import/delete_organization_domains"), o.id.0)?;
    }
    let lists = OrganizationState {
        organization: o.clone(),
        admins: if before.admins == after.admins { vec![] } else { after.admins.clone() },
        domains: if before.domains == after.domains { vec![] } else { after.domains.clone() },
    };
    add_lists(tx, &[&lists]).await
}

async fn add_lists(tx: &mut Tx, states: &[&OrganizationState]) -> Result<(), StoreError> {
    let admins: Vec<(Uuid, AccountId)> =
        states.iter().flat_map(|s| s.admins.iter().map(|a| (s.organization.id.0, *a))).collect();
    insert_all!(tx, "organization_role (organization_id, account_id, role)", admins, |b, row| {
        b.push_bind(row.0).push_bind(row.1.0).push_bind("admin");
    });
    let domains: Vec<(Uuid, &str)> =
        states.iter().flat_map(|s| s.domains.iter().map(|d| (s.organization.id.0, d.as_str()))).collect();
    insert_all!(tx, "organization_domain (organization_id, domain)", domains, |b, row| {
        b.push_bind(row.0).push_bind(row.1);
    });
    Ok(())
}

/// Raises the version of an organization something of which changed.
pub async fn raise_organization_version(tx: &mut Tx, id: OrganizationId) -> Result<(), StoreError> {
    execute!(tx, sql!("import/raise_organization_version"), id.0)?;
    Ok(())
}
