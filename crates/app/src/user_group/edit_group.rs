//! Makes, changes and deletes user groups. Linking changes nothing about who may: the workspace's own admins.

use orglink_domain::id::{OrganizationId, TenantId, UserGroupId};
use orglink_domain::name::{check_slug, check_title, fold, slug_from};
use orglink_domain::plan::differences;
use orglink_domain::workspace::{Permission, UserGroup};
use orglink_policy::Action;
use orglink_store::import::{GroupState, change_group as keep_group, create_groups};
use orglink_store::{in_write, stage, user_group};
use serde::Serialize;
use serde_json::{Value, json};

use super::find_group;
use crate::change::WorkspaceChange;
use crate::idempotency::{Answered, Attempt};
use crate::invitation::{Ended, end_all};
use crate::{App, Error, Expected, Principal};

/// A group that somebody wants.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewGroup {
    pub name: String,
    /// Made from the name when absent.
    pub slug: Option<String>,
    /// What it begins with; what is absent is *no*.
    pub fields: GroupPatch,
}

/// What is to be different; what is absent stays.
#[derive(Debug, Clone, Default, Serialize)]
pub struct GroupPatch {
    pub name: Option<String>,
    pub is_admin: Option<bool>,
    pub repository_permission: Option<Permission>,
    pub workspace_permissions: Option<Vec<String>>,
    pub is_default: Option<bool>,
}

/// The longest list of workspace permissions.
const MAX_PERMISSIONS: usize = 50;

impl GroupPatch {
    fn apply(&self, group: &mut UserGroup) -> Result<(), Error> {
        if let Some(name) = &self.name {
            let name = check_title("name", name.trim()).map_err(|e| Error::field("name", e.to_string()))?;
            name.clone_into(&mut group.name);
        }
        if let Some(given) = &self.workspace_permissions {
            let mut words: Vec<String> = given.iter().map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect();
            words.sort_unstable();
            words.dedup();
            let is_word = |w: &String| {
                w.len() <= 60 && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            };
            if let Some(bad) = words.iter().find(|w| !is_word(w)) {
                let detail = format!("'{bad}' is no permission: use lower-case letters, digits and hyphens");
                return Err(Error::field("workspace_permissions", detail));
            }
            if words.len() > MAX_PERMISSIONS {
                let detail = format!("a group has at most {MAX_PERMISSIONS} permissions");
                return Err(Error::field("workspace_permissions", detail));
            }
            group.workspace_permissions = words;
        }
        group.is_admin = self.is_admin.unwrap_or(group.is_admin);
        group.repository_permission = self.repository_permission.unwrap_or(group.repository_permission);
        group.is_default = self.is_default.unwrap_or(group.is_default);
        Ok(())
    }
}

/// Makes a group without members.
///
/// # Errors
/// Bad input by field; `slug_taken`; a refusal for anybody but a workspace admin.
pub async fn create_group(
    app: &App,
    principal: &Principal,
    reference: &str,
    wanted: &NewGroup,
    idempotency_key: Option<&str>,
) -> Result<Answered<String>, Error> {
    let name = check_title("name", wanted.name.trim()).map_err(|e| Error::field("name", e.to_string()))?;
    let slug = match wanted.slug.as_deref().map(str::trim).filter(|s| !s.is_empty()) {
        Some(slug) => slug.to_owned(),
        None => slug_from(name),
    };
    check_slug(&slug).map_err(|e| Error::field("slug", e.to_string()))?;
    let attempt = Attempt::new(principal, "create_group", idempotency_key, &(reference, wanted))?;
    let mut group = UserGroup {
        id: UserGroupId(app.new_id(app.now())),
        slug,
        name: name.to_owned(),
        is_admin: false,
        repository_permission: Permission::None,
        workspace_permissions: Vec::new(),
        is_default: false,
    };
    wanted.fields.apply(&mut group)?;
    in_write!(app.db, tx, {
        if let Some(earlier) = attempt.find(tx).await? {
            return Ok(earlier);
        }
        let change =
            WorkspaceChange::begin(app, tx, principal, reference, Action::ChangeWorkspacePeople, Expected::Any).await?;
        let id = change.workspace().id;
        if let Some(link) = change.proof().link()
            && stage::find(tx, link.id).await?.users_migrated_at.is_some()
        {
            return Err(groups_come_from_the_directory(app, &group.slug, link.organization_id));
        }
        if user_group::find(tx, id, &group.slug).await?.is_some() {
            let detail = format!("This workspace has a user group with the slug '{}' already.", group.slug);
            return Err(Error::refused("slug_taken", "This name is taken", detail));
        }
        create_groups(tx, &[GroupState { workspace_id: id, group: group.clone(), members: vec![] }]).await?;
        if group.is_default {
            user_group::clear_other_defaults(tx, id, group.id).await?;
        }
        let at = change.at();
        let what = json!({ "change": "user_group_created", "user_group": group.slug, "fields": fields(&group) });
        change.finish(app, tx, principal, what).await?;
        attempt.keep(tx, &group.slug, at).await
    })
}

