//! What a workspace can use: every condition, who can meet it, and a way for whoever looks.

use orglink_app::entitlement::{Entitlement, view_entitlements};
use orglink_testkit::{TestApp, both};

async fn packages(world: &TestApp, who: &str, workspace: &str) -> Entitlement {
    let found = view_entitlements(&world.app, &world.person(who).await, workspace).await.unwrap();
    found.items.into_iter().find(|e| e.feature == "packages").unwrap()
}

/// The steps of each condition that is not met.
fn steps(of: &Entitlement) -> Vec<(&'static str, Vec<String>)> {
    let missing = of.conditions.iter().filter(|c| !c.condition.is_met);
    missing.map(|c| (c.condition.code.as_str(), c.steps.iter().map(|s| s.path.clone()).collect())).collect()
}

both! {
    async fn each_condition_names_who_and_leads_somewhere(world) {
        let world = world.with_company().await;
        let stranger = world.token("lena@harbor.example").await;
        assert_eq!(world.api(&stranger, "GET", "/workspaces/night-shift/entitlements", None).await.status, 404);

        let noor = packages(&world, "noor@meridian.example", "night-shift").await;
        assert!(!noor.is_entitled);
        let linked = steps(&noor).into_iter().find(|(code, _)| *code == "linked").unwrap();
        assert_eq!(linked.1, ["/ask?organization=&return_to=/link%3Fworkspace%3Dnight-shift", "/link?workspace=night-shift"]);
        let member = packages(&world, "mia@meridian.example", "night-shift").await;
        assert!(steps(&member).iter().all(|(_, paths)| paths == &["/ask?workspace=night-shift&return_to=/workspaces/night-shift/features"]), "{:?}", steps(&member));
        let ada = steps(&packages(&world, "ada@meridian.example", "atlas-platform").await);
        assert!(ada.contains(&("linked", vec!["/link?workspace=atlas-platform".to_owned()])), "{ada:?}");

        // The pages that they lead to take what they are given.
        let (cookie, _) = world.session("noor@meridian.example").await;
        for (_, paths) in steps(&noor) {
            for path in paths {
                let page = world.send("GET", &path, &[("cookie", &cookie)], "").await;
                assert!([200, 303].contains(&page.status), "{path}: {}", page.status);
                if path.starts_with("/ask") {
                    assert!(page.text.contains("name=\"return_to\" value=\"/link?workspace=night-shift\""), "{}", page.text);
                }
            }
        }
        world.link("ada@meridian.example", "atlas-platform", "meridian").await.unwrap();
        let after = packages(&world, "ada@meridian.example", "atlas-platform").await;
        assert!(!steps(&after).iter().any(|(code, _)| *code == "linked"));
        let answer = world.api(&world.token("ada@meridian.example").await, "GET", "/workspaces/atlas-platform/entitlements", None).await.json();
        let forge = &answer["items"][0];
        assert_eq!((forge["feature"].as_str(), forge["entitled"].as_bool()), (Some("forge_apps"), Some(true)), "{answer}");
        let page = world.send("GET", "/workspaces/night-shift/features", &[("cookie", &cookie)], "").await;
        assert!(page.status == 200 && page.text.contains("Ask to become an organization admin") && page.text.contains("Who can do that"), "{}", page.text);
        world.check_invariants().await;
    }
}
