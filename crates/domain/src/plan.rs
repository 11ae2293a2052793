//! The link plan: exactly what linking would do, with a digest that says whether that is still so.
//!
//! The plan's document holds the **material** facts: what a person decides on. Its digest is the SHA-256 of
//! its canonical JSON (RFC 8785). Nothing in it derives from the current time, and nobody in particular is its
//! author, so that the same state always gives the same digest and two people can consent to the same one.
//! Ordinary members and repositories are *informational*: counted beside the document, listed when they change,
//! never a reason to refuse (else no busy workspace could ever be linked).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::catalog::Catalog;
use crate::clock::Timestamp;
use crate::digest::{Digest, canonical_json};
use crate::eligibility::{Eligibility, ReasonCode};
use crate::entitlement::{FeatureFacts, Stage, SwitchState, unlocked};
use crate::id::{AccountId, LinkId};
use crate::link::{Act, Link, LinkPolicy};
use crate::organization::Organization;
use crate::words;
use crate::workspace::{UserGroup, Workspace};

/// For how long a plan may be applied after it was made, if nothing changed: a day.
pub const PLAN_VALIDITY_SECONDS: i64 = 24 * 60 * 60;

words! {
    /// Something a person must acknowledge by name before linking.
    "warning" Warning {
        /// The link cannot be undone or moved by an admin.
        LinkIsPermanent = "link_is_permanent",
        /// The link cannot be undone by an admin; the workspace can be moved, when all sides agree.
        LinkCanOnlyBeMoved = "link_can_only_be_moved",
        /// People and permissions stay managed in the workspace.
        PeopleStayInWorkspace = "people_stay_in_workspace",
        /// Users cannot migrate into this organization until it has centralized user management.
        UsersCannotMigrateYet = "users_cannot_migrate_yet",
        /// Nobody but one person administers the organization.
        SingleOrganizationAdmin = "single_organization_admin",
        /// Another organization of the one who links has clearly more to do with the workspace. No part of a plan, which
        /// is nobody's in particular: found for whoever looks at it.
        WrongOrganization = "wrong_organization",
    }
}

impl Warning {
    /// What it means, in the words every surface uses.
    #[must_use]
    pub const fn detail(self) -> &'static str {
        match self {
            Self::LinkIsPermanent => "No admin can undo it or move the workspace to another organization.",
            Self::LinkCanOnlyBeMoved => {
                "No admin can undo it. It can be moved to another organization only when admins of the workspace and of both organizations agree."
            }
            Self::PeopleStayInWorkspace => {
                "Linking only. People, groups and permissions stay managed in the workspace, and nobody gains or loses access. Billing and user management move later, each with its own notice."
            }
            Self::UsersCannotMigrateYet => {
                "The organization still has separate user management. The workspace's users cannot migrate into it until that changes."
            }
            Self::SingleOrganizationAdmin => {
                "The organization has a single admin. If that person leaves, nobody can administer it."
            }
            Self::WrongOrganization => {
                "Another organization that you administer has clearly more to do with this workspace. Look at what speaks for each before you link."
            }
        }
    }

    /// A few words for a heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::LinkIsPermanent => "The link is permanent",
            Self::LinkCanOnlyBeMoved => "The link can only be moved",
            Self::PeopleStayInWorkspace => "People stay managed in the workspace",
            Self::UsersCannotMigrateYet => "Users cannot migrate yet",
            Self::SingleOrganizationAdmin => "A single organization admin",
            Self::WrongOrganization => "This looks like the wrong organization",
        }
    }
}

/// A group with the members that matter: all of them when it administers the workspace, none otherwise.
#[derive(Debug, Clone)]
pub struct PlannedGroup {
    pub group: UserGroup,
    pub admin_members: Vec<AccountId>,
}

/// The organization that a workspace leaves.
#[derive(Debug, Clone)]
pub struct PlannedSource {
    pub link: LinkId,
    pub organization: Organization,
    pub admins: Vec<AccountId>,
    pub switches: Vec<SwitchState>,
}

/// Everything a plan is made of, read at one moment.
#[derive(Debug, Clone)]
pub struct PlanFacts {
    pub workspace: Workspace,
    pub organization: Organization,
    pub organization_admins: Vec<AccountId>,
    /// The switches of the organization.
    pub switches: Vec<SwitchState>,
    pub groups: Vec<PlannedGroup>,
    pub labels: Vec<String>,
    pub eligibility: Eligibility,
    pub policy: LinkPolicy,
    /// Where it is linked now, when it is to be moved.
    pub source: Option<PlannedSource>,
    /// Counts that are shown beside the plan.
    pub summary: Summary,
}

/// The informational side of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub members: i64,
    pub user_groups: i64,
    pub repositories: i64,
}

