//! OpenID AuthZEN, Authorization API 1.0: whether a subject may do something with a resource, asked by other programs.
//!
//! It is the access explainer in that protocol's words: who may ask about whom is the same, and what one may not know is
//! denied as what does not exist. A denial is an answer (200); 400 is for what cannot be understood.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use orglink_app::explain::{Question, Thing, explain_access};
use orglink_app::{Error, Principal};
use orglink_domain::token::Scope;
use orglink_http::{AppState, Caller, Failure, JsonBody, status_of};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::Route;

/// How many evaluations one request may hold.
const MOST_EVALUATIONS: usize = 100;

const EVALUATION: &str = "/access/v1/evaluation";
const EVALUATIONS: &str = "/access/v1/evaluations";
const METADATA: &str = "/.well-known/authzen-configuration";

pub fn routes() -> Vec<Route> {
    let route = |method, path, handler: MethodRouter<AppState>| Route {
        method,
        path,
        handler: handler.layer(from_fn(say_request_id_again)),
    };
    vec![
        route("POST", EVALUATION, post(evaluate)),
        route("POST", EVALUATIONS, post(evaluate_all)),
        route("GET", METADATA, get(describe)),
    ]
}

/// Who or what, by its type and id. What else is said of it is not looked at: what orglink knows decides.
#[derive(Debug, Clone, Deserialize)]
struct Entity {
    #[serde(rename = "type")]
    kind: String,
    id: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Action {
    name: String,
}

/// One question.
#[derive(Debug, Deserialize)]
struct Evaluation {
    subject: Entity,
    action: Action,
    resource: Entity,
}

/// A question that may leave to the whole request what it does not say itself.
#[derive(Debug, Clone, Deserialize)]
struct Part {
    subject: Option<Entity>,
    action: Option<Action>,
    resource: Option<Entity>,
}

/// Several questions.
#[derive(Debug, Deserialize)]
struct Batch {
    #[serde(flatten)]
    default: Part,
    #[serde(default)]
    evaluations: Vec<Part>,
    #[serde(default)]
    options: Options,
}

#[derive(Debug, Default, Deserialize)]
struct Options {
    #[serde(default)]
    evaluations_semantic: Semantic,
}

/// When to stop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Semantic {
    #[default]
    ExecuteAll,
    DenyOnFirstDeny,
    PermitOnFirstPermit,
}

/// An answer.
#[derive(Debug, Serialize)]
struct Decision {
    decision: bool,
    context: Value,
}

impl Part {
    /// With what it leaves to the whole request.
    fn completed(self, default: &Self) -> Result<Evaluation, Error> {
        let missing = |field| Error::field(field, "is said neither by the evaluation nor for all of them");
        Ok(Evaluation {
            subject: self.subject.or_else(|| default.subject.clone()).ok_or_else(|| missing("subject"))?,
            action: self.action.or_else(|| default.action.clone()).ok_or_else(|| missing("action"))?,
            resource: self.resource.or_else(|| default.resource.clone()).ok_or_else(|| missing("resource"))?,
        })
    }
}

impl Evaluation {
    fn question(self) -> Result<Question, Error> {
        if self.subject.kind != "user" {
            return Err(Error::field("subject", "of the type user is known here, by its e-mail address or id"));
        }
        let thing = Thing::named(&self.resource.kind, &self.resource.id)?;
        Ok(Question { account: self.subject.id, action: self.action.name, thing, after_link: None })
    }
}

impl Decision {
    /// The reason for people, and for whoever looks after the policies, each under the status that says it in HTTP.
    fn new(decision: bool, status: StatusCode, for_user: String, for_admin: String) -> Self {
        let under = |reason: String| {
            let mut map = Map::new();
            map.insert(status.as_str().to_owned(), Value::String(reason));
            Value::Object(map)
        };
        Self { decision, context: json!({ "reason_user": under(for_user), "reason_admin": under(for_admin) }) }
    }
}

/// Answers one question. What the rules or the one who asks do not let be answered is a denial that says so.
async fn decide(app: &AppState, principal: &Principal, evaluation: Evaluation) -> Result<Decision, Failure> {
    let answered = match evaluation.question() {
        Ok(question) => explain_access(app, principal, &question).await,
        Err(e) => Err(e),
    };
    match answered {
        Ok(found) => {
            let status = if found.now.allowed { StatusCode::OK } else { StatusCode::FORBIDDEN };
            let policies: Vec<&str> = found.now.policies.iter().map(|p| p.id.as_str()).collect();
            let through = found.now.through.join("; ");
            let through = if through.is_empty() { through } else { format!(" through: {through}") };
            let for_admin = format!("policies: {}{through}", policies.join(", "));
            Ok(Decision::new(found.now.allowed, status, found.now.because, for_admin))
        }
        Err(e @ (Error::NotFound { .. } | Error::Refused(_) | Error::BadInput(_))) => {
            Ok(Decision::new(false, status_of(&e), e.to_string(), e.to_string()))
        }
        Err(e) => Err(Failure(e)),
    }
}

async fn evaluate(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(evaluation): JsonBody<Evaluation>,
) -> Result<Json<Decision>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    Ok(Json(decide(&app, &principal, evaluation).await?))
}

async fn evaluate_all(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(asked): JsonBody<Batch>,
) -> Result<Json<Value>, Failure> {
    let principal = caller.with_scope(Scope::Read)?;
    let Batch { default, evaluations, options } = asked;
    if evaluations.is_empty() {
        let one = default.clone().completed(&default)?;
        return Ok(Json(json!(decide(&app, &principal, one).await?)));
    }
    if evaluations.len() > MOST_EVALUATIONS {
        let detail = format!("at most {MOST_EVALUATIONS} in one request, these are {}", evaluations.len());
        return Err(Failure(Error::field("evaluations", detail)));
    }
    // All are understood before any is answered.
    let evaluations =
        evaluations.into_iter().map(|part| part.completed(&default)).collect::<Result<Vec<_>, Error>>()?;
    let mut decisions = Vec::with_capacity(evaluations.len());
    for evaluation in evaluations {
        let decision = decide(&app, &principal, evaluation).await?;
        let is_enough = match options.evaluations_semantic {
            Semantic::ExecuteAll => false,
            Semantic::DenyOnFirstDeny => !decision.decision,
            Semantic::PermitOnFirstPermit => decision.decision,
        };
        decisions.push(decision);
        if is_enough {
            break;
        }
    }
    Ok(Json(json!({ "evaluations": decisions })))
}

/// Where the endpoints are, for programs that are given only the address of the installation.
async fn describe(State(app): State<AppState>) -> Json<Value> {
    let here = app.settings.public_url.trim_end_matches('/');
    Json(json!({
        "policy_decision_point": here,
        "access_evaluation_endpoint": format!("{here}{EVALUATION}"),
        "access_evaluations_endpoint": format!("{here}{EVALUATIONS}"),
    }))
}

/// The protocol wants a request's own name in the answer; in the log, and in problem documents, it has ours.
async fn say_request_id_again(request: Request, next: Next) -> Response {
    const NAME: HeaderName = HeaderName::from_static("x-request-id");
    let given = request.headers().get(NAME).cloned();
    let mut response = next.run(request).await;
    if let Some(given) = given {
        tracing::debug!(asked_as = ?given, "the caller names the request");
        response.headers_mut().insert(NAME, given);
    }
    response
}
