//! Makes words of a kept mail: whom it goes to now, with the names that people have now.

use orglink_domain::name::fold;
use orglink_mail::{Mail, Rendered, Rendering};
use orglink_store::mail::{Addressee, StoredMail};
use orglink_store::{Tx, account, mail};

use crate::notify::read_contents;
use crate::one_time::{self, Purpose};
use crate::{App, Error, Secret};

/// What stands in place of a one-time secret where a mail is only looked at.
pub const MASK: &str = "••••••••";
/// For how long a link that ends mails of a kind works: as long as anybody keeps mails to look for it.
const UNSUBSCRIBE_SECONDS: i64 = 365 * 24 * 60 * 60;

/// A mail that can be sent, or why it is not to be.
pub enum Made {
    Ready { says: Box<Mail>, to: String },
    Pointless(&'static str),
}

/// Whom a mail goes to, and what it says.
pub async fn make(app: &App, tx: &mut Tx, kept: &StoredMail) -> Result<Made, Error> {
    let Some(says) = says_of(tx, kept).await? else {
        return Ok(Made::Pointless("a newer release of orglink wrote this mail"));
    };
    if says.content().stale_at().is_some_and(|at| at <= app.now()) {
        return Ok(Made::Pointless("by now it would say nothing that still holds"));
    }
    let to = match &kept.to {
        Addressee::Account(id) => match account::find(tx, *id).await? {
            Some(person) if person.is_verified => person.email,
            Some(_) => return Ok(Made::Pointless("nobody has proven the address of the account")),
            None => return Ok(Made::Pointless("the account is gone")),
        },
        Addressee::Address(address) => {
            if kept.kind.obligation().is_none() && mail::is_unwanted(tx, address, kept.kind).await? {
                return Ok(Made::Pointless("whoever has this address wants no such mails"));
            }
            address.clone()
        }
    };
    Ok(Made::Ready { says: Box::new(says), to })
}

/// What a mail says; nothing when this program does not know it.
pub async fn says_of(tx: &mut Tx, kept: &StoredMail) -> Result<Option<Mail>, Error> {
    Ok(read_contents(tx, &[kept.content.as_str()]).await?.pop().flatten())
}

/// Mints the secret that a mail's action carries, if it carries one.
pub async fn mint_secret(
    app: &App,
    tx: &mut Tx,
    kept: &StoredMail,
    says: &Mail,
    to: &str,
) -> Result<Option<Secret>, Error> {
    let Some(wanted) = says.content().secret() else { return Ok(None) };
    let at = app.now();
    let purpose = Purpose {
        name: wanted.purpose,
        subject: wanted.subject,
        account_id: account_of(kept),
        email: Some(to),
        expires_at: wanted.ends.from(at),
    };
    Ok(Some(one_time::mint(tx, purpose, at).await?))
}

/// Mints the address at which one ends mails of this kind without signing in; nothing for an obligation.
pub async fn mint_unsubscribe(app: &App, tx: &mut Tx, kept: &StoredMail, to: &str) -> Result<Option<String>, Error> {
    if kept.kind.obligation().is_some() {
        return Ok(None);
    }
    let at = app.now();
    let to = fold(to);
    let purpose = Purpose {
        name: "unsubscribe",
        subject: kept.id.0,
        account_id: account_of(kept),
        email: Some(&to),
        expires_at: at.plus_seconds(UNSUBSCRIBE_SECONDS),
    };
    let secret = one_time::mint(tx, purpose, at).await?;
    Ok(Some(unsubscribe_url(app, kept, secret.reveal())))
}

pub fn unsubscribe_url(app: &App, kept: &StoredMail, secret: &str) -> String {
    format!("{}/unsubscribe/{}/{secret}", app.settings.public_url, kept.kind)
}

const fn account_of(kept: &StoredMail) -> Option<orglink_domain::id::AccountId> {
    match &kept.to {
        Addressee::Account(id) => Some(*id),
        Addressee::Address(_) => None,
    }
}

/// In words.
pub fn render(app: &App, says: &Mail, secret: Option<&str>, unsubscribe: Option<&str>) -> Result<Rendered, Error> {
    let with = Rendering { public_url: &app.settings.public_url, secret, unsubscribe };
    says.render(with).map_err(|_| Error::broken("a mail cannot be made into words"))
}
