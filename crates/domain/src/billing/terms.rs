//! The price list: what a plan costs in a currency from a day on. The operator's, in the catalog file.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::account::check_bill_to;
use crate::day::Day;
use crate::money::{Amount, Currency};
use crate::period::Period;
use crate::words;
use crate::workspace::{BillingCycle, SubscriptionPlan};

words! {
    /// How people in several workspaces of one payer are counted after the migration.
    "way to count people" CountPeople {
        /// In each workspace that they are a member of, as before: no price changes by the migration.
        PerWorkspace = "per_workspace",
        /// Once, on the dearest of their plans.
        Once = "once",
    }
}

/// Everything about money that the operator decides: the catalog's `[billing]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Of subscriptions that do not say.
    pub currency: Currency,
    /// How many digits after the point each has: its smallest unit (ISO 4217).
    pub currencies: BTreeMap<Currency, u32>,
    #[serde(default = "per_workspace")]
    pub count_people: CountPeople,
    /// Everybody concerned is told so long before billing migrates; at least 30 days.
    #[serde(default = "thirty_days")]
    pub notice: Period,
    /// Tax rates by name. Which one applies to whom is part of the subscription: this program decides no tax law.
    pub taxes: BTreeMap<String, Tax>,
    /// Of subscriptions that do not say.
    pub tax: String,
    #[serde(default)]
    pub prices: Vec<Price>,
    #[serde(default)]
    pub invoice: InvoiceTerms,
}

/// What stands on every bill.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InvoiceTerms {
    /// Before the number.
    pub prefix: String,
    /// Who writes it: name, address, tax number. Lines of text.
    pub issuer: String,
    /// Days until it is to be paid.
    pub due_days: u16,
}

impl Default for InvoiceTerms {
    fn default() -> Self {
        Self { prefix: "INV-".to_owned(), issuer: String::new(), due_days: 30 }
    }
}

impl InvoiceTerms {
    /// The number of a bill, as it is printed.
    #[must_use]
    pub fn number(&self, sequence: i64) -> String {
        format!("{}{sequence:06}", self.prefix)
    }
}

impl Default for Terms {
    /// One currency, no tax, and no prices.
    fn default() -> Self {
        let none = Tax { title: "No tax".to_owned(), percent: Amount::ZERO };
        Self {
            currency: Currency::USD,
            currencies: [(Currency::USD, 2)].into(),
            count_people: per_workspace(),
            notice: thirty_days(),
            taxes: [("none".to_owned(), none)].into(),
            tax: "none".to_owned(),
            prices: Vec::new(),
            invoice: InvoiceTerms::default(),
        }
    }
}

const fn per_workspace() -> CountPeople {
    CountPeople::PerWorkspace
}

const fn thirty_days() -> Period {
    Period::from_days(30)
}

/// A tax on the net price.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tax {
    pub title: String,
    pub percent: Amount,
}

/// What a plan costs in a currency, from a day on until a later one says otherwise.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    pub plan: SubscriptionPlan,
    pub currency: Currency,
    pub from: Day,
    /// One price for the first few people together, however few there are.
    pub flat: Option<Flat>,
    /// For each further person; without it there can be no more than the flat price is for.
    pub per_person: Option<PerPerson>,
}

/// One price for several people.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flat {
    pub people: u32,
    pub monthly: Amount,
    pub annual: Amount,
}

/// The price of one person.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerPerson {
    pub monthly: Amount,
    pub annual: Amount,
}

/// Why something has no price.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPrice {
    #[error("The price list has no price for the plan {plan} in {currency} on {on}.")]
    Unknown { plan: SubscriptionPlan, currency: Currency, on: Day },
    #[error("The plan {plan} is for at most {most} people; the workspace has {people}.")]
    TooManyPeople { plan: SubscriptionPlan, people: u32, most: u32 },
}

impl NoPrice {
    /// Stable; programs may rely on it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "no_price",
            Self::TooManyPeople { .. } => "too_many_people",
        }
    }
}

