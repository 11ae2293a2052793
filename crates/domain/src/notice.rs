//! What people are told, and what they may decide about it.

use crate::words;

words! {
    /// What a notice is about: what people choose by.
    "kind of notice" NoticeKind {
        /// A workspace was linked, or its link ended; or a link is proposed.
        Link = "link",
        /// A role was given or taken.
        Role = "role",
        /// What an account needs to stay its owner's: sign-ins from new places, proofs of addresses, recovery.
        Security = "security",
        /// Somebody is invited, or answered.
        Invitation = "invitation",
        /// Somebody asks for a role, or was answered.
        AccessRequest = "access_request",
        /// A workspace can be linked now, or no longer.
        Eligibility = "eligibility",
        /// Something that nobody can administer any more is to get an admin again.
        Recovery = "recovery",
        /// Dates by which workspaces are to be linked.
        Campaign = "campaign",
        /// One's own assistant asks for something.
        Assistant = "assistant",
        /// A program of somebody else may read a workspace, more of it, or no longer.
        Extension = "extension",
        /// A program is told of nothing any more.
        Webhook = "webhook",
        /// Domains of an organization, and which accounts it manages.
        Domain = "domain",
        /// Bills, and who pays them.
        Billing = "billing",
        /// A capability that was missing, and that one follows.
        Tracker = "tracker",
    }
}

impl NoticeKind {
    /// As people choose by it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Link => "Workspaces linked",
            Self::Role => "Roles given and taken",
            Self::Security => "Your account's safety",
            Self::Invitation => "Invitations",
            Self::AccessRequest => "Requests for roles",
            Self::Eligibility => "Whether workspaces can be linked",
            Self::Recovery => "Recoveries",
            Self::Campaign => "Dates of linking",
            Self::Assistant => "Your assistants",
            Self::Extension => "Extensions",
            Self::Webhook => "Webhooks that fail",
            Self::Domain => "Domains and managed accounts",
            Self::Billing => "Bills and who pays",
            Self::Tracker => "What you follow in the tracker",
        }
    }

    /// What is told.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Link => {
                "A workspace that you administer was linked, or one was linked to your organization; or that is proposed."
            }
            Self::Role => "Somebody gave you a role or took one from you; somebody else became an admin beside you.",
            Self::Security => {
                "Somebody signed in to your account from a new place; links to sign in or to prove an address."
            }
            Self::Invitation => "Somebody invites you; somebody whom you invited has answered, or did not in time.",
            Self::AccessRequest => "Somebody asks you for a role; your own request was answered, or was not in time.",
            Self::Eligibility => "A workspace that you administer or watch can be linked now, or no longer.",
            Self::Recovery => {
                "Somebody is to become admin of something of yours that no admin can act for any more; you can object."
            }
            Self::Campaign => "When workspaces are to be linked, and reminders of it.",
            Self::Assistant => "An assistant with a token of yours asks you to confirm something.",
            Self::Extension => {
                "Somebody installed an extension in a workspace that you administer, updated one or took one out."
            }
            Self::Webhook => "A webhook of something that you administer takes nothing any more and was paused.",
            Self::Domain => {
                "An organization is to manage your account, which you can object to; the record at a domain of your organization is gone."
            }
            Self::Billing => {
                "A bill of a billing account that you administer or pay was made; something about it has changed or is asked of you."
            }
            Self::Tracker => {
                "How far a capability is that was missing and that you follow; your own organization has it."
            }
        }
    }

    /// Why it comes by mail whatever one prefers; nothing when one may choose.
    #[must_use]
    pub const fn obligation(self) -> Option<&'static str> {
        match self {
            Self::Link => Some("A link is permanent, so every admin of both sides must hear of it."),
            Self::Role => Some("Whoever gains or loses a role must hear of it, and so must the other admins."),
            Self::Security => Some("You could not notice that somebody else uses your account."),
            Self::Recovery => Some("Whoever is concerned must be able to object in time."),
            Self::Campaign => Some("What happens at a date by itself must be announced to everybody concerned."),
            Self::Domain => Some("Whoever is to be managed must be able to object in time."),
            Self::Extension => Some("No program may read a workspace without all its admins hearing of it."),
            Self::Billing => Some("Whoever pays must hear of every bill, and of who else pays."),
            Self::Invitation
            | Self::AccessRequest
            | Self::Eligibility
            | Self::Assistant
            | Self::Webhook
            | Self::Tracker => None,
        }
    }
}

words! {
    /// Where a mail stands.
    "state of a mail" MailState {
        /// Not yet sent.
        Waiting = "waiting",
        /// The mail server could not take it; it is tried again.
        Failed = "failed",
        /// The mail server has accepted it.
        Sent = "sent",
        /// The mail server will never take it.
        Refused = "refused",
        /// An operator sends it no more.
        GivenUp = "given_up",
    }
}

impl MailState {
    /// As operators read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Failed => "Failed, tried again",
            Self::Sent => "Sent",
            Self::Refused => "Refused",
            Self::GivenUp => "Given up",
        }
    }

    /// How good that is: a word for its colour, or none.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Waiting => "new",
            Self::Failed => "warn",
            Self::Sent => "good",
            Self::Refused => "bad",
            Self::GivenUp => "",
        }
    }

    #[must_use]
    pub const fn can_be_retried(self) -> bool {
        matches!(self, Self::Failed | Self::Refused | Self::GivenUp)
    }

    #[must_use]
    pub const fn can_be_given_up(self) -> bool {
        matches!(self, Self::Waiting | Self::Failed | Self::Refused)
    }
}
