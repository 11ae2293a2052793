//! Who manages somebody's account, or is to; and saying no to that.

use orglink_domain::domain_claim::account::{AccountClaim, ClaimState};
use orglink_domain::event::EventType;
use orglink_domain::id::AccountId;
use orglink_store::{StoreError, Tx, domain_claim, in_write, organization};

use super::end_claims::change_of;
use super::{told_of_claim, with};
use crate::{App, Error, Principal};

/// The claim of somebody's own account, with whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Management {
    pub organization_slug: String,
    pub organization_name: String,
    pub claim: AccountClaim,
}

/// Who manages an account, or is to; for its owner.
///
/// # Errors
/// When the database is not reachable.
pub async fn view_management(tx: &mut Tx, id: AccountId) -> Result<Option<Management>, Error> {
    let Some(claim) = domain_claim::find_account_claim(tx, id).await? else { return Ok(None) };
    let of = organization::find(tx, claim.organization_id).await?;
    Ok(of.map(|of| Management { organization_slug: of.slug, organization_name: of.name, claim }))
}

/// Says no to the claim of one's own account: it never takes effect by itself. The organization's admins read why.
///
/// # Errors
/// Bad input without a reason; `no_claim`; `already_objected`; `already_managed`.
pub async fn object_to_claim(app: &App, principal: &Principal, reason: &str) -> Result<(), Error> {
    let id = principal.account()?.id;
    let Some(reason) = crate::reason::check(Some(reason))? else {
        return Err(Error::field("reason", "say why: the organization's admins read it"));
    };
    in_write!(app.db, tx, {
        let Some(claim) = domain_claim::find_account_claim(tx, id).await? else {
            return Err(Error::refused("no_claim", "Nobody claims your account", "There is nothing to object to."));
        };
        match claim.state {
            ClaimState::Announced => {}
            ClaimState::Objected => {
                let detail =
                    "You have objected already. The claim does not take effect; the organization can only withdraw it.";
                return Err(Error::refused("already_objected", "You have objected", detail));
            }
            ClaimState::Managed => {
                let detail = "The claim has taken effect, and the time to object is over. Ask the organization to release \
                              your account, or move it to an address of your own.";
                return Err(Error::refused("already_managed", "Your account is managed already", detail));
            }
        }
        let change = change_of(app, tx, claim.organization_id).await?;
        let after = AccountClaim {
            state: ClaimState::Objected,
            objected_at: Some(change.at()),
            reason: Some(reason.clone()),
            ..claim
        };
        if !domain_claim::change_account_claim(tx, ClaimState::Announced, &after).await? {
            return Err(StoreError::Conflict.into());
        }
        let told = with(told_of_claim(change.organization(), &after), "reason", &reason);
        change.finish_as(app, tx, principal, vec![(EventType::AccountClaimObjected, told)]).await?;
        Ok(())
    })
}
