//! Whom a claim touches, and that nobody is managed without notice, or against an objection.

use orglink_app::domain_claim;
use orglink_testkit::both;
use serde_json::json;

use super::*;
use crate::notify::subjects;

const OTHERS: &str = "{\"type\":\"account\",\"email\":\"robot@meridian.example\",\"name\":\"Robot\",\"is_robot\":true}\n\
                      {\"type\":\"account\",\"email\":\"eve@notmeridian.example\",\"name\":\"Eve\"}\n\
                      {\"type\":\"account\",\"email\":\"eve@mail.meridian.example\",\"name\":\"Eve\"}\n";

async fn suspend(world: &TestApp, email: &str) {
    let operator = orglink_app::Principal::local_operator();
    orglink_app::account::suspend_account(&world.app, &operator, email, "gone").await.unwrap();
}

both! {
    async fn the_preview_names_everybody_at_the_domain_and_why_some_cannot_be_claimed(world) {
        let world = verified(world).await;
        world.import(OTHERS).await.unwrap();
        orglink_app::installation::grant_operator(&world.app, &orglink_app::Principal::local_operator(), HANA).await.unwrap();
        suspend(&world, "yan@meridian.example").await;
        let seen = preview(&world, ADA).await;
        // Of the company's people at the domain, Vera's address is not proven.
        assert_eq!(seen["counts"], json!({ "claimable": 13, "operator": 1, "robot": 1, "suspended": 1 }), "{seen}");
        assert_eq!(seen["claimable"], 13);
        let cleo = world.token(CLEO).await;
        let mut found = Vec::new();
        let mut path = format!("{DOMAIN}/accounts?limit=5");
        loop {
            let page = world.api(&cleo, "GET", &path, None).await.json();
            found.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next"].as_str() else { break };
            path = format!("{DOMAIN}/accounts?limit=5&cursor={next}");
        }
        let fits: Vec<String> = found.iter().map(|a| format!("{} {}", a["email"].as_str().unwrap(), a["fit"].as_str().unwrap())).collect();
        assert_eq!(fits.len(), 16);
        for wanted in ["hana@meridian.example operator", "robot@meridian.example robot", "yan@meridian.example suspended", "mia@meridian.example claimable"] {
            assert!(fits.iter().any(|fit| fit == wanted), "{wanted}: {fits:?}");
        }
        assert!(!fits.iter().any(|fit| fit.contains("eve@") || fit.contains("vera@")), "{fits:?}");
        // Reading is not claiming: an auditor previews nothing, a stranger finds nothing.
        for (who, status) in [(CLEO, 403), (KIM, 403), (GUS, 404)] {
            let token = world.token(who).await;
            assert_eq!(world.api(&token, "POST", &format!("{DOMAIN}/preview"), None).await.status, status, "{who}");
            let body = json!({ "digest": seen["digest"], "accounts": [MIA] });
            assert_eq!(world.api(&token, "POST", &format!("{DOMAIN}/claim"), Some(body)).await.status, status, "{who}");
        }
        // Of a domain that is not shown, nobody is.
        add(&world, ADA, "meridian", "harbor.example").await;
        let ada = world.token(ADA).await;
        for (method, what) in [("POST", "preview"), ("GET", "accounts")] {
            let refused = world.api(&ada, method, &format!("{MERIDIAN}/domains/harbor.example/{what}"), None).await;
            assert_eq!((refused.status, code(&refused).as_str()), (409, "domain_not_verified"), "{what}");
        }
        assert_eq!(count(&world, "account.claim_announced").await, 0);
    }

    async fn what_changed_since_the_preview_is_named_and_nothing_is_done(world) {
        let world = verified(world).await;
        let ada = world.token(ADA).await;
        let path = format!("{DOMAIN}/claim");
        let claim = |digest: &Value, accounts: Value| Some(json!({ "digest": digest, "accounts": accounts }));
        let unknown = world.api(&ada, "POST", &path, claim(&json!(format!("sha256:{}", "0".repeat(64))), json!([MIA]))).await;
        assert_eq!((unknown.status, code(&unknown).as_str()), (409, "preview_unknown"));
        let digest = preview(&world, ADA).await["digest"].clone();
        for (named, why) in [(json!(["gus@solo.example"]), "not a verified address"), (json!(["vera@meridian.example"]), "not a verified address"), (json!(["nobody"]), "not a verified address")] {
            let bad = world.api(&ada, "POST", &path, claim(&digest, named)).await;
            assert!(bad.status == 400 && bad.text.contains(why), "{}", bad.text);
        }
        let nobody = world.api(&ada, "POST", &path, claim(&digest, json!([]))).await;
        assert_eq!((nobody.status, code(&nobody).as_str()), (409, "nobody_to_claim"));
        world.import("{\"type\":\"account\",\"email\":\"new@meridian.example\",\"name\":\"New\"}\n").await.unwrap();
        suspend(&world, MIA).await;
        let ada = world.token(ADA).await;
        let outdated = world.api(&ada, "POST", &path, claim(&digest, json!([HANA]))).await;
        assert_eq!((outdated.status, code(&outdated).as_str()), (409, "preview_outdated"), "{}", outdated.text);
        let differences = outdated.json()["differences"].clone();
        assert_eq!(differences, json!([
            { "path": "accounts.mia@meridian.example", "before": "claimable", "after": "suspended" },
            { "path": "accounts.new@meridian.example", "before": null, "after": "claimable" },
        ]));
        assert_eq!(managed(&world, ADA).await, Vec::<String>::new());
        // A preview is of its hour and of its domain.
        let digest = preview(&world, ADA).await["digest"].clone();
        world.clock.advance(3601);
        let ada = world.token(ADA).await;
        let late = world.api(&ada, "POST", &path, claim(&digest, json!([HANA]))).await;
        assert_eq!((late.status, code(&late).as_str()), (409, "preview_unknown"));
        world.check_invariants().await;
    }

    async fn each_is_told_with_the_date_and_managed_after_it_once(world) {
        let world = verified(world).await;
        let digest = preview(&world, ADA).await["digest"].clone();
        let (ada, body) = (world.token(ADA).await, json!({ "digest": digest, "accounts": [MIA, HANA] }));
        let (bearer, path) = (format!("Bearer {ada}"), format!("/api/v1{DOMAIN}/claim"));
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", "once")];
        let done = world.send("POST", &path, &headers, &body.to_string()).await;
        let again = world.send("POST", &path, &headers, &body.to_string()).await;
        assert_eq!((done.status, again.status, &done.text), (201, 200, &again.text));
        assert_eq!((&done.json()["announced"], &done.json()["left"]), (&json!(2), &json!(0)));
        let other = world.send("POST", &path, &headers, &json!({ "digest": digest, "accounts": null }).to_string()).await;
        assert_eq!(other.status, 422, "{}", other.text);
        let told = world.deliver().await;
        assert_eq!(subjects(&world, MIA).await, ["Meridian Freight is to manage your account: you can object"]);
        assert!(told.iter().any(|mail| mail.contains(MIA)), "by mail as well");
        assert!(subjects(&world, KIM).await.is_empty(), "nobody else");
        let waiting = mine(&world, MIA).await;
        assert_eq!((&waiting["state"], &waiting["organization"]), (&json!("announced"), &json!("meridian")), "{waiting}");
        assert!(waiting["takes_effect_at"].as_str().unwrap().starts_with("2026-01-19"), "fourteen days: {waiting}");
        pass(&world, 14 * DAY - 60).await;
        assert_eq!(managed(&world, ADA).await, [format!("{HANA} announced"), format!("{MIA} announced")], "nothing before its time");
        world.clock.advance(60);
        let replica = world.replica().await;
        let (one, two) = tokio::join!(domain_claim::apply_due(&world.app), domain_claim::apply_due(&replica));
        assert!(one.is_ok() && two.is_ok());
        due(&world).await;
        assert_eq!(managed(&world, CLEO).await, [format!("{HANA} managed"), format!("{MIA} managed")], "an auditor sees it too");
        assert_eq!(count(&world, "account.managed").await, 2, "once each");
        assert_eq!(mine(&world, MIA).await["state"], "managed");
        assert_eq!(subjects(&world, MIA).await[0], "Meridian Freight manages your account now");
        let late = object(&world, MIA, "too late").await;
        assert_eq!((late.status, code(&late).as_str()), (409, "already_managed"));
        // It opened nothing: what an admin of the organization may see of Mia's workspaces is what it was.
        let pia = world.token("pia@meridian.example").await;
        assert_eq!(world.api(&pia, "GET", "/workspaces/atlas-mobile", None).await.status, 404);
        world.check_invariants().await;
    }

    async fn an_objection_stops_the_claim_until_it_is_withdrawn(world) {
        let world = verified(world).await;
        assert_eq!(claim(&world, ADA, &[MIA, HANA]).await.status, 201);
        let early = object(&world, KIM, "nobody claims me").await;
        assert_eq!((early.status, code(&early).as_str()), (409, "no_claim"));
        assert_eq!(object(&world, MIA, "  ").await.status, 400);
        pass(&world, 13 * DAY).await;
        assert_eq!(object(&world, MIA, "I keep this address by contract.").await.status, 204);
        let twice = object(&world, MIA, "again").await;
        assert_eq!((twice.status, code(&twice).as_str()), (409, "already_objected"));
        pass(&world, 60 * DAY).await;
        assert_eq!(managed(&world, ADA).await, [format!("{HANA} managed"), format!("{MIA} objected")]);
        let heard = subjects(&world, BEN).await;
        assert!(heard.contains(&"Mia Rossi objects to being managed by Meridian Freight".to_owned()), "{heard:?}");
        let ada = world.token(ADA).await;
        let listed = world.api(&ada, "GET", &format!("{MERIDIAN}/managed-accounts?state=objected"), None).await;
        assert_eq!(listed.json()["items"][0]["reason"], "I keep this address by contract.");
        // Claiming her once more is no way around it.
        let refused = claim(&world, ADA, &[MIA]).await;
        assert!(refused.status == 400 && refused.text.contains("The person said no"), "{}", refused.text);
        let all = world.api(&ada, "POST", &format!("{DOMAIN}/claim"), Some(json!({ "digest": preview(&world, ADA).await["digest"] }))).await;
        assert_eq!(all.status, 201, "{}", all.text);
        assert_eq!(mine(&world, MIA).await["state"], "objected");
        // An operator withdraws it; only then it can be announced again, with as much notice as the first time.
        orglink_app::installation::grant_operator(&world.app, &orglink_app::Principal::local_operator(), OLGA).await.unwrap();
        let olga = world.token(OLGA).await;
        assert_eq!(world.change(&olga, "DELETE", &format!("{MERIDIAN}/managed-accounts/{MIA}"), None).await.status, 204);
        assert_eq!(mine(&world, MIA).await, Value::Null);
        world.tell().await;
        assert!(subjects(&world, MIA).await[0].contains("not to manage your account after all"));
        assert_eq!(claim(&world, ADA, &[MIA]).await.status, 201);
        due(&world).await;
        assert_eq!(mine(&world, MIA).await["state"], "announced");
        world.check_invariants().await;
    }

    async fn an_objection_in_the_last_moment_counts_whoever_is_faster(world) {
        let world = verified(world).await;
        assert_eq!(claim(&world, ADA, &[MIA]).await.status, 201);
        world.clock.advance(14 * DAY);
        let mia = world.person(MIA).await;
        let (objected, applied) = tokio::join!(
            domain_claim::object_to_claim(&world.app, &mia, "no"),
            domain_claim::apply_due(&world.app),
        );
        applied.unwrap();
        let state = mine(&world, MIA).await["state"].as_str().unwrap().to_owned();
        assert_eq!(state, if objected.is_ok() { "objected" } else { "managed" }, "one of the two, and both agree which");
        let both = count(&world, "account.claim_objected").await + count(&world, "account.managed").await;
        assert_eq!(both, 1);
        world.check_invariants().await;
    }

    async fn names_of_others_name_nothing(world) {
        let world = verified(world).await;
        assert_eq!(claim(&world, ADA, &[MIA]).await.status, 201);
        add(&world, GUS, "solo", "solo.example").await;
        let gus = world.token(GUS).await;
        let missing = "/organizations/solo/domains/meridian.example";
        for (method, path) in [("GET", missing.to_owned()), ("POST", format!("{missing}/check")), ("POST", format!("{missing}/preview")), ("GET", format!("{missing}/accounts"))] {
            assert_eq!(world.api(&gus, method, &path, None).await.status, 404, "{path}");
        }
        assert_eq!(world.change(&gus, "DELETE", missing, None).await.status, 404);
        let (claimed, nobody) = (
            world.change(&gus, "DELETE", &format!("/organizations/solo/managed-accounts/{MIA}"), None).await,
            world.change(&gus, "DELETE", "/organizations/solo/managed-accounts/no@meridian.example", None).await,
        );
        assert_eq!((claimed.status, claimed.said(MIA, "WHO")), (404, nobody.said("no@meridian.example", "WHO")));
        assert_eq!(mine(&world, MIA).await["state"], "announced");
        // The version is asked for, and compared.
        let ada = world.token(ADA).await;
        let path = format!("{MERIDIAN}/managed-accounts/{MIA}");
        assert_eq!(world.change_if(&ada, "DELETE", &path, None, "").await.status, 428);
        assert_eq!(world.change_if(&ada, "DELETE", &path, None, "\"1\"").await.status, 412);
        assert_eq!(world.change_if(&ada, "DELETE", DOMAIN, None, "").await.status, 428);
        // A token that only reads claims nobody.
        let reads = world.token_for(ADA, vec![orglink_domain::token::Scope::Read]).await;
        assert_eq!(world.api(&reads, "POST", &format!("{DOMAIN}/preview"), None).await.status, 403);
    }
}
