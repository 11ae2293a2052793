//! A workspace can be linked now, or no longer: told once to its admins and to whoever asked to be told.

use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use crate::{Action, Content, Named};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EligibilityChanged {
    pub workspace: Named,
    pub is_eligible: bool,
    /// Why not, in words.
    pub reasons: Vec<String>,
    /// The reader administers it; otherwise they asked to be told.
    pub is_admin: bool,
}

impl Content for EligibilityChanged {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Eligibility
    }

    fn subject(&self) -> String {
        let can = if self.is_eligible { "can be linked now" } else { "can no longer be linked" };
        format!("{} {can}", self.workspace.name)
    }

    fn paragraphs(&self) -> Vec<String> {
        let mut said = Vec::new();
        if self.is_eligible {
            said.push(format!("Nothing stands in the way of linking the workspace {} any more.", self.workspace));
        } else {
            said.push(format!("The workspace {} can no longer be linked to an organization.", self.workspace));
            said.extend(self.reasons.iter().cloned());
        }
        if !self.is_admin {
            said.push("You are told because you asked to be told when it changes.".to_owned());
        }
        said
    }

    fn action(&self) -> Action {
        if self.is_eligible && self.is_admin {
            Action::new("Link the workspace", format!("/link?workspace={}", self.workspace.slug))
        } else {
            Action::new("See the workspace", format!("/workspaces/{}", self.workspace.slug))
        }
    }

    fn samples() -> Vec<Self> {
        let workspace = Named::new("atlas-platform", "Atlas Platform");
        let sample = |is_eligible, is_admin| Self {
            workspace: workspace.clone(),
            is_eligible,
            reasons: if is_eligible { Vec::new() } else { vec!["The workspace is under a legal hold.".to_owned()] },
            is_admin,
        };
        vec![sample(true, true), sample(true, false), sample(false, true), sample(false, false)]
    }
}

/// Several changed at once, as after an import: one message, not one for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeveralChanged {
    /// The first of those that can be linked now.
    pub eligible: Vec<Named>,
    /// The first of those that no longer can.
    pub not_eligible: Vec<Named>,
    pub eligible_count: u64,
    pub not_eligible_count: u64,
}

fn first(of: &[Named], count: u64) -> String {
    let names: Vec<String> = of.iter().map(ToString::to_string).collect();
    let more = count.saturating_sub(of.len() as u64);
    if more == 0 { names.join(", ") } else { format!("{} and {more} more", names.join(", ")) }
}

impl Content for SeveralChanged {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Eligibility
    }

    fn subject(&self) -> String {
        match (self.eligible_count, self.not_eligible_count) {
            (can, 0) => format!("{can} workspaces can be linked now"),
            (0, cannot) => format!("{cannot} workspaces can no longer be linked"),
            (can, cannot) => format!("{can} workspaces can be linked now, {cannot} no longer"),
        }
    }

    fn paragraphs(&self) -> Vec<String> {
        let mut said = Vec::new();
        if self.eligible_count > 0 {
            let list = first(&self.eligible, self.eligible_count);
            said.push(format!("Nothing stands in the way of linking these workspaces any more: {list}."));
        }
        if self.not_eligible_count > 0 {
            let list = first(&self.not_eligible, self.not_eligible_count);
            said.push(format!("These can no longer be linked; each of them says why: {list}."));
        }
        said
    }

    fn action(&self) -> Action {
        Action::new("See your workspaces", "/link")
    }

    fn samples() -> Vec<Self> {
        let some = || vec![Named::new("atlas-platform", "Atlas Platform"), Named::new("docs-site", "docs-site")];
        vec![
            Self { eligible: some(), not_eligible: Vec::new(), eligible_count: 14, not_eligible_count: 0 },
            Self { eligible: Vec::new(), not_eligible: some(), eligible_count: 0, not_eligible_count: 2 },
            Self { eligible: some(), not_eligible: some(), eligible_count: 2, not_eligible_count: 9 },
        ]
    }
}
