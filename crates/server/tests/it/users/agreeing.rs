//! Two sides agree to the same plan; the last one has it done.

use orglink_domain::event::EventType;
use orglink_domain::link::Consent;
use orglink_testkit::{TestApp, both};
use serde_json::{Value, json};

use super::{ADA, BEN, GROUPS, HANA, MIA, W, code, linked, members, plan, run};
use crate::cli::run as command;
use crate::notify::subjects;

async fn propose(world: &TestApp, token: &str, mapping: Value) -> orglink_testkit::Answer {
    let body = json!({ "mapping": mapping, "acknowledge_all": true, "message": "As we said." });
    world.api(token, "POST", &format!("/workspaces/{W}/users-migration/proposals"), Some(body)).await
}

async fn migrations(world: &TestApp) -> usize {
    world.events().await.into_iter().filter(|e| e.kind == EventType::WorkspaceUsersMigrated).count()
}

both! {
    async fn each_side_agrees_and_then_it_is_done(world) {
        let world = linked(world).await;
        let (hana, ben, mia) = (world.token(HANA).await, world.token(BEN).await, world.token(MIA).await);
        world.deliver().await;
        let made = propose(&world, &hana, json!({ "developers": { "rename": "Platform developers" } })).await;
        let said = made.json();
        assert_eq!((made.status, said["act"].as_str(), said["state"].as_str()), (201, Some("migrate_users"), Some("open")), "{said}");
        let id = said["id"].as_str().unwrap().to_owned();
        assert_eq!(code(&propose(&world, &hana, json!({})).await), (409, "proposal_open".into()));
        world.tell().await;
        let told = subjects(&world, BEN).await;
        assert!(told.iter().any(|s| s.contains("the users of Atlas Platform are to migrate")), "{told:?}");
        assert_eq!(world.api(&mia, "GET", &format!("/proposals/{id}"), None).await.status, 404);
        let seen = world.api(&ben, "GET", &format!("/proposals/{id}"), None).await;
        let plan = seen.json()["users_plan"].clone();
        assert!(plan["digest"].is_string() && !seen.text.contains(MIA), "{plan}");
        // The side that proposed has agreed already.
        let agree = async |token: &str| {
            let body = json!({ "plan_digest": plan["digest"], "acknowledge_all": true });
            world.api(token, "POST", &format!("/proposals/{id}/consent"), Some(body)).await
        };
        assert_eq!(code(&agree(&hana).await), (409, "already_agreed".into()));
        assert_eq!(migrations(&world).await, 0);
        let done = agree(&ben).await;
        assert_eq!((done.status, done.json()["missing"].as_array().unwrap().len()), (200, 0), "{}", done.text);
        assert_eq!(migrations(&world).await, 1);
        assert_eq!(members(&world, &ben, &format!("{GROUPS}/platform-developers")).await, members(&world, &hana, &format!("/workspaces/{W}/user-groups/developers")).await);
        world.tell().await;
        for who in [HANA, BEN] {
            let told = subjects(&world, who).await;
            assert!(told.iter().any(|s| s.contains("are managed in")), "{told:?}");
        }
        assert_eq!(code(&agree(&ben).await), (409, "proposal_not_open".into()));
        world.check_invariants().await;
    }

    async fn where_two_people_decide_nobody_does_it_alone(world) {
        let world = linked(world).await.with_consent(Consent::TwoPeople, false).await;
        let (ada, ben) = (world.token(ADA).await, world.token(BEN).await);
        assert_eq!(code(&run(&world, &ada, W, json!({})).await), (409, "second_person_required".into()));
        let made = propose(&world, &ada, json!({})).await.json();
        let path = format!("/proposals/{}/consent", made["id"].as_str().unwrap());
        let body = || Some(json!({ "acknowledge_all": true, "side": "organization" }));
        assert_eq!(code(&world.api(&ada, "POST", &path, body()).await), (409, "second_person_required".into()));
        assert_eq!(migrations(&world).await, 0);
        assert_eq!(world.api(&ben, "POST", &path, body()).await.status, 200);
        assert_eq!(migrations(&world).await, 1);
        world.check_invariants().await;
    }

    async fn declined_and_outdated_consents_do_nothing(world) {
        let world = linked(world).await;
        let (hana, ben) = (world.token(HANA).await, world.token(BEN).await);
        let id = propose(&world, &hana, json!({})).await.json()["id"].as_str().unwrap().to_owned();
        let no = world.api(&ben, "POST", &format!("/proposals/{id}/decline"), Some(json!({ "reason": "Later." }))).await;
        assert_eq!(no.status, 200, "{}", no.text);
        let id = propose(&world, &hana, json!({})).await.json()["id"].as_str().unwrap().to_owned();
        // Somebody becomes an admin of the workspace meanwhile: what Hana agreed to is not what would be done.
        let group = format!("/workspaces/{W}/user-groups/administrators/members/ivo@meridian.example");
        assert_eq!(world.api(&hana, "PUT", &group, None).await.status, 204);
        let agreed = world.api(&ben, "POST", &format!("/proposals/{id}/consent"), Some(json!({ "acknowledge_all": true }))).await;
        assert_eq!((agreed.status, agreed.json()["missing"].clone()), (200, json!(["workspace"])), "{}", agreed.text);
        assert_eq!(migrations(&world).await, 0);
        let again = world.api(&hana, "POST", &format!("/proposals/{id}/consent"), Some(json!({ "acknowledge_all": true }))).await;
        assert_eq!(again.status, 200, "{}", again.text);
        assert_eq!(migrations(&world).await, 1);
        world.check_invariants().await;
    }

    async fn from_the_command_line_and_the_pages(world) {
        let world = linked(world).await;
        let at = ["--workspace", W, "--json"];
        let go = |who: &str, arguments: &[&str]| command(&world, &[&["migration", "users"][..], arguments, &at[..], &["--as", who]].concat());
        let (status, planned, said) = go(HANA, &["plan", "--rename", "developers=Platform developers"]);
        assert_eq!((status, planned["blockers"].as_array().map(Vec::len)), (0, Some(0)), "{said}");
        assert_eq!(go(HANA, &["run"]).0, 2, "never hangs");
        assert_eq!(go(HANA, &["show"]).1["code"], "users_not_migrated");
        let (status, made, said) = go(HANA, &["propose", "--yes", "--rename", "developers=Platform developers"]);
        assert_eq!(status, 0, "{said}");
        let id = made["id"].as_str().unwrap();
        // The other side, on the page.
        let (cookie, form_token) = world.session(BEN).await;
        let page = world.send("GET", &format!("/proposals/{id}"), &[("cookie", &cookie)], "").await;
        assert!(page.text.contains("Platform developers") && page.text.contains("Agree and migrate"), "{}", page.text);
        let digest = page.text.split("name=\"digest\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let form = format!("form_token={form_token}&key=k&digest={digest}&side=organization&acknowledge=members_managed_in_organization&acknowledge=managers_change_admins&acknowledge=migration_is_permanent");
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded"), ("origin", "http://orglink.test")];
        let sent = world.send("POST", &format!("/proposals/{id}"), &headers, &form).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        assert_eq!(migrations(&world).await, 1);
        let shown = go(ADA, &["show"]).1;
        assert_eq!(shown["groups"][1], json!({ "user_group": "developers", "directory_group": "platform-developers" }), "{shown}");
        let (cookie, _) = world.session(HANA).await;
        for path in ["users-migration", "user-groups", "user-groups/developers"] {
            let page = world.send("GET", &format!("/workspaces/{W}/{path}"), &[("cookie", &cookie)], "").await;
            assert!(page.status == 200 && page.text.to_lowercase().contains("managed in the"), "{path}: {}", page.text);
        }
        world.check_invariants().await;
    }

    async fn one_who_administers_both_does_it_on_one_page(world) {
        let world = linked(world).await;
        let ada = world.token(ADA).await;
        world.api(&ada, "POST", GROUPS, Some(json!({ "name": "Ops" }))).await;
        let (cookie, form_token) = world.session(ADA).await;
        let path = format!("/workspaces/{W}/users-migration");
        let asked = format!("{path}?fate.developers=rename&name.developers=Everybody&fate.administrators=own&name.administrators=");
        let page = world.send("GET", &asked, &[("cookie", &cookie)], "").await;
        assert!(page.status == 200 && page.text.contains("Everybody (everybody), new"), "{}", page.text);
        let field = |name: &str| {
            let value = page.text.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
            value.replace("&#34;", "%22").replace("&quot;", "%22").replace('{', "%7B").replace('}', "%7D")
        };
        let form = format!("form_token={form_token}&key=k&what=run&digest={}&mapping={}&acknowledge=members_managed_in_organization&acknowledge=managers_change_admins&acknowledge=migration_is_permanent", field("digest"), field("mapping"));
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded"), ("origin", "http://orglink.test")];
        let sent = world.send("POST", &path, &headers, &form).await;
        assert_eq!((sent.status, sent.location.as_str()), (303, path.as_str()), "{}", sent.text);
        assert_eq!(plan(&world, &ada, W, json!({})).await.json()["blockers"][0]["code"], "users_migrated");
        world.check_invariants().await;
    }
}
