//! Plumbing that the ways in share: who asks, problem documents, forms that cannot be forged, headers.
//!
//! What belongs here: how HTTP carries what use cases take and give. What does not: any rule, any page, any JSON
//! shape of ours.

mod caller;
mod download;
mod form;
mod headers;
mod input;
mod limits;
mod network;
mod problem;
mod request_id;
mod session;
mod upload;
mod version;

pub use caller::{Asker, Caller, LocalOperator, StillCalling, bearer};
pub use download::download;
pub use form::{CheckedForm, FormRefusal, HeldForm, NeedsStepUp, require_same_origin};
pub use headers::{count_requests, guard_host, protect, run_writes_to_the_end};
pub use input::{JsonBody, JsonOrNothing, QueryString};
pub use limits::{Limits, RequestLimits, limit_address, limit_caller};
pub use network::{ForwardedHeader, Network, enter, network_address};
pub use problem::{Failure, Problem, ProblemInput, ProblemReason, status_of};
pub use request_id::RequestId;
pub use session::{Visitor, cookie_of, ended_cookie};
pub use upload::CheckedUpload;
pub use version::{IfMatch, etag};

/// What every handler is given.
pub type AppState = std::sync::Arc<orglink_app::App>;
