//! The file that says what is to be linked to what (docs/bulk.md). What it does not name is left as it is.

use std::collections::HashMap;
use std::io::Read as _;

use orglink_app::{Error, InputError};
use orglink_domain::name::fold;
use serde::Deserialize;
use toml::Spanned;

use crate::output::Failed;

/// An organization and the workspaces that are to be linked to it.
#[derive(Debug, PartialEq, Eq)]
pub struct Wanted {
    pub organization: String,
    pub workspaces: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    link: Vec<Block>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Block {
    organization: Spanned<String>,
    workspaces: Vec<Spanned<String>>,
}

/// Reads a manifest; `-` is standard input.
pub fn read(name: &str) -> Result<Vec<Wanted>, Failed> {
    let mut bytes = Vec::new();
    let read = match name {
        "-" => std::io::stdin().lock().read_to_end(&mut bytes),
        _ => std::fs::File::open(name).and_then(|mut file| file.read_to_end(&mut bytes)),
    };
    read.map_err(|e| Failed::Usage(format!("cannot read {name}: {e}")))?;
    let text = String::from_utf8(bytes).map_err(|e| {
        let valid = e.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(e.as_bytes().get(..valid).unwrap_or_default()).into_owned();
        Failed::from(Error::BadInput(vec![fault(name, &before, valid, "this is not UTF-8 text")]))
    })?;
    parse(name, &text).map_err(|faults| Failed::from(Error::BadInput(faults)))
}

/// The organizations in the order in which they are first named, each once, with its workspaces in their order, each once.
fn parse(name: &str, text: &str) -> Result<Vec<Wanted>, Vec<InputError>> {
    let file: File = toml::from_str(text).map_err(|e| {
        let at = e.span().map_or(0, |span| span.start);
        vec![fault(name, text, at, e.message())]
    })?;
    let mut faults = Vec::new();
    let mut wanted: Vec<Wanted> = Vec::new();
    // Where each workspace is to go, as it is compared and as it stands there, and in which line that is said.
    let mut goes: HashMap<String, (String, String, usize)> = HashMap::new();
    for Block { organization, workspaces } in &file.link {
        let to = organization.get_ref().trim();
        if to.is_empty() {
            faults.push(fault(name, text, organization.span().start, "an organization is named by its slug or id"));
            continue;
        }
        let of = match wanted.iter().position(|w| fold(&w.organization) == fold(to)) {
            Some(of) => of,
            None => {
                wanted.push(Wanted { organization: to.to_owned(), workspaces: Vec::new() });
                wanted.len() - 1
            }
        };
        for workspace in workspaces {
            let (slug, at) = (workspace.get_ref().trim(), workspace.span().start);
            if slug.is_empty() {
                faults.push(fault(name, text, at, "a workspace is named by its slug or id"));
                continue;
            }
            match goes.get(&fold(slug)) {
                Some((there, _, _)) if *there == fold(to) => {}
                Some((_, there, line)) => {
                    let detail = format!(
                        "'{slug}' is to be linked to '{to}' here and to '{there}' in line {line}: a workspace has one organization"
                    );
                    faults.push(fault(name, text, at, &detail));
                }
                None => {
                    goes.insert(fold(slug), (fold(to), to.to_owned(), place(text, at).0));
                    if let Some(wanted) = wanted.get_mut(of) {
                        wanted.workspaces.push(slug.to_owned());
                    }
                }
            }
        }
    }
    if faults.is_empty() { Ok(wanted) } else { Err(faults) }
}

fn fault(name: &str, text: &str, at: usize, detail: &str) -> InputError {
    let (line, column) = place(text, at);
    InputError {
        file: Some(name.to_owned()),
        line: i64::try_from(line).ok(),
        column: i64::try_from(column).ok(),
        field: None,
        detail: detail.to_owned(),
    }
}

/// The line and the column, in bytes, both from 1.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    let lines: Vec<&[u8]> = before.split(|b| *b == b'\n').collect();
    (lines.len(), lines.last().map_or(0, |line| line.len()) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        parse("links.toml", text).expect_err("faults").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_organization_may_be_named_several_times() {
        let text = r#"
            [[link]]
            organization = "meridian"
            workspaces = ["atlas", "Docs", "docs"]
            [[link]]
            organization = "harbor"
            workspaces = []
            [[link]]
            organization = "Meridian"
            workspaces = ["ATLAS", "ops"]
        "#;
        let wanted = |organization: &str, workspaces: &[&str]| Wanted {
            organization: organization.to_owned(),
            workspaces: workspaces.iter().map(|&w| w.to_owned()).collect(),
        };
        assert_eq!(
            parse("links.toml", text),
            Ok(vec![wanted("meridian", &["atlas", "Docs", "ops"]), wanted("harbor", &[])])
        );
        assert_eq!(parse("links.toml", ""), Ok(Vec::new()));
    }

    #[test]
    fn what_is_wrong_says_where() {
        let unknown = faults("[[link]]\norganization = \"a\"\nworkspaces = []\n  colour = 1\n");
        assert!(unknown.len() == 1 && unknown[0].starts_with("links.toml:4:3:"), "{unknown:?}");
        assert!(unknown[0].contains("colour"), "{unknown:?}");
        let broken = faults("[[link]\n");
        assert!(broken[0].starts_with("links.toml:1:"), "{broken:?}");
        let missing = faults("[[link]]\norganization = \"a\"\n");
        assert!(missing[0].contains("workspaces"), "{missing:?}");
        let twice = faults(
            "[[link]]\norganization = \"a\"\nworkspaces = [\"w\"]\n[[link]]\norganization = \"b\"\nworkspaces = [\n \"\",\n \"W\",\n]\n",
        );
        assert_eq!(
            twice,
            [
                "links.toml:7:2: a workspace is named by its slug or id",
                "links.toml:8:2: 'W' is to be linked to 'b' here and to 'a' in line 3: a workspace has one organization",
            ]
        );
    }
}
