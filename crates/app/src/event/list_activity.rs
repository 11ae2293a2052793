//! The activity of one workspace or organization, told in words.

use orglink_domain::event::Event;
use orglink_domain::id::EventId;
use orglink_policy::Action;
use orglink_store::Tx;
use orglink_store::event::{self, Subject};

use super::{ActivityFilter, Names, tell};
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Page, PageRequest, Principal};

/// Whose activity.
#[derive(Debug, Clone, Copy)]
pub enum ActivityOf<'a> {
    /// By slug or id.
    Workspace(&'a str),
    Organization(&'a str),
    /// Of everybody.
    Installation,
}

/// An event in words.
#[derive(Debug, Clone)]
pub struct Told {
    pub event: Event,
    /// Who did it.
    pub actor: String,
    /// What happened, as one sentence without its subject.
    pub text: String,
}

/// What happened to something.
#[derive(Debug, Clone)]
pub struct Activity {
    pub slug: String,
    pub name: String,
    pub page: Page<Told>,
}

/// What a filter keeps of what happened to a workspace, to an organization or to anybody, newest first.
///
/// # Errors
/// `NotFound`; bad input that names the field; a refusal for whoever may not see it.
pub async fn list_activity(
    app: &App,
    principal: &Principal,
    of: ActivityOf<'_>,
    filter: &ActivityFilter,
    page: &PageRequest,
) -> Result<Activity, Error> {
    let before = page.after_id(EventId)?;
    let mut tx = app.db.begin_read().await?;
    let (subject, slug, name) = prove(app, &mut tx, principal, of).await?;
    let filter = filter.read(&mut tx, of).await?;
    let events = event::list_of(&mut tx, subject, &filter, before, page.fetch()).await?;
    let names = Names::of(&mut tx, &events).await?;
    let told = page.page(events, |e| e.id.to_string()).map(|event| {
        let (actor, text) = tell(&event, &names);
        Told { event, actor, text }
    });
    Ok(Activity { slug, name, page: told })
}

/// That somebody may read a log: whose it is, with slug and name.
pub(super) async fn prove(
    app: &App,
    tx: &mut Tx,
    principal: &Principal,
    of: ActivityOf<'_>,
) -> Result<(Subject, String, String), Error> {
    match of {
        ActivityOf::Workspace(reference) => {
            let proof = WorkspaceProof::load(app, tx, principal, reference, Action::ViewWorkspacePeople).await?;
            let w = proof.workspace();
            Ok((Subject::Workspace(w.id), w.slug.clone(), w.name.clone()))
        }
        ActivityOf::Organization(reference) => {
            let proof = OrganizationProof::load(app, tx, principal, reference, Action::ViewOrganizationPeople).await?;
            let o = proof.organization();
            Ok((Subject::Organization(o.id), o.slug.clone(), o.name.clone()))
        }
        ActivityOf::Installation => {
            app.require(Action::ViewAllEvents, principal.standing())?;
            Ok((Subject::Installation, String::new(), String::new()))
        }
    }
}
