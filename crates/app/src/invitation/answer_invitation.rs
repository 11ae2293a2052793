//! The invited person's yes or no.

use orglink_domain::account::Account;
use orglink_domain::event::{Actor, EventType, Through};
use orglink_domain::id::{AccountId, TenantId};
use orglink_domain::invitation::{Ending, Invitation, InvitationState, Target};
use orglink_domain::role::{HeldRole, OrganizationRole};
use orglink_store::import::remove_members;
use orglink_store::{Tx, account, directory, in_write, link, organization, user_group, workspace};
use serde_json::{Value, json};

use super::place::{Inviting, place_of_inviter};
use super::view_invitation::others_of;
use super::{PlaceNamed, absent, find, keep, name_of_tenant, not_pending, refusal, secret};
use crate::change::{OrganizationChange, WorkspaceChange, moved_to_organization};
use crate::directory::{DirectoryProof, Members, change_members};
use crate::organization::{RoleAt, RolePlace};
use crate::tenant::{OrganizationProof, TenantProof};
use crate::{App, Error, Expected, Principal};

/// What an accepted invitation leads to.
#[derive(Debug, Clone)]
pub struct Accepted {
    pub invitation: Invitation,
    pub place: PlaceNamed,
    /// Weaker ones in the same place that ended with it.
    pub settled: Vec<Target>,
    /// The page that the person was going to: the wizard when nothing is missing any more for a link.
    pub path: String,
}

/// Says yes: the one invited becomes what they were invited to be, on the authority of whoever answers for the
/// invitation, whose own right is looked at now.
///
/// # Errors
/// `NotFound` for anybody but the invited one; `invitation_not_pending`; `address_not_verified`; `inviter_lost_right`;
/// `last_admin`.
pub async fn accept_invitation(app: &App, principal: &Principal, reference: &str) -> Result<Accepted, Error> {
    let me = principal.account()?.id;
    in_write!(app.db, tx, {
        let found = find(tx, reference).await?;
        let me = account::find(tx, me).await?.ok_or(Error::SignedOut)?;
        if !found.is_for(&me) {
            return Err(absent(reference));
        }
        let at = app.now();
        let accepted = found.accept(&me, at).map_err(refusal)?;
        give(app, tx, principal, &accepted, &me).await?;
        keep(app, tx, principal.actor(), EventType::InvitationAccepted, &accepted, at).await?;
        secret::spend(app, tx, accepted.id).await?;
        let mut settled = Vec::new();
        for (other, is_settled) in others_of(tx, &accepted, at).await? {
            if is_settled {
                let ended = other.withdraw(Some(me.id), Ending::Settled, at).map_err(refusal)?;
                keep(app, tx, principal.actor(), EventType::InvitationWithdrawn, &ended, at).await?;
                secret::spend(app, tx, ended.id).await?;
                settled.push(ended.target);
            }
        }
        let place = name_of_tenant(tx, accepted.tenant).await?.ok_or_else(|| absent(reference))?;
        let path = path_after(tx, &accepted, &place, me.id).await?;
        Ok(Accepted { invitation: accepted, place, settled, path })
    })
}

/// Says no.
///
/// # Errors
/// `NotFound` for anybody but the invited one; `invitation_not_pending`.
pub async fn decline_invitation(app: &App, principal: &Principal, reference: &str) -> Result<Invitation, Error> {
    let me = principal.account()?;
    in_write!(app.db, tx, {
        let found = find(tx, reference).await?;
        if !found.is_for(me) || !me.is_verified {
            return Err(absent(reference));
        }
        decline(app, tx, found, Some(me), principal.actor()).await
    })
}

/// Says no by the link in the mail, without an account.
///
/// # Errors
/// `NotFound`; `invitation_not_pending`.
pub async fn decline_by_secret(app: &App, presented: &str) -> Result<Invitation, Error> {
    in_write!(app.db, tx, {
        let (found, is_open) = secret::find(app, tx, presented).await?;
        let state = found.state_at(app.now());
        if !is_open && state == InvitationState::Pending {
            return Err(not_pending(InvitationState::Expired));
        }
        let nobody_by_name = Actor { account_id: None, through: Through::Own };
        decline(app, tx, found, None, nobody_by_name).await
    })
}

/// In a transaction of somebody else's: says no for the one invited.
pub(crate) async fn decline(
    app: &App,
    tx: &mut Tx,
    found: Invitation,
    by: Option<&Account>,
    actor: Actor,
) -> Result<Invitation, Error> {
    let at = app.now();
    let declined = found.decline(by, at).map_err(refusal)?;
    keep(app, tx, actor, EventType::InvitationDeclined, &declined, at).await?;
    secret::spend(app, tx, declined.id).await?;
    Ok(declined)
}

/// Whoever sent it may not invite any more.
fn lost_right() -> Error {
    Error::refused(
        "inviter_lost_right",
        "Somebody else must confirm this invitation",
        "Whoever sent this invitation is no longer an admin there. Another admin can send it again and so confirm it; then \
         you can accept.",
    )
}

