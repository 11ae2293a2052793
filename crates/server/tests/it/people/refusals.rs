//! What is refused: another's, used, expired, too much at once; and whose right counts.

use orglink_app::invitation::{
    self, InviteTo, Newcomer, accept_invitation, create_account_by_invitation, decline_by_secret, find_by_secret,
    resend_invitation, withdraw_invitation,
};
use orglink_app::{Expected, organization};
use orglink_domain::event::EventType;
use orglink_domain::invitation::InvitationState;
use orglink_testkit::both;
use serde_json::{Value, json};

use super::{ADA, BEN, DAY, LENA, NEW, code, count, group, groups_of, invite, secret_of, state};

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
}
