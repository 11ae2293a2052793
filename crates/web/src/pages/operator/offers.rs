//! How offers were received.

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use orglink_app::offer::{self, OfferView};
use orglink_http::{AppState, Failure, Visitor};

use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "operator_offers.html")]
struct OffersPage {
    shell: Shell,
    offers: Vec<OfferView>,
}

pub async fn show(State(app): State<AppState>, visitor: Visitor) -> Result<Html<String>, Failure> {
    let offers = offer::list_offers(&app, visitor.principal()).await?;
    let shell = Shell::new(&app, &visitor, "Offers").await?.here("Offers");
    render(&OffersPage { shell, offers })
}
