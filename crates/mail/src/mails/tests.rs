//! Every message with every sample.

#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::{Named, Person, Rendering};

const URL: &str = "https://orglink.example";

fn render(mail: &Mail) -> crate::Rendered {
    let is_free = mail.content().kind().obligation().is_none();
    let unsubscribe = is_free.then_some("https://orglink.example/unsubscribe/x/SECRET2");
    mail.render(Rendering { public_url: URL, secret: Some("SECRET1"), unsubscribe }).unwrap()
}

#[test]
fn every_sample_reads_well_in_both_forms() {
    let samples = Mail::samples();
    assert!(samples.len() > 20);
    for mail in samples {
        let (name, content, rendered) = (mail.template(), mail.content(), render(&mail));
        assert!(rendered.subject.len() <= 120 && !rendered.subject.ends_with('.'), "{name}: {}", rendered.subject);
        assert!(!content.paragraphs().is_empty(), "{name} says nothing");
        for paragraph in content.paragraphs() {
            assert!(paragraph.ends_with(['.', '?']), "{name} has no whole sentence: {paragraph}");
            assert!(rendered.text.contains(&paragraph), "{name}");
        }
        assert!(content.action().path.starts_with('/'), "{name} leads nowhere");
        assert!(!rendered.html.contains("<img") && !rendered.html.contains("http://"), "{name} needs something else");
        assert_eq!(rendered.html.matches("font-weight:600").count(), 1, "{name}: one button");
        let expected = content.secret().map_or(content.action().path, |s| format!("{}SECRET1", s.path));
        assert!(rendered.text.contains(&format!("{URL}{expected}\n")), "{name}: {}", rendered.text);
        assert!(rendered.html.contains(&format!("href=\"{URL}{expected}\"")), "{name}");
        let may_be_ended = content.kind().obligation().is_none();
        assert_eq!(rendered.text.contains("SECRET2"), may_be_ended, "{name}");
        assert_eq!(rendered.html.contains("SECRET2"), may_be_ended, "{name}");
        assert_eq!(content.secret().is_some(), rendered.text.contains("SECRET1"), "{name}");
    }
}

#[test]
fn what_is_kept_comes_back_and_names_are_not_kept() {
    for mail in Mail::samples() {
        let kept = serde_json::to_string(&mail).unwrap();
        assert!(!kept.contains("Ada Okafor") && !kept.contains("Noor Haddad"), "{kept}");
        let back: Mail = serde_json::from_str(&kept).unwrap();
        assert_eq!(serde_json::to_string(&back).unwrap(), kept);
        assert!(kept.starts_with(&format!("{{\"template\":\"{}\"", mail.template())));
    }
}

#[test]
fn names_can_neither_begin_a_line_nor_a_tag() {
    let hostile = "A\r\nBcc: all@company.example\n\n<script>\u{202e}\"'&".to_owned() + &"x".repeat(10_000);
    let mail = Mail::WorkspaceLinked(WorkspaceLinked {
        workspace: Named::new("atlas", hostile.clone()),
        organization: Named::new("meridian", hostile.clone()),
        by: Person::named(&hostile),
        at: orglink_domain::clock::Timestamp::from_micros(0),
        is_workspace_side: true,
        undo_until: String::new(),
    });
    let rendered = render(&mail);
    assert!(!rendered.subject.chars().any(char::is_control) && rendered.subject.chars().count() <= 200);
    assert!(!rendered.text.contains("\nBcc:") && !rendered.text.contains('\r') && !rendered.text.contains('\u{202e}'));
    assert!(!rendered.html.contains("<script") && !rendered.html.contains('\r'));
}
