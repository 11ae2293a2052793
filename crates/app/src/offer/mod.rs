//! Offers of the operator's, from the catalog: who is shown which, once, and what they answered.

mod answer_offer;
mod count_offers;
mod show_offer;

pub use answer_offer::answer_offer;
pub use count_offers::{OfferView, list_offers};
pub use show_offer::{ShownOffer, show_offer};
