//! Directories of sites, in an organization with original user management, and what becomes of them when it is centralized.

use futures_util::future::join;
use orglink_app::directory::{DirectoryOf, NewDirectoryGroup, change_user_management, create_directory_group};
use orglink_app::{Error, Expected, Principal};
use orglink_domain::organization::UserManagement;
use orglink_testkit::{TestApp, both};
use serde_json::{Value, json};

use super::{ADA, HANA, LENA, MIA, code, codes, members, plan, run};
use crate::cli::run as command;

/// User access admin of one of the sites.
const UNA: &str = "una@meridian.example";
const OLGA: &str = "olga@operator.example";
const ORGANIZATION: &str = "/organizations/meridian-labs";
const BERLIN: &str = "/organizations/meridian-labs/sites/labs-berlin/directory/groups";
const OSLO: &str = "/organizations/meridian-labs/sites/labs-oslo/directory/groups";
const OWN: &str = "/organizations/meridian-labs/directory/groups";
const FOLLOWED: &str = "/tracker/organization-original-user-management";

/// The company, whose original organization has two sites.
async fn labs(world: TestApp) -> TestApp {
    let world = world.with_company().await;
    let site =
        |slug: &str| json!({ "type": "site", "organization": "meridian-labs", "slug": slug, "products": ["jira"] });
    let role = json!({ "type": "role", "site": "labs-berlin", "account": UNA, "role": "user_access_admin" });
    let lines = [site("labs-berlin"), site("labs-oslo"), role].map(|line| line.to_string());
    world.import(&lines.join("\n")).await.unwrap();
    orglink_app::installation::grant_operator(&world.app, &Principal::local_operator(), OLGA).await.unwrap();
    world
}

async fn make(world: &TestApp, token: &str, groups: &str, name: &str) {
    let made = world.api(token, "POST", groups, Some(json!({ "name": name }))).await;
    assert_eq!(made.status, 201, "{}", made.text);
}

async fn add(world: &TestApp, token: &str, groups: &str, group: &str, who: &str) {
    let added = world.api(token, "PUT", &format!("{groups}/{group}/members/{who}"), None).await;
    assert_eq!(added.status, 204, "{}", added.text);
}

/// Invites one address; the invitation's id.
async fn invite(world: &TestApp, token: &str, groups: &str, group: &str, who: &str) -> String {
    let path = format!("{groups}/{group}/invitations");
    let sent = world.api(token, "POST", &path, Some(json!({ "emails": [who] }))).await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    sent.json()["items"][0]["id"].as_str().unwrap().to_owned()
}

/// Slug and name of each group.
async fn named(world: &TestApp, token: &str, groups: &str) -> Vec<String> {
    let found = world.api(token, "GET", groups, None).await;
    assert_eq!(found.status, 200, "{}", found.text);
    let one = |g: &Value| format!("{} {}", g["slug"].as_str().unwrap(), g["name"].as_str().unwrap());
    found.json()["items"].as_array().unwrap().iter().map(one).collect()
}

async fn centralize(world: &TestApp, token: &str, to: &str) -> orglink_testkit::Answer {
    let body = json!({ "user_management": to });
    world.change(token, "PUT", &format!("{ORGANIZATION}/user-management"), Some(body)).await
}

