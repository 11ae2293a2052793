//! Checks a receipt with nothing but the public key: bytes first, then signature, proof, commitment, and everything that it states.

use serde_json::Value;

use super::read::{Object, exact};
use super::statement::{STATED, statement, subject_of};
use super::{Act, FORMAT, ProvenEvent, Wrong, part};
use crate::campaign::UsersConsent;
use crate::clock::Timestamp;
use crate::consent::Side;
use crate::digest::{Digest, canonical_json};
use crate::ledger::{Checkpoint, Entry, Note, VerifierKey};
use crate::plan::differences;

/// The longest file that is looked at.
pub const MAX_BYTES: usize = 8 << 20;

/// Every field of a receipt.
const FIELDS: &[&str] = &[
    "access",
    "access_event",
    "acknowledged",
    "act",
    "checkpoint",
    "consents",
    "decision",
    "event",
    "format",
    "link",
    "plan",
    "plan_digest",
];

/// A receipt that holds.
#[derive(Debug, Clone)]
pub struct Verified {
    pub act: Act,
    /// The envelope of the link's or the undoing's event.
    pub entry: Entry,
    pub checkpoint: Checkpoint,
    /// The whole of it; every field is what the events say.
    pub(super) receipt: Value,
}

/// Checks a receipt. `holds` says whether a signature over a text was made with a public key (Ed25519).
///
/// # Errors
/// The first field that is wrong, and why.
pub fn verify(
    bytes: &[u8],
    key: &VerifierKey,
    holds: impl FnOnce(&[u8; 32], &[u8], &[u8]) -> bool,
) -> Result<Verified, Wrong> {
    let receipt = read_canonical(bytes)?;
    let object = Object::of("", &receipt, FIELDS)?;
    if object.text("format")? != FORMAT {
        return Err(Wrong::new("format", format!("must be {FORMAT}")));
    }
    let event = ProvenEvent::read("event", object.value("event"))?;
    let access_event = match object.value("access_event") {
        Value::Null => None,
        value => Some(ProvenEvent::read("access_event", value)?),
    };
    let checkpoint = check_note(object.text("checkpoint")?, key, holds)?;
    let entry = event.check("event", &checkpoint)?;
    let compared = access_event.as_ref().map(|e| Ok::<_, Wrong>((e.check("access_event", &checkpoint)?, &e.payload)));
    let compared = compared.transpose()?;
    let proven = statement((&entry, &event.payload), compared.as_ref().map(|(entry, payload)| (entry, *payload)))?;
    for name in STATED {
        require_same(name, object.value(name), part(&proven, name))?;
    }
    let Some((_, act)) = subject_of(&entry.kind, &event.payload) else {
        return Err(Wrong::new("act", "is none that there are receipts of"));
    };
    check_consents(act, &object)?;
    if act == Act::AutomaticUsersMigration {
        check_terms(&object, &entry)?;
    }
    check_plan(act, &object, &entry, &event.payload)?;
    Ok(Verified { act, entry, checkpoint, receipt })
}

/// The name of the ledger that a file says it is from, to find its key by; not checked in any way.
#[must_use]
pub fn origin_of(bytes: &[u8]) -> Option<String> {
    let receipt: Value = serde_json::from_slice(bytes.get(..MAX_BYTES.min(bytes.len()))?).ok()?;
    let note: Note = receipt.get("checkpoint")?.as_str()?.parse().ok()?;
    note.text.lines().next().map(str::to_owned)
}

