//! A plan as every page shows it: `plan.html`, with the words that are not in the plan itself.

use orglink_app::App;
use orglink_app::link::PlanView;

use super::undo_window;

/// A plan with what `plan.html` says about it.
pub struct Planned {
    pub view: PlanView,
    pub app_title: String,
    pub features: Vec<FeatureRow>,
    /// For how long the link can be undone, in words; none when it is permanent at once.
    pub undo_window: Option<String>,
    /// Whose names the link will bear: `your name`.
    pub whose: &'static str,
}

/// A feature before and after.
pub struct FeatureRow {
    pub title: String,
    pub before: bool,
    pub after: bool,
}

impl Planned {
    pub fn of(app: &App, view: PlanView, whose: &'static str) -> Self {
        let has = |when: &str, name: &str| {
            let listed = view.plan.document.get("entitlements").and_then(|e| e.get(when)?.as_array());
            listed.is_some_and(|list| list.iter().any(|v| v.as_str() == Some(name)))
        };
        let features = app
            .catalog
            .features
            .iter()
            .map(|f| FeatureRow {
                title: f.title.clone(),
                before: has("before", &f.name),
                after: has("after", &f.name),
            })
            .collect();
        let app_title = app.catalog.app_title(&view.workspace.app).to_owned();
        Self { features, app_title, undo_window: undo_window(app), whose, view }
    }

    /// The organization that the workspace leaves; none when it is to be linked.
    pub fn leaves(&self) -> Option<&str> {
        self.view.plan.document.get("source")?.get("name")?.as_str()
    }

    /// How many administer a side whose people the visitor may not see.
    pub fn hidden_admins(&self, side: &str) -> String {
        let admins = self.view.plan.document.get(side).and_then(|s| s.get("admins")?.as_array()).map_or(0, Vec::len);
        match admins {
            0 => "Nobody.".to_owned(),
            1 => "One person. Who that is, its own people see.".to_owned(),
            count => format!("{count} people. Who they are, its own people see."),
        }
    }
}
