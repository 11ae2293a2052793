// Somebody hostile: reads every form there is, tampers with every hidden field, sends another tenant's forms, replays,
// skips steps and uses wrong methods. Nothing may break, nothing may be told, nothing may change.
import { before, test } from "node:test";
import assert from "node:assert/strict";
import { assertNone, closeAtEnd, sharedWorld } from "./world.mjs";
import { fill, makeNames, notPages, routes, visitorOf } from "./visits.mjs";

let world;
before(async () => { world = await sharedWorld(); });
closeAtEnd();

/// Nobody of Lindqvist Works may read these.
const FOREIGN = ["Meridian Freight", "Atlas Platform", "Atlas Mobile", "Harbor Terminal", "Harbor Operations", "Ben Okafor", "Cleo "];
/// What only tells two clicks apart, where to go afterwards, or up to where one has read: any value is fine, no value
/// does harm.
const FREE = ["key", "next", "link", "up_to"];
/// Forms that belong to no tenant: everybody may send their own.
const OWN = [/^\/sign-out$/, /^\/organizations$/, /^\/workspaces$/, /^\/me\//, /^\/sign-in/, /^\/step-up/, /^\/verify/, /^\/search$/, /^\/ask$/, /^\/inbox$/, /^\/recover$/, /^\/unsubscribe\//, /^\/receipts$/, /^\/tracker\//];
/// Forms that say everything by being sent.
const WHOLE = /(watch|\/accept|\/decline|\/link-codes\/withdraw|\/operator\/mail|\/operator\/invoices|\/webhooks\/[^/]+\/test|\/domains\/[^/]+\/check)$/;
/// Links that were mailed: whoever has one may follow it.
const MAILED = /\{(secret|mailed|sign_in|proof|unsubscribe)\}/;

/// Everything that can be got out, and every event that somebody caused; what jobs find out by themselves is no act.
function everything() {
  const events = world.orglink("events", "--json").trim().split("\n").filter((line) => line && !/"through":"system"|"account.signed_in"/.test(line));
  return [...world.orglink("export").trim().split("\n"), ...events];
}

function assertSame(before) {
  const [was, is] = [new Set(before), new Set(everything())];
  assertNone([...[...is].filter((line) => !was.has(line)).map((line) => `new: ${line}`), ...[...was].filter((line) => !is.has(line)).map((line) => `gone: ${line}`)]);
}

/// Every form on somebody's pages, as a browser would send it.
async function readForms(who, names) {
  const page = await world.signIn(who, { javaScriptEnabled: true });
  const forms = [];
  const seen = new Set();
  for (const { path } of routes.filter((r) => r.method === "GET" && !notPages.includes(r.path) && !r.path.startsWith("/sign-in"))) {
    const filled = fill(path, names);
    if (!filled) continue;
    const answer = await page.goto(world.base + filled);
    if (answer.status() >= 400) continue;
    const found = await page.evaluate(() => [...document.forms].filter((f) => f.method === "post").flatMap((form) => {
      const fields = [...form.elements].filter((e) => e.name && !e.disabled && e.type !== "submit").filter((e) => !["checkbox", "radio"].includes(e.type) || e.checked || e.type === "radio")
        .map((e) => ({ name: e.name, value: e.value, isHidden: e.type === "hidden", isText: ["text", "search", "email"].includes(e.type) }));
      const ways = [...form.querySelectorAll("button")].map((b) => ({ action: new URL(b.getAttribute("formaction") ?? form.getAttribute("action") ?? location.pathname, location.href).pathname, extra: b.name ? [{ name: b.name, value: b.value, isHidden: true }] : [] }));
      return ways.map(({ action, extra }) => ({ from: location.pathname, action, fields: [...fields, ...extra] }));
    }));
    for (const form of found) {
      const what = form.action + " " + form.fields.map((f) => f.name).join();
      if (!seen.has(what)) { seen.add(what); forms.push(form); }
    }
  }
  await page.context().close();
  return forms;
}

const asPairs = (fields) => fields.map(({ name, value }) => [name, value]);
const changed = (fields, name, value) => asPairs(fields.map((f) => (f.name === name ? { ...f, value } : f)));
const ownToken = async (who) => (await world.send(who, "GET", "/")).text.match(/name="form_token" value="([^"]+)"/)[1];

test("every hidden field of every form, tampered with by its own owner", async () => {
  const names = await makeNames(world);
  const forms = await readForms("ada", names);
  assert.ok(forms.length > 5, "the forms are not read");
  const before = everything();
  const [faults, foreignToken] = [[], await ownToken("gus")];
  let sent = 0;
  for (const form of forms.filter((f) => f.action !== "/sign-out")) {
    for (const { name, value } of form.fields.filter((f) => f.isHidden && !FREE.includes(f.name))) {
      const values = name === "form_token" ? ["", value.slice(0, -3) + "AAA", foreignToken]
        : name === "version" ? ["", "0", "-1", "999999999", "99999999999999999999", "one", "1 OR 1=1"]
          : ["", "no-such-thing", "solo", "workshop", "01890000-0000-7000-8000-000000000000", "'; DROP TABLE workspace; --", "../../etc", "\u0000", "x".repeat(5000)];
      for (const tampered of values) {
        const answer = await world.send("ada", "POST", form.action, changed(form.fields, name, tampered));
        sent++;
        const at = `${form.action} of ${form.from}, ${name}=${tampered.slice(0, 30)}: ${answer.status}`;
        if (answer.status < 400 || answer.status >= 500) faults.push(`${at} ${answer.location}`);
        else if (!answer.kind.startsWith("text/html") || !/class="button"|<form method="post" action="\/step-up"/.test(answer.text)) faults.push(`${at}: no page with a next step`);
      }
    }
  }
  console.log(`# ${forms.length} forms, ${sent} tampered sendings`);
  assertNone(faults);
  assertSame(before);
});

