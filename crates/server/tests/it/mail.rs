//! The outbox: each mail sent once, tried again when it must be, never with a secret that is kept.

use orglink_app::inbox::{change_preference, unsubscribe};
use orglink_app::outbox::{deliver, list_mails, retry_mail, reveal_mail, view_mail};
use orglink_app::{PageRequest, Principal, workspace};
use orglink_domain::notice::{MailState, NoticeKind};
use orglink_mail::{Answered, SignInLink};
use orglink_store::mail::Addressee;
use orglink_testkit::{TestApp, both};

use crate::notify::inbox;

const LENA: &str = "lena@harbor.example";

async fn states(world: &TestApp) -> Vec<(MailState, i64, Option<String>)> {
    let mut tx = world.app.db.begin_read().await.unwrap();
    let all = orglink_store::mail::list(&mut tx, None, 500, None).await.unwrap();
    all.into_iter().map(|m| (m.state, m.attempts, m.answer)).collect()
}

/// A mail with a one-time link; its id.
async fn sign_in_mail(world: &TestApp, email: &str) -> String {
    let account_id = world.person(email).await.account().unwrap().id;
    let says = SignInLink { request: account_id.0, asked_at: world.app.now(), lasts_seconds: 900 };
    let mut tx = world.app.db.begin_write().await.unwrap();
    let to = Addressee::Account(account_id);
    let id = orglink_app::notify::send_mail(&world.app, &mut tx, to, says).await.unwrap();
    tx.commit().await.unwrap();
    id.to_string()
}

/// The secret in a mail as it went out.
fn secret_in(text: &str, before: &str) -> String {
    let text = text.replace("=\r\n", "");
    let rest = &text[text.find(before).unwrap() + before.len()..];
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
}

