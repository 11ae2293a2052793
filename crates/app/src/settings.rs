//! What the operator decided, as far as use cases need it. The file that it comes from is the server's matter.

use orglink_domain::consent::Rule;
use orglink_domain::link::{Consent, LinkPolicy};
use orglink_domain::registry::SignatureAlgorithm;

/// The operator's decisions.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where people reach this installation, without a slash at the end; the start of every absolute URL.
    pub public_url: String,
    pub link_policy: LinkPolicy,
    pub proposal: ProposalSettings,
    pub session_seconds: i64,
    pub retention: Retention,
    /// For how long an invitation can be accepted.
    pub invitation_seconds: i64,
    /// How long after proving who they are somebody may do what cannot be undone.
    pub step_up_seconds: i64,
    pub import: ImportLimits,
    pub recovery: RecoverySettings,
    pub mail: MailSettings,
    /// The container registry that asks here who may do what; none where there is none.
    pub registry: Option<RegistrySettings>,
    pub webhooks: WebhookSettings,
    pub domains: DomainSettings,
    /// Where it is noted what the ledger signed last: not in the database, which may be restored from an older backup.
    /// Nowhere when none.
    pub ledger_mark: Option<std::path::PathBuf>,
}

impl Settings {
    /// How links are agreed to.
    #[must_use]
    pub const fn consent_rule(&self) -> Rule {
        Rule { consent: self.link_policy.consent, needs_approver: self.proposal.needs_approver }
    }

    /// Whether one person who administers both sides links without anybody else.
    #[must_use]
    pub fn links_alone(&self) -> bool {
        self.link_policy.consent != Consent::TwoPeople && !self.proposal.needs_approver
    }

    /// Whether links are proposed at all: not where one person with both roles is the only way.
    #[must_use]
    pub fn needs_proposals(&self) -> bool {
        self.link_policy.consent != Consent::OnePerson
    }

    /// Whether anything is proposed here: links, or moves.
    #[must_use]
    pub fn shows_proposals(&self) -> bool {
        self.needs_proposals() || self.link_policy.transfer
    }
}

/// How proposals go.
#[derive(Debug, Clone, Copy)]
pub struct ProposalSettings {
    /// For how long one waits for the others.
    pub lifetime_seconds: i64,
    /// Another admin of the organization must approve.
    pub needs_approver: bool,
    /// For how long a link code can be used.
    pub code_seconds: i64,
}

impl Default for ProposalSettings {
    fn default() -> Self {
        Self { lifetime_seconds: 14 * 24 * 60 * 60, needs_approver: false, code_seconds: 7 * 24 * 60 * 60 }
    }
}

/// How long a recovery takes, and whom to ask about domains.
#[derive(Debug, Clone)]
pub struct RecoverySettings {
    /// For how long everybody concerned can object.
    pub wait_seconds: i64,
    /// For how long one can show that one may.
    pub proof_seconds: i64,
    /// Name servers to ask; those of the machine when empty.
    pub nameservers: Vec<std::net::SocketAddr>,
}

impl Default for RecoverySettings {
    fn default() -> Self {
        Self { wait_seconds: 7 * 24 * 60 * 60, proof_seconds: 14 * 24 * 60 * 60, nameservers: Vec::new() }
    }
}

/// A container registry.
#[derive(Debug, Clone)]
pub struct RegistrySettings {
    /// Where people reach it, without a slash at the end.
    pub url: String,
    /// What it calls itself.
    pub service: String,
    /// How keys made from now on sign.
    pub algorithm: SignatureAlgorithm,
    /// For how long a token can be used.
    pub token_seconds: i64,
}

impl RegistrySettings {
    /// How images of it are named: the host, with the port where there is one.
    #[must_use]
    pub fn host(&self) -> &str {
        self.url.split_once("://").map_or(self.url.as_str(), |(_, host)| host)
    }
}

/// How mails are sent.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// Whom they come from: `orglink <orglink@company.example>`.
    pub from: String,
    /// At most so many a minute from this process; 0 for as many as the server takes.
    pub per_minute: u32,
    /// For how long a process keeps a mail to itself while it hands it over.
    pub lease_seconds: i64,
}

