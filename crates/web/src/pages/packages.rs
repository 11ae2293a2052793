//! The packages of a workspace: what was pushed, how to push and pull, or what that waits for.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use orglink_app::entitlement::{self, Entitlement};
use orglink_app::registry::{self, Packages};
use orglink_http::{AppState, Failure, QueryString, Visitor};

use super::ListQuery;
use crate::shell::{PACKAGES, Shell, render};

/// Bytes, as people say them.
fn in_words(bytes: i64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} bytes");
    }
    let (mut tenths, mut unit) = (bytes / 100, "kB");
    for next in UNITS.iter().skip(1) {
        if tenths < 10_000 {
            break;
        }
        (tenths, unit) = (tenths / 1000, next);
    }
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

#[derive(Template)]
#[template(path = "packages.html")]
struct PackagesPage {
    shell: Shell,
    view: Packages,
    /// The registry's name in commands; none where there is no registry, or nothing that opens it.
    host: Option<String>,
    /// What must hold.
    entitlement: Option<Entitlement>,
    text: String,
}

impl PackagesPage {
    fn is_unlocked(&self) -> bool {
        self.entitlement.as_ref().is_some_and(|e| e.is_entitled)
    }

    #[allow(clippy::trivially_copy_pass_by_ref, clippy::unused_self, reason = "templates call it so")]
    fn size(&self, bytes: &i64) -> String {
        in_words(*bytes)
    }

    /// What stands for an image in the commands.
    fn example(&self) -> &str {
        self.view.page.items.first().map_or("IMAGE", |p| p.image.as_str())
    }
}

pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Html<String>, Failure> {
    let principal = visitor.principal();
    let view = registry::list_packages(&app, principal, &slug, query.text(), &query.request()?).await?;
    let gate = app.catalog.gates.container_registry.as_deref();
    let host = app.settings.registry.as_ref().filter(|_| gate.is_some()).map(|r| r.host().to_owned());
    let entitlement = match gate.filter(|_| host.is_some()) {
        Some(feature) => Some(entitlement::explain_entitlement(&app, principal, &slug, feature).await?),
        None => None,
    };
    let (slug, name) = (&view.workspace.slug, &view.workspace.name);
    let shell = Shell::new(&app, &visitor, format!("{PACKAGES} · {name}")).await?;
    let shell = shell.in_workspace(slug, name, PACKAGES).live("workspace", slug);
    render(&PackagesPage { shell, host, entitlement, text: query.text().to_owned(), view })
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn sizes_are_said_in_the_unit_that_fits() {
        let said = [0, 999, 1000, 1_499_999, 29_400_000, 999_999_999, 5_000_000_000, 7_200_000_000_000];
        assert_eq!(
            said.map(in_words),
            ["0 bytes", "999 bytes", "1.0 kB", "1.4 MB", "29.4 MB", "999.9 MB", "5.0 GB", "7.2 TB"]
        );
    }
}
