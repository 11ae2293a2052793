//! The bulk side of an import: what is there, and the statements that make it what the records say.
//!
//! Everything runs in the one transaction of the import, a few hundred rows a statement.

use std::collections::HashMap;

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::eligibility::{ReasonCode, WorkspaceFacts};
use orglink_domain::id::{AccountId, OrganizationId, RepositoryId, SiteId, UserGroupId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_domain::organization::Organization;
use orglink_domain::workspace::{ContactKind, Permission, UserGroup, Workspace};
use uuid::Uuid;

use crate::account::AccountRow;
use crate::organization::OrganizationRow;
use crate::row::{Time, joined, split, word};
use crate::workspace::WorkspaceRow;
use crate::{StoreError, Tx};

/// The accounts of these folded addresses that exist.
pub async fn find_accounts(tx: &mut Tx, emails: &[String]) -> Result<Vec<Account>, StoreError> {
    let rows = fetch_in!(
        tx,
        AccountRow,
        "SELECT id, email, name, is_verified, is_robot, is_operator FROM account WHERE email_folded IN (",
        emails,
        |email| email.as_str(),
        ")"
    );
    Ok(rows.into_iter().map(crate::account::from_row).collect())
}

pub async fn create_accounts(tx: &mut Tx, accounts: &[Account], at: Timestamp) -> Result<(), StoreError> {
    insert_rows!(
        tx,
        "INSERT INTO account (id, email, email_folded, name, is_verified, is_robot, is_operator, created_at)",
        accounts,
        |b, a| {
            b.push_bind(a.id.0)
                .push_bind(a.email.as_str())
                .push_bind(fold(&a.email))
                .push_bind(a.name.as_str())
                .push_bind(a.is_verified)
                .push_bind(a.is_robot)
                .push_bind(a.is_operator)
                .push_bind(Time(at));
        }
    );
    Ok(())
}

pub async fn change_account(tx: &mut Tx, account: &Account) -> Result<(), StoreError> {
    let Account { id, name, is_verified, is_robot, .. } = account;
    execute!(tx, sql!("import/change_account"), id.0, name, *is_verified, *is_robot)?;
    Ok(())
}

/// The workspaces that these accounts administer: their eligibility may depend on them.
pub async fn list_administered_by(tx: &mut Tx, accounts: &[AccountId]) -> Result<Vec<WorkspaceId>, StoreError> {
    let rows = fetch_in!(
        tx,
        (Uuid,),
        "SELECT DISTINCT m.workspace_id FROM user_group_member m JOIN user_group g ON g.id = m.user_group_id WHERE g.is_admin AND m.account_id IN (",
        accounts,
        |id| id.0,
        ")"
    );
    Ok(rows.into_iter().map(|(id,)| WorkspaceId(id)).collect())
}

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
    insert_rows!(tx, "INSERT INTO site_product (site_id, product)", site.products, |b, product| {
        b.push_bind(id).push_bind(product.as_str());
    });
    execute!(tx, sql!("import/delete_lost_app_roles"), id)?;
    insert_rows!(tx, "INSERT INTO site_role (site_id, account_id, role)", site.admins, |b, account| {
        b.push_bind(id).push_bind(account.0).push_bind("site_admin");
    });
    insert_rows!(tx, "INSERT INTO site_integration (site_id, product, workspace_id)", site.integrations, |b, row| {
        b.push_bind(id).push_bind(row.0.as_str()).push_bind(row.1.0);
    });
    Ok(())
}

/// Where a role is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleTarget {
    Organization(OrganizationId),
    Site(SiteId),
    App(SiteId, String),
}

