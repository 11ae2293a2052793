//! The application for tests: on both databases, with a clock that tests advance and a company to act in.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "only tests use it")]

mod chance;
mod database;
mod invariants;
mod nameserver;
mod post;
mod request;

use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use orglink_app::import::{ImportOptions, ImportProgress, ImportReport, Source, import_records};
use orglink_app::link::{Acknowledge, LinkAnswer, LinkRequest, link_workspace};
use orglink_app::outbox::{self, Outbox};
use orglink_app::sign_in::Device;
use orglink_app::system::SystemIds;
use orglink_app::token::{NewToken, create_token};
use orglink_app::{
    App, Error, ImportLimits, Key, MailSettings, Principal, ProposalSettings, RecoverySettings, RegistrySettings,
    Retention, Settings, WebhookSettings, catalog, notify, sign_in, upkeep,
};
use orglink_domain::clock::{Clock, Timestamp};
use orglink_domain::link::{Consent, LinkPolicy};
use orglink_domain::registry::SignatureAlgorithm;
use orglink_domain::token::Scope;
use orglink_http::Network;
use orglink_store::{Address, Db};

pub use chance::{Dice, crash_after};
pub use database::TestDatabase;
pub use nameserver::NameServer;
pub use post::TestPost;
pub use request::{Answer, Listened};

