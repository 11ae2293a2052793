//! The database goes away, or its disk is full: reading where it is possible, a calm no where it is not, nothing half
//! done, and everything by itself again afterwards.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use orglink_testkit::{TestApp, TestDatabase, address_text};
use tempfile::TempDir;

use crate::cli::PROGRAM;

/// A PostgreSQL of the test's own, to be stopped and started.
struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n")
}

impl Cluster {
    fn start() -> Option<Self> {
        let Some(programs) = std::env::var_os("ORGLINK_TEST_POSTGRES_PROGRAMS").map(PathBuf::from) else {
            println!("skipped: ORGLINK_TEST_POSTGRES_PROGRAMS is not set; `cargo xtask test` sets it");
            return None;
        };
        let folder = TempDir::with_prefix("orglink-away-").unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Self { folder, programs, port };
        if is_root() {
            assert!(Command::new("chown").arg("postgres").arg(cluster.folder.path()).status().unwrap().success());
        }
        cluster.run("initdb", &["-A", "trust", "-U", "orglink", "-E", "UTF8"]);
        cluster.again();
        Some(cluster)
    }

    fn again(&self) {
        let options = format!("-p {} -k {} -c listen_addresses=127.0.0.1", self.port, self.folder.path().display());
        let log = self.folder.path().join("log").display().to_string();
        self.run("pg_ctl", &["start", "-w", "-s", "-o", &options, "-l", &log]);
    }

    fn stop(&self) {
        self.run("pg_ctl", &["stop", "-w", "-s", "-m", "immediate"]);
    }

