// Second thoughts: where the operator gives time, a link is undone by the other side, without JavaScript.
import { test } from "node:test";
import assert from "node:assert/strict";
import { join } from "node:path";
import { closeAtEnd, calm, findFaults, inspect, openWorld, shots } from "./world.mjs";

closeAtEnd();

test("a link is made with time to undo it, and undone by an admin of the organization", async () => {
  const world = await openWorld('[link]\nundo_window = "30d"\n');
  try {
    const ada = await world.signIn("ada");
    await ada.goto(`${world.base}/organizations/meridian/link?workspace=atlas-mobile`);
    assert.ok(await ada.getByText("For 30 days an admin of either side can undo a link").isVisible());
    assert.equal(await ada.getByText("The link is permanent").count(), 0);
    await ada.getByRole("link", { name: "Next" }).click();
    await ada.getByRole("radio", { name: /Atlas Mobile/ }).check();
    await ada.getByRole("button", { name: "Next" }).click();
    assert.ok(await ada.getByText("For 30 days an admin of either side can undo it; then it is permanent.").isVisible());
    await inspect(ada, "link-verify-undo");
    for (const box of await ada.getByRole("checkbox").all()) await box.check();
    await ada.getByRole("button", { name: "Link", exact: true }).click();
    await ada.waitForURL(/linked=atlas-mobile/);

    const ben = await world.signIn("ben", { ...calm, javaScriptEnabled: false });
    await ben.goto(`${world.base}/workspaces/atlas-mobile`);
    assert.match(await ben.locator("main").innerText(), /It can be undone until/);
    await ben.getByRole("link", { name: "Undo the link" }).click();
    const plan = await ben.locator("main").innerText();
    assert.match(plan, /Locked again: /);
    assert.match(plan, /nobody gains or loses anything/);
    const looked = await world.signIn("ada");
    await looked.goto(ben.url());
    await inspect(looked, "undo");
    await looked.emulateMedia({ colorScheme: "dark" });
    assert.deepEqual(await findFaults(looked, true), []);
    await looked.screenshot({ path: join(shots, "undo-dark.png"), fullPage: true });
    await looked.emulateMedia({ colorScheme: "light" });
    await looked.screenshot({ path: join(shots, "undo.png"), fullPage: true });
    await looked.setViewportSize({ width: 360, height: 740 });
    await inspect(looked, "undo at 360 px");
    await ben.locator("[name=reason]").fill("It belongs to Harbor.");
    await ben.getByRole("button", { name: "Undo the link" }).click();
    await ben.waitForLoadState();

    await ada.goto(`${world.base}/workspaces/atlas-mobile`);
    assert.ok(await ada.getByText("Not linked to an organization").isVisible());
    for (let i = 0; i < 50; i++) {
      await ada.goto(`${world.base}/inbox`);
      if (/is no longer linked to Meridian Freight/.test(await ada.locator("main").innerText())) break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.match(await ada.locator("main").innerText(), /is no longer linked to Meridian Freight/);
    // Looked at before, sent again: it is not there any more.
    await looked.getByRole("button", { name: "Undo the link" }).click();
    await looked.waitForLoadState();
    assert.match(await looked.locator("main").innerText(), /not linked/i);
  } finally {
    await world.close();
  }
});
