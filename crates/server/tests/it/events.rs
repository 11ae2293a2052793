//! Events: committed to, in order, and seen only by those who may.

use orglink_domain::event::commit_payload;
use orglink_testkit::both;

both! {
    async fn every_payload_matches_its_commitment(world) {
        let world = world.with_company().await;
        world.link("ada@meridian.example", "docs-site", "meridian").await.unwrap();
        let events = world.events().await;
        let mut tx = world.app.db.begin_read().await.unwrap();
        for e in &events {
            let salt = orglink_store::event::find_salt(&mut tx, e.id).await.unwrap().unwrap();
            assert_eq!(commit_payload(e.payload.as_ref().unwrap(), &salt).unwrap().1, e.commitment);
        }
    }

    async fn only_operators_see_what_others_did(world) {
        let world = world.with_company().await;
        world.link("ada@meridian.example", "docs-site", "meridian").await.unwrap();
        let operator = orglink_app::Principal::local_operator();
        orglink_app::installation::grant_operator(&world.app, &operator, "olga@operator.example").await.unwrap();
        world.events().await;
        let types = |answer: orglink_testkit::Answer| -> Vec<String> {
            answer.json()["items"].as_array().unwrap().iter().map(|e| e["type"].as_str().unwrap().to_owned()).collect()
        };
        let (ada, gus, olga) = (world.token("ada@meridian.example").await, world.token("gus@solo.example").await, world.token("olga@operator.example").await);
        world.events().await;
        assert_eq!(types(world.api(&ada, "GET", "/events", None).await), ["workspace.linked", "token.created"]);
        assert_eq!(types(world.api(&gus, "GET", "/events", None).await), ["token.created"]);
        assert!(types(world.api(&olga, "GET", "/events?limit=1000", None).await).len() > 15);
        assert_eq!(world.api(&gus, "GET", "/events?after=-1", None).await.status, 400);
    }
}
