//! The tests, in order: whether anything is served, each vector, generated cases, and the baseline.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use libtest_mimic::{Completion, Failed, Trial};

use super::{
    message::{again, red},
    results::Results,
};
use crate::{divergence::Divergence, suite::CaseReport};

/// The test that told a fingerprint whole.
pub(super) type Told = Arc<Mutex<BTreeMap<String, String>>>;

/// Every test.
pub(super) fn trials(results: &Arc<Results>) -> Vec<Trial> {
    let told = Told::default();
    let trial = |name: &str, run: fn(&Arc<Results>, &Told) -> Result<Completion, Failed>| {
        let (results, told) = (results.clone(), told.clone());
        Trial::ignorable_test(name, move || run(&results, &told))
    };
    let mut trials = vec![trial("smoke", |results, _| {
        results.smoked().map_err(broken)?;
        Ok(Completion::Completed)
    })];
    for (index, of) in results.vectors.iter().enumerate() {
        let (results, told) = (results.clone(), told.clone());
        trials.push(Trial::ignorable_test(&of.id, move || vector(&results, &told, index)));
    }
    trials.push(trial("campaign", campaign));
    trials.push(trial("baseline", baseline));
    trials
}

pub(super) fn vector(results: &Arc<Results>, told: &Told, index: usize) -> Result<Completion, Failed> {
    match results.case(index) {
        CaseReport::Conform => Ok(Completion::Completed),
        CaseReport::Diverge(found) => {
            let text = tell(results, told, &results.vectors[index].id, found);
            if text.is_empty() { Ok(Completion::Completed) } else { Err(text.into()) }
        }
        CaseReport::Unsupported(why) => Ok(Completion::ignored_with(format!("unsupported: {why}"))),
        CaseReport::Rejected(message) => Ok(Completion::ignored_with(format!("rejected: {message}"))),
        CaseReport::Inconclusive(why) => {
            Ok(Completion::ignored_with(why.as_deref().unwrap_or("what was found proves nothing")))
        }
        CaseReport::Broken(why) => Err(broken(why)),
    }
}

pub(super) fn campaign(results: &Arc<Results>, told: &Told) -> Result<Completion, Failed> {
    let searched = results.searched().as_ref().map_err(broken)?;
    let text = tell(results, told, "campaign", &searched.found);
    if text.is_empty() {
        return Ok(Completion::Completed);
    }
    let (asked, seed) = (searched.asked, results.kit.seed);
    Err(format!("{asked} generated cases, seed {seed}, show what no vector does.\n\n{text}").into())
}

pub(super) fn baseline(results: &Arc<Results>, _: &Told) -> Result<Completion, Failed> {
    let baseline = results.baseline.as_ref().map_err(|errors| errors.join("\n"))?;
    if !results.is_usual {
        return Ok(Completion::ignored_with("CORS_CASES or CORS_SEED is set, and only the usual cases can tell"));
    }
    let stale = results.stale(baseline).map_err(broken)?;
    if stale.is_empty() { Ok(Completion::Completed) } else { Err(stale.join("\n").into()) }
}

fn broken(why: impl std::fmt::Display) -> Failed {
    format!("Nothing can be said of CORS, since the simplest policy is not served:\n  {why}").into()
}

/// What is not expected; each kind whole once, and then by the test that told it.
fn tell(results: &Results, told: &Told, test: &str, found: &[Divergence]) -> String {
    let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
    let mut texts = Vec::new();
    for divergence in found.iter().filter(|divergence| !results.expects(divergence)) {
        texts.push(match told.get(&divergence.fingerprint) {
            Some(earlier) if earlier == test => continue,
            Some(earlier) => again(divergence, earlier),
            None => {
                told.insert(divergence.fingerprint.clone(), test.to_owned());
                red(divergence, &results.kit.baseline)
            }
        });
    }
    texts.join("\n")
}
