//! The one way to change a billing account.

use orglink_domain::billing::account::BillingAccount;
use orglink_domain::clock::Timestamp;
use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::AccountId;
use orglink_policy::Action;
use orglink_store::{StoreError, Tx, billing_account, event};
use serde_json::{Value, json};

use crate::change::last_admin;
use crate::tenant::BillingAccountProof;
use crate::{App, Error, Expected, Principal};

/// A billing account whose row this transaction holds.
pub(super) struct BillingAccountChange {
    proof: BillingAccountProof,
    at: Timestamp,
}

impl BillingAccountChange {
    /// Loads it for somebody who wants to do `action` with it, and takes its row.
    ///
    /// # Errors
    /// `NotFound`, or a refusal; `billing_account_merged`; `VersionChanged`.
    pub async fn begin(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        (reference, action): (&str, Action),
        expected: Expected,
    ) -> Result<Self, Error> {
        let proof = BillingAccountProof::load(app, tx, principal, reference, action).await?;
        Self::of(app, tx, proof, expected).await
    }

    /// For whoever had to look first.
    pub async fn of(app: &App, tx: &mut Tx, proof: BillingAccountProof, expected: Expected) -> Result<Self, Error> {
        let account = proof.account();
        expected.check("billing account", account.version)?;
        if account.merged_into.is_some() {
            let detail = "Another billing account pays for everything of this one. It only keeps its bills.";
            return Err(Error::refused("billing_account_merged", "It was merged into another one", detail));
        }
        if !billing_account::guard(tx, account.id, account.version).await? {
            return Err(StoreError::Conflict.into());
        }
        Ok(Self { proof, at: app.now() })
    }

    /// As it was before the change.
    pub const fn account(&self) -> &BillingAccount {
        self.proof.account()
    }

    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// After the rows are written, with what happened; the new version comes back. `told` are people besides its admins and its
    /// payer who are to hear of it.
    ///
    /// # Errors
    /// `last_admin` when nobody would administer it any more.
    pub async fn finish(
        self,
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        (kind, mut payload): (EventType, Value),
        told: &[AccountId],
    ) -> Result<i64, Error> {
        let account = self.account();
        if billing_account::list_admins(tx, account.id).await?.is_empty() {
            return Err(last_admin("billing account"));
        }
        let version = account.version + 1;
        if let Some(fields) = payload.as_object_mut() {
            fields.insert("billing_account".to_owned(), json!({ "id": account.id, "name": account.name }));
            fields.insert("version".to_owned(), json!(version.to_string()));
            fields.insert("told".to_owned(), json!(told));
        }
        let happened = NewEvent { kind, organization_id: Some(account.organization), workspace_id: None, payload };
        // The version of an event is that of an organization or a workspace.
        event::append(tx, app.origin(principal.actor(), self.at), happened, None).await?;
        app.feed.poke();
        Ok(version)
    }
}
