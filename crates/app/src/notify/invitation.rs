//! Invitations and access requests: whoever is asked something hears it, and whoever asked hears the answer.

use orglink_domain::access_request::AccessRequest;
use orglink_domain::event::Event;
use orglink_domain::id::{AccessRequestId, AccountId, InvitationId, TenantId};
use orglink_domain::invitation::{Invitation, Target};
use orglink_mail::{
    AccessRequestAnswered, AccessRequestExpired, AccessRequested, InvitationAnswered, InvitationExpired, Mail, Named,
    Person, RoleChanged, RolePlace,
};
use orglink_store::{Tx, access_request, account, invitation, organization, user_group, workspace};
use serde_json::Value;
use uuid::Uuid;

use super::{Notice, Ways, workspace_named};
use crate::Error;
use crate::access_request::role_asked;
use crate::invitation::{name_of_tenant, said};

fn id_in(payload: &Value, field: &str) -> Option<Uuid> {
    payload.get(field).and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok())
}

async fn place_of(tx: &mut Tx, tenant: TenantId) -> Result<Option<RolePlace>, Error> {
    let named = name_of_tenant(tx, tenant).await?.map(|place| Named::new(place.slug, place.name));
    Ok(named.map(|named| match tenant {
        TenantId::Workspace(_) => RolePlace::Workspace(named),
        TenantId::Organization(_) => RolePlace::Organization(named),
    }))
}

async fn about(tx: &mut Tx, payload: &Value) -> Result<Option<Invitation>, Error> {
    let Some(id) = id_in(payload, "invitation") else { return Ok(None) };
    Ok(invitation::find(tx, InvitationId(id)).await?)
}

/// The invited person's inbox, if the address is somebody's; the mail goes to the address either way, from where the
/// invitation is made.
pub(super) async fn invited(tx: &mut Tx, payload: &Value) -> Result<Vec<Notice>, Error> {
    let Some(about) = about(tx, payload).await? else { return Ok(Vec::new()) };
    let Some(account) = account::find_by_email(tx, &about.email).await?.filter(|a| a.is_verified) else {
        return Ok(Vec::new());
    };
    if name_of_tenant(tx, about.tenant).await?.is_none() {
        return Ok(Vec::new());
    }
    let says = said(tx, &about).await?;
    Ok(vec![Notice { ways: Ways::InboxOnly, ..Notice::new(account.id, says) }])
}

/// Whoever invited hears the answer.
pub(super) async fn answered(tx: &mut Tx, payload: &Value, is_accepted: bool) -> Result<Vec<Notice>, Error> {
    let Some(about) = about(tx, payload).await? else { return Ok(Vec::new()) };
    let Some(place) = place_of(tx, about.tenant).await? else { return Ok(Vec::new()) };
    let path = listed_at(&place, &about.target);
    let role = said(tx, &about).await?.role;
    let says = InvitationAnswered { place, role, email: about.email.clone(), is_accepted, path };
    Ok(vec![Notice::new(about.invited_by, says)])
}

/// Where an invitation is listed, and sent again.
fn listed_at(place: &RolePlace, target: &Target) -> String {
    match target {
        Target::UserGroup(slug) => format!("{}/user-groups/{slug}", place.path()),
        Target::DirectoryGroup(slug) => format!("{}/directory/{slug}", place.path()),
        Target::SiteGroup(site, slug) => format!("{}/sites/{site}/directory/{slug}", place.path()),
        Target::Role(_) => format!("{}/people", place.path()),
    }
}

/// Whoever invited hears that nobody answered in time; see [`gather`].
pub(super) async fn expired(tx: &mut Tx, payload: &Value) -> Result<Vec<Notice>, Error> {
    let Some(about) = about(tx, payload).await? else { return Ok(Vec::new()) };
    let Some(place) = place_of(tx, about.tenant).await? else { return Ok(Vec::new()) };
    let path = listed_at(&place, &about.target);
    let role = said(tx, &about).await?.role;
    let says = InvitationExpired { place, role, emails: vec![about.email], path };
    Ok(vec![Notice::new(about.invited_by, says)])
}

/// Invitations of one person to the same thing that expire together are one message.
pub(super) fn gather(notices: Vec<(i64, Notice)>) -> Vec<(i64, Notice)> {
    let mut kept: Vec<(i64, Notice)> = Vec::new();
    for (position, notice) in notices {
        let Mail::InvitationExpired(one) = &notice.says else {
            kept.push((position, notice));
            continue;
        };
        let same = kept.iter_mut().find_map(|(_, n)| match &mut n.says {
            Mail::InvitationExpired(all) if n.to == notice.to && all.path == one.path && all.role == one.role => {
                Some(all)
            }
            _ => None,
        });
        match same {
            Some(all) => all.emails.extend(one.emails.iter().cloned()),
            None => kept.push((position, notice)),
        }
    }
    kept
}

