//! The editor of a campaign, with what people would read as it stands there.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use orglink_app::Error;
use orglink_app::campaign::{self, MailPreview};
use orglink_domain::campaign::Definition;
use orglink_domain::workspace::SubscriptionPlan;
use orglink_http::{AppState, CheckedForm, Failure, Visitor};
use serde::Deserialize;
use serde_json::json;

use super::path_of;
use crate::pages::{saved, seen, several};
use crate::shell::{Shell, render};

#[derive(Template)]
#[template(path = "operator_campaign_edit.html")]
struct EditPage {
    shell: Shell,
    d: Definition,
    /// Of the campaign that is changed; none for a new one.
    version: Option<i64>,
    action: String,
    reminders: String,
    plans: &'static [SubscriptionPlan],
}

#[derive(Template)]
#[template(path = "operator_campaign_mails.html")]
struct MailsPage {
    shell: Shell,
    title: String,
    mails: Vec<MailPreview>,
}

pub async fn show_new(State(app): State<AppState>, visitor: Visitor) -> Result<Html<String>, Failure> {
    campaign::require_operator(&app, visitor.principal())?;
    let shell = Shell::new(&app, &visitor, "New campaign").await?.here("Campaigns");
    let d = campaign::proposed_definition(&app);
    render(&edit_page(shell, d, None, "/operator/campaigns".to_owned()))
}

pub async fn show_edit(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Html<String>, Failure> {
    let view = campaign::view_campaign(&app, visitor.principal(), &name).await?;
    let shell = Shell::new(&app, &visitor, "Change the campaign").await?.here("Campaigns");
    let (version, name) = (view.campaign.version, view.campaign.definition.name.clone());
    render(&edit_page(shell, view.campaign.definition, Some(version), format!("{}/edit", path_of(&name))))
}

fn edit_page(shell: Shell, d: Definition, version: Option<i64>, action: String) -> EditPage {
    let reminders = d.reminders.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    EditPage { shell, d, version, action, reminders, plans: SubscriptionPlan::ALL }
}

/// What people read, of a campaign as it is kept.
pub async fn show_mails(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Html<String>, Failure> {
    let view = campaign::view_campaign(&app, visitor.principal(), &name).await?;
    mails_page(&app, &visitor, &view.campaign.definition).await
}

/// What people would read, of a campaign as it stands in the editor; nothing is kept.
pub async fn preview(State(app): State<AppState>, form: CheckedForm<DefinitionForm>) -> Result<Html<String>, Failure> {
    campaign::require_operator(&app, form.visitor.principal())?;
    mails_page(&app, &form.visitor, &form.form.definition()?).await
}

async fn mails_page(app: &AppState, visitor: &Visitor, of: &Definition) -> Result<Html<String>, Failure> {
    let mails = campaign::preview_mails(app, visitor.principal(), of)?;
    let shell = Shell::new(app, visitor, "What people read").await?.here("Campaigns");
    render(&MailsPage { shell, title: of.title.clone(), mails })
}

/// A definition, field by field.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct DefinitionForm {
    version: Option<String>,
    name: String,
    title: String,
    purpose: String,
    time_zone: String,
    announce_on: String,
    link_by: String,
    automatic_from: String,
    reminders: String,
    plans: String,
    labels: String,
    workspaces: String,
    created_before: String,
    min_members: String,
    max_members: String,
    use_existing_organization: String,
    minimum_notice: String,
    undo_window: String,
    claim_notice: String,
    canary_percent: String,
    waves: String,
    every: String,
    error_budget: String,
    budget: String,
    longest: String,
    announcement: String,
    reminder: String,
    linked: String,
}

impl DefinitionForm {
    fn definition(&self) -> Result<Definition, Error> {
        let number = |field: &'static str, text: &str| -> Result<Option<i64>, Error> {
            let text = text.trim();
            let parsed = (!text.is_empty()).then(|| text.parse::<u32>().map(i64::from)).transpose();
            parsed.map_err(|_| Error::field(field, format!("'{text}' is not a whole number")))
        };
        let required = |field, text: &str| Ok::<i64, Error>(number(field, text)?.unwrap_or(0));
        let mut reminders = Vec::new();
        for days in several(&self.reminders) {
            reminders.push(required("reminders", &days)?);
        }
        let text = |t: &str| t.replace("\r\n", "\n").trim().to_owned();
        let day = |t: &str| Some(t.trim().to_owned()).filter(|t| !t.is_empty());
        let purpose = if self.purpose.is_empty() { "link" } else { self.purpose.as_str() };
        campaign::parse_definition(json!({
            "purpose": purpose, "name": self.name.trim(), "title": self.title.trim(), "time_zone": self.time_zone.trim(),
            "announce_on": self.announce_on.trim(), "link_by": self.link_by.trim(),
            "automatic_from": self.automatic_from.trim(), "reminders": reminders,
            "cohort": {
                "plans": several(&self.plans), "labels": several(&self.labels), "workspaces": several(&self.workspaces),
                "created_before": day(&self.created_before),
                "min_members": number("min_members", &self.min_members)?,
                "max_members": number("max_members", &self.max_members)?,
            },
            "automatic": {
                "use_existing_organization": self.use_existing_organization, "minimum_notice": self.minimum_notice.trim(),
                "undo_window": self.undo_window.trim(), "claim_notice": self.claim_notice.trim(),
            },
            "waves": {
                "canary_percent": required("canary_percent", &self.canary_percent)?,
                "count": required("waves", &self.waves)?, "every": self.every.trim(),
                "error_budget": required("error_budget", &self.error_budget)?,
            },
            "postponement": { "budget": required("budget", &self.budget)?, "longest": self.longest.trim() },
            "texts": {
                "announcement": text(&self.announcement), "reminder": text(&self.reminder), "linked": text(&self.linked),
            },
        }))
    }
}

pub async fn create(State(app): State<AppState>, form: CheckedForm<DefinitionForm>) -> Result<Redirect, Failure> {
    campaign::require_operator(&app, form.visitor.principal())?;
    let definition = form.form.definition()?;
    campaign::create_campaign(&app, form.visitor.principal(), &definition, None).await?;
    Ok(saved(&path_of(&definition.name)))
}

pub async fn change(
    State(app): State<AppState>,
    Path(name): Path<String>,
    form: CheckedForm<DefinitionForm>,
) -> Result<Redirect, Failure> {
    campaign::require_operator(&app, form.visitor.principal())?;
    let expected = seen(form.form.version.as_deref())?;
    let definition = form.form.definition()?;
    let after = campaign::change_campaign(&app, form.visitor.principal(), &name, &definition, expected).await?;
    Ok(saved(&path_of(&after.definition.name)))
}
