//! How much may come from where: limits, proxies, request ids, over the whole router.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request};
use orglink_http::{ForwardedHeader, Limits, Network, RequestLimits};
use orglink_testkit::{TestApp, both};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tower::ServiceExt as _;

/// A router with limits, in front of which a proxy at 10.0.0.1 may stand.
fn limited(world: &TestApp, limits: RequestLimits) -> axum::Router {
    let network = Network {
        trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        forwarded_header: ForwardedHeader::XForwardedFor,
        limits: Arc::new(Limits::new(limits)),
    };
    orglink_server::router::router(Arc::clone(&world.app), network, None)
}

async fn send(
    router: &axum::Router,
    from: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (u16, HeaderMap, String) {
    let peer: SocketAddr = format!("{from}:4711").parse().unwrap();
    let mut request =
        Request::builder().method(method).uri(path).header("host", "orglink.test").extension(ConnectInfo(peer));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    (parts.status.as_u16(), parts.headers, String::from_utf8_lossy(&bytes).into_owned())
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
}

const NONE: RequestLimits = RequestLimits { per_address: 0, per_account: 0, per_token: 0, per_product: 0 };

both! {
    async fn an_address_is_slowed_down_behind_a_proxy_too(world) {
        let router = limited(&world, RequestLimits { per_address: 3, ..NONE });
        let get = |from: &'static str, forwarded: &'static str| {
            let router = router.clone();
            async move { send(&router, from, "GET", "/api/v1/me", &[("x-forwarded-for", forwarded)], "").await }
        };
        for left in ["2", "1", "0"] {
            let (status, headers, _) = get("10.0.0.1", "198.51.100.1").await;
            assert_eq!((status, text(&headers, "ratelimit-policy")), (401, "\"address\";q=3;w=60".to_owned()));
            assert!(text(&headers, "ratelimit").contains(&format!("r={left}")), "{headers:?}");
        }
        let (status, headers, body) = get("10.0.0.1", "198.51.100.1").await;
        let seconds: u64 = text(&headers, "retry-after").parse().unwrap();
        assert!(status == 429 && (1..=20).contains(&seconds) && body.contains("\"rate_limited\""), "{headers:?} {body}");
        assert_eq!(get("10.0.0.2", "198.51.100.2").await.0, 401, "another client of the proxy");
        assert_eq!(get("198.51.100.1", "").await.0, 429, "the same client without the proxy");
        assert_eq!(get("198.51.100.1", "203.0.113.5").await.0, 429, "who is no proxy cannot speak for others");
        assert_eq!(get("203.0.113.5", "").await.0, 401, "nor use up what is theirs");
        let (status, headers, page) = send(&router, "198.51.100.1", "GET", "/sign-in", &[], "").await;
        assert!(status == 429 && page.contains("Slow down") && !text(&headers, "retry-after").is_empty(), "{page}");
        assert_eq!(send(&router, "198.51.100.1", "GET", "/healthz", &[], "").await.0, 200, "probes are not counted");
        for end in ["1", "3:4:5", "ffff"] {
            let peer = format!("[2001:db8:0:7::{end}]");
            assert_eq!(send(&router, &peer, "GET", "/sign-in", &[], "").await.0, 200, "{peer}");
        }
        assert_eq!(send(&router, "[2001:db8:0:7::9]", "GET", "/sign-in", &[], "").await.0, 429, "a /64 is one");
    }

    async fn a_token_and_an_account_are_slowed_down_each_apart(world) {
        let world = world.with_company().await;
        let router = limited(&world, RequestLimits { per_account: 5, per_token: 3, ..NONE });
        let (first, second) = (world.token("ada@meridian.example").await, world.token("ada@meridian.example").await);
        let other = world.token("ben@meridian.example").await;
        let (cookie, form_token) = world.session("ada@meridian.example").await;
        let me = |token: String| {
            let router = router.clone();
            async move { send(&router, "203.0.113.1", "GET", "/api/v1/me", &[("authorization", &format!("Bearer {token}"))], "").await }
        };
        for _ in 0..3 {
            assert_eq!(me(first.clone()).await.0, 200);
        }
        let (status, headers, body) = me(first.clone()).await;
        assert!(status == 429 && body.contains("one token"), "{body}");
        assert_eq!(text(&headers, "ratelimit-policy"), "\"token\";q=3;w=60", "what refused says how it stands");
        assert_eq!(me(second.clone()).await.0, 200, "another token of hers");
        let page = send(&router, "203.0.113.1", "GET", "/", &[("cookie", &cookie)], "").await;
        assert_eq!((page.0, text(&page.1, "ratelimit").starts_with("\"account\";r=0")), (200, true), "her browser counts");
        let (status, _, body) = me(second).await;
        assert!(status == 429 && body.contains("one account"), "{body}");
        // A refused change changes nothing.
        let form = format!("form_token={form_token}&name=Nobody&slug=nobody-at-all");
        let headers = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        assert_eq!(send(&router, "203.0.113.1", "POST", "/organizations", &headers, &form).await.0, 429);
        assert_eq!(world.api(&first, "GET", "/organizations/nobody-at-all", None).await.status, 404);
        assert_eq!(me(other).await.0, 200, "somebody else");
    }

    async fn a_request_has_an_id_in_the_answer_and_in_the_problem(world) {
        let router = limited(&world, NONE);
        let (_, headers, body) = send(&router, "203.0.113.1", "GET", "/api/v1/me", &[("x-request-id", "mine")], "").await;
        let id = text(&headers, "x-request-id");
        let problem: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert!(id.len() == 16 && problem["request_id"] == id, "{id} {body}");
        let (_, headers, _) = send(&router, "10.0.0.1", "GET", "/healthz", &[("x-request-id", "edge-42")], "").await;
        assert_eq!(text(&headers, "x-request-id"), "edge-42", "a proxy of ours may name it");
        let long = "x".repeat(65);
        for odd in ["", "a b", "a\"b", long.as_str()] {
            let (_, headers, _) = send(&router, "10.0.0.1", "POST", "/api/v1/links", &[("x-request-id", odd)], "").await;
            assert_eq!(text(&headers, "x-request-id").len(), 16, "{odd}");
        }
    }

    async fn the_reference_shows_every_operation_without_signing_in(world) {
        let index = world.send("GET", "/api", &[], "").await;
        let parts: Vec<&str> = index.text.split("href=\"/api/reference/").skip(1).filter_map(|p| p.split('"').next()).collect();
        assert!(parts.len() > 8 && index.text.contains("Run the installation"), "{}", index.text);
        let mut pages = String::new();
        for part in &parts {
            let page = world.send("GET", &format!("/api/reference/{part}"), &[], "").await;
            assert!(page.status == 200 && page.text.len() < 60_000, "{part}: {} bytes", page.text.len());
            for anchor in page.text.split("href=\"#").skip(1).filter_map(|p| p.split('"').next()) {
                assert!(page.text.contains(&format!("id=\"{anchor}\"")), "{part}: #{anchor} leads nowhere");
            }
            pages.push_str(&page.text);
        }
        let document = serde_json::to_value(orglink_api::document()).unwrap();
        for item in document["paths"].as_object().unwrap().values() {
            for operation in item.as_object().unwrap().values() {
                let id = operation["operationId"].as_str().unwrap();
                assert!(pages.contains(&format!("id=\"{id}\"")), "{id}");
            }
        }
        assert_eq!(world.send("GET", "/api/reference/nothing", &[], "").await.status, 404);
    }

    async fn whoever_is_slow_or_silent_is_let_go(world) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let head = std::time::Duration::from_millis(400);
        let server = tokio::spawn(orglink_server::listen::serve(listener, world.router.clone(), head, async move {
            let _ = ended.await;
        }));
        let talk = async |text: &str| {
            let mut stream = tokio::net::TcpStream::connect(at).await.unwrap();
            stream.write_all(text.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            let reads = stream.read_to_end(&mut answer);
            tokio::time::timeout(std::time::Duration::from_secs(20), reads).await.expect("it is let go").unwrap();
            String::from_utf8_lossy(&answer).into_owned()
        };
        // Half a head, no head, and one after a whole request: closed by the server, with what was answered before.
        assert_eq!(talk("GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ").await, "");
        assert_eq!(talk("").await, "");
        let answered = talk("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert!(answered.starts_with("HTTP/1.1 200"), "{answered}");
        let refused = talk("GET /healthz SMTP\r\n\r\n").await;
        assert!(refused.starts_with("HTTP/1.1 400"), "{refused}");
        let _ = end.send(());
        tokio::time::timeout(std::time::Duration::from_secs(20), server).await.expect("it ends").unwrap();
    }
}
