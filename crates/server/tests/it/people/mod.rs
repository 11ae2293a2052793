//! Invitations and access requests; what its tests share.

mod accepting;
mod expiry;
mod privacy;
mod refusals;
mod requests;
mod ways;

use orglink_app::invitation::{self, InviteTo, NewInvitations, create_invitations};
use orglink_app::{Error, PageRequest, one_time, workspace};
use orglink_domain::event::EventType;
use orglink_domain::invitation::InvitationState;
use orglink_store::in_write;
use orglink_testkit::{Answer, TestApp};

pub const ADA: &str = "ada@meridian.example";
pub const BEN: &str = "ben@meridian.example";
pub const LENA: &str = "lena@harbor.example";
pub const NEW: &str = "new@else.example";
pub const DAY: i64 = 24 * 60 * 60;

pub fn group() -> InviteTo<'static> {
    InviteTo::UserGroup("night-shift", "administrators")
}

pub fn code(error: &Error) -> &'static str {
    match error {
        Error::Refused(refusal) => refusal.code,
        Error::NotFound { .. } => "not_found",
        Error::BadInput(_) => "bad_input",
        Error::TooManyAttempts { .. } => "too_many_attempts",
        other => panic!("not a clear refusal: {other}"),
    }
}

/// What somebody makes of an address; the id of the invitation that is pending now.
pub async fn invite(world: &TestApp, by: &str, to: InviteTo<'_>, email: &str) -> Result<String, Error> {
    let new = NewInvitations { emails: vec![email.to_owned()], hands_over: false };
    let made = create_invitations(&world.app, &world.person(by).await, &to, &new, None).await?.answer;
    Ok(made[0].invitation.map(|id| id.to_string()).unwrap_or_default())
}

/// The secret that a mail of this invitation would carry.
pub async fn secret_of(world: &TestApp, id: &str) -> String {
    let at = world.app.now();
    let subject = id.parse().unwrap();
    let purpose = one_time::Purpose {
        name: "invitation",
        subject,
        account_id: None,
        email: None,
        expires_at: at.plus_seconds(14 * DAY),
    };
    let minted: Result<_, Error> =
        in_write!(world.app.db, tx, { one_time::mint(tx, purpose, at).await.map_err(Error::from) });
    minted.unwrap().reveal().to_owned()
}

pub async fn state(world: &TestApp, by: &str, id: &str) -> InvitationState {
    invitation::view_invitation(&world.app, &world.person(by).await, id).await.unwrap().state
}

pub async fn count(world: &TestApp, kind: EventType) -> usize {
    world.events().await.iter().filter(|e| e.kind == kind).count()
}

pub async fn groups_of(world: &TestApp, workspace: &str, email: &str) -> Vec<String> {
    let page = PageRequest::new(None, None).unwrap();
    let members =
        workspace::list_members(&world.app, &world.person("noor@meridian.example").await, workspace, email, &page)
            .await
            .unwrap();
    members.page.items.iter().flat_map(|m| m.groups.iter().map(|g| g.slug.clone())).collect()
}

pub async fn form(world: &TestApp, who: Option<&str>, path: &str, fields: &str) -> Answer {
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded".to_owned())];
    let mut body = fields.to_owned();
    if let Some(who) = who {
        let (cookie, token) = world.session(who).await;
        headers.push(("cookie", cookie));
        body = format!("{body}&form_token={token}");
    }
    let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    world.send("POST", path, &headers, &body).await
}
