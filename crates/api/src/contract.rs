//! What every operation answers beside what it says itself, and what each status means, written once.

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};

/// Statuses, what they mean, and whether every operation may answer them.
const STATUSES: &[(&str, &str, bool)] = &[
    ("200", "What was asked for.", false),
    ("201", "It was made.", false),
    ("202", "It was begun.", false),
    ("204", "It was done; there is nothing to say.", false),
    ("400", "`bad_input`: what was sent cannot be understood; `errors` say what and where.", false),
    ("401", "`signed_out`: no token, or one that has ended.", true),
    ("403", "You may see it and not do this, or the token lacks the scope (`scope_required`).", true),
    ("404", "`not_found`: not there, or not for you to see.", false),
    ("409", "The state of things says no; `code` and `reasons` say what would help.", false),
    ("412", "`version_changed`: somebody was faster; look again.", false),
    ("422", "`idempotency_key_reused`: the key stood for another request.", false),
    ("428", "`version_required`: say which version you mean, `If-Match`.", false),
    ("429", "`rate_limited`: too many requests; `Retry-After` says when to come back.", true),
    (
        "503",
        "`database_unavailable`, `database_read_only` or `storage_full`: nothing was changed; `Retry-After` says when to try again.",
        true,
    ),
];

fn operations(document: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    document.paths.paths.values_mut().flat_map(|item| {
        [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten()
    })
}

/// Adds what holds for every operation, and words for every status.
pub fn complete(document: &mut OpenApi) {
    for operation in operations(document) {
        let is_given_something = operation.request_body.is_some()
            || operation
                .parameters
                .iter()
                .flatten()
                .any(|p| matches!(p, RefOr::T(p) if p.parameter_in == ParameterIn::Query));
        let responses = &mut operation.responses.responses;
        for (status, meaning, is_general) in STATUSES {
            if *is_general || (*status == "400" && is_given_something) {
                responses.entry((*status).to_owned()).or_insert_with(|| RefOr::T(problem()));
            }
            if let Some(RefOr::T(response)) = responses.get_mut(*status) {
                if response.description.is_empty() {
                    (*meaning).clone_into(&mut response.description);
                }
                if matches!(*status, "429" | "503") {
                    let seconds = ObjectBuilder::new().schema_type(Type::Integer).build();
                    let header = HeaderBuilder::new().schema(Some(seconds)).description(Some("Seconds.")).build();
                    response.headers.insert("Retry-After".to_owned(), RefOr::T(header));
                }
            }
        }
    }
}

fn problem() -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().content("application/problem+json", content).build()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    /// Walks the document as it is served.
    #[test]
    fn every_operation_documents_every_way_it_can_say_no() {
        let document = serde_json::to_value(crate::document()).expect("json");
        let mut missing = Vec::new();
        let mut count = 0;
        for (path, item) in document["paths"].as_object().expect("paths") {
            for (method, operation) in item.as_object().expect("methods") {
                count += 1;
                let name = format!("{method} {path}");
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                let has = |key: &str, value: &str| parameters.iter().any(|p| p[key] == value);
                let mut expected = vec!["401", "403", "429", "503"];
                // What you may not see is not there.
                expected.extend(has("in", "path").then_some("404"));
                expected.extend((has("in", "query") || operation["requestBody"] != Value::Null).then_some("400"));
                expected.extend(has("name", "If-Match").then_some(["412", "428"]).into_iter().flatten());
                expected.extend(has("name", "Idempotency-Key").then_some("422"));
                let tag = &operation["tags"][0];
                let is_known = document["tags"].as_array().is_some_and(|tags| tags.iter().any(|t| t["name"] == *tag));
                missing.extend((!is_known).then(|| format!("{name}: tag {tag}")));
                let says = operation["summary"].as_str().unwrap_or_default();
                missing.extend((!says.contains("Scope: `")).then(|| format!("{name}: scope")));
                let responses = operation["responses"].as_object().expect("responses");
                missing
                    .extend(expected.iter().filter(|s| !responses.contains_key(**s)).map(|s| format!("{name}: {s}")));
                for (status, response) in responses {
                    let is_said = response["description"].as_str().is_some_and(|d| !d.is_empty());
                    missing.extend((!is_said).then(|| format!("{name}: words for {status}")));
                    let is_problem = response["content"].as_object().is_some_and(|content| {
                        content.values().all(|c| c["schema"]["$ref"] == "#/components/schemas/Problem")
                    });
                    missing.extend(
                        (status.as_str() >= "400" && !is_problem).then(|| format!("{name}: {status} is a problem")),
                    );
                }
            }
        }
        assert!(count > 50 && missing.is_empty(), "{}", missing.join("\n"));
    }
}
