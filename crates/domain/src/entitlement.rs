//! What a link unlocks: features, and the conditions each waits for.

use serde::Deserialize;

use crate::clock::Timestamp;
use crate::words;
use crate::workspace::{BillingCycle, Kind, SubscriptionPlan, Workspace};

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
    /// Who turns that switch: the catalog says it once, of the switch.
    #[serde(skip)]
    pub switch_turned_by: TurnedBy,
}

/// A switch of an organization, as the catalog describes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    pub title: String,
    /// What it means that it is on, for whoever is to turn it.
    pub detail: String,
    #[serde(default)]
    pub turned_by: TurnedBy,
}

words! {
    /// Who turns a switch.
    "who turns a switch" TurnedBy { OrganizationAdmin = "organization_admin", Operator = "operator" }
}

#[expect(clippy::derivable_impls, reason = "the macro that makes the enum derives no default")]
impl Default for TurnedBy {
    fn default() -> Self {
        Self::OrganizationAdmin
    }
}

/// How a switch of an organization stands. One that nobody ever turned is off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwitchState {
    pub name: String,
    pub is_on: bool,
    pub since: Timestamp,
}

/// What a feature's conditions look at.
#[derive(Debug, Clone)]
pub struct FeatureFacts {
    /// The last that it has reached.
    pub stage: Stage,
    pub kind: Kind,
    pub plan: SubscriptionPlan,
    pub billing_cycle: BillingCycle,
    /// The switches of the organization it is linked to.
    pub switches: Vec<SwitchState>,
    pub since: Since,
}

/// When each of the facts came to be as it is, where that is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Since {
    /// Linked, or not linked.
    pub link: Option<Timestamp>,
    /// The stages after the link come in any order; each is reached when it has its moment.
    pub billing_migrated: Option<Timestamp>,
    pub users_migrated: Option<Timestamp>,
    pub kind: Option<Timestamp>,
    pub plan: Option<Timestamp>,
    pub billing_cycle: Option<Timestamp>,
}

impl FeatureFacts {
    /// Of a workspace as it would be: since when is not said.
    #[must_use]
    pub fn supposing(workspace: &Workspace, stage: Stage, switches: &[SwitchState]) -> Self {
        Self {
            stage,
            kind: workspace.kind,
            plan: workspace.plan,
            billing_cycle: workspace.billing_cycle,
            switches: if stage == Stage::Unlinked { Vec::new() } else { switches.to_vec() },
            since: Since::default(),
        }
    }
}

impl Feature {
    /// Whether every condition holds.
    #[must_use]
    pub fn is_unlocked(&self, facts: &FeatureFacts) -> bool {
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
    /// A switch of the organization, by whoever turns it.
    Switch(TurnedBy),
}

/// One condition of a feature, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    pub code: ConditionCode,
    pub is_met: bool,
    /// What must be so, in a sentence.
    pub detail: String,
    /// When what it looks at came to be as it is, where that is known.
    pub since: Option<Timestamp>,
    /// What makes it so, in a sentence; who does that says [`ConditionCode::who`].
    pub remedy: String,
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
            Self::Switch(_) => "organization_switch",
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
            Self::Switch(TurnedBy::OrganizationAdmin) => "An organization admin.",
            Self::Switch(TurnedBy::Operator) => "An operator of this installation.",
        }
    }
}

