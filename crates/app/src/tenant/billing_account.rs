//! A billing account together with what the one who asks is to it.

use orglink_domain::billing::account::{BillingAccount, BillingRequest};
use orglink_domain::id::BillingAccountId;
use orglink_domain::name::fold;
use orglink_domain::organization::Organization;
use orglink_policy::{Action, Standing};
use orglink_store::{Tx, billing_account};

use super::OrganizationProof;
use crate::{App, Error, Principal};

/// A billing account that the one who asks may see. Whoever pays need not be anything in the organization.
#[derive(Debug, Clone)]
pub struct BillingAccountProof {
    account: BillingAccount,
    organization: Organization,
    request: Option<BillingRequest>,
    /// They were named as the one who is to pay, by the address that they have proven.
    is_asked: bool,
    standing: Standing,
}

impl BillingAccountProof {
    /// Loads a billing account by id for somebody who wants to do `action` with it.
    ///
    /// # Errors
    /// `NotFound` when it does not exist or they may not see it; a refusal when they may see it but not do that.
    pub async fn load(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        reference: &str,
        action: Action,
    ) -> Result<Self, Error> {
        let absent = || Error::not_found("billing account", reference);
        let id = BillingAccountId(reference.parse().map_err(|_| absent())?);
        let proof = Self::read(app, tx, principal, id).await?.ok_or_else(absent)?;
        if !proof.may(app, Action::ViewBillingAccount) {
            return Err(absent());
        }
        proof.require(app, action)?;
        Ok(proof)
    }

    /// Proves nothing yet.
    pub(crate) async fn read(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        id: BillingAccountId,
    ) -> Result<Option<Self>, Error> {
        let Some(account) = billing_account::find(tx, id).await? else { return Ok(None) };
        let of = account.organization.to_string();
        let Some(of) = OrganizationProof::read(tx, principal, &of).await? else {
            return Err(Error::broken("an organization vanished under a billing account"));
        };
        let request = billing_account::find_request(tx, id, app.now()).await?;
        let (mut standing, mut is_asked) = (of.standing, false);
        if let Some(me) = principal.account_if_any() {
            standing.is_billing_admin = billing_account::is_admin(tx, id, me.id).await?;
            let payer = request.as_ref().and_then(|request| request.payer.as_deref());
            is_asked = me.is_verified && payer.is_some_and(|payer| fold(payer) == fold(&me.email));
            standing.is_payer = account.payer == Some(me.id) || is_asked;
        }
        Ok(Some(Self { account, organization: of.organization, request, is_asked, standing }))
    }

    #[must_use]
    pub const fn account(&self) -> &BillingAccount {
        &self.account
    }

    #[must_use]
    pub const fn organization(&self) -> &Organization {
        &self.organization
    }

    /// What is asked of it at the moment.
    #[must_use]
    pub const fn request(&self) -> Option<&BillingRequest> {
        self.request.as_ref()
    }

    #[must_use]
    pub const fn is_asked(&self) -> bool {
        self.is_asked
    }

    /// Refuses what the one who asks may not do with it.
    pub(crate) fn require(&self, app: &App, action: Action) -> Result<(), Error> {
        app.require(action, self.standing)
    }

    /// Whether the one who asks may do this with it.
    #[must_use]
    pub fn may(&self, app: &App, action: Action) -> bool {
        app.may(action, self.standing)
    }
}
