//! `page`: the Apps page and the workspace page, as a browser asks for them.

use anyhow::Result;

use crate::Figure;
use crate::http::{self, Request, Value};
use crate::world::{ORGANIZATION, World};

pub async fn measure(world: &World) -> Result<Vec<Figure>> {
    let (account, workspace, organization) =
        (Value::Id(world.account), Value::Id(world.workspace), Value::Id(world.organization));
    let session = (include_str!("../../crates/store/sql/session/find.sql"), vec![world.cookie_hash.clone()]);
    let apps = vec![
        session.clone(),
        (
            include_str!("../../crates/store/sql/organization/find_by_slug_with_standing.sql"),
            vec![Value::Text(ORGANIZATION.to_owned()), account.clone()],
        ),
        (include_str!("../../crates/store/sql/site/list_products.sql"), vec![organization.clone()]),
        (
            include_str!("../../crates/store/sql/link/list_of_organization.sql"),
            vec![organization, Value::Text(String::new()), Value::Int(51)],
        ),
    ];
    let one = vec![
        session,
        (
            include_str!("../../crates/store/sql/workspace/find_by_slug_with_role.sql"),
            vec![Value::Text("w0".to_owned()), account],
        ),
        (include_str!("../../crates/store/sql/link/find_active.sql"), vec![workspace.clone()]),
        (include_str!("../../crates/store/sql/workspace/list_labels.sql"), vec![workspace.clone()]),
        (include_str!("../../crates/store/sql/workspace/count_active_admins.sql"), vec![workspace.clone()]),
        (include_str!("../../crates/store/sql/workspace/find_summary.sql"), vec![workspace]),
        (include_str!("../../crates/store/sql/installation/find.sql"), vec![]),
    ];
    let requests = vec![
        Request {
            what: "the Apps page, 50 linked",
            path: format!("/organizations/{ORGANIZATION}/apps"),
            who: world.cookie.clone(),
            reads: apps,
        },
        Request {
            what: "the workspace page",
            path: "/workspaces/w0".to_owned(),
            who: world.cookie.clone(),
            reads: one,
        },
    ];
    http::measure(&world.app, requests).await
}
