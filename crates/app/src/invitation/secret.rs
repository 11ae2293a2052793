//! The secret in an invitation's mail: whoever has it reads what is sent to the invited address.

use orglink_domain::id::InvitationId;
use orglink_domain::invitation::Invitation;
use orglink_store::{Tx, invitation, one_time};

use super::absent;
use crate::secret::hash_of;
use crate::{App, Error};

/// What the secret is for among one-time secrets.
pub(super) const PURPOSE: &str = "invitation";

/// The invitation that a secret belongs to, in whichever state it is; whether the secret was not used yet.
pub(super) async fn find(app: &App, tx: &mut Tx, secret: &str) -> Result<(Invitation, bool), Error> {
    let unknown = || absent("this link");
    let token = one_time::find(tx, &hash_of(secret)).await?.filter(|t| t.purpose == PURPOSE).ok_or_else(unknown)?;
    let found = invitation::find(tx, InvitationId(token.subject_id)).await?.ok_or_else(unknown)?;
    Ok((found, token.used_at.is_none() && token.expires_at > app.now()))
}

/// Every secret of an invitation that ended is worth nothing any more.
pub(super) async fn spend(app: &App, tx: &mut Tx, id: InvitationId) -> Result<(), Error> {
    one_time::use_all(tx, PURPOSE, id.0, app.now()).await?;
    Ok(())
}
