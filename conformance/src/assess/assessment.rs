//! The assessment of one recording, and of a stream of recordings.

use std::io::{self, BufRead, Write};

use cors_reference::{request::WireRequest, response::Response};
use serde::Serialize;

use super::{
    findings::{AssessedFinding, Findings},
    hypotheses,
    recording::Recording,
    suspicions,
};
use crate::{
    input::from_json,
    lines::{Summary, stream},
};

/// The output line of one recording.
#[derive(Debug, Serialize)]
struct Assessment {
    findings: Vec<AssessedFinding>,
}

/// Assesses every line of `input`.
///
/// A bad line becomes an error in the output, and the stream continues.
///
/// # Errors
///
/// Returns only errors of reading and writing.
pub fn assess_stream(input: impl BufRead, output: impl Write) -> io::Result<Summary> {
    stream(input, output, |object| {
        let recording: Recording = from_json(&serde_json::Value::Object(object).to_string())?;
        recording.validate()?;
        Ok(Assessment { findings: assess(&recording) })
    })
}

/// Assesses a recording.
///
/// The findings are sorted by exchange; within an exchange, the most severe come first. Each rule has at most one finding
/// per exchange.
pub fn assess(recording: &Recording) -> Vec<AssessedFinding> {
    let exchanges: Vec<(WireRequest, Response)> = recording
        .exchanges
        .iter()
        .map(|recorded| (recorded.request.to_wire(), recorded.response.to_response()))
        .collect();
    let mut findings = Findings::default();
    for (index, (request, response)) in exchanges.iter().enumerate() {
        hypotheses::judge(&recording.policy, index, request, response, &mut findings);
    }
    suspicions::judge(&recording.policy, &exchanges, &mut findings);
    findings.into_sorted()
}
