//! The API as commands use it: in this process, with the operator at the machine as principal, or over HTTP.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use orglink_app::outbox::Outbox;
use orglink_app::{App, notify, upkeep};
use orglink_http::{LocalOperator, Network, Problem};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::config::Config;
use crate::keys::{load_key, passing_key};
use crate::open::{Schema, assemble, open_database};
use crate::output::Failed;

/// Where commands send their requests.
pub enum Client {
    Local { app: Arc<App>, router: Router, operator: LocalOperator },
    Remote { http: reqwest::Client, server: String, token: String },
}

/// How a command reaches the API.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Reach {
    /// The database: sqlite:PATH or postgres://…
    #[arg(long, global = true, env = "ORGLINK_DATABASE", value_name = "DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// Talk to this server instead of a database
    #[arg(long, global = true, value_name = "URL")]
    pub server: Option<String>,
    /// The token to use there
    #[arg(long, global = true, env = "ORGLINK_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// Act on behalf of this account (only on a local database; recorded as such)
    #[arg(long = "as", global = true, value_name = "EMAIL")]
    pub on_behalf_of: Option<String>,
    /// The configuration file
    #[arg(long, global = true, env = "ORGLINK_CONFIG", value_name = "PATH")]
    pub config: Option<std::path::PathBuf>,
    /// Print one JSON document
    #[arg(long, global = true)]
    pub json: bool,
}

impl Reach {
    pub fn load_config(&self) -> Result<Config, Failed> {
        Config::load(self.config.as_deref().map(Path::new)).map_err(|e| Failed::Usage(format!("{e:#}")))
    }

    /// The database's address.
    pub fn address(&self, config: &Config) -> Result<orglink_store::Address, Failed> {
        config.address(self.database.as_deref()).map_err(|e| Failed::Usage(format!("{e:#}")))
    }

    /// For what keeps secrets in the database: the installation's key, made when it is not there yet. On a server it is.
    ///
    /// # Errors
    /// A usage error when nothing says where it is.
    pub fn require_key(&self) -> Result<(), Failed> {
        if self.server.is_some() {
            return Ok(());
        }
        let config = self.load_config()?;
        let Some(path) = config.key_file(&self.address(&config)?) else {
            let text = "the secret is kept encrypted under the installation's key: say where that is, secrets.key_file in the configuration";
            return Err(Failed::Usage(text.to_owned()));
        };
        load_key(&path)?;
        Ok(())
    }

    /// The application on a local database.
    pub async fn open(&self, schema: Schema) -> Result<Arc<App>, Failed> {
        let config = self.load_config()?;
        let address = self.address(&config)?;
        let db = open_database(&address, schema).await?;
        let key_file = config.key_file(&address);
        let key = match key_file.as_ref().filter(|path| path.exists()) {
            Some(path) => load_key(path)?,
            None => passing_key()?,
        };
        let public_url =
            if config.public_url.is_empty() { "http://localhost".to_owned() } else { config.public_url.clone() };
        Ok(assemble(&config, db, (key, key_file.as_deref()), public_url, Outbox::default())?)
    }
}

impl Client {
    /// Opens whichever way was asked for.
    pub async fn open(reach: &Reach) -> Result<Self, Failed> {
        if let Some(server) = &reach.server {
            if reach.on_behalf_of.is_some() {
                let text = "--as works only on a local database; a token speaks for its owner";
                return Err(Failed::Usage(text.to_owned()));
            }
            let Some(token) = reach.token.clone() else {
                return Err(Failed::Usage("--server needs --token (or ORGLINK_TOKEN)".to_owned()));
            };
            let http = reqwest::Client::builder().build().map_err(|e| Failed::Other(e.into()))?;
            return Ok(Self::Remote { http, server: server.trim_end_matches('/').to_owned(), token });
        }
        let app = reach.open(Schema::Require).await?;
        let operator = LocalOperator { on_behalf_of: reach.on_behalf_of.clone() };
        let router = crate::router::router(Arc::clone(&app), Network::default(), None);
        Ok(Self::Local { app, router, operator })
    }

    pub async fn get(&self, path: &str) -> Result<Value, Failed> {
        self.send("GET", path, None, None).await
    }

