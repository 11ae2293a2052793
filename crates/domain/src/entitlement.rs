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
        self.conditions(facts).iter().all(|c| c.is_met)
    }
}

/// What a feature waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConditionCode {
    /// A stage that the workspace must have reached.
    Stage(Stage),
    Kind(Kind),
    Plan,
    BillingCycle(BillingCycle),
    OrganizationSwitch,
}

/// One condition of a feature, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    pub code: ConditionCode,
    pub is_met: bool,
    /// What must be so, in a sentence.
    pub detail: String,
}

impl ConditionCode {
    /// Stable; programs may rely on it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stage(Stage::Unlinked) => "known",
            Self::Stage(Stage::Linked) => "linked",
            Self::Stage(Stage::BillingMigrated) => "billing_migrated",
            Self::Stage(Stage::UsersMigrated) => "users_migrated",
            Self::Kind(_) => "kind",
            Self::Plan => "plan",
            Self::BillingCycle(_) => "billing_cycle",
            Self::OrganizationSwitch => "organization_switch",
        }
    }

    /// Who can make it so.
    #[must_use]
    pub const fn who(self) -> &'static str {
        match self {
            Self::Stage(Stage::Unlinked | Stage::Linked) => "Somebody who is workspace admin and organization admin.",
            Self::Stage(Stage::BillingMigrated | Stage::UsersMigrated) => {
                "An organization admin, in a later stage, with its own notice."
            }
            Self::Kind(_) | Self::Plan | Self::BillingCycle(_) => "A workspace admin.",
            Self::OrganizationSwitch => "An organization admin.",
        }
    }
}

impl Feature {
    /// Every condition, in the order in which it is best met.
    #[must_use]
    pub fn conditions(&self, facts: &FeatureFacts<'_>) -> Vec<Condition> {
        let condition = |code, is_met, detail: &str| Condition { code, is_met, detail: detail.to_owned() };
        let mut all = Vec::new();
        if let Some(kind) = self.kind {
            let detail = format!("It is a {kind} workspace.");
            all.push(Condition { code: ConditionCode::Kind(kind), is_met: facts.kind == kind, detail });
        }
        if !self.plans.is_empty() {
            let plans: Vec<&str> = self.plans.iter().map(|p| p.as_str()).collect();
            let detail = format!("Its plan is {}.", plans.join(" or "));
            all.push(Condition { code: ConditionCode::Plan, is_met: self.plans.contains(&facts.plan), detail });
        }
        if let Some(cycle) = self.billing_cycle {
            let detail = format!("Its billing is {cycle}.");
            let is_met = facts.billing_cycle == cycle;
            all.push(Condition { code: ConditionCode::BillingCycle(cycle), is_met, detail });
        }
        if self.stage > Stage::Unlinked {
            let code = ConditionCode::Stage(Stage::Linked);
            all.push(condition(code, facts.stage >= Stage::Linked, "It is linked to an organization."));
        }
        if self.stage > Stage::Linked {
            let detail = match self.stage {
                Stage::UsersMigrated => "Its people are managed in the organization.",
                _ => "It is paid for by the organization.",
            };
            all.push(condition(ConditionCode::Stage(self.stage), facts.stage >= self.stage, detail));
        }
        if let Some(switch) = &self.organization_switch {
            let is_met = facts.switches.contains(switch);
            all.push(condition(ConditionCode::OrganizationSwitch, is_met, "Its organization has switched it on."));
        }
        all
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
        assert!(!packages.is_unlocked(&FeatureFacts { plan: SubscriptionPlan::Free, ..facts.clone() }));
        let free = FeatureFacts { stage: Stage::Unlinked, plan: SubscriptionPlan::Free, ..facts };
        let conditions = packages.conditions(&free);
        let failing: Vec<_> = conditions.iter().filter(|c| !c.is_met).map(|c| c.code.as_str()).collect();
        assert_eq!((conditions.len(), failing), (4, vec!["plan", "linked"]));
    }
}
