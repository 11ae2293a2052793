//! A token for the registry (Docker's *Token Authentication Specification*): short, signed, for exactly what was asked and
//! allowed. Nothing is remembered between two requests: what has changed holds for the next token.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use orglink_domain::clock::Timestamp;
use orglink_domain::registry::{ImageAction, Scope};
use orglink_store::registry::Key;
use orglink_store::{in_write, registry};
use serde_json::{Value, json};

use super::grant::{Grant, grant, name_taken};
use super::key::{Signer, ensure_key};
use super::settings;
use crate::{App, Error, Principal};

/// How many scopes one token can be for.
const MOST_SCOPES: usize = 20;

/// A token, and for how long it can be used.
#[derive(Clone)]
pub struct IssuedToken {
    pub token: String,
    pub lifetime_seconds: i64,
    pub issued_at: Timestamp,
}

/// What became of a request.
pub enum TokenAnswer {
    Issued(IssuedToken),
    /// Why not, for each scope that is refused.
    Denied(Vec<Error>),
}

/// Issues a token for what may be done of what was asked. It is refused, with every reason, when it would be of no use:
/// when a push or a deletion is not allowed, or nothing at all is. The rest is less than was asked for, as the
/// specification has it: a client that mounts layers from elsewhere asks for more than it needs.
///
/// # Errors
/// `not_served` without a registry; bad input for a service that is not ours or a scope that is none.
pub async fn issue_token(
    app: &App,
    principal: &Principal,
    service: Option<&str>,
    scopes: &[&str],
) -> Result<TokenAnswer, Error> {
    let ours = &settings(app)?.service;
    if service != Some(ours) {
        return Err(Error::field(
            "service",
            format!("is '{ours}' here: the registry's own configuration says another"),
        ));
    }
    if scopes.len() > MOST_SCOPES {
        return Err(Error::field("scope", format!("at most {MOST_SCOPES} in one token, these are {}", scopes.len())));
    }
    let read = |text: &&str| {
        let shown: String = text.chars().take(100).collect();
        Scope::parse(text)
            .ok_or_else(|| Error::field("scope", format!("'{shown}' is not like repository:WORKSPACE/IMAGE:pull,push")))
    };
    let scopes = scopes.iter().map(read).collect::<Result<Vec<_>, Error>>()?;
    ensure_key(app).await?;
    let mut tx = app.db.begin_read().await?;
    let mut grants = Vec::with_capacity(scopes.len());
    for scope in scopes {
        grants.push(grant(app, &mut tx, principal, scope).await?);
    }
    let key =
        registry::find_signing_key(&mut tx).await?.ok_or_else(|| Error::broken("no key of the registry signs"))?;
    drop(tx);
    take_names(app, &mut grants).await?;
    if is_of_no_use(&grants) {
        return Ok(TokenAnswer::Denied(grants.into_iter().filter_map(|g| g.refusal).collect()));
    }
    sign(app, principal, &key, &grants).await.map(TokenAnswer::Issued)
}

fn is_of_no_use(grants: &[Grant]) -> bool {
    let changes = |g: &Grant| g.scope.wanted().iter().any(|a| *a != ImageAction::Pull);
    let is_refused = grants.iter().any(|g| g.refusal.is_some() && changes(g));
    is_refused || (!grants.is_empty() && grants.iter().all(|g| g.given.is_empty()))
}

/// Gives workspaces that may push for the first time their name in the registry.
async fn take_names(app: &App, grants: &mut [Grant]) -> Result<(), Error> {
    let at = app.now();
    for grant in grants {
        let Some((name, id)) = &grant.takes else { continue };
        let is_ours = in_write!(app.db, tx, {
            let is_new = registry::take_name(tx, name, *id, at).await?;
            Ok::<_, Error>(is_new || registry::find_name(tx, name).await? == Some(*id))
        })?;
        if !is_ours {
            grant.refusal = Some(name_taken(name));
            grant.given.clear();
        }
    }
    Ok(())
}

async fn sign(app: &App, principal: &Principal, key: &Key, grants: &[Grant]) -> Result<IssuedToken, Error> {
    let (signer, resealed) = Signer::open(app, key)?;
    if let Some(sealed) = &resealed {
        in_write!(app.db, tx, { registry::reseal_key(tx, key.id, sealed).await.map_err(Error::from) })?;
    }
    let settings = settings(app)?;
    let issued_at = app.now();
    let seconds = issued_at.as_micros() / 1_000_000;
    let given = grants.iter().filter(|g| !g.given.is_empty());
    let access: Vec<Value> =
        given.map(|g| json!({ "type": g.scope.kind, "name": g.scope.name, "actions": g.given })).collect();
    let header = json!({ "typ": "JWT", "alg": key.algorithm, "x5c": [STANDARD.encode(&key.certificate)] });
    let claims = json!({
        "iss": app.settings.public_url,
        // An id, not an address: registries log it, and tell us who pushed.
        "sub": principal.account()?.id,
        "aud": settings.service,
        "exp": seconds + settings.token_seconds,
        "nbf": seconds,
        "iat": seconds,
        "jti": app.new_id(issued_at),
        "access": access,
    });
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encode(&header), encode(&claims));
    let signature = URL_SAFE_NO_PAD.encode(signer.sign(signed.as_bytes())?);
    Ok(IssuedToken { token: format!("{signed}.{signature}"), lifetime_seconds: settings.token_seconds, issued_at })
}
