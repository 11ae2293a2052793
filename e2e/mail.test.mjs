// Mails through a real mail server with TLS and a password: each arrives once, whatever dies in between. What arrived is
// counted at the server, by `Message-ID`.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SMTPServer } from "smtp-server";
import { binary } from "./world.mjs";

const company = join(dirname(fileURLToPath(import.meta.url)), "../crates/server/demo/company.ndjson");
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const folder = mkdtempSync(join(tmpdir(), "orglink-mail-"));
const at = (name) => join(folder, name);
const database = `sqlite:${at("orglink.db")}`;

/// What arrived, how the next recipients are answered, and how many signed in.
const arrived = [];
const answers = [];
let sink;

const openssl = (...args) => execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });

before(async () => {
  openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test", "-days", "2");
  openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "mail.key", "-out", "mail.csr", "-subj", "/CN=localhost");
  writeFileSync(at("san"), "subjectAltName=DNS:localhost");
  openssl("x509", "-req", "-in", "mail.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "mail.pem", "-days", "2", "-extfile", "san");
  sink = new SMTPServer({
    secure: true, key: readFileSync(at("mail.key")), cert: readFileSync(at("mail.pem")),
    onAuth: ({ username, password }, _, done) => username === "orglink" && password === "secret" ? done(null, { user: 1 }) : done(new Error("wrong password")),
    onRcptTo: (_, __, done) => {
      const code = answers.shift();
      done(code ? Object.assign(new Error("not now"), { responseCode: code }) : undefined);
    },
    onData: (stream, session, done) => {
      let text = "";
      stream.on("data", (data) => { text += data; });
      stream.on("end", () => {
        arrived.push({ id: text.match(/^Message-ID: <(.*)@/m)[1], to: session.envelope.rcptTo[0].address, text });
        done();
      });
    },
  });
  sink.on("error", () => {});
  await new Promise((resolve) => sink.listen(0, "127.0.0.1", resolve));
  writeFileSync(at("password"), "secret\n");
  configure("password");
  orglink({}, "import", company);
});
after(async () => {
  await new Promise((resolve) => sink.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const configure = (password) => writeFileSync(at("orglink.toml"), `[mail]
smtp = "smtps://localhost:${sink.server.address().port}"
user = "orglink"
password_file = "${at(password)}"
from = "orglink <orglink@company.example>"
ca_file = "${at("ca.pem")}"
per_minute = 0
lease = "4s"
`);

/// The command line; dies at a place when it is asked to.
function orglink(env, ...args) {
  try {
    return execFileSync(binary, [...args, "--database", database], { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] });
  } catch (e) {
    if (env.ORGLINK_FAULT) return "";
    throw e;
  }
}

/// A server on the same database; `ended` when it has died.
async function serve(env = {}) {
  const child = spawn(binary, ["serve", "--listen", "127.0.0.1:0", "--config", at("orglink.toml"), "--database", database], { env, stdio: ["ignore", "pipe", "ignore"] });
  child.ended = new Promise((resolve) => child.on("exit", resolve));
  await Promise.race([child.ended, new Promise((resolve) => child.stdout.on("data", (data) => /orglink is at/.test(data) && resolve()))]);
  return child;
}
async function end(child, signal = "SIGTERM") {
  child.kill(signal);
  await child.ended;
}

const mails = () => JSON.parse(orglink({}, "mail", "list", "--json")).items;

/// Somebody becomes a workspace admin and stops being one: a mail each time.
let isIn = false;
function cause(env = {}) {
  isIn = !isIn;
  const verb = isIn ? "add-member" : "remove-member";
  orglink(env, "group", verb, "-w", "atlas-mobile", "administrators", "mia@meridian.example", "--as", "ada@meridian.example");
}

/// Waits until every mail has left.
async function settled(states = ["sent"]) {
  for (let i = 0; i < 150; i++) {
    const all = mails();
    if (all.length > 0 && all.every((m) => states.includes(m.state))) return all;
    await pause(200);
  }
  assert.fail(`mails wait: ${JSON.stringify(mails().filter((m) => !states.includes(m.state)))}`);
}

/// How often each mail arrived.
const counts = () => arrived.reduce((all, { id }) => all.set(id, (all.get(id) ?? 0) + 1), new Map());

test("a mail arrives with TLS and a password, readable, from whom and to whom it says", async () => {
  cause();
  const server = await serve();
  const [mail] = await settled();
  await end(server);
  const [{ text, to, id }] = arrived;
  assert.deepEqual([id, to], [mail.id, "mia@meridian.example"]);
  assert.match(text, /^From: "?orglink"? <orglink@company.example>$/m);
  assert.match(text, /^Subject: You are workspace admin of Atlas Mobile now$/m);
  assert.match(text, /^Content-Type: multipart\/alternative/m);
  assert.match(text, /Auto-Submitted: auto-generated/);
});

test("a wrong password holds mails up and harms none of them", async () => {
  writeFileSync(at("wrong"), "wrong");
  configure("wrong");
  cause();
  const before = arrived.length;
  let server = await serve();
  await pause(3000);
  await end(server);
  const [mail] = mails();
  assert.deepEqual([mail.state, mail.attempts, arrived.length], ["waiting", 0, before]);
  configure("password");
  server = await serve();
  await settled();
  await end(server);
  assert.equal(arrived.length, before + 1);
});

test("what the server cannot take now is tried again; what it never takes is refused and shown", async () => {
  answers.push(451, 421);
  cause();
  let server = await serve();
  await settled();
  assert.ok(mails()[0].attempts >= 2, "it was tried again");
  answers.push(550);
  cause();
  await settled(["sent", "refused"]);
  await end(server);
  const [refused] = mails();
  assert.deepEqual([refused.state, refused.attempts], ["refused", 1]);
  assert.match(refused.answer, /not now|550/);
  orglink({}, "mail", "retry", refused.id);
  server = await serve();
  await settled();
  await end(server);
  assert.ok([...counts().values()].every((n) => n === 1));
});

const points = ["notify.noticed", "notify.committed", "mail.claimed", "mail.rendered", "mail.committed", "mail.accepted", "mail.noted"];
for (const point of points) {
  test(`killed at ${point}: ${point === "mail.accepted" ? "it arrives again, with the same Message-ID" : "it arrives once"}`, async () => {
    const before = new Set(mails().map((m) => m.id));
    if (point.startsWith("notify.")) cause({ ORGLINK_FAULT: point });
    else {
      cause();
      const dying = await serve({ ORGLINK_FAULT: point });
      await Promise.race([dying.ended, pause(10_000)]);
      assert.notEqual(dying.exitCode ?? dying.signalCode, null, `${point} was not passed`);
    }
    const server = await serve();
    await pause(500);
    const all = await settled();
    await end(server);
    const fresh = all.filter((m) => !before.has(m.id));
    assert.equal(fresh.length, 1, "one mail for one change");
    assert.equal(counts().get(fresh[0].id), point === "mail.accepted" ? 2 : 1);
  });
}

test("killed at random: none is lost, and none comes twice but with the same Message-ID", async () => {
  const before = new Set(mails().map((m) => m.id));
  const rounds = 12;
  for (let i = 0; i < rounds; i++) {
    cause();
    const server = await serve();
    await pause(Math.random() * 400);
    await end(server, "SIGKILL");
  }
  const server = await serve();
  const fresh = (await settled()).filter((m) => !before.has(m.id));
  await end(server);
  const often = fresh.map((m) => counts().get(m.id));
  assert.equal(fresh.length, rounds);
  assert.ok(often.every((n) => n >= 1), "every mail arrived");
  console.log(`# ${rounds} kills at random: ${often.filter((n) => n === 1).length} mails arrived once, ${often.filter((n) => n > 1).length} again with the same Message-ID`);
});

test("two replicas on one database send each mail once", async () => {
  const before = new Set(mails().map((m) => m.id));
  for (let i = 0; i < 20; i++) cause();
  const servers = await Promise.all([serve(), serve()]);
  const fresh = (await settled()).filter((m) => !before.has(m.id));
  await Promise.all(servers.map((server) => end(server)));
  assert.equal(fresh.length, 20);
  assert.ok(fresh.every((m) => counts().get(m.id) === 1));
});
