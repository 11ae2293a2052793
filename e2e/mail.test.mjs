// Mails through a real mail server with TLS and a password: each arrives once, whatever dies in between. What arrived is
// counted at the server, by `Message-ID`.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openSink } from "./sink.mjs";
import { binary } from "./world.mjs";

const company = join(dirname(fileURLToPath(import.meta.url)), "../crates/server/demo/company.ndjson");
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const postgres = process.env.ORGLINK_TEST_POSTGRES;

/// An installation with the demo company and a mail server of its own; the programs that run on it are killed as tests
/// like.
async function openOffice({ database, starttls } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "orglink-mail-"));
  const at = (name) => join(folder, name);
  database ??= `sqlite:${at("orglink.db")}`;
  const sink = await openSink(folder, { starttls });
  let isIn = false;
  const office = {
    sink, at,
    configure: (password) => writeFileSync(at("orglink.toml"), sink.config(password)),
    /// The command line; dies at a place when it is asked to.
    orglink(env, ...args) {
      try {
        return execFileSync(binary, [...args, "--database", database], { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] });
      } catch (e) {
        if (env.ORGLINK_FAULT) return "";
        throw e;
      }
    },
    /// A server on the same database; `ended` when it has died.
    async serve(env = {}) {
      const child = spawn(binary, ["serve", "--listen", "127.0.0.1:0", "--config", at("orglink.toml"), "--database", database, "--key-file", at("orglink.key")], { env, stdio: ["ignore", "pipe", "ignore"] });
      child.ended = new Promise((resolve) => child.on("exit", resolve));
      await Promise.race([child.ended, new Promise((resolve) => child.stdout.on("data", (data) => /orglink is at/.test(data) && resolve()))]);
      return child;
    },
    mails: () => JSON.parse(office.orglink({}, "mail", "list", "--json")).items,
    /// Somebody becomes a workspace admin and stops being one: a mail each time.
    cause(env = {}) {
      isIn = !isIn;
      const verb = isIn ? "add-member" : "remove-member";
      office.orglink(env, "group", verb, "-w", "atlas-mobile", "administrators", "mia@meridian.example", "--as", "ada@meridian.example");
    },
    /// Waits until every mail has left.
    async settled(states = ["sent"]) {
      for (let i = 0; i < 150; i++) {
        const all = office.mails();
        if (all.length > 0 && all.every((m) => states.includes(m.state))) return all;
        await pause(200);
      }
      assert.fail(`mails wait: ${JSON.stringify(office.mails().filter((m) => !states.includes(m.state)))}`);
    },
    /// One change, and a death at a place on its mail's way; how often that mail arrived in the end.
    async killedAt(point) {
      const before = new Set(office.mails().map((m) => m.id));
      if (point.startsWith("notify.")) office.cause({ ORGLINK_FAULT: point });
      else {
        office.cause();
        const dying = await office.serve({ ORGLINK_FAULT: point });
        await Promise.race([dying.ended, pause(10_000)]);
        assert.notEqual(dying.exitCode ?? dying.signalCode, null, `${point} was not passed`);
      }
      const server = await office.serve();
      await pause(500);
      const all = await office.settled();
      await end(server);
      const fresh = all.filter((m) => !before.has(m.id));
      assert.equal(fresh.length, 1, "one mail for one change");
      return sink.counts().get(fresh[0].id);
    },
    async close() {
      await sink.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  writeFileSync(at("orglink.key"), `${randomBytes(32).toString("hex")}\n`, { mode: 0o600 });
  office.configure();
  office.orglink({}, "import", company);
  return office;
}

async function end(child, signal = "SIGTERM") {
  child.kill(signal);
  await child.ended;
}

let office;
before(async () => { office = await openOffice(); });
after(async () => { await office.close(); });

test("a mail arrives with TLS and a password, readable, from whom and to whom it says", async () => {
  office.cause();
  const server = await office.serve();
  const [mail] = await office.settled();
  await end(server);
  const [{ text, to, id }] = office.sink.arrived;
  assert.deepEqual([id, to], [mail.id, "mia@meridian.example"]);
  assert.match(text, /^From: "?orglink"? <orglink@company.example>$/m);
  assert.match(text, /^Subject: You are workspace admin of Atlas Mobile now$/m);
  assert.match(text, /^Content-Type: multipart\/alternative/m);
  assert.match(text, /Auto-Submitted: auto-generated/);
});

