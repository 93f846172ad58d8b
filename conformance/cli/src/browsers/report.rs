//! What the reports of browsers share.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

use serde_json::json;

use super::compare::{Agreement, Compared};

/// Writes each case in which the browser does neither as the standard says nor as its agent; at most `show` of
/// them.
pub(crate) fn write_disagreements<'a>(
    compared: impl Iterator<Item = &'a Compared>,
    show: usize,
    output: &mut impl Write,
) -> io::Result<()> {
    let disagreeing: Vec<_> = compared.filter(|case| case.agreement == Agreement::Disagree).collect();
    for case in disagreeing.iter().take(show) {
        writeln!(output, "\n{}  ({})", case.id, case.reasons.join(", "))?;
        for (model, browser) in case.model.iter().zip(&case.browser).filter(|(model, browser)| model != browser) {
            writeln!(output, "  model    {}", json!(model))?;
            writeln!(output, "  browser  {}", json!(browser))?;
        }
    }
    let hidden = disagreeing.len().saturating_sub(show);
    if hidden > 0 {
        writeln!(output, "\nand {hidden} more: --show {}", disagreeing.len())?;
    }
    Ok(())
}

/// Writes what the browser did, a JSON line a case.
pub(crate) fn record<'a>(path: &Path, version: &str, compared: impl Iterator<Item = &'a Compared>) -> io::Result<()> {
    let named = |error: io::Error| crate::cmd::about(path, &error);
    let mut output = BufWriter::new(File::create(path).map_err(named)?);
    for case in compared {
        writeln!(output, "{}", json!({ "id": case.id, "browser": version, "visits": case.browser }))?;
    }
    output.flush().map_err(named)
}