/// The immutable answer to "what exactly would linking do?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The material facts, as the digest covers them.
    pub document: Value,
    pub digest: Digest,
    pub warnings: Vec<Warning>,
    pub eligibility: Eligibility,
    pub summary: Summary,
}

impl Plan {
    /// Makes the plan of these facts.
    ///
    /// # Errors
    /// Never in practice: the document holds only strings, lists and maps.
    pub fn new(facts: &PlanFacts, catalog: &Catalog) -> Result<Self, serde_json::Error> {
        let warnings = warnings(facts);
        let document = document(facts, &warnings, catalog);
        let digest = Digest::of(&[&canonical_json(&document)?]);
        Ok(Self { document, digest, warnings, eligibility: facts.eligibility.clone(), summary: facts.summary.clone() })
    }
}

fn warnings(facts: &PlanFacts) -> Vec<Warning> {
    let codes = &facts.eligibility.reasons;
    let original = codes.iter().any(|r| r.code == ReasonCode::OrganizationOriginalUserManagement);
    [
        (facts.policy.is_permanent(), Warning::LinkIsPermanent),
        (facts.policy.undo_window_seconds == 0 && facts.policy.transfer, Warning::LinkCanOnlyBeMoved),
        (true, Warning::PeopleStayInWorkspace),
        (original, Warning::UsersCannotMigrateYet),
        (facts.organization_admins.len() == 1, Warning::SingleOrganizationAdmin),
    ]
    .into_iter()
    .filter_map(|(applies, warning)| applies.then_some(warning))
    .collect()
}

fn document(facts: &PlanFacts, warnings: &[Warning], catalog: &Catalog) -> Value {
    let (w, o) = (&facts.workspace, &facts.organization);
    let groups: BTreeMap<&str, Value> = facts.groups.iter().map(|g| (g.group.slug.as_str(), group(g))).collect();
    let admins: BTreeSet<String> =
        facts.groups.iter().flat_map(|g| &g.admin_members).map(ToString::to_string).collect();
    let organization_admins: BTreeSet<String> = facts.organization_admins.iter().map(ToString::to_string).collect();
    let mut labels = facts.labels.clone();
    labels.sort_unstable();
    let before = match &facts.source {
        Some(source) => FeatureFacts::supposing(w, Stage::Linked, &source.switches),
        None => FeatureFacts::supposing(w, Stage::Unlinked, &[]),
    };
    let after = FeatureFacts::supposing(w, Stage::Linked, &facts.switches);
    let mut document = json!({
        "format": "orglink-plan-v1",
        "action": "link",
        "workspace": {
            "id": w.id, "slug": w.slug, "name": w.name, "app": w.app, "kind": w.kind, "status": w.status,
            "holds": w.holds(), "labels": labels, "admins": admins, "user_groups": groups,
        },
        "organization": {
            "id": o.id, "slug": o.slug, "name": o.name, "user_management": o.user_management,
            "identity_provider": o.identity_provider, "admins": organization_admins,
        },
        "subscription": { "plan": w.plan, "billing_cycle": w.billing_cycle },
        "billing": { "now": "unchanged", "payer_now": "the workspace", "later": "own plan, own notice" },
        "access": { "now": "unchanged" },
        "entitlements": entitlements(catalog, &before, &after),
        "apps_listed": [catalog.app_title(&w.app)],
        "blockers": facts.eligibility.blocking().map(|r| r.code).collect::<Vec<_>>(),
        "warnings": warnings,
        "policy": policy(facts.policy),
        "dates": catalog.dates,
    });
    if let (Some(source), Some(map)) = (&facts.source, document.as_object_mut()) {
        let admins: BTreeSet<String> = source.admins.iter().map(ToString::to_string).collect();
        let o = &source.organization;
        map.insert("action".into(), json!("transfer"));
        map.insert("link".into(), json!({ "id": source.link }));
        map.insert("source".into(), json!({ "id": o.id, "slug": o.slug, "name": o.name, "admins": admins }));
    }
    document
}

/// What a workspace may use before and after.
fn entitlements(catalog: &Catalog, before: &FeatureFacts, after: &FeatureFacts) -> Value {
    json!({ "before": unlocked(&catalog.features, before), "after": unlocked(&catalog.features, after) })
}

fn policy(policy: LinkPolicy) -> Value {
    let mut value = json!({ "consent": policy.consent, "undo_window_seconds": policy.undo_window_seconds.to_string() });
    // Said where it is so: plans of other installations are as they always were.
    if let (true, Some(map)) = (policy.transfer, value.as_object_mut()) {
        map.insert("transfer".into(), json!(true));
    }
    value
}

