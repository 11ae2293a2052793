//! Reads the operator's catalog file, and says everything that is wrong with it.

use std::collections::BTreeSet;
use std::fmt;

use orglink_domain::catalog::Catalog;
use orglink_domain::name::check_slug;

/// Something about a catalog file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file cannot be used as it is; otherwise it works, perhaps not as meant.
    pub is_error: bool,
    /// The line it is about, from 1, where it is about one.
    pub line: Option<usize>,
    /// The field, such as `features.packages.stage`.
    pub field: String,
    pub detail: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.detail)
    }
}

/// Reads a catalog from its TOML text.
///
/// # Errors
/// With line and field, when the text is no catalog.
pub fn read(text: &str) -> Result<Catalog, String> {
    let catalog: Catalog = toml::from_str(text).map_err(|e| of_toml(text, &e).to_string())?;
    let errors: Vec<String> =
        findings(text, &catalog).into_iter().filter(|f| f.is_error).map(|f| f.to_string()).collect();
    if errors.is_empty() { Ok(catalog.completed()) } else { Err(errors.join("\n")) }
}

/// Everything that is wrong with a catalog, or looks as if it was not meant.
#[must_use]
pub fn check(text: &str) -> Vec<Finding> {
    match toml::from_str::<Catalog>(text) {
        Ok(catalog) => findings(text, &catalog),
        Err(e) => vec![of_toml(text, &e)],
    }
}

fn of_toml(text: &str, e: &toml::de::Error) -> Finding {
    let line = e.span().map(|span| text.bytes().take(span.start).filter(|b| *b == b'\n').count() + 1);
    Finding { is_error: true, line, field: String::new(), detail: e.message().to_owned() }
}

fn findings(text: &str, catalog: &Catalog) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |is_error: bool, at: &str, field: String, detail: String| {
        let line = text.lines().position(|l| !at.is_empty() && l.contains(at)).map(|n| n + 1);
        found.push(Finding { is_error, line, field, detail });
    };
    if let Err(e) = catalog.check_app(&catalog.default_app) {
        add(true, "default_app", "default_app".to_owned(), e.to_string());
    }
    for name in &catalog.hub {
        if let Err(e) = catalog.check_product(name) {
            add(true, "hub", "hub".to_owned(), e.to_string());
        }
    }
    if catalog.apps.is_empty() {
        add(true, "", "apps".to_owned(), "no app: there would be nothing to link".to_owned());
    }
    let titles = catalog.apps.iter().map(|(n, a)| ("apps", n, &a.title));
    for (table, name, title) in titles.chain(catalog.products.iter().map(|(n, p)| ("products", n, &p.title))) {
        if check_slug(name).is_err() {
            add(true, name, format!("{table}.{name}"), "a name is like a slug: letters, digits, hyphens".to_owned());
        }
        if title.trim().is_empty() {
            add(
                true,
                name,
                format!("{table}.{name}.title"),
                "a title is shown to people: it cannot be empty".to_owned(),
            );
        }
    }
    let mut seen = BTreeSet::new();
    for feature in &catalog.features {
        let quoted = format!("\"{}\"", feature.name);
        let field = |rest: &str| format!("features.{}{rest}", feature.name);
        if !seen.insert(&feature.name) {
            add(true, &quoted, field(""), "there are two features of this name".to_owned());
        }
        if feature.title.trim().is_empty() {
            add(true, &quoted, field(".title"), "a title is shown to people: it cannot be empty".to_owned());
        }
        if let Some(switch) = feature.organization_switch.as_ref().filter(|s| !catalog.switches.contains_key(*s)) {
            let detail = format!("there is no switch '{switch}': add [switches.{switch}] with title and detail");
            add(true, &quoted, field(".organization_switch"), detail);
        }
    }
    for (name, switch) in &catalog.switches {
        if switch.title.trim().is_empty() || switch.detail.trim().is_empty() {
            let detail = "title and detail are shown to people: they cannot be empty".to_owned();
            add(true, name, format!("switches.{name}"), detail);
        }
        if !catalog.features.iter().any(|f| f.organization_switch.as_ref() == Some(name)) {
            add(false, name, format!("switches.{name}"), "no feature needs it: turning it does nothing".to_owned());
        }
    }
    for (gate, feature) in catalog.gates.all() {
        if catalog.feature(feature).is_none() {
            add(true, gate, format!("gates.{gate}"), format!("there is no feature '{feature}'"));
        }
    }
    find_in_extensions(catalog, &mut add);
    for (field, detail) in catalog.billing.check() {
        add(true, "[billing", format!("billing.{field}"), detail);
    }
    find_in_offers(catalog, &mut add);
    find_in_tracker(catalog, &mut add);
    for (name, date) in &catalog.dates {
        if date.parse::<orglink_domain::clock::Timestamp>().is_err() && !is_date(date) {
            let detail = format!("'{date}' is no date: write YYYY-MM-DD");
            add(true, name, format!("dates.{name}"), detail);
        }
    }
    if let (Some(by), Some(from)) = (catalog.dates.get("link_by"), catalog.dates.get("automatic_linking_from"))
        && from <= by
    {
        let detail = format!("linking would begin by itself on {from}, not after the last day to link ({by})");
        add(false, "automatic_linking_from", "dates.automatic_linking_from".to_owned(), detail);
    }
    if catalog.features.is_empty() {
        add(false, "", "features".to_owned(), "no feature: linking unlocks nothing that people can see".to_owned());
    }
    found
}

