//! The migration of users as a campaign: told, agreed to beforehand, rehearsed, run, killed; nobody can do more or less afterwards.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use orglink_app::campaign::{self, DecisionView, NewPostponement, Progress};
use orglink_app::ledger::{find_public_key, integrate_all};
use orglink_app::receipt::verify_receipt;
use orglink_app::{App, Error, Principal};
use orglink_domain::campaign::automatic::{DecisionState, LeftAlone, Rule};
use orglink_domain::campaign::{Automatic, CampaignState, Definition, Purpose, Users, UsersConsent};
use orglink_domain::event::EventType;
use orglink_domain::ledger::VerifierKey;
use orglink_domain::link::Consent;
use orglink_store::fault::POINTS;
use orglink_testkit::{Answer, TestApp, address_text, both};
use serde_json::{Value, json};

use super::isolated::{PLACES, ROOT, everything, lines};
use super::{ADA, BEN, HANA, MIA, W, code, codes, members, run as run_one};
use crate::cli::{PROGRAM, run as command};
use crate::notify::subjects;

const NAME: &str = "users-2026";
const DAY: i64 = 24 * 60 * 60;
const LABS: &str = "docs-site";

/// The example, with the dates of these tests.
fn definition() -> Definition {
    let mut text = include_str!("../../../../../docs/examples/users.toml").to_owned();
    for (theirs, ours) in
        [("users-2027", NAME), ("2027-04-15", "2026-01-02"), ("2027-05-31", "2026-02-28"), ("2027-06-01", "2026-03-01")]
    {
        assert!(text.contains(theirs));
        text = text.replace(theirs, ours);
    }
    toml::from_str(&text).unwrap()
}

/// Three workspaces of people who are in no other, in one organization.
async fn three(world: TestApp) -> TestApp {
    world.import(&lines()).await.unwrap();
    for (slug, ..) in PLACES {
        world.link(ROOT, slug, "isolated").await.unwrap();
    }
    world
}

async fn create(world: &TestApp, definition: &Definition) -> Result<(), Error> {
    let operator = Principal::local_operator();
    campaign::create_campaign(&world.app, &operator, definition, None).await.map(|_| ())
}

async fn announce(world: &TestApp, definition: &Definition) {
    create(world, definition).await.unwrap();
    finish(&world.app).await;
}

/// Everything that is due.
async fn finish(app: &App) -> Progress {
    loop {
        let progress = campaign::run_campaign(app, &Principal::local_operator(), NAME).await.unwrap();
        if !progress.did {
            return progress;
        }
    }
}

/// Up to when all is decided, and nothing is done yet.
async fn decide(world: &TestApp) {
    loop {
        let progress = campaign::run_campaign(&world.app, &Principal::local_operator(), NAME).await.unwrap();
        if progress.state == CampaignState::Linking {
            return;
        }
        assert!(progress.did, "{progress:?}");
    }
}

async fn rows(world: &TestApp, run: Option<&str>) -> BTreeMap<String, DecisionView> {
    let operator = Principal::local_operator();
    let page = campaign::list_decisions(&world.app, &operator, NAME, run, None, None, 1000).await.unwrap();
    page.rows.into_iter().map(|row| (row.workspace.clone(), row)).collect()
}

async fn rehearse(world: &TestApp) -> BTreeMap<String, DecisionView> {
    let rehearsed = campaign::rehearse_campaign(&world.app, &Principal::local_operator(), NAME, None).await.unwrap();
    rows(world, Some(&rehearsed.run.id.to_string())).await
}

/// `organizations/O` or `workspaces/W`.
async fn agreement(world: &TestApp, who: &str, of: &str, method: &str) -> Answer {
    let body = (method == "PUT").then(|| json!({ "acknowledge_all": true }));
    world.api(&world.token(who).await, method, &format!("/{of}/users-migration/agreement"), body).await
}

async fn agree(world: &TestApp, who: &str, of: &str) {
    let answer = agreement(world, who, of, "PUT").await;
    assert_eq!(answer.status, 204, "{of}: {}", answer.text);
}

