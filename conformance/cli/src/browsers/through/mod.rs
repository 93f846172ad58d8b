//! A real middleware behind a real socket, in front of a real browser: what the page sees is compared with the
//! model that drives the same middleware in process, and with what the policy says.
//!
//! Requests reach the middleware through the recording server that answers scripted cases too: it passes them on
//! as they arrived and the answers back byte for byte, so that nothing of a framework is in what is recorded.

mod cases;
mod fetches;
mod grants;
pub(crate) mod report;

use std::io;

use cors_adapters::{
    Middleware, NoServer,
    handler::Handler,
    listen,
    reference_server::ReferenceServer,
    registry,
    socket::{FRAMING_HEADERS, Listening},
};
use cors_conformance::self_check::mutants::mutants;
use cors_conformance::{
    case::{Case, PageFetch, Visit},
    drive::{Run, drive_as},
    judge::Judgement,
};
use cors_policy::intent::Intent;
use cors_reference::agent::{Agent, Deviation, STANDARD};

use super::{
    Guide,
    compare::{Agreement, Compared, Observed, modelled},
    server::Record,
    task::{Answers, Task},
};
use cases::{Group, groups};
use grants::{Grant, grants};

/// What came of a group's cases.
pub(crate) struct Row {
    name: &'static str,
    cases: usize,
    outcome: Outcome,
}

/// Whether the cases of a group ran.
enum Outcome {
    Ran(Vec<Ran>),
    /// The adapter cannot say the policy, for this reason.
    Unsupported(String),
    /// The middleware refuses the policy, with this message.
    Rejected(String),
}

/// A case as it ran.
pub(crate) struct Ran {
    case: Case,
    pub(crate) compared: Compared,
    /// Against the policy, and not by a known deviation of the browser.
    grants: Vec<Grant>,
    /// Against the policy, by a known deviation of the browser: the standard's browser would do otherwise.
    by_deviation: Vec<Grant>,
    /// The deviations without which those would not be.
    deviations: Vec<Deviation>,
    /// Whether the standard leaves every fetch open.
    is_open: bool,
}

impl Ran {
    /// Whether the browser disagrees with the model, or the page got more or less than the policy says.
    pub(crate) fn is_finding(&self) -> bool {
        self.compared.agreement == Agreement::Disagree || !self.grants.is_empty()
    }
}

/// The middleware of that name.
///
/// # Errors
///
/// A name that is none, or one without a socket mode; the message names those that have one.
pub(crate) fn middleware(name: &str) -> io::Result<&'static dyn Middleware> {
    let mut all: Vec<&'static dyn Middleware> = registry::middlewares().chain([&ReferenceServer as _]).collect();
    all.retain(|middleware| !matches!(listen(*middleware, None, &Handler::default()), Err(NoServer::NoSocket)));
    let known: Vec<&str> = all.iter().map(|middleware| middleware.describe().name).collect();
    let known = known.join(", ");
    all.extend(mutants().map(|mutant| mutant as &dyn Middleware));
    all.into_iter().find(|middleware| middleware.describe().name == name).ok_or_else(|| {
        let message = format!("--through {name}: nothing of that name can listen; there are {known}, and the mutants");
        io::Error::new(io::ErrorKind::InvalidInput, message)
    })
}

