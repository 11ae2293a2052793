//! How a domain is shown: against a real name server, which is right, wrong or silent.

use std::sync::Arc;

use orglink_app::domain_claim;
use orglink_testkit::both;
use serde_json::json;
use tokio::task::JoinSet;

use super::*;
use crate::notify::subjects;

both! {
    async fn what_is_nobodys_and_what_is_no_domain_is_refused_and_others_may_not(world) {
        let world = world.with_company().await;
        let ada = world.token(ADA).await;
        let add = |domain: &str| Some(json!({ "domain": domain }));
        for shared in ["gmail.com", " Outlook.COM. ", "co.uk"] {
            let refused = world.api(&ada, "POST", &format!("{MERIDIAN}/domains"), add(shared)).await;
            assert_eq!((refused.status, code(&refused).as_str()), (409, "shared_domain"), "{shared}: {}", refused.text);
        }
        for bad in ["", "com", "bücher.example", "https://meridian.example", "ada@meridian.example", "10.0.0.1", "a b.example", "*.example.com"] {
            let refused = world.api(&ada, "POST", &format!("{MERIDIAN}/domains"), add(bad)).await;
            assert_eq!((refused.status, code(&refused).as_str()), (400, "bad_input"), "{bad}: {}", refused.text);
        }
        // An auditor reads, another role holder sees that there is an organization, a stranger not even that.
        for (who, read, write) in [(CLEO, 200, 403), (KIM, 403, 403), (GUS, 404, 404), (OLGA, 404, 404)] {
            let token = world.token(who).await;
            assert_eq!(world.api(&token, "GET", &format!("{MERIDIAN}/domains"), None).await.status, read, "{who}");
            assert_eq!(world.api(&token, "POST", &format!("{MERIDIAN}/domains"), add("meridian.example")).await.status, write, "{who}");
        }
        orglink_app::installation::grant_operator(&world.app, &orglink_app::Principal::local_operator(), OLGA).await.unwrap();
        let olga = world.token(OLGA).await;
        assert_eq!(world.api(&olga, "GET", &format!("{MERIDIAN}/domains"), None).await.status, 200, "an operator looks");
        assert_eq!(world.api(&olga, "POST", &format!("{MERIDIAN}/domains"), add("meridian.example")).await.status, 403, "and does not claim");
        let first = world.api(&ada, "POST", &format!("{MERIDIAN}/domains"), add("Meridian.Example")).await;
        let again = world.api(&ada, "POST", &format!("{MERIDIAN}/domains"), add("meridian.example")).await;
        assert_eq!((first.status, again.status), (201, 200));
        assert_eq!(first.json()["record"], again.json()["record"], "adding it again changes nothing");
        assert_eq!(count(&world, "domain.added").await, 1);
        // What the import said stays what it is, and is no claim.
        assert_eq!(world.export().await.iter().filter(|line| line.contains("\"verified_domains\":[\"meridian.example\"]")).count(), 1);
    }

    async fn only_the_right_record_shows_it_and_silence_says_nothing(world) {
        let world = world.with_company().await;
        let text = add(&world, ADA, "meridian", "meridian.example").await;
        let other = add(&world, GUS, "solo", "meridian.example").await;
        assert_ne!(text, other, "each organization has a record of its own");
        let seen = |checked: &Value| (checked["state"].as_str().unwrap().to_owned(), checked["seen"].as_str().unwrap().to_owned());
        let is = |state: &str, seen: &str| (state.to_owned(), seen.to_owned());
        assert_eq!(seen(&check(&world, ADA, DOMAIN).await), is("pending", "missing"));
        // Another's record, a part of the right one, the right one at another name.
        world.nameserver.put_records(RECORD, &[&["v=spf1 -all"], &[&other], &[&text[..text.len() - 1]]]);
        world.nameserver.put("meridian.example", &text);
        let wrong = check(&world, ADA, DOMAIN).await;
        assert_eq!(seen(&wrong), is("pending", "missing"));
        assert_eq!(wrong["texts"], json!(["v=spf1 -all", other, &text[..text.len() - 1]]), "what is there is said");
        world.nameserver.fail(RECORD, true);
        assert_eq!(seen(&check(&world, ADA, DOMAIN).await), is("pending", "unreachable"));
        world.nameserver.fail(RECORD, false);
        // Long texts come in several strings, and other records stand beside it.
        let (begin, end) = text.split_at(20);
        world.nameserver.put_records(RECORD, &[&["v=spf1 ", "-all"], &[begin, end], &["more"]]);
        assert_eq!(seen(&check(&world, ADA, DOMAIN).await), is("verified", "found"));
        assert_eq!((count(&world, "domain.verified").await, count(&world, "account.claim_announced").await), (1, 0));
        assert_eq!(managed(&world, ADA).await, Vec::<String>::new(), "it claims nobody");
        // A verified domain whose name servers fail is as verified as before, however long that goes on.
        world.nameserver.fail(RECORD, true);
        for _ in 0..12 {
            pass(&world, DAY).await;
        }
        let ada = world.token(ADA).await;
        let still = world.api(&ada, "GET", DOMAIN, None).await.json();
        assert_eq!((seen(&still), &still["missing_since"]), (is("verified", "unreachable"), &Value::Null));
        world.check_invariants().await;
    }

    async fn a_record_that_is_gone_is_told_and_the_domain_lapses_after_the_grace(world) {
        let world = verified(world).await;
        assert_eq!(claim(&world, ADA, &[MIA, HANA]).await.status, 201);
        pass(&world, 14 * DAY).await;
        assert_eq!(managed(&world, ADA).await, [format!("{HANA} managed"), format!("{MIA} managed")]);
        assert_eq!(claim(&world, ADA, &[KIM]).await.status, 201);
        world.nameserver.put_records(RECORD, &[]);
        pass(&world, DAY).await;
        pass(&world, DAY).await;
        assert_eq!(count(&world, "domain.record_missing").await, 1, "said once");
        assert!(subjects(&world, BEN).await[0].starts_with("The record at meridian.example"), "{:?}", subjects(&world, BEN).await);
        let ada = world.token(ADA).await;
        for (method, path) in [("POST", "preview"), ("GET", "accounts")] {
            let refused = world.api(&ada, method, &format!("{DOMAIN}/{path}"), None).await;
            assert_eq!((refused.status, code(&refused).as_str()), (409, "domain_not_verified"), "{path}");
        }
        // It comes back in time.
        let record = world.api(&ada, "GET", DOMAIN, None).await.json()["record"]["text"].as_str().unwrap().to_owned();
        world.nameserver.put(RECORD, &record);
        assert_eq!(check(&world, BEN, DOMAIN).await["missing_since"], Value::Null);
        assert_eq!((count(&world, "domain.record_found").await, count(&world, "domain.lapsed").await), (1, 0));
        // It does not.
        world.nameserver.put_records(RECORD, &[]);
        for _ in 0..7 {
            pass(&world, DAY).await;
        }
        let ada = world.token(ADA).await;
        assert_eq!(world.api(&ada, "GET", DOMAIN, None).await.json()["state"], "verified", "the grace is not over");
        pass(&world, DAY).await;
        let ada = world.token(ADA).await;
        let lapsed = world.api(&ada, "GET", DOMAIN, None).await.json();
        assert_eq!((&lapsed["state"], count(&world, "domain.lapsed").await), (&json!("lapsed"), 1));
        assert!(subjects(&world, BEN).await[0].contains("has lapsed"));
        // Whoever is managed stays so; what was only announced is gone, and its person knows.
        assert_eq!(managed(&world, ADA).await, [format!("{HANA} managed"), format!("{MIA} managed")]);
        assert_eq!(mine(&world, KIM).await, Value::Null);
        assert!(subjects(&world, KIM).await[0].contains("not to manage your account after all"), "{:?}", subjects(&world, KIM).await);
        // Another organization may show it now; those that are managed are not its to claim, nor named to it.
        let text = add(&world, GUS, "solo", "meridian.example").await;
        world.nameserver.put(RECORD, &text);
        let solos = "/organizations/solo/domains/meridian.example";
        assert_eq!(check(&world, GUS, solos).await["state"], "verified");
        let gus = world.token(GUS).await;
        let listed = world.api(&gus, "GET", &format!("{solos}/accounts"), None).await;
        let hana = listed.json()["items"].as_array().unwrap().iter().find(|a| a["email"] == HANA).unwrap().clone();
        assert_eq!(hana["fit"], "managed_elsewhere");
        assert!(!listed.text.contains("Meridian Freight"), "{}", listed.text);
        // And the first, whose record stood there once more, would hear that it is taken.
        world.nameserver.put_records(RECORD, &[&[&text], &[&record]]);
        let taken = check(&world, ADA, DOMAIN).await;
        assert_eq!((&taken["state"], &taken["seen"]), (&json!("lapsed"), &json!("taken")));
        assert!(!taken.to_string().contains("solo") && !taken.to_string().contains("Lindqvist"), "{taken}");
        world.check_invariants().await;
    }

    async fn of_two_organizations_at_the_same_moment_one_gets_it(world) {
        let world = world.with_company().await;
        let (ours, theirs) = (add(&world, ADA, "meridian", "meridian.example").await, add(&world, GUS, "solo", "meridian.example").await);
        world.nameserver.put_records(RECORD, &[&[&ours], &[&theirs]]);
        let world = Arc::new(world);
        let mut set = JoinSet::new();
        for i in 0..12 {
            let world = Arc::clone(&world);
            set.spawn(async move {
                let (who, organization) = [(ADA, "meridian"), (GUS, "solo")][i % 2];
                let person = world.person(who).await;
                domain_claim::check_domain(&world.app, &person, organization, "meridian.example").await.unwrap()
            });
        }
        while let Some(done) = set.join_next().await {
            done.unwrap();
        }
        let gus = world.token(GUS).await;
        let ada = world.token(ADA).await;
        let mut states = Vec::new();
        for (token, path) in [(&ada, DOMAIN), (&gus, "/organizations/solo/domains/meridian.example")] {
            let domain = world.api(token, "GET", path, None).await.json();
            states.push((domain["state"].as_str().unwrap().to_owned(), domain["seen"].as_str().unwrap().to_owned()));
        }
        states.sort_unstable();
        assert_eq!(states, [("pending".to_owned(), "taken".to_owned()), ("verified".to_owned(), "found".to_owned())]);
        assert_eq!(count(&world, "domain.verified").await, 1);
        world.check_invariants().await;
    }

    async fn the_loop_sees_the_record_by_itself_and_of_two_replicas_one_looks(world) {
        let world = world.with_company().await;
        let text = add(&world, ADA, "meridian", "meridian.example").await;
        assert_eq!(domain_claim::check_due(&world.app).await.unwrap(), 0, "not yet");
        world.nameserver.put(RECORD, &text);
        world.clock.advance(301);
        let replica = world.replica().await;
        let (one, two) = tokio::join!(domain_claim::check_due(&world.app), domain_claim::check_due(&replica));
        assert_eq!(one.unwrap() + two.unwrap(), 1);
        assert_eq!(count(&world, "domain.verified").await, 1);
        world.tell().await;
        assert!(subjects(&world, ADA).await[0].contains("is verified"));
        world.check_invariants().await;
    }
}
