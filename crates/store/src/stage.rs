//! How far each link has come: whether billing has migrated, and who pays since; whether users have.

use orglink_domain::clock::Timestamp;
use orglink_domain::day::Day;
use orglink_domain::id::{BillingAccountId, LinkId};
use uuid::Uuid;

use crate::row::{Time, day};
use crate::{StoreError, Tx};

/// What came after a link; nothing of it for most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LinkStage {
    pub billing: Option<BillingStage>,
    pub users_migrated_at: Option<Timestamp>,
}

/// Who pays since billing has migrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BillingStage {
    pub migrated_at: Timestamp,
    pub account: BillingAccountId,
    /// Up to, and without, this day all is charged.
    pub charged_until: Day,
}

pub async fn find(tx: &mut Tx, link: LinkId) -> Result<LinkStage, StoreError> {
    type Row = (Option<Time>, Option<Uuid>, Option<i64>, Option<Time>);
    let Some((billing_at, account, until, users_at)) = fetch_optional!(tx, sql!("stage/find"), Row, link.0)? else {
        return Ok(LinkStage::default());
    };
    let billing = match (billing_at, account, until) {
        (Some(at), Some(account), Some(until)) => Some(BillingStage {
            migrated_at: at.0,
            account: BillingAccountId(account),
            charged_until: day(until, "link_stage", "charged_until", link.0)?,
        }),
        _ => None,
    };
    Ok(LinkStage { billing, users_migrated_at: users_at.map(|at| at.0) })
}

/// The organization pays from now on; false when it does already.
pub async fn migrate_billing(tx: &mut Tx, link: LinkId, to: BillingStage) -> Result<bool, StoreError> {
    let until = to.charged_until.number();
    let written = execute!(tx, sql!("stage/migrate_billing"), link.0, Time(to.migrated_at), to.account.0, until)?;
    Ok(written == 1)
}

/// The organization's directory manages its people from now on; false when it does already.
pub async fn migrate_users(tx: &mut Tx, link: LinkId, at: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, sql!("stage/migrate_users"), link.0, Time(at))? == 1)
}
