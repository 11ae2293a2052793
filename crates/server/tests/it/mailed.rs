//! Links by mail: signing in with one, proving an address; and that nothing tells whether an address has an account.

use orglink_app::account::{ask_for_address, find_address_proof, prove_address, withdraw_address};
use orglink_app::sign_in::{
    Device, answer_requests, ask_for_link, authenticate_session, find_mailed_link, follow_mailed_link,
    sign_in_with_password, sign_in_with_recovery_code,
};
use orglink_app::{Error, Principal, Secret};
use orglink_domain::id::AccountId;
use orglink_domain::name::fold;
use orglink_store::in_write;
use orglink_store::mail::{Addressee, StoredMail};
use orglink_store::one_time::{self, OneTimeToken};
use orglink_store::path::statements_of;
use orglink_testkit::{TestApp, both};
use serde_json::Value;

const ADA: &str = "ada@meridian.example";
const BEN: &str = "ben@meridian.example";
const NOBODY: &str = "nobody@meridian.example";

fn code<T>(outcome: Result<T, Error>) -> &'static str {
    match outcome {
        Err(Error::Refused(r)) => r.code,
        Err(Error::NotFound { .. }) => "not_found",
        Err(Error::BadInput(_)) => "bad_input",
        Err(Error::TooManyAttempts { .. }) => "wait",
        Err(_) => "other",
        Ok(_) => "done",
    }
}

/// The mails of a template, newest first.
async fn mails(world: &TestApp, template: &str) -> Vec<StoredMail> {
    let mut tx = world.app.db.begin_read().await.unwrap();
    let all = orglink_store::mail::list(&mut tx, None, 500, None).await.unwrap();
    all.into_iter().filter(|m| m.content.contains(&format!("\"template\":\"{template}\""))).collect()
}

/// The secret of the newest mail of a template, as if it were delivered now.
async fn delivered(world: &TestApp, template: &str, purpose: &str, subject: &str, seconds: i64) -> String {
    let mails = mails(world, template).await;
    let content: Value = serde_json::from_str(&mails[0].content).unwrap();
    let secret = Secret::generate("").unwrap();
    let now = world.app.now();
    let token = OneTimeToken {
        purpose: purpose.to_owned(),
        subject_id: content["parameters"][subject].as_str().unwrap().parse().unwrap(),
        account_id: None::<AccountId>,
        email_folded: None,
        created_at: now,
        expires_at: now.plus_seconds(seconds),
        used_at: None,
    };
    let done: Result<(), Error> =
        in_write!(world.app.db, tx, { one_time::create(tx, &secret.hash(), &token).await.map_err(Error::from) });
    done.unwrap();
    secret.reveal().to_owned()
}

async fn link_for(world: &TestApp, email: &str, next: &str) -> String {
    world.clock.advance(3600);
    ask_for_link(&world.app, email, next, &Device::default()).await.unwrap();
    answer_requests(&world.app).await.unwrap();
    delivered(world, "sign_in_link", "sign_in", "request", 900).await
}

