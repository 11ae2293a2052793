//! E-mail addresses as people paste them: out of a mail program, a spreadsheet, a chat.

use crate::name::{InvalidName, check_email, fold};

/// How many addresses may be sent at once.
pub const MOST_ADDRESSES: usize = 100;
/// The longest text that is looked at, in bytes.
const MOST_BYTES: usize = 64 * 1024;

/// What is wrong with a list of addresses; nothing is taken from a list with a fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddresses {
    #[error("say who: at least one e-mail address")]
    Empty,
    #[error("{0} addresses at once are too many; send at most {MOST_ADDRESSES}")]
    TooMany(usize),
    #[error("this text is too long; send at most {MOST_ADDRESSES} addresses")]
    TooLong,
    #[error("'<' without '>' after it: {0}")]
    Unclosed(String),
    #[error(transparent)]
    Address(#[from] InvalidName),
}

/// Takes the addresses out of a text: separated by commas, semicolons, spaces or line breaks, with or without names
/// (`Ada Brandt <ada@company.example>`, `"Brandt, Ada" <ada@company.example>`). Each once, in their order.
///
/// # Errors
/// Every fault there is, when there is one.
pub fn parse_addresses(text: &str) -> Result<Vec<String>, Vec<InvalidAddresses>> {
    if text.len() > MOST_BYTES {
        return Err(vec![InvalidAddresses::TooLong]);
    }
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    // Words without an '@' that a comma cut off: the beginning of a name like `Brandt, Ada <…>`, or a fault.
    let mut before: Vec<String> = Vec::new();
    for (part, ends_with_comma) in parts(text) {
        let words = read_part(&part, &mut found, &mut faults);
        if part.contains('<') {
            before.clear();
        }
        let is_address = |word: &String| word.contains('@');
        let may_be_name = ends_with_comma && !part.contains('<') && !words.iter().any(is_address);
        if !may_be_name || words.is_empty() {
            faults.extend(before.drain(..).map(|word| InvalidName::Email(word).into()));
        }
        if may_be_name {
            before.extend(words);
        } else {
            take(&words, &mut found, &mut faults);
        }
    }
    faults.extend(before.into_iter().map(|word| InvalidName::Email(word).into()));
    let mut seen = std::collections::HashSet::new();
    found.retain(|address: &String| seen.insert(fold(address)));
    match found.len() {
        _ if !faults.is_empty() => Err(faults),
        0 => Err(vec![InvalidAddresses::Empty]),
        count if count > MOST_ADDRESSES => Err(vec![InvalidAddresses::TooMany(count)]),
        _ => Ok(found),
    }
}

/// The parts between separators that stand neither in quotes nor in angle brackets; whether a comma ended each.
fn parts(text: &str) -> Vec<(String, bool)> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let (mut is_quoted, mut is_angled) = (false, false);
    for c in text.chars() {
        match c {
            '"' if !is_angled => is_quoted = !is_quoted,
            '<' if !is_quoted => is_angled = true,
            '>' if !is_quoted => is_angled = false,
            _ => {}
        }
        let is_line_end = matches!(c, '\n' | '\r');
        if is_line_end || (!is_quoted && !is_angled && matches!(c, ',' | ';' | '\t')) {
            parts.push((std::mem::take(&mut part), c == ','));
            // A quote that was never closed ends with its line.
            (is_quoted, is_angled) = (false, false);
        } else {
            part.push(c);
        }
    }
    parts.push((part, false));
    parts
}

/// Takes the addresses in angle brackets and the words of names that are addresses themselves; what stands outside of
/// brackets at the end comes back as words.
fn read_part(part: &str, found: &mut Vec<String>, faults: &mut Vec<InvalidAddresses>) -> Vec<String> {
    let mut rest = part;
    while let Some((name, after)) = split_at_angle(rest) {
        let addresses: Vec<String> = words(name).into_iter().filter(|word| word.contains('@')).collect();
        take(&addresses, found, faults);
        let Some((inside, after)) = after.split_once('>') else {
            faults.push(InvalidAddresses::Unclosed(shown(after)));
            return Vec::new();
        };
        take(&[inside.trim().to_owned()], found, faults);
        rest = after;
    }
    words(rest)
}

