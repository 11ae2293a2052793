//! Slugs and e-mail addresses: the names people type, and how two spellings are the same name.

/// What can be wrong with a name somebody typed; the text says what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    #[error(
        "'{0}' is not a slug: use 1 to 100 letters a-z, digits, '.', '_' or '-', starting with a letter, digit or '_'"
    )]
    Slug(String),
    #[error("'{0}' is not an e-mail address like name@company.example (at most 254 characters)")]
    Email(String),
    #[error("a {0} must have 1 to 200 characters and no line breaks or control characters")]
    Title(&'static str),
}

/// The form in which two names are compared: Unicode lower case, made here and never by a database, whose
/// ideas of case differ.
#[must_use]
pub fn fold(name: &str) -> String {
    name.to_lowercase()
}

fn shown(given: &str) -> String {
    given.chars().take(80).collect()
}

/// Accepts a slug as it is.
///
/// # Errors
/// When it is not one.
pub fn check_slug(given: &str) -> Result<&str, InvalidName> {
    let ok = !given.is_empty()
        && given.len() <= 100
        && given.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        && given.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_')
        && uuid::Uuid::try_parse(given).is_err();
    if ok { Ok(given) } else { Err(InvalidName::Slug(shown(given))) }
}

/// A slug made from a title: what the page proposes when somebody types "Acme Corp.".
#[must_use]
pub fn slug_from(title: &str) -> String {
    let mut slug = String::new();
    for c in title.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= 60 {
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// Accepts an e-mail address as it is. Deliverability is proven by mail, not by grammar; this keeps out what
/// can never be one.
///
/// # Errors
/// When it cannot be an address.
pub fn check_email(given: &str) -> Result<&str, InvalidName> {
    let bad = || InvalidName::Email(shown(given));
    let (local, domain) = given.rsplit_once('@').ok_or_else(bad)?;
    let printable = given.chars().all(|c| !c.is_whitespace() && !c.is_control());
    let ok = printable
        && given.len() <= 254
        && !local.is_empty()
        && !local.contains('@')
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !domain.contains("..");
    if ok { Ok(given) } else { Err(bad()) }
}

/// Accepts a title (a name shown to people) as it is.
///
/// # Errors
/// When it is empty, too long, or has control characters.
pub fn check_title<'a>(what: &'static str, given: &'a str) -> Result<&'a str, InvalidName> {
    let count = given.chars().count();
    if given.trim().is_empty() || count > 200 || given.chars().any(char::is_control) {
        return Err(InvalidName::Title(what));
    }
    Ok(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_and_addresses_that_cannot_be_are_refused() {
        for good in ["kubernetes-sigs", "A.b_c", "x", "1"] {
            assert!(check_slug(good).is_ok(), "{good}");
        }
        for bad in ["", "-x", "a b", "é", "../x", "0190b7a4-0000-7000-8000-000000000000", &"x".repeat(101)] {
            assert!(check_slug(bad).is_err(), "{bad}");
        }
        for good in ["a@b.example", "É.x+y@people.example"] {
            assert!(check_email(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "@b.example", "a@b", "a b@c.example", "a@@b.example", "a@b..example", "a\n@b.example"] {
            assert!(check_email(bad).is_err(), "{bad}");
        }
        assert!(check_title("name", "  ").is_err());
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_typed_is_a_name_or_refused(given in "\\PC{0,300}") {
            let _ = (check_email(&given), check_title("name", &given));
            let proposed = slug_from(&given);
            proptest::prop_assert!(proposed.is_empty() || check_slug(&proposed).is_ok(), "{proposed}");
            if let Ok(slug) = check_slug(&given) {
                proptest::prop_assert!(check_slug(&fold(slug)).is_ok());
            }
        }
    }

    #[test]
    fn a_title_proposes_its_slug() {
        assert_eq!(slug_from("Acme Corp. — Europe!"), "acme-corp-europe");
        assert_eq!(slug_from("日本"), "");
    }
}
