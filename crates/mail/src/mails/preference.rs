//! A workspace's admin says that it is to go to an organization if nobody links it: the organization's admins are asked.

use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use crate::{Action, Content, Named, Person};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreferenceDeclared {
    pub workspace: Named,
    pub organization: Named,
    pub by: Person,
}

impl Content for PreferenceDeclared {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Campaign
    }

    fn subject(&self) -> String {
        format!("{} is to come to {}: do you agree?", self.workspace.name, self.organization.name)
    }

    fn paragraphs(&self) -> Vec<String> {
        vec![
            format!(
                "{} says that the workspace {} is to be linked to {} if nobody links it by the campaign's date. It counts \
                 when an admin of the organization agrees.",
                self.by, self.workspace, self.organization
            ),
            "Linking only: agreeing gives nobody access to anything, and moves neither people nor billing. Without an answer \
             the workspace goes where the campaign's other rules say."
                .to_owned(),
        ]
    }

    fn action(&self) -> Action {
        Action::new("Agree or decline", format!("/organizations/{}/preferences", self.organization.slug))
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            workspace: Named::new("atlas-platform", "Atlas Platform"),
            organization: Named::new("meridian", "Meridian"),
            by: Person::named("Noor Haddad"),
        }]
    }
}
