// A picture of every page and state, on the demo company, in light, dark and narrow: `cargo xtask screenshots`.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { calm, openWorld, shots } from "./world.mjs";
import { fill, makeNames, notPages, routes, states, visitorOf } from "./visits.mjs";

const looks = {
  light: { ...calm, colorScheme: "light" },
  dark: { ...calm, colorScheme: "dark" },
  narrow: { ...calm, colorScheme: "light", viewport: { width: 360, height: 740 } },
};
const began = Date.now();
const world = await openWorld();
const names = await makeNames(world);
const taken = [];
/// Urgent notices stand on one picture, not on all of them.
async function readEverything(who) {
  const token = (await world.send(who, "GET", "/inbox")).text.match(/name="form_token" value="([^"]+)"/)[1];
  await world.send(who, "POST", "/inbox", { form_token: token, what: "all" });
}

/// What is on a page after a few steps of somebody.
const steps = [
  ["ada", "/organizations/meridian/apps", "apps-switcher", (page) => page.locator(".switcher > summary").click()],
  ["ada", "/organizations/meridian/apps", "apps-more", (page) => page.locator("main .menu > summary").click()],
  ["ada", "/organizations/meridian/apps", "apps-account", (page) => page.locator(".account > summary").click()],
  ["ada", "/organizations/meridian/apps", "navigation", async (page) => { if (await page.locator(".side > summary").isVisible()) await page.locator(".side > summary").click(); }],
  ["ada", "/organizations/meridian/link/workspace", "link-choose-filtered", (page) => page.locator("[data-filter]").fill("atlas")],
  ["ada", "/new-organization", "error-form-expired", async (page) => {
    await page.locator("main input[name=name]").fill("Too late");
    await page.evaluate(() => { for (const i of document.querySelectorAll("[name=form_token]")) i.value = ""; });
    await page.locator("main form button").click();
    await page.waitForLoadState();
  }],
  ["ada", "/workspaces/atlas-platform/settings", "error-changed-meanwhile", async (page) => {
    await page.evaluate(() => { for (const i of document.querySelectorAll("[name=version]")) i.value = "0"; });
    await page.locator("main form button").first().click();
    await page.waitForLoadState();
  }],
];

const file = (look, name) => join(shots, look, `${name.replace(/[^\w-]+/g, "-").replace(/^-|-$/g, "") || "home"}.png`);
async function take(page, look, name) {
  await page.screenshot({ path: file(look, name), fullPage: true });
  taken.push(`${look}/${name}`);
}

for (const [look, options] of Object.entries(looks)) {
  rmSync(join(shots, look), { recursive: true, force: true });
  mkdirSync(join(shots, look), { recursive: true });
  const open = {};
  if (look === "light") {
    const page = await world.signIn("ada", options);
    await take(page, look, "urgent");
    await page.goto(`${world.base}/inbox`);
    await take(page, look, "inbox-new");
    await readEverything("ada");
  }
  const pageOf = async (who) => (open[who] ??= who ? await world.signIn(who, options) : await world.open(await world.browser.newContext(options)));
  for (const { path } of routes.filter((r) => r.method === "GET" && !notPages.includes(r.path))) {
    const filled = fill(path, names);
    if (!filled) continue;
    const page = await pageOf(visitorOf(path));
    await page.goto(world.base + filled);
    await take(page, look, path);
  }
  for (const [who, path, name] of states) {
    const page = await pageOf(who);
    await page.goto(world.base + path);
    await take(page, look, name);
  }
  for (const [who, path, name, act] of steps) {
    const page = await pageOf(who);
    await page.goto(world.base + path);
    await act(page);
    await take(page, look, name);
  }
}

// The last pictures need somebody to link, and the operator to stop it.
const page = await world.signIn("gus", looks.light);
await page.goto(`${world.base}/organizations/solo/link/workspace`);
await page.getByRole("radio").first().check();
await page.getByRole("button", { name: "Next" }).click();
await take(page, "light", "story-1-verify");
for (const box of await page.getByRole("checkbox").all()) await box.check();
await page.getByRole("button", { name: "Link", exact: true }).click();
await page.waitForURL(/linked=/);
await take(page, "light", "story-2-linked");
world.orglink("freeze", "on", "--reason", "Quarter end, back on Monday.");
await page.goto(`${world.base}/organizations/solo/apps`);
await take(page, "light", "story-3-stopped");
await world.close();
writeFileSync(join(shots, "list.txt"), taken.join("\n") + "\n");
console.log(`${taken.length} pictures in ${shots}, ${Math.round((Date.now() - began) / 1000)} s`);
