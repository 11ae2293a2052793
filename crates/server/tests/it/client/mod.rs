//! The client for other people's programs, over a real connection to the real router: its shapes are those of the answers, its
//! examples do what they say.

mod remote;
mod shapes;

// As they stand there, so that nobody is shown what does not work.
#[expect(dead_code, reason = "an example is a program")]
#[path = "../../../../client/examples/follow_events.rs"]
mod follow_events;
#[expect(dead_code, reason = "an example is a program")]
#[path = "../../../../client/examples/link_one.rs"]
mod link_one;
#[expect(dead_code, reason = "an example is a program")]
#[path = "../../../../client/examples/may_use.rs"]
mod may_use;

use std::time::Duration;

use futures_util::TryStreamExt as _;
use orglink_client::v1::eligibility::ReasonCode;
use orglink_client::v1::links::LinkRequest;
use orglink_client::v1::proposals::{ConsentRequest, ProposalState, Side};
use orglink_client::v1::tokens::Scope;
use orglink_client::{Client, Error, Http, Version, reqwest};
use orglink_domain::link::Consent;
use orglink_testkit::{TestApp, both};
use reqwest::Method;
use serde_json::{Value, json};

const ADA: &str = "ada@meridian.example";
/// Admin of the organization alone.
const BEN: &str = "ben@meridian.example";
/// Admin of the workspace alone.
const HANA: &str = "hana@meridian.example";
const OLGA: &str = "olga@operator.example";
const DAY: i64 = 24 * 60 * 60;

/// Listens for as long as the test goes on; a client of somebody of the company.
async fn client(world: &TestApp, email: &str) -> Client {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let router = world.router.clone();
    tokio::spawn(orglink_server::listen::serve(listener, router, Duration::from_secs(30), std::future::pending()));
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().resolve("orglink.test", at).no_proxy().build().unwrap();
    Client::over(Http::with(http, "http://orglink.test", &world.token(email).await).unwrap())
}

async fn make_operator(world: &TestApp) {
    let operator = orglink_app::Principal::local_operator();
    orglink_app::installation::grant_operator(&world.app, &operator, OLGA).await.unwrap();
}

fn code<T: std::fmt::Debug>(refused: Result<T, Error>) -> String {
    refused.unwrap_err().code().expect("a problem").to_owned()
}

