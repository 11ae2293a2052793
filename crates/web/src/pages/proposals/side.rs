//! What a side's agreement is worth, in words.

use orglink_app::consent::AgreementView;
use orglink_domain::clock::Timestamp;
use orglink_domain::consent::{Agreement, Rule, Side};
use orglink_domain::event::Through;
use orglink_domain::id::AccountId;
use orglink_domain::plan::{Difference, Warning};
use orglink_domain::user_management::UsersWarning;

/// A row of the table of sides.
pub struct SideRow {
    pub side: Side,
    /// `The workspace`.
    pub title: String,
    /// The class of its lozenge, and what that says.
    pub lozenge: &'static str,
    pub state: &'static str,
    /// What follows from it; may be empty.
    pub words: String,
    /// Who agreed, and when.
    pub by: String,
    pub at: Option<Timestamp>,
    /// An operator did, in somebody's name.
    pub is_on_behalf: bool,
    /// Titles of the warnings that were acknowledged.
    pub acknowledged: Vec<&'static str>,
    /// What has changed since.
    pub differences: Vec<Difference>,
    /// It counts for the plan as it is.
    pub counts: bool,
    /// The visitor can agree for it now.
    pub is_mine: bool,
}

impl SideRow {
    /// The rows of a proposal for a visitor.
    pub fn all(sides: Vec<AgreementView>, rule: Rule, me: AccountId, is_open: bool) -> Vec<Self> {
        let mine: Vec<Side> =
            sides.iter().filter(|s| s.given.as_ref().is_some_and(|g| g.account == me)).map(|s| s.side).collect();
        sides.into_iter().map(|view| Self::of(view, rule, &mine, is_open)).collect()
    }

    fn of(view: AgreementView, rule: Rule, agreed_by_me: &[Side], is_open: bool) -> Self {
        let side = view.side;
        // Who has agreed for another side is no second person for this one.
        let is_taken = side.others(rule.consent).iter().any(|other| agreed_by_me.contains(other));
        let (lozenge, state, words) = in_words(side, view.agreement, &view.by, is_open);
        let words = if view.is_mine && is_taken {
            format!("It takes somebody else than you: {} who has not agreed for another side.", side.who())
        } else {
            words
        };
        let mut title = side.title().to_owned();
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let codes = view.given.as_ref().map(|g| g.acknowledged.as_slice()).unwrap_or_default();
        Self {
            side,
            title,
            lozenge,
            state,
            words,
            at: view.given.as_ref().map(|g| g.at),
            is_on_behalf: view.given.as_ref().is_some_and(|g| g.through == Through::Operator),
            acknowledged: codes.iter().filter_map(|code| title_of(code)).collect(),
            by: view.by,
            differences: view.differences,
            counts: view.agreement == Agreement::Given,
            is_mine: view.is_mine && !is_taken,
        }
    }
}

fn in_words(side: Side, agreement: Agreement, by: &str, is_open: bool) -> (&'static str, &'static str, String) {
    let who = side.who();
    match agreement {
        Agreement::Given => ("good", "Agreed", String::new()),
        Agreement::Missing if is_open => ("new", "Waits", format!("It takes {who}.")),
        Agreement::Missing => ("", "Had not agreed", String::new()),
        Agreement::Outdated => (
            "warn",
            "Agreed to an earlier plan",
            format!(
                "What the plan says has changed since. The consent counts again when {who} agrees to the plan as it is."
            ),
        ),
        Agreement::NotASecondPerson => {
            ("bad", "Not a second person", format!("It takes {who} who has not agreed for another side, in person."))
        }
        Agreement::NoLongerEntitled => (
            "bad",
            "Does not count any more",
            format!("{by} may no longer speak for {}. It takes {who}.", side.title()),
        ),
    }
}

/// The title of a warning, of a link or of a users migration.
fn title_of(code: &str) -> Option<&'static str> {
    let of_link = code.parse::<Warning>().ok().map(Warning::title);
    of_link.or_else(|| code.parse::<UsersWarning>().ok().map(UsersWarning::title))
}

#[cfg(test)]
mod tests {
    use orglink_domain::link::Consent;

    use super::*;

    #[test]
    fn every_standing_of_every_side_has_its_words() {
        for side in Side::ALL {
            for agreement in Agreement::ALL {
                let (_, state, words) = in_words(*side, *agreement, "Ada", true);
                assert!(!state.is_empty());
                assert_eq!(words.is_empty(), *agreement == Agreement::Given, "{side} {agreement}");
            }
        }
    }

    #[test]
    fn two_people_are_two() {
        assert_eq!(Side::Workspace.others(Consent::TwoPeople), [Side::Source, Side::Organization]);
        assert!(Side::Workspace.others(Consent::TwoSided).is_empty());
        assert!(Side::Payer.others(Consent::TwoPeople).is_empty());
    }
}
