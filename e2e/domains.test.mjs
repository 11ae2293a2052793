// Domains: shown by a record at a name server, previewed, claimed, objected to; all without JavaScript, and looked at with everything that
// a browser can find wrong. And an offer of the operator's, which is in nobody's way.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openNames } from "./names.mjs";
import { calm, closeAtEnd, look, openWorld } from "./world.mjs";

closeAtEnd();
const here = dirname(fileURLToPath(import.meta.url));

test("a domain is shown and accounts are claimed, and whoever objects is not", async () => {
  const names = await openNames();
  const world = await openWorld(`[recovery]\nnameservers = ["${names.address}"]\n`);
  const looked = async (who, path, name) => {
    const page = await world.signIn(who);
    await page.goto(world.base + path);
    await look(page, name);
    await page.context().close();
  };
  try {
    const ada = await world.signIn("ada", { ...calm, javaScriptEnabled: false });
    await ada.goto(`${world.base}/organizations/meridian`);
    await ada.getByRole("link", { name: "Domains" }).click();
    await ada.locator("[name=domain]").fill("gmail.com");
    await ada.getByRole("button", { name: "Add it and see the record" }).click();
    assert.match(await ada.locator("main").innerText(), /it is no organization's/);
    await ada.goto(`${world.base}/organizations/meridian/domains`);
    await ada.locator("[name=domain]").fill("Meridian.Example");
    await ada.getByRole("button", { name: "Add it and see the record" }).click();
    const [record, text] = (await ada.locator("main .card p code").allInnerTexts()).slice(0, 2);
    assert.equal(record, "_orglink-domain.meridian.example");
    names.put(record, "v=spf1 -all", text.slice(0, -1));
    await ada.getByRole("button", { name: "Check now" }).click();
    assert.match(await ada.locator("main").innerText(), /the record was not there/);
    await looked("ada", "/organizations/meridian/domains/meridian.example", "domain-pending");
    names.put(record, "v=spf1 -all", text);
    await ada.getByRole("button", { name: "Check now" }).click();
    assert.match(await ada.locator("h1").innerText(), /Verified/);
    await ada.getByRole("button", { name: "Preview a claim" }).click();
    assert.match(await ada.locator("h1").innerText(), /Claim accounts at meridian.example/);
    await looked("ada", new URL(ada.url()).pathname + new URL(ada.url()).search, "domain-claim");
    // Nobody ticked: nothing happens, and that is said on the same page.
    await ada.getByRole("button", { name: "Claim those ticked" }).click();
    assert.match(await ada.locator("main").innerText(), /There is nobody to claim/);
    await ada.getByRole("checkbox", { name: "Mia Rossi" }).check();
    await ada.getByRole("checkbox", { name: "Hana Sato" }).check();
    await ada.getByRole("button", { name: "Claim those ticked" }).click();
    assert.equal(await ada.locator("tbody tr").count(), 2);
    await looked("ada", "/organizations/meridian/domains", "domains");

    const mia = await world.signIn("mia", { ...calm, javaScriptEnabled: false });
    await mia.goto(`${world.base}/me/account`);
    await looked("mia", "/me/account", "account-to-be-managed");
    await mia.locator("[name=reason]").fill("I keep this address by contract.");
    await mia.getByRole("button", { name: "Object", exact: true }).click();
    assert.match(await mia.locator("main").innerText(), /You have objected/);
    await ada.goto(`${world.base}/organizations/meridian/managed-accounts`);
    assert.match(await ada.locator("main").innerText(), /I keep this address by contract/);
    await looked("ada", "/organizations/meridian/managed-accounts", "managed-accounts");
    await ada.getByRole("button", { name: "Withdraw Mia Rossi" }).click();
    assert.equal(await ada.locator("tbody tr").count(), 1);
  } finally {
    await world.close();
    names.close();
  }
});

test("an offer is shown once, can be skipped, and is not in the way of the wizard", async () => {
  const folder = mkdtempSync(join(tmpdir(), "orglink-offer-"));
  const catalog = readFileSync(join(here, "../crates/server/catalog.default.toml"), "utf8");
  writeFileSync(join(folder, "catalog.toml"), `${catalog}
[offers.guard]
title = "Try Guard Standard for 30 days"
text = "Single sign-on, enforced two-step verification and an audit log for all your organization's apps."
button = "Start a trial"
url = "https://company.example/trials/guard"
audience = "organization_admins"
`);
  const world = await openWorld(`catalog = "${join(folder, "catalog.toml")}"\n`);
  try {
    const ben = await world.signIn("ben");
    await ben.goto(`${world.base}/organizations/meridian/link`);
    assert.doesNotMatch(await ben.locator("main").innerText(), /Guard Standard/);
    // Somebody waits for an answer of theirs: that goes first.
    await ben.goto(`${world.base}/organizations/meridian/apps`);
    assert.equal(await ben.locator("h1").innerText(), "Apps");
    for (const who of ["ben", "ada"]) {
      const token = (await world.send(who, "GET", "/inbox")).text.match(/name="form_token" value="([^"]+)"/)[1];
      await world.send(who, "POST", "/inbox", { form_token: token, what: "all" });
    }
    await ben.goto(world.base);
    await ben.goto(`${world.base}/organizations/meridian/apps`);
    assert.equal(await ben.locator("h1").innerText(), "Try Guard Standard for 30 days");
    await look(ben, "offer");
    await ben.getByRole("button", { name: "Skip" }).click();
    assert.equal(new URL(ben.url()).pathname, "/organizations/meridian/apps");
    assert.equal(await ben.locator("h1").innerText(), "Apps");
    for (const path of ["/organizations/meridian/apps", "/organizations/meridian"]) {
      await ben.goto(world.base + path);
      assert.doesNotMatch(await ben.locator("main").innerText(), /Guard Standard/);
    }
    const ada = await world.signIn("ada", { ...calm, javaScriptEnabled: false });
    await ada.goto(`${world.base}/organizations/meridian`);
    await ada.getByRole("button", { name: "Start a trial" }).click();
    assert.equal(await ada.getByRole("link", { name: "Go there" }).getAttribute("href"), "https://company.example/trials/guard");
    const olga = await world.signIn("olga");
    await olga.goto(`${world.base}/operator/offers`);
    assert.deepEqual(await olga.locator("tbody td").allInnerTexts().then((cells) => cells.slice(1)), ["2", "1", "1", "0"]);
    await look(olga, "operator-offers");
  } finally {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
