//! Asks whether a workspace may use a feature, and if not, why, and who can do what about it.
//!
//! ```text
//! cargo run -- demo                   # in another terminal; this is Ada's token:
//! export ORGLINK_TOKEN=$(cargo run -q -- token create --as ada@meridian.example --scope read --database sqlite:orglink-demo/orglink.db)
//! cargo run -p orglink-client --example may_use -- atlas-mobile packages
//! ```

use std::env;
use std::process::ExitCode;

use orglink_client::{Client, Error};

#[tokio::main]
async fn main() -> ExitCode {
    let server = env::var("ORGLINK_SERVER").unwrap_or_else(|_| "http://localhost:8080".to_owned());
    let (Ok(token), Some(workspace), Some(feature)) =
        (env::var("ORGLINK_TOKEN"), env::args().nth(1), env::args().nth(2))
    else {
        eprintln!("ORGLINK_TOKEN=… may_use WORKSPACE FEATURE");
        return ExitCode::from(2);
    };
    let answer = async { may_use(&Client::new(&server, &token)?, &workspace, &feature).await };
    match answer.await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // Who asks for a feature that nobody knows is wrong; whoever is not answered should be asked again, not refused.
        Err(e) => {
            eprintln!("{e}{}", if e.is_temporary() { "; try again" } else { "" });
            ExitCode::from(3)
        }
    }
}

/// Whether it may, said with the reasons.
pub async fn may_use(client: &Client, workspace: &str, feature: &str) -> Result<bool, Error> {
    let entitlement = client.explain_entitlement(workspace, feature).await?;
    let word = if entitlement.entitled { "may" } else { "may not" };
    println!("{workspace} {word} use {}", entitlement.title);
    for condition in entitlement.failing() {
        println!("- {} {} ({})", condition.detail, condition.remedy, condition.who);
        for step in &condition.steps {
            println!("  {}: {}", step.label, step.url);
        }
    }
    Ok(entitlement.entitled)
}
