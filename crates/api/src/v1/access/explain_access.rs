//! Explains who can do what.

use axum::Json;
use axum::extract::State;
use orglink_app::Error;
use orglink_app::explain::{self, Answer, Explanation, Question, Thing};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, Problem, QueryString};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::view::AccountJson;

/// Who, what, and with which thing: exactly one of them.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExplanationQuery {
    /// Whose access, by address or id.
    account: String,
    /// `read`, `write` or `admin` of a repository; of anything else the word of what is decided, as `view_workspace`.
    action: String,
    /// Slug or id.
    workspace: Option<String>,
    /// Slug or id.
    organization: Option<String>,
    /// `WORKSPACE/REPOSITORY`
    repository: Option<String>,
    /// `WORKSPACE/GROUP`
    user_group: Option<String>,
    /// Also as if the workspace were linked to this organization; slug or id.
    after_link: Option<String>,
}

impl ExplanationQuery {
    fn question(self) -> Result<Question, Error> {
        let given = [
            ("workspace", self.workspace),
            ("organization", self.organization),
            ("repository", self.repository),
            ("user_group", self.user_group),
        ];
        let mut things = given.into_iter().filter_map(|(kind, name)| Some((kind, name?)));
        let (Some((kind, name)), None) = (things.next(), things.next()) else {
            return Err(Error::field("workspace", "name one workspace, organization, repository or user_group"));
        };
        let thing = Thing::named(kind, &name)?;
        Ok(Question { account: self.account, action: self.action, thing, after_link: self.after_link })
    }
}

/// Whether somebody may do something, now and after a link.
#[derive(Serialize, ToSchema)]
pub struct ExplanationJson {
    account: AccountJson,
    action: String,
    /// `workspace`, `organization`, `repository` or `user_group`.
    kind: &'static str,
    /// By its slug; what hangs on a workspace as `WORKSPACE/…`.
    thing: String,
    now: AnswerJson,
    /// The organization that `after` supposes.
    after_link: Option<String>,
    after: Option<AnswerJson>,
}

/// Yes or no, and why.
#[derive(Serialize, ToSchema)]
pub struct AnswerJson {
    allowed: bool,
    because: String,
    /// The policies that permit it; of a no, those that could have and those that forbid it.
    policies: Vec<PolicyJson>,
    /// The roles and groups without which a yes would be another one.
    through: Vec<String>,
    /// What would change the answer.
    change: Vec<String>,
}

/// A policy by its name.
#[derive(Serialize, ToSchema)]
pub struct PolicyJson {
    id: String,
    /// What somebody is told whom it does not let do something.
    sentence: String,
    /// It forbids, whatever others permit.
    forbids: bool,
}

impl AnswerJson {
    fn of(answer: Answer) -> Self {
        let policy =
            |p: orglink_app::explain::PolicyText| PolicyJson { id: p.id, sentence: p.sentence, forbids: p.forbids };
        Self {
            allowed: answer.allowed,
            because: answer.because,
            policies: answer.policies.into_iter().map(policy).collect(),
            through: answer.through,
            change: answer.change,
        }
    }
}

impl ExplanationJson {
    fn of(e: Explanation) -> Self {
        let (after_link, after) = e.after.map(|(o, answer)| (o.slug, AnswerJson::of(answer))).unzip();
        Self {
            account: AccountJson::of(e.account),
            action: e.action,
            kind: e.thing.kind(),
            thing: e.thing.name(),
            now: AnswerJson::of(e.now),
            after_link,
            after,
        }
    }
}

/// Whether an account may do something with a thing, by which policy and through which role or group; now and as if the
/// workspace were linked. About oneself always; about others for whoever may see their access. Scope: `read`.
#[utoipa::path(get, path = "/access/explanation", tag = "access", params(ExplanationQuery),
    responses((status = 200, body = ExplanationJson), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn explain_access(
    State(app): State<AppState>,
    caller: Caller,
    QueryString(query): QueryString<ExplanationQuery>,
) -> Result<Json<ExplanationJson>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let explanation = explain::explain_access(&app, &principal, &query.question()?).await?;
    Ok(Json(ExplanationJson::of(explanation)))
}