/// Gives a role; false when it is held already.
pub async fn grant_role(tx: &mut Tx, target: &RoleTarget, account: AccountId, role: &str) -> Result<bool, StoreError> {
    let written = match target {
        RoleTarget::Organization(id) => execute!(tx, sql!("organization/grant_role"), id.0, account.0, role)?,
        RoleTarget::Site(id) => execute!(tx, sql!("import/grant_site_role"), id.0, account.0, role)?,
        RoleTarget::App(id, product) => {
            execute!(tx, sql!("import/grant_app_role"), id.0, product.as_str(), account.0, role)?
        }
    };
    Ok(written == 1)
}

/// A workspace's fields with the lists that belong to its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceState {
    pub workspace: Workspace,
    /// The id and the age it has where it came from, as far as its record told.
    pub external_id: Option<String>,
    pub external_created_at: Option<Timestamp>,
    /// Sorted.
    pub labels: Vec<String>,
    /// Sorted.
    pub contacts: Vec<(ContactKind, AccountId)>,
}

/// The workspaces of these folded slugs that exist, by folded slug.
pub async fn find_workspaces(tx: &mut Tx, slugs: &[String]) -> Result<HashMap<String, WorkspaceState>, StoreError> {
    let rows = fetch_in!(
        tx,
        WorkspaceRow,
        "SELECT id, slug, name, app, kind, plan, billing_cycle, status, legal_hold, open_transfer, version, created_at FROM workspace WHERE slug_folded IN (",
        slugs,
        |slug| slug.as_str(),
        ")"
    );
    let mut found: HashMap<Uuid, WorkspaceState> = HashMap::new();
    for row in rows {
        let workspace = crate::workspace::from_row(row)?;
        let state = WorkspaceState {
            external_id: None,
            external_created_at: None,
            labels: vec![],
            contacts: vec![],
            workspace,
        };
        found.insert(state.workspace.id.0, state);
    }
    let ids: Vec<Uuid> = found.keys().copied().collect();
    let external = fetch_in!(
        tx,
        (Uuid, Option<String>, Option<Time>),
        "SELECT id, external_id, external_created_at FROM workspace WHERE (external_id IS NOT NULL OR external_created_at IS NOT NULL) AND id IN (",
        ids,
        |id| *id,
        ")"
    );
    for (id, external_id, created_at) in external {
        if let Some(state) = found.get_mut(&id) {
            state.external_id = external_id;
            state.external_created_at = created_at.map(|t| t.0);
        }
    }
    let labels = fetch_in!(
        tx,
        (Uuid, String),
        "SELECT workspace_id, label FROM workspace_label WHERE workspace_id IN (",
        ids,
        |id| *id,
        ") ORDER BY label"
    );
    for (id, label) in labels {
        if let Some(state) = found.get_mut(&id) {
            state.labels.push(label);
        }
    }
    let contacts = fetch_in!(
        tx,
        (Uuid, String, Uuid),
        "SELECT workspace_id, kind, account_id FROM workspace_contact WHERE workspace_id IN (",
        ids,
        |id| *id,
        ")"
    );
    for (id, kind, account) in contacts {
        if let Some(state) = found.get_mut(&id) {
            state.contacts.push((word(&kind, "workspace_contact", "kind", id)?, AccountId(account)));
        }
    }
    for state in found.values_mut() {
        state.contacts.sort_unstable();
    }
    Ok(found.into_values().map(|state| (fold(&state.workspace.slug), state)).collect())
}

/// The ids of these folded slugs that exist.
pub async fn find_workspace_ids(tx: &mut Tx, slugs: &[String]) -> Result<HashMap<String, WorkspaceId>, StoreError> {
    let rows = fetch_in!(
        tx,
        (String, Uuid),
        "SELECT slug_folded, id FROM workspace WHERE slug_folded IN (",
        slugs,
        |slug| slug.as_str(),
        ")"
    );
    Ok(rows.into_iter().map(|(slug, id)| (slug, WorkspaceId(id))).collect())
}

