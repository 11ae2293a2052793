//! What people can do about it: choose, ask for more time, claim, take back.

use super::*;

both! {
    async fn an_unclaimed_organization_is_read_renamed_claimed_and_nothing_else(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        run_to_the_end(&world).await;
        let row = rows(&world, None).await.into_values().find(|row| matches!(row.rule, Some(Rule::Own | Rule::SharedAdmins))).unwrap();
        let slug = row.organization.unwrap();
        let admin = admins_of(&world, &slug).await.into_iter().next().unwrap();
        let (who, token) = (world.person(&admin).await, world.token(&admin).await);
        for (method, path, body) in [
            ("POST", format!("/organizations/{slug}/sites"), json!({ "slug": "new-site" })),
            ("DELETE", format!("/organizations/{slug}"), json!(null)),
            ("PUT", format!("/organizations/{slug}/roles/admin/{ADA}"), json!(null)),
        ] {
            let body = Some(body).filter(|b| !b.is_null());
            let answer = world.change(&token, method, &path, body).await;
            assert!(matches!(answer.status, 403..=405), "{method} {path}: {} {}", answer.status, answer.text);
        }
        let renamed = world.change(&token, "PATCH", &format!("/organizations/{slug}"), Some(json!({ "name": "Ours" }))).await;
        assert_eq!(renamed.status, 200, "{}", renamed.text);
        let claim = campaign::claim_organization(&world.app, &who, &slug).await.unwrap();
        if claim > world.app.now() {
            assert_eq!(code(campaign::claim_organization(&world.app, &who, &slug).await), "claim_open");
            world.clock.advance(7 * DAY);
            campaign::apply_due_claims(&world.app).await.unwrap();
        }
        assert_eq!(campaign::view_claim(&world.app, &who, &slug).await.unwrap(), None);
        let site = world.change(&token, "POST", &format!("/organizations/{slug}/sites"), Some(json!({ "slug": "new-site" }))).await;
        assert_eq!(site.status, 201, "claimed, it is like every other: {}", site.text);
        assert_eq!(code(link::undo_link(&world.app, &who, &row.workspace, &UndoRequest::default()).await), "organization_claimed");
    }

    async fn what_was_linked_by_itself_can_be_undone_inside_the_window_only(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        run_to_the_end(&world).await;
        let olga = world.person(OLGA).await;
        let mut own = rows(&world, None).await.into_values().filter(|row| row.rule == Some(Rule::Own));
        let first = own.next().unwrap();
        let slug = first.organization.clone().unwrap();
        let admin = world.person(&admins_of(&world, &slug).await.into_iter().next().unwrap()).await;
        let undone = link::undo_link(&world.app, &admin, &first.workspace, &UndoRequest::default()).await.unwrap();
        assert_eq!((undone.links, undone.organizations), (1, 1));
        assert_eq!(code(link::undo_link(&world.app, &admin, &first.workspace, &UndoRequest::default()).await), "not_linked");
        assert_eq!(rows(&world, None).await[&first.workspace].state, DecisionState::Undone);
        world.check_invariants().await;
        // All the others, at once.
        let linked = rows(&world, None).await.values().filter(|row| row.state == DecisionState::Linked).count();
        let all = campaign::undo_run(&world.app, &olga, NAME, None, "a mistake").await.unwrap();
        assert_eq!(all.links, linked as u64);
        let made = world.api(&world.token(OLGA).await, "GET", "/organizations?limit=500", None).await.json();
        assert!(!made["items"].as_array().unwrap().iter().any(|o| o["slug"] == slug.as_str()), "nobody needs it any more");
        world.check_invariants().await;
        assert_eq!(campaign::undo_run(&world.app, &olga, NAME, None, "again").await.unwrap().links, 0);
    }

    async fn after_the_window_nothing_is_undone(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        run_to_the_end(&world).await;
        let olga = world.person(OLGA).await;
        world.clock.advance(31 * DAY);
        let kept = campaign::undo_run(&world.app, &olga, NAME, None, "too late").await.unwrap();
        assert!(kept.links == 0 && kept.kept > 0, "{kept:?}");
    }

    async fn a_preference_counts_with_a_yes_of_both_sides(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        run(&world).await;
        let (ada, ben) = (world.person(ADA).await, world.person("ben@meridian.example").await);
        // She administers both.
        campaign::prefer_organization(&world.app, &ada, Side::Workspace, "atlas-platform", "meridian-labs").await.unwrap();
        let outlook = campaign::view_outlook(&world.app, &ada, "atlas-platform").await.unwrap().unwrap();
        let decision = outlook.decision.unwrap();
        assert_eq!((decision.rule, decision.organization.as_deref()), (Some(Rule::Preference), Some("meridian-labs")));
        // A member who decides nothing does not learn where it goes.
        let member = world.person("mia@meridian.example").await;
        let seen = campaign::view_outlook(&world.app, &member, "atlas-platform").await.unwrap().unwrap().decision.unwrap();
        assert_eq!((seen.rule, seen.organization), (Some(Rule::Preference), None));
        // Nobody learns of a workspace or an organization by naming it.
        assert_eq!(code(campaign::prefer_organization(&world.app, &ben, Side::Workspace, "atlas-platform", "meridian").await), "not_found");
        assert_eq!(code(campaign::prefer_organization(&world.app, &ada, Side::Workspace, "atlas-mobile", "solo").await), "not_found");
        // Two different ones cancel each other.
        campaign::prefer_organization(&world.app, &ada, Side::Workspace, "atlas-mobile", "meridian-labs").await.unwrap();
        campaign::prefer_organization(&world.app, &ada, Side::Workspace, "atlas-mobile", "meridian").await.unwrap();
        let mobile = campaign::view_outlook(&world.app, &ada, "atlas-mobile").await.unwrap().unwrap().decision.unwrap();
        assert_ne!(mobile.rule, Some(Rule::Preference));
        run_to_the_end(&world).await;
        let rows = rows(&world, None).await;
        assert_eq!(rows["atlas-platform"].organization.as_deref(), Some("meridian-labs"));
        assert_ne!(rows["atlas-mobile"].rule, Some(Rule::Preference));
        world.check_invariants().await;
    }

    async fn the_other_side_is_asked_and_its_yes_makes_a_preference_count(world) {
        let world = world.with_company().await;
        // She administers the workspace and knows the organization; he administers only the organization.
        world.import(r#"{"type":"role","organization":"meridian","account":"hana@meridian.example","role":"auditor"}"#).await.unwrap();
        create(&world, &definition()).await;
        run(&world).await;
        let (hana, ben) = (world.person("hana@meridian.example").await, world.person("ben@meridian.example").await);
        let rule = async || campaign::view_outlook(&world.app, &hana, "atlas-platform").await.unwrap().unwrap().decision.unwrap().rule;
        campaign::prefer_organization(&world.app, &hana, Side::Workspace, "atlas-platform", "meridian").await.unwrap();
        assert_ne!(rule().await, Some(Rule::Preference), "one side is not both");
        world.tell().await;
        let token = world.token("ben@meridian.example").await;
        let inbox = world.api(&token, "GET", "/notifications?limit=500", None).await.json();
        let asked = inbox["items"].as_array().unwrap().iter().find(|n| n["template"] == "preference_declared").unwrap();
        assert!(asked["url"].as_str().unwrap().ends_with("/organizations/meridian/preferences"), "{asked}");
        assert_eq!(code(campaign::prefer_organization(&world.app, &hana, Side::Organization, "atlas-platform", "meridian").await), "not_allowed");
        campaign::prefer_organization(&world.app, &ben, Side::Organization, "atlas-platform", "meridian").await.unwrap();
        assert_eq!(rule().await, Some(Rule::Preference));
        // Whoever said yes must still be in office on the day.
        world.clock.advance(60 * DAY);
        let ada = world.token(ADA).await;
        let taken = world.change(&ada, "DELETE", "/organizations/meridian/roles/admin/ben@meridian.example", None).await;
        assert_eq!(taken.status, 204, "{}", taken.text);
        assert_ne!(rule().await, Some(Rule::Preference));
    }

    async fn more_time_is_given_while_there_is_some(world) {
        let world = world.with_company().await;
        let mut definition = definition();
        definition.postponement.budget = 1;
        create(&world, &definition).await;
        run(&world).await;
        let ada = world.person(ADA).await;
        let wanted = |until: &str| campaign::NewPostponement { until: until.parse().unwrap(), reason: "a release".to_owned() };
        assert_eq!(code(campaign::postpone(&world.app, &ada, "atlas-platform", Purpose::Link, &wanted("2026-03-10")).await), "bad_input");
        assert_eq!(code(campaign::postpone(&world.app, &ada, "atlas-platform", Purpose::Link, &wanted("2026-09-10")).await), "bad_input");
        campaign::postpone(&world.app, &ada, "atlas-platform", Purpose::Link, &wanted("2026-04-10")).await.unwrap();
        assert_eq!(code(campaign::postpone(&world.app, &ada, "atlas-mobile", Purpose::Link, &wanted("2026-04-10")).await), "postponement_budget_spent");
        let waiting = run_to_the_end(&world).await;
        assert_eq!(waiting.state, CampaignState::Linking, "it goes on for whoever has more time");
        assert_eq!(waiting.waits_until, Some("2026-04-11T00:00:00Z".parse().unwrap()));
        let kept = rows(&world, None).await["atlas-platform"].clone();
        assert_eq!((kept.state, kept.left_alone), (DecisionState::LeftAlone, Some(LeftAlone::Postponed)));
        assert!(rows(&world, None).await.values().any(|row| row.state == DecisionState::Linked));
        world.clock.advance(30 * DAY);
        assert_eq!(run(&world).await.state, CampaignState::Done);
        assert_eq!(rows(&world, None).await["atlas-platform"].state, DecisionState::Linked);
        world.check_invariants().await;
    }

    async fn people_who_link_while_it_runs_are_left_where_they_are(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        run(&world).await;
        world.clock.advance(70 * DAY);
        let olga = world.person(OLGA).await;
        // Until all is decided and nothing is linked.
        while campaign::run_campaign(&world.app, &olga, NAME).await.unwrap().state != CampaignState::Linking {}
        world.link(ADA, "atlas-platform", "meridian").await.unwrap();
        let token = world.token(ADA).await;
        let free = world.change(&token, "PATCH", "/workspaces/atlas-mobile", Some(json!({ "plan": "free" }))).await;
        assert_eq!(free.status, 200, "{}", free.text);
        let renamed = world.change(&token, "PATCH", "/organizations/meridian", Some(json!({ "name": "Meridian & Co" }))).await;
        assert_eq!(renamed.status, 200);
        assert_eq!(run(&world).await.state, CampaignState::Done);
        let rows = rows(&world, None).await;
        let came = |slug: &str| (rows[slug].state, rows[slug].outcome.clone());
        assert_eq!(came("atlas-platform"), (DecisionState::Skipped, Some("linked_by_hand".to_owned())));
        assert_eq!(came("atlas-mobile"), (DecisionState::Skipped, Some("free_plan".to_owned())));
        world.check_invariants().await;
    }
}
