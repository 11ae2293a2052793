//! Leaving: an account is erased, and nothing that names it breaks.

use orglink_app::access_request::{Ask, ask_for_access};
use orglink_app::account::{change_password, erase_account, find_address_proof, preview_erasure, restore_account};
use orglink_app::invitation::{self, InviteTo, NewInvitations, create_invitations};
use orglink_app::recovery::{NewRecovery, PlaceReference, request_recovery, view_recovery};
use orglink_app::recovery_code::create_recovery_codes;
use orglink_app::{Error, Principal, installation};
use orglink_domain::access_request::AskedKind;
use orglink_domain::event::EventType;
use orglink_store::Db;
use orglink_testkit::{TestApp, both};

const ADA: &str = "ada@meridian.example";
const BEN: &str = "ben@meridian.example";
const HANA: &str = "hana@meridian.example";

fn code<T>(outcome: Result<T, Error>) -> &'static str {
    match outcome {
        Err(Error::Refused(r)) => r.code,
        Err(Error::NotFound { .. }) => "not_found",
        Err(Error::BadInput(_)) => "bad_input",
        Err(Error::SignedOut) => "signed_out",
        Err(_) => "other",
        Ok(_) => "done",
    }
}

/// How many rows of each table still name an account in `account_id`.
async fn rows_about(world: &TestApp, id: sqlx::types::Uuid) -> Vec<(String, i64)> {
    let mut left = Vec::new();
    match &world.app.db {
        Db::Sqlite { read, .. } => {
            let tables: Vec<(String,)> = sqlx::query_as("SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'account_id'").fetch_all(read).await.unwrap();
            for (table,) in tables {
                let text = format!("SELECT COUNT(*) FROM {table} WHERE account_id = $1");
                let (count,): (i64,) =
                    sqlx::query_as(sqlx::AssertSqlSafe(text)).bind(id).fetch_one(read).await.unwrap();
                left.push((table, count));
            }
        }
        Db::Postgres(pool) => {
            let tables: Vec<(String,)> = sqlx::query_as("SELECT CAST(table_name AS TEXT) FROM information_schema.columns WHERE column_name = 'account_id' AND table_schema = 'public'").fetch_all(pool).await.unwrap();
            for (table,) in tables {
                let text = format!("SELECT COUNT(*) FROM {table} WHERE account_id = $1");
                let (count,): (i64,) =
                    sqlx::query_as(sqlx::AssertSqlSafe(text)).bind(id).fetch_one(pool).await.unwrap();
                left.push((table, count));
            }
        }
    }
    left
}

