//! Reads everything back in a stable order: by type, then by folded key, a page at a time.

use orglink_domain::account::Account;
use orglink_domain::id::WorkspaceId;
use orglink_domain::name::fold;
use orglink_domain::organization::Organization;
use orglink_domain::workspace::Permission;
use uuid::Uuid;

use crate::account::AccountRow;
use crate::import::WorkspaceState;
use crate::organization::OrganizationRow;
use crate::row::word;
use crate::{StoreError, Tx};

/// Accounts after a folded address.
pub async fn list_accounts(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<Account>, StoreError> {
    let rows = fetch_all!(tx, sql!("export/list_accounts"), AccountRow, after, limit)?;
    Ok(rows.into_iter().map(crate::account::from_row).collect())
}

/// Organizations after a folded slug.
pub async fn list_organizations(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<Organization>, StoreError> {
    fetch_all!(tx, sql!("export/list_organizations"), OrganizationRow, after, limit)?
        .into_iter()
        .map(crate::organization::from_row)
        .collect()
}

/// The addresses of an organization's admins.
pub async fn list_admins(tx: &mut Tx, organization: &Organization) -> Result<Vec<String>, StoreError> {
    Ok(texts(fetch_all!(tx, sql!("export/list_organization_admins"), (String,), organization.id.0)?))
}

/// A site by name.
#[derive(Debug)]
pub struct ExportedSite {
    pub organization: String,
    pub slug: String,
    pub products: Vec<String>,
    pub admins: Vec<String>,
    /// (product, workspace)
    pub integrations: Vec<(String, String)>,
}

/// Sites after a folded slug.
pub async fn list_sites(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<ExportedSite>, StoreError> {
    let rows = fetch_all!(tx, sql!("export/list_sites"), (Uuid, String, String), after, limit)?;
    let mut sites = Vec::with_capacity(rows.len());
    for (id, slug, organization) in rows {
        sites.push(ExportedSite {
            organization,
            slug,
            products: texts(fetch_all!(tx, sql!("import/list_site_products"), (String,), id)?),
            admins: texts(fetch_all!(tx, sql!("export/list_site_admins"), (String,), id)?),
            integrations: fetch_all!(tx, sql!("export/list_site_integrations"), (String, String), id)?,
        });
    }
    Ok(sites)
}

/// A role that has a record of its own: (kind of target, target, address, role).
pub type ExportedRole = (String, String, String, String);

/// All roles that have records of their own, organizations first.
pub async fn list_roles(tx: &mut Tx) -> Result<Vec<ExportedRole>, StoreError> {
    fetch_all!(tx, sql!("export/list_roles"), ExportedRole)
}

/// Workspaces after a folded slug, with labels, and contacts as (is billing, address).
pub async fn list_workspaces(
    tx: &mut Tx,
    after: &str,
    limit: i64,
) -> Result<Vec<(WorkspaceState, Vec<(bool, String)>)>, StoreError> {
    let slugs = texts(fetch_all!(tx, sql!("export/list_workspace_slugs"), (String,), after, limit)?);
    let mut states = crate::import::find_workspaces(tx, &slugs).await?;
    let mut found = Vec::with_capacity(slugs.len());
    for slug in slugs {
        let Some(state) = states.remove(&slug) else { continue };
        let contacts = if state.contacts.is_empty() {
            Vec::new()
        } else {
            fetch_all!(tx, sql!("workspace/list_contacts"), (String, String), state.workspace.id.0)?
        };
        found.push((state, contacts.into_iter().map(|(kind, email)| (kind == "billing", email)).collect()));
    }
    Ok(found)
}

/// The addresses of the members of each group of a workspace: (folded slug of the group, address), in order.
pub async fn list_members(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<(String, String)>, StoreError> {
    fetch_all!(tx, sql!("export/list_members"), (String, String), workspace.0)
}

/// A repository with its grants by name.
#[derive(Debug)]
pub struct ExportedRepository {
    pub slug: String,
    pub name: String,
    pub project: Option<String>,
    pub groups: Vec<(String, Permission)>,
    pub users: Vec<(String, Permission)>,
}

/// The repositories of a workspace.
pub async fn list_repositories(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<ExportedRepository>, StoreError> {
    type Row = (String, String, Option<String>);
    type Grant = (String, String, String);
    let rows = fetch_all!(tx, sql!("export/list_repositories"), Row, workspace.0)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let groups = fetch_all!(tx, sql!("export/list_group_grants"), Grant, workspace.0)?;
    let users = fetch_all!(tx, sql!("export/list_account_grants"), Grant, workspace.0)?;
    let (mut groups, mut users) = (groups.into_iter().peekable(), users.into_iter().peekable());
    let mut found = Vec::with_capacity(rows.len());
    for (slug, name, project) in rows {
        let key = fold(&slug);
        let mut repository = ExportedRepository { slug, name, project, groups: vec![], users: vec![] };
        while let Some((_, group, permission)) = groups.next_if(|g| g.0 == key) {
            let permission = word(&permission, "repository_group_grant", "permission", &key)?;
            repository.groups.push((group, permission));
        }
        while let Some((_, email, permission)) = users.next_if(|g| g.0 == key) {
            let permission = word(&permission, "repository_account_grant", "permission", &key)?;
            repository.users.push((email, permission));
        }
        found.push(repository);
    }
    Ok(found)
}

fn texts(rows: Vec<(String,)>) -> Vec<String> {
    rows.into_iter().map(|(text,)| text).collect()
}
