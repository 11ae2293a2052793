//! Typed ids: a workspace's id can never be passed where an organization's is meant.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A person (or robot) who signs in.
    AccountId,
    /// A company-level container.
    OrganizationId,
    /// A place in an organization that carries products.
    SiteId,
    /// A standalone container of an app.
    WorkspaceId,
    /// A named set of members in a workspace.
    UserGroupId,
    /// A group of a directory, of an organization or of one of its sites.
    DirectoryGroupId,
    /// A repository of a workspace.
    RepositoryId,
    /// The attachment of one workspace to one organization.
    LinkId,
    /// One append-only record of something that happened.
    EventId,
    /// A personal access token.
    TokenId,
    /// One signed-in browser.
    SessionId,
    /// An entry of an inbox.
    NotificationId,
    /// A mail, and what its `Message-ID` is made of.
    MailId,
    /// One attempt to give something an admin again.
    RecoveryId,
    /// What a device signs in with instead of a password.
    PasskeyId,
    /// What somebody was asked to become.
    InvitationId,
    /// What somebody asks to become.
    AccessRequestId,
    /// A link that several people must agree to.
    ProposalId,
    /// What an assistant asks its own person to do.
    AssistantRequestId,
    /// A domain that an organization shows to be its own.
    DomainClaimId,
    /// A deadline with what comes before and after it.
    CampaignId,
    /// One decision about everybody in a campaign: a rehearsal, or the real one.
    RunId,
    /// An extension in one workspace.
    InstalledExtensionId,
    /// Who pays in an organization.
    BillingAccountId,
    /// Something about that which others must agree to.
    BillingRequestId,
    /// Something that the operator said of the progress of a capability.
    TrackerUpdateId,
    /// Where a program is told of what happened.
    WebhookId,
    /// One event that one webhook is told of.
    DeliveryId,
}

/// A workspace or an organization: what people and their roles belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TenantId {
    Workspace(WorkspaceId),
    Organization(OrganizationId),
}

impl TenantId {
    /// The id itself, whichever it is of.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        match self {
            Self::Workspace(id) => id.0,
            Self::Organization(id) => id.0,
        }
    }

    #[must_use]
    pub const fn workspace(self) -> Option<WorkspaceId> {
        match self {
            Self::Workspace(id) => Some(id),
            Self::Organization(_) => None,
        }
    }

    #[must_use]
    pub const fn organization(self) -> Option<OrganizationId> {
        match self {
            Self::Organization(id) => Some(id),
            Self::Workspace(_) => None,
        }
    }
}
