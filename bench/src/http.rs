//! Requests over loopback: to the whole of orglink, and to the barest program that answers them: axum, the same reads
//! by prepared statements, an answer of the same length.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use orglink_http::{Limits, Network, RequestLimits};
use orglink_store::Address;
use orglink_testkit::TestApp;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

use crate::Figure;

/// Requests a figure, in turns of so many with the floor.
const REQUESTS: usize = 1000;
const TURN: usize = 50;

/// What a statement is asked with.
#[derive(Clone)]
pub enum Value {
    Id(Uuid),
    Text(String),
    Bytes(Vec<u8>),
    Int(i64),
}

/// One statement with its values.
pub type Read = (&'static str, Vec<Value>);

/// One kind of request: how it is sent, and what it reads.
pub struct Request {
    pub what: &'static str,
    pub path: String,
    /// A header that says who asks.
    pub who: String,
    pub reads: Vec<Read>,
}

/// Measures requests, ours and the floor's in turns.
pub async fn measure(world: &TestApp, requests: Vec<Request>) -> Result<Vec<Figure>> {
    let none = RequestLimits { per_address: 0, per_account: 0, per_token: 0, per_product: 0 };
    let network = Network { limits: Arc::new(Limits::new(none)), ..Network::default() };
    let router = orglink_server::router::router(Arc::clone(&world.app), network, None);
    let ours = serve(router).await?;
    let mut figures = Vec::new();
    for request in requests {
        let mut client = Client::open(ours).await?;
        let (_, length) = client.get(&request).await?;
        let mut bare = Client::open(serve(bare(&world.database.address(), &request, length).await?).await?).await?;
        let mut figure = Figure { what: request.what, unit: "ms", ours: vec![], floor: vec![] };
        for _ in 0..TURN {
            client.get(&request).await?;
            bare.get(&request).await?;
        }
        for _ in 0..REQUESTS / TURN {
            for _ in 0..TURN {
                figure.ours.push(client.get(&request).await?.0);
            }
            for _ in 0..TURN {
                figure.floor.push(bare.get(&request).await?.0);
            }
        }
        figures.push(figure);
    }
    Ok(figures)
}

pub async fn serve(router: Router) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service).await
    });
    Ok(address)
}

/// One connection that stays open.
struct Client(TcpStream);

impl Client {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self(stream))
    }

    /// How long an answer took, in milliseconds, and how long it is.
    async fn get(&mut self, request: &Request) -> Result<(f64, usize)> {
        let text = format!("GET {} HTTP/1.1\r\nhost: orglink.test\r\n{}\r\n\r\n", request.path, request.who);
        let began = Instant::now();
        self.0.write_all(text.as_bytes()).await?;
        let mut answer = Vec::with_capacity(64 << 10);
        loop {
            ensure!(self.0.read_buf(&mut answer).await? > 0, "the server hung up");
            let Some(end) = answer.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
            ensure!(head.starts_with("http/1.1 200"), "{}: {head}", request.path);
            let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")).context("no length")?;
            let length: usize = length.parse()?;
            if answer.len() >= end + 4 + length {
                return Ok((began.elapsed().as_secs_f64() * 1000.0, length));
            }
        }
    }
}

/// The barest server: reads everything that the request needs, says as much.
struct Bare {
    database: Database,
    reads: Vec<Read>,
    answer: String,
}

enum Database {
    Sqlite(Mutex<rusqlite::Connection>),
    Postgres(tokio_postgres::Client, Vec<tokio_postgres::Statement>),
}

async fn bare(address: &Address, request: &Request, length: usize) -> Result<Router> {
    let database = match address {
        Address::Sqlite(path) => {
            let connection = rusqlite::Connection::open(path)?;
            connection.execute_batch("PRAGMA cache_size = -65536")?;
            connection.set_prepared_statement_cache_capacity(100);
            Database::Sqlite(Mutex::new(connection))
        }
        Address::Postgres(url) => {
            let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
            tokio::spawn(connection);
            let mut statements = Vec::new();
            for (text, _) in &request.reads {
                statements.push(client.prepare(text).await?);
            }
            Database::Postgres(client, statements)
        }
    };
    let bare = Bare { database, reads: request.reads.clone(), answer: "x".repeat(length) };
    Ok(Router::new().fallback(get(answer)).with_state(Arc::new(bare)))
}

async fn answer(State(bare): State<Arc<Bare>>) -> String {
    match &bare.database {
        Database::Sqlite(connection) => read_sqlite(&connection.lock().unwrap(), &bare.reads).unwrap(),
        Database::Postgres(client, statements) => {
            client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.unwrap();
            for (statement, (_, values)) in statements.iter().zip(&bare.reads) {
                let values: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> = values
                    .iter()
                    .map(|v| match v {
                        Value::Id(id) => id as _,
                        Value::Text(text) => text as _,
                        Value::Bytes(bytes) => bytes as _,
                        Value::Int(n) => n as _,
                    })
                    .collect();
                client.query(statement, &values).await.unwrap();
            }
            client.batch_execute("COMMIT").await.unwrap();
        }
    }
    bare.answer.clone()
}

fn read_sqlite(connection: &rusqlite::Connection, reads: &[Read]) -> rusqlite::Result<()> {
    connection.execute_batch("BEGIN")?;
    for (text, values) in reads {
        let mut statement = connection.prepare_cached(text)?;
        for (n, value) in (1..).zip(values) {
            let Some(at) = statement.parameter_index(&format!("${n}"))? else { continue };
            match value {
                Value::Id(id) => statement.raw_bind_parameter(at, id.as_bytes())?,
                Value::Text(text) => statement.raw_bind_parameter(at, text)?,
                Value::Bytes(bytes) => statement.raw_bind_parameter(at, bytes)?,
                Value::Int(n) => statement.raw_bind_parameter(at, n)?,
            }
        }
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                row.get_ref(column)?;
            }
        }
    }
    connection.execute_batch("COMMIT")
}
