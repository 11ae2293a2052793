//! Many workspaces at once: a row each, partial success, sent again after anything; and the file that declares them.

mod surfaces;

use std::sync::Arc;

use orglink_app::consent::{PairNamed, ProposeRequest, make_link_code, propose};
use orglink_app::link::{Acknowledge, LinksAnswer, LinksPlan, LinksRequest, RowOutcome, RowToLink};
use orglink_app::link::{link_workspaces, plan_links};
use orglink_app::{Error, Principal, installation};
use orglink_domain::consent::Side;
use orglink_domain::event::EventType;
use orglink_domain::link::Consent;
use orglink_testkit::{TestApp, both};
use tokio::task::JoinSet;

const ADA: &str = "ada@meridian.example";
/// Admin of the organization, and of no workspace.
const BEN: &str = "ben@meridian.example";
/// Admin of the organization and of `docs-site` alone.
const PIA: &str = "pia@meridian.example";
/// Of another company.
const GUS: &str = "gus@solo.example";
const THREE: [&str; 3] = ["atlas-platform", "atlas-mobile", "docs-site"];

async fn plan(world: &TestApp, who: &str, organization: &str, workspaces: &[&str]) -> LinksPlan {
    let names: Vec<String> = workspaces.iter().map(|&name| name.to_owned()).collect();
    plan_links(&world.app, &world.person(who).await, organization, &names).await.unwrap()
}

/// What confirming a plan sends back.
fn request(plan: &LinksPlan) -> LinksRequest {
    let row = |workspace: &str, plan_digest| RowToLink { workspace: workspace.to_owned(), plan_digest };
    LinksRequest {
        organization: plan.organization.slug.clone(),
        rows: plan.ready().map(|(planned, digest)| row(&planned.workspace, digest)).collect(),
        plan_digest: Some(plan.digest),
        acknowledge: Acknowledge::Codes(plan.warnings().iter().map(|(w, _)| w.to_string()).collect()),
    }
}

async fn apply(world: &TestApp, who: &str, request: &LinksRequest) -> LinksAnswer {
    link_workspaces(&world.app, &world.person(who).await, request, None).await.unwrap()
}

fn states(plan: &LinksPlan) -> Vec<(&str, &str)> {
    plan.rows.iter().map(|row| (row.workspace.as_str(), row.state.as_str())).collect()
}

/// The result of each row, a refusal as its code.
fn results(answer: &LinksAnswer) -> Vec<(&str, &str)> {
    let result = |outcome: &RowOutcome| match outcome {
        RowOutcome::Refused(Error::Refused(refusal)) => refusal.code,
        RowOutcome::Refused(Error::NotFound { .. }) => "not_found",
        RowOutcome::Refused(other) => panic!("not a clear refusal: {other}"),
        other => other.result().as_str(),
    };
    answer.rows.iter().map(|row| (row.workspace.as_str(), result(&row.outcome))).collect()
}

async fn links(world: &TestApp) -> usize {
    world.events().await.iter().filter(|e| e.kind == EventType::WorkspaceLinked).count()
}

