//! Releases an account that is managed, or withdraws the claim of one that is to be.

use orglink_domain::domain_claim::account::ClaimEnd;
use orglink_domain::id::AccountId;
use orglink_policy::Action;
use orglink_store::{account, domain_claim, in_write};
use uuid::Uuid;

use super::end_claims::end;
use crate::change::OrganizationChange;
use crate::{App, Error, Expected, Principal};

/// Ends the claim of an account, however far it is; the organization's new version.
///
/// # Errors
/// `NotFound` unless the organization claims or manages it; `VersionChanged`; a refusal for anybody but admins of the
/// organization and operators.
pub async fn release_account(
    app: &App,
    principal: &Principal,
    reference: &str,
    who: &str,
    expected: Expected,
) -> Result<i64, Error> {
    let absent = || Error::not_found("managed account", who);
    in_write!(app.db, tx, {
        let action = Action::ReleaseAccount;
        let change = OrganizationChange::begin(app, tx, principal, reference, action, expected).await?;
        let id = match Uuid::try_parse(who) {
            Ok(id) => Some(AccountId(id)),
            Err(_) => account::find_by_email(tx, who.trim()).await?.map(|account| account.id),
        };
        let claim = match id {
            Some(id) => domain_claim::find_account_claim(tx, id).await?,
            None => None,
        };
        let claim = claim.filter(|c| c.organization_id == change.organization().id).ok_or_else(absent)?;
        let happened = end(tx, change.organization(), &claim, ClaimEnd::Withdrawn).await?;
        change.finish_as(app, tx, principal, happened).await
    })
}
