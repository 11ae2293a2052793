//! Who asks.

use orglink_domain::account::Account;
use orglink_domain::event::{Actor, Through};
use orglink_domain::extension::{ExtensionScope, ExtensionScopes};
use orglink_domain::id::{InstalledExtensionId, TokenId, WorkspaceId};
use orglink_domain::token::Scope;
use orglink_policy::Standing;
use orglink_store::{Tx, account};

use crate::Error;

/// Somebody who was authenticated: what they are to a workspace or an organization is read when it matters.
#[derive(Debug, Clone)]
pub struct Principal {
    account: Option<Account>,
    through: Through,
    scopes: Vec<Scope>,
    /// By which token it speaks, when by one.
    token: Option<TokenId>,
    /// An extension, which is nobody: then there is no account and no scope of a person's.
    extension: Option<ExtensionPrincipal>,
}

/// An extension that speaks by its own token.
#[derive(Debug, Clone)]
pub struct ExtensionPrincipal {
    pub id: InstalledExtensionId,
    /// Its name in the catalog.
    pub name: String,
    /// Where it is installed.
    pub workspace: WorkspaceId,
    /// What it may do there.
    pub scopes: ExtensionScopes,
}

impl Principal {
    const fn of(account: Option<Account>, through: Through, scopes: Vec<Scope>) -> Self {
        Self { account, through, scopes, token: None, extension: None }
    }

    /// A person in a browser: everything they may do.
    #[must_use]
    pub fn session(account: Account) -> Self {
        Self::of(Some(account), Through::Own, Scope::ALL.to_vec())
    }

    /// A script with a token: what the token's scopes leave of what its owner may do.
    #[must_use]
    pub fn token(account: Account, id: TokenId, scopes: Vec<Scope>) -> Self {
        Self { token: Some(id), ..Self::of(Some(account), Through::Own, scopes) }
    }

    /// A program that reads the workspace where it is installed.
    #[must_use]
    pub(crate) fn extension(extension: ExtensionPrincipal) -> Self {
        Self { extension: Some(extension), ..Self::of(None, Through::Own, Vec::new()) }
    }

    /// Whoever can open the database at the machine: an operator without an account.
    #[must_use]
    pub fn local_operator() -> Self {
        Self::of(None, Through::Operator, Scope::ALL.to_vec())
    }

    /// The program by itself, for what is due.
    #[must_use]
    pub(crate) fn system() -> Self {
        Self::of(None, Through::System, Scope::ALL.to_vec())
    }

    /// Whoever can open the database, acting on behalf of an account (`--as`): that account's roles decide.
    ///
    /// # Errors
    /// When there is no such account.
    pub async fn on_behalf_of(tx: &mut Tx, email: &str) -> Result<Self, Error> {
        let account = account::find_by_email(tx, email).await?.ok_or_else(|| Error::not_found("account", email))?;
        if account.is_suspended {
            return Err(Error::refused(
                "account_suspended",
                "The account is suspended",
                "Nothing is done on behalf of a suspended account. Restore it first: orglink account restore.",
            ));
        }
        Ok(Self::of(Some(account), Through::Operator, Scope::ALL.to_vec()))
    }

    /// The account acted for.
    ///
    /// # Errors
    /// When the local operator acts for nobody.
    pub fn account(&self) -> Result<&Account, Error> {
        self.account.as_ref().ok_or_else(|| {
            if self.extension.is_some() {
                return Error::forbidden(
                    "not_allowed",
                    "Not for extensions",
                    &["This is not for extensions.".to_owned()],
                );
            }
            Error::forbidden(
                "account_required",
                "Somebody must do this",
                &["Say on whose behalf you do this, with --as EMAIL.".to_owned()],
            )
        })
    }

