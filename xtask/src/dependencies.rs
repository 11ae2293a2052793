//! What we depend on: how much, under which licences, from where, and whether it is used at all.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::run::{cargo, root, step};

/// Packages in `Cargo.lock`, at most: 450 for the program, the rest for completions and manual pages (clap_complete,
/// clap_mangen and what they bring), for asking name servers (hickory-resolver, 18), for sending mails (lettre, 5) and for
/// passkeys and time zones (81: docs/decisions/0007-passkeys.md). Tokens of the registry (`rsa`, `rand_chacha`), the Model Context
/// Protocol (`rmcp`) and the verifier of webhooks that tests use share the rest.
const BUDGET: usize = 580;

/// Licences that may be linked into a program that anybody may use, change and pass on.
const LICENCES: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "0BSD",
    "CC0-1.0",
    "Unlicense",
    "BSL-1.0",
    "MIT-0",
    "CDLA-Permissive-2.0",
    "MPL-2.0",
];

/// Parts that would bring a second TLS provider, or a build that needs more than a C compiler.
const UNWANTED: &[&str] = &["openssl-sys", "native-tls", "aws-lc-sys", "aws-lc-rs", "cmake", "prost-build"];

/// Checks all of it.
pub fn check() -> Result<()> {
    step("dependencies");
    let out = cargo(&["metadata", "--format-version", "1", "--locked"]).output()?;
    if !out.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&out.stderr));
    }
    let metadata: Value = serde_json::from_slice(&out.stdout)?;
    let packages = metadata["packages"].as_array().context("no packages")?;
    let lock = std::fs::read_to_string(root().join("Cargo.lock"))?;
    let count = lock.matches("[[package]]").count();
    let mut complaints = Vec::new();
    if count > BUDGET {
        complaints.push(format!("{count} packages in Cargo.lock; the budget is {BUDGET}"));
    }
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        if package["source"].is_null() {
            complaints.extend(unused(package));
            continue;
        }
        if !package["source"].as_str().is_some_and(|s| s.starts_with("registry+")) {
            complaints.push(format!("{name} comes from {}", package["source"]));
        }
        let licence = package["license"].as_str().unwrap_or("none");
        if !is_allowed(licence) {
            complaints.push(format!("{name} has the licence '{licence}'"));
        }
        if UNWANTED.contains(&name) && lock.contains(&format!("name = \"{name}\"\n")) && is_built(&metadata, package) {
            complaints.push(format!("{name} is not wanted"));
        }
    }
    if !complaints.is_empty() {
        bail!("{}", complaints.join("\n"));
    }
    println!(
        "{count} packages in Cargo.lock (budget {BUDGET}); licences and sources are fine; every dependency is used"
    );
    println!("advisories were not checked: their database is not at hand");
    Ok(())
}

/// Whether any way of choosing among the licences is allowed; `AND` needs all of them.
fn is_allowed(expression: &str) -> bool {
    let plain = expression.replace(['(', ')'], "").replace('/', " OR ");
    plain.split(" OR ").any(|way| way.split(" AND ").all(|licence| LICENCES.contains(&licence.trim())))
}

/// Whether a package is part of what is built for this machine.
fn is_built(metadata: &Value, package: &Value) -> bool {
    let nodes = metadata["resolve"]["nodes"].as_array();
    nodes.is_some_and(|nodes| {
        nodes.iter().any(|n| n["dependencies"].as_array().is_some_and(|d| d.contains(&package["id"])))
    })
}

/// Dependencies of one of our packages that no source file of it names.
fn unused(package: &Value) -> Vec<String> {
    let name = package["name"].as_str().unwrap_or_default();
    let Some(folder) = package["manifest_path"].as_str().and_then(|p| Path::new(p).parent()) else {
        return Vec::new();
    };
    let mut text = String::new();
    read_sources(folder, &mut text);
    let needs: BTreeSet<&str> =
        package["dependencies"].as_array().into_iter().flatten().filter_map(|d| d["name"].as_str()).collect();
    needs
        .into_iter()
        .filter(|need| !text.contains(&need.replace('-', "_")))
        .map(|need| format!("{name} does not use {need}"))
        .collect()
}

fn read_sources(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("node_modules") {
            read_sources(&path, text);
        } else if path.extension().is_some_and(|e| e == "rs") {
            text.push_str(&std::fs::read_to_string(&path).unwrap_or_default());
        }
    }
}
