//! The activity of one workspace or organization, told in words.

use orglink_domain::event::Event;
use orglink_domain::id::EventId;
use orglink_domain::receipt::{Act, subject_of};
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
    /// The link by id and what became of it, where there is a receipt that the one who looks may have.
    pub receipt: Option<(String, Act)>,
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
    let log = prove(app, &mut tx, principal, of).await?;
    let filter = filter.read(&mut tx, of).await?;
    let events = event::list_of(&mut tx, log.subject, &filter, before, page.fetch()).await?;
    let names = Names::of(&mut tx, &events).await?;
    let told = page.page(events, |e| e.id.to_string()).map(|event| {
        let (actor, text) = tell(&event, &names);
        let subject = event.payload.as_ref().and_then(|payload| subject_of(event.kind.as_str(), payload));
        let receipt = subject.filter(|_| log.may_have_receipts).map(|(link, act)| (link.to_owned(), act));
        Told { event, actor, text, receipt }
    });
    Ok(Activity { slug: log.slug, name: log.name, page: told })
}

/// A log that somebody may read.
pub(super) struct Log {
    pub subject: Subject,
    slug: String,
    name: String,
    may_have_receipts: bool,
}

/// That somebody may read a log: whose it is, with slug and name.
pub(super) async fn prove(app: &App, tx: &mut Tx, principal: &Principal, of: ActivityOf<'_>) -> Result<Log, Error> {
    match of {
        ActivityOf::Workspace(reference) => {
            let proof = WorkspaceProof::load(app, tx, principal, reference, Action::ViewActivity).await?;
            let w = proof.workspace();
            let may_have_receipts = proof.may(app, Action::ViewReceipt);
            Ok(Log { subject: Subject::Workspace(w.id), slug: w.slug.clone(), name: w.name.clone(), may_have_receipts })
        }
        ActivityOf::Organization(reference) => {
            let proof = OrganizationProof::load(app, tx, principal, reference, Action::ViewOrganizationPeople).await?;
            let o = proof.organization();
            let may_have_receipts = proof.may(app, Action::ViewReceipt);
            Ok(Log {
                subject: Subject::Organization(o.id),
                slug: o.slug.clone(),
                name: o.name.clone(),
                may_have_receipts,
            })
        }
        ActivityOf::Installation => {
            app.require(Action::ViewAllEvents, principal.standing())?;
            let (slug, name) = (String::new(), String::new());
            Ok(Log { subject: Subject::Installation, slug, name, may_have_receipts: true })
        }
    }
}
