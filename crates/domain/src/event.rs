//! Events: the closed list of things that can have happened, and how one is committed to.
//!
//! The *envelope* (id, type, time, ids of who and what) is kept forever and holds no personal data. The
//! *payload* stands beside it with a random salt; the envelope commits to both by
//! `SHA-256(salt ‖ payload)`, so that erasing a person's payload breaks no proof.

use serde_json::Value;

use crate::clock::Timestamp;
use crate::digest::{Digest, canonical_json};
use crate::id::{AccountId, EventId, OrganizationId, WorkspaceId};
use crate::words;

words! {
    /// What happened, in the past tense.
    "event type" EventType {
        /// An import was applied; the payload counts what it created and changed.
        ImportCompleted = "import.completed",
        AccountCreated = "account.created",
        AccountPasswordChanged = "account.password_changed",
        OperatorGranted = "operator.granted",
        OperatorRevoked = "operator.revoked",
        AccountSignedIn = "account.signed_in",
        /// Somebody ended one of their sessions from another place, or all but one.
        SessionEnded = "session.ended",
        OrganizationCreated = "organization.created",
        OrganizationChanged = "organization.changed",
        /// The organization is gone, with its sites and roles; its events stay.
        OrganizationDeleted = "organization.deleted",
        WorkspaceCreated = "workspace.created",
        /// A fact of the workspace changed; the payload names the version and the changes.
        WorkspaceChanged = "workspace.changed",
        /// The workspace is gone, with its people and repositories; its events stay.
        WorkspaceDeleted = "workspace.deleted",
        /// The workspace was attached to an organization.
        WorkspaceLinked = "workspace.linked",
        /// The link ended; the payload says why.
        WorkspaceUnlinked = "workspace.unlinked",
        /// The organization pays for the workspace from now on.
        WorkspaceBillingMigrated = "workspace.billing_migrated",
        /// Somebody pays in an organization for the first time.
        BillingAccountCreated = "billing_account.created",
        /// Its name, its admins, its payer or what it pays for is another now.
        BillingAccountChanged = "billing_account.changed",
        /// Another one pays for everything of it.
        BillingAccountMerged = "billing_account.merged",
        /// Something is asked that takes the yes of others: another payer, a merge.
        BillingRequestCreated = "billing_account.request_created",
        /// It was taken back, or somebody said no.
        BillingRequestEnded = "billing_account.request_ended",
        /// A bill was made; it never changes.
        InvoiceIssued = "invoice.issued",
        /// A reseller agrees that the organization pays from the migration on, or no longer does.
        ResellerAgreed = "workspace.reseller_agreed",
        ResellerWithdrew = "workspace.reseller_withdrew",
        /// Its people are managed in the directory of its organization from then on.
        WorkspaceUsersMigrated = "workspace.users_migrated",
        /// A side agrees beforehand to what a campaign of users migrations does, or no longer does.
        UsersMigrationAgreed = "users_migration.agreed",
        UsersMigrationWithdrawn = "users_migration.withdrawn",
        /// After a link: access compared from a fresh read, nothing changed by it.
        LinkAccessVerified = "link.access_verified",
        /// After a link: access differs and nobody changed it. An alarm.
        LinkAccessDiffers = "link.access_differs",
        /// Somebody asked to hear when a workspace's eligibility changes.
        WorkspaceWatched = "workspace.watched",
        WorkspaceUnwatched = "workspace.unwatched",
        /// A person may link the workspace from now on, or no longer, whatever changed it.
        WorkspaceEligibilityChanged = "workspace.eligibility_changed",
        TokenCreated = "token.created",
        TokenRevoked = "token.revoked",
        /// Somebody asked to become admin of what nobody can administer any more.
        RecoveryRequested = "recovery.requested",
        /// It was shown that they may; everybody concerned can object until it takes effect.
        RecoveryBegun = "recovery.begun",
        /// Somebody concerned said no.
        RecoveryObjected = "recovery.objected",
        /// Nobody did: the one is admin now.
        RecoveryApplied = "recovery.applied",
        /// It ended otherwise: withdrawn, expired, or somebody can act again.
        RecoveryEnded = "recovery.ended",
        /// The operator's stop switch was turned.
        LinkingFrozen = "linking.frozen",
        LinkingUnfrozen = "linking.unfrozen",
        /// Somebody decided what they get by mail.
        AccountPreferencesChanged = "account.preferences_changed",
        /// An operator looked at the one-time link in somebody's mail.
        MailRevealed = "mail.revealed",
        /// An operator had a mail sent again.
        MailRetried = "mail.retried",
        /// An operator decided that a mail is sent no more.
        MailGivenUp = "mail.given_up",
        /// Somebody was asked to join a user group or to take a role.
        InvitationCreated = "invitation.created",
        /// Sent once more; whoever did it answers for it.
        InvitationResent = "invitation.resent",
        InvitationAccepted = "invitation.accepted",
        InvitationDeclined = "invitation.declined",
        InvitationWithdrawn = "invitation.withdrawn",
        InvitationExpired = "invitation.expired",
        /// Somebody asked to become an admin.
        AccessRequestCreated = "access_request.created",
        AccessRequestApproved = "access_request.approved",
        AccessRequestDeclined = "access_request.declined",
        AccessRequestWithdrawn = "access_request.withdrawn",
        AccessRequestExpired = "access_request.expired",
        /// Somebody wants a link that others must agree to.
        ProposalCreated = "proposal.created",
        /// One side agreed to a plan; the payload says to which.
        ProposalConsented = "proposal.consented",
        /// Those who have not answered are asked again.
        ProposalReminded = "proposal.reminded",
        ProposalDeclined = "proposal.declined",
        ProposalWithdrawn = "proposal.withdrawn",
        ProposalExpired = "proposal.expired",
        /// The workspace was linked otherwise, or one of the two is gone.
        ProposalSuperseded = "proposal.superseded",
        /// Somebody made a code that lets the other side propose.
        LinkCodeCreated = "link_code.created",
        LinkCodesWithdrawn = "link_code.withdrawn",
        /// An assistant asks its own person to do something; nothing is done by that.
        AssistantRequestCreated = "assistant_request.created",
        /// That person did it, by exactly the plan asked for.
        AssistantRequestConfirmed = "assistant_request.confirmed",
        AssistantRequestDeclined = "assistant_request.declined",
        /// A program of somebody else may read the workspace from now on, within the scopes that the payload names.
        ExtensionInstalled = "extension.installed",
        /// Its version or its scopes are others now.
        ExtensionUpdated = "extension.updated",
        ExtensionUninstalled = "extension.uninstalled",
        /// Its token was replaced; the old one is of no use any more.
        ExtensionTokenRotated = "extension.token_rotated",
        /// Its owner changed its name or time zone.
        AccountChanged = "account.changed",
        /// Its owner wants another address, not proven yet.
        AccountAddressAsked = "account.address_asked",
        /// An address was proven to be the account's: the one it had, or a new one.
        AccountAddressProven = "account.address_proven",
        /// An operator has stopped the account, or lets it work again.
        AccountSuspended = "account.suspended",
        AccountRestored = "account.restored",
        /// Its owner left: what was personal is gone, the id stays.
        AccountErased = "account.erased",
        /// Whoever is signed in has proven again that it is them.
        SessionConfirmed = "session.confirmed",
        PasskeyCreated = "passkey.created",
        PasskeyChanged = "passkey.changed",
        PasskeyDeleted = "passkey.deleted",
        /// A signature counted backwards: somebody may have a copy of the passkey. An alarm.
        PasskeyRefused = "passkey.refused",
        RecoveryCodesCreated = "recovery_codes.created",
        RecoveryCodeUsed = "recovery_code.used",
        /// An operator wrote a campaign.
        CampaignCreated = "campaign.created",
        /// An operator changed what a campaign is; the payload names the fields.
        CampaignChanged = "campaign.changed",
        /// A campaign went on to another state; the payload says from where, and why.
        CampaignMoved = "campaign.moved",
        /// Everybody concerned was told something.
        CampaignTold = "campaign.told",
        /// What becomes of every workspace is decided.
        CampaignDecided = "campaign.decided",
        /// An admin of one side said where the workspace is to go if nobody links it.
        OrganizationPreferred = "organization.preferred",
        PreferenceWithdrawn = "organization.preference_withdrawn",
        /// The workspace has more time.
        LinkingPostponed = "linking.postponed",
        PostponementWithdrawn = "linking.postponement_withdrawn",
        /// An admin wants the organization that a campaign made; the others may object.
        ClaimBegun = "organization.claim_begun",
        ClaimObjected = "organization.claim_objected",
        /// It is an organization like every other now.
        OrganizationClaimed = "organization.claimed",
        /// An organization wants to show that a domain is its own.
        DomainAdded = "domain.added",
        /// The record stands there: the domain is the organization's. Nobody is claimed by that.
        DomainVerified = "domain.verified",
        /// The record is gone; the payload says when the domain lapses if it stays so.
        DomainRecordMissing = "domain.record_missing",
        /// The record is back in time.
        DomainRecordFound = "domain.record_found",
        /// The record was gone for too long: nothing new can be claimed.
        DomainLapsed = "domain.lapsed",
        DomainRemoved = "domain.removed",
        /// A person was told that an organization is to manage the account, and when.
        AccountClaimAnnounced = "account.claim_announced",
        /// That person said no.
        AccountClaimObjected = "account.claim_objected",
        /// It does not take effect; the payload says why.
        AccountClaimWithdrawn = "account.claim_withdrawn",
        /// Nobody objected in time: the organization manages the account. It gains no access by that.
        AccountManaged = "account.managed",
        /// The organization manages it no more.
        AccountReleased = "account.released",
        /// An admin wants to see that a webhook is told; it goes to that one only.
        WebhookTested = "webhook.tested",
        /// A webhook took nothing for days, or said that it is gone: nothing is sent to it any more.
        WebhookPaused = "webhook.paused",
        /// The transparency log begins anew, because the database does not hold what was signed before.
        LedgerRestarted = "ledger.restarted",
        /// A key that is to sign tokens for the container registry was made.
        RegistryKeyPrepared = "registry.key_prepared",
        /// It signs from now on.
        RegistryKeyRotated = "registry.key_rotated",
        /// A name in the container registry belongs to no workspace any more.
        RegistryNameReleased = "registry.name_released",
        /// The operator said how far a capability is that was missing.
        TrackerUpdated = "tracker.updated",
        /// Somebody asked to hear of that, or no longer wants to.
        TrackerFollowed = "tracker.followed",
        TrackerUnfollowed = "tracker.unfollowed",
    }
}

