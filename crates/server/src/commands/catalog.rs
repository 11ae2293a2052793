//! `orglink catalog …`

use std::path::PathBuf;

use clap::Subcommand;
use orglink_app::catalog::check;
use serde_json::json;

use super::refuse_server;
use crate::client::Reach;
use crate::exit;
use crate::output::{Failed, Outcome, print_json};

#[derive(Debug, Subcommand)]
pub enum Catalog {
    /// Say what is wrong with a catalog file, with line and field; changes nothing
    Check {
        /// The file; without it, the catalog that the configuration names
        file: Option<PathBuf>,
    },
}

impl Catalog {
    pub fn run(self, reach: &Reach) -> Outcome {
        refuse_server(reach, "catalog")?;
        let Self::Check { file } = self;
        let (name, text) = match file {
            Some(path) => {
                let unreadable = |e| Failed::Usage(format!("cannot read {}: {e}", path.display()));
                (path.display().to_string(), std::fs::read_to_string(&path).map_err(unreadable)?)
            }
            None => {
                let config = reach.load_config()?;
                let name = if config.catalog.is_empty() { "the built-in catalog" } else { &config.catalog };
                (name.to_owned(), config.catalog_text()?)
            }
        };
        let findings = check(&text);
        let errors: Vec<String> = findings.iter().filter(|f| f.is_error).map(ToString::to_string).collect();
        let warnings: Vec<String> = findings.iter().filter(|f| !f.is_error).map(ToString::to_string).collect();
        if reach.json {
            print_json(&json!({ "catalog": name, "errors": errors, "warnings": warnings }));
        }
        for error in &errors {
            eprintln!("{name}: {error}");
        }
        for warning in &warnings {
            eprintln!("{name}: warning: {warning}");
        }
        if !errors.is_empty() {
            return Ok(exit::BAD_INPUT);
        }
        if !reach.json {
            println!("{name} is a good catalog.");
        }
        Ok(exit::DONE)
    }
}
