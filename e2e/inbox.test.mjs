// Being told: the count is live, what is urgent stands on every page until it is done, and mails can be ended.
import { before, test } from "node:test";
import assert from "node:assert/strict";
import { closeAtEnd, inspect, sharedWorld } from "./world.mjs";

let world;
before(async () => { world = await sharedWorld(); });
closeAtEnd();

const unread = async (page) => Number(await page.locator("[data-unread]").getAttribute("data-unread"));

test("an open page counts what comes, and the inbox shows it without a refresh", async () => {
  const [home, inbox] = [await world.signIn("mia"), await world.signIn("mia")];
  await inbox.goto(`${world.base}/inbox`);
  for (const page of [home, inbox]) await page.locator("body[data-listening]").waitFor();
  const before = await unread(home);
  const began = Date.now();
  const slug = ["atlas-mobile", "docs-site", "atlas-platform"].find((w) => {
    try { world.orglink("group", "add-member", "-w", w, "administrators", "mia@meridian.example", "--as", "ada@meridian.example"); return true; } catch { return false; }
  });
  await home.locator(`[data-unread="${before + 1}"]`).waitFor({ timeout: 10_000 });
  console.log(`# counted on the open page ${Date.now() - began} ms after the command was begun`);
  const card = inbox.locator("main li.card").filter({ hasText: "You are workspace admin of" }).first();
  await card.waitFor({ timeout: 10_000 });
  await inspect(inbox, "inbox-live");
  // Opening it reads it, and leads there.
  await card.getByRole("button", { name: /See the workspace/ }).click();
  await inbox.waitForURL(`**/workspaces/${slug}`);
  assert.equal(await unread(inbox), before);
  world.orglink("group", "remove-member", "-w", slug, "administrators", "mia@meridian.example", "--as", "ada@meridian.example");
});

test("without JavaScript: read one, read all, choose what comes by mail, end mails from a mail", async () => {
  const page = await world.signIn("mia", { javaScriptEnabled: false });
  await page.goto(`${world.base}/inbox`);
  await page.getByRole("button", { name: "Mark all as read" }).click();
  assert.equal(await unread(page), 0);
  await page.goto(`${world.base}/me/notifications`);
  assert.ok(await page.getByRole("checkbox", { name: /Workspaces linked/ }).isDisabled());
  await page.getByRole("checkbox", { name: /Whether workspaces can be linked/ }).uncheck();
  await page.getByRole("button", { name: "Save" }).click();
  assert.ok(await page.getByText("Saved.").isVisible());
  assert.ok(!(await page.getByRole("checkbox", { name: /Whether workspaces can be linked/ }).isChecked()));
});
