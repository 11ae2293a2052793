//! `orglink account …`

use clap::Subcommand;
use orglink_app::sign_in;
use serde_json::{Map, Value, json};

use super::ask::Sure;
use super::organization::{list, show};
use super::{print_done, refuse_server, text};
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::open::Schema;
use crate::output::{Outcome, print_json};

#[derive(Debug, Subcommand)]
pub enum Account {
    /// A link with which somebody chooses a password, once, within a day (on the database itself)
    SignInLink { email: String },
    /// Your own account
    Show,
    /// Change your name or your time zone
    Change {
        #[arg(long)]
        name: Option<String>,
        /// Like Europe/Berlin; empty for UTC
        #[arg(long, value_name = "ZONE")]
        time_zone: Option<String>,
        /// Another address: a link is sent to it, and it is yours when you follow that
        #[arg(long)]
        email: Option<String>,
    },
    /// Close your account and erase what is personal of it; there is no way back
    Erase {
        /// Only say what it would do, and what stands in its way
        #[arg(long)]
        preview: bool,
        #[command(flatten)]
        sure: Sure,
    },
    /// The browsers in which you are signed in
    Sessions,
    /// End one of your sessions
    EndSession { id: String },
    /// End all your sessions
    EndSessions {
        /// The id of one that goes on
        #[arg(long, value_name = "ID")]
        keep: Option<String>,
    },
    /// Your passkeys (they are added in a browser)
    Passkeys,
    /// Remove one of your passkeys
    RemovePasskey { id: String },
    /// Make new recovery codes in place of those you had; they are shown this once
    RecoveryCodes,
    /// Every account (operator)
    List {
        /// Only those whose address contains this
        #[arg(long, value_name = "TEXT", default_value = "")]
        containing: String,
    },
    /// Stop an account: signed out everywhere, tokens ended (operator)
    Suspend {
        email: String,
        /// Why, in one line
        #[arg(long)]
        reason: String,
    },
    /// Let a suspended account sign in again (operator)
    Restore { email: String },
}

impl Account {
    pub async fn run(self, reach: &Reach) -> Outcome {
        if let Self::SignInLink { email } = self {
            return print_link(reach, &email).await;
        }
        let client = Client::open(reach).await?;
        let suspension = |email: &str| format!("/operator/accounts/{}/suspension", segment(email));
        match self {
            Self::SignInLink { .. } => {}
            Self::Show => show(reach, &client.get("/me").await?),
            Self::Change { name, time_zone, email } => {
                let mut change = Map::new();
                change.extend(name.map(|name| ("name".to_owned(), name.into())));
                change.extend(time_zone.map(|zone| ("time_zone".to_owned(), zone.into())));
                client.send("PATCH", "/me", Some(json!(change).to_string().into_bytes()), None).await?;
                if let Some(email) = email {
                    client.put("/me/address", Some(&json!({ "email": email }))).await?;
                    eprintln!("A link is on its way to {email}; it is yours when you follow that.");
                }
                print_done(reach);
            }
            Self::Erase { preview, sure } => {
                let wanted = client.get("/me/erasure").await?;
                if preview {
                    show_erasure(reach, &wanted);
                    return Ok(exit::DONE);
                }
                let email = text(&wanted, "email");
                if !sure.confirms(&format!("Erase the account {email}, once and for all?"))? {
                    return Ok(exit::REFUSED);
                }
                client.post("/me/erasure", &json!({ "confirm": email }), None).await?;
                print_done(reach);
            }
            Self::Sessions => {
                let columns =
                    [("id", "id"), ("browser", "browser"), ("address", "from"), ("last_seen_at", "last used")];
                list(reach, &client.list("/me/sessions").await?, &columns);
            }
            Self::EndSession { id } => {
                client.delete(&format!("/me/sessions/{}", segment(&id))).await?;
                print_done(reach);
            }
            Self::EndSessions { keep } => {
                let keep = keep.unwrap_or_else(|| "none".to_owned());
                let answer = client.delete(&format!("/me/sessions?keep={}", segment(&keep))).await?;
                show(reach, &answer);
            }
            Self::Passkeys => {
                let columns = [("id", "id"), ("name", "name"), ("created_at", "added"), ("last_used_at", "last used")];
                list(reach, &client.list("/me/passkeys").await?, &columns);
            }
            Self::RemovePasskey { id } => {
                client.delete(&format!("/me/passkeys/{}", segment(&id))).await?;
                print_done(reach);
            }
            Self::RecoveryCodes => {
                let answer = client.post("/me/recovery-codes", &json!({}), None).await?;
                if reach.json {
                    print_json(&answer);
                } else {
                    for code in answer["codes"].as_array().into_iter().flatten() {
                        println!("{}", code.as_str().unwrap_or_default());
                    }
                    eprintln!("Put them away. Each signs you in once; they are not shown again.");
                }
            }
            Self::List { containing } => {
                let found = client.list(&format!("/operator/accounts?q={}", segment(&containing))).await?;
                let columns = [("email", "address"), ("name", "name"), ("is_suspended", "suspended")];
                list(reach, &found, &columns);
            }
            Self::Suspend { email, reason } => {
                client.put(&suspension(&email), Some(&json!({ "reason": reason }))).await?;
                print_done(reach);
            }
            Self::Restore { email } => {
                client.delete(&suspension(&email)).await?;
                print_done(reach);
            }
        }
        Ok(exit::DONE)
    }
}

/// What erasing would do, in words.
fn show_erasure(reach: &Reach, wanted: &Value) {
    if reach.json {
        print_json(wanted);
        return;
    }
    show(reach, wanted);
    for (kind, field) in [("workspace", "workspaces"), ("organization", "organizations")] {
        for left in wanted[field].as_array().into_iter().flatten() {
            let note = if left["is_last_admin"] == true { " (you are its only admin)" } else { "" };
            println!("leaves the {kind} {}{note}", text(left, "slug"));
        }
    }
    let pending = &wanted["pending"];
    for (field, what) in [
        ("invitations", "ends the invitation"),
        ("requests", "ends the request"),
        ("recoveries", "ends the recovery"),
        ("sent_invitations", "leaves to another admin the invitation of"),
    ] {
        for each in pending[field].as_array().into_iter().flatten() {
            println!("{what} {}", each.as_str().unwrap_or_default());
        }
    }
    for reason in wanted["reasons"].as_array().into_iter().flatten() {
        println!("in the way: {} {}", text(reason, "detail"), text(reason, "remedy"));
    }
}

async fn print_link(reach: &Reach, email: &str) -> Outcome {
    refuse_server(reach, "account sign-in-link")?;
    if reach.load_config()?.public_url.is_empty() {
        eprintln!("orglink: public_url is not configured; put your server's address in front of the path");
    }
    let app = reach.open(Schema::Require).await?;
    let link = sign_in::create_password_link(&app, email).await?;
    if reach.json {
        print_json(&json!({ "link": link }));
    } else {
        println!("{link}");
    }
    Ok(exit::DONE)
}