/// Keeps new workspaces with their salts.
pub async fn create_workspaces(tx: &mut Tx, states: &[(WorkspaceState, [u8; 32])]) -> Result<(), StoreError> {
    insert_rows!(
        tx,
        "INSERT INTO workspace (id, slug, slug_folded, name, app, kind, plan, billing_cycle, status, legal_hold, open_transfer, external_id, external_created_at, version, access_salt, created_at)",
        states,
        |b, row| {
            let w = &row.0.workspace;
            b.push_bind(w.id.0)
                .push_bind(w.slug.as_str())
                .push_bind(fold(&w.slug))
                .push_bind(w.name.as_str())
                .push_bind(w.app.as_str())
                .push_bind(w.kind.as_str())
                .push_bind(w.plan.as_str())
                .push_bind(w.billing_cycle.as_str())
                .push_bind(w.status.as_str())
                .push_bind(w.legal_hold)
                .push_bind(w.open_transfer)
                .push_bind(row.0.external_id.as_deref())
                .push_bind(row.0.external_created_at.map(Time))
                .push_bind(w.version)
                .push_bind(row.1.as_slice())
                .push_bind(Time(w.created_at));
        }
    );
    let states: Vec<&WorkspaceState> = states.iter().map(|(state, _)| state).collect();
    add_lists(tx, &states).await
}

/// Writes the facts of workspaces that changed; their versions are raised at the end, once each.
pub async fn change_workspaces(tx: &mut Tx, states: &[WorkspaceState]) -> Result<(), StoreError> {
    for state in states {
        let w = &state.workspace;
        execute!(
            tx,
            sql!("import/change_workspace"),
            w.id.0,
            &w.name,
            w.plan.as_str(),
            w.kind.as_str(),
            w.billing_cycle.as_str(),
            w.status.as_str(),
            w.legal_hold,
            w.open_transfer,
            state.external_id.as_deref(),
            state.external_created_at.map(Time),
            &w.app,
        )?;
        execute!(tx, sql!("import/delete_workspace_labels"), w.id.0)?;
        execute!(tx, sql!("import/delete_workspace_contacts"), w.id.0)?;
    }
    add_lists(tx, &states.iter().collect::<Vec<_>>()).await
}

async fn add_lists(tx: &mut Tx, states: &[&WorkspaceState]) -> Result<(), StoreError> {
    let labels: Vec<(Uuid, &str)> =
        states.iter().flat_map(|s| s.labels.iter().map(|l| (s.workspace.id.0, l.as_str()))).collect();
    insert_rows!(tx, "INSERT INTO workspace_label (workspace_id, label)", labels, |b, row| {
        b.push_bind(row.0).push_bind(row.1);
    });
    let contacts: Vec<(Uuid, ContactKind, AccountId)> =
        states.iter().flat_map(|s| s.contacts.iter().map(|(k, a)| (s.workspace.id.0, *k, *a))).collect();
    insert_rows!(tx, "INSERT INTO workspace_contact (workspace_id, kind, account_id)", contacts, |b, row| {
        b.push_bind(row.0).push_bind(row.1.as_str()).push_bind(row.2.0);
    });
    Ok(())
}

/// A group with its members.
#[derive(Debug, Clone)]
pub struct GroupState {
    pub workspace_id: WorkspaceId,
    pub group: UserGroup,
    /// Sorted.
    pub members: Vec<AccountId>,
}

/// Groups by workspace and folded slug.
pub type GroupsByKey = HashMap<(WorkspaceId, String), GroupState>;

