// Every page that the router knows, and every state we know of, as everybody must be able to use it: nothing for axe
// to find in light and dark, nothing wider than 360 px, light to carry.
import { before, test } from "node:test";
import assert from "node:assert/strict";
import { assertNone, calm, closeAtEnd, findFaults, sharedWorld } from "./world.mjs";
import { fill, makeNames, notPages, routes, states, visitorOf } from "./visits.mjs";

/// A page with its style and script, before images.
const MOST_BYTES = 60_000;

let world;
const weights = [];
const open = {};
before(async () => { world = await sharedWorld(); });
closeAtEnd();

/// One page a person, gone from address to address.
async function pageOf(who) {
  open[who] ??= who ? world.signIn(who) : world.browser.newContext(calm).then(world.open);
  return open[who];
}

async function look(who, path, name, status) {
  const page = await pageOf(who);
  page.complaints = [];
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1200, height: 800 });
  const answer = await page.goto(world.base + path);
  const faults = [];
  const fault = (text) => faults.push(`${path} (${name}): ${text}`);
  if (status ? answer.status() !== status : answer.status() >= 400) fault(`answers ${answer.status()}`);
  if (!(await page.evaluate(() => document.title.endsWith("· orglink")))) fault("is no page of ours");
  const own = (await answer.body()).length;
  const assets = await page.evaluate(() => performance.getEntriesByType("resource").filter((r) => /\.(css|js)$/.test(r.name)).reduce((sum, r) => sum + r.decodedBodySize, 0));
  if (own + assets > MOST_BYTES) fault(`weighs ${own + assets} bytes (${own} without style and script)`);
  const paint = await page.evaluate(() => new Promise((done) => {
    const entry = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    if (entry() !== undefined) return done(entry());
    new PerformanceObserver((_, me) => { me.disconnect(); done(entry()); }).observe({ type: "paint", buffered: true });
    setTimeout(() => done(entry() ?? NaN), 300);
  }));
  weights.push({ path, own, all: own + assets, paint });
  for (const found of await findFaults(page)) fault(found);
  await page.emulateMedia({ colorScheme: "dark" });
  for (const found of await findFaults(page, true)) fault(`dark: ${found}`);
  await page.setViewportSize({ width: 360, height: 740 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wide > 0) fault(`${wide} px wider than 360 px`);
  const expected = answer.status() >= 400 ? /Failed to load resource/ : /^$/;
  for (const complaint of page.complaints) if (!expected.test(complaint)) fault(complaint);
  return faults;
}

test("every page of the router, in light, in dark and at 360 px", async () => {
  const names = await makeNames(world);
  const faults = [];
  for (const { path } of routes.filter((r) => r.method === "GET" && !notPages.includes(r.path))) {
    const filled = fill(path, names);
    if (!filled) { faults.push(`${path} is visited by no test: teach makeNames in visits.mjs its names`); continue; }
    faults.push(...await look(visitorOf(path), filled, path));
  }
  assertNone(faults);
});

test("every state of a page that no route names", async () => {
  await makeNames(world);
  const faults = [];
  for (const [who, path, name, status] of states) faults.push(...await look(who, path, name, status));
  assertNone(faults);
});

test("menus and the collapsed navigation are as good open as closed", async () => {
  const page = await pageOf("ada");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`${world.base}/organizations/meridian/apps`);
  for (const menu of [".side > summary", ".switcher > summary", ".account > summary"]) {
    await page.locator(menu).click();
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await findFaults(page, colorScheme === "dark"), [], menu);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wide <= 0, `${menu} is ${wide} px too wide`);
    await page.locator(menu).click();
  }
  assert.ok(await page.locator(".side nav a").first().isHidden(), "the navigation is collapsed when narrow");
  await page.setViewportSize({ width: 1200, height: 800 });
  assert.ok(await page.locator(".side nav a").first().isVisible(), "and there when wide");
});

test("what pages weigh, and when something is first seen: printed, not judged", () => {
  const heaviest = weights.toSorted((a, b) => b.all - a.all)[0];
  const paints = weights.map((w) => w.paint).filter((p) => !Number.isNaN(p)).sort((a, b) => a - b);
  const at = (q) => paints[Math.min(paints.length - 1, Math.floor(paints.length * q))]?.toFixed(0);
  console.log(`# ${weights.length} pages; the heaviest is ${heaviest.path}: ${heaviest.all} bytes with style and script, ${heaviest.own} without`);
  console.log(`# first contentful paint: half within ${at(0.5)} ms, 95 % within ${at(0.95)} ms, all within ${paints.at(-1)?.toFixed(0)} ms`);
});
