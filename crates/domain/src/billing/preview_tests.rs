//! Before and after, on cases and on whatever there can be.

use proptest::prelude::*;
use uuid::Uuid;

use super::preview::*;
use super::terms::tests::{amount, terms};
use super::terms::{CountPeople, NoPrice, Terms};
use crate::day::Day;
use crate::id::{AccountId, WorkspaceId};
use crate::money::Amount;
use crate::workspace::{BillingCycle, SubscriptionPlan};

fn person(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(n))
}

fn workspace(n: u128, plan: SubscriptionPlan, people: impl IntoIterator<Item = u128>, payer: u128) -> Payable {
    Payable {
        id: WorkspaceId(Uuid::from_u128(n)),
        slug: format!("w{n:02}"),
        plan,
        cycle: BillingCycle::Monthly,
        currency: terms().currency,
        tax: "vat".to_owned(),
        people: people.into_iter().map(person).collect(),
        paid_until: None,
        payer: Payer { contacts: [person(1000 + payer)].into(), reseller: None },
    }
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

#[test]
fn three_isolated_workspaces_cost_the_same_after_it_and_come_on_one_bill() {
    let three = [
        workspace(1, SubscriptionPlan::Standard, 0..40, 0),
        workspace(2, SubscriptionPlan::Premium, 40..54, 0),
        workspace(3, SubscriptionPlan::Standard, 54..58, 0),
    ];
    let found = preview(&terms(), &three, day("2026-04-20"));
    let amounts: Vec<String> = found.workspaces.iter().map(|w| w.after.clone().expect("a price").to_string()).collect();
    assert_eq!(amounts, ["132.00", "92.40", "16.50"]);
    assert!(found.workspaces.iter().all(|w| w.after == w.today));
    let [payer] = found.payers.as_slice() else { panic!("one payer") };
    assert_eq!((payer.seats, payer.distinct_people), (58, 58));
    let bill = payer.after[&BillingCycle::Monthly];
    assert_eq!((bill.net, bill.tax, bill.total()), (amount("240.90"), amount("45.77"), amount("286.67")));
    assert_eq!(found.totals[0].today, amount("2890.80"));
    assert_eq!(found.workspaces[0].first.expect("charged").amount.to_string(), "48.40");
}

#[test]
fn counted_once_a_person_has_the_dearest_of_their_plans_and_no_other() {
    let terms = Terms { count_people: CountPeople::Once, ..terms() };
    let both = [
        workspace(1, SubscriptionPlan::Standard, 0..10, 0),
        workspace(2, SubscriptionPlan::Premium, 4..14, 0),
        workspace(3, SubscriptionPlan::Standard, 0..8, 0),
    ];
    let found = preview(&terms, &both, day("2026-04-20"));
    let amounts: Vec<String> = found.workspaces.iter().map(|w| w.after.clone().expect("a price").to_string()).collect();
    // Ten on premium; of the rest four on standard, all of them first met in the first workspace.
    assert_eq!(amounts, ["16.50", "66.00", "0.00"]);
    assert_eq!((found.payers[0].seats, found.payers[0].distinct_people), (28, 14));
}

#[test]
fn what_is_paid_is_not_charged_again() {
    let mut monthly = workspace(1, SubscriptionPlan::Standard, 0..6, 0);
    monthly.paid_until = Some(day("2026-05-17"));
    let mut annual = workspace(2, SubscriptionPlan::Standard, 0..6, 1);
    annual.cycle = BillingCycle::Annual;
    annual.paid_until = Some(day("2027-02-28"));
    let found = preview(&terms(), &[monthly, annual], day("2026-04-20"));
    let firsts: Vec<FirstCharge> = found.workspaces.iter().filter_map(|w| w.first).collect();
    assert_eq!((firsts[0].days.from, firsts[0].days.until), (day("2026-05-17"), day("2026-06-01")));
    assert_eq!(firsts[0].amount.to_string(), "9.58");
    assert_eq!((firsts[1].days.from, firsts[1].days.until), (day("2027-02-28"), day("2028-02-28")));
    assert_eq!(firsts[1].amount.to_string(), "198.00");
}

#[test]
fn what_has_no_price_says_why_and_counts_nothing() {
    let found = preview(&terms(), &[workspace(1, SubscriptionPlan::Free, 0..9, 0)], day("2026-04-20"));
    assert_eq!(found.workspaces[0].today.as_ref().map_err(NoPrice::code), Err("too_many_people"));
    assert!(found.totals[0].after_migration.is_zero());
}

fn any_workspaces() -> impl Strategy<Value = Vec<Payable>> {
    let one = (any::<bool>(), any::<bool>(), proptest::collection::btree_set(0_u128..30, 0..20), 0_u128..3, 0_usize..3);
    proptest::collection::vec(one, 1..8).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(n, (premium, annual, people, payer, currency))| {
                let plan = if premium { SubscriptionPlan::Premium } else { SubscriptionPlan::Standard };
                let mut w = workspace(n as u128, plan, people, payer);
                w.currency = ["USD", "JPY", "KWD"][currency].parse().expect("a currency");
                w.cycle = if annual { BillingCycle::Annual } else { BillingCycle::Monthly };
                w
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn the_order_makes_no_difference_and_parts_add_up(workspaces in any_workspaces(), once: bool, turn in 0_usize..8) {
        let count_people = if once { CountPeople::Once } else { CountPeople::PerWorkspace };
        let terms = Terms { count_people, ..terms() };
        let found = preview(&terms, &workspaces, day("2026-04-20"));
        let mut turned = workspaces.clone();
        turned.rotate_left(turn % workspaces.len());
        prop_assert_eq!(&preview(&terms, &turned, day("2026-04-20")), &found);
        for payer in &found.payers {
            for (cycle, bill) in &payer.after {
                let of_bill = found.workspaces.iter().filter(|w| payer.workspaces.contains(&w.slug) && w.cycle == *cycle);
                let net: Amount = of_bill.filter_map(|w| w.after.clone().ok()).sum();
                prop_assert_eq!(net, bill.net);
                prop_assert_eq!(bill.total() - bill.tax, bill.net);
            }
        }
        for w in &found.workspaces {
            prop_assert!(!w.after.clone().unwrap_or_default().is_negative());
            prop_assert!(!w.first.is_some_and(|first| first.amount.is_negative()));
            if !once {
                prop_assert_eq!(&w.after, &w.today);
            }
        }
        for total in &found.totals {
            prop_assert_eq!(total.after_link, total.today);
        }
    }

    #[test]
    fn counted_once_nobody_pays_more(people in proptest::collection::vec(proptest::collection::btree_set(0_u128..30, 1..20), 1..6)) {
        let of = |count_people| {
            let all: Vec<Payable> = people.iter().enumerate()
                .map(|(n, people)| workspace(n as u128, SubscriptionPlan::Standard, people.iter().copied(), 0)).collect();
            preview(&Terms { count_people, ..terms() }, &all, day("2026-04-20")).totals[0].after_migration
        };
        prop_assert!(of(CountPeople::Once) <= of(CountPeople::PerWorkspace));
    }
}
