// The wizard and every edit with forms only: JavaScript is off.
import { before, test } from "node:test";
import assert from "node:assert/strict";
import { calm, closeAtEnd, sharedWorld } from "./world.mjs";

let world, page;
const plain = { ...calm, javaScriptEnabled: false };
before(async () => {
  world = await sharedWorld();
  world.importLines(
    { type: "workspace", slug: "plain", name: "Plain", kind: "team", plan: "standard" },
    { type: "workspace", slug: "plain-own", name: "Plain Own", kind: "personal", plan: "standard" },
    ...["plain", "plain-own"].map((workspace) => ({ type: "user_group", workspace, slug: "administrators", name: "Administrators", is_admin: true, members: ["ada@meridian.example", "mia@meridian.example"] })),
    { type: "repository", workspace: "plain", slug: "paper", name: "paper" },
  );
  page = await world.signIn("ada", plain);
});
closeAtEnd();

const go = (path) => page.goto(world.base + path);
const press = (name, within = page) => within.getByRole("button", { name, exact: typeof name === "string" }).first().click();
const sees = (text) => page.locator("main").getByText(text).first().waitFor({ timeout: 10_000 });
const isSaved = () => sees("Saved.");

test("the wizard", async () => {
  await go("/workspaces/plain");
  await page.getByRole("link", { name: "Link to an organization" }).click();
  await page.getByRole("link", { name: /Meridian Freight/ }).last().click();
  await page.getByRole("link", { name: "Next" }).click();
  assert.ok(await page.getByRole("radio", { name: /Plain plain/ }).isChecked(), "the workspace she came from is chosen");
  await press("Next");
  for (const box of await page.getByRole("checkbox").all()) await box.check();
  await press("Link");
  await page.waitForURL(/apps\?linked=plain/);
});

test("the switcher, the search and the menus", async () => {
  await go("/");
  await page.locator(".switcher > summary").click();
  await page.locator(".switcher").getByRole("link", { name: "Meridian Freight" }).click();
  await page.waitForURL(/organizations\/meridian$/);
  await page.getByRole("searchbox").first().fill("pap");
  await page.keyboard.press("Enter");
  await page.waitForURL(/search\?q=pap/);
  await sees("Nothing that you may see is called so.");
  await page.getByRole("searchbox", { name: "Slug or name", exact: true }).fill("plain");
  await press("Search", page.locator("main"));
  await page.getByRole("link", { name: "Plain Own" }).click();
  await page.waitForURL(/workspaces\/plain-own$/);
});

test("a workspace's settings, plan and kind", async () => {
  await go("/workspaces/plain/settings");
  await page.getByLabel("Name", { exact: true }).fill("Plain Paper");
  await press("Save");
  await isSaved();
  await go("/workspaces/plain/plan");
  await page.getByRole("combobox").first().selectOption("premium");
  await press(/Look|Change|Next/, page.locator("main"));
  await page.waitForURL(/plan\/change/);
  await press("Change the plan");
  await isSaved();
  await go("/workspaces/plain-own/convert");
  await press("Make it a team workspace");
  await go("/workspaces/plain-own/settings");
  assert.ok((await page.locator("main").innerText()).includes("team"));
});

test("a user group from its making to its end", async () => {
  await go("/workspaces/plain/user-groups");
  await page.locator("main summary").filter({ hasText: "New" }).click();
  const fresh = page.locator("main details[open] form");
  await fresh.getByRole("textbox").first().fill("Reviewers");
  await fresh.getByRole("button").click();
  await go("/workspaces/plain/user-groups/reviewers");
  await page.getByRole("link", { name: "Add members" }).click();
  await page.getByLabel(/^E-mail addresses/).fill("Mia <mia@meridian.example>, ada@meridian.example");
  await press("Next");
  await press("Confirm");
  await sees(/2 added at once/);
  await press(/Remove Mia/);
  await isSaved();
  await page.getByText("Change this group").click();
  await page.getByLabel(/^Repositories/).selectOption("write");
  await press("Save");
  await isSaved();
  await page.getByText("Delete this group").click();
  await press("Delete Reviewers");
  await page.waitForURL(/user-groups\?saved/);
});

test("what may be done with a repository", async () => {
  await go("/workspaces/plain/repositories/paper");
  const row = page.locator("main tr").filter({ hasText: "Mia" });
  await row.getByRole("combobox").selectOption("read");
  await press("Save", row);
  await isSaved();
  await sees("read given directly");
});

