//! Money: what workspaces cost, and the organization paying for them from a day on.

mod accounts;
pub mod invoices;

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use orglink_app::campaign::{self, DecisionView, NewPostponement, Progress};
use orglink_app::link::{UndoRequest, undo_link};
use orglink_app::{Error, Principal, billing, installation};
use orglink_domain::campaign::automatic::{DecisionState, LeftAlone, Rule};
use orglink_domain::campaign::{CampaignState, Definition, Purpose};
use orglink_domain::event::EventType;
use orglink_store::fault::POINTS;
use orglink_testkit::{TestApp, address_text, both};
use serde_json::{Value, json};

use crate::cli::PROGRAM;
use crate::notify::subjects;

const ADA: &str = "ada@meridian.example";
const BEN: &str = "ben@meridian.example";
const GUS: &str = "gus@solo.example";
const OLGA: &str = "olga@operator.example";
/// Billing contact of three workspaces, and member of none.
pub const PAYS: &str = "billing@meridian.example";
const NAME: &str = "billing-2026";
const DAY: i64 = 24 * 60 * 60;

/// The example, with the dates of these tests.
fn text() -> String {
    let mut text = include_str!("../../../../../docs/examples/billing.toml").to_owned();
    for (theirs, ours) in [
        ("billing-2027", NAME),
        ("2027-01-15", "2026-01-02"),
        ("2027-02-28", "2026-02-28"),
        ("2027-03-01", "2026-03-01"),
    ] {
        assert!(text.contains(theirs));
        text = text.replace(theirs, ours);
    }
    text
}

fn definition() -> Definition {
    toml::from_str(&text()).unwrap()
}

/// Three workspaces of one payer, linked.
async fn linked(world: TestApp) -> TestApp {
    let world = world.with_company().await.with_undo_window(300 * DAY).await;
    for w in ["atlas-platform", "atlas-mobile", "docs-site"] {
        world.link(ADA, w, "meridian").await.unwrap();
    }
    installation::grant_operator(&world.app, &Principal::local_operator(), OLGA).await.unwrap();
    world
}

async fn announce(world: &TestApp) {
    let olga = world.person(OLGA).await;
    campaign::create_campaign(&world.app, &olga, &definition(), None).await.unwrap();
    run(world).await;
}

async fn run(world: &TestApp) -> Progress {
    let olga = world.person(OLGA).await;
    loop {
        let progress = campaign::run_campaign(&world.app, &olga, NAME).await.unwrap();
        if !progress.did {
            return progress;
        }
    }
}

async fn rows(world: &TestApp, run: Option<&str>) -> BTreeMap<String, DecisionView> {
    let olga = world.person(OLGA).await;
    let page = campaign::list_decisions(&world.app, &olga, NAME, run, None, None, 1000).await.unwrap();
    page.rows.into_iter().map(|row| (row.workspace.clone(), row)).collect()
}

async fn plan(world: &TestApp, who: &str, workspace: &str) -> Value {
    let token = world.token(who).await;
    let answer = world.api(&token, "GET", &format!("/workspaces/{workspace}/billing/migration"), None).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn codes(plan: &Value) -> Vec<&str> {
    plan["blockers"].as_array().unwrap().iter().map(|b| b["code"].as_str().unwrap()).collect()
}

fn code(refused: Result<impl Sized, Error>) -> &'static str {
    match refused {
        Err(Error::Refused(refusal)) => refusal.code,
        Err(Error::NotFound { .. }) => "not_found",
        Err(Error::BadInput(_)) => "bad_input",
        Err(e) => panic!("not a clear refusal: {e}"),
        Ok(_) => "done",
    }
}

const RECORDS: &str = r#"{"type":"subscription","workspace":"docs-site","currency":"EUR","next_bill_on":"2026-03-17","reseller":"zoe@harbor.example"}
{"type":"invoice","workspace":"docs-site","number":"D-1","issued_on":"2025-12-17","period_from":"2025-12-17","period_until":"2026-01-17","currency":"EUR","net":"13.20","tax":"2.51","state":"paid"}
{"type":"invoice","workspace":"docs-site","number":"D-2","issued_on":"2026-01-17","net":"13.20","state":"open"}
"#;

