//! A mail server over SMTP, with TLS and authentication.

use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use crate::post::Pending;
use crate::{Answered, Composed, Post};

/// How to reach the mail server.
#[derive(Clone)]
pub struct SmtpSettings {
    /// `smtps://HOST:PORT` (TLS from the first byte), `smtp+starttls://HOST:PORT` (TLS or nothing), or
    /// `smtp://HOST:PORT` (in the clear; only to this machine).
    pub url: String,
    pub user: String,
    pub password: String,
    /// A certificate that is trusted besides the machine's, as PEM.
    pub extra_ca: Option<Vec<u8>>,
    /// The name that this installation introduces itself by.
    pub hello: String,
    /// The longest that handing over one mail may take.
    pub timeout: Duration,
}

/// What is wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub enum InvalidSmtp {
    #[error("'{0}' is none of smtps://HOST:PORT, smtp+starttls://HOST:PORT, smtp://127.0.0.1:PORT")]
    Url(String),
    #[error("smtp:// sends mails and passwords in the clear, so that it is only for this machine; '{0}' is another")]
    Clear(String),
    #[error("the certificate file: {0}")]
    Certificate(String),
}

/// A mail server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    timeout: Duration,
}

impl Smtp {
    /// Prepares connections; makes none.
    ///
    /// # Errors
    /// When the URL or the certificate cannot be understood.
    pub fn new(settings: &SmtpSettings) -> Result<Self, InvalidSmtp> {
        let bad = || InvalidSmtp::Url(settings.url.clone());
        let (scheme, rest) = settings.url.split_once("://").ok_or_else(bad)?;
        let place = rest.trim_end_matches('/');
        let (host, port) = match place.rsplit_once(':').filter(|_| !place.ends_with(']')) {
            Some((host, port)) => (host, Some(port.parse::<u16>().map_err(|_| bad())?)),
            None => (place, None),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || host.contains(['/', '@', '?', ' ']) {
            return Err(bad());
        }
        let tls = || {
            let mut tls = TlsParameters::builder(host.to_owned());
            if let Some(pem) = &settings.extra_ca {
                tls = tls.add_root_certificate(
                    Certificate::from_pem(pem).map_err(|e| InvalidSmtp::Certificate(e.to_string()))?,
                );
            }
            tls.build().map_err(|e| InvalidSmtp::Certificate(e.to_string()))
        };
        let (tls, usual) = match scheme {
            "smtps" => (Tls::Wrapper(tls()?), 465),
            "smtp+starttls" => (Tls::Required(tls()?), 587),
            "smtp" if ["127.0.0.1", "::1", "localhost"].contains(&host) => (Tls::None, 25),
            "smtp" => return Err(InvalidSmtp::Clear(host.to_owned())),
            _ => return Err(bad()),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(port.unwrap_or(usual))
            .tls(tls)
            .hello_name(ClientId::Domain(settings.hello.clone()))
            .timeout(Some(settings.timeout));
        if !settings.user.is_empty() {
            builder = builder.credentials(Credentials::new(settings.user.clone(), settings.password.clone()));
        }
        Ok(Self { transport: builder.build(), timeout: settings.timeout })
    }
}

impl Post for Smtp {
    fn check(&self) -> Pending<'_, Result<(), String>> {
        Box::pin(async {
            match timeout(self.timeout, self.transport.test_connection()).await {
                Some(Ok(true)) => Ok(()),
                Some(Ok(false)) => Err("the mail server closes the connection".to_owned()),
                Some(Err(e)) => Err(said(&e)),
                None => Err("the mail server does not answer".to_owned()),
            }
        })
    }

    fn hand_over<'a>(&'a self, mail: &'a Composed) -> Pending<'a, Answered> {
        Box::pin(async {
            match timeout(self.timeout, self.transport.send_raw(mail.envelope(), mail.bytes())).await {
                Some(Ok(response)) => {
                    let lines: Vec<&str> = response.message().collect();
                    Answered::Accepted(short(&format!("{} {}", response.code(), lines.join(" "))))
                }
                // What the library refuses before it asks the server would be refused the next time too.
                Some(Err(e)) if e.is_permanent() || e.is_client() => Answered::Never(said(&e)),
                Some(Err(e)) => Answered::Later(said(&e)),
                None => Answered::Later("the mail server did not answer in time".to_owned()),
            }
        })
    }
}

async fn timeout<T>(limit: Duration, what: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit, what).await.ok()
}

/// An error with what caused it, as the operator reads it.
fn said(error: &lettre::transport::smtp::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(e) = cause {
        let more = e.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = e.source();
    }
    short(&text)
}

/// The longest answer that is kept.
fn short(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(500).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    #[tokio::test]
    async fn only_this_machine_is_spoken_to_in_the_clear() {
        let of = |url: &str| {
            Smtp::new(&SmtpSettings {
                url: url.to_owned(),
                user: String::new(),
                password: String::new(),
                extra_ca: None,
                hello: "orglink.example".to_owned(),
                timeout: Duration::from_secs(1),
            })
        };
        for good in ["smtps://mail.example", "smtps://mail.example:466", "smtp+starttls://mail.example:587/"] {
            assert!(of(good).is_ok(), "{good}");
        }
        for good in ["smtp://127.0.0.1:2525", "smtp://localhost", "smtp://[::1]:25"] {
            assert!(of(good).is_ok(), "{good}");
        }
        assert!(matches!(of("smtp://mail.example"), Err(InvalidSmtp::Clear(_))));
        for bad in ["", "mail.example", "http://mail.example", "smtps://", "smtps://u:p@mail.example", "smtps://h:x"] {
            assert!(matches!(of(bad), Err(InvalidSmtp::Url(_))), "{bad}");
        }
        let nobody = of("smtp://127.0.0.1:1").unwrap().check().await;
        assert!(nobody.is_err_and(|e| e.contains("onnect")));
    }
}
