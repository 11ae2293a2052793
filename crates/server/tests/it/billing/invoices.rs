//! The bills of billing accounts.

use std::process::{Command, Stdio};

use orglink_app::invoice;
use orglink_domain::event::EventType;
use orglink_testkit::{TestApp, address_text, both};
use serde_json::{Value, json};

use super::{ADA, BEN, DAY, GUS, OLGA, PAYS, announce, code, linked, run};
use crate::cli::PROGRAM;
use crate::doctor::tamper;
use crate::notify::subjects;

/// Three workspaces whose billing has migrated on 6 March 2026, and their billing account.
pub async fn migrated(world: TestApp) -> (TestApp, String) {
    let world = linked(world).await;
    announce(&world).await;
    world.clock.advance(60 * DAY);
    run(&world).await;
    let account = accounts(&world, PAYS).await[0]["id"].as_str().unwrap().to_owned();
    (world, account)
}

pub async fn accounts(world: &TestApp, who: &str) -> Vec<Value> {
    let token = world.token(who).await;
    let found = world.api(&token, "GET", "/me/billing-accounts", None).await;
    assert_eq!(found.status, 200, "{}", found.text);
    found.json()["items"].as_array().unwrap().clone()
}

pub async fn get(world: &TestApp, who: &str, path: &str) -> Value {
    let token = world.token(who).await;
    let found = world.api(&token, "GET", path, None).await;
    assert_eq!(found.status, 200, "{path}: {}", found.text);
    found.json()
}

async fn issue(world: &TestApp) -> (u64, u64) {
    let done = invoice::issue_invoices(&world.app, &world.person(OLGA).await).await.unwrap();
    (done.invoices, done.uncharged)
}

async fn is_right(world: &TestApp) -> Value {
    let found = get(world, OLGA, "/operator/invoices/reconciliation").await;
    assert_eq!(found["faults"], json!([]), "{found}");
    found
}

/// In hundredths.
fn cents(amount: &Value) -> i64 {
    amount.as_str().unwrap().replace('.', "").parse().unwrap()
}

