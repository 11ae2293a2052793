//! Money as JSON: amounts are exact decimals in strings.

use orglink_domain::billing::NoPrice;
use orglink_domain::money::Amount;
use serde::Serialize;
use utoipa::ToSchema;

/// An amount, or why there is none.
#[derive(Serialize, ToSchema)]
pub struct PriceJson {
    /// Net, an exact decimal such as `"16.50"`; none when there is no price.
    pub amount: Option<String>,
    /// `no_price` or `too_many_people`, when there is none.
    pub code: Option<&'static str>,
    /// The same in words.
    pub detail: Option<String>,
}

impl PriceJson {
    pub fn of(price: &Result<Amount, NoPrice>) -> Self {
        match price {
            Ok(amount) => Self { amount: Some(amount.to_string()), code: None, detail: None },
            Err(e) => Self { amount: None, code: Some(e.code()), detail: Some(e.to_string()) },
        }
    }
}