/// At the first `<` outside of quotes.
fn split_at_angle(text: &str) -> Option<(&str, &str)> {
    let mut is_quoted = false;
    for (i, c) in text.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            '<' if !is_quoted => return Some((text.get(..i)?, text.get(i + 1..)?)),
            _ => {}
        }
    }
    None
}

/// The words of a text; what stands in quotes is a name, and none of them.
fn words(text: &str) -> Vec<String> {
    let outside = text.split('"').step_by(2).collect::<Vec<_>>().join(" ");
    outside.split_whitespace().map(str::to_owned).collect()
}

fn take(words: &[String], found: &mut Vec<String>, faults: &mut Vec<InvalidAddresses>) {
    for word in words {
        let word = word.strip_prefix("mailto:").unwrap_or(word);
        // What mail programs write around addresses is never part of one.
        let is_plain = !word.contains(['<', '>', '(', ')', '[', ']', ',', ';', ':', '"', '\\']);
        match check_email(word) {
            Ok(address) if is_plain => found.push(address.to_owned()),
            _ => faults.push(InvalidName::Email(shown(word)).into()),
        }
    }
}

fn shown(given: &str) -> String {
    given.chars().filter(|c| !c.is_control()).take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_however_they_are_pasted() {
        let three = ["ada@a.example", "ben@b.example", "cleo@c.example"];
        for text in [
            "ada@a.example ben@b.example cleo@c.example",
            "ada@a.example,ben@b.example;cleo@c.example",
            "ada@a.example\r\nben@b.example\n\n  cleo@c.example\n",
            "Ada Brandt <ada@a.example>, \"Okafor, Ben\" <ben@b.example>; cleo@c.example,",
            "Brandt, Ada <ada@a.example>; Okafor, Ben <ben@b.example>; <cleo@c.example>",
            "ada@a.example Ben <ben@b.example> cleo@c.example, ADA@A.example",
            "mailto:ada@a.example\tben@b.example\t\"C\" <mailto:cleo@c.example>",
        ] {
            assert_eq!(parse_addresses(text).expect(text), three, "{text}");
        }
    }

    #[test]
    fn every_fault_is_told_and_nothing_is_taken() {
        let faults = parse_addresses("ada@a.example, ben, cleo@c, \"x\" <d@d.example").expect_err("faults");
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert_eq!(parse_addresses(" ,;\n"), Err(vec![InvalidAddresses::Empty]));
        for bad in
            ["ada", "a@b.example\u{0}", "<a@b.example>>x@y", "a@[1.2.3.4]", "a@b.example:25", "x\u{7}y@b.example"]
        {
            assert!(parse_addresses(bad).is_err(), "{bad:?}");
        }
        let many = |n: usize| (0..n).map(|i| format!("p{i}@a.example")).collect::<Vec<_>>().join(" ");
        assert_eq!(parse_addresses(&many(100)).map(|a| a.len()), Ok(100));
        assert_eq!(parse_addresses(&many(101)), Err(vec![InvalidAddresses::TooMany(101)]));
        assert_eq!(parse_addresses(&many(10_000)), Err(vec![InvalidAddresses::TooLong]));
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_pasted_is_read_or_refused(text in "(?s).{0,200}") {
            for address in parse_addresses(&text).unwrap_or_default() {
                proptest::prop_assert!(check_email(&address).is_ok() && !address.contains(['\r', '\n', '<', '>', ',']));
            }
        }

        #[test]
        fn a_list_is_the_same_in_every_form(
            locals in proptest::collection::hash_set("[a-z][a-z0-9.+_-]{0,8}[a-z0-9]", 1..20),
            forms in proptest::collection::vec((0..4_u8, 0..5_usize), 20),
        ) {
            let wanted: Vec<String> = locals.iter().map(|l| format!("{l}@company.example")).collect();
            let mut text = String::new();
            for (address, (form, separator)) in wanted.iter().zip(forms) {
                let shown = match form {
                    0 => address.clone(),
                    1 => format!("<{address}>"),
                    2 => format!("Some Body <{address}>"),
                    _ => format!("\"Body, Some; x@y.example\" <{address}>"),
                };
                text.push_str(&shown);
                text.push_str([", ", ";", "\n", "\t", " ; \r\n"][separator]);
            }
            proptest::prop_assert_eq!(parse_addresses(&text), Ok(wanted));
        }
    }
}
