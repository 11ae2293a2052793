//! Who can do what with a repository, and through which group.

use orglink_domain::account::Account;
use orglink_domain::name::fold;
use orglink_domain::repository_access::{Source, of_group, sources, strongest};
use orglink_domain::workspace::{Permission, Repository, UserGroup, Workspace};
use orglink_policy::Action;
use orglink_store::{repository, user_group, workspace};

use super::find_repository;
use crate::tenant::WorkspaceProof;
use crate::workspace::{Memberships, range_of};
use crate::{App, Error, Page, PageRequest, Principal};

/// A repository with who can do what on it.
#[derive(Debug, Clone)]
pub struct AccessView {
    pub workspace: Workspace,
    pub repository: Repository,
    /// Every group of the workspace, by slug.
    pub groups: Vec<GroupAccess>,
    /// The members of the workspace, by address.
    pub people: Page<PersonAccess>,
    /// The one who asks may change it.
    pub may_change: bool,
}

/// What a group may do there.
#[derive(Debug, Clone)]
pub struct GroupAccess {
    pub group: UserGroup,
    /// What it was given on this repository, if anything.
    pub grant: Option<Permission>,
    pub source: Source,
}

/// What somebody may do there, and through what.
#[derive(Debug, Clone)]
pub struct PersonAccess {
    pub account: Account,
    pub permission: Permission,
    /// Strongest first.
    pub sources: Vec<Source>,
    /// What they were given directly on this repository.
    pub grant: Option<Permission>,
}

/// Looks at who can do what.
///
/// # Errors
/// `NotFound`, or a refusal for somebody who is no admin of the workspace.
pub async fn view_access(
    app: &App,
    principal: &Principal,
    (reference, slug): (&str, &str),
    text: &str,
    page: &PageRequest,
) -> Result<AccessView, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewRepositoryAccess).await?;
    let repository = find_repository(&mut tx, &proof, slug).await?;
    let id = proof.workspace().id;
    let group_grants = repository::list_group_grants(&mut tx, repository.id).await?;
    let groups = user_group::list(&mut tx, id)
        .await?
        .into_iter()
        .map(|group| {
            let grant = group_grants.get(&group.id).copied();
            GroupAccess { source: of_group(&group, grant), grant, group }
        })
        .collect();
    let people = workspace::list_members(&mut tx, id, page.after(), page.fetch(), text).await?;
    let people = page.page(people, |a| fold(&a.email));
    let memberships = Memberships::of(&mut tx, id, &people.items).await?;
    let range = range_of(&people.items);
    let direct = repository::list_account_grants(&mut tx, repository.id, (&range.0, &range.1)).await?;
    let people = people.map(|account| {
        let grant = direct.get(&account.id).copied();
        let groups = memberships.groups_of(&account).map(|g| (g, group_grants.get(&g.id).copied()));
        let sources = sources(groups, grant);
        PersonAccess { permission: strongest(&sources), sources, grant, account }
    });
    let may_change = proof.may(app, Action::ChangeWorkspacePeople);
    Ok(AccessView { workspace: proof.workspace().clone(), repository, groups, people, may_change })
}
