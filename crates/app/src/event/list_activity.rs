//! The activity of one workspace or organization, told in words.

use orglink_domain::event::{Event, EventType};
use orglink_domain::id::EventId;
use orglink_domain::receipt::{Act, subject_of};
use orglink_policy::Action;
use orglink_store::event::{self, Subject};

use super::{Names, tell};
use crate::tenant::{OrganizationProof, WorkspaceProof};
use crate::{App, Error, Page, PageRequest, Principal};

/// Whose activity.
#[derive(Debug, Clone, Copy)]
pub enum ActivityOf<'a> {
    /// By slug or id.
    Workspace(&'a str),
    Organization(&'a str),
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

/// What happened to a workspace or an organization, newest first; only events of one type when it is named.
///
/// # Errors
/// `NotFound`; bad input for a type there is none of; a refusal for whoever may not see its people.
pub async fn list_activity(
    app: &App,
    principal: &Principal,
    of: ActivityOf<'_>,
    kind: Option<&str>,
    page: &PageRequest,
) -> Result<Activity, Error> {
    let kind: Option<EventType> = kind
        .filter(|k| !k.is_empty())
        .map(|k| k.parse().map_err(|_| Error::field("type", format!("'{k}' is not a type of event"))))
        .transpose()?;
    let before = page.after_id(EventId)?;
    let mut tx = app.db.begin_read().await?;
    let (subject, slug, name, may_have_receipts) = match of {
        ActivityOf::Workspace(reference) => {
            let action = Action::ViewWorkspacePeople;
            let proof = WorkspaceProof::load(app, &mut tx, principal, reference, action).await?;
            let w = proof.workspace();
            (Subject::Workspace(w.id), w.slug.clone(), w.name.clone(), proof.may(app, Action::ViewReceipt))
        }
        ActivityOf::Organization(reference) => {
            let action = Action::ViewOrganizationPeople;
            let proof = OrganizationProof::load(app, &mut tx, principal, reference, action).await?;
            let o = proof.organization();
            (Subject::Organization(o.id), o.slug.clone(), o.name.clone(), proof.may(app, Action::ViewReceipt))
        }
    };
    let events = event::list_of(&mut tx, subject, before, page.fetch(), kind).await?;
    let names = Names::of(&mut tx, &events).await?;
    let told = page.page(events, |e| e.id.to_string()).map(|event| {
        let (actor, text) = tell(&event, &names);
        let subject = event.payload.as_ref().and_then(|payload| subject_of(event.kind.as_str(), payload));
        let receipt = subject.filter(|_| may_have_receipts).map(|(link, act)| (link.to_owned(), act));
        Told { actor, text, receipt, event }
    });
    Ok(Activity { slug, name, page: told })
}
