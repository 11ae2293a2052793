//! Telling people what happened: a view over the positions of events.
//!
//! [`step`] reads the events after its cursor, asks [`notices_of`] what each of them means to whom, and writes entries of
//! inboxes, mails and the cursor in one transaction: each is told exactly once, however often this is killed and
//! however many replicas do it. A new family of events adds a file here and an arm in [`notices_of`].

mod assistant;
mod billing;
mod billing_account;
mod campaign;
mod domain;
mod eligibility;
mod extension;
mod invitation;
mod link;
mod outbox;
pub(crate) mod proposal;
mod recovery;
mod role;
mod security;
mod sign_in;
mod tracker;
mod users;
mod webhook;
mod words;

use std::collections::{HashMap, HashSet};

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::event::{Event, EventType};
use orglink_domain::id::{AccountId, MailId, NotificationId, OrganizationId, WorkspaceId};
use orglink_domain::notice::NoticeKind;
use orglink_mail::{Mail, Named};
use orglink_store::mail::{Addressee, NewMail};
use orglink_store::notification::{self, NewNotification};
use orglink_store::{Tx, account, event, fault, in_write, mail, organization, workspace};

use crate::{App, Error};

pub(crate) use words::read_contents;

/// This view's name among the cursors.
pub(crate) const VIEW: &str = "notify";
/// Events looked at together.
const BATCH: i64 = 500;

/// Which ways a notice takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ways {
    /// An entry in the inbox, and a mail when the person wants mails of the kind or must get them.
    All,
    InboxOnly,
}

/// One person is told one thing.
#[derive(Debug, Clone)]
pub struct Notice {
    pub to: AccountId,
    pub says: Mail,
    pub ways: Ways,
}

impl Notice {
    /// In every way.
    pub fn new(to: AccountId, says: impl Into<Mail>) -> Self {
        Self { to, says: says.into(), ways: Ways::All }
    }
}

/// What an event means to whom, as things are now.
async fn notices_of(app: &App, tx: &mut Tx, event: &Event) -> Result<Vec<Notice>, Error> {
    let Some(payload) = &event.payload else { return Ok(Vec::new()) };
    match event.kind {
        EventType::WorkspaceLinked if payload.get("campaign").is_some() => {
            campaign::linked(app, tx, event, payload).await
        }
        EventType::WorkspaceLinked => link::linked(app, tx, event).await,
        EventType::WorkspaceBillingMigrated => billing::migrated(tx, event, payload).await,
        EventType::InvoiceIssued => billing_account::issued(tx, event, payload).await,
        EventType::BillingAccountChanged
        | EventType::BillingAccountMerged
        | EventType::BillingRequestCreated
        | EventType::BillingRequestEnded => billing_account::changed(tx, event, payload).await,
        EventType::WorkspaceUnlinked => link::unlinked(tx, event, payload).await,
        EventType::WorkspaceUsersMigrated => users::migrated(tx, event, payload).await,
        EventType::WorkspaceChanged => {
            let mut notices = role::in_workspace(tx, event, payload).await?;
            notices.extend(invitation::added(tx, event, payload).await?);
            Ok(notices)
        }
        EventType::OrganizationChanged => {
            let mut notices = role::in_organization(tx, event, payload).await?;
            notices.extend(tracker::centralized(app, tx, event, payload).await?);
            Ok(notices)
        }
        EventType::RecoveryRequested
        | EventType::RecoveryBegun
        | EventType::RecoveryObjected
        | EventType::RecoveryApplied
        | EventType::RecoveryEnded => recovery::told(tx, event, payload).await,
        EventType::WorkspaceEligibilityChanged => eligibility::changed(app, tx, event, payload).await,
        EventType::ExtensionInstalled | EventType::ExtensionUpdated | EventType::ExtensionUninstalled => {
            extension::changed(tx, event, payload).await
        }
        EventType::AccountSignedIn => Ok(sign_in::signed_in(event, payload)),
        EventType::WebhookPaused => webhook::paused(tx, event, payload).await,
        EventType::DomainVerified
        | EventType::DomainRecordMissing
        | EventType::DomainRecordFound
        | EventType::DomainLapsed => domain::told(tx, event, payload).await,
        EventType::AccountClaimAnnounced
        | EventType::AccountClaimObjected
        | EventType::AccountClaimWithdrawn
        | EventType::AccountManaged
        | EventType::AccountReleased => domain::claimed(tx, event, payload).await,
        EventType::MailRevealed => Ok(outbox::revealed(event, payload)),
        EventType::TrackerUpdated => tracker::updated(app, tx, payload).await,
        EventType::OrganizationPreferred => campaign::preferred(tx, event, payload).await,
        EventType::ClaimBegun | EventType::ClaimObjected | EventType::OrganizationClaimed => {
            campaign::claimed(app, tx, event, payload).await
        }
        EventType::InvitationCreated => invitation::invited(tx, payload).await,
        EventType::InvitationAccepted => invitation::answered(tx, payload, true).await,
        EventType::InvitationDeclined => invitation::answered(tx, payload, false).await,
        EventType::InvitationExpired => invitation::expired(tx, payload).await,
        EventType::ProposalCreated | EventType::ProposalReminded => proposal::asked(app, tx, event, payload).await,
        EventType::ProposalConsented => proposal::agreed(app, tx, payload).await,
        EventType::ProposalDeclined
        | EventType::ProposalWithdrawn
        | EventType::ProposalExpired
        | EventType::ProposalSuperseded => proposal::ended(app, tx, event, payload).await,
        EventType::AccessRequestCreated => invitation::asked(tx, payload).await,
        EventType::AccessRequestApproved => invitation::decided(tx, payload, true).await,
        EventType::AccessRequestDeclined => invitation::decided(tx, payload, false).await,
        EventType::AssistantRequestCreated => Ok(assistant::asked(event, payload)),
        EventType::AccessRequestExpired => invitation::request_expired(tx, payload).await,
        EventType::AccountPasswordChanged
        | EventType::PasskeyCreated
        | EventType::PasskeyDeleted
        | EventType::PasskeyRefused
        | EventType::RecoveryCodesCreated
        | EventType::RecoveryCodeUsed => Ok(security::changed(event)),
        _ => Ok(Vec::new()),
    }
}

