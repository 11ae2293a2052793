// Assistants: the official client of the protocol, and the person who confirms what it asks.
import { test } from "node:test";
import assert from "node:assert/strict";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { calm, closeAtEnd, findFaults, inspect, openWorld, shots } from "./world.mjs";

closeAtEnd();

/// A client with somebody's token.
async function connect(world, token) {
  const client = new Client({ name: "orglink-e2e", version: "1.0.0" });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${world.base}/mcp`), { requestInit }));
  return client;
}

const tokenOf = (world, who, scopes) =>
  JSON.parse(world.orglink("token", "create", "--as", `${who}@meridian.example`, "--name", "Desk assistant", "--scope", scopes, "--json")).token.secret;

test("an assistant reads, drafts and asks; its person confirms in the product", async () => {
  const world = await openWorld('[link]\nundo_window = "30d"\n');
  let client, others;
  try {
    client = await connect(world, tokenOf(world, "ada", "read,ask"));
    assert.equal(client.getServerVersion().name, "orglink");
    assert.match(client.getInstructions(), /never instructions to you/);
    // From here on the client checks what tools say against what their schemas promise.
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map((t) => t.name).toSorted(), ["check_eligibility", "draft_link", "draft_undo", "explain_access", "list_entitlements",
      "list_my_workspaces", "request_link", "request_status", "request_undo", "view_campaign"]);
    const asks = tools.filter((t) => !t.annotations.readOnlyHint).map((t) => t.name);
    assert.deepEqual(asks.toSorted(), ["request_link", "request_undo"]);
    const call = (name, args) => client.callTool({ name, arguments: args });
    const told = async (name, args) => {
      const result = await call(name, args);
      assert.ok(!result.isError, `${name}: ${JSON.stringify(result)}`);
      assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
      return result.structuredContent;
    };
    const refused = async (name, args) => {
      const result = await call(name, args);
      assert.equal(result.isError, true, `${name}: ${JSON.stringify(result)}`);
      return { code: result.structuredContent.code, text: result.content[0].text };
    };
    const workspace = "atlas-mobile", pair = { workspace, organization: "meridian" };

    assert.ok((await told("list_my_workspaces", {})).items.some((w) => w.slug === workspace && w.role === "admin"));
    assert.equal((await told("check_eligibility", pair)).eligible, true);
    const waits = (await told("list_entitlements", { workspace })).items.find((e) => e.feature === "rovo_dev");
    assert.deepEqual([waits.entitled, waits.conditions[0].code, waits.conditions[0].steps[0].url], [false, "linked", `${world.base}/link?workspace=${workspace}`]);
    assert.equal((await told("view_campaign", { workspace })).campaign, null);
    const question = { workspace, account: "ada@meridian.example", action: "change_workspace", after_link: "meridian" };
    assert.equal((await refused("explain_access", question)).code, "feature_locked");
    assert.equal((await refused("draft_undo", { workspace })).code, "feature_locked");

    // The organization's switch is off: the refusal leads to it.
    const first = await told("draft_link", pair);
    const locked = await refused("request_link", { ...pair, plan_digest: first.digest });
    assert.equal(locked.code, "feature_locked");
    const switches = locked.text.match(/http\S+\/organizations\/meridian\/features/)[0];
    const ada = await world.signIn("ada");
    await ada.goto(switches);
    await ada.getByRole("button", { name: /Turn on/ }).click();
    await ada.getByText("Turned on").waitFor();

    const plan = await told("draft_link", pair);
    assert.ok(plan.eligible && plan.warnings.length > 0 && plan.unlocks.includes("Rovo Dev agents") && plan.digest.startsWith("sha256:"));
    const asked = await told("request_link", { ...pair, plan_digest: plan.digest, message: "You wanted Forge apps for the mobile team." });
    assert.equal(asked.state, "open");
    assert.equal((await told("check_eligibility", { workspace })).eligible, true, "nothing is linked by asking");

    // By another person's token it is not there; nor is what is not theirs.
    others = await connect(world, tokenOf(world, "ben", "read,ask"));
    await others.listTools();
    const stranger = await others.callTool({ name: "request_status", arguments: { request: asked.id } });
    assert.equal(stranger.structuredContent.code, "not_found");

    // From the inbox, without JavaScript.
    const page = await world.signIn("ada", { ...calm, javaScriptEnabled: false });
    for (let i = 0; i < 50; i++) {
      await page.goto(`${world.base}/inbox`);
      if (/An assistant asks you to confirm linking Atlas Mobile/.test(await page.locator("main").innerText())) break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await page.locator("main li.card").filter({ hasText: "An assistant asks you" }).getByRole("button", { name: /Look at what it asks/ }).click();
    await page.waitForURL(asked.url);
    const card = await page.locator("main section.card").innerText();
    assert.match(card, /Desk assistant/);
    assert.match(card, /You wanted Forge apps for the mobile team\./);
    await ada.goto(asked.url);
    await inspect(ada, "assistants");
    await ada.screenshot({ path: join(shots, "assistants.png"), fullPage: true });
    await ada.emulateMedia({ colorScheme: "dark" });
    assert.deepEqual(await findFaults(ada, true), []);
    await ada.emulateMedia({ colorScheme: "light" });
    await ada.setViewportSize({ width: 360, height: 740 });
    await inspect(ada, "assistants at 360 px");
    await page.getByRole("link", { name: "Look at the plan and decide" }).click();
    assert.ok(page.url().endsWith(plan.digest));
    for (const box of await page.getByRole("checkbox").all()) await box.check();
    await page.getByRole("button", { name: "Link", exact: true }).click();
    await page.waitForURL(/linked=atlas-mobile/);
    assert.equal((await told("request_status", { request: asked.id })).items[0].state, "confirmed");

    // Now it is linked, the rest is open.
    assert.equal((await told("explain_access", question)).now.allowed, true);
    const undo = await told("draft_undo", { workspace });
    const back = await told("request_undo", { workspace, plan_digest: undo.digest });
    await page.goto(back.url);
    await page.getByRole("button", { name: /^Decline/ }).click();
    await page.waitForURL(/saved=yes/);
    assert.equal((await told("request_status", { request: back.id })).items[0].state, "declined");
    assert.equal((await told("request_status", {})).items.length, 2);
    assert.equal((await refused("request_link", { ...pair, plan_digest: plan.digest })).code, "already_linked");

    // What is not as the schema says, what there is not, who is not known.
    assert.equal((await refused("check_eligibility", { workspace: 7 })).code, "bad_input");
    assert.equal((await refused("check_eligibility", { workspace: "harbors" })).code, "not_found");
    await assert.rejects(call("delete_everything", {}), /-32602/);
    await assert.rejects(connect(world, "olk_nothing"), /401|Unauthorized|signed_out/i);
  } finally {
    await client?.close();
    await others?.close();
    await world.close();
  }
});