async fn agree_to_all(world: &TestApp) {
    agree(world, ROOT, "organizations/isolated").await;
    for (slug, ..) in PLACES {
        agree(world, ROOT, &format!("workspaces/{slug}")).await;
    }
}

fn refused(result: Result<impl Sized, Error>) -> &'static str {
    match result {
        Err(Error::Refused(refusal)) => refusal.code,
        Err(Error::BadInput(_)) => "bad_input",
        Err(e) => panic!("not a clear refusal: {e}"),
        Ok(_) => "done",
    }
}

async fn migrations(world: &TestApp) -> usize {
    world.events().await.into_iter().filter(|e| e.kind == EventType::WorkspaceUsersMigrated).count()
}

fn sides(view: &Value) -> Vec<(&str, &str)> {
    let sides = view["sides"].as_array().unwrap().iter();
    sides.map(|s| (s["side"].as_str().unwrap(), s["agreement"].as_str().unwrap())).collect()
}

both! {
    async fn as_rehearsed_and_only_where_both_have_agreed(world) {
        let world = three(world).await;
        let linked = everything(&world).await;
        let early = Definition { automatic: Automatic { minimum_notice: "29d".parse().unwrap(), ..definition().automatic }, ..definition() };
        assert_eq!(refused(create(&world, &early).await), "bad_input");
        let other = Definition { purpose: Purpose::Link, users: Users { consent: UsersConsent::Organization }, ..definition() };
        assert_eq!(refused(create(&world, &other).await), "bad_input");
        assert_eq!(code(&agreement(&world, ROOT, "organizations/isolated", "PUT").await), (409, "no_campaign".into()));
        announce(&world, &definition()).await;
        // Whoever administers the organization hears it once, however many workspaces; those of each workspace hear of it.
        for (who, organizations, workspaces) in [(ROOT, 1, 3), ("forty0@isolated.example", 0, 1), ("forty9@isolated.example", 0, 0)] {
            let told = subjects(&world, who).await;
            let count = |what: &str| told.iter().filter(|s| s.contains(what) && s.contains("are to migrate")).count();
            assert_eq!((count("the workspaces of Isolated"), count("the users of fo")), (organizations, workspaces), "{who}: {told:?}");
        }
        assert!(rehearse(&world).await.values().all(|row| row.left_alone == Some(LeftAlone::ConsentMissing)));
        let body = json!({ "acknowledge": ["migration_is_permanent"] });
        let root = world.token(ROOT).await;
        let half = world.api(&root, "PUT", "/organizations/isolated/users-migration/agreement", Some(body)).await;
        assert_eq!(code(&half), (409, "warnings_not_acknowledged".into()));
        for of in ["organizations/isolated", "workspaces/forty", "workspaces/fourteen"] {
            agree(&world, ROOT, of).await;
        }
        // Agreed to, and nothing is different.
        assert_eq!(everything(&world).await, linked);
        let foreseen = rehearse(&world).await;
        assert_eq!(foreseen["four"].left_alone, Some(LeftAlone::ConsentMissing));
        assert!(["forty", "fourteen"].iter().all(|slug| foreseen[*slug].rule == Some(Rule::OwnGroups)), "{foreseen:?}");
        world.clock.advance(60 * DAY);
        let done = finish(&world.app).await;
        assert_eq!((done.state, done.to_link, done.failed), (CampaignState::Done, 2, 0));
        for (slug, row) in rows(&world, None).await {
            let before = &foreseen[&slug];
            let state = if slug == "four" { DecisionState::LeftAlone } else { DecisionState::Migrated };
            assert_eq!((row.state, &row.organization, &row.reason), (state, &before.organization, &before.reason));
            assert_eq!((row.rule, row.left_alone), (before.rule, before.left_alone));
        }
        assert_eq!(migrations(&world).await, 2);
        let root = world.token(ROOT).await;
        let migrated = everything(&world).await;
        let different: Vec<_> = migrated.iter().filter(|(k, v)| linked.get(*k) != Some(*v)).collect();
        assert!(different.is_empty() && migrated.len() == linked.len(), "{different:?}");
        let groups = world.api(&root, "GET", "/organizations/isolated/directory/groups", None).await.json();
        assert_eq!(groups["items"].as_array().unwrap().len(), 6, "{groups}");
        let kept = world.api(&root, "GET", "/workspaces/forty/users-migration", None).await.json();
        assert_eq!((&kept["proof"]["places"], &kept["proof"]["people"]), (&json!(1), &json!(41)), "{kept}");
        world.tell().await;
        let told = subjects(&world, "forty0@isolated.example").await;
        assert!(told.iter().any(|s| s.contains("are managed in Isolated now")), "{told:?}");
        // What was left alone migrates by a plan of its own, as ever.
        assert_eq!(run_one(&world, &root, "four", json!({})).await.status, 201);
        assert_eq!(rehearse(&world).await.len(), 0);
        assert_eq!(refused(campaign::undo_run(&world.app, &Principal::local_operator(), NAME, None, "no").await), "migration_is_permanent");
        world.check_invariants().await;
    }

    async fn each_side_agrees_for_itself_and_may_take_it_back(world) {
        let world = world.with_company().await;
        world.link(ADA, W, "meridian").await.unwrap();
        world.link(ADA, LABS, "meridian-labs").await.unwrap();
        announce(&world, &definition()).await;
        let (workspace, organization) = (format!("workspaces/{W}"), "organizations/meridian");
        for (who, of, status) in [
            (MIA, workspace.as_str(), 403), (BEN, workspace.as_str(), 403), (HANA, organization, 404), ("cleo@meridian.example", organization, 403),
            ("lena@harbor.example", workspace.as_str(), 404), ("lena@harbor.example", organization, 404),
        ] {
            assert_eq!(agreement(&world, who, of, "PUT").await.status, status, "{who} {of}");
            assert_eq!(agreement(&world, who, of, "DELETE").await.status, status, "{who} {of}");
        }
        agree(&world, HANA, &workspace).await;
        let seen = agreement(&world, BEN, &workspace, "GET").await.json();
        assert_eq!(sides(&seen), [("workspace", "given"), ("organization", "missing")]);
        assert_eq!((codes(&seen["blockers"]), &seen["may_agree"]), (vec!["consent_missing"], &json!(false)));
        agree(&world, BEN, organization).await;
        agree(&world, BEN, organization).await;
        assert_eq!(codes(&agreement(&world, HANA, &workspace, "GET").await.json()["blockers"]), Vec::<&str>::new());
        // An original organization: said, whoever agrees.
        let labs = agreement(&world, ADA, &format!("workspaces/{LABS}"), "GET").await.json();
        assert_eq!(codes(&labs["blockers"]), ["organization_original_user_management"], "{labs}");
        // Another day is another thing to agree to.
        let later = Definition { automatic_from: "2026-03-08".parse().unwrap(), ..definition() };
        let operator = Principal::local_operator();
        campaign::change_campaign(&world.app, &operator, NAME, &later, orglink_app::Expected::Any).await.unwrap();
        assert_eq!(sides(&agreement(&world, HANA, &workspace, "GET").await.json()), [("workspace", "outdated"), ("organization", "outdated")]);
        let old = json!({ "digest": seen["digest"], "acknowledge_all": true });
        let path = format!("/{workspace}/users-migration/agreement");
        assert_eq!(code(&world.api(&world.token(HANA).await, "PUT", &path, Some(old)).await), (409, "plan_changed".into()));
        agree(&world, HANA, &workspace).await;
        agree(&world, BEN, organization).await;
        // Another admin of that side takes it back; there is nothing more to take back.
        assert_eq!(agreement(&world, ADA, organization, "DELETE").await.status, 204);
        assert_eq!(agreement(&world, ADA, organization, "DELETE").await.status, 404);
        agree(&world, BEN, organization).await;
        // Whoever agreed administers the organization no longer.
        let ada = world.token(ADA).await;
        let gone = world.change(&ada, "DELETE", &format!("/organizations/meridian/roles/admin/{BEN}"), None).await;
        assert!([200, 204].contains(&gone.status), "{}", gone.text);
        assert_eq!(sides(&agreement(&world, HANA, &workspace, "GET").await.json())[1], ("organization", "no_longer_entitled"));
        world.clock.advance(70 * DAY);
        finish(&world.app).await;
        let found = rows(&world, None).await;
        assert_eq!((found[W].left_alone, found[LABS].left_alone), (Some(LeftAlone::ConsentMissing), Some(LeftAlone::OrganizationOriginalUserManagement)));
        assert_eq!(migrations(&world).await, 0);
        world.check_invariants().await;
    }

    async fn what_changes_between_decision_and_run_is_decided_again(world) {
        let world = three(world).await;
        announce(&world, &definition()).await;
        agree_to_all(&world).await;
        world.clock.advance(60 * DAY);
        decide(&world).await;
        assert!(rows(&world, None).await.values().all(|row| row.state == DecisionState::Decided));
        // One takes its consent back, one has new people, one is suspended.
        assert_eq!(agreement(&world, "fourteen0@isolated.example", "workspaces/fourteen", "DELETE").await.status, 204);
        let root = world.token(ROOT).await;
        let path = "/workspaces/forty/user-groups/readers/members/forty0@isolated.example";
        assert_eq!(world.change(&root, "PUT", path, None).await.status, 204);
        world.import(r#"{"type":"workspace","slug":"four","name":"four","status":"suspended"}"#).await.unwrap();
        let before = everything(&world).await;
        assert_eq!(finish(&world.app).await.state, CampaignState::Done);
        let found = rows(&world, None).await;
        let came = |slug: &str| (found[slug].state, found[slug].outcome.clone());
        assert_eq!(came("forty").0, DecisionState::Migrated);
        assert_eq!(came("fourteen"), (DecisionState::Skipped, Some("consent_missing".to_owned())));
        assert_eq!(came("four"), (DecisionState::Skipped, Some("suspended".to_owned())));
        assert_eq!(everything(&world).await, before);
        let readers = members(&world, &root, "/organizations/isolated/directory/groups/readers").await;
        assert!(readers.contains(&"forty0@isolated.example".to_owned()), "{readers:?}");
        world.check_invariants().await;
    }

    async fn where_the_operator_says_so_the_organization_decides_and_others_ask_for_time(world) {
        let world = three(world).await;
        let silent = Definition { users: Users { consent: UsersConsent::Organization }, ..definition() };
        announce(&world, &silent).await;
        agree(&world, ROOT, "organizations/isolated").await;
        assert_eq!(code(&agreement(&world, ROOT, "workspaces/four", "PUT").await), (409, "consent_not_needed".into()));
        let chief = world.person("four0@isolated.example").await;
        let wanted = NewPostponement { until: "2026-03-10".parse().unwrap(), reason: "exams".to_owned() };
        campaign::postpone(&world.app, &chief, "four", Purpose::Users, &wanted).await.unwrap();
        world.clock.advance(57 * DAY);
        assert_ne!(finish(&world.app).await.state, CampaignState::Done);
        let found = rows(&world, None).await;
        assert_eq!((migrations(&world).await, found["four"].left_alone), (2, Some(LeftAlone::Postponed)));
        world.clock.advance(20 * DAY);
        assert_eq!(finish(&world.app).await.state, CampaignState::Done);
        let row = rows(&world, None).await.remove("four").unwrap();
        assert_eq!((row.state, row.rule, migrations(&world).await), (DecisionState::Migrated, Some(Rule::OwnGroups), 3));
        world.check_invariants().await;
    }

    async fn where_two_people_decide_they_are_two_here_as_well(world) {
        let world = three(world).await.with_consent(Consent::TwoPeople, false).await;
        let silent = Definition { users: Users { consent: UsersConsent::Organization }, ..definition() };
        assert_eq!(refused(create(&world, &silent).await), "bad_input");
        announce(&world, &definition()).await;
        agree(&world, ROOT, "organizations/isolated").await;
        assert_eq!(code(&agreement(&world, ROOT, "workspaces/four", "PUT").await), (409, "second_person_required".into()));
        agree(&world, "four0@isolated.example", "workspaces/four").await;
        world.clock.advance(60 * DAY);
        finish(&world.app).await;
        assert_eq!(migrations(&world).await, 1);
        world.check_invariants().await;
    }

    async fn killed_at_every_place_it_is_finished_by_the_next(world) {
        let world = three(world).await;
        let before = everything(&world).await;
        // People are told by the clock of the tests, in January; programs have the real one, to which the day is past.
        announce(&world, &definition()).await;
        agree_to_all(&world).await;
        let run = |point: Option<&str>| {
            let mut command = Command::new(PROGRAM);
            command.args(["migration", "users", "run", NAME, "--yes", "--json"]);
            command.args(["--database", &address_text(&world.database.address())]);
            point.map(|point| command.env("ORGLINK_FAULT", point));
            command.stdin(Stdio::null()).output().unwrap()
        };
        let others = ["campaign.telling", "campaign.told", "campaign.organizations", "campaign.linked", "campaign.grouped", "users.event", "users.committed"];
        let mut points: Vec<&str> =
            POINTS.iter().copied().filter(|p| p.starts_with("campaign.") || p.starts_with("users.")).collect();
        points.retain(|p| !others.contains(p));
        // In the order in which a run passes them; behind the last nothing is left to do.
        let late = ["users.attached", "users.moved", "campaign.events", "campaign.batch"];
        points.sort_by_key(|p| late.iter().position(|late| late == p).map_or(0, |n| n + 1));
        assert!(points.len() > 6, "{points:?}");
        for point in points {
            let killed = run(Some(point));
            assert!(!killed.status.success(), "{point} was not passed: {}", String::from_utf8_lossy(&killed.stdout));
            let whole = if point == "campaign.batch" { 3 } else { 0 };
            assert_eq!(migrations(&world).await, whole, "after {point}");
            world.check_invariants().await;
        }
        let done = run(None);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert_eq!(migrations(&world).await, 3);
        let decided = world.events().await.into_iter().filter(|e| e.kind == EventType::CampaignDecided).count();
        assert_eq!(decided, 1);
        assert_eq!(everything(&world).await, before);
        world.tell().await;
        let told = subjects(&world, "forty0@isolated.example").await;
        assert_eq!(told.iter().filter(|s| s.contains("are managed in Isolated now")).count(), 1, "{told:?}");
        world.check_invariants().await;
    }

    async fn several_runners_at_once_migrate_each_once(world) {
        let world = three(world).await;
        announce(&world, &definition()).await;
        agree_to_all(&world).await;
        world.clock.advance(60 * DAY);
        let replica = world.replica().await;
        let (one, two, three) = tokio::join!(finish(&world.app), finish(&replica), finish(&world.app));
        for progress in [one, two, three] {
            assert!(progress.failed == 0, "{progress:?}");
        }
        assert_eq!(finish(&world.app).await.state, CampaignState::Done);
        assert_eq!(migrations(&world).await, 3);
        assert!(rows(&world, None).await.values().all(|row| row.state == DecisionState::Migrated));
        let groups = world.api(&world.token(ROOT).await, "GET", "/organizations/isolated/directory/groups", None).await.json();
        assert_eq!(groups["items"].as_array().unwrap().len(), 9);
        world.check_invariants().await;
    }

    async fn each_has_a_receipt_that_says_who_agreed_to_what(world) {
        let world = three(world).await;
        announce(&world, &definition()).await;
        agree_to_all(&world).await;
        world.clock.advance(60 * DAY);
        finish(&world.app).await;
        world.events().await;
        integrate_all(&world.app).await.unwrap();
        let key: VerifierKey = find_public_key(&world.app).await.unwrap().parse().unwrap();
        let root = world.token(ROOT).await;
        let got = world.api(&root, "GET", "/workspaces/forty/receipt?act=migrate_users", None).await;
        assert_eq!(got.status, 200, "{}", got.text);
        let verified = verify_receipt(got.text.as_bytes(), &key).unwrap();
        assert!(verified.headline().contains("by the campaign users-2026"), "{}", verified.headline());
        let facts = verified.facts();
        let has = |label: &str| facts.iter().filter(|f| f.label == label).count();
        assert_eq!((has("Consent"), has("Warning acknowledged"), has("Decided")), (2, 3, 1), "{facts:?}");
        for (said, instead) in [("2026-03-01", "2026-03-02"), ("own_groups", "own_group_"), ("organization\",\"through", "workspace...\",\"through")] {
            assert!(got.text.contains(said), "{said}: {}", got.text);
            assert!(verify_receipt(got.text.replace(said, instead).as_bytes(), &key).is_err(), "{said}");
        }
        let shown = world.api(&root, "GET", "/workspaces/forty/timeline", None).await.text;
        assert!(shown.contains("users"), "{shown}");
    }

    async fn by_command_and_page(world) {
        let world = three(world).await;
        // Programs have the real clock: a day that is far off for both.
        let (link_by, automatic_from) = ("2099-05-31".parse().unwrap(), "2099-06-01".parse().unwrap());
        announce(&world, &Definition { link_by, automatic_from, ..definition() }).await;
        let go = |arguments: &[&str]| command(&world, &[&["migration", "users"][..], arguments, &["--json"]].concat());
        assert_eq!(go(&["run", "--yes"]).0, 2, "neither");
        assert_eq!(go(&["run", NAME, "--workspace", "four", "--yes"]).0, 2, "both");
        assert_eq!(go(&["run", NAME, "--merge", "a=b", "--yes"]).0, 2, "nothing is merged in a campaign");
        let (status, agreed, said) = go(&["agree", NAME, "--organization", "isolated", "--workspace", "four", "--workspace", "forty", "--yes", "--as", ROOT]);
        assert_eq!((status, agreed["items"].as_array().map(Vec::len)), (0, Some(3)), "{said}");
        assert_eq!(go(&["agree", "another", "--organization", "isolated", "--yes", "--as", ROOT]).0, 2);
        assert_eq!(go(&["withdraw", NAME, "--workspace", "four", "--as", ROOT]).0, 0);
        let (_, seen, said) = go(&["agreement", NAME, "--workspace", "four", "--as", ROOT]);
        assert_eq!(codes(&seen["items"][0]["blockers"]), ["consent_missing"], "{said}");
        // On the pages, for the workspace and for the organization.
        let (cookie, form_token) = world.session(ROOT).await;
        let page = world.send("GET", "/workspaces/four/users-migration", &[("cookie", &cookie)], "").await;
        assert!(page.text.contains("Agree for this workspace") && page.text.contains("Ask for more time"), "{}", page.text);
        let digest = page.text.split("aria-label=\"Agree beforehand\"").nth(1).unwrap().split("name=\"digest\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded"), ("origin", "http://orglink.test")];
        let form = format!("form_token={form_token}&what=agree&digest={digest}&acknowledge=members_managed_in_organization&acknowledge=managers_change_admins&acknowledge=migration_is_permanent");
        let sent = world.send("POST", "/workspaces/four/users-migration/agreement", &headers, &form).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let page = world.send("GET", "/organizations/isolated/directory", &[("cookie", &cookie)], "").await;
        assert!(page.text.contains("No longer agree") && !page.text.contains("Agree for all workspaces"), "{}", page.text);
        let form = format!("form_token={form_token}&what=postpone&until=2099-06-10&reason=exams");
        assert_eq!(world.send("POST", "/workspaces/forty/users-migration/agreement", &headers, &form).await.status, 303);
        let form = format!("form_token={form_token}&what=withdraw");
        assert_eq!(world.send("POST", "/organizations/isolated/users-migration/agreement", &headers, &form).await.status, 303);
        assert!(rehearse(&world).await.values().all(|row| row.rule.is_none()));
        assert_eq!(go(&["rehearse", NAME]).0, 0);
    }
}
