//! The walk over every route of every surface: with another tenant's names, signed out, as a stranger, as a
//! member, as the wrong admin. Routes come from the router and the OpenAPI document themselves; a new one is
//! walked without anybody remembering to, and there are no exceptions.

mod names;
mod routes;

use orglink_app::Expected;
use orglink_app::extension::install_extension;
use orglink_domain::extension::ExtensionScope;
use orglink_domain::link::Consent;
use orglink_testkit::both;
use serde_json::json;

use self::names::{Names, harbor, neutral, nothing, with_names};
use self::routes::{Person, ask, every_route, names_a_tenant};

/// What nobody outside may ever read.
const SECRETS: &[&str] = &[
    "Harbor Operations",
    "Harbor Terminal",
    "lena@harbor",
    "Lena Fischer",
    "zoe@harbor",
    "Meridian Freight",
    "Atlas Platform",
];

both! {
    async fn signed_out_nothing_is_answered(world) {
        let world = world.with_company().await.with_consent(Consent::TwoSided, false).await;
        assert_eq!(world.send("GET", "/api/v1", &[], "").await.status, 401);
        assert_eq!(world.send("GET", "/api/v1/nowhere", &[], "").await.status, 401);
        let names = harbor(&world).await;
        for route in every_route() {
            let answer = ask(&world, &route, &names, None).await;
            let at = format!("{} {}: {} {}", route.method, route.path, answer.status, answer.text);
            for secret in SECRETS {
                assert!(!answer.text.contains(secret), "{at}");
            }
            if route.path.starts_with("/.well-known") {
                assert_eq!(answer.status, 200, "{at}");
            } else if route.path.starts_with("/ledger/") {
                // For everybody, once there is one.
                assert_eq!(answer.status, 404, "{at}");
            } else if route.is_api {
                assert_eq!(answer.status, 401, "{at}");
            } else if route.path.starts_with("/api") {
                assert_eq!(answer.status, 200, "{at}");
            } else if route.method == "GET" && route.path.starts_with("/tracker") {
                // What is missing, anybody may read.
                assert_eq!(answer.status, 200, "{at}");
            } else if route.path == "/receipts" {
                // Anybody checks a receipt; what is none is refused.
                assert_eq!(answer.status, if route.method == "GET" { 200 } else { 400 }, "{at}");
            } else if route.path.starts_with("/unsubscribe") {
                assert_eq!(answer.status, 404, "{at}");
            } else if route.path.starts_with("/invitations/{mailed}") {
                assert!([400, 404].contains(&answer.status), "{at}");
            } else if route.path.starts_with("/sign-in") || route.path.starts_with("/verify") {
                assert!([200, 400, 409].contains(&answer.status), "{at}");
            } else {
                assert_eq!((answer.status, answer.location.starts_with("/sign-in")), (303, true), "{at}");
            }
        }
    }

    async fn to_strangers_and_wrong_admins_what_is_another_s_is_not_there(world) {
        let world = world.with_company().await.with_consent(Consent::TwoSided, false).await;
        let names = harbor(&world).await;
        // Zoe's colleague is nobody here; Gus administers another workspace and organization; Noor only a workspace.
        world.import(r#"{"type":"account","email":"stranger@else.example","name":"Stranger"}"#).await.unwrap();
        for email in ["stranger@else.example", "gus@solo.example", "noor@meridian.example"] {
            let who = Person::new(&world, email).await;
            for route in &every_route() {
                // Signing out ends a session: it gets one of its own.
                let leaving = Person::new(&world, email).await;
                let who = if route.path == "/sign-out" { &leaving } else { &who };
                let answer = ask(&world, route, &names, Some(who)).await;
                let at = format!("{email}: {} {}: {} {}", route.method, route.path, answer.status, answer.text);
                for secret in SECRETS {
                    assert!(!answer.text.contains(secret), "{at}");
                }
                assert!(answer.status < 500, "{at}");
                if names_a_tenant(&route.path) {
                    assert_eq!(answer.status, 404, "{at}");
                    let absent = ask(&world, route, &nothing(), Some(who)).await;
                    assert_eq!(neutral(&answer, &names), neutral(&absent, &nothing()), "{at}: tells that it exists");
                } else if route.path.starts_with("/ofrep/v1/evaluate") {
                    // The protocol's answer to a workspace that is not there.
                    assert_eq!(answer.status, 400, "{at}");
                    let absent = ask(&world, route, &nothing(), Some(who)).await;
                    assert_eq!(neutral(&answer, &names), neutral(&absent, &nothing()), "{at}: tells that it exists");
                                } else if route.path.starts_with("/access/v1") || route.path == "/mcp" {
                    // A denial is an answer, and so is a tool's no.
                    assert_eq!(answer.status, 200, "{at}");
                    let absent = ask(&world, route, &nothing(), Some(who)).await;
                    assert_eq!(neutral(&answer, &names), neutral(&absent, &nothing()), "{at}: tells that it exists");
                } else if ["/api/v1/links", "/api/v1/link-plans", "/api/v1/access/explanation", "/live"].contains(&route.path.as_str()) {
                    assert_eq!(answer.status, 404, "{at}");
                } else if ["/api/v1/imports", "/api/v1/export"].contains(&route.path.as_str())
                    || route.path.contains("/operator") || (route.path == "/api/v1/freeze" && route.method == "PUT") {
                    assert_eq!(answer.status, 403, "{at}");
                }
            }
        }
        world.check_invariants().await;
    }

    async fn a_role_on_one_product_shows_no_linked_workspace(world) {
        let world = world.with_company().await.with_consent(Consent::TwoSided, false).await;
        world.link("ada@meridian.example", "docs-site", "meridian").await.unwrap();
        for email in ["tess@meridian.example", "una@meridian.example", "kim@meridian.example"] {
            // Tess is a member of the linked workspace too; on the organization's side she holds one app's role.
            let token = world.token(email).await;
            let answer = world.api(&token, "GET", "/organizations/meridian/apps", None).await;
            assert_eq!((answer.status, answer.text.contains("docs-site")), (200, false), "{}", answer.text);
        }
        let cleo = world.token("cleo@meridian.example").await;
        assert!(world.api(&cleo, "GET", "/organizations/meridian/apps", None).await.text.contains("docs-site"));
    }

    async fn members_see_and_cannot_do(world) {
        let world = world.with_company().await.with_consent(Consent::TwoSided, false).await;
        let harbor = harbor(&world).await;
        let names = Names { organization: "meridian".into(), ..harbor };
        let zoe = Person::new(&world, "zoe@harbor.example").await;
        for route in every_route() {
            if !route.path.contains("{workspace}") {
                continue;
            }
            let answer = ask(&world, &route, &names, Some(&zoe)).await;
            let ends = |names: &[&str]| names.iter().any(|name| route.path.ends_with(name));
            let is_own_affair = ends(&["/watch", "/unwatch"]);
            let is_for_admins = ends(&["/subscription", "/plan", "/plan/change", "/access-salt", "/delete", "/deletion", "/access", "/repositories/{repository}", "/add", "/invitations", "/requests", "/access-requests", "/undo", "/unlink", "/proposals", "/link-codes", "/receipt", "/plan/preview", "/agreement"])
                || route.path.contains("/billing")
                || route.path.contains("/webhooks")
                || (route.method != "GET" && !is_own_affair);
            let at = format!("{} {}: {} {}", route.method, route.path, answer.status, answer.text);
            if route.path.ends_with("/leave") {
                // Theirs to do, but not with a form of long ago.
                assert_eq!(answer.status, 412, "{at}");
            } else if route.method == "GET" && route.path.ends_with("/users-migration") {
                // Hers to see once they have migrated; the plan of it is the admins'.
                assert!([403, 409].contains(&answer.status), "{at}");
            } else if route.path.contains("/organizations/{organization}/") {
                // An organization that she may not see.
                assert_eq!(answer.status, 404, "{at}");
            } else if is_for_admins {
                assert_eq!(answer.status, 403, "{at}");
            } else {
                assert!([200, 204, 303].contains(&answer.status), "{at}");
            }
        }
        let links = world.api(&zoe.token, "POST", "/links", Some(json!({ "workspace": "harbor-ops", "organization": "meridian", "acknowledge_all": true }))).await;
        assert_eq!(links.status, 404);
    }

    async fn an_extension_reads_where_it_is_installed_and_nothing_else(world) {
        let world = world.with_company().await.with_consent(Consent::TwoSided, false).await;
        let names = harbor(&world).await;
        // In a workspace of its own, with everything that an extension can have.
        world.link("ada@meridian.example", "docs-site", "meridian").await.unwrap();
        let asks: Vec<String> = ExtensionScope::ALL.iter().map(|s| format!("\"{s}\" = \"Needed.\"\n")).collect();
        let catalog = orglink_server::config::DEFAULT_CATALOG.replace("[extensions.repository-report.scopes]\n", "[extensions.everything]\ntitle = \"E\"\npublisher = \"P\"\ndescription = \"D\"\nversion = 1\n[extensions.everything.scopes]\n{}\n[extensions.repository-report.scopes]\n").replace("{}\n", &asks.concat());
        let world = world.with_catalog(&catalog).await;
        let ada = world.person("ada@meridian.example").await;
        let (name, all) = ("everything", ExtensionScope::ALL);
        let made = install_extension(&world.app, &ada, "docs-site", (name, all), Expected::Any).await.unwrap();
        let who = Person { token: made.secret.reveal().to_owned(), cookie: "orglink=none".into(), form_token: "none".into() };
        let at_home = Names { workspace: "docs-site".into(), group: "developers".into(), repository: "website".into(), ..nothing() };
        let mut read = 0;
        for route in every_route() {
            let answer = ask(&world, &route, &names, Some(&who)).await;
            let at = format!("{} {}: {} {}", route.method, route.path, answer.status, answer.text);
            for secret in SECRETS {
                assert!(!answer.text.contains(secret), "{at}");
            }
            if !route.path.starts_with("/api/v1/") {
                // What is for everybody, or for whoever is signed in; other protocols know no extension.
                let is_for_everybody = answer.status == 200 && ask(&world, &route, &names, None).await.status == 200;
                assert!(is_for_everybody || [303, 400, 401, 403, 404, 409].contains(&answer.status), "{at}");
                continue;
            }
            // What does not fit is said before anything is looked at.
            let refused = |status: u16| [403, 404].contains(&status) || (status == 400 && route.method != "GET");
            assert!(refused(answer.status), "elsewhere there is nothing: {at}");
            let absent = ask(&world, &route, &nothing(), Some(&who)).await;
            assert_eq!(neutral(&answer, &names), neutral(&absent, &nothing()), "{at}: tells that it exists");
            let here = ask(&world, &route, &at_home, Some(&who)).await;
            let at = format!("{} {}: {} {}", route.method, route.path, here.status, here.text);
            match here.status {
                200 => {
                    assert_eq!(route.method, "GET", "{at}");
                    read += 1;
                }
                // The one thing that it makes is its own.
                201 => assert_eq!((route.method.as_str(), route.path.as_str()), ("POST", "/api/v1/workspaces/{workspace}/webhooks"), "{at}"),
                status => assert!(refused(status), "{at}"),
            }
        }
        assert_eq!(read, 13, "add a scope to docs/extensions.md when extensions read more");
        world.check_invariants().await;
    }

    async fn what_is_sent_never_breaks_the_server(world) {
        let world = world.with_company().await.with_consent(Consent::TwoSided, false).await;
        let ada = Person::new(&world, "ada@meridian.example").await;
        let rubbish = ["%00", "%FF%FE", "..%2f..%2fetc", "'%20OR%201=1--", "%F0%9F%92%A9", "a%0Ab", "x".repeat(3000).leak()];
        for route in every_route() {
            for odd in rubbish {
                let path = with_names(&route.path, |_| odd);
                let bearer = format!("Bearer {}", ada.token);
                let headers = [("authorization", bearer.as_str()), ("cookie", ada.cookie.as_str()), ("content-type", "application/x-www-form-urlencoded"), ("idempotency-key", odd), ("if-match", odd)];
                for body in ["", "{", "{\"workspace\":1}", "null", "a=b&form_token=%FF", "\u{0}"] {
                    let answer = world.send(&route.method, &path, &headers, body).await;
                    assert!(answer.status < 500, "{} {path} {body:?}: {} {}", route.method, answer.status, answer.text);
                    let (json, said) = (|| answer.json(), |code: &serde_json::Value| code.is_string());
                    // Ours, OpenFeature's, and that of registries.
                    let is_problem = || said(&json()["code"]) || said(&json()["errorCode"]) || said(&json()["errors"][0]["code"]);
                    assert!(!route.is_api || answer.status < 400 || is_problem(), "{} {path}: {}", route.method, answer.text);
                }
                let answer = world.send(&route.method, &format!("{path}?cursor={odd}&limit={odd}&organization={odd}&workspace={odd}"), &headers, "").await;
                assert!(answer.status < 500, "{} {path}: {} {}", route.method, answer.status, answer.text);
            }
        }
        world.check_invariants().await;
    }
}
