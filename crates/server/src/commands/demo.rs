//! `orglink demo`: a company to play with, on an embedded database.

use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use orglink_app::access_request::{Ask, ask_for_access};
use orglink_app::import::{ImportOptions, ImportProgress, Source, import_records};
use orglink_app::invitation::{InviteTo, NewInvitations, create_invitations};
use orglink_app::link::{Acknowledge, LinkRequest, link_workspace};
use orglink_app::{App, Error, Expected, PageRequest, Principal, extension, installation, sign_in, workspace};
use orglink_domain::access_request::AskedKind;
use orglink_store::{Address, account};

use super::refuse_server;
use super::serve::{bind, run_server, start_logging};
use crate::client::Reach;
use crate::config::Log;
use crate::keys::load_key;
use crate::open::{Schema, assemble, open_database};
use crate::output::{Failed, Outcome, print_table};

/// The demo company, as import records.
pub const COMPANY: &str = include_str!("../../demo/company.ndjson");

/// Who to sign in as, and what each of them shows.
const PEOPLE: &[(&str, &str)] = &[
    (
        "ada@meridian.example",
        "admin of three organizations and a dozen workspaces; Hana asks her for a role: start here",
    ),
    ("gus@solo.example", "one workspace, one organization: the shortest way through"),
    ("noor@meridian.example", "workspace admin without any organization: makes one on the way, or waits for Ben's yes"),
    ("ben@meridian.example", "organization admin who administers no workspace; Noor invites him to hers"),
    ("hana@meridian.example", "workspace admin who has asked to become organization admin"),
    ("pia@meridian.example", "everything she administers is linked already"),
    ("omar@meridian.example", "nothing he administers can be linked, each for another reason"),
    ("ivo@meridian.example", "a member of a workspace that nobody can administer any more: asks for its recovery"),
    ("mia@meridian.example", "a member: sees, changes nothing"),
    ("cleo@meridian.example", "auditor of an organization"),
    ("olga@operator.example", "operator of this installation"),
];

/// What is linked when the visitor arrives: (who, workspace, organization).
const LINKED: &[(&str, &str, &str)] =
    &[("ada@meridian.example", "docs-site", "meridian"), ("ada@meridian.example", "harbor-ops", "harbor")];

/// What is installed there: (who, workspace, extension).
const INSTALLED: &[(&str, &str, &str)] = &[("ada@meridian.example", "docs-site", "repository-report")];

/// Who has invited whom to which group: (by, workspace, user group, whom).
const INVITED: &[(&str, &str, &str, &str)] =
    &[("noor@meridian.example", "night-shift", "administrators", "ben@meridian.example")];

/// Who has asked to become admin of which organization: (who, organization, message, where they come from).
const ASKED: &[(&str, &str, &str, &str)] = &[(
    "hana@meridian.example",
    "meridian",
    "I administer Atlas Platform and would like to link it before the date.",
    "/link?workspace=atlas-platform",
)];

#[derive(Debug, Args)]
pub struct Demo {
    /// Where the demo keeps its database
    #[arg(long, value_name = "FOLDER", default_value = "orglink-demo")]
    folder: PathBuf,
    /// The address and port to listen on; another port is taken when this one is in use
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: String,
}

