//! How claims end, and what has no part in them.

use orglink_domain::digest::Digest;
use orglink_testkit::both;
use serde_json::json;

use super::*;
use crate::notify::subjects;

/// With Mia and Hana managed, and Kim told.
async fn with_three(world: TestApp) -> TestApp {
    let world = verified(world).await;
    assert_eq!(claim(&world, ADA, &[MIA, HANA]).await.status, 201);
    pass(&world, 14 * DAY).await;
    assert_eq!(claim(&world, ADA, &[KIM]).await.status, 201);
    world.tell().await;
    world
}

both! {
    async fn linking_claims_nobody_and_a_claim_links_nothing(world) {
        let world = verified(world).await;
        world.link(ADA, "atlas-platform", "meridian").await.unwrap();
        pass(&world, 30 * DAY).await;
        assert_eq!(managed(&world, ADA).await, Vec::<String>::new());
        assert_eq!(count(&world, "account.claim_announced").await, 0);
        let mut tx = world.app.db.begin_read().await.unwrap();
        let id = orglink_store::workspace::find_by_reference(&mut tx, "atlas-platform").await.unwrap().unwrap().id;
        let before: Digest = orglink_store::access::compute_digest(&mut tx, id).await.unwrap();
        drop(tx);
        assert_eq!(claim(&world, ADA, &[MIA, HANA, KIM, BEN]).await.status, 201);
        pass(&world, 14 * DAY).await;
        assert_eq!(managed(&world, ADA).await.len(), 4);
        let mut tx = world.app.db.begin_read().await.unwrap();
        let after = orglink_store::access::compute_digest(&mut tx, id).await.unwrap();
        assert_eq!(before, after, "nobody can do more or less in the workspace");
        drop(tx);
        world.check_invariants().await;
    }

    async fn nothing_takes_effect_while_the_record_is_gone(world) {
        let world = verified(world).await;
        assert_eq!(claim(&world, ADA, &[MIA]).await.status, 201);
        pass(&world, 13 * DAY).await;
        world.nameserver.put_records(RECORD, &[]);
        assert_eq!(check(&world, ADA, DOMAIN).await["seen"], "missing");
        pass(&world, 3 * DAY).await;
        assert_eq!(mine(&world, MIA).await["state"], "announced", "its date has passed, and nothing happened");
        let ada = world.token(ADA).await;
        let record = world.api(&ada, "GET", DOMAIN, None).await.json()["record"]["text"].as_str().unwrap().to_owned();
        world.nameserver.put(RECORD, &record);
        check(&world, ADA, DOMAIN).await;
        due(&world).await;
        assert_eq!(mine(&world, MIA).await["state"], "managed");
    }

    async fn an_organization_releases_and_whoever_removes_a_domain_releases_all(world) {
        let world = with_three(world).await;
        let ada = world.token(ADA).await;
        let cleo = world.token(CLEO).await;
        let path = format!("{MERIDIAN}/managed-accounts/{MIA}");
        assert_eq!(world.change(&cleo, "DELETE", &path, None).await.status, 403, "an auditor reads");
        assert_eq!(world.change(&ada, "DELETE", &path, None).await.status, 204);
        assert_eq!(world.change(&ada, "DELETE", &path, None).await.status, 404);
        world.tell().await;
        assert_eq!(subjects(&world, MIA).await[0], "Meridian Freight does not manage your account any more");
        assert_eq!(world.change(&cleo, "DELETE", DOMAIN, None).await.status, 403);
        assert_eq!(world.change(&ada, "DELETE", DOMAIN, None).await.status, 204);
        world.tell().await;
        assert_eq!((mine(&world, HANA).await, mine(&world, KIM).await), (Value::Null, Value::Null));
        assert!(subjects(&world, HANA).await[0].contains("does not manage your account any more"));
        assert!(subjects(&world, KIM).await[0].contains("is not to manage your account after all"));
        assert_eq!((count(&world, "account.released").await, count(&world, "account.claim_withdrawn").await), (2, 1));
        assert_eq!((count(&world, "domain.removed").await, world.api(&ada, "GET", DOMAIN, None).await.status), (1, 404));
        // Added again, it has another record.
        let record = add(&world, ADA, "meridian", "meridian.example").await;
        assert_eq!(check(&world, ADA, DOMAIN).await["state"], "pending", "{record}");
        world.check_invariants().await;
    }

    async fn a_deleted_organization_manages_nobody(world) {
        let world = world.with_company().await;
        let text = add(&world, GUS, "solo", "meridian.example").await;
        world.nameserver.put(RECORD, &text);
        let solos = "/organizations/solo/domains/meridian.example";
        check(&world, GUS, solos).await;
        let gus = world.token(GUS).await;
        let digest = world.api(&gus, "POST", &format!("{solos}/preview"), None).await.json()["digest"].clone();
        let body = json!({ "digest": digest, "accounts": [MIA, HANA] });
        assert_eq!(world.api(&gus, "POST", &format!("{solos}/claim"), Some(body)).await.status, 201);
        assert_eq!(object(&world, HANA, "who is that?").await.status, 204);
        assert_eq!(world.change(&gus, "DELETE", "/organizations/solo", None).await.status, 204);
        world.tell().await;
        assert_eq!((mine(&world, MIA).await, mine(&world, HANA).await), (Value::Null, Value::Null));
        assert!(subjects(&world, MIA).await[0].contains("Lindqvist Works is not to manage your account after all"));
        // The domain is free.
        let text = add(&world, ADA, "meridian", "meridian.example").await;
        world.nameserver.put(RECORD, &text);
        assert_eq!(check(&world, ADA, DOMAIN).await["state"], "verified");
        world.check_invariants().await;
    }

    async fn whoever_moves_to_an_address_of_their_own_is_released_and_whoever_leaves_too(world) {
        let world = with_three(world).await;
        let mia = world.person(MIA).await;
        for (to, still) in [("mia.rossi@meridian.example", true), ("mia@rossi.example", false)] {
            let device = orglink_app::sign_in::Device::default();
            orglink_app::account::ask_for_address(&world.app, &mia, to, &device).await.unwrap();
            let mails = world.deliver().await;
            let secret = mails.last().unwrap().split("/verify/").nth(1).unwrap().split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').next().unwrap().to_owned();
            orglink_app::account::prove_address(&world.app, &secret).await.unwrap();
            assert_eq!(mine(&world, to).await.is_null(), !still, "{to}");
        }
        assert_eq!(managed(&world, ADA).await, [format!("{HANA} managed"), format!("{KIM} announced")]);
        let kim = world.person(KIM).await;
        orglink_app::account::erase_account(&world.app, &kim, KIM).await.unwrap();
        assert_eq!(managed(&world, ADA).await, [format!("{HANA} managed")]);
        assert_eq!((count(&world, "account.released").await, count(&world, "account.claim_withdrawn").await), (1, 1));
        world.tell().await;
        world.check_invariants().await;
    }

    async fn whoever_cannot_be_claimed_any_more_at_the_date_is_not(world) {
        let world = verified(world).await;
        assert_eq!(claim(&world, ADA, &[MIA, HANA]).await.status, 201);
        orglink_app::installation::grant_operator(&world.app, &orglink_app::Principal::local_operator(), HANA).await.unwrap();
        pass(&world, 14 * DAY).await;
        assert_eq!(managed(&world, ADA).await, [format!("{MIA} managed")]);
        assert_eq!(count(&world, "account.claim_withdrawn").await, 1);
        // Previews are kept for their hour only.
        orglink_app::upkeep::forget(&world.app).await.unwrap();
        let copied = orglink_store::copy::digest_database(&world.app.db).await.unwrap();
        let rows = |table: &str| copied.iter().find(|t| t.table == table).unwrap().rows;
        assert_eq!((rows("claim_preview"), rows("account_claim"), rows("domain_claim")), (0, 1, 1));
        world.check_invariants().await;
    }
}
