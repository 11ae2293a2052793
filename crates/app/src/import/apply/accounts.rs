//! Accounts: a change of verification or kind may change the eligibility of what they administer.

use std::collections::HashMap;

use orglink_domain::account::Account;
use orglink_domain::id::AccountId;
use orglink_domain::name::fold;
use orglink_store::{Tx, import as bulk};

use super::{Applying, Outcome};
use crate::Error;
use crate::record::{AccountRecord, RecordType};

impl Applying<'_> {
    pub(super) async fn accounts(&mut self, tx: &mut Tx) -> Result<(), Error> {
        let mut after = 0;
        loop {
            let records: Vec<(i64, AccountRecord)> = self.next(RecordType::Account, &mut after).await?;
            if records.is_empty() {
                return Ok(());
            }
            let keys: Vec<String> = records.iter().map(|(_, r)| fold(&r.email)).collect();
            let mut stored: HashMap<String, Account> =
                bulk::find_accounts(tx, &keys).await?.into_iter().map(|a| (fold(&a.email), a)).collect();
            let (mut created, mut reconsidered) = (Vec::new(), Vec::new());
            for ((line, record), key) in records.iter().zip(&keys) {
                let outcome = match stored.remove(key) {
                    None => {
                        let id = AccountId(self.app.new_id(self.at));
                        self.accounts.made(key.clone(), id);
                        created.push(Account {
                            id,
                            email: record.email.clone(),
                            name: record.name.clone(),
                            is_verified: record.verified.unwrap_or(true),
                            is_robot: record.is_robot.unwrap_or(false),
                            is_operator: false,
                            is_suspended: false,
                        });
                        Outcome::Created
                    }
                    Some(before) => {
                        let after = Account {
                            name: record.name.clone(),
                            is_verified: record.verified.unwrap_or(before.is_verified),
                            is_robot: record.is_robot.unwrap_or(before.is_robot),
                            ..before.clone()
                        };
                        if after == before {
                            Outcome::Unchanged
                        } else {
                            bulk::change_account(tx, &after).await?;
                            if after.is_active_person() != before.is_active_person() {
                                reconsidered.push((*line, before.id));
                            }
                            Outcome::Changed
                        }
                    }
                };
                self.count(RecordType::Account, outcome);
            }
            bulk::create_accounts(tx, &created, self.at).await?;
            for (line, account) in reconsidered {
                let touches: Vec<_> = bulk::list_administered_by(tx, &[account])
                    .await?
                    .into_iter()
                    .map(|id| {
                        let change = serde_json::json!({ "change": "admin_account_changed", "account": account });
                        Self::touch(id, line, Some(&change))
                    })
                    .collect();
                self.staging.add_touches(&touches).await?;
            }
        }
    }
}
