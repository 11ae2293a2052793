//! What the program does by itself, one step at a time: safe to kill at any instruction, harmless when done by
//! several replicas at once. The loops that call these are in `jobs`.

use orglink_domain::event::{Actor, EventType, NewEvent};
use orglink_domain::id::LinkId;
use orglink_domain::link::{AccessCheck, Link};
use orglink_store::retention::{self, Ended};
use orglink_store::{access, event, in_write, link, workspace};
use serde_json::json;
use uuid::Uuid;

use crate::{App, Error, access_request, domain_claim, invitation};

/// In seconds.
const DAY: i64 = 24 * 60 * 60;

/// Places pending events; how many.
///
/// # Errors
/// When the database is not reachable.
pub async fn sequence(app: &App) -> Result<usize, Error> {
    let mut tx = app.db.begin_read().await?;
    let is_needed = event::any_pending(&mut tx).await?;
    drop(tx);
    if !is_needed {
        return Ok(0);
    }
    in_write!(app.db, tx, { event::place_pending(tx).await.map_err(Error::from) })
}

/// Places what is pending now: what a command does before it ends. What comes meanwhile is left to whoever causes it, or
/// a command beside a busy server would go on for as long as that is busy.
///
/// # Errors
/// When the database is not reachable.
pub async fn sequence_pending(app: &App) -> Result<(), Error> {
    let mut tx = app.db.begin_read().await?;
    let (pending, _) = event::count_pending(&mut tx).await?;
    drop(tx);
    let (pending, mut placed) = (usize::try_from(pending).unwrap_or(0), 0);
    while placed < pending {
        match sequence(app).await? {
            0 => break,
            more => placed += more,
        }
    }
    Ok(())
}

/// Places everything that is pending.
///
/// # Errors
/// When the database is not reachable.
pub async fn sequence_all(app: &App) -> Result<(), Error> {
    while sequence(app).await? > 0 {}
    Ok(())
}

/// Compares the access of freshly linked workspaces with what it was at the link; how many were compared.
///
/// # Errors
/// When the database is not reachable.
pub async fn check_access(app: &App) -> Result<usize, Error> {
    let mut after = LinkId(Uuid::nil());
    let mut compared = 0;
    loop {
        let mut tx = app.db.begin_read().await?;
        let links = link::list_unchecked(&mut tx, after, 100).await?;
        drop(tx);
        let Some(last) = links.last() else { return Ok(compared) };
        after = last.id;
        for link in links {
            check_link(app, &link).await?;
            compared += 1;
        }
    }
}

async fn check_link(app: &App, link: &Link) -> Result<(), Error> {
    let mut tx = app.db.begin_read().await?;
    let digest = access::compute_digest(&mut tx, link.workspace_id).await?;
    let outcome = if digest == link.access_digest {
        AccessCheck::Unchanged
    } else {
        // The link itself raised the version by one; anything beyond that has an event of its own.
        let changes = event::list_changes_of_workspace(&mut tx, link.workspace_id, link.access_version + 1).await?;
        if changes.iter().any(|c| c.kind == EventType::WorkspaceChanged) {
            AccessCheck::ChangedSince
        } else {
            AccessCheck::Differs
        }
    };
    drop(tx);
    let at = app.now();
    in_write!(app.db, tx, {
        if link::change_check(tx, link.id, outcome).await? {
            let kind = match outcome {
                AccessCheck::Differs => EventType::LinkAccessDiffers,
                _ => EventType::LinkAccessVerified,
            };
            let happened = NewEvent {
                kind,
                organization_id: Some(link.organization_id),
                workspace_id: Some(link.workspace_id),
                payload: json!({
                    "link": link.id, "outcome": outcome, "before": link.access_digest, "after": digest,
                }),
            };
            event::append(tx, app.origin(Actor::SYSTEM, at), happened, None).await?;
        }
        Ok::<(), Error>(())
    })
}

/// Notes which invitations and access requests have expired, and forgets what has ended, as the operator's retention says;
/// places that nobody signed in from for 90 days, questions to devices and requests for links as soon as they are of no use.
///
/// # Errors
/// When the database is not reachable.
pub async fn forget(app: &App) -> Result<(), Error> {
    while invitation::expire_due(app).await? > 0 {}
    while access_request::expire_due(app).await? > 0 {}
    domain_claim::forget_previews(app).await?;
    let now = app.now();
    let kept = app.settings.retention;
    let since = |kept: Option<i64>| kept.map(|seconds| now.plus_seconds(-seconds));
    let ended = [
        (Ended::Session, since(kept.sessions)),
        (Ended::Token, since(kept.tokens)),
        (Ended::SignInFailure, since(kept.sign_in_failures)),
        (Ended::IdempotencyKey, since(kept.idempotency)),
        // Before the plans that they were about.
        (Ended::Proposal, since(kept.proposals)),
        (Ended::Plan, since(kept.plans)),
        (Ended::Notification, since(kept.notifications)),
        (Ended::Mail, since(kept.mails)),
        (Ended::WebhookDelivery, since(kept.webhook_deliveries)),
        (Ended::SignInLink, Some(now)),
        (Ended::SignInRequest, since(Some(DAY))),
        (Ended::SignInPlace, since(Some(90 * DAY))),
        (Ended::RegistryEvent, since(Some(7 * DAY))),
        (Ended::PasskeyCeremony, Some(now)),
        (Ended::OneTimeToken, Some(now)),
    ];
    for (what, before) in ended {
        let Some(before) = before else { continue };
        let mut tx = app.db.begin_read().await?;
        let is_due = retention::is_due(&mut tx, what, before).await?;
        drop(tx);
        while is_due
            && in_write!(app.db, tx, { retention::delete_some(tx, what, before).await.map_err(Error::from) })?
                == retention::MOST
        {}
    }
    for (kind, kept) in [(Some(EventType::ImportCompleted), kept.imports), (None, kept.event_payloads)] {
        while let Some(before) = since(kept)
            && in_write!(app.db, tx, { event::erase_payloads(tx, kind, before).await.map_err(Error::from) })? > 0
        {
        }
    }
    Ok(())
}

/// Whether every stored reason is what the pure function says now: the workspaces where it is not. For `doctor`
/// and tests.
///
/// # Errors
/// When the database is not reachable.
pub async fn find_wrong_reasons(app: &App) -> Result<Vec<String>, Error> {
    find_wrong_reasons_of(app, usize::MAX).await
}

/// The same for so many workspaces, the first by their slugs.
///
/// # Errors
/// When the database is not reachable.
pub async fn find_wrong_reasons_of(app: &App, most: usize) -> Result<Vec<String>, Error> {
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    let mut after = String::new();
    let mut tx = app.db.begin_read().await?;
    let nobody = orglink_domain::id::AccountId(Uuid::nil());
    loop {
        let page = workspace::list_of_account(&mut tx, nobody, &after, 500, true).await?;
        let Some(last) = page.last() else { return Ok(wrong) };
        after = orglink_domain::name::fold(&last.slug);
        if looked_at >= most {
            return Ok(wrong);
        }
        looked_at += page.len();
        for w in page {
            let is_linked = link::find_active(&mut tx, w.id).await?.is_some();
            let facts = workspace::find_facts(&mut tx, &w, is_linked).await?;
            let truth = orglink_domain::eligibility::workspace_reasons(&facts, &app.catalog.eligibility);
            let mut stored: Vec<_> =
                workspace::list_reasons(&mut tx, w.id).await?.into_iter().map(|(code, _)| code).collect();
            stored.sort_unstable();
            if stored != truth {
                wrong.push(w.slug);
            }
        }
    }
}
