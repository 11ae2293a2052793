//! What nobody can administer any more gets an admin again: shown, told, waited for, or objected to.

use orglink_app::recovery::{self, NewRecovery, PlaceReference};
use orglink_app::{Error, Principal, installation};
use orglink_domain::event::EventType;
use orglink_testkit::{Answer, TestApp, both};
use serde_json::{Value, json};

use crate::notify::subjects;

const YARD: &str = "robot-yard";
const IVO: &str = "ivo@meridian.example";
const WEEK: i64 = 7 * 24 * 60 * 60;
const RECORD: &str = "_orglink-recovery.meridian.example";

fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or_default().to_owned()
}

fn of_yard() -> Value {
    json!({ "workspace": YARD, "reason": "Its only person has left." })
}

async fn admins(world: &TestApp) -> usize {
    let olga = operator(world, "olga@operator.example").await;
    let members = world.api(&olga, "GET", "/workspaces/robot-yard/user-groups/administrators/members", None).await;
    members.json()["items"].as_array().map_or(0, Vec::len)
}

/// The token of somebody who is an operator from now on.
async fn operator(world: &TestApp, email: &str) -> String {
    installation::grant_operator(&world.app, &Principal::local_operator(), email).await.unwrap();
    world.token(email).await
}

/// A recovery of the yard for Ivo, shown by the record.
async fn shown(world: &TestApp) -> String {
    let ivo = world.person(IVO).await;
    let wanted = NewRecovery { place: PlaceReference::Workspace(YARD.to_owned()), reason: "Gone.".to_owned() };
    let id = recovery::request_recovery(&world.app, &ivo, &wanted, None).await.unwrap().answer.to_string();
    world.nameserver.put(RECORD, &format!("orglink-recovery={id}"));
    recovery::prove_recovery(&world.app, &ivo, &id).await.unwrap();
    id
}

