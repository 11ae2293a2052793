//! The calls that everything else is made of.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::is_later;
use crate::request::with_query;
use crate::transport::{Body, Response};
use crate::{Error, Http, Request, Transport, Version};

/// The items of a list, page after page as they are asked for.
pub type List<T> = stream::BoxStream<'static, Result<T, Error>>;

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Page<T> {
    pub items: Vec<T>,
    /// What the next page is asked for by; none after the last.
    pub next: Option<String>,
}

/// How often, and for how long at most, the client waits by itself when the server says *later* (429, 503).
///
/// Only what may be sent twice is sent again: what reads, what says how something is to be (`PUT`, `DELETE`), what has an
/// idempotency key, and what names the version that it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// 0: never.
    pub at_most: u32,
    /// Who is told to wait longer, is told so at once.
    pub longest: Duration,
}

impl Retries {
    /// Never waits.
    pub const NONE: Self = Self { at_most: 0, longest: Duration::ZERO };

    /// How long to wait before the same is sent again; none when it is not.
    fn wait(self, tried: u32, response: &Response) -> Option<Duration> {
        let wait = response.retry_after().unwrap_or(Duration::from_secs(1 << tried.min(16)));
        (is_later(response.status) && tried < self.at_most && wait <= self.longest).then_some(wait)
    }
}

impl Default for Retries {
    /// Three times, half a minute each.
    fn default() -> Self {
        Self { at_most: 3, longest: Duration::from_secs(30) }
    }
}

/// The API of a server. Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct Client {
    transport: Arc<dyn Transport>,
    retries: Retries,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("retries", &self.retries).finish_non_exhaustive()
    }
}

impl Client {
    /// A server by its address, `https://orglink.company.example`, asked with a token: [`Http::new`].
    ///
    /// # Errors
    /// When the address or the token cannot be one, or there is nothing to make TLS with.
    pub fn new(base_url: &str, token: &str) -> Result<Self, Error> {
        Http::new(base_url, token).map(Self::over)
    }

    /// Over another way to reach the API.
    pub fn over(transport: impl Transport + 'static) -> Self {
        Self { transport: Arc::new(transport), retries: Retries::default() }
    }

    /// The same client with more patience, or none.
    #[must_use]
    pub fn with_retries(mut self, retries: Retries) -> Self {
        self.retries = retries;
        self
    }