both! {
    async fn each_site_keeps_its_own(world) {
        let world = labs(world).await;
        let (ada, una) = (world.token(ADA).await, world.token(UNA).await);
        let (mia, lena) = (world.token(MIA).await, world.token(LENA).await);
        let body = || Some(json!({ "name": "Lab people" }));
        // The organization has none of its own, and says where to; one that has, has none of a site.
        let refused = world.api(&ada, "POST", OWN, body()).await;
        assert_eq!(code(&refused), (409, "organization_original_user_management".into()));
        assert!(refused.text.contains("--site SITE") && refused.text.contains(&format!("http://orglink.test{FOLLOWED}")), "{}", refused.text);
        let elsewhere = "/organizations/meridian/sites/meridian-hq/directory/groups";
        assert_eq!(code(&world.api(&ada, "POST", elsewhere, body()).await), (409, "organization_centralized_user_management".into()));
        assert_eq!(named(&world, &ada, OWN).await, [""; 0]);
        // Not theirs to know; not theirs to do: a site's user access admin manages that site's.
        for (who, path, status) in [(&lena, BERLIN, 404), (&mia, BERLIN, 404), (&una, OSLO, 403), (&una, BERLIN, 201), (&ada, OSLO, 201)] {
            assert_eq!(world.api(who, "POST", path, body()).await.status, status, "{path}");
        }
        for (who, path, status) in [(&lena, BERLIN, 404), (&mia, BERLIN, 404), (&una, OSLO, 403), (&una, BERLIN, 200), (&una, OWN, 403)] {
            assert_eq!(world.api(who, "GET", path, None).await.status, status, "{path}");
        }
        assert_eq!(code(&world.api(&una, "POST", BERLIN, body()).await), (409, "slug_taken".into()));
        make(&world, &una, BERLIN, "Only here").await;
        assert_eq!(world.api(&ada, "GET", &format!("{OSLO}/only-here"), None).await.status, 404, "not of this site");
        assert_eq!(world.api(&ada, "GET", &format!("{OWN}/only-here"), None).await.status, 404, "nor of the organization");
        // Filled by her: whom the organization knows, and whoever accepts.
        add(&world, &una, BERLIN, "lab-people", ADA).await;
        add(&world, &una, BERLIN, "lab-people", ADA).await;
        let stranger = world.api(&una, "PUT", &format!("{BERLIN}/lab-people/members/{HANA}"), None).await;
        assert_eq!(code(&stranger), (409, "not_known_here".into()));
        let id = invite(&world, &una, BERLIN, "lab-people", HANA).await;
        let seen = world.api(&una, "GET", &format!("/invitations/{id}"), None).await.json();
        assert_eq!((seen["group"].as_str(), seen["site"].as_str(), seen["state"].as_str()), (Some("lab-people"), Some("labs-berlin"), Some("pending")), "{seen}");
        let hana = world.token(HANA).await;
        let accepted = world.api(&hana, "POST", &format!("/invitations/{id}/accept"), Some(json!({}))).await;
        assert_eq!(accepted.status, 200, "{}", accepted.text);
        assert_eq!(members(&world, &una, &format!("{BERLIN}/lab-people")).await, [ADA, HANA]);
        assert_eq!(members(&world, &ada, &format!("{OSLO}/lab-people")).await, [""; 0], "the same name, another group");
        assert_eq!(world.api(&hana, "GET", BERLIN, None).await.status, 404, "being in it opens nothing");
        assert_eq!(world.change(&una, "DELETE", &format!("{BERLIN}/lab-people/members/{ADA}"), None).await.status, 204);
        let renamed = world.change(&una, "PATCH", &format!("{BERLIN}/lab-people"), Some(json!({ "name": "Everybody" }))).await;
        assert_eq!((renamed.status, renamed.json()["name"].as_str()), (200, Some("Everybody")));
        // She takes back what she sent, and what is pending for a group ends with it.
        let id = invite(&world, &una, BERLIN, "lab-people", "new@elsewhere.example").await;
        assert_eq!(world.api(&una, "POST", &format!("/invitations/{id}/withdraw"), Some(json!({}))).await.status, 200);
        let id = invite(&world, &una, BERLIN, "lab-people", "new@elsewhere.example").await;
        assert_eq!(world.change(&una, "DELETE", &format!("{BERLIN}/lab-people"), None).await.status, 204);
        assert_eq!(world.api(&ada, "GET", &format!("/invitations/{id}"), None).await.json()["state"], "withdrawn");
        assert_eq!(named(&world, &ada, OSLO).await, ["lab-people Lab people"]);
        world.events().await;
        let told = world.api(&ada, "GET", &format!("{ORGANIZATION}/events?limit=50"), None).await.text;
        for words in ["made the group lab-people of the directory of the site labs-berlin", "took Ada Brandt out of lab-people of the directory of the site labs-berlin", "to be member of the group lab-people of the directory of the site labs-berlin"] {
            assert!(told.contains(words), "{words}: {told}");
        }
        world.check_invariants().await;
    }

    async fn a_directory_goes_with_its_site(world) {
        let world = labs(world).await;
        let ada = world.token(ADA).await;
        make(&world, &ada, BERLIN, "Lab people").await;
        make(&world, &ada, OSLO, "Lab people").await;
        let pending = invite(&world, &ada, BERLIN, "lab-people", "new@elsewhere.example").await;
        let stays = invite(&world, &ada, OSLO, "lab-people", "new@elsewhere.example").await;
        let site = format!("{ORGANIZATION}/sites/labs-berlin");
        assert_eq!(world.api(&ada, "GET", &site, None).await.json()["directory_groups"], 1);
        assert_eq!(world.change(&ada, "DELETE", &site, None).await.status, 204);
        assert_eq!(world.api(&ada, "GET", BERLIN, None).await.status, 404);
        for (id, state) in [(pending, "withdrawn"), (stays, "pending")] {
            assert_eq!(world.api(&ada, "GET", &format!("/invitations/{id}"), None).await.json()["state"], state);
        }
        assert_eq!(world.api(&ada, "POST", &format!("{ORGANIZATION}/sites"), Some(json!({ "slug": "labs-berlin" }))).await.status, 201);
        assert_eq!(named(&world, &ada, BERLIN).await, [""; 0], "another site of that name begins with nothing");
        assert_eq!(named(&world, &ada, OSLO).await, ["lab-people Lab people"]);
        world.check_invariants().await;
    }

    async fn a_centralized_organization_has_the_groups_of_its_sites(world) {
        let world = labs(world).await;
        let (ada, una, olga) = (world.token(ADA).await, world.token(UNA).await, world.token(OLGA).await);
        for (groups, name) in [(BERLIN, "Developers"), (OSLO, "Developers"), (BERLIN, "Ops")] {
            make(&world, &ada, groups, name).await;
        }
        add(&world, &ada, BERLIN, "developers", ADA).await;
        add(&world, &ada, OSLO, "developers", UNA).await;
        let id = invite(&world, &ada, OSLO, "developers", HANA).await;
        // The operator says so, and nobody else.
        for (who, status) in [(LENA, 404), (MIA, 404), (ADA, 403)] {
            assert_eq!(centralize(&world, &world.token(who).await, "centralized").await.status, status, "{who}");
        }
        let reading = world.token_for(OLGA, vec![orglink_domain::token::Scope::Write]).await;
        assert_eq!(centralize(&world, &reading, "centralized").await.status, 404, "such a token is no operator's");
        assert_eq!(code(&centralize(&world, &olga, "central").await), (400, "bad_input".into()));
        let path = format!("{ORGANIZATION}/user-management");
        let body = || Some(json!({ "user_management": "centralized" }));
        assert_eq!(world.change_if(&olga, "PUT", &path, body(), "\"1\"").await.status, 412);
        assert_eq!(world.change_if(&olga, "PUT", &path, body(), "").await.status, 428);
        assert_eq!(named(&world, &ada, OSLO).await.len(), 1, "nothing has changed so far");
        let done = centralize(&world, &olga, "centralized").await;
        assert_eq!((done.status, done.json()["user_management"].as_str()), (200, Some("centralized")), "{}", done.text);
        assert_eq!(centralize(&world, &olga, "centralized").await.etag, done.etag, "so it is already");
        // Never merged by their name.
        assert_eq!(named(&world, &ada, OWN).await, ["developers Developers", "developers-labs-oslo Developers (labs-oslo)", "ops Ops"]);
        assert_eq!(members(&world, &ada, &format!("{OWN}/developers")).await, [ADA]);
        assert_eq!(members(&world, &ada, &format!("{OWN}/developers-labs-oslo")).await, [UNA]);
        for site in [BERLIN, OSLO] {
            assert_eq!(named(&world, &ada, site).await, [""; 0]);
            assert_eq!(code(&world.api(&ada, "POST", site, Some(json!({ "name": "New" }))).await), (409, "organization_centralized_user_management".into()));
        }
        assert_eq!(world.api(&una, "GET", OWN, None).await.status, 403, "a site's user access admin does not manage the organization's");
        // Whoever was invited comes where the group is now.
        let hana = world.token(HANA).await;
        let seen = world.api(&hana, "GET", &format!("/invitations/{id}"), None).await.json();
        assert_eq!((seen["group"].as_str(), seen["site"].as_str()), (Some("developers-labs-oslo"), None), "{seen}");
        assert_eq!(world.api(&hana, "POST", &format!("/invitations/{id}/accept"), Some(json!({}))).await.status, 200);
        assert_eq!(members(&world, &ada, &format!("{OWN}/developers-labs-oslo")).await, [HANA, UNA]);
        world.events().await;
        let told = world.api(&ada, "GET", &format!("{ORGANIZATION}/events?limit=50"), None).await.text;
        for words in ["changed the user management from original to centralized", "took the group developers of the site labs-oslo into the directory as developers-labs-oslo"] {
            assert!(told.contains(words), "{words}: {told}");
        }
        // There is a way back while no group would have to go.
        let refused = centralize(&world, &olga, "original").await;
        assert_eq!(code(&refused), (409, "directory_in_use".into()), "{}", refused.text);
        assert_eq!(named(&world, &ada, OWN).await.len(), 3);
        for group in ["developers", "developers-labs-oslo", "ops"] {
            assert_eq!(world.change(&ada, "DELETE", &format!("{OWN}/{group}"), None).await.status, 204);
        }
        assert_eq!(centralize(&world, &olga, "original").await.status, 200);
        make(&world, &una, BERLIN, "Developers").await;
        world.check_invariants().await;
    }

    async fn an_import_does_the_same_and_refuses_the_same(world) {
        let world = labs(world).await;
        let ada = world.token(ADA).await;
        for groups in [BERLIN, OSLO] {
            make(&world, &ada, groups, "Developers").await;
        }
        let record = |to: &str| json!({ "type": "organization", "slug": "meridian-labs", "name": "Meridian Labs", "user_management": to, "admins": [ADA] }).to_string();
        world.import(&record("original")).await.unwrap();
        assert_eq!(named(&world, &ada, BERLIN).await.len(), 1, "what is so already changes nothing");
        world.import(&record("centralized")).await.unwrap();
        let all = ["developers Developers", "developers-labs-oslo Developers (labs-oslo)"];
        assert_eq!(named(&world, &ada, OWN).await, all);
        let before = world.api(&ada, "GET", ORGANIZATION, None).await;
        match world.import(&record("original")).await {
            Err(Error::BadInput(errors)) => assert!(errors[0].detail.contains("has 2 groups") && errors[0].line == Some(1), "{errors:?}"),
            other => panic!("{other:?}"),
        }
        let after = world.api(&ada, "GET", ORGANIZATION, None).await;
        assert_eq!((before.etag, before.text), (after.etag, after.text), "nothing of it was kept");
        // What keeps users from migrating is gone, and then there is no way back at all.
        world.link(ADA, "docs-site", "meridian-labs").await.unwrap();
        assert_eq!(codes(&plan(&world, &ada, "docs-site", json!({})).await.json()["blockers"]), [""; 0]);
        assert_eq!(run(&world, &ada, "docs-site", json!({})).await.status, 201);
        for slug in ["developers", "developers-labs-oslo"] {
            world.change(&ada, "DELETE", &format!("{OWN}/{slug}"), None).await;
        }
        assert!(world.import(&record("original")).await.is_err(), "{:?}", named(&world, &ada, OWN).await);
        world.check_invariants().await;
    }

    async fn a_group_that_is_made_at_the_same_moment_is_gathered_or_refused(world) {
        let world = labs(world).await;
        let ada = world.person(ADA).await;
        for round in 0..6 {
            let of = DirectoryOf { organization: "meridian-labs", site: Some("labs-berlin") };
            let wanted = NewDirectoryGroup { name: format!("Round {round}"), slug: None };
            let operator = Principal::local_operator();
            let (made, done) = join(
                create_directory_group(&world.app, &ada, of, &wanted, None),
                change_user_management(&world.app, &operator, "meridian-labs", UserManagement::Centralized, Expected::Any),
            ).await;
            done.unwrap();
            let token = world.token(ADA).await;
            assert_eq!(named(&world, &token, BERLIN).await, [""; 0], "none is left behind");
            let slug = format!("round-{round}");
            let kept = named(&world, &token, OWN).await;
            assert_eq!(kept.iter().any(|g| g.starts_with(&slug)), made.is_ok(), "{kept:?} {made:?}");
            for group in kept {
                let path = format!("{OWN}/{}", group.split(' ').next().unwrap());
                assert_eq!(world.change(&token, "DELETE", &path, None).await.status, 204);
            }
            change_user_management(&world.app, &operator, "meridian-labs", UserManagement::Original, Expected::Any).await.unwrap();
        }
        world.check_invariants().await;
    }

    async fn where_it_is_followed_is_said_wherever_the_reason_is(world) {
        let world = labs(world).await;
        let ada = world.token(ADA).await;
        let followed = |said: &Value| said["reasons"].as_array().unwrap().iter().find(|r| r["code"] == "organization_original_user_management").unwrap()["follow"].clone();
        let eligible = world.api(&ada, "GET", "/workspaces/docs-site/eligibility?organization=meridian-labs", None).await.json();
        assert_eq!(followed(&eligible), FOLLOWED);
        let pair = json!({ "workspace": "docs-site", "organization": "meridian-labs" });
        let planned = world.api(&ada, "POST", "/link-plans", Some(pair)).await.json();
        assert_eq!(followed(&planned["plan"]["eligibility"]), FOLLOWED, "{planned}");
        assert!(!planned["plan"]["document"].to_string().contains("/tracker"), "a plan's digest is of what people decide on");
        world.link(ADA, "docs-site", "meridian-labs").await.unwrap();
        assert_eq!(plan(&world, &ada, "docs-site", json!({})).await.json()["follow"], FOLLOWED);
        assert!(run(&world, &ada, "docs-site", json!({})).await.text.contains(FOLLOWED));
        let (cookie, form_token) = world.session(ADA).await;
        let open = async |path: &str| world.send("GET", path, &[("cookie", &cookie)], "").await.text;
        for path in ["/organizations/meridian-labs/directory", "/workspaces/docs-site/users-migration"] {
            assert!(open(path).await.contains(&format!("href=\"{FOLLOWED}\"")), "{path}");
        }
        assert!(open("/organizations/meridian-labs/apps").await.contains("/organizations/meridian-labs/sites/labs-oslo/directory"));
        assert!(open("/organizations/meridian-labs/sites/labs-oslo").await.contains("Directory (0)"));
        // By page.
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let here = "/organizations/meridian-labs/sites/labs-oslo/directory";
        let post = async |path: &str, form: &str| world.send("POST", path, &headers, &format!("form_token={form_token}&{form}")).await;
        let made = post(here, "name=Lab+people&slug=").await;
        assert_eq!((made.status, made.location), (303, format!("{here}/lab-people?saved=yes")), "{}", made.text);
        let confirmed = post(&format!("{here}/lab-people/invite"), &format!("emails={UNA}")).await;
        assert_eq!((confirmed.status, confirmed.location), (303, format!("{here}/lab-people?invited=0&added=1")), "{}", confirmed.text);
        let page = open(&format!("{here}/lab-people")).await;
        assert!(page.contains(UNA) && !page.contains("Attached user groups"), "{page}");
        assert!(open(here).await.contains(&format!("href=\"{here}/lab-people\"")));
        let olga = world.session(OLGA).await;
        let page = world.send("GET", "/organizations/meridian-labs/directory", &[("cookie", &olga.0)], "").await.text;
        let version = page.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let form = format!("form_token={}&version={version}&user_management=centralized", olga.1);
        let headers = [("cookie", olga.0.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let done = world.send("POST", "/organizations/meridian-labs/user-management", &headers, &form).await;
        assert_eq!((done.status, done.location.as_str()), (303, "/organizations/meridian-labs/directory?saved=yes"), "{}", done.text);
        let page = open("/organizations/meridian-labs/directory").await;
        assert!(page.contains("Centralized user management") && page.contains("Lab people") && !page.contains(FOLLOWED), "{page}");
    }

    async fn from_the_command_line_of_a_site(world) {
        let world = labs(world).await;
        let go = |arguments: &[&str]| command(&world, &[&["directory", "group"][..], arguments, &["--organization", "meridian-labs", "--as", ADA, "--json"]].concat());
        let site = ["--site", "labs-berlin"];
        let at = |arguments: &[&str]| go(&[arguments, &site].concat());
        let (exit, refused, _) = go(&["create", "Lab people"]);
        assert_eq!((exit, refused["code"].as_str()), (3, Some("organization_original_user_management")));
        assert_eq!(at(&["create", "Lab people"]).1["slug"], "lab-people");
        assert_eq!(at(&["add-member", "lab-people", UNA]).0, 0);
        assert_eq!(at(&["members", "lab-people"]).1["items"][0]["email"], UNA);
        assert_eq!(at(&["rename", "lab-people", "Everybody"]).1["name"], "Everybody");
        assert_eq!(at(&["invite", "lab-people", LENA]).1["items"][0]["email"], LENA);
        assert_eq!(at(&["list"]).1["items"][0]["members"], 1);
        let (exit, done, _) = command(&world, &["organization", "user-management", "meridian-labs", "centralized", "--json"]);
        assert_eq!((exit, done["user_management"].as_str()), (0, Some("centralized")));
        assert_eq!(go(&["show", "lab-people"]).1["members"], 1);
        let (exit, refused, _) = command(&world, &["organization", "user-management", "meridian-labs", "original", "--json"]);
        assert_eq!((exit, refused["code"].as_str()), (3, Some("directory_in_use")));
    }
}
