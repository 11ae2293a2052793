//! What people hear, and that nothing is linked before they have.

use super::*;

both! {
    async fn the_mails_are_shown_before_anybody_gets_them(world) {
        let world = world.with_company().await;
        let mut definition = definition();
        definition.texts.announcement.push_str("Ask the platform team.");
        definition.texts.linked.push_str("It was us.");
        create(&world, &definition).await;
        let (olga, ada) = (world.token(OLGA).await, world.token(ADA).await);
        assert_eq!(world.api(&ada, "GET", "/campaigns/link-2026/mails", None).await.status, 403);
        let mails = world.api(&olga, "GET", "/campaigns/link-2026/mails", None).await.json();
        let of = |what: &str| mails.as_array().unwrap().iter().find(|m| m["what"] == what).unwrap().clone();
        assert!(of("The announcement")["text"].as_str().unwrap().contains("Ask the platform team."));
        assert_eq!(of("The announcement")["date"], "2026-03-16T00:00:00Z", "24:00 of the link-by day");
        assert!(of("The last reminder")["subject"].as_str().unwrap().starts_with("Last reminder"));
        assert!(of("When it was linked by itself")["text"].as_str().unwrap().contains("It was us."));
        // What is sent is what was shown, about the workspace it is for.
        run(&world).await;
        let shown = of("The announcement")["subject"].as_str().unwrap().replace("Example Workspace", "Atlas Platform");
        assert!(world.deliver().await.iter().any(|m| m.replace("\r\n ", " ").contains(&shown)), "{shown}");
    }

    async fn whoever_has_something_to_link_reads_the_date_on_every_page_until_it_is_linked(world) {
        let world = world.with_company().await;
        let (cookie, _) = world.session(ADA).await;
        let page = async |path: &str| world.send("GET", path, &[("cookie", &cookie)], "").await.text;
        let banner = "of your workspaces are not linked yet";
        create(&world, &definition()).await;
        assert!(!page("/me/tokens").await.contains(banner), "nobody was told yet");
        run(&world).await;
        let shown = page("/me/tokens").await;
        assert!(shown.contains(banner) && shown.contains("15 March 2026, 24:00 UTC"), "{shown}");
        let mut tx = world.app.db.begin_read().await.unwrap();
        let id = world.person(ADA).await.account().unwrap().id;
        let campaign = orglink_store::campaign::find_by_name(&mut tx, NAME).await.unwrap().unwrap().id;
        let mut left = orglink_store::campaign::count_told_unlinked(&mut tx, campaign, id).await.unwrap();
        drop(tx);
        assert!(shown.contains(&format!("{} of your workspaces", left.clone().unwrap().0)), "{left:?}");
        while let Some((_, slug)) = left {
            world.link(ADA, &slug, "meridian").await.unwrap();
            let mut tx = world.app.db.begin_read().await.unwrap();
            left = orglink_store::campaign::count_told_unlinked(&mut tx, campaign, id).await.unwrap();
        }
        assert!(!page("/me/tokens").await.contains("not linked yet"));
    }

    async fn everybody_hears_each_thing_once_and_whoever_is_linked_no_more(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        run(&world).await;
        let told = async |what: &str| {
            let token = world.token(ADA).await;
            let inbox = world.api(&token, "GET", "/notifications?limit=500", None).await.json();
            let items = inbox["items"].as_array().unwrap().clone();
            items.iter().filter(|n| n["kind"] == "campaign" && n["subject"].as_str().unwrap().contains(what)).count()
        };
        let announced = told("is to be linked").await;
        assert!(announced > 1);
        run(&world).await;
        assert_eq!(told("is to be linked").await, announced, "once");
        assert_eq!(told("Reminder").await, 0);
        // Five reminders are missed; only the newest of them is sent, and not for what is linked.
        world.link(ADA, "atlas-platform", "meridian").await.unwrap();
        world.clock.advance(64 * DAY);
        run(&world).await;
        assert_eq!(told("eminder").await, announced - 1);
        let mails = world.deliver().await;
        assert!(mails.iter().any(|m| m.contains("BEGIN:VCALENDAR")), "with a date for the calendar");
        assert!(mails.iter().filter(|m| m.contains("is to be linked")).all(|m| m.contains("Linking only")));
    }

    async fn a_run_is_refused_when_nobody_was_told_in_time(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        world.clock.advance(100 * DAY);
        let olga = world.person(OLGA).await;
        let events = world.events().await.len();
        assert_eq!(code(campaign::run_campaign(&world.app, &olga, NAME).await), "notice_not_given");
        assert_eq!(world.events().await.len(), events, "nothing was done");
        // Announced all the same, it waits until everybody has had their notice.
        step(&world, CampaignStep::Announce).await.unwrap();
        while campaign::advance_campaigns(&world.app).await.unwrap() {}
        assert_eq!(code(campaign::run_campaign(&world.app, &olga, NAME).await), "notice_not_given");
        world.clock.advance(15 * DAY);
        assert_eq!(run(&world).await.state, CampaignState::Done);
        assert!(rows(&world, None).await.values().any(|row| row.state == DecisionState::Linked));
    }

    async fn new_dates_keep_the_old_ones_and_are_told(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        run(&world).await;
        let olga = world.person(OLGA).await;
        let later = Definition {
            link_by: "2026-04-15".parse().unwrap(),
            automatic_from: "2026-04-16".parse().unwrap(),
            ..definition()
        };
        campaign::change_campaign(&world.app, &olga, NAME, &later, Expected::Any).await.unwrap();
        run(&world).await;
        let token = world.token(ADA).await;
        let inbox = world.api(&token, "GET", "/notifications?limit=500", None).await.json();
        assert!(inbox["items"].as_array().unwrap().iter().any(|n| n["subject"].as_str().unwrap().starts_with("New date")));
        let view = campaign::view_campaign(&world.app, &olga, NAME).await.unwrap();
        let dates: Vec<String> = view.history.iter().filter_map(|h| h.definition.as_ref()).map(|d| d.link_by.to_string()).collect();
        assert_eq!(dates, ["2026-03-15", "2026-04-15"]);
        world.clock.advance(110 * DAY);
        assert_eq!(run(&world).await.state, CampaignState::Done);
        assert_eq!(code(campaign::change_campaign(&world.app, &olga, NAME, &later, Expected::Any).await), "campaign_decided");
    }
}
