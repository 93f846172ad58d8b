//! The report as one HTML file that asks for no other: a matrix of middlewares, and each of its cells down to the case.
//!
//! The page is made of this folder's style sheet and scripts, and of the result as a block of JSON. Nothing of a case ever
//! becomes markup: the scripts write text alone, and the block holds no `<`.

use std::io::{self, Write};

use crate::suite::Report;

mod data;

const STYLE: &str = include_str!("style.css");
/// In the order in which they need one another.
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
/// Those of writing.
pub fn write(report: &Report, mut output: impl Write) -> io::Result<()> {
    // Nothing is fetched, and nothing is sent.
    const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; \
                          form-action 'none'";
    writeln!(
        output,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>CORS conformance</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main id=\"page\"></main>\n\
         <noscript><p>This page needs JavaScript, from this file alone. Without it: \
         <code>cors-conformance report FILE --format markdown</code>.</p></noscript>"
    )?;
    write!(output, "<script type=\"application/json\" id=\"result\">")?;
    let json = serde_json::to_string(&data::Result::of(report))?;
    output.write_all(escaped(&json).as_bytes())?;
    writeln!(output, "</script>\n<script>\n\"use strict\";")?;
    for script in SCRIPTS {
        output.write_all(script.as_bytes())?;
    }
    writeln!(output, "</script>\n</body>\n</html>")
}

/// JSON that no HTML parser takes for markup.
fn escaped(json: &str) -> String {
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_text_of_a_case_ends_the_block_that_it_is_in() {
        let hostile = serde_json::to_string("</script><!--<script>\u{2028}").unwrap();
        let escaped = super::escaped(&hostile);
        assert_eq!(escaped, r#""\u003c/script>\u003c!--\u003cscript>\u2028""#);
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), "</script><!--<script>\u{2028}");
    }
}
