//! The API's reference, read from its OpenAPI document: what the pages at `/api` show.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::{Map, Value};

/// The OpenAPI document, and the reference that is made of it when somebody looks for the first time.
pub struct Api {
    document: &'static str,
    reference: OnceLock<Reference>,
}

impl Api {
    pub const fn new(document: &'static str) -> Self {
        Self { document, reference: OnceLock::new() }
    }

    pub fn reference(&self) -> &Reference {
        self.reference.get_or_init(|| Reference::of(&serde_json::from_str(self.document).unwrap_or_default()))
    }
}

/// The reference: a section a tag.
pub struct Reference {
    /// How to use the API, a paragraph each.
    pub introduction: Vec<String>,
    pub sections: Vec<Section>,
}

/// The operations of one tag, and the shapes they take and give.
pub struct Section {
    pub title: String,
    /// As it stands in the address.
    pub slug: String,
    pub about: String,
    pub operations: Vec<Operation>,
    /// What every operation can answer besides what it says itself.
    pub general: Vec<Answer>,
    pub shapes: Vec<Shape>,
}

pub struct Operation {
    /// Also its anchor.
    pub id: String,
    pub method: String,
    pub path: String,
    pub summary: String,
    pub description: String,
    pub parameters: Vec<Field>,
    /// Of the JSON that is sent.
    pub body: Option<Kind>,
    pub answers: Vec<Answer>,
}

pub struct Answer {
    pub status: String,
    pub meaning: String,
    pub shape: Option<Kind>,
}

pub struct Shape {
    pub name: String,
    pub about: String,
    pub fields: Vec<Field>,
}

pub struct Field {
    pub name: String,
    /// Where a parameter stands: `path`, `query`, `header`.
    pub place: String,
    pub kind: Kind,
    pub is_required: bool,
    pub about: String,
}

/// What a value is, in words; with the shape it refers to.
pub struct Kind {
    pub words: String,
    pub shape: Option<String>,
}

const SHAPES: &str = "#/components/schemas/";
/// What every operation can answer, said once.
const GENERAL: [&str; 3] = ["401", "429", "503"];

impl Reference {
    /// Reads an OpenAPI document.
    fn of(document: &Value) -> Self {
        let introduction = text(&document["info"], "description").split('\n').map(str::to_owned).collect();
        let sections = list(&document["tags"]).iter().map(|tag| Section::of(document, tag)).collect();
        Self { introduction, sections }
    }

    #[must_use]
    pub fn section(&self, slug: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.slug == slug)
    }
}

impl Section {
    fn of(document: &Value, tag: &Value) -> Self {
        let title = text(tag, "name");
        let mut operations: Vec<Operation> = Vec::new();
        let mut names = BTreeSet::new();
        for (path, item) in entries(&document["paths"]) {
            for (method, operation) in entries(item) {
                if list(&operation["tags"]).iter().any(|t| t.as_str() == Some(&title)) {
                    collect_shapes(document, operation, &mut names);
                    operations.push(Operation::of(method, path, operation));
                }
            }
        }
        let mut general = Vec::new();
        for operation in &mut operations {
            let (shared, own) =
                operation.answers.drain(..).partition(|a: &Answer| GENERAL.contains(&a.status.as_str()));
            (general, operation.answers) = (shared, own);
        }
        let shapes = names.iter().map(|name| Shape::of(name, shape_of(document, name))).collect();
        let slug = title.replace(' ', "-");
        Self { slug, about: text(tag, "description"), operations, general, shapes, title }
    }
}

impl Operation {
    fn of(method: &str, path: &str, operation: &Value) -> Self {
        let parameters = list(&operation["parameters"]).iter().map(|p| Field {
            name: text(p, "name"),
            place: text(p, "in"),
            kind: Kind::of(&p["schema"]),
            is_required: p["required"] == true,
            about: text(p, "description"),
        });
        let answers = entries(&operation["responses"]).map(|(status, answer)| Answer {
            status: status.clone(),
            meaning: text(answer, "description"),
            shape: schema_of(answer).map(Kind::of),
        });
        Self {
            id: text(operation, "operationId"),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: text(operation, "summary"),
            description: text(operation, "description"),
            parameters: parameters.collect(),
            body: schema_of(&operation["requestBody"]).map(Kind::of),
            answers: answers.collect(),
        }
    }
}

impl Shape {
    fn of(name: &str, schema: &Value) -> Self {
        let required = list(&schema["required"]);
        let parts: Vec<&Value> = std::iter::once(schema).chain(list(&schema["allOf"])).collect();
        let fields = parts.iter().flat_map(|part| entries(&part["properties"])).map(|(name, field)| Field {
            name: name.clone(),
            place: String::new(),
            kind: Kind::of(field),
            is_required: required.iter().any(|r| r == name),
            about: text(field, "description"),
        });
        Self { name: name.to_owned(), about: text(schema, "description"), fields: fields.collect() }
    }
}

impl Kind {
    fn of(schema: &Value) -> Self {
        if let Some(name) = schema["$ref"].as_str().and_then(|r| r.strip_prefix(SHAPES)) {
            return Self { words: String::new(), shape: Some(name.to_owned()) };
        }
        if schema["type"] == "array" {
            let item = Self::of(&schema["items"]);
            let words = format!("list of {}", item.words);
            return Self { words: words.trim_end().to_owned(), shape: item.shape };
        }
        let either: Vec<&Value> = list(&schema["oneOf"]).iter().chain(list(&schema["allOf"])).collect();
        if let Some(first) = either.iter().find(|s| s["type"] != "null") {
            return Self::of(first);
        }
        let kinds = match &schema["type"] {
            Value::String(kind) => vec![kind.as_str()],
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => vec!["anything"],
        };
        let words = kinds.join(" or ");
        let words = match schema["format"].as_str() {
            Some(format) if !format.starts_with("int") => format!("{words} ({format})"),
            _ => words,
        };
        Self { words, shape: None }
    }
}

/// The shapes that something refers to, and those that they refer to.
fn collect_shapes(document: &Value, from: &Value, names: &mut BTreeSet<String>) {
    match from {
        Value::Object(fields) => {
            if let Some(name) = fields.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix(SHAPES))
                && names.insert(name.to_owned())
            {
                collect_shapes(document, shape_of(document, name), names);
            }
            fields.values().for_each(|value| collect_shapes(document, value, names));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_shapes(document, item, names)),
        _ => {}
    }
}

fn shape_of<'a>(document: &'a Value, name: &str) -> &'a Value {
    document.pointer(&format!("/components/schemas/{name}")).unwrap_or(&Value::Null)
}

fn schema_of(message: &Value) -> Option<&Value> {
    message["content"].as_object()?.values().next().map(|content| &content["schema"])
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().map(Map::iter).into_iter().flatten()
}
