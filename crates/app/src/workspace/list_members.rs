//! The people of a workspace.

use std::collections::HashMap;

use orglink_domain::account::Account;
use orglink_domain::id::{UserGroupId, WorkspaceId};
use orglink_domain::name::fold;
use orglink_domain::workspace::{UserGroup, Workspace};
use orglink_policy::Action;
use orglink_store::{Tx, account, user_group, workspace};
use uuid::Uuid;

use crate::tenant::WorkspaceProof;
use crate::{App, Error, Page, PageRequest, Principal};

/// Somebody in a workspace, with what makes them a member.
#[derive(Debug, Clone)]
pub struct Member {
    pub account: Account,
    /// By slug.
    pub groups: Vec<UserGroup>,
    /// How many repositories they were given directly.
    pub direct_grants: i64,
}

impl Member {
    /// In a group with the *Admin* lozenge.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.groups.iter().any(|g| g.is_admin)
    }
}

/// The members of a workspace, as somebody sees them.
#[derive(Debug, Clone)]
pub struct Members {
    pub workspace: Workspace,
    pub page: Page<Member>,
    /// The one who asks may change who is a member.
    pub may_change: bool,
}

/// Everybody in any group or with a grant of their own whose address contains `text`, by address.
///
/// # Errors
/// `NotFound`, or a refusal for somebody who is no member.
pub async fn list_members(
    app: &App,
    principal: &Principal,
    reference: &str,
    text: &str,
    page: &PageRequest,
) -> Result<Members, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = WorkspaceProof::load(app, &mut tx, principal, reference, Action::ViewWorkspacePeople).await?;
    let id = proof.workspace().id;
    let people = workspace::list_members(&mut tx, id, page.after(), page.fetch(), text).await?;
    let people = page.page(people, |a| fold(&a.email));
    let memberships = Memberships::of(&mut tx, id, &people.items).await?;
    let range = range_of(&people.items);
    let grants = workspace::count_grants(&mut tx, id, (&range.0, &range.1)).await?;
    let page = people.map(|account| Member {
        groups: memberships.groups_of(&account).cloned().collect(),
        direct_grants: grants.get(&account.id).copied().unwrap_or(0),
        account,
    });
    let may_change = proof.may(app, Action::ChangeWorkspacePeople);
    Ok(Members { workspace: proof.workspace().clone(), page, may_change })
}

/// Which groups the people of one page are in.
pub(crate) struct Memberships {
    groups: Vec<UserGroup>,
    of: HashMap<orglink_domain::id::AccountId, Vec<UserGroupId>>,
}

impl Memberships {
    pub(crate) async fn of(tx: &mut Tx, id: WorkspaceId, people: &[Account]) -> Result<Self, Error> {
        let groups = user_group::list(tx, id).await?;
        let (first, last) = range_of(people);
        let mut of: HashMap<_, Vec<_>> = HashMap::new();
        for (account, group) in workspace::list_memberships(tx, id, (&first, &last)).await? {
            of.entry(account).or_default().push(group);
        }
        Ok(Self { groups, of })
    }

    pub(crate) fn groups_of(&self, account: &Account) -> impl Iterator<Item = &UserGroup> {
        let of = self.of.get(&account.id).map(Vec::as_slice).unwrap_or_default();
        self.groups.iter().filter(move |g| of.contains(&g.id))
    }
}

/// The folded addresses between which a page's people lie.
pub(crate) fn range_of(people: &[Account]) -> (String, String) {
    let end = |a: Option<&Account>| a.map(|a| fold(&a.email)).unwrap_or_default();
    (end(people.first()), end(people.last()))
}

/// A member by address or id; whoever is none does not exist here.
pub(crate) async fn find_member(tx: &mut Tx, id: WorkspaceId, reference: &str) -> Result<Option<Account>, Error> {
    let account = match Uuid::try_parse(reference) {
        Ok(uuid) => orglink_domain::id::AccountId(uuid),
        Err(_) => match account::find_by_email(tx, reference.trim()).await? {
            Some(found) => found.id,
            None => return Ok(None),
        },
    };
    Ok(workspace::find_member(tx, id, account).await?)
}

/// Whether a reference names the one who asks.
pub(crate) fn is_self(principal: &Principal, reference: &str) -> bool {
    principal
        .account_if_any()
        .is_some_and(|a| fold(&a.email) == fold(reference.trim()) || a.id.to_string() == reference.to_lowercase())
}
