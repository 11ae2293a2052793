//! `orglink propose`, `transfer`, `consent`, `withdraw`, `proposal …`, `link-code …`

use std::io::IsTerminal as _;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::link::{ask_warnings, print_plan};
use super::organization::{list, show};
use super::text;
use crate::client::{Client, Reach, segment};
use crate::exit;
use crate::output::{Failed, Outcome, print_json};

/// How warnings are acknowledged.
#[derive(Debug, Clone, Args)]
pub struct Decide {
    /// Do not ask: acknowledges every warning of the plan, and records that it did
    #[arg(long)]
    yes: bool,
    /// Acknowledge this warning (once for each)
    #[arg(long, value_name = "CODE")]
    acknowledge: Vec<String>,
}

impl Decide {
    /// Everything is acknowledged beforehand.
    pub const fn says_yes(&self) -> bool {
        self.yes
    }

    /// Refuses where nobody is there to ask.
    pub fn can(&self, dry_run: bool) -> Result<(), Failed> {
        if self.yes || dry_run || !self.acknowledge.is_empty() || std::io::stdin().is_terminal() {
            return Ok(());
        }
        let text =
            "nobody is there to ask: give --yes, or --acknowledge CODE for each warning, or look first with --dry-run";
        Err(Failed::Usage(text.to_owned()))
    }

    /// Somebody has said what they acknowledge.
    pub const fn is_given(&self) -> bool {
        self.yes || !self.acknowledge.is_empty()
    }

    /// Adds what was acknowledged; asks on the terminal, by the plan, when nobody said.
    pub fn into_body(self, body: &mut Value, plan: &Value, question: &str) -> Result<(), Failed> {
        if self.yes {
            body["acknowledge_all"] = true.into();
        } else if self.acknowledge.is_empty() {
            print_plan(plan);
            body["acknowledge"] = ask_warnings(plan, question)?.into();
        } else {
            body["acknowledge"] = self.acknowledge.into();
        }
        Ok(())
    }
}

/// The plan of a proposal, of whichever kind it is.
fn plan_in(found: &Value) -> &Value {
    if found["plan"].is_null() { &found["users_plan"] } else { &found["plan"] }
}

#[derive(Debug, Args)]
pub struct Propose {
    /// The workspace, by slug or id; none with a link code of its side
    #[arg(long, value_name = "WORKSPACE", required_unless_present = "code")]
    workspace: Option<String>,
    /// The organization, by slug or id; none with a link code of its side
    #[arg(long, value_name = "ORGANIZATION", required_unless_present = "code")]
    organization: Option<String>,
    /// The code that the other side handed over
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    /// For which side, when you administer both: workspace or organization
    #[arg(long, value_name = "SIDE")]
    side: Option<String>,
    /// For whoever is asked
    #[arg(long, value_name = "TEXT")]
    message: Option<String>,
    /// The address of whoever is to pay and must agree
    #[arg(long, value_name = "EMAIL")]
    payer: Option<String>,
    #[command(flatten)]
    decide: Decide,
    /// Show the plan; propose nothing
    #[arg(long)]
    dry_run: bool,
    /// The same key gives the same answer
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
}

#[derive(Debug, Args)]
pub struct Transfer {
    /// The workspace, by slug or id
    #[arg(long, value_name = "WORKSPACE")]
    workspace: String,
    /// The organization that it goes to, by slug or id; none with a link code of it
    #[arg(long, value_name = "ORGANIZATION", required_unless_present = "code")]
    to: Option<String>,
    /// The code that the other organization handed over
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    /// For which side, when you can speak for several: workspace or source
    #[arg(long, value_name = "SIDE")]
    side: Option<String>,
    /// For whoever is asked
    #[arg(long, value_name = "TEXT")]
    message: Option<String>,
    #[command(flatten)]
    decide: Decide,
    /// Show the plan; propose nothing
    #[arg(long)]
    dry_run: bool,
    /// The same key gives the same answer
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
}

impl Transfer {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let Self { workspace, to, code, side, message, decide, dry_run, idempotency_key } = self;
        let of = Propose {
            workspace: Some(workspace),
            organization: to,
            code,
            side,
            message,
            payer: None,
            decide,
            dry_run,
            idempotency_key,
        };
        of.propose(reach, "transfer").await
    }
}

