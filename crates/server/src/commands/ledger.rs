//! `orglink ledger …`: the transparency log of a database at hand.

use std::sync::Arc;

use clap::Subcommand;
use orglink_app::ledger::{self, LogName};
use orglink_app::{App, Error, Principal, upkeep};
use serde_json::json;

use super::refuse_server;
use crate::client::Reach;
use crate::exit;
use crate::keys::load_key;
use crate::open::Schema;
use crate::output::{Failed, Outcome, print_json};

#[derive(Debug, Subcommand)]
pub enum Ledger {
    /// Print the key that checkpoints are verified with (a C2SP verifier key)
    PublicKey,
    /// Print the newest signed checkpoint
    Checkpoint,
    /// Recompute the whole tree from the events and compare it with what was signed (exit code 3 when it differs)
    Verify,
    /// Prove that an event is in the tree
    Proof {
        /// The event's position, as orglink events shows it
        #[arg(long, value_name = "POSITION")]
        position: i64,
    },
    /// Begin another ledger that names this one: after restoring an older backup, or for a new key
    Restart {
        #[arg(long)]
        reason: String,
    },
}

impl Ledger {
    pub async fn run(self, reach: &Reach) -> Outcome {
        refuse_server(reach, "ledger")?;
        let (app, has_key) = open(reach, !matches!(self, Self::Verify)).await?;
        match self {
            Self::PublicKey => {
                if has_key && is_absent(ledger::find_public_key(&app).await)? {
                    go_on(&app).await?;
                }
                let key = ledger::find_public_key(&app).await?;
                if reach.json { print_json(&json!({ "public_key": key })) } else { println!("{key}") }
            }
            Self::Checkpoint => {
                if has_key {
                    go_on(&app).await?;
                }
                let note = ledger::find_checkpoint(&app, LogName::Current).await?;
                if reach.json { print_json(&json!({ "checkpoint": note })) } else { print!("{note}") }
            }
            Self::Verify => return verify(&app, reach).await,
            Self::Proof { position } => {
                if has_key {
                    go_on(&app).await?;
                }
                let proof = ledger::prove_inclusion(&app, position).await?;
                if reach.json {
                    print_json(&json!(proof));
                } else {
                    println!("Position {} is leaf {} of {} in {}.", position, proof.index, proof.size, proof.origin);
                    println!("{}", proof.entry);
                    proof.path.iter().for_each(|hash| println!("{hash}"));
                    print!("\n{}", proof.checkpoint);
                }
            }
            Self::Restart { reason } => {
                if !has_key {
                    return Err(Failed::Usage(
                        "no key file is named: secrets.key_file in the configuration".to_owned(),
                    ));
                }
                let origin = ledger::restart(&app, &Principal::local_operator(), &reason).await?;
                go_on(&app).await?;
                if reach.json {
                    print_json(&json!({ "origin": origin }));
                } else {
                    println!("{origin} goes on from here, with a key of its own: orglink ledger public-key");
                }
            }
        }
        Ok(exit::DONE)
    }
}

/// The application; where something may be signed, with the key for it, made when its file is named and not there. Whether
/// there is one.
async fn open(reach: &Reach, signs: bool) -> Result<(Arc<App>, bool), Failed> {
    let config = reach.load_config()?;
    let key_file = config.key_file(&reach.address(&config)?).filter(|_| signs);
    let app = reach.open(Schema::Require).await?;
    if let Some(path) = &key_file {
        app.key.replace(&load_key(path)?);
    }
    Ok((app, key_file.is_some()))
}

/// Takes in what happened so far, as `orglink serve` does by itself.
async fn go_on(app: &App) -> Result<(), Error> {
    upkeep::sequence_pending(app).await?;
    ledger::integrate_all(app).await
}

/// Takes in what happened so far, where a key file is named.
pub(super) async fn catch_up(reach: &Reach) -> Result<(), Failed> {
    let (app, has_key) = open(reach, true).await?;
    if has_key {
        go_on(&app).await?;
    }
    Ok(())
}

fn is_absent<T>(found: Result<T, Error>) -> Result<bool, Error> {
    match found {
        Ok(_) => Ok(false),
        Err(Error::NotFound { .. }) => Ok(true),
        Err(e) => Err(e),
    }
}

async fn verify(app: &App, reach: &Reach) -> Outcome {
    let Some(found) = ledger::verify(app).await? else {
        return Err(Error::not_found("ledger", "current").into());
    };
    let is_good = found.problems.is_empty();
    if reach.json {
        print_json(&json!({
            "valid": is_good,
            "origin": found.origin,
            "size": found.size,
            "root": found.root,
            "problems": found.problems,
        }));
    } else if is_good {
        println!("{} events are those that {} signed: root {}.", found.size, found.origin, found.root);
    } else {
        found.problems.iter().for_each(|problem| println!("{problem}"));
    }
    Ok(if is_good { exit::DONE } else { exit::REFUSED })
}
