//! The campaign from its announcement to the last link, on both databases.

use std::collections::{BTreeMap, HashMap, HashSet};

use orglink_app::campaign::{self, DecisionView, Progress, Side, StepRequest};
use orglink_app::{Error, Expected, Principal, installation};
use orglink_domain::account::Account;
use orglink_domain::campaign::automatic::{DecisionState, LeftAlone, Rule};
use orglink_domain::campaign::{CampaignState, CampaignStep, Definition};
use orglink_domain::event::EventType;
use orglink_testkit::{TestApp, both};
use serde_json::json;

const ADA: &str = "ada@meridian.example";
const OLGA: &str = "olga@operator.example";
const NAME: &str = "link-2026";
const DAY: i64 = 24 * 60 * 60;

/// The seed's, which begins before the clock of the tests does.
pub fn definition() -> Definition {
    let text = include_str!("../../../../docs/examples/seed.toml");
    let mut definition: Definition = toml::from_str(text).unwrap();
    definition.automatic.minimum_notice = "14d".parse().unwrap();
    definition.automatic.undo_window = "30d".parse().unwrap();
    definition
}

async fn create(world: &TestApp, definition: &Definition) {
    installation::grant_operator(&world.app, &Principal::local_operator(), OLGA).await.unwrap();
    let olga = world.person(OLGA).await;
    campaign::create_campaign(&world.app, &olga, definition, None).await.unwrap();
}

/// Everything that is due now.
async fn run(world: &TestApp) -> Progress {
    let olga = world.person(OLGA).await;
    loop {
        let progress = campaign::run_campaign(&world.app, &olga, NAME).await.unwrap();
        if !progress.did {
            return progress;
        }
    }
}

/// To the day on which the rest is linked, and a little further.
async fn run_to_the_end(world: &TestApp) -> Progress {
    run(world).await;
    world.clock.advance(70 * DAY);
    run(world).await
}

async fn step(world: &TestApp, step: CampaignStep) -> Result<(), Error> {
    let olga = world.person(OLGA).await;
    let request = StepRequest { step, reason: Some("a test".to_owned()) };
    campaign::step_campaign(&world.app, &olga, NAME, &request, Expected::Any).await.map(|_| ())
}

