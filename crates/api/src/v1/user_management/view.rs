//! Users migrations, as JSON.

use orglink_app::user_management::{FindingView, Migrated, MigrationView, UsersPlanView, WideningView};
use orglink_domain::clock::Timestamp;
use orglink_domain::user_management::{Person, Proof};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// What the migration of a workspace's users would do.
#[derive(Serialize, ToSchema)]
pub struct UsersPlanJson {
    digest: String,
    /// Its slug.
    workspace: String,
    /// Its slug.
    organization: String,
    /// The material facts, as the digest covers them (RFC 8785).
    #[schema(value_type = Object)]
    document: Value,
    groups: Vec<PlannedGroupJson>,
    /// What meets in the directory: told, never decided by itself.
    findings: Vec<FindingJson>,
    proof: ProofJson,
    /// What somebody could do only afterwards: then `would_widen` is among the blockers.
    widenings: Vec<WideningJson>,
    blockers: Vec<SaidJson>,
    /// The page of this installation on which the capability is followed that the organization lacks, when that stands in
    /// the way; it begins with `/`.
    follow: Option<String>,
    /// To be acknowledged by code.
    warnings: Vec<SaidJson>,
    #[schema(value_type = String, format = DateTime)]
    valid_until: Timestamp,
    /// You administer the workspace; the organization.
    is_of_workspace: bool,
    is_of_organization: bool,
}

/// A group of the workspace.
#[derive(Serialize, ToSchema)]
pub struct PlannedGroupJson {
    slug: String,
    name: String,
    is_admin: bool,
    members: usize,
    /// What it becomes, in words.
    becomes: String,
}

/// Somebody, as far as you may see them.
#[derive(Serialize, ToSchema)]
pub struct PersonJson {
    id: String,
    email: String,
    name: String,
}

impl PersonJson {
    fn of(p: &Person) -> Self {
        Self { id: p.id.to_string(), email: p.email.clone(), name: p.name.clone() }
    }
}

/// Something that was found.
#[derive(Serialize, ToSchema)]
pub struct FindingJson {
    /// `same_name`, `same_person`, `admins_by_group`, `robot`, `suspended`, `unverified` or `pending_invitation`.
    code: String,
    title: String,
    /// A group's slug, or an address.
    subject: String,
    detail: String,
    people: Vec<PersonJson>,
    /// How many more, whom you may not see.
    hidden: usize,
}

impl FindingJson {
    fn of(f: &FindingView) -> Self {
        Self {
            code: f.code.to_string(),
            title: f.code.title().to_owned(),
            subject: f.subject.clone(),
            detail: f.detail.clone(),
            people: f.people.iter().map(PersonJson::of).collect(),
            hidden: f.hidden,
        }
    }
}

/// Something that people could do only afterwards.
#[derive(Serialize, ToSchema)]
pub struct WideningJson {
    workspace: String,
    thing: String,
    before: String,
    after: String,
    people: Vec<PersonJson>,
    /// How many more, whom you may not see.
    hidden: usize,
}

impl WideningJson {
    fn of(w: &WideningView) -> Self {
        Self {
            workspace: w.workspace.clone(),
            thing: w.thing.clone(),
            before: w.before.clone(),
            after: w.after.clone(),
            people: w.people.iter().map(PersonJson::of).collect(),
            hidden: w.hidden,
        }
    }
}

/// What was looked at to prove that nobody can do more.
#[derive(Serialize, ToSchema)]
pub struct ProofJson {
    /// Workspaces.
    places: i64,
    /// Accounts, counted once in each workspace.
    people: i64,
    /// Distinct sets of groups and grants, before and after.
    classes: i64,
    digest: String,
}

impl ProofJson {
    fn of(p: &Proof) -> Self {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        Self {
            places: count(p.places),
            people: count(p.people),
            classes: count(p.classes),
            digest: p.digest.to_string(),
        }
    }
}

/// A code with its words.
#[derive(Serialize, ToSchema)]
pub struct SaidJson {
    code: String,
    title: String,
    detail: String,
}

pub(super) fn said(code: &str, title: &str, detail: &str) -> SaidJson {
    SaidJson { code: code.to_owned(), title: title.to_owned(), detail: detail.to_owned() }
}

impl UsersPlanJson {
    pub fn of(v: &UsersPlanView) -> Self {
        let group = |(g, members, becomes): &(orglink_domain::workspace::UserGroup, usize, String)| PlannedGroupJson {
            slug: g.slug.clone(),
            name: g.name.clone(),
            is_admin: g.is_admin,
            members: *members,
            becomes: becomes.clone(),
        };
        Self {
            digest: v.plan.digest.to_string(),
            workspace: v.workspace.slug.clone(),
            organization: v.organization.slug.clone(),
            document: v.plan.document.clone(),
            groups: v.groups.iter().map(group).collect(),
            findings: v.findings.iter().map(FindingJson::of).collect(),
            proof: ProofJson::of(&v.plan.proof),
            widenings: v.widenings.iter().map(WideningJson::of).collect(),
            blockers: v.plan.blockers.iter().map(|b| said(b.as_str(), b.words().0, b.words().1)).collect(),
            follow: v.follow.clone(),
            warnings: v.plan.warnings.iter().map(|w| said(w.as_str(), w.title(), w.detail())).collect(),
            valid_until: v.valid_until,
            is_of_workspace: v.is_of_workspace,
            is_of_organization: v.is_of_organization,
        }
    }
}

/// What was done.
#[derive(Serialize, ToSchema)]
pub struct UsersMigrationJson {
    link: String,
    workspace: String,
    organization: String,
    plan_digest: String,
    #[schema(value_type = String, format = DateTime)]
    migrated_at: Timestamp,
    proof: ProofJson,
    /// Of the access in the workspace, afterwards; null in the answer to doing it.
    access_digest: Option<String>,
    /// Which group of the directory says who is in which group of the workspace.
    groups: Vec<AttachedGroupJson>,
}

/// A user group and its group of the directory, by their slugs.
#[derive(Serialize, ToSchema)]
pub struct AttachedGroupJson {
    user_group: String,
    directory_group: String,
}

impl UsersMigrationJson {
    pub fn done(m: &Migrated) -> Self {
        Self {
            link: m.link.to_string(),
            workspace: m.workspace.clone(),
            organization: m.organization.clone(),
            plan_digest: m.plan_digest.to_string(),
            migrated_at: m.migrated_at,
            proof: ProofJson::of(&m.proof),
            access_digest: None,
            groups: Vec::new(),
        }
    }

    pub fn of(v: &MigrationView) -> Self {
        let m = &v.migration;
        let attached = |(user_group, group): &(String, orglink_domain::user_management::DirectoryGroup)| {
            AttachedGroupJson { user_group: user_group.clone(), directory_group: group.slug.clone() }
        };
        Self {
            link: m.link_id.to_string(),
            workspace: v.workspace.slug.clone(),
            organization: v.organization.slug.clone(),
            plan_digest: m.plan_digest.to_string(),
            migrated_at: m.migrated_at,
            proof: ProofJson {
                places: m.places,
                people: m.people,
                classes: m.classes,
                digest: m.proof_digest.to_string(),
            },
            access_digest: Some(m.access_digest.to_string()),
            groups: v.groups.iter().map(attached).collect(),
        }
    }
}
