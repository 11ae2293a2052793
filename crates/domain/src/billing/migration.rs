//! Whether a workspace's billing may migrate, and what keeps it from that.

use std::collections::BTreeSet;

use super::preview::{AccountKey, Payer, account_key};
use super::terms::{CountPeople, NoPrice, Terms};
use crate::day::Day;
use crate::id::{AccountId, LinkId, OrganizationId};
use crate::money::Currency;
use crate::words;
use crate::workspace::{BillingCycle, SubscriptionPlan};

words! {
    /// What keeps billing from migrating. A link, holds and dates are looked at before.
    "blocker" Blocker {
        /// A bill of the time before is not paid.
        OpenInvoice = "open_invoice",
        /// Nobody would administer the account.
        NoBillingContact = "no_billing_contact",
        /// Whoever sells it on has not agreed.
        ResellerMustConsent = "reseller_must_consent",
        /// The price list has nothing for it.
        NoPrice = "no_price",
        /// People are counted once over all workspaces of a payer, which takes one cycle: by the month.
        CycleMismatch = "cycle_mismatch",
    }
}

impl Blocker {
    #[must_use]
    pub const fn detail(self) -> &'static str {
        match self {
            Self::OpenInvoice => "A bill of it is not paid yet.",
            Self::NoBillingContact => "It has no billing contact, so that nobody would administer the billing account.",
            Self::ResellerMustConsent => {
                "Its reseller has not agreed that the organization's account pays from then on."
            }
            Self::NoPrice => "The price list has no price for its plan, currency and number of people.",
            Self::CycleMismatch => {
                "It is billed annually, and people in several workspaces are counted once, which is done by the month."
            }
        }
    }

    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::OpenInvoice => "Pay it; the operator then imports it as paid.",
            Self::NoBillingContact => "Name a billing contact in the settings of the workspace.",
            Self::ResellerMustConsent => "Ask the reseller to agree on the workspace's billing page.",
            Self::NoPrice => "Add the price to the catalog, or change the workspace's plan.",
            Self::CycleMismatch => "Change its billing to monthly when its paid year ends.",
        }
    }

    #[must_use]
    pub const fn who(self) -> &'static str {
        match self {
            Self::OpenInvoice => "the workspace's billing contacts",
            Self::NoBillingContact | Self::CycleMismatch => "a workspace admin",
            Self::ResellerMustConsent => "the reseller",
            Self::NoPrice => "the operator",
        }
    }
}

/// What is looked at: a linked workspace whose billing has not migrated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillingFacts {
    pub link: LinkId,
    pub organization: OrganizationId,
    pub cycle: BillingCycle,
    pub currency: Currency,
    pub tax: String,
    pub paid_until: Option<Day>,
    pub payer: Payer,
    pub reseller_agreed: bool,
    pub technical_contacts: BTreeSet<AccountId>,
    pub open_invoices: i64,
    pub people: u32,
}

impl BillingFacts {
    /// The billing account that it comes to.
    #[must_use]
    pub fn account_key(&self) -> AccountKey {
        account_key(&self.payer, self.currency, &self.tax)
    }

    /// Everything that keeps it from migrating, in a fixed order.
    #[must_use]
    pub fn blockers(&self, plan: SubscriptionPlan, terms: &Terms, on: Day) -> Vec<Blocker> {
        let price: Result<_, NoPrice> = terms.price(plan, self.currency, self.cycle, on, self.people);
        let found = [
            (self.open_invoices > 0, Blocker::OpenInvoice),
            (self.payer.contacts.is_empty(), Blocker::NoBillingContact),
            (self.payer.reseller.is_some() && !self.reseller_agreed, Blocker::ResellerMustConsent),
            (price.is_err(), Blocker::NoPrice),
            (terms.count_people == CountPeople::Once && self.cycle == BillingCycle::Annual, Blocker::CycleMismatch),
        ];
        found.into_iter().filter_map(|(is_so, blocker)| is_so.then_some(blocker)).collect()
    }

    /// From which day on the organization pays: where all is paid, and never before the day itself.
    #[must_use]
    pub fn charged_from(&self, on: Day) -> Day {
        self.paid_until.map_or(on, |day| day.max(on))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::terms::tests::terms;
    use super::*;

    #[test]
    fn every_blocker_is_found_and_each_says_what_to_do() {
        let on: Day = "2026-06-01".parse().expect("a day");
        let account = AccountId(Uuid::from_u128(1));
        let fine = BillingFacts {
            link: LinkId(Uuid::from_u128(2)),
            organization: OrganizationId(Uuid::from_u128(3)),
            cycle: BillingCycle::Monthly,
            currency: terms().currency,
            tax: "none".to_owned(),
            paid_until: None,
            payer: Payer { contacts: [account].into(), reseller: None },
            reseller_agreed: false,
            technical_contacts: BTreeSet::new(),
            open_invoices: 0,
            people: 6,
        };
        assert_eq!(fine.blockers(SubscriptionPlan::Standard, &terms(), on), []);
        let mut bad = BillingFacts {
            open_invoices: 1,
            payer: Payer { contacts: BTreeSet::new(), reseller: Some(account) },
            cycle: BillingCycle::Annual,
            ..fine.clone()
        };
        let once = Terms { count_people: CountPeople::Once, ..terms() };
        assert_eq!(bad.blockers(SubscriptionPlan::Free, &once, on), Blocker::ALL);
        bad.reseller_agreed = true;
        assert!(!bad.blockers(SubscriptionPlan::Free, &once, on).contains(&Blocker::ResellerMustConsent));
        assert_eq!(fine.charged_from(on), on);
        let paid = BillingFacts { paid_until: on.plus(20), ..fine };
        assert_eq!(Some(paid.charged_from(on)), on.plus(20));
    }
}
