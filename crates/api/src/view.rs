//! The JSON shapes that several endpoints share.

use orglink_app::eligibility::LinkableWorkspace;
use orglink_app::link::{LinkView, PlanView};
use orglink_app::workspace::LinkCard;
use orglink_app::{Page, StoredToken};
use orglink_domain::account::Account;
use orglink_domain::clock::Timestamp;
use orglink_domain::eligibility::{Blocks, Eligibility, ReasonCode, ReasonScope};
use orglink_domain::event::{Event, EventType, Through};
use orglink_domain::link::{AccessCheck, Consent};
use orglink_domain::organization::{Organization, UserManagement};
use orglink_domain::plan::Warning;
use orglink_domain::role::HeldRole;
use orglink_domain::token::Scope;
use orglink_domain::workspace::{BillingCycle, Hold, Kind, Permission, Status, SubscriptionPlan, UserGroup, Workspace};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A part of a list; send `next` back as `cursor` for the rest.
#[derive(Serialize, ToSchema)]
pub struct ListJson<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

impl<T> ListJson<T> {
    pub fn of(page: Page<T>) -> Self {
        Self { items: page.items, next: page.next }
    }
}

/// An organization.
#[derive(Serialize, ToSchema)]
pub struct OrganizationJson {
    pub id: String,
    pub slug: String,
    pub name: String,
    #[schema(value_type = String)]
    pub user_management: UserManagement,
    pub link_quota: Option<i64>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl OrganizationJson {
    pub fn of(o: &Organization) -> Self {
        Self {
            id: o.id.to_string(),
            slug: o.slug.clone(),
            name: o.name.clone(),
            user_management: o.user_management,
            link_quota: o.link_quota,
            created_at: o.created_at,
        }
    }
}

/// A role, and on what.
#[derive(Serialize, ToSchema)]
pub struct HeldRoleJson {
    /// Of an organization `admin`, `user_access_admin`, `billing_admin`, `auditor`; of a site `site_admin`,
    /// `user_access_admin`; of an app `app_admin`, `user_access_admin`.
    pub role: &'static str,
    /// The site; none for the organization itself.
    pub site: Option<String>,
    /// The product on the site; none for the whole site.
    pub product: Option<String>,
}

impl HeldRoleJson {
    pub fn of(held: HeldRole) -> Self {
        let role = held.role();
        match held {
            HeldRole::Organization(_) => Self { role, site: None, product: None },
            HeldRole::Site(site, _) => Self { role, site: Some(site), product: None },
            HeldRole::App(site, product, _) => Self { role, site: Some(site), product: Some(product) },
        }
    }
}

/// A workspace.
#[derive(Serialize, ToSchema)]
pub struct WorkspaceJson {
    pub id: String,
    pub slug: String,
    pub name: String,
    pub app: String,
    #[schema(value_type = String)]
    pub kind: Kind,
    #[schema(value_type = String)]
    pub plan: SubscriptionPlan,
    #[schema(value_type = String)]
    pub billing_cycle: BillingCycle,
    #[schema(value_type = String)]
    pub status: Status,
    #[schema(value_type = Vec<String>)]
    pub holds: Vec<Hold>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl WorkspaceJson {
    pub fn of(w: &Workspace) -> Self {
        Self {
            id: w.id.to_string(),
            slug: w.slug.clone(),
            name: w.name.clone(),
            app: w.app.clone(),
            kind: w.kind,
            plan: w.plan,
            billing_cycle: w.billing_cycle,
            status: w.status,
            holds: w.holds(),
            created_at: w.created_at,
        }
    }
}

/// Whether a workspace may be linked.
#[derive(Serialize, ToSchema)]
pub struct EligibilityJson {
    /// A person with both roles may link it now.
    pub eligible: bool,
    /// Automatic linking would take it.
    pub automatic: bool,
    pub reasons: Vec<ReasonJson>,
}

/// One reason why not.
#[derive(Serialize, ToSchema)]
pub struct ReasonJson {
    #[schema(value_type = String)]
    pub code: ReasonCode,
    /// `workspace`, or `pair` with an organization.
    #[schema(value_type = String)]
    pub scope: ReasonScope,
    /// `link`, `automatic_link` or `users_migration`.
    #[schema(value_type = String)]
    pub blocks: Blocks,
    pub title: &'static str,
    pub detail: &'static str,
    pub remedy: &'static str,
    /// Who can do that.
    pub who: &'static str,
}

impl EligibilityJson {
    pub fn of(e: &Eligibility) -> Self {
        let reason = |r: &orglink_domain::eligibility::Reason| ReasonJson {
            code: r.code,
            scope: r.scope,
            blocks: r.blocks,
            title: r.code.title(),
            detail: r.detail,
            remedy: r.remedy,
            who: r.who,
        };
        Self { eligible: e.eligible, automatic: e.automatic, reasons: e.reasons.iter().map(reason).collect() }
    }
}

/// A workspace you administer, with whether it may be linked.
#[derive(Serialize, ToSchema)]
pub struct LinkableJson {
    #[serde(flatten)]
    pub workspace: WorkspaceJson,
    #[serde(flatten)]
    pub eligibility: EligibilityJson,
    /// You are told when this changes.
    pub is_watching: bool,
}

impl LinkableJson {
    pub fn of(row: &LinkableWorkspace) -> Self {
        Self {
            workspace: WorkspaceJson::of(&row.workspace),
            eligibility: EligibilityJson::of(&row.eligibility),
            is_watching: row.is_watching,
        }
    }
}

/// Where a workspace is linked.
#[derive(Serialize, ToSchema)]
pub struct LinkCardJson {
    pub id: String,
    pub organization: String,
    pub organization_name: String,
    #[schema(value_type = String, format = DateTime)]
    pub linked_at: Timestamp,
    pub linked_by: String,
    /// Whether access was compared after the link: `pending`, `unchanged`, `changed_since`, `differs`.
    #[schema(value_type = String)]
    pub access_check: AccessCheck,
}

impl LinkCardJson {
    pub fn of(card: &LinkCard) -> Self {
        Self {
            id: card.id.to_string(),
            organization: card.organization.slug.clone(),
            organization_name: card.organization.name.clone(),
            linked_at: card.linked_at,
            linked_by: card.linked_by.clone(),
            access_check: card.access_check,
        }
    }
}

/// A link with everything that is kept of it.
#[derive(Serialize, ToSchema)]
pub struct LinkJson {
    pub id: String,
    pub workspace: String,
    pub organization: String,
    #[schema(value_type = String, format = DateTime)]
    pub linked_at: Timestamp,
    /// The name of whoever linked it.
    pub linked_by: String,
    /// `own`, or `operator` when an operator did it on behalf of that person.
    #[schema(value_type = String)]
    pub linked_through: Through,
    pub plan_digest: String,
    pub access_digest: String,
    /// The version of the workspace that the access digest was taken of.
    pub access_version: String,
    #[schema(value_type = String)]
    pub access_check: AccessCheck,
    #[schema(value_type = String)]
    pub consent: Consent,
    /// 0 means permanent at once.
    pub undo_window_seconds: String,
    /// The codes of the warnings that were acknowledged.
    pub acknowledged: Vec<String>,
}

impl LinkJson {
    pub fn of(view: &LinkView) -> Self {
        let link = &view.link;
        Self {
            id: link.id.to_string(),
            workspace: view.workspace.slug.clone(),
            organization: view.organization.slug.clone(),
            linked_at: link.linked_at,
            linked_by: view.linked_by.clone(),
            linked_through: link.linked_through,
            plan_digest: link.plan_digest.to_string(),
            access_digest: link.access_digest.to_string(),
            access_version: link.access_version.to_string(),
            access_check: link.access_check,
            consent: link.policy.consent,
            undo_window_seconds: link.policy.undo_window_seconds.to_string(),
            acknowledged: link.acknowledged.clone(),
        }
    }
}

/// A plan: its digest is the SHA-256 of the canonical JSON (RFC 8785) of `document`.
#[derive(Serialize, ToSchema)]
pub struct PlanJson {
    pub digest: String,
    #[schema(value_type = String, format = DateTime)]
    pub valid_until: Timestamp,
    /// The material facts; linking is refused when they have changed.
    #[schema(value_type = Object)]
    pub document: Value,
    pub warnings: Vec<WarningJson>,
    pub eligibility: EligibilityJson,
    pub summary: SummaryJson,
    /// Who can do what in the workspace, as one digest; compared again after the link.
    pub access_digest: String,
    /// The people whose ids the document names.
    pub people: Vec<PlanPerson>,
    /// What has changed since the plan was made.
    #[schema(value_type = Vec<Object>)]
    pub differences: Vec<Value>,
}

/// A warning to acknowledge by its code.
#[derive(Serialize, ToSchema)]
pub struct WarningJson {
    #[schema(value_type = String)]
    pub code: Warning,
    pub title: &'static str,
    pub detail: &'static str,
}

/// What is informational about a plan.
#[derive(Serialize, ToSchema)]
pub struct SummaryJson {
    pub members: i64,
    pub user_groups: i64,
    pub repositories: i64,
}

/// Somebody a plan names.
#[derive(Serialize, ToSchema)]
pub struct PlanPerson {
    pub id: String,
    pub email: String,
    pub name: String,
}

impl PlanJson {
    pub fn of(view: &PlanView) -> Self {
        let mut people: Vec<PlanPerson> = view
            .workspace_admins
            .iter()
            .chain(&view.organization_admins)
            .map(|a| PlanPerson { id: a.id.to_string(), email: a.email.clone(), name: a.name.clone() })
            .collect();
        people.sort_unstable_by(|a, b| a.email.cmp(&b.email));
        people.dedup_by(|a, b| a.id == b.id);
        Self {
            digest: view.plan.digest.to_string(),
            valid_until: view.valid_until,
            document: view.plan.document.clone(),
            warnings: view
                .plan
                .warnings
                .iter()
                .map(|w| WarningJson { code: *w, title: w.title(), detail: w.detail() })
                .collect(),
            eligibility: EligibilityJson::of(&view.plan.eligibility),
            summary: SummaryJson {
                members: view.plan.summary.members,
                user_groups: view.plan.summary.user_groups,
                repositories: view.plan.summary.repositories,
            },
            access_digest: view.access_digest.to_string(),
            people,
            differences: view.differences.iter().filter_map(|d| serde_json::to_value(d).ok()).collect(),
        }
    }
}

/// Somebody in a workspace.
#[derive(Serialize, ToSchema)]
pub struct AccountJson {
    pub id: String,
    pub email: String,
    pub name: String,
    pub is_robot: bool,
}

impl AccountJson {
    pub fn of(a: Account) -> Self {
        Self { id: a.id.to_string(), email: a.email, name: a.name, is_robot: a.is_robot }
    }
}

/// A user group.
#[derive(Serialize, ToSchema)]
pub struct UserGroupJson {
    pub slug: String,
    pub name: String,
    /// Carries the *Admin* lozenge.
    pub is_admin: bool,
    #[schema(value_type = String)]
    pub repository_permission: Permission,
    pub workspace_permissions: Vec<String>,
    pub is_default: bool,
    pub members: i64,
}

impl UserGroupJson {
    pub fn of(g: &UserGroup, members: i64) -> Self {
        Self {
            slug: g.slug.clone(),
            name: g.name.clone(),
            is_admin: g.is_admin,
            repository_permission: g.repository_permission,
            workspace_permissions: g.workspace_permissions.clone(),
            is_default: g.is_default,
            members,
        }
    }
}

/// A token, without its secret.
#[derive(Serialize, ToSchema)]
pub struct TokenJson {
    pub id: String,
    pub name: String,
    #[schema(value_type = Vec<String>)]
    pub scopes: Vec<Scope>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// To the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

impl TokenJson {
    pub fn of(t: &StoredToken) -> Self {
        Self {
            id: t.id.to_string(),
            name: t.name.clone(),
            scopes: t.scopes.clone(),
            created_at: t.created_at,
            last_used_at: t.last_used_at,
            expires_at: t.expires_at,
        }
    }
}

/// Something that happened.
#[derive(Serialize, ToSchema)]
pub struct EventJson {
    /// Dense, in the order of commits.
    pub position: i64,
    pub id: String,
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: EventType,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The id of the account in whose name it was done; nothing for the system.
    pub actor: Option<String>,
    /// `own`, `operator` (on behalf of the actor) or `system`.
    #[schema(value_type = String)]
    pub through: Through,
    pub organization: Option<String>,
    pub workspace: Option<String>,
    /// SHA-256 of salt and payload.
    pub commitment: String,
    /// Nothing once erased.
    #[schema(value_type = Option<Object>)]
    pub payload: Option<Value>,
}

impl EventJson {
    pub fn of(e: &Event) -> Self {
        Self {
            position: e.position,
            id: e.id.to_string(),
            kind: e.kind,
            at: e.at,
            actor: e.actor.account_id.map(|a| a.to_string()),
            through: e.actor.through,
            organization: e.organization_id.map(|o| o.to_string()),
            workspace: e.workspace_id.map(|w| w.to_string()),
            commitment: e.commitment.to_string(),
            payload: e.payload.clone(),
        }
    }
}
