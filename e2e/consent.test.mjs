// Links that two agree to: the two people's journey in both directions, what changes between the consents, link codes from
// another browser, no and withdrawing, running out of time, without JavaScript as well.
import { test } from "node:test";
import assert from "node:assert/strict";
import { join } from "node:path";
import { calm, closeAtEnd, look, openWorld } from "./world.mjs";

closeAtEnd();

const plain = { ...calm, javaScriptEnabled: false };
const text = (page) => page.locator("main").innerText();
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/// What stands on the page, or will in a moment: forms lead back to where they were sent from.
async function sees(page, wanted) {
  for (let i = 0; i < 50 && !wanted.test(await text(page)); i++) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.match(await text(page), wanted);
}

async function acknowledge(page) {
  for (const box of await page.locator("main").getByRole("checkbox").all()) await box.check();
}

/// A workspace that Hana administers and Ben is an ordinary member of, if he is to see it.
function workspace(world, slug, name, members = []) {
  world.importLines(
    { type: "workspace", slug, name, kind: "team", plan: "standard" },
    { type: "user_group", workspace: slug, slug: "administrators", name: "Administrators", is_admin: true, members: ["hana@meridian.example"] },
    { type: "user_group", workspace: slug, slug: "crew", name: "Crew", members },
  );
}

/// Makes a link code on a list of proposals: the path of its address.
async function handOver(page, list) {
  await page.goto(list);
  await press(page, "Hand over a link code");
  await sees(page, /not shown again/);
  const url = new URL(await page.getByLabel(/^Address/).inputValue());
  assert.equal(url.searchParams.get("code"), await page.getByLabel(/^Or the code alone/).inputValue());
  return url.pathname + url.search;
}