/// Leads the browser through every case whose id is wanted. `progress` is told how many are done, and of how many.
///
/// # Errors
///
/// A browser or a server that fails.
pub(crate) fn run(
    guide: &Guide<'_>,
    middleware: &dyn Middleware,
    is_wanted: impl Fn(&str) -> bool,
    progress: impl Fn(u64, usize),
) -> io::Result<Vec<Row>> {
    let mut groups = groups(guide.servers.world).map_err(io::Error::other)?;
    for group in &mut groups {
        group.cases.retain(|(id, _)| is_wanted(id));
    }
    groups.retain(|group| !group.cases.is_empty());
    // Those that listen stay until the browser is done.
    let listening = groups.iter().map(|group| (group, listen(middleware, Some(&group.policy), &group.handler)));
    let listening: Vec<(&Group, Result<Listening, NoServer>)> = listening.collect();
    let mut tasks = Vec::new();
    for (group, listen) in &listening {
        if let Ok(ready) = listen {
            let answers = Answers::From(ready.address());
            let task =
                |(id, case): &(String, Case)| Task { id: id.clone(), fetches: fetches(case), answers: answers.clone() };
            tasks.extend(group.cases.iter().map(task));
        }
    }
    let mut records = guide.lead(&tasks, |done| progress(done, tasks.len()))?;
    let rows = listening.into_iter().map(|(group, listen)| {
        let outcome = match listen {
            Ok(_) => {
                let ran = group
                    .cases
                    .iter()
                    .filter_map(|(id, case)| Some(compare(id, case, records.remove(id)?, middleware, guide.agent)));
                Outcome::Ran(ran.collect::<io::Result<_>>()?)
            }
            Err(NoServer::Unsupported(why)) => Outcome::Unsupported(why),
            Err(NoServer::Rejected(message)) => Outcome::Rejected(message),
            Err(NoServer::NoSocket) => return Err(io::Error::other("the adapter has no socket mode")),
            Err(NoServer::Broken(error)) => return Err(error),
        };
        Ok(Row { name: group.name, cases: group.cases.len(), outcome })
    });
    rows.collect()
}

fn fetches(case: &Case) -> Vec<PageFetch> {
    let fetch = |visit: &Visit| match visit {
        Visit::Fetch(fetch) => Some(fetch.clone()),
        Visit::Raw(_) => None,
    };
    case.visits.iter().filter_map(fetch).collect()
}

fn compare(id: &str, case: &Case, mut record: Record, middleware: &dyn Middleware, agent: Agent) -> io::Result<Ran> {
    for names in record.seen.iter_mut().filter_map(|seen| seen.readable.as_mut()) {
        names.retain(|name| !FRAMING_HEADERS.contains(&name.as_str()));
    }
    let drive = |agent| {
        drive_as(middleware, case, agent).map_err(|not_run| {
            io::Error::other(format!("{id}: the middleware listens, but cannot be driven: {not_run}"))
        })
    };
    let (standard, own) = (drive(STANDARD)?, drive(agent)?);
    let (of_standard, of_own) = (judgements(&standard), judgements(&own));
    let compared = Compared::new(id, &of_standard, &of_own, &record);
    let against = |observed: &[Observed]| -> Vec<Grant> {
        let fetched = standard.visits.iter().filter_map(|visit| visit.fetched.as_ref());
        fetched.zip(observed).flat_map(|(fetched, observed)| grants(case, fetched, observed)).collect()
    };
    let modelled = |judgements: &[Judgement]| against(&judgements.iter().map(modelled).collect::<Vec<_>>());
    let (by_standard, by_own) = (modelled(&of_standard), modelled(&of_own));
    let is_deviation = |grant: &Grant| by_own.contains(grant) && !by_standard.contains(grant);
    let (by_deviation, grants): (Vec<_>, _) = against(&compared.browser).into_iter().partition(is_deviation);
    let mut deviations = Vec::new();
    for row in agent.table.iter().filter(|_| !by_deviation.is_empty()) {
        if modelled(&judgements(&drive(agent.without(row.deviation))?)) != by_own {
            deviations.push(row.deviation);
        }
    }
    let is_open =
        standard.visits.iter().flat_map(|visit| &visit.fetched).all(|f| matches!(f.intent, Intent::Unspecified(_)));
    Ok(Ran { case: case.clone(), compared, grants, by_deviation, deviations, is_open })
}

/// What the model's browser did, as of scripted cases.
fn judgements(run: &Run<'_>) -> Vec<Judgement> {
    let judgement = |visit: &cors_conformance::drive::VisitRun<'_>| {
        let sent = visit.exchanges.iter().filter_map(|exchange| Some((exchange.kind?, exchange.request.clone())));
        Some(Judgement::new(&visit.fetched.as_ref()?.outcome, &sent.collect::<Vec<_>>()))
    };
    run.visits.iter().filter_map(judgement).collect()
}
