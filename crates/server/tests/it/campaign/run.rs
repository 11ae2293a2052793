//! A run that is stopped, fails in part, or is done by several.

use super::*;

both! {
    async fn whoever_watches_hears_how_far_it_is_until_it_is_over(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        run(&world).await;
        let (olga, ada) = (world.token(OLGA).await, world.token(ADA).await);
        assert_eq!(world.api(&ada, "GET", "/campaigns/link-2026/progress", None).await.status, 403);
        let watched = world.follow(&olga, "/campaigns/link-2026/progress").await;
        world.clock.advance(70 * DAY);
        run(&world).await;
        let text = watched.await.unwrap();
        let said: Vec<serde_json::Value> =
            text.lines().filter_map(|l| l.strip_prefix("data: ")).map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(text.matches("event: progress").count(), said.len());
        let (first, last) = (said.first().unwrap(), said.last().unwrap());
        assert_eq!((first["state"].as_str(), first["to_link"].as_i64()), (Some("open"), Some(0)));
        assert_eq!(last["state"], "done");
        assert!(last["settled"] == last["to_link"] && last["to_link"].as_i64() > Some(0), "{text}");
        assert_eq!(said.iter().filter(|s| *s == last).count(), 1, "only what is new is said");
    }

    async fn it_pauses_by_itself_and_goes_on_when_it_is_told_to(world) {
        let world = world.with_company().await;
        let mut definition = definition();
        definition.waves.error_budget = 0;
        create(&world, &definition).await;
        run(&world).await;
        // A row that no program can read.
        spoil(&world, "atlas-platform", true).await;
        world.clock.advance(70 * DAY);
        let paused = run(&world).await;
        assert_eq!((paused.state, paused.failed, paused.waits_for), (CampaignState::Paused, 1, Some("resume")));
        let failed = rows(&world, None).await["atlas-platform"].clone();
        assert_eq!(failed.state, DecisionState::Failed);
        assert!(failed.outcome.unwrap().contains("workspace.access_salt"));
        spoil(&world, "atlas-platform", false).await;
        let olga = world.person(OLGA).await;
        assert_eq!(campaign::retry_failed(&world.app, &olga, NAME).await.unwrap(), 1);
        step(&world, CampaignStep::Resume).await.unwrap();
        let done = run(&world).await;
        assert_eq!((done.state, done.failed), (CampaignState::Done, 0));
        assert_eq!(rows(&world, None).await["atlas-platform"].state, DecisionState::Linked);
        assert_eq!(code(campaign::retry_failed(&world.app, &olga, NAME).await), "nothing_failed");
        world.check_invariants().await;
    }

    async fn resumed_it_goes_on_in_spite_of_what_had_failed(world) {
        let world = world.with_company().await;
        let mut definition = definition();
        definition.waves.error_budget = 0;
        create(&world, &definition).await;
        run(&world).await;
        spoil(&world, "atlas-platform", true).await;
        world.clock.advance(70 * DAY);
        assert_eq!(run(&world).await.state, CampaignState::Paused);
        step(&world, CampaignStep::Resume).await.unwrap();
        let done = run(&world).await;
        assert_eq!((done.state, done.failed), (CampaignState::Done, 1));
        // For what looks at every workspace afterwards.
        spoil(&world, "atlas-platform", false).await;
        world.check_invariants().await;
    }

    async fn paused_cancelled_or_frozen_nothing_is_linked(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        run(&world).await;
        let olga = world.person(OLGA).await;
        installation::change_freeze(&world.app, &olga, true, Some("a test".to_owned())).await.unwrap();
        world.clock.advance(70 * DAY);
        assert_eq!(run(&world).await.waits_for, Some("freeze"));
        step(&world, CampaignStep::Pause).await.unwrap();
        installation::change_freeze(&world.app, &olga, false, None).await.unwrap();
        assert_eq!(run(&world).await.waits_for, Some("resume"));
        assert_eq!(code(step(&world, CampaignStep::Announce).await), "campaign_not_now");
        step(&world, CampaignStep::Cancel).await.unwrap();
        assert_eq!(run(&world).await.state, CampaignState::Cancelled);
        assert_eq!(code(step(&world, CampaignStep::Resume).await), "campaign_not_now");
        assert!(world.events().await.iter().all(|e| e.kind != EventType::WorkspaceLinked));
    }

    async fn several_runners_at_once_make_exactly_one_link_each(world) {
        let world = std::sync::Arc::new(world.with_company().await);
        create(&world, &definition()).await;
        run(&world).await;
        world.clock.advance(70 * DAY);
        let mut set = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let world = std::sync::Arc::clone(&world);
            set.spawn(async move {
                for _ in 0..200 {
                    campaign::advance_campaigns(&world.app).await.unwrap();
                }
            });
        }
        for slug in ["atlas-platform", "atlas-mobile"] {
            let world = std::sync::Arc::clone(&world);
            set.spawn(async move {
                match world.link(ADA, slug, "meridian").await {
                    Ok(_) | Err(Error::Refused(_)) => {}
                    Err(e) => panic!("{e}"),
                }
            });
        }
        while let Some(done) = set.join_next().await {
            done.unwrap();
        }
        assert_eq!(run(&world).await.state, CampaignState::Done);
        assert!(rows(&world, None).await.values().all(|row| row.state != DecisionState::Decided));
        world.check_invariants().await;
    }
}

/// Makes a workspace's row unreadable, or readable again.
async fn spoil(world: &TestApp, slug: &str, is_bad: bool) {
    let mut tx = world.app.db.begin_write().await.unwrap();
    let salt = if is_bad { vec![7; 5] } else { vec![7; 32] };
    orglink_store::fault::replace_salt(&mut tx, slug, &salt).await.unwrap();
    tx.commit().await.unwrap();
}
