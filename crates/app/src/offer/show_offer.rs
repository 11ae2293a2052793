//! Chooses the offer that somebody is shown instead of a page of their organization, and notes that they were.

use orglink_domain::entitlement::{Feature, FeatureFacts, Stage};
use orglink_domain::name::fold;
use orglink_domain::offer::{Audience, Offer, Visit, choose};
use orglink_domain::role::OrganizationStanding;
use orglink_policy::Action;
use orglink_store::{Tx, entitlement, in_write, link, offer};

use crate::tenant::OrganizationProof;
use crate::{App, Error, Principal};

/// An offer that somebody is shown now.
#[derive(Debug, Clone)]
pub struct ShownOffer {
    /// In the catalog.
    pub name: String,
    pub offer: Offer,
}

/// Linked workspaces looked at together.
const PAGE: i64 = 100;

/// The offer that somebody is shown before a page of an organization, if any: noted as shown, so that it never is again, whoever
/// asks at the same moment. What cannot be noted is not shown: an offer is in nobody's way.
///
/// # Errors
/// `NotFound` when the organization may not be seen.
pub async fn show_offer(
    app: &App,
    principal: &Principal,
    reference: &str,
    visit: Visit,
) -> Result<Option<ShownOffer>, Error> {
    let (Some(account), false) = (principal.account_if_any(), app.catalog.offers.is_empty()) else { return Ok(None) };
    let mut tx = app.db.begin_read().await?;
    let shown = offer::list_of_account(&mut tx, account.id).await?;
    let made = choose(&app.catalog.offers, visit, &shown, app.now());
    if made.is_empty() {
        return Ok(None);
    }
    let proof = OrganizationProof::load(app, &mut tx, principal, reference, Action::ViewOrganization).await?;
    let mut chosen = None;
    for (name, offer) in made {
        if is_for(app, &mut tx, &proof, offer).await? {
            chosen = Some(ShownOffer { name: name.to_owned(), offer: offer.clone() });
            break;
        }
    }
    drop(tx);
    let Some(chosen) = chosen else { return Ok(None) };
    let (id, name) = (account.id, chosen.name.as_str());
    let noted = in_write!(app.db, tx, { offer::show(tx, id, name, app.now()).await.map_err(Error::from) });
    match noted {
        Ok(is_first) => Ok(is_first.then_some(chosen)),
        Err(e) => {
            tracing::warn!(error = %e, offer = chosen.name, "an offer could not be noted as shown, so it was not");
            Ok(None)
        }
    }
}

async fn is_for(app: &App, tx: &mut Tx, proof: &OrganizationProof, offer: &Offer) -> Result<bool, Error> {
    let is_meant = match (offer.audience, proof.role()) {
        (_, OrganizationStanding::None) => false,
        (Audience::OrganizationAdmins, role) => role == OrganizationStanding::Admin,
        (Audience::RoleHolders, _) => true,
    };
    // What nobody has claimed yet has something else to be decided first.
    if !is_meant || proof.is_unclaimed() {
        return Ok(false);
    }
    match offer.without_feature.as_deref().and_then(|name| app.catalog.feature(name)) {
        Some(feature) => Ok(!has_feature(tx, proof, feature).await?),
        None => Ok(true),
    }
}

/// Whether a linked workspace may use a feature.
async fn has_feature(tx: &mut Tx, proof: &OrganizationProof, feature: &Feature) -> Result<bool, Error> {
    let id = proof.organization().id;
    let turned = entitlement::list_switches(tx, id).await?;
    let mut after = String::new();
    loop {
        let page = link::list_of_organization(tx, id, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(false) };
        after = fold(&last.workspace.slug);
        if page.iter().any(|l| feature.is_unlocked(&FeatureFacts::supposing(&l.workspace, Stage::Linked, &turned))) {
            return Ok(true);
        }
    }
}
