//! What a tool says, for programs and in words; a no is the problem document that the API would have answered with.

use std::fmt::Write as _;

use orglink_app::Error;
use orglink_http::Problem;
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Value, json};

/// The answer, and the same as text for clients that read nothing else.
pub(super) fn say_yes(told: Value) -> CallToolResult {
    CallToolResult::structured(told)
}

pub(super) fn say_no(no: &Error) -> CallToolResult {
    let problem = Problem::of(no);
    let mut result = CallToolResult::structured_error(serde_json::to_value(&problem).unwrap_or_default());
    result.content = vec![ContentBlock::text(in_words(&problem))];
    result
}

/// Whole sentences: what, why, and for each reason what helps and who can do it.
fn in_words(problem: &Problem) -> String {
    let mut text = format!("{} ({}). {}", problem.title, problem.code, problem.detail);
    for reason in &problem.reasons {
        // Writing to a text cannot fail.
        let _ = write!(text, "\n- {}: {}", reason.code, reason.detail);
        if let Some(remedy) = &reason.remedy {
            let _ = write!(text, " What helps: {remedy}");
        }
        if let Some(who) = &reason.who {
            let _ = write!(text, " Who can: {who}");
        }
    }
    text
}

/// The shape of a no.
pub(super) fn problem_schema() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "type": "object",
        "title": "Problem",
        "description": "A no, with isError: a problem document (RFC 9457)",
        "required": ["status", "code", "title", "detail", "reasons"],
        "properties": {
            "status": { "type": "integer" },
            "code": { "type": "string", "description": "Stable; texts may change" },
            "title": text,
            "detail": text,
            "reasons": { "type": "array", "items": { "type": "object", "required": ["code", "detail"], "properties": {
                "code": text, "detail": text, "remedy": text, "who": text,
            } } },
        },
    })
}
