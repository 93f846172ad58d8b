//! The parts that the reports of scripted cases and of middlewares share.

use std::{
    io::{self, BufWriter, Write},
    path::Path,
};

use cors_reference::agent::Agent;
use serde_json::json;

use super::compare::{Agreement, Comparison};
use crate::files;

/// Writes the cases in which the browser follows neither the standard nor its model, at most `show` of them.
pub(crate) fn write_disagreements<'a>(
    comparisons: impl Iterator<Item = &'a Comparison>,
    show: usize,
    output: &mut impl Write,
) -> io::Result<()> {
    let disagreeing: Vec<_> = comparisons.filter(|case| case.agreement == Agreement::Disagree).collect();
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

/// Writes the number of cases that need each deviation of the model, and the source of the deviation.
pub(crate) fn write_deviations(agent: Agent, comparisons: &[Comparison], output: &mut impl Write) -> io::Result<()> {
    let known = || comparisons.iter().filter(|case| case.agreement == Agreement::KnownDeviation);
    if known().next().is_none() {
        return Ok(());
    }
    writeln!(output, "\n{:52}  cases  source", "known deviation")?;
    for row in agent.table {
        let count = known().filter(|case| case.deviations.contains(&row.deviation)).count();
        let name = json!(row.deviation);
        if count > 0 {
            writeln!(output, "{:52}  {count:5}  {}", name.as_str().unwrap_or_default(), row.source)?;
        }
    }
    let limits = known().filter(|case| case.deviations.is_empty()).count();
    if limits > 0 {
        writeln!(output, "{:52}  {limits:5}", "limits of the browser, or several deviations at once")?;
    }
    Ok(())
}

/// Writes what the browser did, one JSON line for each case.
pub(crate) fn record<'a>(
    path: &Path,
    version: &str,
    comparisons: impl Iterator<Item = &'a Comparison>,
) -> io::Result<()> {
    let mut output = BufWriter::new(files::create(path)?);
    for case in comparisons {
        writeln!(output, "{}", json!({ "id": case.id, "browser": version, "visits": case.browser }))?;
    }
    output.flush().map_err(|error| files::with_path(path, &error))
}
