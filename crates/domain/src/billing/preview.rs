//! Before and after: what each workspace pays today, after its link (the same) and after its billing has migrated, and what
//! each payer will find on their bill.

use std::collections::{BTreeMap, BTreeSet};

use super::period::{Days, share_of};
use super::terms::{CountPeople, NoPrice, Terms};
use crate::day::Day;
use crate::digest::Digest;
use crate::id::{AccountId, WorkspaceId};
use crate::money::{Amount, Currency, split};
use crate::workspace::{BillingCycle, SubscriptionPlan};

/// A workspace as its bill sees it.
#[derive(Debug, Clone)]
pub struct Payable {
    pub id: WorkspaceId,
    pub slug: String,
    pub plan: SubscriptionPlan,
    pub cycle: BillingCycle,
    pub currency: Currency,
    /// The name of its tax.
    pub tax: String,
    /// Members: everybody in a group or with a direct grant.
    pub people: BTreeSet<AccountId>,
    /// Up to, and without, this day all is paid.
    pub paid_until: Option<Day>,
    pub payer: Payer,
}

/// Who pays: workspaces with the same set of billing contacts and the same reseller have one payer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Payer {
    pub contacts: BTreeSet<AccountId>,
    pub reseller: Option<AccountId>,
}

/// What a billing account is made for, once: a payer, a currency and a tax. Two bills cannot be one when these differ.
pub type AccountKey = Digest;

impl Payable {
    /// The billing account that it would come to.
    #[must_use]
    pub fn account_key(&self) -> AccountKey {
        account_key(&self.payer, self.currency, &self.tax)
    }
}

/// The one billing account of an organization for these.
#[must_use]
pub fn account_key(payer: &Payer, currency: Currency, tax: &str) -> AccountKey {
    let mut bytes = format!("orglink-billing-account-v1\n{currency} {tax}\n").into_bytes();
    payer.contacts.iter().for_each(|id| bytes.extend_from_slice(id.0.as_bytes()));
    bytes.push(b'\n');
    payer.reseller.iter().for_each(|id| bytes.extend_from_slice(id.0.as_bytes()));
    Digest::of(&[&bytes])
}

/// The first thing that is charged after the migration: from where all is paid, so that nothing is charged twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstCharge {
    pub days: Days,
    pub amount: Amount,
}

/// One workspace, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspacePreview {
    pub id: WorkspaceId,
    pub slug: String,
    pub plan: SubscriptionPlan,
    pub cycle: BillingCycle,
    pub currency: Currency,
    pub people: u32,
    /// For one period of its cycle.
    pub today: Result<Amount, NoPrice>,
    /// Its share, for one period, of what its payer is charged.
    pub after: Result<Amount, NoPrice>,
    pub first: Option<FirstCharge>,
    pub paid_until: Option<Day>,
}

/// A net sum with its tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bill {
    pub net: Amount,
    pub tax: Amount,
}

impl Bill {
    #[must_use]
    pub fn total(self) -> Amount {
        self.net + self.tax
    }
}

/// What one payer is charged, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayerPreview {
    pub key: AccountKey,
    pub payer: Payer,
    pub currency: Currency,
    pub tax: String,
    /// By slug.
    pub workspaces: Vec<String>,
    /// Everybody in each workspace, and everybody once.
    pub seats: u32,
    pub distinct_people: u32,
    /// By cycle, what a period costs; only cycles that occur.
    pub today: BTreeMap<BillingCycle, Bill>,
    pub after: BTreeMap<BillingCycle, Bill>,
}

/// Everything of one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    pub currency: Currency,
    /// Net, for twelve months: twelve times what is paid monthly, and what is paid annually.
    pub today: Amount,
    pub after_link: Amount,
    pub after_migration: Amount,
}

/// Before and after, of a set of workspaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    pub on: Day,
    pub workspaces: Vec<WorkspacePreview>,
    pub payers: Vec<PayerPreview>,
    pub totals: Vec<Total>,
}

/// Compares, as of a day. The order in which the workspaces are given makes no difference.
#[must_use]
pub fn preview(terms: &Terms, workspaces: &[Payable], on: Day) -> Preview {
    let mut accounts: BTreeMap<AccountKey, Vec<&Payable>> = BTreeMap::new();
    for workspace in workspaces {
        accounts.entry(workspace.account_key()).or_default().push(workspace);
    }
    let (mut each, mut payers) = (Vec::with_capacity(workspaces.len()), Vec::with_capacity(accounts.len()));
    for (key, mut of_account) in accounts {
        of_account.sort_by(|a, b| a.slug.cmp(&b.slug));
        let after = charge(terms, &of_account, on);
        let first_lines = each.len();
        for (workspace, after) in of_account.iter().zip(after) {
            each.push(preview_one(terms, workspace, after, on));
        }
        if let (Some(first), Some(lines)) = (of_account.first(), each.get(first_lines..)) {
            payers.push(preview_payer(terms, key, first, &of_account, lines));
        }
    }
    each.sort_by(|a, b| a.slug.cmp(&b.slug));
    payers.sort_by(|a, b| a.workspaces.cmp(&b.workspaces));
    let currencies: BTreeSet<Currency> = each.iter().map(|w| w.currency).collect();
    let totals = currencies.into_iter().map(|currency| total(&each, currency)).collect();
    Preview { on, workspaces: each, payers, totals }
}

fn count(people: &BTreeSet<AccountId>) -> u32 {
    u32::try_from(people.len()).unwrap_or(u32::MAX)
}

/// What each workspace of one account costs for a period, after the migration.
pub fn charge(terms: &Terms, of_account: &[&Payable], on: Day) -> Vec<Result<Amount, NoPrice>> {
    match terms.count_people {
        CountPeople::PerWorkspace => of_account.iter().map(|w| today(terms, w, on)).collect(),
        CountPeople::Once => charge_once(terms, of_account, on),
    }
}

