//! `orglink receipt …`

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use orglink_app::receipt::verify_receipt;
use orglink_domain::digest::canonical_json;
use orglink_domain::ledger::VerifierKey;
use orglink_domain::receipt::{LIMITS, Verified, Wrong};
use serde_json::json;

use super::ledger::catch_up;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Failed, Outcome, print_json};

#[derive(Debug, Subcommand)]
pub enum Receipt {
    /// Get the receipt of a link, or of its undoing, to be kept as it is
    Export(Export),
    /// Check a receipt with nothing but the public key: no database, no server (exit code 3 when anything is wrong)
    Verify(Verify),
}

#[derive(Debug, Args)]
pub struct Export {
    /// The workspace, by slug or id
    #[arg(long, value_name = "WORKSPACE", required_unless_present = "link")]
    workspace: Option<String>,
    /// Of this link, by id, also when it has ended; otherwise of the one that the workspace has, or of what ended the last one
    #[arg(long, value_name = "LINK")]
    link: Option<String>,
    /// The receipt of taking the link back
    #[arg(long)]
    undo: bool,
    /// The receipt of the migration of the workspace's users
    #[arg(long, conflicts_with = "undo")]
    users: bool,
    /// Where to write it; on standard output otherwise
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Verify {
    /// The receipt
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A file with the ledger's public key, as orglink ledger public-key prints it
    #[arg(long, value_name = "KEYFILE")]
    public_key: PathBuf,
}

impl Receipt {
    pub async fn run(self, reach: &Reach) -> Outcome {
        match self {
            Self::Export(export) => export.run(reach).await,
            Self::Verify(verify) => verify.run(reach.json),
        }
    }
}

impl Export {
    async fn run(self, reach: &Reach) -> Outcome {
        if reach.server.is_none()
            && let Err(Failed::Problem(problem)) = catch_up(reach).await
        {
            // What the ledger holds already has its receipts all the same.
            eprintln!("orglink: the ledger does not go on: {}", problem.detail);
        }
        let client = Client::open(reach).await?;
        // What was read is canonical, so that it is written again as the same bytes.
        let receipt = client.get(&self.path()).await?;
        let bytes = canonical_json(&receipt).map_err(|e| Failed::Other(e.into()))?;
        let Some(path) = &self.out else {
            let mut out = std::io::stdout().lock();
            out.write_all(&bytes)?;
            out.flush()?;
            return Ok(exit::DONE);
        };
        std::fs::write(path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
        if reach.json {
            print_json(&json!({ "file": path, "bytes": bytes.len() }));
        } else {
            println!("{} is the receipt: orglink receipt verify checks it.", path.display());
        }
        Ok(exit::DONE)
    }

    fn path(&self) -> String {
        let act = match (self.undo, self.users) {
            (true, _) => "undo",
            (_, true) => "migrate_users",
            _ => "link",
        };
        match (&self.workspace, &self.link) {
            (Some(workspace), Some(link)) => {
                format!("/workspaces/{}/receipt?link={}&act={act}", segment(workspace), segment(link))
            }
            (None, Some(link)) => format!("/links/{}/receipt?act={act}", segment(link)),
            (workspace, None) => {
                let query = if act == "link" { String::new() } else { format!("?act={act}") };
                format!("/workspaces/{}/receipt{query}", segment(workspace.as_deref().unwrap_or_default()))
            }
        }
    }
}

impl Verify {
    fn run(self, wants_json: bool) -> Outcome {
        let key = read(&self.public_key)?;
        let key: Option<VerifierKey> = std::str::from_utf8(&key).ok().and_then(|text| text.trim().parse().ok());
        let Some(key) = key else {
            let path = self.public_key.display();
            let text = format!("{path} holds no public key of a ledger, as orglink ledger public-key prints it");
            return Err(Failed::Usage(text));
        };
        let outcome = verify_receipt(&read(&self.file)?, &key);
        if wants_json {
            print_json(&document_of(&outcome));
        } else {
            tell(&outcome);
        }
        Ok(if outcome.is_ok() { exit::DONE } else { exit::REFUSED })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failed> {
    Ok(std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?)
}

fn document_of(outcome: &Result<Verified, Wrong>) -> serde_json::Value {
    match outcome {
        Ok(verified) => json!({
            "valid": true,
            "act": verified.act,
            "says": verified.headline(),
            "facts": verified.facts(),
            "origin": verified.checkpoint.origin,
            "size": verified.checkpoint.size,
        }),
        Err(wrong) => json!({ "valid": false, "field": wrong.field, "detail": wrong.detail }),
    }
}

fn tell(outcome: &Result<Verified, Wrong>) {
    match outcome {
        Ok(verified) => {
            println!("The receipt holds. {}", verified.headline());
            for fact in verified.facts() {
                println!("  {:<21} {}", fact.label, fact.text);
            }
            println!("{LIMITS}");
        }
        Err(wrong) => eprintln!("orglink: the receipt does not hold. {wrong}"),
    }
}