both! {
    async fn what_is_imported_comes_back_and_bad_lines_say_what_is_wrong(world) {
        let world = world.with_company().await;
        let report = world.import(RECORDS).await.unwrap();
        assert_eq!(report.created.values().sum::<u64>(), 3);
        let export = world.export().await;
        for line in RECORDS.lines() {
            assert!(export.contains(&line.to_owned()), "{line} is not in the export");
        }
        let again = world.import(&export.join("\n")).await.unwrap();
        assert_eq!((again.created.values().sum::<u64>(), again.changed.values().sum::<u64>()), (0, 0));
        // What is absent stays.
        world.import(r#"{"type":"subscription","workspace":"docs-site","next_bill_on":"2026-04-17"}"#).await.unwrap();
        let billing = world.api(&world.token(ADA).await, "GET", "/workspaces/docs-site/billing", None).await.json();
        assert_eq!((&billing["currency"], &billing["next_bill_on"]), (&json!("EUR"), &json!("2026-04-17")));
        assert_eq!(billing["reseller"], "zoe@harbor.example");
        for (line, wrong) in [
            (r#"{"type":"subscription","workspace":"docs-site","currency":"XXX"}"#, "no currency XXX"),
            (r#"{"type":"subscription","workspace":"docs-site","currency":"eur"}"#, "is not a currency"),
            (r#"{"type":"subscription","workspace":"docs-site","tax":"mars"}"#, "no tax 'mars'"),
            (r#"{"type":"subscription","workspace":"docs-site","reseller":"nobody@else.example"}"#, "nobody@else.example"),
            (r#"{"type":"subscription","workspace":"nowhere"}"#, "nowhere"),
            (r#"{"type":"invoice","workspace":"docs-site","number":"D-3","issued_on":"2026-02-30","net":"1","state":"open"}"#, "is not a day"),
            (r#"{"type":"invoice","workspace":"docs-site","number":"D-3","issued_on":"2026-02-03","net":"1,5","state":"open"}"#, "is not an amount"),
            (r#"{"type":"invoice","workspace":"docs-site","number":"D-3","issued_on":"2026-02-03","net":"1.5","state":"lost"}"#, "expected one of: open"),
            (r#"{"type":"invoice","workspace":"docs-site","number":"D-3","issued_on":"2026-02-03","period_from":"2026-02-01","net":"1.5","state":"open"}"#, "stand together"),
        ] {
            let Err(Error::BadInput(errors)) = world.import(line).await else { panic!("{line} was taken") };
            assert!(errors[0].detail.contains(wrong), "{line}: {}", errors[0].detail);
        }
        world.check_invariants().await;
    }

    async fn what_a_workspace_costs_is_for_whoever_has_to_do_with_it(world) {
        let world = linked(world).await;
        world.import(RECORDS).await.unwrap();
        let token = |who: &'static str| { let world = &world; async move { world.token(who).await } };
        // Admin; contact; reseller; admin of the organization; operator. Not: a member, somebody of another company, an auditor.
        for (who, status, invoices) in [
            (ADA, 200, 200), (PAYS, 200, 200), ("zoe@harbor.example", 200, 200), (BEN, 200, 403), (OLGA, 200, 200),
            ("mia@meridian.example", 403, 403), (GUS, 404, 404), ("cleo@meridian.example", 403, 403),
        ] {
            let token = token(who).await;
            for (path, expected) in [
                ("/workspaces/docs-site/billing", status),
                ("/workspaces/docs-site/billing/migration", status),
                ("/billing/preview?workspaces=docs-site", status),
                ("/workspaces/docs-site/billing/invoices", invoices),
            ] {
                assert_eq!(world.api(&token, "GET", path, None).await.status, expected, "{who} {path}");
            }
        }
        // A contact of one workspace learns nothing of another.
        let pays = token(PAYS).await;
        assert_eq!(world.api(&pays, "GET", "/billing/preview?workspaces=docs-site,harbor-ops", None).await.status, 404);
        // Of everything that is linked, its admins; an auditor reads what happened, not what it costs.
        for (who, expected) in [(BEN, 200), ("cleo@meridian.example", 403), ("kim@meridian.example", 403), (GUS, 404)] {
            let token = token(who).await;
            assert_eq!(world.api(&token, "GET", "/billing/preview?organization=meridian", None).await.status, expected, "{who}");
        }
        let ada = token(ADA).await;
        let invoices = world.api(&ada, "GET", "/workspaces/docs-site/billing/invoices", None).await.json();
        assert_eq!(invoices["items"][0]["total"], "15.71");
        // Platform: premium, monthly; mobile: premium, annual; the site is in a currency without prices.
        let path = "/billing/preview?organization=meridian&on=2026-02-10";
        let found = world.api(&ada, "GET", path, None).await.json();
        let of = |slug: &str| found["workspaces"].as_array().unwrap().iter().find(|w| w["workspace"] == slug).unwrap().clone();
        let (platform, mobile, site) = (of("atlas-platform"), of("atlas-mobile"), of("docs-site"));
        let people = platform["people"].as_i64().unwrap();
        assert!(people > 5, "{people}");
        let price = format!("{}.{:02}", 660 * people / 100, 660 * people % 100);
        assert_eq!(platform["today"]["amount"], json!(price));
        assert_eq!((&platform["after_link"], &platform["after_migration"]), (&platform["today"], &platform["today"]));
        assert_eq!((&mobile["today"]["amount"], &mobile["first_charge"]["until"]), (&json!("330.00"), &json!("2027-02-10")));
        assert_eq!((&site["today"]["code"], &site["first_charge"]), (&json!("no_price"), &Value::Null));
        assert_eq!(found["payers"].as_array().unwrap().len(), 2, "the reseller's is a bill of its own: {found}");
        let csv = world.api(&ada, "GET", &format!("{path}&format=csv"), None).await.text;
        assert!(csv.starts_with("workspace,plan") && csv.lines().count() == 4, "{csv}");
        for bad in ["/billing/preview", "/billing/preview?workspaces=docs-site&on=tomorrow", "/billing/preview?workspaces=docs-site&format=pdf"] {
            assert_eq!(world.api(&ada, "GET", bad, None).await.status, 400, "{bad}");
        }
    }

    async fn as_rehearsed_the_organization_pays_and_everybody_was_told(world) {
        let world = linked(world).await;
        let (olga, ada) = (world.person(OLGA).await, world.person(ADA).await);
        let early = Definition { automatic: orglink_domain::campaign::Automatic { minimum_notice: "29d".parse().unwrap(), ..definition().automatic }, ..definition() };
        assert_eq!(code(campaign::create_campaign(&world.app, &olga, &early, None).await), "bad_input");
        assert_eq!(plan(&world, ADA, "docs-site").await["state"], "legacy");
        announce(&world).await;
        let scheduled = plan(&world, PAYS, "docs-site").await;
        assert_eq!((&scheduled["state"], codes(&scheduled)), (&json!("scheduled"), vec![]));
        assert_eq!(scheduled["campaign"]["migrates_on"], "1 March 2026");
        // Admins and contacts of each workspace once; the organization's admins once for all of them; nobody else.
        for (who, count) in [(ADA, 4), (BEN, 1), (PAYS, 3), ("mia@meridian.example", 0), (GUS, 0)] {
            let told = subjects(&world, who).await.iter().filter(|s| s.starts_with("From 1 March 2026")).count();
            assert_eq!(told, count, "{who}");
        }
        let rehearsed = campaign::rehearse_campaign(&world.app, &olga, NAME, None).await.unwrap();
        let foreseen = rows(&world, Some(&rehearsed.run.id.to_string())).await;
        assert_eq!(foreseen.len(), 3);
        assert!(foreseen.values().all(|row| row.rule == Some(Rule::BillingContacts)), "{foreseen:?}");
        world.clock.advance(60 * DAY);
        let done = run(&world).await;
        assert_eq!((done.state, done.to_link, done.failed), (CampaignState::Done, 3, 0));
        for (slug, row) in rows(&world, None).await {
            let before = &foreseen[&slug];
            assert_eq!((row.state, &row.organization, &row.reason), (DecisionState::Migrated, &before.organization, &before.reason));
        }
        // One payer, one account, however many workspaces; nothing is done twice.
        let events = world.events().await;
        let count = |kind| events.iter().filter(|e| e.kind == kind).count();
        assert_eq!((count(EventType::WorkspaceBillingMigrated), count(EventType::BillingAccountCreated)), (3, 1));
        let migrated = plan(&world, PAYS, "docs-site").await;
        assert_eq!((&migrated["state"], &migrated["organization"]), (&json!("migrated"), &Value::Null));
        assert_eq!(plan(&world, ADA, "docs-site").await["organization"], "meridian");
        let feature = world.api(&world.token(ADA).await, "GET", "/workspaces/docs-site/entitlements/unified_billing", None).await.json();
        assert_eq!(feature["entitled"], true, "{feature}");
        // Users have not: the stages are two.
        let feature = world.api(&world.token(ADA).await, "GET", "/workspaces/docs-site/entitlements/central_user_management", None).await.json();
        assert_eq!(feature["entitled"], false, "{feature}");
        // More than a link hangs on it now, within its undo window and for operators too.
        let request = UndoRequest { plan_digest: None, reason: Some("no".to_owned()) };
        assert_eq!(code(undo_link(&world.app, &ada, "docs-site", &request).await), "billing_migrated");
        let unlink = orglink_app::consent::plan_unlink(&world.app, &olga, "docs-site").await;
        assert_eq!(code(unlink), "billing_migrated");
        let line = r#"{"type":"subscription","workspace":"docs-site","currency":"EUR"}"#;
        assert_eq!(code(world.import(line).await), "bad_input");
        world.tell().await;
        assert!(subjects(&world, PAYS).await.iter().any(|s| s.contains("pays for Docs Site from now on")));
        let again = campaign::rehearse_campaign(&world.app, &olga, NAME, None).await.unwrap();
        assert_eq!(again.counts.workspaces, 0);
        world.check_invariants().await;
    }

    async fn the_line_of_a_workspace_says_what_each_stage_changed_and_what_comes(world) {
        let world = linked(world).await;
        let line = |who: &'static str, slug: &'static str| { let world = &world; async move {
            let token = world.token(who).await;
            world.events().await;
            world.api(&token, "GET", &format!("/workspaces/{slug}/timeline"), None).await
        } };
        assert_eq!((line(GUS, "docs-site").await.status, line(BEN, "docs-site").await.status), (404, 403));
        let steps = |line: &Value| -> Vec<(String, bool)> {
            let entries = line["entries"].as_array().unwrap();
            entries.iter().map(|e| (e["step"].as_str().unwrap().to_owned(), e["is_to_come"] == true)).collect()
        };
        let has = |steps: &[(String, bool)], step: &str, to_come| steps.contains(&(step.to_owned(), to_come));
        let before = steps(&line("mia@meridian.example", "docs-site").await.json());
        assert!(has(&before, "linking", false) && has(&before, "linking", true) && !has(&before, "billing", true), "{before:?}");
        announce(&world).await;
        let told = steps(&line(ADA, "docs-site").await.json());
        assert!(has(&told, "billing", true) && !has(&told, "billing", false), "{told:?}");
        // Not linked: no date of billing is its own.
        assert!(!has(&steps(&line(ADA, "hackdays").await.json()), "billing", true));
        world.clock.advance(60 * DAY);
        run(&world).await;
        let done = line(ADA, "docs-site").await.json();
        let after = steps(&done);
        assert!(has(&after, "billing", false) && !has(&after, "billing", true), "{after:?}");
        let times: Vec<&str> = done["entries"].as_array().unwrap().iter().map(|e| e["at"].as_str().unwrap()).collect();
        assert!(times.is_sorted(), "{times:?}");
    }

    async fn what_stands_in_the_way_is_said_and_keeps_it(world) {
        let world = linked(world).await;
        world.import(RECORDS).await.unwrap();
        world.import(r#"{"type":"workspace","slug":"atlas-mobile","name":"Atlas Mobile","billing_contacts":[]}"#).await.unwrap();
        announce(&world).await;
        assert_eq!(codes(&plan(&world, ADA, "docs-site").await), ["open_invoice", "reseller_must_consent", "no_price"]);
        assert_eq!(codes(&plan(&world, ADA, "atlas-mobile").await), ["no_billing_contact"]);
        assert_eq!(codes(&plan(&world, ADA, "hackdays").await), ["not_linked"]);
        // The reseller agrees to what they saw; nobody agrees for them; another plan is not agreed to.
        let (zoe, ada) = (world.person("zoe@harbor.example").await, world.person(ADA).await);
        let agree = |who: Principal, shown: Option<Value>| { let world = &world; async move {
            let shown = shown.map(|d| d.as_str().unwrap().parse().unwrap());
            billing::agree_to_migration(&world.app, &who, "docs-site", true, shown).await
        } };
        assert_eq!(code(agree(ada.clone(), None).await), "not_allowed");
        let seen = plan(&world, "zoe@harbor.example", "docs-site").await["digest"].clone();
        world.import(r#"{"type":"subscription","workspace":"docs-site","currency":"USD"}"#).await.unwrap();
        assert_eq!(code(agree(zoe.clone(), Some(seen)).await), "plan_changed");
        let seen = plan(&world, "zoe@harbor.example", "docs-site").await["digest"].clone();
        agree(zoe.clone(), Some(seen)).await.unwrap();
        assert_eq!(codes(&plan(&world, ADA, "docs-site").await), ["open_invoice"]);
        // Another reseller has agreed to nothing.
        let paid = r#"{"type":"invoice","workspace":"docs-site","number":"D-2","issued_on":"2026-01-17","net":"13.20","state":"paid"}"#;
        world.import(paid).await.unwrap();
        assert_eq!(codes(&plan(&world, ADA, "docs-site").await), Vec::<&str>::new());
        world.import(r#"{"type":"subscription","workspace":"docs-site","reseller":"lena@harbor.example"}"#).await.unwrap();
        assert_eq!(codes(&plan(&world, ADA, "docs-site").await), ["reseller_must_consent"]);
        // More time, and time again.
        let wanted = |until: &str| NewPostponement { until: until.parse().unwrap(), reason: "year end".to_owned() };
        assert_eq!(code(campaign::postpone(&world.app, &ada, "atlas-platform", Purpose::Link, &wanted("2026-03-10")).await), "already_linked");
        campaign::postpone(&world.app, &ada, "atlas-platform", Purpose::Billing, &wanted("2026-03-10")).await.unwrap();
        assert_eq!(codes(&plan(&world, ADA, "atlas-platform").await), ["postponed"]);
        world.clock.advance(56 * DAY);
        assert_ne!(run(&world).await.state, CampaignState::Done);
        let found = rows(&world, None).await;
        let why = |slug: &str| found[slug].left_alone;
        assert_eq!(why("docs-site"), Some(LeftAlone::ResellerMustConsent));
        assert_eq!(why("atlas-mobile"), Some(LeftAlone::NoBillingContact));
        assert_eq!(why("atlas-platform"), Some(LeftAlone::Postponed));
        world.clock.advance(20 * DAY);
        assert_eq!(run(&world).await.state, CampaignState::Done);
        assert_eq!(rows(&world, None).await["atlas-platform"].state, DecisionState::Migrated);
        world.check_invariants().await;
    }

    async fn whoever_had_more_time_is_looked_at_again(world) {
        let world = linked(world).await;
        let ada = world.person(ADA).await;
        announce(&world).await;
        let wanted = NewPostponement { until: "2026-03-20".parse().unwrap(), reason: "year end".to_owned() };
        campaign::postpone(&world.app, &ada, "atlas-mobile", Purpose::Billing, &wanted).await.unwrap();
        world.clock.advance(56 * DAY);
        run(&world).await;
        // What stands in the way now is no change of the workspace: it is billed annually, and people are counted once from now on.
        let catalog = orglink_server::config::DEFAULT_CATALOG.replace("count_people = \"per_workspace\"", "count_people = \"once\"");
        let world = world.with_catalog(&catalog).await;
        world.clock.advance(20 * DAY);
        run(&world).await;
        let row = rows(&world, None).await.remove("atlas-mobile").unwrap();
        assert_eq!((row.state, row.outcome.as_deref()), (DecisionState::Skipped, Some("cycle_mismatch")), "{row:?}");
        assert_eq!(plan(&world, ADA, "atlas-mobile").await["state"], "legacy");
    }

    async fn killed_at_every_place_it_is_finished_by_the_next(world) {
        let world = linked(world).await;
        // People are told by the clock of the tests, in January; programs have the real one, to which the day is past. (That telling is
        // killed anywhere and tells once is shown of campaigns that link: it is the same.)
        announce(&world).await;
        let run = |point: Option<&str>| {
            let mut command = Command::new(PROGRAM);
            command.args(["migration", "billing", "run", NAME, "--yes", "--json"]);
            command.args(["--database", &address_text(&world.database.address())]);
            point.map(|point| command.env("ORGLINK_FAULT", point));
            command.stdin(Stdio::null()).output().unwrap()
        };
        let others = ["campaign.telling", "campaign.told", "campaign.organizations", "campaign.linked", "campaign.grouped"];
        let mut points: Vec<&str> =
            POINTS.iter().copied().filter(|p| p.starts_with("campaign.") || p.starts_with("migration.")).collect();
        points.retain(|p| !others.contains(p));
        // Behind the last nothing is left to do.
        points.sort_by_key(|p| ["campaign.events", "campaign.batch"].iter().position(|late| late == p).map_or(0, |n| n + 1));
        assert!(points.len() > 6, "{points:?}");
        for point in points {
            let killed = run(Some(point));
            assert!(!killed.status.success(), "{point} was not passed: {}", String::from_utf8_lossy(&killed.stdout));
            world.check_invariants().await;
        }
        let done = run(None);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let events = world.events().await;
        let count = |kind| events.iter().filter(|e| e.kind == kind).count();
        assert_eq!((count(EventType::WorkspaceBillingMigrated), count(EventType::BillingAccountCreated)), (3, 1));
        assert_eq!(count(EventType::CampaignDecided), 1);
        world.check_invariants().await;
    }

    async fn a_reseller_agrees_to_one_plan_and_to_no_other(world) {
        let world = linked(world).await;
        world.import(r#"{"type":"subscription","workspace":"docs-site","next_bill_on":"2026-02-17","reseller":"zoe@harbor.example"}"#).await.unwrap();
        let zoe = world.person("zoe@harbor.example").await;
        billing::agree_to_migration(&world.app, &zoe, "docs-site", true, None).await.unwrap();
        let agreed = plan(&world, ADA, "docs-site").await;
        assert_eq!(codes(&agreed), Vec::<&str>::new());
        // What changes from month to month is no other plan.
        world.import(r#"{"type":"subscription","workspace":"docs-site","next_bill_on":"2026-03-17"}"#).await.unwrap();
        assert_eq!(plan(&world, ADA, "docs-site").await["digest"], agreed["digest"]);
        // Other terms are, and another organization is.
        world.import(r#"{"type":"workspace","slug":"docs-site","name":"Docs Site","plan":"premium"}"#).await.unwrap();
        assert_eq!(codes(&plan(&world, ADA, "docs-site").await), ["reseller_must_consent"]);
        world.import(r#"{"type":"workspace","slug":"docs-site","name":"Docs Site","plan":"standard"}"#).await.unwrap();
        assert_eq!(codes(&plan(&world, ADA, "docs-site").await), Vec::<&str>::new());
        undo_link(&world.app, &world.person(ADA).await, "docs-site", &UndoRequest::default()).await.unwrap();
        world.link(ADA, "docs-site", "meridian-labs").await.unwrap();
        assert_eq!(codes(&plan(&world, ADA, "docs-site").await), ["reseller_must_consent"]);
    }

    async fn more_time_is_given_to_as_many_as_the_budget_says(world) {
        let world = linked(world).await;
        let (olga, ada) = (world.person(OLGA).await, world.person(ADA).await);
        let mut tight = definition();
        tight.postponement.budget = 1;
        campaign::create_campaign(&world.app, &olga, &tight, None).await.unwrap();
        run(&world).await;
        let wanted = NewPostponement { until: "2026-03-10".parse().unwrap(), reason: "year end".to_owned() };
        let ask = |slug: &'static str| campaign::postpone(&world.app, &ada, slug, Purpose::Billing, &wanted);
        ask("atlas-platform").await.unwrap();
        assert_eq!(code(ask("docs-site").await), "postponement_budget_spent");
        ask("atlas-platform").await.unwrap();
        campaign::withdraw_postponement(&world.app, &ada, "atlas-platform", Purpose::Billing).await.unwrap();
        ask("docs-site").await.unwrap();
    }

    async fn nobody_is_surprised_by_an_earlier_day_and_nothing_is_undone(world) {
        let world = linked(world).await;
        announce(&world).await;
        let olga = world.person(OLGA).await;
        let on = |day: &str, last: &str| Definition { automatic_from: day.parse().unwrap(), link_by: last.parse().unwrap(), ..definition() };
        let change = |to: Definition| { let (app, olga) = (&world.app, &olga); async move {
            campaign::change_campaign(app, olga, NAME, &to, orglink_app::Expected::Any).await
        } };
        assert_eq!(code(change(on("2026-01-20", "2026-01-19")).await), "bad_input");
        change(on("2026-02-10", "2026-02-09")).await.unwrap();
        change(on("2026-05-01", "2026-04-30")).await.unwrap();
        assert_eq!(code(change(on("2026-01-20", "2026-01-19")).await), "bad_input");
        world.clock.advance(130 * DAY);
        assert_eq!(run(&world).await.state, CampaignState::Done);
        assert_eq!(code(campaign::undo_run(&world.app, &olga, NAME, None, "a test").await), "migration_is_permanent");
    }

    async fn pages_say_where_it_stands_and_offer_nothing_that_is_over(world) {
        let world = linked(world).await;
        // Signed in anew each time: months go by.
        let page = async |path: &str| {
            let (cookie, _) = world.session(ADA).await;
            world.send("GET", path, &[("cookie", &cookie)], "").await.text
        };
        let before = page("/workspaces/docs-site").await;
        assert!(before.contains("Linking only.") && before.contains("Undo the link"), "{before}");
        announce(&world).await;
        world.clock.advance(60 * DAY);
        run(&world).await;
        let after = page("/workspaces/docs-site").await;
        assert!(after.contains("billing migrated") && after.contains("The organization pays for it."), "{after}");
        assert!(!after.contains("Undo the link") && !after.contains("Linking only."), "{after}");
        assert!(page("/workspaces/docs-site/plan").await.contains("/organizations/meridian/billing"));
        let token = world.token(ADA).await;
        world.events().await;
        let line = world.api(&token, "GET", "/workspaces/docs-site/timeline", None).await.text;
        assert!(!line.contains("can no longer be undone"), "{line}");
    }

    async fn whoever_pays_for_something_cannot_be_erased_before_somebody_else_does(world) {
        let world = linked(world).await;
        world.import(r#"{"type":"subscription","workspace":"harbor-ops","reseller":"zoe@harbor.example"}"#).await.unwrap();
        world.import(r#"{"type":"workspace","slug":"docs-site","name":"Docs Site","billing_contacts":["billing@meridian.example","tess@meridian.example"]}"#).await.unwrap();
        announce(&world).await;
        world.clock.advance(60 * DAY);
        run(&world).await;
        let erase = |who: &'static str| { let world = &world; async move {
            let principal = world.person(who).await;
            let why: Vec<&str> = orglink_app::account::preview_erasure(&world.app, &principal).await.unwrap().reasons().iter().map(|r| r.code).collect();
            (why, code(orglink_app::account::erase_account(&world.app, &principal, who).await))
        } };
        let (why, outcome) = erase("zoe@harbor.example").await;
        assert!(why.contains(&"payer") && outcome == "last_admin", "{why:?}");
        assert_eq!(erase(PAYS).await, (vec!["last_billing_admin"], "last_admin"));
        assert_eq!(erase("tess@meridian.example").await, (vec![], "done"));
        world.check_invariants().await;
    }
}
