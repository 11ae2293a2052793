//! The tracker: anybody reads how far a missing capability is, whoever follows it is told, and nobody but the operator says it.

use orglink_app::Principal;
use orglink_app::inbox::change_preference;
use orglink_domain::event::EventType;
use orglink_domain::notice::NoticeKind;
use orglink_testkit::{Answer, TestApp, both};
use serde_json::{Value, json};

use crate::cli::run as command;
use crate::notify::{inbox, subjects};

const ADA: &str = "ada@meridian.example";
const BEN: &str = "ben@meridian.example";
const MIA: &str = "mia@meridian.example";
const GUS: &str = "gus@solo.example";
const OLGA: &str = "olga@operator.example";
const NAME: &str = "organization-original-user-management";
const TITLE: &str = "One directory for organizations with original user management";
const ENTRY: &str = "/tracker/organization-original-user-management";
const FOLLOW: &str = "/tracker/organization-original-user-management/follow";

async fn company(world: TestApp) -> TestApp {
    let world = world.with_company().await;
    orglink_app::installation::grant_operator(&world.app, &Principal::local_operator(), OLGA).await.unwrap();
    world
}

async fn say(world: &TestApp, token: &str, state: &str, note: &str) -> Answer {
    world.api(token, "POST", &format!("{ENTRY}/updates"), Some(json!({ "state": state, "note": note }))).await
}

async fn follow(world: &TestApp, who: &str) {
    let token = world.token(who).await;
    assert_eq!(world.api(&token, "PUT", FOLLOW, None).await.status, 204);
}

/// To whom a mail of the kind waits.
async fn mails(world: &TestApp, template: &str) -> usize {
    let mut tx = world.app.db.begin_read().await.unwrap();
    let all = orglink_store::mail::list(&mut tx, None, 500, None).await.unwrap();
    all.iter().filter(|m| m.content.contains(&format!("\"template\":\"{template}\""))).count()
}

