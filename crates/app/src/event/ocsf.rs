//! An event as OCSF 1.1 (Open Cybersecurity Schema Framework); not validated against its schema.

use orglink_domain::event::{Event, EventType};
use serde_json::{Value, json};

/// The version of the schema whose classes and numbers are meant.
const VERSION: &str = "1.1.0";
const OTHER: u16 = 99;

/// The class and the activity in it that a type of event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Class {
    uid: u16,
    activity: u16,
    /// 1 informational, 4 high.
    severity: u8,
}

const fn class(uid: u16, activity: u16) -> Class {
    Class { uid, activity, severity: 1 }
}

const fn alarm(uid: u16, activity: u16) -> Class {
    Class { uid, activity, severity: 4 }
}

const ACCOUNT: u16 = 3001;
const AUTHENTICATION: u16 = 3002;
const ENTITY: u16 = 3004;
const ACCESS: u16 = 3005;
const API: u16 = 6003;

/// What a type of event is in OCSF; the compiler asks for every new one.
const fn class_of(kind: EventType) -> Class {
    use EventType as E;
    match kind {
        E::AccountCreated => class(ACCOUNT, 1),
        E::AccountRestored => class(ACCOUNT, 2),
        E::AccountPasswordChanged => class(ACCOUNT, 3),
        E::AccountSuspended => class(ACCOUNT, 5),
        E::AccountErased => class(ACCOUNT, 6),
        E::PasskeyCreated | E::RecoveryCodesCreated => class(ACCOUNT, 10),
        E::PasskeyDeleted => class(ACCOUNT, 11),
        E::AccountChanged
        | E::AccountPreferencesChanged
        | E::AccountAddressAsked
        | E::AccountAddressProven
        | E::PasskeyChanged => class(ACCOUNT, OTHER),
        E::AccountSignedIn => class(AUTHENTICATION, 1),
        E::SessionEnded => class(AUTHENTICATION, 2),
        E::SessionConfirmed | E::RecoveryCodeUsed => class(AUTHENTICATION, OTHER),
        E::PasskeyRefused => alarm(AUTHENTICATION, OTHER),
        E::OperatorGranted | E::InvitationAccepted | E::AccessRequestApproved | E::RecoveryApplied => class(ACCESS, 1),
        E::OperatorRevoked => class(ACCESS, 2),
        E::OrganizationCreated
        | E::WorkspaceCreated
        | E::TokenCreated
        | E::InvitationCreated
        | E::AccessRequestCreated
        | E::ProposalCreated
        | E::LinkCodeCreated
        | E::AssistantRequestCreated
        | E::ExtensionInstalled
        | E::CampaignCreated
        | E::BillingAccountCreated
        | E::BillingRequestCreated
        | E::InvoiceIssued
        | E::DomainAdded
        | E::AccountClaimAnnounced
        | E::RecoveryRequested => class(ENTITY, 1),
        E::OrganizationChanged
        | E::WorkspaceChanged
        | E::WorkspaceLinked
        | E::WorkspaceUnlinked
        | E::WorkspaceBillingMigrated
        | E::BillingAccountChanged
        | E::BillingRequestEnded
        | E::ResellerAgreed
        | E::ResellerWithdrew
        | E::WorkspaceUsersMigrated
        | E::UsersMigrationAgreed
        | E::UsersMigrationWithdrawn
        | E::WorkspaceEligibilityChanged
        | E::InvitationResent
        | E::InvitationDeclined
        | E::AccessRequestDeclined
        | E::RecoveryBegun
        | E::RecoveryObjected
        | E::RecoveryEnded
        | E::CampaignChanged
        | E::CampaignMoved
        | E::OrganizationPreferred
        | E::PreferenceWithdrawn
        | E::ProposalConsented
        | E::AssistantRequestConfirmed
        | E::AssistantRequestDeclined
        | E::ProposalReminded
        | E::ExtensionUpdated
        | E::ExtensionTokenRotated
        | E::ProposalDeclined
        | E::LinkingPostponed
        | E::PostponementWithdrawn
        | E::ClaimBegun
        | E::ClaimObjected
        | E::WebhookPaused
        | E::DomainVerified
        | E::DomainRecordMissing
        | E::DomainRecordFound
        | E::DomainLapsed
        | E::AccountClaimObjected
        | E::AccountManaged
        | E::AccountReleased
        | E::OrganizationClaimed => class(ENTITY, 3),
        E::OrganizationDeleted
        | E::WorkspaceDeleted
        | E::BillingAccountMerged
        | E::TokenRevoked
        | E::InvitationWithdrawn
        | E::InvitationExpired
        | E::AccessRequestWithdrawn
        | E::AccessRequestExpired
        | E::ProposalWithdrawn
        | E::ProposalExpired
        | E::ProposalSuperseded
        | E::LinkCodesWithdrawn
        | E::DomainRemoved
        | E::AccountClaimWithdrawn
        | E::ExtensionUninstalled => class(ENTITY, 4),
        E::LinkAccessDiffers => alarm(API, OTHER),
        E::MailRevealed => class(API, 2),
        E::LinkingFrozen | E::LinkingUnfrozen => class(API, 3),
        E::ImportCompleted
        | E::LinkAccessVerified
        | E::WorkspaceWatched
        | E::WorkspaceUnwatched
        | E::MailRetried
        | E::MailGivenUp
        | E::CampaignTold
        | E::CampaignDecided
        | E::LedgerRestarted
        | E::RegistryKeyPrepared
        | E::RegistryKeyRotated
        | E::RegistryNameReleased
        | E::TrackerUpdated
        | E::TrackerFollowed
        | E::TrackerUnfollowed
        | E::WebhookTested => class(API, OTHER),
    }
}

