//! The rules of orglink, and nothing else.
//!
//! orglink attaches standalone *workspaces* to *organizations*. Linking is deliberately small: it writes one
//! row that says "this workspace belongs to that organization", and changes neither people, groups,
//! permissions, repositories nor billing. Everything a person fears (who may do what, who pays) is therefore
//! *proven unchanged* rather than migrated: see [`plan`] for what is shown beforehand and [`access`] for the
//! digest that is compared afterwards.
//!
//! What belongs here: nouns with their rules, facts in → answers out. What does not: input and output, async,
//! SQL, HTTP, a clock of its own. Time and ids are passed in ([`clock::Clock`], [`clock::IdSource`]).
//!
//! | Module | Answers |
//! |---|---|
//! | [`eligibility`] | why may this workspace not be linked (now, automatically)? |
//! | [`plan`] | what exactly would linking do, and has that changed since? |
//! | [`bulk`] | the same for many at once: how does each stand, what came of each? |
//! | [`access`] | who can do what in a workspace, as one comparable digest |
//! | [`entitlement`] | which features does a link unlock? |
//! | [`billing`] | what does a workspace pay, today and after its billing has migrated, to the cent? |
//! | [`registry`] | which image does a name of the container registry name, and what is asked for? |
//! | [`catalog`] | which apps, products and features exist in this installation? |
//! | [`recovery`] | how does what nobody can administer any more get an admin again? |
//! | [`invitation`], [`access_request`] | how people come to the roles they lack |
//! | [`campaign`] | by when is everybody to link, what do they hear, and where does the rest go? |
//! | [`ledger`] | how is it shown that no event was changed, left out or put in afterwards? |
//! | [`receipt`] | how does one file prove a link, or its undoing, to whoever has only the public key?
//! | [`domain_claim`] | which domains are an organization's, and which accounts does it manage? |
//! | [`offer`] | what does the operator offer, to whom, and never in the way of what? |
//! | [`assistant`] | what does an assistant ask its person to do, and where does that stand? |
//! | [`timeline`] | what does each stage of a workspace change, and what not? |
//! | [`event`] | the closed list of things that can have happened |
//! | [`notice`] | what are people told, and what may they switch off? |

pub mod access;
pub mod access_request;
pub mod account;
pub mod address_list;
pub mod assistant;
pub mod billing;
pub mod bulk;
pub mod campaign;
pub mod catalog;
pub mod clock;
pub mod consent;
pub mod day;
pub mod digest;
pub mod domain_claim;
pub mod eligibility;
pub mod entitlement;
pub mod event;
pub mod extension;
pub mod id;
pub mod invitation;
pub mod ledger;
pub mod link;
pub mod money;
pub mod name;
pub mod notice;
pub mod offer;
pub mod organization;
pub mod period;
pub mod plan;
pub mod receipt;
pub mod recommendation;
pub mod recovery;
pub mod registry;
pub mod repository_access;
pub mod role;
pub mod text;
pub mod timeline;
pub mod token;
pub mod tracker;
pub mod user_management;
pub mod webhook;
pub mod workspace;