test("two admins at once: the second is told, and what it is now is one click away", async () => {
  const other = await world.signIn("mia", plain);
  await go("/workspaces/plain/settings");
  await other.goto(`${world.base}/workspaces/plain/settings`);
  await other.getByLabel("Name", { exact: true }).fill("Plain, by Mia");
  await other.getByRole("button", { name: "Save" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Plain, by Ada");
  await press("Save");
  assert.ok(await page.getByText("412").first().isVisible());
  await page.getByRole("link", { name: "See it as it is now" }).click();
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Plain, by Mia");
  await page.getByLabel("Name", { exact: true }).fill("Plain, by both");
  await press("Save");
  await isSaved();
});

test("a form that has expired leads back to its page", async () => {
  const gus = await world.signIn("gus", calm);
  await gus.goto(`${world.base}/new-organization`);
  await gus.getByRole("textbox", { name: "Name", exact: true }).fill("Too late");
  await gus.evaluate(() => { for (const i of document.querySelectorAll("[name=form_token]")) i.value = "of-another-session"; });
  await gus.getByRole("button", { name: "Create organization" }).click();
  await gus.getByRole("link", { name: "Open the page afresh" }).click();
  await gus.waitForURL(/new-organization/);
});

test("leaving and deleting a workspace", async () => {
  const mia = await world.signIn("mia", plain);
  await mia.goto(`${world.base}/workspaces/plain-own/settings`);
  await mia.getByRole("button", { name: "Leave this workspace" }).click();
  assert.ok(!mia.url().includes("/settings"), mia.url());
  await go("/workspaces/plain-own/settings");
  await press("Leave this workspace");
  assert.ok(await page.getByText("409").first().isVisible(), "the last admin stays");
  await go("/workspaces/plain-own/delete");
  await page.getByRole("textbox", { name: /Type/ }).fill("plain-own");
  await press("Delete the workspace");
  assert.equal((await go("/workspaces/plain-own")).status(), 404);
});

test("an organization: its making, name, sites, products, roles and end", async () => {
  await go("/new-organization");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Paper Mill");
  await press("Create organization");
  await page.waitForURL(/organizations\/paper-mill$/);
  await sees("One person alone administers this organization.");
  await go("/organizations/paper-mill/settings");
  await page.getByLabel("Name", { exact: true }).fill("Paper Mills");
  await press("Save");
  await isSaved();
  await go("/organizations/paper-mill/sites");
  await page.getByLabel(/^Slug/).fill("paper-site");
  await press("Create site");
  await go("/organizations/paper-mill/sites/paper-site");
  await page.locator("main select[name=product]").selectOption({ index: 0 });
  await press("Add");
  const product = (await page.locator("main section li").first().innerText()).split("\n")[0].trim();
  await go("/organizations/paper-mill/people");
  await page.getByLabel(/^Address/).fill("ada@meridian.example");
  await page.locator("main select[name=role]").selectOption("site/paper-site/site_admin");
  await press("Give the role");
  await isSaved();
  await sees("site admin on paper-site");
  await go("/organizations/paper-mill/sites/paper-site");
  await sees("One person alone is admin of this site.");
  await go("/organizations/paper-mill/people");
  await press(/^Take site admin on paper-site/);
  await isSaved();
  await page.getByLabel(/^Address/).fill("nobody@elsewhere.example");
  await press("Give the role");
  assert.ok(await page.getByText("409").first().isVisible(), "a stranger must agree first");
  await go("/organizations/paper-mill/people");
  await press(/^Take organization admin/);
  assert.ok(await page.getByText("409").first().isVisible(), "the last admin stays");
  await go("/organizations/paper-mill/sites/paper-site");
  await press(`Remove ${product}`);
  await sees("This site carries no product.");
  await page.getByText("Delete this site").click();
  await page.getByRole("textbox", { name: /Type/ }).fill("paper-site");
  await press("Delete the site");
  await go("/organizations/paper-mill/delete");
  await page.getByRole("textbox", { name: /Type/ }).fill("another");
  await press("Delete the organization");
  assert.ok(await page.getByText("400").first().isVisible(), "only with its own slug");
  await go("/organizations/paper-mill/delete");
  await page.getByRole("textbox", { name: /Type/ }).fill("paper-mill");
  await press("Delete the organization");
  assert.equal((await go("/organizations/paper-mill")).status(), 404);
});

test("a role of one's own is given up", async () => {
  const cleo = await world.signIn("cleo", plain);
  await cleo.goto(`${world.base}/organizations/meridian`);
  await cleo.getByText("Your roles here").click();
  await cleo.getByRole("button", { name: /Give up organization auditor/ }).click();
  await cleo.waitForURL(world.base + "/");
  assert.equal((await cleo.goto(`${world.base}/organizations/meridian`)).status(), 404);
  await go("/organizations/meridian/people");
  await page.getByLabel(/^Address/).fill("cleo@meridian.example");
  await page.locator("main select[name=role]").selectOption("organization/auditor");
  await press("Give the role");
  await isSaved();
});