impl Propose {
    pub async fn run(self, reach: &Reach) -> Outcome {
        self.propose(reach, "link").await
    }

    async fn propose(self, reach: &Reach, act: &str) -> Outcome {
        self.decide.can(self.dry_run)?;
        let client = Client::open(reach).await?;
        let named =
            json!({ "act": act, "workspace": self.workspace, "organization": self.organization, "code": self.code });
        let preview = client.post("/proposals/preview", &named, None).await?;
        let plan = &preview["plan"];
        if self.dry_run {
            if reach.json {
                print_json(&preview);
            } else {
                print_plan(plan);
            }
            return Ok(exit::DONE);
        }
        let mut body = named;
        body["plan_digest"] = plan["digest"].clone();
        body["side"] = json!(self.side);
        body["message"] = json!(self.message);
        body["payer"] = json!(self.payer);
        self.decide.into_body(&mut body, plan, "\nPropose it?")?;
        let answer = client.post("/proposals", &body, self.idempotency_key.as_deref()).await?;
        if reach.json {
            print_json(&answer);
        } else {
            let verb = if act == "transfer" { "move" } else { "link" };
            println!("Proposed to {verb} {} to {}.", text(&answer, "workspace"), text(&answer, "organization"));
            println!("  proposal {}", text(&answer, "id"));
            println!("  until    {}", text(&answer, "expires_at"));
            print_sides(&answer);
        }
        Ok(exit::DONE)
    }
}

#[derive(Debug, Args)]
pub struct Consent {
    /// The proposal's id
    proposal: String,
    /// For which side, when you can speak for several: workspace, source, organization, approver or payer
    #[arg(long, value_name = "SIDE")]
    side: Option<String>,
    /// The plan that you looked at; otherwise the one that is shown, or whatever it is now with --yes
    #[arg(long, value_name = "DIGEST")]
    plan_digest: Option<String>,
    /// Why, when you end a link as the second operator; everybody concerned reads it
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    decide: Decide,
    /// Show the plan and what has changed; agree to nothing
    #[arg(long)]
    dry_run: bool,
    /// The same key gives the same answer
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
}

impl Consent {
    pub async fn run(self, reach: &Reach) -> Outcome {
        self.decide.can(self.dry_run)?;
        let client = Client::open(reach).await?;
        let path = format!("/proposals/{}", segment(&self.proposal));
        // Whoever asks nothing is shown nothing: so that a retry with the same key is the same request.
        let is_asked = self.dry_run || (!self.decide.yes && self.decide.acknowledge.is_empty());
        let found = if is_asked { client.get(&path).await? } else { Value::Null };
        if self.dry_run {
            if reach.json {
                print_json(&found);
            } else {
                print_plan(plan_in(&found));
                print_sides(&found);
            }
            return Ok(exit::DONE);
        }
        let shown = self.plan_digest.map_or_else(|| plan_in(&found)["digest"].clone(), |digest| json!(digest));
        let mut body = json!({ "plan_digest": shown, "side": self.side, "reason": self.reason });
        self.decide.into_body(&mut body, plan_in(&found), "\nAgree to this plan?")?;
        let answer = client.post(&format!("{path}/consent"), &body, self.idempotency_key.as_deref()).await?;
        if reach.json {
            print_json(&answer);
        } else if answer["side"].as_str().is_some_and(|side| side.ends_with("operator")) && answer["link"].is_string() {
            println!("{} is no longer linked to {}.", text(&answer, "workspace"), text(&answer, "organization"));
        } else if answer["link"].is_string() && client.get(&path).await?["act"] == "migrate_users" {
            let (w, o) = (text(&answer, "workspace"), text(&answer, "organization"));
            println!("The users of {w} are managed in the directory of {o} now.");
        } else if answer["link"].is_string() {
            println!("Linked {} to {}.", text(&answer, "workspace"), text(&answer, "organization"));
            println!("  link {}", text(&answer, "link"));
        } else {
            println!("Agreed. It waits for: {}", text(&answer, "missing"));
        }
        Ok(exit::DONE)
    }
}

#[derive(Debug, Args)]
pub struct Withdraw {
    /// The proposal's id
    proposal: String,
}