/// The groups (without members) of these keys that exist.
pub async fn find_groups(tx: &mut Tx, keys: &[(WorkspaceId, String)]) -> Result<GroupsByKey, StoreError> {
    type Row = (Uuid, String, String, bool, String, String, bool, Uuid);
    let pairs = pairs(keys);
    let rows = fetch_pairs!(
        tx,
        Row,
        "SELECT g.id, g.slug, g.name, g.is_admin, g.repository_permission, g.workspace_permissions, g.is_default, g.workspace_id FROM ",
        pairs,
        "JOIN user_group g ON g.workspace_id = k.column1 AND g.slug_folded = k.column2"
    );
    let mut found = HashMap::new();
    for (id, slug, name, is_admin, permission, permissions, is_default, workspace) in rows {
        let key = (WorkspaceId(workspace), fold(&slug));
        let group = UserGroup {
            id: UserGroupId(id),
            slug,
            name,
            is_admin,
            repository_permission: word(&permission, "user_group", "repository_permission", id)?,
            workspace_permissions: split(&permissions),
            is_default,
        };
        found.insert(key, GroupState { workspace_id: WorkspaceId(workspace), group, members: vec![] });
    }
    Ok(found)
}

/// Fills in the members of groups.
pub async fn add_members_to(tx: &mut Tx, groups: &mut GroupsByKey) -> Result<(), StoreError> {
    let by_id: HashMap<Uuid, (WorkspaceId, String)> =
        groups.iter().map(|(key, state)| (state.group.id.0, key.clone())).collect();
    let ids: Vec<Uuid> = by_id.keys().copied().collect();
    let rows = fetch_in!(
        tx,
        (Uuid, Uuid),
        "SELECT user_group_id, account_id FROM user_group_member WHERE user_group_id IN (",
        ids,
        |id| *id,
        ")"
    );
    for (group, account) in rows {
        if let Some(state) = by_id.get(&group).and_then(|key| groups.get_mut(key)) {
            state.members.push(AccountId(account));
        }
    }
    for state in groups.values_mut() {
        state.members.sort_unstable();
    }
    Ok(())
}

pub async fn create_groups(tx: &mut Tx, groups: &[GroupState]) -> Result<(), StoreError> {
    insert_rows!(
        tx,
        "INSERT INTO user_group (id, workspace_id, slug, slug_folded, name, is_admin, repository_permission, workspace_permissions, is_default)",
        groups,
        |b, row| {
            let g = &row.group;
            b.push_bind(g.id.0)
                .push_bind(row.workspace_id.0)
                .push_bind(g.slug.as_str())
                .push_bind(fold(&g.slug))
                .push_bind(g.name.as_str())
                .push_bind(g.is_admin)
                .push_bind(g.repository_permission.as_str())
                .push_bind(joined(g.workspace_permissions.iter().map(String::as_str)))
                .push_bind(g.is_default);
        }
    );
    Ok(())
}

pub async fn change_group(tx: &mut Tx, workspace: WorkspaceId, g: &UserGroup) -> Result<(), StoreError> {
    execute!(
        tx,
        sql!("import/change_group"),
        g.id.0,
        workspace.0,
        &g.name,
        g.is_admin,
        g.repository_permission.as_str(),
        joined(g.workspace_permissions.iter().map(String::as_str)),
        g.is_default,
    )?;
    Ok(())
}

pub async fn add_members(tx: &mut Tx, members: &[(UserGroupId, AccountId, WorkspaceId)]) -> Result<(), StoreError> {
    insert_rows!(tx, "INSERT INTO user_group_member (user_group_id, account_id, workspace_id)", members, |b, row| {
        b.push_bind(row.0.0).push_bind(row.1.0).push_bind(row.2.0);
    });
    Ok(())
}

pub async fn remove_members(tx: &mut Tx, group: UserGroupId, members: &[AccountId]) -> Result<(), StoreError> {
    for account in members {
        execute!(tx, sql!("import/remove_member"), group.0, account.0)?;
    }
    Ok(())
}

/// A repository with its grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryState {
    pub id: RepositoryId,
    pub workspace_id: WorkspaceId,
    pub slug: String,
    pub name: String,
    pub project: Option<String>,
    /// Sorted.
    pub group_grants: Vec<(UserGroupId, Permission)>,
    /// Sorted.
    pub account_grants: Vec<(AccountId, Permission)>,
}

