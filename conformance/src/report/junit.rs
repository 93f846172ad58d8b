//! The report as JUnit XML, for whatever shows test results: a suite a middleware, a test case a vector.
//!
//! A vector is what keeps its name from one run to the next, so that a server of builds tells when it began to fail. What
//! the baseline expects is skipped, as tests that are expected to fail are elsewhere; so is what was not judged, with the
//! reason. There is no time and no identifier of the run in it.

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
/// Those of writing.
pub fn write(report: &Report, program: &str, mut output: impl Write) -> io::Result<()> {
    let mut suites = quick_junit::Report::new("cors-conformance");
    suites.add_test_suites(report.adapters.iter().map(|row| suite(row, program)));
    suites.serialize(&mut output).map_err(io::Error::other)
}

fn suite(row: &AdapterReport, program: &str) -> TestSuite {
    let mut suite = TestSuite::new(xml(&row.name));
    suite.add_property(Property::new("version", xml(&row.version)));
    suite.add_properties(row.ended.iter().map(|ended| Property::new("ended", xml(ended))));
    let mut found: BTreeMap<&str, Vec<&Divergence>> = BTreeMap::new();
    for divergence in &row.divergences {
        found.entry(&divergence.case.id).or_default().push(divergence);
    }
    for case in &row.cases {
        let found = found.remove(case.id.as_str()).unwrap_or_default();
        suite.add_test_case(test_case(row, case, &found, program));
    }
    // Those of a campaign are listed nowhere else.
    for (id, found) in found {
        let case = CaseOutcome { id: id.to_owned(), outcome: Outcome::Diverge, reason: None };
        suite.add_test_case(test_case(row, &case, &found, program));
    }
    suite
}

fn test_case(row: &AdapterReport, case: &CaseOutcome, found: &[&Divergence], program: &str) -> TestCase {
    let why = case.reason.as_deref().unwrap_or("what was found proves nothing");
    let status = match case.outcome {
        Outcome::Conform => TestCaseStatus::success(),
        Outcome::Diverge => diverging(found, &replay::command(program, row, &case.id)),
        Outcome::Unsupported | Outcome::Rejected | Outcome::Inconclusive => {
            let mut skipped = TestCaseStatus::skipped();
            skipped.set_message(xml(&format!("{}: {why}", case.outcome)));
            skipped
        }
        Outcome::Broken => {
            let mut error = TestCaseStatus::non_success(NonSuccessKind::Error);
            error.set_type("broken").set_message(xml(why));
            error
        }
    };
    let mut test_case = TestCase::new(xml(&case.id), status);
    test_case.set_classname(xml(&row.name));
    test_case
}

fn diverging(found: &[&Divergence], replay: &str) -> TestCaseStatus {
    let (known, new): (Vec<&Divergence>, Vec<&Divergence>) = found.iter().partition(|found| found.known);
    let known: Vec<&str> = known.iter().map(|known| known.fingerprint.as_str()).collect();
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

/// A text whose characters all may stand in XML; one that may not is written as an escape, so that nothing is lost.
fn xml(text: &str) -> XmlString {
    let is_none = |c: char| (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    let escaped = text.chars().map(|c| if is_none(c) { c.escape_default().to_string() } else { c.to_string() });
    escaped.collect::<String>().into()
}