/// Everything that the plan of taking a link back is made of.
#[derive(Debug, Clone, Copy)]
pub struct UndoFacts<'a> {
    /// `Undo`, or `Unlink` by operators.
    pub act: Act,
    pub workspace: &'a Workspace,
    pub organization: &'a Organization,
    pub link: &'a Link,
    /// The switches of the organization.
    pub switches: &'a [SwitchState],
    /// Until when it can be undone; none where operators end it.
    pub until: Option<Timestamp>,
    /// A campaign made the organization for this link, and nobody needs it without.
    pub deletes_organization: bool,
}

/// What taking a link back would do: the document and its digest, as for a link.
///
/// # Errors
/// Never in practice: the document holds only strings, lists and maps.
pub fn undo_plan(facts: &UndoFacts<'_>, catalog: &Catalog) -> Result<(Value, Digest), serde_json::Error> {
    let (w, o) = (facts.workspace, facts.organization);
    let before = FeatureFacts::supposing(w, Stage::Linked, facts.switches);
    let after = FeatureFacts::supposing(w, Stage::Unlinked, &[]);
    let document = json!({
        "format": "orglink-plan-v1",
        "action": facts.act,
        "link": { "id": facts.link.id, "linked_at": facts.link.linked_at, "undo_until": facts.until },
        "workspace": { "id": w.id, "slug": w.slug, "name": w.name, "app": w.app, "kind": w.kind },
        "organization": { "id": o.id, "slug": o.slug, "name": o.name, "is_deleted": facts.deletes_organization },
        "subscription": { "plan": w.plan, "billing_cycle": w.billing_cycle },
        "billing": { "now": "unchanged", "payer_now": "the workspace" },
        "access": { "now": "unchanged" },
        "entitlements": entitlements(catalog, &before, &after),
        "apps_unlisted": [catalog.app_title(&w.app)],
        "policy": policy(facts.link.policy),
    });
    let digest = Digest::of(&[&canonical_json(&document)?]);
    Ok((document, digest))
}

fn group(planned: &PlannedGroup) -> Value {
    let g = &planned.group;
    let members: BTreeSet<String> = planned.admin_members.iter().map(ToString::to_string).collect();
    let mut value = json!({
        "name": g.name, "is_admin": g.is_admin, "is_default": g.is_default,
        "repository_permission": g.repository_permission, "workspace_permissions": g.workspace_permissions,
    });
    if let (true, Some(map)) = (g.is_admin, value.as_object_mut()) {
        map.insert("members".into(), json!(members));
    }
    value
}

/// One difference between two plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Where, as names joined by dots: `workspace.user_groups.developers.repository_permission`.
    pub path: String,
    /// What it was; nothing when it was not there.
    pub before: Option<Value>,
    /// What it is; nothing when it is gone.
    pub after: Option<Value>,
}

/// What differs between two plan documents, in the order of their paths. Lists are compared as sets.
#[must_use]
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", Some(before), Some(after), &mut found);
    found
}

fn compare(path: &str, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Difference>) {
    match (before, after) {
        (Some(Value::Object(b)), Some(Value::Object(a))) => {
            let names: BTreeSet<&String> = b.keys().chain(a.keys()).collect();
            for name in names {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                compare(&path, b.get(name), a.get(name), found);
            }
        }
        (Some(Value::Array(b)), Some(Value::Array(a))) => {
            let gone = b.iter().filter(|v| !a.contains(v)).map(|v| (Some(v), None));
            let new = a.iter().filter(|v| !b.contains(v)).map(|v| (None, Some(v)));
            found.extend(gone.chain(new).map(|(before, after)| Difference {
                path: path.to_owned(),
                before: before.cloned(),
                after: after.cloned(),
            }));
        }
        (b, a) if b == a => {}
        (b, a) => found.push(Difference { path: path.to_owned(), before: b.cloned(), after: a.cloned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_name_the_place_and_compare_lists_as_sets() {
        let before = json!({"g": {"dev": {"perm": "read"}, "old": {"perm": "read"}}, "admins": ["a", "b"]});
        let after = json!({"g": {"dev": {"perm": "write"}}, "admins": ["b", "c"]});
        let found: Vec<String> = differences(&before, &after)
            .into_iter()
            .map(|d| format!("{} {:?} {:?}", d.path, d.before.map(|v| v.to_string()), d.after.map(|v| v.to_string())))
            .collect();
        assert_eq!(
            found,
            [
                "admins Some(\"\\\"a\\\"\") None",
                "admins None Some(\"\\\"c\\\"\")",
                "g.dev.perm Some(\"\\\"read\\\"\") Some(\"\\\"write\\\"\")",
                "g.old Some(\"{\\\"perm\\\":\\\"read\\\"}\") None",
            ]
        );
        assert_eq!(differences(&json!(["a", "b"]), &json!(["b", "a"])), vec![]);
    }
}
