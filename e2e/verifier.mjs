// An independent verifier of the ledger: only node:crypto and the published formats, none of orglink's code.
//
//   node verifier.mjs URL VERIFIER-KEY
//
// fetches URL/ledger/checkpoint and all entries, rebuilds the tree, and checks root and signature; ends with 0 or 3.
import { createHash, createPublicKey, verify } from "node:crypto";
import { pathToFileURL } from "node:url";

export const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
export const leafHash = (bytes) => sha256(Buffer.from([0]), bytes);
export const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right);

/// Base64 that is written in the one way there is.
function decode(text) {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) throw new Error("this is not base64");
  return bytes;
}

/// The root over hashes of leaves (RFC 6962, 2.1).
export function rootOf(hashes) {
  if (hashes.length === 0) return sha256();
  // Whole subtrees on the left, from large to small, as a binary counter has them.
  const stack = [];
  hashes.forEach((hash, i) => {
    stack.push(hash);
    for (let n = i + 1; n % 2 === 0; n /= 2) stack.push(nodeHash(...stack.splice(-2)));
  });
  return stack.reduceRight((right, left) => nodeHash(left, right));
}

/// A verifier key: name+id+base64(1, key).
export function readKey(text) {
  const [name, id, ...rest] = text.trim().split("+");
  const bytes = decode(rest.join("+"));
  if (bytes.length !== 33 || bytes[0] !== 1) throw new Error("this is not an Ed25519 key");
  const expected = sha256(Buffer.from(`${name}\n`), bytes).subarray(0, 4);
  if (expected.toString("hex") !== id) throw new Error("the key's id is not that of the key");
  const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), bytes.subarray(1)]);
  return { name, id: expected, key: createPublicKey({ key: spki, format: "der", type: "spki" }) };
}

/// What a signed checkpoint says, once its signature holds.
export function readCheckpoint(bytes, key) {
  const note = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  const cut = note.lastIndexOf("\n\n");
  const text = note.slice(0, cut + 1);
  const lines = note.slice(cut + 2).split("\n");
  if (cut < 0 || lines.pop() !== "" || lines.length !== 1) throw new Error("the checkpoint is not a note with one signature");
  const found = lines[0].match(/^— (\S+) (\S+)$/);
  if (!found || found[1] !== key.name) throw new Error("the checkpoint is not signed by that key's name");
  const signature = decode(found[2]);
  if (!signature.subarray(0, 4).equals(key.id)) throw new Error("the checkpoint is signed with another key");
  if (!verify(null, Buffer.from(text), key.key, signature.subarray(4))) throw new Error("the signature does not hold");
  const [origin, size, root] = text.split("\n");
  if (origin !== key.name) throw new Error("the checkpoint is of another origin");
  if (!/^(0|[1-9][0-9]*)$/.test(size)) throw new Error("the size is no number");
  return { origin, size: Number(size), root: decode(root) };
}

/// The leaves of a bundle.
export function readBundle(bytes) {
  const entries = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 2 > bytes.length) throw new Error("a bundle ends too early");
    const end = at + 2 + bytes.readUInt16BE(at);
    if (end > bytes.length) throw new Error("a bundle ends too early");
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

/// How a tile's number is written.
export function tileName(number) {
  const groups = [String(number % 1000).padStart(3, "0")];
  for (let rest = Math.floor(number / 1000); rest > 0; rest = Math.floor(rest / 1000)) groups.unshift(`x${String(rest % 1000).padStart(3, "0")}`);
  return groups.join("/");
}

/// The bytes of a ledger: its checkpoint and its bundles of entries.
export async function fetchLedger(base) {
  const get = async (path) => {
    const answer = await fetch(`${base.replace(/\/$/, "")}/ledger/${path}`);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  };
  const checkpoint = await get("checkpoint");
  const size = Number(checkpoint.toString().split("\n")[1]);
  const bundles = [];
  for (let number = 0; number * 256 < size; number++) {
    const width = Math.min(256, size - number * 256);
    bundles.push(await get(`tile/entries/${tileName(number)}${width < 256 ? `.p/${width}` : ""}`));
  }
  return { checkpoint, bundles };
}

/// Checks all of it; what the checkpoint says, or an error that says what is wrong.
export function verifyLedger({ checkpoint, bundles }, verifierKey) {
  const signed = readCheckpoint(checkpoint, readKey(verifierKey));
  const entries = bundles.flatMap(readBundle);
  if (entries.length !== signed.size) throw new Error(`${entries.length} entries, ${signed.size} were signed`);
  if (!rootOf(entries.map(leafHash)).equals(signed.root)) throw new Error("the root over the entries is not the one that was signed");
  entries.forEach((entry, index) => {
    if (JSON.parse(entry.toString()).position !== String(index + 1)) throw new Error(`entry ${index} has another position`);
  });
  return signed;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [base, key] = process.argv.slice(2);
  if (!base || !key) {
    console.error("usage: node verifier.mjs URL VERIFIER-KEY");
    process.exit(2);
  }
  try {
    const { origin, size, root } = verifyLedger(await fetchLedger(base), key);
    console.log(`${origin}: ${size} events under ${root.toString("base64")}`);
  } catch (e) {
    console.error(e.message);
    process.exit(3);
  }
}
