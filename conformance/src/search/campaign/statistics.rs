//! Statistics of the cases of a campaign: what they contained, and what they never reached.

use std::collections::BTreeMap;

use cors_policy::intent::Intent;
use cors_reference::spec::STEPS;
use serde::{Deserialize, Serialize};

use crate::{
    case::{Case, Visit, near_miss::NearMiss},
    drive::{NotRun, Run},
    rules::{Finding, Rule},
};

/// Numbers of occurrences by name.
pub type Counted = BTreeMap<String, u64>;

/// What the cases contained and how they ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// Cases by whether they ran, or why they did not.
    pub cases: Counted,
    /// Visits by kind of client: `browser`, `raw`, or `none` for a case without visits.
    pub visits: Counted,
    /// Visits by how their origin relates to the policy.
    pub origins: Counted,
    /// Fetches by the intent of the policy.
    pub intents: Counted,
    /// Fetches by the step of the standard that ended them.
    pub steps: Counted,
    /// Findings by the class of their rule.
    pub classes: Counted,
}

fn count(counted: &mut Counted, name: &str, times: u64) {
    match counted.get_mut(name) {
        Some(number) => *number += times,
        None => drop(counted.insert(name.to_owned(), times)),
    }
}

impl Statistics {
    /// Counts a case and its outcome.
    pub fn add(&mut self, case: &Case, run: &Result<Run<'_>, NotRun>) {
        match run {
            Ok(_) => count(&mut self.cases, "ran", 1),
            Err(not_run) => count(&mut self.cases, &not_run.outcome.to_string(), 1),
        }
        if case.visits.is_empty() {
            count(&mut self.visits, "none", 1);
        }
        for visit in &case.visits {
            let (kind, origin) = match visit {
                Visit::Fetch(fetch) => ("browser", Some(fetch.page_origin.serialize().to_owned())),
                Visit::Raw(raw) => {
                    let origin = raw.headers.get("Origin").map(|origin| origin.to_vec());
                    ("raw", origin.map(|origin| String::from_utf8_lossy(&origin).into_owned()))
                }
            };
            count(&mut self.visits, kind, 1);
            count(&mut self.origins, NearMiss::of(origin.as_deref(), &case.policy).name(), 1);
        }
        if let Ok(run) = run {
            self.add_run(run);
        }
    }

    fn add_run(&mut self, run: &Run<'_>) {
        for fetched in run.visits.iter().filter_map(|visit| visit.fetched.as_ref()) {
            let intent = match fetched.intent {
                Intent::Permit => "permit",
                Intent::Deny(_) => "deny",
                Intent::Unspecified(_) => "unspecified",
            };
            count(&mut self.intents, intent, 1);
            count(&mut self.steps, &fetched.outcome.step.reason(), 1);
        }
    }

    /// Counts the findings of a case.
    pub fn add_findings(&mut self, found: &[(&'static Rule, Finding)]) {
        for (rule, _) in found {
            count(&mut self.classes, &rule.class.to_string(), 1);
        }
    }

    /// Adds the numbers of other statistics.
    pub fn merge(&mut self, other: &Self) {
        let Self { cases, visits, origins, intents, steps, classes } = self;
        let pairs = [
            (cases, &other.cases),
            (visits, &other.visits),
            (origins, &other.origins),
            (intents, &other.intents),
            (steps, &other.steps),
            (classes, &other.classes),
        ];
        for (own, others) in pairs {
            others.iter().for_each(|(name, times)| count(own, name, *times));
        }
    }

    /// Returns the steps of the standard that ended no fetch.
    pub fn steps_never_taken(&self) -> impl Iterator<Item = String> {
        STEPS.iter().map(|step| step.reason()).filter(|step| !self.steps.contains_key(step))
    }
}
