//! One bill of a billing account: everything up to the end of a month that no bill before has charged.
//!
//! What is due is a question of days alone: each workspace is charged from where the last bill stopped, a line a month (or a year,
//! where it pays annually), so that a bill that comes late charges the same lines as several that came in time.

use std::collections::BTreeMap;

use super::period::{Days, share_of};
use super::preview::{Bill, Payable, charge};
use super::terms::{NoPrice, Terms};
use crate::day::Day;
use crate::id::WorkspaceId;
use crate::money::{Amount, Currency};
use crate::workspace::{BillingCycle, SubscriptionPlan};

/// A workspace of a billing account.
#[derive(Debug, Clone)]
pub struct Due {
    pub payable: Payable,
    pub name: String,
    /// Up to, and without, this day all is charged.
    pub charged_until: Day,
}

/// What one workspace is charged for some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub workspace: WorkspaceId,
    pub slug: String,
    pub name: String,
    pub plan: SubscriptionPlan,
    pub cycle: BillingCycle,
    /// Its members when the bill was made.
    pub people: u32,
    pub days: Days,
    pub net: Amount,
}

/// What could not be charged; the next bill tries again from the same day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpriced {
    pub slug: String,
    pub from: Day,
    pub why: NoPrice,
}

/// A bill before it has a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// By slug, then by day.
    pub lines: Vec<Line>,
    pub unpriced: Vec<Unpriced>,
    /// How far each workspace is charged with it; only those that get further.
    pub charged_until: BTreeMap<WorkspaceId, Day>,
    pub bill: Bill,
}

impl Draft {
    /// The days that its lines lie in.
    #[must_use]
    pub fn days(&self) -> Option<Days> {
        let from = self.lines.iter().map(|line| line.days.from).min()?;
        let until = self.lines.iter().map(|line| line.days.until).max()?;
        Some(Days { from, until })
    }
}

/// Makes the bill of an account for a month: `all` is everything that it pays. Plans that cost nothing make no line.
#[must_use]
pub fn draft(terms: &Terms, (currency, tax): (Currency, &str), all: &[Due], month: Days) -> Draft {
    let mut all: Vec<&Due> = all.iter().collect();
    all.sort_by(|a, b| a.payable.slug.cmp(&b.payable.slug));
    let payables: Vec<&Payable> = all.iter().map(|due| &due.payable).collect();
    // What everything costs by the prices of a day; most lines begin on the same one.
    let mut prices: BTreeMap<Day, Vec<Result<Amount, NoPrice>>> = BTreeMap::new();
    let mut draft = Draft {
        lines: Vec::new(),
        unpriced: Vec::new(),
        charged_until: BTreeMap::new(),
        bill: Bill { net: Amount::ZERO, tax: Amount::ZERO },
    };
    for (place, due) in all.iter().enumerate() {
        let mut from = due.charged_until;
        while from < month.until {
            let of_day = prices.entry(from).or_insert_with(|| charge(terms, &payables, from));
            let Some(price) = of_day.get(place) else { break };
            let Some((days, period)) = next_days(due.payable.cycle, from) else { break };
            match price {
                Ok(price) if due.payable.plan != SubscriptionPlan::Free => {
                    let net = share_of(*price, days, period, terms.decimals(currency));
                    draft.lines.push(line_of(due, days, net));
                }
                Ok(_) => {}
                Err(why) => {
                    draft.unpriced.push(Unpriced { slug: due.payable.slug.clone(), from, why: why.clone() });
                    break;
                }
            }
            from = days.until;
        }
        if from > due.charged_until {
            draft.charged_until.insert(due.payable.id, from);
        }
    }
    let net: Amount = draft.lines.iter().map(|line| line.net).sum::<Amount>().rounded(terms.decimals(currency));
    draft.bill = Bill { net, tax: terms.tax_on(net, tax, currency) };
    draft
}

/// The days of the next line, and the period whose price they are a share of: by the calendar's months, or a year of its own.
fn next_days(cycle: BillingCycle, from: Day) -> Option<(Days, Days)> {
    let days = match cycle {
        BillingCycle::Monthly => Days { from, until: Days::month_of(from).until },
        BillingCycle::Annual => Days { from, until: from.plus_months(12)? },
    };
    let period = if cycle == BillingCycle::Monthly { Days::month_of(from) } else { days };
    (days.from < days.until).then_some((days, period))
}

