//! The command line: `orglink <noun> <verb>`.
#![expect(clippy::indexing_slicing, reason = "reading a JSON value by name gives null, never a panic")]

mod access_request;
mod account;
mod ask;
mod billing;
mod billing_account;
mod campaign;
mod catalog;
mod database;
pub mod demo;
mod directory;
mod doctor;
mod domain;
mod eligibility;
mod entitlement;
mod events;
mod explain;
mod export;
mod extension;
mod freeze;
mod group;
mod health;
mod import;
mod inbox;
mod invitation;
mod invoice;
mod key;
mod ledger;
mod link;
mod links;
mod mail;
mod manual;
mod me;
mod migration;
mod offer;
mod operator;
mod organization;
mod package;
mod proposal;
mod receipt;
mod recommend;
mod recovery;
mod registry;
mod repository;
mod serve;
mod site;
mod timeline;
mod token;
mod tracker;
mod undo;
mod webhook;
pub mod words;
mod workspace;

use clap::{Parser, Subcommand};

use crate::client::Reach;
use crate::exit;
use crate::output::{Failed, print_failure};

/// Attaches standalone workspaces to organizations: safely, provably, one at a time.
#[derive(Debug, Parser)]
#[command(name = "orglink", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done · 2 usage · 3 refused by a rule · 4 not found or not visible · 5 bad input · \
                        6 done in part · 7 database or server not reachable · 8 not as the file says · 1 anything else"
)]
pub struct Cli {
    #[command(flatten)]
    reach: Reach,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Try it: a company to play with, on an embedded database
    Demo(demo::Demo),
    /// Run the server
    Serve(serve::Serve),
    /// Import records (NDJSON; plain, gzip or Zstandard)
    Import(import::Import),
    /// Write everything as import records (NDJSON)
    Export,
    /// Why a workspace may not be linked
    Eligibility(eligibility::Eligibility),
    /// What a workspace may use, and what each feature waits for
    #[command(subcommand)]
    Entitlement(entitlement::Entitlement),
    /// What workspaces cost, now and after their billing has migrated
    #[command(subcommand)]
    Billing(billing::Billing),
    /// Who pays in an organization after billing has migrated, and for what
    #[command(subcommand)]
    BillingAccount(billing_account::BillingAccount),
    /// The bills of billing accounts
    #[command(subcommand)]
    Invoice(invoice::Invoice),
    /// What comes after the link: billing migrates, and users do
    #[command(subcommand)]
    Migration(migration::Migration),
    /// The stages of a workspace on one line: who decided, what each changed and did not, what is to come
    Timeline(timeline::Timeline),
    /// Programs of others that read a workspace for its admins
    #[command(subcommand)]
    Extension(extension::Extension),
    /// Whether somebody may do something, by which policy and through which role or group
    Explain(explain::Explain),
    /// Which of your organizations a workspace belongs to, by evidence
    Recommend(recommend::Recommend),
    /// Link a workspace to an organization
    Link(link::Link),
    /// Propose a link, for one side, that others must agree to
    Propose(proposal::Propose),
    /// Propose to move a workspace to another organization, which it and both organizations must agree to
    Transfer(proposal::Transfer),
    /// Agree to a proposal; the last consent that was missing makes the link
    Consent(proposal::Consent),
    /// Take back what your side proposed
    Withdraw(proposal::Withdraw),
    /// Proposals of links
    #[command(subcommand)]
    Proposal(proposal::Proposal),
    /// One-time codes for whoever administers the other side
    #[command(subcommand)]
    LinkCode(proposal::LinkCode),
    /// Many workspaces at once, as a file declares them; what it does not name stays as it is
    #[command(subcommand)]
    Links(links::Links),
    /// Take a link back while its undo window lasts
    Undo(undo::Undo),
    /// What happened, in order (NDJSON with --json)
    Events(events::Events),
    /// Organizations
    #[command(subcommand)]
    Organization(organization::Organization),
    /// Sites of an organization and the products on them
    #[command(subcommand)]
    Site(site::Site),
    /// Workspaces
    #[command(subcommand)]
    Workspace(workspace::Workspace),
    /// User groups of a workspace
    #[command(subcommand)]
    Group(group::Group),
    /// The directory of an organization: groups that say who is in those of its workspaces; or of its sites
    #[command(subcommand)]
    Directory(directory::Directory),
    /// Repositories of a workspace, and who can do what on them
    #[command(subcommand)]
    Repository(repository::Repository),
    /// What was pushed to a workspace in the container registry
    #[command(subcommand)]
    Package(package::Package),
    /// The container registry: its configuration, and the keys of its tokens
    #[command(subcommand)]
    Registry(registry::Registry),
    /// Domains that an organization shows to be its own, and the accounts that it manages
    #[command(subcommand)]
    Domain(domain::Domain),
    /// Capabilities that are missing: how far each is, and following that
    #[command(subcommand)]
    Tracker(tracker::Tracker),
    /// What people are offered once, and how they receive it
    #[command(subcommand)]
    Offer(offer::Offer),
    /// Recovery of what nobody can administer any more
    #[command(subcommand)]
    Recovery(recovery::Recovery),
    /// You: your workspaces and organizations, with your roles
    #[command(subcommand)]
    Me(me::Me),
    /// Accounts
    #[command(subcommand)]
    Account(account::Account),
    /// Invitations to user groups and roles
    #[command(subcommand)]
    Invitation(invitation::Invitation),
    /// Requests to become an admin
    #[command(subcommand)]
    AccessRequest(access_request::AccessRequest),
    /// Personal access tokens
    #[command(subcommand)]
    Token(token::Token),
    /// What you were told, and what comes to you by mail
    #[command(subcommand)]
    Inbox(inbox::Inbox),
    /// The outbox: mails that wait, were sent, or were not
    #[command(subcommand)]
    Mail(mail::Mail),
    /// Campaigns: a date by which people link, and what is linked by itself after it
    #[command(subcommand)]
    Campaign(campaign::Campaign),
    /// Programs that are told of what happens
    #[command(subcommand)]
    Webhook(webhook::Webhook),
    /// Stop linking, imports and mail, or allow them again
    #[command(subcommand)]
    Freeze(freeze::Freeze),
    /// The transparency log: all events in a tree that is signed, for anybody to check
    #[command(subcommand)]
    Ledger(ledger::Ledger),
    /// Files that prove a link, or its undoing, to whoever has only the public key
    #[command(subcommand)]
    Receipt(receipt::Receipt),
    /// The app catalog
    #[command(subcommand)]
    Catalog(catalog::Catalog),
    /// How the program's loops are, and what waits
    Health,
    /// Operators of this installation
    #[command(subcommand)]
    Operator(operator::Operator),
    /// What is wrong with this installation, and how to mend it (changes nothing)
    Doctor(doctor::Doctor),
    /// The installation's key
    #[command(subcommand)]
    Key(key::Key),
    /// Print what a shell needs to complete commands
    Completions(manual::Completions),
    /// Write manual pages
    Man(manual::Man),
    /// The database itself
    #[command(subcommand)]
    Database(database::Database),
}

