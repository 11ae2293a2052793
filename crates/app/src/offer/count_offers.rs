//! How offers were received: for operators.

use orglink_domain::offer::Offer;
use orglink_policy::Action;
use orglink_store::offer::{self, OfferCount};

use crate::{App, Error, Principal};

/// An offer with how it was received.
#[derive(Debug, Clone)]
pub struct OfferView {
    pub count: OfferCount,
    /// As the catalog has it; none when it has it no more.
    pub offer: Option<Offer>,
    /// It is made today.
    pub is_made: bool,
}

/// Every offer of the catalog, and those that it had, by name.
///
/// # Errors
/// A refusal for anybody but operators.
pub async fn list_offers(app: &App, principal: &Principal) -> Result<Vec<OfferView>, Error> {
    app.require(Action::ExploreWorkspaces, principal.standing())?;
    let mut tx = app.db.begin_read().await?;
    let mut counts = offer::count(&mut tx).await?;
    for name in app.catalog.offers.keys() {
        if !counts.iter().any(|count| count.offer == *name) {
            counts.push(OfferCount { offer: name.clone(), shown: 0, skipped: 0, taken: 0 });
        }
    }
    counts.sort_by(|a, b| a.offer.cmp(&b.offer));
    let view = |count: OfferCount| {
        let offer = app.catalog.offers.get(&count.offer).cloned();
        OfferView { is_made: offer.as_ref().is_some_and(|o| o.is_made_at(app.now())), offer, count }
    };
    Ok(counts.into_iter().map(view).collect())
}
