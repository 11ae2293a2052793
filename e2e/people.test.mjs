// From "I have only one role" to "linked", the ways of the seed, in a real browser and through a real mail server: nobody
// meets a dead end, with JavaScript or without. Everybody comes in by a link in a mail.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSink } from "./sink.mjs";
import { calm, inspect, openWorld, shots } from "./world.mjs";

let world, sink, folder;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "orglink-people-"));
  sink = await openSink(folder);
  world = await openWorld(sink.config());
});
after(async () => {
  await world?.close();
  await sink?.close();
  rmSync(folder, { recursive: true, force: true });
});

const SIGN_IN = /http:\/\/localhost:\d+(\/sign-in\/link\/[\w-]+)/;
const address = (who) => `${who}@${["lena", "zoe"].includes(who) ? "harbor" : "meridian"}.example`;
const here = (page) => page.getByRole("main");

/// A team workspace with one admin.
function makeWorkspace(slug, name, admin) {
  world.importLines(
    { type: "workspace", slug, name, kind: "team", plan: "standard" },
    { type: "user_group", workspace: slug, slug: "administrators", name: "Administrators", is_admin: true, members: [address(admin)] },
  );
}

/// On the page that asks for it: a link in a mail, followed.
async function signInByMail(page, who) {
  const known = new Set(sink.readTo(address(who)).map((text) => text.match(SIGN_IN)?.[1]));
  await page.getByLabel("Send it to").fill(address(who));
  await page.getByRole("button", { name: "Send me a link" }).click();
  await page.getByRole("heading", { name: "Look into your mail" }).waitFor();
  await page.goto(world.base + await sink.mailed(address(who), SIGN_IN, known));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}

/// A browser of somebody's own, who opens a page of ours.
async function enter(who, options, path = "/") {
  const page = await world.open(await world.browser.newContext({ ...calm, ...options }));
  await page.goto(`${world.base}${path}`);
  if (new URL(page.url()).pathname === "/sign-in") await signInByMail(page, who);
  return page;
}

/// A picture to look at, after the checks that every page stands.
async function look(page, name) {
  if (page.withScript) await inspect(page, name);
  await page.screenshot({ path: join(shots, `people-${name}${page.withScript ? "" : "-plain"}.png`), fullPage: true });
}

/// The wizard from its intro on: the workspace that somebody came for is chosen, and its Apps page shows it.
async function goOnAndLink(page, name, picture) {
  await here(page).getByRole("link", { name: "Next" }).click();
  assert.ok(await page.getByRole("radio", { name: new RegExp(name) }).isChecked(), `${name} is chosen`);
  await here(page).getByRole("button", { name: "Next" }).click();
  for (const box of await here(page).getByRole("checkbox").all()) await box.check();
  await page.getByRole("button", { name: "Link", exact: true }).click();
  await page.waitForURL(/\/organizations\/meridian\/apps\?linked=/);
  assert.ok(await page.getByRole("link", { name, exact: true }).isVisible(), "the Apps page shows it");
  await look(page, picture);
}

/// Each of them has the mail about the link.
async function heardOfLink(name, ...people) {
  for (const who of people) await sink.mailed(address(who), new RegExp(`^Subject: .*(${name}) was linked`, "m"));
}

