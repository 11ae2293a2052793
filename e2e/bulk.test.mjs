// Many workspaces at once: chosen by boxes with JavaScript, pasted without; what cannot be linked says why and stops none.
import { test } from "node:test";
import assert from "node:assert/strict";
import { join } from "node:path";
import { calm, closeAtEnd, findFaults, inspect, openWorld, shots } from "./world.mjs";

closeAtEnd();

async function acknowledge(page) {
  for (const box of await page.getByRole("checkbox").all()) await box.check();
}

/// A page as everybody must be able to use it: light, dark, narrow; left in light and wide.
async function inspectAll(page, name) {
  await inspect(page, name);
  await page.emulateMedia({ colorScheme: "dark" });
  assert.deepEqual(await findFaults(page, true), [], `${name} in dark`);
  await page.screenshot({ path: join(shots, `${name}-dark.png`), fullPage: true });
  await page.emulateMedia({ colorScheme: "light" });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  await page.setViewportSize({ width: 360, height: 740 });
  await inspect(page, `${name} at 360 px`);
  await page.screenshot({ path: join(shots, `${name}-narrow.png`), fullPage: true });
  await page.setViewportSize(calm.viewport);
}

test("many workspaces are chosen, planned, linked in part, and the rest afterwards", async () => {
  const world = await openWorld();
  try {
    const ada = await world.signIn("ada");
    await ada.goto(`${world.base}/organizations/meridian/apps`);
    await ada.getByLabel("More", { exact: true }).click();
    await ada.getByRole("link", { name: "Link many…" }).click();
    await inspectAll(ada, "bulk-choose");
    await ada.getByRole("searchbox", { name: /Filter/ }).fill("atlas");
    assert.ok(await ada.getByRole("checkbox", { name: /Hack Days/ }).isHidden(), "the list filters as one types");
    await ada.getByRole("searchbox", { name: /Filter/ }).fill("");
    await ada.getByRole("checkbox", { name: /Atlas Mobile/ }).check();
    await ada.getByRole("checkbox", { name: /Atlas Platform/ }).check();
    assert.ok(await ada.getByRole("checkbox", { name: /Old Billing/ }).isDisabled());
    await ada.getByLabel(/paste slugs/).fill("hackdays\nold-billing, workshop");
    await ada.getByRole("button", { name: "Look at the plan" }).click();
    await ada.getByRole("heading", { name: "Link 3 workspaces to Meridian Freight?" }).waitFor();
    const plan = await ada.locator("main").innerText();
    for (const words of [/3 of 5 can be linked/, /suspended/i, /Not found/, /Concerns all 3/]) assert.match(plan, words);
    assert.ok(!/Workshop/.test(plan), "what is another company's is not there");
    await inspectAll(ada, "bulk-plan");
    await ada.getByRole("button", { name: "Link all 3" }).click();
    assert.ok(await ada.getByRole("button", { name: "Link all 3" }).isVisible(), "a warning that is not acknowledged stops it");
    // Since she looked: one of them has other permissions.
    world.importLines({ type: "user_group", workspace: "hackdays", slug: "fresh", name: "Fresh", repository_permission: "write", members: [] });
    await acknowledge(ada);
    await ada.getByRole("button", { name: "Link all 3" }).click();
    await ada.getByRole("heading", { name: "2 linked, 1 not" }).waitFor();
    assert.match(await ada.locator("main").innerText(), /changed since the plan was made/);
    await inspectAll(ada, "bulk-result");
    await ada.getByRole("button", { name: "Plan the rest again" }).click();
    await acknowledge(ada);
    await ada.getByRole("button", { name: "Link it" }).click();
    await ada.getByRole("heading", { name: "All of them are linked to Meridian Freight" }).waitFor();
    await ada.getByRole("link", { name: "See the apps" }).click();
    for (const name of ["Atlas Mobile", "Atlas Platform", "Hack Days"]) {
      assert.ok(await ada.locator("main").getByRole("link", { name, exact: true }).isVisible(), name);
    }

    // Without JavaScript, sent twice.
    const plain = await world.signIn("ada", { ...calm, javaScriptEnabled: false });
    await plain.goto(`${world.base}/organizations/meridian/link/many`);
    assert.match(await plain.locator("main").innerText(), /Linked to this organization since/);
    await plain.getByRole("button", { name: "Look at the plan" }).click();
    assert.match(await plain.locator("main").getByRole("alert").innerText(), /at least one workspace/);
    await plain.getByLabel(/paste slugs/).fill("docs-site vendor-bridge\natlas-mobile");
    await plain.getByRole("button", { name: "Look at the plan" }).click();
    assert.match(await plain.locator("main").innerText(), /1 of 3 can be linked/);
    await acknowledge(plain);
    await plain.getByRole("button", { name: "Link it" }).click();
    assert.match(await plain.locator("main").innerText(), /1 workspace was linked now/);
    await plain.reload();
    assert.match(await plain.locator("main").innerText(), /1 was linked before/);
  } finally {
    await world.close();
  }
});

test("whoever has no workspace, or is no admin of the organization, reads what is missing", async () => {
  const world = await openWorld();
  try {
    const ben = await world.signIn("ben");
    await ben.goto(`${world.base}/organizations/meridian/link/many`);
    assert.match(await ben.locator("main").innerText(), /You administer no workspace/);
    await inspect(ben, "bulk-choose-none");
    const cleo = await world.signIn("cleo");
    await cleo.goto(`${world.base}/organizations/meridian/link/many`);
    await cleo.waitForURL(/organizations\/meridian\/link$/);
  } finally {
    await world.close();
  }
});