    /// What is at a path of the API (`/workspaces/…`; names in it by [`segment`](crate::segment)).
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        self.send(Request::new(Method::GET, path)).await
    }

    /// The same, with the version that a change of it names.
    ///
    /// # Errors
    /// Also when what is there has no version.
    pub async fn get_with_version<T: DeserializeOwned>(&self, path: &str) -> Result<(T, Version), Error> {
        let mut response = self.exchange(Request::new(Method::GET, path)).await?;
        let version = response.version().ok_or_else(|| Error::unexpected(&response, "there is no ETag"))?;
        Ok((read(&mut response).await?, version))
    }

    /// All items of a list.
    pub fn list<T: DeserializeOwned + Send + 'static>(&self, path: &str) -> List<T> {
        let (this, path) = (self.clone(), path.to_owned());
        let pages = stream::try_unfold(Some(None), move |from: Option<Option<String>>| {
            let (this, path) = (this.clone(), path.clone());
            async move {
                let Some(cursor) = from else { return Ok(None) };
                let page: Page<T> = this.page(&path, cursor.as_deref()).await?;
                let rest = page.next.map(Some);
                Ok(Some((stream::iter(page.items.into_iter().map(Ok)), rest)))
            }
        });
        pages.try_flatten().boxed()
    }

    /// A page of a list: the first one, or the one that `next` of another names.
    pub async fn page<T: DeserializeOwned>(&self, path: &str, cursor: Option<&str>) -> Result<Page<T>, Error> {
        self.get(&with_query(path, &[("cursor", cursor)])).await
    }

    /// Makes or does something. With a key it may be sent again, and is done once.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &(impl Serialize + ?Sized),
        idempotency_key: Option<&str>,
    ) -> Result<T, Error> {
        let mut request = Request::new(Method::POST, path).json(body)?;
        if let Some(key) = idempotency_key {
            request = request.idempotency_key(key)?;
        }
        self.send(request).await
    }

    /// Says how something is to be.
    pub async fn put<T: DeserializeOwned>(&self, path: &str, body: &(impl Serialize + ?Sized)) -> Result<T, Error> {
        self.send(Request::new(Method::PUT, path).json(body)?).await
    }

    /// Changes something as it was seen; refused (`version_changed`) when somebody was faster.
    pub async fn change<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &(impl Serialize + ?Sized),
        version: &Version,
    ) -> Result<T, Error> {
        self.send(Request::new(method, path).json(body)?.if_match(version)).await
    }

    /// Deletes something: as it was seen, where it has a version.
    pub async fn delete<T: DeserializeOwned>(&self, path: &str, version: Option<&Version>) -> Result<T, Error> {
        let request = Request::new(Method::DELETE, path);
        self.send(match version {
            Some(version) => request.if_match(version),
            None => request,
        })
        .await
    }

    /// A file of the API, as it comes.
    pub async fn download(&self, path: &str) -> Result<Body, Error> {
        Ok(self.exchange(Request::new(Method::GET, path)).await?.body)
    }

    /// Any request, and what its answer says; an answer without a body says `null`.
    pub async fn send<T: DeserializeOwned>(&self, request: Request) -> Result<T, Error> {
        read(&mut self.exchange(request).await?).await
    }

    /// Any request, and its answer when it is a good one.
    pub async fn exchange(&self, request: Request) -> Result<Response, Error> {
        let (mut request, mut tried) = (request, 0);
        loop {
            // Only what may be sent again is kept: it may be a file.
            let again = (tried < self.retries.at_most && request.is_repeatable()).then(|| request.clone());
            let response = self.transport.send(request).await?;
            if response.status.is_success() {
                return Ok(response);
            }
            let (Some(again), Some(wait)) = (again, self.retries.wait(tried, &response)) else {
                return Err(Error::of(response).await);
            };
            tokio::time::sleep(wait).await;
            (request, tried) = (again, tried + 1);
        }
    }
}

