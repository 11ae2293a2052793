//! What a receipt shows, in words for people who do not read JSON.

use serde::Serialize;
use serde_json::Value;

use super::{Act, Verified, part};
use crate::clock::Timestamp;
use crate::consent::Side;
use crate::link::AccessCheck;
use crate::plan::Warning;
use crate::user_management::UsersWarning;

/// What no receipt shows, said with each.
pub const LIMITS: &str = "A receipt shows what happened then and that the ledger's operator signed for it. It does not show what happened since (a link may have been undone), what a person behind an account's id is called, or that the key given is really the operator's: get the key by another way than the receipt.";

/// One thing that a receipt shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    pub label: &'static str,
    pub text: String,
}

impl Verified {
    /// What happened, in one sentence.
    #[must_use]
    pub fn headline(&self) -> String {
        let (w, o) = (self.name("workspace"), self.name("organization"));
        match self.act {
            Act::Link => format!("The workspace {w} was linked to the organization {o}."),
            Act::AutomaticLink => {
                let campaign = text(part(self.decision(), "campaign"), "name");
                format!(
                    "The workspace {w} was linked to the organization {o} by the campaign {campaign}, because nobody had linked it by its date."
                )
            }
            Act::Transfer => {
                let from = text(part(part(part(&self.receipt, "event"), "payload"), "moved_from"), "slug");
                format!("The workspace {w} was moved from the organization {from} to {o}.")
            }
            Act::Unlink => format!("Two operators ended the link of the workspace {w} to the organization {o}."),
            Act::AutomaticUsersMigration => {
                let campaign = text(part(self.decision(), "campaign"), "name");
                format!(
                    "The users of the workspace {w} migrated into the directory of the organization {o} by the campaign {campaign}, as was agreed to beforehand."
                )
            }
            Act::MigrateUsers => {
                format!("The users of the workspace {w} migrated into the directory of the organization {o}.")
            }
            Act::Undo => format!("The link of the workspace {w} to the organization {o} was taken back."),
        }
    }

