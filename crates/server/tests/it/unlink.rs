//! Break-glass: two operators, each in person and with a reason, end a link whatever its policy says.

use orglink_app::consent::{self, ConsentRequest, Consented, plan_unlink, propose_unlink, view_proposal};
use orglink_app::link::Acknowledge;
use orglink_app::receipt::export_workspace_receipt;
use orglink_app::{Error, Principal, installation, ledger, upkeep};
use orglink_domain::consent::{ProposalState, Side};
use orglink_domain::event::EventType;
use orglink_testkit::{TestApp, both};
use serde_json::json;

use crate::notify::subjects;

const ADA: &str = "ada@meridian.example";
const BEN: &str = "ben@meridian.example";
const LENA: &str = "lena@harbor.example";
const OLGA: &str = "olga@operator.example";
/// The other operator.
const KIM: &str = "kim@meridian.example";
const W: &str = "atlas-platform";
const O: &str = "meridian";

async fn linked(world: TestApp) -> TestApp {
    let world = world.with_company().await;
    for who in [OLGA, KIM] {
        installation::grant_operator(&world.app, &Principal::local_operator(), who).await.unwrap();
    }
    world.link(ADA, W, O).await.unwrap();
    world
}

async fn proposed(world: &TestApp, who: &Principal, reason: &str) -> Result<String, Error> {
    propose_unlink(&world.app, who, W, reason, None).await.map(|id| id.to_string())
}

async fn agree(world: &TestApp, who: &Principal, id: &str, reason: &str) -> Result<Consented, Error> {
    let reason = Some(reason.to_owned());
    let request = ConsentRequest { plan_digest: None, acknowledge: Acknowledge::All, side: None, reason };
    consent::consent(&world.app, who, id, &request, None).await.map(|a| a.answer)
}

fn code<T: std::fmt::Debug>(refused: Result<T, Error>) -> &'static str {
    match refused {
        Err(Error::Refused(refusal)) => refusal.code,
        Err(Error::NotFound { .. }) => "not_found",
        Err(Error::BadInput(_)) => "bad_input",
        other => panic!("not refused: {other:?}"),
    }
}

/// An operator at the machine, in somebody's name.
async fn operated(world: &TestApp, email: &str) -> Principal {
    let mut tx = world.app.db.begin_read().await.unwrap();
    Principal::on_behalf_of(&mut tx, email).await.unwrap()
}

async fn is_linked(world: &TestApp) -> bool {
    let token = world.token(ADA).await;
    world.api(&token, "GET", &format!("/workspaces/{W}/link"), None).await.status == 200
}

