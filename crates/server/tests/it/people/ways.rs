//! The ways in: the mail's link, the pages, the command line.

use orglink_domain::event::EventType;
use orglink_domain::invitation::InvitationState;
use orglink_testkit::both;

use super::{ADA, BEN, LENA, NEW, count, form, group, invite, secret_of, state};
use crate::cli::run;

both! {
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