both! {
    async fn anybody_reads_it_and_only_the_operator_says_it(world) {
        let world = company(world).await;
        let (ada, olga) = (world.token(ADA).await, world.token(OLGA).await);
        let open = |path: &str| { let path = path.to_owned(); let world = &world; async move { world.send("GET", &path, &[], "").await } };
        let list = open("/tracker").await;
        assert!(list.status == 200 && list.text.contains(TITLE) && list.text.contains("Nobody has said yet"), "{}", list.text);
        let page = open(ENTRY).await;
        assert!(page.status == 200 && page.text.contains(TITLE) && page.text.contains("Only their migration into the organization waits."), "{}", page.text);
        assert!(page.text.contains(&format!("/sign-in?next={ENTRY}")) && !page.text.contains("<form"), "{}", page.text);
        assert_eq!(open("/tracker/no-such-entry").await.status, 404);
        for path in ["/tracker", ENTRY] {
            assert_eq!(world.send("GET", &format!("/api/v1{path}"), &[], "").await.status, 401, "programs say who they are");
        }
        // Not theirs to say; not to be understood; nothing to say it of.
        assert_eq!(say(&world, &ada, "available", "Now.").await.status, 403);
        let write_only = world.token_for(OLGA, vec![orglink_domain::token::Scope::Write]).await;
        assert_eq!(say(&world, &write_only, "available", "Now.").await.status, 403);
        for (state, note) in [("done", "Now."), ("available", " \n "), ("available", "x".repeat(1001).as_str())] {
            assert_eq!(say(&world, &olga, state, note).await.status, 400, "{state} {note}");
        }
        let body = || Some(json!({ "state": "planned", "note": "Soon." }));
        assert_eq!(world.api(&olga, "POST", "/tracker/no-such-entry/updates", body()).await.status, 404);
        assert_eq!(world.api(&ada, "GET", ENTRY, None).await.json()["updates"], json!([]), "nothing of it was kept");
        let said = say(&world, &olga, "planned", "We begin in <spring>.").await;
        assert_eq!((said.status, said.json()["state"].as_str()), (201, Some("planned")), "{}", said.text);
        world.clock.advance(3600);
        // Sent twice, said once.
        let bearer = format!("Bearer {olga}");
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", "once")];
        let body = json!({ "state": "in_progress", "note": "The first are asked.\r\n\r\nNobody has to do anything." }).to_string();
        for _ in 0..2 {
            assert_eq!(world.send("POST", &format!("/api/v1{ENTRY}/updates"), &headers, &body).await.status, 201);
        }
        assert_eq!(world.send("POST", &format!("/api/v1{ENTRY}/updates"), &headers, &body.replace("first", "last")).await.status, 422);
        let seen = world.api(&ada, "GET", ENTRY, None).await.json();
        let updates: Vec<&str> = seen["updates"].as_array().unwrap().iter().map(|u| u["state"].as_str().unwrap()).collect();
        assert_eq!((updates, &seen["followers"], &seen["url"]), (vec!["in_progress", "planned"], &Value::Null, &format!("http://orglink.test{ENTRY}").into()), "{seen}");
        assert!(seen["updates"][0].get("posted_by").is_none() && !seen.to_string().contains("Olga"), "who of the operators said it is nobody's affair");
        let page = open(ENTRY).await.text;
        assert!(page.contains("In progress") && page.contains("<p>Nobody has to do anything.</p>") && page.contains("We begin in &#60;spring&#62;."), "{page}");
        assert!(page.find("The first are asked.") < page.find("We begin in"), "the newest first");
        assert!(open("/tracker").await.text.contains("The first are asked."));
        let events = world.events().await;
        let told: Vec<_> = events.iter().filter(|e| e.kind == EventType::TrackerUpdated).collect();
        assert!(told.len() == 2 && told.iter().all(|e| e.organization_id.is_none() && e.workspace_id.is_none()));
        let log = world.api(&olga, "GET", "/operator/events?limit=50", None).await.text;
        assert!(log.contains("is in progress: The first are asked."), "{log}");
        world.check_invariants().await;
    }

    async fn whoever_follows_is_told_each_time_once(world) {
        let world = company(world).await;
        let olga = world.token(OLGA).await;
        follow(&world, ADA).await;
        follow(&world, ADA).await;
        // By page.
        let ben = world.session(BEN).await;
        let headers = [("cookie", ben.0.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let post = async |what: &str| world.send("POST", ENTRY, &headers, &format!("form_token={}&what={what}", ben.1)).await;
        assert_eq!(post("adore").await.status, 400);
        let done = post("follow").await;
        assert_eq!((done.status, done.location.as_str()), (303, ENTRY), "{}", done.text);
        let page = world.send("GET", ENTRY, &[("cookie", &ben.0)], "").await.text;
        assert!(page.contains("You follow this") && page.contains("value=\"unfollow\""), "{page}");
        assert_eq!(world.api(&olga, "GET", ENTRY, None).await.json()["followers"], 2);
        assert_eq!(world.api(&olga, "PUT", "/tracker/no-such-entry/follow", None).await.status, 404);
        assert_eq!(say(&world, &olga, "in_progress", "The first are asked.").await.status, 201);
        orglink_app::upkeep::sequence_all(&world.app).await.unwrap();
        let tellers = (0..6).map(|_| {
            let app = std::sync::Arc::clone(&world.app);
            tokio::spawn(async move { orglink_app::notify::notify_all(&app).await.unwrap() })
        });
        for teller in tellers.collect::<Vec<_>>() {
            teller.await.unwrap();
        }
        let subject = format!("{TITLE}: in progress");
        for (who, told) in [(ADA, vec![subject.clone()]), (BEN, vec![subject.clone()]), (MIA, vec![]), (OLGA, vec![])] {
            assert_eq!(subjects(&world, who).await, told, "{who}");
        }
        let entry = &inbox(&world, ADA).await[0];
        assert_eq!(entry.paragraphs[0], "The first are asked.");
        assert_eq!(mails(&world, "tracker_updated").await, 2);
        // One may choose not to get mail of it, and not to hear of it at all.
        change_preference(&world.app, &world.person(ADA).await, NoticeKind::Tracker, false).await.unwrap();
        assert_eq!(post("unfollow").await.status, 303);
        assert_eq!(say(&world, &olga, "available", "Ask us.").await.status, 201);
        assert_eq!((subjects(&world, ADA).await.len(), subjects(&world, BEN).await.len()), (2, 1));
        assert_eq!(mails(&world, "tracker_updated").await, 2, "the inbox only");
        let ada = world.token(ADA).await;
        for _ in 0..2 {
            assert_eq!(world.api(&ada, "DELETE", FOLLOW, None).await.status, 204);
        }
        let followed = |kind| { let world = &world; async move { world.events().await.iter().filter(|e| e.kind == kind).count() } };
        assert_eq!((followed(EventType::TrackerFollowed).await, followed(EventType::TrackerUnfollowed).await), (2, 2), "what changes nothing is no event");
        assert_eq!(world.api(&ada, "GET", "/tracker", None).await.json()["items"][0]["is_followed"], false);
        world.check_invariants().await;
    }

    async fn admins_who_follow_hear_that_their_organization_has_it(world) {
        let world = company(world).await;
        let labs = r#"{"type":"organization","slug":"meridian-labs","name":"Meridian Labs","user_management":"original","admins":["ada@meridian.example","ben@meridian.example"]}"#;
        world.import(labs).await.unwrap();
        for who in [ADA, GUS] {
            follow(&world, who).await;
        }
        let olga = world.token(OLGA).await;
        let body = || Some(json!({ "user_management": "centralized" }));
        assert_eq!(world.change(&olga, "PUT", "/organizations/meridian-labs/user-management", body()).await.status, 200);
        let told = inbox(&world, ADA).await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].subject, "Meridian Labs has centralized user management now");
        assert!(told[0].paragraphs[0].starts_with("Olga Nowak has made"), "{:?}", told[0].paragraphs);
        assert_eq!(subjects(&world, BEN).await, [""; 0], "he does not follow it");
        assert_eq!(subjects(&world, GUS).await, [""; 0], "it is not his organization");
        assert_eq!(world.change(&olga, "PUT", "/organizations/meridian-labs/user-management", Some(json!({ "user_management": "original" }))).await.status, 200);
        assert_eq!(subjects(&world, ADA).await.len(), 1, "the way back is nothing that they were waiting for");
        world.import(&labs.replace("original", "centralized")).await.unwrap();
        assert_eq!(subjects(&world, ADA).await.len(), 2, "whichever way it came");
        assert_eq!(mails(&world, "capability_gained").await, 2);
        world.import(&labs.replace("original", "centralized").replace("Meridian Labs", "Labs")).await.unwrap();
        assert_eq!(subjects(&world, ADA).await.len(), 2, "only when it changes");
        world.check_invariants().await;
    }

    async fn following_ends_with_the_account(world) {
        let world = company(world).await;
        for who in [GUS, ADA] {
            follow(&world, who).await;
        }
        let gus = world.token(GUS).await;
        assert_eq!(world.change(&gus, "DELETE", "/organizations/solo", None).await.status, 204);
        let who = world.person(GUS).await;
        for w in orglink_app::mine::list_my_workspaces(&world.app, &who, &orglink_app::PageRequest::new(None, None).unwrap()).await.unwrap().items {
            assert_eq!(world.change(&gus, "DELETE", &format!("/workspaces/{}", w.workspace.slug), None).await.status, 204);
        }
        orglink_app::account::erase_account(&world.app, &who, GUS).await.unwrap();
        let olga = world.token(OLGA).await;
        assert_eq!(world.api(&olga, "GET", ENTRY, None).await.json()["followers"], 1);
        assert_eq!(say(&world, &olga, "planned", "Soon.").await.status, 201);
        world.tell().await;
        assert_eq!(mails(&world, "tracker_updated").await, 1);
        world.check_invariants().await;
    }

    async fn without_an_entry_nothing_leads_to_it(world) {
        let world = company(world).await;
        follow(&world, ADA).await;
        let (before, _) = orglink_server::config::DEFAULT_CATALOG.split_once("[tracker.").unwrap();
        let (_, after) = orglink_server::config::DEFAULT_CATALOG.split_once("# What workspaces cost").unwrap();
        let world = world.with_catalog(&format!("{before}\n# {after}")).await;
        let (ada, olga) = (world.token(ADA).await, world.token(OLGA).await);
        assert_eq!(world.send("GET", ENTRY, &[], "").await.status, 404);
        assert!(world.send("GET", "/tracker", &[], "").await.text.contains("There is nothing to follow."));
        assert_eq!(say(&world, &olga, "planned", "Soon.").await.status, 404);
        let eligible = world.api(&ada, "GET", "/workspaces/docs-site/eligibility?organization=meridian-labs", None).await.json();
        let reason = eligible["reasons"].as_array().unwrap().iter().find(|r| r["code"] == "organization_original_user_management").unwrap();
        assert_eq!(reason["follow"], Value::Null);
        let body = Some(json!({ "user_management": "centralized" }));
        assert_eq!(world.change(&olga, "PUT", "/organizations/meridian-labs/user-management", body).await.status, 200);
        assert_eq!(subjects(&world, ADA).await, [""; 0]);
    }

    async fn the_operator_s_page_and_the_command_line(world) {
        let world = company(world).await;
        follow(&world, ADA).await;
        let (ada, olga) = (world.session(ADA).await, world.session(OLGA).await);
        assert_eq!(world.send("GET", "/operator/tracker", &[("cookie", &ada.0)], "").await.status, 403);
        let page = world.send("GET", "/operator/tracker", &[("cookie", &olga.0)], "").await.text;
        let key = page.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let post = async |who: &(String, String)| {
            let headers = [("cookie", who.0.as_str()), ("content-type", "application/x-www-form-urlencoded")];
            let form = format!("form_token={}&key={key}&state=planned&note=Soon.", who.1);
            world.send("POST", &format!("/operator{ENTRY}"), &headers, &form).await
        };
        assert_eq!(post(&ada).await.status, 403);
        for _ in 0..2 {
            let done = post(&olga).await;
            assert_eq!((done.status, done.location.as_str()), (303, "/operator/tracker?saved=yes"), "{}", done.text);
        }
        let go = |arguments: &[&str]| command(&world, &[&["tracker"][..], arguments, &["--json"]].concat());
        let (exit, found, _) = go(&["show", NAME]);
        assert_eq!((exit, found["updates"].as_array().unwrap().len(), &found["followers"]), (0, 1, &1.into()), "a form that is sent twice says it once");
        assert_eq!(go(&["post", NAME, "--state", "available", "--note", "Ask us."]).1["state"], "available");
        assert_eq!(go(&["post", NAME, "--state", "done", "--note", "Ask us."]).0, 5);
        assert_eq!(go(&["post", NAME, "--state", "available", "--note", "Ask us.", "--as", ADA]).0, 3);
        assert_eq!(go(&["list"]).1["items"][0]["state"], "available");
        assert_eq!(go(&["unfollow", NAME, "--as", ADA]).0, 0);
        assert_eq!(go(&["follow", NAME, "--as", BEN]).0, 0);
        assert_eq!(go(&["follow", NAME]).0, 3, "somebody must do this");
        assert_eq!(go(&["show", NAME, "--as", BEN]).1["is_followed"], true);
        assert_eq!(go(&["show", "no-such-entry"]).0, 4);
        let (_, told, _) = command(&world, &["eligibility", "--workspace", "docs-site", "--organization", "meridian-labs", "--json"]);
        assert!(told.to_string().contains(ENTRY), "{told}");
    }
}

#[test]
fn a_catalog_says_what_is_wrong_with_an_entry() {
    let of = |text: &str| {
        let text = format!("{}{text}", orglink_server::config::DEFAULT_CATALOG);
        orglink_app::catalog::check(&text).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let entry = |name: &str, title: &str, capability: &str| {
        format!("\n[tracker.{name}]\ntitle = \"{title}\"\ntext = \"More of it.\"\ncapability = \"{capability}\"\n")
    };
    assert_eq!(of(&entry("larger-organizations", "More workspaces", "organization_quota")), Vec::<String>::new());
    for (wrong, said) in [
        (entry("larger-organizations", " ", "organization_quota"), "cannot be empty"),
        (entry("again", "Again", "organization_original_user_management"), "a reason leads to one place"),
        (entry("again", "Again", "no_such_reason"), "'no_such_reason' is not a reason"),
        (entry("\"a b\"", "Again", "organization_quota"), "a name is like a slug"),
        (format!("{}more = 1\n", entry("again", "Again", "organization_quota")), "unknown field"),
    ] {
        assert!(of(&wrong).iter().any(|found| found.contains(said)), "{said}: {:?}", of(&wrong));
    }
}
