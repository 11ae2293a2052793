//! The groups of a directory, who is in them and what is attached to them.

use orglink_domain::account::Account;
use orglink_domain::eligibility::ReasonCode;
use orglink_domain::name::fold;
use orglink_domain::organization::{Organization, Site, UserManagement};
use orglink_domain::user_management::DirectoryGroup;
use orglink_policy::Action;
use orglink_store::directory::{self, Attached};

use super::{DirectoryOf, DirectoryProof};
use crate::{App, Error, Page, PageRequest, Principal};

/// A group with how many are in it, and how many user groups of workspaces are attached.
#[derive(Debug, Clone)]
pub struct DirectoryGroupView {
    pub group: DirectoryGroup,
    pub members: i64,
    pub attached: i64,
}

/// A directory.
#[derive(Debug, Clone)]
pub struct Directory {
    pub organization: Organization,
    /// Whose it is, when it is not the organization's own.
    pub site: Option<Site>,
    pub groups: Page<DirectoryGroupView>,
    /// The one who asks may make a group here.
    pub may_create: bool,
    /// The sites of the organization with how many groups each has, while each keeps its own.
    pub sites: Vec<(String, i64)>,
    /// The page on which it is followed when the organization can have one directory.
    pub follow: Option<String>,
    /// The one who asks may say where the people of the organization are managed.
    pub may_change_management: bool,
}

impl Directory {
    /// Each site of the organization keeps its own people.
    #[must_use]
    pub fn is_original(&self) -> bool {
        self.organization.user_management == UserManagement::Original
    }
}

/// A group with the people in it.
#[derive(Debug, Clone)]
pub struct DirectoryMembers {
    pub organization: Organization,
    pub site: Option<Site>,
    pub group: DirectoryGroup,
    pub attached: Vec<Attached>,
    pub members: Page<Account>,
    pub may_manage: bool,
}

/// The groups of a directory, by slug.
///
/// # Errors
/// `NotFound`; a refusal for whoever has nothing to do with its people.
pub async fn list_directory_groups(
    app: &App,
    principal: &Principal,
    of: DirectoryOf<'_>,
    page: &PageRequest,
) -> Result<Directory, Error> {
    let mut tx = app.db.begin_read().await?;
    let found = DirectoryProof::load(app, &mut tx, principal, of, Action::ViewDirectory).await?;
    let (proof, organization) = (found.proof(), found.organization());
    let is_original = organization.user_management == UserManagement::Original;
    let sites = if is_original { directory::list_sites(&mut tx, organization.id).await? } else { Vec::new() };
    let groups = directory::list(&mut tx, found.id(), page.after(), page.fetch()).await?;
    let groups = page
        .page(groups, |(group, ..)| fold(&group.slug))
        .map(|(group, members, attached)| DirectoryGroupView { group, members, attached });
    let follow = app.catalog.eligibility.follow(ReasonCode::OrganizationOriginalUserManagement);
    Ok(Directory {
        groups,
        may_create: proof.may(app, Action::ManageDirectory) && found.require_kept(app).is_ok(),
        may_change_management: proof.may(app, Action::ChangeUserManagement),
        sites,
        follow: follow.filter(|_| is_original),
        site: found.site().cloned(),
        organization: organization.clone(),
    })
}

/// One group.
///
/// # Errors
/// As [`list_directory_groups`].
pub async fn view_directory_group(
    app: &App,
    principal: &Principal,
    (of, slug): (DirectoryOf<'_>, &str),
) -> Result<(Organization, DirectoryGroupView), Error> {
    let mut tx = app.db.begin_read().await?;
    let found = DirectoryProof::load(app, &mut tx, principal, of, Action::ViewDirectory).await?;
    let group = found.find_group(&mut tx, slug).await?;
    let attached = i64::try_from(directory::list_attached(&mut tx, group.id).await?.len()).unwrap_or(i64::MAX);
    let members = directory::count_members(&mut tx, group.id).await?;
    Ok((found.organization().clone(), DirectoryGroupView { group, members, attached }))
}

/// A group, the people in it by address, and what is attached to it.
///
/// # Errors
/// As [`list_directory_groups`].
pub async fn list_directory_members(
    app: &App,
    principal: &Principal,
    (of, slug): (DirectoryOf<'_>, &str),
    page: &PageRequest,
) -> Result<DirectoryMembers, Error> {
    let mut tx = app.db.begin_read().await?;
    let found = DirectoryProof::load(app, &mut tx, principal, of, Action::ViewDirectory).await?;
    let group = found.find_group(&mut tx, slug).await?;
    let people = directory::list_members(&mut tx, group.id, page.after(), page.fetch()).await?;
    Ok(DirectoryMembers {
        attached: directory::list_attached(&mut tx, group.id).await?,
        members: page.page(people, |a| fold(&a.email)),
        may_manage: found.proof().may(app, Action::ManageDirectory),
        site: found.site().cloned(),
        organization: found.organization().clone(),
        group,
    })
}
