//! The seed's own campaign, day by day from before its announcement until it is done, on the Kubernetes data.

use super::*;

/// Beside the project; not part of it.
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/kubernetes.ndjson");
const NIKHITA: &str = "nikhita@people.example";
/// The day before the announcement, seen from where the clock of the tests begins.
const BEFORE: i64 = -36 * DAY;

both! {
    async fn the_seeds_campaign_is_played_from_announcement_to_done_on_real_data(world) {
        let Ok(records) = std::fs::read_to_string(DATA) else {
            println!("skipped: {DATA} is not there");
            return;
        };
        world.clock.advance(BEFORE);
        world.import(&records).await.unwrap();
        world.import(&format!(r#"{{"type":"account","email":"{OLGA}","name":"Olga Operator"}}"#)).await.unwrap();
        let seed: Definition = toml::from_str(include_str!("../../../../../docs/examples/seed.toml")).unwrap();
        create(&world, &seed).await;
        step(&world, CampaignStep::Announce).await.unwrap();
        let (mut days, mut heard) = (Vec::new(), 0);
        for _ in 0..130 {
            let progress = run(&world).await;
            let all = world.deliver().await;
            let mails = &all[heard..];
            heard = all.len();
            let reminders = mails.iter().filter(|m| m.contains("eminder")).count();
            let day = world.app.now().to_string()[..10].to_owned();
            if !mails.is_empty() || progress.state == CampaignState::Done {
                println!("{day}: {:?}, {} mails, {reminders} of them reminders", progress.state, mails.len());
                days.push((day, progress.state, reminders > 0));
            }
            if progress.state == CampaignState::Done {
                break;
            }
            // One workspace is linked by hand in time; nobody is reminded of it any more.
            if days.last().is_some_and(|(day, ..)| day == "2026-02-13") {
                let _ = world.link(NIKHITA, "etcd-io", "cloud-native").await;
            }
            world.clock.advance(DAY);
        }
        let told: Vec<&str> = days.iter().map(|(day, ..)| day.as_str()).collect();
        // On the 14th of February both sides hear of the link by hand.
        let reminded = ["2026-01-14", "2026-02-13", "2026-03-01", "2026-03-08", "2026-03-14"];
        let by_hand = "2026-02-14";
        assert_eq!(told[..3], ["2025-12-01", reminded[0], reminded[1]]);
        assert_eq!(told[3..], [by_hand, reminded[2], reminded[3], reminded[4], "2026-03-16"]);
        for (day, state, is_reminder) in &days {
            assert_eq!(*is_reminder, reminded.contains(&day.as_str()), "{day}");
            let last = if day == "2026-03-16" { CampaignState::Done } else { CampaignState::Open };
            assert_eq!(*state, last, "{day}");
        }

        let rows = rows(&world, None).await;
        for row in rows.values() {
            println!("{}: {:?} {:?} {:?}: {}", row.workspace, row.state, row.rule, row.organization, row.reason);
        }
        // Whoever administers them administers two organizations, so that it is not clear which: a new one for the group.
        let linked: Vec<_> = rows.values().filter(|row| row.state == DecisionState::Linked).collect();
        assert_eq!(linked.len(), 5);
        assert!(linked.iter().all(|row| matches!(row.rule, Some(Rule::SharedAdmins | Rule::Own))));
        assert!(linked.iter().all(|row| row.organization.as_deref() != Some("cloud-native")));
        for free in ["kubernetes-incubator", "kubernetes-nightly"] {
            assert!(rows.get(free).is_none_or(|row| row.left_alone == Some(LeftAlone::FreePlan)), "{free}");
        }
        world.check_invariants().await;
    }
}
