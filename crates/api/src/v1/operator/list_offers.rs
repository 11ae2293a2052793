//! Lists the offers of the catalog, with how they were received.

use axum::Json;
use axum::extract::State;
use orglink_app::Page;
use orglink_app::offer::{self, OfferView};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::view::ListJson;

/// An offer of the catalog, or one that it had.
#[derive(Serialize, ToSchema)]
pub struct OfferJson {
    /// In the catalog.
    offer: String,
    /// None when the catalog has it no more.
    title: Option<String>,
    /// The first and the last day on which it is made.
    from: Option<String>,
    until: Option<String>,
    /// It is made today.
    is_made: bool,
    /// To how many people it was shown.
    shown: i64,
    skipped: i64,
    taken: i64,
}

impl OfferJson {
    fn of(view: OfferView) -> Self {
        let (offer, count) = (view.offer, view.count);
        Self {
            offer: count.offer,
            from: offer.as_ref().and_then(|o| o.from.clone()),
            until: offer.as_ref().and_then(|o| o.until.clone()),
            title: offer.map(|o| o.title),
            is_made: view.is_made,
            shown: count.shown,
            skipped: count.skipped,
            taken: count.taken,
        }
    }
}

/// The offers that people are shown once, with how many skipped and took each. They stand in the catalog. Scope: `operator`.
#[utoipa::path(get, path = "/operator/offers", tag = "operator",
    responses((status = 200, body = ListJson<OfferJson>), (status = 403, body = Problem)))]
pub async fn list_offers(State(app): State<AppState>, caller: Caller) -> Result<Json<ListJson<OfferJson>>, Failure> {
    let principal = caller.with_scope(Scope::Operator)?;
    let found = offer::list_offers(&app, &principal).await?;
    Ok(Json(ListJson::of(Page { items: found.into_iter().map(OfferJson::of).collect(), next: None })))
}
