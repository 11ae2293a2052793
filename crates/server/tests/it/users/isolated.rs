//! Three isolated workspaces of 40, 14 and 4 members with five admins, in one organization: whoever may do what may do the same
//! at every stage, account by account, action by action, thing by thing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use orglink_app::Principal;
use orglink_app::explain::{Question, Thing, explain_access};
use orglink_testkit::{TestApp, both};
use serde_json::json;

use super::{codes, plan, run};

pub const ROOT: &str = "root@isolated.example";
/// Slug, members, admins.
pub const PLACES: [(&str, usize, usize); 3] = [("forty", 40, 2), ("fourteen", 14, 2), ("four", 4, 1)];

/// Nobody is in two of them, but for whoever administers the organization and each.
pub fn lines() -> String {
    let mut out = String::new();
    let mut line = |value: serde_json::Value| writeln!(out, "{value}").unwrap();
    line(json!({ "type": "account", "email": ROOT, "name": "Root Admin" }));
    for (slug, members, _) in PLACES {
        for n in 0..members {
            line(
                json!({ "type": "account", "email": format!("{slug}{n}@isolated.example"), "name": format!("{slug} {n}"), "is_robot": n == 3 }),
            );
        }
    }
    line(
        json!({ "type": "organization", "slug": "isolated", "name": "Isolated", "user_management": "centralized", "admins": [ROOT] }),
    );
    for (slug, members, admins) in PLACES {
        let who =
            |from: usize, to: usize| (from..to).map(|n| format!("{slug}{n}@isolated.example")).collect::<Vec<_>>();
        let mut chiefs = who(0, admins);
        chiefs.push(ROOT.to_owned());
        line(
            json!({ "type": "workspace", "slug": slug, "name": slug, "kind": "team", "plan": "standard", "billing_cycle": "monthly", "status": "active" }),
        );
        let group = |name: &str, is_admin: bool, permission: &str, members: Vec<String>, words: &[&str]| json!({ "type": "user_group", "workspace": slug, "slug": name, "name": name, "is_admin": is_admin, "repository_permission": permission, "workspace_permissions": words, "members": members });
        line(group("admins", true, "admin", chiefs, &["create-repository"]));
        // The same names everywhere, other people.
        line(group("developers", false, "write", who(admins, members), &["create-repository"]));
        line(group("readers", false, "read", who(members / 2, members), &[]));
        line(
            json!({ "type": "repository", "workspace": slug, "slug": "main", "name": "main", "grants": { "groups": { "readers": "none" } } }),
        );
        let one = format!("{slug}{}@isolated.example", members - 1);
        line(
            json!({ "type": "repository", "workspace": slug, "slug": "side", "name": "side", "grants": { "groups": { "developers": "read" }, "users": { one: "admin" } } }),
        );
    }
    out
}

/// Every answer there is: account, action, thing.
pub async fn everything(world: &TestApp) -> BTreeMap<(String, String, String), bool> {
    let operator = Principal::local_operator();
    let mut accounts = vec![ROOT.to_owned()];
    for (slug, members, _) in PLACES {
        accounts.extend((0..members).map(|n| format!("{slug}{n}@isolated.example")));
    }
    let mut things = Vec::new();
    for (slug, ..) in PLACES {
        things.push(Thing::Workspace(slug.to_owned()));
        things.push(Thing::Repository { workspace: slug.to_owned(), repository: "main".to_owned() });
        things.push(Thing::Repository { workspace: slug.to_owned(), repository: "side".to_owned() });
        things.push(Thing::UserGroup { workspace: slug.to_owned(), group: "developers".to_owned() });
    }
    let mut found = BTreeMap::new();
    for account in &accounts {
        for thing in &things {
            for action in thing.actions() {
                let question = Question {
                    account: account.clone(),
                    action: action.to_owned(),
                    thing: thing.clone(),
                    after_link: None,
                };
                let answer = explain_access(&world.app, &operator, &question).await.unwrap();
                found.insert((account.clone(), action.to_owned(), thing.name()), answer.now.allowed);
            }
        }
    }
    found
}

/// What somebody has because of the organization itself, whose admin sees what is linked: of no member.
fn of_members(all: &BTreeMap<(String, String, String), bool>) -> BTreeMap<(String, String, String), bool> {
    all.iter().filter(|((account, ..), _)| account != ROOT).map(|(k, v)| (k.clone(), *v)).collect()
}

both! {
    async fn nobody_can_do_more_or_less_at_any_stage(world) {
        world.import(&lines()).await.unwrap();
        let root = world.token(ROOT).await;
        let before = everything(&world).await;
        assert!(before.len() > 4000, "{}", before.len());
        for (slug, ..) in PLACES {
            world.link(ROOT, slug, "isolated").await.unwrap();
        }
        let linked = everything(&world).await;
        assert_eq!(of_members(&linked), of_members(&before), "linking");
        // Planned, looked at, proposed: nothing is different.
        for (slug, members, admins) in PLACES {
            let planned = plan(&world, &root, slug, json!({})).await.json();
            assert_eq!(codes(&planned["blockers"]), [""; 0]);
            let admins_told = planned["findings"].as_array().unwrap().iter().find(|f| f["code"] == "admins_by_group").unwrap();
            assert_eq!(admins_told["people"].as_array().unwrap().len(), admins + 1);
            assert_eq!(planned["proof"]["people"], i64::try_from(members).unwrap() + 1);
            let body = json!({ "acknowledge_all": true, "side": "workspace" });
            let made = world.api(&root, "POST", &format!("/workspaces/{slug}/users-migration/proposals"), Some(body)).await;
            assert_eq!(made.status, 201, "{}", made.text);
        }
        assert_eq!(everything(&world).await, linked, "until a consent says so");
        for (n, (slug, ..)) in PLACES.into_iter().enumerate() {
            if n > 0 {
                // What came before it has the names; other people are in those groups, and the report says so.
                let planned = plan(&world, &root, slug, json!({})).await.json();
                let same: Vec<_> = planned["findings"].as_array().unwrap().iter().filter(|f| f["code"] == "same_name").collect();
                assert_eq!(same.len(), 3, "{planned}");
                assert_eq!(codes(&plan(&world, &root, slug, json!({ "developers": { "merge": "developers" } })).await.json()["blockers"]), ["would_widen"]);
            }
            let done = run(&world, &root, slug, json!({})).await;
            assert_eq!(done.status, 201, "{}", done.text);
            world.check_invariants().await;
        }
        let migrated = everything(&world).await;
        let different: Vec<_> = migrated.iter().filter(|(k, v)| linked.get(*k) != Some(*v)).collect();
        assert!(different.is_empty(), "{different:?}");
        let groups = world.api(&root, "GET", "/organizations/isolated/directory/groups", None).await.json();
        assert_eq!(groups["items"].as_array().unwrap().len(), 9);
    }
}
