//! `check`: "may this workspace use it, and if not, why?", asked by a product about workspaces that are asked for by a power
//! law, while one in a hundred of them is linked or unlinked; in process, and over HTTP by several clients at once. The
//! floor is axum answering as many bytes from memory. Two servers on the same database are asked, and how old an answer
//! ever was is measured too.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use axum::Router;
use axum::routing::post;
use orglink_app::entitlement::{authenticate_product, confirm_kept, know_workspace};
use orglink_app::link::{Acknowledge, LinkRequest, UndoRequest, link_workspace, undo_link};
use orglink_app::{App, Principal, installation::grant_operator};
use orglink_domain::entitlement::Stage;
use orglink_domain::link::LinkPolicy;
use orglink_domain::token::Scope;
use orglink_http::{Limits, Network, RequestLimits};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Figure;
use crate::http::serve;
use crate::world::{ADMIN, ADMINISTERED, ORGANIZATION, World};

/// Clients at once, each with a connection that stays open.
const CLIENTS: usize = 16;
/// How often each is asked for a while.
const TURNS: usize = 4;
const FEATURE: &str = "packages";

pub async fn measure(of: &World) -> Result<Vec<Figure>> {
    let world = &of.app;
    // How long a turn is, what comes before it, and how many checks in process there are in one; too small a company measures
    // nothing anyway.
    let (turn_time, warm_up, checks) = match of.size {
        0..1000 => (Duration::from_millis(100), Duration::from_millis(100), 1000),
        _ => (Duration::from_secs(3), Duration::from_secs(10), 50_000),
    };
    grant_operator(&world.app, &Principal::local_operator(), ADMIN).await.map_err(|e| anyhow::anyhow!("{e}"))?;
    let token = world.token_for(ADMIN, vec![Scope::Entitlements]).await;
    let policy = LinkPolicy { undo_window_seconds: 24 * 60 * 60, ..world.app.settings.link_policy };
    let replica = world.replica_with(policy).await;
    let caller = authenticate_product(&world.app, &token).await.map_err(|e| anyhow::anyhow!("{e}"))?;
    let stop = Arc::new(AtomicBool::new(false));
    for app in [Arc::clone(&world.app), Arc::clone(&replica)] {
        let stop = Arc::clone(&stop);
        tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                confirm_kept(&app).await.unwrap();
                orglink_app::upkeep::sequence_pending(&app).await.unwrap();
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        });
    }

    let mut in_process = Figure { what: "one check in process", unit: "µs", ours: vec![], floor: vec![] };
    let mut per_second = Figure { what: "checks a second, 16 clients", unit: "/s", ours: vec![], floor: vec![] };
    let mut p99 = Figure { what: "p99 of one check, 16 clients", unit: "ms", ours: vec![], floor: vec![] };
    let mut oldest = Figure { what: "oldest answer, two servers", unit: "ms", ours: vec![], floor: vec![] };
    let mut changed = Figure { what: "links changed meanwhile", unit: "", ours: vec![], floor: vec![] };

    let none = RequestLimits { per_address: 0, per_account: 0, per_token: 0, per_product: 0 };
    let network = || Network { limits: Arc::new(Limits::new(none)), ..Network::default() };
    let first = serve(orglink_server::router::router(Arc::clone(&world.app), network(), None)).await?;
    let asked = Asked { token, size: of.size };
    let mut client = Client::open(first).await?;
    let length = client.ask(&asked.request(0)).await?;
    let answer = "x".repeat(length);
    let bare = Router::new().route("/ofrep/v1/evaluate/flags/{key}", post(move || std::future::ready(answer.clone())));
    let bare = serve(bare).await?;

    // Links come and go the whole time; each is awaited on both servers, and how long that takes is how old answers are.
    let (links, worst) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let changing = tokio::spawn(change_links(
        (Arc::clone(&replica), world.person(ADMIN).await),
        [Arc::clone(&world.app), Arc::clone(&replica)],
        Arc::clone(&caller),
        (Arc::clone(&links), Arc::clone(&worst), Arc::clone(&stop)),
    ));
    ask_for(first, &asked, warm_up).await?;
    for turn in 0..TURNS {
        let (count, slow) = ask_for(first, &asked, turn_time).await?;
        per_second.ours.push(count);
        p99.ours.push(slow);
        let (count, slow) = ask_for(bare, &asked, turn_time).await?;
        per_second.floor.push(count);
        p99.floor.push(slow);
        let mut keys = Keys::new(of.size, 77 + turn as u64);
        let feature = world.app.catalog.feature(FEATURE).context("the catalog has the feature")?;
        let began = Instant::now();
        let mut yes = 0;
        for _ in 0..checks {
            let known = know_workspace(&world.app, &caller, &keys.next()).await.map_err(|e| anyhow::anyhow!("{e}"))?;
            yes += i32::from(feature.is_unlocked(&known.facts));
        }
        ensure!(yes < checks, "everything is unlocked");
        in_process.ours.push(began.elapsed().as_secs_f64() * 1e6 / f64::from(checks));
        // The same keys, and nothing else.
        let mut keys = Keys::new(of.size, 77 + turn as u64);
        let began = Instant::now();
        let sum: usize = (0..checks).map(|_| keys.next().len()).sum();
        ensure!(sum > 0, "no keys");
        in_process.floor.push(began.elapsed().as_secs_f64() * 1e6 / f64::from(checks));
    }
    stop.store(true, Ordering::Relaxed);
    changing.await??;
    oldest.ours.push(worst.load(Ordering::Relaxed) as f64 / 1000.0);
    // What is promised.
    oldest.floor.push(1000.0);
    changed.ours.push(links.load(Ordering::Relaxed) as f64);
    changed.floor.push(of.size as f64 / 100.0);
    Ok(vec![per_second, p99, in_process, oldest, changed])
}