const ways = [
  { with: "with JavaScript", options: {}, slug: "tide", name: "Tide Tables", admin: "yan", guest: "first.guest@else.example" },
  { with: "without JavaScript", options: { javaScriptEnabled: false }, slug: "dock", name: "Dock Plan", admin: "tess", guest: "second.guest@else.example" },
];
for (const way of ways) {
  test(`a workspace admin has an organization admin link it, ${way.with}`, async () => {
    makeWorkspace(way.slug, way.name, way.admin);
    const withScript = way.options.javaScriptEnabled !== false;
    const page = await enter(way.admin, way.options, `/workspaces/${way.slug}`);
    page.withScript = withScript;
    await page.getByRole("link", { name: "User groups", exact: true }).first().click();
    const row = page.getByRole("row", { name: /Administrators/ });
    assert.ok(await row.getByText("Admin", { exact: true }).isVisible(), "the Admin lozenge");
    await row.getByRole("link", { name: "Administrators" }).click();
    await page.getByRole("link", { name: "Add members" }).click();
    await page.getByLabel(/E-mail addresses/).fill(`Ben Okafor <ben@meridian.example>;\n${way.guest}`);
    await look(page, "add-members");
    await page.getByRole("button", { name: "Next" }).click();
    await look(page, "confirm");
    await page.getByRole("button", { name: "Confirm" }).click();
    assert.ok(await page.getByText("2 invited, who must accept; 0 added at once.").isVisible());
    await look(page, "invited");

    // The organization admin: the mail's link, in a browser that nobody is signed in to.
    const link = await sink.mailed("ben@meridian.example", new RegExp(`invites you to ${way.name}[^]*?http://localhost:\\d+(/invitations/[\\w-]{40,})`));
    const ben = await world.open(await world.browser.newContext({ ...calm, ...way.options }));
    ben.withScript = withScript;
    await ben.goto(world.base + link);
    assert.ok(await ben.getByRole("heading", { name: `Invitation to ${way.name}` }).isVisible());
    await look(ben, "by-mail");
    await ben.getByRole("link", { name: "Sign in as ben@meridian.example" }).click();
    await signInByMail(ben, "ben");
    assert.ok(await ben.getByRole("heading", { name: `Invitation to ${way.name}` }).isVisible(), "back at the invitation");
    await look(ben, "invitation");
    await here(ben).getByRole("button", { name: "Accept" }).click();
    await ben.waitForURL(new RegExp(`/organizations/meridian/link\\?workspace=${way.slug}`));
    await goOnAndLink(ben, way.name, "linked-by-invited");
    await heardOfLink(way.name, way.admin, "ben", "ada", "pia", "omar");
    // The other is still asked, and can be told that it is no longer needed.
    await page.goto(`${world.base}/workspaces/${way.slug}/user-groups/administrators`);
    await page.getByRole("button", { name: `Withdraw the invitation of ${way.guest}` }).click();
    assert.equal(await page.getByText(way.guest).count(), 0);
    assert.ok(await page.getByRole("cell", { name: "ben@meridian.example" }).isVisible());
  });
}

test("from the wizard: asks to become organization admin, is approved, comes back and links", async () => {
  const noor = await enter("noor", {}, "/workspaces/night-shift");
  noor.withScript = true;
  await noor.getByRole("link", { name: "Link to an organization" }).click();
  await look(noor, "wizard-without-organization");
  const form = here(noor).locator("form[action='/ask']");
  await form.getByLabel(/^Organization/).fill("meridian");
  await form.getByLabel(/^Message/).fill("I would link Night Shift.");
  await form.getByRole("button", { name: "Ask to become an organization admin" }).click();
  assert.ok(await noor.getByText("If there is such a place, its admins have been asked.").isVisible());
  await look(noor, "asked");
  await noor.goto(`${world.base}/link?workspace=night-shift`);
  assert.ok(await noor.getByText("You have asked to become admin of meridian.").isVisible(), "the step shows that it is pending");
  await look(noor, "wizard-while-asked");

  // An admin of the organization: the mail, then the urgent notice on every page.
  await sink.mailed("ada@meridian.example", /^Subject: (Noor Haddad asks to be organization admin)/m);
  const ada = await enter("ada", {});
  ada.withScript = true;
  const notice = ada.locator("form.urgent").filter({ hasText: "Noor Haddad asks" });
  await notice.waitFor({ timeout: 10_000 });
  await look(ada, "urgent");
  const heights = await ada.locator("form.urgent").evaluateAll((all) => all.map((f) => f.getBoundingClientRect().height));
  assert.ok(heights.length >= 2 && heights.every((h) => h < 60), `a line each: ${heights}`);
  await notice.getByRole("button", { name: "Answer the request" }).click();
  await look(ada, "requests");
  await ada.getByRole("button", { name: "Approve the request of Noor Haddad" }).click();
  await ada.getByText("Saved.").waitFor();

  // Her inbox leads back to the step.
  await noor.goto(`${world.base}/inbox`);
  const card = noor.locator("main li.card").filter({ hasText: "You are organization admin of Meridian Freight now" }).filter({ has: noor.getByRole("button", { name: /Go on/ }) });
  await card.waitFor({ timeout: 10_000 });
  await look(noor, "inbox-approved");
  await card.getByRole("button", { name: /Go on/ }).click();
  await noor.waitForURL(/\/organizations\/meridian\/link\?workspace=night-shift/);
  await goOnAndLink(noor, "Night Shift", "linked-by-asker");
  await heardOfLink("Night Shift", "noor", "ada", "ben");
});

