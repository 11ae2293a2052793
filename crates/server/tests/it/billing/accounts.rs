//! Billing accounts: who administers them, who pays, how they are split and merged.

use orglink_domain::event::EventType;
use orglink_testkit::{Answer, TestApp, both};
use serde_json::{Value, json};

use super::invoices::{accounts, get, migrated};
use super::{ADA, BEN, DAY, GUS, OLGA, PAYS};
use crate::notify::subjects;

const ZOE: &str = "zoe@harbor.example";
const MIA: &str = "mia@meridian.example";

async fn send(world: &TestApp, who: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
    let token = world.token(who).await;
    world.change(&token, method, path, body).await
}

/// Its code when it is refused, else its status.
fn said(answer: &Answer) -> String {
    if answer.status < 300 { answer.status.to_string() } else { answer.json()["code"].as_str().unwrap().to_owned() }
}

/// Splits one workspace off; the id of the new account.
async fn split(world: &TestApp, account: &str, workspace: &str) -> String {
    let body = json!({ "name": "Apart", "workspaces": [workspace] });
    let made = send(world, PAYS, "POST", &format!("/billing-accounts/{account}/split"), Some(body)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json()["id"].as_str().unwrap().to_owned()
}

both! {
    async fn its_admins_are_equal_and_one_remains(world) {
        let (world, account) = migrated(world).await;
        let path = format!("/billing-accounts/{account}");
        let admin = |who: &str| format!("{path}/admins/{who}");
        // Looked at by the organization's admins and operators too, changed by its own admins alone; nobody else knows of it.
        for (who, look, change) in [(PAYS, 200, "200"), (BEN, 200, "not_allowed"), (OLGA, 200, "not_allowed"), (GUS, 404, "not_found"), (MIA, 404, "not_found")] {
            let token = world.token(who).await;
            assert_eq!(world.api(&token, "GET", &path, None).await.status, look, "{who}");
            assert_eq!(said(&send(&world, who, "PATCH", &path, Some(json!({ "name": "Docs" }))).await), change, "{who}");
            assert_eq!(said(&send(&world, who, "DELETE", &admin(PAYS), None).await), if who == PAYS { "last_admin" } else { change }, "{who}");
        }
        assert_eq!(said(&send(&world, PAYS, "DELETE", &admin("nobody@else.example"), None).await), "not_found");
        // Somebody whom the organization knows; whether another address has an account is told to nobody.
        for unknown in [GUS, "nobody@else.example"] {
            assert_eq!(said(&send(&world, PAYS, "PUT", &admin(unknown), None).await), "not_known_here", "{unknown}");
        }
        assert_eq!(said(&send(&world, PAYS, "PUT", &admin(MIA), None).await), "204");
        assert_eq!(said(&send(&world, MIA, "PATCH", &path, Some(json!({ "bill_to": "Meridian Ltd\n1 Quay Street" }))).await), "200");
        let seen = get(&world, MIA, &path).await;
        assert_eq!((seen["admins"].as_array().unwrap().len(), &seen["bill_to"]), (2, &json!("Meridian Ltd\n1 Quay Street")));
        assert_eq!(said(&send(&world, MIA, "DELETE", &admin(PAYS), None).await), "204");
        assert_eq!(said(&send(&world, PAYS, "PATCH", &path, Some(json!({ "name": "Mine" }))).await), "not_found");
        // What is not as it was seen is not changed.
        let token = world.token(MIA).await;
        let stale = world.change_if(&token, "PATCH", &path, Some(json!({ "name": "Old" })), "\"1\"").await;
        assert_eq!(stale.status, 412, "{}", stale.text);
        for bad in [json!({ "name": "" }), json!({ "bill_to": "x".repeat(601) }), json!({ "bill_to": "a\u{7}" }), json!({ "currency": "EUR" })] {
            assert_eq!(send(&world, MIA, "PATCH", &path, Some(bad.clone())).await.status, 400, "{bad}");
        }
        world.tell().await;
        assert!(subjects(&world, PAYS).await.iter().any(|s| s.starts_with("The billing account")));
        world.check_invariants().await;
    }

    async fn it_is_split_and_both_bills_are_right(world) {
        let (world, account) = migrated(world).await;
        let path = format!("/billing-accounts/{account}/split");
        for (name, workspaces, expected) in [
            ("A", json!([]), 400), ("A", json!(["harbor-ops"]), 400), ("A", json!(["nowhere"]), 400), ("", json!(["docs-site"]), 400),
            ("A", json!(["docs-site", "atlas-mobile", "atlas-platform"]), 400),
        ] {
            let answer = send(&world, PAYS, "POST", &path, Some(json!({ "name": name, "workspaces": workspaces }))).await;
            assert_eq!(answer.status, expected, "{workspaces}: {}", answer.text);
        }
        assert_eq!(said(&send(&world, BEN, "POST", &path, Some(json!({ "name": "A", "workspaces": ["docs-site"] }))).await), "not_allowed");
        let apart = split(&world, &account, "docs-site").await;
        assert_eq!(accounts(&world, PAYS).await.len(), 2);
        world.clock.advance(30 * DAY);
        let done = send(&world, OLGA, "POST", "/operator/invoices", None).await.json();
        assert_eq!(done["invoices"], 2);
        for (of, lines) in [(&account, 3), (&apart, 2)] {
            let bills = get(&world, PAYS, &format!("/billing-accounts/{of}/invoices")).await;
            let number = bills["items"][0]["number"].as_str().unwrap().to_owned();
            let bill = get(&world, PAYS, &format!("/invoices/{number}")).await;
            assert_eq!(bill["lines"].as_array().unwrap().len(), lines, "{bill}");
        }
        assert_eq!(get(&world, OLGA, "/operator/invoices/reconciliation").await["faults"], json!([]));
        let plan = get(&world, ADA, "/workspaces/docs-site/billing/migration").await;
        assert_eq!(plan["billing_account"], json!(apart));
        world.check_invariants().await;
    }

    async fn another_pays_once_they_agree_and_until_they_are_let_go(world) {
        let (world, account) = migrated(world).await;
        let path = format!("/billing-accounts/{account}");
        let to = |end: &str| format!("{path}/{end}");
        for bad in ["", "zoe", "zoe@harbor.example\u{0}"] {
            assert_eq!(send(&world, PAYS, "POST", &to("payer"), Some(json!({ "email": bad }))).await.status, 400, "{bad}");
        }
        assert_eq!(said(&send(&world, BEN, "POST", &to("payer"), Some(json!({ "email": ZOE }))).await), "not_allowed");
        assert_eq!(said(&send(&world, PAYS, "POST", &to("agreement"), Some(json!({}))).await), "no_request");
        // An address without an account is answered no differently.
        for email in ["nobody@else.example", " Zoe@Harbor.example "] {
            assert_eq!(said(&send(&world, PAYS, "POST", &to("payer"), Some(json!({ "email": email }))).await), "202");
        }
        assert_eq!(get(&world, PAYS, &path).await["payer"], Value::Null);
        for (who, expected) in [(GUS, "not_found"), (PAYS, "not_allowed"), (BEN, "not_allowed")] {
            assert_eq!(said(&send(&world, who, "POST", &to("agreement"), Some(json!({}))).await), expected, "{who}");
        }
        let asked = get(&world, ZOE, &path).await;
        assert_eq!((&asked["request"]["kind"], &asked["request"]["may_agree"]), (&json!("payer"), &json!(true)));
        assert_eq!(said(&send(&world, ZOE, "POST", &to("agreement"), Some(json!({}))).await), "204");
        assert_eq!(get(&world, ZOE, &path).await["payer"], ZOE);
        assert_eq!(accounts(&world, ZOE).await.len(), 1);
        assert_eq!(said(&send(&world, PAYS, "POST", &to("payer"), Some(json!({ "email": ZOE }))).await), "already_pays");
        // Whoever pays does not manage; and is let go by an admin.
        assert_eq!(said(&send(&world, ZOE, "PATCH", &path, Some(json!({ "name": "Mine" }))).await), "not_allowed");
        assert_eq!(said(&send(&world, PAYS, "DELETE", &to("payer"), None).await), "not_allowed");
        assert_eq!(said(&send(&world, ZOE, "DELETE", &to("payer"), None).await), "202");
        assert_eq!(said(&send(&world, ZOE, "POST", &to("agreement"), Some(json!({}))).await), "not_allowed");
        assert_eq!(said(&send(&world, PAYS, "DELETE", &to("request"), None).await), "204");
        assert_eq!(get(&world, ZOE, &path).await["payer"], ZOE);
        assert_eq!(said(&send(&world, ZOE, "DELETE", &to("payer"), None).await), "202");
        assert_eq!(said(&send(&world, PAYS, "POST", &to("agreement"), Some(json!({}))).await), "204");
        let token = world.token(ZOE).await;
        assert_eq!(world.api(&token, "GET", &path, None).await.status, 404);
        // A wish is open for 30 days.
        assert_eq!(said(&send(&world, PAYS, "POST", &to("payer"), Some(json!({ "email": ZOE }))).await), "202");
        world.clock.advance(31 * DAY);
        let token = world.token(ZOE).await;
        assert_eq!(world.api(&token, "GET", &path, None).await.status, 404);
        world.tell().await;
        assert!(subjects(&world, ZOE).await.iter().any(|s| s.starts_with("You are asked about")));
        world.check_invariants().await;
    }

    async fn two_become_one_when_whoever_will_pay_agrees(world) {
        let (world, account) = migrated(world).await;
        let apart = split(&world, &account, "docs-site").await;
        // Another's now.
        for (method, who) in [("PUT", MIA), ("DELETE", PAYS)] {
            assert_eq!(said(&send(&world, PAYS, method, &format!("/billing-accounts/{apart}/admins/{who}"), None).await), "204");
        }
        let merge = format!("/billing-accounts/{account}/merge");
        // Which other accounts there are is not told: not even that this one is.
        for unknown in [apart.as_str(), "01890000-0000-7000-8000-000000000000", "no id"] {
            assert_eq!(said(&send(&world, PAYS, "POST", &merge, Some(json!({ "into": unknown }))).await), "not_found");
        }
        assert_eq!(said(&send(&world, MIA, "POST", &format!("/billing-accounts/{apart}/merge"), Some(json!({ "into": account }))).await), "not_found");
        // Whoever may see both asks; an admin of the other agrees.
        assert_eq!(said(&send(&world, PAYS, "PUT", &format!("/billing-accounts/{account}/admins/{ADA}"), None).await), "204");
        assert_eq!(said(&send(&world, ADA, "POST", &merge, Some(json!({ "into": account }))).await), "bad_input");
        assert_eq!(said(&send(&world, ADA, "POST", &merge, Some(json!({ "into": apart }))).await), "202");
        let agree = format!("/billing-accounts/{account}/agreement");
        for (who, expected) in [(PAYS, "not_allowed"), (ADA, "not_allowed"), (GUS, "not_found")] {
            assert_eq!(said(&send(&world, who, "POST", &agree, Some(json!({}))).await), expected, "{who}");
        }
        let asked = get(&world, MIA, &format!("/billing-accounts/{apart}")).await;
        assert_eq!((&asked["asked_by"][0]["billing_account"], &asked["asked_by"][0]["may_agree"]), (&json!(account), &json!(true)));
        assert_eq!(said(&send(&world, MIA, "POST", &agree, Some(json!({}))).await), "204");
        let paid = get(&world, MIA, &format!("/billing-accounts/{apart}/workspaces")).await;
        assert_eq!(paid["items"].as_array().unwrap().len(), 3);
        assert_eq!(get(&world, PAYS, &format!("/billing-accounts/{account}")).await["merged_into"], json!(apart));
        assert_eq!(said(&send(&world, PAYS, "PATCH", &format!("/billing-accounts/{account}"), Some(json!({ "name": "Back" }))).await), "billing_account_merged");
        world.clock.advance(30 * DAY);
        let done = send(&world, OLGA, "POST", "/operator/invoices", None).await.json();
        assert_eq!(done["invoices"], 1);
        assert_eq!(get(&world, OLGA, "/operator/invoices/reconciliation").await["faults"], json!([]));
        let events = world.events().await;
        assert_eq!(events.iter().filter(|e| e.kind == EventType::BillingAccountMerged).count(), 1);
        world.check_invariants().await;
    }

    async fn what_cannot_be_one_bill_stays_two(world) {
        let (world, account) = migrated(world).await;
        let apart = split(&world, &account, "docs-site").await;
        let merge = format!("/billing-accounts/{account}/merge");
        send(&world, PAYS, "POST", &format!("/billing-accounts/{apart}/payer"), Some(json!({ "email": ZOE }))).await;
        send(&world, ZOE, "POST", &format!("/billing-accounts/{apart}/agreement"), Some(json!({}))).await;
        let differs = send(&world, PAYS, "POST", &merge, Some(json!({ "into": apart }))).await;
        assert_eq!(said(&differs), "accounts_differ");
        assert!(differs.text.contains("payer"), "{}", differs.text);
    }

    async fn what_was_looked_at_is_agreed_to_and_nothing_else(world) {
        let (world, account) = migrated(world).await;
        let path = format!("/billing-accounts/{account}");
        let agree = format!("{path}/agreement");
        let to = format!("{path}/payer");
        let ask = || send(&world, PAYS, "POST", &to, Some(json!({ "email": ZOE })));
        let digest = || async { get(&world, ZOE, &path).await["request"]["digest"].clone() };
        ask().await;
        let first = digest().await;
        // The same is asked again; then it pays for less; each is something else than was looked at.
        ask().await;
        assert_eq!(said(&send(&world, ZOE, "POST", &agree, Some(json!({ "digest": first }))).await), "plan_changed");
        let second = digest().await;
        split(&world, &account, "docs-site").await;
        assert_eq!(said(&send(&world, ZOE, "POST", &agree, Some(json!({ "digest": second }))).await), "plan_changed");
        assert_eq!(send(&world, ZOE, "POST", &agree, Some(json!({ "digest": "sha256:zz" }))).await.status, 400);
        assert_eq!(get(&world, PAYS, &path).await["payer"], Value::Null);
        let third = digest().await;
        // Two at once: one of them, and once.
        let both = tokio::join!(
            send(&world, ZOE, "POST", &agree, Some(json!({ "digest": third }))),
            send(&world, ZOE, "POST", &agree, Some(json!({ "digest": third }))),
        );
        let mut answers = [said(&both.0), said(&both.1)];
        answers.sort();
        assert_eq!(answers, ["204", "no_request"]);
        let events = world.events().await;
        let payer_changed = |e: &&orglink_domain::event::Event| e.payload.as_ref().is_some_and(|p| p["change"] == "payer_changed");
        assert_eq!(events.iter().filter(payer_changed).count(), 1);
    }

    async fn whoever_is_told_is_led_to_a_page_of_theirs(world) {
        let (world, account) = migrated(world).await;
        let apart = split(&world, &account, "docs-site").await;
        let admins = |of: &str, who: &str| format!("/billing-accounts/{of}/admins/{who}");
        send(&world, PAYS, "PUT", &admins(&apart, MIA), None).await;
        send(&world, PAYS, "DELETE", &admins(&apart, PAYS), None).await;
        send(&world, PAYS, "PUT", &admins(&account, ADA), None).await;
        send(&world, PAYS, "POST", &format!("/billing-accounts/{account}/payer"), Some(json!({ "email": ZOE }))).await;
        world.tell().await;
        // Asked are those whose yes it takes, not those beside whoever asks.
        for (who, count) in [(ZOE, 1), (ADA, 0), (MIA, 0)] {
            let asked = subjects(&world, who).await.iter().filter(|s| s.starts_with("You are asked about")).count();
            assert_eq!(asked, count, "{who}");
        }
        send(&world, ADA, "POST", &format!("/billing-accounts/{account}/merge"), Some(json!({ "into": apart }))).await;
        world.tell().await;
        assert!(subjects(&world, MIA).await.iter().any(|s| s.starts_with("You are asked about")));
        send(&world, MIA, "POST", &format!("/billing-accounts/{account}/agreement"), Some(json!({}))).await;
        world.tell().await;
        let mut opened = 0;
        for who in [MIA, PAYS, ADA] {
            let token = world.token(who).await;
            let (cookie, _) = world.session(who).await;
            let inbox = world.api(&token, "GET", "/notifications?limit=500", None).await.json();
            for entry in inbox["items"].as_array().unwrap() {
                let url = entry["url"].as_str().unwrap();
                let Some(page) = url.find("/billing-accounts").and_then(|at| url.get(at..)) else { continue };
                assert_eq!(world.send("GET", page, &[("cookie", &cookie)], "").await.status, 200, "{who} {entry}");
                opened += 1;
            }
        }
        assert!(opened > 6, "{opened}");
    }

    async fn where_no_admin_can_act_an_operator_appoints_one(world) {
        let (world, account) = migrated(world).await;
        let path = format!("/billing-accounts/{account}");
        let admin = format!("{path}/admins/{MIA}");
        assert_eq!(said(&send(&world, OLGA, "PUT", &admin, None).await), "has_active_admins");
        for who in [BEN, ADA] {
            assert_eq!(said(&send(&world, who, "PUT", &admin, None).await), "not_allowed", "{who}");
        }
        let suspend = json!({ "reason": "left the company" });
        assert_eq!(said(&send(&world, OLGA, "PUT", &format!("/operator/accounts/{PAYS}/suspension"), Some(suspend)).await), "204");
        assert_eq!(said(&send(&world, BEN, "PUT", &admin, None).await), "not_allowed");
        // Nobody outside, and nothing else.
        assert_eq!(said(&send(&world, OLGA, "PUT", &format!("{path}/admins/{GUS}"), None).await), "not_known_here");
        assert_eq!(said(&send(&world, OLGA, "PATCH", &path, Some(json!({ "name": "Mine" }))).await), "not_allowed");
        assert_eq!(said(&send(&world, OLGA, "PUT", &admin, None).await), "204");
        assert_eq!(said(&send(&world, MIA, "PATCH", &path, Some(json!({ "name": "Docs" }))).await), "200");
        assert_eq!(said(&send(&world, OLGA, "PUT", &format!("{path}/admins/{ADA}"), None).await), "has_active_admins");
    }
}
