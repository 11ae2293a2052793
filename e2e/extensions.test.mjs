// Extensions: locked with the reason and its button; then consent, a token that is shown once, and gone again. The second
// half without JavaScript.
import { test } from "node:test";
import assert from "node:assert/strict";
import { join } from "node:path";
import { closeAtEnd, calm, findFaults, inspect, openWorld, shots } from "./world.mjs";

closeAtEnd();

test("an extension is locked before the link, consented to after it, and uninstalled", async () => {
  const world = await openWorld();
  try {
    const call = (token) => fetch(`${world.base}/api/v1/workspaces/atlas-mobile`, { headers: { authorization: `Bearer ${token}` } });
    const ada = await world.signIn("ada");
    await ada.goto(`${world.base}/workspaces/atlas-mobile/extensions`);
    await ada.getByRole("link", { name: "Repository report" }).click();
    assert.ok(await ada.getByText("It is linked to an organization.").isVisible());
    assert.ok(await ada.getByText("Who can do that: Somebody who is workspace admin and organization admin.").isVisible());
    assert.equal(await ada.getByRole("button", { name: "Consent and install" }).count(), 0);
    await inspect(ada, "extension-locked");
    // The button leads to the wizard, with the workspace chosen.
    await ada.getByRole("link", { name: "Link to an organization" }).click();
    assert.match(ada.url(), /workspace=atlas-mobile/);
    await ada.goto(`${world.base}/organizations/meridian/link?workspace=atlas-mobile`);
    await ada.getByRole("link", { name: "Next" }).click();
    await ada.getByRole("radio", { name: /Atlas Mobile/ }).check();
    await ada.getByRole("button", { name: "Next" }).click();
    for (const box of await ada.getByRole("checkbox").all()) await box.check();
    await ada.getByRole("button", { name: "Link", exact: true }).click();
    await ada.waitForURL(/linked=atlas-mobile/);

    const plain = await world.signIn("ada", { ...calm, javaScriptEnabled: false });
    await plain.goto(`${world.base}/workspaces/atlas-mobile/extensions/repository-report`);
    assert.ok(await plain.getByText("The report names the workspace and its plan.").isVisible());
    // Nothing is sent before each is consented to.
    await plain.getByRole("button", { name: "Consent and install" }).click();
    assert.ok(await plain.getByRole("button", { name: "Consent and install" }).isVisible());
    for (const box of await plain.getByRole("checkbox").all()) await box.check();
    await plain.getByRole("button", { name: "Consent and install" }).click();
    await plain.waitForLoadState();
    const token = await plain.locator(".notice code").innerText();
    assert.match(token, /^ole_/);
    assert.equal((await call(token)).status, 200);
    await plain.goto(`${world.base}/workspaces/atlas-mobile/extensions/repository-report`);
    assert.equal(await plain.getByText("ole_").count(), 0, "shown once");

    await ada.goto(plain.url());
    await inspect(ada, "extension-active");
    await ada.emulateMedia({ colorScheme: "dark" });
    assert.deepEqual(await findFaults(ada, true), []);
    await ada.emulateMedia({ colorScheme: "light" });
    await ada.screenshot({ path: join(shots, "extension.png"), fullPage: true });
    await ada.setViewportSize({ width: 360, height: 740 });
    await inspect(ada, "extension at 360 px");

    await plain.getByRole("button", { name: "Uninstall" }).click();
    await plain.waitForLoadState();
    assert.match(plain.url(), /\/workspaces\/atlas-mobile\/extensions\?saved=yes/);
    assert.equal((await call(token)).status, 401);
  } finally {
    await world.close();
  }
});
