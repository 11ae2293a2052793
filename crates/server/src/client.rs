//! The API as commands use it: in this process, with the operator at the machine as principal, or over HTTP. Which of the
//! two is decided here; everything else is `orglink-client`, as other people's programs use it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use orglink_app::App;
use orglink_app::outbox::Outbox;
use orglink_client::reqwest::Method;
use orglink_client::{Http, Request, Retries, Version};
use orglink_http::LocalOperator;
use serde_json::Value;

pub use orglink_client::segment;

use crate::config::Config;
use crate::in_process::InProcess;
use crate::keys::{load_key, passing_key};
use crate::open::{Schema, assemble, open_database};
use crate::output::Failed;

/// Where commands send their requests.
pub struct Client {
    api: orglink_client::Client,
    /// The application, when it is in this process.
    app: Option<Arc<App>>,
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
            let Some(token) = &reach.token else {
                return Err(Failed::Usage("--server needs --token (or ORGLINK_TOKEN)".to_owned()));
            };
            // An import or a rehearsal may take its time; whoever waits can end it.
            let http = Http::new(server, token)?.with_patience(Duration::MAX);
            return Ok(Self { api: orglink_client::Client::over(http), app: None });
        }
        let app = reach.open(Schema::Require).await?;
        let operator = LocalOperator { on_behalf_of: reach.on_behalf_of.clone() };
        let api = orglink_client::Client::over(InProcess::new(Arc::clone(&app), operator));
        // What this process cannot do now it cannot do in a moment either: scripts decide how often they try.
        Ok(Self { api: api.with_retries(Retries::NONE), app: Some(app) })
    }

    /// The application, when it is in this process.
    pub fn app(&self) -> Option<&App> {
        self.app.as_deref()
    }

    pub async fn get(&self, path: &str) -> Result<Value, Failed> {
        Ok(self.api.get(path).await?)
    }

    /// Writes a file of the API as it comes; what breaks off is an error.
    pub async fn download(&self, path: &str, out: &mut impl std::io::Write) -> Result<(), Failed> {
        let mut chunks = self.api.download(path).await?;
        let broken_off = |e: orglink_client::Error| if self.app.is_some() { Failed::Other(e.into()) } else { e.into() };
        while let Some(chunk) = chunks.try_next().await.map_err(broken_off)? {
            out.write_all(&chunk)?;
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
            Some(version) => Version::from(version),
            None => self.api.get_with_version::<Value>(seen.of).await?.1,
        };
        let request = request(method, path, body.map(|b| b.to_string().into_bytes()))?;
        Ok(self.api.send(request.if_match(&version)).await?)
    }

    pub async fn post(&self, path: &str, body: &Value, key: Option<&str>) -> Result<Value, Failed> {
        Ok(self.api.post(path, body, key).await?)
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
        Ok(self.api.list(path).try_collect().await?)
    }

    /// Sends a request; the body of a good answer (null when it has none).
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<Vec<u8>>,
        key: Option<&str>,
    ) -> Result<Value, Failed> {
        let mut request = request(method, path, body)?;
        if let Some(key) = key {
            request = request.idempotency_key(key)?;
        }
        Ok(self.api.send(request).await?)
    }
}

fn request(method: &str, path: &str, body: Option<Vec<u8>>) -> Result<Request, Failed> {
    let method = Method::from_bytes(method.as_bytes()).map_err(|_| Failed::Usage("not a method".to_owned()))?;
    let request = Request::new(method, path);
    Ok(match body {
        Some(body) => request.bytes(body),
        None => request,
    })
}

/// Which version of what is changed.
pub struct Seen<'a> {
    /// Whose `ETag` it is.
    pub of: &'a str,
    /// The version that somebody insists on.
    pub if_version: Option<i64>,
}
