//! The tools: what each is called, takes and says, in one list.

use std::sync::Arc;

use orglink_app::{Error, InputError};
use orglink_domain::token::Scope;
use rmcp::model::{CallToolResult, JsonObject, ToolAnnotations};
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Asker;
use super::answer::{problem_schema, say_no, say_yes};
use super::plans::{DraftLink, DraftUndo, ExplainAccess};
use super::requests::{RequestLink, RequestStatus, RequestUndo};
use super::workspaces::{CheckEligibility, ListEntitlements, ListMyWorkspaces, ViewCampaign};

/// A use case as assistants call it.
pub(super) trait Tool {
    const NAME: &'static str;
    const TITLE: &'static str;
    /// For the assistant: what it is good for, and what it is not.
    const DESCRIPTION: &'static str;
    /// `read`; or `ask` for what leaves a request.
    const SCOPE: Scope;
    /// What it takes; its schema is the tool's.
    type Asked: DeserializeOwned + JsonSchema + Send;
    type Told: Serialize + JsonSchema + Send;

    fn call(asker: &Asker, asked: Self::Asked) -> impl Future<Output = Result<Self::Told, Error>> + Send;
}

macro_rules! tools {
    ($($tool:ty),+ $(,)?) => {
        /// Every tool there is.
        pub(super) fn list() -> Vec<rmcp::model::Tool> {
            vec![$(describe::<$tool>()),+]
        }

        /// Calls one; nothing when there is none of that name.
        pub(super) async fn call(name: &str, asker: &Asker, arguments: JsonObject) -> Option<CallToolResult> {
            match name {
                $(<$tool>::NAME => Some(run::<$tool>(asker, arguments).await),)+
                _ => None,
            }
        }
    };
}

tools![
    ListMyWorkspaces,
    CheckEligibility,
    ListEntitlements,
    ViewCampaign,
    DraftLink,
    ExplainAccess,
    DraftUndo,
    RequestLink,
    RequestUndo,
    RequestStatus,
];

async fn run<T: Tool>(asker: &Asker, arguments: JsonObject) -> CallToolResult {
    match answer::<T>(asker, arguments).await {
        Ok(told) => say_yes(told),
        Err(no) => say_no(&no),
    }
}

async fn answer<T: Tool>(asker: &Asker, arguments: JsonObject) -> Result<Value, Error> {
    asker.principal.require_scope(T::SCOPE)?;
    let asked = serde_json::from_value(Value::Object(arguments)).map_err(|e| {
        let detail = e.to_string();
        Error::BadInput(vec![InputError { file: None, line: None, column: None, field: Some("arguments"), detail }])
    })?;
    let told = T::call(asker, asked).await?;
    serde_json::to_value(told).map_err(|e| Error::broken(&e.to_string()))
}

fn describe<T: Tool>() -> rmcp::model::Tool {
    let reads = T::SCOPE == Scope::Read;
    let annotations = ToolAnnotations::new().read_only(reads).destructive(false).idempotent(true).open_world(false);
    // What it says when it says yes, or no.
    let output = json!({ "type": "object", "anyOf": [schema_of::<T::Told>(), problem_schema()] });
    let mut tool = rmcp::model::Tool::new(T::NAME, T::DESCRIPTION, schema_of::<T::Asked>())
        .with_title(T::TITLE)
        .with_annotations(annotations);
    if let Value::Object(output) = output {
        tool = tool.with_raw_output_schema(Arc::new(output));
    }
    tool
}

/// JSON Schema without references, which not every client follows, and without formats, which here would name types of Rust.
fn schema_of<T: JsonSchema>() -> JsonObject {
    let without_format = RecursiveTransform(|schema: &mut Schema| {
        schema.remove("format");
    });
    let settings = SchemaSettings::draft2020_12().with(|s| {
        s.inline_subschemas = true;
        s.meta_schema = None;
    });
    let settings = settings.with_transform(without_format);
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    std::mem::take(schema.ensure_object())
}
