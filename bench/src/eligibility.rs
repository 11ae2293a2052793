//! `eligibility`: why is mine (not) to be linked, over HTTP; one, and a page of 50 for an admin of 500.

use anyhow::Result;

use crate::Figure;
use crate::http::{self, Request, Value};
use crate::world::World;

pub async fn measure(world: &World) -> Result<Vec<Figure>> {
    let (account, workspace) = (Value::Id(world.account), Value::Id(world.workspace));
    let token = (include_str!("../../crates/store/sql/token/find.sql"), vec![world.bearer_hash.clone()]);
    let one = vec![
        token.clone(),
        (
            include_str!("../../crates/store/sql/workspace/find_by_slug_with_role.sql"),
            vec![Value::Text("w0".to_owned()), account.clone()],
        ),
        (include_str!("../../crates/store/sql/link/find_active.sql"), vec![workspace.clone()]),
        (include_str!("../../crates/store/sql/workspace/list_labels.sql"), vec![workspace.clone()]),
        (include_str!("../../crates/store/sql/workspace/count_active_admins.sql"), vec![workspace]),
        (include_str!("../../crates/store/sql/installation/find.sql"), vec![]),
    ];
    let mut tx = world.app.app.db.begin_read().await?;
    let who = world.app.person(crate::world::ADMIN).await.account().unwrap().id;
    let ids = orglink_store::workspace::list_administered(&mut tx, who, "", 50).await?;
    drop(tx);
    let ids: Vec<Value> = ids.into_iter().map(|w| Value::Id(w.id.0)).collect();
    let page = vec![
        token,
        (include_str!("../../crates/store/sql/installation/find.sql"), vec![]),
        (
            include_str!("../../crates/store/sql/workspace/list_administered.sql"),
            vec![account.clone(), Value::Text(String::new()), Value::Int(51)],
        ),
        (of_ids("SELECT workspace_id, code FROM workspace_reason WHERE workspace_id", ids.len()), ids.clone()),
        (
            of_ids(
                "SELECT workspace_id, organization_id, linked_at FROM link WHERE ended_at IS NULL AND workspace_id",
                ids.len(),
            ),
            ids,
        ),
        (include_str!("../../crates/store/sql/workspace/list_watched.sql"), vec![account]),
    ];
    let requests = vec![
        Request {
            what: "one workspace",
            path: "/api/v1/workspaces/w0/eligibility".to_owned(),
            who: world.bearer.clone(),
            reads: one,
        },
        Request {
            what: "a page of 50, an admin of 500",
            path: "/api/v1/eligibility?limit=50".to_owned(),
            who: world.bearer.clone(),
            reads: page,
        },
    ];
    http::measure(&world.app, requests).await
}

fn of_ids(head: &str, count: usize) -> &'static str {
    let list: Vec<String> = (1..=count).map(|n| format!("${n}")).collect();
    Box::leak(format!("{head} IN ({})", list.join(", ")).into_boxed_str())
}
