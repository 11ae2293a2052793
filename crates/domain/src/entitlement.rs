//! What a link unlocks: features, and the conditions each waits for.

use serde::Deserialize;

use crate::words;
use crate::workspace::{BillingCycle, Kind, SubscriptionPlan};

words! {
    /// Where a workspace stands. Stages *migrate*; organizations *transfer*.
    "stage" Stage {
        Unlinked = "unlinked",
        Linked = "linked",
        BillingMigrated = "billing_migrated",
        UsersMigrated = "users_migrated",
    }
}

/// A feature of the catalog; every condition given must hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    pub name: String,
    pub title: String,
    /// The stage the workspace must have reached.
    pub stage: Stage,
    #[serde(default)]
    pub kind: Option<Kind>,
    #[serde(default)]
    pub plans: Vec<SubscriptionPlan>,
    #[serde(default)]
    pub billing_cycle: Option<BillingCycle>,
    /// A switch of the organization that must be on.
    #[serde(default)]
    pub organization_switch: Option<String>,
}

/// What a feature's conditions look at.
#[derive(Debug, Clone)]
pub struct FeatureFacts<'a> {
    pub stage: Stage,
    pub kind: Kind,
    pub plan: SubscriptionPlan,
    pub billing_cycle: BillingCycle,
    /// The organization's switches that are on.
    pub switches: &'a [String],
}

impl Feature {
    /// Whether every condition holds.
    #[must_use]
    pub fn is_unlocked(&self, facts: &FeatureFacts<'_>) -> bool {
        facts.stage >= self.stage
            && self.kind.is_none_or(|kind| kind == facts.kind)
            && (self.plans.is_empty() || self.plans.contains(&facts.plan))
            && self.billing_cycle.is_none_or(|cycle| cycle == facts.billing_cycle)
            && self.organization_switch.as_ref().is_none_or(|switch| facts.switches.contains(switch))
    }
}

/// The names of the features that are unlocked, in the catalog's order.
#[must_use]
pub fn unlocked(features: &[Feature], facts: &FeatureFacts<'_>) -> Vec<String> {
    features.iter().filter(|f| f.is_unlocked(facts)).map(|f| f.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_of_the_seed_needs_a_link_a_paid_plan_and_monthly_billing() {
        let packages = Feature {
            name: "packages".into(),
            title: "Packages".into(),
            stage: Stage::Linked,
            kind: Some(Kind::Team),
            plans: vec![SubscriptionPlan::Standard, SubscriptionPlan::Premium],
            billing_cycle: Some(BillingCycle::Monthly),
            organization_switch: None,
        };
        let facts = FeatureFacts {
            stage: Stage::Linked,
            kind: Kind::Team,
            plan: SubscriptionPlan::Standard,
            billing_cycle: BillingCycle::Monthly,
            switches: &[],
        };
        assert!(packages.is_unlocked(&facts));
        assert!(!packages.is_unlocked(&FeatureFacts { stage: Stage::Unlinked, ..facts.clone() }));
        assert!(!packages.is_unlocked(&FeatureFacts { billing_cycle: BillingCycle::Annual, ..facts.clone() }));
        assert!(!packages.is_unlocked(&FeatureFacts { plan: SubscriptionPlan::Free, ..facts }));
    }
}
