//! `orglink health`

use serde_json::Value;

use super::text;
use crate::client::{Client, Reach};
use crate::exit;
use crate::output::{Outcome, print_json, print_table};

pub async fn run(reach: &Reach) -> Outcome {
    let client = Client::open(reach).await?;
    let health = client.get("/operator/health").await?;
    let loops = health["loops"].as_array().map(Vec::as_slice).unwrap_or_default();
    if reach.json {
        print_json(&health);
    } else {
        println!(
            "version {}, {} with schema {}",
            text(&health, "version"),
            text(&health, "database"),
            health["schema"]
        );
        for (field, what) in
            [("events_waiting", "events wait for their position"), ("links_unchecked", "links were not compared yet")]
        {
            println!("{} {what}", health[field]["count"]);
        }
        let mails = &health["mails"];
        println!(
            "{} mails wait, {} failed and are tried again, {} were refused",
            mails["waiting"], mails["failed"], mails["refused"]
        );
        if loops.is_empty() {
            println!("No loop runs in this process: ask a server, with --server URL.");
        } else {
            let row = |l: &Value| {
                ["name", "is_healthy", "runs", "failures", "last_success", "last_error"].map(|f| text(l, f)).to_vec()
            };
            print_table(
                &["loop", "healthy", "runs", "failures", "last good run", "last error"],
                &loops.iter().map(row).collect::<Vec<_>>(),
            );
        }
    }
    let is_failing = loops.iter().any(|l| l["is_healthy"] == false);
    Ok(if is_failing { exit::OTHER } else { exit::DONE })
}