/// The repositories of these keys that exist, with their grants.
pub async fn find_repositories(
    tx: &mut Tx,
    keys: &[(WorkspaceId, String)],
) -> Result<HashMap<(WorkspaceId, String), RepositoryState>, StoreError> {
    type Row = (Uuid, Uuid, String, String, Option<String>);
    let mut found: HashMap<Uuid, RepositoryState> = HashMap::new();
    let pairs = pairs(keys);
    let rows = fetch_pairs!(
        tx,
        Row,
        "SELECT r.id, r.workspace_id, r.slug, r.name, r.project FROM ",
        pairs,
        "JOIN repository r ON r.workspace_id = k.column1 AND r.slug_folded = k.column2"
    );
    for (id, workspace, slug, name, project) in rows {
        let state = RepositoryState {
            id: RepositoryId(id),
            workspace_id: WorkspaceId(workspace),
            slug,
            name,
            project,
            group_grants: vec![],
            account_grants: vec![],
        };
        found.insert(id, state);
    }
    let ids: Vec<Uuid> = found.keys().copied().collect();
    let groups = fetch_in!(
        tx,
        (Uuid, Uuid, String),
        "SELECT repository_id, user_group_id, permission FROM repository_group_grant WHERE repository_id IN (",
        ids,
        |id| *id,
        ")"
    );
    for (id, group, permission) in groups {
        if let Some(state) = found.get_mut(&id) {
            let permission = word(&permission, "repository_group_grant", "permission", id)?;
            state.group_grants.push((UserGroupId(group), permission));
        }
    }
    let accounts = fetch_in!(
        tx,
        (Uuid, Uuid, String),
        "SELECT repository_id, account_id, permission FROM repository_account_grant WHERE repository_id IN (",
        ids,
        |id| *id,
        ")"
    );
    for (id, account, permission) in accounts {
        if let Some(state) = found.get_mut(&id) {
            let permission = word(&permission, "repository_account_grant", "permission", id)?;
            state.account_grants.push((AccountId(account), permission));
        }
    }
    Ok(found
        .into_values()
        .map(|mut state| {
            state.group_grants.sort_unstable();
            state.account_grants.sort_unstable();
            ((state.workspace_id, fold(&state.slug)), state)
        })
        .collect())
}

/// Keeps repositories; those that exist are changed, and their grants made exactly these.
pub async fn save_repositories(
    tx: &mut Tx,
    created: &[RepositoryState],
    changed: &[RepositoryState],
) -> Result<(), StoreError> {
    insert_rows!(tx, "INSERT INTO repository (id, workspace_id, slug, slug_folded, name, project)", created, |b, r| {
        b.push_bind(r.id.0)
            .push_bind(r.workspace_id.0)
            .push_bind(r.slug.as_str())
            .push_bind(fold(&r.slug))
            .push_bind(r.name.as_str())
            .push_bind(r.project.as_deref());
    });
    for r in changed {
        execute!(tx, sql!("import/change_repository"), r.id.0, &r.name, r.project.as_deref())?;
        execute!(tx, sql!("import/delete_repository_group_grants"), r.id.0)?;
        execute!(tx, sql!("import/delete_repository_account_grants"), r.id.0)?;
    }
    let all = || created.iter().chain(changed);
    let groups: Vec<(Uuid, Uuid, Permission)> =
        all().flat_map(|r| r.group_grants.iter().map(|(g, p)| (r.id.0, g.0, *p))).collect();
    insert_rows!(
        tx,
        "INSERT INTO repository_group_grant (repository_id, user_group_id, permission)",
        groups,
        |b, row| {
            b.push_bind(row.0).push_bind(row.1).push_bind(row.2.as_str());
        }
    );
    let accounts: Vec<(Uuid, Uuid, Uuid, Permission)> =
        all().flat_map(|r| r.account_grants.iter().map(|(a, p)| (r.id.0, a.0, r.workspace_id.0, *p))).collect();
    insert_rows!(
        tx,
        "INSERT INTO repository_account_grant (repository_id, account_id, workspace_id, permission)",
        accounts,
        |b, row| {
            b.push_bind(row.0).push_bind(row.1).push_bind(row.2).push_bind(row.3.as_str());
        }
    );
    Ok(())
}

