//! The report of a run: its middlewares, their cases and divergences.

use cors_adapters::Middleware;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::outcome::{CaseReport, Counts, Outcome};
use crate::{case::selection::Part, divergence::Divergence, rules::Class};

/// A result file, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The version of this format: 1.
    pub schema: u32,
    /// One row a middleware.
    pub adapters: Vec<AdapterReport>,
}

/// What came of one middleware.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AdapterReport {
    /// The adapter's name.
    pub name: String,
    /// The middleware's version.
    pub version: String,
    /// Of a program: the language that it is written in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Of a program: where its issues are reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issues: Option<String>,
    /// Of a program: the command that runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Which part of the suite it ran; not there where that is all of it.
    #[serde(default, skip_serializing_if = "Part::is_whole")]
    pub part: Part,
    /// Its cases by outcome.
    pub counts: Counts,
    /// What came of each case, by id; empty where cases have none, as in a campaign.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<CaseOutcome>,
    /// Every divergence, one a case, rule and visit.
    pub divergences: Vec<Divergence>,
    /// Why no more was tried, where it was given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
}

/// What came of one case, without its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseOutcome {
    /// The vector's id.
    pub id: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Why, where it was not judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl AdapterReport {
    /// A row without any case yet.
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

    /// Counts the case of that id.
    pub fn add(&mut self, id: &str, case: CaseReport) {
        let (outcome, why) = match case {
            CaseReport::Conform => (Outcome::Conform, None),
            CaseReport::Diverge(divergences) => {
                self.divergences.extend(divergences);
                (Outcome::Diverge, None)
            }
            CaseReport::Unsupported(why) => (Outcome::Unsupported, Some(why)),
            CaseReport::Rejected(message) => (Outcome::Rejected, Some(message)),
            CaseReport::Inconclusive(why) => (Outcome::Inconclusive, why),
            CaseReport::Broken(why) => (Outcome::Broken, Some(why)),
        };
        self.counts.add(outcome);
        self.cases.push(CaseOutcome { id: id.to_owned(), outcome, why });
    }

    /// Why cases were unsupported, rejected, inconclusive or broken, each reason once; and why no more was tried.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::from_iter(self.ended.clone());
        for CaseOutcome { outcome, why, .. } in &self.cases {
            let remark = why.as_ref().map(|why| format!("{outcome}: {why}"));
            remarks.extend(remark.filter(|remark| !remarks.contains(remark)));
        }
        remarks
    }

    /// How many cases have a divergence of that class.
    pub fn cases_of(&self, class: Class) -> usize {
        let mut ids: Vec<&str> = self.of(class).map(|divergence| divergence.case.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.len()
    }

    /// The divergences of that class.
    pub fn of(&self, class: Class) -> impl Iterator<Item = &Divergence> {
        self.divergences.iter().filter(move |divergence| divergence.class == class)
    }
}
