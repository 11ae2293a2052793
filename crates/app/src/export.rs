//! Writes everything as import records, in a stable order: what was imported comes back equal.
//!
//! Every field that differs from its default is written, and those that say what something is (kind, plan, status,
//! permissions) always; lists are sorted. One read snapshot, a page at a time.

use orglink_domain::name::fold;
use orglink_policy::Action;
use orglink_store::{Tx, billing, export, organization, user_group};
use serde::Serialize;
use tokio::sync::mpsc;

use crate::record::{
    AccountRecord, Grants, Integration, InvoiceRecord, OrganizationRecord, RecordType, RepositoryRecord, RoleRecord,
    SiteRecord, SubscriptionRecord, UserGroupRecord, WorkspaceRecord,
};
use crate::{App, Error, Principal};

const PAGE: i64 = 500;
const CHUNK_BYTES: usize = 64 << 10;

/// Sends all records as lines, in chunks of whole lines; stops when nobody listens any more.
///
/// # Errors
/// A refusal for anybody but an operator; the database not reachable.
pub async fn export_records(app: &App, principal: &Principal, to: mpsc::Sender<Vec<u8>>) -> Result<(), Error> {
    app.require(Action::ExportRecords, principal.standing())?;
    let mut tx = app.db.begin_read().await?;
    let mut out = Out { to, buffer: Vec::new() };
    accounts(&mut tx, &mut out).await?;
    organizations(&mut tx, &mut out).await?;
    sites_and_roles(&mut tx, &mut out).await?;
    workspaces(app, &mut tx, &mut out).await?;
    out.flush().await
}

/// Whether the one who asks may export: to say no before the first byte.
///
/// # Errors
/// A refusal for anybody but an operator.
pub fn require_export(app: &App, principal: &Principal) -> Result<(), Error> {
    app.require(Action::ExportRecords, principal.standing())
}

struct Out {
    to: mpsc::Sender<Vec<u8>>,
    buffer: Vec<u8>,
}