fn suspended(slug: &str, name: &str) -> String {
    format!(r#"{{"type":"workspace","slug":"{slug}","name":"{name}","plan":"standard","status":"suspended"}}"#)
}

/// As many workspaces that Ada administers.
async fn with_many(world: TestApp, count: usize) -> (TestApp, Vec<String>) {
    let world = world.with_company().await;
    let slugs: Vec<String> = (0..count).map(|i| format!("many-{i:03}")).collect();
    let lines: Vec<String> = slugs
        .iter()
        .flat_map(|slug| {
            [
                format!(r#"{{"type":"workspace","slug":"{slug}","name":"Many","plan":"standard"}}"#),
                format!(r#"{{"type":"user_group","workspace":"{slug}","slug":"a","name":"A","is_admin":true,"members":["{ADA}"]}}"#),
            ]
        })
        .collect();
    world.import(&lines.join("\n")).await.unwrap();
    (world, slugs)
}

both! {
    async fn a_plan_has_a_row_each_and_links_nothing(world) {
        let world = world.with_company().await;
        world.import(r#"{"type":"user_group","workspace":"night-shift","slug":"guests","name":"Guests","members":["ada@meridian.example"]}"#).await.unwrap();
        world.link(ADA, "docs-site", "meridian").await.unwrap();
        world.link(ADA, "harbor-ops", "harbor").await.unwrap();
        let before = (world.export().await, links(&world).await);
        let list = ["Atlas-Mobile", "docs-site", "harbor-ops", "old-billing", "night-shift", "workshop", "no-such", "atlas-mobile", " ", "docs-site"];
        let plan = plan(&world, ADA, "Meridian", &list).await;
        assert_eq!(states(&plan), [
            ("atlas-mobile", "ready"),
            ("docs-site", "already_linked"),
            ("harbor-ops", "linked_elsewhere"),
            ("old-billing", "not_eligible"),
            ("night-shift", "not_allowed"),
            ("workshop", "not_found"),
            ("no-such", "not_found"),
        ]);
        assert_eq!(plan.repeated, 2);
        let codes: Vec<&str> = plan.rows.iter().filter_map(|row| row.reasons.first()).map(|reason| reason.code).collect();
        assert_eq!(codes, ["already_linked", "suspended", "workspace_admin_required", "not_found", "not_found"]);
        assert!(plan.rows.iter().flat_map(|row| &row.reasons).all(|reason| reason.remedy.is_some() && reason.who.is_some()));
        let linked: Vec<Option<&str>> = plan.rows.iter().filter_map(|row| row.linked.as_ref()).map(|note| note.organization.as_deref()).collect();
        assert_eq!(linked, [Some("Meridian Freight"), Some("Harbor Terminal Co.")]);
        // Another tenant's is told of as what does not exist.
        let (theirs, nothing) = (&plan.rows[5], &plan.rows[6]);
        assert_eq!(format!("{theirs:?}").replace("workshop", "no-such"), format!("{nothing:?}"));
        let warnings: Vec<(String, usize)> = plan.warnings().iter().map(|(w, rows)| (w.to_string(), *rows)).collect();
        assert_eq!(warnings, [("link_is_permanent".to_owned(), 1), ("people_stay_in_workspace".to_owned(), 1)]);
        assert_eq!((world.export().await, links(&world).await), before, "a plan changes nothing");
        world.check_invariants().await;
    }

    async fn where_something_is_linked_is_told_to_nobody_who_may_not_know(world) {
        let world = world.with_company().await;
        world.link(ADA, "harbor-ops", "harbor").await.unwrap();
        world.import(r#"{"type":"user_group","workspace":"harbor-ops","slug":"more","name":"More","is_admin":true,"members":["pia@meridian.example"]}"#).await.unwrap();
        let plan = plan(&world, PIA, "meridian", &["harbor-ops", "harbor-ops-2"]).await;
        assert_eq!(states(&plan), [("harbor-ops", "linked_elsewhere"), ("harbor-ops-2", "not_found")]);
        assert!(!format!("{:?}", plan.rows).contains("Harbor Terminal"), "{:?}", plan.rows);
        let (cookie, token) = world.session(PIA).await;
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let form = format!("slugs=harbor-ops&form_token={token}");
        let page = world.send("POST", "/organizations/meridian/link/many", &headers, &form).await.text;
        assert!(page.contains("Linked to another organization") && !page.contains("Harbor Terminal"), "{page}");
    }

    async fn the_last_places_go_to_the_first_of_the_list(world) {
        let world = world.with_company().await;
        let plan = plan(&world, ADA, "harbor", &["atlas-mobile", "docs-site"]).await;
        assert_eq!(states(&plan), [("atlas-mobile", "ready"), ("docs-site", "not_eligible")]);
        assert_eq!(plan.rows[1].reasons[0].code, "organization_quota");
        assert_eq!(results(&apply(&world, ADA, &request(&plan)).await), [("atlas-mobile", "linked")]);
    }

    async fn a_place_that_a_proposal_keeps_is_its_own(world) {
        let world = world.with_company().await.with_consent(Consent::TwoSided, false).await;
        // Harbor may have one workspace, and has agreed to take this one.
        let code = make_link_code(&world.app, &world.person(ADA).await, Side::Workspace, "atlas-mobile").await.unwrap().code;
        let wanted = ProposeRequest {
            act: orglink_domain::link::Act::Link,
            pair: PairNamed { workspace: None, organization: Some("harbor".to_owned()), code: Some(code.reveal().to_owned()) },
            side: None,
            plan_digest: None,
            acknowledge: Acknowledge::All,
            message: None,
            payer: None,
        };
        propose(&world.app, &world.person("lena@harbor.example").await, &wanted, None).await.unwrap();
        for list in [["docs-site", "atlas-mobile"], ["atlas-mobile", "docs-site"]] {
            let plan = plan(&world, ADA, "harbor", &list).await;
            let state = |slug: &str| plan.rows.iter().find(|row| row.workspace == slug).unwrap().state.as_str();
            assert_eq!((state("atlas-mobile"), state("docs-site")), ("ready", "not_eligible"), "{list:?}");
        }
        let request = request(&plan(&world, ADA, "harbor", &["docs-site", "atlas-mobile"]).await);
        assert_eq!(results(&apply(&world, ADA, &request).await), [("atlas-mobile", "linked")], "one person with both roles");
        world.check_invariants().await;
    }

    async fn where_two_people_must_agree_no_row_is_ready(world) {
        let world = world.with_company().await.with_consent(Consent::TwoPeople, false).await;
        let shown = plan(&world, ADA, "meridian", &THREE).await;
        assert!(states(&shown).iter().all(|(_, state)| *state == "not_allowed"), "{shown:?}");
        assert_eq!(shown.rows[0].reasons[0].code, "second_person_required");
        // Whoever sends them all the same hears the same.
        let rows = shown.rows.iter().map(|row| RowToLink { workspace: row.workspace.clone(), plan_digest: row.digest.unwrap() });
        let sent = LinksRequest { rows: rows.collect(), plan_digest: None, ..request(&shown) };
        assert!(results(&apply(&world, ADA, &sent).await).iter().all(|(_, code)| *code == "second_person_required"));
        assert_eq!(links(&world).await, 0);
    }

    async fn what_is_refused_stops_no_other_and_the_same_again_links_the_rest(world) {
        let world = world.with_company().await;
        let plan = plan(&world, ADA, "meridian", &THREE).await;
        let request = request(&plan);
        // Since it was looked at: other permissions in one, another suspended.
        world.import(r#"{"type":"user_group","workspace":"atlas-platform","slug":"fresh","name":"Fresh","repository_permission":"write","members":[]}"#).await.unwrap();
        world.import(&suspended("docs-site", "Docs Site")).await.unwrap();
        let before = world.export().await;
        let answer = apply(&world, ADA, &request).await;
        assert_eq!(results(&answer), [("atlas-platform", "plan_changed"), ("atlas-mobile", "linked"), ("docs-site", "suspended")]);
        assert_eq!(world.export().await, before, "linking deletes, moves and grants nothing");
        let RowOutcome::Refused(Error::Refused(refusal)) = &answer.rows[0].outcome else { panic!("{answer:?}") };
        assert!(refusal.differences[0].path.starts_with("workspace.user_groups.fresh"), "{refusal:?}");
        world.import(&suspended("docs-site", "Docs Site").replace("suspended", "active")).await.unwrap();
        let answer = apply(&world, ADA, &request).await;
        assert_eq!(results(&answer), [("atlas-platform", "plan_changed"), ("atlas-mobile", "already_linked"), ("docs-site", "linked")]);
        let fresh = self::plan(&world, ADA, "meridian", &THREE).await;
        assert_eq!(states(&fresh), [("atlas-platform", "ready"), ("atlas-mobile", "already_linked"), ("docs-site", "already_linked")]);
        assert_eq!(results(&apply(&world, ADA, &self::request(&fresh)).await), [("atlas-platform", "linked")]);
        assert_eq!(links(&world).await, 3);
        world.check_invariants().await;
    }

    async fn each_row_needs_both_roles_and_its_own_warnings(world) {
        let world = world.with_company().await;
        let plan = plan(&world, ADA, "meridian", &THREE).await;
        let mut request = request(&plan);
        // Ben sees no workspace; Pia administers one; Cleo looks after the organization without being its admin.
        let nobody = apply(&world, BEN, &request).await;
        assert!(results(&nobody).iter().all(|(_, code)| *code == "not_found"), "{nobody:?}");
        assert_eq!(results(&apply(&world, PIA, &request).await)[2], ("docs-site", "linked"));
        let cleo = self::plan(&world, "cleo@meridian.example", "meridian", &THREE).await;
        assert_eq!(states(&cleo)[2], ("docs-site", "already_linked"), "an auditor sees what is linked");
        request.acknowledge = Acknowledge::Codes(vec!["link_is_permanent".to_owned()]);
        let ada = world.person(ADA).await;
        let answer = link_workspaces(&world.app, &ada, &request, None).await.unwrap();
        assert_eq!(results(&answer)[..2], [("atlas-platform", "warnings_not_acknowledged"), ("atlas-mobile", "warnings_not_acknowledged")]);
        request.acknowledge = Acknowledge::Codes(vec!["everything".to_owned()]);
        assert!(matches!(link_workspaces(&world.app, &ada, &request, None).await, Err(Error::BadInput(_))));
        let stranger = link_workspaces(&world.app, &world.person(GUS).await, &request, None).await;
        assert!(matches!(stranger, Err(Error::NotFound { what: "organization", .. })), "{stranger:?}");
        request.acknowledge = Acknowledge::All;
        installation::change_freeze(&world.app, &Principal::local_operator(), true, Some("test".into())).await.unwrap();
        let frozen = apply(&world, ADA, &request).await;
        assert_eq!(results(&frozen), [("atlas-platform", "linking_frozen"), ("atlas-mobile", "linking_frozen"), ("docs-site", "already_linked")]);
        assert_eq!(links(&world).await, 1);
        world.check_invariants().await;
    }

    async fn only_what_was_shown_is_linked(world) {
        let world = world.with_company().await;
        let shown = request(&plan(&world, ADA, "meridian", &THREE).await);
        let ada = world.person(ADA).await;
        let mut fewer = shown.clone();
        fewer.rows.pop();
        let mut swapped = shown.clone();
        swapped.rows.swap(0, 1);
        let empty = LinksRequest { rows: Vec::new(), ..shown.clone() };
        for wrong in [fewer.clone(), swapped, empty] {
            assert!(matches!(link_workspaces(&world.app, &ada, &wrong, None).await, Err(Error::BadInput(_))), "{wrong:?}");
        }
        // A digest that belongs to another workspace's plan.
        let mut crossed = shown.clone();
        crossed.plan_digest = None;
        crossed.rows[0].plan_digest = shown.rows[1].plan_digest;
        crossed.rows.truncate(1);
        assert_eq!(results(&apply(&world, ADA, &crossed).await), [("atlas-platform", "not_found")]);
        assert_eq!(links(&world).await, 0);
        fewer.plan_digest = None;
        fewer.rows.push(fewer.rows[0].clone());
        assert_eq!(results(&apply(&world, ADA, &fewer).await), [("atlas-platform", "linked"), ("atlas-mobile", "linked")]);
        world.clock.advance(25 * 3600);
        assert_eq!(results(&apply(&world, ADA, &shown).await)[2], ("docs-site", "plan_expired"));
    }

    async fn three_hundred_and_the_same_three_hundred_again(world) {
        let (world, slugs) = with_many(world, 300).await;
        let names: Vec<&str> = slugs.iter().map(String::as_str).collect();
        let plan = plan(&world, ADA, "meridian", &names).await;
        assert_eq!((plan.ready().count(), plan.rows.len()), (300, 300));
        let request = request(&plan);
        let answer = apply(&world, ADA, &request).await;
        assert!(results(&answer).iter().all(|(_, result)| *result == "linked"), "{answer:?}");
        assert!(results(&apply(&world, ADA, &request).await).iter().all(|(_, result)| *result == "already_linked"));
        assert_eq!(links(&world).await, 300);
        world.check_invariants().await;
    }

    async fn four_at_once_link_each_once(world) {
        let (world, slugs) = with_many(world, 20).await;
        let world = Arc::new(world);
        let names: Vec<&str> = slugs.iter().map(String::as_str).collect();
        let request = Arc::new(request(&plan(&world, ADA, "meridian", &names).await));
        let mut set = JoinSet::new();
        for _ in 0..4 {
            let (world, request) = (Arc::clone(&world), Arc::clone(&request));
            set.spawn(async move {
                let answer = apply(&world, ADA, &request).await;
                let results = results(&answer);
                assert!(results.iter().all(|(_, result)| ["linked", "already_linked"].contains(result)), "{results:?}");
                results.iter().filter(|(_, result)| *result == "linked").count()
            });
        }
        let mut linked = 0;
        while let Some(done) = set.join_next().await {
            linked += done.unwrap();
        }
        assert_eq!((linked, links(&world).await), (20, 20));
        world.check_invariants().await;
    }
}
