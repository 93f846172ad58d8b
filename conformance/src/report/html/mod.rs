//! The report as one self-contained HTML file: a matrix of middlewares that leads to each case.
//!
//! The page consists of the style sheet and the scripts of this folder, and of the result as a block of JSON. No text of a
//! case becomes markup: the scripts insert only text, and the block contains no `<`.

use std::io::{self, Write};

use crate::suite::Report;

mod data;
mod vector;

const STYLE: &str = include_str!("style.css");
/// The scripts. Each uses only earlier ones when it is loaded.
const SCRIPTS: [&str; 5] = [
    include_str!("element.js"),
    include_str!("state.js"),
    include_str!("matrix.js"),
    include_str!("case.js"),
    include_str!("page.js"),
];

/// Writes the report.
///
/// # Errors
///
/// Returns the error of the writer.
pub fn write(report: &Report, mut output: impl Write) -> io::Result<()> {
    // The page loads nothing and sends nothing.
    const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; \
                          form-action 'none'";
    writeln!(
        output,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>CORS conformance</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main id=\"page\"></main>\n\
         <noscript><p>This page needs JavaScript. All scripts are in this file. To read the result without JavaScript, use \
         <code>cors-conformance report FILE --format markdown</code>.</p></noscript>"
    )?;
    write!(output, "<script type=\"application/json\" id=\"result\">")?;
    let json = serde_json::to_string(&data::ResultData::new(report))?;
    output.write_all(escaped(&json).as_bytes())?;
    writeln!(output, "</script>\n<script>\n\"use strict\";")?;
    for script in SCRIPTS {
        output.write_all(script.as_bytes())?;
    }
    writeln!(output, "</script>\n</body>\n</html>")
}

/// Returns JSON without characters that an HTML parser could read as markup.
fn escaped(json: &str) -> String {
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_text_ends_the_json_block() {
        let hostile = serde_json::to_string("</script><!--<script>\u{2028}").unwrap();
        let escaped = super::escaped(&hostile);
        assert_eq!(escaped, r#""\u003c/script>\u003c!--\u003cscript>\u2028""#);
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), "</script><!--<script>\u{2028}");
    }
}
