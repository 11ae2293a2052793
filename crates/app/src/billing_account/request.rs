//! What takes the yes of others: that somebody else pays, that whoever pays no longer does, that another account pays for all.

use orglink_domain::billing::account::{BillingAccount, BillingRequest, RequestKind};
use orglink_domain::digest::Digest;
use orglink_domain::event::EventType;
use orglink_domain::id::{AccountId, BillingAccountId, BillingRequestId};
use orglink_domain::name::fold;
use orglink_policy::Action;
use orglink_store::{Tx, account, billing_account, in_write};
use serde_json::{Value, json};

use super::change::BillingAccountChange;
use crate::tenant::BillingAccountProof;
use crate::{App, Error, Expected, Principal};

/// How long a request is open.
const OPEN_SECONDS: i64 = 30 * 86_400;

/// Asks somebody to pay, by address; nothing changes before they agree. Whether the address has an account is told to nobody.
///
/// # Errors
/// Bad input; `NotFound`; `already_pays`; a refusal for anybody but its admins.
pub async fn ask_to_pay(app: &App, principal: &Principal, reference: &str, address: &str) -> Result<(), Error> {
    in_write!(app.db, tx, {
        let begin = (reference, Action::ManageBillingAccount);
        let change = BillingAccountChange::begin(app, tx, principal, begin, Expected::Any).await?;
        let address = address.trim();
        if !address.contains('@') || address.len() > 254 || address.chars().any(char::is_control) {
            return Err(Error::field("email", "write the address of whoever is to pay, as in zoe@harbor.example"));
        }
        let found = account::find_by_email(tx, address).await?;
        let of = change.account();
        if found.as_ref().is_some_and(|who| of.payer == Some(who.id)) {
            return Err(Error::refused(
                "already_pays",
                "They pay already",
                format!("{address} pays this account already."),
            ));
        }
        let told: Vec<AccountId> = found.into_iter().map(|who| who.id).collect();
        let kind = RequestKind::Payer;
        open(app, tx, principal, change, (kind, Some(address.to_owned()), None), &told).await
    })
}

/// Asks, as whoever pays, no longer to; an admin agrees.
///
/// # Errors
/// `NotFound`; `not_payer`; a refusal for anybody else.
pub async fn ask_to_release(app: &App, principal: &Principal, reference: &str) -> Result<(), Error> {
    let me = principal.account()?.id;
    in_write!(app.db, tx, {
        let begin = (reference, Action::AnswerAsPayer);
        let change = BillingAccountChange::begin(app, tx, principal, begin, Expected::Any).await?;
        if change.account().payer != Some(me) {
            return Err(Error::refused("not_payer", "You do not pay this account", "Only whoever pays can ask this."));
        }
        open(app, tx, principal, change, (RequestKind::Release, None, None), &[]).await
    })
}

/// Asks that another account of the organization pays for everything of this one. Whoever administers both does it at once.
///
/// # Errors
/// `NotFound`, also for an account of another organization; bad input; `accounts_differ` when the two cannot be one bill; a
/// refusal for anybody but its admins.
pub async fn ask_to_merge(app: &App, principal: &Principal, reference: &str, into: &str) -> Result<(), Error> {
    in_write!(app.db, tx, {
        let begin = (reference, Action::ManageBillingAccount);
        let change = BillingAccountChange::begin(app, tx, principal, begin, Expected::Any).await?;
        let of = change.account();
        let absent = || Error::not_found("billing account", into);
        let target = BillingAccountId(into.trim().parse().map_err(|_| absent())?);
        let Some(other) = BillingAccountProof::read(app, tx, principal, target).await? else { return Err(absent()) };
        // Which accounts there are in an organization is known to its billing admins by nothing but their own.
        if !other.may(app, Action::ViewBillingAccount) || other.account().organization != of.organization {
            return Err(absent());
        }
        if target == of.id {
            return Err(Error::field("into", "name another billing account than this one"));
        }
        check_alike(of, other.account())?;
        if other.may(app, Action::ManageBillingAccount) {
            return merge(app, tx, principal, change, other).await;
        }
        let told: Vec<AccountId> = billing_account::list_admins(tx, target).await?.into_iter().map(|a| a.id).collect();
        open(app, tx, principal, change, (RequestKind::Merge, None, Some(target)), &told).await
    })
}

