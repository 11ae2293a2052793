//! `explorer`: the operator's list of all workspaces, filtered, and the counts beside it; the floor reads the first 50
//! workspaces of the same filter by the same statement.

use anyhow::Result;

use crate::Figure;
use crate::http::{self, Request, Value};
use crate::world::World;

pub async fn measure(world: &World) -> Result<Vec<Figure>> {
    let operator = crate::world::ADMIN;
    orglink_app::installation::grant_operator(&world.app.app, &orglink_app::Principal::local_operator(), operator)
        .await
        .map_err(|e| anyhow::anyhow!("{e}"))?;
    let session = (include_str!("../../crates/store/sql/session/find.sql"), vec![world.cookie_hash.clone()]);
    let mut requests = Vec::new();
    for (what, query, reason) in [
        ("one reason", "state=already_linked", "already_linked"),
        ("a common reason and a plan", "state=free_plan&plan=free", "free_plan"),
    ] {
        let mut values = vec![Value::Id(uuid::Uuid::nil()), Value::Int(51)];
        let plan = if query.contains("plan=") { "free" } else { "" };
        values.extend([plan, "", "", "", "", ""].map(|text| Value::Text(text.to_owned())));
        values.push(Value::Text(reason.to_owned()));
        let reads =
            vec![session.clone(), (include_str!("../../crates/store/sql/workspace/explore_by_reason.sql"), values)];
        let path = format!("/operator/workspaces?{query}");
        requests.push(Request { what, path, who: world.cookie.clone(), reads });
    }
    http::measure(&world.app, requests).await
}
