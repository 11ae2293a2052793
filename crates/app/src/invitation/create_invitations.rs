//! Invites people: members of the place are added at once, anybody else must accept.

use orglink_domain::clock::Timestamp;
use orglink_domain::event::EventType;
use orglink_domain::id::{AccountId, InvitationId};
use orglink_domain::invitation::{Invitation, InvitationState};
use orglink_domain::name::check_email;
use orglink_domain::words;
use orglink_store::{Tx, in_write, invitation, user_group};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::place::{InviteTo, Place, Relation};
use super::preview_invitations::preview;
use super::{MOST_AN_HOUR, MOST_PENDING, end_invitation, note};
use crate::change::{OrganizationChange, WorkspaceChange};
use crate::directory::{Members, change_members};
use crate::idempotency::{Answered, Attempt};
use crate::organization::{RoleAt, RolePlace};
use crate::{App, Error, Expected, InputError, Principal};

/// Whom to invite.
#[derive(Debug, Clone, Serialize)]
pub struct NewInvitations {
    /// Addresses, each once (see `domain::address_list` for what people paste).
    pub emails: Vec<String>,
    /// The one who invites gives up their own admin role to the one who accepts.
    pub hands_over: bool,
}

words! {
    /// What became of an address.
    "outcome" Invited {
        /// Must accept.
        Invited = "invited",
        /// Is what they were invited to be, at once.
        Added = "added",
        AlreadyInvited = "already_invited",
        AlreadyThere = "already_there",
    }
}

/// An address with what became of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Made {
    pub email: String,
    pub outcome: Invited,
    /// Of the invitation that is pending now.
    pub invitation: Option<InvitationId>,
}

/// Invites all of them or nobody. Whether an address has an account changes nothing that can be seen, and no statement.
///
/// # Errors
/// Bad input for each address that is none; `invitation_limit`; `TooManyAttempts`; `cannot_hand_over`; a refusal for
/// anybody but an admin of the place.
pub async fn create_invitations(
    app: &App,
    principal: &Principal,
    to: &InviteTo<'_>,
    new: &NewInvitations,
    idempotency_key: Option<&str>,
) -> Result<Answered<Vec<Made>>, Error> {
    check(&new.emails)?;
    let by = principal.account()?.id;
    let attempt = Attempt::new(principal, "create_invitations", idempotency_key, &(to, new))?;
    in_write!(app.db, tx, {
        if let Some(earlier) = attempt.find(tx).await? {
            return Ok(earlier);
        }
        let place = Place::load(app, tx, principal, to).await?;
        if new.hands_over && (new.emails.len() != 1 || !place.is_admin()) {
            return Err(cannot_hand_over("An admin role is handed over to one address, and only an admin role."));
        }
        let at = app.now();
        end_invitation::expire_due_of(app, tx, place.tenant(), at).await?;
        let rows = preview(app, tx, &place, &new.emails, new.hands_over).await?;
        let wanted = rows.iter().filter(|(row, _)| row.outcome == Invited::Invited).count();
        keep_limits(tx, &place, by, wanted, at).await?;
        if new.hands_over && wanted == 0 {
            return Err(cannot_hand_over("This address has the role already, or is invited to it already."));
        }
        let (mut made, mut added) = (Vec::new(), Vec::new());
        for (row, relation) in rows {
            let invitation = match (row.outcome, relation) {
                (Invited::Invited, _) => {
                    Some(invite(app, tx, principal, &place, &row.email, new.hands_over, at).await?)
                }
                (Invited::Added, Relation::Member(id)) => {
                    added.push(id);
                    None
                }
                _ => row.pending,
            };
            made.push(Made { email: row.email, outcome: row.outcome, invitation });
        }
        add(app, tx, principal, place, &added).await?;
        attempt.keep(tx, &made, at).await
    })
}

