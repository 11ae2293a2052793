// An independent verifier of receipts (docs/receipts.md): only node:crypto and the published formats, none of orglink's code.
//
//   node receipt-verifier.mjs FILE VERIFIER-KEY
//
// ends with 0 and what happened, or with 3 and the field that is wrong.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { leafHash, nodeHash, readCheckpoint, readKey, sha256 } from "./verifier.mjs";

const FIELDS = ["access", "access_event", "acknowledged", "act", "checkpoint", "consents", "decision", "event", "format", "link", "plan", "plan_digest"];
const DECISION = ["campaign", "run", "rule", "reason", "evidence", "organization", "group"];
const USERS_DECISION = ["campaign", "run", "rule", "reason", "evidence", "organization", "terms"];
const ENVELOPE = ["actor", "at", "commitment", "id", "organization", "position", "through", "type", "workspace"];
const HEX = /^[0-9a-f]{64}$/;

class Wrong extends Error {
  constructor(field, detail) {
    super(`${field}: ${detail}`);
    this.field = field;
  }
}

/// JSON in the one form of RFC 8785: what JSON.stringify writes, with names in the order of their UTF-16 code units.
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

const same = (a, b) => canonical(a ?? null) === canonical(b ?? null);

/// An object with exactly these fields.
function exactly(field, value, names) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Wrong(field, "must be an object");
  const [has, wants] = [Object.keys(value).sort(), [...names].sort()];
  if (!same(has, wants)) throw new Wrong(field, `has the fields ${has}, not ${wants}`);
  return value;
}

/// The bytes of a digest as it is written.
function digest(field, text) {
  if (typeof text !== "string" || !text.startsWith("sha256:") || !HEX.test(text.slice(7))) throw new Wrong(field, "is no digest");
  return Buffer.from(text.slice(7), "hex");
}

