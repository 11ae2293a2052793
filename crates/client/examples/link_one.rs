//! Links one workspace to an organization as a careful script does: may it, what would it do, then once and no more.
//!
//! ```text
//! cargo run -- demo                   # in another terminal; this is Ada's token:
//! export ORGLINK_TOKEN=$(cargo run -q -- token create --as ada@meridian.example --scope read,link --database sqlite:orglink-demo/orglink.db)
//! cargo run -p orglink-client --example link_one -- atlas-mobile meridian
//! ```

use std::env;
use std::process::ExitCode;

use orglink_client::v1::links::{LinkRequest, Linked};
use orglink_client::{Client, Error};

#[tokio::main]
async fn main() -> ExitCode {
    let server = env::var("ORGLINK_SERVER").unwrap_or_else(|_| "http://localhost:8080".to_owned());
    let (Ok(token), Some(workspace), Some(organization)) =
        (env::var("ORGLINK_TOKEN"), env::args().nth(1), env::args().nth(2))
    else {
        eprintln!("ORGLINK_TOKEN=… link_one WORKSPACE ORGANIZATION");
        return ExitCode::from(2);
    };
    let linked = async { link_one(&Client::new(&server, &token)?, &workspace, &organization).await };
    match linked.await {
        Ok(Some(linked)) => {
            println!("linked: {} to {}, by {}", linked.link.workspace, linked.link.organization, linked.link.linked_by);
            ExitCode::SUCCESS
        }
        Ok(None) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("{e}");
            // Every reason, with what would help and who can do it.
            for reason in e.problem().map(|problem| problem.reasons.as_slice()).unwrap_or_default() {
                eprintln!("- {} ({}) {}", reason.detail, reason.code, reason.remedy.as_deref().unwrap_or_default());
            }
            ExitCode::FAILURE
        }
    }
}

/// The link, or nothing when it is not to be.
pub async fn link_one(client: &Client, workspace: &str, organization: &str) -> Result<Option<Linked>, Error> {
    let eligibility = client.check_eligibility(workspace, Some(organization)).await?;
    for reason in &eligibility.reasons {
        println!("{}: {} {} ({})", reason.code, reason.detail, reason.remedy, reason.who);
    }
    if !eligibility.eligible {
        return Ok(None);
    }

    let plan = client.make_plan(workspace, organization).await?;
    println!("plan {}, valid until {}", plan.digest, plan.valid_until);
    println!("{} members keep exactly the access they have", plan.summary.members);
    for warning in &plan.warnings {
        println!("! {}: {}", warning.title, warning.detail);
    }

    // A program acknowledges the warnings that its author has read and thought about, and no others.
    let known = ["link_is_permanent", "people_stay_in_workspace"];
    if let Some(new) = plan.warnings.iter().find(|warning| !known.contains(&warning.code.as_str())) {
        println!("not linked: somebody must decide about {}", new.code);
        return Ok(None);
    }
    let wanted = LinkRequest::of(&plan).acknowledge(plan.warnings.iter().map(|warning| warning.code.clone()));
    // The same plan, the same key: however often it is sent, one link.
    client.link_workspace(&wanted, Some(&plan.digest)).await.map(Some)
}