/// Where the users have migrated, a group begins with the people of one of the directory.
fn groups_come_from_the_directory(app: &App, slug: &str, organization: OrganizationId) -> Error {
    let url = format!("{}/organizations/{organization}/directory", app.settings.public_url);
    Error::refused(
        "moved_to_organization",
        "Groups come from the organization's directory",
        format!(
            "The users of this workspace are managed in the directory of its organization: whoever manages that brings a group \
             '{slug}' into the workspace ({url}); what it may do here is then said here. Nothing was changed."
        ),
    )
}

/// Changes a group; the workspace's new version.
///
/// # Errors
/// `NotFound`; bad input by field; `last_admin`; `VersionChanged`; a refusal for anybody but a workspace admin.
pub async fn change_group(
    app: &App,
    principal: &Principal,
    (reference, slug): (&str, &str),
    patch: &GroupPatch,
    expected: Expected,
) -> Result<i64, Error> {
    in_write!(app.db, tx, {
        let change =
            WorkspaceChange::begin(app, tx, principal, reference, Action::ChangeWorkspacePeople, expected).await?;
        let before = find_group(tx, change.proof(), slug).await?;
        let mut after = before.clone();
        patch.apply(&mut after)?;
        let id = change.workspace().id;
        keep_group(tx, id, &after).await?;
        if after.is_default {
            user_group::clear_other_defaults(tx, id, after.id).await?;
        }
        let fields = differences(&fields(&before), &fields(&after));
        let what = json!({ "change": "user_group_changed", "user_group": before.slug, "fields": json!(fields) });
        change.finish(app, tx, principal, what).await
    })
}

/// Deletes a group: its members lose what they had through it, its grants end.
///
/// # Errors
/// `NotFound`; `last_admin`; `VersionChanged`; a refusal for anybody but a workspace admin.
pub async fn delete_group(
    app: &App,
    principal: &Principal,
    (reference, slug): (&str, &str),
    expected: Expected,
) -> Result<i64, Error> {
    in_write!(app.db, tx, {
        let change =
            WorkspaceChange::begin(app, tx, principal, reference, Action::ChangeWorkspacePeople, expected).await?;
        let group = find_group(tx, change.proof(), slug).await?;
        let gone = Ended::UserGroup(&group.slug);
        end_all(app, tx, principal, TenantId::Workspace(change.workspace().id), gone).await?;
        user_group::delete(tx, change.workspace().id, group.id).await?;
        let what = json!({ "change": "user_group_deleted", "user_group": fold(&group.slug) });
        change.finish(app, tx, principal, what).await
    })
}

fn fields(group: &UserGroup) -> Value {
    json!({
        "name": group.name, "is_admin": group.is_admin, "repository_permission": group.repository_permission,
        "workspace_permissions": group.workspace_permissions, "is_default": group.is_default,
    })
}
