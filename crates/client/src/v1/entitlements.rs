//! What a workspace may use, and what each feature waits for.

use serde::{Deserialize, Serialize};

use crate::words::words;
use crate::{Client, Error, List, segment};

words! {
    /// What a condition looks at.
    ConditionCode {
        Kind = "kind",
        Plan = "plan",
        BillingCycle = "billing_cycle",
        Linked = "linked",
        BillingMigrated = "billing_migrated",
        UsersMigrated = "users_migrated",
        OrganizationSwitch = "organization_switch",
    }
}

/// Whether a workspace may use a feature of the catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entitlement {
    pub feature: String,
    pub title: String,
    /// Every condition holds.
    pub entitled: bool,
    pub conditions: Vec<Condition>,
}

/// A condition of a feature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Condition {
    pub code: ConditionCode,
    pub holds: bool,
    pub detail: String,
    /// When what it looks at came to be as it is; none when it was never otherwise.
    pub since: Option<String>,
    /// What makes it so.
    pub remedy: String,
    /// Who can make it so.
    pub who: String,
    /// What the owner of the token can do about it.
    pub steps: Vec<Step>,
}

/// A next step, and the page where it is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Step {
    pub label: String,
    pub url: String,
}

impl Entitlement {
    /// What it waits for.
    pub fn failing(&self) -> impl Iterator<Item = &Condition> {
        self.conditions.iter().filter(|condition| !condition.holds)
    }
}

impl Client {
    /// What a workspace (slug or id) may use: every feature with its conditions.
    pub fn list_entitlements(&self, workspace: &str) -> List<Entitlement> {
        self.list(&format!("/workspaces/{}/entitlements", segment(workspace)))
    }

    /// Whether a workspace may use one feature, with every condition.
    pub async fn explain_entitlement(&self, workspace: &str, feature: &str) -> Result<Entitlement, Error> {
        self.get(&format!("/workspaces/{}/entitlements/{}", segment(workspace), segment(feature))).await
    }
}
