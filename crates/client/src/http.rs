//! Over HTTP, with a token.

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::{StreamExt as _, stream};
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::redirect::Policy;
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;

use crate::{Error, Request, Response, Transport};

const USER_AGENT: &str = concat!("orglink-client/", env!("CARGO_PKG_VERSION"));
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the server may be silent, unless somebody has more patience.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server, and who asks it.
#[derive(Clone)]
pub struct Http {
    sender: reqwest::Client,
    /// Without a slash at its end.
    server: String,
    authorization: HeaderValue,
    patience: Duration,
}

/// Without the token.
impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("server", &self.server).finish_non_exhaustive()
    }
}

impl Http {
    /// A server by its address, `https://orglink.company.example`. TLS trusts what the system trusts; the cryptography is
    /// the provider that the program has installed, or else ring (feature `ring`).
    ///
    /// # Errors
    /// When the address or the token cannot be one, or there is nothing to make TLS with.
    pub fn new(base_url: &str, token: &str) -> Result<Self, Error> {
        let url = read_url(base_url)?;
        let builder = reqwest::Client::builder().user_agent(USER_AGENT).connect_timeout(CONNECT);
        // The API points nowhere else; whoever does is not given the token.
        let builder = builder.redirect(Policy::none()).tls_backend_preconfigured(tls(&url)?);
        Self::with(builder.build().map_err(|e| Error::Invalid(tell(&e)))?, base_url, token)
    }

    /// The same through a client of the program's own: its proxies, certificates, pools and times.
    ///
    /// # Errors
    /// When the address or the token cannot be one.
    pub fn with(http: reqwest::Client, base_url: &str, token: &str) -> Result<Self, Error> {
        read_url(base_url)?;
        let server = base_url.trim().trim_end_matches('/').to_owned();
        let mut authorization = HeaderValue::from_str(&format!("Bearer {}", token.trim()))
            .map_err(|_| Error::Invalid("the token has characters in it that no token has".to_owned()))?;
        authorization.set_sensitive(true);
        Ok(Self { sender: http, server, authorization, patience: PATIENCE })
    }

    /// How long the server may say nothing, before its answer and within it; a minute otherwise.
    #[must_use]
    pub const fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Waits for a piece of the answer.
    async fn wait<T>(&self, piece: impl Future<Output = reqwest::Result<T>>) -> Result<T, Error> {
        match tokio::time::timeout(self.patience, piece).await {
            Ok(piece) => piece.map_err(|e| self.unreachable(&tell(&e))),
            Err(_) => Err(self.unreachable(&format!("no answer for {} seconds", self.patience.as_secs()))),
        }
    }

    fn unreachable(&self, why: &str) -> Error {
        Error::Unreachable(format!("{}: {why}", self.server))
    }

    async fn exchange(&self, request: Request) -> Result<Response, Error> {
        let mut sent = self.sender.request(request.method, format!("{}{}", self.server, request.path));
        sent = sent.headers(request.headers).header(AUTHORIZATION, self.authorization.clone());
        if let Some(body) = request.body {
            sent = sent.body(body);
        }
        let answer = self.wait(sent.send()).await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let rest = (self.clone(), answer);
        let body = stream::try_unfold(rest, |(this, mut answer)| async move {
            Ok(this.wait(answer.chunk()).await?.map(|chunk| (Vec::from(chunk), (this, answer))))
        });
        Ok(Response { status, headers, body: body.boxed() })
    }
}

impl Transport for Http {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        Box::pin(self.exchange(request))
    }
}

/// An address without a password in it: who asks, the token says, and addresses are shown.
fn read_url(base_url: &str) -> Result<Url, Error> {
    let wrong = || Error::Invalid("the server's address is not like https://orglink.company.example".to_owned());
    let url = Url::parse(base_url.trim()).map_err(|_| wrong())?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    let is_base = url.query().is_none() && url.fragment().is_none() && url.has_host();
    if matches!(url.scheme(), "http" | "https") && is_plain && is_base { Ok(url) } else { Err(wrong()) }
}

fn tls(url: &Url) -> Result<ClientConfig, Error> {
    let broken = |e: rustls::Error| Error::Invalid(format!("TLS cannot be used: {e}"));
    let provider = CryptoProvider::get_default().cloned().or_else(own_provider).ok_or_else(|| {
        let text = "no TLS provider: switch on the feature `ring` of orglink-client, or install one of rustls first";
        Error::Invalid(text.to_owned())
    })?;
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(broken)?;
    // Without TLS nothing is to be trusted, and machines without certificates will do.
    let config = if url.scheme() == "https" {
        config.with_platform_verifier().map_err(broken)?
    } else {
        config.with_root_certificates(RootCertStore::empty())
    };
    Ok(config.with_no_client_auth())
}

#[cfg(feature = "ring")]
#[expect(clippy::unnecessary_wraps, reason = "there is none without the feature")]
fn own_provider() -> Option<Arc<CryptoProvider>> {
    Some(Arc::new(rustls::crypto::ring::default_provider()))
}

#[cfg(not(feature = "ring"))]
const fn own_provider() -> Option<Arc<CryptoProvider>> {
    None
}