impl Default for MailSettings {
    fn default() -> Self {
        Self { from: "orglink <orglink@localhost.localdomain>".to_owned(), per_minute: 600, lease_seconds: 60 }
    }
}

/// How webhooks are asked, and where they may be besides the internet by HTTPS.
#[derive(Debug, Clone)]
pub struct WebhookSettings {
    /// How long a receiver may take, from the name servers to the end of its answer.
    pub timeout_seconds: u64,
    /// Also plain HTTP.
    pub allow_http: bool,
    /// Also these networks, whatever they are.
    pub allow_private: Vec<ipnet::IpNet>,
    /// Certificates (PEM) to trust besides the machine's.
    pub authorities: Vec<Vec<u8>>,
}

impl Default for WebhookSettings {
    fn default() -> Self {
        Self { timeout_seconds: 15, allow_http: false, allow_private: Vec::new(), authorities: Vec::new() }
    }
}

/// How domains are looked at, and how accounts are claimed.
#[derive(Debug, Clone)]
pub struct DomainSettings {
    /// How often it is looked whether the record still stands there.
    pub recheck_seconds: i64,
    /// For how long it may be gone.
    pub grace_seconds: i64,
    /// How long before it takes effect the claim of an account is announced.
    pub notice_seconds: i64,
    /// Domains that are no organization's: mail providers that anybody uses, and names under which anybody registers.
    pub shared: Vec<String>,
}

impl DomainSettings {
    /// Nobody is claimed with less notice.
    pub const SHORTEST_NOTICE_SECONDS: i64 = 7 * 24 * 60 * 60;
}

impl Default for DomainSettings {
    fn default() -> Self {
        const DAY: i64 = 24 * 60 * 60;
        Self { recheck_seconds: DAY, grace_seconds: 7 * DAY, notice_seconds: 14 * DAY, shared: Vec::new() }
    }
}

/// What an import may ask of the machine.
#[derive(Debug, Clone, Copy)]
pub struct ImportLimits {
    /// The longest line, in bytes.
    pub max_line: u64,
    /// The longest file, in bytes after decompression.
    pub max_bytes: u64,
}

impl Default for ImportLimits {
    fn default() -> Self {
        Self { max_line: 16 << 20, max_bytes: 64 << 30 }
    }
}

/// For how long what has ended is kept, in seconds; none means for ever. The loop `forget` is what holds it.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// Sessions, after their end.
    pub sessions: Option<i64>,
    /// Tokens, after they expired or were revoked.
    pub tokens: Option<i64>,
    /// Sign-in failures, after the last of an account or an address.
    pub sign_in_failures: Option<i64>,
    /// Answers kept for requests that are sent again (`Idempotency-Key`).
    pub idempotency: Option<i64>,
    /// Plans that nobody applied, after they expired.
    pub plans: Option<i64>,
    /// Proposals that came to nothing, after they ended.
    pub proposals: Option<i64>,
    /// Entries of inboxes.
    pub notifications: Option<i64>,
    /// Mails, after they were sent or given up.
    pub mails: Option<i64>,
    /// What was sent to webhooks and what they answered, after it was delivered or given up.
    pub webhook_deliveries: Option<i64>,
    /// What imports counted.
    pub imports: Option<i64>,
    /// What events say besides who, what, when and about what, which stay.
    pub event_payloads: Option<i64>,
}

impl Default for Retention {
    fn default() -> Self {
        const DAY: i64 = 24 * 60 * 60;
        Self {
            sessions: Some(0),
            tokens: Some(90 * DAY),
            sign_in_failures: Some(DAY),
            idempotency: Some(2 * DAY),
            plans: Some(30 * DAY),
            proposals: Some(365 * DAY),
            notifications: Some(365 * DAY),
            mails: Some(90 * DAY),
            webhook_deliveries: Some(30 * DAY),
            imports: None,
            event_payloads: None,
        }
    }
}