fn line_of(due: &Due, days: Days, net: Amount) -> Line {
    let of = &due.payable;
    Line {
        workspace: of.id,
        slug: of.slug.clone(),
        name: due.name.clone(),
        plan: of.plan,
        cycle: of.cycle,
        people: u32::try_from(of.people.len()).unwrap_or(u32::MAX),
        days,
        net,
    }
}

/// The first day that one workspace is charged twice for, or beyond where charging stands: there must be none. Its lines come by
/// their days. Days in between that nobody was charged for are those on a plan that costs nothing.
#[must_use]
pub fn find_overlap(lines: &[Days], charged_until: Day) -> Option<Day> {
    let begins = lines.iter().skip(1).map(|days| days.from).chain([charged_until]);
    lines.iter().zip(begins).find(|(days, next)| days.until > *next).map(|(_, next)| next)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::super::preview::{Payer, first_charge};
    use super::super::terms::tests::terms;
    use super::super::{CountPeople, Terms};
    use super::*;
    use crate::id::AccountId;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn due(n: u128, people: std::ops::Range<u128>, cycle: BillingCycle, until: Day, currency: &str) -> Due {
        let payable = Payable {
            id: WorkspaceId(Uuid::from_u128(n)),
            slug: format!("w{n}"),
            plan: SubscriptionPlan::Standard,
            cycle,
            currency: currency.parse().expect("a currency"),
            tax: "vat".to_owned(),
            people: people.map(|p| AccountId(Uuid::from_u128(p))).collect(),
            paid_until: None,
            payer: Payer { contacts: BTreeSet::new(), reseller: None },
        };
        Due { payable, name: format!("Workspace {n}"), charged_until: until }
    }

    fn usd() -> Currency {
        terms().currency
    }

    fn month(of: &str) -> Days {
        Days::month_of(day(of))
    }

    #[test]
    fn a_month_and_the_rest_of_the_one_before_stand_on_one_bill() {
        use BillingCycle::{Annual, Monthly};
        let all = [
            due(2, 0..6, Monthly, day("2026-03-20"), "USD"),
            due(1, 0..5, Monthly, day("2026-04-01"), "USD"),
            due(3, 0..5, Annual, day("2026-04-17"), "USD"),
            due(4, 0..5, Annual, day("2026-05-01"), "USD"),
        ];
        let made = draft(&terms(), (usd(), "vat"), &all, month("2026-04-01"));
        let lines: Vec<String> = made
            .lines
            .iter()
            .map(|l| format!("{} {} {} {} {}", l.slug, l.days.from, l.days.until, l.people, l.net))
            .collect();
        assert_eq!(
            lines,
            [
                "w1 2026-04-01 2026-05-01 5 16.50",
                "w2 2026-03-20 2026-04-01 6 7.66",
                "w2 2026-04-01 2026-05-01 6 19.80",
                "w3 2026-04-17 2027-04-17 5 165.00",
            ]
        );
        assert_eq!((made.bill.net.to_string(), made.bill.tax.to_string()), ("208.96".to_owned(), "39.70".to_owned()));
        let until: Vec<String> = made.charged_until.values().map(ToString::to_string).collect();
        assert_eq!(until, ["2026-05-01", "2026-05-01", "2027-04-17"]);
        assert_eq!(made.days(), Some(Days { from: day("2026-03-20"), until: day("2027-04-17") }));
    }

    #[test]
    fn it_is_the_first_charge_that_was_promised() {
        let (on, of) = (day("2026-03-20"), due(1, 0..9, BillingCycle::Monthly, day("2026-03-20"), "USD"));
        let price = terms().price(SubscriptionPlan::Standard, usd(), BillingCycle::Monthly, on, 9).expect("a price");
        let promised = first_charge(price, BillingCycle::Monthly, on, 2).expect("a charge");
        let made = draft(&terms(), (usd(), "none"), &[of], month("2026-03-01"));
        assert_eq!((made.lines[0].days, made.lines[0].net), (promised.days, promised.amount));
    }

    #[test]
    fn what_costs_nothing_makes_no_line_and_what_has_no_price_waits() {
        let mut free = due(1, 0..5, BillingCycle::Monthly, day("2026-03-10"), "USD");
        free.payable.plan = SubscriptionPlan::Free;
        let mut full = due(2, 0..6, BillingCycle::Monthly, day("2026-03-10"), "USD");
        full.payable.plan = SubscriptionPlan::Free;
        let made = draft(&terms(), (usd(), "vat"), &[free, full], month("2026-04-01"));
        assert_eq!((made.lines.len(), made.bill.net.is_zero(), made.days()), (0, true, None));
        assert_eq!(
            made.unpriced.iter().map(|u| (u.slug.as_str(), u.why.code())).collect::<Vec<_>>(),
            [("w2", "too_many_people")]
        );
        assert_eq!(made.charged_until.len(), 1);
    }

    #[test]
    fn what_is_charged_twice_is_found() {
        let days = |from, until| Days { from: day(from), until: day(until) };
        let fine =
            [days("2026-03-20", "2026-04-01"), days("2026-04-01", "2026-05-01"), days("2026-06-01", "2026-07-01")];
        assert_eq!(find_overlap(&fine, day("2026-07-01")), None);
        assert_eq!(find_overlap(&fine, day("2026-06-20")), Some(day("2026-06-20")));
        assert_eq!(
            find_overlap(&[fine[1], days("2026-04-30", "2026-05-02")], day("2026-07-01")),
            Some(day("2026-04-30"))
        );
        assert_eq!(find_overlap(&[], day("2026-04-01")), None);
    }

    proptest! {
        /// Late or in time, the same days are charged, each once; the bill is the sum of its lines, none below zero; and with nobody
        /// coming or going the money is the same to the cent.
        #[test]
        fn bills_that_come_late_charge_the_same(
            sizes in proptest::collection::vec((0_u128..30, 1_u128..30, 0_i64..60, any::<bool>()), 1..6),
            months in 1_i32..8, once: bool, which in 0_usize..3,
        ) {
            let currency = ["USD", "JPY", "KWD"][which];
            let terms = Terms { count_people: if once { CountPeople::Once } else { CountPeople::PerWorkspace }, ..terms() };
            let start = day("2026-01-01");
            let mut now: Vec<Due> = sizes.iter().enumerate().map(|(n, (first, count, later, annual))| {
                let cycle = if *annual && !once { BillingCycle::Annual } else { BillingCycle::Monthly };
                due(n as u128 + 1, *first..first + count, cycle, start.plus(*later).expect("a day"), currency)
            }).collect();
            let code: Currency = currency.parse().expect("a currency");
            let last = start.plus_months(months).expect("a day");
            let late = draft(&terms, (code, "vat"), &now, Days::month_of(last));
            prop_assert!(late.unpriced.is_empty());
            let mut lines = Vec::new();
            for n in 0..=months {
                let made = draft(&terms, (code, "vat"), &now, Days::month_of(start.plus_months(n).expect("a day")));
                prop_assert_eq!(made.lines.iter().map(|l| l.net).sum::<Amount>(), made.bill.net);
                prop_assert!(made.lines.iter().all(|l| !l.net.is_negative()));
                for each in &mut now {
                    if let Some(until) = made.charged_until.get(&each.payable.id) { each.charged_until = *until; }
                }
                lines.extend(made.lines);
            }
            lines.sort_by_key(|l| (l.workspace, l.days.from));
            let mut expected = late.lines.clone();
            expected.sort_by_key(|l| (l.workspace, l.days.from));
            prop_assert_eq!(&lines, &expected);
            for each in &now {
                let of: Vec<Days> = lines.iter().filter(|l| l.workspace == each.payable.id).map(|l| l.days).collect();
                prop_assert_eq!(find_overlap(&of, each.charged_until), None);
                prop_assert!(of.windows(2).all(|pair| pair[0].until == pair[1].from));
                prop_assert_eq!(of.last().map_or(each.charged_until, |days| days.until), each.charged_until);
            }
        }
    }
}
