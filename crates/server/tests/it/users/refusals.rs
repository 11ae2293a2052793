//! What stands in the way of a migration, and what is told to whom.

use orglink_testkit::both;
use serde_json::json;

use super::{ADA, BEN, GROUPS, HANA, LENA, MIA, W, code, codes, linked, migrated, plan, run};

both! {
    async fn only_admins_of_a_side_plan_and_only_those_of_both_run(world) {
        let world = linked(world).await;
        let (ada, hana, ben) = (world.token(ADA).await, world.token(HANA).await, world.token(BEN).await);
        let (mia, lena) = (world.token(MIA).await, world.token(LENA).await);
        for (who, status) in [(&lena, 404), (&mia, 403)] {
            assert_eq!(plan(&world, who, W, json!({})).await.status, status);
            assert_eq!(run(&world, who, W, json!({})).await.status, status);
            let path = format!("/workspaces/{W}/users-migration/proposals");
            assert_eq!(world.api(who, "POST", &path, Some(json!({ "acknowledge_all": true }))).await.status, status);
        }
        // Each side plans, and lacks what the other has.
        for (who, missing) in [(&hana, "organization_admin_required"), (&ben, "workspace_admin_required")] {
            assert_eq!(plan(&world, who, W, json!({})).await.status, 200);
            let refused = run(&world, who, W, json!({})).await;
            assert!(refused.status == 403 && refused.text.contains(missing), "{}", refused.text);
        }
        // It is the same plan, whoever looks; each sees their own people only.
        let (of_ada, of_hana, of_ben) = (plan(&world, &ada, W, json!({})).await, plan(&world, &hana, W, json!({})).await, plan(&world, &ben, W, json!({})).await);
        assert_eq!(of_ada.json()["digest"], of_ben.json()["digest"]);
        assert_eq!(of_ada.json()["digest"], of_hana.json()["digest"]);
        assert!(of_hana.text.contains(HANA) && !of_ben.text.contains(HANA), "linking gave no look at the workspace's people: {}", of_ben.text);
        assert_eq!(codes(&of_ada.json()["blockers"]), [""; 0]);
        for mapping in [json!({ "nobody": "own" }), json!({ "developers": { "merge": "no-such" } }), json!({ "developers": "away" }), json!([1])] {
            assert_eq!(code(&plan(&world, &ada, W, mapping).await), (400, "bad_input".into()));
        }
        assert_eq!(code(&plan(&world, &ada, "atlas-mobile", json!({})).await), (409, "not_linked".into()));
        let body = json!({ "acknowledge": ["migration_is_permanent"] });
        let refused = world.api(&ada, "POST", &format!("/workspaces/{W}/users-migration"), Some(body)).await;
        assert_eq!(code(&refused), (409, "warnings_not_acknowledged".into()));
        assert_eq!(codes(&refused.json()["reasons"]), ["members_managed_in_organization", "managers_change_admins"]);
        world.check_invariants().await;
    }

    async fn an_original_organization_keeps_only_this_from_happening(world) {
        let world = world.with_company().await;
        world.link(ADA, "docs-site", "meridian-labs").await.unwrap();
        let ada = world.token(ADA).await;
        let planned = plan(&world, &ada, "docs-site", json!({})).await.json();
        assert_eq!(codes(&planned["blockers"]), ["organization_original_user_management"], "{planned}");
        let refused = run(&world, &ada, "docs-site", json!({})).await;
        assert_eq!(code(&refused), (409, "organization_original_user_management".into()));
        let (cookie, _) = world.session(ADA).await;
        let page = world.send("GET", "/organizations/meridian-labs/directory", &[("cookie", &cookie)], "").await;
        assert!(page.text.contains("Separate user management"), "{}", page.text);
        world.check_invariants().await;
    }

    async fn what_would_widen_is_refused_with_whom_and_what(world) {
        let world = linked(world).await;
        let ada = world.token(ADA).await;
        world.api(&ada, "POST", GROUPS, Some(json!({ "name": "Developers" }))).await;
        for who in [BEN, MIA] {
            world.api(&ada, "PUT", &format!("{GROUPS}/developers/members/{who}"), None).await;
        }
        let planned = plan(&world, &ada, W, json!({})).await.json();
        assert!(codes(&planned["findings"]).contains(&"same_name"), "{planned}");
        let becomes = |planned: &serde_json::Value| planned["groups"].as_array().unwrap().iter().find(|g| g["slug"] == "developers").unwrap()["becomes"].clone();
        assert_eq!(becomes(&planned), "Developers (atlas-platform) (developers-atlas-platform), new", "never merged by its name");
        let merged = json!({ "developers": { "merge": "developers" } });
        let planned = plan(&world, &ada, W, merged.clone()).await.json();
        assert_eq!(codes(&planned["blockers"]), ["would_widen"]);
        let widened = planned["widenings"].as_array().unwrap();
        assert!(widened.iter().all(|w| w["people"][0]["email"] == BEN && w["people"].as_array().unwrap().len() == 1), "{widened:?}");
        let refused = run(&world, &ada, W, merged).await;
        assert_eq!(code(&refused), (409, "would_widen".into()));
        assert!(refused.text.contains("repository gateway, none → write, for ben@meridian.example"), "{}", refused.text);
        assert_eq!(code(&run(&world, &ada, W, json!({ "developers": { "rename": "developers" } })).await), (400, "bad_input".into()));
        world.check_invariants().await;
    }

    async fn what_has_changed_since_is_told_and_nothing_is_done(world) {
        let world = linked(world).await;
        let (ada, hana) = (world.token(ADA).await, world.token(HANA).await);
        let seen = plan(&world, &ada, W, json!({})).await.json()["digest"].clone();
        // Ordinary members come and go; who administers counts.
        let group = format!("/workspaces/{W}/user-groups");
        assert_eq!(world.change(&hana, "DELETE", &format!("{group}/developers/members/{MIA}"), None).await.status, 204);
        assert_eq!(plan(&world, &ada, W, json!({})).await.json()["digest"], seen);
        assert_eq!(world.api(&hana, "PUT", &format!("{group}/administrators/members/ivo@meridian.example"), None).await.status, 204);
        let body = json!({ "plan_digest": seen, "acknowledge_all": true });
        let refused = world.api(&ada, "POST", &format!("/workspaces/{W}/users-migration"), Some(body)).await;
        assert_eq!(code(&refused), (409, "plan_changed".into()));
        assert_eq!(refused.json()["differences"][0]["path"], "workspace.user_groups.administrators.members");
        let before = json!({ "plan_digest": format!("sha256:{}", "0".repeat(64)), "acknowledge_all": true });
        assert_eq!(world.api(&ada, "POST", &format!("/workspaces/{W}/users-migration"), Some(before)).await.status, 404);
        world.check_invariants().await;
    }

    async fn it_is_done_once(world) {
        let world = migrated(world).await;
        let ada = world.token(ADA).await;
        assert_eq!(code(&run(&world, &ada, W, json!({})).await), (409, "users_migrated".into()));
        let stage = world.api(&ada, "GET", &format!("/workspaces/{W}/entitlements/central_user_management"), None).await.json();
        assert_eq!(stage["is_entitled"].as_bool().or(stage["entitled"].as_bool()), Some(true), "{stage}");
        world.check_invariants().await;
    }
}
