//! What is one's own: sessions and tokens.

use orglink_domain::event::EventType;
use orglink_testkit::both;
use serde_json::json;

const ADA: &str = "ada@meridian.example";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

both! {
    async fn sessions_are_listed_described_and_ended(world) {
        let world = world.with_company().await;
        let url = orglink_app::sign_in::create_demo_link(&world.app, ADA).await.unwrap();
        let path = format!("/sign-in/{}", url.rsplit('/').next().unwrap());
        assert_eq!(world.send("GET", &path, &[("user-agent", FIREFOX)], "").await.status, 303);
        let (cookie, form_token) = world.session(ADA).await;
        let token = world.token(ADA).await;
        let found = world.api(&token, "GET", "/me/sessions", None).await.json();
        assert_eq!(found["items"].as_array().unwrap().len(), 2);
        let firefox = found["items"].as_array().unwrap().iter().find(|s| s["browser"] == "Firefox on Linux").unwrap();
        let path = format!("/me/sessions/{}", firefox["id"].as_str().unwrap());
        let ben = world.token("ben@meridian.example").await;
        assert_eq!(world.api(&ben, "DELETE", &path, None).await.status, 404, "another person's session is not there");
        assert_eq!(world.api(&token, "DELETE", &path, None).await.status, 204);
        assert_eq!(world.api(&token, "DELETE", &path, None).await.status, 404);
        let (other, _) = world.session(ADA).await;
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let page = world.send("GET", "/me/sessions", &headers, "").await;
        assert!(page.text.contains("This one") && page.text.contains("End all others"), "{}", page.text);
        assert_eq!(world.send("POST", "/me/sessions", &headers, &format!("form_token={form_token}&session=others")).await.status, 303);
        assert_eq!(world.send("GET", "/", &[("cookie", &other)], "").await.status, 303, "signed out there");
        assert_eq!(world.send("GET", "/", &headers, "").await.status, 200, "and not here");
        let ended = world.events().await.iter().filter(|e| e.kind == EventType::SessionEnded).count();
        assert_eq!(ended, 2);
        world.check_invariants().await;
    }

    async fn a_program_ends_all_sessions_but_one(world) {
        let world = world.with_company().await;
        let token = world.token(ADA).await;
        for _ in 0..3 {
            world.session(ADA).await;
        }
        assert_eq!(world.api(&token, "DELETE", "/me/sessions", None).await.status, 400, "say which one stays");
        assert_eq!(world.api(&token, "DELETE", "/me/sessions?keep=nobodys", None).await.status, 404);
        let listed = world.api(&token, "GET", "/me/sessions", None).await.json();
        let kept = listed["items"][1]["id"].as_str().unwrap().to_owned();
        let ben = world.token("ben@meridian.example").await;
        assert_eq!(world.api(&ben, "DELETE", &format!("/me/sessions?keep={kept}"), None).await.status, 404, "not his");
        let ended = world.api(&token, "DELETE", &format!("/me/sessions?keep={kept}"), None).await;
        assert_eq!((ended.status, ended.json()["ended"].as_u64()), (200, Some(2)), "{}", ended.text);
        let left = world.api(&token, "GET", "/me/sessions", None).await.json();
        assert_eq!((left["items"].as_array().unwrap().len(), left["items"][0]["id"].as_str()), (1, Some(kept.as_str())));
        assert_eq!(world.api(&token, "DELETE", "/me/sessions?keep=none", None).await.json()["ended"].as_u64(), Some(1));
        assert_eq!(world.api(&token, "GET", "/me", None).await.status, 200, "tokens go on");
        world.check_invariants().await;
    }

    async fn a_token_is_made_shown_once_and_ended_by_forms(world) {
        let world = world.with_company().await;
        let (cookie, form_token) = world.session(ADA).await;
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let made = world.send("POST", "/me/tokens", &headers, &format!("form_token={form_token}&name=Nightly&scope=read&scope=write&days=30")).await;
        let secret = made.text.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert!(secret.starts_with("olk_"), "{}", made.text);
        assert_eq!(world.api(&secret, "GET", "/me", None).await.json()["scopes"], json!(["read", "write"]));
        let page = world.send("GET", "/me/tokens", &headers, "").await;
        assert!(page.text.contains("Nightly") && !page.text.contains(&secret));
        let id = page.text.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        for bad in ["name=&scope=read&days=1", "name=x&days=1", "name=x&scope=king&days=1", "name=x&scope=operator&days=1", "name=x&scope=read&days=9999"] {
            let no = world.send("POST", "/me/tokens", &headers, &format!("form_token={form_token}&{bad}")).await;
            assert!([400, 403].contains(&no.status), "{bad}: {}", no.status);
        }
        assert_eq!(world.send("POST", "/me/tokens/revoke", &headers, &format!("form_token={form_token}&token={id}")).await.status, 303);
        assert_eq!(world.api(&secret, "GET", "/me", None).await.status, 401);
        world.check_invariants().await;
    }

    async fn workspaces_and_organizations_are_listed_with_ones_roles(world) {
        let world = world.with_company().await;
        world.link(ADA, "docs-site", "meridian").await.unwrap();
        let world = &world;
        let roles = async |token: String| {
            let workspaces = world.api(&token, "GET", "/me/workspaces?limit=500", None).await.json();
            let organizations = world.api(&token, "GET", "/me/organizations", None).await.json();
            let slug = |w: &serde_json::Value, what: &str| w[what]["slug"].as_str().unwrap().to_owned();
            let workspaces: Vec<_> = workspaces["items"].as_array().unwrap().iter().map(|w| format!("{}:{}", slug(w, "workspace"), w["role"].as_str().unwrap())).collect();
            let organizations: Vec<_> = organizations["items"].as_array().unwrap().iter().map(|o| {
                let held: Vec<_> = o["roles"].as_array().unwrap().iter().map(|r| r["role"].as_str().unwrap()).collect();
                format!("{}:{}", slug(o, "organization"), held.join("+"))
            }).collect();
            (workspaces, organizations)
        };
        let (workspaces, organizations) = roles(world.token(ADA).await).await;
        assert!(workspaces.contains(&"atlas-platform:admin".to_owned()), "{workspaces:?}");
        assert!(organizations.contains(&"meridian:admin".to_owned()), "{organizations:?}");
        let (workspaces, _) = roles(world.token("mia@meridian.example").await).await;
        assert!(workspaces.contains(&"atlas-platform:member".to_owned()), "{workspaces:?}");
        let (workspaces, organizations) = roles(world.token("cleo@meridian.example").await).await;
        assert!(workspaces.contains(&"docs-site:none".to_owned()), "through the organization: {workspaces:?}");
        assert_eq!(organizations, ["meridian:auditor"]);
        // An operator sees everything elsewhere; this is theirs only.
        let local = orglink_app::Principal::local_operator();
        orglink_app::installation::grant_operator(&world.app, &local, "olga@operator.example").await.unwrap();
        assert_eq!(roles(world.token("olga@operator.example").await).await, (vec![], vec![]));
        let (code, listed, stderr) = crate::cli::run(world, &["me", "workspaces", "--as", "mia@meridian.example", "--json"]);
        assert_eq!((code, listed["items"][0]["role"].as_str()), (0, Some("member")), "{stderr}");
        let (code, ..) = crate::cli::run(world, &["me", "organizations", "--json"]);
        assert_eq!(code, 3, "the operator at the machine is nobody");
        let (cookie, _) = world.session("mia@meridian.example").await;
        let page = world.send("GET", "/", &[("cookie", &cookie)], "").await;
        assert!(page.text.contains("you are a member"), "{}", page.text);
    }
}
