//! Cutting the price of a period into days.

use crate::day::Day;
use crate::money::Amount;

/// From one day up to, and without, another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    pub from: Day,
    pub until: Day,
}

impl Days {
    /// The month in which a day lies.
    #[must_use]
    pub fn month_of(day: Day) -> Self {
        let from = day.first_of_month();
        Self { from, until: from.plus_months(1).unwrap_or(from) }
    }

    #[must_use]
    pub fn count(self) -> i64 {
        self.from.days_until(self.until)
    }
}

/// The price of some days of a period. Rounded as the difference of what is due up to each end, so that the parts add up
/// to the whole however the period is split, and none is negative.
#[must_use]
pub fn share_of(price: Amount, days: Days, period: Days, decimals: u32) -> Amount {
    let whole = period.count();
    let up_to = |day: Day| price.fraction(period.from.days_until(day).clamp(0, whole.max(0)), whole, decimals);
    up_to(days.until) - up_to(days.from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::terms::tests::amount;
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn the_rest_of_a_month_is_its_share_of_days() {
        let march = Days::month_of(day("2026-03-20"));
        assert_eq!((march.from, march.until, march.count()), (day("2026-03-01"), day("2026-04-01"), 31));
        let rest = Days { from: day("2026-03-20"), ..march };
        assert_eq!(share_of(amount("19.80"), rest, march, 2).to_string(), "7.66");
        assert_eq!(share_of(amount("19.80"), march, march, 2).to_string(), "19.80");
        assert_eq!(
            share_of(amount("19.80"), Days { from: march.until, until: march.until }, march, 2).to_string(),
            "0.00"
        );
    }

    proptest! {
        #[test]
        fn any_split_adds_up_and_no_part_is_negative(
            units in 0_i64..10_000_000, decimals in 0_u32..4, month in 0_i32..240, cuts in proptest::collection::vec(0_i64..31, 0..8),
        ) {
            let period = Days::month_of(day("2020-01-01").plus_months(month).expect("a day"));
            let price: Amount = amount(&units.to_string()).rounded(decimals);
            let mut ends: Vec<i64> = cuts.into_iter().filter(|cut| *cut <= period.count()).chain([0, period.count()]).collect();
            ends.sort_unstable();
            let at = |n: i64| period.from.plus(n).expect("a day");
            let parts: Vec<Amount> =
                ends.windows(2).map(|pair| share_of(price, Days { from: at(pair[0]), until: at(pair[1]) }, period, decimals)).collect();
            prop_assert!(parts.iter().all(|part| !part.is_negative()));
            prop_assert_eq!(parts.into_iter().sum::<Amount>(), price);
        }
    }
}
