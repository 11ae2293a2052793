//! Says an event in words: the one place, for pages, API and command line.

use std::collections::{HashMap, HashSet};

use orglink_domain::consent::Side;
use orglink_domain::domain_claim::account::ClaimEnd;
use orglink_domain::event::{Event, EventType, Through};
use orglink_domain::id::AccountId;
use orglink_domain::invitation::Target;
use orglink_store::{Tx, account};
use serde_json::Value;
use uuid::Uuid;

use super::tell_changes::{changes, fields};
use crate::Error;

/// The names of the people that events mention.
pub(crate) struct Names(HashMap<AccountId, String>);

impl Names {
    pub(crate) async fn of(tx: &mut Tx, events: &[Event]) -> Result<Self, Error> {
        let mut ids: HashSet<AccountId> = events.iter().filter_map(|e| e.actor.account_id).collect();
        for payload in events.iter().filter_map(|e| e.payload.as_ref()) {
            collect(payload, &mut ids);
        }
        let ids: Vec<AccountId> = ids.into_iter().collect();
        let found = account::list_by_ids(tx, &ids).await?;
        Ok(Self(found.into_iter().map(|a| (a.id, a.name)).collect()))
    }

    fn name(&self, id: AccountId) -> String {
        self.0.get(&id).cloned().unwrap_or_else(|| "a former account".to_owned())
    }

    fn of_value(&self, value: &Value) -> String {
        let id = value.as_str().and_then(|text| Uuid::try_parse(text).ok());
        id.map_or_else(|| "somebody".to_owned(), |id| self.name(AccountId(id)))
    }
}

/// The accounts that a payload names: fields called `account`, and lists called `admins`.
fn collect(value: &Value, ids: &mut HashSet<AccountId>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                match (field.as_str(), value) {
                    ("account", Value::String(id)) => ids.extend(Uuid::try_parse(id).ok().map(AccountId)),
                    _ => collect(value, ids),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, ids)),
        _ => {}
    }
}

/// Who did it, and what.
pub(crate) fn tell(event: &Event, names: &Names) -> (String, String) {
    let actor = match (event.actor.through, event.actor.account_id) {
        (Through::System, _) => "Orglink".to_owned(),
        (Through::Own, Some(id)) => names.name(id),
        (Through::Own, None) => match event.payload.as_ref().and_then(|p| extension_of(p)) {
            Some(title) => format!("The extension {title}"),
            None => "Somebody".to_owned(),
        },
        (Through::Operator, Some(id)) => format!("An operator on behalf of {}", names.name(id)),
        (Through::Operator, None) => "An operator".to_owned(),
    };
    let Some(payload) = &event.payload else { return (actor, format!("{} (its content was erased)", event.kind)) };
    (actor, sentence(event.kind, payload, names))
}