impl Terms {
    /// How many digits after the point amounts of a currency have; 2 for one that is not in the list.
    #[must_use]
    pub fn decimals(&self, currency: Currency) -> u32 {
        self.currencies.get(&currency).copied().unwrap_or(2)
    }

    /// What so many people on a plan cost for one period beginning on a day, to the smallest unit.
    ///
    /// # Errors
    /// When the list has no price for it.
    pub fn price(
        &self,
        plan: SubscriptionPlan,
        currency: Currency,
        cycle: BillingCycle,
        on: Day,
        people: u32,
    ) -> Result<Amount, NoPrice> {
        let is_for = |p: &&Price| p.plan == plan && p.currency == currency && p.from <= on;
        let newest = self.prices.iter().filter(is_for).max_by_key(|p| p.from);
        let price = newest.ok_or(NoPrice::Unknown { plan, currency, on })?;
        let most = price.flat.map_or(0, |flat| flat.people);
        let amount = price.of(cycle, people).ok_or(NoPrice::TooManyPeople { plan, people, most })?;
        Ok(amount.rounded(self.decimals(currency)))
    }

    /// The tax on a net sum, to the smallest unit: rounded once a bill, not once a line.
    #[must_use]
    pub fn tax_on(&self, net: Amount, tax: &str, currency: Currency) -> Amount {
        let percent = self.taxes.get(tax).map_or(Amount::ZERO, |t| t.percent);
        net.percent(percent, self.decimals(currency))
    }

    /// Everything that is wrong with it: the field within `[billing]`, and what would be right.
    #[must_use]
    pub fn check(&self) -> Vec<(String, String)> {
        let mut wrong = Vec::new();
        let mut refuse = |field: &str, detail: String| wrong.push((field.to_owned(), detail));
        if !self.currencies.contains_key(&self.currency) {
            refuse("currency", format!("{} is not in billing.currencies", self.currency));
        }
        for (currency, decimals) in self.currencies.iter().filter(|(_, d)| **d > 4) {
            refuse(&format!("currencies.{currency}"), format!("{decimals} digits: a currency has 0 to 4"));
        }
        if !self.taxes.contains_key(&self.tax) {
            refuse("tax", format!("there is no [billing.taxes.{}]", self.tax));
        }
        for (name, tax) in &self.taxes {
            if tax.title.trim().is_empty() {
                refuse(&format!("taxes.{name}.title"), "a title is shown to people: it cannot be empty".to_owned());
            }
            if tax.percent.is_negative() {
                refuse(&format!("taxes.{name}.percent"), "cannot be below zero".to_owned());
            }
        }
        if self.notice.as_seconds() < thirty_days().as_seconds() {
            refuse("notice", "people are told at least 30 days before their billing migrates".to_owned());
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        if self.invoice.prefix.len() > 16 || !self.invoice.prefix.chars().all(is_plain) {
            refuse("invoice.prefix", "has at most 16 letters, digits, '-' and '.'".to_owned());
        }
        if let Err(e) = check_bill_to(&self.invoice.issuer) {
            refuse("invoice.issuer", e);
        }
        let mut seen = std::collections::BTreeSet::new();
        for price in &self.prices {
            let field = format!("prices.{}.{}.{}", price.plan, price.currency, price.from);
            if !seen.insert((price.plan, price.currency, price.from)) {
                refuse(&field, "stands here twice".to_owned());
            }
            if !self.currencies.contains_key(&price.currency) {
                refuse(&field, format!("{} is not in billing.currencies", price.currency));
            }
            if price.flat.is_none() && price.per_person.is_none() {
                refuse(&field, "has neither flat nor per_person".to_owned());
            }
            if price.flat.is_some_and(|flat| flat.people == 0) {
                refuse(&field, "a flat price is for at least 1 person".to_owned());
            }
            if price.amounts().iter().any(|amount| amount.is_negative()) {
                refuse(&field, "a price cannot be below zero".to_owned());
            }
        }
        wrong
    }
}

impl Price {
    /// Nobody costs nothing. None when there may not be so many.
    fn of(&self, cycle: BillingCycle, people: u32) -> Option<Amount> {
        if people == 0 {
            return Some(Amount::ZERO);
        }
        let (within, flat) = self.flat.map_or((0, Amount::ZERO), |flat| (flat.people, flat.of(cycle)));
        match people.checked_sub(within) {
            None | Some(0) => Some(flat),
            Some(further) => Some(flat + self.per_person?.of(cycle).times(further)),
        }
    }

