//! One answer in words, of facts that were read already: the same function for what is and for what would be.

use orglink_domain::account::Account;
use orglink_domain::repository_access::{RULE, RULE_SENTENCE, Source};
use orglink_domain::role::{OrganizationStanding, WorkspaceRole};
use orglink_domain::workspace::Permission;
use orglink_policy::{Action, PolicyText, Standing};

use crate::App;

/// Yes or no, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub allowed: bool,
    /// In a sentence or two.
    pub because: String,
    /// The policies that permit it; of a no, those that could have and those that forbid it.
    pub policies: Vec<PolicyText>,
    /// The roles and groups without which a yes would be another one; nothing of a no.
    pub through: Vec<String>,
    /// What would change it.
    pub change: Vec<String>,
}

/// Everything an answer depends on.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub account: Account,
    pub standing: Standing,
    /// What they are to the workspace, in words: nothing, or one phrase.
    pub in_workspace: Option<String>,
    /// What they hold in the organization, in words.
    pub in_organization: Option<String>,
    /// Every way to something on the repository asked about, strongest first.
    pub sources: Vec<Source>,
}

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted {
    /// `action` of something that they must be able to `see` first.
    Policy {
        see: Action,
        action: Action,
    },
    Repository(Permission),
}

impl Facts {
    /// The answer of these facts.
    pub fn answer(&self, app: &App, wanted: Wanted) -> Answer {
        if self.account.is_suspended {
            return Answer {
                allowed: false,
                because: "No: the account is suspended, and does nothing until an operator restores it.".to_owned(),
                policies: Vec::new(),
                through: Vec::new(),
                change: vec!["An operator restores the account.".to_owned()],
            };
        }
        match wanted {
            Wanted::Policy { see, action } => {
                // What they may not see is not there for them, whatever else would be permitted.
                let asked = if app.may(see, self.standing) { action } else { see };
                self.by_policy(app, asked)
            }
            Wanted::Repository(needed) => self.by_grants(needed),
        }
    }

    fn by_policy(&self, app: &App, action: Action) -> Answer {
        let policies = app.behind(action, self.standing);
        if !app.may(action, self.standing) {
            let told: Vec<String> = policies.iter().map(|p| p.sentence.clone()).collect();
            return self.refused(policies, told);
        }
        let matters = |without| !app.may(action, without) || app.behind(action, without) != policies;
        let parts: Vec<(String, Standing)> =
            self.parts().into_iter().filter(|(_, without)| matters(*without)).collect();
        let change = parts.iter().map(|(words, without)| {
            let left = if app.may(action, *without) { "it would still be allowed" } else { "it would be refused" };
            format!("Without this, {left}: {words}.")
        });
        let change = change.collect();
        let through: Vec<String> = parts.into_iter().map(|(words, _)| words).collect();
        Answer { allowed: true, because: yes(&through, &policies), policies, through, change }
    }

    fn by_grants(&self, needed: Permission) -> Answer {
        let policies = vec![PolicyText { id: RULE.to_owned(), sentence: RULE_SENTENCE.to_owned(), forbids: false }];
        let through: Vec<String> = self.sources.iter().filter(|s| s.permission >= needed).map(Source::words).collect();
        if through.is_empty() {
            let missing = match self.sources.first() {
                Some(best) => format!("The most they have there is this: {}.", best.words()),
                None => "Nothing gives them anything there.".to_owned(),
            };
            let change = format!(
                "A workspace admin gives {needed} on the repository to them or to a user group of theirs, or adds them to a group that has it."
            );
            return Answer {
                allowed: false,
                because: format!("No: it takes {needed}. {missing}"),
                policies,
                through,
                change: vec![change],
            };
        }
        let left = if through.len() > 1 { "it would still be allowed" } else { "it would be refused" };
        let change = through.iter().map(|words| format!("Without this, {left}: {words}.")).collect();
        Answer { allowed: true, because: yes(&through, &policies), policies, through, change }
    }

    fn refused(&self, policies: Vec<PolicyText>, mut told: Vec<String>) -> Answer {
        told.sort_unstable();
        told.dedup();
        let they_are = self.parts().into_iter().map(|(words, _)| words).collect::<Vec<_>>();
        let they_are = if they_are.is_empty() { "nothing to it".to_owned() } else { they_are.join(", and ") };
        let forbidden = policies.iter().find(|p| p.forbids).map(|p| format!(" The policy {} forbids it.", p.id));
        let because = format!(
            "No: what they are is {they_are}.{} They would be told: {}",
            forbidden.unwrap_or_default(),
            told.iter().map(|s| format!("“{s}”")).collect::<Vec<_>>().join(" or ")
        );
        let change = told.iter().map(|s| format!("What it takes, in the words they would read: {s}")).collect();
        Answer { allowed: false, because, policies, through: Vec::new(), change }
    }

    /// What makes up the standing, each in words with the standing without it.
    fn parts(&self) -> Vec<(String, Standing)> {
        let s = self.standing;
        let workspace = Standing { workspace: WorkspaceRole::None, ..s };
        let organization = Standing { organization: OrganizationStanding::None, ..s };
        let verified = "holder of a verified e-mail address";
        [
            (self.in_workspace.clone(), workspace),
            (self.in_organization.clone(), organization),
            (s.is_operator.then(|| "operator of this installation".to_owned()), Standing { is_operator: false, ..s }),
            (s.is_verified.then(|| verified.to_owned()), Standing { is_verified: false, ..s }),
        ]
        .into_iter()
        .filter_map(|(words, without)| Some((words?, without)))
        .collect()
    }
}

fn yes(through: &[String], policies: &[PolicyText]) -> String {
    let named = policies.iter().map(|p| p.id.as_str()).collect::<Vec<_>>().join(", ");
    let word = if policies.len() > 1 { "policies" } else { "policy" };
    if through.is_empty() {
        return format!("Yes: anybody may, by the {word} {named}.");
    }
    format!("Yes: {}; by the {word} {named}.", through.join("; "))
}
