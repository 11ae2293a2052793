//! What is true of the whole installation: the operator's stop switch.

use crate::{StoreError, Tx};

/// Whether linking is stopped, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze {
    pub is_frozen: bool,
    pub reason: Option<String>,
}

pub async fn find_freeze(tx: &mut Tx) -> Result<Freeze, StoreError> {
    let (is_frozen, reason, _) = fetch_one!(tx, sql!("installation/find"), (bool, Option<String>, i64))?;
    Ok(Freeze { is_frozen, reason })
}

pub async fn change_freeze(tx: &mut Tx, freeze: &Freeze) -> Result<(), StoreError> {
    execute!(tx, sql!("installation/change_freeze"), freeze.is_frozen, freeze.reason.as_deref())?;
    Ok(())
}
