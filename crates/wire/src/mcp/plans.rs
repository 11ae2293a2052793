//! Drafts of plans, and who can do what: nothing is done by looking.

use orglink_app::explain::{Answer, Question, Thing};
use orglink_app::{App, Error, assistant, link};
use orglink_domain::plan::Warning;
use orglink_domain::token::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Asker;
use super::tool::Tool;
use super::workspaces::{EligibilityTold, OfWorkspace};

pub(super) struct DraftLink;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// Slug or id
    workspace: String,
    /// Slug or id
    organization: String,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Drafted {
    /// What request_link takes as plan_digest
    digest: String,
    valid_until: String,
    workspace: String,
    organization: String,
    #[serde(flatten)]
    eligibility: EligibilityTold,
    /// What the person must acknowledge to link
    warnings: Vec<WarningTold>,
    /// Titles of the features that the link unlocks
    unlocks: Vec<String>,
    /// What stays as it is: so many people, groups and repositories
    unchanged: Unchanged,
    /// Everything that the digest covers
    #[schemars(with = "Map<String, Value>")]
    document: Value,
    /// Where the person sees the plan and links
    url: String,
}

#[derive(Serialize, JsonSchema)]
struct WarningTold {
    code: &'static str,
    title: &'static str,
    detail: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct Unchanged {
    members: i64,
    user_groups: i64,
    repositories: i64,
}

impl Tool for DraftLink {
    const NAME: &'static str = "draft_link";
    const TITLE: &'static str = "What linking would do";
    const DESCRIPTION: &'static str = "Drafts the plan of a link: what it changes and what it does not, the warnings, what it \
        unlocks, why it may not be possible, and the digest by which it is asked for. Nothing is linked. It takes an admin \
        of both (where two people agree: of one).";
    const SCOPE: Scope = Scope::Read;
    type Asked = Wanted;
    type Told = Drafted;

    async fn call(asker: &Asker, asked: Wanted) -> Result<Drafted, Error> {
        let view = link::make_plan(&asker.app, &asker.principal, &asked.workspace, &asked.organization).await?;
        let warning = |w: &Warning| WarningTold { code: w.as_str(), title: w.title(), detail: w.detail() };
        let (summary, digest) = (&view.plan.summary, view.plan.digest.to_string());
        Ok(Drafted {
            url: asker.page(&format!("/organizations/{}/link/plans/{digest}", view.organization.slug)),
            digest,
            valid_until: view.valid_until.to_string(),
            eligibility: EligibilityTold::of(&view.plan.eligibility),
            warnings: view.warnings.iter().map(warning).collect(),
            unlocks: differing(&asker.app, &view.plan.document, ("after", "before")),
            unchanged: Unchanged {
                members: summary.members,
                user_groups: summary.user_groups,
                repositories: summary.repositories,
            },
            workspace: view.workspace.slug,
            organization: view.organization.slug,
            document: view.plan.document,
        })
    }
}

/// Titles of the features that a plan has at one time and not at the other.
fn differing(app: &App, document: &Value, (has, has_not): (&str, &str)) -> Vec<String> {
    let lists = |when: &str, feature: &str| {
        let listed = document.get("entitlements").and_then(|e| e.get(when)?.as_array());
        listed.is_some_and(|list| list.iter().any(|v| v.as_str() == Some(feature)))
    };
    let features = app.catalog.features.iter().filter(|f| lists(has, &f.name) && !lists(has_not, &f.name));
    features.map(|f| f.title.clone()).collect()
}

pub(super) struct DraftUndo;

#[derive(Serialize, JsonSchema)]
pub(super) struct UndoDrafted {
    /// What request_undo takes as plan_digest
    digest: String,
    workspace: String,
    organization: String,
    /// After this moment the link is permanent
    until: Option<String>,
    /// Titles of the features that are locked again
    locks: Vec<String>,
    /// The organization was made for this link alone, and is deleted with it
    deletes_organization: bool,
    /// Everything that the digest covers
    #[schemars(with = "Map<String, Value>")]
    document: Value,
    url: String,
}

impl Tool for DraftUndo {
    const NAME: &'static str = "draft_undo";
    const TITLE: &'static str = "What undoing a link would do";
    const DESCRIPTION: &'static str = "Drafts the plan of undoing a workspace's link, while that is possible: what is locked \
        again, until when, and the digest by which it is asked for. Nothing is undone. For admins of either side.";
    const SCOPE: Scope = Scope::Read;
    type Asked = OfWorkspace;
    type Told = UndoDrafted;

    async fn call(asker: &Asker, asked: OfWorkspace) -> Result<UndoDrafted, Error> {
        let plan = assistant::plan_undo(&asker.app, &asker.principal, &asked.workspace).await?;
        Ok(UndoDrafted {
            digest: plan.digest.to_string(),
            until: plan.until.map(|at| at.to_string()),
            locks: differing(&asker.app, &plan.document, ("before", "after")),
            deletes_organization: plan.deletes_organization,
            url: asker.page(&format!("/workspaces/{}/undo", plan.workspace.slug)),
            workspace: plan.workspace.slug,
            organization: plan.organization.slug,
            document: plan.document,
        })
    }
}

pub(super) struct ExplainAccess;

/// Whose access, to do what, with what.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccessQuestion {
    /// Slug or id
    workspace: String,
    /// A repository of it, by slug: then `action` is `read`, `write` or `admin`
    repository: Option<String>,
    /// A user group of it, by slug
    user_group: Option<String>,
    /// By e-mail address or id
    account: String,
    /// The word of what is decided, as `view_workspace` or `change_workspace_people`; a wrong one is answered with all
    action: String,
    /// An organization, by slug or id: also as if the workspace were linked to it
    after_link: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Explained {
    account: String,
    action: String,
    /// What it is about, by slugs
    thing: String,
    now: AnswerTold,
    /// As if it were linked
    after: Option<AnswerTold>,
}

#[derive(Serialize, JsonSchema)]
struct AnswerTold {
    allowed: bool,
    because: String,
    /// The roles and groups without which a yes would be another one
    through: Vec<String>,
    /// What would change the answer
    change: Vec<String>,
}

impl AnswerTold {
    fn of(a: Answer) -> Self {
        Self { allowed: a.allowed, because: a.because, through: a.through, change: a.change }
    }
}

impl Tool for ExplainAccess {
    const NAME: &'static str = "explain_access";
    const TITLE: &'static str = "Who can do what, and why";
    const DESCRIPTION: &'static str = "Whether somebody may do something with a workspace, a repository or a user group of it, \
        and why; now, and as if it were linked to an organization.";
    const SCOPE: Scope = Scope::Read;
    type Asked = AccessQuestion;
    type Told = Explained;

    async fn call(asker: &Asker, asked: AccessQuestion) -> Result<Explained, Error> {
        let AccessQuestion { workspace, repository, user_group, account, action, after_link } = asked;
        let thing = match (repository, user_group) {
            (None, None) => Thing::Workspace(workspace),
            (Some(repository), None) => Thing::Repository { workspace, repository },
            (None, Some(group)) => Thing::UserGroup { workspace, group },
            _ => return Err(Error::field("repository", "name a repository or a user group, not both")),
        };
        let question = Question { account, action, thing, after_link };
        let found = assistant::explain_access(&asker.app, &asker.principal, &question).await?;
        Ok(Explained {
            account: found.account.email,
            action: found.action,
            thing: found.thing.name(),
            now: AnswerTold::of(found.now),
            after: found.after.map(|(_, answer)| AnswerTold::of(answer)),
        })
    }
}
