//! The walk over every route of every surface: with another tenant's names, signed out, as a stranger, as a
//! member, as the wrong admin. Routes come from the router and the OpenAPI document themselves; a new one is
//! walked without anybody remembering to, and there are no exceptions.

use orglink_testkit::{Answer, TestApp, both};
use serde_json::json;

/// A route of either surface, as a pattern.
struct Walked {
    method: String,
    path: String,
    is_api: bool,
}

fn every_route() -> Vec<Walked> {
    let document = serde_json::to_value(orglink_api::document()).unwrap();
    let mut routes: Vec<Walked> = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations
            .as_object()
            .unwrap()
            .keys()
            .filter(|k| ["get", "post", "put", "delete", "patch"].contains(&k.as_str()))
        {
            routes.push(Walked { method: method.to_uppercase(), path: path.clone(), is_api: true });
        }
    }
    for route in orglink_web::routes() {
        routes.push(Walked { method: route.method.to_owned(), path: route.path.to_owned(), is_api: false });
    }
    assert!(routes.len() > 45, "the routes are not read");
    routes
}

/// The things a route can name.
struct Names {
    workspace: String,
    organization: String,
    group: String,
    account: String,
    site: String,
    repository: String,
    link: String,
    digest: String,
    token: String,
    invitation: String,
    request: String,
}

impl Names {
    fn fill(&self, path: &str) -> String {
        path.replace("{workspace}", &self.workspace)
            .replace("{organization}", &self.organization)
            .replace("{group}", &self.group)
            .replace("{account}", &self.account)
            .replace("{repository}", &self.repository)
            .replace("{site}", &self.site)
            .replace("{product}", "jira-service-management")
            .replace(
                "{role}",
                if path.contains("{product}") {
                    "app_admin"
                } else if path.contains("{site}") {
                    "site_admin"
                } else {
                    "admin"
                },
            )
            .replace("{link}", &self.link)
            .replace("{digest}", &self.digest)
            .replace("{token}", &self.token)
            .replace("{session}", &self.token)
            .replace("{recovery}", &self.token)
            .replace("{invitation}", &self.invitation)
            .replace("{request}", &self.request)
            .replace("{section}", "links")
            .replace("{passkey}", &self.token)
            .replace("{sign_in}", "no-such-secret")
            .replace("{proof}", "no-such-secret")
            .replace("{secret}", "no-such-secret")
            .replace("{notification}", &self.token)
            .replace("{mail}", &self.token)
            .replace("{kind}", "eligibility")
            .replace("{unsubscribe}", "no-such-secret")
            .replace("{mailed}", "no-such-secret")
    }

    /// A body that fits a write.
    fn body(&self, method: &str, path: &str) -> serde_json::Value {
        match path.trim_start_matches("/api/v1") {
            "/organizations" => json!({ "name": "Walked", "slug": "walked" }),
            "/tokens" => json!({ "name": "walk", "scopes": ["read"] }),
            path if path.ends_with("/suspension") => json!({ "reason": "walked" }),
            "/notifications/{notification}" => json!({ "is_read": true }),
            "/notifications/read-all" => json!({}),
            "/me/notification-preferences/{kind}" => json!({ "by_mail": true }),
            path if path.ends_with("/{recovery}/object") => json!({ "reason": "Walked" }),
            "/freeze" => json!({ "linking_frozen": false, "reason": null }),
            "/link-plans" => json!({ "workspace": self.workspace, "organization": self.organization }),
            "/links" => {
                json!({ "workspace": self.workspace, "organization": self.organization, "acknowledge_all": true })
            }
            "/workspaces/{workspace}/invitations" => json!({ "emails": ["walk@else.example"], "group": self.group }),
            "/organizations/{organization}/invitations" => {
                json!({ "emails": ["walk@else.example"], "role": "auditor" })
            }
            "/access-requests" => json!({ "organization": "walked-to" }),
            "/access-requests/{request}/decline" => json!({ "reason": "walked" }),
            "/access-requests/{request}/approve" => json!({}),
            path if path.ends_with("/sites") => json!({ "slug": "walked" }),
            path if path.contains("/repositories/{repository}/") => json!({ "permission": "read" }),
            _ if method == "PATCH" || method == "POST" => json!({ "name": "Walked" }),
            _ => json!({}),
        }
    }

