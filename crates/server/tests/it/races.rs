//! Many at once, with real concurrency, on both databases.

use std::collections::BTreeMap;
use std::sync::Arc;

use orglink_app::Error;
use orglink_app::link::{Acknowledge, LinkRequest, link_workspace};
use orglink_app::organization::{NewOrganization, create_organization};
use orglink_domain::event::EventType;
use orglink_testkit::both;
use tokio::task::JoinSet;

const ADA: &str = "ada@meridian.example";

/// The id of the organization that everybody links to.
async fn world_id(world: &orglink_testkit::TestApp) -> String {
    let mut tx = world.app.db.begin_read().await.unwrap();
    let found = orglink_store::organization::find_by_reference(&mut tx, "meridian").await.unwrap();
    found.unwrap().id.to_string()
}

both! {
    async fn fifty_links_of_one_workspace_to_three_organizations_give_one(world) {
        let world = Arc::new(world.with_company().await);
        let mut set = JoinSet::new();
        for i in 0..50 {
            let world = Arc::clone(&world);
            set.spawn(async move {
                let organization = ["meridian", "meridian-labs", "harbor"][i % 3];
                world.link(ADA, "atlas-platform", organization).await
            });
        }
        let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
        while let Some(done) = set.join_next().await {
            let code = match done.unwrap() {
                Ok(_) => "linked",
                Err(Error::Refused(r)) => r.code,
                Err(e) => panic!("not a clear refusal: {e}"),
            };
            *outcomes.entry(code).or_default() += 1;
        }
        assert_eq!(outcomes, BTreeMap::from([("already_linked", 49), ("linked", 1)]));
        let linked = world.events().await.into_iter().filter(|e| e.kind == EventType::WorkspaceLinked).count();
        assert_eq!(linked, 1);
        world.check_invariants().await;
    }

    async fn ten_retries_with_one_key_give_one_answer(world) {
        let world = Arc::new(world.with_company().await);
        let mut set = JoinSet::new();
        for _ in 0..10 {
            let world = Arc::clone(&world);
            set.spawn(async move {
                let ada = world.person(ADA).await;
                let request = LinkRequest {
                    workspace: "atlas-platform".to_owned(),
                    organization: "meridian".to_owned(),
                    plan_digest: None,
                    acknowledge: Acknowledge::All,
                };
                link_workspace(&world.app, &ada, &request, Some("again")).await.unwrap().answer.id
            });
        }
        let ids: std::collections::HashSet<_> = set.join_all().await.into_iter().collect();
        assert_eq!(ids.len(), 1);
        world.check_invariants().await;
    }

    async fn one_key_never_makes_two_links(world) {
        let world = Arc::new(world.with_company().await);
        let mut set = JoinSet::new();
        for (workspace, organization) in [("atlas-platform", "meridian"), ("atlas-mobile", "meridian-labs"), ("docs-site", "harbor")] {
            let world = Arc::clone(&world);
            set.spawn(async move {
                let ada = world.person(ADA).await;
                let request = LinkRequest {
                    workspace: workspace.to_owned(),
                    organization: organization.to_owned(),
                    plan_digest: None,
                    acknowledge: Acknowledge::All,
                };
                match link_workspace(&world.app, &ada, &request, Some("one")).await {
                    Ok(_) => "linked",
                    Err(Error::Refused(r)) => r.code,
                    Err(e) => panic!("{e}"),
                }
            });
        }
        let mut outcomes = set.join_all().await;
        outcomes.sort_unstable();
        assert_eq!(outcomes, ["idempotency_key_reused", "idempotency_key_reused", "linked"]);
        world.check_invariants().await;
    }

    async fn many_links_to_one_organization_at_once_are_all_made(world) {
        let records = |i: u32| {
            format!(
                r#"{{"type":"workspace","slug":"many-{i}","name":"M","plan":"standard"}}
{{"type":"user_group","workspace":"many-{i}","slug":"a","name":"A","is_admin":true,"members":["{ADA}"]}}"#
            )
        };
        let lines = (0..40).map(records).collect::<Vec<_>>().join("\n");
        let world = Arc::new(world.with_company().await);
        world.import(&lines).await.unwrap();
        let mut set = JoinSet::new();
        for i in 0..40 {
            let world = Arc::clone(&world);
            // By slug and by another spelling, so that two stripes of turns meet at one guard row.
            let organization = if i % 2 == 0 { "meridian".to_owned() } else { world_id(&world).await };
            set.spawn(async move { world.link(ADA, &format!("many-{i}"), &organization).await.map(|_| ()) });
        }
        for done in set.join_all().await {
            done.unwrap();
        }
        world.check_invariants().await;
    }

    async fn a_quota_is_never_exceeded(world) {
        let world = Arc::new(world.with_company().await);
        let mut set = JoinSet::new();
        for slug in ["atlas-platform", "atlas-mobile", "docs-site", "hackdays", "vendor-bridge", "harbor-ops"] {
            let world = Arc::clone(&world);
            set.spawn(async move { world.link(ADA, slug, "harbor").await.is_ok() });
        }
        assert_eq!(set.join_all().await.into_iter().filter(|ok| *ok).count(), 1, "harbor may have one");
        world.check_invariants().await;
    }

    async fn an_admin_taken_away_while_linking_never_links_afterwards(world) {
        let world = Arc::new(world.with_company().await);
        let taken = r#"{"type":"organization","slug":"meridian","name":"Meridian Freight","admins":["ben@meridian.example"]}"#;
        let (linked, imported) = tokio::join!(world.link(ADA, "atlas-platform", "meridian"), world.import(taken));
        imported.unwrap();
        let events = world.events().await;
        // The company's own import changed organizations before; the last change is the one that raced.
        let position = |kind| events.iter().rev().find(|e| e.kind == kind).map(|e| e.position);
        match linked {
            Ok(_) => assert!(position(EventType::WorkspaceLinked) < position(EventType::OrganizationChanged)),
            Err(e) => assert!(matches!(e, Error::NotFound { .. } | Error::Refused(_)), "{e}"),
        }
        assert!(world.link(ADA, "atlas-mobile", "meridian").await.is_err());
        world.check_invariants().await;
    }

    async fn one_slug_is_given_once(world) {
        let world = Arc::new(world.with_company().await);
        let mut set = JoinSet::new();
        for _ in 0..12 {
            let world = Arc::clone(&world);
            set.spawn(async move {
                let ada = world.person(ADA).await;
                let wanted = NewOrganization { name: "New Place".to_owned(), slug: None };
                create_organization(&world.app, &ada, &wanted, None).await.is_ok()
            });
        }
        assert_eq!(set.join_all().await.into_iter().filter(|ok| *ok).count(), 1);
        world.check_invariants().await;
    }
}
