// One demo for all tests of a run: its program, its browser, its people and their sessions.
import { after } from "node:test";
import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
export const binary = process.env.ORGLINK_E2E_BINARY ?? join(here, "../target/debug/orglink");
const axe = readFileSync(join(here, "node_modules/axe-core/axe.min.js"), "utf8");
export const shots = join(here, "out");
mkdirSync(shots, { recursive: true });

/// Starts a program and waits for a line of its output.
export function start(args, ready) {
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "inherit"], env: { PATH: process.env.PATH } });
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (data) => {
      output += data;
      if (ready.test(output)) resolve({ child, output });
    });
    child.on("exit", (code) => reject(new Error(`orglink ended with ${code}: ${output}`)));
  });
}

/// Ends a program as an operator does.
export async function stop(child) {
  child.removeAllListeners("exit");
  const ended = new Promise((resolve) => child.on("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

/// A window in which nothing fades.
export const calm = { viewport: { width: 1200, height: 800 }, reducedMotion: "reduce" };

/// Fails with one line for each fault.
export function assertNone(faults) {
  assert.ok(faults.length === 0, `\n${faults.join("\n")}`);
}

let shared;
/// The world of this run, opened by the first test that needs it.
export function sharedWorld() {
  shared ??= openWorld();
  return shared;
}
/// Closes it when all tests of the run have ended.
let registered = false;
export function closeAtEnd() {
  if (!registered) after(async () => { if (shared) await (await shared).close(); });
  registered = true;
}

/// A Chromium of our own.
export function launch() {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/// The links to sign in with that a demo prints, by the name before the @.
export function linksOf(output) {
  return Object.fromEntries([...output.matchAll(/^(\S+@\S+).*?(http\S+)$/gm)].map((m) => [m[1].split("@")[0], m[2]]));
}

/// A demo of its own, with a container registry, or with the configuration that is given.
export async function openWorld(config = '[registry]\nurl = "https://registry.company.example"\n') {
  const folder = mkdtempSync(join(tmpdir(), "orglink-e2e-"));
  writeFileSync(join(folder, "orglink.toml"), config);
  const { child, output } = await start(["demo", "--folder", folder, "--config", join(folder, "orglink.toml"), "--listen", "127.0.0.1:0"], /orglink is at .*\n/);
  const base = output.match(/orglink is at (\S+)/)[1];
  const links = linksOf(output);
  const browser = await launch();
  const sessions = {};
  const world = {
    base, folder, browser, links,
    /// Somebody's session, made once: what a browser of theirs keeps.
    async session(who) {
      sessions[who] ??= (async () => {
        const answer = await fetch(links[who], { redirect: "manual" });
        assert.equal(answer.status, 303, `${who} cannot sign in`);
        const [name, value] = answer.headers.get("set-cookie").split(";")[0].split("=");
        return { name, value, cookie: `${name}=${value}` };
      })();
      return sessions[who];
    },
    /// Somebody's session has ended: choosing a password ends all others.
    forget(who) { delete sessions[who]; },
    /// A browser of its own in which somebody is signed in.
    async signIn(who, options = {}) {
      const context = await browser.newContext({ ...calm, ...options });
      const { name, value } = await world.session(who);
      await context.addCookies([{ name, value, url: base, httpOnly: true, sameSite: "Lax" }]);
      const page = await world.open(context);
      await page.goto(base);
      return page;
    },
    /// A page that remembers what the browser complained of.
    async open(context) {
      const page = await context.newPage();
      page.complaints = [];
      page.on("console", (m) => { if (m.type() === "error") page.complaints.push(m.text()); });
      page.on("pageerror", (e) => page.complaints.push(String(e)));
      return page;
    },
    /// A request without a browser, on somebody's behalf: as fast as tampering needs.
    async send(who, method, path, form, headers = {}) {
      const cookie = who ? (await world.session(who)).cookie : "";
      const body = form && new URLSearchParams(form).toString();
      const kind = body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
      const answer = await fetch(base + path, { method, body, redirect: "manual", headers: { cookie, ...kind, ...headers } });
      return { status: answer.status, location: answer.headers.get("location") ?? "", kind: answer.headers.get("content-type") ?? "", text: await answer.text() };
    },
    /// The command line on the same database.
    orglink(...args) {
      return execFileSync(binary, [...args, "--database", `sqlite:${folder}/orglink.db`], { encoding: "utf8", env: {}, stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 28 });
    },
    /// What stands in the newest mail to somebody, as the operator reveals it.
    async mailed(to, pattern) {
      for (let i = 0; i < 50; i++) {
        const mail = JSON.parse(world.orglink("mail", "list", "--json")).items.find((m) => m.to === to);
        const found = mail && world.orglink("mail", "show", mail.id, "--reveal").match(pattern);
        if (found) return found[1];
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      throw new Error(`no mail to ${to} has ${pattern}`);
    },
    importLines(...records) {
      const file = join(folder, "change.ndjson");
      writeFileSync(file, records.map((r) => JSON.stringify(r) + "\n").join(""));
      return world.orglink("import", file, "--json");
    },
    async close() {
      await browser.close();
      await stop(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return world;
}

/// What axe finds, or only what depends on the colours.
export async function findFaults(page, onlyColours = false) {
  if (!(await page.evaluate(() => Boolean(window.axe)))) await page.evaluate(axe);
  return page.evaluate(async (onlyColours) => {
    const run = onlyColours ? { runOnly: { type: "rule", values: ["color-contrast"] } } : { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
    const found = await window.axe.run({ ...run, resultTypes: ["violations"] });
    return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`);
  }, onlyColours);
}

/// Looks at a page as everybody must be able to: nothing for axe to find, nothing wider than the window, nothing on
/// the console.
export async function inspect(page, name) {
  assert.deepEqual(await findFaults(page), [], name);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `${name} is ${overflow} px wider than the window`);
  assert.deepEqual(page.complaints ?? [], [], name);
}

/// Looks at a page in light and dark and at 360 px, and takes its picture. Of a page without JavaScript axe sees nothing: it is
/// looked at by somebody who has it.
export async function look(page, name) {
  // A page that says no is an answer like any other.
  page.complaints = (page.complaints ?? []).filter((c) => !/Failed to load resource/.test(c));
  await inspect(page, name);
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  await page.emulateMedia({ colorScheme: "dark" });
  assert.deepEqual(await findFaults(page, true), [], `${name}, dark`);
  await page.screenshot({ path: join(shots, `${name}-dark.png`), fullPage: true });
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 360, height: 740 });
  await inspect(page, `${name} at 360 px`);
  await page.screenshot({ path: join(shots, `${name}-narrow.png`), fullPage: true });
  await page.setViewportSize(calm.viewport);
}
