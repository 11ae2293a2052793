// Webhooks: made on a page without JavaScript, tested, told over TLS, and verified by the library of the specification in another language.
import { test } from "node:test";
import assert from "node:assert/strict";
import { createServer } from "node:https";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { certify } from "./sink.mjs";
import { calm, closeAtEnd, findFaults, inspect, openWorld, shots } from "./world.mjs";

closeAtEnd();

/// Until something is so, looked at often.
async function until(what, is) {
  for (let i = 0; i < 150; i++) {
    const found = await is();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`never: ${what}`);
}

/// A receiver with TLS that keeps what came, as it came.
async function openReceiver(folder) {
  certify(folder);
  const receiver = { requests: [], answers: [] };
  const server = createServer({ key: readFileSync(join(folder, "mail.key")), cert: readFileSync(join(folder, "mail.pem")) }, (request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      receiver.requests.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(receiver.answers.shift() ?? 200).end("taken");
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  receiver.url = `https://127.0.0.1:${server.address().port}/hook`;
  receiver.close = () => { server.closeAllConnections(); server.close(); };
  return receiver;
}

test("a webhook is made, tested, rotated and told again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "orglink-receiver-"));
  const receiver = await openReceiver(folder);
  const world = await openWorld(`[webhooks]\nallow_private = ["127.0.0.0/8"]\nca_file = "${join(folder, "ca.pem")}"\n`);
  const taken = (type) => receiver.requests.filter((r) => JSON.parse(r.body).type === type);
  const verify = (secret, request) => new Webhook(secret).verify(request.body.toString(), request.headers);
  try {
    const ada = await world.signIn("ada", { ...calm, javaScriptEnabled: false });
    await ada.goto(`${world.base}/workspaces/atlas-platform/settings`);
    await ada.getByRole("link", { name: "See the webhooks" }).click();
    // What cannot be is said, and nothing is made.
    await ada.locator("[name=url]").fill("https://169.254.169.254/latest");
    await ada.getByRole("button", { name: "Make the webhook" }).click();
    assert.match(await ada.locator("main").innerText(), /not an address of the internet/);
    await ada.goto(`${world.base}/workspaces/atlas-platform/webhooks`);
    await ada.locator("[name=url]").fill(receiver.url);
    await ada.locator("[name=description]").fill("Our audit");
    await ada.locator("[name=types]").fill("workspace.linked, webhook.");
    await ada.getByRole("button", { name: "Make the webhook" }).click();
    const secret = (await ada.locator(".notice code").innerText()).trim();
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    // Looked at with everything that a browser can find wrong.
    const id = (await ada.locator("main").innerText()).match(/[0-9a-f]{8}-[0-9a-f-]{27}/)[0];
    const here = `${world.base}/workspaces/atlas-platform/webhooks/${id}`;
    const looked = await world.signIn("ada");
    await ada.goto(here);
    assert.doesNotMatch(await ada.locator("main").innerText(), /whsec_/);
    await ada.getByRole("button", { name: "Send a test" }).click();
    const [test] = await until("a test arrives", () => taken("webhook.tested").length && taken("webhook.tested"));
    const event = verify(secret, test);
    assert.deepEqual([event.specversion, event.type, event.data.actor_name], ["1.0", "webhook.tested", "Ada Brandt"]);
    assert.equal(event.id, test.headers["webhook-id"]);
    const flipped = Buffer.from(test.body); flipped[10] ^= 1;
    assert.throws(() => verify(secret, { ...test, body: flipped }));
    assert.throws(() => verify(secret.replace(/_(.)/, (_, first) => (first === "A" ? "_B" : "_A")), test));

    receiver.answers.push(500);
    world.orglink("link", "--workspace", "atlas-platform", "--organization", "meridian", "--as", "ada@meridian.example", "--yes");
    await until("it is tried again", () => taken("workspace.linked").length === 2);
    const ids = taken("workspace.linked").map((r) => verify(secret, r).id);
    assert.equal(ids[0], ids[1]);
    await looked.goto(here);
    await until("the log says so", async () => { await looked.reload(); return /Delivered/.test(await looked.locator("main tbody tr").first().innerText()); });
    await inspect(looked, "webhook");
    await looked.screenshot({ path: join(shots, "webhook.png"), fullPage: true });
    await looked.locator("main tbody a").first().click();
    const log = await looked.locator("main").innerText();
    assert.match(log, /the receiver answered 500/);
    assert.match(log, /linked the workspace atlas-platform to the organization meridian/);
    await inspect(looked, "webhook-delivery");
    await looked.emulateMedia({ colorScheme: "dark" });
    assert.deepEqual(await findFaults(looked, true), []);
    await looked.setViewportSize({ width: 360, height: 740 });
    await inspect(looked, "webhook-delivery at 360 px");
    await looked.goto(here);
    await inspect(looked, "webhook at 360 px");

    // A new secret, by the command line: both sign for a while.
    const rotated = JSON.parse(world.orglink("webhook", "rotate", id, "--workspace", "atlas-platform", "--as", "ada@meridian.example", "--json")).secret;
    const before = receiver.requests.length;
    await ada.goto(here);
    await ada.getByText("Tell it again").first().click();
    await ada.locator("[name=after]").fill("0");
    await ada.getByRole("button", { name: "Tell it again" }).click();
    await until("all of it comes again", () => receiver.requests.length >= before + 2);
    for (const request of receiver.requests.slice(before)) {
      verify(secret, request);
      verify(rotated, request);
    }
    assert.ok(receiver.requests.slice(before).some((r) => r.headers["webhook-id"] === ids[0]));
  } finally {
    await world.close();
    receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
