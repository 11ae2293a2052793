// Bills: billing migrates, a month goes by, the bill is made; looked at with everything that a browser can find wrong, and every act of the billing
// account's page done without JavaScript. Half a year is played by setting back what the database says of when people were told.
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { calm, closeAtEnd, look, openWorld, shots } from "./world.mjs";

closeAtEnd();
const here = dirname(fileURLToPath(import.meta.url));
const python = join(here, "../target/python/bin/python");
const DAY = 86_400_000;
const day = (offset) => new Date(Date.now() + offset * DAY).toISOString().slice(0, 10);

/// Changes the demo's database under the running server, as time would have.
function age(world, ...statements) {
  const script = "import sqlite3, sys\nwith sqlite3.connect(sys.argv[1], timeout=30) as c:\n    [c.execute(s) for s in sys.argv[2:]]";
  execFileSync(python, ["-c", script, join(world.folder, "orglink.db"), ...statements]);
}

async function until(what, holds) {
  for (let i = 0; i < 100; i++) {
    const found = holds();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`never: ${what}`);
}

test("billing migrates, a bill is made, and its account is managed", async () => {
  const world = await openWorld();
  const json = (...args) => JSON.parse(world.orglink(...args, "--json"));
  try {
    // docs-site is linked in the demo already.
    let text = readFileSync(join(here, "../docs/examples/billing.toml"), "utf8");
    for (const [theirs, ours] of [["2027-01-15", day(-60)], ["2027-02-28", day(5)], ["2027-03-01", day(6)]]) text = text.replace(theirs, ours);
    const file = join(world.folder, "billing.toml");
    writeFileSync(file, text);
    world.orglink("campaign", "create", "--file", file);
    world.orglink("campaign", "announce", "billing-2027");
    const state = () => json("migration", "billing", "plan", "--workspace", "docs-site", "--as", "ada@meridian.example").items[0];
    await until("everybody is told", () => state().told_at);
    const earlier = 40 * DAY * 1000;
    age(world, `UPDATE campaign_notice SET told_at = told_at - ${earlier}`,
      `UPDATE campaign_telling SET began_at = began_at - ${earlier}, ended_at = ended_at - ${earlier}`,
      `UPDATE campaign SET definition = replace(replace(definition, '${day(6)}', '${day(-1)}'), '${day(5)}', '${day(-2)}')`);
    const account = await until("it has migrated", () => state().billing_account);
    age(world, "UPDATE billing_account SET invoiced_until = 20260101");
    assert.equal(json("invoice", "issue").invoices, 1);
    assert.deepEqual(json("invoice", "reconcile").faults, []);

    const ada = await world.signIn("ada");
    await ada.goto(`${world.base}/organizations/meridian/billing`);
    await look(ada, "organization-billing");
    await ada.locator("main a[href^='/billing-accounts/']").first().click();
    assert.match(await ada.locator("h1").innerText(), /Docs Site/);
    await look(ada, "billing-account-seen");
    assert.equal(await ada.getByText("Split it").count(), 0, "who does not administer it changes nothing");

    // Its admin: the billing contact, who is in no workspace. One browser without JavaScript, one that axe can look with.
    const link = world.orglink("account", "sign-in-link", "billing@meridian.example").match(/\/sign-in\/\S+/)[0];
    const page = await world.open(await world.browser.newContext({ ...calm, javaScriptEnabled: false }));
    await page.goto(world.base + link);
    await page.locator("[type=password]").fill("correct horse battery");
    await page.locator("main form button").first().click();
    const eyes = await world.open(await world.browser.newContext(calm));
    await eyes.context().addCookies(await page.context().cookies());
    const seen = async (path, name) => {
      await eyes.goto(world.base + path);
      await look(eyes, name);
    };
    await seen("/billing-accounts", "bills");
    await page.goto(`${world.base}/billing-accounts`);
    await page.getByRole("link", { name: "Docs Site" }).click();
    const open = (summary) => page.getByText(summary, { exact: true }).click();
    await open("Change its name, and what stands on its bills");
    await page.locator("[name=bill_to]").fill("Meridian Ltd\n1 Quay Street\nVAT 42");
    await page.getByRole("button", { name: "Save" }).click();
    assert.match(await page.locator("main").innerText(), /1 Quay Street/);
    await open("Add an admin");
    await page.locator("[name=who][type=email]").first().fill("nobody@else.example");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    assert.match(await page.locator("main").innerText(), /nobody whom the organization knows/);
    await page.goto(`${world.base}/billing-accounts/${account}`);
    await open("Add an admin");
    await page.locator("[name=who][type=email]").first().fill("ada@meridian.example");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    assert.equal(await page.locator("tbody tr", { hasText: "ada@meridian.example" }).count(), 1);
    await open("Have somebody else pay");
    await page.locator("form", { hasText: "Their address" }).locator("[name=who]").fill("zoe@harbor.example");
    await page.getByRole("button", { name: "Ask them" }).click();
    assert.match(await page.locator("main").innerText(), /zoe@harbor.example is asked to pay/);
    await seen(`/billing-accounts/${account}`, "billing-account");
    await page.getByRole("button", { name: "Take it back" }).click();
    assert.equal(await page.getByText("is asked to pay").count(), 0);
    await page.getByRole("link", { name: "INV-000001" }).click();
    assert.match(await page.locator("h1").innerText(), /Bill INV-000001/);
    await seen("/invoices/INV-000001", "bill");
    await eyes.emulateMedia({ media: "print" });
    await eyes.screenshot({ path: join(shots, "bill-printed.png"), fullPage: true });

    const olga = await world.signIn("olga");
    await olga.goto(`${world.base}/operator/invoices`);
    await olga.getByRole("button", { name: "Make what is due now" }).click();
    await olga.getByRole("link", { name: "Look whether they are right" }).click();
    assert.match(await olga.locator("main").innerText(), /Right/);
    await look(olga, "operator-bills");
  } finally {
    await world.close();
  }
});