/// Agrees to what is asked, which is done by that: to what was shown, by its digest; without one, to whatever it is now.
///
/// # Errors
/// `NotFound`; `no_request` when nothing is asked; `plan_changed` when it is no longer what was looked at; a refusal for anybody whose yes it
/// does not take.
pub async fn agree_to_request(
    app: &App,
    principal: &Principal,
    reference: &str,
    shown: Option<Digest>,
) -> Result<(), Error> {
    let me = principal.account()?.id;
    in_write!(app.db, tx, {
        let (proof, request) = load_asked(app, tx, principal, reference).await?;
        let other = other_side(app, tx, principal, &request).await?;
        let may = match request.kind {
            RequestKind::Payer => proof.is_asked() && proof.may(app, Action::AnswerAsPayer),
            RequestKind::Release => proof.may(app, Action::ManageBillingAccount),
            RequestKind::Merge => other.as_ref().is_some_and(|other| other.may(app, Action::ManageBillingAccount)),
        };
        if !may {
            return Err(not_yours(request.kind));
        }
        if let Some(shown) = shown
            && shown != digest_of(tx, proof.account(), &request).await?
        {
            let detail =
                "What it pays for, or what is asked, has changed since you looked. Look again. Nothing was done.";
            return Err(Error::refused("plan_changed", "The plan has changed", detail));
        }
        let former = proof.account().payer;
        let change = BillingAccountChange::of(app, tx, proof, Expected::Any).await?;
        let of = change.account().id;
        let payer = match (request.kind, other) {
            (RequestKind::Merge, Some(other)) => {
                check_alike(change.account(), other.account())?;
                return merge(app, tx, principal, change, other).await;
            }
            (RequestKind::Payer, _) => Some(me),
            _ => None,
        };
        billing_account::change_payer(tx, of, payer).await?;
        billing_account::delete_request(tx, of).await?;
        let what = json!({ "change": "payer_changed", "payer": payer, "former_payer": former });
        let told: Vec<AccountId> = former.into_iter().collect();
        change.finish(app, tx, principal, (EventType::BillingAccountChanged, what), &told).await?;
        Ok(())
    })
}

/// Takes a request back, or says no to it.
///
/// # Errors
/// `NotFound`; `no_request`; a refusal for whoever neither asked nor is asked.
pub async fn end_request(app: &App, principal: &Principal, reference: &str) -> Result<(), Error> {
    in_write!(app.db, tx, {
        let (proof, request) = load_asked(app, tx, principal, reference).await?;
        let other = other_side(app, tx, principal, &request).await?;
        let manages = |proof: &BillingAccountProof| proof.may(app, Action::ManageBillingAccount);
        if !manages(&proof) && !proof.may(app, Action::AnswerAsPayer) && !other.as_ref().is_some_and(manages) {
            return Err(not_yours(request.kind));
        }
        let change = BillingAccountChange::of(app, tx, proof, Expected::Any).await?;
        billing_account::delete_request(tx, change.account().id).await?;
        let what = json!({ "request": request.id, "kind": request.kind });
        change.finish(app, tx, principal, (EventType::BillingRequestEnded, what), &[request.asked_by]).await?;
        Ok(())
    })
}

/// What would be agreed to now.
pub(super) async fn digest_of(
    tx: &mut Tx,
    account: &BillingAccount,
    request: &BillingRequest,
) -> Result<Digest, Error> {
    Ok(request.digest(account, &billing_account::list_links(tx, account.id).await?))
}

