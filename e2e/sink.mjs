// A real mail server with TLS and a password, for tests: what arrived is counted by `Message-ID`.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/// A certificate of an authority of the folder's own.
export function certify(folder) {
  const openssl = (...args) => execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test", "-days", "2");
  openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "mail.key", "-out", "mail.csr", "-subj", "/CN=localhost");
  writeFileSync(join(folder, "san"), "subjectAltName=DNS:localhost,IP:127.0.0.1");
  openssl("x509", "-req", "-in", "mail.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "mail.pem", "-days", "2", "-extfile", "san");
}

/// A server that keeps what arrives; with `starttls`, one that begins in the clear and lets nobody in before TLS.
export async function openSink(folder, { starttls = false } = {}) {
  const at = (name) => join(folder, name);
  certify(folder);
  writeFileSync(at("password"), "secret\n");
  const sink = { arrived: [], answers: [] };
  const server = new SMTPServer({
    secure: !starttls, key: readFileSync(at("mail.key")), cert: readFileSync(at("mail.pem")),
    onAuth: ({ username, password }, _, done) => username === "orglink" && password === "secret" ? done(null, { user: 1 }) : done(new Error("wrong password")),
    onRcptTo: (_, __, done) => {
      const code = sink.answers.shift();
      done(code ? Object.assign(new Error("not now"), { responseCode: code }) : undefined);
    },
    onData: (stream, session, done) => {
      let text = "";
      stream.on("data", (data) => { text += data; });
      stream.on("end", () => {
        sink.arrived.push({ id: text.match(/^Message-ID: <(.*)@/m)[1], to: session.envelope.rcptTo[0].address, isSecure: session.secure, text });
        done();
      });
    },
  });
  server.on("error", () => {});
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(sink, {
    /// What the configuration says of it.
    config: (password = "password") => `[mail]
smtp = "${starttls ? "smtp+starttls" : "smtps"}://localhost:${server.server.address().port}"
user = "orglink"
password_file = "${at(password)}"
from = "orglink <orglink@company.example>"
ca_file = "${at("ca.pem")}"
per_minute = 0
lease = "4s"
`,
    /// How often each mail arrived.
    counts: () => sink.arrived.reduce((all, { id }) => all.set(id, (all.get(id) ?? 0) + 1), new Map()),
    /// The mails to somebody, as they read them.
    readTo: (to) => sink.arrived.filter((m) => m.to === to).map((m) => m.text.replace(/=\r?\n/g, "").replace(/=3D/g, "=")),
    /// What stands in the newest mail to somebody that has it; waits for it.
    async mailed(to, pattern, known = new Set()) {
      for (let i = 0; i < 100; i++) {
        const found = sink.readTo(to).map((text) => text.match(pattern)?.[1]).filter((text) => text && !known.has(text)).pop();
        if (found) return found;
        await pause(100);
      }
      throw new Error(`no mail to ${to} has ${pattern}: ${sink.readTo(to).map((t) => t.match(/^Subject: .*$/m)?.[0])}`);
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  });
}
