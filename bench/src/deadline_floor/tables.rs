//! The tables that a campaign writes, and where its rows lie.

/// A table that is written: its columns, what a row belongs to, and where the rows lie (RUN stands for the run's id).
pub struct Part {
    pub table: &'static str,
    pub columns: &'static str,
    pub key: &'static str,
    pub from: &'static str,
}

const fn part(table: &'static str, columns: &'static str, key: &'static str, from: &'static str) -> Part {
    Part { table, columns, key, from }
}

pub const TOLD: [Part; 3] = [
    part(
        "campaign_notice",
        "campaign_id, workspace_id, step, told_at",
        "t.workspace_id",
        "campaign_notice t ORDER BY t.workspace_id",
    ),
    part(
        "notification",
        "id, account_id, kind, content, is_urgent, position, created_at",
        "t.id",
        "notification t ORDER BY t.id",
    ),
    part(
        "mail",
        "id, account_id, address, kind, content, state, attempts, due_at, created_at",
        "t.id",
        "mail t ORDER BY t.id",
    ),
];

pub const DECIDED: [Part; 3] = [
    part(
        "campaign_run",
        "id, campaign_id, kind, on_at, definition, created_at, touched_at, decided_at, began_at, ended_at, batches, counts, tolerated_failures",
        "t.id",
        "campaign_run t WHERE t.id = RUN",
    ),
    part(
        "campaign_decision",
        "run_id, wave, workspace_id, workspace_version, rule, organization_id, group_key, evidence, left_alone, state",
        "t.workspace_id",
        "(SELECT run_id, wave, workspace_id, workspace_version, rule, organization_id, group_key, evidence, left_alone, CASE WHEN left_alone IS NULL THEN 'decided' ELSE 'left_alone' END AS state FROM campaign_decision WHERE run_id = RUN) t ORDER BY t.workspace_id",
    ),
    part(
        "campaign_group",
        "run_id, group_key, name, slug, workspaces",
        "t.run_id",
        "campaign_group t WHERE t.run_id = RUN ORDER BY t.group_key",
    ),
];

pub const APPLIED: [Part; 8] = [
    part(
        "organization",
        "id, slug, slug_folded, name, user_management, version, created_at",
        "t.id",
        "organization t JOIN campaign_organization c ON c.organization_id = t.id ORDER BY t.id",
    ),
    part(
        "organization_role",
        "organization_id, account_id, role",
        "t.organization_id",
        "organization_role t JOIN campaign_organization c ON c.organization_id = t.organization_id ORDER BY t.organization_id",
    ),
    part(
        "campaign_organization",
        "organization_id, run_id, group_key",
        "t.organization_id",
        "campaign_organization t ORDER BY t.organization_id",
    ),
    part(
        "link",
        "id, workspace_id, organization_id, linked_at, linked_by, linked_through, plan_digest, access_digest, access_version, access_check, consent, undo_window_seconds, acknowledged, run_id",
        "t.workspace_id",
        "link t ORDER BY t.id",
    ),
    part(
        "workspace_reason",
        "workspace_id, code, since",
        "t.workspace_id",
        "workspace_reason t WHERE t.code = 'already_linked' ORDER BY t.workspace_id",
    ),
    part(
        "event",
        "id, type, at, actor_id, actor_through, organization_id, workspace_id, version, commitment",
        "COALESCE(t.workspace_id, t.organization_id)",
        "event t WHERE t.actor_through = 'system' AND t.type IN ('workspace.linked', 'organization.created') ORDER BY t.id",
    ),
    part(
        "event_payload",
        "event_id, salt, payload",
        "COALESCE(e.workspace_id, e.organization_id)",
        "event_payload t JOIN event e ON e.id = t.event_id WHERE e.actor_through = 'system' AND e.type IN ('workspace.linked', 'organization.created') ORDER BY t.event_id",
    ),
    part(
        "event_pending",
        "event_id",
        "COALESCE(e.workspace_id, e.organization_id)",
        "event_pending t JOIN event e ON e.id = t.event_id WHERE e.actor_through = 'system' AND e.type IN ('workspace.linked', 'organization.created') ORDER BY t.event_id",
    ),
];