both! {
    async fn what_failed_is_tried_again_later_and_what_was_refused_is_not(world) {
        let world = world.with_company().await;
        sign_in_mail(&world, LENA).await;
        world.post.answer(Answered::Later("451 try later".to_owned()));
        assert_eq!(deliver(&world.app).await.unwrap(), 0);
        assert_eq!(states(&world).await, vec![(MailState::Failed, 1, Some("451 try later".to_owned()))]);
        assert_eq!(deliver(&world.app).await.unwrap(), 0, "not before its time");
        world.clock.advance(10);
        assert_eq!(deliver(&world.app).await.unwrap(), 1);
        assert_eq!(states(&world).await, vec![(MailState::Sent, 2, Some("250 ok".to_owned()))]);

        let id = sign_in_mail(&world, LENA).await;
        world.post.answer(Answered::Never("550 no such user".to_owned()));
        deliver(&world.app).await.unwrap();
        world.clock.advance(60 * 30);
        assert_eq!(deliver(&world.app).await.unwrap(), 0);
        assert_eq!(states(&world).await[0].0, MailState::Refused);
        let operator = Principal::local_operator();
        retry_mail(&world.app, &operator, &id).await.unwrap();
        assert_eq!(deliver(&world.app).await.unwrap(), 1);
        assert!(retry_mail(&world.app, &operator, &id).await.is_err(), "it is sent");
        assert_eq!(world.post.accepted().len(), 2);
    }

    async fn a_server_that_is_away_is_not_held_against_a_mail(world) {
        let world = world.with_company().await;
        sign_in_mail(&world, LENA).await;
        world.post.go_away(true);
        assert!(deliver(&world.app).await.is_err());
        assert_eq!(states(&world).await, vec![(MailState::Waiting, 0, None)]);
        world.post.go_away(false);
        assert_eq!(deliver(&world.app).await.unwrap(), 1);
    }

    async fn a_claim_that_was_not_kept_ends_and_the_message_id_stays(world) {
        let world = world.with_company().await;
        let id = sign_in_mail(&world, LENA).await;
        // As if a process had claimed it and died.
        let mut tx = world.app.db.begin_write().await.unwrap();
        let (now, mail) = (world.app.now(), id.parse().map(orglink_domain::id::MailId).unwrap());
        assert!(orglink_store::mail::claim(&mut tx, mail, now, now.plus_seconds(60)).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(deliver(&world.app).await.unwrap(), 0, "somebody has it");
        world.clock.advance(61);
        assert_eq!(deliver(&world.app).await.unwrap(), 1);
        assert_eq!(world.post.ids(), vec![format!("<{id}@orglink.test>")]);
    }

    async fn several_replicas_send_each_mail_once(world) {
        let world = world.with_company().await;
        for _ in 0..20 {
            sign_in_mail(&world, LENA).await;
        }
        let senders: Vec<_> = (0..4).map(|_| {
            let app = std::sync::Arc::clone(&world.app);
            tokio::spawn(async move { while deliver(&app).await.unwrap() > 0 {} })
        }).collect();
        for sender in senders {
            sender.await.unwrap();
        }
        world.deliver().await;
        let mut ids = world.post.ids();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((ids.len(), world.post.ids().len()), (20, 20));
    }

    async fn secrets_are_minted_when_sent_masked_when_seen_and_revealing_is_told(world) {
        let world = world.with_company().await;
        let id = sign_in_mail(&world, LENA).await;
        orglink_app::installation::grant_operator(&world.app, &Principal::local_operator(), "olga@operator.example").await.unwrap();
        let operator = world.person("olga@operator.example").await;
        assert!(view_mail(&world.app, &world.person("ada@meridian.example").await, &id).await.is_err());
        let masked = view_mail(&world.app, &operator, &id).await.unwrap().rendered.unwrap();
        assert!(masked.text.contains("/sign-in/link/••••••••"), "{}", masked.text);
        let sent = world.deliver().await.pop().unwrap();
        let secret = secret_in(&sent, "/sign-in/link/");
        let revealed = reveal_mail(&world.app, &operator, &id).await.unwrap().rendered.unwrap();
        let other = secret_in(&revealed.text, "/sign-in/link/");
        assert_ne!(secret, other);
        let told = inbox(&world, LENA).await;
        assert!(told[0].subject.starts_with("An operator has seen a one-time link") && told[0].is_urgent);
        let at = world.app.now();
        let mut tx = world.app.db.begin_write().await.unwrap();
        assert!(orglink_app::one_time::redeem(&mut tx, "invitation", &secret, at).await.unwrap().is_none(), "another purpose");
        assert!(orglink_app::one_time::redeem(&mut tx, "sign_in", &other, at).await.unwrap().is_some());
        assert!(orglink_app::one_time::redeem(&mut tx, "sign_in", &secret, at).await.unwrap().is_none(), "all are used");
        tx.commit().await.unwrap();
    }

    async fn stale_mails_are_given_up_and_say_why(world) {
        let world = world.with_company().await;
        sign_in_mail(&world, LENA).await;
        world.clock.advance(2 * 60 * 60);
        world.deliver().await;
        assert_eq!(states(&world).await[0].0, MailState::GivenUp);
        assert!(world.post.accepted().is_empty());
    }

    async fn becoming_eligible_is_told_once_to_admins_and_to_whoever_asked(world) {
        let world = world.with_company().await;
        let (ada, mia) = (world.person("ada@meridian.example").await, world.person("mia@meridian.example").await);
        workspace::watch_workspace(&world.app, &mia, "atlas-platform").await.unwrap();
        world.import(r#"{"type":"workspace","slug":"atlas-platform","name":"Atlas Platform","holds":["legal"]}"#).await.unwrap();
        let cannot = inbox(&world, "ada@meridian.example").await;
        assert_eq!(cannot.len(), 1);
        assert_eq!(cannot[0].subject, "Atlas Platform can no longer be linked");
        world.import(r#"{"type":"workspace","slug":"atlas-platform","name":"Atlas Platform","holds":[]}"#).await.unwrap();
        world.import(r#"{"type":"workspace","slug":"atlas-platform","name":"Atlas Platform","holds":[]}"#).await.unwrap();
        for email in ["ada@meridian.example", "mia@meridian.example"] {
            let told = inbox(&world, email).await;
            assert_eq!((told.len(), told[0].subject.as_str()), (2, "Atlas Platform can be linked now"), "{email}");
        }
        // By mail only whoever wants it.
        change_preference(&world.app, &ada, NoticeKind::Eligibility, false).await.unwrap();
        world.deliver().await;
        let before = world.post.accepted().len();
        world.import(r#"{"type":"workspace","slug":"atlas-platform","name":"Atlas Platform","holds":["legal"]}"#).await.unwrap();
        let after = world.deliver().await;
        let to = |text: &&String| text.contains("\r\nTo: ada@meridian.example");
        assert_eq!(after[before..].iter().filter(to).count(), 0);
        assert_eq!(inbox(&world, "ada@meridian.example").await.len(), 3, "it is in the inbox all the same");
    }

    async fn the_link_in_a_mail_ends_mails_of_its_kind_and_nothing_else(world) {
        let world = world.with_company().await;
        world.import(r#"{"type":"workspace","slug":"atlas-platform","name":"Atlas Platform","holds":["legal"]}"#).await.unwrap();
        let mails = world.deliver().await;
        let mail = mails.iter().find(|m| m.contains("\r\nTo: ada@meridian.example")).unwrap();
        assert!(mail.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
        let secret = secret_in(mail, "/unsubscribe/eligibility/");
        for (kind, secret) in [("link", secret.as_str()), ("nonsense", &secret), ("eligibility", "rubbish")] {
            assert!(unsubscribe(&world.app, kind, secret).await.is_err(), "{kind}");
        }
        for _ in 0..2 {
            unsubscribe(&world.app, "eligibility", &secret).await.unwrap();
        }
        world.import(r#"{"type":"workspace","slug":"atlas-platform","name":"Atlas Platform","holds":[]}"#).await.unwrap();
        let before = mails.len();
        let after = world.deliver().await;
        assert!(!after[before..].iter().any(|m| m.contains("\r\nTo: ada@meridian.example")));
        world.link("ada@meridian.example", "atlas-platform", "meridian").await.unwrap();
        let last = world.deliver().await;
        assert!(last.iter().any(|m| m.contains("\r\nTo: ada@") && m.contains("was linked to")), "obligations still come");
    }

    async fn lists_are_for_operators(world) {
        let world = world.with_company().await;
        sign_in_mail(&world, LENA).await;
        let page = PageRequest::new(None, None).unwrap();
        assert!(list_mails(&world.app, &world.person(LENA).await, None, &page).await.is_err());
        let operator = Principal::local_operator();
        let found = list_mails(&world.app, &operator, Some(MailState::Waiting), &page).await.unwrap();
        assert_eq!((found.items.len(), found.items[0].to.as_str(), found.items[0].has_secret), (1, LENA, true));
    }
}
