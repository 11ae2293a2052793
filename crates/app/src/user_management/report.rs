//! What a plan found, as far as the one who looks may know the people concerned: linking showed nobody the other side's people,
//! and planning does not either.

use std::collections::BTreeSet;

use orglink_domain::id::AccountId;
use orglink_domain::user_management::{Finding, FindingCode, Person, Widening};
use orglink_policy::Action;

use super::Planned;
use crate::App;

/// A finding with the people whom the one who looks may see.
#[derive(Debug, Clone)]
pub struct FindingView {
    pub code: FindingCode,
    pub subject: String,
    pub detail: String,
    pub people: Vec<Person>,
    /// How many more there are.
    pub hidden: usize,
}

/// What somebody could do only afterwards, the same.
#[derive(Debug, Clone)]
pub struct WideningView {
    pub workspace: String,
    pub thing: String,
    pub before: String,
    pub after: String,
    pub people: Vec<Person>,
    pub hidden: usize,
}

/// Whom the one who looks may see.
struct Sight<'a> {
    planned: &'a Planned,
    known: BTreeSet<AccountId>,
    sees_workspace: bool,
    sees_directory: bool,
}

impl Sight<'_> {
    fn people(&self, accounts: &[AccountId]) -> (Vec<Person>, usize) {
        let seen = accounts.iter().filter(|id| self.known.contains(id));
        let people: Vec<Person> = seen.filter_map(|id| self.planned.facts.people.get(id)).cloned().collect();
        let hidden = accounts.len() - people.len();
        (people, hidden)
    }
}

/// The findings and what would widen.
pub(super) fn seen(app: &App, planned: &Planned) -> (Vec<FindingView>, Vec<WideningView>) {
    let sees_workspace = planned.workspace.may(app, Action::ViewWorkspacePeople);
    let sees_directory = planned.organization.may(app, Action::ViewDirectory);
    let facts = &planned.facts;
    let of_here = facts.here.groups.iter().flat_map(|g| &g.members).chain(facts.here.direct.keys());
    let of_directory = facts.directory.iter().flat_map(|d| &d.members);
    let known: BTreeSet<AccountId> =
        of_here.filter(|_| sees_workspace).chain(of_directory.filter(|_| sees_directory)).copied().collect();
    let sight = Sight { planned, known, sees_workspace, sees_directory };
    let findings = planned.plan.findings.iter().map(|f| finding(&sight, f)).collect();
    let widenings = planned.plan.proof.widenings.iter().map(|w| widening(&sight, w)).collect();
    (findings, widenings)
}

fn finding(sight: &Sight<'_>, of: &Finding) -> FindingView {
    let (people, hidden) = sight.people(&of.accounts);
    let is_told = match of.code {
        // Their words name addresses.
        FindingCode::SamePerson => hidden == 0,
        FindingCode::PendingInvitation => sight.sees_workspace,
        _ => true,
    };
    let (subject, detail) = if is_told {
        (of.subject.clone(), of.detail.clone())
    } else {
        (
            sight.planned.facts.workspace.slug.clone(),
            "Whoever sees the people on both sides is told whom this concerns.".to_owned(),
        )
    };
    FindingView { code: of.code, subject, detail, people, hidden }
}

fn widening(sight: &Sight<'_>, of: &Widening) -> WideningView {
    let (people, hidden) = sight.people(&of.accounts);
    let is_here = of.workspace == sight.planned.facts.workspace.id;
    WideningView {
        // Which other workspaces are attached is the directory's to know.
        workspace: if is_here || sight.sees_directory { of.slug.clone() } else { "another workspace".to_owned() },
        thing: of.thing.clone(),
        before: of.before.clone(),
        after: of.after.clone(),
        people,
        hidden,
    }
}
