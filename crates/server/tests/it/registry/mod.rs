//! The container registry: who gets a token for what, with which key it is signed, and what was pushed.

mod keys;
mod packages;
mod real;
mod token;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use orglink_app::token::{NewToken, create_token};
use orglink_domain::token::Scope;
use orglink_testkit::{Answer, TestApp};
use serde_json::Value;

pub const ADA: &str = "ada@meridian.example";
pub const MIA: &str = "mia@meridian.example";
pub const W: &str = "atlas-platform";

/// A token of somebody with these scopes.
pub async fn secret(world: &TestApp, email: &str, scopes: &[Scope]) -> String {
    let wanted = NewToken { name: "registry".to_owned(), scopes: scopes.to_vec(), days: 30 };
    let made = create_token(&world.app, &world.person(email).await, &wanted).await.unwrap();
    made.secret.reveal().to_owned()
}

pub fn basic(email: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{email}:{secret}")))
}

/// Asks for a token as a client does whom the registry has sent.
pub async fn ask(world: &TestApp, credentials: Option<(&str, &str)>, scopes: &[&str]) -> Answer {
    let mut path = "/registry/token?account=x&client_id=test&service=registry.test%3A5000".to_owned();
    for scope in scopes {
        path.push_str("&scope=");
        path.push_str(&scope.replace(':', "%3A").replace('/', "%2F").replace(',', "%2C").replace(' ', "+"));
    }
    match credentials {
        Some((email, secret)) => world.send("GET", &path, &[("authorization", &basic(email, secret))], "").await,
        None => world.send("GET", &path, &[], "").await,
    }
}

/// Header and claims of a token.
pub fn parts(token: &str) -> (Value, Value) {
    let part = |n: usize| {
        let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(n).unwrap()).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    (part(0), part(1))
}

/// What a token allows: `NAME:ACTIONS`.
pub fn access(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let (_, claims) = parts(answer.json()["token"].as_str().unwrap());
    let entry = |a: &Value| {
        assert_eq!(a["type"], "repository");
        let actions: Vec<&str> = a["actions"].as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect();
        format!("{}:{}", a["name"].as_str().unwrap(), actions.join(","))
    };
    claims["access"].as_array().unwrap().iter().map(entry).collect()
}

/// What somebody is told who is refused: the first message, and the codes of the reasons.
pub fn denial(answer: &Answer) -> (String, Vec<String>) {
    assert_eq!(answer.status, 401, "{}", answer.text);
    let json = answer.json();
    let first = &json["errors"][0];
    assert_eq!(first["code"], "DENIED", "{json}");
    let reasons = first["detail"]["reasons"].as_array().unwrap();
    let codes = reasons.iter().map(|r| r["code"].as_str().unwrap().to_owned()).collect();
    (first["message"].as_str().unwrap().to_owned(), codes)
}
