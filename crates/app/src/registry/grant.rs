//! What somebody gets of one scope, and why not more.

use orglink_domain::id::WorkspaceId;
use orglink_domain::name::fold;
use orglink_domain::registry::{ImageAction, ImageName, Scope};
use orglink_domain::repository_access::strongest;
use orglink_domain::token;
use orglink_domain::workspace::Permission;
use orglink_policy::Action;
use orglink_store::{Tx, registry, repository};

use crate::repository::sources_of;
use crate::tenant::WorkspaceProof;
use crate::{App, Error, Principal, entitlement};

/// An answer to one scope.
pub(super) struct Grant {
    pub scope: Scope,
    pub given: Vec<ImageAction>,
    /// Why it is less than what was asked for.
    pub refusal: Option<Error>,
    /// The name that the workspace is to have in the registry from now on.
    pub takes: Option<(String, WorkspaceId)>,
}

/// What may be done there.
struct Allowed {
    workspace: WorkspaceId,
    actions: Vec<ImageAction>,
    /// Why not all that was asked for.
    missing: Option<Error>,
    is_named: bool,
}

/// Looks at one scope.
///
/// # Errors
/// Only when it cannot be answered; a refusal is an answer.
pub(super) async fn grant(app: &App, tx: &mut Tx, principal: &Principal, scope: Scope) -> Result<Grant, Error> {
    let none = |scope, e| Ok(Grant { scope, given: Vec::new(), refusal: Some(e), takes: None });
    if scope.kind != "repository" {
        return none(
            scope,
            refused("access is given to images only (repository:WORKSPACE/IMAGE:pull,push)".to_owned()),
        );
    }
    let Some(name) = ImageName::parse(&scope.name) else {
        let shown: String = scope.name.chars().take(100).collect();
        return none(scope, refused(format!("'{shown}' names no image: an image is WORKSPACE/IMAGE, in lower case")));
    };
    let wanted = scope.wanted();
    match look(app, tx, principal, &name, &wanted).await {
        Ok(allowed) => {
            let pushes = allowed.actions.contains(&ImageAction::Push) && !allowed.is_named;
            let refusal = allowed.missing.filter(|_| !scope.is_open() || allowed.actions.is_empty());
            let takes = pushes.then_some((name.workspace, allowed.workspace));
            Ok(Grant { scope, given: allowed.actions, refusal, takes })
        }
        Err(e @ (Error::NotFound { .. } | Error::Refused(_))) => none(scope, e),
        Err(e) => Err(e),
    }
}

async fn look(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    name: &ImageName,
    wanted: &[ImageAction],
) -> Result<Allowed, Error> {
    let absent = || Error::not_found("workspace", &name.workspace);
    let account = principal.account()?;
    let proof = WorkspaceProof::load(app, tx, principal, &name.workspace, Action::ViewWorkspace).await?;
    let (id, slug) = (proof.workspace().id, &proof.workspace().slug);
    // By its slug only: under its id, its images would have a second name.
    if fold(slug) != name.workspace {
        return Err(absent());
    }
    let repository = repository::find(tx, id, name.repository()).await?;
    let permission = strongest(&sources_of(tx, proof.workspace().id, repository.as_ref(), account).await?);
    let (mut actions, mut missing) = (Vec::new(), None);
    for action in wanted {
        match may(principal, *action, permission, name, repository.is_some()) {
            Ok(()) => actions.push(*action),
            Err(e) => missing = missing.or(Some(e)),
        }
    }
    if actions.is_empty() {
        return Err(
            missing.unwrap_or_else(|| refused(format!("nothing that there is was asked for of {}", name.workspace)))
        );
    }
    let gate = app.catalog.gates.container_registry.as_deref();
    entitlement::require(app, tx, id, gate).await.map_err(|e| with_way_out(app, e, slug))?;
    let owner = registry::find_name(tx, &name.workspace).await?;
    if owner.is_some_and(|owner| owner != id) {
        return Err(name_taken(&name.workspace));
    }
    Ok(Allowed { workspace: id, actions, missing, is_named: owner.is_some() })
}

/// Whether a permission, and the token that was shown, allow it.
fn may(
    principal: &Principal,
    action: ImageAction,
    permission: Permission,
    name: &ImageName,
    is_repository: bool,
) -> Result<(), Error> {
    let ImageName { workspace, image } = name;
    if permission < action.needs() {
        let (needs, of) = (action.needs(), name.repository());
        let place = if is_repository {
            format!("on the repository {of}")
        } else {
            "through a user group (the workspace has no repository of that name)".to_owned()
        };
        let detail = format!(
            "To {action} {workspace}/{image} you need the permission {needs} {place}; you have {permission}. A workspace admin can give it."
        );
        return Err(Error::forbidden("not_allowed", "You may not do this", &[detail]));
    }
    principal.require_scope(if action == ImageAction::Pull { token::Scope::Read } else { token::Scope::Write })
}

/// A refusal of what is asked for, in a sentence.
fn refused(detail: String) -> Error {
    Error::forbidden("not_allowed", "You may not do this", &[detail])
}

/// Somebody else has it in the registry.
pub(super) fn name_taken(name: &str) -> Error {
    let detail = format!(
        "Images under {name}/ belong to a workspace that had this name before. An operator can delete them and give the name free: orglink registry release-name {name}."
    );
    Error::refused("name_taken", "The name has images of another workspace", detail)
}

/// Where a person sees what is missing, and what they can do about it.
fn with_way_out(app: &App, error: Error, slug: &str) -> Error {
    match error {
        Error::Refused(mut refusal) if refusal.code == "feature_locked" => {
            let page = format!("{}/workspaces/{slug}/packages", app.settings.public_url);
            refusal.detail = format!("{} See {page}", refusal.detail);
            Error::Refused(refusal)
        }
        other => other,
    }
}