/// Whether a leaf is number `index` of `size` under a root (RFC 9162, 2.1.3.2).
function isIncluded(leaf, index, size, path, root) {
  if (index >= size) return false;
  let [node, last, hash] = [index, size - 1n, leaf];
  for (const beside of path) {
    if (last === 0n) return false;
    if (node & 1n || node === last) {
      hash = nodeHash(beside, hash);
      while (!(node & 1n) && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    } else hash = nodeHash(hash, beside);
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n && hash.equals(root);
}

/// The envelope of an event, once it stands under the checkpoint and commits to its payload.
function checkEvent(field, value, signed) {
  const event = exactly(field, value, ["index", "leaf", "path", "payload", "salt"]);
  if (typeof event.index !== "string" || !/^(0|[1-9][0-9]{0,18})$/.test(event.index)) throw new Wrong(`${field}.index`, "is no number");
  if (typeof event.leaf !== "string") throw new Wrong(`${field}.leaf`, "is no text");
  if (!Array.isArray(event.path)) throw new Wrong(`${field}.path`, "is no list");
  const envelope = exactly(`${field}.leaf`, JSON.parse(event.leaf), ENVELOPE);
  if (canonical(envelope) !== event.leaf) throw new Wrong(`${field}.leaf`, "is not canonical");
  const index = BigInt(event.index);
  if (envelope.position !== String(index + 1n)) throw new Wrong(`${field}.index`, "is not where the leaf says it stands");
  const path = event.path.map((hash, i) => digest(`${field}.path.${i}`, hash));
  if (!isIncluded(leafHash(Buffer.from(event.leaf)), index, BigInt(signed.size), path, signed.root)) throw new Wrong(`${field}.path`, "does not lead from the leaf to the signed root");
  if (typeof event.salt !== "string" || !HEX.test(event.salt)) throw new Wrong(`${field}.salt`, "is not 64 hexadecimal digits");
  const opened = sha256(Buffer.from(event.salt, "hex"), Buffer.from(canonical(event.payload)));
  if (!opened.equals(digest(`${field}.leaf`, envelope.commitment))) throw new Wrong(`${field}.payload`, "is not what the leaf commits to");
  return envelope;
}

/// What the events say, as a receipt must state it.
function statementOf(event, payload, compared) {
  const isUndo = event.type === "workspace.unlinked" && ["undone", "break_glass"].includes(payload.because);
  const isUsers = event.type === "workspace.users_migrated";
  if (!isUndo && !isUsers && event.type !== "workspace.linked") throw new Wrong("event.leaf", `there are no receipts of ${event.type}`);
  const ofUsers = payload.campaign ? "automatic_users_migration" : "migrate_users";
  const act = isUndo ? (payload.because === "undone" ? "undo" : "unlink") : isUsers ? ofUsers : payload.moved_from ? "transfer" : payload.campaign ? "automatic_link" : "link";
  for (const side of ["workspace", "organization"]) if (!same(payload[side]?.id, event[side])) throw new Wrong(`event.payload.${side}.id`, "is not that of the leaf");
  let after = payload.access?.after;
  const isInItself = isUndo || isUsers;
  if (!isInItself) {
    after = compared?.payload.after;
    if (compared) {
      const { envelope, payload: found } = compared;
      if (!["link.access_verified", "link.access_differs"].includes(envelope.type) || envelope.workspace !== event.workspace || BigInt(envelope.position) <= BigInt(event.position)) throw new Wrong("access_event.leaf", "is no comparison of access after this link");
      if (found.link !== payload.link) throw new Wrong("access_event.payload.link", "is another link");
      if (!same(found.before, payload.access_digest)) throw new Wrong("access_event.payload.before", "is not what access was before");
    }
  } else if (compared) throw new Wrong("access_event", "must be null");
  const alone = { account: event.actor, at: event.at, plan_digest: payload.plan_digest ?? null, side: "both", through: event.through };
  const decided = { automatic_link: DECISION, automatic_users_migration: USERS_DECISION };
  return {
    act, link: payload.link, plan_digest: payload.plan_digest ?? null,
    decision: decided[act] ? Object.fromEntries(decided[act].map((name) => [name, payload[name] ?? null])) : null,
    acknowledged: ["link", "transfer", "migrate_users", "automatic_users_migration"].includes(act) ? payload.acknowledged : [],
    consents: payload.consents ?? (act === "link" ? [alone] : []),
    access: { before: isInItself ? payload.access?.before : payload.access_digest, after: after ?? null },
  };
}

/// Checks a receipt; the whole of it, or an error that names the field.
export function verifyReceipt(bytes, verifierKey) {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  const receipt = JSON.parse(text);
  if (canonical(receipt) !== text) throw new Wrong("file", "is not written in its one form");
  exactly("file", receipt, FIELDS);
  if (receipt.format !== "orglink-receipt-v1") throw new Wrong("format", "is another");
  if (typeof receipt.checkpoint !== "string") throw new Wrong("checkpoint", "is no text");
  const signed = readCheckpoint(Buffer.from(receipt.checkpoint), readKey(verifierKey));
  const event = checkEvent("event", receipt.event, signed);
  const compared = receipt.access_event && { envelope: checkEvent("access_event", receipt.access_event, signed), payload: receipt.access_event.payload };
  const payload = receipt.event.payload;
  for (const [field, said] of Object.entries(statementOf(event, payload, compared))) if (!same(receipt[field], said)) throw new Wrong(field, "is not what the event says");
  const terms = receipt.act === "automatic_users_migration" ? receipt.decision.terms : null;
  if (terms && terms.organization.id !== event.organization) throw new Wrong("decision.terms.organization.id", "is another");
  const agreedTo = terms ? `sha256:${sha256(Buffer.from(canonical(terms))).toString("hex")}` : receipt.plan_digest;
  receipt.consents.forEach((consent, i) => {
    exactly(`consents.${i}`, consent, ["account", "at", "plan_digest", "side", "through"]);
    if (consent.plan_digest !== agreedTo) throw new Wrong(`consents.${i}.plan_digest`, "is another plan");
  });
  const sides = receipt.consents.map((consent) => consent.side);
  const needed = { link: ["workspace", "organization"], transfer: ["workspace", "source", "organization"], unlink: ["operator", "second_operator"], migrate_users: ["workspace", "organization"], automatic_users_migration: terms?.consent === "both" ? ["workspace", "organization"] : ["organization"] }[receipt.act] ?? [];
  for (const side of needed) if (!sides.includes(side) && !(["link", "migrate_users"].includes(receipt.act) && sides.includes("both"))) throw new Wrong("consents", `${side} did not agree`);
  if (receipt.act === "automatic_link") {
    if (receipt.plan !== null) throw new Wrong("plan", "must be null");
    return receipt;
  }
  const { plan } = receipt;
  if (!sha256(Buffer.from(canonical(plan))).equals(digest("plan_digest", receipt.plan_digest))) throw new Wrong("plan", "has another digest");
  if (plan.action !== (terms ? "migrate_users" : receipt.act)) throw new Wrong("plan.action", "is another act");
  for (const side of ["workspace", "organization"]) if (plan[side]?.id !== event[side]) throw new Wrong(`plan.${side}.id`, "is another");
  if (["undo", "unlink"].includes(receipt.act) && plan.link?.id !== receipt.link) throw new Wrong("plan.link.id", "is another link");
  if (["undo", "unlink"].includes(receipt.act) && !same(plan, payload.plan)) throw new Wrong("plan", "is not the one of the event");
  if (["link", "transfer", "migrate_users", "automatic_users_migration"].includes(receipt.act)) for (const warning of plan.warnings) if (!receipt.acknowledged.includes(warning)) throw new Wrong("acknowledged", `${warning} was not`);
  return receipt;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [file, key] = process.argv.slice(2);
  if (!file || !key) {
    console.error("usage: node receipt-verifier.mjs FILE VERIFIER-KEY");
    process.exit(2);
  }
  try {
    const { act, link, event } = verifyReceipt(readFileSync(file), key);
    console.log(`${act} of ${link}, position ${JSON.parse(event.leaf).position}`);
  } catch (e) {
    console.error(e.message);
    process.exit(3);
  }
}
