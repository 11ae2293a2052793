//! How many requests an address, an account and a token may send, and what they are told about it
//! (draft-ietf-httpapi-ratelimit-headers; a generic cell rate algorithm by `governor`).
//!
//! Counted in this process: with several replicas each allows as many.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::Request;
use axum::http::{Extensions, HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use governor::clock::{Clock, MonotonicClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use orglink_app::{Error, Principal};
use orglink_domain::digest::Digest;

use crate::Failure;
use crate::network::counted_address;

/// Requests a minute; 0 for as many as come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct RequestLimits {
    pub per_address: u32,
    pub per_account: u32,
    pub per_token: u32,
    /// For tokens of products, which have no other limit.
    pub per_product: u32,
}

impl Default for RequestLimits {
    /// Far above what people and careful scripts do.
    fn default() -> Self {
        Self { per_address: 3000, per_account: 1200, per_token: 1200, per_product: 600_000 }
    }
}

type Buckets<C> = RateLimiter<String, HashMapStateStore<String>, C, StateInformationMiddleware>;

/// After so many requests, those who have sent nothing for a minute are forgotten.
const SWEEP: u32 = 10_000;

/// One limit, kept for everybody apart.
struct Limit<C: Clock> {
    /// As it stands in headers.
    name: &'static str,
    per_minute: NonZeroU32,
    buckets: Buckets<C>,
    clock: C,
    asked: AtomicU32,
}

/// How one limit stands after a request.
#[derive(Debug, Clone, Copy)]
struct Reading {
    name: &'static str,
    per_minute: u32,
    /// Requests that may come at once.
    left: u32,
    /// Seconds until one may come (when refused) or until all may come again.
    seconds: u64,
    is_refused: bool,
}

impl<C: Clock + Clone> Limit<C> {
    fn new(name: &'static str, per_minute: u32, clock: C) -> Option<Self> {
        let per_minute = NonZeroU32::new(per_minute)?;
        let store = HashMapStateStore::default();
        let buckets: Buckets<C> = RateLimiter::new(Quota::per_minute(per_minute), store, clock.clone());
        Some(Self { name, per_minute, buckets, clock, asked: AtomicU32::new(0) })
    }

    fn take(&self, key: &str) -> Reading {
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.buckets.retain_recent();
        }
        let per_minute = self.per_minute.get();
        let (left, seconds, is_refused) = match self.buckets.check_key(&key.to_owned()) {
            Ok(state) => {
                let left = state.remaining_burst_capacity();
                let used = u64::from(per_minute.saturating_sub(left));
                (left, (used * 60).div_ceil(u64::from(per_minute)), false)
            }
            Err(no) => {
                let wait = no.wait_time_from(self.clock.now());
                (0, (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1), true)
            }
        };
        Reading { name: self.name, per_minute, left, seconds, is_refused }
    }
}

/// The limits of a server.
#[derive(Default)]
pub struct Limits {
    address: Option<Limit<MonotonicClock>>,
    account: Option<Limit<MonotonicClock>>,
    token: Option<Limit<MonotonicClock>>,
    product: Option<Limit<MonotonicClock>>,
}

impl Limits {
    #[must_use]
    pub fn new(limits: RequestLimits) -> Self {
        Self {
            address: Limit::new("address", limits.per_address, MonotonicClock),
            account: Limit::new("account", limits.per_account, MonotonicClock),
            token: Limit::new("token", limits.per_token, MonotonicClock),
            product: Limit::new("product", limits.per_product, MonotonicClock),
        }
    }
}

/// What a request uses up, of whose.
#[derive(Clone)]
pub struct Meter {
    limits: Arc<Limits>,
    readings: Arc<Mutex<Vec<Reading>>>,
}

impl Meter {
    pub(crate) fn new(limits: Arc<Limits>) -> Self {
        Self { limits, readings: Arc::default() }
    }

