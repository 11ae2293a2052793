//! Who can do what, in words: what is said is what the routes do, now and after the link; and only to whoever may know.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use orglink_app::account::suspend_account;
use orglink_app::explain::{
    Explanation, ORGANIZATION_ACTIONS, Question, REPOSITORY_ACTIONS, Thing, USER_GROUP_ACTIONS, WORKSPACE_ACTIONS,
    explain_access,
};
use orglink_app::installation::grant_operator;
use orglink_app::repository::view_access;
use orglink_app::tenant::{OrganizationProof, WorkspaceProof};
use orglink_app::{Error, PageRequest, Principal};
use orglink_domain::workspace::Permission;
use orglink_policy::Action;
use orglink_testkit::{TestApp, both};
use serde_json::{Value, json};

use crate::cli::run;

/// Linked to an organization, with one admin, with a robot and somebody unverified, elsewhere, personal.
const WORKSPACES: &[&str] = &["docs-site", "atlas-platform", "robot-yard", "harbor-ops", "ada-brandt"];
const REPOSITORIES: &[(&str, &str)] =
    &[("docs-site", "website"), ("atlas-platform", "gateway"), ("harbor-ops", "cranes")];

fn everybody() -> Vec<String> {
    let records = orglink_server::COMPANY.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    records.filter(|r| r["type"] == "account").map(|r| r["email"].as_str().unwrap().to_owned()).collect()
}

fn question(account: &str, action: &str, thing: Thing, after_link: Option<&str>) -> Question {
    Question { account: account.into(), action: action.into(), thing, after_link: after_link.map(str::to_owned) }
}

async fn ask(world: &TestApp, who: &Principal, question: &Question) -> Result<Explanation, Error> {
    explain_access(&world.app, who, question).await
}

fn workspace(slug: &str) -> Thing {
    Thing::Workspace(slug.to_owned())
}

fn repository(workspace: &str, slug: &str) -> Thing {
    Thing::Repository { workspace: workspace.to_owned(), repository: slug.to_owned() }
}

/// Whether somebody gets through the gate of every use case.
async fn gets_through(world: &TestApp, who: &Principal, thing: &Thing, action: &str) -> bool {
    let action = Action::from_str(action).unwrap();
    let mut tx = world.app.db.begin_read().await.unwrap();
    match thing {
        Thing::Organization(slug) => OrganizationProof::load(&world.app, &mut tx, who, slug, action).await.is_ok(),
        Thing::Workspace(slug)
        | Thing::UserGroup { workspace: slug, .. }
        | Thing::Repository { workspace: slug, .. } => {
            WorkspaceProof::load(&world.app, &mut tx, who, slug, action).await.is_ok()
        }
    }
}

