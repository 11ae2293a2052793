// Products ask with the OpenFeature providers of three languages, none of them ours: a feature opens with the link.
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { EventSource } from "eventsource";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { OpenFeature } from "@openfeature/server-sdk";
import { OpenFeature as WebOpenFeature } from "@openfeature/web-sdk";
import { openWorld } from "./world.mjs";

globalThis.EventSource = EventSource;
const here = dirname(fileURLToPath(import.meta.url));
const run = promisify(execFile);
const flag = "packages", workspace = "atlas-platform";

/// Each says, as JSON: the value, the variant, the first condition that fails, and the error's code.
const languages = {
  async javascript(base, token, flag, workspace) {
    await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: base, headers: { Authorization: `Bearer ${token}` } }));
    const found = await OpenFeature.getClient().getBooleanDetails(flag, false, { targetingKey: workspace });
    return { value: found.value, variant: found.variant ?? null, failing: found.flagMetadata.failing ?? null, error: found.errorCode ?? null };
  },
  async python(base, token, flag, workspace) {
    const python = join(here, "../target/python/bin/python");
    return JSON.parse((await run(python, [join(here, "ofrep/product.py"), base, token, flag, workspace])).stdout);
  },
  async rust(base, token, flag, workspace) {
    const program = join(here, "../target/ofrep/debug/ofrep-product");
    return JSON.parse((await run(program, [base, token, flag, workspace])).stdout);
  },
};

test("the OpenFeature providers of three languages say no, why, and yes after the link", async () => {
  const world = await openWorld();
  try {
    world.orglink("operator", "grant", "olga@operator.example");
    const token = JSON.parse(world.orglink("token", "create", "--name", "product", "--scope", "entitlements", "--as", "olga@operator.example", "--json")).token.secret;
    for (const [language, ask] of Object.entries(languages)) {
      const no = await ask(world.base, token, flag, workspace);
      assert.deepEqual([no.value, no.variant, no.error], [false, "off", null], language);
      // The provider in Rust hands on no metadata.
      if (language !== "rust") assert.equal(no.failing, "linked", language);
      const unknown = await ask(world.base, token, "no-such-flag", workspace);
      assert.deepEqual([unknown.value, unknown.error], [false, "FLAG_NOT_FOUND"], language);
      const nowhere = await ask(world.base, token, flag, "no-such-workspace");
      assert.deepEqual([nowhere.value, nowhere.error], [false, "INVALID_CONTEXT"], language);
    }
    // A page that listens: told that the answer has changed, it asks again by itself.
    const provider = new OFREPWebProvider({ baseUrl: world.base, headers: [["Authorization", `Bearer ${token}`]], pollInterval: 0 });
    await WebOpenFeature.setContext({ targetingKey: workspace });
    await WebOpenFeature.setProviderAndWait(provider);
    const client = WebOpenFeature.getClient();
    assert.equal(client.getBooleanValue(flag, true), false);
    // Listening begins when the first answer is there.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    world.orglink("link", "--workspace", workspace, "--organization", "meridian", "--as", "ada@meridian.example", "--yes");
    const linked = Date.now();
    while (!client.getBooleanValue(flag, false)) {
      assert.ok(Date.now() - linked < 15_000, "the page was not told");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await WebOpenFeature.close();
    for (const [language, ask] of Object.entries(languages)) {
      const yes = await ask(world.base, token, flag, workspace);
      assert.deepEqual([yes.value, yes.variant, yes.failing ?? null, yes.error], [true, "on", null, null], language);
    }
    await OpenFeature.close();
  } finally {
    await world.close();
  }
});
