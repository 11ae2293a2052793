//! Some accounts, one by one: what each may do on each repository and as what, by the same functions that explain access. The
//! proof looks at classes of people; this looks at people.

use orglink_domain::account::Account;
use orglink_domain::id::AccountId;
use orglink_domain::repository_access::strongest;
use orglink_domain::role::WorkspaceRole;
use orglink_domain::workspace::Permission;
use orglink_store::{Tx, account, repository, workspace};

use super::Planned;
use crate::Error;
use crate::repository::sources_of;

/// How many accounts, and how many repositories.
const ACCOUNTS: usize = 10;
const REPOSITORIES: i64 = 5;

/// What one account may do in the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Explained {
    account: AccountId,
    role: WorkspaceRole,
    repositories: Vec<(String, Permission)>,
}

/// Looks at some accounts of the workspace, spread over all of them.
pub(super) async fn explain(tx: &mut Tx, planned: &Planned) -> Result<Vec<Explained>, Error> {
    let everybody: Vec<AccountId> = planned.facts.people.keys().copied().collect();
    let step = everybody.len().div_ceil(ACCOUNTS).max(1);
    let ids: Vec<AccountId> = everybody.into_iter().step_by(step).collect();
    let mut accounts: Vec<Account> = account::list_by_ids(tx, &ids).await?;
    accounts.sort_unstable_by_key(|a| a.id);
    let w = planned.workspace.workspace().id;
    let repositories = repository::list(tx, w, "", REPOSITORIES, "").await?;
    let mut found = Vec::new();
    for one in accounts {
        let role = workspace::find_role(tx, w, one.id).await?;
        let mut on = Vec::new();
        for repository in &repositories {
            let sources = sources_of(tx, &planned.workspace, Some(repository), &one).await?;
            on.push((repository.slug.clone(), strongest(&sources)));
        }
        found.push(Explained { account: one.id, role, repositories: on });
    }
    Ok(found)
}
