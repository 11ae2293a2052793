//! What tells where a workspace stands, and what would unlock what: open to whoever may see it.

use orglink_app::eligibility::check_eligibility;
use orglink_app::entitlement::{ConditionView, Entitlement, view_entitlements};
use orglink_app::{Error, PageRequest, campaign, mine};
use orglink_domain::eligibility::{Eligibility, Reason};
use orglink_domain::token::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Asker;
use super::tool::Tool;

/// A workspace by its name.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OfWorkspace {
    /// Slug or id
    pub workspace: String,
}

pub(super) struct ListMyWorkspaces;

/// Which part of the list.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhichPage {
    /// `next` of the page before
    cursor: Option<String>,
    /// 1 to 500; 50 when nothing is said
    limit: Option<i64>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Workspaces {
    items: Vec<MyWorkspace>,
    /// Send it as `cursor` for more; null at the end
    next: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct MyWorkspace {
    slug: String,
    name: String,
    /// `admin`, `member`, or `none` when it is seen only through its organization
    role: &'static str,
    /// `team` or `personal`
    kind: &'static str,
    plan: &'static str,
    billing_cycle: &'static str,
    url: String,
}

impl Tool for ListMyWorkspaces {
    const NAME: &'static str = "list_my_workspaces";
    const TITLE: &'static str = "My workspaces";
    const DESCRIPTION: &'static str = "The person's workspaces, by slug, each with their role in it. Start here.";
    const SCOPE: Scope = Scope::Read;
    type Asked = WhichPage;
    type Told = Workspaces;

    async fn call(asker: &Asker, asked: WhichPage) -> Result<Workspaces, Error> {
        let page = PageRequest::new(asked.cursor.as_deref(), asked.limit)?;
        let found = mine::list_my_workspaces(&asker.app, &asker.principal, &page).await?.map(|w| MyWorkspace {
            url: asker.page(&format!("/workspaces/{}", w.workspace.slug)),
            slug: w.workspace.slug,
            name: w.workspace.name,
            role: w.role.as_str(),
            kind: w.workspace.kind.as_str(),
            plan: w.workspace.plan.as_str(),
            billing_cycle: w.workspace.billing_cycle.as_str(),
        });
        Ok(Workspaces { items: found.items, next: found.next })
    }
}

pub(super) struct CheckEligibility;

/// A workspace, alone or with an organization.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Pair {
    /// Slug or id
    workspace: String,
    /// Slug or id: also what stands between the two
    organization: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Checked {
    workspace: String,
    organization: Option<String>,
    #[serde(flatten)]
    eligibility: EligibilityTold,
    url: String,
}

/// Whether something can be linked, and every reason why not.
#[derive(Serialize, JsonSchema)]
pub(super) struct EligibilityTold {
    /// A person with both roles may link it now
    eligible: bool,
    /// Automatic linking would take it
    automatic: bool,
    reasons: Vec<ReasonTold>,
}

#[derive(Serialize, JsonSchema)]
struct ReasonTold {
    code: &'static str,
    /// `link`, `automatic_link` or `users_migration`
    blocks: &'static str,
    detail: &'static str,
    remedy: &'static str,
    who: &'static str,
}

impl EligibilityTold {
    pub(super) fn of(e: &Eligibility) -> Self {
        let reason = |r: &Reason| ReasonTold {
            code: r.code.as_str(),
            blocks: r.blocks.as_str(),
            detail: r.detail,
            remedy: r.remedy,
            who: r.who,
        };
        Self { eligible: e.eligible, automatic: e.automatic, reasons: e.reasons.iter().map(reason).collect() }
    }
}

impl Tool for CheckEligibility {
    const NAME: &'static str = "check_eligibility";
    const TITLE: &'static str = "Whether a workspace can be linked";
    const DESCRIPTION: &'static str = "Whether a workspace can be linked, to any organization or to one, and every reason why \
        not, with what helps and who can do it.";
    const SCOPE: Scope = Scope::Read;
    type Asked = Pair;
    type Told = Checked;

    async fn call(asker: &Asker, asked: Pair) -> Result<Checked, Error> {
        let (w, o) = (asked.workspace.as_str(), asked.organization.as_deref());
        let found = check_eligibility(&asker.app, &asker.principal, w, o).await?;
        Ok(Checked {
            url: asker.page(&format!("/workspaces/{}", found.workspace.slug)),
            workspace: found.workspace.slug,
            organization: found.organization.map(|o| o.slug),
            eligibility: EligibilityTold::of(&found.eligibility),
        })
    }
}

pub(super) struct ListEntitlements;

#[derive(Serialize, JsonSchema)]
pub(super) struct EntitlementsTold {
    workspace: String,
    items: Vec<EntitlementTold>,
    url: String,
}

#[derive(Serialize, JsonSchema)]
struct EntitlementTold {
    feature: String,
    title: String,
    /// Every condition holds
    entitled: bool,
    conditions: Vec<ConditionTold>,
}

#[derive(Serialize, JsonSchema)]
struct ConditionTold {
    code: &'static str,
    holds: bool,
    detail: String,
    /// Since when it is as it is, where that is known
    since: Option<String>,
    remedy: String,
    who: &'static str,
    /// What the person can do about it, each with the page
    steps: Vec<StepTold>,
}

#[derive(Serialize, JsonSchema)]
struct StepTold {
    label: &'static str,
    url: String,
}

impl Tool for ListEntitlements {
    const NAME: &'static str = "list_entitlements";
    const TITLE: &'static str = "What a workspace may use";
    const DESCRIPTION: &'static str = "What a workspace may use: every feature with its conditions, whether each holds, what \
        makes it so, who can, and the page where the person starts that. Use it when another tool says feature_locked.";
    const SCOPE: Scope = Scope::Read;
    type Asked = OfWorkspace;
    type Told = EntitlementsTold;

    async fn call(asker: &Asker, asked: OfWorkspace) -> Result<EntitlementsTold, Error> {
        let found = view_entitlements(&asker.app, &asker.principal, &asked.workspace).await?;
        let condition = |c: ConditionView| ConditionTold {
            code: c.condition.code.as_str(),
            holds: c.condition.is_met,
            who: c.condition.code.who(),
            detail: c.condition.detail,
            since: c.condition.since.map(|at| at.to_string()),
            remedy: c.condition.remedy,
            steps: c.steps.into_iter().map(|s| StepTold { label: s.label, url: asker.page(&s.path) }).collect(),
        };
        let entitlement = |e: Entitlement| EntitlementTold {
            feature: e.feature,
            title: e.title,
            entitled: e.is_entitled,
            conditions: e.conditions.into_iter().map(condition).collect(),
        };
        Ok(EntitlementsTold {
            url: asker.page(&format!("/workspaces/{}/features", found.workspace.slug)),
            workspace: found.workspace.slug,
            items: found.items.into_iter().map(entitlement).collect(),
        })
    }
}

pub(super) struct ViewCampaign;

#[derive(Serialize, JsonSchema)]
pub(super) struct Campaigned {
    /// Null when no campaign goes on
    campaign: Option<CampaignTold>,
    url: String,
}

#[derive(Serialize, JsonSchema)]
struct CampaignTold {
    title: String,
    state: &'static str,
    /// In words, with the zone
    link_by: String,
    automatic_from: String,
    /// The workspace is linked already
    is_linked: bool,
    /// What happens to it on the day if nobody does anything, or has happened, and why
    outlook: Option<String>,
    organization: Option<String>,
    /// Only a change of the workspace changes that any more
    is_final: bool,
    /// It has more time, until then
    postponed_until: Option<String>,
    /// More time can be asked for, until then
    can_be_postponed_until: Option<String>,
    /// The person can change that, on the page
    may_decide: bool,
}

impl Tool for ViewCampaign {
    const NAME: &'static str = "view_campaign";
    const TITLE: &'static str = "What the campaign means for a workspace";
    const DESCRIPTION: &'static str = "By when a workspace is to be linked, what happens to it on that day if nobody links it \
        and why, and whether there is more time. It is about linking only: billing and user management move later, with \
        notices of their own.";
    const SCOPE: Scope = Scope::Read;
    type Asked = OfWorkspace;
    type Told = Campaigned;

    async fn call(asker: &Asker, asked: OfWorkspace) -> Result<Campaigned, Error> {
        let found = campaign::view_outlook(&asker.app, &asker.principal, &asked.workspace).await?;
        let campaign = found.map(|o| {
            let (outlook, organization) = o.decision.map(|d| (d.reason, d.organization_name)).unzip();
            CampaignTold {
                title: o.campaign.title,
                state: o.campaign.state.as_str(),
                link_by: o.campaign.link_by,
                automatic_from: o.campaign.automatic_from,
                is_linked: o.is_linked,
                outlook,
                organization: organization.flatten(),
                is_final: o.is_final,
                postponed_until: o.postponed.map(|p| p.until.to_string()),
                can_be_postponed_until: o.postponement_until.map(|at| at.to_string()),
                may_decide: o.may_decide,
            }
        });
        Ok(Campaigned { campaign, url: asker.page(&format!("/workspaces/{}/linking-date", asked.workspace)) })
    }
}
