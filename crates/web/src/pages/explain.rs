//! *Who can do what*: asked by a form, answered in words.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use orglink_app::explain::{self, Answer, Explanation, Question, Thing};
use orglink_app::mine::list_my_organizations;
use orglink_app::workspace::{WorkspaceView, view_workspace};
use orglink_app::{Error, PageRequest};
use orglink_domain::organization::Organization;
use orglink_http::{AppState, Failure, QueryString, Visitor};
use serde::Deserialize;

use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "explain.html")]
struct ExplainPage {
    shell: Shell,
    view: WorkspaceView,
    /// What was asked, as the form shows it again.
    asked: Asked,
    choices: Vec<Choice>,
    organizations: Vec<Organization>,
    answers: Vec<Told>,
    /// Why there is no answer.
    problem: Option<String>,
}

/// What can be asked of one kind of thing.
struct Choice {
    label: &'static str,
    kind: &'static str,
    actions: Vec<&'static str>,
}

/// An answer with when it holds.
struct Told {
    when: String,
    answer: Answer,
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    account: String,
    /// What of which kind of thing: `repository:read`.
    #[serde(default)]
    ask: String,
    /// The slug of a repository or user group; nothing for the workspace itself.
    #[serde(default)]
    of: String,
    /// The slug of an organization.
    #[serde(default)]
    after_link: String,
}

impl Asked {
    fn question(&self, workspace: &str) -> Result<Question, Error> {
        let (kind, action) =
            self.ask.split_once(':').ok_or_else(|| Error::field("ask", "choose what from the list"))?;
        let of = self.of.trim();
        let name = if kind == "workspace" { workspace.to_owned() } else { format!("{workspace}/{of}") };
        let after = self.after_link.trim();
        Ok(Question {
            account: self.account.trim().to_owned(),
            action: action.to_owned(),
            thing: Thing::named(kind, &name)?,
            after_link: (!after.is_empty()).then(|| after.to_owned()),
        })
    }
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(mut asked): QueryString<Asked>,
) -> Result<Html<String>, Failure> {
    let principal = visitor.principal();
    let view = view_workspace(&app, principal, &slug).await?;
    let (slug, name) = (view.workspace.slug.clone(), view.workspace.name.clone());
    let (answers, problem) = if asked.account.trim().is_empty() {
        (Vec::new(), None)
    } else {
        let question = asked.question(&slug);
        let answered = match question {
            Ok(question) => explain::explain_access(&app, principal, &question).await,
            Err(e) => Err(e),
        };
        match answered {
            Ok(found) => (told(found), None),
            // What somebody typed is answered beside the form, so that they can type it again.
            Err(e @ (Error::NotFound { .. } | Error::Refused(_) | Error::BadInput(_))) => {
                (Vec::new(), Some(e.to_string()))
            }
            Err(e) => return Err(Failure(e)),
        }
    };
    if asked.account.trim().is_empty() {
        asked.account.clone_from(&principal.account()?.email);
    }
    let organizations = list_my_organizations(&app, principal, &PageRequest::new(None, Some(500))?).await?;
    let shell = Shell::new(&app, &visitor, format!("Who can do what · {name}")).await?;
    let shell = shell.in_workspace(&slug, &name, "Who can do what");
    let organizations = organizations.items.into_iter().map(|o| o.organization).collect();
    render(&ExplainPage { shell, view, asked, choices: choices(), organizations, answers, problem })
}

fn choices() -> Vec<Choice> {
    let choice = |label, kind: &'static str| {
        let actions = Thing::named(kind, "w/x").map(|thing| thing.actions()).unwrap_or_default();
        Choice { label, kind, actions }
    };
    vec![
        choice("A repository", "repository"),
        choice("The workspace", "workspace"),
        choice("A user group", "user_group"),
    ]
}

fn told(found: Explanation) -> Vec<Told> {
    let now = Told { when: "Now".to_owned(), answer: found.now };
    let after = found.after.map(|(o, answer)| Told { when: format!("When it is linked to {}", o.name), answer });
    std::iter::once(now).chain(after).collect()
}