/// Raises the versions of workspaces that existed before and were changed.
pub async fn raise_versions(tx: &mut Tx, ids: &[WorkspaceId]) -> Result<(), StoreError> {
    execute_in!(tx, "UPDATE workspace SET version = version + 1 WHERE id IN (", ids, |id| id.0, ")");
    Ok(())
}

/// What eligibility looks at, for many workspaces, with each one's version and number of admins.
pub async fn find_facts(
    tx: &mut Tx,
    ids: &[WorkspaceId],
) -> Result<HashMap<WorkspaceId, (WorkspaceFacts, i64, i64)>, StoreError> {
    let rows = fetch_in!(
        tx,
        WorkspaceRow,
        "SELECT id, slug, name, app, kind, plan, billing_cycle, status, legal_hold, open_transfer, version, created_at FROM workspace WHERE id IN (",
        ids,
        |id| id.0,
        ")"
    );
    let mut found = HashMap::new();
    for row in rows {
        let w = crate::workspace::from_row(row)?;
        let facts = WorkspaceFacts {
            is_linked: false,
            kind: w.kind,
            plan: w.plan,
            status: w.status,
            open_transfer: w.open_transfer,
            legal_hold: w.legal_hold,
            labels: vec![],
            active_admins: 0,
        };
        found.insert(w.id, (facts, w.version, 0));
    }
    let labels = fetch_in!(
        tx,
        (Uuid, String),
        "SELECT workspace_id, label FROM workspace_label WHERE workspace_id IN (",
        ids,
        |id| id.0,
        ")"
    );
    for (id, label) in labels {
        if let Some((facts, ..)) = found.get_mut(&WorkspaceId(id)) {
            facts.labels.push(label);
        }
    }
    let linked = fetch_in!(
        tx,
        (Uuid,),
        "SELECT workspace_id FROM link WHERE ended_at IS NULL AND workspace_id IN (",
        ids,
        |id| id.0,
        ")"
    );
    for (id,) in linked {
        if let Some((facts, ..)) = found.get_mut(&WorkspaceId(id)) {
            facts.is_linked = true;
        }
    }
    let admins = fetch_in!(
        tx,
        (Uuid, bool, bool),
        "SELECT DISTINCT g.workspace_id, a.is_verified, a.is_robot, a.id FROM user_group g JOIN user_group_member m ON m.user_group_id = g.id JOIN account a ON a.id = m.account_id WHERE g.is_admin AND g.workspace_id IN (",
        ids,
        |id| id.0,
        ")"
    );
    for (id, is_verified, is_robot) in admins {
        if let Some((facts, _, admins)) = found.get_mut(&WorkspaceId(id)) {
            *admins += 1;
            facts.active_admins += i64::from(is_verified && !is_robot);
        }
    }
    Ok(found)
}

/// Writes the differences between stored and true reasons of many workspaces.
pub async fn change_reasons(
    tx: &mut Tx,
    gone: &[(WorkspaceId, ReasonCode)],
    new: &[(WorkspaceId, ReasonCode)],
    at: Timestamp,
) -> Result<(), StoreError> {
    for (id, code) in gone {
        execute!(tx, sql!("workspace/delete_reason"), id.0, code.as_str())?;
    }
    insert_rows!(tx, "INSERT INTO workspace_reason (workspace_id, code, since)", new, |b, row| {
        b.push_bind(row.0.0).push_bind(row.1.as_str()).push_bind(Time(at));
    });
    Ok(())
}

fn pairs(keys: &[(WorkspaceId, String)]) -> Vec<(Uuid, &str)> {
    keys.iter().map(|(id, slug)| (id.0, slug.as_str())).collect()
}