/// Members who were put into a group by somebody else. Those who became admins by it hear that.
pub(super) async fn added(tx: &mut Tx, event: &Event, payload: &Value) -> Result<Vec<Notice>, Error> {
    let Some(id) = event.workspace_id else { return Ok(Vec::new()) };
    if payload.get("by").is_some() {
        return Ok(Vec::new());
    }
    let mut notices = Vec::new();
    for change in payload.get("changes").and_then(Value::as_array).into_iter().flatten() {
        let is_added = change.get("change").and_then(Value::as_str) == Some("member_added");
        let (true, Some(who)) = (is_added, id_in(change, "account").map(AccountId)) else { continue };
        let slug = change.get("user_group").and_then(Value::as_str).unwrap_or_default();
        let Some(group) = user_group::find(tx, id, slug).await?.filter(|g| !g.is_admin) else { continue };
        if event.actor.account_id == Some(who) {
            continue;
        }
        let Some(place) = workspace_named(tx, Some(id)).await? else { continue };
        let says = RoleChanged {
            who: Person::new(who),
            by: event.actor.into(),
            role: format!("a member of {}", group.name),
            place: RolePlace::Workspace(place),
            is_given: true,
            is_yours: true,
            at: event.at,
        };
        notices.push(Notice::new(who, says));
    }
    Ok(notices)
}

async fn request(tx: &mut Tx, payload: &Value) -> Result<Option<AccessRequest>, Error> {
    let Some(id) = id_in(payload, "access_request") else { return Ok(None) };
    Ok(access_request::find(tx, AccessRequestId(id)).await?)
}

/// The admins of the place, if there is such a place.
pub(super) async fn asked(tx: &mut Tx, payload: &Value) -> Result<Vec<Notice>, Error> {
    let Some(about) = request(tx, payload).await? else { return Ok(Vec::new()) };
    let Some(tenant) = about.tenant else { return Ok(Vec::new()) };
    let (place, asker) = (place_of(tx, tenant).await?, account::find(tx, about.asked_by).await?);
    let (Some(place), Some(asker)) = (place, asker) else { return Ok(Vec::new()) };
    let admins = match tenant {
        TenantId::Workspace(id) => workspace::list_admin_ids(tx, id).await?,
        TenantId::Organization(id) => organization::list_admin_ids(tx, id).await?,
    };
    let says = AccessRequested {
        path: format!("{}/requests", place.path()),
        place,
        role: role_asked(about.kind).to_owned(),
        by: Person::new(asker.id),
        email: asker.email,
        message: about.message.unwrap_or_default(),
    };
    Ok(admins.into_iter().map(|id| Notice::new(id, says.clone())).collect())
}

/// Whoever asked hears the answer, and goes on where they were. That they are an admin now is a mail of its own.
pub(super) async fn decided(tx: &mut Tx, payload: &Value, is_approved: bool) -> Result<Vec<Notice>, Error> {
    let Some(about) = request(tx, payload).await? else { return Ok(Vec::new()) };
    let Some(tenant) = about.tenant else { return Ok(Vec::new()) };
    // Who was turned away learns no more than the name that they typed.
    let typed = Named::new(about.named.clone(), about.named.clone());
    let place = match (is_approved, tenant) {
        (true, _) => place_of(tx, tenant).await?,
        (false, TenantId::Workspace(_)) => Some(RolePlace::Workspace(typed)),
        (false, TenantId::Organization(_)) => Some(RolePlace::Organization(typed)),
    };
    let Some(place) = place else { return Ok(Vec::new()) };
    let on = match (&place, is_approved) {
        (_, false) => "/invitations".to_owned(),
        (RolePlace::Workspace(named), true) => format!("/link?workspace={}", named.slug),
        (RolePlace::Organization(named), true) => format!("/organizations/{}/link", named.slug),
    };
    let says = AccessRequestAnswered {
        place,
        role: role_asked(about.kind).to_owned(),
        is_approved,
        reason: about.reason.unwrap_or_default(),
        path: about.return_to.filter(|_| is_approved).unwrap_or(on),
    };
    let ways = if is_approved { Ways::InboxOnly } else { Ways::All };
    Ok(vec![Notice { ways, ..Notice::new(about.asked_by, says) }])
}

/// Whoever asked hears that nobody answered in time, alike for a place that is there and for one that is not.
pub(super) async fn request_expired(tx: &mut Tx, payload: &Value) -> Result<Vec<Notice>, Error> {
    let Some(about) = request(tx, payload).await? else { return Ok(Vec::new()) };
    let says = AccessRequestExpired { role: role_asked(about.kind).to_owned(), named: about.named };
    Ok(vec![Notice::new(about.asked_by, says)])
}
