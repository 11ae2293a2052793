//! Invitations and access requests: the refusals first, races, and that nobody is probed for an account.

use std::collections::BTreeMap;
use std::sync::Arc;

use orglink_app::access_request::{self, Ask, approve_request, ask_for_access, decline_request};
use orglink_app::invitation::{
    self, InviteTo, Invited, NewInvitations, Newcomer, accept_invitation, create_account_by_invitation,
    create_invitations, decline_by_secret, find_by_secret, resend_invitation, withdraw_invitation,
};
use orglink_app::{Error, Expected, PageRequest, one_time, organization, user_group, workspace};
use orglink_domain::access_request::AskedKind;
use orglink_domain::event::EventType;
use orglink_domain::invitation::InvitationState;
use orglink_store::in_write;
use orglink_store::path::statements_of;
use orglink_testkit::{Answer, TestApp, both};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::cli::run;

const ADA: &str = "ada@meridian.example";
const BEN: &str = "ben@meridian.example";
const LENA: &str = "lena@harbor.example";
const NEW: &str = "new@else.example";
const DAY: i64 = 24 * 60 * 60;

fn group() -> InviteTo<'static> {
    InviteTo::UserGroup("night-shift", "administrators")
}

fn code(error: &Error) -> &'static str {
    match error {
        Error::Refused(refusal) => refusal.code,
        Error::NotFound { .. } => "not_found",
        Error::BadInput(_) => "bad_input",
        Error::TooManyAttempts { .. } => "too_many_attempts",
        other => panic!("not a clear refusal: {other}"),
    }
}

/// What somebody makes of an address; the id of the invitation that is pending now.
async fn invite(world: &TestApp, by: &str, to: InviteTo<'_>, email: &str) -> Result<String, Error> {
    let new = NewInvitations { emails: vec![email.to_owned()], hands_over: false };
    let made = create_invitations(&world.app, &world.person(by).await, &to, &new, None).await?.answer;
    Ok(made[0].invitation.map(|id| id.to_string()).unwrap_or_default())
}

/// The secret that a mail of this invitation would carry.
async fn secret_of(world: &TestApp, id: &str) -> String {
    let at = world.app.now();
    let subject = id.parse().unwrap();
    let purpose = one_time::Purpose {
        name: "invitation",
        subject,
        account_id: None,
        email: None,
        expires_at: at.plus_seconds(14 * DAY),
    };
    let minted: Result<_, Error> =
        in_write!(world.app.db, tx, { one_time::mint(tx, purpose, at).await.map_err(Error::from) });
    minted.unwrap().reveal().to_owned()
}

async fn state(world: &TestApp, by: &str, id: &str) -> InvitationState {
    invitation::view_invitation(&world.app, &world.person(by).await, id).await.unwrap().state
}

async fn count(world: &TestApp, kind: EventType) -> usize {
    world.events().await.iter().filter(|e| e.kind == kind).count()
}

async fn groups_of(world: &TestApp, workspace: &str, email: &str) -> Vec<String> {
    let page = PageRequest::new(None, None).unwrap();
    let members =
        workspace::list_members(&world.app, &world.person("noor@meridian.example").await, workspace, email, &page)
            .await
            .unwrap();
    members.page.items.iter().flat_map(|m| m.groups.iter().map(|g| g.slug.clone())).collect()
}

async fn form(world: &TestApp, who: Option<&str>, path: &str, fields: &str) -> Answer {
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded".to_owned())];
    let mut body = fields.to_owned();
    if let Some(who) = who {
        let (cookie, token) = world.session(who).await;
        headers.push(("cookie", cookie));
        body = format!("{body}&form_token={token}");
    }
    let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    world.send("POST", path, &headers, &body).await
}

