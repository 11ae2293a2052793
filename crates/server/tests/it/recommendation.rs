//! Which organization a workspace belongs to: evidence with its weight, nothing on a tie, nothing leaked, and a warning to
//! whoever chooses another that has clearly less to do with it.

use orglink_app::link::{Acknowledge, LinkRequest, link_workspace, make_plan, view_plan};
use orglink_domain::plan::Warning;
use orglink_testkit::{TestApp, both};
use serde_json::{Value, json};

use crate::cli::run;

const ADA: &str = "ada@meridian.example";
const OPS: &str = "harbor-ops";

async fn recommended(world: &TestApp, who: &str, workspace: &str) -> Value {
    let answer =
        world.api(&world.token(who).await, "GET", &format!("/workspaces/{workspace}/recommendation"), None).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn kinds(of: &Value, organization: &str) -> Vec<(String, i64)> {
    let items = of["items"].as_array().unwrap();
    let one = items.iter().find(|i| i["organization"] == organization).unwrap();
    let evidence = one["evidence"].as_array().unwrap();
    evidence.iter().map(|e| (e["kind"].as_str().unwrap().to_owned(), e["points"].as_i64().unwrap())).collect()
}

both! {
    async fn evidence_is_weighed_and_said(world) {
        let world = world.with_company().await;
        let of_atlas = recommended(&world, ADA, "atlas-platform").await;
        assert_eq!(of_atlas["recommended"], "meridian", "{of_atlas}");
        let names: Vec<&str> = of_atlas["items"].as_array().unwrap().iter().map(|i| i["organization"].as_str().unwrap()).collect();
        assert_eq!(names, ["meridian", "harbor", "meridian-labs"], "best first, alike by slug");
        // Hana, Ivo, Mia, Tess, Yan and Sam beside Ada; Sam and Tess hold a role on its sites.
        assert_eq!(kinds(&of_atlas, "meridian"), [("integrations".into(), 35), ("domains".into(), 30), ("people".into(), 6), ("hub".into(), 10), ("identity_provider".into(), 5)]);
        assert_eq!(kinds(&of_atlas, "meridian-labs"), []);
        // Lena administers Harbor; Zoe is nobody there. A hub that has nothing to do with the workspace is no evidence.
        let of_ops = recommended(&world, ADA, OPS).await;
        assert_eq!((&of_ops["recommended"], kinds(&of_ops, "harbor"), kinds(&of_ops, "meridian")), (&"harbor".into(), vec![("people".into(), 10)], vec![]));
        // Nobody but Ada: nothing to go by, a tie.
        assert_eq!(recommended(&world, ADA, "ada-brandt").await["recommended"], Value::Null);
        // People of a workspace that is linked already are known there.
        world.link(ADA, "docs-site", "meridian-labs").await.unwrap();
        let after = recommended(&world, ADA, "atlas-platform").await;
        assert_eq!(kinds(&after, "meridian-labs"), [("people".to_owned(), 20 * 2 / 6)], "Mia and Tess");
        let (code, said, stderr) = run(&world, &["recommend", "--workspace", "atlas-platform", "--as", ADA, "--json"]);
        assert_eq!((code, said), (0, after), "{stderr}");
    }

    async fn a_tie_recommends_nothing_and_warns_of_nothing(world) {
        let world = world.with_company().await;
        world.import(r#"{"type":"organization","slug":"harbor-two","name":"Harbor Two","admins":["ada@meridian.example","lena@harbor.example"]}"#).await.unwrap();
        let of_ops = recommended(&world, ADA, OPS).await;
        assert_eq!(of_ops["recommended"], Value::Null, "{of_ops}");
        assert_eq!((of_ops["items"][0]["score"].clone(), of_ops["items"][1]["score"].clone()), (10.into(), 10.into()));
        let plan = make_plan(&world.app, &world.person(ADA).await, OPS, "meridian").await.unwrap();
        assert!(!plan.warnings.contains(&Warning::WrongOrganization));
    }

    async fn only_what_one_administers_is_compared(world) {
        let world = world.with_company().await;
        // Noor administers the workspace and no organization; Pia one; Mia is a member.
        for who in ["noor@meridian.example", "mia@meridian.example"] {
            let answer = world.api(&world.token(who).await, "GET", "/workspaces/night-shift/recommendation", None).await;
            assert_eq!((answer.status, answer.json()), (200, json!({ "recommended": null, "items": [] })));
        }
        let pia = recommended(&world, "pia@meridian.example", "docs-site").await;
        assert!(pia["items"].as_array().unwrap().len() == 1 && !pia.to_string().contains("labs") && !pia.to_string().contains("Harbor"), "{pia}");
        // A workspace that one may not see is not there.
        let gus = world.token("gus@solo.example").await;
        let there = world.api(&gus, "GET", "/workspaces/night-shift/recommendation", None).await;
        let not = world.api(&gus, "GET", "/workspaces/no-such/recommendation", None).await;
        assert_eq!((there.status, there.said("night-shift", "W")), (404, not.said("no-such", "W")));
        // An organization's own people see a linked workspace, and nothing of who is in it.
        world.link(ADA, "docs-site", "meridian").await.unwrap();
        let cleo = world.api(&world.token("cleo@meridian.example").await, "GET", "/workspaces/docs-site/recommendation", None).await;
        assert_eq!(cleo.status, 403);
        let (cookie, _) = world.session("gus@solo.example").await;
        assert_eq!(world.send("GET", "/link?workspace=night-shift", &[("cookie", &cookie)], "").await.status, 303);
    }

    async fn whoever_chooses_another_must_say_that_they_mean_it(world) {
        let world = world.with_company().await;
        let ada = world.person(ADA).await;
        let right = make_plan(&world.app, &ada, "atlas-platform", "meridian").await.unwrap();
        assert!(!right.warnings.contains(&Warning::WrongOrganization));
        let wrong = make_plan(&world.app, &ada, "atlas-platform", "meridian-labs").await.unwrap();
        assert_eq!(wrong.warnings.last(), Some(&Warning::WrongOrganization));
        assert_eq!(wrong.recommendation.rather_than(wrong.organization.id).unwrap().organization.slug, "meridian");
        // It is Ada's alone: the plan, which is nobody's in particular, does not know of it.
        assert!(!wrong.plan.document.to_string().contains("wrong_organization"));
        assert!(!wrong.plan.warnings.contains(&Warning::WrongOrganization));
        let json = world.api(&world.token(ADA).await, "GET", &format!("/link-plans/{}", wrong.plan.digest), None).await.json();
        let (warnings, of) = (&json["warnings"], &json["recommendation"]);
        assert!(warnings.as_array().unwrap().iter().any(|w| w["code"] == "wrong_organization") && of["recommended"] == "meridian", "{json}");

        let (cookie, _) = world.session(ADA).await;
        let page = world.send("GET", &format!("/organizations/meridian-labs/link/plans/{}", wrong.plan.digest), &[("cookie", &cookie)], "").await;
        assert!(page.text.contains("value=\"wrong_organization\" required") && page.text.contains("Is it the right organization?"), "{}", page.text);
        let picker = world.send("GET", "/link?workspace=atlas-platform", &[("cookie", &cookie)], "").await;
        assert!(picker.text.contains("Recommended") && picker.text.contains("verified address at its domains"), "{}", picker.text);

        let mut request = LinkRequest {
            workspace: "atlas-platform".into(),
            organization: "meridian-labs".into(),
            plan_digest: Some(wrong.plan.digest),
            acknowledge: Acknowledge::Codes(wrong.plan.warnings.iter().map(ToString::to_string).collect()),
        };
        let refused = link_workspace(&world.app, &ada, &request, None).await.unwrap_err();
        let orglink_app::Error::Refused(refusal) = refused else { panic!("{refused}") };
        assert_eq!((refusal.code, refusal.reasons[0].code), ("warnings_not_acknowledged", "wrong_organization"));
        request.acknowledge = Acknowledge::Codes(wrong.warnings.iter().map(ToString::to_string).collect());
        let linked = link_workspace(&world.app, &ada, &request, None).await.unwrap().answer;
        assert_eq!(linked.plan_digest, wrong.plan.digest, "the same plan for whoever looks");
        let events = world.events().await;
        let said = events.iter().find(|e| e.kind == orglink_domain::event::EventType::WorkspaceLinked).unwrap();
        assert!(said.payload.as_ref().unwrap().to_string().contains("wrong_organization"), "what was acknowledged is kept");
        world.check_invariants().await;
    }

    async fn two_people_see_one_plan(world) {
        let world = world.with_company().await;
        // Lena administers one organization, Ada three: the digest is the same, what is warned of is their own.
        world.import(r#"{"type":"site","organization":"meridian","slug":"ops-desk","products":["jira"],"integrations":[{"product":"jira","workspace":"harbor-ops"}]}"#).await.unwrap();
        let (ada, lena) = (world.person(ADA).await, world.person("lena@harbor.example").await);
        let of_ada = make_plan(&world.app, &ada, OPS, "harbor").await.unwrap();
        let of_lena = view_plan(&world.app, &lena, &of_ada.plan.digest.to_string()).await.unwrap();
        assert_eq!((of_lena.plan.digest, of_lena.differences.len()), (of_ada.plan.digest, 0));
        assert!(of_ada.warnings.contains(&Warning::WrongOrganization), "{:?}", of_ada.recommendation);
        assert!(!of_lena.warnings.contains(&Warning::WrongOrganization) && of_lena.recommendation.candidates.is_empty());
    }
}
