//! One layout: text and HTML of the same parts, readable without images.

use askama::Template;
use orglink_domain::clock::Timestamp;

use crate::Mail;

/// What a mail is made with, besides its parameters.
#[derive(Debug, Clone, Copy)]
pub struct Rendering<'a> {
    /// Where the installation is, without a slash at the end.
    pub public_url: &'a str,
    /// The secret that was minted for the action, or what stands in its place where a mail is only looked at.
    pub secret: Option<&'a str>,
    /// Where one says, without signing in, that one does not want such mails; nothing for an obligation.
    pub unsubscribe: Option<&'a str>,
}

/// A mail as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
    /// A date for the calendar, when the mail has one.
    pub date: Option<(Timestamp, String)>,
}

#[derive(Template)]
#[template(path = "mail.txt", escape = "none")]
struct Text<'a> {
    parts: &'a Parts<'a>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    parts: &'a Parts<'a>,
}

struct Parts<'a> {
    subject: &'a str,
    paragraphs: Vec<String>,
    facts: Vec<(&'static str, String)>,
    label: &'static str,
    url: String,
    /// Why it came, or nothing.
    obligation: Option<&'static str>,
    settings_url: String,
    unsubscribe: Option<&'a str>,
    public_url: &'a str,
}

/// The longest subject, in characters: more than any program shows.
const SUBJECT: usize = 200;

impl Mail {
    /// The mail in words.
    ///
    /// # Errors
    /// When a template cannot be filled (never seen).
    pub fn render(&self, with: Rendering<'_>) -> Result<Rendered, askama::Error> {
        let content = self.content();
        let subject = one_line(&content.subject(), SUBJECT);
        let action = content.action();
        let path = match (content.secret(), with.secret) {
            (Some(wanted), Some(secret)) => format!("{}{secret}", wanted.path),
            _ => action.path,
        };
        let parts = Parts {
            subject: &subject,
            paragraphs: content.paragraphs().iter().map(|p| one_line(p, usize::MAX)).collect(),
            facts: content.facts().into_iter().map(|(what, which)| (what, one_line(&which, usize::MAX))).collect(),
            label: action.label,
            url: format!("{}{path}", with.public_url),
            obligation: content.kind().obligation(),
            settings_url: format!("{}/me/notifications", with.public_url),
            unsubscribe: with.unsubscribe,
            public_url: with.public_url,
        };
        Ok(Rendered {
            text: Text { parts: &parts }.render()?,
            html: Html { parts: &parts }.render()?,
            date: content.date(),
            subject: subject.clone(),
        })
    }
}

/// What somebody typed must neither begin a line nor a header of its own: control characters become spaces, and what is
/// too long ends in `…`.
fn one_line(given: &str, most: usize) -> String {
    // Marks that change the direction of text would let a name rewrite the sentence around it.
    let is_mark = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}');
    let clean: String = given.chars().map(|c| if c.is_control() || is_mark(c) { ' ' } else { c }).collect();
    if clean.chars().count() <= most {
        return clean.trim().to_owned();
    }
    let mut short: String = clean.trim().chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}
