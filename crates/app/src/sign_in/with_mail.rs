//! Signs somebody in by a link in a mail. Whoever asks for one is answered before anybody looks whether there is such an
//! account: the request is written down, and a loop answers it.

use orglink_domain::event::EventType;
use orglink_domain::name::{check_email, fold};
use orglink_mail::SignInLink;
use orglink_store::mail::Addressee;
use orglink_store::sign_in::{self, SignInRequest};
use orglink_store::{Tx, account, in_write, session};
use serde_json::json;

use super::attempts::{Attempts, MAILS};
use super::{Device, SignedIn, append_own, open_session};
use crate::account::reconsider;
use crate::notify::send_mail;
use crate::secret::Secret;
use crate::{App, Error, Principal, one_time};

/// What the secret in the mail is for.
const PURPOSE: &str = "sign_in";
/// How long the link lasts after it was sent.
const LINK_SECONDS: i64 = 15 * 60;
/// The longest way back that is kept.
const LONGEST_NEXT: usize = 2000;

/// Asks for a link to be sent; `next` is where they were going. Says nothing about whether there is such an account.
///
/// # Errors
/// Bad input that says which field; `TooManyAttempts` with the seconds to wait.
pub async fn ask_for_link(app: &App, email: &str, next: &str, device: &Device) -> Result<(), Error> {
    let email = email.trim();
    check_email(email).map_err(|e| Error::field("email", e.to_string()))?;
    let at = app.now();
    let attempts = Attempts::of(app, "mail", email, MAILS, &device.address);
    let next = if next.len() > LONGEST_NEXT { "/" } else { next };
    let request =
        SignInRequest { id: app.new_id(at), email_folded: fold(email), next: next.to_owned(), account_id: None };
    in_write!(app.db, tx, {
        attempts.record(tx, at).await?;
        sign_in::create_request(tx, &request, at).await.map_err(Error::from)
    })
}

/// Sends the links that were asked for, to those who have an account; how many were asked for.
///
/// # Errors
/// When the database is not reachable; then it is tried again.
pub async fn answer_requests(app: &App) -> Result<usize, Error> {
    let mut answered = 0;
    loop {
        let mut tx = app.db.begin_read().await?;
        let requests = sign_in::list_requests(&mut tx).await?;
        drop(tx);
        if requests.is_empty() {
            return Ok(answered);
        }
        for request in requests {
            let at = app.now();
            in_write!(app.db, tx, {
                let found = account::find_by_email(tx, &request.email_folded).await?;
                let found = found.filter(|a| !a.is_suspended && !a.is_robot);
                if sign_in::answer_request(tx, request.id, found.as_ref().map(|a| a.id), at).await?
                    && let Some(account) = found
                {
                    // To the address itself: following the link is what proves it.
                    let to = Addressee::Address(account.email);
                    let says = SignInLink { request: request.id, asked_at: at, lasts_seconds: LINK_SECONDS };
                    send_mail(app, tx, to, says).await?;
                }
                Ok::<(), Error>(())
            })?;
            answered += 1;
        }
    }
}

/// Whom a link signs in.
#[derive(Debug, Clone)]
pub struct MailedLink {
    pub email: String,
}

/// Whom following the link would sign in; does nothing, so that whatever opens links in mails by itself does nothing
/// either.
///
/// # Errors
/// `link_not_valid`.
pub async fn find_mailed_link(app: &App, secret: &str) -> Result<MailedLink, Error> {
    let mut tx = app.db.begin_read().await?;
    let found = one_time::find(&mut tx, PURPOSE, secret, app.now()).await?.ok_or_else(super::link_ended)?;
    let (account, _) = asked_by(&mut tx, found.subject_id).await?;
    Ok(MailedLink { email: account.email })
}

/// Signs in and uses the link up: the secret of the new session, and where they were going. It proves the address, and
/// it replaces the session that the same person has in this browser.
///
/// # Errors
/// `link_not_valid`.
pub async fn follow_mailed_link(
    app: &App,
    secret: &str,
    device: &Device,
    before: Option<&SignedIn>,
) -> Result<(Secret, String), Error> {
    let at = app.now();
    in_write!(app.db, tx, {
        let used = one_time::redeem(tx, PURPOSE, secret, at).await?.ok_or_else(super::link_ended)?;
        let (account, next) = asked_by(tx, used.subject_id).await?;
        if !account.is_verified {
            account::verify(tx, account.id).await?;
            reconsider(app, tx, &Principal::session(account.clone()), account.id).await?;
            let payload = json!({ "account": account.id });
            append_own(app, tx, account.id, EventType::AccountAddressProven, payload, at).await?;
        }
        if let Some(before) = before {
            session::delete(tx, before.session_id, account.id).await?;
        }
        Ok((open_session(app, tx, &account, "mail", device, at).await?, next))
    })
}

async fn asked_by(tx: &mut Tx, request: uuid::Uuid) -> Result<(orglink_domain::account::Account, String), Error> {
    let request = sign_in::find_request(tx, request).await?.ok_or_else(super::link_ended)?;
    let id = request.account_id.ok_or_else(super::link_ended)?;
    let account = account::find(tx, id).await?.filter(|a| !a.is_suspended).ok_or_else(super::link_ended)?;
    // The address may have become another one since.
    if fold(&account.email) != request.email_folded {
        return Err(super::link_ended());
    }
    Ok((account, request.next))
}