/// Runs a command; its exit code.
pub async fn run(cli: Cli) -> u8 {
    let wants_json = cli.reach.json;
    let reach = &cli.reach;
    let outcome = match cli.command {
        Command::Demo(command) => command.run(reach).await,
        Command::Serve(command) => command.run(reach).await,
        Command::Import(command) => command.run(reach).await,
        Command::Export => export::run(reach).await,
        Command::Eligibility(command) => command.run(reach).await,
        Command::Entitlement(command) => command.run(reach).await,
        Command::Billing(command) => command.run(reach).await,
        Command::BillingAccount(command) => command.run(reach).await,
        Command::Invoice(command) => command.run(reach).await,
        Command::Timeline(command) => command.run(reach).await,
        Command::Migration(command) => command.run(reach).await,
        Command::Extension(command) => command.run(reach).await,
        Command::Explain(command) => command.run(reach).await,
        Command::Recommend(command) => command.run(reach).await,
        Command::Link(command) => command.run(reach).await,
        Command::Propose(command) => command.run(reach).await,
        Command::Transfer(command) => command.run(reach).await,
        Command::Consent(command) => command.run(reach).await,
        Command::Withdraw(command) => command.run(reach).await,
        Command::Proposal(command) => command.run(reach).await,
        Command::LinkCode(command) => command.run(reach).await,
        Command::Links(command) => command.run(reach).await,
        Command::Undo(command) => command.run(reach).await,
        Command::Events(command) => command.run(reach).await,
        Command::Organization(command) => command.run(reach).await,
        Command::Site(command) => command.run(reach).await,
        Command::Workspace(command) => command.run(reach).await,
        Command::Group(command) => command.run(reach).await,
        Command::Directory(command) => command.run(reach).await,
        Command::Repository(command) => command.run(reach).await,
        Command::Package(command) => command.run(reach).await,
        Command::Registry(command) => command.run(reach).await,
        Command::Domain(command) => command.run(reach).await,
        Command::Tracker(command) => command.run(reach).await,
        Command::Offer(command) => command.run(reach).await,
        Command::Recovery(command) => command.run(reach).await,
        Command::Me(command) => command.run(reach).await,
        Command::Account(command) => command.run(reach).await,
        Command::Token(command) => command.run(reach).await,
        Command::Inbox(command) => command.run(reach).await,
        Command::Mail(command) => command.run(reach).await,
        Command::Invitation(command) => command.run(reach).await,
        Command::AccessRequest(command) => command.run(reach).await,
        Command::Campaign(command) => command.run(reach).await,
        Command::Webhook(command) => command.run(reach).await,
        Command::Freeze(command) => command.run(reach).await,
        Command::Ledger(command) => command.run(reach).await,
        Command::Receipt(command) => command.run(reach).await,
        Command::Catalog(command) => command.run(reach),
        Command::Health => health::run(reach).await,
        Command::Operator(command) => command.run(reach).await,
        Command::Database(command) => command.run(reach).await,
        Command::Doctor(command) => command.run(reach).await,
        Command::Key(command) => command.run(reach),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    };
    match outcome {
        Ok(code) => code,
        Err(failed) if failed.is_unread() => exit::DONE,
        Err(failed) => print_failure(&failed, wants_json),
    }
}

/// Commands that work on the database itself cannot be sent to a server.
fn refuse_server(reach: &Reach, command: &str) -> Result<(), Failed> {
    match reach.server {
        Some(_) => Err(Failed::Usage(format!("`orglink {command}` works on a database, not with --server"))),
        None => Ok(()),
    }
}

/// The JSON document of a command that has nothing to tell but that it is done.
fn print_done(reach: &Reach) {
    if reach.json {
        crate::output::print_json(&serde_json::json!({ "done": true }));
    }
}

/// A field of a JSON object, as text for a table.
fn text(value: &serde_json::Value, field: &str) -> String {
    match value.get(field) {
        None | Some(serde_json::Value::Null) => String::new(),
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(serde_json::Value::Array(items)) => {
            items.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect::<Vec<_>>().join(", ")
        }
        Some(other) => other.to_string(),
    }
}
