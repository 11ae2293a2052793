//! What somebody's own account is.

use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_store::{account, passkey, sign_in};

use crate::domain_claim::{Management, view_management};
use crate::{App, Error, Principal};

/// An account as its owner sees it.
#[derive(Debug, Clone)]
pub struct AccountView {
    pub account: Account,
    /// By its IANA name; UTC when there is none.
    pub time_zone: Option<String>,
    pub created_at: Timestamp,
    pub has_password: bool,
    pub passkeys: usize,
    /// Recovery codes that are left, of so many.
    pub recovery_codes: (i64, i64),
    /// The address that they want, until it is proven.
    pub wanted_email: Option<String>,
    /// Which organization manages the account, or is to.
    pub management: Option<Management>,
}

/// The account of the one who asks, as it is now.
///
/// # Errors
/// When the local operator asks for nobody, or the database is not reachable.
pub async fn view_account(app: &App, principal: &Principal) -> Result<AccountView, Error> {
    let id = principal.account()?.id;
    let mut tx = app.db.begin_read().await?;
    let account = account::find(&mut tx, id).await?.ok_or(Error::SignedOut)?;
    let details = account::find_details(&mut tx, id).await?.ok_or(Error::SignedOut)?;
    Ok(AccountView {
        account,
        time_zone: details.time_zone,
        created_at: details.created_at,
        has_password: details.has_password,
        passkeys: passkey::list(&mut tx, id).await?.len(),
        recovery_codes: sign_in::count_recovery_codes(&mut tx, id).await?,
        management: view_management(&mut tx, id).await?,
        wanted_email: account::find_address_change(&mut tx, id).await?.map(|c| c.email),
    })
}
