//! Receipts of each act, made and then changed at every byte.

use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::clock::Timestamp;
use crate::digest::{Digest, canonical_json};
use crate::event::commit_payload;
use crate::ledger::{Checkpoint, Edge, Entry, VerifierKey, hash_leaf, path_of, sign_text};

const ORIGIN: &str = "orglink.example/ledger/7";

fn key() -> VerifierKey {
    VerifierKey { name: ORIGIN.to_owned(), key: [7; 32] }
}

/// Stands for Ed25519, whose mathematics are not this crate's.
fn signature(key: &[u8; 32], text: &[u8]) -> Vec<u8> {
    [*Digest::of(&[key, text]).as_bytes(), *Digest::of(&[text, key]).as_bytes()].concat()
}

fn check(bytes: &[u8]) -> Result<Verified, Wrong> {
    verify(bytes, &key(), |key, text, given| signature(key, text) == given)
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0189_0000_0000_7000_8000_0000_0000_0000 + n)
}

const SALT: [u8; 32] = [0xa7; 32];

/// A ledger in which these events stand among others.
struct Ledger {
    leaves: Vec<Vec<u8>>,
    payloads: Vec<Value>,
}

impl Ledger {
    fn of(events: &[(&str, Value)]) -> Self {
        let mut ledger = Self { leaves: Vec::new(), payloads: Vec::new() };
        for n in 0..300 {
            ledger.add("account.signed_in", &json!({ "n": n.to_string() }));
        }
        for (kind, payload) in events {
            ledger.add(kind, payload);
        }
        ledger.add("account.signed_in", &json!({}));
        ledger
    }

    fn add(&mut self, kind: &str, payload: &Value) {
        let (_, commitment) = commit_payload(payload, &SALT).expect("payload");
        let position = i64::try_from(self.leaves.len()).expect("small") + 1;
        let entry = Entry {
            actor_id: kind.starts_with("workspace").then(|| id(50)),
            at: Timestamp::from_micros(1_767_603_600_000_007 + position * 1_000_000),
            commitment,
            id: id(1000 + u128::try_from(position).expect("positive")),
            organization_id: Some(id(2)),
            position,
            through: "own".to_owned(),
            kind: kind.to_owned(),
            workspace_id: Some(id(1)),
        };
        self.leaves.push(entry.to_bytes().expect("bytes"));
        self.payloads.push(payload.clone());
    }

    fn proven(&self, index: usize) -> ProvenEvent {
        let hashes: Vec<Digest> = self.leaves.iter().map(|leaf| hash_leaf(leaf)).collect();
        let (index_u64, size) = (u64::try_from(index).expect("small"), u64::try_from(hashes.len()).expect("small"));
        let (mut edge, mut full) = (Edge::default(), Vec::new());
        for hash in &hashes {
            edge.push(*hash, &mut full);
        }
        let tiles: Vec<_> = full.into_iter().chain(edge.tiles()).collect();
        let path = path_of(index_u64, size, &mut |place| {
            let tile = tiles.iter().find(|t| t.level == place.level && t.index == place.index / 256)?;
            tile.hashes.get(usize::try_from(place.index % 256).expect("small")).copied()
        });
        ProvenEvent {
            leaf: String::from_utf8(self.leaves[index].clone()).expect("text"),
            index: index_u64,
            path: path.expect("path"),
            payload: self.payloads[index].clone(),
            salt: SALT,
        }
    }

    fn checkpoint(&self) -> String {
        let mut edge = Edge::default();
        self.leaves.iter().for_each(|leaf| edge.push(hash_leaf(leaf), &mut Vec::new()));
        let checkpoint = Checkpoint {
            origin: ORIGIN.to_owned(),
            size: u64::try_from(self.leaves.len()).expect("small"),
            root: edge.root().expect("root"),
            extensions: vec![],
        };
        sign_text(checkpoint.to_string(), &key(), |text| signature(&[7; 32], text)).to_string()
    }
}

fn sides() -> Value {
    json!({ "workspace": { "id": id(1), "slug": "atlas" }, "organization": { "id": id(2), "slug": "meridian" } })
}

fn with_sides(mut payload: Value) -> Value {
    if let (Value::Object(payload), Value::Object(sides)) = (&mut payload, sides()) {
        payload.extend(sides);
    }
    payload
}

fn plan(action: &str) -> Value {
    json!({
        "format": "orglink-plan-v1", "action": action, "link": { "id": id(9) },
        "workspace": { "id": id(1), "slug": "atlas", "name": "Atlas “é”" },
        "organization": { "id": id(2), "slug": "meridian", "name": "Meridian" },
        "access": { "now": "unchanged" }, "billing": { "now": "unchanged" },
        "entitlements": { "before": [], "after": ["forge_apps"] },
        "policy": { "consent": "one-person", "undo_window_seconds": "0" },
        "warnings": if action == "link" { json!(["link_is_permanent"]) } else { Value::Null },
    })
}