both! {
    async fn whoever_is_needed_cannot_leave_and_hears_why(world) {
        let world = world.with_company().await;
        let ada = world.person(ADA).await;
        let preview = preview_erasure(&world.app, &ada).await.unwrap();
        assert!(preview.workspaces.iter().any(|w| w.slug == "ada-brandt" && w.is_last_admin));
        assert!(preview.organizations.iter().any(|o| o.slug == "meridian" && o.is_admin && !o.is_last_admin));
        assert_eq!(code(erase_account(&world.app, &ada, BEN).await), "bad_input");
        let Err(Error::Refused(no)) = erase_account(&world.app, &ada, ADA).await else { panic!("she is needed") };
        assert_eq!(no.code, "last_admin");
        assert!(no.reasons.iter().any(|r| r.detail.contains("ada-brandt") && r.remedy.is_some()), "{:?}", no.reasons);
        let operator = Principal::local_operator();
        installation::grant_operator(&world.app, &operator, BEN).await.unwrap();
        let ben = world.person(BEN).await;
        let Err(Error::Refused(no)) = erase_account(&world.app, &ben, BEN).await else { panic!("he is needed") };
        assert!(no.reasons.iter().any(|r| r.code == "last_operator"), "{:?}", no.reasons);
        let gus = world.send("GET", "/me/account/erase", &[("cookie", &world.session("gus@solo.example").await.0)], "").await;
        assert!(gus.text.contains("You cannot leave yet.") && gus.text.contains("Workshop"), "{}", gus.text);
        world.check_invariants().await;
    }

    async fn what_was_personal_is_gone_and_the_rest_holds(world) {
        let world = world.with_company().await;
        world.link(ADA, "docs-site", "meridian").await.unwrap();
        let ben = world.person(BEN).await;
        let id = ben.account().unwrap().id;
        change_password(&world.app, &ben, "correct horse battery", None).await.unwrap();
        create_recovery_codes(&world.app, &ben).await.unwrap();
        let token = world.token(BEN).await;
        let ada = world.token(ADA).await;
        let change = world.change(&token, "PATCH", "/organizations/meridian", Some(serde_json::json!({ "name": "Meridian Freight Group" }))).await;
        assert_eq!(change.status, 200, "{}", change.text);
        orglink_app::account::ask_for_address(&world.app, &ben, "b@new.example", &orglink_app::sign_in::Device::default()).await.unwrap();
        orglink_app::upkeep::sequence_all(&world.app).await.unwrap();
        orglink_app::notify::notify_all(&world.app).await.unwrap();
        let (cookie, form_token) = world.session(BEN).await;
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let erased = world.send("POST", "/me/account/erase", &headers, &format!("form_token={form_token}&confirm={BEN}")).await;
        assert_eq!(erased.status, 200, "{}", erased.text);

        assert_eq!(world.send("GET", "/me/account", &headers, "").await.status, 303, "signed out");
        assert_eq!(world.api(&token, "GET", "/me", None).await.status, 401);
        let left: Vec<_> = rows_about(&world, id.0).await.into_iter().filter(|(_, count)| *count > 0).collect();
        assert_eq!(left, [], "nothing else names the account");
        let mut tx = world.app.db.begin_read().await.unwrap();
        let former = orglink_store::account::find(&mut tx, id).await.unwrap().unwrap();
        assert!(orglink_store::account::find_by_email(&mut tx, BEN).await.unwrap().is_none());
        drop(tx);
        assert!(!former.is_verified && former.is_suspended && former.name == "a former account", "{former:?}");
        assert_eq!(code(restore_account(&world.app, &Principal::local_operator(), &id.to_string()).await), "not_found");

        // Its own events have lost what they said; what it did in the organization says what, not who.
        let events = world.events().await;
        let own: Vec<_> = events.iter().filter(|e| e.actor.account_id == Some(id)).collect();
        assert!(own.len() > 4);
        for event in own {
            let is_kept = event.organization_id.is_some() || event.kind == EventType::AccountErased;
            assert_eq!(event.payload.is_some(), is_kept, "{}", event.kind);
        }
        assert!(!format!("{:?}", events.iter().map(|e| &e.payload).collect::<Vec<_>>()).contains("ben@"));
        let activity = world.api(&ada, "GET", "/organizations/meridian/events", None).await.text;
        assert!(activity.contains("a former account"), "{activity}");
        let export = world.export().await.join("");
        assert!(!export.contains("ben@meridian") && !export.contains("former"), "not exported");
        let checks = orglink_app::doctor::examine(&world.app, true, false).await.unwrap();
        assert!(checks.iter().all(|c| c.health != orglink_app::doctor::Health::Fail), "{checks:?}");
        // The address is free again.
        world.import(r#"{"type":"account","email":"ben@meridian.example","name":"Another Ben"}"#).await.unwrap();
        assert_ne!(world.person(BEN).await.account().unwrap().id, id);
        assert_eq!(code(find_address_proof(&world.app, "x").await), "link_not_valid");
        world.check_invariants().await;
    }

    async fn what_is_pending_is_listed_and_ends(world) {
        let world = world.with_company().await;
        let (hana, noor) = (world.person(HANA).await, world.person("noor@meridian.example").await);
        let invite = async |by: &Principal, to: &InviteTo<'_>, email: &str| {
            let new = NewInvitations { emails: vec![email.to_owned()], hands_over: false };
            create_invitations(&world.app, by, to, &new, None).await.unwrap().answer[0].invitation
        };
        // One to somebody else, one to another spelling of Hana's address, one that Hana has sent.
        let declined = invite(&noor, &InviteTo::UserGroup("night-shift", "developers"), "zoe@harbor.example").await.unwrap();
        invitation::decline_invitation(&world.app, &world.person("zoe@harbor.example").await, &declined.to_string()).await.unwrap();
        let lena = world.person("lena@harbor.example").await;
        let mine = invite(&lena, &InviteTo::UserGroup("harbor-ops", "administrators"), "Hana@Meridian.example").await.unwrap();
        let sent = invite(&hana, &InviteTo::UserGroup("atlas-platform", "administrators"), "new@else.example").await.unwrap();
        let ask = Ask { kind: AskedKind::Organization, named: "meridian".to_owned(), message: None, return_to: None };
        ask_for_access(&world.app, &hana, &ask, None).await.unwrap();
        world.tell().await;
        let preview = preview_erasure(&world.app, &hana).await.unwrap();
        assert_eq!(preview.pending.invitations, ["to be member of the user group administrators in Harbor Operations"]);
        assert_eq!(preview.pending.requests, ["to be organization admin of meridian"]);
        assert_eq!(preview.pending.sent_invitations, ["new@else.example to be member of the user group administrators in Atlas Platform"]);
        let page = world.send("GET", "/me/account/erase", &[("cookie", &world.session(HANA).await.0)], "").await.text;
        assert!(page.contains("What is pending") && page.contains("organization admin of meridian"), "{page}");

        erase_account(&world.app, &hana, HANA).await.unwrap();
        world.tell().await;
        let events = world.events().await;
        let happened = |kind| events.iter().filter(|e| e.kind == kind).count();
        assert_eq!((happened(EventType::InvitationDeclined), happened(EventType::AccessRequestWithdrawn)), (2, 1));
        let mut tx = world.app.db.begin_read().await.unwrap();
        assert!(orglink_store::invitation::find(&mut tx, mine).await.unwrap().is_none(), "its row names her address");
        assert!(orglink_store::invitation::find(&mut tx, sent).await.unwrap().is_some(), "another admin may confirm it");
        assert!(orglink_store::invitation::find(&mut tx, declined).await.unwrap().is_some(), "another person's");
        let mails = orglink_store::mail::list(&mut tx, None, 500, None).await.unwrap();
        drop(tx);
        assert!(!mails.iter().any(|m| m.content.to_lowercase().contains(HANA)), "{mails:?}");
        let adas = crate::notify::inbox(&world, "ada@meridian.example").await;
        let asked = adas.iter().find(|e| e.template == "access_requested").unwrap();
        assert!(asked.paragraphs[0].contains("a former address") && !format!("{adas:?}").to_lowercase().contains(HANA), "{asked:?}");
        world.check_invariants().await;
    }

    async fn a_recovery_for_somebody_who_leaves_ends(world) {
        let world = world.with_company().await;
        let ivo = world.person("ivo@meridian.example").await;
        let wanted = NewRecovery { place: PlaceReference::Workspace("robot-yard".to_owned()), reason: "Gone.".to_owned() };
        let id = request_recovery(&world.app, &ivo, &wanted, None).await.unwrap().answer.to_string();
        assert_eq!(preview_erasure(&world.app, &ivo).await.unwrap().pending.recoveries, ["of the workspace Robot Yard"]);
        erase_account(&world.app, &ivo, "ivo@meridian.example").await.unwrap();
        installation::grant_operator(&world.app, &Principal::local_operator(), "olga@operator.example").await.unwrap();
        let view = view_recovery(&world.app, &world.person("olga@operator.example").await, &id).await.unwrap();
        assert_eq!(view.recovery.state.as_str(), "withdrawn");
        world.check_invariants().await;
    }
}
