//! The migration of a workspace's users into the directory of its organization.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::proposals::{Agreement, Proposal};
use crate::words::words;
use crate::{Client, Error, segment};

words! {
    /// What is worth knowing before users migrate.
    FindingCode {
        /// The directory has a group of the same name, with other people in it.
        SameName = "same_name",
        SamePerson = "same_person",
        AdminsByGroup = "admins_by_group",
        Robot = "robot",
        Suspended = "suspended",
        Unverified = "unverified",
        PendingInvitation = "pending_invitation",
    }
}

/// What the migration of a workspace's users would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UsersPlan {
    pub digest: String,
    /// Its slug.
    pub workspace: String,
    /// Its slug.
    pub organization: String,
    /// The material facts, as the digest covers them (RFC 8785).
    pub document: Value,
    pub groups: Vec<PlannedGroup>,
    /// What meets in the directory: told, never decided by itself.
    pub findings: Vec<Finding>,
    pub proof: Proof,
    /// What somebody could do only afterwards; then it is not done.
    pub widenings: Vec<Widening>,
    pub blockers: Vec<Said>,
    /// The page of the installation on which the capability is followed that the organization lacks.
    #[serde(default)]
    pub follow: Option<String>,
    /// To be acknowledged by code.
    pub warnings: Vec<Said>,
    pub valid_until: String,
    pub is_of_workspace: bool,
    pub is_of_organization: bool,
}

/// A group of the workspace, and what it becomes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlannedGroup {
    pub slug: String,
    pub name: String,
    pub is_admin: bool,
    pub members: u64,
    /// In words.
    pub becomes: String,
}

/// Somebody, as far as the owner of the token may see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Person {
    pub id: String,
    pub email: String,
    pub name: String,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    pub code: FindingCode,
    pub title: String,
    pub subject: String,
    pub detail: String,
    pub people: Vec<Person>,
    /// How many more.
    pub hidden: u64,
}

/// Something that people could do only afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Widening {
    pub workspace: String,
    pub thing: String,
    pub before: String,
    pub after: String,
    pub people: Vec<Person>,
    /// How many more.
    pub hidden: u64,
}

/// What was looked at to prove that nobody can do more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Proof {
    /// Workspaces.
    pub places: i64,
    /// Accounts, counted once in each workspace.
    pub people: i64,
    /// Distinct sets of groups and grants, before and after.
    pub classes: i64,
    pub digest: String,
}

/// A code with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Said {
    pub code: String,
    pub title: String,
    pub detail: String,
}

/// A migration that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UsersMigration {
    pub link: String,
    pub workspace: String,
    pub organization: String,
    pub plan_digest: String,
    pub migrated_at: String,
    pub proof: Proof,
    /// None in the answer to doing it.
    pub access_digest: Option<String>,
    pub groups: Vec<AttachedGroup>,
}

/// A user group of the workspace, and the group of the directory that says who is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AttachedGroup {
    pub user_group: String,
    pub directory_group: String,
}

words! {
    /// Who agrees beforehand to a campaign that migrates users.
    AgreementSide {
        Workspace = "workspace",
        Organization = "organization",
        /// Another admin of the organization, where the installation wants a final approval.
        Approver = "approver",
    }
}

/// The campaign that migrates users, as one of its sides sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UsersCampaign {
    pub campaign: String,
    pub title: String,
    /// The workspace looked at; none for an organization.
    pub workspace: Option<String>,
    pub organization: String,
    pub migrates_on: String,
    pub agree_until: String,
    pub migrates_at: String,
    /// What is agreed to.
    pub terms: Value,
    pub digest: String,
    /// To be acknowledged by code.
    pub warnings: Vec<Said>,
    pub sides: Vec<SideAgreement>,
    /// Why it would be left alone as things are.
    pub blockers: Vec<UsersBlocker>,
    pub told_at: Option<String>,
    pub postponed_until: Option<String>,
    pub may_agree: bool,
    pub may_withdraw: bool,
}

/// What the consent of one side is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SideAgreement {
    pub side: AgreementSide,
    pub agreement: Agreement,
    pub at: Option<String>,
}

/// What keeps users from migrating.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UsersBlocker {
    pub code: String,
    pub detail: String,
    pub remedy: Option<String>,
    pub who: Option<String>,
}

impl Client {
    /// The campaign that migrates users, for a workspace.
    pub async fn view_workspace_users_agreement(&self, workspace: &str) -> Result<UsersCampaign, Error> {
        self.get(&format!("/workspaces/{}/users-migration/agreement", segment(workspace))).await
    }

    /// The same for an organization.
    pub async fn view_organization_users_agreement(&self, organization: &str) -> Result<UsersCampaign, Error> {
        self.get(&format!("/organizations/{}/users-migration/agreement", segment(organization))).await
    }

    /// Plans the migration of a workspace's users. `mapping` says of groups, by slug, what becomes of them when they are not
    /// to have a group of their own: `{"rename": NAME}` or `{"merge": SLUG}`.
    pub async fn plan_users(&self, workspace: &str, mapping: &Value) -> Result<UsersPlan, Error> {
        let path = format!("/workspaces/{}/users-migration/plan", segment(workspace));
        self.post(&path, &json!({ "mapping": mapping }), None).await
    }

    /// Migrates as somebody who administers both sides, by a plan that was looked at; acknowledges its warnings.
    pub async fn migrate_users(
        &self,
        workspace: &str,
        mapping: &Value,
        plan: &UsersPlan,
    ) -> Result<UsersMigration, Error> {
        let path = format!("/workspaces/{}/users-migration", segment(workspace));
        self.post(&path, &Self::by_plan(mapping, plan), None).await
    }

    /// Proposes it to the other side, by a plan that was looked at; acknowledges its warnings.
    pub async fn propose_users_migration(
        &self,
        workspace: &str,
        mapping: &Value,
        plan: &UsersPlan,
    ) -> Result<Proposal, Error> {
        let path = format!("/workspaces/{}/users-migration/proposals", segment(workspace));
        self.post(&path, &Self::by_plan(mapping, plan), None).await
    }

    /// What was done.
    pub async fn view_users_migration(&self, workspace: &str) -> Result<UsersMigration, Error> {
        self.get(&format!("/workspaces/{}/users-migration", segment(workspace))).await
    }

    fn by_plan(mapping: &Value, plan: &UsersPlan) -> Value {
        let codes: Vec<&str> = plan.warnings.iter().map(|w| w.code.as_str()).collect();
        json!({ "mapping": mapping, "plan_digest": plan.digest, "acknowledge": codes })
    }
}
