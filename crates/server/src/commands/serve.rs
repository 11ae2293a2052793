//! `orglink serve`

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use metrics_exporter_prometheus::PrometheusBuilder;
use orglink_app::{App, registry, sign_in};
use orglink_store::Address;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use super::refuse_server;
use crate::client::Reach;
use crate::config::{Config, Log, LogFormat};
use crate::exit;
use crate::keys::load_key;
use crate::listen;
use crate::metrics::Metrics;
use crate::open::{Schema, assemble, free_bytes, open_database};
use crate::output::{Failed, Outcome};

#[derive(Debug, Args)]
pub struct Serve {
    /// The address and port to listen on
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Where people reach this installation
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Where the installation's key is
    #[arg(long, value_name = "PATH")]
    key_file: Option<String>,
}

impl Serve {
    pub async fn run(self, reach: &Reach) -> Outcome {
        refuse_server(reach, "serve")?;
        let mut config = reach.load_config()?;
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        if let Some(url) = self.public_url {
            config.public_url = url;
        }
        if let Some(path) = self.key_file {
            config.secrets.key_file = path;
        }
        start_logging(&config.log)?;
        let address = reach.address(&config)?;
        let listener = bind(&config.listen).await?;
        let public_url = public_url(&config.public_url, listener.local_addr()?)?;
        let Some(key_file) = config.key_file(&address) else {
            let text =
                "with PostgreSQL the key must be named: secrets.key_file in the configuration, or --key-file PATH";
            return Err(Failed::Usage(text.to_owned()));
        };
        let db = open_database(&address, Schema::Prepare).await?;
        let outbox = config.mail.outbox(&public_url).map_err(|e| Failed::Usage(format!("{e:#}")))?;
        let app = assemble(&config, db, (load_key(&key_file)?, Some(&key_file)), public_url, outbox)?;
        if let Some(link) = sign_in::create_first_operator_link(&app).await? {
            println!("There is no operator yet. Make the first one here, once, within a day:\n  {link}");
        }
        if app.settings.registry.is_some() {
            registry::ensure_key(&app).await?;
        }
        println!("orglink is at {}", app.settings.public_url);
        reload_key_when_asked(&app, key_file);
        watch_room(&address);
        run_server(app, &config, listener).await
    }
}

/// Takes the address before anything else is done.
pub async fn bind(listen: &str) -> Result<TcpListener, Failed> {
    TcpListener::bind(listen)
        .await
        .map_err(|e| Failed::Usage(format!("cannot listen on '{listen}' (ADDRESS:PORT): {e}")))
}

/// The configured URL, or on loopback the address itself.
fn public_url(configured: &str, at: SocketAddr) -> Result<String, Failed> {
    if configured.is_empty() {
        if at.ip().is_loopback() {
            // By name: passkeys belong to one, and an address has none.
            return Ok(format!("http://localhost:{}", at.port()));
        }
        let text = "public_url is required when others than this machine can reach the server (configuration, or --public-url)";
        return Err(Failed::Usage(text.to_owned()));
    }
    let host = configured.strip_prefix("https://").or_else(|| configured.strip_prefix("http://")).unwrap_or_default();
    let host = host.trim_end_matches('/');
    if host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) {
        let text = format!("public_url '{configured}' is not like https://orglink.company.example");
        return Err(Failed::Usage(text));
    }
    Ok(configured.trim_end_matches('/').to_owned())
}

/// Logs to standard error.
pub fn start_logging(log: &Log) -> Result<(), Failed> {
    let filter = EnvFilter::try_new(&log.level).map_err(|e| Failed::Usage(format!("log.level: {e}")))?;
    // A log that cannot be written (its disk is full) must not stop what it is about.
    let lines = tracing_subscriber::fmt().log_internal_errors(false).with_env_filter(filter);
    let lines = lines.with_writer(std::io::stderr);
    let _ = match log.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init(),
    };
    Ok(())
}

/// Counts, for as long as the program runs; what may be asked here, on the server's own address.
async fn start_metrics(config: &Config, app: &App, at: SocketAddr) -> Result<Option<Metrics>, Failed> {
    let Ok(handle) = PrometheusBuilder::new().install_recorder() else { return Ok(None) };
    let counted = handle.clone();
    tokio::spawn(async move {
        // Without it, samples would pile up while nobody looks.
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            counted.run_upkeep();
        }
    });
    let token = config.metrics.token()?;
    let metrics = Metrics::new(handle, token.as_deref());
    if !config.metrics.listen.is_empty() {
        let listener = bind(&config.metrics.listen).await?;
        println!("metrics are at http://{}/metrics", listener.local_addr()?);
        tokio::spawn(listen::serve(listener, metrics.router(), listen::HEAD, std::future::pending()));
        return Ok(None);
    }
    // A proxy on this machine would hand on what only this machine may see.
    let host = app.settings.public_url.split_once("://").map_or("", |(_, host)| host);
    let is_alone = at.ip().is_loopback() && ["localhost", "127.0.0.1", "[::1]"].iter().any(|l| host.starts_with(l));
    Ok((token.is_some() || is_alone).then_some(metrics))
}

/// Says from time to time how much room is left where a SQLite file grows.
fn watch_room(address: &Address) {
    let Address::Sqlite(path) = address else { return };
    let path = path.clone();
    tokio::spawn(async move {
        loop {
            if let Some(free) = free_bytes(&path) {
                #[expect(clippy::cast_precision_loss, reason = "gauges are floating-point numbers")]
                metrics::gauge!("orglink_database_free_bytes").set(free as f64);
            }
            tokio::time::sleep(Duration::from_secs(15)).await;
        }
    });
}

/// Serves until it is asked to stop; then finishes what was begun.
pub async fn run_server(app: Arc<App>, config: &Config, listener: TcpListener) -> Outcome {
    let metrics = start_metrics(config, &app, listener.local_addr()?).await?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let mut loops = orglink_jobs::start(&app, &stopped);
    let router = crate::router::router(Arc::clone(&app), config.network(), metrics);
    let mut asked = stopped.clone();
    tokio::spawn(async move {
        wait_for_signal().await;
        let _ = stop.send(true);
    });
    let server = listen::serve(listener, router, listen::HEAD, async move {
        let _ = asked.changed().await;
    });
    let mut ending = stopped.clone();
    let overdue = async move {
        let _ = ending.changed().await;
        // Open event streams have no end of their own.
        tokio::time::sleep(Duration::from_secs(5)).await;
    };
    tokio::select! {
        () = server => {}
        () = overdue => {}
    }
    while loops.join_next().await.is_some() {}
    app.db.close().await;
    Ok(exit::DONE)
}

/// Reads the key file again at every SIGHUP; keeps what it has when the file cannot be read.
fn reload_key_when_asked(app: &Arc<App>, key_file: std::path::PathBuf) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut asked) = signal(SignalKind::hangup()) else { return };
        let app = Arc::clone(app);
        tokio::spawn(async move {
            while asked.recv().await.is_some() {
                match load_key(&key_file) {
                    Ok(key) => {
                        app.key.replace(&key);
                        tracing::info!("the key file was read again");
                    }
                    Err(e) => {
                        tracing::error!(error = %e, "the key file could not be read again; the keys stay as they were");
                    }
                }
            }
        });
    }
    #[cfg(not(unix))]
    let _ = (app, key_file);
}

async fn wait_for_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
