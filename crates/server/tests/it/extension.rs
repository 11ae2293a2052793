//! Extensions: who may install one and when, what its token reads and never does, and how long it works.

use std::sync::Arc;

use orglink_app::extension::{install_extension, rotate_extension_token, uninstall_extension, update_extension};
use orglink_app::link::{UndoRequest, undo_link};
use orglink_app::sign_in::authenticate_token;
use orglink_app::workspace::{WorkspacePatch, change_workspace, delete_workspace};
use orglink_app::{App, Error, Expected};
use orglink_domain::event::EventType;
use orglink_domain::extension::ExtensionScope::{self, EventsRead, PeopleRead, RepositoriesRead, WorkspaceRead};
use orglink_domain::workspace::SubscriptionPlan;
use orglink_server::config::DEFAULT_CATALOG;
use orglink_testkit::{TestApp, both};
use serde_json::{Value, json};

use crate::cli::run;
use crate::notify::subjects;

const ADA: &str = "ada@meridian.example";
/// Admin of the workspace beside Ada.
const HANA: &str = "hana@meridian.example";
/// Member of the workspace.
const MIA: &str = "mia@meridian.example";
/// Of another company.
const LENA: &str = "lena@harbor.example";
const W: &str = "atlas-platform";
const REPORT: &str = "repository-report";
const ASKED: [ExtensionScope; 2] = [WorkspaceRead, RepositoriesRead];

async fn linked(world: TestApp) -> TestApp {
    let world = world.with_company().await.with_undo_window(30 * 24 * 3600).await;
    world.link(ADA, W, "meridian").await.unwrap();
    world
}

/// Installs the report and gives its token.
async fn install(world: &TestApp) -> String {
    let ada = world.person(ADA).await;
    let made = install_extension(&world.app, &ada, W, (REPORT, &ASKED), Expected::Any).await.unwrap();
    made.secret.reveal().to_owned()
}

/// The codes of a refusal: its own, then those of its reasons.
fn refusal<T>(answer: Result<T, Error>) -> Vec<&'static str> {
    match answer {
        Err(Error::Refused(refusal)) => {
            [refusal.code].into_iter().chain(refusal.reasons.iter().map(|r| r.code)).collect()
        }
        Err(Error::NotFound { .. }) => vec!["not_found"],
        Err(Error::SignedOut) => vec!["signed_out"],
        Err(Error::BadInput(_)) => vec!["bad_input"],
        Err(other) => panic!("{other}"),
        Ok(_) => Vec::new(),
    }
}

async fn extension_events(world: &TestApp) -> Vec<EventType> {
    let all = world.events().await.into_iter().map(|e| e.kind);
    all.filter(|kind| kind.as_str().starts_with("extension.")).collect()
}

fn reasons(answer: &Value) -> Vec<&str> {
    answer["reasons"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect()
}

/// A catalog in which the report is another.
fn catalog(version: u32, scopes: &[ExtensionScope]) -> String {
    let begin = DEFAULT_CATALOG.find("[extensions.repository-report]").unwrap();
    let end = DEFAULT_CATALOG.find("[extensions.audit-forwarder]").unwrap();
    let list: Vec<String> = scopes.iter().map(|s| format!("\"{s}\" = \"Needed.\"\n")).collect();
    let list = list.concat();
    let report = format!(
        "[extensions.{REPORT}]\ntitle = \"Repository report\"\npublisher = \"Somebody\"\ndescription = \"Reports.\"\nversion = {version}\n\n[extensions.{REPORT}.scopes]\n{list}\n"
    );
    format!("{}{report}{}", &DEFAULT_CATALOG[..begin], &DEFAULT_CATALOG[end..])
}

async fn works(app: &App, token: &str) -> Vec<&'static str> {
    refusal(authenticate_token(app, token).await)
}

