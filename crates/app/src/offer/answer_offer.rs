//! Keeps what somebody answered to an offer.

use orglink_domain::offer::OfferAnswer;
use orglink_store::{in_write, offer};

use crate::{App, Error, Principal};

/// Keeps the answer; the first one counts. Where taking it leads, unless the catalog has it no more.
///
/// # Errors
/// `NotFound` when the one who asks was never shown it.
pub async fn answer_offer(
    app: &App,
    principal: &Principal,
    name: &str,
    answer: OfferAnswer,
) -> Result<Option<String>, Error> {
    let id = principal.account()?.id;
    in_write!(app.db, tx, {
        let shown = offer::list_of_account(tx, id).await?;
        if !shown.iter().any(|(shown, _)| shown == name) {
            return Err(Error::not_found("offer", name));
        }
        offer::answer(tx, id, name, answer, app.now()).await?;
        Ok::<(), Error>(())
    })?;
    Ok(app.catalog.offers.get(name).map(|offer| offer.url.clone()))
}
