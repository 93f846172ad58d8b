//! `assess`: do these recorded exchanges serve this policy? Each is judged for every fetch that could have sent its
//! request, by the rules that the suite has. What an exchange cannot prove is said at low severity.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, Write},
};

use cors_adapters::{Failure, Observation};
use cors_policy::Policy;
use cors_reference::{header::HeaderName, header_list::HeaderList, request::WireRequest, response::Response};
use serde::{Deserialize, Deserializer, Serialize, de};
use url::Url;

use crate::{
    case::script::{Answer, WireText},
    input::{InputError, from_json},
    lines::{Summary, stream},
    rules::{Class, Finding, Rule, Severity},
};

pub mod har;
mod hypotheses;
mod suspicions;

/// A policy, and what a server that is to serve it was asked and answered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// What the server's owner wants.
    pub policy: Policy,
    /// One server's answers, in order.
    pub exchanges: Vec<Recorded>,
}

/// A request and its answer, as they were recorded.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// The request.
    pub request: Asked,
    /// The answer.
    pub response: Answer,
}

/// A request, as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// Its method.
    pub method: String,
    /// Its URL.
    #[serde(deserialize_with = "url")]
    pub url: Url,
    /// Its headers, in order, repeats kept.
    #[serde(default)]
    pub headers: Vec<(HeaderName, WireText)>,
}

fn url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    let text = String::deserialize(deserializer)?;
    Url::parse(&text).map_err(|error| de::Error::custom(format!("`{text}` is no URL: {error}")))
}

/// What a rule found of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessed {
    /// The rule's id.
    pub rule: Box<str>,
    /// The rule's class.
    pub class: Class,
    /// How bad it is.
    pub severity: Severity,
    /// The exchange that shows it, from 0.
    pub exchange: usize,
    /// What happened, in one sentence.
    pub message: String,
    /// The sentence's place.
    pub spec: String,
}

/// What is found of one recording.
#[derive(Debug, Serialize)]
struct Assessment {
    findings: Vec<Assessed>,
}

/// Assesses every line of `input`. A bad line is an error in the output, and the stream goes on.
///
/// # Errors
///
/// Those of reading and writing alone.
pub fn assess_stream(input: impl BufRead, output: impl Write) -> io::Result<Summary> {
    stream(input, output, |object| {
        let recording: Recording = from_json(&serde_json::Value::Object(object).to_string())?;
        recording.validate()?;
        Ok(Assessment { findings: assess(&recording) })
    })
}

/// Whether recorded exchanges serve their policy: the findings by exchange, the worst first, each rule once for an
/// exchange.
pub fn assess(recording: &Recording) -> Vec<Assessed> {
    let exchanges: Vec<(WireRequest, Response)> = recording
        .exchanges
        .iter()
        .map(|recorded| (recorded.request.to_wire(), recorded.response.to_response()))
        .collect();
    let mut found = Found::default();
    for (index, (request, response)) in exchanges.iter().enumerate() {
        hypotheses::judge(&recording.policy, index, request, response, &mut found);
    }
    suspicions::judge(&recording.policy, &exchanges, &mut found);
    found.into_sorted()
}

/// The worst finding of each rule and exchange.
#[derive(Default)]
struct Found(BTreeMap<(usize, &'static str), (Severity, &'static Rule, String)>);

impl Found {
    fn add(&mut self, exchange: usize, rule: &'static Rule, severity: Severity, message: String) {
        let entry = self.0.entry((exchange, rule.id)).or_insert_with(|| (severity, rule, message.clone()));
        if entry.0 < severity {
            *entry = (severity, rule, message);
        }
    }

    fn add_findings(&mut self, exchange: usize, findings: impl IntoIterator<Item = (&'static Rule, Finding)>) {
        for (rule, finding) in findings {
            self.add(exchange, rule, finding.severity, finding.message);
        }
    }

    fn into_sorted(self) -> Vec<Assessed> {
        let assessed = self.0.into_iter().map(|((exchange, _), (severity, rule, message))| Assessed {
            rule: rule.id.into(),
            class: rule.class,
            severity,
            exchange,
            message,
            spec: rule.link.to_owned(),
        });
        let mut assessed: Vec<Assessed> = assessed.collect();
        assessed.sort_by_key(|found| (found.exchange, std::cmp::Reverse(found.severity)));
        assessed
    }
}

impl Recording {
    fn validate(&self) -> Result<(), InputError> {
        if self.exchanges.is_empty() {
            return Err(InputError::of("exchanges", "there is none to assess".to_owned()));
        }
        for (index, recorded) in self.exchanges.iter().enumerate() {
            if !cors_reference::header::is_token(recorded.request.method.as_bytes()) {
                let message = format!("`{}` is no method", recorded.request.method);
                return Err(InputError::of(&format!("exchanges[{index}].request.method"), message));
            }
            if recorded.response.status > 999 {
                let message = format!("{} is no status: 0 to 999", recorded.response.status);
                return Err(InputError::of(&format!("exchanges[{index}].response.status"), message));
            }
        }
        Ok(())
    }
}

impl Asked {
    fn to_wire(&self) -> WireRequest {
        let headers = self.headers.iter();
        let headers: HeaderList = headers
            .map(|(name, text)| (name.clone(), cors_reference::header::HeaderValue::from_wire(&text.0)))
            .collect();
        WireRequest { method: self.method.clone(), url: self.url.clone(), headers, body: None }
    }
}

/// What a server did whose handler nobody counts.
fn observed(response: Response) -> Observation {
    Observation { result: Ok::<Response, Failure>(response), handler_calls: 0 }
}