/// Who did it: an account itself, an operator in an account's name, or the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// In whose name; none for the system.
    pub account_id: Option<AccountId>,
    /// The operator who acted on behalf of that account, or the local operator without an account.
    pub through: Through,
}

words! {
    /// How an actor came to act.
    "way" Through {
        /// Signed in or by their own token.
        Own = "own",
        /// An operator at the machine, on behalf of the account (`--as`); never counts as a second person.
        Operator = "operator",
        /// The program by itself.
        System = "system",
    }
}

impl Actor {
    /// The program by itself.
    pub const SYSTEM: Self = Self { account_id: None, through: Through::System };
}

/// An event about to be written.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub kind: EventType,
    pub organization_id: Option<OrganizationId>,
    pub workspace_id: Option<WorkspaceId>,
    pub payload: Value,
}

/// An event as it is kept.
#[derive(Debug, Clone)]
pub struct Event {
    /// Dense, in the order of commits; none until the sequencer has placed it.
    pub position: i64,
    pub id: EventId,
    pub kind: EventType,
    pub at: Timestamp,
    pub actor: Actor,
    pub organization_id: Option<OrganizationId>,
    pub workspace_id: Option<WorkspaceId>,
    pub commitment: Digest,
    /// The payload's exact bytes; none once erased.
    pub payload: Option<Value>,
}

/// A payload's canonical bytes and the commitment to them.
///
/// # Errors
/// When the payload holds a number that JSON cannot carry.
pub fn commit_payload(payload: &Value, salt: &[u8; 32]) -> Result<(Vec<u8>, Digest), serde_json::Error> {
    let bytes = canonical_json(payload)?;
    let commitment = Digest::of(&[salt, &bytes]);
    Ok((bytes, commitment))
}
