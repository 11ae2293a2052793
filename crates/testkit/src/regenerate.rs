//! Rewrites every generated file: `cargo xtask regenerate` runs it, and `cargo xtask test` compares.

use std::fs::write;
use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let policies = orglink_policy::Policies::new().map_err(io::Error::other)?;
    write(root.join("crates/policy/matrix.txt"), orglink_policy::matrix::print(&policies))?;
    let mut document = orglink_api::document().to_pretty_json().map_err(io::Error::other)?;
    document.push('\n');
    write(root.join("crates/api/openapi.json"), document)?;
    // What the browser tests must visit and tamper with.
    let mut routes: Vec<String> = orglink_web::routes().iter().map(|r| format!("{} {}\n", r.method, r.path)).collect();
    routes.sort();
    write(root.join("e2e/routes.txt"), routes.concat())
}