    /// Writes a file of the API as it comes; what breaks off is an error. Whoever has seen enough (`| head`) is no error.
    pub async fn download(&self, path: &str, out: &mut impl std::io::Write) -> Result<(), Failed> {
        let mut chunks = match self {
            Self::Local { router, operator, .. } => {
                let request = Request::builder().uri(format!("/api/v1{path}")).body(Body::empty());
                let mut request = request.map_err(|e| Failed::Usage(e.to_string()))?;
                request.extensions_mut().insert(operator.clone());
                let Ok(response) = router.clone().oneshot(request).await;
                let (is_good, status) = (response.status().is_success(), response.status().as_u16());
                let mut chunks = response.into_body().into_data_stream().map_err(anyhow::Error::from).boxed();
                if !is_good {
                    return Err(refused(status, &mut chunks).await);
                }
                chunks
            }
            Self::Remote { http, server, token } => {
                let unreachable = |e: reqwest::Error| Failed::Unreachable(format!("{server}: {e}"));
                let response = http.get(format!("{server}/api/v1{path}")).bearer_auth(token).send().await;
                let response = response.map_err(unreachable)?;
                let (is_good, status) = (response.status().is_success(), response.status().as_u16());
                let mut chunks = stream::try_unfold(response, |mut response| async move {
                    Ok::<_, anyhow::Error>(response.chunk().await?.map(|chunk| (chunk, response)))
                })
                .boxed();
                if !is_good {
                    return Err(refused(status, &mut chunks).await);
                }
                chunks
            }
        };
        while let Some(chunk) = chunks.try_next().await.map_err(Failed::Other)? {
            if let Err(e) = out.write_all(&chunk) {
                return if e.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(e.into()) };
            }
        }
        Ok(out.flush()?)
    }

    /// Changes or deletes something as it was seen: at the version given, or at the one that `of` has now.
    pub async fn change(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        seen: &Seen<'_>,
    ) -> Result<Value, Failed> {
        let version = match seen.if_version {
            Some(version) => version.to_string(),
            None => {
                self.exchange(&Sent { method: "GET", path: seen.of, ..Sent::default() }).await?.1.unwrap_or_default()
            }
        };
        let if_match = Some(format!("\"{version}\""));
        let body = body.map(|b| b.to_string().into_bytes());
        Ok(self.exchange(&Sent { method, path, body, if_match, ..Sent::default() }).await?.0)
    }

    pub async fn post(&self, path: &str, body: &Value, key: Option<&str>) -> Result<Value, Failed> {
        self.send("POST", path, Some(body.to_string().into_bytes()), key).await
    }

    /// Does something to the thing that an id names: `POST /THINGS/ID/VERB`.
    pub async fn act(&self, things: &str, id: &str, verb: &str, body: &Value) -> Result<Value, Failed> {
        self.post(&format!("/{things}/{}/{verb}", segment(id)), body, None).await
    }

    pub async fn put(&self, path: &str, body: Option<&Value>) -> Result<Value, Failed> {
        self.send("PUT", path, body.map(|b| b.to_string().into_bytes()), None).await
    }

    pub async fn delete(&self, path: &str) -> Result<Value, Failed> {
        self.send("DELETE", path, None, None).await
    }

    /// All items of a list, page after page.
    pub async fn list(&self, path: &str) -> Result<Vec<Value>, Failed> {
        let (mut items, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let join = if path.contains('?') { '&' } else { '?' };
            let from = cursor.as_ref().map(|c| format!("{join}cursor={c}")).unwrap_or_default();
            let mut page = self.get(&format!("{path}{from}")).await?;
            if let Some(Value::Array(found)) = page.get_mut("items").map(Value::take) {
                items.extend(found);
            }
            match page.get("next").and_then(Value::as_str) {
                Some(next) => cursor = Some(next.to_owned()),
                None => return Ok(items),
            }
        }
    }

    /// Sends a request; the body of a good answer (null when it has none).
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<Vec<u8>>,
        key: Option<&str>,
    ) -> Result<Value, Failed> {
        Ok(self.exchange(&Sent { method, path, body, key, if_match: None }).await?.0)
    }

    /// The body of a good answer, and the version that its `ETag` names.
    async fn exchange(&self, sent: &Sent<'_>) -> Result<(Value, Option<String>), Failed> {
        let mut headers = vec![(header::CONTENT_TYPE, "application/json".to_owned())];
        headers.extend(sent.key.map(|key| (header::HeaderName::from_static("idempotency-key"), key.to_owned())));
        headers.extend(sent.if_match.clone().map(|version| (header::IF_MATCH, version)));
        let (status, etag, bytes) = match self {
            Self::Local { app, router, operator } => {
                let mut request = Request::builder().method(sent.method).uri(format!("/api/v1{}", sent.path));
                for (name, value) in headers {
                    request = request.header(name, value);
                }
                let mut request = request
                    .body(Body::from(sent.body.clone().unwrap_or_default()))
                    .map_err(|e| Failed::Usage(e.to_string()))?;
                request.extensions_mut().insert(operator.clone());
                let Ok(response) = router.clone().oneshot(request).await;
                let (status, etag) = (response.status().as_u16(), etag_of(response.headers()));
                let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
                    .await
                    .map_err(|e| Failed::Other(e.into()))?;
                if sent.method != "GET" {
                    // The write is done; that its events wait for their positions must not look like a failure.
                    if let Err(e) = upkeep::sequence_pending(app).await {
                        eprintln!("orglink: done, but events could not be placed yet: {e}");
                    } else if let Err(e) = notify::notify_pending(app).await {
                        eprintln!("orglink: done, but nobody could be told yet: {e}");
                    }
                }
                (status, etag, bytes.to_vec())
            }
            Self::Remote { http, server, token } => {
                let method = sent.method.parse().map_err(|_| Failed::Usage("not a method".to_owned()))?;
                let mut request = http.request(method, format!("{server}/api/v1{}", sent.path)).bearer_auth(token);
                for (name, value) in headers {
                    request = request.header(name, value);
                }
                if let Some(body) = &sent.body {
                    request = request.body(body.clone());
                }
                let unreachable = |e: reqwest::Error| Failed::Unreachable(format!("{server}: {e}"));
                let response = request.send().await.map_err(unreachable)?;
                let (status, etag) = (response.status().as_u16(), etag_of(response.headers()));
                (status, etag, response.bytes().await.map_err(unreachable)?.to_vec())
            }
        };
        if (200..300).contains(&status) {
            if bytes.is_empty() {
                return Ok((Value::Null, etag));
            }
            return serde_json::from_slice(&bytes).map(|body| (body, etag)).map_err(|e| Failed::Other(e.into()));
        }
        match serde_json::from_slice::<Problem>(&bytes) {
            Ok(problem) => Err(Failed::Problem(Box::new(problem))),
            Err(_) => Err(Failed::Other(anyhow::anyhow!("the server answered {status}, not as orglink does"))),
        }
    }
}

