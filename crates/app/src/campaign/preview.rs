//! What people would read of a campaign: the real mails, about an example.

use orglink_domain::campaign::{Definition, Purpose, Told};
use orglink_domain::clock::Timestamp;
use orglink_domain::event::Actor;
use orglink_mail::{BillingMigrated, LinkedAutomatically, Mail, Named, Rendering, UsersMigrated};
use orglink_policy::Action;

use super::tell::{Words, calendar_of, dates_of};
use crate::{App, Error, Principal};

/// One mail as it is read.
#[derive(Debug, Clone)]
pub struct MailPreview {
    pub what: &'static str,
    pub subject: String,
    pub text: String,
    /// What it puts into a calendar.
    pub date: Option<Timestamp>,
}

/// The announcement, a reminder, the last one, and what is said when a workspace was linked by itself.
///
/// # Errors
/// A refusal for anybody but an operator.
pub fn preview_mails(app: &App, principal: &Principal, of: &Definition) -> Result<Vec<MailPreview>, Error> {
    app.require(Action::ManageCampaigns, principal.standing())?;
    let calendar = calendar_of(of)?;
    let workspace = || Named::new("example-workspace", "Example Workspace");
    let mut previews = Vec::new();
    let mut add = |what, mail: Mail| -> Result<(), Error> {
        let with = Rendering { public_url: &app.settings.public_url, secret: None, unsubscribe: None };
        let rendered = mail.render(with).map_err(|e| Error::broken(&e.to_string()))?;
        let date = rendered.date.map(|(at, _)| at);
        previews.push(MailPreview { what, subject: rendered.subject, text: rendered.text, date });
        Ok(())
    };
    let mut has_reminder = false;
    for telling in &calendar.tellings {
        let (what, note) = match telling.told {
            Told::Announcement => ("The announcement", &of.texts.announcement),
            // One of them stands for all but the last.
            Told::Reminder(_) if telling.is_last => ("The last reminder", &of.texts.reminder),
            Told::Reminder(_) if !has_reminder => ("A reminder", &of.texts.reminder),
            _ => continue,
        };
        has_reminder |= matches!(telling.told, Told::Reminder(_));
        let words = Words {
            purpose: of.purpose,
            consent: of.users.consent,
            telling: *telling,
            dates: dates_of(of, &calendar),
            before: None,
            note: note.clone(),
        };
        add(what, words.about(workspace()))?;
    }
    let at = calendar.automatic_at;
    if of.purpose == Purpose::Billing {
        let migrated =
            BillingMigrated { workspace: workspace(), organization: workspace(), at, note: of.texts.linked.clone() };
        add("When its billing has migrated", migrated.into())?;
        return Ok(previews);
    }
    if of.purpose == Purpose::Users {
        let migrated = UsersMigrated {
            workspace: workspace(),
            organization: workspace(),
            by: Actor::SYSTEM.into(),
            at,
            is_organization_side: false,
            campaign: of.name.clone(),
            note: of.texts.linked.clone(),
        };
        add("When its users have migrated", migrated.into())?;
        return Ok(previews);
    }
    let undo = of.automatic.undo_window;
    let linked = LinkedAutomatically {
        workspace: workspace(),
        organization: workspace(),
        at,
        undo_until: if undo.is_none() { String::new() } else { at.plus_seconds(undo.as_seconds()).to_minute() },
        is_new: true,
        why: "Its admins have no organization. A new one of its own is made.".to_owned(),
        note: of.texts.linked.clone(),
    };
    add("When it was linked by itself", linked.into())?;
    Ok(previews)
}