/// What an answer says.
async fn read<T: DeserializeOwned>(response: &mut Response) -> Result<T, Error> {
    let bytes = response.bytes().await?;
    let text: &[u8] = if bytes.is_empty() { b"null" } else { &bytes };
    serde_json::from_slice(text).map_err(|e| Error::unexpected(response, e))
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Mutex;
    use std::time::Instant;

    use futures_util::future::BoxFuture;
    use reqwest::StatusCode;
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
    use serde_json::{Value, json};

    use super::*;
    use crate::v1::links::LinkRequest;
    use crate::v1::workspaces::{Kind, Workspace};

    /// Answers what it was told to, in that order, and remembers what it was asked.
    #[derive(Default)]
    struct Script {
        answers: Mutex<VecDeque<(u16, &'static str, String)>>,
        asked: Mutex<Vec<Request>>,
    }

    /// Whoever is asked, for the client and for the test.
    #[derive(Clone, Default)]
    struct Scripted(Arc<Script>);

    impl Transport for Scripted {
        fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
            self.0.asked.lock().expect("a lock").push(request);
            let answer = self.0.answers.lock().expect("a lock").pop_front();
            Box::pin(async move {
                let (status, headers, body) = answer.ok_or_else(|| Error::Unreachable("nobody is there".to_owned()))?;
                let headers: HeaderMap = headers
                    .split(';')
                    .filter_map(|header| header.split_once('='))
                    .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
                    .collect();
                let status = StatusCode::from_u16(status).expect("a status");
                Ok(Response { status, headers, body: stream::iter([Ok(body.into_bytes())]).boxed() })
            })
        }
    }

    impl Scripted {
        fn client(answers: impl IntoIterator<Item = (u16, &'static str, Value)>) -> (Client, Self) {
            let script = Self::default();
            let answers = answers.into_iter().map(|(status, headers, body)| (status, headers, body.to_string()));
            script.0.answers.lock().expect("a lock").extend(answers);
            (Client::over(script.clone()), script)
        }

        fn sent(&self) -> Vec<Request> {
            self.0.asked.lock().expect("a lock").clone()
        }

        fn asked(&self) -> Vec<String> {
            self.sent().iter().map(|r| format!("{} {}", r.method, r.path)).collect()
        }
    }

    fn busy(headers: &'static str) -> (u16, &'static str, Value) {
        let body = json!({ "status": 503, "code": "database_unavailable", "title": "t", "detail": "d" });
        (503, headers, body)
    }

    const GOOD: (u16, &str, Value) = (200, "", Value::Null);

    #[tokio::test]
    async fn what_may_be_sent_twice_waits_as_long_as_the_server_says_and_not_for_ever() {
        let (client, script) = Scripted::client([busy("retry-after=1"), GOOD]);
        let began = Instant::now();
        client.get::<Value>("/me").await.expect("an answer");
        assert!(began.elapsed() >= Duration::from_secs(1) && script.asked() == ["GET /api/v1/me", "GET /api/v1/me"]);

        // Nothing is said, and three times is enough; the last no is the answer.
        let (client, script) = Scripted::client((0..9).map(|_| busy("retry-after=0")));
        let no = client.get::<Value>("/me").await.expect_err("a no");
        assert_eq!((script.asked().len(), no.code(), no.is_temporary()), (4, Some("database_unavailable"), true));

        // Whoever is told to wait for an hour is told so.
        let (client, script) = Scripted::client([busy("retry-after=3600;x-request-id=abc"), GOOD]);
        let no = client.get::<Value>("/me").await.expect_err("a no");
        assert_eq!((script.asked().len(), no.request_id()), (1, Some("abc")));
        assert_eq!(no.problem().and_then(|p| p.retry_after), Some(Duration::from_hours(1)));

        let (client, script) = Scripted::client([busy("retry-after=0"), GOOD]);
        client.with_retries(Retries::NONE).get::<Value>("/me").await.expect_err("a no");
        assert_eq!(script.asked().len(), 1);
    }

    #[tokio::test]
    async fn what_might_be_done_twice_is_sent_once() {
        let wanted = LinkRequest::new("w", "o");
        let (client, script) = Scripted::client([busy("retry-after=0"), GOOD]);
        client.link_workspace(&wanted, None).await.expect_err("a no");
        assert_eq!(script.asked().len(), 1);

        let linked = json!({ "link": {
            "id": "i", "workspace": "w", "organization": "o", "linked_at": "t", "linked_by": "a", "plan_digest": "p",
            "access_digest": "d", "already_existed": false,
        }, "changes_since_plan": [] });
        let (client, script) = Scripted::client([busy("retry-after=0"), (201, "", linked)]);
        client.link_workspace(&wanted, Some("key")).await.expect("a link");
        let sent = script.sent();
        let keys: Vec<_> = sent.iter().map(|r| r.headers.get("idempotency-key").cloned()).collect();
        assert_eq!(keys, [Some(HeaderValue::from_static("key")), Some(HeaderValue::from_static("key"))]);
        assert_eq!(sent.first().map(|r| r.body.clone()), sent.last().map(|r| r.body.clone()));

        // Anything else that is no is no at once, and so is nobody.
        for status in [400, 403, 404, 409, 412, 500, 502] {
            let (client, script) = Scripted::client([(status, "retry-after=0", json!({})), GOOD]);
            let no = client.get::<Value>("/me").await.expect_err("a no");
            assert_eq!((no.status(), script.asked().len()), (Some(status), 1));
        }
        let (client, script) = Scripted::client([]);
        assert!(matches!(client.get::<Value>("/me").await, Err(Error::Unreachable(_))) && script.asked().len() == 1);
    }

    fn workspace(slug: &str) -> Value {
        json!({
            "id": "i", "slug": slug, "name": "n", "app": "a", "kind": "swarm", "plan": "free", "billing_cycle": "monthly",
            "status": "active", "holds": ["moon"], "created_at": "t", "invented_later": { "x": 1 },
        })
    }

    #[tokio::test]
    async fn lists_are_read_a_page_at_a_time_and_newer_words_break_nothing() {
        let page = |slugs: &[&str], next: Option<&str>| {
            let items: Vec<Value> = slugs.iter().map(|slug| workspace(slug)).collect();
            (200, "", json!({ "items": items, "next": next, "total": 9 }))
        };
        let (client, script) =
            Scripted::client([page(&["a", "b"], Some("2&x")), page(&[], Some("3")), page(&["c"], None)]);
        let mut list = client.list_workspaces();
        let first: Workspace = list.try_next().await.expect("a page").expect("an item");
        assert_eq!((first.slug.as_str(), &first.kind), ("a", &Kind::Other("swarm".to_owned())));
        assert_eq!((first.kind.to_string(), first.holds.len(), script.asked().len()), ("swarm".to_owned(), 1, 1));
        let rest: Vec<Workspace> = list.try_collect().await.expect("the rest");
        assert_eq!(rest.iter().map(|w| w.slug.as_str()).collect::<Vec<_>>(), ["b", "c"]);
        let path = "GET /api/v1/workspaces?limit=500";
        assert_eq!(script.asked(), [path.to_owned(), format!("{path}&cursor=2%26x"), format!("{path}&cursor=3")]);

        // A list that cannot be read to its end says so after what could be.
        let (client, _) = Scripted::client([page(&["a"], Some("2")), (404, "", json!({}))]);
        let mut list = client.list_workspaces();
        assert!(list.try_next().await.is_ok_and(|item| item.is_some()));
        assert!(list.try_next().await.is_err_and(|e| e.is_not_found()));
        assert!(list.try_next().await.is_ok_and(|item| item.is_none()));
    }

    #[tokio::test]
    async fn followers_go_on_where_it_broke_off() {
        let event = |position: i64| {
            json!({
                "position": position, "id": "i", "type": "workspace.linked", "at": "t", "actor": null, "through": "own",
                "organization": null, "workspace": null, "commitment": "c", "payload": null,
            })
        };
        let page = |positions: &[i64]| {
            (200, "", json!({ "items": positions.iter().map(|p| event(*p)).collect::<Vec<_>>(), "next": null }))
        };
        let (client, script) = Scripted::client([page(&[8, 11]), (502, "", json!("a proxy")), page(&[12])]);
        let mut events = client.follow_events(7);
        let mut next = async || events.next().await.expect("no end").map(|e| e.position);
        assert!(matches!((next().await, next().await), (Ok(8), Ok(11))));
        assert!(next().await.is_err_and(|e| e.is_temporary() && e.status() == Some(502)));
        assert!(next().await.is_ok_and(|position| position == 12));
        let path = |after: i64| format!("GET /api/v1/events?limit=1000&after={after}");
        assert_eq!(script.asked(), [path(7), path(11), path(11)]);
    }

    #[tokio::test]
    async fn versions_travel_from_what_was_seen_to_the_change() {
        let (client, script) = Scripted::client([(200, "etag=W/\"7\"", json!({})), GOOD, GOOD]);
        let (_, version) = client.get_with_version::<Value>("/workspaces/w").await.expect("a version");
        client.change::<()>(Method::PATCH, "/workspaces/w", &json!({ "name": "n" }), &version).await.expect("a change");
        let sent = script.sent().last().and_then(|r| r.headers.get("if-match").cloned());
        assert_eq!(sent, Some(HeaderValue::from_static("\"7\"")));
        let none = client.get_with_version::<Value>("/me").await.expect_err("no version");
        assert!(none.to_string().contains("ETag"), "{none}");
    }

    #[tokio::test]
    async fn an_answer_of_another_shape_is_said_to_be_one() {
        let (client, _) = Scripted::client([(200, "x-request-id=abc", json!({ "email": 7 }))]);
        let wrong = client.view_me().await.expect_err("another shape");
        assert_eq!((wrong.status(), wrong.request_id()), (Some(200), Some("abc")));
        assert!(wrong.to_string().contains("not as orglink does"), "{wrong}");
        let made = json!({ "token": {
            "id": "i", "name": "n", "scopes": ["read", "fly"], "created_at": "t", "last_used_at": null, "expires_at": "t",
            "secret": "olk_secret",
        } });
        let (client, _) = Scripted::client([(201, "", made)]);
        let made = client.create_token("n", &["read".into()], None).await.expect("a token");
        assert!(made.secret.reveal() == "olk_secret" && !format!("{made:?}").contains("olk_secret"));
    }
}
