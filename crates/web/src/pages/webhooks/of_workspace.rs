//! The webhooks of a workspace.

use axum::extract::{Path, State};
use axum::response::{Html, Redirect, Response};
use orglink_app::webhook::WebhooksOf;
use orglink_http::{AppState, CheckedForm, Failure, QueryString, Visitor};

use super::super::ListQuery;
use super::{
    LogQuery, Nothing, ReplayForm, RotateForm, VersionForm, WebhookForm, change, create, delete, delivery, list, one,
    replay, resend, rotate, test,
};

pub async fn of_workspace(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    QueryString(query): QueryString<ListQuery>,
) -> Result<Response, Failure> {
    list(&app, &visitor, WebhooksOf::Workspace(&slug), &query).await
}

pub async fn create_of_workspace(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<WebhookForm>,
) -> Result<Response, Failure> {
    create(&app, WebhooksOf::Workspace(&slug), form).await
}

pub async fn one_of_workspace(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((slug, id)): Path<(String, String)>,
    QueryString(query): QueryString<LogQuery>,
) -> Result<Html<String>, Failure> {
    one(&app, &visitor, (WebhooksOf::Workspace(&slug), &id), &query, None).await
}

pub async fn delivery_of_workspace(
    State(app): State<AppState>,
    visitor: Visitor,
    Path((slug, id, position)): Path<(String, String, String)>,
    QueryString(query): QueryString<LogQuery>,
) -> Result<Html<String>, Failure> {
    delivery(&app, &visitor, (WebhooksOf::Workspace(&slug), &id, &position), &query).await
}

pub async fn resend_of_workspace(
    State(app): State<AppState>,
    Path((slug, id, position)): Path<(String, String, String)>,
    form: CheckedForm<Nothing>,
) -> Result<Redirect, Failure> {
    resend(&app, (WebhooksOf::Workspace(&slug), &id, &position), form).await
}

pub async fn change_of_workspace(
    State(app): State<AppState>,
    Path((slug, id)): Path<(String, String)>,
    form: CheckedForm<WebhookForm>,
) -> Result<Redirect, Failure> {
    change(&app, (WebhooksOf::Workspace(&slug), &id), form).await
}

pub async fn rotate_of_workspace(
    State(app): State<AppState>,
    Path((slug, id)): Path<(String, String)>,
    form: CheckedForm<RotateForm>,
) -> Result<Response, Failure> {
    rotate(&app, (WebhooksOf::Workspace(&slug), &id), form).await
}

pub async fn test_of_workspace(
    State(app): State<AppState>,
    Path((slug, id)): Path<(String, String)>,
    form: CheckedForm<Nothing>,
) -> Result<Redirect, Failure> {
    test(&app, (WebhooksOf::Workspace(&slug), &id), form).await
}

pub async fn replay_of_workspace(
    State(app): State<AppState>,
    Path((slug, id)): Path<(String, String)>,
    form: CheckedForm<ReplayForm>,
) -> Result<Redirect, Failure> {
    replay(&app, (WebhooksOf::Workspace(&slug), &id), form).await
}

pub async fn delete_of_workspace(
    State(app): State<AppState>,
    Path((slug, id)): Path<(String, String)>,
    form: CheckedForm<VersionForm>,
) -> Result<Redirect, Failure> {
    delete(&app, (WebhooksOf::Workspace(&slug), &id), form).await
}
