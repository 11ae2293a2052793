//! Directories, and the migration of users: who may, what meets, that nobody can do more, and where people are managed then.

mod afterwards;
mod agreeing;
mod campaign;
mod directory;
mod isolated;
mod killed;
mod receipt;
mod refusals;
mod sites;

use orglink_testkit::{Answer, TestApp};
use serde_json::{Value, json};

pub const ADA: &str = "ada@meridian.example";
/// Admin of the workspace beside Ada, of no organization.
pub const HANA: &str = "hana@meridian.example";
/// Admin of the organization beside Ada, of no workspace that is migrated here.
pub const BEN: &str = "ben@meridian.example";
/// Member of the workspace.
pub const MIA: &str = "mia@meridian.example";
/// Of another company.
pub const LENA: &str = "lena@harbor.example";
pub const W: &str = "atlas-platform";
pub const GROUPS: &str = "/organizations/meridian/directory/groups";

/// The company with its workspace linked.
pub async fn linked(world: TestApp) -> TestApp {
    let world = world.with_company().await;
    world.link(ADA, W, "meridian").await.unwrap();
    world
}

/// The same, after its users have migrated, each group as one of its own.
pub async fn migrated(world: TestApp) -> TestApp {
    let world = linked(world).await;
    let ada = world.token(ADA).await;
    let done = run(&world, &ada, W, json!({})).await;
    assert_eq!(done.status, 201, "{}", done.text);
    world
}

pub async fn plan(world: &TestApp, token: &str, workspace: &str, mapping: Value) -> Answer {
    let path = format!("/workspaces/{workspace}/users-migration/plan");
    world.api(token, "POST", &path, Some(json!({ "mapping": mapping }))).await
}

pub async fn run(world: &TestApp, token: &str, workspace: &str, mapping: Value) -> Answer {
    let body = json!({ "mapping": mapping, "acknowledge_all": true });
    world.api(token, "POST", &format!("/workspaces/{workspace}/users-migration"), Some(body)).await
}

pub fn code(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

pub fn codes(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap()).collect()
}

/// The addresses of who is in a group: of the directory, or of a workspace.
pub async fn members(world: &TestApp, token: &str, group: &str) -> Vec<String> {
    let found = world.api(token, "GET", &format!("{group}/members?limit=500"), None).await;
    assert_eq!(found.status, 200, "{}", found.text);
    let found = found.json();
    found["items"].as_array().unwrap().iter().map(|m| m["email"].as_str().unwrap().to_owned()).collect()
}