    /// Stops every process of it where it stands, or lets them go on: it neither answers nor hangs up.
    fn signal(&self, signal: &str) {
        let file = std::fs::read_to_string(self.folder.path().join("data/postmaster.pid")).unwrap();
        let first = file.lines().next().unwrap().to_owned();
        let children = Command::new("pgrep").args(["-P", &first]).output().unwrap().stdout;
        let mut all: Vec<&str> = std::str::from_utf8(&children).unwrap().lines().collect();
        all.push(&first);
        assert!(Command::new("kill").arg(signal).args(all).status().unwrap().success());
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let path = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.args(arguments).arg("-D").arg(self.folder.path().join("data"));
        command.current_dir(self.folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(command.status().unwrap().success(), "{program} {arguments:?}");
    }

    /// Sets something for everybody, open connections too.
    fn set(&self, what: &str) {
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .open(self.folder.path().join("data/postgresql.auto.conf"))
            .unwrap();
        writeln!(file, "{what}").unwrap();
        self.run("pg_ctl", &["reload", "-s"]);
    }

    fn database(&self) -> TestDatabase {
        let server = format!("postgres://orglink@127.0.0.1:{}", self.port);
        let done = Command::new(self.programs.join("createdb"))
            .arg(format!("--maintenance-db={server}/postgres"))
            .arg("away")
            .status();
        assert!(done.unwrap().success());
        TestDatabase::Postgres { server, name: "away".to_owned() }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_is_stopped_and_comes_back() {
    let Some(cluster) = Cluster::start() else { return };
    let world = TestApp::on(cluster.database()).await.with_company().await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let mut loops = orglink_jobs::start(&world.app, &stopped);
    let token = world.token("ada@meridian.example").await;
    world.link("ada@meridian.example", "docs-site", "meridian").await.unwrap();
    assert_eq!(world.send("GET", "/readyz", &[], "").await.status, 200);
    for round in 0..2 {
        cluster.stop();
        let ready = world.send("GET", "/readyz", &[], "").await;
        // Said by a connection that was open; where there was none, a new one is tried until the time for it is over.
        assert_eq!(ready.status, 503);
        let said = ["the database is not reachable\n", "the database does not answer\n"];
        assert!(said.contains(&ready.text.as_str()), "{}", ready.text);
        assert_eq!(world.send("GET", "/healthz", &[], "").await.status, 200);
        let body =
            serde_json::json!({ "workspace": "atlas-platform", "organization": "meridian", "acknowledge": "all" });
        let link = world.api(&token, "POST", "/links", Some(body)).await;
        assert_eq!((link.status, link.json()["code"].as_str()), (503, Some("database_unavailable")), "{}", link.text);
        assert!(!link.retry_after.is_empty());
        let page = world.send("GET", "/", &[("cookie", "orglink=whoever")], "").await;
        assert_eq!(page.status, 503);
        assert!(page.text.contains("Try again") && !page.retry_after.is_empty(), "{}", page.text);
        cluster.again();
        let began = Instant::now();
        while world.send("GET", "/readyz", &[], "").await.status != 200 {
            assert!(began.elapsed() < Duration::from_secs(20), "it does not come back");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        println!("ready again after {:?}", began.elapsed());
        let slug = ["harbor-ops", "atlas-platform"][round];
        let organization = ["harbor", "meridian"][round];
        world.link("ada@meridian.example", slug, organization).await.unwrap();
        // The loops place it by themselves.
        let began = Instant::now();
        loop {
            let mut tx = world.app.db.begin_read().await.unwrap();
            if !orglink_store::event::any_pending(&mut tx).await.unwrap() {
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "the loops do not come back");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        world.check_invariants().await;
    }
    stop.send(true).unwrap();
    while loops.join_next().await.is_some() {}
    world.app.db.close().await;
    drop(world);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_ever_for_a_database_that_does_not_answer() {
    let Some(cluster) = Cluster::start() else { return };
    let world = TestApp::on(cluster.database()).await.with_company().await;
    let token = world.token("ada@meridian.example").await;
    // Whatever rested is tried before it is used.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    cluster.signal("-STOP");
    let began = Instant::now();
    let ready = world.send("GET", "/readyz", &[], "").await;
    assert_eq!((ready.status, ready.text.as_str()), (503, "the database does not answer\n"));
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let body = serde_json::json!({ "name": "Waited", "slug": "waited" });
    for (method, path, body) in [("GET", "/me", None), ("POST", "/organizations", Some(body))] {
        let answer = world.api(&token, method, path, body).await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (503, Some("database_unavailable")));
    }
    println!("probe, reading and writing were answered after {:?}", began.elapsed());
    cluster.signal("-CONT");
    let began = Instant::now();
    while world.send("GET", "/readyz", &[], "").await.status != 200 {
        assert!(began.elapsed() < Duration::from_secs(20), "it does not come back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    world.link("ada@meridian.example", "atlas-platform", "meridian").await.unwrap();
    world.check_invariants().await;
    world.app.db.close().await;
    drop(world);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_postgres_takes_no_changes_reading_goes_on() {
    let Some(cluster) = Cluster::start() else { return };
    let world = TestApp::on(cluster.database()).await.with_company().await;
    let token = world.token("ada@meridian.example").await;
    let (cookie, _) = world.session("ada@meridian.example").await;
    cluster.set("default_transaction_read_only = on");
    let began = Instant::now();
    let full = serde_json::json!({ "name": "Refused", "slug": "refused" });
    let refused = loop {
        // The servers of open connections hear of it a moment later.
        let answer = world.api(&token, "POST", "/organizations", Some(full.clone())).await;
        if answer.status != 201 || began.elapsed() > Duration::from_secs(20) {
            break answer;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(
        (refused.status, refused.json()["code"].as_str()),
        (503, Some("database_read_only")),
        "{}",
        refused.text
    );
    assert!(!refused.retry_after.is_empty());
    let ready = world.send("GET", "/readyz", &[], "").await;
    assert_eq!((ready.status, ready.text.as_str()), (503, "the database takes no changes\n"));
    assert_eq!(world.api(&token, "GET", "/organizations/meridian", None).await.status, 200, "reading goes on");
    let page = world.send("GET", "/workspaces/atlas-platform", &[("cookie", &cookie)], "").await;
    assert_eq!(page.status, 200, "{}", page.text);
    cluster.set("default_transaction_read_only = off");
    let began = Instant::now();
    while world.send("GET", "/readyz", &[], "").await.status != 200 {
        assert!(began.elapsed() < Duration::from_secs(20), "it does not come back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    world.link("ada@meridian.example", "atlas-platform", "meridian").await.unwrap();
    world.check_invariants().await;
    world.app.db.close().await;
    drop(world);
}

/// `orglink serve`, killed at the end.
struct Server(Child, u16);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    fn start(world: &TestApp) -> Self {
        // Writing beyond a limit is then an error, as on a full disk, and no signal.
        let mut child = Command::new("sh")
            .args(["-c", "trap '' XFSZ; exec \"$@\"", "sh", PROGRAM, "serve", "--listen", "127.0.0.1:0", "--database"])
            .arg(address_text(&world.database.address()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            // A file here would be under the limit too.
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.find_map(|l| l.ok().filter(|l| l.contains("orglink is at"))).unwrap();
        let port = line.rsplit(':').next().unwrap().trim().parse().unwrap();
        Self(child, port)
    }

    fn limit_files(&self, bytes: &str) {
        let done = Command::new("prlimit")
            .args(["--pid", &self.0.id().to_string(), &format!("--fsize={bytes}:unlimited")])
            .status();
        assert!(done.unwrap().success());
    }

    fn send(&self, method: &str, path: &str, token: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.1)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.1,
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        (text.split(' ').nth(1).unwrap().parse().unwrap(), text)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_reading_goes_on_and_nothing_is_lost() {
    let world = TestApp::sqlite().await.with_company().await;
    // The program looks at the real clock.
    world.clock.advance(365 * 24 * 60 * 60);
    let token = world.token("ada@meridian.example").await;
    let server = Server::start(&world);
    assert_eq!(server.send("GET", "/readyz", &token, "").0, 200);
    let body = r#"{"name":"While there is room","slug":"room"}"#;
    assert_eq!(server.send("POST", "/api/v1/organizations", &token, body).0, 201);
    server.limit_files("1");
    let full = r#"{"name":"Without room","slug":"no-room"}"#;
    let (status, text) = server.send("POST", "/api/v1/organizations", &token, full);
    assert!(status == 503 && text.contains("storage_full") && text.to_lowercase().contains("retry-after"), "{text}");
    let link = r#"{"workspace":"atlas-platform","organization":"meridian","acknowledge_all":true}"#;
    let (status, text) = server.send("POST", "/api/v1/links", &token, link);
    assert!(status == 503 && text.contains("storage_full"), "{text}");
    assert_eq!(server.send("GET", "/api/v1/organizations/room", &token, "").0, 200, "reading goes on");
    assert_eq!(server.send("GET", "/api/v1/organizations/no-room", &token, "").0, 404);
    let (status, text) = server.send("GET", "/readyz", "", "");
    assert!(status == 503 && text.contains("no room left"), "{text}");
    assert_eq!(server.send("GET", "/healthz", "", "").0, 200);
    server.limit_files("unlimited");
    assert_eq!(server.send("GET", "/readyz", "", "").0, 200);
    assert_eq!(server.send("POST", "/api/v1/organizations", &token, full).0, 201);
    let (status, text) = server.send("POST", "/api/v1/links", &token, link);
    assert_eq!(status, 201, "nothing of it was kept: {text}");
    drop(server);
    world.check_invariants().await;
}
