//! Reads the operator's catalog file.

use orglink_domain::catalog::Catalog;

/// Reads a catalog from its TOML text.
///
/// # Errors
/// With line and column, when the text is no catalog.
pub fn read(text: &str) -> Result<Catalog, String> {
    let catalog: Catalog = toml::from_str(text).map_err(|e| e.to_string())?;
    catalog.check_app(&catalog.default_app).map_err(|e| format!("default_app: {e}"))?;
    Ok(catalog)
}