fn find_in_extensions(catalog: &Catalog, add: &mut impl FnMut(bool, &str, String, String)) {
    for (name, extension) in &catalog.extensions {
        let (table, field) = (format!("[extensions.{name}]"), |rest: &str| format!("extensions.{name}{rest}"));
        if check_slug(name).is_err() {
            add(true, &table, field(""), "a name is like a slug: letters, digits, hyphens".to_owned());
        }
        let texts = [("title", &extension.title), ("publisher", &extension.publisher)];
        let texts = texts.into_iter().chain([("description", &extension.description)]);
        for (what, _) in texts.filter(|(_, text)| text.trim().is_empty()) {
            let detail = format!("a {what} is shown to people: it cannot be empty");
            add(true, &table, field(&format!(".{what}")), detail);
        }
        if extension.version == 0 {
            add(true, &table, field(".version"), "versions are counted from 1".to_owned());
        }
        if extension.scopes.is_empty() {
            let detail = "it asks for nothing: name at least one scope, and what it is needed for".to_owned();
            add(true, &table, field(".scopes"), detail);
        }
        for (scope, _) in extension.scopes.iter().filter(|(_, purpose)| purpose.trim().is_empty()) {
            let detail = "say in a sentence what it is needed for: people consent to that".to_owned();
            add(true, &table, field(&format!(".scopes.{scope}")), detail);
        }
    }
    if let (Some(name), None) = (catalog.extensions.keys().next(), &catalog.gates.app_installation) {
        let detail = "no feature opens them, so that nobody can install one: add gates.app_installation".to_owned();
        add(false, &format!("[extensions.{name}]"), "extensions".to_owned(), detail);
    }
}

fn find_in_offers(catalog: &Catalog, add: &mut impl FnMut(bool, &str, String, String)) {
    for (name, offer) in &catalog.offers {
        let (table, field) = (format!("[offers.{name}]"), |rest: &str| format!("offers.{name}{rest}"));
        if check_slug(name).is_err() {
            add(true, &table, field(""), "a name is like a slug: letters, digits, hyphens".to_owned());
        }
        for (what, _) in [("title", &offer.title), ("text", &offer.text), ("button", &offer.button)]
            .into_iter()
            .filter(|(_, text)| text.trim().is_empty())
        {
            add(true, &table, field(&format!(".{what}")), format!("a {what} is shown to people: it cannot be empty"));
        }
        let is_address =
            offer.url.starts_with("https://") && offer.url.chars().all(|c| c.is_ascii_graphic() && !"\"<>".contains(c));
        if !is_address {
            add(true, &table, field(".url"), "an address of yours, beginning https://".to_owned());
        }
        if let Some(feature) = offer.without_feature.as_ref().filter(|f| catalog.feature(f).is_none()) {
            add(true, &table, field(".without_feature"), format!("there is no feature '{feature}'"));
        }
        for (what, day) in [("from", &offer.from), ("until", &offer.until)] {
            if let Some(day) = day.as_ref().filter(|day| !is_date(day)) {
                add(true, &table, field(&format!(".{what}")), format!("'{day}' is no date: write YYYY-MM-DD"));
            }
        }
        if let (Some(from), Some(until)) = (&offer.from, &offer.until)
            && until < from
        {
            add(false, &table, field(".until"), format!("it ends on {until}, before it begins: nobody is offered it"));
        }
    }
}

fn find_in_tracker(catalog: &Catalog, add: &mut impl FnMut(bool, &str, String, String)) {
    let mut seen = BTreeSet::new();
    for (name, entry) in &catalog.tracker {
        let (table, field) = (format!("[tracker.{name}]"), |rest: &str| format!("tracker.{name}{rest}"));
        if check_slug(name).is_err() {
            add(true, &table, field(""), "a name is like a slug: letters, digits, hyphens".to_owned());
        }
        for (what, _) in [("title", &entry.title), ("text", &entry.text)].iter().filter(|(_, t)| t.trim().is_empty()) {
            add(true, &table, field(&format!(".{what}")), format!("a {what} is shown to people: it cannot be empty"));
        }
        if !seen.insert(entry.capability) {
            let detail = format!("another entry is about '{}': a reason leads to one place", entry.capability);
            add(true, &table, field(".capability"), detail);
        }
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && format!("{text}T00:00:00Z").parse::<orglink_domain::clock::Timestamp>().is_ok()
}
