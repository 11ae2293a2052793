//! `orglink extension …`

use std::io::IsTerminal as _;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::ask::{IfVersion, Sure, confirm};
use super::group::At;
use super::organization::list;
use super::{print_done, text};
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Failed, Outcome, print_json};

#[derive(Debug, Subcommand)]
pub enum Extension {
    /// The extensions that can be installed in a workspace, and those that are
    List {
        #[command(flatten)]
        at: At,
    },
    /// What one asks for, and how it stands
    Show {
        #[command(flatten)]
        at: At,
        /// Its name in the catalog
        extension: String,
    },
    /// Install one; its token is shown this once
    Install {
        #[command(flatten)]
        at: At,
        /// Its name in the catalog
        extension: String,
        #[command(flatten)]
        consent: Consent,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Bring one to what the catalog offers now
    Update {
        #[command(flatten)]
        at: At,
        /// Its name in the catalog
        extension: String,
        #[command(flatten)]
        consent: Consent,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Give one a new token, shown this once; the one it had is refused from now on
    RotateToken {
        #[command(flatten)]
        at: At,
        /// Its name in the catalog
        extension: String,
        #[command(flatten)]
        version: IfVersion,
    },
    /// Where one has itself told of what happens
    Webhooks {
        #[command(flatten)]
        at: At,
        /// Its name in the catalog
        extension: String,
    },
    /// Take one out; its token is refused from now on
    Uninstall {
        #[command(flatten)]
        at: At,
        /// Its name in the catalog
        extension: String,
        #[command(flatten)]
        sure: Sure,
        #[command(flatten)]
        version: IfVersion,
    },
}

fn path_of(at: &At, extension: &str) -> String {
    at.path(&format!("/extensions/{}", segment(extension)))
}

#[derive(Debug, Args)]
pub struct Consent {
    /// What you consent to (several: repeat, or separate by commas); asked on a terminal when it is not given
    #[arg(long, value_delimiter = ',', value_name = "SCOPE", conflicts_with = "yes")]
    consent: Vec<String>,
    /// Consent to whatever it asks for
    #[arg(long)]
    yes: bool,
}

impl Consent {
    /// What somebody consents to, of what the extension still needs; nothing when they say no.
    fn given(self, one: &Value) -> Result<Option<Value>, Failed> {
        let needed = &one["needs_consent"];
        let is_nothing = needed.as_array().is_none_or(Vec::is_empty);
        if !self.consent.is_empty() {
            return Ok(Some(json!({ "consent": self.consent })));
        }
        if !self.yes && !is_nothing {
            if !std::io::stdin().is_terminal() {
                let hint = "nobody is there to ask: give --consent SCOPE,… or --yes";
                return Err(Failed::Usage(format!("{hint} (it asks for {})", text(one, "needs_consent"))));
            }
            eprintln!("{} asks for:", text(one, "title"));
            print_asked(one, |scope| needed.as_array().into_iter().flatten().any(|s| s == scope));
            if !confirm("Consent to that?")? {
                eprintln!("Nothing was changed.");
                return Ok(None);
            }
        }
        Ok(Some(json!({ "consent": needed })))
    }
}

/// What an extension asks for, on standard error: standard output is for what scripts read.
fn print_asked(one: &Value, which: impl Fn(&Value) -> bool) {
    for asked in one["offered"]["scopes"].as_array().into_iter().flatten().filter(|a| which(&a["scope"])) {
        eprintln!("  {:<20} {} {}", text(asked, "scope"), text(asked, "allows"), text(asked, "purpose"));
    }
}

fn print_token(reach: &Reach, answer: &Value) {
    if reach.json {
        print_json(answer);
    } else {
        println!("{}", text(answer, "token"));
        eprintln!("The token is not shown again.");
    }
}

impl Extension {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        match self {
            Self::List { at } => {
                let columns = [("name", "name"), ("title", "title"), ("state", "state"), ("has_update", "update")];
                list(reach, &client.list(&at.path("/extensions")).await?, &columns);
            }
            Self::Show { at, extension } => {
                let one = client.get(&path_of(&at, &extension)).await?;
                if reach.json {
                    print_json(&one);
                    return Ok(exit::DONE);
                }
                println!("{} ({}): {}", text(&one, "title"), text(&one, "name"), text(&one, "state"));
                let offered = &one["offered"];
                if offered.is_null() {
                    println!("The catalog does not offer it any more.");
                } else {
                    println!("{}", text(offered, "description"));
                    println!("By {}, version {}. It asks for:", text(offered, "publisher"), text(offered, "version"));
                }
                for asked in offered["scopes"].as_array().into_iter().flatten() {
                    println!("  {:<20} {} {}", text(asked, "scope"), text(asked, "allows"), text(asked, "purpose"));
                }
                if one["installed"].is_object() {
                    let installed = &one["installed"];
                    let scopes = text(installed, "scopes");
                    println!("Installed: version {}, with {scopes}.", text(installed, "version"));
                }
                if ["locked", "suspended"].contains(&text(&one, "state").as_str()) && !offered.is_null() {
                    let (workspace, feature) = (&at.workspace, text(&one, "feature"));
                    println!("Why: orglink entitlement explain --workspace {workspace} --feature {feature}");
                }
            }
            Self::Install { at, extension, consent, version } => {
                let path = path_of(&at, &extension);
                let Some(body) = consent.given(&client.get(&path).await?)? else { return Ok(exit::REFUSED) };
                print_token(reach, &client.change("PUT", &path, Some(&body), &version.of(&path)).await?);
            }
            Self::Update { at, extension, consent, version } => {
                let path = path_of(&at, &extension);
                let Some(body) = consent.given(&client.get(&path).await?)? else { return Ok(exit::REFUSED) };
                let answer = client.change("PATCH", &path, Some(&body), &version.of(&path)).await?;
                if reach.json {
                    print_json(&answer);
                }
            }
            Self::RotateToken { at, extension, version } => {
                let path = path_of(&at, &extension);
                let answer = client.change("POST", &format!("{path}/token"), None, &version.of(&path)).await?;
                print_token(reach, &answer);
            }
            Self::Webhooks { at, extension } => {
                let found = client.list(&format!("{}/webhooks", path_of(&at, &extension))).await?;
                let columns =
                    [("id", "id"), ("state", "state"), ("host", "host"), ("types", "types"), ("description", "for")];
                list(reach, &found, &columns);
            }
            Self::Uninstall { at, extension, sure, version } => {
                let path = path_of(&at, &extension);
                let question = format!("Uninstall {extension}? Its token is refused from then on.");
                if !sure.confirms(&question)? {
                    return Ok(exit::REFUSED);
                }
                client.change("DELETE", &path, None, &version.of(&path)).await?;
                print_done(reach);
            }
        }
        Ok(exit::DONE)
    }
}
