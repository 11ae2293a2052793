//! Money: exact decimals in a currency, rounded in one place and one way.
//!
//! An [`Amount`] is a decimal number, written as a string everywhere (`"16.50"`), so that no program between the database and a
//! reader turns it into a binary fraction. It is rounded only where a line of a bill is made, to the smallest unit of its
//! currency, halves away from zero (commercial rounding); what several share is split by [`split`], whose parts always add up.

use std::fmt;
use std::iter::Sum;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// No more digits are kept after the point: prices have few, and every product of ours stays exact below it.
const MOST_SCALE: u32 = 4;
/// No amount is larger than this, a million millions: no bill reaches it, and it keeps every product of ours exact.
const MOST: Decimal = Decimal::from_parts(0xD4A5_1000, 0xE8, 0, false, 0);

/// A currency by its ISO 4217 code, such as `EUR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    pub const USD: Self = Self(*b"USD");
}

/// Not a currency's code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a currency: write its three letters, as in EUR (ISO 4217)")]
pub struct InvalidCurrency(String);

impl FromStr for Currency {
    type Err = InvalidCurrency;
    fn from_str(given: &str) -> Result<Self, Self::Err> {
        match given.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|letter| letter.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(InvalidCurrency(given.chars().take(40).collect())),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

/// A decimal number of some currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Amount(Decimal);

/// Not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not an amount: write digits with a point, as in 16.50")]
pub struct InvalidAmount(String);

impl FromStr for Amount {
    type Err = InvalidAmount;
    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let bad = || InvalidAmount(given.chars().take(40).collect());
        let digits = given.strip_prefix('-').unwrap_or(given);
        let is_plain = digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.ends_with(|c: char| c.is_ascii_digit())
            && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if !is_plain {
            return Err(bad());
        }
        let value = Decimal::from_str_exact(given).map_err(|_| bad())?;
        if value.scale() > MOST_SCALE || value.abs() > MOST { Err(bad()) } else { Ok(Self(value)) }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Amount {
    pub const ZERO: Self = Self(Decimal::ZERO);

    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }

    /// So many times this.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self(self.0.saturating_mul(Decimal::from(count)))
    }

    /// `percent` of this, to the smallest unit.
    #[must_use]
    pub fn percent(self, percent: Self, decimals: u32) -> Self {
        Self(self.0.saturating_mul(percent.0) / Decimal::ONE_HUNDRED).rounded(decimals)
    }

    /// `part` of `whole` of this, to the smallest unit; nothing of nothing.
    #[must_use]
    pub fn fraction(self, part: i64, whole: i64, decimals: u32) -> Self {
        if whole == 0 {
            return Self::ZERO.rounded(decimals);
        }
        Self(self.0.saturating_mul(Decimal::from(part)) / Decimal::from(whole)).rounded(decimals)
    }

    /// To so many digits after the point, halves away from zero, and written with all of them.
    #[must_use]
    pub fn rounded(self, decimals: u32) -> Self {
        let mut value = self.0.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
        value.rescale(decimals);
        Self(value)
    }
}

impl std::ops::Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::ops::Sub for Amount {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, |sum, each| sum + each)
    }
}

/// Splits `total` by weights into parts of whole smallest units that add up to it: each gets its share rounded down, and
/// what is left goes, a unit each, to those who lost most by that (ties: whoever comes first). Equal weights when all are 0.
#[must_use]
pub fn split(total: Amount, weights: &[u32], decimals: u32) -> Vec<Amount> {
    let total = total.rounded(decimals);
    let all: u64 = weights.iter().map(|w| u64::from(*w)).sum();
    let count = u64::try_from(weights.len()).unwrap_or(0);
    if count == 0 {
        return Vec::new();
    }
    let share = |weight: u32| match all {
        0 => total.0 / Decimal::from(count),
        _ => total.0.saturating_mul(Decimal::from(weight)) / Decimal::from(all),
    };
    let mut parts = Vec::with_capacity(weights.len());
    let mut lost = Vec::with_capacity(weights.len());
    for (place, weight) in weights.iter().enumerate() {
        let exact = share(*weight);
        let mut down = exact.round_dp_with_strategy(decimals, RoundingStrategy::ToZero);
        lost.push(((exact - down).abs(), place));
        down.rescale(decimals);
        parts.push(Amount(down));
    }
    let left = total - parts.iter().copied().sum();
    let unit = Decimal::new(if left.is_negative() { -1 } else { 1 }, decimals);
    let units = (left.0 / unit).round();
    lost.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut given = Decimal::ZERO;
    for (_, place) in lost {
        if given >= units {
            break;
        }
        if let Some(part) = parts.get_mut(place) {
            *part = *part + Amount(unit);
            given += Decimal::ONE;
        }
    }
    parts
}

macro_rules! as_text {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
as_text!(Currency);
as_text!(Amount);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().expect(text)
    }

    #[test]
    fn halves_go_away_from_zero_in_each_currency() {
        for (given, decimals, rounded) in [
            ("0.005", 2, "0.01"),
            ("0.0049", 2, "0.00"),
            ("-0.005", 2, "-0.01"),
            ("10.5", 0, "11"),
            ("-10.5", 0, "-11"),
            ("10.49", 0, "10"),
            ("1.0005", 3, "1.001"),
            ("1.0004", 3, "1.000"),
            ("7", 3, "7.000"),
        ] {
            assert_eq!(amount(given).rounded(decimals).to_string(), rounded, "{given} to {decimals}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for bad in ["", "-", ".5", "5.", "1,5", "1e3", "+1", "0x1", "1.2.3", "1.12345", "1000000000001", "NaN", " 1"] {
            assert!(bad.parse::<Amount>().is_err(), "{bad}");
        }
        assert!("eur".parse::<Currency>().is_err() && "EURO".parse::<Currency>().is_err());
        assert_eq!("EUR".parse::<Currency>().map(|c| c.to_string()), Ok("EUR".to_owned()));
    }

    #[test]
    fn what_is_left_goes_to_those_who_lost_most() {
        let texts = |parts: Vec<Amount>| parts.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(texts(split(amount("10.00"), &[1, 1, 1], 2)), ["3.34", "3.33", "3.33"]);
        assert_eq!(texts(split(amount("100"), &[2, 3, 1], 0)), ["33", "50", "17"]);
        assert_eq!(texts(split(amount("-0.05"), &[1, 1], 2)), ["-0.03", "-0.02"]);
        assert_eq!(texts(split(amount("1.000"), &[0, 0, 0], 3)), ["0.334", "0.333", "0.333"]);
    }

    proptest! {
        #[test]
        fn parts_add_up_and_none_has_the_wrong_sign(
            units in -10_000_000_i64..10_000_000, decimals in 0_u32..4, weights in proptest::collection::vec(0_u32..5_000, 1..40),
        ) {
            let total = Amount(Decimal::new(units, decimals));
            let parts = split(total, &weights, decimals);
            prop_assert_eq!(parts.iter().copied().sum::<Amount>(), total);
            prop_assert!(parts.iter().all(|part| part.is_zero() || part.is_negative() == total.is_negative()));
        }

        #[test]
        fn what_is_written_is_read_the_same(units in any::<i32>(), decimals in 0_u32..5) {
            let given = Amount(Decimal::new(i64::from(units), decimals));
            prop_assert_eq!(given.to_string().parse::<Amount>(), Ok(given));
        }
    }
}
