//! Where a request comes from, under which id it is known, and how much more may come: settled before anything
//! else is looked at.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use ipnet::IpNet;

use crate::caller::LocalOperator;
use crate::limits::{Limits, Meter};
use crate::request_id::RequestId;

/// The header in which proxies write whom they forward for. One only: a proxy passes the other one on as the client
/// sent it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardedHeader {
    #[default]
    XForwardedFor,
    /// RFC 7239.
    Forwarded,
}

/// What the operator decided about the way requests take.
#[derive(Default)]
pub struct Network {
    pub trusted_proxies: Vec<IpNet>,
    pub forwarded_header: ForwardedHeader,
    pub limits: Arc<Limits>,
}

/// Where the request comes from; absent inside the process.
#[derive(Debug, Clone, Copy)]
struct ClientAddress(IpAddr);

impl Network {
    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|net| net.contains(&address))
    }

    /// The nearest address that is no proxy of ours, read from the right: what stands further left, anybody may have
    /// written.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let mut hops = self.hops(headers);
        while self.trusts(client) {
            // A proxy that names nobody, or nobody that can be read, is taken for the client itself.
            let Some(Some(next)) = hops.pop() else { break };
            client = next;
        }
        client
    }

    /// Whom each proxy forwarded for, the nearest proxy's word last.
    fn hops(&self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        let name = match self.forwarded_header {
            ForwardedHeader::XForwardedFor => HeaderName::from_static("x-forwarded-for"),
            ForwardedHeader::Forwarded => header::FORWARDED,
        };
        headers
            .get_all(name)
            .iter()
            .flat_map(|value| value.to_str().unwrap_or_default().split(','))
            .map(|element| match self.forwarded_header {
                ForwardedHeader::XForwardedFor => address_of(element),
                ForwardedHeader::Forwarded => element
                    .split(';')
                    .filter_map(|pair| pair.split_once('='))
                    .find(|(key, _)| key.trim().eq_ignore_ascii_case("for"))
                    .and_then(|(_, value)| address_of(value)),
            })
            .collect()
    }
}

/// An address as proxies write it: bare, with a port, in brackets, quoted.
fn address_of(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"').trim();
    let address = text
        .parse::<IpAddr>()
        .or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()))
        .or_else(|_| text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>());
    Some(address.ok()?.to_canonical())
}

/// Gives every request its id, its client's address and the meter of what it uses up; the answer says the id and how
/// much is left.
pub async fn enter(State(network): State<Arc<Network>>, mut request: Request, next: Next) -> Response {
    let is_local = request.extensions().get::<LocalOperator>().is_some();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if let Some(peer) = peer {
        let address = network.client(peer, request.headers());
        request.extensions_mut().insert(ClientAddress(address));
    }
    let is_by_proxy = peer.is_some_and(|peer| network.trusts(peer.to_canonical()));
    let id = RequestId::of(request.headers(), is_by_proxy);
    request.extensions_mut().insert(id.clone());
    let meter = (!is_local).then(|| Meter::new(Arc::clone(&network.limits)));
    if let Some(meter) = &meter {
        request.extensions_mut().insert(meter.clone());
    }
    let mut response = id.carry(next.run(request)).await;
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        // A protocol may want another name said.
        response.headers_mut().entry("x-request-id").or_insert(value);
    }
    if let Some(meter) = meter {
        meter.tell(response.headers_mut());
    }
    response
}

/// Where a request came from, for slowing down whoever guesses; empty inside the process.
#[must_use]
pub fn network_address(extensions: &Extensions) -> String {
    extensions.get::<ClientAddress>().map(|client| client.0.to_string()).unwrap_or_default()
}

/// What one household, office or machine is counted as: an IPv4 address, or the /64 of an IPv6 one.
pub(crate) fn counted_address(extensions: &Extensions) -> Option<String> {
    Some(match extensions.get::<ClientAddress>()?.0 {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(header: ForwardedHeader, peer: &str, lines: &[&str]) -> String {
        let network = Network {
            trusted_proxies: vec!["10.0.0.0/8".parse().expect("net"), "fd00::/8".parse().expect("net")],
            forwarded_header: header,
            limits: Arc::default(),
        };
        let mut headers = HeaderMap::new();
        let name = if header == ForwardedHeader::Forwarded { "forwarded" } else { "x-forwarded-for" };
        for line in lines {
            headers.append(name, HeaderValue::from_str(line).expect("header"));
        }
        network.client(peer.parse().expect("address"), &headers).to_string()
    }

    #[test]
    fn only_what_our_own_proxies_say_is_believed() {
        use ForwardedHeader::{Forwarded, XForwardedFor};
        let x = |peer, lines: &[&str]| client(XForwardedFor, peer, lines);
        assert_eq!(x("203.0.113.9", &["198.51.100.1"]), "203.0.113.9", "a stranger's header is nothing");
        assert_eq!(x("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(x("10.0.0.1", &["1.2.3.4, 198.51.100.1, 10.0.0.2"]), "198.51.100.1", "from the right");
        assert_eq!(x("10.0.0.1", &["1.2.3.4", "198.51.100.1"]), "198.51.100.1", "over several lines");
        assert_eq!(x("10.0.0.1", &["198.51.100.1, rubbish"]), "10.0.0.1", "nothing left of rubbish is believed");
        assert_eq!(x("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3", "from inside");
        assert_eq!(x("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(x("::ffff:10.0.0.1", &["::ffff:198.51.100.1"]), "198.51.100.1", "mapped addresses");
        assert_eq!(x("10.0.0.1", &["198.51.100.1:4711"]), "198.51.100.1");
        assert_eq!(x("fd00::1", &["[2001:db8::7]:80"]), "2001:db8::7");
        let f = |lines: &[&str]| client(Forwarded, "10.0.0.1", lines);
        assert_eq!(f(&["for=1.2.3.4;proto=https, For=\"[2001:db8::7]:80\";by=10.0.0.1"]), "2001:db8::7");
        assert_eq!(f(&["for=unknown"]), "10.0.0.1");
        assert_eq!(client(Forwarded, "10.0.0.1", &["for=_hidden, for=198.51.100.1"]), "198.51.100.1");
    }
}
