//! Every message, one file each. A new one: a file here, a line in the list, and an arm in `app/src/notify/` for the
//! event it tells of. Parameters are kept: give a new field a `#[serde(default)]`.

use serde::{Deserialize, Serialize};

use crate::Content;

macro_rules! mails {
    ($($file:ident: $($variant:ident = $template:literal),+;)+) => {
        $(mod $file; pub use $file::*;)+

        /// A message: its template by name, and its parameters.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "template", content = "parameters")]
        pub enum Mail {
            $($(#[serde(rename = $template)] $variant($variant),)+)+
        }

        impl Mail {
            /// What it says.
            #[must_use]
            pub fn content(&self) -> &dyn Content {
                match self { $($(Self::$variant(content) => content,)+)+ }
            }

            /// The template's name.
            #[must_use]
            pub const fn template(&self) -> &'static str {
                match self { $($(Self::$variant(_) => $template,)+)+ }
            }

            /// One of each shape of each message.
            #[must_use]
            pub fn samples() -> Vec<Self> {
                let mut samples = Vec::new();
                $($(samples.extend($variant::samples().into_iter().map(Self::$variant));)+)+
                samples
            }
        }

        $($(impl From<$variant> for Mail {
            fn from(content: $variant) -> Self {
                Self::$variant(content)
            }
        })+)+
    };
}

mails! {
    link: WorkspaceLinked = "workspace_linked", WorkspaceUnlinked = "workspace_unlinked";
    role: RoleChanged = "role_changed";
    eligibility: EligibilityChanged = "eligibility_changed", SeveralChanged = "several_changed";
    sign_in: NewSignIn = "new_sign_in", SignInLink = "sign_in_link", VerifyAddress = "verify_address";
    security: SecurityChanged = "security_changed";
    invitation: Invited = "invited", InvitationAnswered = "invitation_answered",
        InvitationExpired = "invitation_expired";
    access_request: AccessRequested = "access_requested", AccessRequestAnswered = "access_request_answered",
        AccessRequestExpired = "access_request_expired";
    billing: BillingAnnounced = "billing_announced", BillingReminder = "billing_reminder",
        BillingDatesChanged = "billing_dates_changed", BillingMigrated = "billing_migrated",
        OrganizationToPay = "organization_to_pay";
    invoice: InvoiceIssued = "invoice_issued", BillingAccountNews = "billing_account_news";
    campaign: CampaignAnnounced = "campaign_announced", CampaignReminder = "campaign_reminder",
        LinkedAutomatically = "linked_automatically", DatesChanged = "dates_changed";
    proposal: LinkProposed = "link_proposed", ConsentOutdated = "consent_outdated", ProposalEnded = "proposal_ended";
    preference: PreferenceDeclared = "preference_declared";
    claim: ClaimBegun = "claim_begun", ClaimEnded = "claim_ended";
    assistant: AssistantAsked = "assistant_asked";
    recovery: RecoveryTold = "recovery_told";
    extension: ExtensionChanged = "extension_changed";
    outbox: MailRevealed = "mail_revealed";
    tracker: TrackerUpdated = "tracker_updated", CapabilityGained = "capability_gained";
    users: UsersMigrated = "users_migrated", UsersToMigrate = "users_to_migrate";
    webhook: WebhookPaused = "webhook_paused";
    domain: AccountClaimAnnounced = "account_claim_announced", AccountClaimObjected = "account_claim_objected",
        AccountClaimSettled = "account_claim_settled", DomainTold = "domain_told";
}

#[cfg(test)]
mod tests;
