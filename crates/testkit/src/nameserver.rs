//! A name server for tests: real questions and answers over UDP, about texts and addresses that a test has put there.

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex};

use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, AAAA, TXT};
use hickory_resolver::proto::rr::{RData, Record, RecordType};
use hickory_resolver::proto::serialize::binary::{BinDecodable as _, BinEncodable as _};

/// Answers until the test ends.
pub struct NameServer {
    pub address: SocketAddr,
    known: Arc<Mutex<Known>>,
}

/// What is at the names.
#[derive(Default)]
struct Known {
    /// Each record is of one string or several, which belong together.
    texts: HashMap<String, Vec<Vec<String>>>,
    /// Names of which it says that it cannot answer.
    failing: HashSet<String>,
    /// What is answered next; the last goes on.
    addresses: HashMap<String, VecDeque<Vec<IpAddr>>>,
}

impl NameServer {
    pub(crate) fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        let known: Arc<Mutex<Known>> = Arc::default();
        let shared = Arc::clone(&known);
        socket.set_nonblocking(true).unwrap();
        let socket = tokio::net::UdpSocket::from_std(socket).unwrap();
        tokio::spawn(async move {
            let mut buffer = [0_u8; 1500];
            while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
                let Ok(asked) = Message::from_bytes(buffer.get(..length).unwrap_or_default()) else { continue };
                let said = answer(asked, &mut shared.lock().unwrap());
                let _ = socket.send_to(&said, from).await;
            }
        });
        Self { address, known }
    }

    /// Puts a text at a name, in place of what was there.
    pub fn put(&self, name: &str, text: &str) {
        self.put_records(name, &[&[text]]);
    }

    /// Puts several records at a name, each of one string or several, in place of what was there; none takes them away.
    pub fn put_records(&self, name: &str, records: &[&[&str]]) {
        let records = records.iter().map(|strings| strings.iter().map(|s| (*s).to_owned()).collect()).collect();
        self.known.lock().unwrap().texts.insert(name.to_owned(), records);
    }

    /// Answers that it cannot answer about a name (SERVFAIL), or answers again.
    pub fn fail(&self, name: &str, fails: bool) {
        let mut known = self.known.lock().unwrap();
        if fails {
            known.failing.insert(name.to_owned());
        } else {
            known.failing.remove(name);
        }
    }

    /// Puts addresses at a name: each question for them is answered with the next, and then with the last again, as a
    /// name does whose owner wants it to mean another machine a moment later.
    pub fn put_addresses(&self, name: &str, answers: &[&[&str]]) {
        let answers = answers.iter().map(|list| list.iter().map(|a| a.parse().unwrap()).collect()).collect();
        self.known.lock().unwrap().addresses.insert(name.to_owned(), answers);
    }
}

fn answer(asked: Message, known: &mut Known) -> Vec<u8> {
    let mut answer = asked.into_response();
    let Some(query) = answer.queries.first().cloned() else { return Vec::new() };
    let name = query.name().to_ascii().trim_end_matches('.').to_lowercase();
    if known.failing.contains(&name) {
        answer.metadata.response_code = ResponseCode::ServFail;
        return answer.to_bytes().unwrap();
    }
    let mut add = |data| {
        answer.add_answer(Record::from_rdata(query.name().clone(), 60, data));
    };
    match (query.query_type(), known.texts.get(&name), known.addresses.get_mut(&name)) {
        (RecordType::TXT, Some(records), _) => {
            for strings in records {
                add(RData::TXT(TXT::new(strings.clone())));
            }
        }
        (RecordType::A, _, Some(answers)) => {
            // The question for the other kind comes first or second; what comes next is decided by this one.
            let now = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
            for address in now.unwrap_or_default() {
                if let IpAddr::V4(v4) = address {
                    add(RData::A(A(v4)));
                }
            }
        }
        (RecordType::AAAA, _, Some(answers)) => {
            for address in answers.front().cloned().unwrap_or_default() {
                if let IpAddr::V6(v6) = address {
                    add(RData::AAAA(AAAA(v6)));
                }
            }
        }
        (_, None, None) => answer.metadata.response_code = ResponseCode::NXDomain,
        _ => {}
    }
    answer.to_bytes().unwrap()
}
