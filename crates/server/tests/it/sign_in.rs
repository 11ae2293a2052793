//! Signing in: guessing gets slow, sessions and tokens end.

use orglink_app::sign_in::{
    Device, FirstOperator, authenticate_session, authenticate_token, create_first_operator_link, make_first_operator,
    sign_in_with_password,
};
use orglink_app::{Error, token};
use orglink_testkit::{TestApp, both};

/// Some browser at a network address.
fn at(address: &str) -> Device {
    Device::new("", address)
}

async fn with_operator(world: &TestApp) -> String {
    let url = create_first_operator_link(&world.app).await.unwrap().unwrap();
    let secret = url.rsplit('/').next().unwrap().to_owned();
    let who =
        FirstOperator { email: "Root@x.example".into(), name: "Root".into(), password: "correct horse battery".into() };
    make_first_operator(&world.app, &secret, &who, &Device::default()).await.unwrap();
    assert!(make_first_operator(&world.app, &secret, &who, &Device::default()).await.is_err(), "once");
    assert!(create_first_operator_link(&world.app).await.unwrap().is_none());
    secret
}

both! {
    async fn guessing_gets_slow_and_an_unknown_address_looks_the_same(world) {
        with_operator(&world).await;
        let mut codes = Vec::new();
        for _ in 0..7 {
            codes.push(match sign_in_with_password(&world.app, "root@x.example", "wrong", &at("10.0.0.1")).await {
                Err(Error::Refused(r)) => r.code.to_owned(),
                Err(Error::TooManyAttempts { .. }) => "wait".to_owned(),
                other => panic!("{other:?}", other = other.is_ok()),
            });
        }
        assert_eq!(codes, ["wrong_credentials", "wrong_credentials", "wrong_credentials", "wrong_credentials", "wrong_credentials", "wait", "wait"]);
        let right = sign_in_with_password(&world.app, "root@x.example", "correct horse battery", &at("10.0.0.2")).await;
        assert!(matches!(right, Err(Error::TooManyAttempts { .. })), "the account itself waits");
        world.clock.advance(2);
        let secret = sign_in_with_password(&world.app, "root@x.example", "correct horse battery", &at("10.0.0.2")).await.unwrap();
        assert!(authenticate_session(&world.app, secret.reveal()).await.is_ok());
        let unknown = sign_in_with_password(&world.app, "nobody@x.example", "wrong", &at("10.0.0.3")).await;
        assert!(matches!(unknown, Err(Error::Refused(r)) if r.code == "wrong_credentials"));
        world.clock.advance(3601);
        assert!(matches!(authenticate_session(&world.app, secret.reveal()).await, Err(Error::SignedOut)));
    }

    async fn somebody_imported_chooses_a_password_once(world) {
        use orglink_app::sign_in::{choose_password, create_password_link};
        let world = world.with_company().await;
        let url = create_password_link(&world.app, "ada@meridian.example").await.unwrap();
        let secret = url.rsplit('/').next().unwrap();
        assert!(matches!(choose_password(&world.app, secret, "too short", &Device::default()).await, Err(Error::BadInput(_))));
        choose_password(&world.app, secret, "correct horse battery", &Device::default()).await.unwrap();
        assert!(choose_password(&world.app, secret, "another long password", &Device::default()).await.is_err(), "once");
        sign_in_with_password(&world.app, "ada@meridian.example", "correct horse battery", &at("10.0.0.9")).await.unwrap();
    }

    async fn an_operator_s_token_for_reading_reads_as_anybody(world) {
        let world = world.with_company().await;
        let operator = orglink_app::Principal::local_operator();
        orglink_app::installation::grant_operator(&world.app, &operator, "olga@operator.example").await.unwrap();
        let all = world.token("olga@operator.example").await;
        let made = world.api(&all, "POST", "/tokens", Some(serde_json::json!({ "name": "t", "scopes": ["read"] }))).await.json();
        let small = made["token"]["secret"].as_str().unwrap().to_owned();
        assert_eq!(world.api(&all, "GET", "/workspaces/docs-site", None).await.status, 200);
        assert_eq!(world.api(&small, "GET", "/workspaces/docs-site", None).await.status, 404);
    }

    async fn tokens_are_scoped_revoked_and_end(world) {
        let world = world.with_company().await;
        let secret = world.token("ada@meridian.example").await;
        assert_eq!(world.api(&secret, "GET", "/me", None).await.json()["email"], "ada@meridian.example");
        let body = serde_json::json!({ "name": "t", "scopes": ["read"] });
        let made = world.api(&secret, "POST", "/tokens", Some(body)).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let small = made.json()["token"]["secret"].as_str().unwrap().to_owned();
        assert_eq!(world.api(&small, "POST", "/tokens", Some(serde_json::json!({ "name": "t", "scopes": ["read"] }))).await.json()["code"], "scope_required");
        assert_eq!(world.api(&small, "POST", "/links", Some(serde_json::json!({ "workspace": "docs-site", "organization": "meridian" }))).await.status, 403);
        let more = world.api(&secret, "POST", "/tokens", Some(serde_json::json!({ "name": "t", "scopes": ["operator"] }))).await;
        assert_eq!((more.status, more.json()["code"].as_str().unwrap().to_owned()), (403, "scope_required".to_owned()));
        let id = made.json()["token"]["id"].as_str().unwrap().to_owned();
        let gus = world.token("gus@solo.example").await;
        assert_eq!(world.api(&gus, "DELETE", &format!("/tokens/{id}"), None).await.status, 404, "another's token is not there");
        assert_eq!(world.api(&secret, "DELETE", &format!("/tokens/{id}"), None).await.status, 204);
        assert_eq!(world.api(&small, "GET", "/me", None).await.status, 401);
        let ada = world.person("ada@meridian.example").await;
        assert_eq!(token::list_tokens(&world.app, &ada).await.unwrap().len(), 1);
        world.clock.advance(31 * 86400);
        assert!(matches!(authenticate_token(&world.app, &secret).await, Err(Error::SignedOut)));
    }
}
