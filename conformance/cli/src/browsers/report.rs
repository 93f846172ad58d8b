//! What the reports of browsers share.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

use cors_reference::agent::Agent;
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

/// Writes how many cases each row of the agent's table decides, and where the row is known from.
pub(crate) fn write_deviations(agent: Agent, compared: &[Compared], output: &mut impl Write) -> io::Result<()> {
    let known = || compared.iter().filter(|case| case.agreement == Agreement::KnownDeviation);
    if known().next().is_none() {
        return Ok(());
    }
    writeln!(output, "\n{:52}  cases  known from", "known deviation")?;
    for row in agent.table {
        let count = known().filter(|case| case.deviations.contains(&row.deviation)).count();
        let name = json!(row.deviation);
        if count > 0 {
            writeln!(output, "{:52}  {count:5}  {}", name.as_str().unwrap_or_default(), row.source)?;
        }
    }
    let limits = known().filter(|case| case.deviations.is_empty()).count();
    if limits > 0 {
        writeln!(output, "{:52}  {limits:5}", "by its limits, or by several rows at once")?;
    }
    Ok(())
}

/// Writes what the browser did, a JSON line a case.
pub(crate) fn record<'a>(path: &Path, version: &str, compared: impl Iterator<Item = &'a Compared>) -> io::Result<()> {
    let named = |error: io::Error| crate::files::with_path(path, &error);
    let mut output = BufWriter::new(File::create(path).map_err(named)?);
    for case in compared {
        writeln!(output, "{}", json!({ "id": case.id, "browser": version, "visits": case.browser }))?;
    }
    output.flush().map_err(named)
}