    /// Everything else, in the order in which people ask.
    #[must_use]
    pub fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        let mut add = |label, text: String| facts.push(Fact { label, text });
        add("When", moment(self.entry.at));
        add("Who", who(self.entry.actor_id.map(|id| id.to_string()).as_deref(), &self.entry.through));
        if matches!(self.act, Act::AutomaticLink | Act::AutomaticUsersMigration) {
            let (rule, reason) = (text(self.decision(), "rule"), text(self.decision(), "reason"));
            add("Decided", format!("By the rule {rule}. {reason} Run {}.", text(self.decision(), "run")));
        }
        let reason = text(part(&self.receipt, "event").get("payload").unwrap_or(&Value::Null), "reason");
        if matches!(self.act, Act::Undo | Act::Unlink) && !reason.is_empty() {
            add("Reason given", reason);
        }
        for consent in list(part(&self.receipt, "consents")) {
            add("Consent", consented(consent));
        }
        for code in list(part(&self.receipt, "acknowledged")) {
            add("Warning acknowledged", warning(code.as_str().unwrap_or_default()));
        }
        for line in self.planned() {
            add("As planned", line);
        }
        if let Some(digest) = part(&self.receipt, "plan_digest").as_str() {
            add("Plan", digest.to_owned());
        }
        let access = part(&self.receipt, "access");
        add("Access before", text(access, "before"));
        add("Access after", self.access_after(&text(access, "before"), &text(access, "after")));
        add("Link", text(&self.receipt, "link"));
        add("Event", format!("{}, position {}", self.entry.id, self.entry.position));
        let c = &self.checkpoint;
        add("Ledger", format!("{}, signed over {} events with the root {}", c.origin, c.size, c.root));
        facts
    }

    fn decision(&self) -> &Value {
        part(&self.receipt, "decision")
    }

    /// A side as the plan or the event calls it.
    fn name(&self, side: &str) -> String {
        let (plan, event) = (part(&self.receipt, "plan"), part(&self.receipt, "event"));
        let of_plan = part(plan, side);
        let of_event = part(part(event, "payload"), side);
        let slug = text(of_event, "slug");
        match (text(of_plan, "name"), slug.is_empty()) {
            (name, false) if !name.is_empty() => format!("{name} ({slug})"),
            (_, false) => slug,
            (_, true) => text(of_event, "id"),
        }
    }

    /// What the plan that was decided on says, as far as people fear it.
    fn planned(&self) -> Vec<String> {
        let plan = part(&self.receipt, "plan");
        if plan.is_null() {
            return Vec::new();
        }
        let mut lines = vec![format!(
            "Access {}, billing {}.",
            text(part(plan, "access"), "now"),
            text(part(plan, "billing"), "now")
        )];
        let features = |when| list(part(part(plan, "entitlements"), when));
        let (before, after) = (features("before"), features("after"));
        let only = |these: &[Value], those: &[Value]| {
            these.iter().filter(|f| !those.contains(f)).filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
        };
        for (what, which) in [("Unlocked", only(after, before)), ("Locked again", only(before, after))] {
            if !which.is_empty() {
                lines.push(format!("{what}: {which}."));
            }
        }
        let window = text(part(plan, "policy"), "undo_window_seconds").parse::<i64>();
        match (self.act, window) {
            (Act::Link | Act::Transfer, Ok(0)) => lines.push(
                match part(part(plan, "policy"), "transfer").as_bool() {
                    Some(true) => "No admin can undo the link; it can be moved when all sides agree.",
                    _ => "The link is permanent.",
                }
                .to_owned(),
            ),
            (Act::Link | Act::Transfer, Ok(seconds)) => {
                let until = moment(self.entry.at.plus_seconds(seconds));
                lines.push(format!("An admin of either side can undo it until {until}; then it is permanent."));
            }
            _ => {}
        }
        lines
    }

    fn access_after(&self, before: &str, after: &str) -> String {
        if after.is_empty() {
            return "Not compared yet when this receipt was made.".to_owned();
        }
        let outcome = text(part(part(&self.receipt, "access_event"), "payload"), "outcome").parse::<AccessCheck>();
        let says = match outcome {
            _ if before == after => "The same: compared from a fresh read, nobody gained or lost access.",
            Ok(AccessCheck::ChangedSince) => {
                "Different: the workspace's own people changed something before it was compared; its activity says what."
            }
            _ => "Different, although nobody changed it: an alarm that the operator was told of.",
        };
        if before == after { says.to_owned() } else { format!("{says} {after}") }
    }
}

fn text(value: &Value, name: &str) -> String {
    part(value, name).as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A moment as people read it, and exactly.
fn moment(at: Timestamp) -> String {
    format!("{} ({at})", at.to_minute())
}

fn who(account: Option<&str>, through: &str) -> String {
    match (account, through) {
        (Some(account), "own") => format!("The account {account}, by itself."),
        (Some(account), "operator") => {
            format!("An operator of the installation, on behalf of the account {account}.")
        }
        (None, "operator") => "An operator of the installation.".to_owned(),
        (None, "system") => "The program by itself.".to_owned(),
        (account, other) => format!("{} ({other}).", account.unwrap_or("Nobody in particular")),
    }
}

fn consented(consent: &Value) -> String {
    let by = who(part(consent, "account").as_str(), &text(consent, "through"));
    let side =
        text(consent, "side").parse::<Side>().map_or_else(|_| String::new(), |side| format!("for {}", side.title()));
    let at = text(consent, "at");
    let at = at.parse::<Timestamp>().map_or(at, moment);
    format!("{by} {}, {at}, to the plan {}", capital(&side), text(consent, "plan_digest"))
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default() + letters.as_str()
}

/// A warning as it was shown; its code, where this program does not know it.
fn warning(code: &str) -> String {
    let (title, detail) = match (code.parse::<Warning>(), code.parse::<UsersWarning>()) {
        (Ok(warning), _) => (warning.title(), warning.detail()),
        (_, Ok(warning)) => (warning.title(), warning.detail()),
        _ => return code.to_owned(),
    };
    format!("{title} ({code}). {detail}")
}
