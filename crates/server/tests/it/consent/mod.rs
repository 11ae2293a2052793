//! Links that several people agree to: each side to the same plan, in any order, and nobody twice.

mod codes;

use orglink_app::consent::{
    self, ConsentRequest, Consented, PairNamed, ProposeRequest, Proposed, decline, expire_due, list_my_proposals,
    make_link_code, preview, propose, remind, view_proposal, withdraw,
};
use orglink_app::link::{Acknowledge, make_plan};
use orglink_app::{Error, PageRequest, Principal, workspace};
use orglink_domain::consent::{Agreement, ProposalState, Side};
use orglink_domain::event::EventType;
use orglink_domain::link::{Act, Consent};
use orglink_testkit::{TestApp, both};
use serde_json::json;

use crate::cli::run;
use crate::notify::subjects;

/// Admin of both sides.
const ADA: &str = "ada@meridian.example";
/// Admin of the organization alone.
pub const BEN: &str = "ben@meridian.example";
const PIA: &str = "pia@meridian.example";
/// Admin of the workspace alone.
pub const HANA: &str = "hana@meridian.example";
/// Member of the workspace.
const IVO: &str = "ivo@meridian.example";
/// Of other companies.
const LENA: &str = "lena@harbor.example";
const GUS: &str = "gus@solo.example";
const W: &str = "atlas-platform";
const O: &str = "meridian";
const DAY: i64 = 24 * 60 * 60;

pub async fn two_sided(world: TestApp) -> TestApp {
    world.with_company().await.with_consent(Consent::TwoSided, false).await
}

fn wanted(workspace: &str, organization: &str) -> ProposeRequest {
    ProposeRequest {
        act: Act::Link,
        pair: PairNamed {
            workspace: Some(workspace.to_owned()),
            organization: Some(organization.to_owned()),
            code: None,
        },
        side: None,
        plan_digest: None,
        acknowledge: Acknowledge::All,
        message: None,
        payer: None,
    }
}

pub async fn proposed(world: &TestApp, who: &str) -> Result<Proposed, Error> {
    propose(&world.app, &world.person(who).await, &wanted(W, O), None).await.map(|a| a.answer)
}

async fn agree(world: &TestApp, who: &str, id: &str) -> Result<Consented, Error> {
    agree_as(world, &world.person(who).await, id, None).await
}

async fn agree_as(world: &TestApp, who: &Principal, id: &str, side: Option<Side>) -> Result<Consented, Error> {
    let request = ConsentRequest { plan_digest: None, acknowledge: Acknowledge::All, side, reason: None };
    consent::consent(&world.app, who, id, &request, None).await.map(|a| a.answer)
}

/// An operator at the machine, in somebody's name.
async fn operated(world: &TestApp, email: &str) -> Principal {
    let mut tx = world.app.db.begin_read().await.unwrap();
    Principal::on_behalf_of(&mut tx, email).await.unwrap()
}

fn code<T: std::fmt::Debug>(refused: Result<T, Error>) -> &'static str {
    match refused {
        Err(Error::Refused(refusal)) => refusal.code,
        Err(Error::NotFound { .. }) => "not_found",
        Err(Error::BadInput(_)) => "bad_input",
        other => panic!("not refused: {other:?}"),
    }
}

async fn count(world: &TestApp, who: &str, words: &str) -> usize {
    subjects(world, who).await.iter().filter(|s| s.contains(words)).count()
}

async fn is_linked(world: &TestApp, workspace: &str) -> bool {
    workspace::view_workspace(&world.app, &world.person(ADA).await, workspace).await.unwrap().link.is_some()
}

/// A change that the plan covers.
async fn drift(world: &TestApp) {
    let token = world.token(HANA).await;
    let body = json!({ "repository_permission": "read" });
    let changed = world.change(&token, "PATCH", &format!("/workspaces/{W}/user-groups/developers"), Some(body)).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
}

