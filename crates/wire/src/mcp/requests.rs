//! What an assistant asks of its person: nothing happens before they confirm it in the product.

use orglink_app::assistant::{self, LinkWish, RequestView, UndoWish};
use orglink_app::{Error, PageRequest};
use orglink_domain::token::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Asker;
use super::tool::Tool;

#[derive(Serialize, JsonSchema)]
pub(super) struct RequestTold {
    /// What request_status takes as request
    id: String,
    /// `open`, `confirmed`, `declined` or `expired`
    state: &'static str,
    /// `link` or `undo`
    act: &'static str,
    workspace: Option<String>,
    organization: Option<String>,
    plan_digest: String,
    created_at: String,
    expires_at: String,
    /// Why it can no longer be confirmed although it is open: draft another plan
    obstacle: Option<String>,
    /// Where the person sees what is asked, and confirms or declines it
    url: String,
}

impl RequestTold {
    fn of(asker: &Asker, v: RequestView) -> Self {
        Self {
            id: v.request.id.to_string(),
            state: v.state.as_str(),
            act: v.request.act.as_str(),
            workspace: v.workspace.map(|w| w.slug),
            organization: v.organization.map(|o| o.slug),
            plan_digest: v.request.plan_digest.to_string(),
            created_at: v.request.created_at.to_string(),
            expires_at: v.request.expires_at.to_string(),
            obstacle: v.obstacle,
            url: asker.page("/me/assistants"),
        }
    }
}

pub(super) struct RequestLink;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedLink {
    /// Slug or id
    workspace: String,
    /// Slug or id
    organization: String,
    /// The digest of a plan that draft_link made
    plan_digest: String,
    /// For the person, shown as yours; at most 1000 characters
    message: Option<String>,
}

impl Tool for RequestLink {
    const NAME: &'static str = "request_link";
    const TITLE: &'static str = "Ask the person to link a workspace";
    const DESCRIPTION: &'static str = "Asks the person whose token this is to link a workspace by exactly the plan that was \
        drafted. Nothing is linked: they are told, look at the plan in the product, and confirm or decline. It needs the \
        organization's switch for assistants. Asking again for the same plan changes nothing.";
    const SCOPE: Scope = Scope::Ask;
    type Asked = AskedLink;
    type Told = RequestTold;

    async fn call(asker: &Asker, asked: AskedLink) -> Result<RequestTold, Error> {
        let AskedLink { workspace, organization, plan_digest, message } = asked;
        let wish = LinkWish { workspace, organization, plan_digest, message };
        assistant::request_link(&asker.app, &asker.principal, &wish).await.map(|v| RequestTold::of(asker, v))
    }
}

pub(super) struct RequestUndo;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedUndo {
    /// Slug or id
    workspace: String,
    /// The digest of a plan that draft_undo made
    plan_digest: String,
    /// For the person, shown as yours; at most 1000 characters
    message: Option<String>,
}

impl Tool for RequestUndo {
    const NAME: &'static str = "request_undo";
    const TITLE: &'static str = "Ask the person to undo a link";
    const DESCRIPTION: &'static str = "Asks the person whose token this is to undo the link of a workspace by exactly the plan \
        that was drafted. Nothing is undone before they confirm it in the product. It needs the organization's switch for \
        assistants.";
    const SCOPE: Scope = Scope::Ask;
    type Asked = AskedUndo;
    type Told = RequestTold;

    async fn call(asker: &Asker, asked: AskedUndo) -> Result<RequestTold, Error> {
        let AskedUndo { workspace, plan_digest, message } = asked;
        let wish = UndoWish { workspace, plan_digest, message };
        assistant::request_undo(&asker.app, &asker.principal, &wish).await.map(|v| RequestTold::of(asker, v))
    }
}

pub(super) struct RequestStatus;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhichRequest {
    /// The id of one; all of them, newest first, when nothing is said
    request: Option<String>,
    /// `next` of the page before
    cursor: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct RequestsTold {
    items: Vec<RequestTold>,
    next: Option<String>,
}

impl Tool for RequestStatus {
    const NAME: &'static str = "request_status";
    const TITLE: &'static str = "What became of requests";
    const DESCRIPTION: &'static str =
        "What became of what was asked of the person: of one request, or of all, newest first.";
    const SCOPE: Scope = Scope::Read;
    type Asked = WhichRequest;
    type Told = RequestsTold;

    async fn call(asker: &Asker, asked: WhichRequest) -> Result<RequestsTold, Error> {
        let (app, principal) = (&asker.app, &asker.principal);
        if let Some(id) = asked.request {
            let found = assistant::view_request(app, principal, &id).await?;
            return Ok(RequestsTold { items: vec![RequestTold::of(asker, found)], next: None });
        }
        let page = PageRequest::new(asked.cursor.as_deref(), None)?;
        let found = assistant::list_requests(app, principal, &page).await?.map(|v| RequestTold::of(asker, v));
        Ok(RequestsTold { items: found.items, next: found.next })
    }
}
