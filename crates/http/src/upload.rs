//! A file that a signed-in visitor sends from one of our own pages.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Seek as _, Write as _};

use axum::extract::{FromRequest as _, Multipart, Request};
use orglink_app::Error;

use crate::form::{forged, require_same_origin};
use crate::session::Visitor;
use crate::{AppState, Failure};

/// The file, spooled to disk, and the other fields of the form. The form's token comes before the file.
///
/// It is no extractor: who may send a file at all is asked before a byte of it is read.
pub struct CheckedUpload {
    pub fields: HashMap<String, String>,
    pub name: String,
    pub file: File,
}

/// The longest other field.
const MAX_FIELD: usize = 10_000;

impl CheckedUpload {
    /// Reads what a visitor, who may send it, sends.
    ///
    /// # Errors
    /// When it is not from our own form, or no file, or one longer than `import.max_bytes`.
    pub async fn read(app: &AppState, visitor: &Visitor, request: Request) -> Result<Self, Failure> {
        require_same_origin(app, request.headers())?;
        let bad = |e: &dyn std::fmt::Display| Failure(Error::field("form", e.to_string()));
        // What is no multipart form brought no token back either.
        let form = Multipart::from_request(request, app).await;
        let mut form = form.map_err(|_| Failure(forged()))?;
        let mut fields = HashMap::new();
        let is_ours = |fields: &HashMap<String, String>| {
            fields.get("form_token").is_some_and(|token| visitor.is_form_token(app, token))
        };
        while let Some(mut field) = form.next_field().await.map_err(|e| bad(&e.body_text()))? {
            let Some(name) = field.file_name().map(str::to_owned) else {
                let key = field.name().unwrap_or_default().to_owned();
                let mut text = Vec::new();
                while let Some(chunk) = field.chunk().await.map_err(|e| bad(&e.body_text()))? {
                    text.extend_from_slice(&chunk);
                    if text.len() > MAX_FIELD {
                        return Err(bad(&format!("the field '{key}' is too long")));
                    }
                }
                fields.insert(key, String::from_utf8_lossy(&text).into_owned());
                continue;
            };
            if !is_ours(&fields) {
                return Err(Failure(forged()));
            }
            let broken = |e: std::io::Error| Failure(Error::broken(&e.to_string()));
            let mut file = tempfile::tempfile().map_err(broken)?;
            let mut total = 0_u64;
            while let Some(chunk) = field.chunk().await.map_err(|e| bad(&e.body_text()))? {
                total += chunk.len() as u64;
                if total > app.settings.import.max_bytes {
                    return Err(bad(&format!("more than {total} bytes (import.max_bytes)")));
                }
                file.write_all(&chunk).map_err(broken)?;
            }
            file.rewind().map_err(broken)?;
            if total == 0 {
                return Err(bad(&"choose a file with records"));
            }
            return Ok(Self { fields, name, file });
        }
        if is_ours(&fields) { Err(bad(&"choose a file with records")) } else { Err(Failure(forged())) }
    }
}
