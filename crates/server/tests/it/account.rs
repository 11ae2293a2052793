//! Accounts: their own facts, recovery codes, suspension, places they are used from.

use orglink_app::account::{ProfileChange, change_password, change_profile, restore_account, suspend_account};
use orglink_app::recovery_code::{count_recovery_codes, create_recovery_codes};
use orglink_app::sign_in::{
    Device, authenticate_session, authenticate_token, create_demo_link, create_password_link, find_link,
    follow_demo_link, sign_in_with_password, sign_in_with_recovery_code,
};
use orglink_app::{Error, Principal, installation};
use orglink_domain::event::EventType;
use orglink_testkit::both;
use serde_json::json;

const ADA: &str = "ada@meridian.example";
const NOOR: &str = "noor@meridian.example";
const PASSWORD: &str = "correct horse battery";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

fn code<T>(outcome: Result<T, Error>) -> &'static str {
    match outcome {
        Err(Error::Refused(r)) => r.code,
        Err(Error::NotFound { .. }) => "not_found",
        Err(Error::BadInput(_)) => "bad_input",
        Err(Error::SignedOut) => "signed_out",
        Err(Error::TooManyAttempts { .. }) => "wait",
        Err(_) => "other",
        Ok(_) => "done",
    }
}

both! {
    async fn a_recovery_code_works_once_for_its_owner(world) {
        let world = world.with_company().await;
        let ada = world.person(ADA).await;
        let codes = create_recovery_codes(&world.app, &ada).await.unwrap();
        assert_eq!(codes.len(), 10);
        let at = Device::new(FIREFOX, "198.51.100.1");
        for (email, typed) in [(NOOR, codes[0].as_str()), ("nobody@x.example", &codes[0]), (ADA, "aaaaa-aaaaa-aaaaa-aaaaa"), (ADA, ""), (ADA, "\u{0}")] {
            assert_eq!(code(sign_in_with_recovery_code(&world.app, email, typed, &at).await), "wrong_credentials", "{email}");
        }
        let (cookie, _) = world.session(ADA).await;
        let secret = sign_in_with_recovery_code(&world.app, ADA, &codes[0].to_uppercase(), &at).await.unwrap();
        assert!(authenticate_session(&world.app, secret.reveal()).await.is_ok());
        assert_eq!(world.send("GET", "/me/security", &[("cookie", &cookie)], "").await.status, 303, "signed out elsewhere");
        assert_eq!(code(sign_in_with_recovery_code(&world.app, ADA, &codes[0], &at).await), "wrong_credentials", "once");
        assert_eq!(count_recovery_codes(&world.app, &ada).await.unwrap(), (9, 10));
        let again = create_recovery_codes(&world.app, &ada).await.unwrap();
        assert_eq!(code(sign_in_with_recovery_code(&world.app, ADA, &codes[1], &at).await), "wrong_credentials", "old ones are gone");
        let tries = futures_of(&world, &again[0]).await;
        assert_eq!(tries, 1, "of two at once one gets in");
        let used = world.events().await.into_iter().filter(|e| e.kind == EventType::RecoveryCodeUsed).count();
        assert_eq!(used, 2);
        world.check_invariants().await;
    }

    async fn guessing_codes_gets_slow_for_known_and_unknown_alike(world) {
        let world = world.with_company().await;
        for email in [ADA, "nobody@x.example"] {
            let mut codes = Vec::new();
            for i in 0..6 {
                let at = Device::new("", &format!("198.51.{i}.1"));
                codes.push(code(sign_in_with_recovery_code(&world.app, email, "aaaaa-aaaaa-aaaaa-aaaaa", &at).await));
            }
            assert_eq!(codes[4..], ["wrong_credentials", "wait"], "{email}");
        }
    }

    async fn nobody_becomes_admin_on_the_word_of_a_suspended_account(world) {
        let world = world.with_company().await;
        let (ada, zoe) = (world.token(ADA).await, world.token("zoe@harbor.example").await);
        let body = json!({ "emails": ["zoe@harbor.example"], "group": "administrators" });
        let made = world.api(&ada, "POST", "/workspaces/atlas-mobile/invitations", Some(body)).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let path = format!("/invitations/{}", made.json()["items"][0]["id"].as_str().unwrap());
        let operator = Principal::local_operator();
        suspend_account(&world.app, &operator, ADA, "left the company").await.unwrap();
        let refused = world.api(&zoe, "POST", &format!("{path}/accept"), None).await;
        assert_eq!((refused.status, refused.json()["code"].as_str()), (409, Some("inviter_lost_right")));
        assert_eq!(world.api(&zoe, "GET", &path, None).await.json()["inviter_may"], false);
        restore_account(&world.app, &operator, ADA).await.unwrap();
        assert_eq!(world.api(&zoe, "POST", &format!("{path}/accept"), None).await.status, 200);
        world.check_invariants().await;
    }

    async fn suspending_an_account_ends_it_everywhere_at_once(world) {
        let world = world.with_company().await;
        let operator = Principal::local_operator();
        installation::grant_operator(&world.app, &operator, "olga@operator.example").await.unwrap();
        let noor = world.person(NOOR).await;
        change_password(&world.app, &noor, PASSWORD, None).await.unwrap();
        let codes = create_recovery_codes(&world.app, &noor).await.unwrap();
        let token = world.token(NOOR).await;
        let (cookie, _) = world.session(NOOR).await;
        let demo = create_demo_link(&world.app, NOOR).await.unwrap();
        let link = create_password_link(&world.app, NOOR).await.unwrap();
        let at = Device::default();
        for (who, refusal) in [(&noor, "not_allowed"), (&world.person(ADA).await, "not_allowed")] {
            assert_eq!(code(suspend_account(&world.app, who, ADA, "no").await), refusal);
            assert_eq!(code(restore_account(&world.app, who, ADA).await), refusal);
        }
        let olga = world.person("olga@operator.example").await;
        assert_eq!(code(suspend_account(&world.app, &olga, "olga@operator.example", "me").await), "own_account");
        assert_eq!(code(suspend_account(&world.app, &operator, "olga@operator.example", "me").await), "last_operator");
        assert_eq!(code(suspend_account(&world.app, &olga, "nobody@x.example", "x").await), "not_found");
        for bad in ["", " ", "a\nb"] {
            assert_eq!(code(suspend_account(&world.app, &olga, NOOR, bad).await), "bad_input");
        }
        suspend_account(&world.app, &olga, NOOR, "left the company").await.unwrap();
        suspend_account(&world.app, &olga, NOOR, "again").await.unwrap();
        // Night Shift had only her: it is no longer linked by anybody, and the stored reasons know.
        assert_eq!(orglink_app::upkeep::find_wrong_reasons(&world.app).await.unwrap(), Vec::<String>::new());
        let reasons = world.api(&world.token(ADA).await, "GET", "/operator/accounts", None).await;
        assert_eq!(reasons.status, 403);
        assert_eq!(code(authenticate_token(&world.app, &token).await), "signed_out");
        assert_eq!(world.send("GET", "/me/account", &[("cookie", &cookie)], "").await.status, 303);
        assert_eq!(code(sign_in_with_password(&world.app, NOOR, PASSWORD, &at).await), "wrong_credentials");
        assert_eq!(code(sign_in_with_recovery_code(&world.app, NOOR, &codes[0], &at).await), "wrong_credentials");
        for url in [&demo, &link] {
            assert_eq!(code(find_link(&world.app, url.rsplit('/').next().unwrap()).await), "link_not_valid");
        }
        let mut tx = world.app.db.begin_read().await.unwrap();
        assert_eq!(code(Principal::on_behalf_of(&mut tx, NOOR).await), "account_suspended");
        drop(tx);
        let facts = world.api(&world.token("olga@operator.example").await, "GET", "/operator/accounts?q=noor", None).await.json();
        assert_eq!(facts["items"][0]["is_suspended"], true);
        restore_account(&world.app, &olga, NOOR).await.unwrap();
        assert_eq!(code(authenticate_token(&world.app, &token).await), "signed_out", "what has ended stays ended");
        assert_eq!(code(sign_in_with_password(&world.app, NOOR, PASSWORD, &at).await), "done");
        let told: Vec<_> = world.events().await.into_iter().filter(|e| matches!(e.kind, EventType::AccountSuspended | EventType::AccountRestored)).collect();
        assert_eq!(told.len(), 2);
        world.check_invariants().await;
    }

    async fn a_new_place_is_noticed_from_the_second_on(world) {
        let world = world.with_company().await;
        let url = create_demo_link(&world.app, ADA).await.unwrap();
        let secret = url.rsplit('/').next().unwrap();
        for (browser, address) in [(FIREFOX, "198.51.100.7"), (FIREFOX, "198.51.100.99"), (FIREFOX, "203.0.113.5"), ("curl/8", "198.51.100.7"), ("curl/8", "198.51.100.8")] {
            follow_demo_link(&world.app, secret, &Device::new(browser, address)).await.unwrap();
        }
        let seen: Vec<bool> = world.events().await.into_iter().filter(|e| e.kind == EventType::AccountSignedIn)
            .map(|e| e.payload.unwrap()["is_new_place"].as_bool().unwrap()).collect();
        assert_eq!(seen, [false, false, true, true, false]);
        world.clock.advance(91 * 86400);
        orglink_app::upkeep::forget(&world.app).await.unwrap();
        let url = create_demo_link(&world.app, ADA).await.unwrap();
        let secret = url.rsplit('/').next().unwrap();
        for address in ["192.0.2.1", "198.51.100.7"] {
            follow_demo_link(&world.app, secret, &Device::new(FIREFOX, address)).await.unwrap();
        }
        let last = world.events().await.pop().unwrap().payload.unwrap();
        assert_eq!(last["is_new_place"], true, "after 90 days it is new again");
    }

    async fn a_new_password_ends_every_other_session(world) {
        let world = world.with_company().await;
        let (here, token) = world.session(ADA).await;
        let (other, _) = world.session(ADA).await;
        let headers = [("cookie", here.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let short = world.send("POST", "/me/password", &headers, &format!("form_token={token}&password=short")).await;
        assert_eq!(short.status, 400);
        let done = world.send("POST", "/me/password", &headers, &format!("form_token={token}&password=correct+horse+battery")).await;
        assert_eq!(done.status, 303, "{}", done.text);
        assert_eq!(world.send("GET", "/me/security", &headers, "").await.status, 200);
        assert_eq!(world.send("GET", "/me/security", &[("cookie", &other)], "").await.status, 303);
        assert_eq!(code(sign_in_with_password(&world.app, ADA, PASSWORD, &Device::default()).await), "done");
    }

    async fn times_are_shown_in_the_zone_of_whoever_looks(world) {
        let world = world.with_company().await;
        let ada = world.person(ADA).await;
        for bad in ["Europe/Nowhere", "+01:00\u{0}", "../etc/passwd"] {
            let change = ProfileChange { time_zone: Some(bad.to_owned()), ..ProfileChange::default() };
            assert_eq!(code(change_profile(&world.app, &ada, &change).await), "bad_input", "{bad}");
        }
        let (cookie, token) = world.session(ADA).await;
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        assert!(world.send("GET", "/me/sessions", &headers, "").await.text.contains("09:00 UTC"));
        let saved = world.send("POST", "/me/account", &headers, &format!("form_token={token}&name=Ada+B.&time_zone=Asia/Kolkata")).await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        assert!(world.send("GET", "/me/sessions", &headers, "").await.text.contains("14:30 Asia/Kolkata"));
        let me = world.api(&world.token(ADA).await, "GET", "/me", None).await.json();
        assert_eq!((&me["name"], &me["time_zone"]), (&json!("Ada B."), &json!("Asia/Kolkata")));
    }
}

async fn futures_of(world: &orglink_testkit::TestApp, typed: &str) -> usize {
    let tries: Vec<_> = (0..2)
        .map(|i| {
            let (app, typed) = (std::sync::Arc::clone(&world.app), typed.to_owned());
            tokio::spawn(async move {
                let at = Device::new("", &format!("203.0.113.{i}"));
                sign_in_with_recovery_code(&app, ADA, &typed, &at).await.is_ok()
            })
        })
        .collect();
    let mut got_in = 0;
    for task in tries {
        got_in += usize::from(task.await.unwrap());
    }
    got_in
}