/// Links and unlinks workspaces, and waits after some until both servers say so.
async fn change_links(
    (by, who): (Arc<App>, Principal),
    servers: [Arc<App>; 2],
    product: Arc<Principal>,
    (links, worst, stop): (Arc<AtomicU64>, Arc<AtomicU64>, Arc<AtomicBool>),
) -> Result<()> {
    for n in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        // Not those that were linked from the start: a link of theirs has no window.
        let slug = format!("w{}", 50 + (n / 2) % (ADMINISTERED - 50));
        let is_linked = n % 2 == 0;
        let done = if is_linked {
            let request = LinkRequest {
                workspace: slug.clone(),
                organization: ORGANIZATION.to_owned(),
                plan_digest: None,
                acknowledge: Acknowledge::All,
            };
            link_workspace(&by, &who, &request, None).await.map(|_| ())
        } else {
            undo_link(&by, &who, &slug, &UndoRequest { plan_digest: None, reason: None }).await.map(|_| ())
        };
        // Some of a company cannot be linked, whoever asks.
        if done.is_err() {
            continue;
        }
        links.fetch_add(1, Ordering::Relaxed);
        if n % 20 < 2 {
            let began = Instant::now();
            for server in &servers {
                loop {
                    let known = know_workspace(server, &product, &slug).await.map_err(|e| anyhow::anyhow!("{e}"))?;
                    if (known.facts.stage >= Stage::Linked) == is_linked {
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
            let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
            worst.fetch_max(micros, Ordering::Relaxed);
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Ok(())
}

/// What clients send.
#[derive(Clone)]
struct Asked {
    token: String,
    size: usize,
}

impl Asked {
    fn request(&self, workspace: usize) -> String {
        let body = format!(r#"{{"context":{{"targetingKey":"w{workspace}"}}}}"#);
        format!(
            "POST /ofrep/v1/evaluate/flags/{FEATURE} HTTP/1.1\r\nhost: orglink.test\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        )
    }
}

/// Asks for a while; how many answers a second, and the 99th percentile in milliseconds.
async fn ask_for(server: SocketAddr, asked: &Asked, time: Duration) -> Result<(f64, f64)> {
    let began = Instant::now();
    let mut clients = tokio::task::JoinSet::new();
    for n in 0..CLIENTS {
        let asked = asked.clone();
        clients.spawn(async move {
            let (mut client, mut times) = (Client::open(server).await?, Vec::new());
            let mut keys = Keys::new(asked.size, 1000 + n as u64);
            while began.elapsed() < time {
                let request = asked.request(keys.draw());
                let sent = Instant::now();
                client.ask(&request).await?;
                times.push(sent.elapsed().as_secs_f64() * 1000.0);
            }
            Ok::<_, anyhow::Error>(times)
        });
    }
    let mut all = Vec::new();
    while let Some(times) = clients.join_next().await {
        all.extend(times??);
    }
    let seconds = began.elapsed().as_secs_f64();
    all.sort_by(f64::total_cmp);
    Ok((all.len() as f64 / seconds, all[all.len() * 99 / 100]))
}

/// Which workspace is asked for: by a power law over all of them, the same for the same seed.
struct Keys {
    size: f64,
    state: u64,
}

impl Keys {
    fn new(size: usize, seed: u64) -> Self {
        Self { size: size as f64, state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 }
    }

    /// Rank `size ^ u`, u uniform: the density of a rank is as 1 / rank.
    fn draw(&mut self) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let uniform = (self.state >> 11) as f64 / (1_u64 << 53) as f64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank, below the size")]
        let rank = self.size.powf(uniform) as usize;
        rank.saturating_sub(1)
    }

    fn next(&mut self) -> String {
        format!("w{}", self.draw())
    }
}

/// One connection that stays open.
struct Client {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Client {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::with_capacity(4096) })
    }

    /// How long the body of the answer is.
    async fn ask(&mut self, request: &str) -> Result<usize> {
        self.stream.write_all(request.as_bytes()).await?;
        self.answer.clear();
        loop {
            ensure!(self.stream.read_buf(&mut self.answer).await? > 0, "the server hung up");
            let Some(end) = self.answer.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
            let head = &self.answer[..end];
            ensure!(head.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&self.answer));
            let at = head.windows(16).position(|w| w.eq_ignore_ascii_case(b"content-length: ")).context("no length")?;
            let digits: String =
                head[at + 16..].iter().take_while(|b| b.is_ascii_digit()).map(|b| char::from(*b)).collect();
            let length: usize = digits.parse()?;
            if self.answer.len() >= end + 4 + length {
                return Ok(length);
            }
        }
    }
}
