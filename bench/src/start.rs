//! `start`: from the start of the process to *ready* on a database that is there, and the memory that it then takes;
//! the floor opens the same database, reads one row and listens.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use orglink_store::Address;
use orglink_testkit::{TestDatabase, address_text};

use crate::Figure;
use crate::world::World;

const ROUNDS: usize = 9;

pub async fn measure(world: World) -> Result<Vec<Figure>> {
    let program = std::env::current_exe()?.with_file_name("orglink");
    ensure!(program.exists(), "build it first: cargo build --release --package orglink-server");
    let World { app, .. } = world;
    app.app.db.close().await;
    let address = address_text(&app.database.address());
    let folder = tempfile::tempdir()?;
    let key = folder.path().join("key");
    std::fs::write(&key, "07".repeat(32) + "\n")?;
    #[cfg(unix)]
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    let mut start = Figure { what: "from start to ready", unit: "ms", ours: vec![], floor: vec![] };
    let mut memory = Figure { what: "memory at rest", unit: "MiB", ours: vec![], floor: vec![] };
    for _ in 0..ROUNDS {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port().to_string();
        let listen = format!("127.0.0.1:{port}");
        let mut ours = Command::new(&program);
        ours.args(["serve", "--database", &address, "--listen", &listen, "--key-file"]).arg(&key);
        let mut bare = Command::new(std::env::current_exe()?);
        bare.args(["bare-server"]).env("BENCH_DATABASE", &address).env("BENCH_LISTEN", &listen);
        for (mut command, times, sizes) in
            [(ours, &mut start.ours, &mut memory.ours), (bare, &mut start.floor, &mut memory.floor)]
        {
            let (taken, resident) = one(&mut command, &listen)?;
            times.push(taken);
            sizes.push(resident);
        }
    }
    let _: TestDatabase = app.database;
    Ok(vec![start, memory])
}

/// A process that goes away with its measurement.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Milliseconds until a server is ready, and the memory it takes a little later.
fn one(command: &mut Command, listen: &str) -> Result<(f64, f64)> {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let running = Running(command.spawn()?);
    loop {
        ensure!(began.elapsed() < Duration::from_secs(30), "the server never became ready");
        if is_ready(listen).unwrap_or(false) {
            break;
        }
        std::thread::sleep(Duration::from_micros(500));
    }
    let taken = began.elapsed().as_secs_f64() * 1000.0;
    std::thread::sleep(Duration::from_secs(2));
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.0.id()))?;
    let resident = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kib: f64 = resident.trim().trim_end_matches(" kB").parse()?;
    Ok((taken, kib / 1024.0))
}

fn is_ready(listen: &str) -> Result<bool> {
    let mut stream = TcpStream::connect(listen)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(format!("GET /readyz HTTP/1.1\r\nhost: {listen}\r\nconnection: close\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.starts_with("HTTP/1.1 200"))
}

/// The floor's process.
pub fn bare_server() -> Result<()> {
    let (address, listen) = (std::env::var("BENCH_DATABASE")?, std::env::var("BENCH_LISTEN")?);
    let listener = TcpListener::bind(listen)?;
    match address.parse::<Address>()? {
        Address::Sqlite(path) => read_sqlite(&path)?,
        Address::Postgres(url) => {
            let mut client = postgres::Client::connect(&url, postgres::NoTls)?;
            client.query_one("SELECT last_position FROM event_sequence", &[])?;
        }
    }
    for stream in listener.incoming() {
        let mut stream = stream?;
        let mut request = [0_u8; 1024];
        let _ = stream.read(&mut request)?;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\nready\n")?;
    }
    Ok(())
}

fn read_sqlite(path: &PathBuf) -> Result<()> {
    let connection = rusqlite::Connection::open(path)?;
    connection.query_row("SELECT last_position FROM event_sequence", [], |row| row.get::<_, i64>(0))?;
    Ok(())
}