fn digest_of(plan: &Value) -> Digest {
    Digest::of(&[&canonical_json(plan).expect("canonical")])
}

/// A receipt of each act, and one whose access was not compared yet.
fn receipts() -> Vec<(Act, Vec<u8>)> {
    let (before, link, undo) = (Digest::of(&[b"access"]), plan("link"), plan("undo"));
    let linked = with_sides(json!({
        "link": id(9), "plan_digest": digest_of(&link), "access_digest": before, "access_version": "3",
        "acknowledged": ["link_is_permanent", "wrong_organization"], "changes_since_plan": [],
    }));
    let by_campaign = with_sides(json!({
        "link": id(9), "campaign": { "id": id(5), "name": "link-2026" }, "run": id(6), "rule": "own",
        "reason": "Its admins have no organization. A new one of its own is made.",
        "evidence": { "admins": 2, "preferences": 0 }, "group": Digest::of(&[b"group"]), "access_digest": before,
    }));
    let compared = json!({ "link": id(9), "outcome": "unchanged", "before": before, "after": before });
    let undone = with_sides(json!({
        "link": id(9), "because": "undone", "reason": "The wrong one.", "was_automatic": false,
        "plan": undo, "plan_digest": digest_of(&undo), "access": { "before": before, "after": before },
        "consents": [{ "account": id(50), "at": "2026-01-05T09:05:01.000007Z", "plan_digest": digest_of(&undo), "side": "organization", "through": "own" }],
    }));
    let ledger = Ledger::of(&[
        ("workspace.linked", linked),
        ("workspace.linked", by_campaign),
        ("link.access_verified", compared),
        ("workspace.unlinked", undone),
    ]);
    let draft = |event, access: Option<usize>, plan| Draft {
        event: ledger.proven(event),
        access_event: access.map(|index| ledger.proven(index)),
        plan,
        checkpoint: ledger.checkpoint(),
    };
    [
        (Act::Link, draft(300, Some(302), Some(link.clone()))),
        (Act::Link, draft(300, None, Some(link))),
        (Act::AutomaticLink, draft(301, Some(302), None)),
        (Act::Undo, draft(303, None, Some(undo))),
    ]
    .into_iter()
    .map(|(act, draft)| (act, draft.to_bytes().expect("a receipt")))
    .collect()
}

#[test]
fn what_was_made_holds_and_says_what_happened() {
    let said: Vec<String> = receipts()
        .into_iter()
        .map(|(act, bytes)| {
            let verified = check(&bytes).expect("it holds");
            assert_eq!(verified.act, act);
            assert_eq!(origin_of(&bytes).as_deref(), Some(ORIGIN));
            assert!(verified.facts().len() > 6);
            verified.headline()
        })
        .collect();
    assert_eq!(
        said,
        [
            "The workspace Atlas “é” (atlas) was linked to the organization Meridian (meridian).",
            "The workspace Atlas “é” (atlas) was linked to the organization Meridian (meridian).",
            "The workspace atlas was linked to the organization meridian by the campaign link-2026, because nobody had linked it by its date.",
            "The link of the workspace Atlas “é” (atlas) to the organization Meridian (meridian) was taken back.",
        ]
    );
}

#[test]
fn facts_are_told_in_words() {
    let receipts = receipts();
    let facts = check(&receipts[0].1).expect("it holds").facts();
    let fact = |label: &str| facts.iter().filter(|f| f.label == label).map(|f| f.text.clone()).collect::<Vec<_>>();
    assert_eq!(fact("When"), ["2026-01-05 09:05 UTC (2026-01-05T09:05:01.000007Z)"]);
    assert_eq!(
        fact("As planned"),
        ["Access unchanged, billing unchanged.", "Unlocked: forge_apps.", "The link is permanent."]
    );
    assert!(fact("Access after")[0].starts_with("The same"), "{facts:?}");
    assert_eq!(fact("Warning acknowledged").len(), 2);
    assert!(fact("Consent")[0].contains("by itself. For both sides, 2026-01-05 09:05 UTC"), "{facts:?}");
    let pending = check(&receipts[1].1).expect("it holds").facts();
    assert!(pending.iter().any(|f| f.text.starts_with("Not compared yet")));
}

