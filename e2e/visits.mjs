// Where the tests go: every route of the router, with names of the demo company, and the states that no route names.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/// Every route: written from the router by `cargo xtask regenerate`.
export const routes = readFileSync(join(dirname(fileURLToPath(import.meta.url)), "routes.txt"), "utf8")
  .trim().split("\n").map((line) => { const [method, path] = line.split(" "); return { method, path }; });

/// What is not a page for people; and what the demo's policy has not: undoing (`undo.test.mjs` looks at it), ending a link or migrating users (its workspace is not linked; docs-site is, below) and a proposal
/// (`consent.test.mjs` looks at it, and at the pages around it where links are proposed; here they say that none are).
export const notPages = ["/live", "/workspaces/{workspace}/receipt", "/links/{link}/receipt", "/workspaces/{workspace}/undo", "/workspaces/{workspace}/unlink", "/workspaces/{workspace}/users-migration", "/proposals/{proposal}", "/operator/campaigns/{campaign}/runs/{run}/rows.csv", "/operator/history.csv", "/organizations/{organization}/billing/preview.csv",
    "/workspaces/{workspace}/activity/export", "/organizations/{organization}/activity/export", "/operator/activity/export",
    // Its webhook is of a workspace; nothing is sent to it (`webhooks.test.mjs` looks at what was).
    "/organizations/{organization}/webhooks/{webhook}", "/workspaces/{workspace}/webhooks/{webhook}/deliveries/{position}", "/organizations/{organization}/webhooks/{webhook}/deliveries/{position}",
    // Its organization has one directory; `states` has a site of one that has not.
    "/organizations/{organization}/sites/{site}/directory/{directory_group}", "/organizations/{organization}/sites/{site}/directory/{directory_group}/add",
    // Its domain is shown by a record at a name server (`domains.test.mjs` looks at it).
    "/organizations/{organization}/domains/{domain}/claim",
    // No billing has migrated in the demo (`billing.test.mjs` looks at what is there then).
    "/billing-accounts/{billing_account}", "/invoices/{invoice}", "/invoices/{invoice}/lines.csv"];

/// Names of the demo company that fill a route; those in braces are made by `makeNames`.
export function makeNames(world) {
  return (world.names ??= make(world));
}

async function make(world) {
  const invited = world.orglink("account", "sign-in-link", "una@meridian.example").match(/sign-in\/(\S+)/)[1];
  const token = (path, text) => text.match(/name="form_token" value="([^"]+)"/)[1];
  const home = await world.send("ada", "GET", "/");
  const form = { form_token: token("/", home.text), workspace: "atlas-platform" };
  const plan = await world.send("ada", "POST", "/organizations/meridian/link/plan", form);
  const asked = JSON.parse(world.orglink("recovery", "request", "--workspace", "robot-yard", "--reason", "Its only person has left.", "--as", "ivo@meridian.example", "--json")).id;
  // A mail that one can end: a workspace that cannot be linked for a moment.
  for (const holds of [["legal"], []]) world.importLines({ type: "workspace", slug: "atlas-mobile", name: "Atlas Mobile", holds });
  let mail, unsubscribe;
  for (let i = 0; i < 50 && !unsubscribe; i++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    mail = JSON.parse(world.orglink("mail", "list", "--json")).items.find((m) => m.kind === "eligibility")?.id;
    if (mail) unsubscribe = (await world.send("olga", "GET", `/operator/mail/${mail}`)).text.match(/unsubscribe\/eligibility\/([\w-]{40,})/)?.[1];
  }
  await world.send(undefined, "POST", "/sign-in/mail", { email: "kim@meridian.example" });
  world.orglink("account", "change", "--email", "kim@new.example", "--as", "kim@meridian.example");
  const sign_in = await world.mailed("kim@meridian.example", /sign-in\/link\/([\w-]+)/);
  const proof = await world.mailed("kim@new.example", /verify\/([\w-]+)/);
  const invite = (by, ...to) => JSON.parse(world.orglink("invitation", "create", ...to, "--as", by, "--json")).id;
  const invitation = invite("noor@meridian.example", "--workspace", "night-shift", "--group", "administrators", "--email", "ada@meridian.example");
  const letter = JSON.parse(world.orglink("mail", "list", "--json")).items.find((m) => m.kind === "invitation")?.id;
  const mailed = world.orglink("mail", "show", letter, "--reveal").match(/invitations\/([\w-]{40,})/)[1];
  world.orglink("campaign", "create", "--file", join(dirname(fileURLToPath(import.meta.url)), "../docs/examples/seed.toml"));
  const run = JSON.parse(world.orglink("campaign", "rehearse", "link-2026", "--json")).id;
  const link = JSON.parse(world.orglink("workspace", "link", "docs-site", "--json")).id;
  world.orglink("directory", "group", "create", "Platform people", "--organization", "meridian", "--as", "ada@meridian.example");
  world.orglink("directory", "group", "add-member", "platform-people", "mia@meridian.example", "--organization", "meridian", "--as", "ada@meridian.example");
  world.orglink("site", "create", "meridian-labs", "labs", "--as", "ada@meridian.example");
  const labs = ["--organization", "meridian-labs", "--site", "labs", "--as", "ada@meridian.example"];
  world.orglink("directory", "group", "create", "Lab people", ...labs);
  world.orglink("directory", "group", "add-member", "lab-people", "ada@meridian.example", ...labs);
  world.orglink("tracker", "post", "organization-original-user-management", "--state", "in_progress", "--note", "The first organizations are asked this week.");
  const told = ["--workspace", "atlas-platform", "--as", "ada@meridian.example", "--json"];
  const webhook = JSON.parse(world.orglink("webhook", "create", "--url", "https://192.88.98.1/", "--type", "ledger.", ...told)).id;
  world.orglink("domain", "add", "meridian.example", "--organization", "meridian", "--as", "ada@meridian.example");
  return {
    domain: "meridian.example", webhook, link, campaign: "link-2026", run, invitation, mailed, sign_in, proof,
    mail, unsubscribe, kind: "eligibility", recovery: asked, entry: "organization-original-user-management",
    organization: "meridian", workspace: "atlas-platform", group: "developers", directory_group: "platform-people", repository: "gateway", extension: "repository-report", site: "meridian-hq",
    digest: plan.location.split("/").pop(), secret: invited, section: "workspaces",
  };
}

