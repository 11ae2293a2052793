//! Says of each address what inviting it would mean; changes nothing.

use orglink_domain::id::InvitationId;
use orglink_domain::invitation::{Invitation, InvitationState, Target};
use orglink_domain::name::fold;
use orglink_store::{Tx, invitation};

use super::place::{InviteTo, Place, Relation};
use super::{Invited, PlaceNamed};
use crate::{App, Error, Principal};

/// What inviting would mean.
#[derive(Debug, Clone)]
pub struct Preview {
    pub place: PlaceNamed,
    pub target: Target,
    /// Whoever accepts administers the place.
    pub is_admin: bool,
    pub rows: Vec<PreviewRow>,
}

/// One address.
#[derive(Debug, Clone)]
pub struct PreviewRow {
    pub email: String,
    pub outcome: Invited,
    /// The same invitation, when it is pending already.
    pub pending: Option<InvitationId>,
    /// Other invitations of this address that are pending in the same place.
    pub others: Vec<Target>,
}

/// The same for the one who is to invite: who is a member they may know, who has an account nobody is told.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an admin of the place.
pub async fn preview_invitations(
    app: &App,
    principal: &Principal,
    to: &InviteTo<'_>,
    emails: &[String],
    hands_over: bool,
) -> Result<Preview, Error> {
    let mut tx = app.db.begin_read().await?;
    let place = Place::load(app, &mut tx, principal, to).await?;
    let rows = preview(app, &mut tx, &place, emails, hands_over).await?;
    let rows = rows.into_iter().map(|(row, _)| row).collect();
    Ok(Preview { place: place.named(), target: place.target(), is_admin: place.is_admin(), rows })
}

/// Each address with what would become of it, and what it is to the place.
pub(super) async fn preview(
    app: &App,
    tx: &mut Tx,
    place: &Place,
    emails: &[String],
    hands_over: bool,
) -> Result<Vec<(PreviewRow, Relation)>, Error> {
    let (now, target) = (app.now(), place.target());
    let pending: Vec<Invitation> = invitation::list_pending_of_tenant(tx, place.tenant())
        .await?
        .into_iter()
        .filter(|i| i.state_at(now) == InvitationState::Pending)
        .collect();
    let relations = place.relations(tx, emails).await?;
    let row = |(email, relation): (&String, Relation)| {
        let theirs: Vec<&Invitation> = pending.iter().filter(|i| fold(&i.email) == fold(email)).collect();
        let pending = theirs.iter().find(|i| i.target == target).map(|i| i.id);
        let outcome = match &relation {
            Relation::Has => Invited::AlreadyThere,
            // Giving up one's own role for somebody needs their yes.
            Relation::Member(_) if !hands_over => Invited::Added,
            Relation::Member(_) | Relation::Unknown => {
                if pending.is_some() {
                    Invited::AlreadyInvited
                } else {
                    Invited::Invited
                }
            }
        };
        let others = theirs.iter().filter(|i| i.target != target).map(|i| i.target.clone()).collect();
        (PreviewRow { email: email.clone(), outcome, pending, others }, relation)
    };
    Ok(emails.iter().zip(relations).map(row).collect())
}