test("from a blocked feature, without JavaScript: asks, is approved, comes back and links", async () => {
  makeWorkspace("kiln", "Kiln", "zoe");
  const plain = { javaScriptEnabled: false };
  const zoe = await enter("zoe", plain, "/workspaces/kiln");
  await zoe.getByRole("link", { name: "Features", exact: true }).click();
  await look(zoe, "features");
  await here(zoe).getByRole("link", { name: "Ask to become an organization admin" }).first().click();
  await zoe.getByLabel(/^Organization/).fill("meridian");
  await look(zoe, "ask");
  await here(zoe).getByRole("button", { name: "Ask to become an organization admin" }).click();
  const ada = await enter("ada", plain, "/organizations/meridian/requests");
  await ada.getByRole("button", { name: "Approve the request of Zoe Tanaka" }).click();
  let found = false;
  for (let i = 0; i < 50 && !found; i++) {
    await zoe.goto(`${world.base}/inbox`);
    found = await zoe.getByRole("button", { name: /Go on/ }).count() > 0;
  }
  await look(zoe, "inbox-approved");
  await here(zoe).getByRole("button", { name: /Go on/ }).first().click();
  assert.match(zoe.url(), /\/organizations\/meridian\/link\?workspace=kiln/);
  await goOnAndLink(zoe, "Kiln", "linked-from-feature");
  await heardOfLink("Kiln", "zoe", "ada");
});

test("the organization's side asks the workspace's admins, who choose the group", async () => {
  makeWorkspace("quay", "Quay", "una");
  world.importLines({ type: "user_group", workspace: "quay", slug: "owners", name: "Owners", is_admin: true, members: [address("una")] });
  const pia = await enter("pia", {}, "/organizations/meridian/link/workspace");
  pia.withScript = true;
  if (await pia.getByText("The workspace is not in this list").isVisible()) await pia.getByText("The workspace is not in this list").click();
  const form = here(pia).locator("form[action='/ask']");
  await form.getByLabel(/^Workspace/).fill("quay");
  await look(pia, "choose-asks");
  await form.getByRole("button", { name: "Ask the workspace's admins" }).click();
  const una = await enter("una", {}, "/workspaces/quay/requests");
  una.withScript = true;
  await una.getByLabel("Add to").selectOption("owners");
  await look(una, "requests-of-workspace");
  await una.getByRole("button", { name: "Approve the request of Pia Lund" }).click();
  await una.getByText("Saved.").waitFor();
  await una.goto(`${world.base}/workspaces/quay/user-groups/owners`);
  assert.ok(await una.getByRole("cell", { name: "pia@meridian.example" }).isVisible());
  await pia.goto(`${world.base}/inbox`);
  const card = pia.locator("main li.card").filter({ has: pia.getByRole("button", { name: /Go on/ }) });
  await card.waitFor({ timeout: 10_000 });
  await card.getByRole("button", { name: /Go on/ }).click();
  await pia.getByRole("radio", { name: /Quay/ }).check();
  await here(pia).getByRole("button", { name: "Next" }).click();
  for (const box of await here(pia).getByRole("checkbox").all()) await box.check();
  await pia.getByRole("button", { name: "Link", exact: true }).click();
  await pia.waitForURL(/apps\?linked=quay/);
  await heardOfLink("Quay", "una", "pia", "ada");
});

test("somebody without an account is invited, makes one by the mail's link and lands where they were asked to", async () => {
  world.orglink("invitation", "create", "--organization", "meridian", "--role", "admin", "--email", "newcomer@else.example", "--as", "ada@meridian.example");
  const link = await sink.mailed("newcomer@else.example", /http:\/\/localhost:\d+(\/invitations\/[\w-]{40,})/);
  const page = await world.open(await world.browser.newContext({ ...calm, viewport: { width: 360, height: 740 } }));
  page.withScript = true;
  await page.goto(world.base + link);
  await page.getByText("I have no account yet").click();
  await look(page, "join-narrow");
  await page.getByLabel("Your name").fill("New Comer");
  await page.getByLabel(/^Password/).fill("correct horse battery");
  await page.getByRole("button", { name: "Create my account and see the invitation" }).click();
  await page.getByRole("button", { name: "Accept" }).click();
  await page.waitForURL(/\/organizations\/meridian$/);
  await look(page, "joined-narrow");
});
