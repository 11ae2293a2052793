//! Whose webhooks: a workspace's or an organization's, for its admins only.

use orglink_domain::clock::Timestamp;
use orglink_domain::id::{TenantId, WebhookId};
use orglink_policy::Action;
use orglink_store::Tx;
use orglink_store::webhook::{self, Webhook};
use serde_json::{Value, json};
use uuid::Uuid;

use super::address::host_of;
use crate::change::{OrganizationChange, WorkspaceChange};
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Expected, Principal};

/// Whose webhooks, by slug or id.
#[derive(Debug, Clone, Copy)]
pub enum WebhooksOf<'a> {
    Workspace(&'a str),
    Organization(&'a str),
}

/// An owner whose webhooks the one who asks may manage.
pub(super) struct Owner {
    pub id: TenantId,
    pub slug: String,
    pub name: String,
    pub version: i64,
}

impl Owner {
    pub(super) async fn load(app: &App, tx: &mut Tx, principal: &Principal, of: WebhooksOf<'_>) -> Result<Self, Error> {
        match of {
            WebhooksOf::Workspace(reference) => {
                let action = Action::ManageWorkspaceWebhooks;
                let proof = WorkspaceProof::load(app, tx, principal, reference, action).await?;
                let w = proof.workspace();
                let id = TenantId::Workspace(w.id);
                Ok(Self { id, slug: w.slug.clone(), name: w.name.clone(), version: w.version })
            }
            WebhooksOf::Organization(reference) => {
                let action = Action::ManageOrganizationWebhooks;
                let proof = OrganizationProof::load(app, tx, principal, reference, action).await?;
                let o = proof.organization();
                let id = TenantId::Organization(o.id);
                Ok(Self { id, slug: o.slug.clone(), name: o.name.clone(), version: o.version })
            }
        }
    }
}

/// One of the webhooks of an owner, by its id.
pub(super) async fn find(tx: &mut Tx, owner: TenantId, reference: &str) -> Result<Webhook, Error> {
    let absent = || Error::not_found("webhook", reference);
    let id = WebhookId(Uuid::try_parse(reference).map_err(|_| absent())?);
    webhook::find(tx, owner, id).await?.ok_or_else(absent)
}

/// What events say of a webhook. Not its whole address, whose path may hold a secret: members read them.
pub(super) fn told(webhook: &Webhook) -> Value {
    json!({ "webhook": webhook.id, "host": host_of(&webhook.url) })
}

/// A change of an owner, whose guard row this transaction holds.
pub(super) enum OwnerChange {
    Workspace(Box<WorkspaceChange>),
    Organization(OrganizationChange),
}

impl OwnerChange {
    pub(super) async fn begin(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        of: WebhooksOf<'_>,
        expected: Expected,
    ) -> Result<Self, Error> {
        match of {
            WebhooksOf::Workspace(reference) => {
                let action = Action::ManageWorkspaceWebhooks;
                let change = WorkspaceChange::begin(app, tx, principal, reference, action, expected).await?;
                Ok(Self::Workspace(Box::new(change)))
            }
            WebhooksOf::Organization(reference) => {
                let action = Action::ManageOrganizationWebhooks;
                OrganizationChange::begin(app, tx, principal, reference, action, expected).await.map(Self::Organization)
            }
        }
    }

    pub(super) fn owner(&self) -> TenantId {
        match self {
            Self::Workspace(change) => TenantId::Workspace(change.workspace().id),
            Self::Organization(change) => TenantId::Organization(change.organization().id),
        }
    }

    pub(super) fn at(&self) -> Timestamp {
        match self {
            Self::Workspace(change) => change.at(),
            Self::Organization(change) => change.at(),
        }
    }

    /// After the rows are written; `more` stands beside which webhook it was. The owner's new version.
    pub(super) async fn finish(
        self,
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        webhook: &Webhook,
        (change, more): (&'static str, Value),
    ) -> Result<i64, Error> {
        let mut what = told(webhook);
        if let (Value::Object(fields), Value::Object(more)) = (&mut what, more) {
            fields.insert("change".to_owned(), change.into());
            fields.extend(more);
        }
        match self {
            Self::Workspace(change) => change.finish(app, tx, principal, what).await,
            Self::Organization(change) => change.finish(app, tx, principal, what).await,
        }
    }
}
