//! What is decided about whom, and that a rehearsal says it beforehand.

use super::*;

both! {
    async fn the_run_equals_its_rehearsal_row_for_row(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        let olga = world.person(OLGA).await;
        let events = world.events().await.len();
        let rehearsal = campaign::rehearse_campaign(&world.app, &olga, NAME, None).await.unwrap();
        let id = rehearsal.run.id.to_string();
        let foreseen = rows(&world, Some(&id)).await;
        assert_eq!(world.events().await.len(), events, "a rehearsal is no event");
        assert!(foreseen.values().any(|row| row.rule.is_some()) && foreseen.values().any(|row| row.left_alone.is_some()));

        let done = run_to_the_end(&world).await;
        assert_eq!((done.state, done.failed), (CampaignState::Done, 0));
        let happened = rows(&world, None).await;
        assert_eq!(foreseen.keys().collect::<Vec<_>>(), happened.keys().collect::<Vec<_>>());
        for (slug, row) in &happened {
            let before = &foreseen[slug];
            let expected = if before.rule.is_some() { DecisionState::Linked } else { DecisionState::LeftAlone };
            assert_eq!(row.state, expected, "{slug}");
            let same = DecisionView { state: before.state, organization: before.organization.clone(), ..row.clone() };
            assert_eq!(&same, before, "{slug}");
        }
        world.check_invariants().await;
    }

    async fn a_rehearsal_of_today_is_what_a_run_of_today_does(world) {
        let world = world.with_company().await;
        // As the example stands: nobody need be told beforehand, and every date is past.
        let mut definition = definition();
        definition.automatic.minimum_notice = "0d".parse().unwrap();
        create(&world, &definition).await;
        world.clock.advance(300 * DAY);
        let olga = world.person(OLGA).await;
        let rehearsal = campaign::rehearse_campaign(&world.app, &olga, NAME, None).await.unwrap();
        let foreseen = rows(&world, Some(&rehearsal.run.id.to_string())).await;
        assert!(foreseen.values().any(|row| row.rule.is_some()));
        assert_eq!(run(&world).await.state, CampaignState::Done);
        for (slug, row) in rows(&world, None).await {
            assert_eq!((row.rule, row.left_alone, &row.reason), (foreseen[&slug].rule, foreseen[&slug].left_alone, &foreseen[&slug].reason), "{slug}");
        }
    }

    async fn nobody_gains_power_by_a_new_organization(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        run_to_the_end(&world).await;
        let mut groups: HashMap<String, HashSet<String>> = HashMap::new();
        for row in rows(&world, None).await.values().filter(|row| matches!(row.rule, Some(Rule::Own | Rule::SharedAdmins))) {
            let organization = row.organization.clone().unwrap();
            groups.entry(row.group.unwrap().to_string()).or_default().insert(organization.clone());
            let admins = active_admins_of(&world, &row.workspace).await;
            assert_eq!(admins_of(&world, &organization).await, admins, "{}", row.workspace);
        }
        assert!(!groups.is_empty() && groups.values().all(|made| made.len() == 1), "one organization a group: {groups:?}");
    }

    async fn whoever_comes_late_joins_the_organization_of_their_group(world) {
        let late = late(&world).await;
        world.clock.advance(20 * DAY);
        assert_eq!(run(&world).await.state, CampaignState::Done);
        let after = rows(&world, None).await["late"].clone();
        assert_eq!((after.rule, after.organization), (Some(Rule::SharedAdmins), Some(late)));
    }

    async fn whoever_comes_late_to_an_organization_that_is_gone_gets_another(world) {
        let late = late(&world).await;
        // The first of the group is linked, and takes it back: nobody needs the organization any more.
        let gus = world.person("gus@late.example").await;
        link::undo_link(&world.app, &gus, "early", &UndoRequest::default()).await.unwrap();
        world.clock.advance(20 * DAY);
        assert_eq!(run(&world).await.state, CampaignState::Done);
        let after = rows(&world, None).await["late"].clone();
        assert_eq!((after.state, after.rule), (DecisionState::Linked, Some(Rule::Own)));
        let organization = after.organization.unwrap();
        assert_ne!(organization, late);
        assert_eq!(admins_of(&world, &organization).await, HashSet::from(["gus@late.example".to_owned()]));
        world.check_invariants().await;
    }

    async fn whoever_comes_late_to_an_organization_with_other_admins_gets_one_of_their_own(world) {
        let late = late(&world).await;
        let (gus, token) = (world.person("gus@late.example").await, world.token("gus@late.example").await);
        campaign::claim_organization(&world.app, &gus, &late).await.unwrap();
        // A member of a linked workspace, whom the organization knows therefore.
        let path = format!("/organizations/{late}/roles/admin/mia@late.example");
        let given = world.change(&token, "PUT", &path, None).await;
        assert_eq!(given.status, 204, "{}", given.text);
        world.clock.advance(20 * DAY);
        assert_eq!(run(&world).await.state, CampaignState::Done);
        let after = rows(&world, None).await["late"].clone();
        assert_eq!((after.state, after.rule, after.outcome.as_deref()), (DecisionState::Linked, Some(Rule::Own), Some("decided_again")));
        let organization = after.organization.unwrap();
        assert_ne!(organization, late);
        assert_eq!(admins_of(&world, &organization).await, HashSet::from(["gus@late.example".to_owned()]));
        world.check_invariants().await;
    }

    async fn bad_definitions_are_refused_by_field_and_only_operators_write_them(world) {
        let world = world.with_company().await;
        installation::grant_operator(&world.app, &Principal::local_operator(), OLGA).await.unwrap();
        let (olga, ada) = (world.token(OLGA).await, world.token(ADA).await);
        let good = serde_json::to_value(definition()).unwrap();
        assert_eq!(world.api(&ada, "POST", "/campaigns", Some(good.clone())).await.status, 403);
        assert_eq!(world.api(&ada, "GET", "/campaigns/link-2026", None).await.status, 403);
        let mut bad = good.clone();
        bad["time_zone"] = json!("Europe/Nowhere");
        bad["automatic_from"] = json!("2026-03-15");
        let answer = world.api(&olga, "POST", "/campaigns", Some(bad)).await;
        assert_eq!(answer.status, 400);
        let fields: Vec<String> = answer.json()["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap().to_owned()).collect();
        assert_eq!(fields, ["automatic_from", "time_zone"]);
        assert_eq!(world.api(&olga, "POST", "/campaigns", Some(good.clone())).await.status, 201);
        assert_eq!(world.api(&olga, "POST", "/campaigns", Some(good)).await.json()["code"], "campaign_exists");
        let past = world.api(&olga, "POST", "/campaigns/link-2026/rehearsals", Some(json!({ "on": "2025-12-24" }))).await;
        assert_eq!(past.status, 400, "{}", past.text);
    }
}

/// Two workspaces of one admin, of which one has more time; the other is linked. The organization that was made for it.
async fn late(world: &TestApp) -> String {
    let records = [
        r#"{"type":"account","email":"gus@late.example","name":"Gus"}"#,
        r#"{"type":"account","email":"mia@late.example","name":"Mia"}"#,
        r#"{"type":"account","email":"olga@operator.example","name":"Olga"}"#,
        r#"{"type":"workspace","slug":"early","name":"Early","plan":"standard"}"#,
        r#"{"type":"workspace","slug":"late","name":"Late","plan":"standard"}"#,
        r#"{"type":"user_group","workspace":"early","slug":"a","name":"A","is_admin":true,"members":["gus@late.example"]}"#,
        r#"{"type":"user_group","workspace":"early","slug":"m","name":"M","members":["mia@late.example"]}"#,
        r#"{"type":"user_group","workspace":"late","slug":"a","name":"A","is_admin":true,"members":["gus@late.example"]}"#,
    ];
    world.import(&records.join("\n")).await.unwrap();
    let mut definition = definition();
    definition.postponement.budget = 1;
    create(world, &definition).await;
    run(world).await;
    let gus = world.person("gus@late.example").await;
    let wanted = campaign::NewPostponement { until: "2026-04-01".parse().unwrap(), reason: "a move".to_owned() };
    campaign::postpone(&world.app, &gus, "late", Purpose::Link, &wanted).await.unwrap();
    world.clock.advance(71 * DAY);
    assert_eq!(run(world).await.state, CampaignState::Linking);
    rows(world, None).await["early"].organization.clone().unwrap()
}
