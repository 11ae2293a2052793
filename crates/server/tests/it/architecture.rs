//! The shape of the house, held by what cargo says of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline", "--locked"])
        .current_dir(root)
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|p| {
            let normal = p["dependencies"].as_array().unwrap().iter().filter(|d| d["kind"].is_null());
            let names = normal.map(|d| d["name"].as_str().unwrap().to_owned()).collect();
            (p["name"].as_str().unwrap().replace("orglink-", ""), names)
        })
        .collect()
}

#[test]
fn arrows_point_where_the_picture_says() {
    let of = dependencies();
    let allowed: &[(&str, &[&str])] = &[
        ("domain", &[]),
        ("client", &[]),
        ("policy", &["domain"]),
        ("store", &["domain"]),
        ("mail", &["domain"]),
        ("app", &["domain", "policy", "store", "mail"]),
        ("http", &["domain", "app"]),
        ("api", &["domain", "app", "http"]),
        ("web", &["domain", "app", "http"]),
        ("wire", &["domain", "app", "http"]),
        ("jobs", &["app"]),
        ("server", &["domain", "app", "http", "api", "wire", "web", "jobs", "store", "mail", "client"]),
    ];
    for (package, may) in allowed {
        let ours: BTreeSet<String> =
            of[*package].iter().filter_map(|d| d.strip_prefix("orglink-")).map(str::to_owned).collect();
        let may: BTreeSet<String> = may.iter().map(|d| (*d).to_owned()).collect();
        assert!(ours.is_subset(&may), "{package} depends on {ours:?}, may on {may:?}");
    }
}

#[test]
fn each_kind_of_work_has_its_one_place() {
    for (package, needs) in dependencies() {
        let only = |name: &str, places: &[&str]| {
            assert!(!needs.contains(name) || places.contains(&package.as_str()), "{package} names {name}");
        };
        only("sqlx", &["store"]);
        // A benchmark's floor is a bare server.
        only("axum", &["http", "api", "wire", "web", "server", "testkit", "bench"]);
        only("cedar-policy", &["policy"]);
        only("anyhow", &["server", "xtask", "bench"]);
        only("askama", &["web", "mail"]);
        only("lettre", &["mail"]);
        only("rmcp", &["wire"]);
        if ["domain", "policy"].contains(&package.as_str()) {
            for name in ["tokio", "futures-util", "reqwest", "hyper"] {
                assert!(!needs.contains(name), "{package} names {name}");
            }
        }
    }
}