impl Demo {
    pub async fn run(self, reach: &Reach) -> Outcome {
        refuse_server(reach, "demo")?;
        let config = reach.load_config()?;
        start_logging(&Log { level: "warn".to_owned(), ..config.log.clone() })?;
        let listener = match bind(&self.listen).await {
            Ok(listener) => listener,
            Err(_) => bind("127.0.0.1:0").await?,
        };
        let port = listener.local_addr()?.port();
        std::fs::create_dir_all(&self.folder)?;
        let address = match &reach.database {
            Some(given) => given.parse().map_err(|e| Failed::Usage(format!("{e}")))?,
            None => Address::Sqlite(self.folder.join("orglink.db")),
        };
        let db = open_database(&address, Schema::Prepare).await?;
        // Where every other command looks for it.
        let earlier = self.folder.join("orglink.key");
        let key_file = config.key_file(&address).unwrap_or_else(|| earlier.clone());
        if earlier.exists() && !key_file.exists() {
            std::fs::rename(&earlier, &key_file)?;
        }
        let key = load_key(&key_file)?;
        let public_url = format!("http://localhost:{port}");
        let outbox = config.mail.outbox(&public_url).map_err(|e| Failed::Usage(format!("{e:#}")))?;
        let app = assemble(&config, db, (key, Some(&key_file)), public_url, outbox.showing_secrets())?;
        prepare(&app).await?;
        println!("\nThe demo company is in {} (remove the folder to start afresh).\n", self.folder.display());
        let mut rows = Vec::new();
        for (email, shows) in PEOPLE {
            rows.push(vec![(*email).to_owned(), (*shows).to_owned(), sign_in::create_demo_link(&app, email).await?]);
        }
        print_table(&["sign in as", "what you see", "with one click"], &rows);
        println!("\nMails are in the outbox, at {}/operator/mail (as olga, the operator).", app.settings.public_url);
        println!("orglink is at {}  (Ctrl+C ends it)", app.settings.public_url);
        run_server(app, &config, listener).await
    }
}

/// Imports the company, links what is linked, invites and asks, the first time.
pub async fn prepare(app: &Arc<App>) -> Result<(), Failed> {
    let operator = Principal::local_operator();
    let page = PageRequest::new(None, Some(1))?;
    if !workspace::list_workspaces(app, &operator, &page).await?.items.is_empty() {
        return Ok(());
    }
    let source = Source { name: "the demo company".to_owned(), reader: Box::new(Cursor::new(COMPANY)) };
    let progress = Arc::new(ImportProgress::default());
    import_records(app, &operator, vec![source], ImportOptions::default(), &progress).await?;
    installation::grant_operator(app, &operator, "olga@operator.example").await?;
    // Where several people must agree, nobody of the company has linked yet.
    for (email, workspace, organization) in LINKED.iter().filter(|_| app.settings.links_alone()) {
        let principal = person(app, email).await?;
        let request = LinkRequest {
            workspace: (*workspace).to_owned(),
            organization: (*organization).to_owned(),
            plan_digest: None,
            acknowledge: Acknowledge::All,
        };
        link_workspace(app, &principal, &request, None).await?;
    }
    // Of a catalog of the operator's own, what it offers.
    for (email, workspace, name) in INSTALLED.iter().filter(|_| app.settings.links_alone()) {
        let Some(offered) = app.catalog.extensions.get(*name) else { continue };
        let consent: Vec<_> = offered.asks().iter().collect();
        let principal = person(app, email).await?;
        match extension::install_extension(app, &principal, workspace, (name, &consent), Expected::Any).await {
            // Its features may be others too.
            Ok(_) | Err(Error::Refused(_)) => {}
            Err(e) => return Err(e.into()),
        }
    }
    for (by, workspace, group, whom) in INVITED {
        let new = NewInvitations { emails: vec![(*whom).to_owned()], hands_over: false };
        let to = InviteTo::UserGroup(workspace, group);
        create_invitations(app, &person(app, by).await?, &to, &new, None).await?;
    }
    for (who, organization, message, from) in ASKED {
        let ask = Ask {
            kind: AskedKind::Organization,
            named: (*organization).to_owned(),
            message: Some((*message).to_owned()),
            return_to: Some((*from).to_owned()),
        };
        ask_for_access(app, &person(app, who).await?, &ask, None).await?;
    }
    Ok(())
}

/// Somebody of the company, as if they had signed in: the demo tells a story, and its people do things themselves.
async fn person(app: &App, email: &str) -> Result<Principal, Failed> {
    let mut tx = app.db.begin_read().await?;
    let found = account::find_by_email(&mut tx, email).await?;
    Ok(Principal::session(found.ok_or_else(|| Error::not_found("account", email))?))
}