impl Out {
    async fn write(&mut self, record: &impl Serialize) -> Result<(), Error> {
        let broken = |e: serde_json::Error| orglink_store::StoreError::from(std::io::Error::other(e.to_string()));
        serde_json::to_writer(&mut self.buffer, record).map_err(broken)?;
        self.buffer.push(b'\n');
        if self.buffer.len() >= CHUNK_BYTES {
            return self.flush().await;
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), Error> {
        let gone = |_| orglink_store::StoreError::from(std::io::Error::from(std::io::ErrorKind::BrokenPipe));
        Ok(self.to.send(std::mem::take(&mut self.buffer)).await.map_err(gone)?)
    }
}

fn differs<T: PartialEq>(value: T, default: &T) -> Option<T> {
    (value != *default).then_some(value)
}

fn given<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

async fn accounts(tx: &mut Tx, out: &mut Out) -> Result<(), Error> {
    let mut after = String::new();
    loop {
        let page = export::list_accounts(tx, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = fold(&last.email);
        for a in page {
            out.write(&AccountRecord {
                tag: RecordType::Account,
                email: a.email,
                name: a.name,
                verified: differs(a.is_verified, &true),
                is_robot: differs(a.is_robot, &false),
            })
            .await?;
        }
    }
}

async fn organizations(tx: &mut Tx, out: &mut Out) -> Result<(), Error> {
    let mut after = String::new();
    loop {
        let page = export::list_organizations(tx, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = fold(&last.slug);
        for o in page {
            out.write(&OrganizationRecord {
                tag: RecordType::Organization,
                admins: export::list_admins(tx, &o).await?,
                verified_domains: given(organization::list_given_domains(tx, o.id).await?),
                slug: o.slug,
                name: o.name,
                link_quota: o.link_quota,
                user_management: Some(o.user_management),
                identity_provider: o.identity_provider,
            })
            .await?;
        }
    }
}

async fn sites_and_roles(tx: &mut Tx, out: &mut Out) -> Result<(), Error> {
    let mut after = String::new();
    loop {
        let page = export::list_sites(tx, &after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = fold(&last.slug);
        for s in page {
            let integrations =
                s.integrations.into_iter().map(|(product, workspace)| Integration { product, workspace }).collect();
            out.write(&SiteRecord {
                tag: RecordType::Site,
                organization: s.organization,
                slug: s.slug,
                products: s.products,
                admins: given(s.admins),
                integrations: given(integrations),
            })
            .await?;
        }
    }
    for (kind, target, account, role) in export::list_roles(tx).await? {
        let on = |wanted| (kind == wanted).then(|| target.clone());
        out.write(&RoleRecord {
            tag: RecordType::Role,
            organization: on("organization"),
            site: on("site"),
            app: on("app"),
            account,
            role,
        })
        .await?;
    }
    Ok(())
}

async fn workspaces(app: &App, tx: &mut Tx, out: &mut Out) -> Result<(), Error> {
    let mut after = String::new();
    loop {
        let page = export::list_workspaces(tx, &after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = fold(&last.workspace.slug);
        for (state, contacts) in page {
            let w = state.workspace;
            let of = |billing: bool| {
                given(contacts.iter().filter(|(b, _)| *b == billing).map(|(_, email)| email.clone()).collect())
            };
            out.write(&WorkspaceRecord {
                tag: RecordType::Workspace,
                slug: w.slug.clone(),
                name: w.name.clone(),
                app: differs(w.app.clone(), &app.catalog.default_app),
                kind: Some(w.kind),
                plan: Some(w.plan),
                billing_cycle: Some(w.billing_cycle),
                status: Some(w.status),
                labels: given(state.labels),
                holds: given(w.holds()),
                uuid: state.external_id,
                created_at: state.external_created_at,
                billing_contacts: of(true),
                technical_contacts: of(false),
            })
            .await?;
            groups(tx, out, &w).await?;
            repositories(tx, out, &w).await?;
            subscription(app, tx, out, &w).await?;
        }
    }
}

async fn groups(tx: &mut Tx, out: &mut Out, w: &orglink_domain::workspace::Workspace) -> Result<(), Error> {
    let mut members = export::list_members(tx, w.id).await?.into_iter().peekable();
    for g in user_group::list(tx, w.id).await? {
        let key = fold(&g.slug);
        let mut of_group = Vec::new();
        while let Some((_, email)) = members.next_if(|(group, _)| *group == key) {
            of_group.push(email);
        }
        out.write(&UserGroupRecord {
            tag: RecordType::UserGroup,
            workspace: w.slug.clone(),
            slug: g.slug,
            name: g.name,
            is_admin: Some(g.is_admin),
            repository_permission: Some(g.repository_permission),
            workspace_permissions: given(g.workspace_permissions),
            is_default: differs(g.is_default, &false),
            members: of_group,
        })
        .await?;
    }
    Ok(())
}

async fn subscription(
    app: &App,
    tx: &mut Tx,
    out: &mut Out,
    w: &orglink_domain::workspace::Workspace,
) -> Result<(), Error> {
    let terms = &app.catalog.billing;
    if let Some(s) = billing::find_subscription(tx, w.id).await? {
        out.write(&SubscriptionRecord {
            tag: RecordType::Subscription,
            workspace: w.slug.clone(),
            currency: differs(s.currency, &terms.currency),
            tax: differs(s.tax, &terms.tax),
            next_bill_on: s.next_bill_on,
            reseller: s.reseller.map(|r| r.email),
        })
        .await?;
    }
    let mut after = String::new();
    loop {
        let page = billing::list_invoices(tx, w.id, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after.clone_from(&last.number);
        for i in page {
            out.write(&InvoiceRecord {
                tag: RecordType::Invoice,
                workspace: w.slug.clone(),
                number: i.number,
                issued_on: i.issued_on,
                period_from: i.period_from,
                period_until: i.period_until,
                currency: differs(i.currency, &terms.currency),
                net: i.net,
                tax: (!i.tax.is_zero()).then_some(i.tax),
                state: i.state,
            })
            .await?;
        }
    }
}

async fn repositories(tx: &mut Tx, out: &mut Out, w: &orglink_domain::workspace::Workspace) -> Result<(), Error> {
    for r in export::list_repositories(tx, w.id).await? {
        let grants = Grants { groups: r.groups.into_iter().collect(), users: r.users.into_iter().collect() };
        out.write(&RepositoryRecord {
            tag: RecordType::Repository,
            workspace: w.slug.clone(),
            slug: r.slug,
            name: r.name,
            project: r.project,
            grants: differs(grants, &Grants::default()),
        })
        .await?;
    }
    Ok(())
}
