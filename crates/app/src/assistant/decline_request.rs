//! Says no to one's assistant.

use orglink_domain::assistant::{AssistantRequestState, NotOpen};
use orglink_domain::event::EventType;
use orglink_store::in_write;

use super::{find, keep};
use crate::{App, Error, Principal};

/// Declines what an assistant of the one who asks wants.
///
/// # Errors
/// `NotFound` for anybody else's; `request_not_open`.
pub async fn decline_request(app: &App, principal: &Principal, reference: &str) -> Result<(), Error> {
    in_write!(app.db, tx, {
        let asked = find(tx, principal, reference).await?;
        let at = app.now();
        let declined = asked.request.end(AssistantRequestState::Declined, at).map_err(|NotOpen(state)| {
            let detail = format!("It is {state}. Nothing has changed by it.");
            Error::refused("request_not_open", "This request is not open any more", detail)
        })?;
        keep(app, tx, principal.actor(), EventType::AssistantRequestDeclined, &declined, at).await
    })
}
