//! `orglink migration users …`

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::agreement::Sides;
use super::require_purpose;
use crate::client::{Client, Reach};
use crate::commands::ask::Sure;
use crate::commands::campaign::{Campaign, Rehearse};
use crate::commands::group::At;
use crate::commands::link::ask_warnings;
use crate::commands::organization::show;
use crate::commands::proposal::Decide;
use crate::commands::text;
use crate::exit;
use crate::output::{Failed, Outcome, print_json};

#[derive(Debug, Subcommand)]
pub enum Users {
    /// What meets in the directory, what each group becomes, and the proof that nobody can do more; changes nothing
    Plan {
        #[command(flatten)]
        at: At,
        #[command(flatten)]
        mapping: Mapping,
    },
    /// Migrate one workspace, as somebody who administers it and its organization; or do what is due of a campaign now, to the end
    Run {
        /// A campaign with purpose = "users"
        campaign: Option<String>,
        /// One workspace, by slug or id
        #[arg(short, long)]
        workspace: Option<String>,
        #[command(flatten)]
        mapping: Mapping,
        #[command(flatten)]
        agree: Agree,
    },
    /// What would happen on a day: everything, row by row; nothing changes. A campaign with purpose = "users"
    Rehearse(Rehearse),
    /// Agree beforehand to a campaign, for a workspace or for all workspaces of an organization
    Agree {
        #[command(flatten)]
        sides: Sides,
        #[command(flatten)]
        decide: Decide,
    },
    /// No longer agree: what has not migrated is left alone
    Withdraw(Sides),
    /// What a campaign does, who has agreed, and why something would be left alone
    Agreement(Sides),
    /// Propose it to the other side, which then agrees: orglink consent PROPOSAL
    Propose {
        #[command(flatten)]
        at: At,
        #[command(flatten)]
        mapping: Mapping,
        #[command(flatten)]
        agree: Agree,
        /// For which side, by whoever administers both
        #[arg(long)]
        side: Option<String>,
        /// For whoever is asked
        #[arg(long)]
        message: Option<String>,
    },
    /// What was done
    Show {
        #[command(flatten)]
        at: At,
    },
}

/// What groups become that are not to have a group of their own.
#[derive(Debug, Args)]
pub struct Mapping {
    /// A new group with another name; may be repeated
    #[arg(long, value_name = "GROUP=NAME")]
    rename: Vec<String>,
    /// The same people as a group of the directory; may be repeated
    #[arg(long, value_name = "GROUP=DIRECTORY-GROUP")]
    merge: Vec<String>,
}

impl Mapping {
    fn json(&self) -> Result<Value, Failed> {
        let mut map = Map::new();
        for (fate, given) in [("rename", &self.rename), ("merge", &self.merge)] {
            for pair in given {
                let Some((group, to)) = pair.split_once('=') else {
                    return Err(Failed::Usage(format!("--{fate} {pair}: say GROUP=…")));
                };
                map.insert(group.to_owned(), json!({ fate: to }));
            }
        }
        Ok(map.into())
    }
}

#[derive(Debug, Args)]
pub struct Agree {
    #[command(flatten)]
    decide: Decide,
    /// The plan that you looked at; otherwise the one that is shown, or whatever it is now with --yes
    #[arg(long, value_name = "DIGEST")]
    plan_digest: Option<String>,
    /// The same key gives the same answer for 48 hours
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
}

impl Agree {
    /// What of it a campaign knows: its mapping merges nothing, and who agreed has done so beforehand.
    fn of_campaign(&self, mapping: &Mapping) -> Result<Sure, Failed> {
        let is_of_one = !mapping.rename.is_empty()
            || !mapping.merge.is_empty()
            || self.plan_digest.is_some()
            || self.idempotency_key.is_some()
            || (self.decide.is_given() && !self.decide.says_yes());
        if is_of_one {
            let text = "--rename, --merge, --plan-digest, --acknowledge and --idempotency-key are for one --workspace; in a campaign each group \
                        becomes one of its own, and both sides agree beforehand";
            return Err(Failed::Usage(text.to_owned()));
        }
        Ok(Sure::of(self.decide.says_yes()))
    }

    /// What is sent, with the plan shown and asked about when nobody said.
    async fn body(self, client: &Client, path: &str, mapping: Value) -> Result<(Value, Option<String>), Failed> {
        let mut body = json!({ "mapping": mapping, "plan_digest": self.plan_digest });
        if self.decide.is_given() {
            self.decide.into_body(&mut body, &Value::Null, "")?;
            return Ok((body, self.idempotency_key));
        }
        self.decide.can(false)?;
        let plan = client.post(&format!("{path}/plan"), &json!({ "mapping": body["mapping"] }), None).await?;
        print_users_plan(&plan);
        body["acknowledge"] = ask_warnings(&plan, "\nDo it?")?.into();
        if body["plan_digest"].is_null() {
            body["plan_digest"] = plan["digest"].clone();
        }
        Ok((body, self.idempotency_key))
    }
}

