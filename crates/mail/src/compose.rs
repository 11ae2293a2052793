//! A mail as it goes over the wire: headers, text, HTML, and a date for the calendar.

use std::time::{Duration, UNIX_EPOCH};

use lettre::Message;
use lettre::message::header::{ContentDisposition, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use orglink_domain::clock::Timestamp;
use orglink_domain::id::MailId;

use crate::Rendered;
use crate::calendar::calendar;

/// What stands around a mail.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    pub id: MailId,
    /// As configured: `orglink <orglink@company.example>`.
    pub from: &'a str,
    /// The address alone: no name that somebody typed comes near a header.
    pub to: &'a str,
    /// When it was written; the header says so however late it is sent.
    pub at: Timestamp,
    /// Where the installation is.
    pub public_url: &'a str,
    /// One click there, or one POST by the mail program (RFC 8058), ends mails like this one.
    pub unsubscribe: Option<&'a str>,
}

/// A mail ready to be handed over.
#[derive(Debug, Clone)]
pub struct Composed {
    message_id: String,
    envelope: lettre::address::Envelope,
    bytes: Vec<u8>,
}

/// Why a mail can never be sent.
#[derive(Debug, thiserror::Error)]
pub enum InvalidMail {
    #[error("the sender '{0}' is no address; see [mail] from in the configuration")]
    From(String),
    #[error("no mail can be sent to '{0}'")]
    To(String),
    #[error("the mail cannot be put together: {0}")]
    Parts(String),
}

impl Composed {
    /// Puts a mail together. The same mail has the same `Message-ID`, however often it is made.
    ///
    /// # Errors
    /// When an address is none.
    pub fn new(with: &Envelope<'_>, rendered: &Rendered) -> Result<Self, InvalidMail> {
        let from: Mailbox = with.from.parse().map_err(|_| InvalidMail::From(with.from.to_owned()))?;
        let to: lettre::Address = with.to.parse().map_err(|_| InvalidMail::To(with.to.to_owned()))?;
        let host = with.public_url.split("://").nth(1).unwrap_or("orglink");
        let host = host.split([':', '/']).next().unwrap_or(host);
        let uid = format!("{}@{host}", with.id);
        let message_id = format!("<{uid}>");
        let micros = u64::try_from(with.at.as_micros()).unwrap_or(0);
        let mut builder = Message::builder()
            .from(from)
            .to(Mailbox::new(None, to))
            .subject(rendered.subject.as_str())
            .date(UNIX_EPOCH + Duration::from_micros(micros))
            .message_id(Some(message_id.clone()))
            .raw_header(header("Auto-Submitted", "auto-generated"));
        if let Some(url) = with.unsubscribe {
            builder = builder
                .raw_header(header("List-Unsubscribe", &format!("<{url}>")))
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        let words = MultiPart::alternative_plain_html(rendered.text.clone(), rendered.html.clone());
        let parts = match &rendered.date {
            None => words,
            Some((at, title)) => {
                let text = calendar(&uid, with.at, *at, title, with.public_url);
                MultiPart::mixed().multipart(words).singlepart(calendar_part(text)?)
            }
        };
        let message = builder.multipart(parts).map_err(|e| InvalidMail::Parts(e.to_string()))?;
        Ok(Self { message_id, envelope: message.envelope().clone(), bytes: message.formatted() })
    }

    #[must_use]
    pub fn message_id(&self) -> &str {
        &self.message_id
    }

    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) const fn envelope(&self) -> &lettre::address::Envelope {
        &self.envelope
    }
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn calendar_part(text: String) -> Result<SinglePart, InvalidMail> {
    let kind = ContentType::parse("text/calendar; charset=utf-8; method=PUBLISH");
    let kind = kind.map_err(|e| InvalidMail::Parts(e.to_string()))?;
    Ok(SinglePart::builder().header(kind).header(ContentDisposition::attachment("date.ics")).body(text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use orglink_domain::event::Through;
    use uuid::Uuid;

    use super::*;
    use crate::{Mail, Named, Person, Rendering, WorkspaceUnlinked};

    const URL: &str = "https://orglink.example:8443";

    fn wire(mail: &Mail, to: &str, unsubscribe: Option<&str>) -> Result<String, InvalidMail> {
        let rendered = mail.render(Rendering { public_url: URL, secret: Some("SECRET"), unsubscribe }).unwrap();
        let envelope = Envelope {
            id: MailId(Uuid::from_u128(7)),
            from: "orglink <orglink@company.example>",
            to,
            at: Timestamp::from_micros(1_767_603_600_000_000),
            public_url: URL,
            unsubscribe,
        };
        Composed::new(&envelope, &rendered).map(|c| String::from_utf8(c.bytes).unwrap())
    }

    #[test]
    fn every_sample_goes_over_the_wire() {
        for mail in Mail::samples() {
            let url = "https://orglink.example:8443/unsubscribe/link/SECRET2";
            let text = wire(&mail, "noor@meridian.example", Some(url)).unwrap();
            let (head, _) = text.split_once("\r\n\r\n").unwrap();
            assert!(head.contains("Message-ID: <00000000-0000-0000-0000-000000000007@orglink.example>"), "{head}");
            assert!(head.contains("Date: Mon, 05 Jan 2026 09:00:00 +0000"), "{head}");
            assert!(head.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{head}");
            assert!(text.lines().all(|line| line.len() <= 998), "{}", mail.template());
            assert_eq!(text.contains("text/calendar"), mail.content().date().is_some(), "{}", mail.template());
        }
    }

    #[test]
    fn what_people_typed_makes_no_header_of_its_own() {
        for name in [
            "A\r\nBcc: x@y.example",
            "\"A\" <x@y.example>",
            "Ünïcode ☃ 名前",
            &"long ".repeat(2000),
            "=?utf-8?q?=0d=0aBcc:_x?=",
        ] {
            let mail = Mail::WorkspaceUnlinked(WorkspaceUnlinked {
                workspace: name.to_owned(),
                organization: Named::new("o", name),
                by: Person { account: None, through: Through::Operator, name: name.to_owned() },
                at: Timestamp::from_micros(0),
                is_undone: false,
                was_automatic: false,
                reason: String::new(),
                by_operators: false,
                moved_to: None,
            });
            let text = wire(&mail, "noor@meridian.example", None).unwrap();
            let (head, _) = text.split_once("\r\n\r\n").unwrap();
            let names: Vec<&str> =
                head.lines().filter(|l| !l.starts_with([' ', '\t'])).filter_map(|l| l.split(':').next()).collect();
            let ours =
                ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"];
            assert!(names.iter().all(|n| ours.contains(n)) && names.len() == ours.len(), "{names:?}");
            assert!(head.is_ascii() && head.contains("\r\nTo: noor@meridian.example\r\n"), "{head}");
        }
    }

    #[test]
    fn an_address_that_could_be_two_is_none() {
        let mail = Mail::samples().remove(0);
        for bad in ["a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "<a@b.example>", "a,b@c.example", ""]
        {
            assert!(matches!(wire(&mail, bad, None), Err(InvalidMail::To(_))), "{bad}");
        }
    }
}
