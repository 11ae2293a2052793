//! Domains that organizations show to be their own, and the accounts that they claim: nobody without notice, nobody who objects.

mod claims;
mod ends;
mod pages;
mod proof;

use orglink_app::domain_claim;
use orglink_testkit::{Answer, TestApp};
use serde_json::{Value, json};

pub const ADA: &str = "ada@meridian.example";
pub const BEN: &str = "ben@meridian.example";
pub const CLEO: &str = "cleo@meridian.example";
pub const GUS: &str = "gus@solo.example";
pub const HANA: &str = "hana@meridian.example";
pub const KIM: &str = "kim@meridian.example";
pub const MIA: &str = "mia@meridian.example";
pub const OLGA: &str = "olga@operator.example";

pub const DAY: i64 = 24 * 60 * 60;
pub const MERIDIAN: &str = "/organizations/meridian";
pub const DOMAIN: &str = "/organizations/meridian/domains/meridian.example";
pub const RECORD: &str = "_orglink-domain.meridian.example";

pub fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or_default().to_owned()
}

/// Adds a domain; the text that its record must say.
pub async fn add(world: &TestApp, who: &str, organization: &str, domain: &str) -> String {
    let token = world.token(who).await;
    let path = format!("/organizations/{organization}/domains");
    let added = world.api(&token, "POST", &path, Some(json!({ "domain": domain }))).await;
    assert_eq!(added.status, 201, "{}", added.text);
    added.json()["record"]["text"].as_str().unwrap().to_owned()
}

/// Has the name servers asked; the domain as it is then.
pub async fn check(world: &TestApp, who: &str, path: &str) -> Value {
    let token = world.token(who).await;
    let checked = world.api(&token, "POST", &format!("{path}/check"), None).await;
    assert_eq!(checked.status, 200, "{}", checked.text);
    checked.json()
}

/// The company, with its own domain shown.
pub async fn verified(world: TestApp) -> TestApp {
    let world = world.with_company().await;
    let text = add(&world, ADA, "meridian", "meridian.example").await;
    world.nameserver.put(RECORD, &text);
    assert_eq!(check(&world, ADA, DOMAIN).await["state"], "verified");
    world
}

/// What a claim would mean: the digest, with the counts.
pub async fn preview(world: &TestApp, who: &str) -> Value {
    let token = world.token(who).await;
    let made = world.api(&token, "POST", &format!("{DOMAIN}/preview"), None).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json()
}

/// Claims some, as they are previewed now.
pub async fn claim(world: &TestApp, who: &str, accounts: &[&str]) -> Answer {
    let digest = preview(world, who).await["digest"].clone();
    let token = world.token(who).await;
    world.api(&token, "POST", &format!("{DOMAIN}/claim"), Some(json!({ "digest": digest, "accounts": accounts }))).await
}

/// Lets time pass, and does what is due then.
pub async fn pass(world: &TestApp, seconds: i64) {
    world.clock.advance(seconds);
    due(world).await;
}

pub async fn due(world: &TestApp) {
    while domain_claim::apply_due(&world.app).await.unwrap() > 0 {}
    domain_claim::check_due(&world.app).await.unwrap();
    world.tell().await;
}

/// Who is claimed, and how far: `address state`.
pub async fn managed(world: &TestApp, who: &str) -> Vec<String> {
    let token = world.token(who).await;
    let found = world.api(&token, "GET", &format!("{MERIDIAN}/managed-accounts"), None).await;
    assert_eq!(found.status, 200, "{}", found.text);
    let items = found.json()["items"].as_array().unwrap().clone();
    items.iter().map(|m| format!("{} {}", m["email"].as_str().unwrap(), m["state"].as_str().unwrap())).collect()
}

/// What somebody's own account says of it.
pub async fn mine(world: &TestApp, who: &str) -> Value {
    let token = world.token(who).await;
    world.api(&token, "GET", "/me", None).await.json()["management"].clone()
}

pub async fn object(world: &TestApp, who: &str, reason: &str) -> Answer {
    let token = world.token(who).await;
    world.api(&token, "POST", "/me/management/object", Some(json!({ "reason": reason }))).await
}

/// How many events there are of a type.
pub async fn count(world: &TestApp, kind: &str) -> usize {
    world.events().await.iter().filter(|e| e.kind.as_str() == kind).count()
}
