//! Adds people to a group of a directory and takes them out; the user groups that are attached follow in the same
//! transaction, so that who can do what is read where it always was.

use orglink_domain::id::AccountId;
use orglink_domain::user_management::DirectoryGroup;
use orglink_policy::Action;
use orglink_store::{Tx, directory, in_write, organization};
use serde_json::{Value, json};

use super::{DirectoryOf, DirectoryProof};
use crate::change::{OrganizationChange, WorkspaceChange};
use crate::{App, Error, Expected, Principal, account};

/// Who comes, or goes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Members<'a> {
    Added(&'a [AccountId]),
    Removed(AccountId),
}

impl Members<'_> {
    fn accounts(&self) -> Vec<AccountId> {
        match self {
            Self::Added(accounts) => accounts.to_vec(),
            Self::Removed(account) => vec![*account],
        }
    }

    const fn is_added(&self) -> bool {
        matches!(self, Self::Added(_))
    }
}

/// Adds people whom the organization knows already, all of them or nobody; doing so twice changes nothing. Anybody else must
/// agree first, so that whether an address has an account is told to nobody.
///
/// # Errors
/// `NotFound`; `not_known_here`; a refusal for whoever does not manage the directory.
pub async fn add_directory_members(
    app: &App,
    principal: &Principal,
    (of, slug): (DirectoryOf<'_>, &str),
    accounts: &[String],
) -> Result<(), Error> {
    in_write!(app.db, tx, {
        let directory = DirectoryProof::load(app, tx, principal, of, Action::ManageDirectory).await?;
        let (organization, group) = (directory.organization().id, directory.find_group(tx, slug).await?);
        if accounts.is_empty() {
            return Err(Error::field("accounts", "say who: at least one address"));
        }
        let mut new = Vec::new();
        for reference in accounts {
            let found = match account::find(tx, reference).await {
                Ok(found) if organization::is_known(tx, organization, found.id).await? => found,
                Ok(_) | Err(Error::NotFound { .. }) => return Err(not_known(reference)),
                Err(other) => return Err(other),
            };
            if !new.contains(&found.id) && !directory::is_member(tx, group.id, found.id).await? {
                new.push(found.id);
            }
        }
        if new.is_empty() {
            return Ok(());
        }
        change_members(app, tx, principal, (directory, &group), Members::Added(&new), Expected::Any).await?;
        Ok(())
    })
}

fn not_known(account: &str) -> Error {
    Error::refused(
        "not_known_here",
        "Only people whom the organization knows can be added",
        format!(
            "'{}' has no role in this organization and is in none of its linked workspaces. Anybody else must agree first: \
             invite them to the group. Nobody was added.",
            account.chars().take(100).collect::<String>()
        ),
    )
}

/// Takes somebody out of a group, and so out of every user group that is attached to it; the organization's new version.
///
/// # Errors
/// `NotFound`; `last_admin`; `VersionChanged`; a refusal for whoever does not manage the directory.
pub async fn remove_directory_member(
    app: &App,
    principal: &Principal,
    (of, slug): (DirectoryOf<'_>, &str),
    reference: &str,
    expected: Expected,
) -> Result<i64, Error> {
    in_write!(app.db, tx, {
        let directory = DirectoryProof::load(app, tx, principal, of, Action::ManageDirectory).await?;
        expected.check("organization", directory.organization().version)?;
        let group = directory.find_group(tx, slug).await?;
        let absent = || Error::not_found("member", reference);
        let found = match account::find(tx, reference).await {
            Ok(found) if directory::is_member(tx, group.id, found.id).await? => found,
            Ok(_) | Err(Error::NotFound { .. }) => return Err(absent()),
            Err(other) => return Err(other),
        };
        change_members(app, tx, principal, (directory, &group), Members::Removed(found.id), expected).await
    })
}

/// Writes who comes or goes, through to every user group that is attached, each workspace with its own version, event and
/// last admin; the organization's new version. Guard rows are taken in the order of ids.
pub(crate) async fn change_members(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    (of, group): (DirectoryProof, &DirectoryGroup),
    who: Members<'_>,
    expected: Expected,
) -> Result<i64, Error> {
    let proof = of.proof();
    let attached = directory::list_attached(tx, group.id).await?;
    let mut workspaces: Vec<_> = attached.iter().map(|a| a.workspace_id).collect();
    workspaces.dedup();
    let own = proof.organization().id.0;
    let (earlier, later): (Vec<_>, Vec<_>) = workspaces.into_iter().partition(|id| id.0 < own);
    let mut changes = Vec::new();
    for id in earlier {
        changes.push(WorkspaceChange::by_directory(app, tx, principal, (id, proof)).await?);
    }
    let change = OrganizationChange::of(app, tx, proof.clone(), expected).await?;
    for id in later {
        changes.push(WorkspaceChange::by_directory(app, tx, principal, (id, proof)).await?);
    }
    for account in who.accounts() {
        directory::change_member(tx, group.id, account, who.is_added()).await?;
    }
    directory::write_through(tx, group.id).await?;
    let word = if who.is_added() { "member_added" } else { "member_removed" };
    for one in changes {
        let here = attached.iter().filter(|a| a.workspace_id == one.workspace().id);
        let what: Vec<Value> = here
            .flat_map(|a| {
                let slug = a.group.as_str();
                who.accounts().into_iter().map(move |account| {
                    json!({ "change": word, "user_group": slug, "account": account, "directory_group": group.slug })
                })
            })
            .collect();
        one.finish(app, tx, principal, what.into()).await?;
    }
    let word = format!("directory_{word}");
    let what: Vec<Value> = who
        .accounts()
        .into_iter()
        .map(|account| of.note(json!({ "change": word, "directory_group": group.slug, "account": account })))
        .collect();
    change.finish(app, tx, principal, what.into()).await
}
