// The whole site with nothing but a keyboard: what somebody sees of the focus is all they have.
import { before, test } from "node:test";
import assert from "node:assert/strict";
import { calm, closeAtEnd, sharedWorld } from "./world.mjs";

let world;
before(async () => { world = await sharedWorld(); });
closeAtEnd();

/// What has the focus: its role, its name as it is read out, whether one can see where it is.
const focused = (page) => page.evaluate(() => {
  const e = document.activeElement;
  const label = e.labels?.[0]?.innerText ?? e.getAttribute("aria-label") ?? e.innerText ?? "";
  const style = getComputedStyle(e);
  const box = e.getBoundingClientRect();
  const kind = ["checkbox", "radio"].includes(e.type) ? `:${e.type}` : "";
  return { tag: e.tagName + kind, name: label.trim().replace(/\s+/g, " "), isSeen: style.outlineStyle !== "none" && box.width > 1 && box.height > 1 };
});

/// Goes on with Tab to what is called so; everything on the way shows that it has the focus.
async function reach(page, name, tag) {
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    if (at.tag === "BODY") continue;
    assert.ok(at.isSeen, `nobody sees the focus on ${at.tag} “${at.name}” of ${page.url()}`);
    const isIt = typeof name === "string" ? at.name.startsWith(name) : name.test(at.name);
    if (isIt && (!tag || at.tag === tag)) return;
  }
  assert.fail(`${name} cannot be reached with the keyboard on ${page.url()}`);
}

async function enter(page, name, url, tag) {
  await reach(page, name, tag);
  await page.keyboard.press("Enter");
  await page.waitForURL(url);
}

test("the whole site with the keyboard only", async () => {
  const link = world.orglink("account", "sign-in-link", "gus@solo.example").match(/\/sign-in\/\S+/)[0];
  const page = await world.open(await world.browser.newContext(calm));

  // A password, then sign in with it.
  await page.goto(world.base + link);
  await reach(page, "Password");
  await page.keyboard.type("correct horse battery");
  await page.keyboard.press("Enter");
  await page.waitForURL(world.base + "/");
  world.forget("gus");
  await reach(page, /Gus/, "SUMMARY");
  await page.keyboard.press("Enter");
  await enter(page, "Sign out", /sign-in/);
  // The page puts the focus on the address by itself, a moment after it has come.
  await page.waitForFunction(() => document.activeElement.name === "email");
  await page.keyboard.type("gus@solo.example");
  await reach(page, "Password");
  await page.keyboard.type("correct horse battery");
  await enter(page, "Sign in", world.base + "/");

  // The first stop skips to the content.
  await page.keyboard.press("Tab");
  assert.equal((await focused(page)).name, "Skip to content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");

  // The switcher opens, closes with Escape where it was opened, and leads on.
  await page.goto(world.base);
  await reach(page, /^Switch/, "SUMMARY");
  await page.keyboard.press("Enter");
  assert.ok(await page.locator(".switcher .popup").isVisible());
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  assert.ok(await page.locator(".switcher .popup").isHidden(), "Escape closes");
  assert.equal((await focused(page)).tag, "SUMMARY", "and leaves the focus where the menu was opened");
  await page.keyboard.press("Enter");
  await enter(page, /Lindqvist Works/, /organizations\/solo$/);
  await enter(page, "Apps", /\/apps$/);
  await reach(page, "More", "SUMMARY");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("main .popup").isHidden());

  // The search, by its key.
  await page.keyboard.press("/");
  assert.equal((await focused(page)).tag, "INPUT");
  await page.keyboard.type("work");
  await page.keyboard.press("Enter");
  await page.waitForURL(/search\?q=work/);
  await enter(page, "Workshop", /workspaces\/workshop$/, "A");

  // The wizard, to the link.
  world.importLines(
    { type: "workspace", slug: "keys", name: "Keys", kind: "team", plan: "standard" },
    { type: "user_group", workspace: "keys", slug: "administrators", name: "Administrators", is_admin: true, members: ["gus@solo.example"] },
  );
  await enter(page, "Link a workspace", /solo\/link$/);
  await enter(page, "Next", /link\/workspace/);
  await reach(page, /Workshop|Keys/, "INPUT:radio");
  const radio = page.getByRole("radio", { name: /Keys/ });
  for (let i = 0; i < 4 && !(await radio.isChecked()); i++) await page.keyboard.press(i ? "ArrowDown" : "Space");
  assert.ok(await radio.isChecked());
  await enter(page, "Next", /link\/plans/);
  for (const box of await page.getByRole("checkbox").all()) {
    await reach(page, "", "INPUT:checkbox");
    await page.keyboard.press("Space");
    assert.ok(await box.isChecked());
  }
  await enter(page, /^Link$/, /apps\?linked=keys/, "BUTTON");
});

