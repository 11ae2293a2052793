// Signing in without a password, confirming before what cannot be undone, and leaving; with Chromium's own authenticator.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { calm, inspect, openWorld } from "./world.mjs";

const SECONDS = 4;
const PASSWORD = "correct horse battery";
let world;
before(async () => { world = await openWorld(`[session]\nstep_up_after = "${SECONDS}s"\n`); });
after(async () => { await world.close(); });

const later = () => new Promise((resolve) => setTimeout(resolve, (SECONDS + 1) * 1000));

/// A browser with a device that keeps passkeys.
async function withDevice(context) {
  const page = await world.open(context);
  const devices = await context.newCDPSession(page);
  await devices.send("WebAuthn.enable");
  await devices.send("WebAuthn.addVirtualAuthenticator", { options: {
    protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true,
  } });
  return page;
}

async function signOut(page) {
  await page.locator("details.account summary").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(/sign-in/);
}

test("a passkey: added, signed in with, asked for before a link, removed", async () => {
  const context = await world.browser.newContext(calm);
  const page = await withDevice(context);
  await page.goto(world.links.gus);
  await page.goto(`${world.base}/me/security`);
  await inspect(page, "security-empty");
  await page.getByLabel(/^Name/).last().fill("My laptop");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByText("Saved.").waitFor();
  assert.ok(await page.getByRole("cell", { name: "My laptop", exact: true }).isVisible());
  await inspect(page, "security-passkey");
  await signOut(page);
  await inspect(page, "sign-in");
  await page.goto(`${world.base}/organizations/solo/apps`);
  assert.match(page.url(), /sign-in\?next=/);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.waitForURL(/organizations\/solo\/apps/);

  // A while later, a link asks again, and goes on by itself with what was ticked.
  await page.getByLabel("More", { exact: true }).click();
  await page.getByRole("link", { name: "Link Bitbucket" }).click();
  await page.getByRole("link", { name: "Next" }).click();
  await page.getByRole("radio", { name: /Workshop/ }).check();
  await page.getByRole("button", { name: "Next" }).click();
  for (const box of await page.getByRole("checkbox").all()) await box.check();
  await later();
  await page.getByRole("button", { name: "Link", exact: true }).click();
  await page.getByRole("heading", { name: "Confirm that it is you" }).waitFor();
  page.complaints = page.complaints.filter((c) => !/403/.test(c));
  await inspect(page, "step-up");
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.waitForURL(/\/apps\?linked=workshop/);
  assert.ok(await page.getByText("Workshop is linked to Lindqvist Works.").isVisible());

  await page.goto(`${world.base}/me/security`);
  await later();
  await page.getByRole("button", { name: "Remove My laptop" }).click();
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.getByText("You have no passkey.").waitFor();
  await signOut(page);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.getByText("This passkey was not accepted").waitFor();
  await context.close();
});

test("a recovery code gets in once, and says how many are left", async () => {
  const page = await world.signIn("pia");
  await page.goto(`${world.base}/me/security`);
  await page.getByRole("button", { name: "Make recovery codes" }).click();
  await page.getByText("Put these codes away now").waitFor();
  await inspect(page, "recovery-codes");
  const codes = await page.locator(".codes code").allTextContents();
  assert.equal(codes.length, 10);
  await signOut(page);
  for (const [code, works] of [[codes[0], true], [codes[0], false]]) {
    await page.goto(`${world.base}/sign-in/recovery`);
    await page.getByLabel("E-mail address").fill("pia@meridian.example");
    await page.getByLabel(/^Code/).fill(code);
    await page.getByRole("button", { name: "Sign in" }).click();
    if (works) {
      await page.getByText("9 of 10 are left.").waitFor();
      await signOut(page);
    } else {
      await page.getByText("The e-mail address or the code is not right.").waitFor();
    }
  }
});

test("without JavaScript a form that was held back goes on with a button", async () => {
  const page = await world.signIn("ben", { javaScriptEnabled: false });
  await page.goto(`${world.base}/me/security`);
  await page.getByLabel(/^New password/).fill(PASSWORD);
  await page.getByRole("button", { name: /the password/ }).click();
  assert.ok(await page.getByText("You have a password.").isVisible());
  await page.goto(`${world.base}/me/tokens`);
  await later();
  await page.getByLabel(/^Name/).fill("Nightly & more");
  await page.locator("input[value=read]").check();
  await page.getByRole("button", { name: "Make the token" }).click();
  await page.getByLabel("Password").fill("not this one, surely");
  await page.getByRole("button", { name: "Confirm" }).click();
  assert.ok(await page.getByText("That is not your password.").isVisible());
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("button", { name: "Go on" }).click();
  assert.ok(await page.getByText("Copy the token now; it is not shown again.").isVisible());
  assert.ok(await page.getByRole("cell", { name: "Nightly & more", exact: true }).isVisible());
});

