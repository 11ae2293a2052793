//! Many workspaces at once: a row each, partial success, sent again after anything; and the file that declares them.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use orglink_app::link::{Acknowledge, LinksAnswer, LinksPlan, LinksRequest, RowOutcome, RowToLink};
use orglink_app::link::{link_workspaces, plan_links};
use orglink_app::{Error, Principal, installation};
use orglink_domain::event::EventType;
use orglink_testkit::{Answer, TestApp, address_text, both};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::cli::{PROGRAM, run};

const ADA: &str = "ada@meridian.example";
/// Admin of the organization, and of no workspace.
const BEN: &str = "ben@meridian.example";
/// Admin of the organization and of `docs-site` alone.
const PIA: &str = "pia@meridian.example";
/// Of another company.
const GUS: &str = "gus@solo.example";
const THREE: [&str; 3] = ["atlas-platform", "atlas-mobile", "docs-site"];

async fn plan(world: &TestApp, who: &str, organization: &str, workspaces: &[&str]) -> LinksPlan {
    let names: Vec<String> = workspaces.iter().map(ToString::to_string).collect();
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

/// A manifest in a file of its own.
fn manifest(text: &str) -> (tempfile::NamedTempFile, String) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let name = file.path().display().to_string();
    (file, name)
}

fn block(organization: &str, workspaces: &[impl AsRef<str>]) -> String {
    let quoted: Vec<String> = workspaces.iter().map(|w| format!("\"{}\"", w.as_ref())).collect();
    format!("[[link]]\norganization = \"{organization}\"\nworkspaces = [{}]\n", quoted.join(", "))
}

