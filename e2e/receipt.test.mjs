// Receipts: got where a link is shown, dropped on a page that says what they show, and accepted by a verifier that does not use
// orglink's code; it refuses every changed byte.
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { binary, calm, closeAtEnd, findFaults, inspect, openWorld, shots } from "./world.mjs";
import { verifyReceipt } from "./receipt-verifier.mjs";

closeAtEnd();
const ADA = ["--as", "ada@meridian.example"];

/// Refused at each of a thousand bytes, changed in a random bit.
function assertStrict(bytes, key, act) {
  assert.equal(verifyReceipt(bytes, key).act, act);
  for (let round = 0; round < 1000; round++) {
    const at = Math.floor(Math.random() * bytes.length);
    const changed = Buffer.from(bytes);
    changed[at] ^= 1 << Math.floor(Math.random() * 8);
    assert.throws(() => verifyReceipt(changed, key), `${act}: byte ${at}`);
  }
}

test("receipts of a link, of its undoing and of a campaign's link", async () => {
  const world = await openWorld('[link]\nundo_window = "30d"\n');
  try {
    const key = world.orglink("ledger", "public-key").trim();
    const keyFile = join(world.folder, "public-key");
    writeFileSync(keyFile, `${key}\n`);
    const script = join(dirname(fileURLToPath(import.meta.url)), "receipt-verifier.mjs");
    /// The command of the program, the script, and no byte changed.
    const accept = (file, act) => {
      const said = JSON.parse(execFileSync(binary, ["receipt", "verify", file, "--public-key", keyFile, "--json"], { env: {}, encoding: "utf8" }));
      assert.deepEqual([said.valid, said.act], [true, act]);
      assert.match(execFileSync(process.execPath, [script, file, key], { encoding: "utf8" }), new RegExp(`^${act} of `));
      assertStrict(readFileSync(file), key, act);
      return said;
    };
    const exported = (name, ...args) => {
      const file = join(world.folder, name);
      world.orglink("receipt", "export", ...args, "--out", file);
      return file;
    };
    world.orglink("link", "--workspace", "atlas-mobile", "--organization", "meridian", ...ADA, "--yes", "--config", join(world.folder, "orglink.toml"));
    const linked = exported("link.json", "--workspace", "atlas-mobile", ...ADA);
    assert.match(accept(linked, "link").says, /Atlas Mobile .* was linked to the organization Meridian Freight/);
    // The same from afar.
    const token = JSON.parse(world.orglink("token", "create", ...ADA, "--scope", "read", "--json")).token.secret;
    const afar = exported("afar.json", "--workspace", "atlas-mobile", "--server", world.base, "--token", token);
    accept(afar, "link");

    // Got from the page, dropped on the other, without JavaScript; read as a lawyer does.
    const ada = await world.signIn("ada", { ...calm, javaScriptEnabled: false });
    await ada.goto(`${world.base}/workspaces/atlas-mobile`);
    const [download] = await Promise.all([ada.waitForEvent("download"), ada.getByRole("link", { name: "Receipt", exact: true }).click()]);
    const file = join(world.folder, download.suggestedFilename());
    await download.saveAs(file);
    accept(file, "link");
    const lawyer = await world.open(await world.browser.newContext(calm));
    await lawyer.goto(`${world.base}/receipts`);
    await inspect(lawyer, "receipts");
    await lawyer.setInputFiles("[name=file]", file);
    await lawyer.getByRole("button", { name: "Check it" }).click();
    await lawyer.getByText("This receipt holds.").waitFor();
    const sheet = await lawyer.locator("main").innerText();
    assert.match(sheet, /Atlas Mobile[\s\S]*Consent[\s\S]*for both sides|For both sides/);
    assert.match(sheet, /does not show what happened since/);
    await inspect(lawyer, "receipt-holds");
    await lawyer.screenshot({ path: join(shots, "receipt.png"), fullPage: true });
    await lawyer.emulateMedia({ colorScheme: "dark" });
    assert.deepEqual(await findFaults(lawyer, true), []);
    await lawyer.emulateMedia({ colorScheme: "light", media: "print" });
    assert.ok(await lawyer.getByRole("button", { name: "Check it" }).isHidden(), "the form is not printed");
    assert.ok(await lawyer.getByText("What it shows").isVisible());
    await lawyer.screenshot({ path: join(shots, "receipt-print.png"), fullPage: true });
    await lawyer.emulateMedia({ media: "screen" });
    await lawyer.setViewportSize({ width: 360, height: 740 });
    await inspect(lawyer, "receipt-holds at 360 px");
    await lawyer.locator("[name=receipt]").fill(readFileSync(file, "utf8").replace("Atlas Mobile", "Atlas Mobil"));
    await lawyer.getByRole("button", { name: "Check it" }).click();
    await lawyer.getByText("This receipt does not hold.").waitFor();
    assert.match(await lawyer.locator("main").innerText(), /plan/);
    await inspect(lawyer, "receipt-does-not-hold");

    world.orglink("undo", "--workspace", "atlas-mobile", ...ADA, "--reason", "The wrong one.", "--yes");
    assert.match(accept(exported("undo.json", "--workspace", "atlas-mobile", ...ADA), "undo").says, /was taken back/);
    await ada.reload();
    assert.ok(await ada.getByRole("link", { name: "Receipt of undoing it" }).isVisible());

    // A campaign whose day has come.
    world.orglink("campaign", "create", "--file", join(dirname(fileURLToPath(import.meta.url)), "../docs/examples/seed.toml"));
    world.orglink("campaign", "run", "link-2026", "--yes");
    const isLinked = () => { try { return JSON.parse(world.orglink("workspace", "link", "atlas-mobile", "--json")).linked_through === "system"; } catch { return false; } };
    // The server's own loop may be at it.
    for (let i = 0; i < 100 && !isLinked(); i++) await new Promise((resolve) => setTimeout(resolve, 200));
    assert.match(accept(exported("campaign.json", "--workspace", "atlas-mobile", ...ADA), "automatic_link").says, /because nobody had linked it/);
  } finally {
    await world.close();
  }
});
