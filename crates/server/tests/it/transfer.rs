//! Moving a workspace to another organization: the workspace and both organizations agree to one plan, and there is no moment
//! without a link.

use orglink_app::consent::{
    self, ConsentRequest, Consented, PairNamed, ProposeRequest, Proposed, expire_due, make_link_code, preview, propose,
    view_proposal,
};
use orglink_app::link::{Acknowledge, make_plan};
use orglink_app::receipt::export_workspace_receipt;
use orglink_app::{Error, ledger, upkeep};
use orglink_domain::consent::{ProposalState, Side};
use orglink_domain::event::EventType;
use orglink_domain::link::{Act, Consent};
use orglink_testkit::{TestApp, both};
use serde_json::{Value, json};

use crate::cli::run;
use crate::notify::subjects;

/// Admin of the workspace and of every organization here.
const ADA: &str = "ada@meridian.example";
/// Admin of the workspace alone.
const HANA: &str = "hana@meridian.example";
/// Admin of the organization that it leaves.
const BEN: &str = "ben@meridian.example";
/// Admin of the one that it goes to.
const LENA: &str = "lena@harbor.example";
const GUS: &str = "gus@solo.example";
const IVO: &str = "ivo@meridian.example";
const W: &str = "atlas-platform";
const FROM: &str = "meridian";
const TO: &str = "harbor";

/// Linked under a policy that lets it be moved.
async fn movable(world: TestApp) -> TestApp {
    let world = world.with_company().await.with_transfer(true).await;
    world.link(ADA, W, FROM).await.unwrap();
    world
}

/// A move to Harbor, whose admin has handed over a code.
async fn wanted(world: &TestApp) -> ProposeRequest {
    let code = make_link_code(&world.app, &world.person(LENA).await, Side::Organization, TO).await.unwrap();
    ProposeRequest {
        act: Act::Transfer,
        pair: PairNamed {
            workspace: Some(W.to_owned()),
            organization: None,
            code: Some(code.code.reveal().to_owned()),
        },
        side: None,
        plan_digest: None,
        acknowledge: Acknowledge::All,
        message: None,
        payer: None,
    }
}

async fn proposed(world: &TestApp, who: &str) -> Result<Proposed, Error> {
    let request = wanted(world).await;
    propose(&world.app, &world.person(who).await, &request, None).await.map(|a| a.answer)
}

async fn agree(world: &TestApp, who: &str, id: &str) -> Result<Consented, Error> {
    agree_for(world, who, id, None).await
}

async fn agree_for(world: &TestApp, who: &str, id: &str, side: Option<Side>) -> Result<Consented, Error> {
    let request = ConsentRequest { plan_digest: None, acknowledge: Acknowledge::All, side, reason: None };
    consent::consent(&world.app, &world.person(who).await, id, &request, None).await.map(|a| a.answer)
}

fn code<T: std::fmt::Debug>(refused: Result<T, Error>) -> &'static str {
    match refused {
        Err(Error::Refused(refusal)) => refusal.code,
        Err(Error::NotFound { .. }) => "not_found",
        Err(Error::BadInput(_)) => "bad_input",
        other => panic!("not refused: {other:?}"),
    }
}

async fn linked_to(world: &TestApp) -> String {
    let token = world.token(ADA).await;
    let link = world.api(&token, "GET", &format!("/workspaces/{W}/link"), None).await.json();
    link["organization"].as_str().unwrap_or_default().to_owned()
}

