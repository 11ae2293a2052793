// A campaign as its people meet it: written and announced by forms, rehearsed, answered by a workspace's admin, run to its end.
import { test } from "node:test";
import assert from "node:assert/strict";
import { closeAtEnd, calm, openWorld } from "./world.mjs";

closeAtEnd();
const day = (days) => new Date(Date.now() + days * 864e5).toISOString().slice(0, 10);

test("a campaign from its first form to what it linked, with JavaScript off", async () => {
  const world = await openWorld();
  try {
    const plain = { ...calm, javaScriptEnabled: false };
    const olga = await world.signIn("olga", plain);
    const press = async (page, name) => { await page.getByRole("button", { name, exact: true }).first().click(); await page.waitForLoadState(); };

    // Written: what is proposed is right; a wrong zone is refused with its field, and nothing is kept.
    await olga.goto(`${world.base}/operator/new-campaign`);
    await olga.locator("[name=time_zone]").fill("Europe/Nowhere");
    await press(olga, "Save the draft");
    assert.match(await olga.locator("main").innerText(), /time zone/i);
    await olga.goto(`${world.base}/operator/new-campaign`);
    for (const [name, value] of Object.entries({
      title: "Every workspace belongs somewhere", name: "somewhere", announce_on: day(-1), link_by: day(30), automatic_from: day(31),
      reminders: "14, 7, 1", budget: "1", minimum_notice: "0d", announcement: "Questions? Ask us.",
    })) await olga.locator(`[name=${name}]`).fill(value);
    // What people would read, in a tab of its own, before anything is kept.
    const shown = olga.context().waitForEvent("page");
    await olga.getByRole("button", { name: "Show the mails" }).click();
    const mails = await shown;
    await mails.waitForLoadState();
    const texts = await mails.locator("main").innerText();
    assert.match(texts, /The announcement[\s\S]*Questions\? Ask us\.[\s\S]*The last reminder[\s\S]*When it was linked by itself/);
    await mails.close();
    await press(olga, "Save the draft");
    assert.match(olga.url(), /operator\/campaigns\/somewhere/);

    // Rehearsed, and announced: the loop tells everybody.
    await press(olga, "Rehearse");
    const report = await olga.locator("main").innerText();
    assert.match(report, /new: Atlas Platform/);
    assert.match(report, /free plan/);
    const csv = await olga.request.get(olga.url() + "/rows.csv");
    assert.equal(csv.status(), 200);
    assert.match(await csv.text(), /^workspace,name,state,rule,/);
    await olga.goto(`${world.base}/operator/campaigns/somewhere`);
    await press(olga, "Announce");
    for (let i = 0; i < 100; i++) {
      await olga.reload();
      if (/the announcement[\s\S]*?workspaces, \d+ messages/.test(await olga.locator("main").innerText())) break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.match(await olga.locator("main").innerText(), /workspaces, \d+ messages/);

    // A workspace's admin reads what will happen, says where it is to go, and asks for more time for another.
    const ada = await world.signIn("ada", plain);
    await ada.goto(`${world.base}/me/tokens`);
    assert.match(await ada.locator(".notice.deadline").innerText(), /\d+ of your workspaces are not linked yet[\s\S]*Linking only/);
    await ada.goto(`${world.base}/workspaces/atlas-platform`);
    await ada.getByRole("link", { name: "What will happen, and what you can do" }).click();
    const outlook = await ada.locator("main").innerText();
    assert.match(outlook, /Linking date/);
    assert.match(outlook, /A new organization is made/);
    assert.match(outlook, /Billing moves later/);
    await ada.locator("[name=organization]").selectOption("meridian");
    await press(ada, "It is to go there");
    assert.match(await ada.locator("main").innerText(), /both sides agree[\s\S]*|had declared it beforehand/);
    assert.match(await ada.locator("main").innerText(), /It is linked to Meridian/);
    await ada.goto(`${world.base}/workspaces/atlas-mobile/linking-date`);
    await ada.locator("details summary", { hasText: "Ask for more time" }).click();
    await ada.locator("[name=until]").fill(day(40));
    await ada.locator("[name=reason]").fill("A release");
    await press(ada, "Ask");
    assert.match(await ada.locator("main").innerText(), /asked for more time and have it/);

    // The date moves to the past: everybody hears of it, and the day has come.
    await olga.goto(`${world.base}/operator/campaigns/somewhere/edit`);
    for (const [name, value] of Object.entries({ link_by: day(-1), automatic_from: day(0) })) await olga.locator(`[name=${name}]`).fill(value);
    await press(olga, "Save");
    for (let i = 0; i < 150; i++) {
      await olga.goto(`${world.base}/operator/campaigns/somewhere`);
      if (/(\d+) of \1 linked/.test(await olga.locator("main").innerText())) break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.match(await olga.locator("main").innerText(), /(\d+) of \1 linked[\s\S]*goes on for those whose admins asked for more time/);
    await ada.goto(`${world.base}/workspaces/atlas-platform`);
    assert.match(await ada.locator(".link-card").innerText(), /Linked[\s\S]*Meridian[\s\S]*the campaign somewhere/);
    await ada.goto(`${world.base}/workspaces/atlas-mobile`);
    assert.doesNotMatch(await ada.locator(".link-card").innerText(), /Linked by/);

    // What was made for another is claimed.
    const noor = await world.signIn("noor", plain);
    await noor.goto(`${world.base}/organizations/night-shift`);
    assert.match(await noor.locator("main").innerText(), /Not claimed yet/);
    await press(noor, "Claim it");
    assert.doesNotMatch(await noor.locator("main").innerText(), /Not claimed yet/);
  } finally {
    await world.close();
  }
});
