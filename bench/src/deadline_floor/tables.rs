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

/// Who pays, and then the links that they pay for.
pub const MIGRATED_ACCOUNTS: [Part; 2] = [
    part(
        "billing_account",
        "id, organization_id, account_key, name, currency, tax, payer_id, invoiced_until, version, created_at",
        "t.id",
        "billing_account t ORDER BY t.id",
    ),
    part(
        "billing_account_admin",
        "billing_account_id, account_id",
        "t.billing_account_id",
        "billing_account_admin t ORDER BY t.billing_account_id",
    ),
];

pub const MIGRATED: [Part; 3] = [
    part(
        "link_stage",
        "link_id, billing_migrated_at, billing_account_id, charged_until",
        "t.link_id",
        "link_stage t ORDER BY t.link_id",
    ),
    part(
        "event",
        "id, type, at, actor_id, actor_through, organization_id, workspace_id, version, commitment",
        "t.id",
        "event t WHERE t.type IN ('workspace.billing_migrated', 'billing_account.created') ORDER BY t.id",
    ),
    part(
        "event_payload",
        "event_id, salt, payload",
        "t.event_id",
        "event_payload t JOIN event e ON e.id = t.event_id WHERE e.type IN ('workspace.billing_migrated', 'billing_account.created') ORDER BY t.event_id",
    ),
];

/// Bills, their lines, and how far each link is charged (written a second time, as a row of its own).
pub const BILLED_ACCOUNTS: [Part; 1] = [part(
    "invoice",
    "sequence, number, billing_account_id, organization_id, issued_on, due_on, period_from, period_until, currency, tax_title, tax_percent, net, tax, bill_to, issuer",
    "t.billing_account_id",
    "invoice t ORDER BY t.sequence",
)];

pub const BILLED_LINES: [Part; 1] = [part(
    "invoice_line",
    "sequence, line, workspace_id, slug, name, plan, billing_cycle, people, day_from, day_until, net",
    "t.workspace_id",
    "invoice_line t ORDER BY t.sequence, t.line",
)];

pub const BILLED: [Part; 2] = [
    part(
        "event",
        "id, type, at, actor_id, actor_through, organization_id, workspace_id, version, commitment",
        "t.id",
        "event t WHERE t.type = 'invoice.issued' ORDER BY t.id",
    ),
    part(
        "event_payload",
        "event_id, salt, payload",
        "t.event_id",
        "event_payload t JOIN event e ON e.id = t.event_id WHERE e.type = 'invoice.issued' ORDER BY t.event_id",
    ),
];
