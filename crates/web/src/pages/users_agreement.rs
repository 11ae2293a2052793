//! Agreeing beforehand to a campaign that migrates users, and asking for more time: on the page of a workspace's migration, and on that of an
//! organization's directory.

use axum::extract::{Path, State};
use axum::response::Redirect;
use orglink_app::campaign::{self, NewPostponement};
use orglink_app::user_management::{self, AgreeToCampaign, UsersOf};
use orglink_app::{Error, Principal};
use orglink_domain::campaign::Purpose;
use orglink_domain::day::InvalidDay;
use orglink_domain::digest::Digest;
use orglink_http::{AppState, CheckedForm, Failure};
use serde::Deserialize;

use super::proposals::one::codes;
use super::saved;

#[derive(Deserialize)]
pub struct AgreementForm {
    /// `agree`, `withdraw`, `postpone` or `unpostpone`.
    #[serde(default)]
    what: String,
    /// Of the terms that were shown.
    #[serde(default)]
    digest: String,
    /// The codes of the warnings ticked, separated by spaces.
    #[serde(default)]
    acknowledge: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    reason: String,
}

pub async fn of_workspace(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<AgreementForm>,
) -> Result<Redirect, Failure> {
    let (principal, given) = (form.visitor.principal(), &form.form);
    let of = UsersOf::Workspace(&slug);
    // Whoever may not see it is told nothing of what they sent.
    user_management::view_users_campaign(&app, principal, of).await?;
    match given.what.as_str() {
        "postpone" => {
            let until = given.until.trim().parse().map_err(|e: InvalidDay| Error::field("until", e.to_string()))?;
            let wanted = NewPostponement { until, reason: given.reason.clone() };
            campaign::postpone(&app, principal, &slug, Purpose::Users, &wanted).await?;
        }
        "unpostpone" => campaign::withdraw_postponement(&app, principal, &slug, Purpose::Users).await?,
        _ => answer(&app, principal, of, given).await?,
    }
    Ok(saved(&format!("/workspaces/{slug}/users-migration")))
}

pub async fn of_organization(
    State(app): State<AppState>,
    Path(slug): Path<String>,
    form: CheckedForm<AgreementForm>,
) -> Result<Redirect, Failure> {
    let (principal, given) = (form.visitor.principal(), &form.form);
    let of = UsersOf::Organization(&slug);
    user_management::view_users_campaign(&app, principal, of).await?;
    answer(&app, principal, of, given).await?;
    Ok(saved(&format!("/organizations/{slug}/directory")))
}

async fn answer(app: &AppState, principal: &Principal, of: UsersOf<'_>, given: &AgreementForm) -> Result<(), Error> {
    match given.what.as_str() {
        "agree" => {
            let shown = given.digest.parse::<Digest>().map_err(|e| Error::field("digest", e.to_string()))?;
            let request = AgreeToCampaign { digest: Some(shown), acknowledge: codes(&given.acknowledge) };
            user_management::agree_to_users_campaign(app, principal, of, &request).await
        }
        "withdraw" => user_management::withdraw_from_users_campaign(app, principal, of).await,
        _ => Err(Error::field("what", "is agree, withdraw, postpone or unpostpone")),
    }
}
