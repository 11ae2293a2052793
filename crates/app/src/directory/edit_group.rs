//! Makes, renames and deletes groups of a directory.

use orglink_domain::id::{DirectoryGroupId, TenantId};
use orglink_domain::name::{check_slug, check_title, slug_from};
use orglink_domain::user_management::DirectoryGroup;
use orglink_policy::Action;
use orglink_store::{directory, in_write};
use serde::Serialize;
use serde_json::json;

use super::{DirectoryOf, DirectoryProof};
use crate::change::OrganizationChange;
use crate::idempotency::{Answered, Attempt};
use crate::invitation::{Ended, end_all};
use crate::{App, Error, Expected, Principal};

/// A group that somebody wants.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewDirectoryGroup {
    pub name: String,
    /// Made from the name when absent.
    pub slug: Option<String>,
}

/// Makes a group without members; its slug.
///
/// # Errors
/// Bad input by field; `slug_taken`; `organization_original_user_management` where each site keeps its own, and
/// `organization_centralized_user_management` where none does; a refusal for whoever does not manage the directory.
pub async fn create_directory_group(
    app: &App,
    principal: &Principal,
    of: DirectoryOf<'_>,
    wanted: &NewDirectoryGroup,
    idempotency_key: Option<&str>,
) -> Result<Answered<String>, Error> {
    let name = check_title("name", wanted.name.trim()).map_err(|e| Error::field("name", e.to_string()))?;
    let slug = match wanted.slug.as_deref().map(str::trim).filter(|s| !s.is_empty()) {
        Some(slug) => slug.to_owned(),
        None => slug_from(name),
    };
    check_slug(&slug).map_err(|e| Error::field("slug", e.to_string()))?;
    let attempt = Attempt::new(principal, "create_directory_group", idempotency_key, &(of, wanted))?;
    let id = DirectoryGroupId(app.new_id(app.now()));
    let group = DirectoryGroup { id, slug, name: name.to_owned() };
    in_write!(app.db, tx, {
        if let Some(earlier) = attempt.find(tx).await? {
            return Ok(earlier);
        }
        let directory = DirectoryProof::load(app, tx, principal, of, Action::ManageDirectory).await?;
        directory.require_kept(app)?;
        let change = OrganizationChange::of(app, tx, directory.proof().clone(), Expected::Any).await?;
        let at = change.at();
        if !directory::create(tx, directory.id(), &group, at).await? {
            let detail = format!("The directory has a group with the slug '{}' already.", group.slug);
            return Err(Error::refused("slug_taken", "This name is taken", detail));
        }
        let what = json!({ "change": "directory_group_created", "directory_group": group.slug, "name": group.name });
        change.finish(app, tx, principal, directory.note(what)).await?;
        attempt.keep(tx, &group.slug, at).await
    })
}

/// Calls a group otherwise; its slug stays. The organization's new version.
///
/// # Errors
/// `NotFound`; bad input; `VersionChanged`; a refusal for whoever does not manage the directory.
pub async fn rename_directory_group(
    app: &App,
    principal: &Principal,
    (of, slug): (DirectoryOf<'_>, &str),
    name: &str,
    expected: Expected,
) -> Result<i64, Error> {
    in_write!(app.db, tx, {
        let directory = DirectoryProof::load(app, tx, principal, of, Action::ManageDirectory).await?;
        let change = OrganizationChange::of(app, tx, directory.proof().clone(), expected).await?;
        let group = directory.find_group(tx, slug).await?;
        // What is wrong with a name is nobody's to know who may not see what it is about.
        let name = check_title("name", name.trim()).map_err(|e| Error::field("name", e.to_string()))?;
        directory::rename(tx, group.id, name).await?;
        let what = json!({
            "change": "directory_group_renamed", "directory_group": group.slug, "before": group.name, "name": name,
        });
        change.finish(app, tx, principal, directory.note(what)).await
    })
}

/// Deletes a group that nothing is attached to; the organization's new version.
///
/// # Errors
/// `NotFound`; `directory_group_in_use`, naming what is attached; `VersionChanged`; a refusal for whoever does not manage
/// the directory.
pub async fn delete_directory_group(
    app: &App,
    principal: &Principal,
    (of, slug): (DirectoryOf<'_>, &str),
    expected: Expected,
) -> Result<i64, Error> {
    in_write!(app.db, tx, {
        let directory = DirectoryProof::load(app, tx, principal, of, Action::ManageDirectory).await?;
        let change = OrganizationChange::of(app, tx, directory.proof().clone(), expected).await?;
        let group = directory.find_group(tx, slug).await?;
        let attached = directory::list_attached(tx, group.id).await?;
        if !attached.is_empty() {
            let names: Vec<String> = attached.iter().take(10).map(|a| format!("{}/{}", a.workspace, a.group)).collect();
            return Err(Error::refused(
                "directory_group_in_use",
                "Something is attached to the group",
                format!(
                    "The group says who is in {}. Take its people out if nobody is to be in it; it can be deleted once the \
                     workspaces have deleted those user groups.",
                    names.join(", ")
                ),
            ));
        }
        let gone = directory.named().target(&group.slug);
        let tenant = TenantId::Organization(change.organization().id);
        end_all(app, tx, principal, tenant, Ended::Group(&gone)).await?;
        directory::delete(tx, group.id).await?;
        let what = json!({ "change": "directory_group_deleted", "directory_group": group.slug });
        change.finish(app, tx, principal, directory.note(what)).await
    })
}
