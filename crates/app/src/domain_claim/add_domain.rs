//! Adds a domain: from then on the record that shows it can be published.

use std::fmt::Write as _;

use orglink_domain::domain_claim::{DomainClaim, check_domain};
use orglink_domain::event::EventType;
use orglink_domain::id::DomainClaimId;
use orglink_policy::Action;
use orglink_store::{domain_claim, in_write};

use super::told;
use crate::change::OrganizationChange;
use crate::secret::random;
use crate::tenant::OrganizationProof;
use crate::{App, Error, Expected, Principal};

/// How many an organization has at most.
const MOST_DOMAINS: i64 = 100;

/// Adds a domain; the same again changes nothing. The domain as the organization has it, and whether it is new.
///
/// # Errors
/// Bad input by field; `shared_domain`; `domain_limit`; a refusal for anybody but an admin of the organization.
pub async fn add_domain(
    app: &App,
    principal: &Principal,
    reference: &str,
    wanted: &str,
) -> Result<(DomainClaim, bool), Error> {
    let mut tx = app.db.begin_read().await?;
    OrganizationProof::load(app, &mut tx, principal, reference, Action::ManageDomains).await?;
    drop(tx);
    let domain = check_domain(wanted).map_err(|e| Error::field("domain", e.to_string()))?;
    if app.settings.domains.shared.iter().any(|shared| shared.eq_ignore_ascii_case(&domain)) {
        return Err(Error::refused(
            "shared_domain",
            "Many have addresses at this domain",
            format!(
                "Addresses at {domain} are given to anybody, or names under it are: it is no organization's. The list is the \
                 operator's (domains.shared in the configuration)."
            ),
        ));
    }
    let token = random()?.iter().take(16).fold(String::new(), |mut token, byte| {
        // Writing to a string cannot fail.
        let _ = write!(token, "{byte:02x}");
        token
    });
    let (domain, token) = (&domain, &token);
    in_write!(app.db, tx, {
        let proof = OrganizationProof::load(app, tx, principal, reference, Action::ManageDomains).await?;
        let id = proof.organization().id;
        if let Some(found) = domain_claim::find(tx, id, domain).await? {
            return Ok((found, false));
        }
        if domain_claim::count(tx, id).await? >= MOST_DOMAINS {
            let detail = format!("There are {MOST_DOMAINS} domains here already. Remove one that is not needed.");
            return Err(Error::refused("domain_limit", "Too many domains", detail));
        }
        let change = OrganizationChange::of(app, tx, proof, Expected::Any).await?;
        let new_id = DomainClaimId(app.new_id(change.at()));
        let new = DomainClaim::new(new_id, id, (domain.clone(), token.clone()), change.at());
        domain_claim::create(tx, &new).await?;
        let told = told(change.organization(), domain);
        change.finish_as(app, tx, principal, vec![(EventType::DomainAdded, told)]).await?;
        Ok((new, true))
    })
}