/// Pages that are asked something.
const questions = {
  "/workspaces/{workspace}/plan/change": "?plan=standard&billing_cycle=annual",
  "/workspaces/{workspace}/who-can-do-what": "?account=mia@meridian.example&ask=repository:write&of=gateway&after_link=meridian",
  "/ask": "?organization=meridian&return_to=/link",
  "/link/propose": "?workspace=atlas-platform&organization=meridian",
  "/link/code": "?code=no-such-code",
};

/// A route's path with names in it; nothing when a name is missing: then `makeNames` must learn it.
export function fill(path, names) {
  let missing = false;
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => { missing ||= !names[name]; return encodeURIComponent(names[name] ?? ""); });
  return missing ? undefined : filled.replaceAll("%3A", ":") + (questions[path] ?? "");
}

/// Who sees most of a page.
export function visitorOf(path) {
  if (path.startsWith("/sign-in")) return undefined;
  if (path.startsWith("/recoveries")) return "ivo";
  if (["/sign-in", "/verify", "/unsubscribe"].some((begin) => path.startsWith(begin))) return undefined;
  return path.startsWith("/operator") ? "olga" : "ada";
}

/// States of pages that no route names: who, where, what they are called, the status.
export const states = [
  ["ada", "/search?q=atlas", "search-found"],
  ["ada", "/search?q=nothing-of-that-name", "search-empty"],
  ["olga", "/search?q=me", "search-operator"],
  ["ben", "/", "home-admin-of-none"],
  ["mia", "/", "home-member"],
  ["gus", "/organizations/solo/apps", "apps-empty"],
  ["gus", "/organizations/solo", "organization-next-step"],
  ["mia", "/workspaces/atlas-platform", "workspace-member"],
  ["ada", "/workspaces/docs-site", "workspace-linked"],
  ["ada", "/workspaces/docs-site/users-migration", "users-migration-plan"],
  ["ada", "/organizations/meridian-labs/directory", "directory-original"],
  ["ada", "/organizations/meridian-labs/sites/labs", "site-with-directory"],
  ["ada", "/organizations/meridian-labs/sites/labs/directory", "directory-of-site"],
  ["ada", "/organizations/meridian-labs/sites/labs/directory/lab-people", "directory-group-of-site"],
  ["ada", "/organizations/meridian-labs/sites/labs/directory/lab-people/add", "directory-group-of-site-add"],
  [undefined, "/tracker/organization-original-user-management", "tracker-signed-out"],
  ["ada", "/workspaces/old-billing", "workspace-suspended"],
  ["ada", "/workspaces/ada-brandt", "workspace-personal"],
  ["ada", "/link", "link-start-several"],
  ["noor", "/link", "link-no-organization"],
  ["cleo", "/organizations/meridian/link", "link-not-admin"],
  ["ben", "/organizations/meridian/link/workspace", "link-admin-of-none"],
  ["pia", "/organizations/meridian/link/workspace", "link-all-linked"],
  ["omar", "/organizations/meridian/link/workspace", "link-none-eligible"],
  ["ivo", "/workspaces/robot-yard", "workspace-without-active-admin"],
  ["olga", "/recover?organization=harbor", "recovery-operator"],
  ["mia", "/inbox", "inbox-empty"],
  ["olga", "/operator/mail?state=refused", "mail-none"],
  ["noor", "/link?workspace=night-shift", "link-missing-organization"],
  ["noor", "/workspaces/night-shift/user-groups/administrators", "group-admin"],
  ["noor", "/workspaces/night-shift/features", "features-blocked"],
  ["mia", "/workspaces/night-shift/features", "features-of-member"],
  ["mia", "/workspaces/night-shift/packages", "packages-blocked"],
  ["ada", "/workspaces/docs-site/packages", "packages-empty"],
  ["ada", "/workspaces/docs-site/plan/preview", "billing-of-linked"],
  ["ben", "/organizations/meridian/billing", "billing-of-organization"],
  ["gus", "/organizations/solo/billing", "billing-empty"],
  ["ada", "/workspaces/docs-site/extensions/repository-report", "extension-installed"],
  ["ada", "/workspaces/docs-site/extensions/audit-forwarder", "extension-to-consent"],
  ["mia", "/workspaces/docs-site/extensions/audit-forwarder", "extension-of-member"],
  ["ada", "/organizations/meridian/requests", "requests-of-organization"],
  ["ben", "/invitations", "invitations-pending"],
  ["noor", "/invitations", "invitations-none"],
  ["noor", "/workspaces/night-shift/requests", "requests-of-workspace"],
  ["ada", "/ask?workspace=night-shift", "ask-workspace"],
  ["ada", "/invitations/no-such-secret", "invitation-of-nothing", 404],
  ["ada", "/workspaces/nobodys", "error-not-found", 404],
  ["ada", "/no/such/page", "error-no-page", 404],
  ["ada", "/search?q=" + "x".repeat(101), "error-bad-input", 400],
  ["cleo", "/workspaces/docs-site/members", "error-forbidden", 403],
];
