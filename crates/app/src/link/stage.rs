//! What a later stage forbids: a link whose billing or users have migrated is neither ended nor moved.

use orglink_domain::clock::Timestamp;
use orglink_domain::link::Link;
use orglink_store::stage::LinkStage;
use orglink_store::{Tx, stage};

use crate::{Error, Refusal, RefusalReason};

/// # Errors
/// `billing_migrated`, `users_migrated`: refused, saying why, once a later stage was reached.
pub(crate) async fn require_only_linked(tx: &mut Tx, link: &Link) -> Result<(), Error> {
    let reached = stage::find(tx, link.id).await?;
    let mut reasons = Vec::new();
    let mut add = |code, detail: &str, remedy| {
        let detail = detail.to_owned();
        reasons.push(RefusalReason { code, detail, remedy: Some(remedy), who: Some("the operator") });
    };
    if reached.billing.is_some() {
        let detail = "Its billing has migrated: the organization pays for it, and its bills name it.";
        add("billing_migrated", detail, "It stays linked, and the organization goes on paying.");
    }
    if reached.users_migrated_at.is_some() {
        let detail = "Its users have migrated: the organization's directory says who is in its groups.";
        add("users_migrated", detail, "It stays linked. Change the members of its groups in the directory.");
    }
    let Some(first) = reasons.first() else { return Ok(()) };
    Err(Error::Refused(Box::new(Refusal {
        code: first.code,
        title: "More than a link hangs on it",
        detail: first.detail.clone(),
        reasons,
        differences: Vec::new(),
        is_about_permission: false,
    })))
}

/// Until when a link can be undone, as it stands: not at all once a later stage was reached.
pub(crate) fn undo_until(link: &Link, reached: LinkStage, now: Timestamp) -> Option<Timestamp> {
    link.undo_until(now).filter(|_| reached == LinkStage::default())
}