/// A plan for people.
pub fn print_users_plan(plan: &Value) {
    println!("Migrate the users of {} into the directory of {}.", text(plan, "workspace"), text(plan, "organization"));
    for group in plan["groups"].as_array().into_iter().flatten() {
        let admin = if group["is_admin"] == true { " (Admin)" } else { "" };
        println!("  {}{admin}, {} members → {}", text(group, "slug"), text(group, "members"), text(group, "becomes"));
    }
    for finding in plan["findings"].as_array().into_iter().flatten() {
        println!("{}: {}. {}", text(finding, "title"), text(finding, "subject"), text(finding, "detail"));
        for person in finding["people"].as_array().into_iter().flatten() {
            println!("    {} {}", text(person, "email"), text(person, "name"));
        }
        if finding["hidden"].as_u64().is_some_and(|n| n > 0) {
            println!("    and {} whom you may not see", text(finding, "hidden"));
        }
    }
    let proof = &plan["proof"];
    println!(
        "Looked at: {} people in {} workspaces, {} classes of groups and grants.",
        text(proof, "people"),
        text(proof, "places"),
        text(proof, "classes")
    );
    let widenings = plan["widenings"].as_array().map_or(&[][..], Vec::as_slice);
    if widenings.is_empty() {
        println!("Nobody can do more than before.");
    }
    for w in widenings {
        println!(
            "Would widen: {}, {}: {} → {}",
            text(w, "workspace"),
            text(w, "thing"),
            text(w, "before"),
            text(w, "after")
        );
        for person in w["people"].as_array().into_iter().flatten() {
            println!("    {} {}", text(person, "email"), text(person, "name"));
        }
    }
    for blocker in plan["blockers"].as_array().into_iter().flatten() {
        println!("Stands in the way ({}): {}", text(blocker, "code"), text(blocker, "detail"));
    }
    if let Some(path) = plan["follow"].as_str() {
        println!("Follow when that is possible: orglink tracker follow {}", path.trim_start_matches("/tracker/"));
    }
    println!("Plan {}", text(plan, "digest"));
}

impl Users {
    pub async fn run(self, reach: &Reach) -> Outcome {
        let client = Client::open(reach).await?;
        match self {
            Self::Plan { at, mapping } => {
                let body = json!({ "mapping": mapping.json()? });
                let plan = client.post(&at.path("/users-migration/plan"), &body, None).await?;
                if reach.json {
                    print_json(&plan);
                } else {
                    print_users_plan(&plan);
                }
            }
            Self::Run { campaign: Some(campaign), workspace: None, mapping, agree } => {
                let sure = agree.of_campaign(&mapping)?;
                require_purpose(&client, &campaign, "users").await?;
                return Box::pin(Campaign::Run { campaign, sure }.run(reach)).await;
            }
            Self::Rehearse(wanted) => {
                require_purpose(&client, &wanted.campaign, "users").await?;
                return Box::pin(Campaign::Rehearse(wanted).run(reach)).await;
            }
            Self::Agree { sides, decide } => return sides.agree(reach, decide).await,
            Self::Withdraw(sides) => return sides.withdraw(reach).await,
            Self::Agreement(sides) => return sides.show(reach).await,
            Self::Run { campaign, workspace, mapping, agree } => {
                let path = match (campaign, workspace) {
                    (None, Some(workspace)) => At { workspace }.path("/users-migration"),
                    (Some(_), Some(_)) => {
                        return Err(Failed::Usage("say one of CAMPAIGN and --workspace, not both".to_owned()));
                    }
                    _ => return Err(Failed::Usage("say what to run: CAMPAIGN, or --workspace WORKSPACE".to_owned())),
                };
                let (body, key) = agree.body(&client, &path, mapping.json()?).await?;
                let done = client.post(&path, &body, key.as_deref()).await?;
                if reach.json {
                    print_json(&done);
                } else {
                    println!(
                        "The users of {} are managed in the directory of {} now.",
                        text(&done, "workspace"),
                        text(&done, "organization")
                    );
                }
            }
            Self::Propose { at, mapping, agree, side, message } => {
                let path = at.path("/users-migration");
                let (mut body, key) = agree.body(&client, &path, mapping.json()?).await?;
                body["side"] = side.into();
                body["message"] = message.into();
                let made = client.post(&format!("{path}/proposals"), &body, key.as_deref()).await?;
                if reach.json {
                    print_json(&made);
                } else {
                    println!("Proposed: {}. The other side agrees with: orglink consent {0}", text(&made, "id"));
                }
            }
            Self::Show { at } => show(reach, &client.get(&at.path("/users-migration")).await?),
        }
        Ok(exit::DONE)
    }
}
