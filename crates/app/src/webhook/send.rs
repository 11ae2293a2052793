//! One request to a receiver: bounded in time and in what is read of its answer, to addresses of the internet only, never
//! where a redirect leads, never through a proxy that the environment names.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use orglink_domain::clock::Timestamp;
use reqwest::header::RETRY_AFTER;
use reqwest::redirect::Policy;
use tokio::sync::Notify;

use super::address::{self, GuardedNames};
use crate::dns::Dns;
use crate::settings::WebhookSettings;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How much of an answer is read, and kept.
pub(super) const MAX_ANSWER: usize = 8 * 1024;
/// How long a receiver's `Retry-After` is obeyed at most, in seconds.
const LONGEST_PAUSE: i64 = 60 * 60;

/// What carries requests, made when the first is sent.
pub struct Sender {
    dns: Dns,
    settings: WebhookSettings,
    client: OnceLock<Result<reqwest::Client, String>>,
    /// Something is to be sent: no need to wait for the next look.
    poked: Notify,
}

/// A request as it is sent.
pub(super) struct Message<'a> {
    pub url: &'a str,
    /// The event's.
    pub id: &'a str,
    pub at: Timestamp,
    pub signature: String,
    pub body: Vec<u8>,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Answered {
    pub status: Option<u16>,
    pub answer: String,
    /// Why it counts as none.
    pub problem: Option<String>,
    pub milliseconds: i64,
    /// Seconds for which the receiver wants nothing.
    pub retry_after: i64,
}

impl Answered {
    /// Nothing came back.
    pub(super) fn none(problem: impl Into<String>) -> Self {
        Self { status: None, answer: String::new(), problem: Some(problem.into()), milliseconds: 0, retry_after: 0 }
    }
}

impl Sender {
    pub(crate) const fn new(dns: Dns, settings: WebhookSettings) -> Self {
        Self { dns, settings, client: OnceLock::new(), poked: Notify::const_new() }
    }

    /// Says that something is to be sent, as a hint to look at once.
    pub fn poke(&self) {
        self.poked.notify_one();
    }

    /// Waits for such a hint.
    pub async fn poked(&self) {
        self.poked.notified().await;
    }

    /// Sends one; whatever happens is an answer.
    pub(super) async fn send(&self, message: Message<'_>) -> Answered {
        let began = Instant::now();
        let seconds = self.settings.timeout_seconds;
        let exchange = tokio::time::timeout(Duration::from_secs(seconds), self.exchange(message)).await;
        let mut answered =
            exchange.unwrap_or_else(|_| Answered::none(format!("no whole answer within {seconds} seconds")));
        answered.milliseconds = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        answered
    }

    async fn exchange(&self, message: Message<'_>) -> Answered {
        let client = match self.client.get_or_init(|| client(self.dns.clone(), self.settings.clone())) {
            Ok(client) => client,
            Err(why) => return Answered::none(why.clone()),
        };
        // What is allowed may have changed since the webhook was made.
        let url = match address::read(&self.settings, message.url) {
            Ok(url) => url,
            Err(why) => return Answered::none(why),
        };
        let request = client
            .post(url)
            .header("content-type", "application/cloudevents+json; charset=utf-8")
            .header("webhook-id", message.id)
            .header("webhook-timestamp", (message.at.as_micros() / 1_000_000).to_string())
            .header("webhook-signature", message.signature)
            .body(message.body);
        let mut response = match request.send().await {
            Ok(response) => response,
            Err(e) => return Answered::none(innermost(&e)),
        };
        let status = response.status();
        let seconds = response.headers().get(RETRY_AFTER).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
        let mut bytes = Vec::new();
        let mut cut = None;
        while bytes.len() < MAX_ANSWER {
            match response.chunk().await {
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(e) => {
                    cut = Some(format!("the answer broke off: {}", innermost(&e)));
                    break;
                }
            }
        }
        bytes.truncate(MAX_ANSWER);
        let problem = match status.as_u16() {
            200..=299 => cut,
            300..=399 => Some("redirects are not followed: change the webhook's URL".to_owned()),
            _ => Some(format!("the receiver answered {status}")),
        };
        // What PostgreSQL cannot keep.
        let answer = String::from_utf8_lossy(&bytes).replace('\0', "\u{fffd}");
        let retry_after = seconds.map_or(0, |seconds: i64| seconds.clamp(0, LONGEST_PAUSE));
        Answered { status: Some(status.as_u16()), answer, problem, milliseconds: 0, retry_after }
    }
}

/// What is at the bottom of an error: what the machine or the name servers said.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string().replace('\0', "")
}

fn client(dns: Dns, settings: WebhookSettings) -> Result<reqwest::Client, String> {
    // Whoever was first has installed the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let authorities = settings.authorities.iter().map(|pem| reqwest::Certificate::from_pem(pem));
    let authorities = authorities.collect::<Result<Vec<_>, _>>().map_err(|e| e.to_string())?;
    let mut builder = reqwest::Client::builder()
        .dns_resolver(Arc::new(GuardedNames { dns, settings }))
        .redirect(Policy::none())
        .no_proxy()
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_max_idle_per_host(4)
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("orglink/", env!("CARGO_PKG_VERSION")));
    if !authorities.is_empty() {
        builder = builder.tls_certs_merge(authorities);
    }
    builder.build().map_err(|e| innermost(&e))
}
