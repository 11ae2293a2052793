//! A mail server for tests: takes everything, or answers as a test wants.

use std::collections::VecDeque;
use std::sync::Mutex;

use orglink_mail::{Answered, Composed, Pending, Post};

/// What was handed over, and how the next mails are answered.
#[derive(Default)]
pub struct TestPost {
    taken: Mutex<Vec<(String, String)>>,
    answers: Mutex<VecDeque<Answered>>,
    away: Mutex<bool>,
}

impl TestPost {
    /// Answers the next mail so.
    pub fn answer(&self, with: Answered) {
        self.answers.lock().unwrap().push_back(with);
    }

    /// Cannot be reached, or can again.
    pub fn go_away(&self, is_away: bool) {
        *self.away.lock().unwrap() = is_away;
    }

    /// What was accepted, as it came over the wire.
    pub fn accepted(&self) -> Vec<String> {
        self.taken.lock().unwrap().iter().map(|(_, text)| text.clone()).collect()
    }

    /// The `Message-ID`s of what was accepted.
    pub fn ids(&self) -> Vec<String> {
        self.taken.lock().unwrap().iter().map(|(id, _)| id.clone()).collect()
    }
}

impl Post for TestPost {
    fn check(&self) -> Pending<'_, Result<(), String>> {
        let is_away = *self.away.lock().unwrap();
        Box::pin(async move { if is_away { Err("connection refused".to_owned()) } else { Ok(()) } })
    }

    fn hand_over<'a>(&'a self, mail: &'a Composed) -> Pending<'a, Answered> {
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or(Answered::Accepted("250 ok".to_owned()));
        if matches!(answer, Answered::Accepted(_)) {
            let text = String::from_utf8_lossy(mail.bytes()).into_owned();
            self.taken.lock().unwrap().push((mail.message_id().to_owned(), text));
        }
        Box::pin(async move { answer })
    }
}