test("two sides: both directions, link codes, what changes in between, no and never mind", async (t) => {
  const world = await openWorld('[link]\nconsent = "two-sided"\n');
  const at = (path) => world.base + path;
  try {
    const [ben, hana] = [await world.signIn("ben"), await world.signIn("hana")];

    await t.test("one person with both roles still links in one pass", async () => {
      const ada = await world.signIn("ada");
      await ada.goto(at("/organizations/meridian/link?workspace=atlas-mobile"));
      await sees(ada, /Whoever administers both can also link alone/);
      await ada.getByRole("link", { name: "Next" }).click();
      await ada.getByRole("radio", { name: /Atlas Mobile/ }).check();
      await press(ada, "Next");
      await acknowledge(ada);
      await press(ada, "Link");
      await ada.waitForURL(/linked=atlas-mobile/);
    });

    await t.test("the workspace's side proposes by the organization's code, from another browser", async () => {
      await ben.goto(at("/organizations/meridian/proposals"));
      await look(ben, "proposals-empty");
      const path = await handOver(ben, at("/organizations/meridian/proposals"));
      await look(ben, "link-code-made");
      // Somebody who is not signed in is asked to, and comes back here.
      const nobody = await world.open(await world.browser.newContext(calm));
      await nobody.goto(at(path));
      assert.match(nobody.url(), /\/sign-in\?next=(%2F|\/)link(%2F|\/)code/);
      assert.ok(!(await nobody.locator("body").innerText()).includes("Meridian"));
      await nobody.context().close();

      await hana.goto(at(path));
      await sees(hana, /The code is of an organization/);
      await look(hana, "link-code");
      await hana.getByRole("link", { name: /Atlas Platform/ }).click();
      await sees(hana, /You propose as an admin of the workspace/);
      // She sees her own side's people, and of the other only how many.
      await sees(hana, /Ada Brandt/);
      await sees(hana, /4 people\. Who they are, its own people see/);
      assert.ok(!(await text(hana)).includes("ben@meridian.example"));
      await look(hana, "propose");
      await acknowledge(hana);
      await hana.getByLabel(/^Message/).fill("As we said on Monday.");
      await press(hana, "Agree and propose");
      await hana.waitForURL(/\/proposals\/[0-9a-f-]{36}$/);
      await sees(hana, /You have nothing to agree to now\. It waits for the organization/);
      await sees(hana, /they can be reminded from/);
      await look(hana, "proposal-waiting");

      // The code is used up, for her and for anybody.
      for (const who of [hana, await world.signIn("noor")]) {
        await who.goto(at(path));
        await sees(who, /This code cannot be used/);
        await look(who, "link-code-used");
      }
    });

    await t.test("what changes between the consents is shown to who agreed before, who agrees again", async () => {
      await ben.goto(at("/organizations/meridian/apps"));
      await sees(ben, /Atlas Platform to Meridian Freight is proposed/);
      await ben.goto(at("/proposals"));
      await ben.getByText("Waits for you").first().waitFor();
      await look(ben, "proposals");
      await ben.getByRole("link", { name: "Atlas Platform to Meridian Freight" }).click();
      await sees(ben, /As we said on Monday/);
      await sees(ben, /Yours is the last consent that is missing/);
      await look(ben, "proposal");
      await acknowledge(ben);
      const developers = { type: "user_group", workspace: "atlas-platform", slug: "developers", name: "Developers", repository_permission: "admin", members: ["ivo@meridian.example", "mia@meridian.example", "tess@meridian.example", "yan@meridian.example", "sam@meridian.example"] };
      world.importLines(developers);
      await press(ben, "Agree and link");
      await sees(ben, /Something has changed since you looked/);
      await sees(ben, /workspace\.user_groups\.developers\.repository_permission/);
      await look(ben, "proposal-changed");
      await acknowledge(ben);
      await press(ben, "Agree");
      await sees(ben, /You have nothing to agree to now\. It waits for the workspace/);

      const id = ben.url();
      await hana.goto(at("/workspaces/atlas-platform"));
      await hana.getByRole("link", { name: "See the proposal" }).click();
      assert.equal(hana.url(), id);
      await sees(hana, /Agreed to an earlier plan/);
      await sees(hana, /What has changed since Hana Sato agreed for the workspace/);
      assert.ok(await hana.getByText("workspace.user_groups.developers.repository_permission").isVisible());
      await look(hana, "proposal-outdated");
      await acknowledge(hana);
      await press(hana, "Agree and link");
      await sees(hana, /Atlas Platform is linked to Meridian Freight\./);
      await look(hana, "proposal-linked");
      await hana.getByRole("link", { name: "See its link card" }).click();
      assert.ok(await hana.getByRole("heading", { name: /Linked/ }).isVisible());
      await ben.goto(id);
      await ben.getByRole("link", { name: "See it among the apps" }).click();
      assert.ok(await ben.getByRole("link", { name: "Atlas Platform" }).isVisible());
    });

    await t.test("the organization's side proposes by the workspace's code, without JavaScript", async () => {
      workspace(world, "tide-tables", "Tide Tables");
      const [benPlain, hanaPlain] = [await world.signIn("ben", plain), await world.signIn("hana", plain)];
      const path = await handOver(hanaPlain, at("/workspaces/tide-tables/proposals"));
      assert.equal((await benPlain.goto(at("/workspaces/tide-tables"))).status(), 404, "he has no role there");
      await benPlain.goto(at(path));
      await sees(benPlain, /The code is of a workspace/);
      await benPlain.getByRole("link", { name: /Meridian Freight/ }).click();
      await sees(benPlain, /Propose to link Tide Tables to Meridian Freight\?/);
      await sees(benPlain, /One person\. Who that is, its own people see/);
      await acknowledge(benPlain);
      await press(benPlain, "Agree and propose");
      await benPlain.waitForURL(/\/proposals\/[0-9a-f-]{36}$/);
      await hanaPlain.goto(benPlain.url());
      await acknowledge(hanaPlain);
      await press(hanaPlain, "Agree and link");
      await sees(hanaPlain, /Tide Tables is linked to Meridian Freight\./);
    });

    await t.test("codes are withdrawn", async () => {
      workspace(world, "low-water", "Low Water");
      const path = await handOver(hana, at("/workspaces/low-water/proposals"));
      await hana.goto(at("/workspaces/low-water/proposals"));
      await press(hana, "Withdraw codes");
      await sees(hana, /The code is withdrawn/);
      await ben.goto(at(path));
      await sees(ben, /This code cannot be used/);
    });

    await t.test("declined with a reason, proposed again, withdrawn", async () => {
      workspace(world, "ebb", "Ebb", ["ben@meridian.example"]);
      // Where a role is missing, proposing is offered with what is known.
      await ben.goto(at("/organizations/meridian/link/workspace?workspace=ebb"));
      await look(ben, "link-missing-two-sided");
      await ben.getByRole("link", { name: "Propose the link" }).first().click();
      await sees(ben, /You propose as an admin of the organization/);
      await acknowledge(ben);
      await press(ben, "Agree and propose");
      await ben.waitForURL(/\/proposals\/[0-9a-f-]{36}$/);
      const first = ben.url();

      // The same pair once more: what is open is shown instead.
      await ben.goto(at("/link/propose?workspace=ebb&organization=meridian"));
      await sees(ben, /It has been proposed already/);
      await hana.goto(first);
      await hana.getByText("Decline", { exact: true }).click();
      await hana.getByLabel(/^Why/).fill("It belongs to Harbor.");
      await press(hana, "Decline the proposal");
      await sees(hana, /Declined\. Nothing was done/);
      await ben.goto(first);
      await sees(ben, /It belongs to Harbor\./);
      await look(ben, "proposal-declined");

      await ben.getByRole("link", { name: "Propose it again" }).click();
      await acknowledge(ben);
      await press(ben, "Agree and propose");
      await ben.waitForURL(/\/proposals\/[0-9a-f-]{36}$/);
      const second = ben.url();
      assert.notEqual(second, first);
      await hana.goto(second);
      await acknowledge(hana);
      await press(ben, "Withdraw the proposal");
      await sees(ben, /Withdrawn by the side that proposed it/);
      // She looked before; what she sends now is refused on the page, which says how it stands.
      await press(hana, "Agree and link");
      await sees(hana, /This proposal is not open any more/);
      await look(hana, "proposal-not-open");
      await hana.goto(at("/proposals?state=withdrawn"));
      assert.ok(await hana.getByRole("link", { name: "Ebb to Meridian Freight" }).isVisible());
      await hana.goto(at("/proposals?state=expired"));
      await sees(hana, /No proposal is expired/);
    });

    await t.test("what is not anybody's is not there, and what is named wrongly says so", async () => {
      await ben.goto(at("/link/propose"));
      await look(ben, "propose-named");
      await ben.getByLabel(/^Workspace/).fill("no-such-workspace");
      await ben.getByLabel(/^Organization/).fill("meridian");
      await press(ben, "See the plan");
      await sees(ben, /There is no workspace 'no-such-workspace', or you may not see it/);
      await look(ben, "propose-not-there");
      const gus = await world.signIn("gus");
      const proposal = (await (await world.send("ben", "GET", "/proposals")).text.match(/\/proposals\/[0-9a-f-]{36}/))[0];
      assert.equal((await gus.goto(at(proposal))).status(), 404);
      const form_token = (await world.send("gus", "GET", "/")).text.match(/name="form_token" value="([^"]+)"/)[1];
      for (const [path, form] of [["", { digest: "rubbish" }], ["/decline", { reason: "no" }], ["/withdraw", {}], ["/remind", {}]]) {
        assert.equal((await world.send("gus", "POST", proposal + path, { form_token, ...form })).status, 404, path);
      }
    });
  } finally {
    await world.close();
  }
});