both! {
    async fn a_month_is_one_bill_that_adds_up_and_comes_once(world) {
        let (world, account) = migrated(world).await;
        let promised = get(&world, ADA, "/billing/preview?organization=meridian").await;
        // What came during a month stands on the bill of the next one.
        assert_eq!(issue(&world).await, (0, 0));
        world.clock.advance(30 * DAY);
        assert_eq!((issue(&world).await, issue(&world).await), ((1, 0), (0, 0)));
        let bill = get(&world, PAYS, "/invoices/INV-000001").await;
        assert_eq!((&bill["issued_on"], &bill["due_on"], &bill["billing_account"]), (&json!("2026-04-05"), &json!("2026-05-05"), &json!(account)));
        let lines = bill["lines"].as_array().unwrap();
        let of = |slug: &str| lines.iter().filter(|l| l["workspace"] == slug).map(|l| (l["from"].as_str().unwrap(), l["until"].as_str().unwrap())).collect::<Vec<_>>();
        assert_eq!(of("atlas-mobile"), [("2026-03-06", "2027-03-06")]);
        for monthly in ["atlas-platform", "docs-site"] {
            assert_eq!(of(monthly), [("2026-03-06", "2026-04-01"), ("2026-04-01", "2026-05-01")], "{monthly}");
        }
        // The first charge of each is the one that was promised.
        for w in promised["workspaces"].as_array().unwrap() {
            let first = lines.iter().find(|l| l["workspace"] == w["workspace"]).unwrap();
            assert_eq!(w["first_charge"]["amount"], first["net"], "{w}");
        }
        let sum: i64 = lines.iter().map(|l| cents(&l["net"])).sum();
        assert_eq!((cents(&bill["net"]), cents(&bill["total"])), (sum, sum + cents(&bill["tax"])));
        // The next month: what is paid for a year is not on it. Two months late is one bill with the lines of both.
        world.clock.advance(30 * DAY);
        assert_eq!(issue(&world).await, (1, 0));
        let bill = get(&world, PAYS, "/invoices/INV-000002").await;
        assert_eq!(bill["lines"].as_array().unwrap().len(), 2, "{bill}");
        world.clock.advance(62 * DAY);
        assert_eq!(issue(&world).await, (1, 0));
        let bill = get(&world, PAYS, "/invoices/INV-000003").await;
        assert_eq!((&bill["period_from"], &bill["period_until"]), (&json!("2026-06-01"), &json!("2026-08-01")));
        assert_eq!(bill["lines"].as_array().unwrap().len(), 4, "{bill}");
        let found = is_right(&world).await;
        assert_eq!((&found["invoices"], &found["last"]), (&json!(3), &json!(3)));
        let events = world.events().await;
        assert_eq!(events.iter().filter(|e| e.kind == EventType::InvoiceIssued).count(), 3);
        world.tell().await;
        for (who, told) in [(PAYS, 3), (BEN, 0), ("mia@meridian.example", 0)] {
            let bills = subjects(&world, who).await.iter().filter(|s| s.starts_with("Bill INV-")).count();
            assert_eq!(bills, told, "{who}");
        }
        world.check_invariants().await;
    }

    async fn a_bill_is_for_whoever_is_on_it(world) {
        let (world, account) = migrated(world).await;
        world.clock.advance(30 * DAY);
        issue(&world).await;
        // Billing admin; admin of the organization; operator. Not: an auditor, a member, somebody of another company.
        for (who, status) in [
            (PAYS, 200), (ADA, 200), (BEN, 200), (OLGA, 200), ("cleo@meridian.example", 404), ("mia@meridian.example", 404), (GUS, 404),
        ] {
            let token = world.token(who).await;
            for path in ["/invoices/INV-000001".to_owned(), "/invoices/INV-000001?format=csv".to_owned(), format!("/billing-accounts/{account}/invoices"), format!("/billing-accounts/{account}/workspaces")] {
                assert_eq!(world.api(&token, "GET", &path, None).await.status, status, "{who} {path}");
            }
            let (cookie, _) = world.session(who).await;
            for page in ["/invoices/INV-000001".to_owned(), "/invoices/INV-000001/lines.csv".to_owned(), format!("/billing-accounts/{account}")] {
                assert_eq!(world.send("GET", &page, &[("cookie", &cookie)], "").await.status, status, "{who} {page}");
            }
            let all = if who == OLGA { 200 } else { 403 };
            for (method, path) in [("GET", "/operator/invoices"), ("GET", "/operator/invoices/reconciliation"), ("POST", "/operator/invoices")] {
                assert_eq!(world.api(&token, method, path, None).await.status, all, "{who} {path}");
            }
        }
        for none in ["INV-000002", "INV-1", "%00", "'"] {
            let token = world.token(PAYS).await;
            assert_eq!(world.api(&token, "GET", &format!("/invoices/{none}"), None).await.status, 404, "{none}");
        }
        let token = world.token(PAYS).await;
        let csv = world.api(&token, "GET", "/invoices/INV-000001?format=csv", None).await.text;
        assert!(csv.starts_with("invoice,issued_on,workspace") && csv.lines().count() == 6, "{csv}");
        assert_eq!(world.api(&token, "GET", "/invoices/INV-000001?format=pdf", None).await.status, 400);
        let page = world.send("GET", "/invoices/INV-000001", &[("cookie", &world.session(PAYS).await.0)], "").await.text;
        assert!(page.contains("Bill INV-000001") && page.contains("Atlas Platform"), "{page}");
        // An organization with bills stays.
        let olga = get(&world, OLGA, "/operator/invoices").await;
        assert_eq!(olga["items"][0]["lines"].as_array().unwrap().len(), 5);
        let deletion = orglink_app::organization::preview_deletion(&world.app, &world.person(ADA).await, "meridian").await.unwrap();
        assert!(deletion.blockers.iter().any(|b| b.code == "has_billing_accounts"), "{:?}", deletion.blockers);
    }

    async fn what_has_no_price_waits_and_is_charged_from_the_same_day(world) {
        let (world, _) = migrated(world).await;
        world.import(r#"{"type":"workspace","slug":"atlas-platform","name":"Atlas Platform","plan":"free"}"#).await.unwrap();
        world.clock.advance(30 * DAY);
        // Free is for five people.
        assert_eq!(issue(&world).await, (1, 1));
        assert_eq!(is_right(&world).await["uncharged"].as_array().unwrap().len(), 1);
        world.clock.advance(30 * DAY);
        assert_eq!(issue(&world).await, (1, 1));
        let waiting = is_right(&world).await["uncharged"].clone();
        assert_eq!((&waiting[0]["workspace"], &waiting[0]["from"]), (&json!("atlas-platform"), &json!("2026-03-06")));
        world.import(r#"{"type":"workspace","slug":"atlas-platform","name":"Atlas Platform","plan":"premium"}"#).await.unwrap();
        world.clock.advance(30 * DAY);
        assert_eq!(issue(&world).await, (1, 0));
        let bill = get(&world, PAYS, "/invoices/INV-000003").await;
        let first = bill["lines"].as_array().unwrap().iter().find(|l| l["workspace"] == "atlas-platform").unwrap();
        assert_eq!(first["from"], "2026-03-06");
        assert_eq!(is_right(&world).await["uncharged"], json!([]));
    }

    async fn two_at_once_make_one_bill(world) {
        let (world, _) = migrated(world).await;
        world.clock.advance(30 * DAY);
        let four = tokio::join!(invoice::issue_due(&world.app), invoice::issue_due(&world.app), invoice::issue_due(&world.app), invoice::issue_due(&world.app));
        let made: u64 = [four.0, four.1, four.2, four.3].into_iter().map(|done| done.unwrap().invoices).sum();
        assert_eq!(made, 1);
        assert_eq!(is_right(&world).await["last"], 1);
        world.check_invariants().await;
    }

    async fn killed_anywhere_no_number_is_lost_and_no_day_charged_twice(world) {
        let (world, _) = migrated(world).await;
        // Programs have the real clock: the next month is long past.
        let issue = |point: Option<&str>| {
            let mut command = Command::new(PROGRAM);
            command.args(["invoice", "issue", "--json", "--database", &address_text(&world.database.address())]);
            point.map(|point| command.env("ORGLINK_FAULT", point));
            command.stdin(Stdio::null()).output().unwrap()
        };
        for point in ["invoice.charged", "invoice.issued"] {
            assert!(orglink_store::fault::POINTS.contains(&point));
            assert!(!issue(Some(point)).status.success(), "{point} was not passed");
            assert_eq!(is_right(&world).await["last"], 0);
        }
        let done = issue(None);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert_eq!(is_right(&world).await["last"], 1);
        world.check_invariants().await;
    }

    async fn what_is_wrong_with_a_bill_is_found(world) {
        let (world, _) = migrated(world).await;
        world.clock.advance(30 * DAY);
        issue(&world).await;
        world.clock.advance(30 * DAY);
        issue(&world).await;
        is_right(&world).await;
        for (damage, said) in [
            ("UPDATE invoice_line SET net = '0.01' WHERE sequence = 1 AND line = 1", "its lines add up to"),
            ("UPDATE invoice SET tax = '1.00' WHERE sequence = 2", "its tax is"),
            ("UPDATE invoice_line SET day_from = 20260310 WHERE sequence = 2 AND line = 1", "charged twice"),
            ("UPDATE invoice_sequence SET last_number = 3", "the last number taken is 3"),
        ] {
            tamper(&world, damage).await;
            let found = get(&world, OLGA, "/operator/invoices/reconciliation").await;
            assert!(found["faults"].to_string().contains(said), "{damage}: {found}");
        }
    }

    async fn operators_alone_make_bills_by_hand(world) {
        let (world, _) = migrated(world).await;
        assert_eq!(code(invoice::issue_invoices(&world.app, &world.person(ADA).await).await), "not_allowed");
        assert_eq!(code(invoice::reconcile(&world.app, &world.person(PAYS).await).await), "not_allowed");
    }
}
