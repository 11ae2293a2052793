//! CSV (RFC 4180), for whoever opens it in a spreadsheet.

/// One cell: quoted when it must be; and never a formula to whoever opens it in a spreadsheet.
#[must_use]
pub fn csv_cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = if is_formula { format!("'{text}") } else { text.to_owned() };
    if safe.contains([',', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_cell_is_one_cell_and_no_formula() {
        assert_eq!(super::csv_cell("a"), "a");
        assert_eq!(super::csv_cell("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(super::csv_cell("=1+1"), "'=1+1");
    }
}