fn sentence(kind: EventType, payload: &Value, names: &Names) -> String {
    let text = |field: &str| plain(payload.get(field));
    match kind {
        EventType::ImportCompleted => "imported records".to_owned(),
        EventType::AccountCreated => "made an account".to_owned(),
        EventType::AccountPasswordChanged => "set a password".to_owned(),
        EventType::OperatorGranted => format!("made {} an operator", person(payload, names)),
        EventType::OperatorRevoked => format!("ended that {} is an operator", person(payload, names)),
        EventType::AccountSignedIn => "signed in".to_owned(),
        EventType::SessionEnded => "ended sessions in other browsers".to_owned(),
        EventType::OrganizationCreated => "made the organization".to_owned(),
        EventType::OrganizationDeleted => "deleted the organization".to_owned(),
        EventType::WorkspaceCreated => "brought in the workspace by an import".to_owned(),
        EventType::WorkspaceDeleted => format!("deleted the workspace {}", text("slug")),
        EventType::OrganizationChanged | EventType::WorkspaceChanged => changes(payload, names),
        EventType::WorkspaceLinked => {
            let slug = |side: &str| plain(payload.get(side).and_then(|s| s.get("slug")));
            let by = if payload.get("campaign").is_some() { ", because nobody had by the campaign's date" } else { "" };
            format!("linked the workspace {} to the organization {}{by}", slug("workspace"), slug("organization"))
        }
        EventType::WorkspaceUnlinked if text("because") == "undone" => {
            let why = text("reason");
            let why = if why.is_empty() { why } else { format!(": {why}") };
            let was_automatic = payload.get("was_automatic").and_then(Value::as_bool).unwrap_or(true);
            format!("undid the link{}{why}", if was_automatic { " that was made by itself" } else { "" })
        }
        EventType::WorkspaceUnlinked if text("because") == "break_glass" => {
            format!("ended the link, as one of two operators: {}", text("reason"))
        }
        EventType::WorkspaceUnlinked if text("because") == "transferred" => {
            let to = plain(payload.get("moved_to").and_then(|o| o.get("slug")));
            format!("moved the workspace to the organization {to}, with the consent of all three")
        }
        EventType::WorkspaceUsersMigrated => {
            let slug = |side: &str| plain(payload.get(side).and_then(|s| s.get("slug")));
            let (w, o) = (slug("workspace"), slug("organization"));
            format!("migrated the users of the workspace {w} into the directory of the organization {o}")
        }
        EventType::UsersMigrationAgreed => {
            format!("agreed, for {}, that users migrate by {}", side(payload, "side"), campaign(payload))
        }
        EventType::UsersMigrationWithdrawn => {
            format!("no longer agrees, for {}, that users migrate by {}", side(payload, "side"), campaign(payload))
        }
        EventType::WorkspaceUnlinked => "ended the link, because the workspace was deleted".to_owned(),
        EventType::WorkspaceBillingMigrated
        | EventType::BillingAccountCreated
        | EventType::BillingAccountChanged
        | EventType::BillingAccountMerged
        | EventType::BillingRequestCreated
        | EventType::BillingRequestEnded
        | EventType::InvoiceIssued
        | EventType::ResellerAgreed
        | EventType::ResellerWithdrew => super::tell_billing::sentence(kind, payload, names),
        EventType::LinkAccessVerified => "compared access after the link: nobody gained or lost any".to_owned(),
        EventType::LinkAccessDiffers => {
            "compared access after the link: it differs although nobody changed it (the operator is alarmed)".to_owned()
        }
        EventType::WorkspaceWatched => "asked to be told when eligibility changes".to_owned(),
        EventType::WorkspaceUnwatched => "no longer wants to be told when eligibility changes".to_owned(),
        EventType::TokenCreated => "made a token".to_owned(),
        EventType::TokenRevoked => "ended a token".to_owned(),
        EventType::RecoveryRequested => {
            format!("asked that {} becomes admin, because no admin can act", person(payload, names))
        }
        EventType::RecoveryBegun => format!(
            "showed that {} may become admin; everybody concerned can object until {}",
            person(payload, names),
            text("applies_at")
        ),
        EventType::RecoveryObjected => {
            format!("objected that {} becomes admin: {}", person(payload, names), text("objection"))
        }
        EventType::RecoveryApplied => format!("made {} an admin: nobody objected in time", person(payload, names)),
        EventType::RecoveryEnded => {
            format!("ended that {} was to become admin ({})", person(payload, names), text("state"))
        }
        EventType::LinkingFrozen => format!("stopped linking, imports and mail: {}", text("reason")),
        EventType::LinkingUnfrozen => "allowed linking, imports and mail again".to_owned(),
        EventType::WorkspaceEligibilityChanged if payload.get("eligible") == Some(&Value::Bool(true)) => {
            "caused that the workspace can be linked now".to_owned()
        }
        EventType::WorkspaceEligibilityChanged => "caused that the workspace can no longer be linked".to_owned(),
        EventType::AccountPreferencesChanged => "decided what comes by mail".to_owned(),
        EventType::MailRevealed => "looked at the one-time link of a mail".to_owned(),
        EventType::MailRetried => "had a mail sent again".to_owned(),
        EventType::MailGivenUp => "gave up a mail".to_owned(),
        EventType::InvitationCreated => format!("invited somebody to be {}", target(payload)),
        EventType::InvitationResent => format!("sent again the invitation to be {}", target(payload)),
        EventType::InvitationAccepted => format!("accepted the invitation to be {}", target(payload)),
        EventType::InvitationDeclined => format!("declined the invitation to be {}", target(payload)),
        EventType::InvitationWithdrawn => format!("ended the invitation to be {}", target(payload)),
        EventType::InvitationExpired => format!("noted that an invitation to be {} has expired", target(payload)),
        EventType::AccessRequestCreated => format!("asked to become {}", text("role")),
        EventType::AccessRequestApproved => {
            format!("approved that {} becomes {}", person(payload, names), text("role"))
        }
        EventType::AccessRequestDeclined => {
            format!("declined that {} becomes {}", person(payload, names), text("role"))
        }
        EventType::AccessRequestWithdrawn => format!("no longer asks to become {}", text("role")),
        EventType::AccessRequestExpired => {
            format!("noted that the request of {} to become {} has expired", person(payload, names), text("role"))
        }
        EventType::AccountChanged => "changed name or time zone".to_owned(),
        EventType::AccountAddressAsked => "wants another e-mail address".to_owned(),
        EventType::AccountAddressProven => "proved an e-mail address".to_owned(),
        EventType::AccountSuspended => format!("suspended {}: {}", person(payload, names), text("reason")),
        EventType::AccountRestored => format!("let {} sign in again", person(payload, names)),
        EventType::AccountErased => "left; the account was erased".to_owned(),
        EventType::SessionConfirmed => "confirmed who they are".to_owned(),
        EventType::PasskeyCreated => "added a passkey".to_owned(),
        EventType::PasskeyChanged => "renamed a passkey".to_owned(),
        EventType::PasskeyDeleted => "removed a passkey".to_owned(),
        EventType::PasskeyRefused => "a passkey was refused: somebody may have a copy of it".to_owned(),
        EventType::RecoveryCodesCreated => "made new recovery codes".to_owned(),
        EventType::RecoveryCodeUsed => "used a recovery code".to_owned(),
        EventType::CampaignCreated => format!("wrote the campaign {}", campaign(payload)),
        EventType::CampaignChanged => format!("changed the campaign {}{}", campaign(payload), fields(payload)),
        EventType::CampaignMoved => {
            let why = text("reason");
            let why = if why.is_empty() { why } else { format!(": {why}") };
            format!("brought the campaign {} from {} to {}{why}", campaign(payload), text("from"), text("state"))
        }
        EventType::CampaignTold => {
            let (what, workspaces) = (text("told"), text("workspaces"));
            format!("sent {what} of the campaign {} to the admins of {workspaces} workspaces", campaign(payload))
        }
        EventType::CampaignDecided => format!("decided what becomes of every workspace in {}", campaign(payload)),
        EventType::OrganizationPreferred => format!("said that {}", preference(payload)),
        EventType::PreferenceWithdrawn => format!("no longer says that {}", preference(payload)),
        EventType::LinkingPostponed => {
            let what = match text("purpose").as_str() {
                "billing" => "its billing does not migrate",
                "users" => "its users do not migrate",
                _ => "it is not linked by itself",
            };
            format!("asked that {what} before {}: {}", text("until"), text("reason"))
        }
        EventType::PostponementWithdrawn => "gave back the time asked for".to_owned(),
        EventType::ClaimBegun => {
            format!("claimed the organization; the other admins can object until {}", text("takes_effect_at"))
        }
        EventType::ClaimObjected => format!("objected to the claim: {}", text("reason")),
        EventType::OrganizationClaimed => "claimed the organization: it is one like every other now".to_owned(),
        EventType::ProposalCreated => format!("proposed {} for {}", pair(payload), side(payload, "side")),
        EventType::ProposalConsented => format!("agreed to {} for {}", pair(payload), side(payload, "side")),
        EventType::ProposalReminded => "reminded those who have not agreed to what was proposed".to_owned(),
        EventType::ProposalDeclined => format!("declined what was proposed: {}", text("reason")),
        EventType::ProposalWithdrawn => "withdrew what was proposed".to_owned(),
        EventType::ProposalExpired => "noted that not everybody agreed in time to what was proposed".to_owned(),
        EventType::ProposalSuperseded => "ended a proposal that was of no use any more".to_owned(),
        EventType::LinkCodeCreated => "made a link code for the other side".to_owned(),
        EventType::LinkCodesWithdrawn => "withdrew the link codes that were handed out".to_owned(),
        EventType::AssistantRequestCreated => {
            format!("was asked by an assistant of theirs to confirm {}", pair(payload))
        }
        EventType::AssistantRequestConfirmed => format!("confirmed what an assistant asked for: {}", pair(payload)),
        EventType::AssistantRequestDeclined => format!("declined what an assistant asked for: {}", pair(payload)),
        EventType::ExtensionInstalled => format!("installed the extension {}", extension(payload, true)),
        EventType::ExtensionUpdated => format!("updated the extension {}", extension(payload, true)),
        EventType::ExtensionUninstalled => format!("uninstalled the extension {}", extension(payload, false)),
        EventType::ExtensionTokenRotated => format!("gave the extension {} a new token", extension(payload, false)),
        EventType::DomainAdded => format!("added the domain {}", text("domain")),
        EventType::DomainVerified => {
            format!("saw the record at {}: the domain is verified, and nobody is claimed by that", text("domain"))
        }
        EventType::DomainRecordMissing => {
            format!("saw that the record at {} is gone; the domain lapses at {}", text("domain"), text("lapses_at"))
        }
        EventType::DomainRecordFound => format!("saw that the record at {} is back", text("domain")),
        EventType::DomainLapsed => {
            format!("noted that the domain {} has lapsed: its record was gone for too long", text("domain"))
        }
        EventType::DomainRemoved => format!("removed the domain {}", text("domain")),
        EventType::AccountClaimAnnounced => format!(
            "announced that {} at {} is to be managed from {}",
            person(payload, names),
            text("domain"),
            text("takes_effect_at")
        ),
        EventType::AccountClaimObjected => {
            format!("objected to being managed at {}: {}", text("domain"), text("reason"))
        }
        EventType::AccountClaimWithdrawn => {
            format!("ended that {} was to be managed: {}", person(payload, names), why(payload))
        }
        EventType::AccountManaged => {
            format!("made {} managed by the organization: nobody objected in time", person(payload, names))
        }
        EventType::AccountReleased => {
            format!("ended that {} is managed: {}", person(payload, names), why(payload))
        }
        EventType::WebhookTested => format!("sent a test to the webhook at {}", text("host")),
        EventType::WebhookPaused if text("state") == "gone" => {
            format!("paused the webhook at {}, because it said that it is gone", text("host"))
        }
        EventType::WebhookPaused => format!("paused the webhook at {}, because it kept failing", text("host")),
        EventType::LedgerRestarted => format!("began the ledger anew: {}", text("reason")),
        EventType::RegistryKeyPrepared => format!("made another {} key for the container registry", text("algorithm")),
        EventType::RegistryKeyRotated => {
            format!("let another {} key sign for the container registry", text("algorithm"))
        }
        EventType::RegistryNameReleased => format!("gave the name {} in the container registry free", text("name")),
        EventType::TrackerUpdated => {
            format!(
                "said in the tracker that {} is {}: {}",
                text("entry"),
                text("state").replace('_', " "),
                text("note")
            )
        }
        EventType::TrackerFollowed => format!("follows {} in the tracker", text("entry")),
        EventType::TrackerUnfollowed => format!("no longer follows {} in the tracker", text("entry")),
    }
}

