//! What the operator decided, as far as use cases need it. The file that it comes from is the server's matter.

use orglink_domain::link::LinkPolicy;

/// The operator's decisions.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where people reach this installation, without a slash at the end; the start of every absolute URL.
    pub public_url: String,
    pub link_policy: LinkPolicy,
    pub session_seconds: i64,
    pub import: ImportLimits,
    pub recovery: RecoverySettings,
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