both! {
    async fn three_agree_and_the_workspace_is_moved_without_a_gap(world) {
        let world = movable(world).await;
        let before = linked_to(&world).await;
        assert_eq!(before, FROM);
        let id = proposed(&world, HANA).await.unwrap().id.to_string();
        assert!(subjects(&world, BEN).await.iter().any(|s| s.contains("is to be moved from Meridian Freight to Harbor")));
        assert_eq!(agree(&world, BEN, &id).await.unwrap().missing, [Side::Organization]);
        assert_eq!(linked_to(&world).await, FROM, "two are not three");
        let moved = agree(&world, LENA, &id).await.unwrap();
        assert!(moved.link.is_some() && moved.missing.is_empty());
        assert_eq!(linked_to(&world).await, TO);

        let events = world.events().await;
        let left = events.iter().rfind(|e| e.kind == EventType::WorkspaceUnlinked).unwrap();
        let came = events.iter().rfind(|e| e.kind == EventType::WorkspaceLinked).unwrap();
        let (out, of): (&Value, &Value) = (left.payload.as_ref().unwrap(), came.payload.as_ref().unwrap());
        assert_eq!((&out["because"], &out["moved_to"]["slug"]), (&json!("transferred"), &json!(TO)));
        assert_eq!((&of["moved_from"]["slug"], &of["moved_from"]["link"]), (&json!(FROM), &out["link"]));
        assert_eq!((left.at, left.position + 1), (came.at, came.position), "in one transaction, with nothing between");
        let sides: Vec<&Value> = of["consents"].as_array().unwrap().iter().map(|c| &c["side"]).collect();
        assert_eq!(sides, [&json!("workspace"), &json!("source"), &json!("organization")]);
        assert!(subjects(&world, BEN).await.iter().any(|s| s.contains("was moved from Meridian Freight to Harbor")));
        world.check_invariants().await;

        // What proves it proves that three agreed.
        upkeep::check_access(&world.app).await.unwrap();
        upkeep::sequence_all(&world.app).await.unwrap();
        ledger::integrate_all(&world.app).await.unwrap();
        let receipt = export_workspace_receipt(&world.app, &world.person(BEN).await, W, None, None).await;
        assert_eq!(code(receipt.map(|_| ())), "not_found", "it is not his organization's any more");
        assert!(export_workspace_receipt(&world.app, &world.person(LENA).await, W, None, None).await.is_ok());
        let receipt = export_workspace_receipt(&world.app, &world.person(HANA).await, W, None, None).await.unwrap();
        let receipt: Value = serde_json::from_slice(&receipt.bytes).unwrap();
        assert_eq!((&receipt["act"], &receipt["plan"]["action"]), (&json!("transfer"), &json!("transfer")));
    }

    async fn only_what_its_policy_lets_be_moved_is(world) {
        let world = world.with_company().await;
        world.link(ADA, W, FROM).await.unwrap();
        let world = world.with_transfer(true).await;
        // What was promised when it was linked holds.
        assert_eq!(code(proposed(&world, HANA).await), "link_cannot_be_moved");
        let request = ProposeRequest { pair: PairNamed { workspace: Some("docs-site".into()), ..wanted(&world).await.pair }, ..wanted(&world).await };
        assert_eq!(code(propose(&world.app, &world.person(ADA).await, &request, None).await), "not_linked");
        let plan = make_plan(&world.app, &world.person(ADA).await, "atlas-mobile", FROM).await.unwrap();
        let warnings: Vec<&str> = plan.warnings.iter().map(|w| w.as_str()).collect();
        assert!(warnings.contains(&"link_can_only_be_moved") && !warnings.contains(&"link_is_permanent"), "{warnings:?}");
        world.link(ADA, "atlas-mobile", FROM).await.unwrap();
        let here = ProposeRequest {
            pair: PairNamed { workspace: Some("atlas-mobile".into()), organization: Some(FROM.into()), code: None },
            ..wanted(&world).await
        };
        assert_eq!(code(propose(&world.app, &world.person(ADA).await, &here, None).await), "already_linked");
        // Nor does forbidding it take away what was given.
        let world = world.with_transfer(false).await.with_consent(Consent::TwoSided, false).await;
        let there = ProposeRequest { pair: PairNamed { workspace: Some("atlas-mobile".into()), organization: Some("meridian-labs".into()), code: None }, ..here };
        propose(&world.app, &world.person(ADA).await, &there, None).await.unwrap();
    }

    async fn by_default_moving_is_nowhere(world) {
        let world = world.with_company().await;
        world.link(ADA, W, FROM).await.unwrap();
        let (cookie, _) = world.session(ADA).await;
        for path in [format!("/workspaces/{W}"), format!("/organizations/{FROM}/apps")] {
            let page = world.send("GET", &path, &[("cookie", &cookie)], "").await.text;
            assert!(!page.contains("Move ") && !page.contains("transfer"), "{path}: {page}");
        }
        let there = ProposeRequest {
            act: Act::Transfer,
            pair: PairNamed { workspace: Some(W.into()), organization: Some(TO.into()), code: None },
            side: None,
            plan_digest: None,
            acknowledge: Acknowledge::All,
            message: None,
            payer: None,
        };
        assert_eq!(code(propose(&world.app, &world.person(ADA).await, &there, None).await), "link_cannot_be_moved");
    }

    async fn a_move_is_proposed_by_those_who_know_where_it_is_and_seen_by_those_concerned(world) {
        let world = movable(world).await;
        // Harbor's admin knows nothing of the workspace.
        let there = ProposeRequest { pair: PairNamed { workspace: Some(W.into()), organization: Some(TO.into()), code: None }, ..wanted(&world).await };
        for who in [LENA, GUS] {
            assert_eq!(code(propose(&world.app, &world.person(who).await, &there, None).await), "not_found", "{who}");
        }
        let request = wanted(&world).await;
        assert_eq!(code(propose(&world.app, &world.person(IVO).await, &request, None).await), "not_allowed");
        // Nor does a member of the workspace who administers the organization that it might go to learn where it is.
        let admins = "[\"ada@meridian.example\",\"ivo@meridian.example\"]";
        let line = format!("{{\"type\":\"organization\",\"slug\":\"meridian-labs\",\"name\":\"Meridian Labs\",\"admins\":{admins}}}\n");
        world.import(&line).await.unwrap();
        let labs = PairNamed { workspace: Some(W.into()), organization: Some("meridian-labs".into()), code: None };
        let looked = preview(&world.app, &world.person(IVO).await, &labs, Act::Transfer).await;
        assert_eq!(code(looked.map(|_| ())), "not_allowed");
        let (view, sides) = preview(&world.app, &world.person(BEN).await, &request.pair, Act::Transfer).await.unwrap();
        assert_eq!((sides.as_slice(), &view.plan.document["action"]), ([Side::Source].as_slice(), &json!("transfer")));
        assert_eq!(view.plan.document["source"]["slug"], json!(FROM));
        assert_eq!(view.plan.document["entitlements"]["before"], view.plan.document["entitlements"]["after"]);
        let id = propose(&world.app, &world.person(BEN).await, &request, None).await.unwrap().answer.id.to_string();
        for who in [IVO, GUS] {
            assert_eq!(code(view_proposal(&world.app, &world.person(who).await, &id).await.map(|v| v.state)), "not_found", "{who}");
        }
        for who in [HANA, LENA, BEN, ADA] {
            assert!(view_proposal(&world.app, &world.person(who).await, &id).await.is_ok(), "{who}");
        }
    }

    async fn one_person_with_every_role_agrees_for_each_unless_two_people_are_wanted(world) {
        let world = movable(world).await;
        let there = ProposeRequest { pair: PairNamed { workspace: Some(W.into()), organization: Some("meridian-labs".into()), code: None }, side: Some(Side::Workspace), ..wanted(&world).await };
        let ada = world.person(ADA).await;
        let id = propose(&world.app, &ada, &there, None).await.unwrap().answer.id.to_string();
        assert_eq!(agree(&world, ADA, &id).await.unwrap().missing, [Side::Organization]);
        assert!(agree(&world, ADA, &id).await.unwrap().link.is_some());
        assert_eq!(linked_to(&world).await, "meridian-labs");
        let world = world.with_consent(Consent::TwoPeople, false).await;
        let back = ProposeRequest { pair: PairNamed { workspace: Some(W.into()), organization: Some(FROM.into()), code: None }, ..there };
        let id = propose(&world.app, &ada, &back, None).await.unwrap().answer.id.to_string();
        assert_eq!(code(agree_for(&world, ADA, &id, Some(Side::Source)).await), "second_person_required");
        assert_eq!(agree(&world, BEN, &id).await.unwrap().missing, [Side::Source]);
        assert_eq!(code(agree_for(&world, ADA, &id, Some(Side::Source)).await), "second_person_required");
        // Hana speaks for the workspace, and Ada for the organization that it leaves.
        assert_eq!(agree_for(&world, HANA, &id, Some(Side::Workspace)).await.unwrap().missing, [Side::Source]);
        assert!(agree_for(&world, ADA, &id, Some(Side::Source)).await.unwrap().link.is_some());
        world.check_invariants().await;
    }

    async fn what_is_no_longer_there_is_not_moved(world) {
        let world = world.with_company().await.with_undo_window(86_400).await.with_transfer(true).await;
        world.link(ADA, W, FROM).await.unwrap();
        let id = proposed(&world, HANA).await.unwrap().id.to_string();
        let token = world.token(ADA).await;
        assert_eq!(world.api(&token, "POST", &format!("/workspaces/{W}/link/undo"), Some(json!({}))).await.status, 200);
        assert_eq!(code(agree(&world, BEN, &id).await), "not_linked");
        world.link(ADA, W, "meridian-labs").await.unwrap();
        assert_eq!(code(agree(&world, LENA, &id).await), "not_linked");
        assert_eq!(expire_due(&world.app).await.unwrap(), 1);
        let seen = view_proposal(&world.app, &world.person(HANA).await, &id).await.unwrap();
        assert_eq!(seen.state, ProposalState::Superseded);
        world.check_invariants().await;
    }

    async fn many_at_once_move_it_once(world) {
        let world = movable(world).await;
        let id = proposed(&world, HANA).await.unwrap().id.to_string();
        agree(&world, BEN, &id).await.unwrap();
        let mut tasks = Vec::new();
        for who in [LENA, ADA, LENA, ADA, LENA, ADA] {
            let (app, who, id) = (std::sync::Arc::clone(&world.app), world.person(who).await, id.clone());
            tasks.push(tokio::spawn(async move {
                let side = Some(Side::Organization);
                let request = ConsentRequest { plan_digest: None, acknowledge: Acknowledge::All, side, reason: None };
                consent::consent(&app, &who, &id, &request, None).await.map(|a| a.answer.link)
            }));
        }
        let mut moved = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(link) => moved += usize::from(link.is_some()),
                Err(Error::Refused(_)) => {}
                Err(e) => panic!("{e}"),
            }
        }
        assert_eq!((moved, linked_to(&world).await.as_str()), (1, TO));
        world.check_invariants().await;
    }

    async fn a_script_moves(world) {
        let world = world.with_company().await;
        let config = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(config.path(), "[link]\ntransfer = true\n").unwrap();
        let config = config.path().display().to_string();
        let ada = ["--as", ADA, "--config", &config, "--json"];
        let link = ["link", "--workspace", W, "--organization", FROM, "--yes"];
        assert_eq!(run(&world, &[&link[..], &ada[..]].concat()).0, 0);
        let transfer = ["transfer", "--workspace", W, "--to", "meridian-labs", "--side", "workspace"];
        let (status, looked, said) = run(&world, &[&transfer[..], &["--dry-run"], &ada[..]].concat());
        assert_eq!((status, &looked["plan"]["document"]["action"]), (0, &json!("transfer")), "{said}");
        let (status, made, said) = run(&world, &[&transfer[..], &["--yes"], &ada[..]].concat());
        assert_eq!((status, &made["act"], &made["source"]), (0, &json!("transfer"), &json!(FROM)), "{said}");
        let id = made["id"].as_str().unwrap();
        for (side, is_last) in [("source", false), ("organization", true)] {
            let (status, agreed, said) = run(&world, &[&["consent", id, "--side", side, "--yes"], &ada[..]].concat());
            assert_eq!((status, agreed["link"].is_string()), (0, is_last), "{said}");
        }
    }
}
