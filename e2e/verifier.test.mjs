// A verifier that does not use orglink's code accepts the ledger, and nothing that differs from it by a byte.
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { closeAtEnd, sharedWorld } from "./world.mjs";
import { fetchLedger, verifyLedger } from "./verifier.mjs";

closeAtEnd();

test("the ledger is accepted from outside, and no changed byte of it", async () => {
  const world = await sharedWorld();
  const key = world.orglink("ledger", "public-key").trim();
  const last = JSON.parse(world.orglink("events", "--json").trim().split("\n").at(-1)).position;
  let ledger;
  for (let i = 0; i < 50; i++) {
    ledger = await fetchLedger(world.base);
    if (verifyLedger(ledger, key).size >= Number(last)) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.ok(verifyLedger(ledger, key).size >= Number(last));
  const script = join(dirname(fileURLToPath(import.meta.url)), "verifier.mjs");
  assert.match(execFileSync(process.execPath, [script, world.base, key], { encoding: "utf8" }), /events under/);

  const parts = [ledger.checkpoint, ...ledger.bundles];
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  for (let round = 0; round < 1000; round++) {
    let at = Math.floor(Math.random() * total), which = 0;
    // Every third one in the checkpoint, which is short.
    if (round % 3 === 0) at = Math.floor(Math.random() * parts[0].length);
    while (at >= parts[which].length) at -= parts[which++].length;
    const changed = parts.map((part) => Buffer.from(part));
    changed[which][at] ^= 1 << Math.floor(Math.random() * 8);
    assert.throws(() => verifyLedger({ checkpoint: changed[0], bundles: changed.slice(1) }, key), `part ${which}, byte ${at}`);
  }
  const shorter = { checkpoint: ledger.checkpoint, bundles: ledger.bundles.slice(0, -1) };
  assert.throws(() => verifyLedger(shorter, key));
});
