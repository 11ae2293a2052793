//! The one way to change a workspace or an organization: everything that does goes through a [`WorkspaceChange`] or an
//! [`OrganizationChange`], inside its write transaction.
//!
//! Beginning one loads the thing through its tenant with the roles as they are now, compares the version that the
//! one who asks has seen, and takes the guard row. Finishing one holds what must always be true (nobody takes
//! away the last admin), keeps the stored reasons true, and appends the event with the new version.

use orglink_domain::clock::Timestamp;
use orglink_domain::eligibility::workspace_reasons;
use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::{AccountId, WorkspaceId};
use orglink_domain::organization::Organization;
use orglink_domain::workspace::Workspace;
use orglink_policy::Action;
use orglink_store::{Tx, directory, event, organization, workspace};
use serde_json::{Value, json};

use crate::eligibility::keep_reasons;
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Principal};

/// The version that somebody has seen of what they want changed (`If-Match`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Only if it is still as it was then.
    Version(i64),
    /// However it is now (`If-Match: *`).
    Any,
}

impl Expected {
    pub(crate) fn check(self, what: &'static str, current: i64) -> Result<(), Error> {
        match self {
            Self::Version(seen) if seen != current => Err(Error::VersionChanged { what, seen, current }),
            Self::Version(_) | Self::Any => Ok(()),
        }
    }
}

/// A workspace whose guard row this transaction holds.
pub(crate) struct WorkspaceChange {
    proof: WorkspaceProof,
    /// Who administered it before.
    admins: Vec<AccountId>,
    at: Timestamp,
}

impl WorkspaceChange {
    pub(crate) async fn begin(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        reference: &str,
        action: Action,
        expected: Expected,
    ) -> Result<Self, Error> {
        let proof = WorkspaceProof::load(app, tx, principal, reference, action).await?;
        Self::guarded(app, tx, proof, expected).await
    }

    /// For whoever had to look first whether there is anything to change.
    pub(crate) async fn of(app: &App, tx: &mut Tx, proof: WorkspaceProof) -> Result<Self, Error> {
        Self::guarded(app, tx, proof, Expected::Any).await
    }

    /// For what an organization's directory changes in a workspace that is attached to it, whatever the one who may change the
    /// directory is to the workspace.
    pub(crate) async fn by_directory(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        (id, organization): (WorkspaceId, &OrganizationProof),
    ) -> Result<Self, Error> {
        let proof = WorkspaceProof::governed(tx, principal, id, organization).await?;
        Self::guarded(app, tx, proof, Expected::Any).await
    }

    /// The same for a change that also ends the link: takes the guard row of the organization too, both in the
    /// order of their ids.
    pub(crate) async fn begin_with_link(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        reference: &str,
        action: Action,
        expected: Expected,
    ) -> Result<Self, Error> {
        let proof = WorkspaceProof::load(app, tx, principal, reference, action).await?;
        let Some(link) = proof.link() else { return Self::guarded(app, tx, proof, expected).await };
        let Some(organization) = organization::find(tx, link.organization_id).await? else {
            return Err(Error::broken("an organization vanished under a link"));
        };
        let organization_first = organization.id.0 < proof.workspace().id.0;
        if organization_first {
            guard_organization(tx, &organization).await?;
        }
        let change = Self::guarded(app, tx, proof, expected).await?;
        if !organization_first {
            guard_organization(tx, &organization).await?;
        }
        Ok(change)
    }

    async fn guarded(app: &App, tx: &mut Tx, proof: WorkspaceProof, expected: Expected) -> Result<Self, Error> {
        let (id, version) = (proof.workspace().id, proof.workspace().version);
        expected.check("workspace", version)?;
        if !workspace::guard(tx, id, version).await? {
            return Err(orglink_store::StoreError::Conflict.into());
        }
        let admins = workspace::list_admin_ids(tx, id).await?;
        Ok(Self { proof, admins, at: app.now() })
    }

    /// As it was before the change.
    pub(crate) const fn workspace(&self) -> &Workspace {
        self.proof.workspace()
    }

    pub(crate) const fn proof(&self) -> &WorkspaceProof {
        &self.proof
    }

    pub(crate) const fn at(&self) -> Timestamp {
        self.at
    }

    /// After the rows are written: `change` says what happened, for the event; the new version comes back.
    ///
    /// # Errors
    /// `last_admin` when nobody would administer the workspace any more.
    pub(crate) async fn finish(
        self,
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        change: Value,
    ) -> Result<i64, Error> {
        let payload = json!({ "changes": list_of(change) });
        self.finish_as(app, tx, principal, EventType::WorkspaceChanged, payload).await
    }

