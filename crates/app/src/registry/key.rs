//! The keys that sign tokens for the registry: made here, kept encrypted under the installation's key.
//!
//! They are made with the libraries that passkeys bring along (`rsa` makes prime numbers, which `ring` does not), and
//! sign with `ring`, whose time does not depend on the key.

use std::str::FromStr as _;
use std::time::Duration;

use orglink_domain::clock::Timestamp;
use orglink_domain::registry::SignatureAlgorithm;
use orglink_store::in_write;
use orglink_store::registry::{self, Key, KeyState};
use p256::ecdsa::DerSignature;
use p256::pkcs8::DecodePrivateKey as _;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use rsa::pkcs8::EncodePrivateKey as _;
use rsa::signature::Keypair as _;
use uuid::Uuid;
use x509_cert::SubjectPublicKeyInfo;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{self, Builder as _, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::der::Encode as _;
use x509_cert::der::asn1::GeneralizedTime;
use x509_cert::ext::pkix::{KeyUsage, KeyUsages};
use x509_cert::ext::{Extension, ToExtension as _};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoRef;
use x509_cert::time::{Time, Validity};

use crate::secret::random;
use crate::{App, Error};

/// Bits of an RSA key (NIST SP 800-57: good beyond 2030).
const RSA_BITS: usize = 3072;
/// Registries accept a key for as long as its certificate says: until it is replaced, in practice.
const CERTIFICATE_SECONDS: i64 = 20 * 365 * 24 * 60 * 60;
/// Clocks differ.
const CLOCK_SECONDS: i64 = 24 * 60 * 60;

/// What a key is encrypted for.
fn purpose(id: Uuid) -> String {
    format!("registry key {id}")
}

fn broken(e: &dyn std::fmt::Display) -> Error {
    Error::broken(&format!("a key for the registry cannot be made or used: {e}"))
}

/// A new key, to be kept in this state.
pub(super) async fn make(app: &App, state: KeyState) -> Result<Key, Error> {
    let (at, algorithm) = (app.now(), super::settings(app)?.algorithm);
    let id = app.new_id(at);
    // RSA takes its time.
    let made = tokio::task::spawn_blocking(move || generate(algorithm, id, at)).await.map_err(|e| broken(&e))??;
    let (pkcs8, certificate) = made;
    let sealed_key = app.key.seal(&purpose(id), &pkcs8)?.ok_or_else(|| broken(&"it cannot be encrypted"))?;
    Ok(Key {
        id,
        state,
        algorithm,
        certificate,
        sealed_key,
        created_at: at,
        handed_out_at: None,
        signs_since: (state == KeyState::Signing).then_some(at),
        retired_at: None,
    })
}

/// Private key (PKCS#8) and certificate (X.509), both DER.
fn generate(algorithm: SignatureAlgorithm, id: Uuid, at: Timestamp) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let certificate = match algorithm {
        SignatureAlgorithm::Es256 => {
            let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
            let pkcs8 = made.map_err(|e| broken(&e))?.as_ref().to_vec();
            let signer = p256::ecdsa::SigningKey::from_pkcs8_der(&pkcs8).map_err(|e| broken(&e))?;
            let public = SubjectPublicKeyInfo::from_key(signer.verifying_key()).map_err(|e| broken(&e))?;
            (pkcs8, unsigned(id, at, public).and_then(|c| c.build::<_, DerSignature>(&signer)))
        }
        SignatureAlgorithm::Rs256 => {
            let made = rsa::RsaPrivateKey::new(&mut ChaCha20Rng::from_seed(random()?), RSA_BITS);
            let made = made.map_err(|e| broken(&e))?;
            let pkcs8 = made.to_pkcs8_der().map_err(|e| broken(&e))?.as_bytes().to_vec();
            let signer = rsa::pkcs1v15::SigningKey::<rsa::sha2::Sha256>::new(made);
            let public = SubjectPublicKeyInfo::from_key(&signer.verifying_key()).map_err(|e| broken(&e))?;
            (pkcs8, unsigned(id, at, public).and_then(|c| c.build::<_, rsa::pkcs1v15::Signature>(&signer)))
        }
    };
    let (pkcs8, certificate) = certificate;
    let certificate = certificate.map_err(|e| broken(&e))?.to_der().map_err(|e| broken(&e))?;
    Ok((pkcs8, certificate))
}

/// A certificate that names nobody but the key: whoever trusts it was given it by the operator.
struct SelfSigned(Name);

impl BuilderProfile for SelfSigned {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        self.0.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        Ok(vec![KeyUsage(KeyUsages::DigitalSignature.into()).to_extension(tbs.subject(), &[])?])
    }
}

fn unsigned(id: Uuid, at: Timestamp, public: SubjectPublicKeyInfo) -> builder::Result<CertificateBuilder<SelfSigned>> {
    let moment = |at: Timestamp| {
        let seconds = u64::try_from(at.as_micros() / 1_000_000).unwrap_or(0);
        Ok::<_, builder::Error>(Time::GeneralTime(GeneralizedTime::from_unix_duration(Duration::from_secs(seconds))?))
    };
    let validity =
        Validity::new(moment(at.plus_seconds(-CLOCK_SECONDS))?, moment(at.plus_seconds(CERTIFICATE_SECONDS))?);
    let name = Name::from_str(&format!("CN=orglink registry {id}"))?;
    CertificateBuilder::new(SelfSigned(name), SerialNumber::new(id.as_bytes())?, validity, public)
}

/// Something that signs.
pub(super) enum Signer {
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
}

impl Signer {
    /// Decrypts a key; and, when an older key of the installation opened it, how it is to be kept from now on.
    pub(super) fn open(app: &App, key: &Key) -> Result<(Self, Option<Vec<u8>>), Error> {
        let Some((pkcs8, is_newest)) = app.key.open(&purpose(key.id), &key.sealed_key) else {
            return Err(broken(
                &"it is encrypted under another key file; bring that back, or make another one: orglink registry prepare-key, certificates, rotate-key",
            ));
        };
        let signer = match key.algorithm {
            SignatureAlgorithm::Es256 => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8, &SystemRandom::new());
                Self::Es256(pair.map_err(|e| broken(&e))?)
            }
            SignatureAlgorithm::Rs256 => Self::Rs256(RsaKeyPair::from_pkcs8(&pkcs8).map_err(|e| broken(&e))?),
        };
        let resealed = if is_newest { None } else { app.key.seal(&purpose(key.id), &pkcs8)? };
        Ok((signer, resealed))
    }

    /// A signature as JSON Web Signatures have it.
    pub(super) fn sign(&self, text: &[u8]) -> Result<Vec<u8>, Error> {
        let random = SystemRandom::new();
        match self {
            Self::Es256(pair) => Ok(pair.sign(&random, text).map_err(|e| broken(&e))?.as_ref().to_vec()),
            Self::Rs256(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, text, &mut signature).map_err(|e| broken(&e))?;
                Ok(signature)
            }
        }
    }
}

/// Makes the first key, where there is none: it signs at once, and no registry knows its certificate yet.
///
/// # Errors
/// `not_served` without a registry; when the database is not reachable.
pub async fn ensure_key(app: &App) -> Result<(), Error> {
    let mut tx = app.db.begin_read().await?;
    let found = registry::find_signing_key(&mut tx).await?;
    drop(tx);
    if found.is_some() {
        return Ok(());
    }
    let key = &make(app, KeyState::Signing).await?;
    // Somebody else may have made one at the same moment; then that is the one.
    in_write!(app.db, tx, { registry::create_key(tx, key).await.map_err(Error::from) })?;
    Ok(())
}
