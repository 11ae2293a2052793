//! Hands waiting mails over to the mail server.
//!
//! Each mail is claimed for a while, made into words and its secrets minted in one transaction; then it is handed over;
//! then that is noted. Killed before the server has accepted it, it is sent when the claim has ended, once. Killed
//! between the server's acceptance and our note, it is sent again, with the same `Message-ID`, by which mail programs
//! show it once.

use std::time::Duration;

use orglink_domain::clock::Timestamp;
use orglink_domain::id::MailId;
use orglink_domain::notice::MailState;
use orglink_mail::{Answered, Composed, Envelope, Post};
use orglink_store::mail::StoredMail;
use orglink_store::{Tx, fault, in_write, installation, mail};

use super::make::{Made, make, mint_secret, mint_unsubscribe, render};
use crate::{App, Error};

/// How many mails one step hands over, so that the loop hears when it is to stop.
const A_STEP: usize = 20;
/// The first wait after a failure in seconds, doubled with each further one, and the longest.
const FIRST_WAIT: i64 = 5;
const LONGEST_WAIT: i64 = 60 * 60;
/// For how long a mail is tried.
const PATIENCE_SECONDS: i64 = 5 * 24 * 60 * 60;

/// Hands over what is due; how many mails were accepted.
///
/// # Errors
/// When the database or the mail server is not reachable; no mail is worse off by that.
pub async fn deliver(app: &App) -> Result<usize, Error> {
    let Some(post) = &app.outbox.post else { return Ok(0) };
    let mut accepted = 0;
    for round in 0..A_STEP {
        let mut tx = app.db.begin_read().await?;
        let is_any_due = next_due(&mut tx, app.now()).await?.is_some();
        drop(tx);
        if !is_any_due {
            break;
        }
        // What is wrong with the server is not held against a mail.
        post.check().await.map_err(|why| Error::broken(&format!("the mail server does not take mails: {why}")))?;
        if round > 0 {
            pause(app).await;
        }
        match claim(app).await? {
            Claimed::Ready(claimed) => accepted += usize::from(hand_over(app, &**post, &claimed).await?),
            Claimed::Settled => {}
            Claimed::None => break,
        }
    }
    Ok(accepted)
}

/// What goes next. While the stop switch is on, only what concerns the safety of accounts: without links to sign in
/// nobody, the operator included, could get in to see what is wrong, and a stranger's sign-in would go unnoticed.
async fn next_due(tx: &mut Tx, now: Timestamp) -> Result<Option<StoredMail>, Error> {
    let is_frozen = installation::find_freeze(tx).await?.is_frozen;
    Ok(mail::find_due(tx, now, is_frozen).await?)
}

/// So long between two mails that no more than the agreed number leave in a minute.
async fn pause(app: &App) {
    let per_minute = app.settings.mail.per_minute;
    if per_minute > 0 {
        tokio::time::sleep(Duration::from_mins(1) / per_minute).await;
    }
}

/// A mail that this process keeps to itself for a while.
struct Ready {
    id: MailId,
    attempt: i64,
    created_at: Timestamp,
    composed: Composed,
}

enum Claimed {
    Ready(Box<Ready>),
    /// It is not to be sent, and that is noted.
    Settled,
    None,
}

async fn claim(app: &App) -> Result<Claimed, Error> {
    let claimed = in_write!(app.db, tx, { claim_within(app, tx).await })?;
    if matches!(claimed, Claimed::Ready(_)) {
        fault::point("mail.committed");
    }
    Ok(claimed)
}

async fn claim_within(app: &App, tx: &mut Tx) -> Result<Claimed, Error> {
    let now = app.now();
    let Some(kept) = next_due(tx, now).await? else { return Ok(Claimed::None) };
    if !mail::claim(tx, kept.id, now, now.plus_seconds(app.settings.mail.lease_seconds)).await? {
        return Ok(Claimed::None);
    }
    fault::point("mail.claimed");
    let attempt = kept.attempts + 1;
    let (says, to) = match make(app, tx, &kept).await? {
        Made::Ready { says, to } => (says, to),
        Made::Pointless(why) => {
            mail::note_failure(tx, (kept.id, attempt), MailState::GivenUp, why, kept.due_at, Some(now)).await?;
            return Ok(Claimed::Settled);
        }
    };
    let secret = mint_secret(app, tx, &kept, &says, &to).await?;
    let unsubscribe = mint_unsubscribe(app, tx, &kept, &to).await?;
    let rendered = render(app, &says, secret.as_ref().map(crate::Secret::reveal), unsubscribe.as_deref())?;
    let envelope = Envelope {
        id: kept.id,
        from: &app.settings.mail.from,
        to: &to,
        at: kept.created_at,
        public_url: &app.settings.public_url,
        unsubscribe: unsubscribe.as_deref(),
    };
    let composed = match Composed::new(&envelope, &rendered) {
        Ok(composed) => composed,
        Err(why) => {
            let why = why.to_string();
            mail::note_failure(tx, (kept.id, attempt), MailState::Refused, &why, kept.due_at, Some(now)).await?;
            return Ok(Claimed::Settled);
        }
    };
    fault::point("mail.rendered");
    Ok(Claimed::Ready(Box::new(Ready { id: kept.id, attempt, created_at: kept.created_at, composed })))
}

/// Whether it was accepted.
async fn hand_over(app: &App, post: &dyn Post, claimed: &Ready) -> Result<bool, Error> {
    let answered = post.hand_over(&claimed.composed).await;
    let (now, this) = (app.now(), (claimed.id, claimed.attempt));
    let is_accepted = matches!(answered, Answered::Accepted(_));
    if is_accepted {
        fault::point("mail.accepted");
    }
    let due_at = now.plus_seconds(wait_after(claimed.attempt)?);
    in_write!(app.db, tx, {
        match &answered {
            Answered::Accepted(said) => mail::note_sent(tx, claimed.id, said, now).await?,
            Answered::Never(why) => mail::note_failure(tx, this, MailState::Refused, why, now, Some(now)).await?,
            Answered::Later(why) if now.seconds_since(claimed.created_at) > PATIENCE_SECONDS => {
                mail::note_failure(tx, this, MailState::GivenUp, why, now, Some(now)).await?
            }
            Answered::Later(why) => mail::note_failure(tx, this, MailState::Failed, why, due_at, None).await?,
        };
        Ok::<(), Error>(())
    })?;
    fault::point("mail.noted");
    Ok(is_accepted)
}

/// Seconds until the next attempt: doubled with each, and never the same for two mails that failed together.
fn wait_after(attempt: i64) -> Result<i64, Error> {
    let doublings = u32::try_from((attempt - 1).clamp(0, 16)).unwrap_or(16);
    let wait = (FIRST_WAIT << doublings).min(LONGEST_WAIT);
    let [random, ..] = crate::secret::random()?;
    // Between three quarters and five quarters of it.
    Ok(wait * (192 + i64::from(random) / 2) / 256)
}
