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
}
