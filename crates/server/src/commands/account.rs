//! `orglink account …`

use clap::Subcommand;
use orglink_app::sign_in;
use serde_json::json;

use super::refuse_server;
use crate::client::Reach;
use crate::exit;
use crate::open::Schema;
use crate::output::{Outcome, print_json};

#[derive(Debug, Subcommand)]
pub enum Account {
    /// A link with which somebody chooses a password, once, within a day (on the database itself)
    SignInLink { email: String },
}

impl Account {
    pub async fn run(self, reach: &Reach) -> Outcome {
        refuse_server(reach, "account sign-in-link")?;
        if reach.load_config()?.public_url.is_empty() {
            eprintln!("orglink: public_url is not configured; put your server's address in front of the path");
        }
        let app = reach.open(Schema::Require).await?;
        let Self::SignInLink { email } = self;
        let link = sign_in::create_password_link(&app, &email).await?;
        if reach.json {
            print_json(&json!({ "link": link }));
        } else {
            println!("{link}");
        }
        Ok(exit::DONE)
    }
}