test("two people: whoever administers both proposes, and somebody else agrees", async () => {
  const world = await openWorld('[link]\nconsent = "two-people"\n');
  try {
    const ada = await world.signIn("ada");
    await ada.goto(`${world.base}/organizations/meridian/link?workspace=atlas-mobile`);
    await sees(ada, /they must be two different people, each in person/);
    await ada.getByRole("link", { name: "Next" }).click();
    await ada.getByRole("radio", { name: /Atlas Mobile/ }).check();
    await press(ada, "Next");
    await sees(ada, /It is not linked by you alone/);
    assert.equal(await ada.getByRole("button", { name: "Link", exact: true }).count(), 0);
    await look(ada, "link-verify-two-people");
    await ada.getByRole("link", { name: "Propose the link" }).click();
    await look(ada, "propose-for-which-side");
    await ada.getByRole("radio", { name: /For the workspace/ }).check();
    await acknowledge(ada);
    await press(ada, "Agree and propose");
    await ada.waitForURL(/\/proposals\/[0-9a-f-]{36}$/);
    await sees(ada, /It takes somebody else than you/);
    assert.equal(await ada.getByRole("button", { name: /^Agree/ }).count(), 0);
    await look(ada, "proposal-second-person");

    // Sent all the same: refused on the page.
    const html = (await world.send("ada", "GET", new URL(ada.url()).pathname)).text;
    const form_token = html.match(/name="form_token" value="([^"]+)"/)[1];
    const digest = html.match(/sha256:[0-9a-f]{64}/)[0];
    const warnings = ["link_is_permanent", "people_stay_in_workspace", "users_cannot_migrate_yet", "single_organization_admin", "wrong_organization"].join(" ");
    const alone = await world.send("ada", "POST", new URL(ada.url()).pathname, { form_token, digest, side: "organization", acknowledge: warnings, key: "alone" });
    assert.deepEqual([alone.status, /<strong>It takes somebody else\.<\/strong>/.test(alone.text)], [409, true]);

    const ben = await world.signIn("ben", plain);
    await ben.goto(ada.url());
    await acknowledge(ben);
    await press(ben, "Agree and link");
    await sees(ben, /Atlas Mobile is linked to Meridian Freight\./);
    await ada.goto(`${world.base}/workspaces/atlas-mobile`);
    assert.ok(await ada.getByRole("heading", { name: /Linked/ }).isVisible());
  } finally {
    await world.close();
  }
});