test("a wrong password holds mails up and harms none of them", async () => {
  writeFileSync(office.at("wrong"), "wrong");
  office.configure("wrong");
  office.cause();
  const before = office.sink.arrived.length;
  let server = await office.serve();
  await pause(3000);
  await end(server);
  const [mail] = office.mails();
  assert.deepEqual([mail.state, mail.attempts, office.sink.arrived.length], ["waiting", 0, before]);
  office.configure("password");
  server = await office.serve();
  await office.settled();
  await end(server);
  assert.equal(office.sink.arrived.length, before + 1);
});

test("what the server cannot take now is tried again; what it never takes is refused and shown", async () => {
  office.sink.answers.push(451, 421);
  office.cause();
  let server = await office.serve();
  await office.settled();
  assert.ok(office.mails()[0].attempts >= 2, "it was tried again");
  office.sink.answers.push(550);
  office.cause();
  await office.settled(["sent", "refused"]);
  await end(server);
  const [refused] = office.mails();
  assert.deepEqual([refused.state, refused.attempts], ["refused", 1]);
  assert.match(refused.answer, /not now|550/);
  office.orglink({}, "mail", "retry", refused.id);
  server = await office.serve();
  await office.settled();
  await end(server);
  assert.ok([...office.sink.counts().values()].every((n) => n === 1));
});

const points = ["notify.noticed", "notify.committed", "mail.claimed", "mail.rendered", "mail.committed", "mail.accepted", "mail.noted"];
for (const point of points) {
  test(`killed at ${point}: ${point === "mail.accepted" ? "it arrives again, with the same Message-ID" : "it arrives once"}`, async () => {
    assert.equal(await office.killedAt(point), point === "mail.accepted" ? 2 : 1);
  });
}

test("the same at each place on PostgreSQL", async () => {
  if (!postgres) return console.log("# skipped on PostgreSQL: ORGLINK_TEST_POSTGRES is not set; `cargo xtask test` sets it");
  const name = `mails_${process.pid}`;
  const manage = (program, ...args) => execFileSync(join(process.env.ORGLINK_TEST_POSTGRES_PROGRAMS ?? "", program), [`--maintenance-db=${postgres}/postgres`, ...args, name]);
  manage("createdb");
  const there = await openOffice({ database: `${postgres}/${name}` });
  try {
    for (const point of points) assert.equal(await there.killedAt(point), point === "mail.accepted" ? 2 : 1, point);
  } finally {
    await there.close();
    manage("dropdb", "--force");
  }
});

test("STARTTLS: it begins in the clear, and neither password nor mail is sent before there is TLS", async () => {
  const there = await openOffice({ starttls: true });
  try {
    there.cause();
    const server = await there.serve();
    await there.settled();
    await end(server);
    assert.deepEqual(there.sink.arrived.map((m) => [m.to, m.isSecure]), [["mia@meridian.example", true]]);
  } finally {
    await there.close();
  }
});

test("killed at random: none is lost, and none comes twice but with the same Message-ID", async () => {
  const before = new Set(office.mails().map((m) => m.id));
  const rounds = 12;
  for (let i = 0; i < rounds; i++) {
    office.cause();
    const server = await office.serve();
    await pause(Math.random() * 400);
    await end(server, "SIGKILL");
  }
  const server = await office.serve();
  const fresh = (await office.settled()).filter((m) => !before.has(m.id));
  await end(server);
  const often = fresh.map((m) => office.sink.counts().get(m.id));
  assert.equal(fresh.length, rounds);
  assert.ok(often.every((n) => n >= 1), "every mail arrived");
  console.log(`# ${rounds} kills at random: ${often.filter((n) => n === 1).length} mails arrived once, ${often.filter((n) => n > 1).length} again with the same Message-ID`);
});

test("two replicas on one database send each mail once", async () => {
  const before = new Set(office.mails().map((m) => m.id));
  for (let i = 0; i < 20; i++) office.cause();
  const servers = await Promise.all([office.serve(), office.serve()]);
  const fresh = (await office.settled()).filter((m) => !before.has(m.id));
  await Promise.all(servers.map((server) => end(server)));
  assert.equal(fresh.length, 20);
  assert.ok(fresh.every((m) => office.sink.counts().get(m.id) === 1));
});
