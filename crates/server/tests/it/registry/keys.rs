//! The keys of the tokens: replaced without a pause, never used before registries can know them.

use orglink_app::registry::{hand_out_certificates, list_keys, notification_secret, prepare_key, rotate_key};
use orglink_app::{Error, Key, Principal};
use orglink_domain::event::EventType;
use orglink_domain::token::Scope;
use orglink_testkit::{TestApp, both};

use super::{MIA, ask, parts, secret};
use crate::cli::run;

fn code<T: std::fmt::Debug>(outcome: Result<T, Error>) -> &'static str {
    match outcome {
        Err(Error::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

/// The certificate that comes with a token made now.
async fn certificate(world: &TestApp, mia: &str) -> String {
    let answer = ask(world, Some((MIA, mia)), &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    parts(answer.json()["token"].as_str().unwrap()).0["x5c"][0].as_str().unwrap().to_owned()
}

/// The certificates of a bundle, as tokens carry them.
fn bundle(pem: &str) -> Vec<String> {
    let blocks = pem.split("-----BEGIN CERTIFICATE-----").skip(1);
    blocks.map(|b| b.split("-----END").next().unwrap().replace('\n', "")).collect()
}

both! {
    async fn a_key_signs_only_after_its_certificate_was_handed_out(world) {
        let world = world.with_company().await;
        let mia = secret(&world, MIA, &[Scope::Read]).await;
        let (app, operator) = (&world.app, Principal::local_operator());
        // The first one is made when it is needed; two at once make one.
        let (a, b) = tokio::join!(hand_out_certificates(app), certificate(&world, &mia));
        let first = b;
        assert_eq!(bundle(&a.unwrap()), std::slice::from_ref(&first));
        assert_eq!(code(rotate_key(app, &operator).await), "no_key_prepared");
        prepare_key(app, &operator).await.unwrap();
        assert_eq!(code(prepare_key(app, &operator).await), "key_prepared");
        assert_eq!(code(rotate_key(app, &operator).await), "certificate_not_handed_out");
        assert_eq!(certificate(&world, &mia).await, first);
        let both = bundle(&hand_out_certificates(app).await.unwrap());
        assert_eq!((both.len(), &both[0]), (2, &first));
        assert_eq!(certificate(&world, &mia).await, first, "handed out, not used");
        rotate_key(app, &operator).await.unwrap();
        assert_eq!(certificate(&world, &mia).await, both[1]);
        assert_eq!(bundle(&hand_out_certificates(app).await.unwrap()), both, "tokens of the old one are about");
        world.clock.advance(24 * 3600 + 1);
        assert_eq!(bundle(&hand_out_certificates(app).await.unwrap()), [both[1].clone()]);
        assert_eq!(code(rotate_key(app, &operator).await), "no_key_prepared");
        let states: Vec<String> = list_keys(app).await.unwrap().iter().map(|k| k.state.to_string()).collect();
        assert_eq!(states, ["retired", "signing"]);
        let told: Vec<EventType> = world.events().await.iter().map(|e| e.kind).filter(|k| k.as_str().starts_with("registry.")).collect();
        assert_eq!(told, [EventType::RegistryKeyPrepared, EventType::RegistryKeyRotated]);
        world.check_invariants().await;
    }

    async fn keys_live_through_a_new_key_of_the_installation_and_are_lost_with_it(world) {
        let world = world.with_company().await;
        let mia = secret(&world, MIA, &[Scope::Read]).await;
        let before = certificate(&world, &mia).await;
        let told = notification_secret(&world.app);
        let kept: Vec<Vec<u8>> = list_keys(&world.app).await.unwrap().into_iter().map(|k| k.sealed_key).collect();
        world.app.key.replace(&Key::with_older([8; 32], [[7; 32]]));
        assert_eq!(certificate(&world, &mia).await, before);
        let now: Vec<Vec<u8>> = list_keys(&world.app).await.unwrap().into_iter().map(|k| k.sealed_key).collect();
        assert_ne!(kept, now, "encrypted anew");
        let send = async |secret: &str| world.send("POST", "/registry/notifications", &[("authorization", &format!("Bearer {secret}"))], "{\"events\":[]}").await.status;
        assert_eq!((send(&told).await, send(&notification_secret(&world.app)).await), (200, 200));
        world.app.key.replace(&Key::new([8; 32]));
        assert_eq!(certificate(&world, &mia).await, before);
        assert_eq!(send(&told).await, 401);
        world.app.key.replace(&Key::new([9; 32]));
        let answer = ask(&world, Some((MIA, &mia)), &[]).await;
        assert!(answer.status == 500 && !answer.text.contains("encrypted"), "{}", answer.text);
        // The way out that the log names.
        let operator = Principal::local_operator();
        prepare_key(&world.app, &operator).await.unwrap();
        hand_out_certificates(&world.app).await.unwrap();
        rotate_key(&world.app, &operator).await.unwrap();
        assert_ne!(certificate(&world, &mia).await, before);
    }

    async fn the_commands_do_it_at_the_machine(world) {
        let world = world.with_company().await;
        let folder = tempfile::tempdir().unwrap();
        let (config, key, pem) = (folder.path().join("orglink.toml"), folder.path().join("key"), folder.path().join("orglink.pem"));
        let text = |more: &str| format!("public_url = \"https://orglink.company.example\"\n[secrets]\nkey_file = \"{}\"\n{more}", key.display());
        std::fs::write(&config, text("")).unwrap();
        let config_path = config.display().to_string();
        let registry = |arguments: &[&str]| run(&world, &[&["registry"], arguments, &["--json", "--config", &config_path]].concat());
        let (code, _, stderr) = registry(&["certificates"]);
        assert!(code == 3 && stderr.contains("registry.url"), "{stderr}");
        assert_eq!(registry(&["configuration"]).0, 3);
        std::fs::write(&config, text("[registry]\nurl = \"https://images.company.example\"\n")).unwrap();
        let (code, found, stderr) = registry(&["configuration", "--certificates", "/etc/c.pem"]);
        assert_eq!(code, 0, "{stderr}");
        let yml = found["configuration"].as_str().unwrap();
        for line in ["realm: https://orglink.company.example/registry/token", "service: images.company.example", "issuer: https://orglink.company.example", "rootcertbundle: /etc/c.pem", "Authorization: [Bearer "] {
            assert!(yml.contains(line), "{line}: {yml}");
        }
        assert_eq!(registry(&["rotate-key"]).0, 3);
        assert_eq!(registry(&["prepare-key"]).0, 0);
        let (code, _, stderr) = registry(&["rotate-key"]);
        assert!(code == 3 && stderr.contains("registry certificates"), "{stderr}");
        assert_eq!(registry(&["certificates", "--out", &pem.display().to_string()]).0, 0);
        assert_eq!(bundle(&std::fs::read_to_string(&pem).unwrap()).len(), 2);
        assert_eq!(registry(&["rotate-key"]).0, 0);
        let (_, keys, _) = registry(&["keys"]);
        let states: Vec<&str> = keys["items"].as_array().unwrap().iter().map(|k| k["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["retired", "signing"]);
        assert_eq!(registry(&["release-name", "never"]).0, 4);
        let (code, found, stderr) = run(&world, &["package", "list", "--workspace", "atlas-platform", "--json"]);
        assert_eq!((code, &found["items"]), (0, &serde_json::json!([])), "{stderr}");
    }
}