async fn rows(world: &TestApp, run: Option<&str>) -> BTreeMap<String, DecisionView> {
    let olga = world.person(OLGA).await;
    let page = campaign::list_decisions(&world.app, &olga, NAME, run, None, None, 1000).await.unwrap();
    page.rows.into_iter().map(|row| (row.workspace.clone(), row)).collect()
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

/// Addresses of an organization's admins.
async fn admins_of(world: &TestApp, organization: &str) -> HashSet<String> {
    let token = world.token(OLGA).await;
    let people = world.api(&token, "GET", &format!("/organizations/{organization}/people"), None).await.json();
    let people = people["items"].as_array().unwrap();
    people.iter().filter(|p| p["role"] == "admin").map(|p| p["email"].as_str().unwrap().to_owned()).collect()
}

/// Addresses of a workspace's admins who can act.
async fn active_admins_of(world: &TestApp, workspace: &str) -> HashSet<String> {
    let mut tx = world.app.db.begin_read().await.unwrap();
    let id = orglink_store::workspace::find_by_reference(&mut tx, workspace).await.unwrap().unwrap().id;
    let ids = orglink_store::workspace::list_admin_ids(&mut tx, id).await.unwrap();
    let accounts = orglink_store::account::list_by_ids(&mut tx, &ids).await.unwrap();
    accounts.into_iter().filter(Account::is_active_person).map(|a| a.email).collect()
}

both! {
    async fn the_run_equals_its_rehearsal_row_for_row(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        let olga = world.person(OLGA).await;
        let events = world.events().await.len();
        let rehearsal = campaign::rehearse_campaign(&world.app, &olga, NAME, None).await.unwrap();
        let id = rehearsal.run.id.to_string();
        let foreseen = rows(&world, Some(&id)).await;
        assert_eq!(world.events().await.len(), events, "a rehearsal is no event");
        assert!(foreseen.values().any(|row| row.rule.is_some()) && foreseen.values().any(|row| row.left_alone.is_some()));

        let done = run_to_the_end(&world).await;
        assert_eq!((done.state, done.failed), (CampaignState::Done, 0));
        let happened = rows(&world, None).await;
        assert_eq!(foreseen.keys().collect::<Vec<_>>(), happened.keys().collect::<Vec<_>>());
        for (slug, row) in &happened {
            let before = &foreseen[slug];
            let expected = if before.rule.is_some() { DecisionState::Linked } else { DecisionState::LeftAlone };
            assert_eq!(row.state, expected, "{slug}");
            let same = DecisionView { state: before.state, organization: before.organization.clone(), ..row.clone() };
            assert_eq!(&same, before, "{slug}");
        }
        world.check_invariants().await;
    }

    async fn a_rehearsal_of_today_is_what_a_run_of_today_does(world) {
        let world = world.with_company().await;
        // As the example stands: nobody need be told beforehand, and every date is past.
        let mut definition = definition();
        definition.automatic.minimum_notice = "0d".parse().unwrap();
        create(&world, &definition).await;
        world.clock.advance(300 * DAY);
        let olga = world.person(OLGA).await;
        let rehearsal = campaign::rehearse_campaign(&world.app, &olga, NAME, None).await.unwrap();
        let foreseen = rows(&world, Some(&rehearsal.run.id.to_string())).await;
        assert!(foreseen.values().any(|row| row.rule.is_some()));
        assert_eq!(run(&world).await.state, CampaignState::Done);
        for (slug, row) in rows(&world, None).await {
            assert_eq!((row.rule, row.left_alone, &row.reason), (foreseen[&slug].rule, foreseen[&slug].left_alone, &foreseen[&slug].reason), "{slug}");
        }
    }

    async fn nobody_gains_power_by_a_new_organization(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        run_to_the_end(&world).await;
        let mut groups: HashMap<String, HashSet<String>> = HashMap::new();
        for row in rows(&world, None).await.values().filter(|row| matches!(row.rule, Some(Rule::Own | Rule::SharedAdmins))) {
            let organization = row.organization.clone().unwrap();
            groups.entry(row.group.unwrap().to_string()).or_default().insert(organization.clone());
            let admins = active_admins_of(&world, &row.workspace).await;
            assert_eq!(admins_of(&world, &organization).await, admins, "{}", row.workspace);
        }
        assert!(!groups.is_empty() && groups.values().all(|made| made.len() == 1), "one organization a group: {groups:?}");
    }

    async fn an_unclaimed_organization_is_read_renamed_claimed_and_nothing_else(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        run_to_the_end(&world).await;
        let row = rows(&world, None).await.into_values().find(|row| matches!(row.rule, Some(Rule::Own | Rule::SharedAdmins))).unwrap();
        let slug = row.organization.unwrap();
        let admin = admins_of(&world, &slug).await.into_iter().next().unwrap();
        let (who, token) = (world.person(&admin).await, world.token(&admin).await);
        for (method, path, body) in [
            ("POST", format!("/organizations/{slug}/sites"), json!({ "slug": "new-site" })),
            ("DELETE", format!("/organizations/{slug}"), json!(null)),
            ("PUT", format!("/organizations/{slug}/roles/admin/{ADA}"), json!(null)),
        ] {
            let body = Some(body).filter(|b| !b.is_null());
            let answer = world.change(&token, method, &path, body).await;
            assert!(matches!(answer.status, 403..=405), "{method} {path}: {} {}", answer.status, answer.text);
        }
        let renamed = world.change(&token, "PATCH", &format!("/organizations/{slug}"), Some(json!({ "name": "Ours" }))).await;
        assert_eq!(renamed.status, 200, "{}", renamed.text);
        let claim = campaign::claim_organization(&world.app, &who, &slug).await.unwrap();
        if claim > world.app.now() {
            assert_eq!(code(campaign::claim_organization(&world.app, &who, &slug).await), "claim_open");
            world.clock.advance(7 * DAY);
            campaign::apply_due_claims(&world.app).await.unwrap();
        }
        assert_eq!(campaign::view_claim(&world.app, &who, &slug).await.unwrap(), None);
        let site = world.change(&token, "POST", &format!("/organizations/{slug}/sites"), Some(json!({ "slug": "new-site" }))).await;
        assert_eq!(site.status, 201, "claimed, it is like every other: {}", site.text);
        assert_eq!(code(campaign::undo_automatic_link(&world.app, &who, &row.workspace).await), "organization_claimed");
    }

    async fn what_was_linked_by_itself_can_be_undone_inside_the_window_only(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        run_to_the_end(&world).await;
        let olga = world.person(OLGA).await;
        let mut own = rows(&world, None).await.into_values().filter(|row| row.rule == Some(Rule::Own));
        let first = own.next().unwrap();
        let slug = first.organization.clone().unwrap();
        let admin = world.person(&admins_of(&world, &slug).await.into_iter().next().unwrap()).await;
        let undone = campaign::undo_automatic_link(&world.app, &admin, &first.workspace).await.unwrap();
        assert_eq!((undone.links, undone.organizations), (1, 1));
        assert_eq!(code(campaign::undo_automatic_link(&world.app, &admin, &first.workspace).await), "not_linked_automatically");
        assert_eq!(rows(&world, None).await[&first.workspace].state, DecisionState::Undone);
        world.check_invariants().await;
        // All the others, at once.
        let linked = rows(&world, None).await.values().filter(|row| row.state == DecisionState::Linked).count();
        let all = campaign::undo_run(&world.app, &olga, NAME, None, "a mistake").await.unwrap();
        assert_eq!(all.links, linked as u64);
        let made = world.api(&world.token(OLGA).await, "GET", "/organizations?limit=500", None).await.json();
        assert!(!made["items"].as_array().unwrap().iter().any(|o| o["slug"] == slug.as_str()), "nobody needs it any more");
        world.check_invariants().await;
        assert_eq!(campaign::undo_run(&world.app, &olga, NAME, None, "again").await.unwrap().links, 0);
    }

    async fn after_the_window_nothing_is_undone(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        run_to_the_end(&world).await;
        let olga = world.person(OLGA).await;
        world.clock.advance(31 * DAY);
        let kept = campaign::undo_run(&world.app, &olga, NAME, None, "too late").await.unwrap();
        assert!(kept.links == 0 && kept.kept > 0, "{kept:?}");
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

    async fn a_preference_counts_with_a_yes_of_both_sides(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        run(&world).await;
        let (ada, ben) = (world.person(ADA).await, world.person("ben@meridian.example").await);
        // She administers both.
        campaign::prefer_organization(&world.app, &ada, Side::Workspace, "atlas-platform", "meridian-labs").await.unwrap();
        let outlook = campaign::view_outlook(&world.app, &ada, "atlas-platform").await.unwrap().unwrap();
        let decision = outlook.decision.unwrap();
        assert_eq!((decision.rule, decision.organization.as_deref()), (Some(Rule::Preference), Some("meridian-labs")));
        // A member who decides nothing does not learn where it goes.
        let member = world.person("mia@meridian.example").await;
        let seen = campaign::view_outlook(&world.app, &member, "atlas-platform").await.unwrap().unwrap().decision.unwrap();
        assert_eq!((seen.rule, seen.organization), (Some(Rule::Preference), None));
        // Nobody learns of a workspace or an organization by naming it.
        assert_eq!(code(campaign::prefer_organization(&world.app, &ben, Side::Workspace, "atlas-platform", "meridian").await), "not_found");
        assert_eq!(code(campaign::prefer_organization(&world.app, &ada, Side::Workspace, "atlas-mobile", "solo").await), "not_found");
        // Two different ones cancel each other.
        campaign::prefer_organization(&world.app, &ada, Side::Workspace, "atlas-mobile", "meridian-labs").await.unwrap();
        campaign::prefer_organization(&world.app, &ada, Side::Workspace, "atlas-mobile", "meridian").await.unwrap();
        let mobile = campaign::view_outlook(&world.app, &ada, "atlas-mobile").await.unwrap().unwrap().decision.unwrap();
        assert_ne!(mobile.rule, Some(Rule::Preference));
        run_to_the_end(&world).await;
        let rows = rows(&world, None).await;
        assert_eq!(rows["atlas-platform"].organization.as_deref(), Some("meridian-labs"));
        assert_ne!(rows["atlas-mobile"].rule, Some(Rule::Preference));
        world.check_invariants().await;
    }

    async fn the_other_side_is_asked_and_its_yes_makes_a_preference_count(world) {
        let world = world.with_company().await;
        // She administers the workspace and knows the organization; he administers only the organization.
        world.import(r#"{"type":"role","organization":"meridian","account":"hana@meridian.example","role":"auditor"}"#).await.unwrap();
        create(&world, &definition()).await;
        run(&world).await;
        let (hana, ben) = (world.person("hana@meridian.example").await, world.person("ben@meridian.example").await);
        let rule = async || campaign::view_outlook(&world.app, &hana, "atlas-platform").await.unwrap().unwrap().decision.unwrap().rule;
        campaign::prefer_organization(&world.app, &hana, Side::Workspace, "atlas-platform", "meridian").await.unwrap();
        assert_ne!(rule().await, Some(Rule::Preference), "one side is not both");
        world.tell().await;
        let token = world.token("ben@meridian.example").await;
        let inbox = world.api(&token, "GET", "/notifications?limit=500", None).await.json();
        let asked = inbox["items"].as_array().unwrap().iter().find(|n| n["template"] == "preference_declared").unwrap();
        assert!(asked["url"].as_str().unwrap().ends_with("/organizations/meridian/preferences"), "{asked}");
        assert_eq!(code(campaign::prefer_organization(&world.app, &hana, Side::Organization, "atlas-platform", "meridian").await), "not_allowed");
        campaign::prefer_organization(&world.app, &ben, Side::Organization, "atlas-platform", "meridian").await.unwrap();
        assert_eq!(rule().await, Some(Rule::Preference));
        // Whoever said yes must still be in office on the day.
        world.clock.advance(60 * DAY);
        let ada = world.token(ADA).await;
        let taken = world.change(&ada, "DELETE", "/organizations/meridian/roles/admin/ben@meridian.example", None).await;
        assert_eq!(taken.status, 204, "{}", taken.text);
        assert_ne!(rule().await, Some(Rule::Preference));
    }

    async fn more_time_is_given_while_there_is_some(world) {
        let world = world.with_company().await;
        let mut definition = definition();
        definition.postponement.budget = 1;
        create(&world, &definition).await;
        run(&world).await;
        let ada = world.person(ADA).await;
        let wanted = |until: &str| campaign::NewPostponement { until: until.parse().unwrap(), reason: "a release".to_owned() };
        assert_eq!(code(campaign::postpone_linking(&world.app, &ada, "atlas-platform", &wanted("2026-03-10")).await), "bad_input");
        assert_eq!(code(campaign::postpone_linking(&world.app, &ada, "atlas-platform", &wanted("2026-09-10")).await), "bad_input");
        campaign::postpone_linking(&world.app, &ada, "atlas-platform", &wanted("2026-04-10")).await.unwrap();
        assert_eq!(code(campaign::postpone_linking(&world.app, &ada, "atlas-mobile", &wanted("2026-04-10")).await), "postponement_budget_spent");
        let waiting = run_to_the_end(&world).await;
        assert_eq!(waiting.state, CampaignState::Linking, "it goes on for whoever has more time");
        assert_eq!(waiting.waits_until, Some("2026-04-11T00:00:00Z".parse().unwrap()));
        let kept = rows(&world, None).await["atlas-platform"].clone();
        assert_eq!((kept.state, kept.left_alone), (DecisionState::LeftAlone, Some(LeftAlone::Postponed)));
        assert!(rows(&world, None).await.values().any(|row| row.state == DecisionState::Linked));
        world.clock.advance(30 * DAY);
        assert_eq!(run(&world).await.state, CampaignState::Done);
        assert_eq!(rows(&world, None).await["atlas-platform"].state, DecisionState::Linked);
        world.check_invariants().await;
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

    async fn people_who_link_while_it_runs_are_left_where_they_are(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        run(&world).await;
        world.clock.advance(70 * DAY);
        let olga = world.person(OLGA).await;
        // Until all is decided and nothing is linked.
        while campaign::run_campaign(&world.app, &olga, NAME).await.unwrap().state != CampaignState::Linking {}
        world.link(ADA, "atlas-platform", "meridian").await.unwrap();
        let token = world.token(ADA).await;
        let free = world.change(&token, "PATCH", "/workspaces/atlas-mobile", Some(json!({ "plan": "free" }))).await;
        assert_eq!(free.status, 200, "{}", free.text);
        let renamed = world.change(&token, "PATCH", "/organizations/meridian", Some(json!({ "name": "Meridian & Co" }))).await;
        assert_eq!(renamed.status, 200);
        assert_eq!(run(&world).await.state, CampaignState::Done);
        let rows = rows(&world, None).await;
        let came = |slug: &str| (rows[slug].state, rows[slug].outcome.clone());
        assert_eq!(came("atlas-platform"), (DecisionState::Skipped, Some("linked_by_hand".to_owned())));
        assert_eq!(came("atlas-mobile"), (DecisionState::Skipped, Some("free_plan".to_owned())));
        world.check_invariants().await;
    }

    async fn it_pauses_by_itself_and_goes_on_when_it_is_told_to(world) {
        let world = world.with_company().await;
        let mut definition = definition();
        definition.waves.error_budget = 0;
        create(&world, &definition).await;
        run(&world).await;
        // A row that no program can read.
        spoil(&world, "atlas-platform", true).await;
        world.clock.advance(70 * DAY);
        let paused = run(&world).await;
        assert_eq!((paused.state, paused.failed, paused.waits_for), (CampaignState::Paused, 1, Some("resume")));
        let failed = rows(&world, None).await["atlas-platform"].clone();
        assert_eq!(failed.state, DecisionState::Failed);
        assert!(failed.outcome.unwrap().contains("workspace.access_salt"));
        spoil(&world, "atlas-platform", false).await;
        let olga = world.person(OLGA).await;
        assert_eq!(campaign::retry_failed(&world.app, &olga, NAME).await.unwrap(), 1);
        step(&world, CampaignStep::Resume).await.unwrap();
        let done = run(&world).await;
        assert_eq!((done.state, done.failed), (CampaignState::Done, 0));
        assert_eq!(rows(&world, None).await["atlas-platform"].state, DecisionState::Linked);
        assert_eq!(code(campaign::retry_failed(&world.app, &olga, NAME).await), "nothing_failed");
        world.check_invariants().await;
    }

    async fn resumed_it_goes_on_in_spite_of_what_had_failed(world) {
        let world = world.with_company().await;
        let mut definition = definition();
        definition.waves.error_budget = 0;
        create(&world, &definition).await;
        run(&world).await;
        spoil(&world, "atlas-platform", true).await;
        world.clock.advance(70 * DAY);
        assert_eq!(run(&world).await.state, CampaignState::Paused);
        step(&world, CampaignStep::Resume).await.unwrap();
        let done = run(&world).await;
        assert_eq!((done.state, done.failed), (CampaignState::Done, 1));
        // For what looks at every workspace afterwards.
        spoil(&world, "atlas-platform", false).await;
        world.check_invariants().await;
    }

    async fn whoever_comes_late_joins_the_organization_of_their_group(world) {
        let late = late(&world).await;
        world.clock.advance(20 * DAY);
        assert_eq!(run(&world).await.state, CampaignState::Done);
        let after = rows(&world, None).await["late"].clone();
        assert_eq!((after.rule, after.organization), (Some(Rule::SharedAdmins), Some(late)));
    }

    async fn whoever_comes_late_to_an_organization_that_is_gone_gets_another(world) {
        let late = late(&world).await;
        // The first of the group is linked, and takes it back: nobody needs the organization any more.
        let gus = world.person("gus@late.example").await;
        campaign::undo_automatic_link(&world.app, &gus, "early").await.unwrap();
        world.clock.advance(20 * DAY);
        assert_eq!(run(&world).await.state, CampaignState::Done);
        let after = rows(&world, None).await["late"].clone();
        assert_eq!((after.state, after.rule), (DecisionState::Linked, Some(Rule::Own)));
        let organization = after.organization.unwrap();
        assert_ne!(organization, late);
        assert_eq!(admins_of(&world, &organization).await, HashSet::from(["gus@late.example".to_owned()]));
        world.check_invariants().await;
    }

    async fn whoever_comes_late_to_an_organization_with_other_admins_gets_one_of_their_own(world) {
        let late = late(&world).await;
        let (gus, token) = (world.person("gus@late.example").await, world.token("gus@late.example").await);
        campaign::claim_organization(&world.app, &gus, &late).await.unwrap();
        // A member of a linked workspace, whom the organization knows therefore.
        let path = format!("/organizations/{late}/roles/admin/mia@late.example");
        let given = world.change(&token, "PUT", &path, None).await;
        assert_eq!(given.status, 204, "{}", given.text);
        world.clock.advance(20 * DAY);
        assert_eq!(run(&world).await.state, CampaignState::Done);
        let after = rows(&world, None).await["late"].clone();
        assert_eq!((after.state, after.rule, after.outcome.as_deref()), (DecisionState::Linked, Some(Rule::Own), Some("decided_again")));
        let organization = after.organization.unwrap();
        assert_ne!(organization, late);
        assert_eq!(admins_of(&world, &organization).await, HashSet::from(["gus@late.example".to_owned()]));
        world.check_invariants().await;
    }

    async fn paused_cancelled_or_frozen_nothing_is_linked(world) {
        let world = world.with_company().await;
        create(&world, &definition()).await;
        run(&world).await;
        let olga = world.person(OLGA).await;
        installation::change_freeze(&world.app, &olga, true, Some("a test".to_owned())).await.unwrap();
        world.clock.advance(70 * DAY);
        assert_eq!(run(&world).await.waits_for, Some("freeze"));
        step(&world, CampaignStep::Pause).await.unwrap();
        installation::change_freeze(&world.app, &olga, false, None).await.unwrap();
        assert_eq!(run(&world).await.waits_for, Some("resume"));
        assert_eq!(code(step(&world, CampaignStep::Announce).await), "campaign_not_now");
        step(&world, CampaignStep::Cancel).await.unwrap();
        assert_eq!(run(&world).await.state, CampaignState::Cancelled);
        assert_eq!(code(step(&world, CampaignStep::Resume).await), "campaign_not_now");
        assert!(world.events().await.iter().all(|e| e.kind != EventType::WorkspaceLinked));
    }

    async fn several_runners_at_once_make_exactly_one_link_each(world) {
        let world = std::sync::Arc::new(world.with_company().await);
        create(&world, &definition()).await;
        run(&world).await;
        world.clock.advance(70 * DAY);
        let mut set = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let world = std::sync::Arc::clone(&world);
            set.spawn(async move {
                for _ in 0..200 {
                    campaign::advance_campaigns(&world.app).await.unwrap();
                }
            });
        }
        for slug in ["atlas-platform", "atlas-mobile"] {
            let world = std::sync::Arc::clone(&world);
            set.spawn(async move {
                match world.link(ADA, slug, "meridian").await {
                    Ok(_) | Err(Error::Refused(_)) => {}
                    Err(e) => panic!("{e}"),
                }
            });
        }
        while let Some(done) = set.join_next().await {
            done.unwrap();
        }
        assert_eq!(run(&world).await.state, CampaignState::Done);
        assert!(rows(&world, None).await.values().all(|row| row.state != DecisionState::Decided));
        world.check_invariants().await;
    }

    async fn bad_definitions_are_refused_by_field_and_only_operators_write_them(world) {
        let world = world.with_company().await;
        installation::grant_operator(&world.app, &Principal::local_operator(), OLGA).await.unwrap();
        let (olga, ada) = (world.token(OLGA).await, world.token(ADA).await);
        let good = serde_json::to_value(definition()).unwrap();
        assert_eq!(world.api(&ada, "POST", "/campaigns", Some(good.clone())).await.status, 403);
        assert_eq!(world.api(&ada, "GET", "/campaigns/link-2026", None).await.status, 403);
        let mut bad = good.clone();
        bad["time_zone"] = json!("Europe/Nowhere");
        bad["automatic_from"] = json!("2026-03-15");
        let answer = world.api(&olga, "POST", "/campaigns", Some(bad)).await;
        assert_eq!(answer.status, 400);
        let fields: Vec<String> = answer.json()["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap().to_owned()).collect();
        assert_eq!(fields, ["automatic_from", "time_zone"]);
        assert_eq!(world.api(&olga, "POST", "/campaigns", Some(good.clone())).await.status, 201);
        assert_eq!(world.api(&olga, "POST", "/campaigns", Some(good)).await.json()["code"], "campaign_exists");
        let past = world.api(&olga, "POST", "/campaigns/link-2026/rehearsals", Some(json!({ "on": "2025-12-24" }))).await;
        assert_eq!(past.status, 400, "{}", past.text);
    }
}

/// Two workspaces of one admin, of which one has more time; the other is linked. The organization that was made for it.
async fn late(world: &TestApp) -> String {
    let records = [
        r#"{"type":"account","email":"gus@late.example","name":"Gus"}"#,
        r#"{"type":"account","email":"mia@late.example","name":"Mia"}"#,
        r#"{"type":"account","email":"olga@operator.example","name":"Olga"}"#,
        r#"{"type":"workspace","slug":"early","name":"Early","plan":"standard"}"#,
        r#"{"type":"workspace","slug":"late","name":"Late","plan":"standard"}"#,
        r#"{"type":"user_group","workspace":"early","slug":"a","name":"A","is_admin":true,"members":["gus@late.example"]}"#,
        r#"{"type":"user_group","workspace":"early","slug":"m","name":"M","members":["mia@late.example"]}"#,
        r#"{"type":"user_group","workspace":"late","slug":"a","name":"A","is_admin":true,"members":["gus@late.example"]}"#,
    ];
    world.import(&records.join("\n")).await.unwrap();
    let mut definition = definition();
    definition.postponement.budget = 1;
    create(world, &definition).await;
    run(world).await;
    let gus = world.person("gus@late.example").await;
    let wanted = campaign::NewPostponement { until: "2026-04-01".parse().unwrap(), reason: "a move".to_owned() };
    campaign::postpone_linking(&world.app, &gus, "late", &wanted).await.unwrap();
    world.clock.advance(71 * DAY);
    assert_eq!(run(world).await.state, CampaignState::Linking);
    rows(world, None).await["early"].organization.clone().unwrap()
}

/// Makes a workspace's row unreadable, or readable again.
async fn spoil(world: &TestApp, slug: &str, is_bad: bool) {
    let mut tx = world.app.db.begin_write().await.unwrap();
    let salt = if is_bad { vec![7; 5] } else { vec![7; 32] };
    orglink_store::fault::replace_salt(&mut tx, slug, &salt).await.unwrap();
    tx.commit().await.unwrap();
}