async fn form(world: &TestApp, who: &str, path: &str, fields: &str) -> Answer {
    let (cookie, token) = world.session(who).await;
    let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    world.send("POST", path, &headers, &format!("{fields}&form_token={token}")).await
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let value = page.split(&format!("name=\"{name}\" value=\"")).nth(1).and_then(|rest| rest.split('"').next());
    value.unwrap_or_else(|| panic!("no field {name}: {page}")).replace('=', "%3D").replace(':', "%3A").replace(' ', "+")
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

    async fn what_is_refused_stops_no_other_and_the_same_again_links_the_rest(world) {
        let world = world.with_company().await;
        let before = world.export().await;
        let plan = plan(&world, ADA, "meridian", &THREE).await;
        let request = request(&plan);
        // Since it was looked at: other permissions in one, another suspended.
        world.import(r#"{"type":"user_group","workspace":"atlas-platform","slug":"fresh","name":"Fresh","repository_permission":"write","members":[]}"#).await.unwrap();
        world.import(&suspended("docs-site", "Docs Site")).await.unwrap();
        let answer = apply(&world, ADA, &request).await;
        assert_eq!(results(&answer), [("atlas-platform", "plan_changed"), ("atlas-mobile", "linked"), ("docs-site", "suspended")]);
        let RowOutcome::Refused(Error::Refused(refusal)) = &answer.rows[0].outcome else { panic!("{answer:?}") };
        assert!(refusal.differences[0].path.starts_with("workspace.user_groups.fresh"), "{refusal:?}");
        world.import(&suspended("docs-site", "Docs Site").replace("suspended", "active")).await.unwrap();
        let answer = apply(&world, ADA, &request).await;
        assert_eq!(results(&answer), [("atlas-platform", "plan_changed"), ("atlas-mobile", "already_linked"), ("docs-site", "linked")]);
        let fresh = self::plan(&world, ADA, "meridian", &THREE).await;
        assert_eq!(states(&fresh), [("atlas-platform", "ready"), ("atlas-mobile", "already_linked"), ("docs-site", "already_linked")]);
        assert_eq!(results(&apply(&world, ADA, &self::request(&fresh)).await), [("atlas-platform", "linked")]);
        assert_eq!(links(&world).await, 3);
        let gained: Vec<String> = world.export().await.into_iter().filter(|line| !before.contains(line)).collect();
        assert!(gained.iter().all(|line| line.contains("\"fresh\"")), "linking deletes, moves and grants nothing: {gained:?}");
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

    async fn through_the_api_with_and_without_a_key(world) {
        let world = world.with_company().await;
        let (ada, gus) = (world.token(ADA).await, world.token(GUS).await);
        let (plans, links) = ("/organizations/meridian/link-plans", "/organizations/meridian/links");
        let list = json!({ "workspaces": ["atlas-mobile", "docs-site", "old-billing", "workshop"] });
        assert_eq!(world.api(&gus, "POST", plans, Some(list.clone())).await.status, 404);
        let made = world.api(&ada, "POST", plans, Some(list)).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let plan = made.json()["plan"].clone();
        assert_eq!((&plan["counts"]["ready"], &plan["counts"]["not_eligible"], &plan["warnings"][0]["rows"]), (&json!(2), &json!(1), &json!(2)));
        assert_eq!(plan["rows"][3]["reasons"][0]["code"], "not_found");
        let rows: Vec<Value> = plan["rows"].as_array().unwrap().iter().map(|row| json!({ "workspace": row["workspace"], "plan_digest": row["plan_digest"] })).collect();
        let body = json!({ "rows": rows[..2], "plan_digest": plan["digest"], "acknowledge_all": true });
        for wrong in [
            json!({ "workspaces": [] }),
            json!({ "workspaces": (0..501).map(|i| format!("w-{i}")).collect::<Vec<_>>() }),
            json!({ "workspaces": ["a"], "colour": "red" }),
        ] {
            let answer = world.api(&ada, "POST", plans, Some(wrong)).await;
            assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("bad_input")), "{}", answer.text);
        }
        for (field, wrong) in [("plan_digest", json!(format!("sha256:{}", "0".repeat(64)))), ("plan_digest", json!("x")), ("rows", json!([])), ("colour", json!("red"))] {
            let mut tampered = body.clone();
            tampered[field] = wrong;
            assert_eq!(world.api(&ada, "POST", links, Some(tampered)).await.status, 400);
        }
        assert_eq!(world.api(&gus, "POST", links, Some(body.clone())).await.status, 404);
        assert_eq!(self::links(&world).await, 0);

        let bearer = format!("Bearer {ada}");
        let send = async |body: &Value| {
            let headers = [("authorization", bearer.as_str()), ("idempotency-key", "k")];
            world.send("POST", &format!("/api/v1{links}"), &headers, &body.to_string()).await
        };
        world.import(&suspended("docs-site", "Docs Site")).await.unwrap();
        let first = send(&body).await;
        assert_eq!(first.status, 200, "{}", first.text);
        let first = first.json();
        assert_eq!((&first["rows"][0]["result"], &first["rows"][0]["link"]["already_existed"]), (&json!("linked"), &json!(false)));
        assert_eq!((&first["rows"][1]["result"], &first["rows"][1]["problem"]["code"]), (&json!("refused"), &json!("suspended")));
        assert_eq!(first["counts"], json!({ "linked": 1, "already_linked": 0, "refused": 1, "not_tried": 0 }));
        world.import(&suspended("docs-site", "Docs Site").replace("suspended", "active")).await.unwrap();
        let second = send(&body).await.json();
        assert_eq!((&second["rows"][0]["link"]["id"], &second["rows"][0]["link"]["already_existed"]), (&first["rows"][0]["link"]["id"], &json!(true)));
        assert_eq!(second["rows"][1]["result"], "linked", "what was refused is tried again: {second}");
        let mut other = body.clone();
        other["acknowledge_all"] = json!(false);
        let reused = send(&other).await;
        assert_eq!((reused.status, &reused.json()["code"]), (422, &json!("idempotency_key_reused")));
        let without = world.api(&ada, "POST", links, Some(body)).await.json();
        assert_eq!(without["counts"], json!({ "linked": 0, "already_linked": 2, "refused": 0, "not_tried": 0 }));
        assert_eq!(self::links(&world).await, 2);
        world.check_invariants().await;
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

    async fn killed_in_the_middle_it_goes_on_where_it_was(world) {
        let (world, slugs) = with_many(world, 5).await;
        let (_file, file) = manifest(&block("meridian", &slugs));
        let apply = ["links", "apply", "-f", &file, "--as", ADA, "--yes", "--json"];
        let mut expected = 0;
        for point in ["link.planned", "link.guarded", "link.committed", "link.inserted", "link.event", "link.committed"] {
            let mut command = Command::new(PROGRAM);
            command.args(apply).args(["--database", &address_text(&world.database.address())]).env("ORGLINK_FAULT", point);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            assert!(!command.status().unwrap().success(), "{point} was not passed");
            expected += usize::from(point == "link.committed");
            assert_eq!(links(&world).await, expected, "after {point}");
            world.check_invariants().await;
        }
        let (code, status, _) = run(&world, &["links", "status", "-f", &file, "--as", ADA, "--json"]);
        assert_eq!((code, &status["holds"], &status["counts"]["already_linked"]), (8, &json!(false), &json!(2)));
        let (code, done, said) = run(&world, &apply);
        assert_eq!((code, &done["counts"]["linked"], &done["counts"]["already_linked"]), (0, &json!(3), &json!(2)), "{said}");
        assert_eq!(links(&world).await, 5);
        world.check_invariants().await;
    }

    async fn a_file_declares_and_never_unlinks(world) {
        let world = world.with_company().await;
        world.link(ADA, "hackdays", "meridian").await.unwrap();
        let ada = ["--as", ADA, "--json"];
        let ask = |verb: &str, file: &str, more: &[&str]| run(&world, &[&["links", verb, "-f", file][..], more, &ada[..]].concat());
        let text = block("meridian", &["atlas-mobile", "docs-site"]) + &block("harbor", &["harbor-ops"]);
        let (_file, file) = manifest(&text);
        let (code, planned, said) = ask("plan", &file, &[]);
        assert_eq!((code, &planned["counts"]["ready"], planned["plans"].as_array().unwrap().len()), (8, &json!(3), 2), "{said}");
        assert_eq!(links(&world).await, 1, "a plan links nothing");
        let (code, _, said) = run(&world, &["links", "apply", "-f", &file, "--as", ADA]);
        assert_eq!(code, 2, "nobody is there to ask: {said}");
        let (code, refused, _) = ask("apply", &file, &["--acknowledge", "link_is_permanent"]);
        assert_eq!((code, &refused["counts"]["refused"], &refused["rows"][0]["problem"]["code"]), (3, &json!(3), &json!("warnings_not_acknowledged")));
        let (code, done, said) = ask("apply", &file, &["--yes"]);
        assert_eq!((code, &done["counts"]["linked"]), (0, &json!(3)), "{said}");
        for (verb, field) in [("plan", "counts"), ("status", "counts")] {
            let (code, answer, _) = ask(verb, &file, &[]);
            assert_eq!((code, &answer[field]["already_linked"]), (0, &json!(3)), "{verb}");
        }
        // Without its line it stays linked; and what is linked elsewhere is a conflict, moved by nothing.
        let (_file, file) = manifest(&block("meridian", &["atlas-mobile", "harbor-ops"]));
        let (code, planned, _) = ask("plan", &file, &[]);
        assert_eq!((code, &planned["plans"][0]["rows"][1]["state"]), (3, &json!("linked_elsewhere")));
        assert_eq!(ask("status", &file, &[]).0, 8);
        let (code, answer, _) = ask("apply", &file, &["--yes"]);
        assert_eq!((code, &answer["rows"][1]["problem"]["code"]), (6, &json!("linked_elsewhere")));
        assert_eq!(links(&world).await, 4);
        assert!(world.events().await.iter().all(|e| e.kind != EventType::WorkspaceUnlinked));
        for (slug, organization) in [("docs-site", "meridian"), ("harbor-ops", "harbor"), ("hackdays", "meridian")] {
            let (_, link, _) = run(&world, &["workspace", "link", slug, "--json"]);
            assert_eq!(link["organization"]["slug"].as_str().or(link["organization"].as_str()), Some(organization), "{link}");
        }
        world.check_invariants().await;
    }

    async fn a_file_that_is_wrong_says_where_and_links_nothing(world) {
        let world = world.with_company().await;
        for (text, line, column, words) in [
            ("[[link]]\norganization = \"meridian\"\nworkspaces = [\"docs-site\"]\ncolour = 1\n", 4, 1, "colour"),
            ("[[link]]\norganization = \"meridian\"\nworkspaces = [\"a\"]\n[[link]]\norganization = \"harbor\"\nworkspaces = [\n  \"A\",\n]\n", 7, 3, "one organization"),
            ("[[link]]\norganization = \"meridian\"\nworkspaces = \"docs-site\"\n", 3, 14, "sequence"),
        ] {
            let (_file, file) = manifest(text);
            for verb in ["plan", "status", "apply"] {
                let yes: &[&str] = if verb == "apply" { &["--yes"] } else { &[] };
                let (code, answer, said) = run(&world, &[&["links", verb, "-f", &file, "--as", ADA, "--json"][..], yes].concat());
                let error = &answer["errors"][0];
                assert_eq!((code, &answer["code"], &error["line"], &error["column"]), (5, &json!("bad_input"), &json!(line), &json!(column)), "{said}");
                assert!(said.contains(words) && said.contains(&file), "{said}");
            }
        }
        let (_file, file) = manifest(&block("no-such", &["docs-site"]));
        assert_eq!(run(&world, &["links", "apply", "-f", &file, "--as", ADA, "--yes", "--json"]).0, 4);
        assert_eq!(run(&world, &["links", "plan", "-f", "/no/such/file", "--as", ADA]).0, 2);
        let (_file, file) = manifest("# nothing yet\n");
        assert_eq!(run(&world, &["links", "plan", "-f", &file, "--as", ADA]).0, 0);
        // By standard input, for people.
        let mut child = Command::new(PROGRAM)
            .args(["links", "plan", "-f", "-", "--as", ADA, "--database", &address_text(&world.database.address())])
            .env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(block("meridian", &["docs-site", "old-billing"]).as_bytes()).unwrap();
        let out = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&out.stdout);
        assert_eq!(out.status.code(), Some(8), "{said}");
        assert!(said.contains("docs-site") && said.contains("not eligible") && said.contains("1 to link, 0 linked already, 1 cannot be linked now."), "{said}");
        assert_eq!(links(&world).await, 0);
    }

    async fn the_pages_choose_show_and_link(world) {
        let world = world.with_company().await;
        let base = "/organizations/meridian/link/many";
        let (cookie, _) = world.session(ADA).await;
        let apps = world.send("GET", "/organizations/meridian/apps", &[("cookie", &cookie)], "").await.text;
        assert!(apps.contains(&format!("href=\"{base}\"")), "{apps}");
        let offered = world.send("GET", base, &[("cookie", &cookie)], "").await.text;
        assert!(offered.contains("value=\"docs-site\"") && offered.contains("value=\"old-billing\" disabled"), "{offered}");
        // Whoever is no admin here reads what is missing; a stranger nothing.
        let (cleo, _) = world.session("cleo@meridian.example").await;
        let away = world.send("GET", base, &[("cookie", &cleo)], "").await;
        assert_eq!((away.status, away.location.as_str()), (303, "/organizations/meridian/link"));
        for fields in ["slugs=", "all=rubbish"] {
            let answer = form(&world, ADA, base, fields).await;
            assert_eq!(answer.status, 400, "{}", answer.text);
            assert_eq!(form(&world, GUS, base, fields).await.status, 404);
        }
        let all = form(&world, ADA, base, "all=yes").await.text;
        assert!(all.contains("atlas-platform=sha256:") && !all.contains("old-billing"), "{all}");

        let page = form(&world, ADA, base, "workspaces=docs-site&workspaces=atlas-mobile&slugs=old-billing%0D%0Aworkshop").await;
        for words in ["Link 2 workspaces to Meridian Freight?", "2 of 4 can be linked", "Cannot be linked now", "Not found", "Concerns all 2."] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        let sent = format!("rows={}&digest={}", hidden(&page.text, "rows"), hidden(&page.text, "digest"));
        let confirm = format!("{base}/confirm");
        for (who, status) in [(GUS, 404), (ADA, 400)] {
            assert_eq!(form(&world, who, &confirm, "rows=docs-site").await.status, status);
        }
        let warnings = "acknowledge=link_is_permanent&acknowledge=people_stay_in_workspace";
        let none = form(&world, ADA, &confirm, &sent).await;
        assert!(none.status == 200 && none.text.contains("0 linked, 2 not") && none.text.contains("Acknowledge this warning."), "{}", none.text);
        world.link(ADA, "atlas-mobile", "meridian").await.unwrap();
        let done = form(&world, ADA, &confirm, &format!("{sent}&{warnings}")).await;
        assert!(done.status == 200 && done.text.contains("Was linked here already") && done.text.contains("1 workspace was linked now"), "{}", done.text);
        let again = form(&world, ADA, &confirm, &format!("{sent}&{warnings}")).await;
        assert!(again.status == 200 && again.text.contains("2 were linked before."), "{}", again.text);
        assert_eq!(links(&world).await, 2);
        world.check_invariants().await;
    }
}
