//! What the world's name servers say: for proving that somebody controls a domain, and for where webhooks are.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;

use crate::Error;

/// How long one name server may take.
const TIMEOUT: Duration = Duration::from_secs(3);
/// More than anybody sensible has at one name.
const MAX_TEXTS: usize = 100;

/// Asks name servers: those given, or those of the machine.
#[derive(Clone)]
pub(crate) struct Dns {
    nameservers: Vec<SocketAddr>,
}

impl Dns {
    pub(crate) const fn new(nameservers: Vec<SocketAddr>) -> Self {
        Self { nameservers }
    }

    /// The addresses of a host, as they are now: nothing is kept between two questions. Empty when it has none.
    ///
    /// # Errors
    /// `dns_unavailable` when no name server answers.
    pub(crate) async fn find_addresses(&self, host: &str) -> Result<Vec<IpAddr>, Error> {
        let resolver = self.resolver().map_err(|e| unavailable(host, &e))?;
        match resolver.lookup_ip(format!("{}.", host.trim_end_matches('.'))).await {
            Ok(found) => Ok(found.iter().collect()),
            Err(e) if e.is_no_records_found() || e.is_nx_domain() => Ok(Vec::new()),
            Err(e) => Err(unavailable(host, &e)),
        }
    }

    /// The texts (TXT records) at a name, as they are now: nothing is kept between two questions. Empty when there
    /// are none.
    ///
    /// # Errors
    /// `dns_unavailable` when no name server answers.
    pub(crate) async fn find_texts(&self, name: &str) -> Result<Vec<String>, Error> {
        let resolver = self.resolver().map_err(|e| unavailable(name, &e))?;
        // With a dot at its end, so that the machine's own search domains play no part.
        match resolver.txt_lookup(format!("{name}.")).await {
            Ok(found) => Ok(found
                .answers()
                .iter()
                .filter_map(|record| match &record.data {
                    RData::TXT(text) => Some(String::from_utf8_lossy(&text.txt_data.concat()).into_owned()),
                    _ => None,
                })
                .take(MAX_TEXTS)
                .collect()),
            Err(e) if e.is_no_records_found() || e.is_nx_domain() => Ok(Vec::new()),
            Err(e) => Err(unavailable(name, &e)),
        }
    }

    fn resolver(&self) -> Result<TokioResolver, hickory_resolver::net::NetError> {
        let mut builder = if self.nameservers.is_empty() {
            TokioResolver::builder_tokio()?
        } else {
            let servers = self.nameservers.iter().map(|at| {
                let mut server = NameServerConfig::udp_and_tcp(at.ip());
                server.connections.iter_mut().for_each(|connection| connection.port = at.port());
                server
            });
            let config = ResolverConfig::from_parts(None, Vec::new(), servers.collect());
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
        };
        let options = builder.options_mut();
        options.timeout = TIMEOUT;
        options.attempts = 2;
        options.cache_size = 0;
        builder.build()
    }
}

fn unavailable(name: &str, e: &dyn std::fmt::Display) -> Error {
    tracing::warn!(error = %e, name, "name servers could not be asked");
    Error::refused(
        "dns_unavailable",
        "The name servers do not answer",
        "Whether the record is there could not be found out. Nothing was done; try again in a moment.",
    )
}
