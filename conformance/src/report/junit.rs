//! The report as JUnit XML: one test suite per middleware, one test case per vector.
//!
//! Vectors keep their names between runs, so a build server can show when a test began to fail. A test case is skipped if
//! the baseline expects its divergences, or if the vector was not judged. The report contains no times and no run
//! identifiers, so equal results give equal bytes.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite, XmlString};

use super::{replay, transcript::transcript};
use crate::{
    divergence::Divergence,
    rules::rule,
    suite::{AdapterReport, CaseOutcome, Outcome, Report},
};

/// Writes the report; `program` is the command that runs this program.
///
/// # Errors
///
/// Returns the error of the writer.
pub fn write(report: &Report, program: &str, mut output: impl Write) -> io::Result<()> {
    let mut suites = quick_junit::Report::new("cors-conformance");
    suites.add_test_suites(report.adapters.iter().map(|row| suite(row, program)));
    suites.serialize(&mut output).map_err(io::Error::other)
}

fn suite(row: &AdapterReport, program: &str) -> TestSuite {
    let mut suite = TestSuite::new(xml(&row.name));
    suite.add_property(Property::new("version", xml(&row.version)));
    suite.add_properties(row.ended.iter().map(|ended| Property::new("ended", xml(ended))));
    let mut by_case: BTreeMap<&str, Vec<&Divergence>> = BTreeMap::new();
    for divergence in &row.divergences {
        by_case.entry(&divergence.case.id).or_default().push(divergence);
    }
    for case in &row.cases {
        let divergences = by_case.remove(case.id.as_str()).unwrap_or_default();
        suite.add_test_case(test_case(row, case, &divergences, program));
    }
    // The result of a campaign has divergences but no list of cases.
    for (id, divergences) in by_case {
        let case = CaseOutcome { id: id.to_owned(), outcome: Outcome::Diverge, reason: None };
        suite.add_test_case(test_case(row, &case, &divergences, program));
    }
    suite
}

fn test_case(row: &AdapterReport, case: &CaseOutcome, divergences: &[&Divergence], program: &str) -> TestCase {
    let reason = case.reason.as_deref().unwrap_or("a rule that this one needs has failed");
    let status = match case.outcome {
        Outcome::Conform => TestCaseStatus::success(),
        Outcome::Diverge => diverging_status(divergences, &replay::command(program, row, &case.id)),
        Outcome::Unsupported | Outcome::Rejected | Outcome::Inconclusive => {
            let mut skipped = TestCaseStatus::skipped();
            skipped.set_message(xml(&format!("{}: {reason}", case.outcome)));
            skipped
        }
        Outcome::Broken => {
            let mut error = TestCaseStatus::non_success(NonSuccessKind::Error);
            error.set_type("broken").set_message(xml(reason));
            error
        }
    };
    let mut test_case = TestCase::new(xml(&case.id), status);
    test_case.set_classname(xml(&row.name));
    test_case
}

fn diverging_status(divergences: &[&Divergence], replay: &str) -> TestCaseStatus {
    let (known, new): (Vec<&Divergence>, Vec<&Divergence>) =
        divergences.iter().partition(|divergence| divergence.known);
    let known: Vec<&str> = known.iter().map(|divergence| divergence.fingerprint.as_str()).collect();
    let Some(worst) = new.iter().rev().max_by_key(|new| new.severity) else {
        let mut skipped = TestCaseStatus::skipped();
        skipped.set_message(xml(&format!("in the baseline: {}", known.join(", "))));
        return skipped;
    };
    let mut text = String::new();
    for Divergence { fingerprint, severity, evidence, rule: id, .. } in &new {
        text.push_str(&format!("{severity}  {fingerprint}\n  {}\n", evidence.message));
        if let Some(rule) = rule(id) {
            text.push_str(&format!("  rule: {}\n", rule.requirement));
        }
        text.push_str(&format!("  standard: {}\n", evidence.spec));
    }
    for known in known {
        text.push_str(&format!("in the baseline  {known}\n"));
    }
    text.push_str(&format!("{}  replay: {replay}\n", transcript(&worst.evidence.exchanges)));
    let mut failure = TestCaseStatus::non_success(NonSuccessKind::Failure);
    let message = format!("{} {}: {}", worst.severity, worst.fingerprint, worst.evidence.message);
    failure.set_type(worst.class.to_string()).set_message(xml(&message)).set_description(xml(&text));
    failure
}

/// Returns a text for XML, with an escape for each character that XML does not allow.
fn xml(text: &str) -> XmlString {
    let is_invalid = |c: char| (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    let escaped = text.chars().map(|c| if is_invalid(c) { c.escape_default().to_string() } else { c.to_string() });
    escaped.collect::<String>().into()
}
