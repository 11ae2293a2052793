//! What is sent: addresses, bodies, keys and versions.

use std::fmt;
use std::fmt::Write as _;

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MATCH};
use serde::Serialize;

use crate::Error;

/// Where the API begins.
const ROOT: &str = "/api/v1";
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A request to the API. Who asks is the transport's to say.
#[derive(Clone)]
#[non_exhaustive]
pub struct Request {
    pub method: Method,
    /// Path and query as they are sent, `/api/v1/…`.
    pub path: String,
    pub headers: HeaderMap,
    pub body: Option<Vec<u8>>,
}

/// Headers and body may hold what is nobody else's business.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("method", &self.method).field("path", &self.path).finish_non_exhaustive()
    }
}

impl Request {
    /// A request for a path of the API, `/workspaces/…`. Names in it are made fit by [`segment`].
    #[must_use]
    pub fn new(method: Method, path: &str) -> Self {
        Self { method, path: format!("{ROOT}{path}"), headers: HeaderMap::new(), body: None }
    }

    /// With this as its body.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn json(self, body: &(impl Serialize + ?Sized)) -> Result<Self, Error> {
        let body = serde_json::to_vec(body).map_err(|e| Error::Invalid(format!("the body cannot be sent: {e}")))?;
        Ok(self.bytes(body))
    }

    /// With this as its body, as it is.
    #[must_use]
    pub fn bytes(mut self, body: Vec<u8>) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.body = Some(body);
        self
    }

    /// With a key of 1 to 200 visible ASCII characters: sent again with the same key, it is done once and answered alike.
    ///
    /// # Errors
    /// When no header can hold it.
    pub fn idempotency_key(mut self, key: &str) -> Result<Self, Error> {
        let why = "an idempotency key has 1 to 200 visible ASCII characters";
        let value = HeaderValue::from_str(key).map_err(|_| Error::Invalid(why.to_owned()))?;
        self.headers.insert(IDEMPOTENCY_KEY, value);
        Ok(self)
    }

    /// Only if the thing is still at this version.
    #[must_use]
    pub fn if_match(mut self, version: &Version) -> Self {
        self.headers.insert(IF_MATCH, version.0.clone());
        self
    }

    /// Whether it may be sent twice without being done twice: it reads, says how something is to be, has a key, or names
    /// the one version that it changes.
    pub(crate) fn is_repeatable(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD | Method::PUT | Method::DELETE)
            || self.headers.contains_key(IDEMPOTENCY_KEY)
            || self.headers.get(IF_MATCH).is_some_and(|version| version != "*")
    }
}

/// The version of a thing, as its `ETag` names it: what a change is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(HeaderValue);

impl Version {
    /// Whichever it is now: changes what somebody else may have changed meanwhile.
    #[must_use]
    pub const fn any() -> Self {
        Self(HeaderValue::from_static("*"))
    }

    /// Of an `ETag`. A proxy that compresses makes it a weak one; it names the same version.
    pub(crate) fn of(etag: &str) -> Option<Self> {
        let strong = etag.trim().trim_start_matches("W/");
        HeaderValue::from_str(strong).ok().filter(|_| strong.len() > 2 && strong.starts_with('"')).map(Self)
    }
}

impl From<i64> for Version {
    fn from(number: i64) -> Self {
        Self(HeaderValue::from_str(&format!("\"{number}\"")).unwrap_or(HeaderValue::from_static("\"\"")))
    }
}

/// A name as a part of a path.
#[must_use]
pub fn segment(name: &str) -> String {
    // Whoever resolves a path takes a step up for these, however they are written. Nothing is called so.
    if matches!(name, "." | "..") {
        return name.replace('.', "%252E");
    }
    name.bytes().fold(String::new(), |mut out, b| {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~' | b':') {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
        out
    })
}

/// A path with what there is of these fields as its query.
pub(crate) fn with_query(path: &str, fields: &[(&str, Option<&str>)]) -> String {
    fields.iter().filter_map(|(name, value)| Some((name, (*value)?))).fold(
        path.to_owned(),
        |mut path, (name, value)| {
            let join = if path.contains('?') { '&' } else { '?' };
            let _ = write!(path, "{join}{name}={}", segment(value));
            path
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_their_part_of_the_path() {
        assert_eq!(segment("docs-site"), "docs-site");
        assert_eq!(segment("sha256:ab"), "sha256:ab");
        assert_eq!(segment("a/b?c#d e%é"), "a%2Fb%3Fc%23d%20e%25%C3%A9");
        assert_eq!((segment("."), segment(".."), segment("...")), ("%252E".into(), "%252E%252E".into(), "...".into()));
        let url = |name: &str| {
            let path = Request::new(Method::GET, &format!("/tokens/{}", segment(name))).path;
            reqwest::Url::parse(&format!("http://host{path}")).expect("a url").path().to_owned()
        };
        for name in ["..", ".", "../links", "%2e%2e", "\\..\\", "@evil.example", ""] {
            assert!(url(name).starts_with("/api/v1/tokens/"), "{name}: {}", url(name));
        }
        // Also where the caller's path is rubbish: it cannot name another host.
        let path = Request::new(Method::GET, "@evil.example/").path;
        let url = reqwest::Url::parse(&format!("http://host{path}")).expect("a url");
        assert_eq!(url.host_str(), Some("host"));
    }

    #[test]
    fn queries_have_what_there_is() {
        assert_eq!(with_query("/events", &[("after", None)]), "/events");
        let fields = [("after", Some("7")), ("state", None), ("cursor", Some("a&b"))];
        assert_eq!(with_query("/events", &fields), "/events?after=7&cursor=a%26b");
        assert_eq!(with_query("/events?limit=1", &fields[..1]), "/events?limit=1&after=7");
    }

    #[test]
    fn versions_are_read_also_where_a_proxy_weakened_them() {
        assert_eq!(Version::of("\"7\""), Some(Version::from(7)));
        assert_eq!(Version::of("W/\"7\""), Some(Version::from(7)));
        for nothing in ["", "\"\"", "7", "*", "\"7\n\""] {
            assert_eq!(Version::of(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn what_may_be_sent_twice() {
        let request = |method| Request::new(method, "/x");
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            assert!(request(method).is_repeatable());
        }
        assert!(!request(Method::POST).is_repeatable() && !request(Method::PATCH).is_repeatable());
        assert!(request(Method::POST).idempotency_key("k").expect("a key").is_repeatable());
        assert!(request(Method::PATCH).if_match(&Version::from(7)).is_repeatable());
        assert!(!request(Method::PATCH).if_match(&Version::any()).is_repeatable(), "whichever it is now");
        assert!(matches!(request(Method::POST).idempotency_key("a\nb"), Err(Error::Invalid(_))));
        let debug = format!("{:?}", request(Method::POST).bytes(b"secret".to_vec()));
        assert!(debug.contains("/api/v1/x") && !debug.contains("115"), "{debug}");
    }
}
