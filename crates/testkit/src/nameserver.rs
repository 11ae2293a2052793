//! A name server for tests: real questions and answers over UDP, about texts that a test has put there.

use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex};

use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::TXT;
use hickory_resolver::proto::rr::{RData, Record};
use hickory_resolver::proto::serialize::binary::{BinDecodable as _, BinEncodable as _};

/// Answers until the test ends.
pub struct NameServer {
    pub address: SocketAddr,
    texts: Arc<Mutex<HashMap<String, String>>>,
}

impl NameServer {
    pub(crate) fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        let texts: Arc<Mutex<HashMap<String, String>>> = Arc::default();
        let known = Arc::clone(&texts);
        socket.set_nonblocking(true).unwrap();
        let socket = tokio::net::UdpSocket::from_std(socket).unwrap();
        tokio::spawn(async move {
            let mut buffer = [0_u8; 1500];
            while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
                let Ok(asked) = Message::from_bytes(buffer.get(..length).unwrap_or_default()) else { continue };
                let _ = socket.send_to(&answer(asked, &known), from).await;
            }
        });
        Self { address, texts }
    }

    /// Puts a text at a name, in place of what was there.
    pub fn put(&self, name: &str, text: &str) {
        self.texts.lock().unwrap().insert(name.to_owned(), text.to_owned());
    }
}

fn answer(asked: Message, known: &Mutex<HashMap<String, String>>) -> Vec<u8> {
    let mut answer = asked.into_response();
    let Some(query) = answer.queries.first().cloned() else { return Vec::new() };
    let name = query.name().to_ascii().trim_end_matches('.').to_lowercase();
    match known.lock().unwrap().get(&name) {
        Some(text) => {
            let data = RData::TXT(TXT::new(vec![text.clone()]));
            answer.add_answer(Record::from_rdata(query.name().clone(), 60, data));
        }
        None => answer.metadata.response_code = ResponseCode::NXDomain,
    }
    answer.to_bytes().unwrap()
}
