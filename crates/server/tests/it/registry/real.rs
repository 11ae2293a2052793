//! A real registry (Docker's, from Debian) that asks this server for tokens, and a real client (skopeo).
//!
//! `cargo xtask test` installs both, and sets `ORGLINK_TEST_REGISTRY`; without that, and without them, one line says that
//! this was left out.

use std::net::TcpListener as Port;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::map_request;
use orglink_app::link::{UndoRequest, undo_link};
use orglink_app::registry::{hand_out_certificates, notification_secret, prepare_key, rotate_key};
use orglink_app::system::{SystemClock, SystemIds};
use orglink_app::{App, Error, Key, Principal, RegistrySettings, Settings};
use orglink_domain::clock::Clock as _;
use orglink_domain::digest::Digest;
use orglink_domain::registry::SignatureAlgorithm;
use orglink_domain::token::Scope;
use orglink_store::Db;
use orglink_testkit::TestApp;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{ADA, MIA, W, ask, parts, secret};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).exists())
}

/// Serves what `world` answers, under an address that a registry and a client reach; where.
async fn serve(world: &TestApp) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = format!("http://{}", listener.local_addr().unwrap());
    let router = world.router.clone().layer(map_request(|mut request: Request| async {
        request.headers_mut().insert(header::HOST, HeaderValue::from_static("orglink.test"));
        request
    }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    at
}

/// Docker's registry, running.
struct Registry {
    child: Child,
    host: String,
    log: PathBuf,
}

impl Registry {
    /// On `images`, trusting these certificates, sending clients and telling of pushes to `orglink`.
    async fn start(world: &TestApp, folder: &Path, name: &str, certificates: &str, orglink: &str) -> Self {
        let port = Port::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let at = |what: &str| folder.join(format!("{name}.{what}"));
        std::fs::write(at("pem"), certificates).unwrap();
        let config = format!(
            "version: 0.1
log: {{level: info}}
storage:
  filesystem: {{rootdirectory: {images}}}
  delete: {{enabled: true}}
http: {{addr: '127.0.0.1:{port}', secret: shared}}
auth:
  token:
    realm: {orglink}/registry/token
    service: registry.test:5000
    issuer: http://orglink.test
    rootcertbundle: {pem}
notifications:
  events: {{includereferences: true}}
  endpoints:
    - name: orglink
      url: {orglink}/registry/notifications
      headers: {{Authorization: [Bearer {secret}]}}
      timeout: 10s
      threshold: 5
      backoff: 1s
",
            images = folder.join("images").display(),
            pem = at("pem").display(),
            secret = notification_secret(&world.app),
        );
        std::fs::write(at("yml"), config).unwrap();
        let log = std::fs::File::create(at("log")).unwrap();
        let child = Command::new("docker-registry")
            .arg("serve")
            .arg(at("yml"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let registry = Self { child, host: format!("127.0.0.1:{port}"), log: at("log") };
        let began = Instant::now();
        while tokio::net::TcpStream::connect(&registry.host).await.is_err() {
            assert!(began.elapsed() < PATIENCE, "{}", std::fs::read_to_string(&registry.log).unwrap());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        registry
    }

    fn image(&self, name: &str) -> String {
        format!("docker://{}/{name}", self.host)
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The client: whether it worked, and what it said.
async fn skopeo(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new("skopeo");
    command.arg("--insecure-policy").args(arguments).stdin(Stdio::null());
    command.env("HOME", folder).env("REGISTRY_AUTH_FILE", folder.join("nobody.json")).env("TMPDIR", folder);
    let out = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if out.status.success() { Ok(text(&out.stdout)) } else { Err(text(&out.stderr)) }
}

/// What is pushed, and by whom.
struct Client {
    folder: PathBuf,
    layout: String,
    mia: String,
    ada: String,
}

impl Client {
    async fn push(&self, to: &str, who: &str) -> Result<String, String> {
        let creds = self.creds(who);
        let mut arguments = vec!["copy", "--preserve-digests", "--dest-tls-verify=false"];
        if creds.is_empty() {
            arguments.push("--dest-no-creds");
        } else {
            arguments.extend(["--dest-creds", &creds]);
        }
        arguments.extend([self.layout.as_str(), to]);
        skopeo(&self.folder, &arguments).await
    }

    async fn digest(&self, of: &str, who: &str) -> Result<String, String> {
        let creds = self.creds(who);
        let arguments = ["inspect", "--tls-verify=false", "--format", "{{.Digest}}", "--creds", &creds, of];
        skopeo(&self.folder, &arguments).await.map(|text| text.trim().to_owned())
    }

    /// With a token for the registry, as it was issued.
    async fn with_token(&self, of: &str, token: &str) -> Result<String, String> {
        skopeo(&self.folder, &["inspect", "--tls-verify=false", "--registry-token", token, of]).await
    }

    fn creds(&self, who: &str) -> String {
        match who {
            "mia" => format!("{MIA}:{}", self.mia),
            "ada" => format!("{ADA}:{}", self.ada),
            "nobody" => String::new(),
            other => format!("{MIA}:{other}"),
        }
    }
}

/// The smallest image there is, as an OCI image layout; its digest.
fn write_layout(folder: &Path) -> String {
    std::fs::create_dir_all(folder.join("blobs/sha256")).unwrap();
    let blob = |kind: &str, bytes: &[u8]| -> Value {
        let digest = Digest::of(&[bytes]).to_string();
        std::fs::write(folder.join("blobs/sha256").join(&digest["sha256:".len()..]), bytes).unwrap();
        json!({ "mediaType": format!("application/vnd.oci.image.{kind}"), "digest": digest, "size": bytes.len() })
    };
    // An empty archive.
    let layer = blob("layer.v1.tar", &[0; 1024]);
    let config = json!({ "architecture": "amd64", "os": "linux", "config": {}, "rootfs": { "type": "layers", "diff_ids": [layer["digest"]] } });
    let config = blob("config.v1+json", config.to_string().as_bytes());
    let manifest = json!({ "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config, "layers": [layer] });
    let mut manifest = blob("manifest.v1+json", manifest.to_string().as_bytes());
    manifest["annotations"] = json!({ "org.opencontainers.image.ref.name": "latest" });
    let index = json!({ "schemaVersion": 2, "manifests": [manifest] });
    std::fs::write(folder.join("index.json"), index.to_string()).unwrap();
    std::fs::write(folder.join("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}").unwrap();
    manifest["digest"].as_str().unwrap().to_owned()
}

/// Sets the clock of the application to so many seconds from now: registries have their own.
fn set_clock(world: &TestApp, seconds: i64) {
    let now = SystemClock.now().plus_seconds(seconds);
    let difference = now.as_micros() - world.app.now().as_micros();
    world.clock.advance(difference.div_euclid(1_000_000));
}

async fn token(world: &TestApp, client: &Client, scope: &str) -> String {
    let answer = ask(world, Some((MIA, &client.mia)), &[scope]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["token"].as_str().unwrap().to_owned()
}

/// The same installation with another algorithm in its configuration.
async fn configured(world: &TestApp, algorithm: SignatureAlgorithm) -> App {
    let registry = world.app.settings.registry.clone().map(|r| RegistrySettings { algorithm, ..r });
    let settings = Settings { registry, ..world.app.settings.clone() };
    let db = Db::open(&world.database.address()).await.unwrap();
    let catalog = world.app.catalog.clone();
    App::new(db, catalog, settings, Key::new([7; 32]), world.clock.clone(), Arc::new(SystemIds::default())).unwrap()
}

/// Everything that a test works with; nothing where the programs are not installed.
async fn begin() -> Option<(TestApp, TempDir, Client, String, String)> {
    if !is_installed("docker-registry") || !is_installed("skopeo") {
        assert!(std::env::var_os("ORGLINK_TEST_REGISTRY").is_none(), "install docker-registry and skopeo");
        println!("skipped: docker-registry and skopeo are not installed; `cargo xtask test` installs them");
        return None;
    }
    let world = TestApp::sqlite().await.with_company().await.with_undo_window(3600).await;
    set_clock(&world, 0);
    let folder = tempfile::tempdir().unwrap();
    let digest = write_layout(&folder.path().join("layout"));
    let scopes = [Scope::Read, Scope::Write];
    let client = Client {
        folder: folder.path().to_owned(),
        layout: format!("oci:{}:latest", folder.path().join("layout").display()),
        mia: secret(&world, MIA, &scopes).await,
        ada: secret(&world, ADA, &scopes).await,
    };
    let at = serve(&world).await;
    Some((world, folder, client, at, digest))
}

fn assert_says(refused: Result<String, String>, words: &[&str]) {
    let text = refused.unwrap_err();
    for word in words {
        assert!(text.contains(word), "{word}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pushing_and_pulling_is_what_the_link_the_plan_and_the_permission_allow() {
    let Some((world, folder, client, at, digest)) = begin().await else { return };
    let certificates = hand_out_certificates(&world.app).await.unwrap();
    let registry = Registry::start(&world, folder.path(), "first", &certificates, &at).await;
    let (tools, gateway) = (registry.image("atlas-platform/tools:1.0"), registry.image("atlas-platform/gateway:1.0"));

    // Before the link: the reason stands in the client's own output.
    let locked = ["denied", "is not unlocked for this workspace", "/workspaces/atlas-platform/packages"];
    assert_says(client.push(&tools, "mia").await, &locked);
    world.link(ADA, W, "meridian").await.unwrap();
    client.push(&tools, "mia").await.unwrap();
    assert_eq!(client.digest(&tools, "mia").await.unwrap(), digest);
    let pulled = format!("oci:{}", folder.path().join("pulled").display());
    let creds = client.creds("mia");
    skopeo(folder.path(), &["copy", "--src-tls-verify=false", "--src-creds", &creds, &tools, &pulled]).await.unwrap();

    // Whoever only reads pulls.
    client.push(&gateway, "ada").await.unwrap();
    let path = "/workspaces/atlas-platform/repositories/gateway/groups/developers";
    let ada = world.token(ADA).await;
    assert!(world.change(&ada, "PUT", path, Some(json!({ "permission": "read" }))).await.status < 300);
    assert_eq!(client.digest(&gateway, "mia").await.unwrap(), digest);
    let other = registry.image("atlas-platform/gateway:2.0");
    assert_says(client.push(&other, "mia").await, &["permission write on the repository gateway", "you have read"]);

    // Nobody, a wrong token, another workspace.
    assert_says(client.push(&tools, "nobody").await, &["personal access token"]);
    assert_says(client.push(&tools, "olk_wrong").await, &["not right"]);
    let hidden = registry.image("harbor-ops/cranes:1");
    assert_says(client.push(&hidden, "mia").await, &["there is no workspace 'harbor-ops', or you may not see it"]);

    // The registry takes the token for what it is for, as long as it lives, from us, and unchanged.
    let good = token(&world, &client, "repository:atlas-platform/tools:pull").await;
    client.with_token(&tools, &good).await.unwrap();
    client.with_token(&gateway, &good).await.unwrap_err();
    let (head, rest) = good.split_once('.').unwrap();
    let (_, mut claims) = parts(&good);
    claims["access"][0]["name"] = json!("atlas-platform/gateway");
    let claims = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, claims.to_string());
    let tampered = format!("{head}.{claims}.{}", rest.split_once('.').unwrap().1);
    client.with_token(&gateway, &tampered).await.unwrap_err();
    let elsewhere = TestApp::sqlite().await.with_company().await;
    elsewhere.link(ADA, W, "meridian").await.unwrap();
    set_clock(&elsewhere, 0);
    let theirs = secret(&elsewhere, MIA, &[Scope::Read]).await;
    let answer = ask(&elsewhere, Some((MIA, &theirs)), &["repository:atlas-platform/tools:pull"]).await;
    client.with_token(&tools, answer.json()["token"].as_str().unwrap()).await.unwrap_err();
    set_clock(&world, -3600);
    let expired = token(&world, &client, "repository:atlas-platform/tools:pull").await;
    client.with_token(&tools, &expired).await.unwrap_err();

    // A plan change: no new token from then on, and the old one ends by itself (registries grant a minute more).
    set_clock(&world, -60 - 60 + 5);
    let old = token(&world, &client, "repository:atlas-platform/tools:pull").await;
    set_clock(&world, 0);
    client.with_token(&tools, &old).await.unwrap();
    let change = async |what: Value| {
        let answer = world.change(&ada, "PATCH", "/workspaces/atlas-platform", Some(what)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    };
    change(json!({ "billing_cycle": "annual" })).await;
    assert_says(client.push(&tools, "mia").await, &locked);
    assert_says(client.digest(&tools, "mia").await, &["denied"]);
    let began = Instant::now();
    while client.with_token(&tools, &old).await.is_ok() {
        assert!(began.elapsed() < PATIENCE, "it goes on for ever");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    change(json!({ "billing_cycle": "monthly" })).await;
    client.push(&tools, "mia").await.unwrap();

    // What was pushed is told; a deleted manifest disappears.
    let listed = async || {
        let answer = world.api(&ada, "GET", "/workspaces/atlas-platform/packages", None).await.json();
        answer["items"].as_array().unwrap().clone()
    };
    let until = async |count: usize| {
        let began = Instant::now();
        loop {
            let found = listed().await;
            if found.len() == count {
                return found;
            }
            assert!(began.elapsed() < PATIENCE, "{found:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let packages = until(2).await;
    let tool = packages.iter().find(|p| p["image"] == "tools").unwrap();
    assert_eq!((&tool["digest"], &tool["tags"]), (&json!(digest), &json!(["1.0"])));
    assert_eq!(tool["pushed_by"]["email"], MIA);
    assert!(tool["size"].as_i64().unwrap() > 1024, "{tool}");
    let (mia, admin) = (client.creds("mia"), client.creds("ada"));
    let delete = ["delete", "--tls-verify=false", "--creds"];
    let refused = skopeo(folder.path(), &[&delete[..], &[&mia, &tools]].concat()).await;
    refused.unwrap_err();
    skopeo(folder.path(), &[&delete[..], &[&admin, &tools]].concat()).await.unwrap();
    assert_eq!(until(1).await[0]["image"], "gateway");

    // Undone: denied again.
    undo_link(&world.app, &world.person(ADA).await, W, &UndoRequest::default()).await.unwrap();
    assert_says(client.push(&tools, "mia").await, &locked);
    assert_says(client.digest(&gateway, "mia").await, &["denied"]);
    world.check_invariants().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_replaced_by_one_of_another_kind_without_a_pause() {
    let Some((world, folder, client, at, _)) = begin().await else { return };
    world.link(ADA, W, "meridian").await.unwrap();
    let operator = Principal::local_operator();
    let mut registry = {
        let certificates = hand_out_certificates(&world.app).await.unwrap();
        Registry::start(&world, folder.path(), "0", &certificates, &at).await
    };
    let mut count = 0;
    for algorithm in [SignatureAlgorithm::Rs256, SignatureAlgorithm::Es256] {
        let next = configured(&world, algorithm).await;
        let mut push = async |registry: &Registry| {
            count += 1;
            client.push(&registry.image(&format!("atlas-platform/tools:{count}")), "mia").await
        };
        push(&registry).await.unwrap();
        let made = prepare_key(&next, &operator).await.unwrap();
        assert_eq!(made.algorithm, algorithm);
        push(&registry).await.unwrap();
        assert!(
            matches!(rotate_key(&world.app, &operator).await, Err(Error::Refused(r)) if r.code == "certificate_not_handed_out")
        );
        let certificates = hand_out_certificates(&world.app).await.unwrap();
        push(&registry).await.unwrap();
        // One registry after the other begins anew with both certificates; nobody waits.
        let restarted = Registry::start(&world, folder.path(), algorithm.as_str(), &certificates, &at).await;
        push(&registry).await.unwrap();
        push(&restarted).await.unwrap();
        rotate_key(&world.app, &operator).await.unwrap();
        push(&restarted).await.unwrap();
        let (header, _) = parts(&token(&world, &client, "repository:atlas-platform/tools:pull").await);
        assert_eq!(header["alg"], json!(algorithm));
        // One that was forgotten does not know the new key: that is why the order matters.
        push(&registry).await.unwrap_err();
        registry = restarted;
    }
    world.check_invariants().await;
}