both! {
    async fn the_examples_do_what_they_say(world) {
        let world = world.with_company().await;
        make_operator(&world).await;
        let (ada, olga) = (client(&world, ADA).await, client(&world, OLGA).await);
        assert!(!may_use::may_use(&ada, "docs-site", "packages").await.unwrap(), "before it is linked");
        assert!(link_one::link_one(&ada, "ada-brandt", "meridian").await.unwrap().is_none(), "a personal workspace");
        let linked = link_one::link_one(&ada, "docs-site", "meridian").await.unwrap().expect("a link").link;
        assert_eq!((linked.workspace.as_str(), linked.linked_by.as_str()), ("docs-site", ADA));
        assert!(may_use::may_use(&ada, "docs-site", "packages").await.unwrap());
        assert!(link_one::link_one(&ada, "docs-site", "meridian").await.unwrap().is_none(), "linked already");
        assert!(may_use::may_use(&ada, "docs-site", "teleport").await.unwrap_err().is_not_found());
        // Somebody who sees neither of the two learns nothing.
        let gus = client(&world, "gus@solo.example").await;
        assert!(link_one::link_one(&gus, "docs-site", "meridian").await.unwrap_err().is_not_found());

        // A follower that is stopped goes on where it was, and is told of nothing twice.
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("place");
        let all: Vec<i64> = world.events().await.iter().map(|e| e.position).collect();
        let (most, last) = (all.len() - 2, *all.last().unwrap());
        let mut told = Vec::new();
        for until in [all[most], last] {
            let tell = |e: &orglink_client::v1::events::Event| {
                told.push(e.position);
                e.position < until
            };
            follow_events::follow(&olga, &place, tell).await.unwrap();
        }
        assert_eq!(told, all);
        // What happens meanwhile comes by itself.
        let mut next = None;
        let followed = follow_events::follow(&olga, &place, |e| {
            next = Some(e.kind.clone());
            false
        });
        let happens = async {
            ada.put::<()>("/workspaces/atlas-mobile/watch", &()).await.unwrap();
            world.events().await;
        };
        let (followed, ()) = tokio::join!(followed, happens);
        followed.unwrap();
        assert_eq!(next.as_deref(), Some("workspace.watched"));
        world.check_invariants().await;
    }

    async fn a_link_by_a_plan_once_and_back_again(world) {
        let world = world.with_company().await.with_undo_window(30 * DAY).await;
        let ada = client(&world, ADA).await;
        let plan = ada.make_plan("atlas-mobile", "meridian").await.unwrap();
        let warnings = || plan.warnings.iter().map(|w| w.code.clone());
        let wanted = LinkRequest::of(&plan);
        assert_eq!(code(ada.link_workspace(&wanted, Some("k")).await), "warnings_not_acknowledged");
        let wanted = wanted.acknowledge(warnings());

        // The plan no longer holds: refused with what is different, and nothing is linked.
        let body = json!({ "repository_permission": "read" });
        let path = "/workspaces/atlas-mobile/user-groups/developers";
        let (_, version) = ada.get_with_version::<Value>(path).await.unwrap();
        ada.change::<Value>(Method::PATCH, path, &body, &version).await.unwrap();
        assert_eq!(code(ada.change::<Value>(Method::PATCH, path, &body, &version).await), "version_changed");
        assert_eq!(code(ada.change::<Value>(Method::PATCH, path, &body, &Version::from(999)).await), "version_changed");
        let refused = ada.link_workspace(&wanted, Some("k")).await.unwrap_err();
        let problem = refused.problem().unwrap();
        assert!(problem.code == "plan_changed" && !problem.differences.is_empty() && problem.request_id.is_some());
        assert!(ada.view_workspace_link("atlas-mobile").await.unwrap_err().is_not_found());

        let plan = ada.make_plan("atlas-mobile", "meridian").await.unwrap();
        let wanted = LinkRequest::of(&plan).acknowledge(plan.warnings.iter().map(|w| w.code.clone()));
        let first = ada.link_workspace(&wanted, Some("k2")).await.unwrap().link;
        let again = ada.link_workspace(&wanted, Some("k2")).await.unwrap().link;
        assert_eq!((&first.id, first.already_existed, again.already_existed), (&again.id, false, true));
        let other = LinkRequest::new("docs-site", "meridian").acknowledge_all();
        assert_eq!(code(ada.link_workspace(&other, Some("k2")).await), "idempotency_key_reused");
        let refused = ada.link_workspace(&wanted, None).await.unwrap_err();
        let reasons: Vec<&str> = refused.problem().unwrap().reasons.iter().map(|r| r.code.as_str()).collect();
        assert_eq!((refused.status(), reasons), (Some(409), vec!["already_linked"]));
        let eligibility = ada.check_eligibility("atlas-mobile", Some("meridian")).await.unwrap();
        assert_eq!((eligibility.eligible, &eligibility.reasons[0].code), (false, &ReasonCode::AlreadyLinked));

        let undo = ada.plan_undo("atlas-mobile").await.unwrap();
        assert_eq!(code(ada.undo_link("atlas-mobile", Some(&first.plan_digest), None).await), "plan_changed");
        let undone = ada.undo_link("atlas-mobile", Some(&undo.digest), Some("a test")).await.unwrap();
        assert_eq!((undone.links, undone.organizations), (1, 0));
        assert_eq!(code(ada.plan_undo("atlas-mobile").await), "not_linked");
        world.check_invariants().await;
    }

    async fn two_sides_agree_each_with_a_client_of_its_own(world) {
        let world = world.with_company().await.with_consent(Consent::TwoSided, false).await;
        let (hana, ben) = (client(&world, HANA).await, client(&world, BEN).await);
        let body = json!({ "workspace": "atlas-platform", "organization": "meridian", "acknowledge_all": true });
        let made: Value = hana.post("/proposals", &body, Some("p")).await.unwrap();
        let waiting: Vec<_> = ben.list_my_proposals(Some(&ProposalState::Open)).try_collect().await.unwrap();
        assert!(waiting.len() == 1 && waiting[0].waits_for_you && waiting[0].summary.id == made["id"]);
        let proposal = ben.view_proposal(&waiting[0].summary.id).await.unwrap();
        let plan = proposal.plan.unwrap();
        let consent = ConsentRequest::to(&plan.digest).acknowledge(plan.warnings.iter().map(|w| w.code.clone()));
        let side = consent.clone().side(Side::Workspace);
        assert!(ben.consent_to_proposal(&proposal.summary.id, &side, None).await.is_err(), "not his side");
        let consented = ben.consent_to_proposal(&proposal.summary.id, &consent, Some("c")).await.unwrap();
        assert!(consented.side == Side::Organization && consented.missing.is_empty() && consented.link.is_some());
        let none: Vec<_> = ben.list_my_proposals(Some(&ProposalState::Open)).try_collect().await.unwrap();
        assert!(none.is_empty());
        world.check_invariants().await;
    }

    async fn a_token_is_no_mightier_than_it_was_made_and_ends(world) {
        let world = world.with_company().await;
        let ada = client(&world, ADA).await;
        let made = ada.create_token("a reader", &[Scope::Read], Some(1)).await.unwrap();
        assert_eq!((made.token.scopes.as_slice(), made.secret.reveal().starts_with("olk_")), (&[Scope::Read][..], true));
        let refused = ada.create_token("more", &[Scope::Operator], None).await.unwrap_err();
        assert_eq!(refused.status(), Some(403));
        let wrong = ada.create_token("", &["fly".into()], Some(0)).await.unwrap_err();
        assert!(wrong.code() == Some("bad_input") && !wrong.problem().unwrap().errors.is_empty(), "{wrong}");
        let listed: Vec<_> = ada.list_tokens().try_collect().await.unwrap();
        assert!(listed.iter().any(|t| t.id == made.token.id));
        ada.revoke_token(&made.token.id).await.unwrap();
        assert!(ada.revoke_token("../sessions").await.unwrap_err().is_not_found());
        let me = ada.view_me().await.unwrap();
        assert_eq!((me.email.as_deref(), me.is_operator), (Some(ADA), false));
        world.check_invariants().await;
    }
}