    fn amounts(&self) -> Vec<Amount> {
        let flat = self.flat.iter().flat_map(|f| [f.monthly, f.annual]);
        flat.chain(self.per_person.iter().flat_map(|p| [p.monthly, p.annual])).collect()
    }
}

impl Flat {
    const fn of(&self, cycle: BillingCycle) -> Amount {
        match cycle {
            BillingCycle::Monthly => self.monthly,
            BillingCycle::Annual => self.annual,
        }
    }
}

impl PerPerson {
    const fn of(&self, cycle: BillingCycle) -> Amount {
        match cycle {
            BillingCycle::Monthly => self.monthly,
            BillingCycle::Annual => self.annual,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The seed vendor's public list as it stood in November 2025 in USD; and the same made up for a currency without a
    /// smaller unit (JPY) and for one with three digits (KWD), so that rounding has something to do.
    pub(crate) fn terms() -> Terms {
        use SubscriptionPlan::{Free, Premium, Standard};
        let flat = |people, monthly: &str, annual: &str| {
            Some(Flat { people, monthly: amount(monthly), annual: amount(annual) })
        };
        let each = |monthly: &str, annual: &str| Some(PerPerson { monthly: amount(monthly), annual: amount(annual) });
        let price = |plan, currency: &str, from: &str, flat, per_person| Price {
            plan,
            currency: currency.parse().expect("a currency"),
            from: from.parse().expect("a day"),
            flat,
            per_person,
        };
        Terms {
            currency: "USD".parse().expect("a currency"),
            currencies: [("USD", 2), ("JPY", 0), ("KWD", 3)].map(|(c, d)| (c.parse().expect("a currency"), d)).into(),
            count_people: CountPeople::PerWorkspace,
            notice: thirty_days(),
            taxes: [("none", "0"), ("vat", "19"), ("odd", "8.875")]
                .map(|(name, percent)| (name.to_owned(), Tax { title: name.to_owned(), percent: amount(percent) }))
                .into(),
            tax: "none".to_owned(),
            prices: vec![
                price(Free, "USD", "2020-01-01", flat(5, "0", "0"), None),
                price(Standard, "USD", "2020-01-01", flat(5, "15.00", "150.00"), each("3.00", "30.00")),
                price(Standard, "USD", "2025-09-10", flat(5, "16.50", "165.00"), each("3.30", "33.00")),
                price(Premium, "USD", "2025-09-10", flat(5, "33.00", "330.00"), each("6.60", "66.00")),
                price(Standard, "JPY", "2020-01-01", flat(5, "2475", "24750"), each("495", "4950")),
                price(Premium, "JPY", "2020-01-01", None, each("1012.5", "10125")),
                price(Standard, "KWD", "2020-01-01", flat(5, "5.0625", "50.625"), each("1.0125", "10.125")),
            ],
            invoice: InvoiceTerms::default(),
        }
    }

    pub(crate) fn amount(text: &str) -> Amount {
        text.parse().expect(text)
    }

    fn usd(plan: SubscriptionPlan, cycle: BillingCycle, on: &str, people: u32) -> Result<String, NoPrice> {
        let terms = terms();
        terms.price(plan, terms.currency, cycle, on.parse().expect("a day"), people).map(|a| a.to_string())
    }

    #[test]
    fn the_vendors_table_holds() {
        use BillingCycle::{Annual, Monthly};
        use SubscriptionPlan::{Free, Premium, Standard};
        for (plan, cycle, people, price) in [
            (Standard, Monthly, 1, "16.50"),
            (Standard, Monthly, 5, "16.50"),
            (Standard, Monthly, 6, "19.80"),
            (Standard, Monthly, 40, "132.00"),
            (Premium, Monthly, 5, "33.00"),
            (Premium, Monthly, 14, "92.40"),
            (Premium, Annual, 14, "924.00"),
            (Free, Monthly, 5, "0.00"),
            (Standard, Monthly, 0, "0.00"),
        ] {
            assert_eq!(usd(plan, cycle, "2026-03-16", people), Ok(price.to_owned()), "{plan} {cycle} {people}");
        }
        assert_eq!(usd(Free, Monthly, "2026-03-16", 6), Err(NoPrice::TooManyPeople { plan: Free, people: 6, most: 5 }));
        assert!(matches!(usd(Premium, Monthly, "2025-09-09", 6), Err(NoPrice::Unknown { .. })));
    }

    #[test]
    fn a_price_holds_until_the_day_of_the_next() {
        let on = |day| usd(SubscriptionPlan::Standard, BillingCycle::Monthly, day, 10);
        assert_eq!((on("2025-09-09"), on("2025-09-10")), (Ok("30.00".to_owned()), Ok("33.00".to_owned())));
    }

    #[test]
    fn each_currency_is_rounded_to_its_own_unit() {
        let terms = terms();
        let price = |plan, currency: &str, people| {
            let (currency, on) = (currency.parse().expect("a currency"), "2026-01-01".parse().expect("a day"));
            terms.price(plan, currency, BillingCycle::Monthly, on, people).expect("a price").to_string()
        };
        assert_eq!(price(SubscriptionPlan::Premium, "JPY", 3), "3038");
        assert_eq!(price(SubscriptionPlan::Standard, "KWD", 5), "5.063");
        assert_eq!(price(SubscriptionPlan::Standard, "KWD", 6), "6.075");
        let tax = |net: &str, tax, currency: &str| {
            terms.tax_on(amount(net), tax, currency.parse().expect("a currency")).to_string()
        };
        assert_eq!(tax("19.80", "vat", "USD"), "3.76");
        assert_eq!(tax("3038", "vat", "JPY"), "577");
        assert_eq!(tax("5.063", "odd", "KWD"), "0.449");
    }

    #[test]
    fn every_mistake_is_named() {
        let mut bad = terms();
        bad.prices.push(Price { flat: None, per_person: None, ..terms().prices.remove(0) });
        bad.tax = "nowhere".to_owned();
        bad.notice = Period::from_days(29);
        bad.currencies.insert("EUR".parse().expect("a currency"), 7);
        bad.invoice = InvoiceTerms { prefix: "no/".to_owned(), issuer: "\u{7}".to_owned(), due_days: 0 };
        let fields: Vec<String> = bad.check().into_iter().map(|(field, _)| field).collect();
        let twice = "prices.free.USD.2020-01-01";
        assert_eq!(fields, ["currencies.EUR", "tax", "notice", "invoice.prefix", "invoice.issuer", twice, twice]);
        assert_eq!(terms().check(), []);
    }

    proptest! {
        #[test]
        fn nobody_more_makes_it_cheaper_and_nothing_is_negative(people in 0_u32..100_000, annual: bool, premium: bool) {
            let terms = terms();
            let plan = if premium { SubscriptionPlan::Premium } else { SubscriptionPlan::Standard };
            let cycle = if annual { BillingCycle::Annual } else { BillingCycle::Monthly };
            for currency in ["USD", "JPY"] {
                let of = |people| terms.price(plan, currency.parse().expect("a currency"), cycle, "2026-01-01".parse().expect("a day"), people);
                let (few, more) = (of(people).expect("a price"), of(people + 1).expect("a price"));
                prop_assert!(!few.is_negative() && few <= more);
            }
        }
    }
}
