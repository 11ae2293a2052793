//! `orglink key …`

use clap::Subcommand;
use serde_json::json;

use super::refuse_server;
use crate::client::Reach;
use crate::exit;
use crate::keys::rotate;
use crate::output::{Failed, Outcome, print_json};

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Put a new key first in the key file; the older ones are accepted for 14 more days
    Rotate {
        /// Where the installation's key is
        #[arg(long, value_name = "PATH")]
        key_file: Option<std::path::PathBuf>,
    },
}

impl Key {
    pub fn run(self, reach: &Reach) -> Outcome {
        refuse_server(reach, "key")?;
        let config = reach.load_config()?;
        let Self::Rotate { key_file } = self;
        let path = match key_file {
            Some(path) => path,
            None => config.key_file(&reach.address(&config)?).ok_or_else(|| {
                Failed::Usage(
                    "no key file is named: secrets.key_file in the configuration, or --key-file PATH".to_owned(),
                )
            })?,
        };
        let accepted = rotate(&path)?;
        if reach.json {
            print_json(&json!({ "key_file": path, "accepted": accepted }));
        } else {
            println!("{} has a new key; {} older ones are accepted for a while.", path.display(), accepted - 1);
            println!("Give the file to every replica, then send each orglink serve SIGHUP, or restart it.");
        }
        Ok(exit::DONE)
    }
}
