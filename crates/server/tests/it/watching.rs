//! What whoever runs it can watch: lines of the log, `/metrics`, the alerts that are made of them; and keys that are
//! read again while it runs.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use orglink_testkit::{TestApp, address_text};
use serde_json::Value;
use tempfile::TempDir;

use crate::cli::PROGRAM;

const ADA: &str = "ada@meridian.example";

/// `orglink serve` with a configuration, killed at the end; its log is read line by line.
pub struct Running {
    child: Child,
    pub port: u16,
    metrics: Option<u16>,
    log: Receiver<String>,
    folder: TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    pub fn start(world: &TestApp, config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("orglink.toml");
        std::fs::write(&file, config.replace("FOLDER", &folder.path().display().to_string())).unwrap();
        std::fs::write(folder.path().join("token"), "a-token-for-prometheus\n").unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--config"])
            .arg(&file)
            .args(["--key-file", &folder.path().join("key").display().to_string()])
            .args(["--database", &address_text(&world.database.address())])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (send, log) = std::sync::mpsc::channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        std::thread::spawn(move || lines.map_while(Result::ok).all(|line| send.send(line).is_ok()));
        let (mut is_there, mut metrics) = (false, None);
        for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
            if let Some(at) = line.strip_prefix("metrics are at http://127.0.0.1:") {
                metrics = at.trim_end_matches("/metrics").parse().ok();
            }
            is_there |= line.starts_with("orglink is at");
            if is_there && (metrics.is_some() || !config.contains("[metrics]\nlisten")) {
                break;
            }
        }
        Self { child, port, metrics, log, folder }
    }

    fn ask(&self, port: u16, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n",
            self.port
        );
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        (text.split(' ').nth(1).unwrap().parse().unwrap(), text)
    }

    fn get(&self, path: &str) -> (u16, String) {
        self.ask(self.port, "GET", path, "", "")
    }

    /// Waits for a line of the log with this in it.
    fn wait_for(&self, words: &str) -> String {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(20) {
            match self.log.recv_timeout(Duration::from_secs(1)) {
                Ok(line) if line.contains(words) => return line,
                _ => {}
            }
        }
        panic!("no line says '{words}'");
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        while let Ok(line) = self.log.recv_timeout(Duration::from_millis(500)) {
            lines.push(line);
        }
        lines
    }
}