both! {
    async fn a_domain_shows_it_everybody_can_object_and_then_it_applies(world) {
        let world = world.with_company().await;
        let (ivo, mia) = (world.token(IVO).await, world.token("mia@meridian.example").await);
        let made = world.api(&ivo, "POST", "/recoveries", Some(of_yard())).await;
        assert_eq!((made.status, made.json()["state"].as_str()), (201, Some("requested")), "{}", made.text);
        let again = world.api(&ivo, "POST", "/recoveries", Some(of_yard())).await;
        assert_eq!((again.status, code(&again).as_str()), (409, "recovery_open"), "{}", again.text);
        let (id, record) = (made.json()["id"].as_str().unwrap().to_owned(), made.json()["record"].clone());
        assert_eq!((record["name"].as_str(), record["text"].as_str()), (Some(RECORD), Some(format!("orglink-recovery={id}").as_str())));
        let act = |what: &str| format!("/recoveries/{id}/{what}");

        let missing = world.api(&ivo, "POST", &act("prove"), None).await;
        assert_eq!((missing.status, code(&missing).as_str()), (409, "record_missing"), "{}", missing.text);
        world.nameserver.put(RECORD, "v=spf1 -all");
        let other = world.api(&ivo, "POST", &act("prove"), None).await;
        assert!(other.text.contains("v=spf1 -all"), "what is there is said: {}", other.text);
        world.nameserver.put(RECORD, &format!("orglink-recovery={id}"));
        assert_eq!(world.api(&mia, "POST", &act("prove"), None).await.status, 404, "not hers, and she is not concerned");
        let waiting = world.api(&ivo, "POST", &act("prove"), None).await;
        assert_eq!((waiting.status, waiting.json()["state"].as_str()), (200, Some("waiting")), "{}", waiting.text);

        recovery::apply_due_recoveries(&world.app).await.unwrap();
        assert_eq!(admins(&world).await, 2, "nothing before its time");
        assert_eq!(subjects(&world, "vera@meridian.example").await, ["Ivo Petrov is to become admin of Robot Yard: you can object"]);
        assert_eq!(subjects(&world, IVO).await.len(), 2, "what he asked, and that it waits");
        assert!(subjects(&world, "mia@meridian.example").await.is_empty(), "nobody else");
        world.clock.advance(WEEK);
        recovery::apply_due_recoveries(&world.app).await.unwrap();
        recovery::apply_due_recoveries(&world.app).await.unwrap();
        assert_eq!(admins(&world).await, 3);
        let ivo = world.token(IVO).await;
        let done = world.api(&ivo, "GET", &format!("/recoveries/{id}"), None).await;
        assert_eq!(done.json()["state"], "applied");
        let change = json!({ "name": "Robot Yard again" });
        assert_eq!(world.change(&ivo, "PATCH", "/workspaces/robot-yard", Some(change)).await.status, 200, "he administers it");
        let kinds: Vec<EventType> = world.events().await.into_iter().map(|e| e.kind).collect();
        let count = |kind| kinds.iter().filter(|k| **k == kind).count();
        assert_eq!([EventType::RecoveryRequested, EventType::RecoveryBegun, EventType::RecoveryApplied].map(count), [1, 1, 1]);
        world.check_invariants().await;
    }

    async fn an_objection_ends_it_and_strangers_learn_nothing(world) {
        let world = world.with_company().await;
        let id = shown(&world).await;
        let (gus, vera) = (world.token("gus@solo.example").await, world.token("vera@meridian.example").await);
        let object = |why: &str| Some(json!({ "reason": why }));
        let path = format!("/recoveries/{id}");
        let (hidden, absent) = (world.api(&gus, "GET", &path, None).await, world.api(&gus, "GET", &format!("/recoveries/{}", id.replace('0', "1")), None).await);
        assert_eq!((hidden.status, absent.status), (404, 404));
        for what in ["prove", "approve", "withdraw"] {
            assert_eq!(world.api(&gus, "POST", &format!("{path}/{what}"), None).await.status, 404, "{what}");
        }
        assert_eq!(world.api(&gus, "POST", &format!("{path}/object"), object("no")).await.status, 404);
        assert_eq!(world.api(&vera, "POST", &format!("{path}/object"), object("  ")).await.status, 400);
        let ended = world.api(&vera, "POST", &format!("{path}/object"), object("I am back next week.")).await;
        assert_eq!((ended.status, ended.json()["state"].as_str()), (200, Some("objected")), "{}", ended.text);
        world.clock.advance(WEEK);
        recovery::apply_due_recoveries(&world.app).await.unwrap();
        assert_eq!(admins(&world).await, 2);
        let vera = world.token("vera@meridian.example").await;
        let late = world.api(&vera, "POST", &format!("{path}/object"), object("again")).await;
        assert_eq!((late.status, code(&late).as_str()), (409, "recovery_ended"));
        let (unrelated, nothing) = (json!({ "workspace": YARD, "reason": "x" }), json!({ "workspace": "no-such-yard", "reason": "x" }));
        let gus = world.token("gus@solo.example").await;
        let unrelated = world.api(&gus, "POST", "/recoveries", Some(unrelated)).await;
        let nothing = world.api(&gus, "POST", "/recoveries", Some(nothing)).await;
        assert_eq!((unrelated.status, unrelated.said(YARD, "NAME")), (404, nothing.said("no-such-yard", "NAME")));
    }

    async fn what_somebody_administers_needs_no_recovery(world) {
        let world = world.with_company().await;
        let (ivo, noor) = (world.token(IVO).await, world.token("noor@meridian.example").await);
        for place in [json!({ "workspace": "atlas-platform", "reason": "x" }), json!({ "organization": "meridian", "reason": "x" })] {
            let answer = world.api(&ivo, "POST", "/recoveries", Some(place)).await;
            assert_eq!((answer.status, code(&answer).as_str()), (409, "has_active_admin"), "{}", answer.text);
        }
        for body in [json!({ "reason": "x" }), json!({ "workspace": YARD, "organization": "meridian", "reason": "x" }), json!({ "workspace": YARD, "reason": "" })] {
            assert_eq!(world.api(&noor, "POST", "/recoveries", Some(body)).await.status, 400);
        }
        // Whoever proves an address in the meantime ends the need for it.
        let id = shown(&world).await;
        world.import("{\"type\":\"account\",\"email\":\"vera@meridian.example\",\"name\":\"Vera Quist\",\"verified\":true}\n").await.unwrap();
        world.clock.advance(WEEK);
        recovery::apply_due_recoveries(&world.app).await.unwrap();
        let seen = recovery::view_recovery(&world.app, &world.person(IVO).await, &id).await.unwrap();
        assert_eq!((seen.recovery.state.as_str(), admins(&world).await), ("superseded", 2));
        world.check_invariants().await;
    }

    async fn two_operators_recover_an_organization_and_one_is_not_two(world) {
        let world = world.with_company().await;
        world.import("{\"type\":\"organization\",\"slug\":\"orphan\",\"name\":\"Orphan\",\"admins\":[\"vera@meridian.example\"]}\n").await.unwrap();
        let (olga, hana) = (operator(&world, "olga@operator.example").await, operator(&world, "hana@meridian.example").await);
        let gus = world.token("gus@solo.example").await;
        let wanted = json!({ "organization": "orphan", "account": "gus@solo.example", "reason": "Gus founded it." });
        assert_eq!(world.api(&gus, "POST", "/recoveries", Some(wanted.clone())).await.status, 403, "not an operator");
        let made = world.api(&olga, "POST", "/recoveries", Some(wanted)).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let approve = format!("/recoveries/{id}/approve");
        let same = world.api(&olga, "POST", &approve, None).await;
        assert_eq!((same.status, code(&same).as_str()), (409, "second_person_required"));
        // Whoever has the database at hand is no second person, on whosever behalf.
        let mut tx = world.app.db.begin_read().await.unwrap();
        let behalf = Principal::on_behalf_of(&mut tx, "hana@meridian.example").await.unwrap();
        drop(tx);
        assert!(matches!(recovery::approve_recovery(&world.app, &behalf, &id).await, Err(Error::Refused(no)) if no.code == "second_person_required"));
        assert_eq!(world.api(&gus, "POST", &approve, None).await.status, 403, "nor is the one it is for");
        let approved = world.api(&hana, "POST", &approve, None).await;
        assert_eq!((approved.status, approved.json()["approved_by"].as_str()), (200, Some("hana@meridian.example")), "{}", approved.text);
        world.clock.advance(WEEK);
        recovery::apply_due_recoveries(&world.app).await.unwrap();
        let gus = world.token("gus@solo.example").await;
        assert_eq!(world.change(&gus, "PATCH", "/organizations/orphan", Some(json!({ "name": "Found" }))).await.status, 200);
        world.check_invariants().await;
    }

    async fn time_runs_out_and_asking_has_a_limit(world) {
        let world = world.with_company().await;
        let ivo = world.person(IVO).await;
        let wanted = NewRecovery { place: PlaceReference::Workspace(YARD.to_owned()), reason: "Gone.".to_owned() };
        for _ in 0..5 {
            let id = recovery::request_recovery(&world.app, &ivo, &wanted, None).await.unwrap().answer.to_string();
            recovery::withdraw_recovery(&world.app, &ivo, &id).await.unwrap();
        }
        assert!(matches!(recovery::request_recovery(&world.app, &ivo, &wanted, None).await, Err(Error::Refused(no)) if no.code == "too_many_recoveries"));
        world.clock.advance(24 * 60 * 60);
        let id = recovery::request_recovery(&world.app, &ivo, &wanted, Some("k")).await.unwrap().answer.to_string();
        assert_eq!(recovery::request_recovery(&world.app, &ivo, &wanted, Some("k")).await.unwrap().answer.to_string(), id, "the same key, the same answer");
        world.clock.advance(2 * WEEK);
        recovery::apply_due_recoveries(&world.app).await.unwrap();
        assert_eq!(recovery::view_recovery(&world.app, &ivo, &id).await.unwrap().recovery.state.as_str(), "expired");
        assert!(matches!(recovery::prove_recovery(&world.app, &ivo, &id).await, Err(Error::Refused(no)) if no.code == "recovery_ended"));
    }

    async fn an_objection_and_the_end_of_the_wait_at_once_leave_one_of_both(world) {
        let world = world.with_company().await;
        let id = shown(&world).await;
        world.clock.advance(WEEK);
        let vera = world.person("vera@meridian.example").await;
        let apply = || { let app = world.app.clone(); tokio::spawn(async move { recovery::apply_due_recoveries(&app).await }) };
        let (app, by) = (world.app.clone(), id.clone());
        let (first, second) = (apply(), apply());
        let objected = tokio::spawn(async move { recovery::object_to_recovery(&app, &vera, &by, "No.").await }).await.unwrap();
        let (first, second) = (first.await.unwrap(), second.await.unwrap());
        assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
        recovery::apply_due_recoveries(&world.app).await.unwrap();
        assert_eq!(admins(&world).await, if objected.is_ok() { 2 } else { 3 });
        let events = world.events().await;
        let ends = events.iter().filter(|e| matches!(e.kind, EventType::RecoveryApplied | EventType::RecoveryObjected)).count();
        assert_eq!(ends, 1, "{objected:?}");
        world.check_invariants().await;
    }

    async fn two_approvals_at_once_are_one(world) {
        let world = world.with_company().await;
        let (olga, hana) = (operator(&world, "olga@operator.example").await, operator(&world, "hana@meridian.example").await);
        let ada = operator(&world, "ada@meridian.example").await;
        let wanted = json!({ "workspace": YARD, "account": IVO, "reason": "He is the last." });
        let id = world.api(&olga, "POST", "/recoveries", Some(wanted)).await.json()["id"].as_str().unwrap().to_owned();
        let path = format!("/recoveries/{id}/approve");
        let (one, two) = tokio::join!(world.api(&hana, "POST", &path, None), world.api(&ada, "POST", &path, None));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{} {}", one.text, two.text);
        assert_eq!(world.events().await.iter().filter(|e| e.kind == EventType::RecoveryBegun).count(), 1);
    }
}