impl Feature {
    /// Every condition, in the order in which it is best met.
    #[must_use]
    pub fn conditions(&self, facts: &FeatureFacts) -> Vec<Condition> {
        let (since, mut all) = (facts.since, Vec::with_capacity(5));
        let mut add = |code, is_met, since, detail: String, remedy: String| {
            all.push(Condition { code, is_met, detail, since, remedy });
        };
        if let Some(kind) = self.kind {
            let remedy = match kind {
                Kind::Team => "Make it a team workspace.",
                Kind::Personal => "No team workspace becomes a personal one: use another workspace.",
            };
            let detail = format!("It is a {kind} workspace.");
            add(ConditionCode::Kind(kind), facts.kind == kind, since.kind, detail, remedy.to_owned());
        }
        if !self.plans.is_empty() {
            let plans: Vec<&str> = self.plans.iter().map(|p| p.as_str()).collect();
            let (plans, is_met) = (plans.join(" or "), self.plans.contains(&facts.plan));
            let remedy = format!("Change its plan to {plans}.");
            add(ConditionCode::Plan, is_met, since.plan, format!("Its plan is {plans}."), remedy);
        }
        if let Some(cycle) = self.billing_cycle {
            let (is_met, remedy) = (facts.billing_cycle == cycle, format!("Change its billing to {cycle}."));
            let detail = format!("Its billing is {cycle}.");
            add(ConditionCode::BillingCycle(cycle), is_met, since.billing_cycle, detail, remedy);
        }
        if self.stage > Stage::Unlinked {
            let (code, is_met) = (ConditionCode::Stage(Stage::Linked), facts.stage >= Stage::Linked);
            let detail = "It is linked to an organization.".to_owned();
            add(code, is_met, since.link, detail, "Link it to an organization.".to_owned());
        }
        if self.stage > Stage::Linked {
            let (reached, detail, remedy) = match self.stage {
                Stage::UsersMigrated => (
                    since.users_migrated,
                    "Its people are managed in the organization.",
                    "Wait for its users to migrate.",
                ),
                _ => {
                    (since.billing_migrated, "It is paid for by the organization.", "Wait for its billing to migrate.")
                }
            };
            let code = ConditionCode::Stage(self.stage);
            add(code, reached.is_some(), reached, detail.to_owned(), remedy.to_owned());
        }
        if let Some(needed) = &self.organization_switch {
            let found = facts.switches.iter().find(|s| s.name == *needed);
            let detail = "Its organization has switched it on.".to_owned();
            let remedy = format!("Turn on the organization's switch {needed}.");
            let code = ConditionCode::Switch(self.switch_turned_by);
            add(code, found.is_some_and(|s| s.is_on), found.map(|s| s.since), detail, remedy);
        }
        all
    }
}

/// The names of the features that are unlocked, in the catalog's order.
#[must_use]
pub fn unlocked(features: &[Feature], facts: &FeatureFacts) -> Vec<String> {
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
            switch_turned_by: TurnedBy::OrganizationAdmin,
        };
        let facts = FeatureFacts {
            stage: Stage::Linked,
            kind: Kind::Team,
            plan: SubscriptionPlan::Standard,
            billing_cycle: BillingCycle::Monthly,
            switches: Vec::new(),
            since: Since::default(),
        };
        assert!(packages.is_unlocked(&facts));
        assert!(!packages.is_unlocked(&FeatureFacts { stage: Stage::Unlinked, ..facts.clone() }));
        assert!(!packages.is_unlocked(&FeatureFacts { billing_cycle: BillingCycle::Annual, ..facts.clone() }));
        assert!(!packages.is_unlocked(&FeatureFacts { plan: SubscriptionPlan::Free, ..facts.clone() }));
        let free = FeatureFacts { stage: Stage::Unlinked, plan: SubscriptionPlan::Free, ..facts };
        let conditions = packages.conditions(&free);
        let failing: Vec<_> = conditions.iter().filter(|c| !c.is_met).map(|c| c.code.as_str()).collect();
        assert_eq!((conditions.len(), failing), (4, vec!["plan", "linked"]));
        assert_eq!(conditions[1].remedy, "Change its plan to standard or premium.");
    }

    #[test]
    fn a_switch_that_nobody_turned_is_off_and_an_unlinked_workspace_has_none() {
        let at = "2026-03-01T00:00:00Z".parse().unwrap();
        let agents = Feature {
            name: "agents".into(),
            title: "Agents".into(),
            stage: Stage::Linked,
            kind: None,
            plans: Vec::new(),
            billing_cycle: None,
            organization_switch: Some("agents".into()),
            switch_turned_by: TurnedBy::Operator,
        };
        let linked = FeatureFacts {
            stage: Stage::Linked,
            kind: Kind::Team,
            plan: SubscriptionPlan::Free,
            billing_cycle: BillingCycle::Monthly,
            switches: Vec::new(),
            since: Since { link: Some(at), ..Since::default() },
        };
        let of = |facts: &FeatureFacts| -> Vec<(bool, Option<Timestamp>)> {
            agents.conditions(facts).iter().map(|c| (c.is_met, c.since)).collect()
        };
        assert_eq!(of(&linked), [(true, Some(at)), (false, None)]);
        let state = |is_on| vec![SwitchState { name: "agents".into(), is_on, since: at }];
        assert_eq!(of(&FeatureFacts { switches: state(true), ..linked.clone() }), [(true, Some(at)), (true, Some(at))]);
        assert_eq!(of(&FeatureFacts { switches: state(false), ..linked }), [(true, Some(at)), (false, Some(at))]);
        assert_eq!(
            agents.conditions(&FeatureFacts {
                stage: Stage::Unlinked,
                kind: Kind::Team,
                plan: SubscriptionPlan::Free,
                billing_cycle: BillingCycle::Monthly,
                switches: Vec::new(),
                since: Since::default(),
            })[1]
                .code
                .who(),
            "An operator of this installation."
        );
    }
}
