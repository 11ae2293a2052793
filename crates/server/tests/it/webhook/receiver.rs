//! A receiver as it may be out there: it answers, fails, hangs, redirects or lies.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What it does with a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// A status, more headers, and a body.
    Answer(u16, &'static str, String),
    /// Nothing, ever.
    Hang,
    /// A good status, and then one byte now and then.
    Drip,
    /// A good status, and a body that never ends.
    Flood,
    /// Goes away in the middle of its answer.
    BreakOff,
}

impl Reply {
    pub fn status(status: u16) -> Self {
        Self::Answer(status, "", format!("said {status}"))
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Received {
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The type of the event.
    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    pub fn position(&self) -> i64 {
        self.json()["data"]["position"].as_i64().unwrap()
    }
}

/// How it answers what.
type Rule = Box<dyn Fn(&Received) -> Option<Reply> + Send>;

#[derive(Default)]
struct State {
    received: Vec<Received>,
    connections: usize,
    next: VecDeque<Reply>,
    rule: Option<Rule>,
}

pub struct Receiver {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, state) = (listener.local_addr().unwrap(), Arc::<Mutex<State>>::default());
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { address, state }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Answers the next request so.
    pub fn next(&self, reply: Reply) {
        self.state.lock().unwrap().next.push_back(reply);
    }

    /// Answers whatever nobody said otherwise of.
    pub fn always(&self, rule: impl Fn(&Received) -> Option<Reply> + Send + 'static) {
        self.state.lock().unwrap().rule = Some(Box::new(rule));
    }

    pub fn received(&self) -> Vec<Received> {
        self.state.lock().unwrap().received.clone()
    }

    /// What came since the last time.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.state.lock().unwrap().received)
    }

    pub fn kinds(&self) -> Vec<String> {
        self.received().iter().map(Received::kind).collect()
    }

    pub fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    while let Some(request) = read(&mut stream).await {
        let reply = {
            let mut state = state.lock().unwrap();
            state.received.push(request.clone());
            let by_rule = state.rule.as_ref().and_then(|rule| rule(&request));
            state.next.pop_front().or(by_rule).unwrap_or_else(|| Reply::status(200))
        };
        match reply {
            Reply::Answer(status, headers, body) => {
                let text = format!("HTTP/1.1 {status} Said\r\n{headers}content-length: {}\r\n\r\n{body}", body.len());
                if stream.write_all(text.as_bytes()).await.is_err() {
                    return;
                }
            }
            Reply::Hang => std::future::pending().await,
            Reply::Drip => {
                let _ = stream.write_all(b"HTTP/1.1 200 Said\r\ncontent-length: 100000\r\n\r\n").await;
                while stream.write_all(b"x").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                return;
            }
            Reply::Flood => {
                let _ = stream.write_all(b"HTTP/1.1 200 Said\r\ncontent-length: 100000000000\r\n\r\n").await;
                let flood = vec![b'x'; 65536];
                while stream.write_all(&flood).await.is_ok() {}
                return;
            }
            Reply::BreakOff => {
                let _ = stream.write_all(b"HTTP/1.1 200 Said\r\ncontent-length: 1000\r\n\r\nbegun").await;
                return;
            }
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Received> {
    let (mut bytes, mut buffer) = (Vec::new(), [0_u8; 4096]);
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break end;
        }
        let n = stream.read(&mut buffer).await.ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&buffer[..n]);
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut body = bytes.split_off(end + 4);
    let mut lines = head.lines();
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers: HashMap<String, String> =
        lines.filter_map(|l| l.split_once(": ")).map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    let length: usize = headers.get("content-length").map_or(0, |l| l.parse().unwrap());
    while body.len() < length {
        let n = stream.read(&mut buffer).await.ok().filter(|n| *n > 0)?;
        body.extend_from_slice(&buffer[..n]);
    }
    Some(Received { path, headers, body })
}
