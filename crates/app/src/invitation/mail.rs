//! The mail that carries an invitation to its address, whether or not anybody there has an account.

use orglink_domain::id::TenantId;
use orglink_domain::invitation::Invitation;
use orglink_mail::{Invited, Named, Person, RolePlace};
use orglink_store::Tx;
use orglink_store::mail::Addressee;

use super::view_invitation::words_of;
use super::{absent, name_of_tenant};
use crate::notify::send_mail;
use crate::{App, Error};

/// Puts it into the outbox.
pub(super) async fn send(app: &App, tx: &mut Tx, about: &Invitation) -> Result<(), Error> {
    let says = said(tx, about).await?;
    send_mail(app, tx, Addressee::Address(about.email.clone()), says).await?;
    Ok(())
}

/// What the mail and the invited person's inbox say.
pub(crate) async fn said(tx: &mut Tx, about: &Invitation) -> Result<Invited, Error> {
    let named = name_of_tenant(tx, about.tenant).await?.ok_or_else(|| absent(&about.id.to_string()))?;
    let (role, allows, _) = words_of(tx, about).await?;
    let named = Named::new(named.slug, named.name);
    Ok(Invited {
        invitation_id: about.id.0,
        place: match about.tenant {
            TenantId::Workspace(_) => RolePlace::Workspace(named),
            TenantId::Organization(_) => RolePlace::Organization(named),
        },
        role,
        allows,
        by: Person { account: Some(about.invited_by), through: about.invited_through, name: String::new() },
        expires_at: about.expires_at,
    })
}