    /// The same with an event of its own kind.
    ///
    /// # Errors
    /// `last_admin` when nobody would administer the workspace any more.
    pub(crate) async fn finish_as(
        self,
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        kind: EventType,
        mut payload: Value,
    ) -> Result<i64, Error> {
        let id = self.workspace().id;
        let Some(now) = workspace::find(tx, id).await? else {
            return Err(Error::broken("a workspace vanished while it was being changed"));
        };
        if let Some((group, directory, organization)) = directory::find_apart(tx, id).await? {
            return Err(moved_to_organization(app, &group, &organization, &directory));
        }
        let admins = workspace::list_admin_ids(tx, id).await?;
        if admins.is_empty() && !self.admins.is_empty() {
            return Err(last_admin("workspace"));
        }
        let facts = workspace::find_facts(tx, &now, self.proof.link().is_some()).await?;
        let truth = workspace_reasons(&facts, &app.catalog.eligibility);
        keep_reasons(app, tx, principal.actor(), id, &truth, self.at).await?;
        if let Some(fields) = payload.as_object_mut() {
            fields.insert("version".to_owned(), json!(now.version.to_string()));
            if admins != self.admins {
                // Whichever way somebody became one or stopped being one: they are told, and so are the others.
                let (added, removed) = (people(&admins, &self.admins), people(&self.admins, &admins));
                fields.insert("admins".to_owned(), json!({ "added": added, "removed": removed }));
            }
        }
        let happened = NewEvent {
            kind,
            // Not the organization's affair: linking gives it no look into the workspace.
            organization_id: None,
            workspace_id: Some(id),
            payload,
        };
        event::append(tx, app.origin(principal.actor(), self.at), happened, Some(now.version)).await?;
        app.feed.poke();
        Ok(now.version)
    }
}

/// Who is in a group is no longer said in the workspace.
pub(crate) fn moved_to_organization(app: &App, group: &str, organization: &str, directory: &str) -> Error {
    let url = format!("{}/organizations/{organization}/directory/{directory}", app.settings.public_url);
    Error::refused(
        "moved_to_organization",
        "People are managed in the organization",
        format!(
            "Who is in the user group '{group}' is managed in the directory of the organization {organization}, as the group \
             '{directory}', by its admins and user access admins: {url}. Nothing was changed."
        ),
    )
}

/// Those of one list that are not in the other.
fn people(of: &[AccountId], without: &[AccountId]) -> Vec<Value> {
    of.iter().filter(|id| !without.contains(id)).map(|id| json!({ "account": id })).collect()
}

/// One change, or several that were made together.
fn list_of(change: Value) -> Value {
    if change.is_array() { change } else { Value::Array(vec![change]) }
}

/// An organization whose guard row this transaction holds.
pub(crate) struct OrganizationChange {
    proof: OrganizationProof,
    /// Somebody administered it before.
    had_admins: bool,
    at: Timestamp,
}

impl OrganizationChange {
    pub(crate) async fn begin(
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        reference: &str,
        action: Action,
        expected: Expected,
    ) -> Result<Self, Error> {
        let proof = OrganizationProof::load(app, tx, principal, reference, action).await?;
        Self::of(app, tx, proof, expected).await
    }

    /// For whoever had to look first whether they may, or whether there is anything to change.
    pub(crate) async fn of(
        app: &App,
        tx: &mut Tx,
        proof: OrganizationProof,
        expected: Expected,
    ) -> Result<Self, Error> {
        expected.check("organization", proof.organization().version)?;
        guard_organization(tx, proof.organization()).await?;
        let had_admins = !organization::list_admin_ids(tx, proof.organization().id).await?.is_empty();
        Ok(Self { proof, had_admins, at: app.now() })
    }

    /// As it was before the change.
    pub(crate) const fn organization(&self) -> &Organization {
        self.proof.organization()
    }

    pub(crate) const fn at(&self) -> Timestamp {
        self.at
    }

    /// After the rows are written: `change` says what happened, for the event; the new version comes back.
    ///
    /// # Errors
    /// `last_admin` when nobody would administer the organization any more.
    pub(crate) async fn finish(
        self,
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        change: Value,
    ) -> Result<i64, Error> {
        let payload = json!({ "changes": list_of(change) });
        self.finish_as(app, tx, principal, vec![(EventType::OrganizationChanged, payload)]).await
    }

    /// The same with events of their own kinds.
    ///
    /// # Errors
    /// `last_admin` when nobody would administer the organization any more.
    pub(crate) async fn finish_as(
        self,
        app: &App,
        tx: &mut Tx,
        principal: &Principal,
        happened: Vec<(EventType, Value)>,
    ) -> Result<i64, Error> {
        let (id, version) = (self.organization().id, self.organization().version + 1);
        if self.had_admins && organization::list_admin_ids(tx, id).await?.is_empty() {
            return Err(last_admin("organization"));
        }
        let events: Vec<(NewEvent, Option<i64>)> = happened
            .into_iter()
            .map(|(kind, mut payload)| {
                if let Some(fields) = payload.as_object_mut() {
                    fields.insert("version".to_owned(), json!(version.to_string()));
                }
                (NewEvent { kind, organization_id: Some(id), workspace_id: None, payload }, Some(version))
            })
            .collect();
        let origin = app.origin(principal.actor(), self.at);
        match <[_; 1]>::try_from(events) {
            Ok([(event, version)]) => {
                event::append(tx, origin, event, version).await?;
            }
            Err(events) => event::append_all(tx, origin, &events).await?,
        }
        app.feed.poke();
        Ok(version)
    }
}

async fn guard_organization(tx: &mut Tx, organization: &Organization) -> Result<(), Error> {
    if organization::guard(tx, organization.id, organization.version).await? {
        return Ok(());
    }
    Err(orglink_store::StoreError::Conflict.into())
}

pub(crate) fn last_admin(what: &str) -> Error {
    Error::refused(
        "last_admin",
        "Somebody must remain who administers it",
        format!("This would take away the last admin of the {what}. Make somebody else an admin first."),
    )
}