both! {
    async fn nothing_is_installed_without_the_feature_the_role_and_the_consent(world) {
        let world = world.with_company().await;
        let (ada, mia, lena) = (world.token(ADA).await, world.token(MIA).await, world.token(LENA).await);
        let path = |workspace: &str| format!("/workspaces/{workspace}/extensions/{REPORT}");
        let body = |scopes: &[ExtensionScope]| Some(json!({ "consent": scopes }));
        // Locked: every condition that fails, what makes it so and who can.
        let locked = world.change(&ada, "PUT", &path(W), body(&ASKED)).await;
        let said = locked.json();
        assert_eq!((locked.status, said["code"].as_str(), reasons(&said)), (409, Some("feature_locked"), vec!["linked"]), "{said}");
        assert_eq!(said["reasons"][0]["detail"], "Link it to an organization.");
        assert_eq!(said["reasons"][0]["who"], "Somebody who is workspace admin and organization admin.");
        let personal = world.change(&ada, "PUT", &path("ada-brandt"), body(&ASKED)).await.json();
        assert_eq!(reasons(&personal), ["kind", "linked"], "{personal}");
        let state = world.api(&ada, "GET", &path(W), None).await.json();
        assert_eq!((state["state"].as_str(), &state["installed"]), (Some("locked"), &Value::Null), "{state}");
        // Not theirs to decide; not theirs to know.
        assert_eq!(world.change(&mia, "PUT", &path(W), body(&ASKED)).await.status, 403);
        assert_eq!(world.change(&lena, "PUT", &path(W), body(&ASKED)).await.status, 404);
        assert_eq!(world.api(&lena, "GET", &path(W), None).await.status, 404);

        world.link(ADA, W, "meridian").await.unwrap();
        assert_eq!(world.change(&mia, "PUT", &path(W), body(&ASKED)).await.status, 403);
        assert_eq!(world.change(&lena, "PUT", &path(W), body(&ASKED)).await.status, 404);
        assert_eq!(world.change(&ada, "PUT", &format!("/workspaces/{W}/extensions/nothing"), body(&ASKED)).await.status, 404);
        for (consent, missing) in [(vec![], vec!["workspace:read", "repositories:read"]), (vec![WorkspaceRead], vec!["repositories:read"])] {
            let said = world.change(&ada, "PUT", &path(W), body(&consent)).await.json();
            assert_eq!((said["code"].as_str(), reasons(&said)), (Some("consent_required"), missing), "{said}");
        }
        for consent in [json!(["workspace:read", "repositories:read", "events:read"]), json!(["everything"]), json!("all")] {
            let said = world.change(&ada, "PUT", &path(W), Some(json!({ "consent": consent }))).await;
            assert_eq!((said.status, said.json()["code"].as_str().unwrap()), (400, "bad_input"), "{}", said.text);
        }
        assert_eq!(world.change_if(&ada, "PUT", &path(W), body(&ASKED), "").await.status, 428);
        assert_eq!(world.change_if(&ada, "PUT", &path(W), body(&ASKED), "\"1\"").await.status, 412);
        // A token that only reads.
        let reads = world.token_for(ADA, vec![orglink_domain::token::Scope::Read]).await;
        assert_eq!(world.change(&reads, "PUT", &path(W), body(&ASKED)).await.status, 403);
        for (method, rest) in [("PATCH", ""), ("DELETE", ""), ("POST", "/token")] {
            let said = world.change(&ada, method, &format!("{}{rest}", path(W)), body(&[])).await;
            assert_eq!((said.status, said.json()["code"].as_str().unwrap()), (409, "not_installed"), "{method}");
        }
        assert_eq!(extension_events(&world).await, []);

        let etag = world.api(&ada, "GET", &path(W), None).await.etag;
        let made = world.change_if(&ada, "PUT", &path(W), body(&ASKED), &etag).await;
        let said = made.json();
        assert_eq!((made.status, said["state"].as_str()), (201, Some("active")), "{said}");
        assert!(said["token"].as_str().unwrap().starts_with("ole_") && made.etag != etag);
        assert_eq!(said["installed"]["scopes"], json!(ASKED));
        let again = world.change(&ada, "PUT", &path(W), body(&ASKED)).await;
        assert_eq!((again.status, again.json()["code"].as_str().unwrap()), (409, "already_installed"));
        // The token was in that one answer.
        let list = world.api(&mia, "GET", &format!("/workspaces/{W}/extensions"), None).await;
        assert!(list.status == 200 && !list.text.contains("ole_"), "{}", list.text);
        assert_eq!(extension_events(&world).await, [EventType::ExtensionInstalled]);
        let activity = world.api(&mia, "GET", &format!("/workspaces/{W}/events?type=extension."), None).await;
        assert!(activity.text.contains("installed the extension Repository report, version 1, with workspace:read, repositories:read"), "{}", activity.text);
        assert!(!activity.text.contains("ole_"));
        let organization = world.api(&ada, "GET", "/organizations/meridian/events?type=extension.", None).await.json();
        assert_eq!(organization["items"], json!([]), "linking gives no look into the workspace");
        world.check_invariants().await;
    }

    async fn a_token_reads_what_was_consented_to_and_nothing_else(world) {
        let world = linked(world).await;
        let token = install(&world).await;
        let everything = [
            ("", WorkspaceRead), ("/entitlements", WorkspaceRead), ("/entitlements/packages", WorkspaceRead),
            ("/members", PeopleRead), ("/user-groups", PeopleRead), ("/user-groups/developers", PeopleRead), ("/user-groups/developers/members", PeopleRead),
            ("/repositories", RepositoriesRead), ("/repositories/gateway/access", RepositoriesRead),
            ("/events", EventsRead), ("/events/export", EventsRead),
        ];
        let ada = world.person(ADA).await;
        let mut world = world;
        let each = ExtensionScope::ALL.iter().map(|one| vec![*one]);
        for scopes in each.chain([ExtensionScope::ALL.to_vec()]) {
            world = world.with_catalog(&catalog(9, &scopes)).await;
            uninstall_extension(&world.app, &ada, W, REPORT, Expected::Any).await.unwrap();
            let made = install_extension(&world.app, &ada, W, (REPORT, &scopes), Expected::Any).await.unwrap();
            let token = made.secret.reveal();
            for (rest, needed) in everything {
                let answer = world.api(token, "GET", &format!("/workspaces/{W}{rest}"), None).await;
                let expected = if scopes.contains(&needed) { 200 } else { 403 };
                assert_eq!(answer.status, expected, "{scopes:?} {rest}: {}", answer.text);
                if expected == 403 {
                    assert!(answer.text.contains(needed.as_str()), "{}", answer.text);
                }
                // Where it is not installed, nothing is there.
                let elsewhere = world.api(token, "GET", &format!("/workspaces/harbor-ops{rest}"), None).await;
                let nowhere = world.api(token, "GET", &format!("/workspaces/no-such{rest}"), None).await;
                assert_eq!(elsewhere.status, if expected == 200 { 404 } else { 403 }, "{rest}");
                assert_eq!(elsewhere.said("harbor-ops", "X"), nowhere.said("no-such", "X"));
            }
        }
        assert_eq!(world.api(&token, "GET", &format!("/workspaces/{W}"), None).await.status, 401, "it was uninstalled");
        world.check_invariants().await;
    }

    async fn an_update_needs_consent_to_what_it_asks_for_more(world) {
        let world = linked(world).await;
        let token = install(&world).await;
        let (ada, mia) = (world.person(ADA).await, world.person(MIA).await);
        // As it is, there is nothing to update, and nothing happens.
        let version = update_extension(&world.app, &ada, W, (REPORT, &[]), Expected::Any).await.unwrap();
        assert_eq!(update_extension(&world.app, &ada, W, (REPORT, &[]), Expected::Version(version)).await.unwrap(), version);
        let second = world.replica_with_catalog(&catalog(2, &[WorkspaceRead, RepositoriesRead, EventsRead])).await;
        let update = async |who, consent: &[ExtensionScope]| {
            refusal(update_extension(&second, who, W, (REPORT, consent), Expected::Any).await)
        };
        assert_eq!(update(&ada, &[]).await, ["consent_required", "events:read"]);
        assert_eq!(update(&ada, &ASKED).await, ["consent_required", "events:read"]);
        assert_eq!(update(&ada, &[EventsRead, PeopleRead]).await, ["bad_input"]);
        assert_eq!(update(&mia, &[EventsRead]).await, ["not_allowed", "not_allowed"]);
        let scopes = async |app: &Arc<App>| {
            let principal = authenticate_token(app, &token).await.unwrap();
            principal.extension_if_any().unwrap().scopes.iter().collect::<Vec<_>>()
        };
        assert_eq!(scopes(&second).await, ASKED, "until then it does what it could");
        assert_eq!(update(&ada, &[EventsRead]).await, [""; 0]);
        assert_eq!(scopes(&second).await, [WorkspaceRead, RepositoriesRead, EventsRead], "and its token stays");
        // What it asks for no more, it has no more, at once.
        let third = world.replica_with_catalog(&catalog(3, &[WorkspaceRead])).await;
        assert_eq!(scopes(&third).await, [WorkspaceRead]);
        update_extension(&third, &ada, W, (REPORT, &[]), Expected::Any).await.unwrap();
        assert_eq!(scopes(&second).await, [WorkspaceRead], "consent to the rest is over");
        let events = extension_events(&world).await;
        assert_eq!(events, [EventType::ExtensionInstalled, EventType::ExtensionUpdated, EventType::ExtensionUpdated]);
        world.check_invariants().await;
    }

    async fn it_is_suspended_for_as_long_as_a_condition_fails(world) {
        let world = linked(world).await;
        let token = install(&world).await;
        let (ada, path) = (world.person(ADA).await, format!("/workspaces/{W}"));
        assert_eq!(world.api(&token, "GET", &path, None).await.status, 200);
        // After undoing the link.
        undo_link(&world.app, &ada, W, &UndoRequest::default()).await.unwrap();
        let refused = world.api(&token, "GET", &path, None).await;
        let said = refused.json();
        assert_eq!((refused.status, said["code"].as_str(), reasons(&said)), (403, Some("extension_suspended"), vec!["linked"]), "{said}");
        let state = world.api(&world.token(MIA).await, "GET", &format!("{path}/extensions/{REPORT}"), None).await.json();
        assert_eq!(state["state"], "suspended");
        assert_eq!(refusal(update_extension(&world.app, &ada, W, (REPORT, &[]), Expected::Any).await), ["feature_locked", "linked"]);
        world.link(ADA, W, "meridian").await.unwrap();
        assert_eq!(world.api(&token, "GET", &path, None).await.status, 200, "nobody had to do anything");
        // Where the feature needs a paid plan, after giving that up.
        let paid = DEFAULT_CATALOG.replace("name = \"forge_apps\"", "name = \"forge_apps\"\nplans = [\"standard\", \"premium\"]");
        let paid = world.replica_with_catalog(&paid).await;
        assert_eq!(works(&paid, &token).await, [""; 0]);
        let plan = async |plan| {
            let patch = WorkspacePatch { plan: Some(plan), ..WorkspacePatch::default() };
            change_workspace(&world.app, &ada, W, &patch, Expected::Any).await.unwrap();
        };
        plan(SubscriptionPlan::Free).await;
        assert_eq!(works(&paid, &token).await, ["extension_suspended", "plan"]);
        assert_eq!(works(&world.app, &token).await, [""; 0], "here it needs none");
        plan(SubscriptionPlan::Standard).await;
        assert_eq!(works(&paid, &token).await, [""; 0]);
        // Where the catalog has it no more, or opens extensions with nothing.
        let gone = world.replica_with_catalog(&DEFAULT_CATALOG.replace("[extensions.repository-report", "[extensions.another-report")).await;
        assert_eq!(works(&gone, &token).await, ["extension_suspended", "extension_suspended"]);
        let closed = world.replica_with_catalog(&DEFAULT_CATALOG.replace("app_installation = \"forge_apps\"\n", "")).await;
        assert_eq!(works(&closed, &token).await, ["extension_suspended"]);
        assert_eq!(refusal(install_extension(&closed, &ada, W, ("audit-forwarder", &[EventsRead]), Expected::Any).await), ["not_served"]);
        let checks = orglink_app::doctor::examine(&gone, false, false).await.unwrap();
        let check = checks.iter().find(|c| c.name == "extensions").unwrap();
        assert!(check.remedy.is_some() && check.detail.contains("repository-report (in 1 workspaces)"), "{check:?}");
        // It can be taken out all the same.
        uninstall_extension(&gone, &ada, W, REPORT, Expected::Any).await.unwrap();
        assert_eq!(works(&world.app, &token).await, ["signed_out"]);
        world.check_invariants().await;
    }

    async fn a_token_ends_when_it_is_rotated_uninstalled_or_its_workspace_is_gone(world) {
        let world = linked(world).await;
        let (ada, mia) = (world.person(ADA).await, world.person(MIA).await);
        let first = install(&world).await;
        assert_eq!(refusal(rotate_extension_token(&world.app, &mia, W, REPORT, Expected::Any).await).len(), 2);
        assert_eq!(refusal(uninstall_extension(&world.app, &mia, W, REPORT, Expected::Any).await).len(), 2);
        assert_eq!(works(&world.app, &first).await, [""; 0]);
        let second = rotate_extension_token(&world.app, &ada, W, REPORT, Expected::Any).await.unwrap().secret;
        assert_eq!(works(&world.app, &first).await, ["signed_out"]);
        assert_eq!(works(&world.app, second.reveal()).await, [""; 0]);
        orglink_app::last_seen::flush(&world.app).await.unwrap();
        let seen = world.api(&world.token(MIA).await, "GET", &format!("/workspaces/{W}/extensions/{REPORT}"), None).await.json();
        assert!(seen["installed"]["token_used_at"].is_string(), "{seen}");
        uninstall_extension(&world.app, &ada, W, REPORT, Expected::Any).await.unwrap();
        assert_eq!(works(&world.app, second.reveal()).await, ["signed_out"]);
        // Once more, with another token; then the workspace goes.
        let third = install(&world).await;
        delete_workspace(&world.app, &ada, W, Expected::Any).await.unwrap();
        assert_eq!(works(&world.app, &third).await, ["signed_out"]);
        let mut tx = world.app.db.begin_read().await.unwrap();
        assert_eq!(orglink_store::extension::count_by_name(&mut tx).await.unwrap(), []);
        drop(tx);
        assert_eq!(extension_events(&world).await, [
            EventType::ExtensionInstalled, EventType::ExtensionTokenRotated, EventType::ExtensionUninstalled, EventType::ExtensionInstalled,
        ]);
        world.check_invariants().await;
    }

    async fn of_two_who_install_at_once_one_does(world) {
        let world = linked(world).await;
        let other = world.replica().await;
        let (ada, hana) = (world.person(ADA).await, world.person(HANA).await);
        let (one, two) = tokio::join!(
            install_extension(&world.app, &ada, W, (REPORT, &ASKED), Expected::Any),
            install_extension(&other, &hana, W, (REPORT, &ASKED), Expected::Any),
        );
        let tokens: Vec<String> = [&one, &two].into_iter().flatten().map(|made| made.secret.reveal().to_owned()).collect();
        let mut said = [refusal(one), refusal(two)];
        said.sort();
        assert_eq!(said, [vec![], vec!["already_installed"]]);
        assert_eq!((tokens.len(), works(&world.app, &tokens[0]).await), (1, vec![]));
        assert_eq!(extension_events(&world).await, [EventType::ExtensionInstalled]);
        world.check_invariants().await;
    }

    async fn the_other_admins_hear_of_it(world) {
        let world = linked(world).await;
        install(&world).await;
        let ada = world.person(ADA).await;
        let second = world.replica_with_catalog(&catalog(2, &ASKED)).await;
        update_extension(&second, &ada, W, (REPORT, &[]), Expected::Any).await.unwrap();
        uninstall_extension(&world.app, &ada, W, REPORT, Expected::Any).await.unwrap();
        let about = async |who| {
            let mut all = subjects(&world, who).await;
            all.retain(|s| s.contains("Repository report"));
            all.sort();
            all
        };
        assert_eq!(about(HANA).await, [
            "Repository report may no longer read Atlas Platform",
            "Repository report may read Atlas Platform now",
            "Repository report was updated in Atlas Platform",
        ]);
        for who in [ADA, MIA, "ben@meridian.example"] {
            assert!(about(who).await.is_empty(), "{who}");
        }
        let mails = world.deliver().await;
        assert_eq!(mails.iter().filter(|m| m.contains("hana@") && m.contains("Repository report")).count(), 3, "{mails:?}");
        world.check_invariants().await;
    }

    async fn by_page_one_consents_sees_the_token_once_and_uninstalls(world) {
        let world = world.with_company().await;
        let (cookie, form_token) = world.session(ADA).await;
        let path = format!("/workspaces/{W}/extensions/{REPORT}");
        let get = async |path: &str| world.send("GET", path, &[("cookie", cookie.as_str())], "").await;
        let locked = get(&path).await;
        assert!(locked.text.contains("href=\"/link?workspace=atlas-platform\"") && !locked.text.contains("Consent and install"), "{}", locked.text);
        world.link(ADA, W, "meridian").await.unwrap();
        let open = get(&path).await.text;
        let version = open.split_once("name=\"version\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        assert!(open.contains("Consent and install") && open.contains("The report lists each repository"), "{open}");
        let post = async |form: String| {
            let form = format!("form_token={form_token}&{form}");
            let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
            world.send("POST", &path, &headers, &form).await
        };
        assert_eq!(post(format!("what=install&version={version}")).await.status, 409, "without consent");
        assert_eq!(post("what=install&consent=workspace:read".into()).await.status, 428);
        assert_eq!(post("what=install&version=1&consent=workspace:read&consent=repositories:read".to_owned()).await.status, 412);
        assert_eq!(post(format!("what=nothing&version={version}")).await.status, 400);
        let made = post(format!("what=install&version={version}&consent=workspace%3Aread&consent=repositories%3Aread")).await;
        assert!(made.status == 200 && made.text.contains("<code>ole_"), "{}: {}", made.status, made.text);
        let token = made.text.split_once("<code>").unwrap().1.split_once('<').unwrap().0.to_owned();
        assert_eq!(works(&world.app, &token).await, [""; 0]);
        let after = get(&path).await.text;
        assert!(!after.contains("ole_") && after.contains("Uninstall"), "{after}");
        let version = after.split_once("name=\"version\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        let gone = post(format!("what=uninstall&version={version}")).await;
        assert_eq!((gone.status, gone.location.as_str()), (303, "/workspaces/atlas-platform/extensions?saved=yes"));
        assert_eq!(works(&world.app, &token).await, ["signed_out"]);
        let (member, _) = world.session(MIA).await;
        let seen = world.send("GET", &path, &[("cookie", &member)], "").await.text;
        assert!(seen.contains("A workspace admin decides") && !seen.contains("Consent and install"), "{seen}");
        world.check_invariants().await;
    }

    async fn from_the_command_line(world) {
        let world = linked(world).await;
        let at = ["--workspace", W, "--as", ADA, "--json"];
        let go = |arguments: &[&str]| run(&world, &[&["extension"][..], arguments, &at[..]].concat());
        let (code, list, _) = go(&["list"]);
        let names: Vec<_> = list["items"].as_array().unwrap().iter().map(|e| (e["name"].as_str().unwrap(), e["state"].as_str().unwrap())).collect();
        assert_eq!((code, names), (0, vec![("audit-forwarder", "available"), (REPORT, "available")]));
        let (code, _, said) = go(&["install", REPORT]);
        assert!(code == 2 && said.contains("--consent") && said.contains("repositories:read"), "never hangs: {said}");
        let (code, refused, _) = go(&["install", REPORT, "--consent", "workspace:read"]);
        assert_eq!((code, refused["code"].as_str()), (3, Some("consent_required")), "{refused}");
        let (code, made, said) = go(&["install", REPORT, "--consent", "workspace:read,repositories:read"]);
        assert_eq!(code, 0, "{said}");
        let token = made["token"].as_str().unwrap();
        assert_eq!(works(&world.app, token).await, [""; 0]);
        assert_eq!(go(&["show", REPORT]).1["state"], "active");
        assert_eq!(go(&["update", REPORT]).0, 0);
        let (code, rotated, _) = go(&["rotate-token", REPORT]);
        assert_eq!((code, works(&world.app, token).await), (0, vec!["signed_out"]));
        assert_eq!(works(&world.app, rotated["token"].as_str().unwrap()).await, [""; 0]);
        assert_eq!(go(&["uninstall", REPORT]).0, 2, "asks");
        assert_eq!(go(&["uninstall", REPORT, "--yes"]).0, 0);
        assert_eq!(works(&world.app, rotated["token"].as_str().unwrap()).await, ["signed_out"]);
        let (code, made, said) = go(&["install", "audit-forwarder", "--yes"]);
        assert!(code == 0 && made["token"].is_string(), "{said}");
    }
}