/// What an answer that is no good says.
async fn refused(status: u16, chunks: &mut stream::BoxStream<'_, anyhow::Result<axum::body::Bytes>>) -> Failed {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = chunks.try_next().await {
        bytes.extend_from_slice(&chunk);
    }
    match serde_json::from_slice::<Problem>(&bytes) {
        Ok(problem) => Failed::Problem(Box::new(problem)),
        Err(_) => Failed::Other(anyhow::anyhow!("the server answered {status}, not as orglink does")),
    }
}

/// A request to the API.
#[derive(Default)]
struct Sent<'a> {
    method: &'a str,
    path: &'a str,
    body: Option<Vec<u8>>,
    key: Option<&'a str>,
    if_match: Option<String>,
}

/// Which version of what is changed.
pub struct Seen<'a> {
    /// Whose `ETag` it is.
    pub of: &'a str,
    /// The version that somebody insists on.
    pub if_version: Option<i64>,
}

fn etag_of(headers: &axum::http::HeaderMap) -> Option<String> {
    headers.get(header::ETAG).and_then(|v| v.to_str().ok()).map(|v| v.trim_matches('"').to_owned())
}

/// A name as a part of a path.
#[must_use]
pub fn segment(name: &str) -> String {
    use std::fmt::Write as _;
    name.bytes().fold(String::new(), |mut out, b| {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~' | b':') {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
        out
    })
}
