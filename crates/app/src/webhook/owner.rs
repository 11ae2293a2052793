//! Whose webhooks: a workspace's or an organization's, for its admins only; or an extension's, where it is installed, for
//! itself only.

use orglink_domain::clock::Timestamp;
use orglink_domain::id::{InstalledExtensionId, TenantId, WebhookId};
use orglink_policy::Action;
use orglink_store::Tx;
use orglink_store::webhook::{self, Webhook};
use serde_json::{Value, json};
use uuid::Uuid;

use super::address::host_of;
use crate::change::{OrganizationChange, WorkspaceChange};
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Expected, Principal, extension};

/// Whose webhooks, by slug or id.
#[derive(Debug, Clone, Copy)]
pub enum WebhooksOf<'a> {
    Workspace(&'a str),
    Organization(&'a str),
}

/// Whose webhooks somebody manages: an extension only those that it made.
pub(super) type Whose = (TenantId, Option<InstalledExtensionId>);

/// What whoever manages webhooks of a workspace needs to be allowed.
fn in_workspace(principal: &Principal) -> (Action, Option<InstalledExtensionId>) {
    match principal.extension_if_any() {
        Some(extension) => (Action::ManageExtensionWebhooks, Some(extension.id)),
        None => (Action::ManageWorkspaceWebhooks, None),
    }
}

/// An owner whose webhooks the one who asks may manage.
pub(super) struct Owner {
    pub id: TenantId,
    pub whose: Whose,
    pub slug: String,
    pub name: String,
    pub version: i64,
}

impl Owner {
    pub(super) async fn load(app: &App, tx: &mut Tx, principal: &Principal, of: WebhooksOf<'_>) -> Result<Self, Error> {
        match of {
            WebhooksOf::Workspace(reference) => {
                let (action, extension) = in_workspace(principal);
                let proof = WorkspaceProof::load(app, tx, principal, reference, action).await?;
                let w = proof.workspace();
                let id = TenantId::Workspace(w.id);
                Ok(Self { id, whose: (id, extension), slug: w.slug.clone(), name: w.name.clone(), version: w.version })
            }
            WebhooksOf::Organization(reference) => {
                let action = Action::ManageOrganizationWebhooks;
                let proof = OrganizationProof::load(app, tx, principal, reference, action).await?;
                let o = proof.organization();
                let id = TenantId::Organization(o.id);
                Ok(Self { id, whose: (id, None), slug: o.slug.clone(), name: o.name.clone(), version: o.version })
            }
        }
    }
}

/// One of the webhooks of an owner, by its id.
pub(super) async fn find(tx: &mut Tx, whose: Whose, reference: &str) -> Result<Webhook, Error> {
    let absent = || Error::not_found("webhook", reference);
    let id = WebhookId(Uuid::try_parse(reference).map_err(|_| absent())?);
    webhook::find(tx, whose, id).await?.ok_or_else(absent)
}

/// What events say of a webhook. Not its whole address, whose path may hold a secret: members read them.
pub(super) fn told(webhook: &Webhook) -> Value {
    json!({ "webhook": webhook.id, "host": host_of(&webhook.url) })
}

/// The same of one that whoever asks manages: of an extension's also which extension it is of.
pub(super) fn told_by(app: &App, principal: &Principal, webhook: &Webhook) -> Value {
    let mut what = told(webhook);
    if let (Some(extension), Some(fields)) = (principal.extension_if_any(), what.as_object_mut()) {
        fields.insert("extension".to_owned(), extension::named(app, &extension.name));
    }
    what
}

/// A change of an owner, whose guard row this transaction holds.
pub(super) enum OwnerChange {
    Workspace(Box<WorkspaceChange>, Option<InstalledExtensionId>),
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
                let (action, extension) = in_workspace(principal);
                let change = WorkspaceChange::begin(app, tx, principal, reference, action, expected).await?;
                Ok(Self::Workspace(Box::new(change), extension))
            }
            WebhooksOf::Organization(reference) => {
                let action = Action::ManageOrganizationWebhooks;
                OrganizationChange::begin(app, tx, principal, reference, action, expected).await.map(Self::Organization)
            }
        }
    }

    pub(super) fn owner(&self) -> TenantId {
        match self {
            Self::Workspace(change, _) => TenantId::Workspace(change.workspace().id),
            Self::Organization(change) => TenantId::Organization(change.organization().id),
        }
    }

    pub(super) fn whose(&self) -> Whose {
        let extension = match self {
            Self::Workspace(_, extension) => *extension,
            Self::Organization(_) => None,
        };
        (self.owner(), extension)
    }

    pub(super) fn at(&self) -> Timestamp {
        match self {
            Self::Workspace(change, _) => change.at(),
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
        let mut what = told_by(app, principal, webhook);
        if let (Value::Object(fields), Value::Object(more)) = (&mut what, more) {
            fields.insert("change".to_owned(), change.into());
            fields.extend(more);
        }
        match self {
            Self::Workspace(change, _) => change.finish(app, tx, principal, what).await,
            Self::Organization(change) => change.finish(app, tx, principal, what).await,
        }
    }
}