/// What went wrong, down to its cause. Not the address asked: it may name what is nobody else's business.
fn tell(e: &reqwest::Error) -> String {
    let mut text = if e.is_builder() { "the request cannot be made" } else { "the request failed" }.to_owned();
    let mut cause = e.source();
    while let Some(e) = cause {
        text = format!("{text}: {e}");
        cause = e.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::sync::mpsc::{Receiver, channel};
    use std::thread;

    use futures_util::TryStreamExt as _;

    use super::*;
    use crate::Client;

    const TOKEN: &str = "olk_a-secret";

    /// A server that says this to whoever comes, and tells what it was sent.
    fn server(answer: impl Fn(&mut TcpStream) + Send + 'static) -> (String, Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let (send, sent) = channel();
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let mut head = [0; 4096];
                let length = stream.read(&mut head).unwrap_or(0);
                let text = String::from_utf8_lossy(head.get(..length).unwrap_or_default()).into_owned();
                if send.send(text).is_err() {
                    return;
                }
                answer(&mut stream);
            }
        });
        (address, sent)
    }

    fn says(text: &str) -> impl Fn(&mut TcpStream) + Send + 'static {
        let text = text.to_owned();
        move |stream| {
            let _ = stream.write_all(text.as_bytes());
        }
    }

    /// None of what may be printed or logged holds the token.
    fn tells_no_token(e: &Error) {
        assert!(!format!("{e} {e:?} {e:#?}").contains("secret"), "{e:?}");
    }

    #[tokio::test]
    async fn the_token_goes_to_the_server_and_nowhere_else() {
        let (elsewhere, other) = server(says("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnull"));
        let (address, sent) = server(says(&format!(
            "HTTP/1.1 307 Temporary Redirect\r\nlocation: {elsewhere}/api/v1/me\r\ncontent-length: 0\r\n\r\n"
        )));
        let client = Client::new(&format!("{address}/"), &format!("{TOKEN}\n")).expect("a client");
        let e = client.view_me().await.expect_err("it points elsewhere");
        assert!(e.to_string().contains(&elsewhere) && e.status() == Some(307), "{e}");
        tells_no_token(&e);
        let head = sent.recv().expect("a request").to_lowercase();
        assert!(head.starts_with("get /api/v1/me http/1.1\r\n"), "{head}");
        assert!(
            head.contains(&format!("authorization: bearer {TOKEN}\r\n"))
                && head.contains("user-agent: orglink-client/")
        );
        assert!(other.try_recv().is_err(), "nobody was asked there");
        let http = Http::new(&address, TOKEN).expect("a client");
        assert!(!format!("{client:?} {http:?}").contains("secret"));
    }

    #[tokio::test]
    async fn whoever_answers_badly_is_told_apart() {
        let ask = async |answer: &str| {
            let (address, _sent) = server(says(answer));
            let e = Client::new(&address, TOKEN).expect("a client").view_me().await.expect_err("no answer");
            tells_no_token(&e);
            e
        };
        let e = ask("HTTP/1.1 502 Bad Gateway\r\nx-request-id: abc\r\ncontent-length: 6\r\n\r\n<html>").await;
        assert_eq!((e.status(), e.request_id(), e.is_temporary()), (Some(502), Some("abc"), true));
        let e = ask("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>").await;
        assert!(e.status() == Some(200) && !e.is_temporary(), "{e}");
        let cut = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"email\":";
        for unreachable in [cut, "SSH-2.0-OpenSSH_9.6\r\n", ""] {
            let e = ask(unreachable).await;
            assert!(matches!(e, Error::Unreachable(_)) && e.to_string().starts_with("http://127.0.0.1:"), "{e}");
        }
        let (address, _sent) = server(says(cut));
        let file = Client::new(&address, TOKEN).expect("a client").download("/export").await.expect("it began");
        let pieces: Vec<_> = file.map_ok(|piece| piece.len()).collect().await;
        assert!(
            matches!(pieces.as_slice(), [Ok(9), Err(Error::Unreachable(_))]),
            "what breaks off is an error: {pieces:?}"
        );
        let e = Client::new("http://127.0.0.1:1", TOKEN).expect("a client").view_me().await.expect_err("nobody there");
        assert!(e.to_string().contains("refused") && e.is_temporary(), "{e}");
    }

    #[tokio::test]
    async fn whoever_is_silent_is_not_waited_for() {
        let patience = Duration::from_millis(300);
        let pause = || thread::sleep(Duration::from_secs(5));
        let (silent, _sent) = server(move |_| pause());
        let (begins, _also_sent) = server(move |stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{");
            pause();
        });
        for address in [silent, begins] {
            let client = Client::over(Http::new(&address, TOKEN).expect("a client").with_patience(patience));
            let began = std::time::Instant::now();
            let e = client.view_me().await.expect_err("silence");
            assert!(matches!(e, Error::Unreachable(_)) && began.elapsed() < Duration::from_secs(4), "{e}");
        }
    }

    #[test]
    fn what_is_no_address_or_no_token_is_refused_before_anything_is_sent() {
        for address in
            ["", "orglink.example", "ftp://orglink.example", "https://", "http://u:olk_a-secret@host", "http://h/?x=1"]
        {
            let e = Client::new(address, TOKEN).expect_err("no address");
            assert!(matches!(e, Error::Invalid(_)), "{address}");
            tells_no_token(&e);
        }
        let e = Client::new("https://orglink.example", "olk_a-secret\nx: y").expect_err("no token");
        tells_no_token(&e);
        // With TLS too, whether or not the program has chosen how.
        assert!(Client::new("https://orglink.example/under/a/path/", TOKEN).is_ok());
    }
}