/// The extension that did something itself: which is named beside it, or in the first of its changes.
fn extension_of(payload: &Value) -> Option<&str> {
    let change = payload.get("changes").and_then(|changes| changes.get(0));
    let named = payload.get("extension").or_else(|| change?.get("extension"))?;
    named.get("title").and_then(Value::as_str)
}

/// An extension by its title, with what it may do in the words of its scopes.
fn extension(payload: &Value, with_scopes: bool) -> String {
    let field = |name: &str| payload.get("extension").and_then(|e| e.get(name));
    let title = plain(field("title"));
    if !with_scopes {
        return title;
    }
    let scopes: Vec<&str> =
        field("scopes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    format!("{title}, version {}, with {}", plain(field("version")), scopes.join(", "))
}

/// Why the claim of an account ended.
fn why(payload: &Value) -> String {
    let given = plain(payload.get("why"));
    given.parse::<ClaimEnd>().map_or(given, |why| why.words().to_owned())
}

/// A campaign by its name.
fn campaign(payload: &Value) -> String {
    plain(payload.get("campaign").and_then(|c| c.get("name")))
}

/// What is proposed.
fn pair(payload: &Value) -> String {
    let slug = |side: &str| plain(payload.get(side).and_then(|s| s.get("slug")));
    let verb = match plain(payload.get("act")).as_str() {
        "migrate_users" => {
            return format!(
                "migrating the users of {} into the directory of {}",
                slug("workspace"),
                slug("organization")
            );
        }
        "transfer" => "moving",
        "undo" => return format!("undoing the link of {} to {}", slug("workspace"), slug("organization")),
        "unlink" => return format!("ending the link of {} to {}", slug("workspace"), slug("organization")),
        _ => "linking",
    };
    format!("{verb} {} to {}", slug("workspace"), slug("organization"))
}

/// For which side somebody spoke.
fn side(payload: &Value, field: &str) -> String {
    plain(payload.get(field)).parse::<Side>().map_or_else(|_| "one side".to_owned(), |side| side.title().to_owned())
}

/// Where a workspace is to go.
fn preference(payload: &Value) -> String {
    let slug = |side: &str| plain(payload.get(side).and_then(|s| s.get("slug")));
    format!("{} is to go to {} if nobody links it", slug("workspace"), slug("organization"))
}

/// What an invitation is to.
fn target(payload: &Value) -> String {
    Target::parse(&plain(payload.get("target"))).map_or_else(|| "something".to_owned(), |target| target.words())
}

pub(super) fn person(value: &Value, names: &Names) -> String {
    value.get("account").map_or_else(|| "somebody".to_owned(), |id| names.of_value(id))
}

pub(super) fn plain(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        Some(other) => other.to_string(),
    }
}