/// The file as JSON, once it is shown to be written in the one way there is.
fn read_canonical(bytes: &[u8]) -> Result<Value, Wrong> {
    let wrong = |detail: String| Wrong::new("file", detail);
    if bytes.len() > MAX_BYTES {
        return Err(wrong(format!("is longer than a receipt can be ({MAX_BYTES} bytes)")));
    }
    let text =
        std::str::from_utf8(bytes).map_err(|e| wrong(format!("is not UTF-8 from byte {} on", e.valid_up_to())))?;
    let value: Value = serde_json::from_str(text)
        .map_err(|e| wrong(format!("is not JSON: {e}; a receipt is one JSON object, as it was downloaded")))?;
    let canonical = canonical_json(&value).map_err(|e| wrong(e.to_string()))?;
    if canonical == bytes {
        return Ok(value);
    }
    let same = bytes.iter().zip(&canonical).take_while(|(given, wanted)| given == wanted).count();
    let why = if text.trim() == String::from_utf8_lossy(&canonical) {
        "there is white space before or after the receipt, such as a line break that an editor added"
    } else {
        "it is not written in the one form that a receipt has (RFC 8785: names sorted and each once, no white space)"
    };
    Err(wrong(format!("from byte {same} on {why}")))
}

/// What the signed note says, once it is signed by this key and by nobody else.
fn check_note(
    text: &str,
    key: &VerifierKey,
    holds: impl FnOnce(&[u8; 32], &[u8], &[u8]) -> bool,
) -> Result<Checkpoint, Wrong> {
    let wrong = |detail: String| Wrong::new("checkpoint", detail);
    let note: Note = text.parse().map_err(|_| wrong("is not a signed note".to_owned()))?;
    let [signature] = note.signatures.as_slice() else {
        return Err(wrong(format!("has {} signature lines, and must have one", note.signatures.len())));
    };
    if signature.name != key.name || signature.key_id != key.id() {
        return Err(wrong(format!(
            "is signed by {}, not with the key given, which is that of {}",
            signature.name, key.name
        )));
    }
    if !holds(&key.key, note.text.as_bytes(), &signature.signature) {
        return Err(wrong("the signature does not hold: the text under it was changed, or the signature".to_owned()));
    }
    let checkpoint: Checkpoint = note.text.parse().map_err(|_| wrong("is signed, and no checkpoint".to_owned()))?;
    if checkpoint.origin == key.name { Ok(checkpoint) } else { Err(wrong("is that of another ledger".to_owned())) }
}

/// What the receipt states is what the events say.
fn require_same(name: &str, stated: &Value, proven: &Value) -> Result<(), Wrong> {
    if stated == proven {
        return Ok(());
    }
    let first = differences(stated, proven).into_iter().next();
    let (path, before, after) = match &first {
        Some(d) => (d.path.as_str(), d.before.as_ref(), d.after.as_ref()),
        None => ("", Some(stated), Some(proven)),
    };
    let field = if path.is_empty() { name.to_owned() } else { format!("{name}.{path}") };
    let show = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), brief);
    Err(Wrong::new(field, format!("the receipt says {}, the event in the ledger {}", show(before), show(after))))
}

fn brief(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 100 { text } else { text.chars().take(97).chain("...".chars()).collect() }
}

/// Each consent names who, for which side, when, how, and to which plan.
fn check_consents(act: Act, receipt: &Object<'_>) -> Result<(), Wrong> {
    let mut sides = Vec::new();
    for (i, consent) in receipt.list("consents")?.iter().enumerate() {
        let at = format!("consents.{i}");
        let consent = Object::of(&at, consent, &["account", "at", "plan_digest", "side", "through"])?;
        consent.exact_or_null::<uuid::Uuid>("account", "an id")?;
        consent.exact::<Timestamp>("at", "a time (RFC 3339, UTC)")?;
        sides.push(consent.exact::<Side>(
            "side",
            "a side: workspace, organization, both, source, approver, payer, operator or second_operator",
        )?);
        consent.text("through")?;
        // What a campaign does was agreed to beforehand, by its terms.
        if act != Act::AutomaticUsersMigration {
            require_same(&consent.path("plan_digest"), consent.value("plan_digest"), receipt.value("plan_digest"))?;
        }
    }
    let has = |side| sides.contains(&side) || sides.contains(&Side::Both);
    if matches!(act, Act::Link | Act::Transfer | Act::MigrateUsers)
        && !(has(Side::Workspace) && has(Side::Organization))
    {
        return Err(Wrong::new("consents", "not both sides agreed"));
    }
    if act == Act::Unlink && !(sides.contains(&Side::Operator) && sides.contains(&Side::SecondOperator)) {
        return Err(Wrong::new("consents", "it takes two operators"));
    }
    if act == Act::Transfer && !sides.contains(&Side::Source) {
        return Err(Wrong::new("consents", "the organization that it leaves did not agree"));
    }
    Ok(())
}