test("times are shown where one lives", async () => {
  const page = await world.signIn("mia");
  await page.goto(`${world.base}/me/account`);
  await inspect(page, "account");
  await page.getByLabel(/^Time zone/).selectOption("Asia/Kolkata");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  assert.ok(await page.getByText(/\d\d:\d\d Asia\/Kolkata/).first().isVisible());
});

test("leaving: what it means, what stands in the way, and gone", async () => {
  const ada = await world.signIn("ada");
  await ada.goto(`${world.base}/me/account/erase`);
  assert.ok(await ada.getByText("You cannot leave yet.").isVisible());
  await inspect(ada, "erase-needed");
  const page = await world.signIn("cleo");
  await page.goto(`${world.base}/me/account`);
  await page.getByRole("link", { name: /Leave and erase/ }).click();
  await inspect(page, "erase");
  await page.getByLabel(/^Type your e-mail address/).fill("cleo@meridian.example");
  await later();
  await page.getByRole("button", { name: "Erase my account" }).click();
  await page.getByRole("heading", { name: "Confirm that it is you" }).waitFor();
  assert.ok(await page.getByText("What you entered is kept.").isVisible());
  // She has neither password nor passkey: a fresh sign-in counts.
  await page.goto(world.links.cleo);
  await page.goto(`${world.base}/me/account/erase`);
  await page.getByLabel(/^Type your e-mail address/).fill("cleo@meridian.example");
  await page.getByRole("button", { name: "Erase my account" }).click();
  await page.getByRole("heading", { name: "Your account is erased" }).waitFor();
  page.complaints = page.complaints.filter((c) => !/403/.test(c));
  await inspect(page, "erased");
  await page.goto(`${world.base}/`);
  assert.match(page.url(), /sign-in/);
});

test("an operator suspends an account, and it is out at once", async () => {
  const mia = await world.signIn("mia");
  await mia.goto(`${world.base}/me/account`);
  const olga = await world.signIn("olga");
  await olga.goto(`${world.base}/operator/accounts?q=mia`);
  await inspect(olga, "operator-accounts");
  await olga.locator("summary", { hasText: "Suspend" }).click();
  await olga.getByLabel("Why").fill("left the company");
  await olga.getByRole("button", { name: "Suspend", exact: true }).click();
  if (await olga.getByRole("heading", { name: "Confirm that it is you" }).count()) {
    await olga.goto(world.links.olga);
    await olga.goto(`${world.base}/operator/accounts?q=mia`);
    await olga.locator("summary", { hasText: "Suspend" }).click();
    await olga.getByLabel("Why").fill("left the company");
    await olga.getByRole("button", { name: "Suspend", exact: true }).click();
  }
  await olga.getByText("Suspended").first().waitFor();
  await mia.reload();
  assert.match(mia.url(), /sign-in/);
});

test("a link by mail: opened as often as one likes, followed once, back where one was going", async () => {
  const context = await world.browser.newContext(calm);
  const page = await world.open(context);
  await page.goto(`${world.base}/workspaces/night-shift`);
  await page.getByLabel("Send it to").fill("noor@meridian.example");
  await page.getByRole("button", { name: "Send me a link" }).click();
  await page.getByText("If there is an account with this address").waitFor();
  await inspect(page, "mail-sent");
  const secret = await world.mailed("noor@meridian.example", /sign-in\/link\/([\w-]+)/);
  for (let i = 0; i < 2; i++) await page.goto(`${world.base}/sign-in/link/${secret}`);
  await inspect(page, "mailed-link");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/workspaces\/night-shift/);
  await page.goto(`${world.base}/sign-in/link/${secret}`);
  await page.getByText("This link does not work any more").waitFor();

  await page.goto(`${world.base}/me/account`);
  await page.getByLabel(/^E-mail address/).fill("noor@elsewhere.example");
  await page.getByRole("button", { name: "Send the link" }).click();
  if (await page.getByRole("heading", { name: "Confirm that it is you" }).count()) {
    await page.goto(world.links.noor);
    await page.goto(`${world.base}/me/account`);
    await page.getByLabel(/^E-mail address/).fill("noor@elsewhere.example");
    await page.getByRole("button", { name: "Send the link" }).click();
  }
  await page.getByText("it becomes your address when you follow it").waitFor();
  const proof = await world.mailed("noor@elsewhere.example", /verify\/([\w-]+)/);
  await page.goto(`${world.base}/verify/${proof}`);
  await page.getByRole("button", { name: "Yes, it is mine" }).click();
  await page.getByRole("link", { name: "To your account" }).click();
  assert.ok(await page.locator("main").getByText("noor@elsewhere.example").first().isVisible());
  await context.close();
});
