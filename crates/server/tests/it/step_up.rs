//! What cannot be undone asks first whether it is really them.

use orglink_app::account::change_password;
use orglink_app::invitation::{InviteTo, NewInvitations, create_invitations};
use orglink_testkit::{TestApp, both};

const ADA: &str = "ada@meridian.example";
const PASSWORD: &str = "correct horse battery";

async fn with_password(world: TestApp) -> TestApp {
    let world = world.with_company().await;
    let ada = world.person(ADA).await;
    change_password(&world.app, &ada, PASSWORD, None).await.unwrap();
    world
}

fn form_headers(cookie: &str) -> [(&str, &str); 2] {
    [("cookie", cookie), ("content-type", "application/x-www-form-urlencoded")]
}

both! {
    async fn every_such_form_is_held_back_when_the_sign_in_is_old(world) {
        let world = with_password(world).await;
        let (cookie, token) = world.session(ADA).await;
        world.clock.advance(901);
        let sure: Vec<_> = orglink_web::routes().into_iter().filter(|r| r.needs_step_up).collect();
        assert!(sure.len() >= 18, "{}", sure.len());
        for route in &sure {
            let path = route.path.replace("{workspace}", "docs-site").replace("{organization}", "meridian")
                .replace("{group}", "developers").replace("{site}", "meridian-hq").replace("{digest}", "x").replace("{request}", "x");
            let answer = world.send("POST", &path, &form_headers(&cookie), &format!("form_token={token}&confirm=docs-site&mine=kept")).await;
            assert_eq!(answer.status, 403, "{path}: {}", answer.text);
            assert!(answer.text.contains("Confirm that it is you") && answer.text.contains("kept"), "{path}: {}", answer.text);
            // Without the form's own token nothing is even held.
            let forged = world.send("POST", &path, &form_headers(&cookie), "confirm=docs-site&mine=kept").await;
            assert!(!forged.text.contains("kept"), "{path}");
        }
        let done = world.events().await;
        assert!(!done.iter().any(|e| e.kind == orglink_domain::event::EventType::WorkspaceDeleted));
    }

    async fn a_password_goes_on_with_what_was_entered(world) {
        let world = with_password(world).await;
        let (cookie, token) = world.session(ADA).await;
        world.clock.advance(901);
        let held = world.send("POST", "/me/tokens", &form_headers(&cookie), &format!("form_token={token}&name=Nightly+%26+more&scope=read&scope=write&days=7")).await;
        assert_eq!(held.status, 403);
        let fields = "[[\"name\",\"Nightly & more\"],[\"scope\",\"read\"],[\"scope\",\"write\"],[\"days\",\"7\"]]";
        let escaped = fields.bytes().map(|b| format!("%{b:02X}")).collect::<Vec<_>>().concat();
        let form = format!("form_token={token}&next=/me/tokens&held_path=/me/tokens&held={escaped}");
        let wrong = world.send("POST", "/step-up", &form_headers(&cookie), &format!("{form}&password=not+the+password+at+all")).await;
        assert_eq!(wrong.status, 403);
        assert!(wrong.text.contains("not your password") && wrong.text.contains("Nightly"), "still kept: {}", wrong.text);
        let right = world.send("POST", "/step-up", &form_headers(&cookie), &format!("{form}&password=correct+horse+battery")).await;
        assert_eq!(right.status, 200, "{}", right.text);
        assert!(right.text.contains("action=\"/me/tokens\"") && right.text.matches("name=\"scope\"").count() == 2, "{}", right.text);
        let made = world.send("POST", "/me/tokens", &form_headers(&cookie), &format!("form_token={token}&name=Nightly&scope=read&days=7")).await;
        assert_eq!(made.status, 200, "confirmed");
        // Without a form it leads where one was going, and never elsewhere.
        for (next, to) in [("/workspaces/docs-site", "/workspaces/docs-site"), ("https://evil.example", "/")] {
            let answer = world.send("POST", "/step-up", &form_headers(&cookie), &format!("form_token={token}&next={next}&password=correct+horse+battery")).await;
            assert_eq!((answer.status, answer.location.as_str()), (303, to));
        }
        let evil = world.send("POST", "/step-up", &form_headers(&cookie), &format!("form_token={token}&held_path=https://evil.example&held=[]&password=correct+horse+battery")).await;
        assert_eq!((evil.status, evil.location.as_str()), (303, "/"));
    }

    async fn a_token_is_no_session_and_needs_its_scope_only(world) {
        let world = with_password(world).await;
        let token = world.token(ADA).await;
        world.clock.advance(2000);
        let made = world.api(&token, "POST", "/tokens", Some(serde_json::json!({ "name": "t", "scopes": ["read"] }))).await;
        assert_eq!(made.status, 201);
    }

    async fn guessing_at_the_question_is_as_slow_as_at_the_door(world) {
        let world = with_password(world).await;
        let (cookie, token) = world.session(ADA).await;
        let mut last = 0;
        for _ in 0..7 {
            last = world.send("POST", "/step-up", &form_headers(&cookie), &format!("form_token={token}&password=wrong")).await.status;
        }
        assert_eq!(last, 429);
    }

    async fn what_gives_power_asks_and_what_does_not_goes_on(world) {
        let world = with_password(world).await;
        let noor = world.person("noor@meridian.example").await;
        let invite = async |group: &str| {
            let new = NewInvitations { emails: vec![ADA.to_owned()], hands_over: false };
            let to = InviteTo::UserGroup("night-shift", group);
            let made = create_invitations(&world.app, &noor, &to, &new, None).await.unwrap().answer;
            made[0].invitation.unwrap().to_string()
        };
        let (developers, administrators) = (invite("developers").await, invite("administrators").await);
        let (cookie, token) = world.session(ADA).await;
        world.clock.advance(901);
        let send = async |path: &str, fields: &str| world.send("POST", path, &form_headers(&cookie), &format!("form_token={token}&{fields}")).await;
        let held = send(&format!("/invitations/id/{administrators}/accept"), "").await;
        assert_eq!(held.status, 403, "{}", held.text);
        assert!(held.text.contains("Confirm that it is you"), "{}", held.text);
        let ordinary = send(&format!("/invitations/id/{developers}/accept"), "").await;
        assert_eq!(ordinary.status, 303, "a member of an ordinary group: {}", ordinary.text);
        // Approving a recovery asks; anything else about one does not.
        let missing = "00000000-0000-0000-0000-000000000000";
        let approval = send(&format!("/recoveries/{missing}"), "what=approve").await;
        assert!(approval.status == 403 && approval.text.contains("Confirm that it is you"), "{}", approval.text);
        assert_eq!(send(&format!("/recoveries/{missing}"), "what=object&reason=no").await.status, 404);
        let confirmed = send("/step-up", "next=/&password=correct+horse+battery").await;
        assert_eq!(confirmed.status, 303, "{}", confirmed.text);
        assert_eq!(send(&format!("/invitations/id/{administrators}/accept"), "").await.status, 303);
        world.check_invariants().await;
    }
}