#[test]
fn no_changed_byte_is_accepted() {
    for (act, bytes) in receipts() {
        for at in 0..bytes.len() {
            for change in [1_u8, 0x80 >> (at % 8)] {
                let mut changed = bytes.clone();
                changed[at] ^= change;
                let wrong = check(&changed).err().unwrap_or_else(|| panic!("{act}: byte {at} ^ {change}"));
                assert!(!wrong.field.is_empty() && !wrong.detail.is_empty());
            }
            let mut shorter = bytes.clone();
            shorter.remove(at);
            assert!(check(&shorter).is_err(), "{act}: without byte {at}");
        }
        for extra in ["\n", " ", "\u{feff}", "{}", "\0"] {
            assert!(check(&[&bytes, extra.as_bytes()].concat()).is_err(), "{act}: {extra:?} after it");
            assert!(check(&[extra.as_bytes(), &bytes].concat()).is_err(), "{act}: {extra:?} before it");
        }
    }
}

type Change = Box<dyn FnOnce(&mut Value)>;

/// Changed as somebody would who writes it again in the right form.
fn changed(bytes: &[u8], change: impl FnOnce(&mut Value)) -> Wrong {
    let mut receipt: Value = serde_json::from_slice(bytes).expect("JSON");
    change(&mut receipt);
    check(&canonical_json(&receipt).expect("canonical")).expect_err("changed")
}

#[test]
fn the_field_that_is_wrong_is_named() {
    let receipts = receipts();
    let (link, automatic, undo) = (&receipts[0].1, &receipts[2].1, &receipts[3].1);
    let other = json!(Digest::of(&[b"another"]));
    let somebody = json!(id(77));
    let set = |pointer: &'static str, value: Value| -> Change {
        Box::new(move |receipt: &mut Value| *receipt.pointer_mut(pointer).expect("is there") = value)
    };
    let add = |name: &'static str| -> Change { Box::new(move |receipt: &mut Value| receipt[name] = json!("x")) };
    let text = |bytes: &[u8], pointer: &str| {
        let value: Value = serde_json::from_slice(bytes).expect("JSON");
        value.pointer(pointer).and_then(Value::as_str).expect("a text").to_owned()
    };
    let twice = text(link, "/checkpoint") + text(link, "/checkpoint").lines().last().expect("signature") + "\n";
    let cases: Vec<(&[u8], Change, &str)> = vec![
        (link, set("/act", json!("undo")), "act"),
        (link, set("/format", json!("orglink-receipt-v2")), "format"),
        (link, set("/link", somebody.clone()), "link"),
        (link, set("/plan/organization/name", json!("Another")), "plan"),
        (link, set("/plan", Value::Null), "plan"),
        (link, set("/plan_digest", other.clone()), "plan_digest"),
        (link, set("/acknowledged", json!(["link_is_permanent"])), "acknowledged"),
        (link, set("/consents/0/account", somebody.clone()), "consents"),
        (link, set("/consents", json!([])), "consents"),
        (link, set("/access/before", other.clone()), "access.before"),
        (link, set("/access/after", Value::Null), "access.after"),
        (link, set("/access_event", Value::Null), "access.after"),
        (link, set("/access_event/payload/outcome", json!("differs")), "access_event.payload"),
        (link, set("/event/payload/acknowledged", json!([])), "event.payload"),
        (link, set("/event/salt", json!("00".repeat(32))), "event.payload"),
        (link, set("/event/salt", json!("A7".repeat(32))), "event.salt"),
        (link, set("/event/index", json!("299")), "event.index"),
        (link, set("/event/index", json!("0300")), "event.index"),
        (link, set("/event/path/0", other.clone()), "event.path"),
        (link, set("/event/path", json!([])), "event.path"),
        (link, set("/event/leaf", json!("{}")), "event.leaf.actor"),
        (link, set("/checkpoint", json!("x")), "checkpoint"),
        (link, set("/checkpoint", json!(twice)), "checkpoint"),
        (link, set("/decision", json!({})), "decision"),
        (link, add("comment"), "comment"),
        (automatic, set("/decision/reason", json!("It was wanted.")), "decision.reason"),
        (automatic, set("/decision/rule", json!("preference")), "decision.rule"),
        (automatic, set("/plan", json!({})), "plan"),
        (undo, set("/act", json!("link")), "act"),
        (undo, set("/consents/0/side", json!("both")), "consents"),
    ];
    for (bytes, change, field) in cases {
        let wrong = changed(bytes, change);
        assert_eq!(wrong.field, field, "{wrong}");
    }
    let another = VerifierKey { name: ORIGIN.to_owned(), key: [8; 32] };
    let wrong = verify(link, &another, |_, _, _| true).expect_err("another key");
    assert_eq!(wrong.field, "checkpoint", "{wrong}");
    let wrong = check(&[link.as_slice(), b"\n"].concat()).expect_err("a line break");
    assert!(wrong.field == "file" && wrong.detail.contains("white space"), "{wrong}");
}

proptest::proptest! {
    #[test]
    fn whatever_is_given_is_refused_and_breaks_nothing(given in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
        proptest::prop_assert!(check(&given).is_err());
        let _ = origin_of(&given);
    }
}
