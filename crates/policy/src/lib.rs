//! Who may do what, and what is missing when somebody may not.
//!
//! Policies are written in Cedar (`policies/policies.cedar`, with a schema that a test validates them
//! against); this crate turns facts that were already loaded into one decision. It loads nothing. One decision
//! per use case, at the gate; never per row, never in bulk. The whole matrix stands in `matrix.txt`, compared
//! by a test and read in review.

mod action;
pub mod matrix;

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::{PoisonError, RwLock};

use cedar_policy::{
    Authorizer, Context, Decision as CedarDecision, Effect, Entities, EntityId, EntityTypeName, EntityUid, PolicySet,
    PrincipalConstraint, Request, Response, RestrictedExpression,
};
use orglink_domain::account::Account;
use orglink_domain::extension::ExtensionScopes;
use orglink_domain::role::{OrganizationStanding, WorkspaceRole};

pub use action::Action;

/// What somebody is to the things asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Standing {
    pub workspace: WorkspaceRole,
    pub organization: OrganizationStanding,
    /// The organization was made by a campaign and nobody has claimed it yet.
    pub is_unclaimed: bool,
    /// Admin of the site asked about.
    pub is_site_admin: bool,
    /// Their address is at a domain that belongs to the thing asked about.
    pub is_at_domain: bool,
    /// Billing or technical contact of the workspace asked about, or its reseller; payer of the billing account asked about,
    /// or asked to become it.
    pub is_payer: bool,
    /// Admin of the billing account asked about.
    pub is_billing_admin: bool,
    /// User access admin of the organization asked about, or of the site of it that is asked about.
    pub is_user_access_admin: bool,
    pub is_verified: bool,
    pub is_operator: bool,
    /// A product of the operator's asks, by a token made for that.
    pub is_product: bool,
    /// An extension asks, and this is what it was allowed on the thing asked about: it is nothing else besides.
    pub extension: Option<ExtensionScopes>,
}

impl Standing {
    /// An account's standing before any tenant is looked at.
    #[must_use]
    pub const fn of(account: &Account) -> Self {
        Self {
            workspace: WorkspaceRole::None,
            organization: OrganizationStanding::None,
            is_unclaimed: false,
            is_site_admin: false,
            is_at_domain: false,
            is_payer: false,
            is_billing_admin: false,
            is_user_access_admin: false,
            is_verified: account.is_verified,
            is_operator: account.is_operator,
            is_product: false,
            extension: None,
        }
    }

    /// That of an extension: it has no role anywhere.
    #[must_use]
    pub const fn of_extension(scopes: ExtensionScopes) -> Self {
        Self {
            workspace: WorkspaceRole::None,
            organization: OrganizationStanding::None,
            is_unclaimed: false,
            is_site_admin: false,
            is_at_domain: false,
            is_payer: false,
            is_billing_admin: false,
            is_user_access_admin: false,
            is_verified: false,
            is_operator: false,
            is_product: false,
            extension: Some(scopes),
        }
    }
}

/// The answer, with the policies that gave it or the sentences that say what is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The ids of the policies that permit it.
    Allow(Vec<String>),
    /// What would be needed, a sentence for each way.
    Deny(Vec<String>),
}

impl Decision {
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        matches!(self, Self::Allow(_))
    }
}

/// A policy by its name, as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolicyText {
    pub id: String,
    /// What somebody is told whom it does not let do something.
    pub sentence: String,
    /// It forbids, whatever others permit.
    pub forbids: bool,
}

/// The policies of this build do not parse: a defect that a test finds first.
#[derive(Debug, thiserror::Error)]
#[error("the built-in policies do not hold together: {0}")]
pub struct PolicyError(String);

const POLICIES: &str = include_str!("../policies/policies.cedar");
/// The schema, for the test and for whoever reads the policies.
pub const SCHEMA: &str = include_str!("../policies/schema.cedarschema");

/// The parsed policies, ready to decide.
pub struct Policies {
    set: PolicySet,
    authorizer: Authorizer,
    entities: Entities,
    account: EntityUid,
    operator: EntityUid,
    product: EntityUid,
    extension: EntityUid,
    thing: EntityUid,
    /// What was decided before: there are few standings, and the same one always gets the same answer.
    decided: RwLock<HashMap<(Action, Standing), Decision>>,
}

