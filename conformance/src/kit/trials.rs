//! The tests in order: `smoke`, one per vector, `campaign`, `baseline`.

use std::{
    collections::BTreeMap,
    fmt::Display,
    sync::{Arc, Mutex, PoisonError},
};

use libtest_mimic::{Completion, Failed, Trial};

use super::{
    message::{full_message, short_message},
    results::Results,
};
use crate::{
    divergence::Divergence,
    suite::{CaseReport, Outcome},
};

/// For each fingerprint that was reported in full, the test that reported it.
pub(super) type Reported = Arc<Mutex<BTreeMap<String, String>>>;

/// Returns every test.
pub(super) fn trials(results: &Arc<Results>) -> Vec<Trial> {
    let reported = Reported::default();
    let trial = |name: &str, run: fn(&Arc<Results>, &Reported) -> Result<Completion, Failed>| {
        let (results, reported) = (results.clone(), reported.clone());
        Trial::ignorable_test(name, move || run(&results, &reported))
    };
    let mut trials = vec![trial("smoke", |results, _| {
        results.smoke_result().map_err(broken)?;
        Ok(Completion::Completed)
    })];
    for (index, vector) in results.vectors.iter().enumerate() {
        let (results, reported) = (results.clone(), reported.clone());
        trials.push(Trial::ignorable_test(&vector.id, move || vector_trial(&results, &reported, index)));
    }
    trials.push(trial("campaign", campaign_trial));
    trials.push(trial("baseline", baseline_trial));
    trials
}

/// The test of one vector.
pub(super) fn vector_trial(results: &Arc<Results>, reported: &Reported, index: usize) -> Result<Completion, Failed> {
    let CaseReport { outcome, reason, divergences } = results.case(index);
    let reason = reason.as_deref().unwrap_or("a rule that this one needs has failed");
    match outcome {
        Outcome::Conform => Ok(Completion::Completed),
        Outcome::Diverge => {
            let text = unexpected(results, reported, &results.vectors[index].id, divergences);
            if text.is_empty() { Ok(Completion::Completed) } else { Err(text.into()) }
        }
        Outcome::Unsupported | Outcome::Rejected | Outcome::Inconclusive => {
            Ok(Completion::ignored_with(format!("{outcome}: {reason}")))
        }
        Outcome::Broken => Err(broken(reason)),
    }
}

/// The test of the generated cases.
pub(super) fn campaign_trial(results: &Arc<Results>, reported: &Reported) -> Result<Completion, Failed> {
    let search = results.search_result().as_ref().map_err(broken)?;
    let text = unexpected(results, reported, "campaign", &search.divergences);
    if text.is_empty() {
        return Ok(Completion::Completed);
    }
    let (cases, seed) = (search.cases, results.settings.seed);
    Err(format!("{cases} generated cases with seed {seed} show divergences that no vector shows.\n\n{text}").into())
}

/// The test of the baseline's entries.
pub(super) fn baseline_trial(results: &Arc<Results>, _: &Reported) -> Result<Completion, Failed> {
    let baseline = results.baseline.as_ref().map_err(|errors| errors.join("\n"))?;
    if !results.has_default_cases {
        let reason = "CORS_CASES or CORS_SEED is set; only the default cases can check the baseline";
        return Ok(Completion::ignored_with(reason));
    }
    let stale = results.stale_entries(baseline).map_err(broken)?;
    if stale.is_empty() { Ok(Completion::Completed) } else { Err(stale.join("\n").into()) }
}

fn broken(reason: impl Display) -> Failed {
    format!("The simplest policy is not served, so no CORS rule can be checked:\n  {reason}").into()
}

/// Returns the messages of the divergences that the baseline does not expect. A fingerprint is reported in full only once.
fn unexpected(results: &Results, reported: &Reported, test: &str, divergences: &[Divergence]) -> String {
    let mut reported = reported.lock().unwrap_or_else(PoisonError::into_inner);
    let mut messages = Vec::new();
    for divergence in divergences.iter().filter(|divergence| !results.expects(divergence)) {
        messages.push(match reported.get(&divergence.fingerprint) {
            Some(earlier) if earlier == test => continue,
            Some(earlier) => short_message(divergence, earlier),
            None => {
                reported.insert(divergence.fingerprint.clone(), test.to_owned());
                full_message(divergence, &results.settings.baseline)
            }
        });
    }
    messages.join("\n")
}
