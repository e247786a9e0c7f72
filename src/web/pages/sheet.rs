//! Tables for spreadsheets.

/// Rows as CSV (RFC 4180) in UTF-8 with a mark that spreadsheets know it by.
///
/// A cell that a spreadsheet would take for a formula begins with `'` (OWASP on CSV injection).
pub(super) fn csv(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = String::from("\u{feff}");
    for row in rows {
        let cells: Vec<String> = row.iter().map(|content| cell(content)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

fn cell(content: &str) -> String {
    let formula = content.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || content.starts_with(['\t', '\r', '\n']);
    let safe = if formula { format!("'{content}") } else { content.to_owned() };
    if safe.contains(['"', ',', '\r', '\n', ';', '\t']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_cell_is_a_formula_or_ends_it() {
        for (content, expected) in [
            ("الطلب تأخر", "الطلب تأخر"),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("  +1", "'  +1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1", "'＝1"),
            ("\tx", "\"'\tx\""),
            ("a,\"b\"\n", "\"a,\"\"b\"\"\n\""),
        ] {
            assert_eq!(cell(content), expected);
        }
        assert_eq!(csv([vec!["line".to_owned(), "2".to_owned()]]), "\u{feff}line,2\r\n");
    }
}