impl Policies {
    /// Parses the built-in policies.
    ///
    /// # Errors
    /// When they do not parse.
    pub fn new() -> Result<Self, PolicyError> {
        let parsed = PolicySet::from_str(POLICIES).map_err(|e| PolicyError(e.to_string()))?;
        let mut set = PolicySet::new();
        for policy in parsed.policies() {
            let id = policy.annotation("id").ok_or_else(|| PolicyError(format!("no @id: {policy}")))?;
            let named = policy.new_id(cedar_policy::PolicyId::new(id));
            set.add(named).map_err(|e| PolicyError(e.to_string()))?;
        }
        Ok(Self {
            set,
            authorizer: Authorizer::new(),
            entities: Entities::empty(),
            account: uid("Account", "self")?,
            operator: uid("Operator", "self")?,
            product: uid("Product", "self")?,
            extension: uid("Extension", "self")?,
            thing: uid("Thing", "asked")?,
            decided: RwLock::default(),
        })
    }

    /// Decides whether somebody with this standing may do `action`.
    ///
    /// An operator is asked twice, as an account and as an operator: running the installation takes away
    /// nothing that the person may do as themselves. A product likewise. An extension is asked as that alone, whatever else
    /// its standing says. Anything that goes wrong inside is a denial.
    #[must_use]
    pub fn decide(&self, action: Action, standing: Standing) -> Decision {
        let key = (action, standing);
        if let Some(decision) = self.decided.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return decision.clone();
        }
        let decision = self.decide_afresh(action, standing);
        self.decided.write().unwrap_or_else(PoisonError::into_inner).insert(key, decision.clone());
        decision
    }

    fn decide_afresh(&self, action: Action, standing: Standing) -> Decision {
        if let Some(scopes) = standing.extension {
            let as_extension = self.evaluate(&self.extension, action, Standing::of_extension(scopes));
            if as_extension.is_empty() {
                return Decision::Deny(self.needed_by_extension(action));
            }
            return Decision::Allow(as_extension);
        }
        let as_account = self.evaluate(&self.account, action, standing);
        if !as_account.is_empty() {
            return Decision::Allow(as_account);
        }
        if standing.is_operator {
            let as_operator = self.evaluate(&self.operator, action, standing);
            if !as_operator.is_empty() {
                return Decision::Allow(as_operator);
            }
        }
        if standing.is_product {
            let as_product = self.evaluate(&self.product, action, standing);
            if !as_product.is_empty() {
                return Decision::Allow(as_product);
            }
        }
        Decision::Deny(self.needed(action, &self.forbidding(&self.account, action, standing)))
    }

    fn evaluate(&self, principal: &EntityUid, action: Action, standing: Standing) -> Vec<String> {
        let Some(response) = self.ask(principal, action, standing) else { return Vec::new() };
        match response.decision() {
            CedarDecision::Allow => response.diagnostics().reason().map(ToString::to_string).collect(),
            CedarDecision::Deny => Vec::new(),
        }
    }

    /// The policies that forbid it, whatever others permit.
    fn forbidding(&self, principal: &EntityUid, action: Action, standing: Standing) -> Vec<String> {
        let Some(response) = self.ask(principal, action, standing) else { return Vec::new() };
        match response.decision() {
            CedarDecision::Allow => Vec::new(),
            // Of a denial that no policy forbids, Cedar names none.
            CedarDecision::Deny => response.diagnostics().reason().map(ToString::to_string).collect(),
        }
    }

    fn ask(&self, principal: &EntityUid, action: Action, standing: Standing) -> Option<Response> {
        let word = |w: &str| RestrictedExpression::new_string(w.to_owned());
        let context = Context::from_pairs([
            ("workspace".to_owned(), word(standing.workspace.as_str())),
            ("organization".to_owned(), word(standing.organization.as_str())),
            ("unclaimed".to_owned(), RestrictedExpression::new_bool(standing.is_unclaimed)),
            ("site_admin".to_owned(), RestrictedExpression::new_bool(standing.is_site_admin)),
            ("at_domain".to_owned(), RestrictedExpression::new_bool(standing.is_at_domain)),
            ("payer".to_owned(), RestrictedExpression::new_bool(standing.is_payer)),
            ("billing_admin".to_owned(), RestrictedExpression::new_bool(standing.is_billing_admin)),
            ("user_access_admin".to_owned(), RestrictedExpression::new_bool(standing.is_user_access_admin)),
            ("verified".to_owned(), RestrictedExpression::new_bool(standing.is_verified)),
            (
                "scopes".to_owned(),
                RestrictedExpression::new_set(
                    standing.extension.unwrap_or_default().iter().map(|scope| word(scope.as_str())),
                ),
            ),
        ]);
        let request = Request::new(
            principal.clone(),
            uid("Action", action.as_str()).ok()?,
            self.thing.clone(),
            context.ok()?,
            None,
        );
        Some(self.authorizer.is_authorized(&request.ok()?, &self.set, &self.entities))
    }

    /// The policies behind a decision, by name: those that permit it; of a denial, those that could have permitted it
    /// and those that forbid it.
    #[must_use]
    pub fn behind(&self, action: Action, standing: Standing) -> Vec<PolicyText> {
        match self.decide(action, standing) {
            Decision::Allow(ids) => self.texts(|p| ids.contains(&p.id().to_string())),
            Decision::Deny(_) => self.concerned(action, &self.forbidding(&self.account, action, standing)),
        }
    }

    /// The sentences of the policies that could permit the action, and of those that forbid it.
    fn needed(&self, action: Action, forbidding: &[String]) -> Vec<String> {
        let mut sentences: Vec<String> =
            self.concerned(action, forbidding).into_iter().map(|policy| policy.sentence).collect();
        sentences.sort_unstable();
        sentences.dedup();
        sentences
    }

    fn concerned(&self, action: Action, forbidding: &[String]) -> Vec<PolicyText> {
        let named = format!("\"{}\"", action.as_str());
        self.texts(|p| {
            p.action_constraint_mentions(&named)
                && !self.is_for_extensions(p)
                && (p.effect() == Effect::Permit || forbidding.contains(&p.id().to_string()))
        })
    }

    /// What would let an extension do it: a scope, if there is one for it.
    fn needed_by_extension(&self, action: Action) -> Vec<String> {
        let named = format!("\"{}\"", action.as_str());
        let texts = self.texts(|p| p.action_constraint_mentions(&named) && self.is_for_extensions(p));
        if texts.is_empty() {
            return vec!["This is not for extensions.".to_owned()];
        }
        texts.into_iter().map(|policy| policy.sentence).collect()
    }

    fn is_for_extensions(&self, policy: &cedar_policy::Policy) -> bool {
        matches!(policy.principal_constraint(), PrincipalConstraint::Is(kind) if kind == *self.extension.type_name())
    }

    fn texts(&self, wanted: impl Fn(&cedar_policy::Policy) -> bool) -> Vec<PolicyText> {
        let text = |p: &cedar_policy::Policy| PolicyText {
            id: p.id().to_string(),
            sentence: p.annotation("sentence").unwrap_or_default().to_owned(),
            forbids: p.effect() == Effect::Forbid,
        };
        let mut texts: Vec<PolicyText> = self.set.policies().filter(|p| wanted(p)).map(text).collect();
        texts.sort_unstable();
        texts
    }
}

trait MentionsAction {
    fn action_constraint_mentions(&self, named: &str) -> bool;
}

impl MentionsAction for cedar_policy::Policy {
    fn action_constraint_mentions(&self, named: &str) -> bool {
        use cedar_policy::ActionConstraint;
        match self.action_constraint() {
            ActionConstraint::Any => true,
            ActionConstraint::Eq(uid) => uid.to_string().ends_with(named),
            ActionConstraint::In(uids) => uids.iter().any(|uid| uid.to_string().ends_with(named)),
        }
    }
}

fn uid(kind: &str, id: &str) -> Result<EntityUid, PolicyError> {
    let kind = EntityTypeName::from_str(kind).map_err(|e| PolicyError(e.to_string()))?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}