    fn take(&self, limit: Option<&Limit<MonotonicClock>>, key: &str) -> Result<(), Failure> {
        let Some(limit) = limit else { return Ok(()) };
        let mut readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever is looked up twice in one request pays once.
        if readings.iter().any(|reading| reading.name == limit.name) {
            return Ok(());
        }
        let reading = limit.take(key);
        readings.push(reading);
        if !reading.is_refused {
            return Ok(());
        }
        metrics::counter!("orglink_http_requests_limited_total", "limit" => reading.name).increment(1);
        let seconds = i64::try_from(reading.seconds).unwrap_or(i64::MAX);
        Err(Failure(Error::RateLimited { limit: reading.name, per_minute: reading.per_minute, seconds }))
    }

    /// Writes how things stand into an answer.
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        let readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        let mut say = |name: &'static str, words: Vec<String>| {
            if let Ok(value) = HeaderValue::from_str(&words.join(", ")) {
                headers.insert(name, value);
            }
        };
        if !readings.is_empty() {
            say(
                "ratelimit-policy",
                readings.iter().map(|r| format!("\"{}\";q={};w=60", r.name, r.per_minute)).collect(),
            );
            say("ratelimit", readings.iter().map(|r| format!("\"{}\";r={};t={}", r.name, r.left, r.seconds)).collect());
        }
    }
}

/// Refuses an address that sends too much, before anything is looked up.
pub async fn limit_address(request: Request, next: Next) -> Response {
    match take_of_address(request.extensions()) {
        Ok(()) => next.run(request).await,
        Err(no) => no.into_response(),
    }
}

/// The same inside an extractor.
pub(crate) fn take_of_address(extensions: &Extensions) -> Result<(), Failure> {
    let (Some(meter), Some(address)) = (extensions.get::<Meter>(), counted_address(extensions)) else { return Ok(()) };
    meter.take(meter.limits.address.as_ref(), &address)
}

/// Refuses a product that sends too much.
pub(crate) fn limit_product(extensions: &Extensions, principal: &Principal) -> Result<(), Failure> {
    let (Some(meter), Some(account)) = (extensions.get::<Meter>(), principal.account_if_any()) else { return Ok(()) };
    meter.take(meter.limits.product.as_ref(), &account.id.to_string())
}

/// Refuses whoever sends too much with one token, or as one account.
///
/// # Errors
/// `RateLimited`.
pub fn limit_caller(extensions: &Extensions, token: &str, principal: &Principal) -> Result<(), Failure> {
    limit_token(extensions, &Digest::of(&[token.as_bytes()]).to_string())?;
    limit_account(extensions, principal)
}

/// Refuses an account that sends too much, by whichever of its sessions and tokens.
pub(crate) fn limit_account(extensions: &Extensions, principal: &Principal) -> Result<(), Failure> {
    let (Some(meter), Some(account)) = (extensions.get::<Meter>(), principal.account_if_any()) else { return Ok(()) };
    meter.take(meter.limits.account.as_ref(), &account.id.to_string())
}

/// Refuses a token that sends too much.
fn limit_token(extensions: &Extensions, token: &str) -> Result<(), Failure> {
    extensions.get::<Meter>().map_or(Ok(()), |meter| meter.take(meter.limits.token.as_ref(), token))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;

    #[test]
    fn a_bucket_empties_refuses_and_fills_again_for_each_apart() {
        let clock = FakeRelativeClock::default();
        let limit = Limit::new("token", 3, clock.clone()).expect("a limit");
        let left: Vec<u32> = (0..3).map(|_| limit.take("a").left).collect();
        assert_eq!(left, [2, 1, 0]);
        let refused = limit.take("a");
        assert!(refused.is_refused && refused.seconds == 20, "{refused:?}");
        assert!(!limit.take("b").is_refused, "one does not pay for another");
        clock.advance(Duration::from_secs(20));
        assert!(!limit.take("a").is_refused && limit.take("a").is_refused, "one a third of a minute");
        clock.advance(Duration::from_mins(1));
        assert_eq!(limit.take("a").left, 2);
        assert!(Limit::new("token", 0, clock).is_none(), "0 is no limit");
    }
}