/// The names of our metrics in a text.
fn named(text: &str) -> std::collections::BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|w| w.starts_with("orglink_")).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_line_of_the_log_is_an_object_with_its_request_and_no_secret() {
    let world = TestApp::sqlite().await.with_company().await;
    // The program looks at the real clock.
    world.clock.advance(365 * 24 * 60 * 60);
    let (token, (cookie, _)) = (world.token(ADA).await, world.session(ADA).await);
    let server = Running::start(&world, "[log]\nlevel = \"debug\"\nformat = \"json\"\n");
    let headers = format!("Authorization: Bearer {token}\r\nCookie: {cookie}\r\n");
    assert_eq!(server.ask(server.port, "GET", "/api/v1/organizations/meridian", &headers, "").0, 200);
    let (status, answer) = server.ask(server.port, "GET", "/sign-in/olk-a-secret-of-a-link", "", "");
    assert!(status < 500, "{answer}");
    let form = "email=ada%40meridian.example&password=a-password-that-is-wrong";
    let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
    server.ask(server.port, "POST", "/sign-in", kind, form);
    let (_, answer) = server.get("/workspaces/nowhere");
    let id = answer.to_lowercase().split("x-request-id: ").nth(1).unwrap().split('\r').next().unwrap().to_owned();
    let lines = server.lines();
    let mut requests = 0;
    for line in &lines {
        let object: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        for field in ["timestamp", "level", "target"] {
            assert!(object[field].is_string(), "{line}");
        }
        if object["target"] == "orglink::request" {
            requests += 1;
            assert!(object["span"]["request_id"].is_string() && object["status"].is_u64(), "{line}");
            assert!(object["route"].as_str().is_some_and(|r| r.starts_with('/')), "{line}");
        }
        let secret = cookie.split('=').nth(1).unwrap();
        for secret in [token.as_str(), secret, "olk-a-secret-of-a-link", "a-password-that-is-wrong"] {
            assert!(!line.contains(secret), "a secret in the log: {line}");
        }
    }
    assert!(requests >= 4, "{lines:?}");
    assert!(lines.iter().any(|l| l.contains(&id)), "the id in the answer is in the log");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_are_for_whoever_may_ask_and_alerts_name_only_what_is_there() {
    let world = TestApp::sqlite().await.with_company().await;
    // Only this machine reaches it: whoever is on it may ask.
    let alone = Running::start(&world, "");
    let alerts = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/alerts.yml")).unwrap();
    let wanted = named(&alerts);
    assert!(wanted.len() >= 6, "{wanted:?}");
    let began = Instant::now();
    loop {
        let (status, text) = alone.get("/metrics");
        assert_eq!(status, 200);
        let there = named(&text);
        let missing: Vec<_> = wanted.difference(&there).collect();
        if missing.is_empty() {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "alerts are made of what is not there: {missing:?}");
        std::thread::sleep(Duration::from_millis(200));
    }
    drop(alone);
    // Somebody else may reach it.
    let public = Running::start(&world, "public_url = \"https://orglink.example\"\n[log]\nlevel = \"error\"\n");
    assert!([404, 421].contains(&public.get("/metrics").0));
    drop(public);
    let guarded = "public_url = \"https://orglink.example\"\n[metrics]\ntoken_file = \"FOLDER/token\"\n";
    let guarded = Running::start(&world, guarded);
    assert_eq!(guarded.get("/metrics").0, 401);
    let wrong = "Authorization: Bearer a-token-for-prometheu\r\n";
    assert_eq!(guarded.ask(guarded.port, "GET", "/metrics", wrong, "").0, 401);
    let right = "Authorization: Bearer a-token-for-prometheus\r\n";
    assert_eq!(guarded.ask(guarded.port, "GET", "/metrics", right, "").0, 200);
    drop(guarded);
    let apart = Running::start(&world, "[metrics]\nlisten = \"127.0.0.1:0\"\n");
    assert_eq!(apart.get("/metrics").0, 404, "not where everybody else is");
    assert_eq!(apart.ask(apart.metrics.unwrap(), "GET", "/metrics", "", "").0, 200);
    assert_eq!(apart.ask(apart.metrics.unwrap(), "GET", "/", "", "").0, 404, "and nothing else there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_read_again_and_forms_of_the_older_one_still_count() {
    let world = TestApp::sqlite().await.with_company().await;
    world.clock.advance(365 * 24 * 60 * 60);
    let (cookie, _) = world.session(ADA).await;
    let server = Running::start(&world, "");
    let headers = format!("Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n");
    let form_token = || {
        let (status, page) = server.ask(server.port, "GET", "/new-organization", &headers, "");
        assert_eq!(status, 200, "{page}");
        page.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let send = |form_token: &str, slug: &str| {
        let body = format!("form_token={form_token}&name={slug}&slug={slug}");
        server.ask(server.port, "POST", "/organizations", &headers, &body).0
    };
    let old = form_token();
    let key = server.folder.path().join("key").display().to_string();
    let rotate = || {
        let out = Command::new(PROGRAM).args(["key", "rotate", "--key-file", &key]).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let asked = Command::new("kill").args(["-HUP", &server.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        server.wait_for("the key file was read again");
    };
    rotate();
    let new = form_token();
    assert_ne!(old, new, "the newest key is used");
    assert_eq!(send(&old, "older-form"), 303, "what was open before is still accepted");
    assert_eq!(send(&new, "newer-form"), 303);
    // A file that cannot be read changes nothing.
    let kept = std::fs::read(&key).unwrap();
    std::fs::write(&key, "rubbish").unwrap();
    assert!(Command::new("kill").args(["-HUP", &server.child.id().to_string()]).status().unwrap().success());
    server.wait_for("could not be read again");
    assert_eq!(send(&new, "as-it-was"), 303);
    // Without the older key its forms have expired.
    let newest = String::from_utf8(kept).unwrap().lines().next().unwrap().to_owned();
    std::fs::write(&key, newest).unwrap();
    assert!(Command::new("kill").args(["-HUP", &server.child.id().to_string()]).status().unwrap().success());
    server.wait_for("the key file was read again");
    assert_eq!(send(&old, "too-old"), 403);
    assert_eq!(form_token(), new);
}
