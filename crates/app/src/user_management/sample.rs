//! Some accounts, one by one: what each may do on each repository and as what, by the same functions that explain access. The
//! proof looks at classes of people; this looks at people.

use orglink_domain::account::Account;
use orglink_domain::id::{AccountId, WorkspaceId};
use orglink_domain::repository_access::strongest;
use orglink_domain::role::WorkspaceRole;
use orglink_domain::user_management::PlaceAccess;
use orglink_domain::workspace::Permission;
use orglink_store::{Tx, account, repository, workspace};

use crate::Error;
use crate::repository::sources_of;

/// How many accounts, and how many repositories.
const ACCOUNTS: usize = 10;
const REPOSITORIES: i64 = 5;

/// What one account may do in the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Explained {
    account: AccountId,
    role: WorkspaceRole,
    repositories: Vec<(String, Permission)>,
}

/// Looks at some accounts of a workspace, spread over all of them.
pub(crate) async fn explain(tx: &mut Tx, of: WorkspaceId, place: &PlaceAccess) -> Result<Vec<Explained>, Error> {
    let everybody: Vec<AccountId> = place.people().into_iter().collect();
    let step = everybody.len().div_ceil(ACCOUNTS).max(1);
    let ids: Vec<AccountId> = everybody.into_iter().step_by(step).collect();
    let mut accounts: Vec<Account> = account::list_by_ids(tx, &ids).await?;
    accounts.sort_unstable_by_key(|a| a.id);
    let repositories = repository::list(tx, of, "", REPOSITORIES, "").await?;
    let mut found = Vec::new();
    for one in accounts {
        let role = workspace::find_role(tx, of, one.id).await?;
        let mut on = Vec::new();
        for repository in &repositories {
            let sources = sources_of(tx, of, Some(repository), &one).await?;
            on.push((repository.slug.clone(), strongest(&sources)));
        }
        found.push(Explained { account: one.id, role, repositories: on });
    }
    Ok(found)
}
