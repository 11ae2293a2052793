//! A program of somebody else may read a workspace from now on, more of it, or no longer: told to its other admins.

use orglink_domain::clock::Timestamp;
use orglink_domain::extension::ExtensionScope;
use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use crate::{Action, Content, Named, Person};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionChanged {
    pub workspace: Named,
    /// The extension by its name in the catalog and its title.
    pub extension: Named,
    pub by: Person,
    pub what: ExtensionChange,
    /// What it may do.
    pub scopes: Vec<ExtensionScope>,
    pub at: Timestamp,
}

/// What somebody did with an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtensionChange {
    Installed,
    Updated,
    Uninstalled,
}

impl Content for ExtensionChanged {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Extension
    }

    fn subject(&self) -> String {
        let (extension, workspace) = (&self.extension.name, &self.workspace.name);
        match self.what {
            ExtensionChange::Installed => format!("{extension} may read {workspace} now"),
            ExtensionChange::Updated => format!("{extension} was updated in {workspace}"),
            ExtensionChange::Uninstalled => format!("{extension} may no longer read {workspace}"),
        }
    }

    fn paragraphs(&self) -> Vec<String> {
        let (by, extension, place) = (&self.by, &self.extension.name, &self.workspace);
        let because = "You are told because you administer it.";
        let did = match self.what {
            ExtensionChange::Installed => format!("{by} installed the extension {extension} in the workspace {place}. {because}"),
            ExtensionChange::Updated => format!("{by} updated the extension {extension} in the workspace {place}. {because}"),
            ExtensionChange::Uninstalled => {
                return vec![format!("{by} uninstalled the extension {extension} from the workspace {place}. {because}")];
            }
        };
        let may: Vec<&str> = self.scopes.iter().map(|scope| scope.describe()).collect();
        vec![did, format!("What it may do there: {}", may.join(" "))]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![("When", self.at.to_minute())]
    }

    fn action(&self) -> Action {
        Action::new("See the extension", format!("/workspaces/{}/extensions/{}", self.workspace.slug, self.extension.slug))
    }

    fn samples() -> Vec<Self> {
        [ExtensionChange::Installed, ExtensionChange::Updated, ExtensionChange::Uninstalled]
            .map(|what| Self {
                workspace: Named::new("atlas-platform", "Atlas Platform"),
                extension: Named::new("repository-report", "Repository report"),
                by: Person::named("Ada Okafor"),
                what,
                scopes: vec![ExtensionScope::WorkspaceRead, ExtensionScope::RepositoriesRead],
                at: Timestamp::from_micros(1_767_603_600_000_000),
            })
            .to_vec()
    }
}
