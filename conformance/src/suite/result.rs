//! The report of a run: its middlewares, their cases and divergences.

use std::fmt;

use cors_adapters::Middleware;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::outcome::{CaseReport, Counts};
use crate::{
    case::{outcome::Outcome, selection::Part},
    divergence::Divergence,
    rules::Class,
};

/// The report of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The results of each middleware.
    pub adapters: Vec<AdapterReport>,
}

/// The results of one middleware.
///
/// Its JSON is a row of version 1 of the result file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdapterReport {
    /// The adapter's name.
    pub name: String,
    /// The middleware's version.
    pub version: String,
    /// The language in which a program is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The URL at which a program's issues are reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issues: Option<String>,
    /// The command that runs a program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The part of the suite that ran. Missing if the whole suite ran.
    #[serde(default, skip_serializing_if = "Part::is_whole")]
    pub part: Part,
    /// The numbers of cases by outcome.
    pub counts: Counts,
    /// The outcome of each case. Empty if the cases have no ids, as in a campaign.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<CaseOutcome>,
    /// Every divergence: one for each case, rule and visit.
    pub divergences: Vec<Divergence>,
    /// The reason why the run ended early.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
}

/// The outcome of one case, without its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseOutcome {
    /// The vector's id.
    pub id: String,
    /// The outcome.
    pub outcome: Outcome,
    /// The reason, if rules did not judge the case.
    #[serde(rename = "why", default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A reason why cases were not judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The outcome of the cases. `None` if the run ended early without one.
    pub outcome: Option<Outcome>,
    /// The reason.
    pub reason: String,
}

impl Remark {
    /// Returns true if the harness failed.
    pub fn is_broken(&self) -> bool {
        self.outcome == Some(Outcome::Broken)
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.outcome {
            Some(outcome) => write!(f, "{outcome}: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

impl AdapterReport {
    /// Creates the results of a middleware, without cases.
    pub fn new(middleware: &dyn Middleware) -> Self {
        let description = middleware.describe();
        Self {
            name: description.name.to_owned(),
            version: description.version.to_owned(),
            language: None,
            issues: None,
            command: None,
            part: Part::default(),
            counts: Counts::default(),
            cases: Vec::new(),
            divergences: Vec::new(),
            ended: None,
        }
    }

    /// Adds the result of the case with this id.
    pub fn add(&mut self, id: &str, case: CaseReport) {
        let CaseReport { outcome, reason, divergences } = case;
        self.divergences.extend(divergences);
        self.counts.add(outcome);
        self.cases.push(CaseOutcome { id: id.to_owned(), outcome, reason });
    }

    /// Returns the reasons why cases were not judged, each once, and the reason why the run ended early.
    pub fn remarks(&self) -> Vec<Remark> {
        let ended = self.ended.as_deref().map(|ended| {
            let mut prefixes = Outcome::ALL.into_iter().map(|outcome| (outcome, format!("{outcome}: ")));
            let typed = prefixes.find_map(|(outcome, prefix)| Some((outcome, ended.strip_prefix(&prefix)?)));
            let (outcome, reason) = typed.map_or((None, ended), |(outcome, reason)| (Some(outcome), reason));
            Remark { outcome, reason: reason.to_owned() }
        });
        let mut remarks = Vec::from_iter(ended);
        for CaseOutcome { outcome, reason, .. } in &self.cases {
            let remark = reason.clone().map(|reason| Remark { outcome: Some(*outcome), reason });
            remarks.extend(remark.filter(|remark| !remarks.contains(remark)));
        }
        remarks
    }

    /// Returns the number of cases with a divergence of this class.
    pub fn cases_of(&self, class: Class) -> usize {
        let mut ids: Vec<&str> = self.of(class).map(|divergence| divergence.case.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.len()
    }

    /// Returns the divergences of this class.
    pub fn of(&self, class: Class) -> impl Iterator<Item = &Divergence> {
        self.divergences.iter().filter(move |divergence| divergence.class == class)
    }
}