/// Tells of the next events; whether there were any.
///
/// # Errors
/// When the database is not reachable.
pub async fn step(app: &App) -> Result<bool, Error> {
    let mut tx = app.db.begin_read().await?;
    let from = notification::find_cursor(&mut tx, VIEW).await?;
    let events = event::list_after(&mut tx, from, BATCH, None).await?;
    let Some(last) = events.last() else { return Ok(false) };
    let to = last.position;
    let mut notices = Vec::new();
    for event in &events {
        notices.extend(notices_of(app, &mut tx, event).await?.into_iter().map(|n| (event.position, n)));
    }
    let at = app.now();
    let told = Entries::of(app, &mut tx, invitation::gather(eligibility::gather(notices)), at).await?;
    drop(tx);
    let told = &told;
    in_write!(app.db, tx, {
        // Another replica was faster: its notices are the same.
        if !notification::move_cursor(tx, VIEW, from, to).await? {
            return Ok(());
        }
        notification::create_all(tx, &told.entries, at).await?;
        mail::create_all(tx, &told.mails, at).await?;
        fault::point("notify.noticed");
        Ok::<(), Error>(())
    })?;
    fault::point("notify.committed");
    Ok(true)
}

/// Tells of everything that has a position now: what a command does before it ends (see [`upkeep::sequence_pending`]).
///
/// # Errors
/// When the database is not reachable.
///
/// [`upkeep::sequence_pending`]: crate::upkeep::sequence_pending
pub async fn notify_pending(app: &App) -> Result<(), Error> {
    let mut tx = app.db.begin_read().await?;
    let last = event::find_last_position(&mut tx).await?;
    drop(tx);
    loop {
        let mut tx = app.db.begin_read().await?;
        let is_told = notification::find_cursor(&mut tx, VIEW).await? >= last;
        drop(tx);
        if is_told || !step(app).await? {
            return Ok(());
        }
    }
}

/// Tells of everything that has a position.
///
/// # Errors
/// When the database is not reachable.
pub async fn notify_all(app: &App) -> Result<(), Error> {
    while step(app).await? {}
    Ok(())
}

/// The rows that notices become.
pub(crate) struct Entries {
    pub(crate) entries: Vec<NewNotification>,
    pub(crate) mails: Vec<NewMail>,
}

impl Entries {
    pub(crate) async fn of(app: &App, tx: &mut Tx, notices: Vec<(i64, Notice)>, at: Timestamp) -> Result<Self, Error> {
        let ids: HashSet<AccountId> = notices.iter().map(|(_, n)| n.to).collect();
        let ids: Vec<AccountId> = ids.into_iter().collect();
        let people: HashMap<AccountId, Account> =
            account::list_by_ids(tx, &ids).await?.into_iter().map(|a| (a.id, a)).collect();
        let unwanted: HashSet<(AccountId, NoticeKind)> =
            notification::list_unwanted(tx, &ids).await?.into_iter().collect();
        let mut told = Self { entries: Vec::new(), mails: Vec::new() };
        for (position, notice) in notices {
            // A robot reads nothing.
            let Some(person) = people.get(&notice.to).filter(|a| !a.is_robot) else { continue };
            let (kind, is_urgent) = (notice.says.content().kind(), notice.says.content().is_urgent());
            let content = words::keep(&notice.says)?;
            let is_wanted = kind.obligation().is_some() || !unwanted.contains(&(person.id, kind));
            // To an address that nobody has proven to be theirs, nothing is written about a workspace.
            if notice.ways == Ways::All && person.is_verified && is_wanted {
                let (id, to) = (MailId(app.new_id(at)), Addressee::Account(person.id));
                told.mails.push(NewMail { id, to, kind, content: content.clone() });
            }
            let id = NotificationId(app.new_id(at));
            told.entries.push(NewNotification { id, account_id: person.id, kind, content, is_urgent, position });
        }
        Ok(told)
    }
}

/// Puts a mail into the outbox that no event tells of: a link to sign in, an invitation to an address that need not
/// have an account. In the transaction of whoever wants it sent.
///
/// # Errors
/// When the database is not reachable.
pub async fn send_mail(app: &App, tx: &mut Tx, to: Addressee, says: impl Into<Mail>) -> Result<MailId, Error> {
    let (says, at) = (says.into(), app.now());
    let id = MailId(app.new_id(at));
    let new = NewMail { id, to, kind: says.content().kind(), content: words::keep(&says)? };
    mail::create_all(tx, &[new], at).await?;
    Ok(id)
}

/// A workspace's names, unless it is gone.
async fn workspace_named(tx: &mut Tx, id: Option<WorkspaceId>) -> Result<Option<Named>, Error> {
    let Some(id) = id else { return Ok(None) };
    Ok(workspace::find(tx, id).await?.map(|w| Named::new(w.slug, w.name)))
}

/// An organization's names, unless it is gone.
async fn organization_named(tx: &mut Tx, id: Option<OrganizationId>) -> Result<Option<Named>, Error> {
    let Some(id) = id else { return Ok(None) };
    Ok(organization::find(tx, id).await?.map(|o| Named::new(o.slug, o.name)))
}