    /// The fields of every form there is, as somebody would tamper with them.
    fn form(&self, path: &str) -> String {
        let confirmed = if path.contains("{site}") {
            &self.site
        } else if path.contains("{organization}") {
            &self.organization
        } else {
            &self.workspace
        };
        let what = match path {
            "/operator/freeze" => "stop",
            "/inbox" => "all",
            path if path.ends_with("/{recovery}") => "object",
            _ => "add",
        };
        let to = if path.ends_with("/repositories/{repository}") { "group" } else { "account" };
        format!(
            "workspace={}&key=k&acknowledge=link_is_permanent&name=Walked&slug=walked-page&version=1&permission=read\
             &repository_permission=read&plan=free&billing_cycle=monthly&confirm={confirmed}&accounts={}\
             &role=organization/admin&emails=walk%40else.example&kind=organization&named=walked-by&reason=walked&product=jira&what={what}&session=others&token=t&scope=read&days=1&{to}={}",
            self.workspace,
            self.account,
            if to == "group" { &self.group } else { &self.account },
        )
    }
}

fn names_a_tenant(path: &str) -> bool {
    [
        "{workspace}",
        "{organization}",
        "{link}",
        "{digest}",
        "{token}",
        "{session}",
        "{recovery}",
        "{notification}",
        "{invitation}",
        "{request}",
        "{passkey}",
    ]
    .iter()
    .any(|p| path.contains(p))
}

struct Person {
    token: String,
    cookie: String,
    form_token: String,
}

impl Person {
    async fn new(world: &TestApp, email: &str) -> Self {
        let token = world.token(email).await;
        let (cookie, form_token) = world.session(email).await;
        Self { token, cookie, form_token }
    }
}

/// What the API answers is what its document says it may.
fn assert_documented(route: &Walked, status: u16) {
    static DOCUMENT: std::sync::LazyLock<serde_json::Value> =
        std::sync::LazyLock::new(|| serde_json::to_value(orglink_api::document()).unwrap());
    let operation = &DOCUMENT["paths"][&route.path][route.method.to_lowercase()];
    assert!(
        operation["responses"][status.to_string()].is_object(),
        "{} {}: {status} is not documented",
        route.method,
        route.path
    );
}

async fn ask(world: &TestApp, route: &Walked, names: &Names, who: Option<&Person>) -> Answer {
    let path = names.fill(&route.path);
    if route.is_api {
        let bearer = who.map(|p| format!("Bearer {}", p.token)).unwrap_or_default();
        let mut headers = vec![("if-match", "*")];
        if who.is_some() {
            headers.push(("authorization", bearer.as_str()));
        }
        let body = names.body(&route.method, &route.path);
        let answer = world.send(&route.method, &path, &headers, &body.to_string()).await;
        assert_documented(route, answer.status);
        return answer;
    }
    let path = match route.path.as_str() {
        "/live" => format!("/live?topics=workspace:{}", names.workspace),
        ours if ours.ends_with("/plan/change") => format!("{path}?plan=free&billing_cycle=monthly"),
        _ => path,
    };
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
    let mut form = names.form(&route.path);
    if let Some(who) = who {
        headers.push(("cookie", who.cookie.as_str()));
        form = format!("{form}&form_token={}", who.form_token);
    }
    if route.path == "/operator/imports" {
        headers[0].1 = "multipart/form-data; boundary=b";
        let token = who.map(|p| p.form_token.as_str()).unwrap_or_default();
        form = format!(
            "--b\r\ncontent-disposition: form-data; name=\"form_token\"\r\n\r\n{token}\r\n--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n{{}}\r\n--b--\r\n"
        );
    }
    world.send(&route.method, &path, &headers, &form).await
}

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

async fn harbor(world: &TestApp) -> Names {
    let link = world.link("ada@meridian.example", "harbor-ops", "harbor").await.unwrap();
    let ada = world.person("ada@meridian.example").await;
    let plan = orglink_app::link::make_plan(&world.app, &ada, "atlas-platform", "harbor").await.unwrap();
    let body = json!({ "name": "t", "scopes": ["read"] });
    let token = world.token("ada@meridian.example").await;
    let made = world.api(&token, "POST", "/tokens", Some(body)).await.json();
    let body = json!({ "emails": ["somebody@elsewhere.example"], "group": "administrators" });
    let invited = world.api(&token, "POST", "/workspaces/harbor-ops/invitations", Some(body)).await.json();
    let mia = world.token("mia@meridian.example").await;
    let asked = world.api(&mia, "POST", "/access-requests", Some(json!({ "organization": "harbor" }))).await.json();
    Names {
        workspace: "harbor-ops".into(),
        organization: "harbor".into(),
        group: "administrators".into(),
        account: "lena@harbor.example".into(),
        site: "harbor-desk".into(),
        repository: "cranes".into(),
        link: link.id.to_string(),
        digest: plan.plan.digest.to_string(),
        token: made["token"]["id"].as_str().unwrap().to_owned(),
        invitation: invited["items"][0]["id"].as_str().unwrap().to_owned(),
        request: asked["id"].as_str().unwrap().to_owned(),
    }
}

