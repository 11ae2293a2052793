//! Notes that somebody did what their assistant had asked for.

use orglink_domain::assistant::AssistantRequestState;
use orglink_domain::digest::Digest;
use orglink_domain::event::{EventType, Through};
use orglink_domain::link::Act;
use orglink_store::{Tx, assistant_request};

use super::keep;
use crate::{App, Error, Principal};

/// In the transaction that does it. What a token does, whoever's, confirms nothing: only the person in a browser does.
pub(crate) async fn settle(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    (act, plan): (Act, &Digest),
) -> Result<(), Error> {
    let is_in_person = principal.through() == Through::Own && principal.token_id().is_none();
    let Some(account) = principal.account_if_any().filter(|_| is_in_person) else { return Ok(()) };
    let Some(asked) = assistant_request::find_open(tx, account.id, act, plan).await? else { return Ok(()) };
    let at = app.now();
    match asked.request.end(AssistantRequestState::Confirmed, at) {
        Ok(confirmed) => keep(app, tx, principal.actor(), EventType::AssistantRequestConfirmed, &confirmed, at).await,
        // Its time has passed; what was done is done.
        Err(_) => Ok(()),
    }
}