test("a proposal that nobody answered in time is over, and can be made anew", async () => {
  const world = await openWorld('[link]\nconsent = "two-people"\nproposal_lifetime = "1m"\n');
  try {
    const [ada, ben] = [await world.signIn("ada"), await world.signIn("ben")];
    await ada.goto(`${world.base}/link/propose?workspace=atlas-mobile&organization=meridian`);
    await acknowledge(ada);
    await ada.getByRole("radio", { name: /For the workspace/ }).check();
    await press(ada, "Agree and propose");
    await ada.waitForURL(/\/proposals\/[0-9a-f-]{36}$/);
    const proposal = ada.url();
    await ben.goto(proposal);
    await sees(ben, /Yours is the last consent that is missing/);
    await acknowledge(ben);
    await new Promise((resolve) => setTimeout(resolve, 61_000));
    // What he has open is of no use any more.
    await press(ben, "Agree and link");
    await sees(ben, /expired/i);
    assert.ok(!(await text(ben)).includes("is linked to Meridian Freight"));
    await ben.goto(proposal);
    await sees(ben, /Expired\. Not everybody agreed in time\. Nothing was done\./);
    await sees(ben, /To propose it again, ask the other side for a link code/);
    await look(ben, "proposal-expired");
    await ada.goto(proposal);
    await ada.getByRole("link", { name: "Propose it again" }).click();
    await acknowledge(ada);
    await ada.getByRole("radio", { name: /For the workspace/ }).check();
    await press(ada, "Agree and propose");
    await ada.waitForURL((url) => /\/proposals\/[0-9a-f-]{36}$/.test(url.pathname) && url.href !== proposal);
    await sees(ada, /open/);
  } finally {
    await world.close();
  }
});