both! {
    async fn two_sides_agree_in_any_order_and_then_it_is_linked(world) {
        let world = two_sided(world).await.with_undo_window(30 * DAY).await;
        for (first, second, from) in [(HANA, BEN, Side::Workspace), (BEN, HANA, Side::Organization)] {
            let made = proposed(&world, first).await.unwrap();
            assert_eq!(made.side, from);
            let id = made.id.to_string();
            assert_eq!(count(&world, second, "is to be linked to").await, 1, "{second}");
            assert_eq!(code(proposed(&world, first).await), "proposal_open");
            assert_eq!(code(agree(&world, first, &id).await), "already_agreed");
            assert!(!is_linked(&world, W).await);
            let agreed = agree(&world, second, &id).await.unwrap();
            assert!(agreed.missing.is_empty() && agreed.link.is_some(), "{agreed:?}");
            assert!(is_linked(&world, W).await);
            assert_eq!(code(agree(&world, second, &id).await), "proposal_not_open");
            let event = world.events().await.into_iter().rfind(|e| e.kind == EventType::WorkspaceLinked).unwrap();
            let payload = event.payload.unwrap();
            let sides: Vec<&str> =
                payload["consents"].as_array().unwrap().iter().map(|c| c["side"].as_str().unwrap()).collect();
            assert_eq!(sides.len(), 2);
            assert!(payload["consents"].as_array().unwrap().iter().all(|c| c["plan_digest"] == payload["plan_digest"]));
            assert_eq!(payload["proposal"]["id"], json!(id));
            world.check_invariants().await;
            // Again, the other way round.
            unlink(&world).await;
        }
    }

    async fn one_person_with_both_roles_links_in_one_pass_unless_two_people_are_wanted(world) {
        let world = two_sided(world).await.with_undo_window(30 * DAY).await;
        assert_eq!(code(proposed(&world, ADA).await), "both_roles");
        world.link(ADA, W, O).await.unwrap();
        unlink(&world).await;
        let world = world.with_consent(Consent::TwoPeople, false).await;
        assert_eq!(code(world.link(ADA, W, O).await), "second_person_required");
        let made = proposed(&world, ADA).await.unwrap();
        assert_eq!(made.side, Side::Workspace);
        let id = made.id.to_string();
        let refused = agree_as(&world, &world.person(ADA).await, &id, Some(Side::Organization)).await;
        assert_eq!(code(refused), "second_person_required");
        // Nor does an operator in somebody's name count as the second.
        assert_eq!(code(agree_as(&world, &operated(&world, BEN).await, &id, None).await), "second_person_required");
        assert!(!is_linked(&world, W).await);
        assert!(agree(&world, BEN, &id).await.unwrap().link.is_some());
        world.check_invariants().await;
    }

    async fn what_an_operator_proposed_in_somebodys_name_is_no_consent_of_two_people(world) {
        let world = world.with_company().await.with_consent(Consent::TwoPeople, false).await;
        let made = propose(&world.app, &operated(&world, HANA).await, &wanted(W, O), None).await.unwrap().answer;
        let id = made.id.to_string();
        let agreed = agree(&world, BEN, &id).await.unwrap();
        assert_eq!((agreed.missing.as_slice(), agreed.link), ([Side::Workspace].as_slice(), None));
        // Hana herself agrees, and then they are two.
        assert!(agree(&world, HANA, &id).await.unwrap().link.is_some());
    }

    async fn a_consent_to_an_older_plan_does_not_count_and_its_giver_sees_why(world) {
        let world = two_sided(world).await;
        let id = proposed(&world, BEN).await.unwrap().id.to_string();
        let (view, _) = preview(&world.app, &world.person(HANA).await, &wanted(W, O).pair, Act::Link).await.unwrap();
        drift(&world).await;
        // What Hana looked at is not what she would agree to now.
        let request = ConsentRequest { plan_digest: Some(view.plan.digest), acknowledge: Acknowledge::All, side: None, reason: None };
        let refused = consent::consent(&world.app, &world.person(HANA).await, &id, &request, None).await;
        match refused {
            Err(Error::Refused(refusal)) => {
                assert_eq!(refusal.code, "plan_changed");
                assert_eq!(refusal.differences[0].path, "workspace.user_groups.developers.repository_permission");
            }
            other => panic!("{other:?}"),
        }
        let agreed = agree(&world, HANA, &id).await.unwrap();
        assert_eq!((agreed.missing.as_slice(), agreed.link), ([Side::Organization].as_slice(), None));
        assert!(!is_linked(&world, W).await);
        assert_eq!(count(&world, BEN, "Agree again").await, 1);
        let seen = view_proposal(&world.app, &world.person(BEN).await, &id).await.unwrap();
        let mine = seen.sides.iter().find(|s| s.side == Side::Organization).unwrap();
        assert_eq!((mine.agreement, mine.is_mine), (Agreement::Outdated, true));
        assert_eq!(mine.differences[0].path, "workspace.user_groups.developers.repository_permission");
        assert!(agree(&world, BEN, &id).await.unwrap().link.is_some());
        world.check_invariants().await;
    }

    async fn whoever_lost_the_role_has_not_agreed(world) {
        let world = two_sided(world).await;
        let id = proposed(&world, BEN).await.unwrap().id.to_string();
        let token = world.token(ADA).await;
        let path = format!("/organizations/{O}/roles/admin/{BEN}");
        let gone = world.change(&token, "DELETE", &path, None).await;
        assert!(gone.status < 300, "{} {}", gone.status, gone.text);
        let agreed = agree(&world, HANA, &id).await.unwrap();
        assert_eq!((agreed.missing.as_slice(), agreed.link), ([Side::Organization].as_slice(), None));
        assert_eq!(code(agree(&world, BEN, &id).await), "not_found");
        assert!(agree(&world, PIA, &id).await.unwrap().link.is_some());
    }

    async fn a_proposal_is_declined_withdrawn_reminded_of_and_expires(world) {
        let world = two_sided(world).await;
        let (hana, ben, ada) = (world.person(HANA).await, world.person(BEN).await, world.person(ADA).await);
        let id = proposed(&world, HANA).await.unwrap().id.to_string();
        assert_eq!(code(decline(&world.app, &hana, &id, "no").await), "withdraw_instead");
        assert_eq!(code(withdraw(&world.app, &ben, &id).await), "decline_instead");
        assert_eq!(code(decline(&world.app, &ben, &id, " ").await), "bad_input");
        let declined = decline(&world.app, &ben, &id, "Not this year.").await.unwrap();
        assert_eq!(declined.state, ProposalState::Declined);
        assert_eq!(count(&world, HANA, "Declined").await, 1);
        assert!(world.deliver().await.iter().any(|mail| mail.contains("Not this year.")));
        assert_eq!(code(agree(&world, BEN, &id).await), "proposal_not_open");

        let id = proposed(&world, HANA).await.unwrap().id.to_string();
        assert_eq!(code(remind(&world.app, &hana, &id).await), "reminded_already");
        world.clock.advance(DAY);
        assert_eq!(code(remind(&world.app, &ben, &id).await), "not_allowed");
        remind(&world.app, &hana, &id).await.unwrap();
        assert_eq!(count(&world, BEN, "Still waiting for you").await, 1);
        assert_eq!(code(remind(&world.app, &hana, &id).await), "reminded_already");
        // Whoever of the side that proposed it.
        assert_eq!(withdraw(&world.app, &ada, &id).await.unwrap().state, ProposalState::Withdrawn);

        let id = proposed(&world, HANA).await.unwrap().id.to_string();
        world.clock.advance(14 * DAY);
        assert_eq!(code(agree(&world, BEN, &id).await), "proposal_not_open");
        assert_eq!(expire_due(&world.app).await.unwrap(), 1);
        assert_eq!(expire_due(&world.app).await.unwrap(), 0);
        assert_eq!(count(&world, HANA, "Nobody answered in time").await, 1);
        // What nobody has swept away yet is in nobody's way.
        let id = proposed(&world, HANA).await.unwrap().id.to_string();
        world.clock.advance(14 * DAY);
        let next = proposed(&world, BEN).await.unwrap().id.to_string();
        assert_ne!(id, next);
        assert!(!is_linked(&world, W).await);
        world.check_invariants().await;
    }

    async fn what_is_linked_otherwise_needs_no_proposal_any_more(world) {
        let world = two_sided(world).await;
        let id = proposed(&world, HANA).await.unwrap().id.to_string();
        world.link(ADA, W, "meridian-labs").await.unwrap();
        assert_eq!(code(agree(&world, BEN, &id).await), "already_linked");
        assert_eq!(expire_due(&world.app).await.unwrap(), 1);
        let seen = view_proposal(&world.app, &world.person(BEN).await, &id).await.unwrap();
        assert_eq!(seen.state, ProposalState::Superseded);
        assert_eq!(count(&world, BEN, "No longer needed").await, 1);
    }

    async fn nobody_else_learns_of_it(world) {
        let world = two_sided(world).await;
        let id = proposed(&world, HANA).await.unwrap().id.to_string();
        for who in [IVO, LENA, GUS] {
            let person = world.person(who).await;
            assert_eq!(code(view_proposal(&world.app, &person, &id).await.map(|v| v.state)), "not_found", "{who}");
            assert_eq!(code(agree(&world, who, &id).await), "not_found", "{who}");
            assert_eq!(code(decline(&world.app, &person, &id, "no").await), "not_found", "{who}");
            assert_eq!(code(withdraw(&world.app, &person, &id).await), "not_found", "{who}");
            let mine = list_my_proposals(&world.app, &person, None, &PageRequest::default()).await.unwrap();
            assert!(mine.items.is_empty(), "{who}");
        }
        // What somebody may not see cannot be proposed, whether or not it is there.
        for organization in [O, "no-such-organization"] {
            let refused = propose(&world.app, &world.person(GUS).await, &wanted("workshop", organization), None).await;
            assert_eq!(code(refused), "not_found", "{organization}");
        }
        for workspace in ["harbor-ops", "no-such-workspace"] {
            let refused = propose(&world.app, &world.person(BEN).await, &wanted(workspace, O), None).await;
            assert_eq!(code(refused), "not_found", "{workspace}");
        }
        // A member of one side who administers neither.
        assert_eq!(code(proposed(&world, IVO).await), "not_allowed");
        // Whose people one may not see is not named.
        let plan = make_plan(&world.app, &world.person(HANA).await, W, O).await.unwrap();
        assert!(plan.organization_admins.is_empty() && !plan.workspace_admins.is_empty());
    }

    async fn where_one_person_links_nothing_is_proposed(world) {
        let world = world.with_company().await;
        assert_eq!(code(world.link(HANA, W, O).await), "not_found");
        assert_eq!(code(proposed(&world, ADA).await), "consent_is_one_person");
        assert_eq!(code(make_link_code(&world.app, &world.person(ADA).await, Side::Workspace, W).await.map(|_| ())), "consent_is_one_person");
    }

    async fn another_admin_approves_and_the_payer_agrees(world) {
        let world = world.with_company().await.with_consent(Consent::TwoSided, true).await;
        assert_eq!(code(world.link(ADA, W, O).await), "second_person_required");
        let request = ProposeRequest { payer: Some("Billing@Meridian.example".to_owned()), ..wanted(W, O) };
        let id = propose(&world.app, &world.person(HANA).await, &request, None).await.unwrap().answer.id.to_string();
        let mails = world.deliver().await;
        assert!(mails.iter().any(|m| m.to_lowercase().contains("to: billing@meridian.example") || m.contains("the payer who was named")), "{mails:?}");
        let agreed = agree(&world, BEN, &id).await.unwrap();
        assert_eq!(agreed.missing, [Side::Approver, Side::Payer]);
        assert_eq!(code(agree_as(&world, &world.person(BEN).await, &id, Some(Side::Approver)).await), "second_person_required");
        assert_eq!(code(agree_as(&world, &operated(&world, PIA).await, &id, Some(Side::Approver)).await), "second_person_required");
        assert_eq!(agree(&world, PIA, &id).await.unwrap().missing, [Side::Payer]);
        let linked = agree(&world, "billing@meridian.example", &id).await.unwrap();
        assert!(linked.link.is_some(), "{linked:?}");
        world.check_invariants().await;
    }

    async fn whoever_leaves_leaves_no_words_and_no_address_behind(world) {
        let world = two_sided(world).await;
        let payer = "mia@meridian.example";
        let (message, payer) = (Some("Between us.".to_owned()), Some(payer.to_owned()));
        let request = ProposeRequest { message, payer, ..wanted(W, O) };
        let id = propose(&world.app, &world.person(HANA).await, &request, None).await.unwrap().answer.id.to_string();
        for who in [HANA, "mia@meridian.example"] {
            orglink_app::account::erase_account(&world.app, &world.person(who).await, who).await.unwrap();
        }
        let seen = view_proposal(&world.app, &world.person(BEN).await, &id).await.unwrap();
        assert_eq!((seen.proposal.message, seen.proposal.payer.as_deref()), (None, Some("a former address")));
        for event in world.events().await {
            let text = event.payload.map(|p| p.to_string()).unwrap_or_default();
            let names = text.contains("mia@meridian") || text.contains("Between us");
            assert!(!names || event.kind == EventType::ImportCompleted, "{:?} {text}", event.kind);
        }
    }

    async fn a_pending_consent_keeps_its_place_in_the_quota(world) {
        let world = two_sided(world).await;
        // Harbor may have one workspace.
        let gus = world.person(GUS).await;
        let lena = world.person(LENA).await;
        let made = make_link_code(&world.app, &gus, Side::Workspace, "workshop").await.unwrap();
        let request = ProposeRequest {
            pair: PairNamed { workspace: None, organization: Some("harbor".to_owned()), code: Some(made.code.reveal().to_owned()) },
            ..wanted(W, O)
        };
        let id = propose(&world.app, &lena, &request, None).await.unwrap().answer.id.to_string();
        assert_eq!(code(world.link(ADA, "harbor-ops", "harbor").await), "organization_quota");
        // Given back when it is declined,
        decline(&world.app, &gus, &id, "No.").await.unwrap();
        let made = make_link_code(&world.app, &gus, Side::Workspace, "workshop").await.unwrap();
        let request = ProposeRequest { pair: PairNamed { code: Some(made.code.reveal().to_owned()), ..request.pair }, ..request };
        let id = propose(&world.app, &lena, &request, None).await.unwrap().answer.id.to_string();
        // its own place is no reason against it,
        assert_eq!(code(world.link(ADA, "harbor-ops", "harbor").await), "organization_quota");
        // and when its time has passed, whether or not that was noted.
        world.clock.advance(14 * DAY);
        world.link(ADA, "harbor-ops", "harbor").await.unwrap();
        assert_eq!(code(agree_as(&world, &gus, &id, None).await), "proposal_not_open");
        world.check_invariants().await;
    }

    async fn many_at_once_make_one_link_and_use_no_consent_twice(world) {
        let world = two_sided(world).await;
        let id = proposed(&world, HANA).await.unwrap().id.to_string();
        let people = [BEN, PIA, ADA, "omar@meridian.example"];
        let mut tasks = Vec::new();
        for who in people.iter().cycle().take(8) {
            let (app, who, id) = (std::sync::Arc::clone(&world.app), world.person(who).await, id.clone());
            tasks.push(tokio::spawn(async move {
                let request = ConsentRequest { plan_digest: None, acknowledge: Acknowledge::All, side: None, reason: None };
                consent::consent(&app, &who, &id, &request, None).await.map(|a| a.answer.link)
            }));
        }
        let ada = world.person(ADA).await;
        let by_hand = world.link_as(&ada, W, O).await;
        let mut links = usize::from(by_hand.is_ok());
        for task in tasks {
            match task.await.unwrap() {
                Ok(link) => links += usize::from(link.is_some()),
                Err(Error::Refused(_)) => {}
                Err(e) => panic!("{e}"),
            }
        }
        assert_eq!(links, 1);
        world.check_invariants().await;
    }

    async fn the_same_key_gives_the_same_answer(world) {
        let world = two_sided(world).await;
        let hana = world.person(HANA).await;
        let first = propose(&world.app, &hana, &wanted(W, O), Some("k-1")).await.unwrap();
        let second = propose(&world.app, &hana, &wanted(W, O), Some("k-1")).await.unwrap();
        assert_eq!((first.answer.id, first.is_replay, second.is_replay), (second.answer.id, false, true));
        let id = first.answer.id.to_string();
        let request = ConsentRequest { plan_digest: None, acknowledge: Acknowledge::All, side: None, reason: None };
        let ben = world.person(BEN).await;
        let first = consent::consent(&world.app, &ben, &id, &request, Some("k-2")).await.unwrap();
        let second = consent::consent(&world.app, &ben, &id, &request, Some("k-2")).await.unwrap();
        assert_eq!((first.answer, true), (second.answer, second.is_replay));
    }

    async fn the_api_and_the_command_line_say_the_same(world) {
        let world = two_sided(world).await;
        let (hana, bens) = (world.token(HANA).await, world.token(BEN).await);
        let body = json!({ "workspace": W, "organization": O });
        let preview = world.api(&hana, "POST", "/proposals/preview", Some(body.clone())).await.json();
        assert_eq!(preview["sides"], json!(["workspace"]));
        let missing = world.api(&hana, "POST", "/proposals", Some(body)).await;
        assert_eq!((missing.status, missing.json()["code"].as_str()), (409, Some("warnings_not_acknowledged")));
        let wrong = json!({ "workspace": W, "organization": O, "side": "payer", "acknowledge_all": true });
        assert_eq!(world.api(&hana, "POST", "/proposals", Some(wrong)).await.status, 400);
        let digest = preview["plan"]["digest"].as_str().unwrap();
        let stale = json!({ "workspace": W, "organization": O, "plan_digest": format!("sha256:{}", "0".repeat(64)), "acknowledge_all": true });
        assert_eq!(world.api(&hana, "POST", "/proposals", Some(stale)).await.status, 404, "no such plan");
        // The program's clock is ahead of the test's: what is proposed by it is open for both.
        let config = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(config.path(), "[link]\nconsent = \"two-sided\"\n").unwrap();
        let config = config.path().display().to_string();
        let propose = ["propose", "--workspace", W, "--organization", O, "--as", HANA, "--config", &config, "--json", "--message", "Monday"];
        let (status, looked, said) = run(&world, &[&propose[..], &["--dry-run"]].concat());
        assert_eq!((status, looked["plan"]["digest"].as_str()), (0, Some(digest)), "{said}");
        let (status, made, said) = run(&world, &[&propose[..], &["--yes"]].concat());
        assert_eq!(status, 0, "{said}");
        let id = made["id"].as_str().unwrap().to_owned();
        for path in ["/proposals?state=open".to_owned(), format!("/workspaces/{W}/proposals")] {
            let listed = world.api(&hana, "GET", &path, None).await.json();
            assert_eq!(listed["items"][0]["waits_for_you"], json!(false), "{path}");
        }
        let listed = world.api(&bens, "GET", &format!("/organizations/{O}/proposals"), None).await.json();
        assert_eq!(listed["items"][0]["waits_for_you"], json!(true));
        let ben = ["--as", BEN, "--config", &config, "--json"];
        let (status, seen, _) = run(&world, &[&["proposal", "show", &id], &ben[..]].concat());
        assert_eq!((status, &seen["sides"][1]["agreement"]), (0, &json!("missing")));
        let (status, _, said) = run(&world, &["consent", &id, "--as", BEN, "--config", &config]);
        assert_eq!(status, 2, "nobody is there to ask: {said}");
        let (status, agreed, said) = run(&world, &[&["consent", &id, "--yes"], &ben[..]].concat());
        assert_eq!(status, 0, "{said}");
        assert!(agreed["link"].is_string(), "{agreed}");
        let (status, refusal, _) = run(&world, &[&["consent", &id, "--yes"], &ben[..]].concat());
        assert_eq!((status, &refusal["code"]), (3, &json!("proposal_not_open")));
    }
}

/// Takes the link back, so that it can be made again.
async fn unlink(world: &TestApp) {
    let token = world.token(ADA).await;
    let undone = world.api(&token, "POST", &format!("/workspaces/{W}/link/undo"), Some(json!({}))).await;
    assert_eq!(undone.status, 200, "{}", undone.text);
}
