// Two replicas on one PostgreSQL, a browser at each: what one does, the other shows within a second.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary, calm, launch, linksOf, start, stop } from "./world.mjs";

const server = process.env.ORGLINK_TEST_POSTGRES;
const programs = process.env.ORGLINK_TEST_POSTGRES_PROGRAMS ?? "";
const name = `replicas_${process.pid}`;
const database = `${server}/${name}`;
const rounds = ["first", "second", "third", "fourth", "fifth"];
let folder, browser, replicas = [], sessions = {};

const manage = (program, ...args) => execFileSync(join(programs, program), [`--maintenance-db=${server}/postgres`, ...args, name]);
const orglink = (...args) => execFileSync(binary, [...args, "--database", database], { encoding: "utf8", env: {}, stdio: ["ignore", "pipe", "ignore"] });

before(async () => {
  if (!server) return;
  folder = mkdtempSync(join(tmpdir(), "orglink-replicas-"));
  manage("createdb");
  const ready = /orglink is at .*\n/;
  const one = await start(["demo", "--folder", folder, "--listen", "127.0.0.1:0", "--database", database], ready);
  writeFileSync(join(folder, "orglink.toml"), "[log]\nlevel = \"warn\"\n");
  const two = await start(["serve", "--config", join(folder, "orglink.toml"), "--listen", "127.0.0.1:0", "--database", database, "--key-file", join(folder, "orglink.key")], ready);
  replicas = [one, two].map(({ child, output }) => ({ child, base: output.match(/orglink is at (\S+)/)[1].replace("localhost", "127.0.0.1") }));
  for (const [who, link] of Object.entries(linksOf(one.output))) {
    const answer = await fetch(link, { redirect: "manual" });
    sessions[who] = answer.headers.get("set-cookie").split(";")[0].split("=");
  }
  const file = join(folder, "more.ndjson");
  const records = rounds.flatMap((slug) => [
    { type: "workspace", slug, name: `The ${slug}`, kind: "team", plan: "standard" },
    { type: "user_group", workspace: slug, slug: "administrators", name: "Administrators", is_admin: true, members: ["ada@meridian.example"] },
  ]);
  writeFileSync(file, records.map((r) => JSON.stringify(r) + "\n").join(""));
  orglink("import", file);
  browser = await launch();
});

after(async () => {
  if (!server) return;
  await browser?.close();
  for (const { child } of replicas) await stop(child);
  manage("dropdb", "--force");
  rmSync(folder, { recursive: true, force: true });
});

/// Asks one of the replicas through the API; the answer's document.
async function ask(replica, token, method, path, body) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await fetch(`${replica.base}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  return answer.status === 204 ? {} : answer.json();
}
const tokenOf = (who, scopes) => JSON.parse(orglink("token", "create", "--as", who, "--scope", scopes, "--json")).token.secret;
const median = (all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)];

/// Somebody's browser at one of the replicas.
async function at(replica, who) {
  const context = await browser.newContext(calm);
  const [name, value] = sessions[who];
  await context.addCookies([{ name, value, url: replica.base, httpOnly: true, sameSite: "Lax" }]);
  return context.newPage();
}

test("what is linked at one replica is on the Apps page at the other within a second", async () => {
  if (!server) return console.log("# skipped on PostgreSQL: ORGLINK_TEST_POSTGRES is not set; `cargo xtask test` sets it");
  const [one, two] = replicas;
  const [ada, ben] = [await at(one, "ada"), await at(two, "ben")];
  await ben.goto(`${two.base}/organizations/meridian/apps`);
  await ben.locator("body[data-listening]").waitFor();
  const took = [];
  for (const slug of rounds) {
    await ada.goto(`${one.base}/organizations/meridian/link/workspace?workspace=${slug}`);
    await ada.getByRole("radio", { name: new RegExp(`The ${slug}`) }).check();
    await ada.getByRole("button", { name: "Next" }).click();
    for (const box of await ada.getByRole("checkbox").all()) await box.check();
    const answered = ada.waitForResponse((r) => r.request().method() === "POST" && /link\/plans/.test(r.url())).then(() => Date.now());
    const seen = ben.getByRole("link", { name: `The ${slug}` }).waitFor({ timeout: 20_000 }).then(() => Date.now());
    await ada.getByRole("button", { name: "Link", exact: true }).click();
    took.push((await seen) - (await answered));
  }
  console.log(`# linked at one replica, seen at the other after ${took.join(", ")} ms`);
  assert.ok(median(took) < 1000, `half of them took longer: ${took}`);
});

test("what one has stopped, all have, and everybody is told", async () => {
  if (!server) return console.log("# skipped on PostgreSQL: ORGLINK_TEST_POSTGRES is not set; `cargo xtask test` sets it");
  orglink("freeze", "on", "--reason", "Checking something");
  const began = Date.now();
  for (const replica of replicas) {
    for (const who of ["ada", "mia"]) {
      const page = await at(replica, who);
      await page.goto(replica.base);
      assert.ok(await page.getByText("The operator has stopped all linking for now.").isVisible(), `${who} at ${replica.base}`);
    }
  }
  const shown = Date.now() - began;
  const token = tokenOf("ada@meridian.example", "read,link");
  for (const replica of replicas) {
    const answer = await ask(replica, token, "POST", "/links", { workspace: "atlas-mobile", organization: "meridian", acknowledge_all: true });
    assert.equal(answer.code, "linking_frozen");
  }
  console.log(`# stopped: shown to two people at both replicas within ${shown} ms, pages and browsers included`);
  orglink("freeze", "off");
});

test("the stop switch, turned at one replica, holds at the other within a second", async () => {
  if (!server) return console.log("# skipped on PostgreSQL: ORGLINK_TEST_POSTGRES is not set; `cargo xtask test` sets it");
  const [olga, ada] = [tokenOf("olga@operator.example", "operator"), tokenOf("ada@meridian.example", "read,link")];
  const took = [];
  for (let round = 0; round < 20; round++) {
    const [here, there] = round % 2 ? replicas : replicas.toReversed();
    // Nothing is acknowledged: where linking is not stopped, that is the answer, and nothing is linked.
    const link = async () => (await ask(there, ada, "POST", "/links", { workspace: "atlas-mobile", organization: "meridian" })).code;
    assert.equal(await link(), "warnings_not_acknowledged");
    const turn = (linking_frozen) => ask(here, olga, "PUT", "/freeze", { linking_frozen, reason: null });
    const began = performance.now();
    const turned = turn(true);
    while ((await link()) !== "linking_frozen") assert.ok(performance.now() - began < 20_000, "it does not hold");
    took.push(performance.now() - began);
    await turned;
    await turn(false);
  }
  console.log(`# stopped at one replica, refused at the other: 20 times, median ${median(took).toFixed(0)} ms, at most ${Math.max(...took).toFixed(0)} ms`);
  assert.ok(median(took) < 1000, `half of them took longer: ${took}`);
});