    /// The account acted for, if any.
    #[must_use]
    pub const fn account_if_any(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    /// The extension that asks, if it is one.
    #[must_use]
    pub const fn extension_if_any(&self) -> Option<&ExtensionPrincipal> {
        self.extension.as_ref()
    }

    /// Before anything is known of a workspace: in the one where it is installed an extension has its scopes.
    pub(crate) fn standing_in(&self, workspace: WorkspaceId) -> Standing {
        match &self.extension {
            Some(extension) if extension.workspace == workspace => Standing::of_extension(extension.scopes),
            _ => self.standing(),
        }
    }

    /// Who an event will say it was.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor { account_id: self.account.as_ref().map(|a| a.id), through: self.through }
    }

    /// By which token it speaks; none for a person in a browser, or at the machine.
    #[must_use]
    pub const fn token_id(&self) -> Option<TokenId> {
        self.token
    }

    #[must_use]
    pub const fn through(&self) -> Through {
        self.through
    }

    /// Before any tenant is looked at.
    pub(crate) fn standing(&self) -> Standing {
        if self.extension.is_some() {
            return Standing::of_extension(ExtensionScopes::NONE);
        }
        match &self.account {
            // A token speaks as an operator only when it was made for that.
            Some(account) => Standing {
                is_operator: account.is_operator && self.scopes.contains(&Scope::Operator),
                is_product: self.is_product(),
                ..Standing::of(account)
            },
            None => Standing {
                is_unclaimed: false,
                workspace: orglink_domain::role::WorkspaceRole::None,
                organization: orglink_domain::role::OrganizationStanding::None,
                is_site_admin: false,
                is_at_domain: false,
                is_payer: false,
                is_billing_admin: false,
                is_user_access_admin: false,
                is_verified: false,
                is_operator: true,
                is_product: false,
                extension: None,
            },
        }
    }

    /// A product that asks what workspaces may use, whichever they are: its token is an operator's, made for that.
    #[must_use]
    pub fn is_product(&self) -> bool {
        let by_operator = self.account.as_ref().is_some_and(|a| a.is_operator);
        by_operator && self.through == Through::Own && self.scopes.contains(&Scope::Entitlements)
    }

    /// Whether lists show everything there is.
    pub(crate) fn sees_everything(&self) -> bool {
        self.standing().is_operator
    }

    /// Refuses what a token was not made for.
    ///
    /// # Errors
    /// When the scope is missing.
    pub fn require_scope(&self, scope: Scope) -> Result<(), Error> {
        self.require_any_scope(&[scope])
    }

    /// The same where several scopes allow it.
    ///
    /// # Errors
    /// When all are missing.
    pub fn require_any_scope(&self, scopes: &[Scope]) -> Result<(), Error> {
        if scopes.iter().any(|scope| self.scopes.contains(scope)) {
            return Ok(());
        }
        if self.extension.is_some() {
            let needed = "This is not for extensions.".to_owned();
            return Err(Error::forbidden("scope_required", "The token is not for this", &[needed]));
        }
        let names: Vec<String> = scopes.iter().map(|scope| format!("'{scope}'")).collect();
        Err(Error::forbidden(
            "scope_required",
            "The token is not for this",
            &[format!("This needs a token with the scope {}.", names.join(" or "))],
        ))
    }

    /// The same for what extensions may read too, each in the workspace where it is installed.
    ///
    /// # Errors
    /// When a person's token has none of these scopes, or an extension has not that of its own.
    pub fn require_scope_or(&self, scopes: &[Scope], of_extension: ExtensionScope) -> Result<(), Error> {
        match &self.extension {
            None => self.require_any_scope(scopes),
            Some(extension) if extension.scopes.contains(of_extension) => Ok(()),
            Some(_) => {
                let needed = format!("The extension needs consent to {of_extension}.");
                Err(Error::forbidden("scope_required", "The token is not for this", &[needed]))
            }
        }
    }

    #[must_use]
    pub fn scopes(&self) -> &[Scope] {
        &self.scopes
    }
}