/// Makes the one invited what they were invited to be, and takes from the giver what is handed over.
async fn give(app: &App, tx: &mut Tx, principal: &Principal, accepted: &Invitation, to: &Account) -> Result<(), Error> {
    let place = place_of_inviter(app, tx, accepted).await?.ok_or_else(lost_right)?;
    match (&accepted.target, place) {
        (Target::UserGroup(slug), Inviting::Tenant(TenantProof::Workspace(proof))) => {
            let id = proof.workspace().id;
            let group = user_group::find(tx, id, slug).await?.ok_or_else(target_gone)?;
            let folded = orglink_domain::name::fold(&to.email);
            let is_there = !user_group::list_members_by_address(tx, group.id, &[folded]).await?.is_empty();
            if is_there && !accepted.hands_over {
                return Ok(());
            }
            let attached = directory::list_of_workspace(tx, id).await?;
            if let Some((_, into, organization)) = attached.into_iter().find(|(of, ..)| *of == group.id) {
                // What was promised before the users migrated is kept where they are now.
                let link = proof.link().filter(|_| !accepted.hands_over);
                let link = link.ok_or_else(|| moved_to_organization(app, &group.slug, &organization, &into.slug))?;
                let governing = DirectoryProof::own(OrganizationProof::governing(tx, principal, link).await?);
                let added = Members::Added(std::slice::from_ref(&to.id));
                Box::pin(change_members(app, tx, principal, (governing, &into), added, Expected::Any)).await?;
                return Ok(());
            }
            let change = WorkspaceChange::of(app, tx, proof).await?;
            let mut changes = Vec::new();
            if user_group::add_member(tx, id, group.id, to.id).await? {
                changes.push(json!({ "change": "member_added", "user_group": group.slug, "account": to.id }));
            }
            if accepted.hands_over {
                for administers in user_group::list(tx, id).await?.iter().filter(|g| g.is_admin) {
                    if remove_members(tx, administers.id, &[accepted.invited_by]).await? > 0 {
                        let (group, who) = (&administers.slug, accepted.invited_by);
                        changes.push(json!({ "change": "member_removed", "user_group": group, "account": who }));
                    }
                }
            }
            change.finish(app, tx, principal, by_invitation(changes, accepted)).await?;
        }
        (Target::DirectoryGroup(slug) | Target::SiteGroup(_, slug), Inviting::Directory(proof)) => {
            let group = directory::find(tx, proof.id(), slug).await?.ok_or_else(target_gone)?;
            if !directory::is_member(tx, group.id, to.id).await? {
                let added = Members::Added(std::slice::from_ref(&to.id));
                Box::pin(change_members(app, tx, principal, (proof, &group), added, Expected::Any)).await?;
            }
        }
        (Target::Role(role), Inviting::Tenant(TenantProof::Organization(proof))) => {
            let id = proof.organization().id;
            let at = RoleAt::find(tx, id, RolePlace::of(role)).await.map_err(|_| target_gone())?;
            let is_held = at.is_held(tx, id, to.id).await?;
            if is_held && !accepted.hands_over {
                return Ok(());
            }
            let change = OrganizationChange::of(app, tx, proof, Expected::Any).await?;
            let mut changes = Vec::new();
            if !is_held {
                at.change(tx, id, to.id, true).await?;
                changes.push(at.describe("role_given", to.id));
            }
            if accepted.hands_over {
                at.change(tx, id, accepted.invited_by, false).await?;
                changes.push(at.describe("role_taken", accepted.invited_by));
            }
            change.finish(app, tx, principal, by_invitation(changes, accepted)).await?;
        }
        _ => return Err(Error::broken("an invitation's target is not of its place")),
    }
    Ok(())
}

fn by_invitation(changes: Vec<Value>, accepted: &Invitation) -> Value {
    let named = |mut change: Value| {
        if let Some(fields) = change.as_object_mut() {
            fields.insert("invitation".to_owned(), json!(accepted.id));
        }
        change
    };
    changes.into_iter().map(named).collect()
}

fn target_gone() -> Error {
    let detail = "What this invitation was to is no longer there. Ask whoever sent it for another.";
    Error::refused("invitation_not_pending", "It has ended", detail)
}

/// Where somebody goes who is now what they lacked: on to the wizard when they have both roles.
async fn path_after(tx: &mut Tx, accepted: &Invitation, place: &PlaceNamed, me: AccountId) -> Result<String, Error> {
    let slug = &place.slug;
    match accepted.tenant {
        TenantId::Workspace(id) => {
            let is_admin = workspace::list_admin_ids(tx, id).await?.contains(&me);
            let may_go_on = is_admin && link::find_active(tx, id).await?.is_none();
            if may_go_on && !organization::list_administered(tx, me).await?.is_empty() {
                return Ok(format!("/link?workspace={slug}"));
            }
            Ok(place.path())
        }
        TenantId::Organization(_) => {
            let is_admin = accepted.target == Target::Role(HeldRole::Organization(OrganizationRole::Admin));
            if is_admin && !workspace::list_administered(tx, me, "", 1).await?.is_empty() {
                return Ok(format!("/organizations/{slug}/link"));
            }
            Ok(place.path())
        }
    }
}
