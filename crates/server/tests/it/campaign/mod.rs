//! The campaign from its announcement to the last link, on both databases.

mod decided;
mod kubernetes;
mod people;
mod run;
mod told;

use std::collections::{BTreeMap, HashMap, HashSet};

use orglink_app::campaign::{self, DecisionView, Progress, Side, StepRequest};
use orglink_app::link::{self, UndoRequest};
use orglink_app::{Error, Expected, Principal, installation};
use orglink_domain::account::Account;
use orglink_domain::campaign::automatic::{DecisionState, LeftAlone, Rule};
use orglink_domain::campaign::{CampaignState, CampaignStep, Definition, Purpose};
use orglink_domain::event::EventType;
use orglink_testkit::{TestApp, both};
use serde_json::json;

const ADA: &str = "ada@meridian.example";
const OLGA: &str = "olga@operator.example";
const NAME: &str = "link-2026";
const DAY: i64 = 24 * 60 * 60;

/// The seed's, which begins before the clock of the tests does.
pub fn definition() -> Definition {
    let text = include_str!("../../../../../docs/examples/seed.toml");
    let mut definition: Definition = toml::from_str(text).unwrap();
    definition.automatic.minimum_notice = "14d".parse().unwrap();
    definition.automatic.undo_window = "30d".parse().unwrap();
    definition
}

async fn create(world: &TestApp, definition: &Definition) {
    installation::grant_operator(&world.app, &Principal::local_operator(), OLGA).await.unwrap();
    let olga = world.person(OLGA).await;
    campaign::create_campaign(&world.app, &olga, definition, None).await.unwrap();
}

/// Everything that is due now.
async fn run(world: &TestApp) -> Progress {
    let olga = world.person(OLGA).await;
    loop {
        let progress = campaign::run_campaign(&world.app, &olga, NAME).await.unwrap();
        if !progress.did {
            return progress;
        }
    }
}

/// A campaign that is announced, so that everybody concerned has a date.
pub async fn announce_on(world: &TestApp) {
    create(world, &definition()).await;
    run(world).await;
    world.tell().await;
}

/// To the day on which the rest is linked, and a little further.
async fn run_to_the_end(world: &TestApp) -> Progress {
    run(world).await;
    world.clock.advance(70 * DAY);
    run(world).await
}

async fn step(world: &TestApp, step: CampaignStep) -> Result<(), Error> {
    let olga = world.person(OLGA).await;
    let request = StepRequest { step, reason: Some("a test".to_owned()) };
    campaign::step_campaign(&world.app, &olga, NAME, &request, Expected::Any).await.map(|_| ())
}

async fn rows(world: &TestApp, run: Option<&str>) -> BTreeMap<String, DecisionView> {
    let olga = world.person(OLGA).await;
    let page = campaign::list_decisions(&world.app, &olga, NAME, run, None, None, 1000).await.unwrap();
    page.rows.into_iter().map(|row| (row.workspace.clone(), row)).collect()
}

fn code(refused: Result<impl Sized, Error>) -> &'static str {
    match refused {
        Err(Error::Refused(refusal)) => refusal.code,
        Err(Error::NotFound { .. }) => "not_found",
        Err(Error::BadInput(_)) => "bad_input",
        Err(e) => panic!("not a clear refusal: {e}"),
        Ok(_) => "done",
    }
}

/// Addresses of an organization's admins.
async fn admins_of(world: &TestApp, organization: &str) -> HashSet<String> {
    let token = world.token(OLGA).await;
    let people = world.api(&token, "GET", &format!("/organizations/{organization}/people"), None).await.json();
    let people = people["items"].as_array().unwrap();
    people.iter().filter(|p| p["role"] == "admin").map(|p| p["email"].as_str().unwrap().to_owned()).collect()
}

/// Addresses of a workspace's admins who can act.
async fn active_admins_of(world: &TestApp, workspace: &str) -> HashSet<String> {
    let mut tx = world.app.db.begin_read().await.unwrap();
    let id = orglink_store::workspace::find_by_reference(&mut tx, workspace).await.unwrap().unwrap().id;
    let ids = orglink_store::workspace::list_admin_ids(&mut tx, id).await.unwrap();
    let accounts = orglink_store::account::list_by_ids(&mut tx, &ids).await.unwrap();
    accounts.into_iter().filter(Account::is_active_person).map(|a| a.email).collect()
}