/// What everybody agreed to beforehand is what the decision says, and about this organization; and everybody has who must.
fn check_terms(receipt: &Object<'_>, entry: &Entry) -> Result<(), Wrong> {
    let terms = part(receipt.value("decision"), "terms");
    let canonical = canonical_json(terms).map_err(|e| Wrong::new("decision.terms", e.to_string()))?;
    let wanted = serde_json::json!(Digest::of(&[&canonical]));
    let organization = entry.organization_id.map(|id| id.to_string());
    if part(part(terms, "organization"), "id").as_str() != organization.as_deref() {
        return Err(Wrong::new("decision.terms.organization.id", "is not the one of the leaf"));
    }
    let mut sides = Vec::new();
    for (i, consent) in receipt.list("consents")?.iter().enumerate() {
        require_same(&format!("consents.{i}.plan_digest"), part(consent, "plan_digest"), &wanted)?;
        sides.push(part(consent, "side").as_str());
    }
    let needs_workspace = part(terms, "consent") == UsersConsent::Both.as_str();
    let has = |side: Side| sides.contains(&Some(side.as_str()));
    if has(Side::Organization) && (has(Side::Workspace) || !needs_workspace) {
        return Ok(());
    }
    Err(Wrong::new("consents", "not everybody agreed who must by the terms"))
}

/// The plan is the one whose digest the event names, and is about what the event is about.
fn check_plan(act: Act, receipt: &Object<'_>, entry: &Entry, payload: &Value) -> Result<(), Wrong> {
    let plan = receipt.value("plan");
    if act == Act::AutomaticLink {
        let detail = "must be null: a campaign decides by its rules, which stand in decision";
        return if plan.is_null() { Ok(()) } else { Err(Wrong::new("plan", detail)) };
    }
    let wanted: Digest = exact("plan_digest", receipt.value("plan_digest"), "sha256: and 64 lower-case digits")?;
    let canonical = canonical_json(plan).map_err(|e| Wrong::new("plan", e.to_string()))?;
    let found = Digest::of(&[&canonical]);
    if found != wanted {
        return Err(Wrong::new("plan", format!("its digest is {found}, and the plan decided on has {wanted}")));
    }
    if let Some(kept) = payload.get("plan") {
        require_same("plan", plan, kept)?;
    }
    let action = match act {
        Act::Undo => "undo",
        Act::Unlink => "unlink",
        Act::Transfer => "transfer",
        Act::MigrateUsers | Act::AutomaticUsersMigration => "migrate_users",
        Act::Link | Act::AutomaticLink => "link",
    };
    require_same("plan.action", part(plan, "action"), &action.into())?;
    let id = |id: Option<uuid::Uuid>| id.map_or(Value::Null, |id| id.to_string().into());
    require_same("plan.workspace.id", part(part(plan, "workspace"), "id"), &id(entry.workspace_id))?;
    require_same("plan.organization.id", part(part(plan, "organization"), "id"), &id(entry.organization_id))?;
    if matches!(act, Act::Undo | Act::Unlink) {
        return require_same("plan.link.id", part(part(plan, "link"), "id"), receipt.value("link"));
    }
    let acknowledged = receipt.list("acknowledged")?;
    let missing = part(plan, "warnings").as_array().into_iter().flatten().find(|w| !acknowledged.contains(w));
    match missing {
        Some(warning) => Err(Wrong::new("acknowledged", format!("the plan's warning {warning} was not acknowledged"))),
        None => Ok(()),
    }
}