test("what somebody is in the middle of survives what others do", async () => {
  world.importLines(
    { type: "workspace", slug: "meanwhile", name: "Meanwhile", kind: "team", plan: "standard" },
    { type: "user_group", workspace: "meanwhile", slug: "administrators", name: "Administrators", is_admin: true, members: ["gus@solo.example"] },
  );
  const page = await world.signIn("gus");
  await page.goto(`${world.base}/organizations/solo/apps`);
  await page.locator("body[data-listening]").waitFor();
  await reach(page, "More", "SUMMARY");
  await page.keyboard.press("Enter");
  const looked = page.waitForResponse((r) => r.url().endsWith("/apps") && r.request().resourceType() === "fetch");
  world.orglink("link", "--workspace", "meanwhile", "--organization", "solo", "--as", "gus@solo.example", "--yes");
  await looked;
  await page.waitForTimeout(100);
  const at = await focused(page);
  assert.deepEqual([at.tag, at.name], ["SUMMARY", "More"], "the focus is where it was");
  assert.ok(await page.locator("main .popup").isVisible(), "and the menu still open");
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Meanwhile" }).first().waitFor();
});

test("a user group from its making to its end, with the keyboard only", async () => {
  world.importLines(
    { type: "workspace", slug: "typed", name: "Typed", kind: "team", plan: "standard" },
    { type: "user_group", workspace: "typed", slug: "administrators", name: "Administrators", is_admin: true, members: ["gus@solo.example"] },
    { type: "user_group", workspace: "typed", slug: "readers", name: "Readers", members: ["noor@meridian.example"] },
  );
  const page = await world.signIn("gus");
  await page.goto(`${world.base}/workspaces/typed`);
  await enter(page, "User groups", /user-groups$/, "A");
  await reach(page, "New user group", "SUMMARY");
  await page.keyboard.press("Enter");
  await reach(page, /^Name/, "INPUT");
  await page.keyboard.type("Typists");
  await reach(page, /^Repositories/, "SELECT");
  await page.keyboard.type("write");
  await enter(page, "Create group", /saved|user-groups\/typists/, "BUTTON");
  await page.goto(`${world.base}/workspaces/typed/user-groups/typists`);
  await enter(page, "Add members", /user-groups\/typists\/add/, "A");
  await reach(page, /^E-mail addresses/, "TEXTAREA");
  await page.keyboard.type("noor@meridian.example gus@solo.example");
  await reach(page, "Next", "BUTTON");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Confirm" }).waitFor();
  await reach(page, "Confirm", "BUTTON");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Done.").waitFor();
  await reach(page, "Remove Noor", "BUTTON");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => !document.querySelector("main table")?.innerText.includes("noor@"));
  await reach(page, "Change this group", "SUMMARY");
  await page.keyboard.press("Enter");
  await reach(page, /^Its members administer/, "INPUT:checkbox");
  await page.keyboard.press("Space");
  await reach(page, "Save", "BUTTON");
  await page.keyboard.press("Enter");
  await page.locator("main h1").getByText("Admin").waitFor();
  await reach(page, "Delete this group", "SUMMARY");
  await page.keyboard.press("Enter");
  await enter(page, "Delete Typists", /user-groups\?saved/, "BUTTON");
  assert.equal(await page.getByRole("link", { name: "Typists" }).count(), 0);
});