impl Withdraw {
    pub async fn run(self, reach: &Reach) -> Outcome {
        act(reach, &self.proposal, "withdraw", json!({})).await
    }
}

#[derive(Debug, Subcommand)]
pub enum Proposal {
    /// Those in which you have a say, or those of a workspace or an organization
    List {
        #[command(flatten)]
        of: super::invitation::Of,
        /// Only those in this state: open, done, declined, withdrawn, expired, superseded
        #[arg(long)]
        state: Option<String>,
    },
    /// One proposal: the plan as it is now, and what each side has agreed to
    Show { id: String },
    /// Decline, and say why
    Decline {
        id: String,
        #[arg(long)]
        reason: String,
    },
    /// Ask those who have not agreed again, once a day at most
    Remind { id: String },
}

impl Proposal {
    pub async fn run(self, reach: &Reach) -> Outcome {
        match self {
            Self::List { of, state } => {
                let client = Client::open(reach).await?;
                let of = format!("{}/proposals", of.path().unwrap_or_default());
                let state = state.map(|s| format!("&state={}", segment(&s))).unwrap_or_default();
                let columns = [
                    ("id", "id"),
                    ("state", "state"),
                    ("workspace", "workspace"),
                    ("organization", "organization"),
                    ("agreed", "agreed"),
                    ("waits_for_you", "waits for you"),
                    ("expires_at", "expires"),
                ];
                list(reach, &client.list(&format!("{of}?limit=500{state}")).await?, &columns);
                Ok(exit::DONE)
            }
            Self::Show { id } => {
                let client = Client::open(reach).await?;
                let found = client.get(&format!("/proposals/{}", segment(&id))).await?;
                if reach.json || plan_in(&found).is_null() {
                    show(reach, &found);
                } else {
                    print_plan(plan_in(&found));
                    print_sides(&found);
                }
                Ok(exit::DONE)
            }
            Self::Decline { id, reason } => act(reach, &id, "decline", json!({ "reason": reason })).await,
            Self::Remind { id } => act(reach, &id, "remind", json!({})).await,
        }
    }
}

async fn act(reach: &Reach, id: &str, verb: &str, body: Value) -> Outcome {
    let client = Client::open(reach).await?;
    let answer = client.act("proposals", id, verb, &body).await?;
    if reach.json {
        print_json(&answer);
    } else {
        println!("The proposal {} is {}.", text(&answer, "id"), text(&answer, "state"));
    }
    Ok(exit::DONE)
}

fn print_sides(proposal: &Value) {
    for side in proposal["sides"].as_array().into_iter().flatten() {
        let by = if side["by"].is_string() { format!(", by {}", text(side, "by")) } else { String::new() };
        println!("  {:<14} {}{by}", text(side, "side"), text(side, "agreement").replace('_', " "));
        for difference in side["differences"].as_array().into_iter().flatten() {
            let value = |of: &str| if difference[of].is_null() { "nothing".to_owned() } else { text(difference, of) };
            println!("    since then {}: {} → {}", text(difference, "path"), value("before"), value("after"));
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum LinkCode {
    /// Make a one-time code: whoever administers the other side can propose with it
    Create {
        #[command(flatten)]
        of: super::invitation::Of,
    },
    /// Make every code of a workspace or an organization useless
    Withdraw {
        #[command(flatten)]
        of: super::invitation::Of,
    },
}

impl LinkCode {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        let usage = || Failed::Usage("say of what: --organization or --workspace".to_owned());
        let path = |of: &super::invitation::Of| Ok::<_, Failed>(format!("{}/link-codes", of.path().ok_or_else(usage)?));
        match self {
            Self::Create { of } => {
                let answer = client.post(&path(&of)?, &json!({}), None).await?;
                if reach.json {
                    print_json(&answer);
                } else {
                    println!("For whoever administers the other side, until {}:", text(&answer, "expires_at"));
                    println!("  {}", text(&answer, "url"));
                    println!("  or: orglink propose --code {} …", text(&answer, "code"));
                    println!("It is shown this once.");
                }
            }
            Self::Withdraw { of } => {
                let answer = client.delete(&path(&of)?).await?;
                if reach.json {
                    print_json(&answer);
                } else {
                    println!("{} codes can no longer be used.", text(&answer, "withdrawn"));
                }
            }
        }
        Ok(exit::DONE)
    }
}