both! {
    async fn what_is_said_is_what_the_gates_do(world) {
        let world = world.with_company().await;
        world.link("ada@meridian.example", "docs-site", "meridian").await.unwrap();
        let operator = Principal::local_operator();
        let (mut yes, mut no) = (0, 0);
        for email in everybody() {
            let subject = world.person(&email).await;
            let mut things: Vec<(Thing, &[Action])> = WORKSPACES.iter().map(|w| (workspace(w), WORKSPACE_ACTIONS)).collect();
            things.extend(["meridian", "harbor"].map(|o| (Thing::Organization(o.to_owned()), ORGANIZATION_ACTIONS)));
            things.push((Thing::UserGroup { workspace: "docs-site".into(), group: "developers".into() }, USER_GROUP_ACTIONS));
            for (thing, actions) in things {
                for action in actions {
                    let asked = question(&email, action.as_str(), thing.clone(), None);
                    let said = ask(&world, &operator, &asked).await.unwrap().now;
                    let does = gets_through(&world, &subject, &thing, action.as_str()).await;
                    assert_eq!(said.allowed, does, "{email} {action} {}: {}", thing.name(), said.because);
                    assert_eq!(said.because.starts_with("Yes"), said.allowed, "{}", said.because);
                    assert!(!said.policies.is_empty() && said.policies.iter().all(|p| said.allowed || !p.sentence.is_empty()));
                    *(if does { &mut yes } else { &mut no }) += 1;
                }
            }
        }
        assert!(yes > 100 && no > 100, "{yes} {no}");
    }

    async fn of_a_repository_the_strongest_way_counts(world) {
        let world = world.with_company().await;
        let ada = world.token("ada@meridian.example").await;
        let grant = Some(json!({ "permission": "admin" }));
        let path = "/workspaces/docs-site/repositories/website/members/mia@meridian.example";
        assert!(world.change(&ada, "PUT", path, grant).await.status < 300);
        let operator = Principal::local_operator();
        let mut yes = 0;
        for (w, slug) in REPOSITORIES {
            let page = PageRequest::new(None, Some(500)).unwrap();
            let listed = view_access(&world.app, &operator, (w, slug), "", &page).await.unwrap().people.items;
            let listed: BTreeMap<String, Permission> = listed.into_iter().map(|p| (p.account.email, p.permission)).collect();
            for email in everybody() {
                let has = listed.get(&email).copied().unwrap_or(Permission::None);
                for action in REPOSITORY_ACTIONS {
                    let said = ask(&world, &operator, &question(&email, action.as_str(), repository(w, slug), None)).await.unwrap().now;
                    assert_eq!(said.allowed, has >= *action, "{email} {action} {w}/{slug}: {}", said.because);
                    yes += i32::from(said.allowed);
                }
            }
        }
        assert!(yes > 20);
        let mia = world.person("mia@meridian.example").await;
        let said = ask(&world, &mia, &question("mia@meridian.example", "write", repository("docs-site", "website"), None)).await.unwrap().now;
        assert_eq!(said.through, ["admin given directly", "write given to developers here"]);
        assert_eq!(said.change.len(), 2);
        assert!(said.change[0].contains("still be allowed"), "{:?}", said.change);
    }

    async fn what_is_said_of_after_the_link_is_so_after_the_link(world) {
        let world = world.with_company().await;
        let operator = Principal::local_operator();
        let mut then = Vec::new();
        let mut changed = Vec::new();
        for email in everybody() {
            let of_workspace = WORKSPACE_ACTIONS.iter().map(|a| (workspace("atlas-platform"), a.as_str()));
            let of_repository = REPOSITORY_ACTIONS.iter().map(|a| (repository("atlas-platform", "gateway"), a.as_str()));
            for (thing, action) in of_workspace.chain(of_repository) {
                let found = ask(&world, &operator, &question(&email, action, thing.clone(), Some("meridian"))).await.unwrap();
                let (organization, after) = found.after.unwrap();
                assert_eq!(organization.slug, "meridian");
                if found.now.allowed != after.allowed {
                    changed.push((email.clone(), action));
                }
                then.push((email.clone(), thing, action, after));
            }
        }
        world.link("ada@meridian.example", "atlas-platform", "meridian").await.unwrap();
        for (email, thing, action, after) in then {
            let now = ask(&world, &operator, &question(&email, action, thing, None)).await.unwrap().now;
            assert_eq!(now, after, "{email} {action}");
        }
        // An organization's admins and auditors see what is linked to it and which features that opens; nobody else gains anything, nobody loses.
        let expected: Vec<_> = ["ben", "cleo", "omar", "pia"].iter().flat_map(|who| ["view_workspace", "view_link", "check_entitlements"].map(|a| (format!("{who}@meridian.example"), a))).collect();
        let mut gained = changed.clone();
        gained.retain(|c| expected.contains(c));
        assert_eq!(gained, changed, "only these gain, and only that");
        assert!(changed.contains(&("cleo@meridian.example".to_owned(), "view_workspace")), "{changed:?}");
    }

    async fn the_routes_answer_so_too(world) {
        let world = world.with_company().await;
        world.link("ada@meridian.example", "docs-site", "meridian").await.unwrap();
        grant_operator(&world.app, &Principal::local_operator(), "olga@operator.example").await.unwrap();
        let olga = world.token("olga@operator.example").await;
        let routes = [
            ("view_workspace", ""), ("view_workspace_people", "/members"), ("view_subscription", "/subscription"),
            ("view_access_salt", "/access-salt"), ("view_link", "/link"),
        ];
        for email in ["ada@meridian.example", "cleo@meridian.example", "tess@meridian.example", "gus@solo.example", "olga@operator.example"] {
            let token = world.token(email).await;
            for w in ["docs-site", "harbor-ops"] {
                for (action, path) in routes {
                    let status = world.api(&token, "GET", &format!("/workspaces/{w}{path}"), None).await.status;
                    let path = format!("/access/explanation?account={email}&action={action}&workspace={w}");
                    let answer = world.api(&olga, "GET", &path, None).await.json();
                    // Not linked: there is nothing to see, for whoever may look.
                    let does = status == 200 || (action == "view_link" && w == "harbor-ops" && answer["now"]["allowed"] == true && status == 404);
                    assert_eq!(answer["now"]["allowed"], does, "{email} {action} {w}: {status} {answer}");
                }
            }
        }
    }

    async fn only_whoever_may_know_is_told(world) {
        let world = world.with_company().await;
        world.link("ada@meridian.example", "atlas-platform", "meridian").await.unwrap();
        let tokens = |email: &str| { let email = email.to_owned(); let world = &world; async move { world.token(&email).await } };
        let explanation = |account: &str, rest: &str| format!("/access/explanation?account={account}&{rest}");
        let of_atlas = "action=read&repository=atlas-platform/gateway";
        let mia = tokens("mia@meridian.example").await;
        let own = world.api(&mia, "GET", &explanation("MIA@meridian.example", of_atlas), None).await;
        assert_eq!((own.status, &own.json()["now"]["allowed"], &own.json()["after"]), (200, &true.into(), &Value::Null), "{}", own.text);
        // A member asks about a colleague, and about nobody: refused alike.
        for other in ["ivo@meridian.example", "nobody@x.example"] {
            assert_eq!(world.api(&mia, "GET", &explanation(other, of_atlas), None).await.status, 403);
        }
        // A workspace admin: members, and nobody else; who is no member is as who does not exist.
        let hana = tokens("hana@meridian.example").await;
        assert_eq!(world.api(&hana, "GET", &explanation("ivo@meridian.example", of_atlas), None).await.status, 200);
        let outside = world.api(&hana, "GET", &explanation("gus@solo.example", of_atlas), None).await;
        let nobody = world.api(&hana, "GET", &explanation("nobody@x.example", of_atlas), None).await;
        assert_eq!((outside.status, outside.said("gus@solo.example", "WHO")), (404, nobody.said("nobody@x.example", "WHO")));
        // Not what a member is to the organization that the admin knows nothing of.
        let ada = world.api(&hana, "GET", &explanation("ada@meridian.example", "action=view_workspace&workspace=atlas-platform"), None).await;
        assert!(ada.status == 200 && !ada.text.contains("organization"), "{}", ada.text);
        let linked = world.api(&hana, "GET", &explanation("ada@meridian.example", "action=view_workspace&workspace=atlas-platform&after_link=meridian"), None).await;
        let absent = world.api(&hana, "GET", &explanation("ada@meridian.example", "action=view_workspace&workspace=atlas-platform&after_link=no-such"), None).await;
        assert_eq!((linked.status, linked.said("meridian'", "O'")), (404, absent.said("no-such'", "O'")));
        // A stranger: nothing is there, not even for questions about themselves.
        let gus = tokens("gus@solo.example").await;
        for (thing, instead) in [("atlas-platform", "no-such-place")] {
            let there = world.api(&gus, "GET", &explanation("gus@solo.example", &format!("action=view_workspace&workspace={thing}")), None).await;
            let not = world.api(&gus, "GET", &explanation("gus@solo.example", &format!("action=view_workspace&workspace={instead}")), None).await;
            assert_eq!((there.status, there.said(thing, "W")), (404, not.said(instead, "W")));
        }
        // An auditor of the organization: whom it knows, of its own things; not of the workspace's repositories.
        let cleo = tokens("cleo@meridian.example").await;
        let of_meridian = "action=change_roles&organization=meridian";
        let ben = world.api(&cleo, "GET", &explanation("ben@meridian.example", of_meridian), None).await.json();
        assert_eq!((&ben["now"]["allowed"], &ben["now"]["policies"][0]["id"]), (&true.into(), &"organization-admins-change-it".into()), "{ben}");
        assert_eq!(ben["now"]["through"], json!(["organization admin"]));
        let unknown = world.api(&cleo, "GET", &explanation("gus@solo.example", of_meridian), None).await;
        let nobody = world.api(&cleo, "GET", &explanation("nobody@x.example", of_meridian), None).await;
        assert_eq!((unknown.status, unknown.said("gus@solo.example", "WHO")), (404, nobody.said("nobody@x.example", "WHO")));
        assert_eq!(world.api(&cleo, "GET", &explanation("ivo@meridian.example", of_atlas), None).await.status, 403);
        // What cannot be understood.
        for bad in ["action=fly&workspace=atlas-platform", "action=none&repository=atlas-platform/gateway", "action=read&repository=gateway",
            "action=read", "action=view_workspace&workspace=atlas-platform&organization=meridian", "action=change_roles&organization=meridian&after_link=meridian"] {
            let answer = world.api(&hana, "GET", &explanation("hana@meridian.example", bad), None).await;
            assert_eq!((answer.status, answer.json()["code"].as_str()), (400, Some("bad_input")), "{bad}: {}", answer.text);
        }
    }

    async fn a_suspended_account_can_do_nothing_and_that_is_why(world) {
        let world = world.with_company().await;
        suspend_account(&world.app, &Principal::local_operator(), "mia@meridian.example", "lost a laptop").await.unwrap();
        let hana = world.person("hana@meridian.example").await;
        for (thing, action) in [(repository("atlas-platform", "gateway"), "write"), (workspace("atlas-platform"), "view_workspace")] {
            let said = ask(&world, &hana, &question("mia@meridian.example", action, thing, None)).await.unwrap().now;
            assert!(!said.allowed && said.because.contains("suspended"), "{}", said.because);
        }
    }

    async fn a_script_and_a_page_read_the_same(world) {
        let world = world.with_company().await;
        let asked = ["explain", "--account", "tess@meridian.example", "--action", "write", "--repository", "atlas-platform/gateway", "--after-link", "meridian", "--json"];
        let (code, answer, stderr) = run(&world, &asked);
        assert_eq!((code, &answer["now"]["allowed"], &answer["after"]["allowed"]), (0, &true.into(), &true.into()), "{stderr}");
        assert_eq!((&answer["after_link"], &answer["now"]["because"]), (&"meridian".into(), &answer["after"]["because"]));
        assert!(answer["now"]["because"].as_str().unwrap().contains("developers"));
        assert_eq!(run(&world, &["explain", "--account", "x@y.example", "--action", "write", "--repository", "atlas-platform/gateway"]).0, 4);
        assert_eq!(run(&world, &["explain", "--account", "x@y.example", "--action", "write"]).0, 2);

        let (cookie, _) = world.session("hana@meridian.example").await;
        let page = |query: &str| format!("/workspaces/atlas-platform/who-can-do-what{query}");
        let page_of = |query: &'static str| { let (world, path, cookie) = (&world, page(query), cookie.clone()); async move { world.send("GET", &path, &[("cookie", &cookie)], "").await } };
        let empty = page_of("").await;
        assert!(empty.status == 200 && empty.text.contains("value=\"hana@meridian.example\""), "{}", empty.text);
        let told = page_of("?account=tess%40meridian.example&ask=repository:write&of=gateway").await;
        assert!(told.text.contains("write given to developers here") && told.text.contains("the-strongest-way-counts"), "{}", told.text);
        let typed = page_of("?account=nobody%40x.example&ask=workspace:view_workspace").await;
        assert!(typed.status == 200 && typed.text.contains("role=\"alert\""), "{}", typed.text);
        assert!(page_of("?account=tess%40meridian.example&ask=nonsense").await.text.contains("role=\"alert\""));
    }
}
