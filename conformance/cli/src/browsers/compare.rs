//! What a browser did beside what the model says, case by case.

use cors_conformance::judge::{Judgement, judge};
use cors_reference::{
    agent::{Agent, Deviation, STANDARD},
    header_list::HeaderList,
};
use serde::Serialize;

use super::{
    cases::Case,
    server::{Arrived, Record, Seen},
};

/// What a page saw of one visit, and what was sent for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Observed {
    pub(super) verdict: String,
    status: Option<u16>,
    pub(super) readable: Option<Vec<String>>,
    pub(super) preflight_sent: bool,
    acrm: Option<String>,
    acrh: Option<String>,
    pub(super) origins: Vec<Option<String>>,
}

/// How a case compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Agreement {
    /// As the standard says.
    Agree,
    /// Not as the standard says, and as the agent's table has it.
    KnownDeviation,
    /// Neither.
    Disagree,
}

/// One case, compared.
#[derive(Debug, Clone)]
pub(crate) struct Compared {
    pub(crate) id: String,
    pub(crate) agreement: Agreement,
    /// The steps that decide, by the standard.
    pub(crate) reasons: Vec<String>,
    /// The rows of the agent's table without which it would do otherwise; none where only its limits decide, or
    /// where one row would do for another.
    pub(crate) deviations: Vec<Deviation>,
    pub(crate) model: Vec<Observed>,
    pub(crate) browser: Vec<Observed>,
}

/// Compares a case with what was recorded of it.
///
/// # Errors
///
/// A case that lacks an answer that it needs.
pub(crate) fn compare(case: &Case, record: &Record, agent: Agent) -> Result<Compared, String> {
    let judged = |agent| judge(&case.visits, agent).map_err(|error| format!("{}: {error}", case.id));
    let own = judged(agent)?;
    let mut compared = Compared::new(&case.id, &judged(STANDARD)?, &own, record);
    if compared.agreement == Agreement::KnownDeviation {
        // A case decided by several rows, none of which could be left out, names each.
        for row in agent.table {
            if judged(agent.without(row.deviation)).as_ref() != Ok(&own) {
                compared.deviations.push(row.deviation);
            }
        }
    }
    Ok(compared)
}

impl Compared {
    /// What was recorded of a case, beside what the standard and the agent do.
    pub(crate) fn new(id: &str, standard: &[Judgement], own: &[Judgement], record: &Record) -> Self {
        let browser: Vec<Observed> =
            record.seen.iter().zip(&record.arrived).map(|(seen, arrived)| observed(seen, arrived)).collect();
        let model: Vec<Observed> = standard.iter().map(modelled).collect();
        let own: Vec<Observed> = own.iter().map(modelled).collect();
        let agreement = match (model == browser, own == browser) {
            (true, _) => Agreement::Agree,
            (false, true) => Agreement::KnownDeviation,
            (false, false) => Agreement::Disagree,
        };
        let reasons = standard.iter().map(|judgement| judgement.reason.clone()).collect();
        Self { id: id.to_owned(), agreement, reasons, deviations: Vec::new(), model: own, browser }
    }
}

fn observed(seen: &Seen, arrived: &[Arrived]) -> Observed {
    let preflight = arrived.iter().find(|request| request.is_preflight());
    Observed {
        verdict: seen.verdict.clone(),
        status: seen.status,
        readable: seen.readable.clone().map(sorted),
        preflight_sent: preflight.is_some(),
        acrm: preflight.and_then(|preflight| preflight.requested_method.clone()),
        acrh: preflight.and_then(|preflight| preflight.requested_headers.clone()),
        origins: arrived.iter().map(|request| request.origin.clone()).collect(),
    }
}

/// What the model does, as it would be observed.
pub(super) fn modelled(judgement: &Judgement) -> Observed {
    let get = |headers: &HeaderList, name: &str| {
        headers.get(name).map(|value| String::from_utf8_lossy(&value.to_vec()).into_owned())
    };
    let asked = |name| judgement.preflight.as_ref().and_then(|preflight| get(&preflight.headers, name));
    let names = judgement.readable_headers.iter().map(|(name, _)| name.as_str().to_owned());
    Observed {
        verdict: serde_json::to_value(judgement.verdict)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default(),
        status: judgement.status,
        readable: judgement.status.map(|_| sorted(names.collect())),
        preflight_sent: judgement.preflight.is_some(),
        acrm: asked("Access-Control-Request-Method"),
        acrh: asked("Access-Control-Request-Headers"),
        origins: judgement.requests.iter().map(|request| get(&request.headers, "Origin")).collect(),
    }
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort_unstable();
    names.dedup();
    names
}
