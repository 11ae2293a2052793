//! Passkeys, with an authenticator of our own that can also cheat.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use orglink_app::passkey::{ask_for_new_passkey, create_passkey, delete_passkey, list_passkeys};
use orglink_app::sign_in::{
    Device, PasskeyQuestion, SignedIn, ask_for_passkey, authenticate_session, confirm_with_passkey,
    sign_in_with_passkey,
};
use orglink_app::{Error, Principal};
use orglink_domain::digest::Digest;
use orglink_domain::event::EventType;
use orglink_testkit::{TestApp, both};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::json;

const ADA: &str = "ada@meridian.example";
const BEN: &str = "ben@meridian.example";

/// A device with one passkey.
struct Authenticator {
    key: SigningKey,
    id: Vec<u8>,
    user: Vec<u8>,
    counter: u32,
    origin: &'static str,
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    fn new(number: u8) -> Self {
        let key = SigningKey::from_slice(&[number; 32]).unwrap();
        Self { key, id: vec![number; 16], user: Vec::new(), counter: 1, origin: "http://orglink.test" }
    }

    fn client_data(&self, kind: &str, question: &PasskeyQuestion) -> Vec<u8> {
        let challenge = question.options["challenge"].as_str().unwrap();
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let mut data = Digest::of(&[b"orglink.test"]).as_bytes().to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// Makes its passkey for whom it is asked.
    fn create(&mut self, question: &PasskeyQuestion) -> String {
        self.user = URL_SAFE_NO_PAD.decode(question.options["user"]["id"].as_str().unwrap()).unwrap();
        let point = self.key.verifying_key().to_sec1_point(false);
        let point = point.as_bytes();
        let mut data = self.data(0x45);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[33..65]);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(&data);
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key", "clientExtensionResults": {},
            "response": { "clientDataJSON": text(&self.client_data("webauthn.create", question)), "attestationObject": text(&object) },
        }).to_string()
    }

    /// Signs what it is asked, one further in its count.
    fn answer(&mut self, question: &PasskeyQuestion) -> String {
        self.counter += 1;
        let client_data = self.client_data("webauthn.get", question);
        let data = self.data(0x05);
        let signed = [data.as_slice(), Digest::of(&[&client_data]).as_bytes()].concat();
        let signature: Signature = self.key.sign(&signed);
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": text(&client_data), "authenticatorData": text(&data),
                "signature": text(signature.to_der().as_bytes()), "userHandle": text(&self.user),
            },
        })
        .to_string()
    }
}

async fn register(world: &TestApp, who: &Principal, number: u8) -> Authenticator {
    let mut device = Authenticator::new(number);
    let question = ask_for_new_passkey(&world.app, who).await.unwrap();
    let answer = device.create(&question);
    create_passkey(&world.app, who, &question.id.to_string(), &answer, "A key").await.unwrap();
    device
}

async fn sign_in(world: &TestApp, device: &mut Authenticator) -> Result<SignedIn, Error> {
    let question = ask_for_passkey(&world.app).await?;
    let answer = device.answer(&question);
    let secret = sign_in_with_passkey(&world.app, &question.id.to_string(), &answer, &Device::default()).await?;
    authenticate_session(&world.app, secret.reveal()).await
}

fn code<T>(outcome: Result<T, Error>) -> &'static str {
    match outcome {
        Err(Error::Refused(r)) => r.code,
        Err(Error::NotFound { .. }) => "not_found",
        Err(_) => "other",
        Ok(_) => "done",
    }
}