/// A clock that stands still until a test advances it.
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        // A microsecond a look, so that no two moments are the same.
        Timestamp::from_micros(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

/// The application on a database of its own.
pub struct TestApp {
    pub app: Arc<App>,
    pub clock: Arc<TestClock>,
    pub router: Router,
    pub database: TestDatabase,
    /// The only name server that the application asks.
    pub nameserver: NameServer,
    /// The mail server; nothing is sent to it before [`TestApp::deliver`].
    pub post: Arc<TestPost>,
}

impl TestApp {
    pub async fn sqlite() -> Self {
        Self::on(TestDatabase::sqlite()).await
    }

    /// Nothing, with one printed line, where no PostgreSQL is at hand; `cargo xtask test` always has one.
    pub async fn postgres() -> Option<Self> {
        Some(Self::on(TestDatabase::postgres()?).await)
    }

    /// On a database that may hold something already.
    pub async fn on(database: TestDatabase) -> Self {
        let policy = LinkPolicy { consent: Consent::OnePerson, undo_window_seconds: 0, transfer: false };
        Self::with_policy(database, policy, ProposalSettings::default()).await
    }

    /// The same database, opened by a server whose operator lets links be undone for so long.
    pub async fn with_undo_window(self, seconds: i64) -> Self {
        let now = self.clock.0.load(Ordering::SeqCst);
        let policy = LinkPolicy { undo_window_seconds: seconds, ..self.app.settings.link_policy };
        let proposal = self.app.settings.proposal;
        let reopened = Self::with_policy(self.database, policy, proposal).await;
        reopened.clock.0.store(now, Ordering::SeqCst);
        reopened
    }

    /// The same database, opened by a server whose operator lets what is linked from now on be moved, or does not.
    pub async fn with_transfer(self, transfer: bool) -> Self {
        let now = self.clock.0.load(Ordering::SeqCst);
        let policy = LinkPolicy { transfer, ..self.app.settings.link_policy };
        let proposal = self.app.settings.proposal;
        let reopened = Self::with_policy(self.database, policy, proposal).await;
        reopened.clock.0.store(now, Ordering::SeqCst);
        reopened
    }

    /// The same database, opened by a server whose operator wants links agreed to so.
    pub async fn with_consent(self, consent: Consent, needs_approver: bool) -> Self {
        let now = self.clock.0.load(Ordering::SeqCst);
        let policy = LinkPolicy { consent, ..self.app.settings.link_policy };
        let proposal = ProposalSettings { needs_approver, ..ProposalSettings::default() };
        let reopened = Self::with_policy(self.database, policy, proposal).await;
        reopened.clock.0.store(now, Ordering::SeqCst);
        reopened
    }

    /// The same database, opened by a server whose operator decided otherwise.
    #[must_use]
    pub async fn with_settings(self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = self.app.settings.clone();
        change(&mut settings);
        // Its ids come after those of the server before.
        self.clock.advance(1);
        let db = Db::open(&self.database.address()).await.unwrap();
        let catalog = catalog::read(orglink_server::config::DEFAULT_CATALOG).unwrap();
        let (key, ids) = (self.app.key.clone(), Arc::new(SystemIds::default()));
        let app = App::new(db, catalog, settings, key, self.clock.clone(), ids).unwrap();
        let app = Arc::new(app.with_outbox(Outbox::to(Arc::clone(&self.post) as Arc<dyn orglink_mail::Post>)));
        let router = orglink_server::router::router(Arc::clone(&app), Network::default(), None);
        Self { app, router, ..self }
    }

    async fn with_policy(database: TestDatabase, policy: LinkPolicy, proposal: ProposalSettings) -> Self {
        let db = Db::open(&database.address()).await.unwrap();
        db.migrate().await.unwrap();
        Self::open(database, db, policy, proposal)
    }

    fn open(database: TestDatabase, db: Db, link_policy: LinkPolicy, proposal: ProposalSettings) -> Self {
        let start: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(start.as_micros())));
        let nameserver = NameServer::start();
        let app = Self::assemble(db, link_policy, proposal, clock.clone(), nameserver.address);
        let post = Arc::new(TestPost::default());
        let app = Arc::new(app.with_outbox(Outbox::to(Arc::clone(&post) as Arc<dyn orglink_mail::Post>)));
        let router = orglink_server::router::router(Arc::clone(&app), Network::default(), None);
        Self { app, clock, router, database, nameserver, post }
    }

    fn assemble(
        db: Db,
        link_policy: LinkPolicy,
        proposal: ProposalSettings,
        clock: Arc<TestClock>,
        nameserver: std::net::SocketAddr,
    ) -> App {
        let settings = Settings {
            public_url: "http://orglink.test".to_owned(),
            link_policy,
            proposal,
            session_seconds: 3600,
            retention: Retention::default(),
            invitation_seconds: 14 * 24 * 3600,
            step_up_seconds: 900,
            import: ImportLimits::default(),
            recovery: RecoverySettings { nameservers: vec![nameserver], ..RecoverySettings::default() },
            mail: MailSettings { per_minute: 0, ..MailSettings::default() },
            registry: Some(RegistrySettings {
                url: "http://registry.test:5000".to_owned(),
                service: "registry.test:5000".to_owned(),
                algorithm: SignatureAlgorithm::Es256,
                token_seconds: 60,
            }),
            webhooks: WebhookSettings::default(),
            domains: orglink_server::config::Config::default().domains.settings().unwrap(),
            ledger_mark: None,
        };
        let catalog = catalog::read(orglink_server::config::DEFAULT_CATALOG).unwrap();
        let key = Key::new([7; 32]);
        App::new(db, catalog, settings, key, clock, Arc::new(SystemIds::default())).unwrap()
    }

    /// Another server on the same database, with the same clock and no mail server.
    pub async fn replica(&self) -> Arc<App> {
        self.replica_with(self.app.settings.link_policy).await
    }

    /// The same, of an operator who decides otherwise about links.
    pub async fn replica_with(&self, policy: LinkPolicy) -> Arc<App> {
        let db = Db::open(&self.database.address()).await.unwrap();
        let proposal = self.app.settings.proposal;
        Arc::new(Self::assemble(db, policy, proposal, self.clock.clone(), self.nameserver.address))
    }

    /// The same, of an operator whose catalog is another.
    pub async fn replica_with_catalog(&self, text: &str) -> Arc<App> {
        let db = Db::open(&self.database.address()).await.unwrap();
        let (policy, proposal) = (self.app.settings.link_policy, self.app.settings.proposal);
        let mut app = Self::assemble(db, policy, proposal, self.clock.clone(), self.nameserver.address);
        app.catalog = catalog::read(text).unwrap();
        Arc::new(app)
    }

    /// The same database, opened by a server of that operator; it has no mail server.
    pub async fn with_catalog(self, text: &str) -> Self {
        let app = self.replica_with_catalog(text).await;
        let router = orglink_server::router::router(Arc::clone(&app), Network::default(), None);
        Self { app, router, ..self }
    }

    /// With the demo company imported (nothing linked).
    pub async fn with_company(self) -> Self {
        self.import(orglink_server::COMPANY).await.unwrap();
        self
    }

    pub async fn import(&self, lines: &str) -> Result<ImportReport, Error> {
        self.import_bytes(lines.as_bytes().to_vec()).await
    }

    pub async fn import_bytes(&self, bytes: Vec<u8>) -> Result<ImportReport, Error> {
        let source = Source { name: "test.ndjson".to_owned(), reader: Box::new(Cursor::new(bytes)) };
        let (operator, progress) = (Principal::local_operator(), Arc::new(ImportProgress::default()));
        import_records(&self.app, &operator, vec![source], ImportOptions::default(), &progress).await
    }

    pub async fn export(&self) -> Vec<String> {
        let (to, mut from) = tokio::sync::mpsc::channel(8);
        let app = Arc::clone(&self.app);
        let task =
            tokio::spawn(
                async move { orglink_app::export::export_records(&app, &Principal::local_operator(), to).await },
            );
        let mut text = Vec::new();
        while let Some(chunk) = from.recv().await {
            text.extend(chunk);
        }
        task.await.unwrap().unwrap();
        String::from_utf8(text).unwrap().lines().map(str::to_owned).collect()
    }

    /// Somebody, as if signed in in a browser.
    pub async fn person(&self, email: &str) -> Principal {
        let mut tx = self.app.db.begin_read().await.unwrap();
        let account = orglink_store::account::find_by_email(&mut tx, email).await.unwrap();
        Principal::session(account.unwrap_or_else(|| panic!("no account {email}")))
    }

    /// Links with every warning acknowledged.
    pub async fn link(&self, email: &str, workspace: &str, organization: &str) -> Result<LinkAnswer, Error> {
        self.link_as(&self.person(email).await, workspace, organization).await
    }

    /// The same for somebody who is known already.
    pub async fn link_as(&self, who: &Principal, workspace: &str, organization: &str) -> Result<LinkAnswer, Error> {
        let request = LinkRequest {
            workspace: workspace.to_owned(),
            organization: organization.to_owned(),
            plan_digest: None,
            acknowledge: Acknowledge::All,
        };
        link_workspace(&self.app, who, &request, None).await.map(|a| a.answer)
    }

    /// A token of somebody for everything they may do.
    pub async fn token(&self, email: &str) -> String {
        let principal = self.person(email).await;
        let is_operator = principal.account().unwrap().is_operator;
        let scopes = Scope::ALL.iter().copied().filter(|s| is_operator || !s.is_for_operators()).collect();
        self.token_for(email, scopes).await
    }

    /// A token of somebody for some of it.
    pub async fn token_for(&self, email: &str, scopes: Vec<Scope>) -> String {
        let principal = self.person(email).await;
        let wanted = NewToken { name: "test".to_owned(), scopes, days: 30 };
        create_token(&self.app, &principal, &wanted).await.unwrap().secret.reveal().to_owned()
    }

    /// The cookie of a browser in which somebody is signed in, and what its forms must bring back.
    pub async fn session(&self, email: &str) -> (String, String) {
        let url = sign_in::create_demo_link(&self.app, email).await.unwrap();
        let secret =
            sign_in::follow_demo_link(&self.app, url.rsplit('/').next().unwrap(), &Device::default()).await.unwrap();
        (format!("orglink={}", secret.reveal()), self.app.key.form_token(secret.reveal()))
    }

    /// Tells everybody of everything so far.
    pub async fn tell(&self) {
        upkeep::sequence_all(&self.app).await.unwrap();
        notify::notify_all(&self.app).await.unwrap();
    }

    /// Tells, then hands over every mail that is due; what the mail server has accepted so far.
    pub async fn deliver(&self) -> Vec<String> {
        self.tell().await;
        while outbox::deliver(&self.app).await.unwrap() > 0 {}
        self.post.accepted()
    }
}

/// The address of a database another program opens.
#[must_use]
pub fn address_text(address: &Address) -> String {
    match address {
        Address::Sqlite(path) => format!("sqlite:{}", path.display()),
        Address::Postgres(url) => url.clone(),
    }
}

/// Makes two tests of one, each on a database of its own:
/// `both! { async fn name(world) { … } }`.
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn on_this_database($world: $crate::TestApp) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                on_this_database($crate::TestApp::sqlite().await).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(world) = $crate::TestApp::postgres().await {
                    on_this_database(world).await;
                }
            }
        }
    )+};
}
