//! The groups of a directory, who is in them and what is attached to them.

use orglink_domain::account::Account;
use orglink_domain::name::fold;
use orglink_domain::organization::Organization;
use orglink_domain::user_management::DirectoryGroup;
use orglink_policy::Action;
use orglink_store::directory::{self, Attached};

use super::find_group;
use crate::tenant::OrganizationProof;
use crate::{App, Error, Page, PageRequest, Principal};

/// A group with how many are in it, and how many user groups of workspaces are attached.
#[derive(Debug, Clone)]
pub struct DirectoryGroupView {
    pub group: DirectoryGroup,
    pub members: i64,
    pub attached: i64,
}

/// The directory of an organization.
#[derive(Debug, Clone)]
pub struct Directory {
    pub organization: Organization,
    pub groups: Page<DirectoryGroupView>,
    /// The one who asks may change it.
    pub may_manage: bool,
}

/// A group with the people in it.
#[derive(Debug, Clone)]
pub struct DirectoryMembers {
    pub organization: Organization,
    pub group: DirectoryGroup,
    pub attached: Vec<Attached>,
    pub members: Page<Account>,
    pub may_manage: bool,
}

/// The groups of an organization's directory, by slug.
///
/// # Errors
/// `NotFound`; a refusal for whoever has nothing to do with its people.
pub async fn list_directory_groups(
    app: &App,
    principal: &Principal,
    organization: &str,
    page: &PageRequest,
) -> Result<Directory, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, organization, Action::ViewDirectory).await?;
    let found = directory::list(&mut tx, proof.organization().id, page.after(), page.fetch()).await?;
    let groups = page
        .page(found, |(group, ..)| fold(&group.slug))
        .map(|(group, members, attached)| DirectoryGroupView { group, members, attached });
    let may_manage = proof.may(app, Action::ManageDirectory);
    Ok(Directory { organization: proof.organization().clone(), groups, may_manage })
}

/// One group.
///
/// # Errors
/// As [`list_directory_groups`].
pub async fn view_directory_group(
    app: &App,
    principal: &Principal,
    (organization, slug): (&str, &str),
) -> Result<(Organization, DirectoryGroupView), Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, organization, Action::ViewDirectory).await?;
    let group = find_group(&mut tx, &proof, slug).await?;
    let attached = i64::try_from(directory::list_attached(&mut tx, group.id).await?.len()).unwrap_or(i64::MAX);
    let members = directory::count_members(&mut tx, group.id).await?;
    Ok((proof.organization().clone(), DirectoryGroupView { group, members, attached }))
}

/// A group, the people in it by address, and what is attached to it.
///
/// # Errors
/// As [`list_directory_groups`].
pub async fn list_directory_members(
    app: &App,
    principal: &Principal,
    (organization, slug): (&str, &str),
    page: &PageRequest,
) -> Result<DirectoryMembers, Error> {
    let mut tx = app.db.begin_read().await?;
    let proof = OrganizationProof::load(app, &mut tx, principal, organization, Action::ViewDirectory).await?;
    let group = find_group(&mut tx, &proof, slug).await?;
    let people = directory::list_members(&mut tx, group.id, page.after(), page.fetch()).await?;
    Ok(DirectoryMembers {
        attached: directory::list_attached(&mut tx, group.id).await?,
        members: page.page(people, |a| fold(&a.email)),
        may_manage: proof.may(app, Action::ManageDirectory),
        organization: proof.organization().clone(),
        group,
    })
}