both! {
    async fn two_operators_end_a_permanent_link_and_nothing_else_changes(world) {
        let world = linked(world).await;
        let before = world.export().await;
        let (olga, kim) = (world.person(OLGA).await, world.person(KIM).await);
        let id = proposed(&world, &olga, "A court's order.").await.unwrap();
        assert!(subjects(&world, KIM).await.iter().any(|s| s.contains("is to be ended")));
        assert_eq!(code(agree(&world, &olga, &id, "Me again.").await), "second_person_required");
        assert!(is_linked(&world).await);
        let ended = agree(&world, &kim, &id, "I have read it.").await.unwrap();
        assert!(ended.missing.is_empty() && ended.link.is_some() && ended.side == Side::SecondOperator);
        assert!(!is_linked(&world).await);
        let link = |lines: Vec<String>| lines.into_iter().filter(|l| !l.contains("\"type\":\"link\"")).collect::<Vec<_>>();
        assert_eq!(link(world.export().await), link(before));
        let event = world.events().await.into_iter().rfind(|e| e.kind == EventType::WorkspaceUnlinked).unwrap();
        let payload = event.payload.unwrap();
        assert_eq!((&payload["because"], &payload["reason"]), (&json!("break_glass"), &json!("A court's order. / I have read it.")));
        assert_eq!(payload["access"]["before"], payload["access"]["after"]);
        assert_eq!(payload["plan"]["action"], json!("unlink"));
        let sides: Vec<_> = payload["consents"].as_array().unwrap().iter().map(|c| c["side"].clone()).collect();
        assert_eq!(sides, [json!("operator"), json!("second_operator")]);
        for who in [ADA, BEN] {
            assert!(subjects(&world, who).await.iter().any(|s| s.contains("is no longer linked")), "{who}");
        }
        assert!(world.deliver().await.iter().any(|mail| mail.contains("I have read it.")));
        // What proves it says that it took two.
        upkeep::check_access(&world.app).await.unwrap();
        upkeep::sequence_all(&world.app).await.unwrap();
        ledger::integrate_all(&world.app).await.unwrap();
        let receipt = export_workspace_receipt(&world.app, &world.person(ADA).await, W, None, None).await.unwrap();
        let receipt: serde_json::Value = serde_json::from_slice(&receipt.bytes).unwrap();
        assert_eq!((&receipt["act"], &receipt["consents"][1]["side"]), (&json!("unlink"), &json!("second_operator")));
        // It can be linked again.
        world.link(ADA, W, "meridian-labs").await.unwrap();
        world.check_invariants().await;
    }

    async fn it_takes_two_in_person_with_reasons(world) {
        let world = linked(world).await;
        let (olga, kim) = (world.person(OLGA).await, world.person(KIM).await);
        assert_eq!(code(proposed(&world, &olga, "  ").await), "bad_input");
        // At the machine, in somebody's name, one is no operator, but that somebody.
        assert_eq!(code(proposed(&world, &operated(&world, OLGA).await, "r").await), "second_person_required");
        for who in [ADA, BEN] {
            assert_eq!(code(proposed(&world, &world.person(who).await, "r").await), "not_allowed", "{who}");
            assert_eq!(code(plan_unlink(&world.app, &world.person(who).await, W).await), "not_allowed", "{who}");
        }
        assert_eq!(code(proposed(&world, &world.person(LENA).await, "r").await), "not_found");
        let id = proposed(&world, &olga, "r").await.unwrap();
        assert_eq!(code(proposed(&world, &kim, "r").await), "proposal_open");
        assert_eq!(code(agree(&world, &kim, &id, "").await), "bad_input");
        assert_eq!(code(agree(&world, &operated(&world, KIM).await, &id, "r").await), "second_person_required");
        assert_eq!(code(agree(&world, &world.person(LENA).await, &id, "r").await), "not_found");
        assert_eq!(code(agree(&world, &world.person(ADA).await, &id, "r").await), "not_allowed");
        // Whoever is no operator any more has not agreed.
        installation::grant_operator(&world.app, &Principal::local_operator(), BEN).await.unwrap();
        orglink_app::operator::revoke_operator(&world.app, &Principal::local_operator(), OLGA).await.unwrap();
        let agreed = agree(&world, &kim, &id, "r").await.unwrap();
        assert_eq!(agreed.link, None);
        assert!(is_linked(&world).await);
        let ben = world.person(BEN).await;
        assert!(agree(&world, &ben, &id, "r").await.unwrap().link.is_some());
    }

    async fn what_is_not_linked_any_more_is_not_ended(world) {
        let world = world.with_undo_window(86_400).await;
        let world = linked(world).await;
        let (olga, kim) = (world.person(OLGA).await, world.person(KIM).await);
        let id = proposed(&world, &olga, "r").await.unwrap();
        let token = world.token(ADA).await;
        assert_eq!(world.api(&token, "POST", &format!("/workspaces/{W}/link/undo"), Some(json!({}))).await.status, 200);
        assert_eq!(code(agree(&world, &kim, &id, "r").await), "not_linked");
        assert_eq!(code(plan_unlink(&world.app, &kim, W).await), "not_linked");
        assert_eq!(consent::expire_due(&world.app).await.unwrap(), 1);
        assert_eq!(view_proposal(&world.app, &kim, &id).await.unwrap().state, ProposalState::Superseded);
        world.check_invariants().await;
    }

    async fn the_pages_and_the_api_do_it_too(world) {
        let world = linked(world).await;
        let (cookie, form_token) = world.session(OLGA).await;
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let page = world.send("GET", &format!("/workspaces/{W}"), &headers, "").await.text;
        assert!(page.contains("End the link (two operators)"));
        let page = world.send("GET", &format!("/workspaces/{W}/unlink"), &headers, "").await.text;
        let digest = page.split("name=\"digest\" value=\"").nth(1).unwrap().split('"').next().unwrap().replace(':', "%3A");
        let form = format!("form_token={form_token}&digest={digest}&reason=A+court%27s+order");
        let done = world.send("POST", &format!("/workspaces/{W}/unlink"), &headers, &form).await;
        assert_eq!(done.status, 303, "{}", done.text);
        let id = done.location.rsplit('/').next().unwrap().to_owned();
        let page = world.send("GET", &done.location, &headers, "").await.text;
        assert!(page.contains("End the link of Atlas Platform") && page.contains("It takes somebody else than you"), "{page}");
        let kim = world.token(KIM).await;
        let plan = world.api(&kim, "GET", &format!("/workspaces/{W}/unlink"), None).await.json();
        let seen = world.api(&kim, "GET", &format!("/proposals/{id}"), None).await.json();
        assert_eq!((&seen["act"], &seen["unlink_plan"]["digest"]), (&json!("unlink"), &plan["digest"]));
        assert_eq!(seen["sides"][0]["reason"], json!("A court's order"));
        let (cookie, form_token) = world.session(KIM).await;
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let form = format!("form_token={form_token}&digest={digest}&side=second_operator&reason=Seen");
        let done = world.send("POST", &format!("/proposals/{id}"), &headers, &form).await;
        assert_eq!(done.status, 303, "{}", done.text);
        assert!(!is_linked(&world).await);
        let page = world.send("GET", &format!("/proposals/{id}"), &headers, "").await.text;
        assert!(page.contains("is ended."), "{page}");
    }
}