both! {
    async fn an_invitation_is_nobodys_but_the_invited_persons(world) {
        let world = world.with_company().await;
        world.import(&format!(r#"{{"type":"account","email":"{NEW}","name":"New","verified":false}}"#)).await.unwrap();
        let noor = "noor@meridian.example";
        let id = invite(&world, noor, group(), BEN).await.unwrap();
        // Another's is not there; nor is it for an admin of another workspace.
        for other in [ADA, "mia@meridian.example", LENA] {
            let who = world.person(other).await;
            assert_eq!(code(&accept_invitation(&world.app, &who, &id).await.unwrap_err()), "not_found", "{other}");
            assert_eq!(code(&invitation::decline_invitation(&world.app, &who, &id).await.unwrap_err()), "not_found");
            assert_eq!(code(&withdraw_invitation(&world.app, &who, &id).await.unwrap_err()), "not_found");
            assert_eq!(code(&resend_invitation(&world.app, &who, &id).await.unwrap_err()), "not_found");
            assert_eq!(code(&invitation::view_invitation(&world.app, &who, &id).await.unwrap_err()), "not_found");
        }
        // By the link of another's mail neither: the page says who is signed in and offers to sign out.
        let secret = secret_of(&world, &id).await;
        let (cookie, _) = world.session(ADA).await;
        let page = world.send("GET", &format!("/invitations/{secret}"), &[("cookie", &cookie)], "").await;
        assert!(page.status == 200 && page.text.contains("You are signed in as ada@meridian.example") && page.text.contains("Sign out"));
        assert_eq!(state(&world, noor, &id).await, InvitationState::Pending, "looking uses nothing up");
        // An address that is not verified accepts nothing and sees nothing.
        let unverified = invite(&world, noor, group(), NEW).await.unwrap();
        let new = world.person(NEW).await;
        assert_eq!(code(&accept_invitation(&world.app, &new, &unverified).await.unwrap_err()), "address_not_verified");
        assert_eq!(code(&invitation::view_invitation(&world.app, &new, &unverified).await.unwrap_err()), "not_found");
        // Used, withdrawn, declined, expired.
        let ben = world.person(BEN).await;
        accept_invitation(&world.app, &ben, &id).await.unwrap();
        assert_eq!(code(&accept_invitation(&world.app, &ben, &id).await.unwrap_err()), "invitation_not_pending");
        assert_eq!(code(&decline_by_secret(&world.app, &secret).await.unwrap_err()), "invitation_not_pending");
        assert!(!find_by_secret(&world.app, &secret).await.unwrap().is_usable);
        let withdrawn = invite(&world, noor, group(), ADA).await.unwrap();
        withdraw_invitation(&world.app, &world.person(noor).await, &withdrawn).await.unwrap();
        let ada = world.person(ADA).await;
        assert_eq!(code(&accept_invitation(&world.app, &ada, &withdrawn).await.unwrap_err()), "invitation_not_pending");
        let late = invite(&world, noor, group(), ADA).await.unwrap();
        world.clock.advance(14 * DAY + 1);
        assert_eq!(code(&accept_invitation(&world.app, &ada, &late).await.unwrap_err()), "invitation_not_pending");
        let late_secret = secret_of(&world, &late).await;
        let who = Newcomer { name: "N".to_owned(), password: "a long enough password".to_owned() };
        assert_eq!(code(&create_account_by_invitation(&world.app, &late_secret, &who, &orglink_app::sign_in::Device::default()).await.err().unwrap()), "invitation_not_pending");
        orglink_app::upkeep::forget(&world.app).await.unwrap();
        assert_eq!(count(&world, EventType::InvitationExpired).await, 2);
        // An expired one does not stand in the way of the next.
        assert!(!invite(&world, noor, group(), ADA).await.unwrap().is_empty());
        assert_eq!(groups_of(&world, "night-shift", "meridian.example").await.iter().filter(|g| *g == "administrators").count(), 2);
        world.check_invariants().await;
    }

    async fn accepting_makes_one_membership_and_leads_to_the_wizard(world) {
        let world = world.with_company().await;
        let noor = "noor@meridian.example";
        let id = invite(&world, noor, group(), "Ben@Meridian.example").await.unwrap();
        let again = NewInvitations { emails: vec![BEN.to_owned()], hands_over: false };
        let made = create_invitations(&world.app, &world.person(noor).await, &group(), &again, None).await.unwrap().answer;
        assert_eq!(made[0].outcome, Invited::AlreadyInvited);
        let accepted = accept_invitation(&world.app, &world.person(BEN).await, &id).await.unwrap();
        assert_eq!(accepted.path, "/link?workspace=night-shift", "he is an organization admin: he can link it now");
        let made = create_invitations(&world.app, &world.person(noor).await, &group(), &again, None).await.unwrap().answer;
        assert_eq!(made[0].outcome, Invited::AlreadyThere);
        world.link(BEN, "night-shift", "meridian").await.unwrap();
        // A member already: at once, and the member hears it.
        let mia = invite(&world, noor, group(), "mia@meridian.example").await.unwrap();
        assert!(mia.is_empty());
        assert_eq!(groups_of(&world, "night-shift", "mia@meridian.example").await, ["administrators", "developers"]);
        let said = crate::notify::inbox(&world, "mia@meridian.example").await;
        assert!(said.iter().any(|e| e.subject.contains("workspace admin")), "{:?}", said.iter().map(|e| &e.subject).collect::<Vec<_>>());
        // The answer reaches whoever invited; the invitation reached the inbox before.
        let told = crate::notify::inbox(&world, noor).await;
        assert!(told.iter().any(|e| e.subject.contains("accepted your invitation")), "{:?}", told.iter().map(|e| &e.subject).collect::<Vec<_>>());
        let bens = crate::notify::inbox(&world, BEN).await;
        assert!(bens.iter().any(|e| e.subject.contains("invites you to Night Shift")));
        // The event's payload names no address.
        for event in world.events().await.iter().filter(|e| e.kind.as_str().starts_with("invitation.")) {
            assert!(!event.payload.as_ref().unwrap().to_string().contains('@'));
        }
        world.check_invariants().await;
    }

    async fn twenty_acceptances_at_once_give_one_membership(world) {
        let world = Arc::new(world.with_company().await);
        let id = invite(&world, "noor@meridian.example", group(), BEN).await.unwrap();
        let mut set = JoinSet::new();
        for i in 0..20 {
            let (world, id) = (Arc::clone(&world), id.clone());
            set.spawn(async move {
                if i == 10 {
                    let noor = world.person("noor@meridian.example").await;
                    return withdraw_invitation(&world.app, &noor, &id).await.map_or_else(|e| code(&e), |_| "withdrawn");
                }
                let ben = world.person(BEN).await;
                accept_invitation(&world.app, &ben, &id).await.map_or_else(|e| code(&e), |_| "accepted")
            });
        }
        let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
        for outcome in set.join_all().await {
            *outcomes.entry(outcome).or_default() += 1;
        }
        assert_eq!(outcomes["invitation_not_pending"], 19, "{outcomes:?}");
        let accepted = outcomes.get("accepted").copied().unwrap_or_default();
        assert_eq!(accepted + outcomes.get("withdrawn").copied().unwrap_or_default(), 1);
        assert_eq!(count(&world, EventType::InvitationAccepted).await, accepted);
        let added = |e: &orglink_domain::event::Event| e.payload.as_ref().is_some_and(|p| p.to_string().contains("member_added"));
        assert_eq!(world.events().await.iter().filter(|e| e.kind == EventType::WorkspaceChanged && added(e)).count(), accepted);
        world.check_invariants().await;
    }

    async fn the_inviters_right_is_looked_at_when_it_is_accepted(world) {
        let world = world.with_company().await;
        let to = || InviteTo::Role("meridian", "organization/auditor".to_owned());
        let id = invite(&world, BEN, to(), LENA).await.unwrap();
        let ada = world.person(ADA).await;
        let place = organization::RolePlace::Organization(orglink_domain::role::OrganizationRole::Admin);
        organization::change_role(&world.app, &ada, "meridian", place, BEN, false, Expected::Any).await.unwrap();
        let lena = world.person(LENA).await;
        assert_eq!(code(&accept_invitation(&world.app, &lena, &id).await.unwrap_err()), "inviter_lost_right");
        // Another admin confirms it by sending it again.
        assert_eq!(code(&resend_invitation(&world.app, &ada, &id).await.unwrap_err()), "too_many_attempts");
        world.clock.advance(300);
        resend_invitation(&world.app, &ada, &id).await.unwrap();
        let accepted = accept_invitation(&world.app, &lena, &id).await.unwrap();
        assert_eq!(accepted.path, "/organizations/meridian");
        // Four mails a day at most: the first and three more.
        let id = invite(&world, ADA, to(), NEW).await.unwrap();
        for _ in 0..3 {
            world.clock.advance(300);
            resend_invitation(&world.app, &ada, &id).await.unwrap();
        }
        world.clock.advance(300);
        assert_eq!(code(&resend_invitation(&world.app, &ada, &id).await.unwrap_err()), "too_many_attempts");
        world.check_invariants().await;
    }

    async fn the_stronger_invitation_settles_the_weaker_and_what_is_gone_ends_them(world) {
        let world = world.with_company().await;
        let noor = world.person("noor@meridian.example").await;
        let weak = invite(&world, "noor@meridian.example", InviteTo::UserGroup("night-shift", "developers"), LENA).await.unwrap();
        let strong = invite(&world, "noor@meridian.example", group(), LENA).await.unwrap();
        let view = invitation::view_invitation(&world.app, &world.person(LENA).await, &strong).await.unwrap();
        assert_eq!(view.others.len(), 1, "told to the invited person");
        assert!(view.others[0].1, "and that it ends");
        let accepted = accept_invitation(&world.app, &world.person(LENA).await, &strong).await.unwrap();
        assert_eq!(accepted.settled.len(), 1);
        assert_eq!(state(&world, LENA, &weak).await, InvitationState::Withdrawn);
        // A group that is deleted takes its invitations along, and a site, a product, an organization.
        let id = invite(&world, "noor@meridian.example", InviteTo::UserGroup("night-shift", "developers"), NEW).await.unwrap();
        user_group::delete_group(&world.app, &noor, ("night-shift", "developers"), Expected::Any).await.unwrap();
        assert_eq!(state(&world, "noor@meridian.example", &id).await, InvitationState::Withdrawn);
        let app = invite(&world, ADA, InviteTo::Role("meridian", "app/meridian-hq/jira/app_admin".to_owned()), NEW).await.unwrap();
        let site = invite(&world, ADA, InviteTo::Role("meridian", "site/meridian-hq/site_admin".to_owned()), NEW).await.unwrap();
        let ada = world.person(ADA).await;
        orglink_app::site::change_product(&world.app, &ada, ("meridian", "meridian-hq"), "jira", false, Expected::Any).await.unwrap();
        assert_eq!((state(&world, ADA, &app).await, state(&world, ADA, &site).await), (InvitationState::Withdrawn, InvitationState::Pending));
        orglink_app::site::delete_site(&world.app, &ada, ("meridian", "meridian-hq"), Expected::Any).await.unwrap();
        assert_eq!(state(&world, ADA, &site).await, InvitationState::Withdrawn);
        let gus = invite(&world, "gus@solo.example", InviteTo::Role("solo", "organization/admin".to_owned()), LENA).await.unwrap();
        organization::delete_organization(&world.app, &world.person("gus@solo.example").await, "solo", Expected::Any).await.unwrap();
        assert!(accept_invitation(&world.app, &world.person(LENA).await, &gus).await.is_err());
        world.check_invariants().await;
    }

    async fn handing_over_needs_a_yes_and_moves_the_role_in_one_moment(world) {
        let world = world.with_company().await;
        let gus = world.person("gus@solo.example").await;
        let role = InviteTo::Role("solo", "organization/admin".to_owned());
        let hand = |emails: &[&str]| NewInvitations { emails: emails.iter().map(|e| (*e).to_owned()).collect(), hands_over: true };
        for (to, new) in [
            (role.clone(), hand(&[LENA, ADA])),
            (InviteTo::Role("solo", "organization/auditor".to_owned()), hand(&[LENA])),
            (role.clone(), hand(&["gus@solo.example"])),
        ] {
            assert_eq!(code(&create_invitations(&world.app, &gus, &to, &new, None).await.unwrap_err()), "cannot_hand_over");
        }
        let made = create_invitations(&world.app, &gus, &role, &hand(&[LENA]), None).await.unwrap().answer;
        let id = made[0].invitation.unwrap().to_string();
        let admins = |people: Vec<organization::Person>| people.into_iter().map(|p| p.account.email).collect::<Vec<_>>();
        assert_eq!(admins(organization::list_people(&world.app, &gus, "solo").await.unwrap()), ["gus@solo.example"]);
        let lena = world.person(LENA).await;
        accept_invitation(&world.app, &lena, &id).await.unwrap();
        assert_eq!(admins(organization::list_people(&world.app, &lena, "solo").await.unwrap()), [LENA]);
        // A member of a workspace must say yes too.
        let noor = world.person("noor@meridian.example").await;
        let made = create_invitations(&world.app, &noor, &group(), &hand(&["mia@meridian.example"]), None).await.unwrap().answer;
        assert_eq!(made[0].outcome, Invited::Invited);
        accept_invitation(&world.app, &world.person("mia@meridian.example").await, &made[0].invitation.unwrap().to_string()).await.unwrap();
        let mia = world.token("mia@meridian.example").await;
        let members = world.api(&mia, "GET", "/workspaces/night-shift/user-groups/administrators/members", None).await;
        assert!(members.text.contains("mia@") && !members.text.contains("noor@"), "{}", members.text);
        world.check_invariants().await;
    }

    async fn limits_hold_and_nothing_is_half_done(world) {
        let world = world.with_company().await;
        let noor = world.token("noor@meridian.example").await;
        let send = async |emails: Value| {
            let body = json!({ "emails": emails, "group": "administrators" });
            world.api(&noor, "POST", "/workspaces/night-shift/invitations", Some(body)).await
        };
        let many = |from: usize, n: usize| (from..from + n).map(|i| json!(format!("p{i}@else.example"))).collect::<Value>();
        let refused = send(many(0, 10_000)).await;
        assert_eq!((refused.status, &refused.json()["code"]), (400, &"bad_input".into()));
        for bad in [json!([]), json!(["a"]), json!([NEW, "x@y\r\nBcc: z@w.example"]), json!(["A <a@b.example>"]), json!(["a@b.example,c@d.example"]), json!(["a@b.example\u{0}"])] {
            let refused = send(bad.clone()).await;
            assert_eq!(refused.status, 400, "{bad}: {}", refused.text);
        }
        assert_eq!(count(&world, EventType::InvitationCreated).await, 0, "nobody was invited when one is bad");
        assert_eq!(send(many(0, 100)).await.status, 201);
        assert_eq!(send(many(100, 100)).await.status, 201);
        let refused = send(many(200, 1)).await;
        assert_eq!((refused.status, &refused.json()["code"]), (409, &"invitation_limit".into()));
        // The same person elsewhere: so many in an hour.
        world.import(r#"{"type":"workspace","slug":"second","name":"Second","plan":"standard"}
{"type":"user_group","workspace":"second","slug":"administrators","name":"A","is_admin":true,"members":["noor@meridian.example"]}"#).await.unwrap();
        let second = async |n| {
            let body = json!({ "emails": many(n, 100), "group": "administrators" });
            world.api(&noor, "POST", "/workspaces/second/invitations", Some(body)).await
        };
        assert_eq!(second(0).await.status, 201);
        let refused = second(100).await;
        assert_eq!((refused.status, &refused.json()["code"]), (429, &"too_many_attempts".into()));
        assert_eq!(count(&world, EventType::InvitationCreated).await, 300);
        world.clock.advance(3600);
        assert_eq!(second(100).await.status, 201);
    }

    async fn known_and_unknown_addresses_take_the_same_path(world) {
        let world = world.with_company().await;
        let noor = world.person("noor@meridian.example").await;
        let mut paths = Vec::new();
        // Lena has an account, nobody has the other; neither is a member of the workspace.
        for email in [LENA, "nobody@harbor.example"] {
            let emails = vec![email.to_owned()];
            let (preview, look) = statements_of(invitation::preview_invitations(&world.app, &noor, &group(), &emails, false)).await;
            assert_eq!(preview.unwrap().rows[0].outcome, Invited::Invited);
            let new = NewInvitations { emails, hands_over: false };
            let (made, make) = statements_of(create_invitations(&world.app, &noor, &group(), &new, None)).await;
            assert_eq!(made.unwrap().answer[0].outcome, Invited::Invited);
            paths.push((look, make));
        }
        assert!(paths[0].1.len() > 8, "statements are counted: {:?}", paths[0].1);
        assert_eq!(paths[0], paths[1]);
        let ada = world.person(ADA).await;
        let mut paths = Vec::new();
        let role = InviteTo::Role("meridian", "organization/auditor".to_owned());
        for email in [LENA, "nobody@harbor.example"] {
            let new = NewInvitations { emails: vec![email.to_owned()], hands_over: false };
            let (made, make) = statements_of(create_invitations(&world.app, &ada, &role, &new, None)).await;
            assert_eq!(made.unwrap().answer[0].outcome, Invited::Invited);
            paths.push(make);
        }
        assert_eq!(paths[0], paths[1]);
        // Asking: of a place that is there, and of one that is not.
        let mia = world.person("mia@meridian.example").await;
        for kind in [AskedKind::Organization, AskedKind::Workspace] {
            let mut paths = Vec::new();
            for named in [if kind == AskedKind::Organization { "harbor" } else { "harbor-ops" }, "no-such-place"] {
                let ask = Ask { kind, named: named.to_owned(), message: None, return_to: None };
                let (asked, path) = statements_of(ask_for_access(&world.app, &mia, &ask, None)).await;
                asked.unwrap();
                paths.push(path);
            }
            assert!(paths[0].len() > 4);
            assert_eq!(paths[0], paths[1]);
        }
        // Twice over, the answer is the same too.
        for named in ["harbor", "no-such-place"] {
            let ask = Ask { kind: AskedKind::Organization, named: named.to_owned(), message: None, return_to: None };
            assert_eq!(code(&ask_for_access(&world.app, &mia, &ask, None).await.unwrap_err()), "request_open");
        }
        // The pages answer alike, byte for byte but for the name.
        let mut pages = Vec::new();
        for named in ["harbor", "no-such-pier"] {
            let answer = form(&world, Some("zoe@harbor.example"), "/ask", &format!("kind=organization&named={named}&message=")).await;
            pages.push((answer.status, answer.location.clone(), answer.text.clone()));
        }
        assert_eq!(pages[0], pages[1]);
    }

    async fn a_request_is_answered_once_and_grants_exactly_what_was_asked(world) {
        let world = Arc::new(world.with_company().await);
        let ask = |named: &str| Ask { kind: AskedKind::Organization, named: named.to_owned(), message: Some("Hello\r\nBcc: x@y.example".to_owned()), return_to: Some("/link?workspace=night-shift".to_owned()) };
        let noor = world.person("noor@meridian.example").await;
        let vera = world.person("vera@meridian.example").await;
        assert_eq!(code(&ask_for_access(&world.app, &vera, &ask("meridian"), None).await.unwrap_err()), "not_allowed", "her address is not verified");
        assert_eq!(code(&ask_for_access(&world.app, &world.person(ADA).await, &ask("meridian"), None).await.unwrap_err()), "already_admin");
        assert_eq!(code(&ask_for_access(&world.app, &noor, &ask("../x"), None).await.unwrap_err()), "bad_input");
        let id = ask_for_access(&world.app, &noor, &ask("Meridian"), Some("k")).await.unwrap().answer.to_string();
        assert_eq!(ask_for_access(&world.app, &noor, &ask("Meridian"), Some("k")).await.unwrap().answer.to_string(), id);
        for other in ["mia@meridian.example", LENA, "noor@meridian.example", "cleo@meridian.example"] {
            let who = world.person(other).await;
            assert_eq!(code(&approve_request(&world.app, &who, &id, None).await.unwrap_err()), "not_found", "{other}");
            assert_eq!(code(&decline_request(&world.app, &who, &id, "no").await.unwrap_err()), "not_found", "{other}");
        }
        assert_eq!(code(&access_request::withdraw_request(&world.app, &world.person(ADA).await, &id).await.unwrap_err()), "not_found");
        let told = crate::notify::inbox(&world, BEN).await;
        assert!(told.iter().any(|e| e.subject.contains("Noor Haddad asks to be organization admin")), "{:?}", told.iter().map(|e| &e.subject).collect::<Vec<_>>());
        let mut set = JoinSet::new();
        for i in 0..12 {
            let (world, id) = (Arc::clone(&world), id.clone());
            set.spawn(async move {
                let who = world.person(if i % 2 == 0 { ADA } else { BEN }).await;
                if i == 5 {
                    return decline_request(&world.app, &who, &id, "no").await.map_or_else(|e| code(&e), |_| "declined");
                }
                approve_request(&world.app, &who, &id, None).await.map_or_else(|e| code(&e), |_| "approved")
            });
        }
        let mut outcomes = set.join_all().await;
        outcomes.retain(|o| *o != "request_not_open");
        assert_eq!(outcomes.len(), 1, "{outcomes:?}");
        let approved = usize::from(outcomes[0] == "approved");
        assert_eq!(count(&world, EventType::AccessRequestApproved).await, approved);
        let people = organization::list_people(&world.app, &world.person(ADA).await, "meridian").await.unwrap();
        let roles: Vec<_> = people.iter().filter(|p| p.account.email == "noor@meridian.example").map(|p| p.role.as_str()).collect();
        assert_eq!(roles, if approved == 1 { vec!["admin"] } else { vec![] });
        if approved == 1 {
            let told = crate::notify::inbox(&world, "noor@meridian.example").await;
            assert!(told.iter().any(|e| e.action.1 == "/link?workspace=night-shift"), "she goes on where she was");
        }
        world.check_invariants().await;
    }

    async fn a_workspace_is_asked_by_name_and_a_no_has_a_reason(world) {
        let world = world.with_company().await;
        let ben = world.person(BEN).await;
        let ask = |named: &str| Ask { kind: AskedKind::Workspace, named: named.to_owned(), message: None, return_to: None };
        let id = ask_for_access(&world.app, &ben, &ask("night-shift"), None).await.unwrap().answer.to_string();
        let noor = world.person("noor@meridian.example").await;
        assert_eq!(code(&decline_request(&world.app, &noor, &id, "  ").await.unwrap_err()), "bad_input");
        assert_eq!(code(&approve_request(&world.app, &noor, &id, Some("developers")).await.unwrap_err()), "bad_input", "only a group that administers");
        approve_request(&world.app, &noor, &id, None).await.unwrap();
        assert_eq!(groups_of(&world, "night-shift", BEN).await, ["administrators"]);
        let nothing = ask_for_access(&world.app, &ben, &ask("no-such-place"), None).await.unwrap().answer.to_string();
        let mine = access_request::list_my_requests(&world.app, &ben, None, &PageRequest::new(None, None).unwrap()).await.unwrap();
        assert_eq!(mine.items.iter().map(|v| v.state.as_str()).collect::<Vec<_>>(), ["open", "approved"]);
        access_request::withdraw_request(&world.app, &ben, &nothing).await.unwrap();
        let other = ask_for_access(&world.app, &ben, &ask("harbor-ops"), None).await.unwrap().answer.to_string();
        decline_request(&world.app, &world.person(LENA).await, &other, "Ask me in person").await.unwrap();
        let told = crate::notify::inbox(&world, BEN).await;
        let no = told.iter().find(|e| e.subject.contains("declined")).unwrap();
        assert!(!format!("{no:?}").contains("Harbor Operations"), "the name stays unknown: {no:?}");
        world.clock.advance(31 * DAY);
        let late = ask_for_access(&world.app, &ben, &ask("harbor-ops"), None).await.unwrap().answer.to_string();
        world.clock.advance(30 * DAY + 1);
        assert_eq!(code(&approve_request(&world.app, &world.person(LENA).await, &late, None).await.unwrap_err()), "request_not_open");
        // Ten open ones are enough.
        for i in 0..10 {
            ask_for_access(&world.app, &ben, &ask(&format!("place-{i}")), None).await.unwrap();
        }
        assert_eq!(code(&ask_for_access(&world.app, &ben, &ask("place-x"), None).await.unwrap_err()), "request_limit");
        world.check_invariants().await;
    }

    async fn somebody_without_an_account_makes_one_by_the_mail(world) {
        let world = world.with_company().await;
        let id = invite(&world, "noor@meridian.example", group(), NEW).await.unwrap();
        let secret = secret_of(&world, &id).await;
        let page = world.send("GET", &format!("/invitations/{secret}"), &[], "").await;
        assert!(page.status == 200 && page.text.contains("Night Shift") && page.text.contains("I have no account yet"), "{}", page.text);
        let path = format!("/invitations/{secret}/join");
        let short = form(&world, None, &path, "name=New&password=short").await;
        assert_eq!(short.status, 400, "{}", short.text);
        let fields = "name=New+Person&password=a+long+enough+password";
        let joined = form(&world, None, &path, fields).await;
        assert_eq!((joined.status, joined.location), (303, format!("/invitations/id/{id}")));
        let again = form(&world, None, &path, fields).await;
        assert_eq!(again.status, 409, "{}", again.text);
        let answer = form(&world, Some(NEW), &format!("/invitations/id/{id}/accept"), "").await;
        assert_eq!((answer.status, answer.location.as_str()), (303, "/workspaces/night-shift"), "{}", answer.text);
        // The link of a mail says no without an account.
        let id = invite(&world, "noor@meridian.example", group(), "other@else.example").await.unwrap();
        let secret = secret_of(&world, &id).await;
        assert_eq!(form(&world, None, &format!("/invitations/{secret}/decline"), "").await.status, 303);
        assert_eq!(state(&world, "noor@meridian.example", &id).await, InvitationState::Declined);
        world.check_invariants().await;
    }

    async fn pages_invite_in_three_steps_and_a_fault_invites_nobody(world) {
        let world = world.with_company().await;
        let (who, base) = (Some("noor@meridian.example"), "/workspaces/night-shift/user-groups/administrators");
        let bad = form(&world, who, &format!("{base}/add"), "emails=ben%40meridian.example%2C+rubbish").await;
        assert!(bad.status == 400 && bad.text.contains("rubbish") && bad.text.contains("Nobody was invited") && bad.text.contains("ben@meridian.example"), "{}", bad.text);
        let list = "emails=Ben+%3Cben%40meridian.example%3E%3B%0D%0Amia%40meridian.example+noor%40meridian.example";
        let confirm = form(&world, who, &format!("{base}/add"), list).await;
        for words in ["must accept", "will be added at once", "Has this already", "Confirm"] {
            assert!(confirm.status == 200 && confirm.text.contains(words), "{words}: {}", confirm.text);
        }
        assert_eq!(count(&world, EventType::InvitationCreated).await, 0, "nothing before Confirm");
        let done = form(&world, who, &format!("{base}/invite"), "emails=ben%40meridian.example+mia%40meridian.example").await;
        assert_eq!((done.status, done.location.as_str()), (303, "/workspaces/night-shift/user-groups/administrators?invited=1&added=1"), "{}", done.text);
        let role = form(&world, Some(ADA), "/organizations/meridian/people/invite", "emails=gus%40solo.example&role=organization%2Fadmin").await;
        assert!(role.status == 200 && role.text.contains("must accept"), "{}", role.text);
        let done = form(&world, Some(ADA), "/organizations/meridian/people/invite/confirm", "emails=gus%40solo.example&role=organization%2Fadmin").await;
        assert_eq!(done.location, "/organizations/meridian/people?invited=1&added=0", "{}", done.text);
        let member = form(&world, Some("hana@meridian.example"), &format!("{base}/add"), list).await;
        assert_eq!(member.status, 403);
        world.check_invariants().await;
    }

    async fn the_command_line_that_scripts_rely_on(world) {
        let world = world.with_company().await;
        let create = ["invitation", "create", "--workspace", "night-shift", "--group", "administrators", "--email", BEN, "--as", "noor@meridian.example", "--json"];
        let (exit, made, stderr) = run(&world, &create);
        assert_eq!((exit, &made["state"], &made["email"], &made["group"], &made["added"]), (0, &"pending".into(), &BEN.into(), &"administrators".into(), &false.into()), "{stderr}");
        let id = made["id"].as_str().unwrap().to_owned();
        let (exit, list, _) = run(&world, &["invitation", "list", "--as", BEN, "--json"]);
        assert_eq!((exit, &list["items"][0]["id"], &list["items"][0]["workspace"]), (0, &id.as_str().into(), &"night-shift".into()));
        let (exit, ..) = run(&world, &["invitation", "accept", &id, "--as", LENA, "--json"]);
        assert_eq!(exit, 4);
        let (exit, accepted, _) = run(&world, &["invitation", "accept", &id, "--as", BEN, "--json"]);
        assert_eq!((exit, &accepted["state"], &accepted["path"]), (0, &"accepted".into(), &"/link?workspace=night-shift".into()));
        let (exit, refusal, _) = run(&world, &["invitation", "accept", &id, "--as", BEN, "--json"]);
        assert_eq!((exit, &refusal["code"]), (3, &"invitation_not_pending".into()));
        let several = ["invitation", "create", "--workspace", "night-shift", "--group", "administrators", "--email", "mia@meridian.example", "--email", NEW, "--as", "noor@meridian.example", "--json"];
        let (_, made, _) = run(&world, &several);
        assert_eq!((&made["items"][0]["state"], &made["items"][0]["added"], &made["items"][1]["state"]), (&"added".into(), &true.into(), &"pending".into()));
        let (exit, of, _) = run(&world, &["invitation", "list", "--workspace", "night-shift", "--state", "pending", "--as", "noor@meridian.example", "--json"]);
        assert_eq!((exit, of["items"].as_array().unwrap().len()), (0, 1));
        let (exit, gone, _) = run(&world, &["invitation", "withdraw", of["items"][0]["id"].as_str().unwrap(), "--as", "noor@meridian.example", "--json"]);
        assert_eq!((exit, &gone["state"]), (0, &"withdrawn".into()));
        let role = ["invitation", "create", "--organization", "meridian", "--role", "admin", "--email", "gus@solo.example", "--as", ADA, "--json"];
        let (exit, made, _) = run(&world, &role);
        assert_eq!((exit, &made["role"], &made["organization"]), (0, &"admin".into(), &"meridian".into()));
        let (exit, asked, _) = run(&world, &["access-request", "create", "--organization", "meridian", "--as", "noor@meridian.example", "--json"]);
        assert_eq!((exit, &asked["state"]), (0, &"open".into()));
        let id = asked["id"].as_str().unwrap().to_owned();
        let (exit, list, _) = run(&world, &["access-request", "list", "--organization", "meridian", "--as", ADA, "--json"]);
        assert_eq!((exit, &list["items"][0]["email"]), (0, &"noor@meridian.example".into()));
        let (exit, approved, _) = run(&world, &["access-request", "approve", &id, "--as", ADA, "--json"]);
        assert_eq!((exit, &approved["state"]), (0, &"approved".into()));
        let (exit, asked, _) = run(&world, &["access-request", "create", "--workspace", "nowhere", "--as", BEN, "--json"]);
        assert_eq!(exit, 0);
        let (exit, gone, _) = run(&world, &["access-request", "withdraw", asked["id"].as_str().unwrap(), "--as", BEN, "--json"]);
        assert_eq!((exit, &gone["state"]), (0, &"withdrawn".into()));
        let (exit, ..) = run(&world, &["invitation", "create", "--email", BEN, "--as", ADA]);
        assert_eq!(exit, 2);
        world.check_invariants().await;
    }
}