/// Names of nothing.
fn nothing() -> Names {
    let id = "01890000-0000-7000-8000-000000000000".to_owned();
    Names {
        workspace: "no-such-workspace".into(),
        organization: "no-such-organization".into(),
        group: "administrators".into(),
        account: "lena@harbor.example".into(),
        site: "harbor-desk".into(),
        repository: "cranes".into(),
        link: id.clone(),
        digest: format!("sha256:{}", "0".repeat(64)),
        token: id.clone(),
        invitation: id.clone(),
        request: id,
    }
}

/// The answer without the names that were asked for, and without what the request is called.
fn neutral(answer: &Answer, names: &Names) -> (u16, String, String) {
    let strip = |text: &str| {
        [
            &names.workspace,
            &names.organization,
            &names.link,
            &names.digest,
            &names.token,
            &names.invitation,
            &names.request,
            &answer.request_id,
        ]
        .iter()
        .fold(text.to_owned(), |text, name| text.replace(name.as_str(), "NAME"))
    };
    (answer.status, strip(&answer.location), strip(&answer.text))
}

both! {
    async fn signed_out_nothing_is_answered(world) {
        let world = world.with_company().await;
        assert_eq!(world.send("GET", "/api/v1", &[], "").await.status, 401);
        assert_eq!(world.send("GET", "/api/v1/nowhere", &[], "").await.status, 401);
        let names = harbor(&world).await;
        for route in every_route() {
            let answer = ask(&world, &route, &names, None).await;
            let at = format!("{} {}: {} {}", route.method, route.path, answer.status, answer.text);
            for secret in SECRETS {
                assert!(!answer.text.contains(secret), "{at}");
            }
            if route.is_api {
                assert_eq!(answer.status, 401, "{at}");
            } else if route.path.starts_with("/api") {
                assert_eq!(answer.status, 200, "{at}");
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
        let world = world.with_company().await;
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
                } else if ["/api/v1/links", "/api/v1/link-plans", "/live"].contains(&route.path.as_str()) {
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
        let world = world.with_company().await;
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
        let world = world.with_company().await;
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
            let is_for_admins = ends(&["/subscription", "/plan", "/plan/change", "/access-salt", "/delete", "/deletion", "/access", "/repositories/{repository}", "/add", "/invitations", "/requests", "/access-requests"])
                || (route.method != "GET" && !is_own_affair);
            let at = format!("{} {}: {} {}", route.method, route.path, answer.status, answer.text);
            if route.path.ends_with("/leave") {
                // Theirs to do, but not with a form of long ago.
                assert_eq!(answer.status, 412, "{at}");
            } else if is_for_admins {
                assert_eq!(answer.status, 403, "{at}");
            } else {
                assert!([200, 204, 303].contains(&answer.status), "{at}");
            }
        }
        let links = world.api(&zoe.token, "POST", "/links", Some(json!({ "workspace": "harbor-ops", "organization": "meridian", "acknowledge_all": true }))).await;
        assert_eq!(links.status, 404);
    }

    async fn what_is_sent_never_breaks_the_server(world) {
        let world = world.with_company().await;
        let ada = Person::new(&world, "ada@meridian.example").await;
        let rubbish = ["%00", "%FF%FE", "..%2f..%2fetc", "'%20OR%201=1--", "%F0%9F%92%A9", "a%0Ab", "x".repeat(3000).leak()];
        for route in every_route() {
            for odd in rubbish {
                let mut path = route.path.clone();
                for name in ["{workspace}", "{organization}", "{group}", "{account}", "{site}", "{product}", "{role}", "{repository}", "{link}", "{digest}", "{token}", "{session}", "{secret}", "{section}", "{recovery}", "{notification}", "{mail}", "{kind}", "{unsubscribe}", "{mailed}", "{invitation}", "{request}", "{passkey}", "{sign_in}", "{proof}"] {
                    path = path.replace(name, odd);
                }
                let bearer = format!("Bearer {}", ada.token);
                let headers = [("authorization", bearer.as_str()), ("cookie", ada.cookie.as_str()), ("content-type", "application/x-www-form-urlencoded"), ("idempotency-key", odd), ("if-match", odd)];
                for body in ["", "{", "{\"workspace\":1}", "null", "a=b&form_token=%FF", "\u{0}"] {
                    let answer = world.send(&route.method, &path, &headers, body).await;
                    assert!(answer.status < 500, "{} {path} {body:?}: {} {}", route.method, answer.status, answer.text);
                }
                let answer = world.send(&route.method, &format!("{path}?cursor={odd}&limit={odd}&organization={odd}&workspace={odd}"), &headers, "").await;
                assert!(answer.status < 500, "{} {path}: {} {}", route.method, answer.status, answer.text);
            }
        }
        world.check_invariants().await;
    }
}
