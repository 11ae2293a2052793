// A demo of our own for each file of flows: its program, its browser, its people.
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
function start(args, ready) {
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

export async function openWorld() {
  const folder = mkdtempSync(join(tmpdir(), "orglink-e2e-"));
  const { child, output } = await start(["demo", "--folder", folder, "--listen", "127.0.0.1:0"], /orglink is at .*\n/);
  const base = output.match(/orglink is at (\S+)/)[1];
  const links = Object.fromEntries([...output.matchAll(/^(\S+@\S+).*?(http\S+)$/gm)].map((m) => [m[1].split("@")[0], m[2]]));
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const world = {
    base, folder, browser, links,
    /// A browser of its own in which somebody is signed in.
    async signIn(who, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
      const page = await context.newPage();
      page.complaints = [];
      page.on("console", (m) => { if (m.type() === "error") page.complaints.push(m.text()); });
      page.on("pageerror", (e) => page.complaints.push(String(e)));
      await page.goto(links[who]);
      return page;
    },
    /// The command line on the same database.
    orglink(...args) {
      const text = execFileSync(binary, [...args, "--database", `sqlite:${folder}/orglink.db`], { encoding: "utf8", env: {}, stdio: ["ignore", "pipe", "ignore"] });
      return text;
    },
    importLines(...records) {
      const file = join(folder, "change.ndjson");
      writeFileSync(file, records.map((r) => JSON.stringify(r) + "\n").join(""));
      return world.orglink("import", file, "--json");
    },
    async close() {
      await browser.close();
      child.removeAllListeners("exit");
      child.kill("SIGTERM");
      await new Promise((resolve) => child.on("exit", resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return world;
}

/// Looks at a page as everybody must be able to: nothing for axe to find, nothing wider than the window, nothing on
/// the console; keeps a picture.
export async function inspect(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`), [], name);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `${name} is ${overflow} px wider than the window`);
  assert.deepEqual(page.complaints ?? [], [], name);
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

export { start };