/// An event as OCSF, with the names that whoever reads it may see.
pub(super) fn ocsf(event: &Event, actor: &str, text: &str) -> Value {
    let Class { uid, activity, severity } = class_of(event.kind);
    let mut user = json!({ "name": actor });
    if let (Some(id), Some(user)) = (event.actor.account_id, user.as_object_mut()) {
        user.insert("uid".to_owned(), json!(id.to_string()));
    }
    let mut given = json!({
        "activity_id": activity,
        "category_uid": uid / 1000,
        "class_uid": uid,
        "type_uid": u32::from(uid) * 100 + u32::from(activity),
        "time": event.at.as_micros().div_euclid(1000),
        "severity_id": severity,
        "message": text,
        "metadata": {
            "version": VERSION,
            "uid": event.id.to_string(),
            "product": { "name": "orglink", "vendor_name": "orglink" },
            "event_code": event.kind.as_str(),
            "sequence": event.position,
        },
        "actor": { "user": user },
        "unmapped": {
            "through": event.actor.through.as_str(),
            "organization": event.organization_id.map(|o| o.to_string()),
            "workspace": event.workspace_id.map(|w| w.to_string()),
            "commitment": event.commitment.to_string(),
            "payload": event.payload,
        },
    });
    let what = event.payload.as_ref().and_then(|p| p.get("account")).and_then(Value::as_str);
    let whom = what.map(str::to_owned).or_else(|| event.actor.account_id.map(|a| a.to_string()));
    if let Some(fields) = given.as_object_mut() {
        if activity == OTHER {
            fields.insert("activity_name".to_owned(), json!(event.kind.as_str()));
        }
        match uid {
            ACCOUNT | AUTHENTICATION | ACCESS => {
                fields.insert("user".to_owned(), json!({ "uid": whom }));
            }
            ENTITY => {
                let (kind, id) = match (event.workspace_id, event.organization_id) {
                    (Some(id), _) => ("workspace", Some(id.to_string())),
                    (None, Some(id)) => ("organization", Some(id.to_string())),
                    (None, None) => ("other", None),
                };
                fields.insert("entity".to_owned(), json!({ "type": kind, "uid": id }));
            }
            _ => {
                fields.insert("api".to_owned(), json!({ "operation": event.kind.as_str() }));
            }
        }
    }
    given
}

#[cfg(test)]
mod tests {
    use orglink_domain::event::EventType;

    use super::class_of;

    #[test]
    fn every_type_is_of_a_class_that_is_meant() {
        for kind in EventType::ALL {
            let class = class_of(*kind);
            let activities: &[u16] = match class.uid {
                3001 => &[1, 2, 3, 5, 6, 10, 11, 99],
                3002 => &[1, 2, 99],
                3004 | 6003 => &[1, 2, 3, 4, 99],
                3005 => &[1, 2],
                _ => &[],
            };
            assert!(activities.contains(&class.activity), "{kind}: {class:?}");
        }
    }
}