fn today(terms: &Terms, w: &Payable, on: Day) -> Result<Amount, NoPrice> {
    terms.price(w.plan, w.currency, w.cycle, on, count(&w.people))
}

/// Everybody once, on the dearest of their plans, in the first workspace (by slug) where they have it; what all on one plan
/// and cycle cost together is split by how many people each workspace brings.
fn charge_once(terms: &Terms, of_account: &[&Payable], on: Day) -> Vec<Result<Amount, NoPrice>> {
    let mut seats = vec![0_u32; of_account.len()];
    let mut order: Vec<usize> = (0..of_account.len()).collect();
    // Plans grow dearer in their fixed order. Cycles are separate bills, and a person in both has a seat in each.
    order.sort_by_key(|place| of_account.get(*place).map(|w| (std::cmp::Reverse(w.plan), *place)));
    let mut seated: BTreeSet<(BillingCycle, AccountId)> = BTreeSet::new();
    for place in order {
        let Some((w, seat)) = of_account.get(place).zip(seats.get_mut(place)) else { continue };
        for person in &w.people {
            *seat += u32::from(seated.insert((w.cycle, *person)));
        }
    }
    let mut bills: BTreeMap<(BillingCycle, SubscriptionPlan), Vec<usize>> = BTreeMap::new();
    for (place, w) in of_account.iter().enumerate() {
        bills.entry((w.cycle, w.plan)).or_default().push(place);
    }
    let mut all: Vec<Result<Amount, NoPrice>> = vec![Ok(Amount::ZERO); of_account.len()];
    for ((cycle, plan), places) in bills {
        let Some(currency) = of_account.first().map(|w| w.currency) else { continue };
        let weights: Vec<u32> = places.iter().filter_map(|place| seats.get(*place).copied()).collect();
        let people = weights.iter().fold(0_u32, |sum, w| sum.saturating_add(*w));
        let shares: Vec<Result<Amount, NoPrice>> = match terms.price(plan, currency, cycle, on, people) {
            Ok(price) => split(price, &weights, terms.decimals(currency)).into_iter().map(Ok).collect(),
            Err(e) => vec![Err(e); weights.len()],
        };
        for (place, share) in places.into_iter().zip(shares) {
            if let Some(slot) = all.get_mut(place) {
                *slot = share;
            }
        }
    }
    all
}

fn preview_one(terms: &Terms, w: &Payable, after: Result<Amount, NoPrice>, on: Day) -> WorkspacePreview {
    let decimals = terms.decimals(w.currency);
    let from = w.paid_until.map_or(on, |day| day.max(on));
    let first = after.as_ref().ok().and_then(|price| first_charge(*price, w.cycle, from, decimals));
    WorkspacePreview {
        id: w.id,
        slug: w.slug.clone(),
        plan: w.plan,
        cycle: w.cycle,
        currency: w.currency,
        people: count(&w.people),
        today: today(terms, w, on),
        after,
        first,
        paid_until: w.paid_until,
    }
}

/// Monthly ones join the calendar's months by a first part of one; annual ones keep their own year.
#[must_use]
pub fn first_charge(price: Amount, cycle: BillingCycle, from: Day, decimals: u32) -> Option<FirstCharge> {
    let days = match cycle {
        BillingCycle::Monthly => Days { from, until: Days::month_of(from).until },
        BillingCycle::Annual => Days { from, until: from.plus_months(12)? },
    };
    let amount = match cycle {
        BillingCycle::Monthly => share_of(price, days, Days::month_of(from), decimals),
        BillingCycle::Annual => price,
    };
    Some(FirstCharge { days, amount })
}

fn preview_payer(
    terms: &Terms,
    key: AccountKey,
    first: &Payable,
    of_account: &[&Payable],
    lines: &[WorkspacePreview],
) -> PayerPreview {
    let bills = |amount: fn(&WorkspacePreview) -> &Result<Amount, NoPrice>| {
        let mut nets: BTreeMap<BillingCycle, Amount> = BTreeMap::new();
        for line in lines {
            let net = nets.entry(line.cycle).or_default();
            *net = *net + amount(line).clone().unwrap_or(Amount::ZERO);
        }
        let bill = |net| Bill { net, tax: terms.tax_on(net, &first.tax, first.currency) };
        nets.into_iter().map(|(cycle, net)| (cycle, bill(net))).collect()
    };
    let distinct: BTreeSet<AccountId> = of_account.iter().flat_map(|w| w.people.iter().copied()).collect();
    PayerPreview {
        key,
        payer: first.payer.clone(),
        currency: first.currency,
        tax: first.tax.clone(),
        workspaces: of_account.iter().map(|w| w.slug.clone()).collect(),
        seats: of_account.iter().map(|w| count(&w.people)).fold(0, u32::saturating_add),
        distinct_people: count(&distinct),
        today: bills(|line| &line.today),
        after: bills(|line| &line.after),
    }
}

fn total(lines: &[WorkspacePreview], currency: Currency) -> Total {
    let yearly = |amount: fn(&WorkspacePreview) -> &Result<Amount, NoPrice>| {
        let of_currency = lines.iter().filter(|line| line.currency == currency);
        of_currency
            .filter_map(|line| {
                let period = amount(line).as_ref().ok()?;
                Some(period.times(if line.cycle == BillingCycle::Monthly { 12 } else { 1 }))
            })
            .sum::<Amount>()
    };
    let today = yearly(|line| &line.today);
    Total { currency, today, after_link: today, after_migration: yearly(|line| &line.after) }
}
