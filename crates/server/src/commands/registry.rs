//! `orglink registry …`: what a container registry needs to know of this installation, and the keys of its tokens.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Subcommand;
use orglink_app::registry::{self, Key};
use orglink_app::{App, Error, Principal, upkeep};
use serde_json::{Value, json};

use super::{print_done, refuse_server};
use crate::client::Reach;
use crate::exit;
use crate::keys::load_key;
use crate::open::Schema;
use crate::output::{Failed, Outcome, print_json, print_table};

#[derive(Debug, Subcommand)]
pub enum Registry {
    /// Print a configuration for Docker's registry (registry.yml); it holds a secret
    Configuration {
        /// Where the registry finds the file of `orglink registry certificates`
        #[arg(long, value_name = "PATH", default_value = "/etc/docker/registry/orglink.pem")]
        certificates: String,
    },
    /// Print the certificates that every registry must accept now (PEM: its rootcertbundle)
    Certificates {
        /// Write them to this file instead
        #[arg(long, value_name = "PATH")]
        out: Option<PathBuf>,
    },
    /// The keys that sign tokens
    Keys,
    /// Make the key that is to sign next, with the algorithm that is configured
    PrepareKey,
    /// Let the key that was prepared sign; not before its certificate was handed out
    RotateKey,
    /// Give the name of a deleted workspace free, after its images were deleted in the registry
    ReleaseName {
        /// The first part of its images' names
        name: String,
    },
}

impl Registry {
    pub async fn run(self, reach: &Reach) -> Outcome {
        refuse_server(reach, "registry")?;
        let app = open(reach).await?;
        let operator = Principal::local_operator();
        match self {
            Self::Configuration { certificates } => {
                let text = configuration(&app, &certificates)?;
                if reach.json { print_json(&json!({ "configuration": text })) } else { print!("{text}") }
            }
            Self::Certificates { out } => {
                let pem = registry::hand_out_certificates(&app).await?;
                match out {
                    Some(path) => {
                        std::fs::write(&path, &pem).with_context(|| format!("cannot write {}", path.display()))?;
                        print_done(reach);
                    }
                    None if reach.json => print_json(&json!({ "certificates": pem })),
                    None => print!("{pem}"),
                }
            }
            Self::Keys => print_keys(reach, &registry::list_keys(&app).await?),
            Self::PrepareKey => {
                let key = registry::prepare_key(&app, &operator).await?;
                upkeep::sequence_pending(&app).await?;
                if reach.json {
                    print_json(&of_key(&key));
                } else {
                    println!("A key for {} waits. Now:", key.algorithm);
                    println!("1. orglink registry certificates --out orglink.pem");
                    println!("2. Give the file to every registry, and restart each.");
                    println!("3. orglink registry rotate-key");
                }
            }
            Self::RotateKey => {
                let key = registry::rotate_key(&app, &operator).await?;
                upkeep::sequence_pending(&app).await?;
                if reach.json {
                    print_json(&of_key(&key));
                } else {
                    println!("The new key signs from now on ({}).", key.algorithm);
                    println!("In a day, `orglink registry certificates` no longer holds the old one's certificate.");
                }
            }
            Self::ReleaseName { name } => {
                registry::release_name(&app, &operator, &name).await?;
                upkeep::sequence_pending(&app).await?;
                print_done(reach);
            }
        }
        Ok(exit::DONE)
    }
}

/// The application with the installation's key, which is made when its file is named and not there.
async fn open(reach: &Reach) -> Result<Arc<App>, Failed> {
    let config = reach.load_config()?;
    let Some(path) = config.key_file(&reach.address(&config)?) else {
        return Err(Failed::Usage("no key file is named: secrets.key_file in the configuration".to_owned()));
    };
    let app = reach.open(Schema::Require).await?;
    app.key.replace(&load_key(&path)?);
    Ok(app)
}

fn configuration(app: &App, certificates: &str) -> Result<String, Error> {
    let here = &app.settings.public_url;
    let Some(registry) = &app.settings.registry else {
        let detail = "Name the registry first: registry.url in the configuration file.";
        return Err(Error::refused("not_served", "There is no registry", detail));
    };
    let (service, secret) = (&registry.service, registry::notification_secret(app));
    Ok(format!(
        "version: 0.1
log: {{level: info}}
storage:
  filesystem: {{rootdirectory: /var/lib/docker-registry}}
  delete: {{enabled: true}}
http:
  addr: :5000
auth:
  token:
    realm: {here}/registry/token
    service: {service}
    issuer: {here}
    rootcertbundle: {certificates}
notifications:
  events: {{includereferences: true}}
  endpoints:
    - name: orglink
      url: {here}/registry/notifications
      headers: {{Authorization: [Bearer {secret}]}}
      timeout: 10s
      threshold: 5
      backoff: 10s
"
    ))
}

fn of_key(key: &Key) -> Value {
    json!({
        "id": key.id.to_string(),
        "state": key.state,
        "algorithm": key.algorithm,
        "created_at": key.created_at,
        "handed_out_at": key.handed_out_at,
        "signs_since": key.signs_since,
        "retired_at": key.retired_at,
    })
}

fn print_keys(reach: &Reach, keys: &[Key]) {
    if reach.json {
        let items: Vec<Value> = keys.iter().map(of_key).collect();
        print_json(&json!({ "items": items, "next": null }));
        return;
    }
    let moment = |at: Option<orglink_domain::clock::Timestamp>| {
        at.map(orglink_domain::clock::Timestamp::to_minute).unwrap_or_default()
    };
    let rows: Vec<Vec<String>> = keys
        .iter()
        .map(|k| {
            vec![
                k.id.to_string(),
                k.state.to_string(),
                k.algorithm.to_string(),
                moment(k.handed_out_at),
                moment(k.signs_since),
                moment(k.retired_at),
            ]
        })
        .collect();
    print_table(&["key", "state", "algorithm", "handed out", "signs since", "retired"], &rows);
}
