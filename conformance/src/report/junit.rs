//! The report as JUnit XML, which every CI reads: a suite a middleware, a test a kind of divergence. What the baseline
//! expects passes, and says so; what is new fails.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as XmlReport, TestCase, TestCaseStatus, TestSuite, XmlString};

use super::{Kinds, exchanges_as_text};
use crate::{
    divergence::Divergence,
    rules::rule,
    suite::{AdapterReport, Report},
};

/// Writes the report.
///
/// # Errors
///
/// Those of writing.
pub fn write(report: &Report, output: impl Write) -> io::Result<()> {
    let mut xml = XmlReport::new("cors-conformance");
    xml.add_test_suites(report.adapters.iter().map(suite));
    xml.serialize(output).map_err(io::Error::other)
}

fn suite(row: &AdapterReport) -> TestSuite {
    let mut suite = TestSuite::new(format!("{} {}", row.name, row.version));
    for (outcome, cases) in row.counts.by_outcome() {
        suite.add_property((outcome, cases.to_string().as_str()));
    }
    let named = |name: &str, status: TestCaseStatus| {
        let mut case = TestCase::new(name, status);
        case.set_classname(row.name.as_str());
        case
    };
    let conform = format!("{} cases conform", row.counts.conform);
    suite.add_test_case(named(&conform, TestCaseStatus::success()));
    for remark in &row.remarks {
        let mut status = match remark.split_once(':') {
            Some(("broken", _)) => TestCaseStatus::non_success(NonSuccessKind::Error),
            _ => TestCaseStatus::skipped(),
        };
        status.set_message(remark.as_str());
        suite.add_test_case(named(remark, status));
    }
    for of_kind in Kinds::of(row).0 {
        suite.add_test_case(named(&of_kind[0].fingerprint, status(&of_kind)));
    }
    suite
}

fn status(of_kind: &[&Divergence]) -> TestCaseStatus {
    let divergence = of_kind[0];
    if divergence.known {
        return TestCaseStatus::success();
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(divergence.severity.to_string());
    status.set_message(divergence.evidence.message.as_str());
    let rule = rule(&divergence.rule);
    let told = rule.map(|rule| format!("{}\n{}\nMend: {}\n{}\n\n", rule.says, rule.why, rule.mend, rule.link));
    let cases: Vec<&str> = of_kind.iter().map(|divergence| divergence.case.id.as_str()).collect();
    let text = format!(
        "{}{}\nCases: {}",
        told.unwrap_or_default(),
        exchanges_as_text(&divergence.evidence.exchanges),
        cases.join(", ")
    );
    status.set_description(XmlString::new(text));
    status
}