test("another tenant's forms, sent by a stranger with a form token of their own", async () => {
  const names = await makeNames(world);
  const forms = (await readForms("ada", names)).filter((f) => !OWN.some((own) => own.test(f.action)));
  const before = everything();
  const faults = [];
  for (const who of ["gus", "noor"]) {
    const token = await ownToken(who);
    for (const form of forms) {
      const filledIn = form.fields.map((f) => ({ ...f, value: f.value || !f.isText ? f.value : /account|email/.test(f.name) ? "una@meridian.example" : "something" }));
      const answer = await world.send(who, "POST", form.action, changed(filledIn, "form_token", token));
      const at = `${who} ${form.action}: ${answer.status}`;
      if (answer.status !== 404 && answer.status !== 403) faults.push(`${at} ${answer.location}`);
      for (const name of FOREIGN) if (who === "gus" && answer.text.includes(name)) faults.push(`${at} tells of ${name}`);
    }
    for (const { path } of routes.filter((r) => r.method === "GET" && r.path.includes("{") && !MAILED.test(r.path) && !["/api/", "/tracker/"].some((begin) => r.path.startsWith(begin)))) {
      const filled = fill(path, names);
      if (!filled || who !== "gus") continue;
      const answer = await world.send(who, "GET", filled);
      const at = `${who} ${filled}: ${answer.status}`;
      // Nothing of the operator's is looked for on behalf of anybody else.
      if (answer.status !== (path.startsWith("/operator/") ? 403 : 404)) faults.push(at);
      for (const name of FOREIGN) if (answer.text.includes(name)) faults.push(`${at} tells of ${name}`);
    }
  }
  assertNone(faults);
  assertSame(before);
});

test("steps skipped, sent without what they need, by wrong methods and signed out", async () => {
  const names = await makeNames(world);
  const before = everything();
  const faults = [];
  const form_token = await ownToken("ada");
  for (const { method, path } of routes) {
    const filled = fill(path, names);
    if (!filled || path === "/sign-out") continue;
    const taken = routes.filter((r) => r.path === path).map((r) => r.method);
    for (const wrong of ["GET", "POST", "PUT", "DELETE", "PATCH"].filter((m) => !taken.includes(m))) {
      const answer = await world.send("ada", wrong, filled, wrong === "GET" ? undefined : { form_token });
      if (answer.status !== 405) faults.push(`${wrong} ${filled}: ${answer.status}`);
      else if (!answer.text.includes('class="button"')) faults.push(`${wrong} ${filled}: no page with a next step`);
    }
    if (method !== "POST") continue;
    const who = visitorOf(path);
    const empty = OWN.some((own) => own.test(path)) || WHOLE.test(path) || MAILED.test(path) ? undefined : await world.send(who, "POST", filled, { form_token: await ownToken(who) });
    if (empty && (empty.status < 400 || empty.status >= 500)) faults.push(`${filled} with nothing but its token: ${empty.status} ${empty.location}`);
    // Whoever has the link may, signed in or not; a mail program that unsubscribes sends no token (RFC 8058). Checking a receipt is
    // anybody's and changes nothing.
    if (MAILED.test(path) || ["/sign-in", "/verify", "/receipts"].some((begin) => path.startsWith(begin))) continue;
    for (const [headers, says] of [[{}, "no token"], [{ origin: "https://evil.example" }, "another site"], [{ "sec-fetch-site": "cross-site" }, "another site"]]) {
      const form = says === "no token" ? {} : { form_token };
      const answer = await world.send(who, "POST", filled, form, headers);
      if (answer.status !== 403) faults.push(`${filled} with ${says}: ${answer.status}`);
    }
    const out = await world.send(undefined, "POST", filled, { form_token });
    if (out.status !== 303 || !out.location.startsWith("/sign-in")) faults.push(`${filled} signed out: ${out.status}`);
    const huge = await world.send(who, "POST", filled, { form_token: form_token + "x".repeat(3 << 20) });
    if (huge.status < 400 || huge.status >= 500) faults.push(`${filled} with 3 MB: ${huge.status}`);
  }
  assertNone(faults);
  assertSame(before);
});

test("where to go afterwards is a place of ours, whatever the form says", async () => {
  const form_token = await ownToken("ada");
  for (const next of ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\u0000", "/x\r\nSet-Cookie: a=b"]) {
    for (const verb of ["watch", "unwatch"]) {
      const answer = await world.send("ada", "POST", `/workspaces/spin-off/${verb}`, { form_token, next });
      assert.deepEqual([answer.status, answer.location], [303, "/workspaces/spin-off"], next);
    }
  }
});