both! {
    async fn a_link_signs_in_once_and_opening_it_does_nothing(world) {
        let world = world.with_company().await;
        let link = link_for(&world, " Ada@Meridian.example ", "/workspaces/docs-site").await;
        let path = format!("/sign-in/link/{link}");
        for _ in 0..3 {
            let opened = world.send("GET", &path, &[], "").await;
            assert_eq!(opened.status, 200, "{}", opened.text);
            assert!(opened.text.contains(ADA) && opened.text.contains("method=\"post\""));
        }
        assert_eq!(find_mailed_link(&world.app, &link).await.unwrap().email, ADA);
        let foreign = world.send("POST", &path, &[("sec-fetch-site", "cross-site")], "").await;
        assert_eq!(foreign.status, 403);
        let followed = world.send("POST", &path, &[], "").await;
        assert_eq!((followed.status, followed.location.as_str()), (303, "/workspaces/docs-site"), "{}", followed.text);
        for answer in [world.send("GET", &path, &[], "").await, world.send("POST", &path, &[], "").await] {
            assert_eq!(answer.status, 409);
            assert!(answer.text.contains("does not work any more"));
        }
        // Never, too late, for something else, after the account was suspended.
        assert_eq!(code(find_mailed_link(&world.app, "no-such-secret").await), "link_not_valid");
        let late = link_for(&world, ADA, "/").await;
        world.clock.advance(901);
        assert_eq!(code(follow_mailed_link(&world.app, &late, &Device::default(), None).await), "link_not_valid");
        let other = link_for(&world, ADA, "/").await;
        assert_eq!(code(prove_address(&world.app, &other).await), "link_not_valid");
        orglink_app::account::suspend_account(&world.app, &Principal::local_operator(), ADA, "test").await.unwrap();
        assert_eq!(code(follow_mailed_link(&world.app, &other, &Device::default(), None).await), "link_not_valid");
        let before = mails(&world, "sign_in_link").await.len();
        world.clock.advance(3600);
        ask_for_link(&world.app, ADA, "/", &Device::default()).await.unwrap();
        answer_requests(&world.app).await.unwrap();
        assert_eq!(mails(&world, "sign_in_link").await.len(), before, "a suspended account gets none");
        world.check_invariants().await;
    }

    async fn of_two_who_follow_it_at_once_one_gets_in(world) {
        let world = world.with_company().await;
        let link = link_for(&world, ADA, "/").await;
        let tries: Vec<_> = (0..4).map(|_| {
            let (app, link) = (std::sync::Arc::clone(&world.app), link.clone());
            tokio::spawn(async move { follow_mailed_link(&app, &link, &Device::default(), None).await.is_ok() })
        }).collect();
        let mut got_in = 0;
        for task in tries {
            got_in += usize::from(task.await.unwrap());
        }
        assert_eq!(got_in, 1);
    }

    async fn requests_are_answered_once_whoever_answers(world) {
        let world = world.with_company().await;
        for email in [ADA, BEN, NOBODY] {
            ask_for_link(&world.app, email, "/", &Device::default()).await.unwrap();
        }
        let answering: Vec<_> = (0..4).map(|_| {
            let app = std::sync::Arc::clone(&world.app);
            tokio::spawn(async move { answer_requests(&app).await.unwrap() })
        }).collect();
        for task in answering {
            task.await.unwrap();
        }
        assert_eq!(mails(&world, "sign_in_link").await.len(), 2);
    }

    async fn a_session_is_always_a_new_one(world) {
        let world = world.with_company().await;
        let link = link_for(&world, ADA, "/").await;
        let (old, _) = world.session(ADA).await;
        let before = authenticate_session(&world.app, old.trim_start_matches("orglink=")).await.unwrap();
        let (secret, _) = follow_mailed_link(&world.app, &link, &Device::default(), Some(&before)).await.unwrap();
        assert_ne!(format!("orglink={}", secret.reveal()), old);
        assert_eq!(world.send("GET", "/me/account", &[("cookie", &old)], "").await.status, 303, "the one before has ended");
        // What somebody put into the browser beforehand is worth nothing afterwards.
        let link = link_for(&world, ADA, "/").await;
        let fixed = [("cookie", "orglink=chosen-by-somebody-else")];
        assert_eq!(world.send("POST", &format!("/sign-in/link/{link}"), &fixed, "").await.status, 303);
        assert_eq!(world.send("GET", "/me/account", &fixed, "").await.status, 303);
        // Another person's session in the same browser is not touched by it.
        let link = link_for(&world, ADA, "/").await;
        let (bens, _) = world.session(BEN).await;
        let ben = authenticate_session(&world.app, bens.trim_start_matches("orglink=")).await.unwrap();
        follow_mailed_link(&world.app, &link, &Device::default(), Some(&ben)).await.unwrap();
        assert_eq!(world.send("GET", "/me/account", &[("cookie", &bens)], "").await.status, 200);
    }

    async fn nothing_tells_whether_an_address_has_an_account(world) {
        let world = world.with_company().await;
        let ada = world.person(ADA).await;
        orglink_app::account::change_password(&world.app, &ada, "correct horse battery", None).await.unwrap();
        let at = Device::new("", "198.51.100.1");
        // With a password, without one, and nobody: the same statements in the same order.
        let mut asked = Vec::new();
        let mut guessed = Vec::new();
        let mut coded = Vec::new();
        for email in [ADA, BEN, NOBODY] {
            let (outcome, run) = statements_of(ask_for_link(&world.app, email, "/", &at)).await;
            outcome.unwrap();
            asked.push(run);
            let (outcome, run) = statements_of(sign_in_with_password(&world.app, email, "not the password at all", &at)).await;
            assert_eq!(code(outcome), "wrong_credentials");
            guessed.push(run);
            let (outcome, run) = statements_of(sign_in_with_recovery_code(&world.app, email, "aaaaa-aaaaa-aaaaa-aaaaa", &at)).await;
            assert_eq!(code(outcome), "wrong_credentials");
            coded.push(run);
        }
        for runs in [asked, guessed, coded] {
            assert!(runs[0].len() >= 4, "{runs:?}");
            assert!(runs.iter().all(|run| *run == runs[0]), "{runs:?}");
        }
        // And the same answers, byte for byte.
        let form = [("content-type", "application/x-www-form-urlencoded")];
        for (path, rest) in [("/sign-in/mail", ""), ("/sign-in", "&password=not+the+password"), ("/sign-in/recovery", "&code=aaaaa")] {
            let mut said = Vec::new();
            for email in [ADA, BEN, NOBODY] {
                let answer = world.send("POST", path, &form, &format!("email={email}{rest}")).await;
                said.push((answer.status, answer.said(email, "EMAIL")));
            }
            assert!(said.iter().all(|s| *s == said[0]), "{path}: {said:?}");
        }
        // Too many is too many for both.
        for email in [BEN, NOBODY] {
            let mut last = "";
            for _ in 0..4 {
                last = code(ask_for_link(&world.app, email, "/", &at).await);
            }
            assert_eq!(last, "wait", "{email}");
        }
    }

    async fn another_address_is_somebody_s_when_it_is_proven(world) {
        let world = world.with_company().await;
        let (ada, ben) = (world.person(ADA).await, world.person(BEN).await);
        let at = Device::default();
        for bad in ["", "ada", "a@b", "a\r\nbcc:x@y.example", "a b@c.example"] {
            assert_eq!(code(ask_for_address(&world.app, &ada, bad, &at).await), "bad_input", "{bad}");
        }
        ask_for_address(&world.app, &ada, "first@new.example", &at).await.unwrap();
        let first = delivered(&world, "verify_address", "verify_address", "change", 86400).await;
        ask_for_address(&world.app, &ada, "Ada@New.example", &at).await.unwrap();
        assert!(matches!(&mails(&world, "verify_address").await[0].to, Addressee::Address(to) if to == "Ada@New.example"));
        let second = delivered(&world, "verify_address", "verify_address", "change", 86400).await;
        assert_eq!(code(prove_address(&world.app, &first).await), "link_not_valid", "a later wish ends it");
        assert_eq!(find_address_proof(&world.app, &second).await.unwrap(), "Ada@New.example");
        assert_eq!(world.person(ADA).await.account().unwrap().email, ADA, "nothing happened yet");
        let page = world.send("GET", &format!("/verify/{second}"), &[], "").await;
        assert!(page.status == 200 && page.text.contains("Ada@New.example"), "{}", page.text);
        assert_eq!(world.send("POST", &format!("/verify/{second}"), &[], "").await.status, 200);
        assert_eq!(world.send("POST", &format!("/verify/{second}"), &[], "").await.status, 409, "once");
        let now = world.person("ada@new.example").await;
        assert_eq!(now.account().unwrap().id, ada.account().unwrap().id);
        let told = mails(&world, "security_changed").await;
        assert!(told.iter().any(|m| matches!(&m.to, Addressee::Address(to) if fold(to) == ADA)), "the old address is told");

        // One that is another's: the asker hears nothing, and cannot have it.
        ask_for_address(&world.app, &ben, "ada@new.example", &at).await.unwrap();
        let proof = delivered(&world, "verify_address", "verify_address", "change", 86400).await;
        assert_eq!(code(prove_address(&world.app, &proof).await), "address_taken");
        withdraw_address(&world.app, &ben).await.unwrap();
        assert_eq!(code(withdraw_address(&world.app, &ben).await), "not_found");
        assert_eq!(code(prove_address(&world.app, &proof).await), "link_not_valid");
        let mut last = "";
        for _ in 0..4 {
            last = code(ask_for_address(&world.app, &ben, "x@new.example", &at).await);
        }
        assert_eq!(last, "wait");
        world.check_invariants().await;
    }

    async fn an_imported_account_that_nobody_has_proven_becomes_verified_by_its_link(world) {
        let world = world.with_company().await;
        world.import(r#"{"type":"account","email":"noor@meridian.example","name":"Noor","verified":false}"#).await.unwrap();
        assert!(!world.person("noor@meridian.example").await.account().unwrap().is_verified);
        let link = link_for(&world, "noor@meridian.example", "/").await;
        follow_mailed_link(&world.app, &link, &Device::default(), None).await.unwrap();
        assert!(world.person("noor@meridian.example").await.account().unwrap().is_verified);
        // She is an admin who can act again, and the stored reasons know.
        world.check_invariants().await;
    }
}