/// Whoever may agree to a merge sees the one side by administering the other.
async fn load_asked(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    reference: &str,
) -> Result<(BillingAccountProof, BillingRequest), Error> {
    let absent = || Error::not_found("billing account", reference);
    let id = BillingAccountId(reference.parse().map_err(|_| absent())?);
    let proof = BillingAccountProof::read(app, tx, principal, id).await?.ok_or_else(absent)?;
    let request = proof.request().cloned();
    let other = match &request {
        Some(request) => other_side(app, tx, principal, request).await?,
        None => None,
    };
    let may = |proof: &BillingAccountProof| proof.may(app, Action::ManageBillingAccount);
    if !proof.may(app, Action::ViewBillingAccount) && !other.as_ref().is_some_and(may) {
        return Err(absent());
    }
    let none = || {
        let detail = "It was answered, taken back, or 30 days have passed. Look at the billing account again.";
        Error::refused("no_request", "Nothing is asked any more", detail)
    };
    let request = request.ok_or_else(none)?;
    Ok((proof, request))
}

/// The account that is to pay for all of it.
async fn other_side(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    request: &BillingRequest,
) -> Result<Option<BillingAccountProof>, Error> {
    match request.into {
        Some(id) => BillingAccountProof::read(app, tx, principal, id).await,
        None => Ok(None),
    }
}

/// Keeps a request; it takes the place of an earlier one.
async fn open(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    change: BillingAccountChange,
    (kind, payer, into): (RequestKind, Option<String>, Option<BillingAccountId>),
    told: &[AccountId],
) -> Result<(), Error> {
    let at = change.at();
    let request = BillingRequest {
        id: BillingRequestId(app.new_id(at)),
        account: change.account().id,
        kind,
        payer,
        into,
        asked_by: principal.account()?.id,
        asked_at: at,
        expires_at: at.plus_seconds(OPEN_SECONDS),
    };
    billing_account::create_request(tx, &request).await?;
    let what = json!({ "request": request.id, "kind": kind, "into": into });
    change.finish(app, tx, principal, (EventType::BillingRequestCreated, what), told).await?;
    Ok(())
}

/// One pays for everything of the other from now on; bills that were made stay with whom they were made for.
async fn merge(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    change: BillingAccountChange,
    other: BillingAccountProof,
) -> Result<(), Error> {
    let other = BillingAccountChange::of(app, tx, other, Expected::Any).await?;
    let (of, into) = (change.account().clone(), other.account().clone());
    billing_account::merge(tx, of.id, into.id).await?;
    billing_account::delete_request(tx, of.id).await?;
    let told: Vec<AccountId> = billing_account::list_admins(tx, into.id).await?.into_iter().map(|a| a.id).collect();
    let what = |account: &BillingAccount| -> Value { json!({ "id": account.id, "name": account.name }) };
    let happened = (EventType::BillingAccountMerged, json!({ "into": what(&into) }));
    change.finish(app, tx, principal, happened, &told).await?;
    let happened = (EventType::BillingAccountChanged, json!({ "change": "took_over", "from": what(&of) }));
    // They are told by the event before.
    other.finish(app, tx, principal, happened, &[]).await?;
    Ok(())
}

/// Two accounts can be one bill when nothing about the bill differs.
fn check_alike(of: &BillingAccount, into: &BillingAccount) -> Result<(), Error> {
    let differs = [
        (of.currency != into.currency, "currency"),
        (fold(&of.tax) != fold(&into.tax), "tax"),
        (of.payer != into.payer, "payer"),
        (into.merged_into.is_some(), "state: it was merged into another one itself"),
    ];
    let found: Vec<&str> = differs.into_iter().filter_map(|(is_so, what)| is_so.then_some(what)).collect();
    if found.is_empty() {
        return Ok(());
    }
    let detail = format!("The two cannot be one bill, because they differ in {}.", found.join(" and "));
    Err(Error::refused("accounts_differ", "The two cannot be one bill", detail))
}

fn not_yours(kind: RequestKind) -> Error {
    let needed = match kind {
        RequestKind::Payer => "You need to be the one who was asked to pay, with a verified address.",
        RequestKind::Release => "You need to be an admin of the billing account.",
        RequestKind::Merge => "You need to be an admin of the billing account that is to pay for both.",
    };
    Error::forbidden("not_allowed", "You may not do this", &[needed.to_owned()])
}
