//! A date for the reader's calendar (RFC 5545).

use orglink_domain::clock::Timestamp;

/// A calendar file with one moment in it. The same mail gives the same entry, however often it is sent.
pub fn calendar(uid: &str, made_at: Timestamp, at: Timestamp, title: &str, url: &str) -> String {
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//orglink//EN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{uid}"),
        format!("DTSTAMP:{}", moment(made_at)),
        format!("DTSTART:{}", moment(at)),
        format!("SUMMARY:{}", escaped(title)),
        format!("URL:{url}"),
        "TRANSP:TRANSPARENT".to_owned(),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().fold(String::new(), |text, line| text + &folded(line) + "\r\n")
}

/// `20260315T235959Z`
fn moment(at: Timestamp) -> String {
    let whole = Timestamp::from_micros(at.as_micros() / 1_000_000 * 1_000_000).to_string();
    whole.replace(['-', ':'], "")
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// No line is longer than 75 bytes; the rest of it goes on in the next one after a space.
fn folded(line: &str) -> String {
    let mut out = String::new();
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > 74 {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(c);
        length += c.len_utf8();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_one_entry_whatever_its_title() {
        let at = Timestamp::from_micros(1_773_619_200_000_000);
        let title = format!("Link A; B,\\C\nEND:VEVENT {}", "é".repeat(100));
        let text = calendar("x@orglink.example", at, at, &title, "https://orglink.example/link");
        assert!(text.contains("DTSTART:20260316T000000Z\r\n"), "{text}");
        assert!(text.contains("SUMMARY:Link A\\; B\\,\\\\C END:VEVENT"), "{text}");
        assert_eq!(text.matches("\r\nEND:VEVENT").count(), 1);
        assert!(text.lines().all(|line| line.len() <= 75));
    }
}
