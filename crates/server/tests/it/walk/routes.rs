//! Every route of every surface, read from the routers and the OpenAPI document, and how one is asked.

use orglink_testkit::{Answer, TestApp};

use super::names::Names;

/// A route of any surface, as a pattern.
pub struct Walked {
    pub method: String,
    pub path: String,
    pub is_api: bool,
}

pub fn every_route() -> Vec<Walked> {
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
    for route in orglink_wire::routes() {
        routes.push(Walked { method: route.method.to_owned(), path: route.path.to_owned(), is_api: true });
    }
    assert!(routes.len() > 45, "the routes are not read");
    routes
}

pub fn names_a_tenant(path: &str) -> bool {
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

pub struct Person {
    pub token: String,
    pub cookie: String,
    pub form_token: String,
}

impl Person {
    pub async fn new(world: &TestApp, email: &str) -> Self {
        let token = world.token(email).await;
        let (cookie, form_token) = world.session(email).await;
        Self { token, cookie, form_token }
    }
}

/// What our API answers is what its document says it may; other protocols are described elsewhere.
fn assert_documented(route: &Walked, status: u16) {
    static DOCUMENT: std::sync::LazyLock<serde_json::Value> =
        std::sync::LazyLock::new(|| serde_json::to_value(orglink_api::document()).unwrap());
    if !route.path.starts_with("/api/") {
        return;
    }
    let operation = &DOCUMENT["paths"][&route.path][route.method.to_lowercase()];
    assert!(
        operation["responses"][status.to_string()].is_object(),
        "{} {}: {status} is not documented",
        route.method,
        route.path
    );
}

pub async fn ask(world: &TestApp, route: &Walked, names: &Names, who: Option<&Person>) -> Answer {
    let path = names.fill(&route.path);
    if route.is_api {
        let bearer = who.map(|p| format!("Bearer {}", p.token)).unwrap_or_default();
        let path = match route.path.as_str() {
            "/api/v1/access/explanation" => {
                format!("{path}?account={}&action=view_workspace&workspace={}", names.account, names.workspace)
            }
            _ => path,
        };
        let mut headers = vec![("if-match", "*")];
        if route.path == "/mcp" {
            headers.extend([("content-type", "application/json"), ("accept", "application/json, text/event-stream")]);
        }
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
