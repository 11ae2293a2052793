//! Makes an organization; whoever makes it is its first admin.

use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::OrganizationId;
use orglink_domain::name::{check_slug, check_title, slug_from};
use orglink_domain::organization::{Organization, UserManagement};
use orglink_domain::role::OrganizationRole;
use orglink_policy::Action;
use orglink_store::{event, in_write, organization};
use serde::Serialize;
use serde_json::json;

use crate::idempotency::{Answered, Attempt};
use crate::{App, Error, Principal};

/// An organization that somebody wants.
#[derive(Debug, Clone, Serialize)]
pub struct NewOrganization {
    pub name: String,
    /// Made from the name when empty.
    pub slug: Option<String>,
}

/// Makes an organization with centralized user management.
///
/// # Errors
/// Bad input that says which field; `slug_taken`; a refusal for somebody without a verified address.
pub async fn create_organization(
    app: &App,
    principal: &Principal,
    wanted: &NewOrganization,
    idempotency_key: Option<&str>,
) -> Result<Answered<OrganizationId>, Error> {
    app.require(Action::CreateOrganization, principal.standing())?;
    let owner = principal.account()?.id;
    let name = check_title("name", wanted.name.trim()).map_err(|e| Error::field("name", e.to_string()))?;
    let slug = match wanted.slug.as_deref().map(str::trim).filter(|s| !s.is_empty()) {
        Some(slug) => slug.to_owned(),
        None => slug_from(name),
    };
    if slug.is_empty() {
        return Err(Error::field("slug", "choose a slug: none can be made from this name"));
    }
    check_slug(&slug).map_err(|e| Error::field("slug", e.to_string()))?;
    let attempt = Attempt::new(principal, "create_organization", idempotency_key, wanted)?;
    let at = app.now();
    let made = Organization {
        id: OrganizationId(app.new_id(at)),
        slug,
        name: name.to_owned(),
        user_management: UserManagement::Centralized,
        link_quota: None,
        identity_provider: None,
        version: 1,
        created_at: at,
    };
    in_write!(app.db, tx, {
        if let Some(earlier) = attempt.find(tx).await? {
            return Ok(earlier);
        }
        if !organization::create(tx, &made).await? {
            return Err(Error::refused(
                "slug_taken",
                "This address is taken",
                format!("An organization with the slug '{}' exists already; choose another.", made.slug),
            ));
        }
        organization::grant_role(tx, made.id, owner, OrganizationRole::Admin).await?;
        let happened = NewEvent {
            kind: EventType::OrganizationCreated,
            organization_id: Some(made.id),
            workspace_id: None,
            payload: json!({ "slug": made.slug, "name": made.name, "admins": [owner] }),
        };
        event::append(tx, app.origin(principal.actor(), at), happened, None).await?;
        attempt.keep(tx, &made.id, at).await
    })
}