both! {
    async fn a_passkey_signs_its_owner_in_and_nothing_else_does(world) {
        let world = world.with_company().await;
        let (ada, ben) = (world.person(ADA).await, world.person(BEN).await);
        let mut device = register(&world, &ada, 1).await;
        let found = sign_in(&world, &mut device).await.unwrap();
        assert_eq!(found.principal.account().unwrap().email, ADA);
        assert!(list_passkeys(&world.app, &ada).await.unwrap()[0].last_used_at.is_some());

        // A question is for one answer, for five minutes, and for signing in only.
        let question = ask_for_passkey(&world.app).await.unwrap();
        let (id, answer) = (question.id.to_string(), device.answer(&question));
        assert_eq!(code(sign_in_with_passkey(&world.app, &id, &answer, &Device::default()).await), "done");
        assert_eq!(code(sign_in_with_passkey(&world.app, &id, &answer, &Device::default()).await), "passkey_not_accepted");
        let question = ask_for_passkey(&world.app).await.unwrap();
        let (id, answer) = (question.id.to_string(), device.answer(&question));
        world.clock.advance(301);
        assert_eq!(code(sign_in_with_passkey(&world.app, &id, &answer, &Device::default()).await), "passkey_not_accepted");
        let question = ask_for_new_passkey(&world.app, &ada).await.unwrap();
        let answer = device.answer(&question);
        let id = question.id.to_string();
        assert_eq!(code(sign_in_with_passkey(&world.app, &id, &answer, &Device::default()).await), "passkey_not_accepted");
        for rubbish in ["", "{}", "not-json", "\u{0}"] {
            let id = ask_for_passkey(&world.app).await.unwrap().id.to_string();
            assert_eq!(code(sign_in_with_passkey(&world.app, &id, rubbish, &Device::default()).await), "passkey_not_accepted");
            assert_eq!(code(sign_in_with_passkey(&world.app, rubbish, rubbish, &Device::default()).await), "passkey_not_accepted");
        }

        // One that nobody registered, one that claims to be another's, one of another site.
        let mut stranger = Authenticator::new(9);
        stranger.user.clone_from(&device.user);
        assert_eq!(code(sign_in(&world, &mut stranger).await), "passkey_not_accepted");
        let owner = std::mem::replace(&mut device.user, ben.account().unwrap().id.0.as_bytes().to_vec());
        assert_eq!(code(sign_in(&world, &mut device).await), "passkey_not_accepted");
        device.user = owner;
        device.origin = "http://orglink.test.evil.example";
        assert_eq!(code(sign_in(&world, &mut device).await), "passkey_not_accepted");
        device.origin = "http://orglink.test";
        assert_eq!(code(sign_in(&world, &mut device).await), "done");

        // Removed by its owner only, and then worth nothing.
        let id = list_passkeys(&world.app, &ada).await.unwrap()[0].id.to_string();
        assert_eq!(code(delete_passkey(&world.app, &ben, &id).await), "not_found");
        delete_passkey(&world.app, &ada, &id).await.unwrap();
        assert_eq!(code(sign_in(&world, &mut device).await), "passkey_not_accepted");
        world.check_invariants().await;
    }

    async fn a_passkey_that_counts_backwards_is_refused_and_noted(world) {
        let world = world.with_company().await;
        let ada = world.person(ADA).await;
        let mut device = register(&world, &ada, 2).await;
        device.counter = 10;
        assert_eq!(code(sign_in(&world, &mut device).await), "done");
        device.counter = 5;
        assert_eq!(code(sign_in(&world, &mut device).await), "passkey_not_accepted");
        device.counter = 11;
        assert_eq!(code(sign_in(&world, &mut device).await), "done", "the real one goes on");
        let alarms = world.events().await.iter().filter(|e| e.kind == EventType::PasskeyRefused).count();
        assert_eq!(alarms, 1);
    }

    async fn nobody_adds_a_passkey_to_another_account_and_none_twice(world) {
        let world = world.with_company().await;
        let (ada, ben) = (world.person(ADA).await, world.person(BEN).await);
        let mut device = Authenticator::new(3);
        let question = ask_for_new_passkey(&world.app, &ada).await.unwrap();
        let (id, answer) = (question.id.to_string(), device.create(&question));
        assert_eq!(code(create_passkey(&world.app, &ben, &id, &answer, "Mine").await), "passkey_not_made");
        create_passkey(&world.app, &ada, &id, &answer, "Mine").await.unwrap();
        assert_eq!(code(create_passkey(&world.app, &ada, &id, &answer, "Mine").await), "passkey_not_made");
        let question = ask_for_new_passkey(&world.app, &ben).await.unwrap();
        let (id, answer) = (question.id.to_string(), device.create(&question));
        assert_eq!(code(create_passkey(&world.app, &ben, &id, &answer, "Mine").await), "passkey_not_made", "it is Ada's");
        assert_eq!(list_passkeys(&world.app, &ben).await.unwrap().len(), 0);
    }

    async fn a_passkey_confirms_its_own_owner_only(world) {
        let world = world.with_company().await;
        let (ada, ben) = (world.person(ADA).await, world.person(BEN).await);
        let mut hers = register(&world, &ada, 4).await;
        let mut his = register(&world, &ben, 5).await;
        let session = sign_in(&world, &mut hers).await.unwrap();
        world.clock.advance(901);
        assert_eq!(code(session.require_recent(&world.app)), "step_up_required");
        let question = ask_for_passkey(&world.app).await.unwrap();
        let answer = his.answer(&question);
        assert_eq!(code(confirm_with_passkey(&world.app, &session, &question.id.to_string(), &answer).await), "passkey_not_accepted");
        let question = ask_for_passkey(&world.app).await.unwrap();
        let answer = hers.answer(&question);
        confirm_with_passkey(&world.app, &session, &question.id.to_string(), &answer).await.unwrap();
        world.check_invariants().await;
    }
}