fn check(emails: &[String]) -> Result<(), Error> {
    use orglink_domain::address_list::{InvalidAddresses, MOST_ADDRESSES, parse_addresses};
    let field = |detail: String| InputError { file: None, line: None, column: None, field: Some("emails"), detail };
    if emails.len() > MOST_ADDRESSES {
        return Err(Error::BadInput(vec![field(InvalidAddresses::TooMany(emails.len()).to_string())]));
    }
    if emails.is_empty() {
        return Err(Error::BadInput(vec![field(InvalidAddresses::Empty.to_string())]));
    }
    // Each must be one plain address, as the list of people's own pastes comes out.
    let is_plain = |email: &&String| {
        check_email(email).is_ok() && parse_addresses(email).is_ok_and(|found| found == [email.as_str()])
    };
    let bad: Vec<InputError> = emails
        .iter()
        .filter(|e| !is_plain(e))
        .map(|e| field(orglink_domain::name::InvalidName::Email(e.chars().take(80).collect()).to_string()))
        .collect();
    if bad.is_empty() { Ok(()) } else { Err(Error::BadInput(bad)) }
}

fn cannot_hand_over(detail: &str) -> Error {
    Error::refused("cannot_hand_over", "This cannot be handed over", detail)
}

async fn keep_limits(tx: &mut Tx, place: &Place, by: AccountId, wanted: usize, at: Timestamp) -> Result<(), Error> {
    let wanted = i64::try_from(wanted).unwrap_or(i64::MAX);
    let pending = invitation::list_pending_of_tenant(tx, place.tenant()).await?.len();
    let pending = i64::try_from(pending).unwrap_or(i64::MAX);
    if pending.saturating_add(wanted) > MOST_PENDING {
        let detail = format!(
            "{pending} invitations are pending here and {wanted} more are wanted; at most {MOST_PENDING} may be. Withdraw \
             some, or wait for answers. Nobody was invited."
        );
        return Err(Error::refused("invitation_limit", "Too many invitations are pending", detail));
    }
    if invitation::count_by_account(tx, by, at.plus_seconds(-3600)).await?.saturating_add(wanted) > MOST_AN_HOUR {
        return Err(Error::TooManyAttempts { seconds: 3600 });
    }
    Ok(())
}

async fn invite(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    place: &Place,
    email: &str,
    hands_over: bool,
    at: Timestamp,
) -> Result<InvitationId, Error> {
    let new = Invitation {
        id: InvitationId(app.new_id(at)),
        tenant: place.tenant(),
        target: place.target(),
        email: email.to_owned(),
        invited_by: principal.account()?.id,
        invited_through: principal.through(),
        hands_over,
        state: InvitationState::Pending,
        ending: None,
        created_at: at,
        expires_at: at.plus_seconds(app.settings.invitation_seconds),
        ended_at: None,
        ended_by: None,
        sent_at: at,
        resends: 0,
        resends_since: at,
    };
    if !invitation::create(tx, &new).await? {
        return Err(orglink_store::StoreError::Conflict.into());
    }
    note(app, tx, principal.actor(), EventType::InvitationCreated, &new, at).await?;
    super::mail::send(app, tx, &new).await?;
    Ok(new.id)
}

/// Makes members of the place what they were invited to be.
async fn add(app: &App, tx: &mut Tx, principal: &Principal, place: Place, people: &[AccountId]) -> Result<(), Error> {
    if people.is_empty() {
        return Ok(());
    }
    let mut changes = Vec::new();
    match place {
        Place::UserGroup(proof, group) => {
            let id = proof.workspace().id;
            let change = WorkspaceChange::of(app, tx, proof).await?;
            for person in people {
                user_group::add_member(tx, id, group.id, *person).await?;
                changes.push(json!({ "change": "member_added", "user_group": group.slug, "account": person }));
            }
            change.finish(app, tx, principal, changes.into()).await?;
        }
        Place::DirectoryGroup(proof, group) => {
            let added = Members::Added(people);
            Box::pin(change_members(app, tx, principal, (proof, &group), added, Expected::Any)).await?;
        }
        Place::Role(proof, role) => {
            let id = proof.organization().id;
            let place = RolePlace::of(&role);
            let at = RoleAt::find(tx, id, place).await?;
            let change = OrganizationChange::of(app, tx, proof, Expected::Any).await?;
            for person in people {
                at.change(tx, id, *person, true).await?;
                changes.push(at.describe("role_given", *person));
            }
            change.finish(app, tx, principal, changes.into()).await?;
        }
    }
    Ok(())
}
