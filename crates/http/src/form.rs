//! Forms that nobody else can send in a visitor's name.

use axum::extract::{Form, FromRequest, Request};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use orglink_app::Error;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::session::Visitor;
use crate::{AppState, Failure};

/// A form of a signed-in visitor that brought back its token, sent from one of our own pages.
pub struct CheckedForm<T> {
    pub visitor: Visitor,
    pub form: T,
    sent: Sent,
}

/// A form as it was sent, should it have to wait.
struct Sent {
    path: String,
    pairs: Vec<(String, String)>,
}

impl Sent {
    fn hold(self, app: &AppState, visitor: &Visitor, why: Error) -> FormRefusal {
        let fields = self.pairs.into_iter().filter(|(name, _)| name != "form_token").collect();
        let form_token = visitor.form_token(app);
        FormRefusal::Held(Box::new(HeldForm { path: self.path, fields, form_token }), Failure(why))
    }
}

impl<T> CheckedForm<T> {
    /// For routes of which only some forms do what cannot be undone: holds this one back unless its sender has proven
    /// lately that it is them.
    ///
    /// # Errors
    /// The form, held.
    pub fn require_recent(self, app: &AppState) -> Result<Self, FormRefusal> {
        match self.visitor.signed_in.require_recent(app) {
            Ok(()) => Ok(self),
            Err(why) => Err(self.sent.hold(app, &self.visitor, why)),
        }
    }
}

/// A form field's name as the pages write it.
#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    form_token: String,
}

/// Put into the requests of routes whose forms do what cannot be undone: whoever sends one must have proven lately that
/// it is them.
#[derive(Debug, Clone, Copy)]
pub struct NeedsStepUp;

/// A form that was held back until its sender has proven that it is them: the page that asks for the proof brings it
/// along, so that nothing of it is lost.
#[derive(Debug, Clone)]
pub struct HeldForm {
    /// Where it was sent.
    pub path: String,
    /// Its fields, without its token.
    pub fields: Vec<(String, String)>,
    /// What the next form must bring back.
    pub form_token: String,
}

/// Why a form was not taken.
pub enum FormRefusal {
    Failure(Failure),
    Held(Box<HeldForm>, Failure),
}

impl<E: Into<Error>> From<E> for FormRefusal {
    fn from(e: E) -> Self {
        Self::Failure(Failure(e.into()))
    }
}

impl IntoResponse for FormRefusal {
    fn into_response(self) -> Response {
        match self {
            Self::Failure(failure) => failure.into_response(),
            Self::Held(form, failure) => {
                let mut response = failure.into_response();
                response.extensions_mut().insert(*form);
                response
            }
        }
    }
}

impl<T: DeserializeOwned> FromRequest<AppState> for CheckedForm<T> {
    type Rejection = FormRefusal;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, FormRefusal> {
        let (mut parts, body) = request.into_parts();
        let visitor = <Visitor as axum::extract::FromRequestParts<AppState>>::from_request_parts(&mut parts, app)
            .await
            .map_err(FormRefusal::Failure)?;
        require_same_origin(app, &parts.headers).map_err(FormRefusal::Failure)?;
        let (needs_step_up, path) = (parts.extensions.get::<NeedsStepUp>().is_some(), parts.uri.path().to_owned());
        let Form(pairs) = Form::<Vec<(String, String)>>::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|e| Error::field("form", e.body_text()))?;
        let token: Token = from_pairs(&pairs)?;
        if !visitor.is_form_token(app, &token.form_token) {
            return Err(forged().into());
        }
        let sent = Sent { path, pairs };
        if needs_step_up && let Err(why) = visitor.signed_in.require_recent(app) {
            return Err(sent.hold(app, &visitor, why));
        }
        Ok(Self { form: from_pairs(&sent.pairs)?, visitor, sent })
    }
}

/// Fields by name; a name that stands several times becomes its last value, unless the form wants them joined by
/// spaces (`acknowledge`).
fn from_pairs<T: DeserializeOwned>(pairs: &[(String, String)]) -> Result<T, Error> {
    let mut fields = serde_json::Map::new();
    for (name, value) in pairs {
        let joined = match fields.get(name).and_then(|v| v.as_str()) {
            Some(before) => format!("{before} {value}"),
            None => value.clone(),
        };
        fields.insert(name.clone(), joined.into());
    }
    serde_json::from_value(fields.into()).map_err(|e| Error::field("form", e.to_string()))
}

/// Refuses what another site's page sent. Browsers that send neither header are held by the form's token.
///
/// # Errors
/// `form_not_valid`.
pub fn require_same_origin(app: &AppState, headers: &HeaderMap) -> Result<(), Failure> {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let is_foreign = match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some(site), _) => !matches!(site.as_str(), "same-origin" | "none"),
        (None, Some(origin)) => origin != app.settings.public_url,
        (None, None) => false,
    };
    if is_foreign { Err(Failure(forged())) } else { Ok(()) }
}

pub(crate) fn forged() -> Error {
    Error::forbidden(
        "form_not_valid",
        "This form cannot be accepted",
        &["It was not sent from a page of yours, or you signed in again meanwhile. Go back, reload the page, and send it again.".to_owned()],
    )
}
